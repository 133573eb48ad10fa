"""
Reading what hangs on one asset: its links, its develop settings, its renditions.

Small renditions exist once the original is in. Big ones are asked for (a write), made a while later, and gone after a
day; until they are there, asking for them is answered with 404. So they are waited for with short questions, further
and further apart, and not for ever: an original that a desktop program never sent has none, whatever one asks.

The surprising case: an answer to HEAD has no body, so a 403 does not tell a token that has expired from a rendition
that may not be read, and a service may not know HEAD for renditions at all (405). Then the picture itself is asked for,
which renews the token where that is due, and thrown away as it comes.
"""

from lrplan.lightroom import refusals, wire
from lrplan.lightroom.call import Call, Reply, target_of
from lrplan.lightroom.reader import Reader
from lrplan.lightroom.session import Session
from lrplan.model.develop import DEVELOP_BYTES_MAX
from lrplan.model.ids import AssetId
from lrplan.model.rendition import AssetDetail, Rendition
from lrplan.ports import Clock, Sink

ASSET = "/v2/catalogs/{catalog_id}/assets/{asset_id}"
DEVELOP = "/v2/catalogs/{catalog_id}/assets/{asset_id}/xmp/develop"
RENDITION = "/v2/catalogs/{catalog_id}/assets/{asset_id}/renditions/{rendition_type}"
XMP = "application/rdf+xml"
JPEG = "image/jpeg"

RENDITION_BYTES_MAX = 2**30  # ours: no JPEG of one photo is larger
POLL_WAITS_S = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 30.0, 30.0)  # ours: two minutes in nine questions


class Pictures:
    """The reading calls about single assets."""

    def __init__(self, session: Session, reader: Reader, clock: Clock) -> None:
        self._session = session
        self._reader = reader
        self._clock = clock

    async def asset(self, asset_id: AssetId) -> AssetDetail | None:
        """One asset with what can be read of it; None when it is not there or may not be read."""
        call = Call(method="GET", route=ASSET, target=await self._target(ASSET, asset_id), may_be_forbidden=True)
        reply = await self._session.send(call, wire.asset_detail_from_wire)
        if not _is_there(call, reply):
            return None
        detail = reply.value
        if not isinstance(detail, AssetDetail) or detail.asset.id != asset_id:
            why = "it answered with another asset, or one without a usable id"
            raise refusals.unknown_answer(call, why, request_id=reply.request_id)
        return detail

    async def develop(self, asset_id: AssetId) -> bytes | None:
        """The develop settings that were uploaded last, as they are; None when there are none."""
        target = await self._target(DEVELOP, asset_id)
        call = Call(
            method="GET",
            route=DEVELOP,
            target=target,
            headers={"Accept": XMP},
            may_be_forbidden=True,
            answer_bytes_max=DEVELOP_BYTES_MAX,
        )
        reply = await self._session.send(call)
        return reply.body if _is_there(call, reply) else None

    async def rendition(self, asset_id: AssetId, kind: Rendition, sink: Sink) -> bool:
        """Download a rendition into *sink*, piece by piece; False when there is none (any more)."""
        call = await self._call("GET", asset_id, kind, sink)
        return _is_there(call, await self._session.send(call))

    async def rendition_ready(self, asset_id: AssetId, kind: Rendition) -> bool:
        """Whether a rendition can be downloaded, asked once."""
        call = await self._call("HEAD", asset_id, kind, None)
        reply = await self._session.send(call)
        if reply.status in (403, 405):
            return await self.rendition(asset_id, kind, _Nowhere())
        return _is_there(call, reply)

    async def await_rendition(self, asset_id: AssetId, kind: Rendition) -> bool:
        """Wait until a rendition that was asked for can be downloaded; False when it was not within two minutes."""
        for wait_s in POLL_WAITS_S:
            if await self.rendition_ready(asset_id, kind):
                return True
            await self._clock.sleep(wait_s)
        return await self.rendition_ready(asset_id, kind)

    async def _call(self, method: str, asset_id: AssetId, kind: Rendition, sink: Sink | None) -> Call:
        return Call(
            method=method,
            route=RENDITION,
            target=await self._target(RENDITION, asset_id, rendition_type=kind.value),
            headers={"Accept": JPEG},
            may_be_forbidden=True,
            sink=sink,
            answer_bytes_max=RENDITION_BYTES_MAX,
        )

    async def _target(self, route: str, asset_id: AssetId, **more: str) -> str:
        return target_of(route, {"catalog_id": await self._reader.catalog_id(), "asset_id": asset_id, **more})


class _Nowhere:
    """A sink that keeps nothing."""

    def begin(self) -> None:
        """Nothing to do."""

    def write(self, chunk: bytes) -> None:
        """Nothing to keep."""


def _is_there(call: Call, reply: Reply) -> bool:
    """Tell a 2xx from what is not there or not ours to read; anything else is a failure."""
    if reply.is_success:
        return True
    if reply.status in (403, 404):
        return False
    raise refusals.refused(call, reply)

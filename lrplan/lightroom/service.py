"""
The Lightroom service behind the ports: one connection pool, one rate gate, both directions.

`connect` opens it for the length of a run; nothing outside this package sees HTTP.
"""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from random import Random

from lrplan.lightroom.connection import Limits, opened, root_of
from lrplan.lightroom.examiner import LightroomExaminer
from lrplan.lightroom.governor import Governor
from lrplan.lightroom.pictures import Pictures
from lrplan.lightroom.reader import Reader
from lrplan.lightroom.session import Session
from lrplan.lightroom.writer import Writer
from lrplan.model.album import Album, Flag
from lrplan.model.asset import Asset
from lrplan.model.ids import AlbumId, AssetId, Sha256
from lrplan.model.rendition import AssetDetail, Rendition
from lrplan.model.snapshot import Account, Catalog
from lrplan.plan.write import Answer, Write
from lrplan.ports import Clock, Credentials, Events, Foreign, MemberListing, Originals, Sink


class LightroomService:
    """Implements the `CatalogService` port over HTTP. Account and catalog are asked for once and kept."""

    def __init__(self, session: Session, originals: Originals, clock: Clock) -> None:
        self._session = session
        self._reader = Reader(session)
        self._pictures = Pictures(session, self._reader, clock)
        self._writer = Writer(session, self._reader, originals)
        self.examiner = LightroomExaminer(session, self._reader)

    @property
    def calls(self) -> int:
        """How many requests were sent so far, retries not counted."""
        return self._session.calls

    async def health(self) -> str:
        """The version of the service, which says that it is up; needs no token. "" where it names none."""
        return await self._reader.health()

    async def account(self) -> Account:
        """Whose token it is; does not judge the entitlement."""
        return await self._reader.account()

    async def catalog(self) -> Catalog:
        """The account's catalog; Failure LRP304 when there is none."""
        return await self._reader.catalog()

    async def albums(self) -> tuple[Album, ...]:
        """Every album and set that the service lists, each once, in the order of their ids."""
        return await self._reader.albums()

    async def collections(self) -> tuple[Album, ...]:
        """The customer's own albums and their sets, each once, in the order of their ids."""
        return await self._reader.collections()

    async def album(self, album_id: AlbumId) -> Album | None:
        """One album; None when it is gone or may not be read."""
        return await self._reader.album(album_id)

    async def holder(self, album_id: AlbumId) -> Album | Foreign | None:
        """What has this id; None when nothing has, or when it is not shown yet."""
        return await self._reader.holder(album_id)

    async def members(self, album_id: AlbumId) -> MemberListing | None:
        """The members of an album in shown order, each once; None when the album is gone."""
        return await self._reader.members(album_id)

    async def members_by_date(self, album_id: AlbumId, *, flag: Flag | None = None) -> MemberListing | None:
        """The members of an album as they were captured, the undated first; a service may hide their order keys."""
        return await self._reader.members_by_date(album_id, flag=flag)

    async def assets_by_id(self, asset_ids: Sequence[AssetId]) -> tuple[Asset, ...]:
        """The assets with these ids, as far as they exist, a hundred a call."""
        return await self._reader.assets_by_id(asset_ids)

    async def assets_by_sha256(self, sha256: Sha256) -> tuple[Asset, ...]:
        """The assets whose original has this hash; may include trashed and incomplete ones."""
        return await self._reader.assets_by_sha256(sha256)

    async def incomplete(self, among: Collection[AssetId] | None = None) -> frozenset[AssetId]:
        """The photos and videos that still wait for their original, the trashed left out."""
        return await self._reader.incomplete(among)

    async def walk(self, *, captured_after: str | None, captured_before: str | None) -> tuple[Asset, ...]:
        """Every asset captured in the window (open where None, then with undated ones), each once."""
        return await self._reader.walk(captured_after=captured_after, captured_before=captured_before)

    async def trash(self) -> tuple[Asset, ...]:
        """Every photo and video in the trash, each once; nothing where the service does not tell."""
        return await self._reader.trash()

    async def changed_since(self, instant: str, *, with_trash: bool = True) -> tuple[Asset, ...]:
        """Every asset that changed then or later, each once; trashed ones where the service tells."""
        return await self._reader.changed_since(instant, with_trash=with_trash)

    async def asset(self, asset_id: AssetId) -> AssetDetail | None:
        """One asset with what can be read of it; None when it is not there or may not be read."""
        return await self._pictures.asset(asset_id)

    async def develop(self, asset_id: AssetId) -> bytes | None:
        """The develop settings (XMP) that were uploaded last; None when there are none."""
        return await self._pictures.develop(asset_id)

    async def rendition(self, asset_id: AssetId, kind: Rendition, sink: Sink) -> bool:
        """Download a rendition into *sink*, piece by piece; False when there is none (any more)."""
        return await self._pictures.rendition(asset_id, kind, sink)

    async def await_rendition(self, asset_id: AssetId, kind: Rendition) -> bool:
        """Wait, a bounded time, until a rendition that was asked for can be downloaded; False when it cannot."""
        return await self._pictures.await_rendition(asset_id, kind)

    async def send(self, write: Write, *, stamp: str) -> Answer:
        """Send one request, with retries where the service asks for them."""
        return await self._writer.send(write, stamp=stamp)

    def halt(self) -> None:
        """Send nothing from now on; calls that wait for their turn raise Failure LRP704."""
        self._session.halt()

    def resume(self) -> None:
        """Send again after a `halt`."""
        self._session.resume()


@asynccontextmanager
async def connect(
    *,
    endpoint: str,
    credentials: Credentials,
    originals: Originals,
    clock: Clock,
    events: Events,
    concurrency: int,
    rate: float,
    governor: Governor | None = None,
    random: Callable[[], float] | None = None,
    limits: Limits | None = None,
) -> AsyncIterator[LightroomService]:
    """Open the service for the length of the context; nothing is sent yet.

    Args:
        endpoint: Scheme, host, port and, if any, a path prefix.
        concurrency: Most calls at a time, at least 1.
        rate: Most calls a second, 0 for no cap.
        governor: The gate to share with other connections of the same API key; *concurrency* and *rate* are its own.
        random: From 0 to 1, for the spread of retries.
        limits: How long to wait for a connection and for the next byte.

    Raises:
        Failure: LRP901 when *endpoint* is not an address.
    """
    root = root_of(endpoint)
    limits = limits or Limits()
    gate = governor or Governor(clock=clock, concurrency=concurrency, rate=rate)
    async with opened(root, limits) as http:
        session = Session(
            http=http,
            endpoint=root,
            credentials=credentials,
            governor=gate,
            clock=clock,
            events=events,
            random=random or Random().random,  # noqa: S311 - it spreads retries, it hides nothing
            limits=limits,
        )
        yield LightroomService(session, originals, clock)

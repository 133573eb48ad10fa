"""
The calls that only `doctor` makes: the sign of life with its clock, and looks at what other calls take for granted.

Every one of them is a documented call. An update that leaves something out of its payload is one too, but no other part
of lrplan sends it: whether the service merges or replaces, the rest is not meant to find out.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import cast

from attrs import evolve

from lrplan.diagnostics import Diagnostic, error
from lrplan.lightroom import payloads, refusals, wire
from lrplan.lightroom.call import JSON, Call, Reply, target_of
from lrplan.lightroom.listing import ASSETS
from lrplan.lightroom.problem import UPGRADE_REQUIRED
from lrplan.lightroom.reader import ALBUM, HEALTH, Reader
from lrplan.lightroom.session import Session
from lrplan.lightroom.window import UNDATED_TOO, Query
from lrplan.model.album import Album, AlbumKind
from lrplan.model.asset import Asset
from lrplan.model.ids import AlbumId
from lrplan.plan.write import Absent, Accepted, Answer, PostAlbum, Refused
from lrplan.ports import Claims, Omission, Pulse, ShownAlbum

_SOME_PHOTOS: Query = {"subtype": "image", "exclude": "incomplete", "limit": 20}  # limit: ours, a few are needed
_KINDS = (AlbumKind.SET, AlbumKind.ALBUM)
_INSTANT = "%Y-%m-%dT%H:%M:%SZ"


class LightroomExaminer:
    """Implements the `Examiner` port over the session of a service."""

    def __init__(self, session: Session, reader: Reader) -> None:
        self._session = session
        self._reader = reader

    async def pulse(self) -> Pulse:
        """Ask whether the service is up; no token is sent."""
        call = Call(method="GET", route=HEALTH, target=HEALTH, needs_token=False, is_judged=False)
        reply = await self._session.send(call)
        date = _instant(reply.date)
        if reply.status in (401, 403):
            return Pulse(date=date, refusal=_key_refused(call, reply))
        if not reply.is_success:
            where = f", to {reply.location}" if reply.location else ""
            words = f": {reply.problem.words}" if reply.problem is not None and not where else where
            why = f"it answered {reply.status}{words}"
            raise refusals.unknown_answer(call, why, request_id=reply.request_id)
        try:
            version = wire.version_from_wire(reply.body)
        except wire.NotJson:
            why = f"it answered {reply.status} with something that is not JSON"
            raise refusals.unknown_answer(call, why, request_id=reply.request_id) from None
        return Pulse(version=self._session.cleaned(version)[:100], date=date)

    async def claims(self) -> Claims | None:
        """What is known of the access token; None for one that says nothing. Failure LRP301 without a token."""
        claims = wire.claims_of(await self._session.credentials.access_token())
        credentials = self._session.credentials
        if claims is None and not credentials.expires_at:
            return None
        told = evolve(claims or Claims(), renews=credentials.renews)
        if told.expires_at is not None or not credentials.expires_at:
            return told
        ends = datetime.fromisoformat(credentials.expires_at).astimezone(UTC).strftime(_INSTANT)
        return evolve(told, expires_at=ends)

    async def some_photos(self, most: int) -> tuple[Asset, ...]:
        """The first few photos of the catalog that a listing shows, neither trashed nor incomplete, in two calls."""
        found = await self._first_page({})
        if not found:
            found = await self._first_page({"captured_after": UNDATED_TOO})
        return tuple(found[:most])

    async def listed_kinds(self, separator: str, wanted: Sequence[AlbumId]) -> frozenset[AlbumKind] | None:
        """Ask for sets and albums in one listing; the kinds of the *wanted* ones that it shows, None if refused."""
        listed = await self._reader.albums_of_subtype(separator.join(wire.SUBTYPES[kind] for kind in _KINDS))
        if listed is None:
            return None
        return frozenset(album.kind for album in listed if album.id in wanted)

    async def shown_album(self, album_id: AlbumId) -> ShownAlbum | None:
        """One album as the service shows it now; None when it is gone."""
        ids = {"catalog_id": await self._reader.catalog_id(), "album_id": album_id}
        call = Call(method="GET", route=ALBUM, target=target_of(ALBUM, ids), may_be_forbidden=True)
        reply = await self._session.send(call, wire.album_from_wire)
        if reply.status in (403, 404):
            return None
        if not reply.is_success:
            raise refusals.refused(call, reply)
        if not isinstance(reply.value, Album) or reply.value.id != album_id:
            raise refusals.unknown_answer(call, "it answered with another album", request_id=reply.request_id)
        return ShownAlbum(album=reply.value, updated=wire.updated_from_wire(reply.body))

    async def update_without(self, album: Album, omission: Omission, *, name: str, stamp: str) -> Answer:
        """Rename an album, with its payload as in *album* less what *omission* names; the name tells when it shows."""
        body = payloads.updated_album(PostAlbum(current=album, name=name), stamp=stamp)
        _omit(cast("payloads.Json", body["payload"]), omission)
        ids = {"catalog_id": await self._reader.catalog_id(), "album_id": album.id}
        target = target_of(ALBUM, ids)
        headers = {"Content-Type": JSON}
        call = Call(method="POST", route=ALBUM, target=target, headers=headers, body=wire.body_of(body))
        reply = await self._session.send(call)
        if reply.is_success:
            return Accepted(request_id=reply.request_id)
        if reply.status == 404:
            return Absent(request_id=reply.request_id)
        words = reply.problem.words if reply.problem else "no reason given"
        return Refused(status=reply.status, why=words, request_id=reply.request_id)

    async def _first_page(self, query: Query) -> list[Asset]:
        ids = {"catalog_id": await self._reader.catalog_id()}
        target = target_of(ASSETS, ids, {**query, **_SOME_PHOTOS})
        call = Call(method="GET", route=ASSETS, target=target)
        reply = await self._session.send(call, wire.assets_from_wire)
        if not reply.is_success:
            raise refusals.refused(call, reply)
        page = cast("wire.Page[Asset]", reply.value)
        photos = {asset.id: asset for asset in page.rows if asset.subtype == "image"}
        return list(photos.values())


def _omit(payload: payloads.Json, omission: Omission) -> None:
    match omission:
        case Omission.SERVICE_PAYLOAD:
            info = payload.get("publishInfo")
            if isinstance(info, dict):
                info.pop("servicePayload", None)
        case Omission.PUBLISH_INFO:
            payload.pop("publishInfo", None)
        case Omission.PARENT:
            payload.pop("parent", None)
        case Omission.PARENT_EMPTY:
            payload["parent"] = {}
        case Omission.PARENT_NULL:
            payload["parent"] = None


def _instant(date: str | None) -> str | None:
    """A `Date` header (RFC 9110 §6.6.1) as a UTC instant; None for anything else."""
    try:
        told = parsedate_to_datetime(date or "")
    except ValueError:
        return None
    told = told.replace(tzinfo=UTC) if told.tzinfo is None else told
    try:
        return told.astimezone(UTC).strftime(_INSTANT)
    except (OverflowError, ValueError):
        return None


def _key_refused(call: Call, reply: Reply) -> Diagnostic:
    """The health check needs nothing but the API key, so a 401 or 403 is about that, or about this release."""
    if reply.problem is not None and reply.problem.code == UPGRADE_REQUIRED:
        return refusals.outdated(call, reply).diagnostics[0]
    words = reply.problem.words if reply.problem is not None else "no reason given"
    hint = "check LRPLAN_API_KEY against the client id in the Adobe Developer Console, without spaces around it"
    why = f"{call.name}: it answered {reply.status}: {words}."
    return error("LRP302", "the service refused the API key", why=why, hint=hint)

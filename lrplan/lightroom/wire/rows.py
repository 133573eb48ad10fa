"""
From the service's rows to lrplan's nouns, and requests to text.

The surprising case: a row without a usable id is left out of a list of albums or assets, but a member whose photo
cannot be told is an error. An album that looks smaller than it is would be replaced by a smaller one.
"""

import re
from collections.abc import Mapping
from typing import Generic, TypeVar

import msgspec
from attrs import frozen
from msgspec import Raw, Struct

from lrplan.lightroom.wire import shapes
from lrplan.lightroom.wire.existing import number_of, says_exists
from lrplan.lightroom.wire.numbers import whole_number
from lrplan.lightroom.wire.text import NotJson, lenient, read, tree
from lrplan.model.album import NO_PAYLOAD, Album, AlbumKind, MemberInfo, Opaque, PublishInfo
from lrplan.model.asset import UNKNOWN_DATE, Asset
from lrplan.model.ids import AccountId, AlbumId, AssetId, CatalogId, ServiceId, Sha256
from lrplan.model.rendition import AssetDetail, Rendition
from lrplan.model.snapshot import Account, Catalog

KINDS: Mapping[str, AlbumKind] = {
    "project": AlbumKind.ALBUM,
    "project_set": AlbumKind.SET,
    "collection": AlbumKind.COLLECTION,
    "collection_set": AlbumKind.COLLECTION_SET,
}
SUBTYPES: Mapping[AlbumKind, str] = {kind: subtype for subtype, kind in KINDS.items()}

_IS_HEX_32 = re.compile(r"[a-f0-9]{32}").fullmatch
_IS_HEX_64 = re.compile(r"[A-Fa-f0-9]{64}").fullmatch
_RENDITION = "/rels/rendition_type/"
_PLACE_KEYS = frozenset({"order", "cover", "userCreated", "userUpdated"})  # what a plain member carries

R = TypeVar("R")


class NoRows(ValueError):  # noqa: N818 - it says what the body lacks
    """A body that should be a listing has no list of rows; it must not pass for an empty one."""


class NoPhoto(ValueError):  # noqa: N818 - it says what the row lacks
    """A member row does not say which photo it is."""


@frozen(kw_only=True)
class Page(Generic[R]):
    """One page of a listing: its rows, and the links as they were sent (None where absent)."""

    rows: tuple[R, ...]
    base: str | None = None
    next: str | None = None
    prev: str | None = None


class MemberRow(Struct, frozen=True, kw_only=True):
    """One member of an album as listed. *asset* is None when the listing did not embed it."""

    asset_id: AssetId
    order: str | None = None
    cover: bool = False
    info: MemberInfo | None = None
    asset: Asset | None = None
    created: str = ""


@frozen(kw_only=True)
class MemberProblem:
    """What the service says of one photo that it did not add.

    Attributes:
        asset_id: "" where it does not say which.
        code: The service's number, 0 where it gives none.
        exists: The photo is a member already.
        words: Why it was not added; "" where it gives no reason.
    """

    asset_id: str
    code: int
    exists: bool
    words: str


def version_from_wire(body: bytes) -> str:
    """The version that the health check answers with; "" without one. Raises `NotJson`."""
    return read(body, shapes.WireHealth).version or ""


def account_from_wire(body: bytes) -> Account | None:
    """Whose token it is; None without a usable id. Raises `NotJson`."""
    row = read(body, shapes.WireAccount)
    account_id = _hex_32(row.id)
    if account_id is None:
        return None
    name = row.full_name or " ".join(part for part in (row.first_name, row.last_name) if part)
    return Account(
        id=AccountId(account_id),
        name=name,
        status=row.entitlement.status or "",
        storage_used_bytes=whole_number(row.entitlement.storage.used),
        storage_limit_bytes=whole_number(row.entitlement.storage.limit),
    )


def catalog_from_wire(body: bytes) -> Catalog | None:
    """The account's catalog; None without a usable id. Raises `NotJson`."""
    row = read(body, shapes.WireCatalog)
    catalog_id = _hex_32(row.id)
    return Catalog(id=CatalogId(catalog_id), name=row.payload.name or "") if catalog_id else None


def album_from_wire(body: bytes) -> Album | None:
    """One album; None without a usable id. Raises `NotJson`."""
    return _album(read(body, shapes.WireAlbumRow))


def updated_from_wire(body: bytes) -> str:
    """When the service says that it updated what *body* holds; "" where it does not say."""
    return _text((tree(body) or {}).get("updated")) or ""


def albums_from_wire(body: bytes) -> Page[Album]:
    """A page of albums; rows without a usable id are left out. Raises `NotJson`, `NoRows`."""
    page = read(body, shapes.WireAlbumPage)
    rows = tuple(album for row in _listed(page.resources) if (album := _album(row)) is not None)
    return Page(rows=rows, base=page.base, next=page.links.next.href, prev=page.links.prev.href)


def assets_from_wire(body: bytes) -> Page[Asset]:
    """A page of assets; rows without a usable id are left out. Raises `NotJson`, `NoRows`."""
    page = read(body, shapes.WireAssetPage)
    rows = tuple(asset for row in _listed(page.resources) if (asset := _asset(row)) is not None)
    return Page(rows=rows, base=page.base, next=page.links.next.href, prev=page.links.prev.href)


def asset_detail_from_wire(body: bytes) -> AssetDetail | None:
    """One asset with its links; None without a usable id. Raises `NotJson`."""
    row = read(body, shapes.WireAssetRow)
    asset = _asset(row)
    if asset is None:
        return None
    known = {kind.value: kind for kind in Rendition}
    renditions = {
        known[name.removeprefix(_RENDITION)]: _is_valid(raw)
        for name, raw in row.links.items()
        if name.startswith(_RENDITION) and name.removeprefix(_RENDITION) in known
    }
    develop = row.links.get("/rels/xmp/develop")
    return AssetDetail(asset=asset, renditions=renditions, has_develop=develop is not None and _is_valid(develop))


def members_from_wire(body: bytes) -> Page[MemberRow]:
    """A page of members. Raises `NotJson`, `NoRows`, and `NoPhoto` for a row that does not say which photo it is."""
    page = read(body, shapes.WireMemberPage)
    return Page(
        rows=tuple(map(_member, _listed(page.resources))),
        base=page.base,
        next=page.links.next.href,
        prev=page.links.prev.href,
    )


def member_problems(body: bytes) -> tuple[MemberProblem, ...]:
    """The photos that were refused, one by one; empty when the body says nothing of the kind. Raises `NotJson`."""
    found = []
    for row in read(body, shapes.WireMemberAnswer).errors:
        words = [row.description or "", *(f"{key} {_flat(value)}" for key, value in row.errors.items())]
        problem = MemberProblem(
            asset_id=row.id or "",
            code=number_of(row.code),
            exists=says_exists(code=row.code, subtype=row.subtype, errors=row.errors),
            words=": ".join(filter(None, words)) or row.subtype or "",
        )
        found.append(problem)
    return tuple(found)


def existing_asset(body: bytes) -> AssetId | None:
    """The asset that a 412 names as the holder of the original, if it names exactly one; None for any other body."""
    try:
        answer = read(body, shapes.WireExisting)
    except NotJson:
        return None
    ids = {row.id for row in answer.resources} or {answer.id}
    only = _hex_32(ids.pop()) if len(ids) == 1 else None
    return AssetId(only) if only else None


def payload_of(raw: Opaque) -> dict[str, object]:
    """The keys of a payload as read; empty for anything that is not an object."""
    return tree(raw.encode("utf-8", "replace")) or {}


def body_of(value: Mapping[str, object]) -> bytes:
    """The JSON text of a request."""
    return msgspec.json.encode(value)


def _listed(rows: list[R] | None) -> list[R]:
    if rows is None:
        raise NoRows("it answered a listing without a list of rows")
    return rows


def _asset(row: shapes.WireAssetRow) -> Asset | None:
    asset_id = _hex_32(row.id)
    if asset_id is None:
        return None
    payload = row.payload or shapes.WireAssetPayload()
    source = payload.import_source
    sha256 = source.sha256 or ""
    return Asset(
        id=AssetId(asset_id),
        subtype=row.subtype or "image",
        file_name=source.file_name or "",
        capture_date=payload.capture_date or UNKNOWN_DATE,
        sha256=Sha256(sha256.lower()) if _IS_HEX_64(sha256) else None,
        imported_on=source.imported_on_device or "",
        size_bytes=source.file_size,
    )


def _is_valid(raw: Raw) -> bool:
    """Whether what a link leads to is there and not stale; `invalid` was seen as a boolean and as a text."""
    link = lenient(bytes(raw), shapes.WireMarkedLink)
    return link.href is not None and str(link.invalid or "").lower() not in ("true", "1")


def _album(row: shapes.WireAlbumRow) -> Album | None:
    album_id = _hex_32(row.id)
    if album_id is None:
        return None
    raw = bytes(row.payload)
    payload = lenient(raw, shapes.WireAlbumPayload)
    parent, cover = _hex_32(payload.parent.id), _hex_32(payload.cover.id)
    return Album(
        id=AlbumId(album_id),
        kind=KINDS.get(row.subtype or "", AlbumKind.OTHER),
        service_id=ServiceId(row.service_id) if row.service_id else None,
        name=payload.name or "",
        parent=AlbumId(parent) if parent else None,
        cover=AssetId(cover) if cover else None,
        publish_info=_publish_info(payload.publish_info),
        raw=_opaque(raw),
    )


def _publish_info(info: shapes.WirePublishInfo | None) -> PublishInfo | None:
    if info is None:
        return None
    return PublishInfo(
        remote_id=info.remote_id,
        view=info.remote_links.view.href,
        edit=info.remote_links.edit.href,
        service_payload=info.service_payload,
        deleted=info.deleted,
        version=info.version,
        created=info.created,
        updated=info.updated,
    )


def _member(row: shapes.WireMemberRow) -> MemberRow:
    # The row's own id is that of the membership. Without an embedded asset the photo's id stands in the row's address.
    asset = _asset(row.asset)
    asset_id = asset.id if asset else _hex_32((row.links.own.href or "").partition("?")[0].rpartition("/")[2])
    if asset_id is None:
        raise NoPhoto("it listed a member without the id of its photo")
    raw = bytes(row.payload)
    payload = tree(raw) or {}
    order, info = payload.get("order"), None
    if not payload.keys() <= _PLACE_KEYS:
        published = payload.get("publishInfo")
        known = published if isinstance(published, dict) else {}
        info = MemberInfo(
            remote_id=_text(known.get("remoteId")),
            service_payload=_text(known.get("servicePayload")),
            raw=_opaque(raw),
        )
    return MemberRow(
        asset_id=AssetId(asset_id),
        order=order if isinstance(order, str) and order else None,
        cover=payload.get("cover") is True,
        info=info,
        asset=asset if row.asset.payload is not None else None,
        created=row.asset.created or "",
    )


def _opaque(raw: bytes) -> Opaque:
    return Opaque(raw.decode("utf-8", "replace")) if raw.startswith(b"{") else NO_PAYLOAD


def _hex_32(text: str | None) -> str | None:
    return text if text is not None and _IS_HEX_32(text) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _flat(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

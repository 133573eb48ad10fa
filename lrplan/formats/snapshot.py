"""
The snapshot file, format 1.0: a whole catalog and what is remembered, as canonical JSON, and back without loss.

It holds texts of the customer's catalog, and no credentials. The surprising case: what an album's payload holds is kept
as the text that the service sent, since a text that was taken apart and put together again is another one.
"""

import msgspec

from lrplan.formats.bindings import Layout, PublishInfoLayout, publish_info_from_layout, publish_info_to_layout
from lrplan.formats.canonical import damaged, indented, read_versioned
from lrplan.formats.checksum import is_intact, with_checksum
from lrplan.formats.state import StateLayout, state_from_layout, state_to_layout
from lrplan.model.album import NO_PAYLOAD, Album, AlbumKind, MemberInfo, Membership, Opaque
from lrplan.model.asset import UNKNOWN_DATE, Asset
from lrplan.model.ids import AccountId, AlbumId, AssetId, CatalogId, ServiceId, Sha256
from lrplan.model.snapshot import Account, Catalog, Snapshot
from lrplan.model.taken import Taken

SNAPSHOT_FORMAT = "1.0"


class AccountLayout(Layout, frozen=True, kw_only=True):
    """Whose catalog it is. Storage in bytes; absent where the service does not say."""

    id: AccountId
    name: str
    status: str
    storage_used: int | None = None
    storage_limit: int | None = None


class CatalogLayout(Layout, frozen=True, kw_only=True):
    """The one catalog of the account."""

    id: CatalogId
    name: str


class MemberInfoLayout(Layout, frozen=True, kw_only=True):
    """What an album knows of a member beyond its place; `payload` is JSON as the service sent it."""

    remote_id: str | None = None
    service_payload: str | None = None
    payload: str = NO_PAYLOAD


class ListedLayout(Layout, frozen=True, kw_only=True):
    """The members of an album in shown order, and beside them, as many, their order keys."""

    assets: tuple[AssetId, ...]
    orders: tuple[str | None, ...]
    infos: dict[AssetId, MemberInfoLayout] = msgspec.field(default_factory=dict)
    cover: AssetId | None = None


class AlbumLayout(Layout, frozen=True, kw_only=True):
    """An album or a set; `payload` is JSON as the service sent it, `members` are absent where nobody looked."""

    id: AlbumId
    kind: AlbumKind
    name: str
    service_id: ServiceId | None = None
    parent: AlbumId | None = None
    cover: AssetId | None = None
    publish_info: PublishInfoLayout | None = None
    payload: str = NO_PAYLOAD
    members: ListedLayout | None = None


class AssetLayout(Layout, frozen=True, kw_only=True):
    """A photo or a video. `aside`: no walk through the catalog shows it."""

    id: AssetId
    subtype: str = "image"
    file_name: str = ""
    capture_date: str = UNKNOWN_DATE
    sha256: Sha256 | None = None
    imported_on: str = ""
    size_bytes: int | None = None
    aside: bool = False


class TakenCallsLayout(Layout, frozen=True, kw_only=True):
    """Requests that were made to take it, and of these to list the albums."""

    total: int
    albums: int


class SnapshotLayout(Layout, frozen=True, kw_only=True):
    """A snapshot of lrplan: a live catalog at one instant, and what was remembered then.

    `waiting` are the assets whose original had not arrived. `findsTrash`, `findsUndated`: a look-up by hash finds what
    lies in the trash, or has no date. `state` is what the state file held, with unfinished runs; absent where nothing
    was remembered.
    """

    format_version: str
    lrplan_version: str
    read_at: str
    project: str
    account: AccountLayout
    catalog: CatalogLayout
    service_id: ServiceId
    checksum: str
    calls: TakenCallsLayout
    seconds: float
    albums: tuple[AlbumLayout, ...]
    assets: tuple[AssetLayout, ...]
    waiting: tuple[AssetId, ...]
    finds_trash: bool
    finds_undated: bool
    state: StateLayout | None = None


class _Marks(msgspec.Struct, rename="camel"):
    format_version: str
    lrplan_version: str
    read_at: str
    catalog: msgspec.Raw


def encode_snapshot(taken: Taken, *, version: str) -> bytes:
    """*taken* as the bytes of its file; *version* is that of the lrplan that writes it."""
    snapshot = taken.snapshot
    account = snapshot.account
    layout = SnapshotLayout(
        format_version=SNAPSHOT_FORMAT,
        lrplan_version=version,
        read_at=snapshot.read_at,
        project=taken.project,
        account=AccountLayout(
            id=account.id,
            name=account.name,
            status=account.status,
            storage_used=account.storage_used_bytes,
            storage_limit=account.storage_limit_bytes,
        ),
        catalog=CatalogLayout(id=snapshot.catalog.id, name=snapshot.catalog.name),
        service_id=snapshot.service_id,
        checksum="",
        calls=TakenCallsLayout(total=snapshot.calls, albums=snapshot.album_calls),
        seconds=snapshot.seconds,
        albums=tuple(
            _album_to_layout(snapshot.albums[one], snapshot.members.get(one)) for one in sorted(snapshot.albums)
        ),
        assets=tuple(
            _asset_to_layout(snapshot.assets[one], aside=one in taken.aside) for one in sorted(snapshot.assets)
        ),
        waiting=tuple(sorted(snapshot.incomplete or ())),
        finds_trash=taken.finds_trash,
        finds_undated=taken.finds_undated,
        state=None if taken.state is None else state_to_layout(taken.state),
    )
    return with_checksum(indented(layout))


def is_snapshot_file(content: bytes) -> bool:
    """Whether lrplan wrote *content* as a snapshot; also of one that was edited, or that a newer version wrote."""
    try:
        msgspec.json.decode(content, type=_Marks)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def decode_snapshot(content: bytes, *, file: str) -> Taken:
    """The catalog that *content* holds.

    Args:
        file: The name of the file, for messages.

    Raises:
        Failure: LRP106, it is no snapshot, or damaged; LRP107, it was written by a newer lrplan.
    """
    if not is_snapshot_file(content):
        raise damaged("snapshot", file, "it is no snapshot that lrplan wrote, or was cut")
    layout = read_versioned(content, SnapshotLayout, known=(SNAPSHOT_FORMAT,), what="snapshot", file=file)
    if not is_intact(content, layout.checksum):
        raise damaged("snapshot", file, "its checksum is not that of what it holds; it was edited")
    try:
        return _taken(layout)
    except ValueError as problem:
        raise damaged("snapshot", file, str(problem)) from None


def snapshot_schema() -> bytes:
    """The JSON Schema (2020-12) of the snapshot file, as published in docs/reference/snapshot.schema.json."""
    schema = msgspec.json.schema(SnapshotLayout)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = f"lrplan snapshot, format {SNAPSHOT_FORMAT}"
    return indented(schema)


def _taken(layout: SnapshotLayout) -> Taken:
    account = layout.account
    snapshot = Snapshot(
        account=Account(
            id=account.id,
            name=account.name,
            status=account.status,
            storage_used_bytes=account.storage_used,
            storage_limit_bytes=account.storage_limit,
        ),
        catalog=Catalog(id=layout.catalog.id, name=layout.catalog.name),
        service_id=layout.service_id,
        albums={one.id: _album(one) for one in layout.albums},
        members={one.id: _membership(one.members) for one in layout.albums if one.members is not None},
        assets={one.id: _asset(one) for one in layout.assets},
        incomplete=frozenset(layout.waiting),
        walked=True,
        read_at=layout.read_at,
        calls=layout.calls.total,
        album_calls=layout.calls.albums,
        seconds=layout.seconds,
    )
    return Taken(
        project=layout.project,
        snapshot=snapshot,
        aside=frozenset(one.id for one in layout.assets if one.aside),
        finds_trash=layout.finds_trash,
        finds_undated=layout.finds_undated,
        state=None if layout.state is None else state_from_layout(layout.state),
    )


def _album_to_layout(album: Album, members: Membership | None) -> AlbumLayout:
    return AlbumLayout(
        id=album.id,
        kind=album.kind,
        name=album.name,
        service_id=album.service_id,
        parent=album.parent,
        cover=album.cover,
        publish_info=publish_info_to_layout(album.publish_info),
        payload=album.raw,
        members=None if members is None else _listed(members),
    )


def _listed(members: Membership) -> ListedLayout:
    infos = {
        asset_id: MemberInfoLayout(remote_id=info.remote_id, service_payload=info.service_payload, payload=info.raw)
        for asset_id, info in members.infos.items()
    }
    return ListedLayout(assets=members.asset_ids, orders=members.orders, infos=infos, cover=members.cover)


def _album(layout: AlbumLayout) -> Album:
    return Album(
        id=layout.id,
        kind=layout.kind,
        name=layout.name,
        service_id=layout.service_id,
        parent=layout.parent,
        cover=layout.cover,
        publish_info=publish_info_from_layout(layout.publish_info),
        raw=Opaque(layout.payload),
    )


def _membership(layout: ListedLayout) -> Membership:
    infos = {
        asset_id: MemberInfo(remote_id=info.remote_id, service_payload=info.service_payload, raw=Opaque(info.payload))
        for asset_id, info in layout.infos.items()
    }
    return Membership(asset_ids=layout.assets, orders=layout.orders, infos=infos, cover=layout.cover)


def _asset_to_layout(asset: Asset, *, aside: bool) -> AssetLayout:
    return AssetLayout(
        id=asset.id,
        subtype=asset.subtype,
        file_name=asset.file_name,
        capture_date=asset.capture_date,
        sha256=asset.sha256,
        imported_on=asset.imported_on,
        size_bytes=asset.size_bytes,
        aside=aside,
    )


def _asset(layout: AssetLayout) -> Asset:
    return Asset(
        id=layout.id,
        subtype=layout.subtype,
        file_name=layout.file_name,
        capture_date=layout.capture_date,
        sha256=layout.sha256,
        imported_on=layout.imported_on,
        size_bytes=layout.size_bytes,
    )

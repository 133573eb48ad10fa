"""
A pure apply: what a request, or a whole plan, makes of a snapshot.

It is the oracle of the laws, the fake behind the service port in tests, and the picture of "afterwards". It knows the
documented rules (a member is never added twice, moved or taken out; `cover` on a member moves the cover and nothing
else) and none of the service's moods.
"""

import hashlib
from collections.abc import Mapping

from attrs import evolve

from lrplan.model.address import is_set
from lrplan.model.album import NO_PAYLOAD, Album, AlbumKind, MemberInfo, Membership, PublishInfo, merged
from lrplan.model.asset import UNKNOWN_DATE, Asset
from lrplan.model.ids import AlbumId, AssetId, Sha256
from lrplan.model.snapshot import Snapshot
from lrplan.plan.action import (
    TOP_LEVEL,
    AddMembers,
    CopySettings,
    CreateAlbum,
    DeleteAlbum,
    Parent,
    RetireAlbum,
    SetCover,
    SetDevelop,
    Step,
    UpdateAlbum,
    UploadOriginal,
)
from lrplan.plan.costs import live_ids
from lrplan.plan.heirs import moves_out
from lrplan.plan.limits import MEMBERS_PER_CALL_MAX, parts_of
from lrplan.plan.plan import Plan
from lrplan.plan.requests import carried_over, post_album, put_album, put_cover, put_members
from lrplan.plan.write import (
    Absent,
    Accepted,
    Answer,
    CopyDevelop,
    Exists,
    OriginalExists,
    PartlyAccepted,
    PostAlbum,
    PostRenditions,
    PutAlbum,
    PutAsset,
    PutDevelop,
    PutMembers,
    PutOriginal,
    Refused,
    RefusedPhoto,
    RemoveAlbum,
    Write,
)

NO_ONE = Membership()
NOT_OURS = Refused(status=403, why="only the API key that made a project or a set may change it")


def simulate(plan: Plan, snapshot: Snapshot) -> Snapshot:
    """The catalog after every step of *plan*, none failing.

    Raises:
        ValueError: A step is refused by the rules: the plan or its order is wrong, which is a bug in lrplan.
    """
    families = {change.address: live_ids(change) for change in plan.changes}
    for step in plan.steps:
        if isinstance(step.action, SetDevelop):  # its bytes are no part of a plan
            snapshot, answer = _put_develop(snapshot, step.action.asset_id, step.action.sha256)
            _check_answer(step, answer)
        for write in writes_of(step, snapshot, families.get(step.action.address, ())):
            snapshot, answer = perform(snapshot, write, stamp=plan.created_at)
            sent_earlier = isinstance(write, PutAsset | PutOriginal) and answer == Exists()
            _check_answer(step, Accepted() if sent_earlier else answer)
    return snapshot


def _check_answer(step: Step, answer: Answer) -> None:
    if answer != Accepted():
        raise ValueError(f"{step.id} was answered with {answer}")


def writes_of(step: Step, snapshot: Snapshot, family: tuple[AlbumId, ...]) -> tuple[Write, ...]:
    """The requests of a step when nothing goes wrong and nobody else is at work; none where they need a file.

    Args:
        family: The albums of the address that lived when the plan was made, the newest generation first.
    """
    match step.action:
        case CreateAlbum() as action:
            replaced = snapshot.albums.get(action.replaces) if action.replaces is not None else None
            return (put_album(action, replaced, {}),)
        case UpdateAlbum() as action:
            return (post_album(action, snapshot.albums[action.album_id], {}),)
        case AddMembers() as action:
            return (put_members(action, _said_before(family, snapshot), {}),)
        case SetCover() as action:
            return (put_cover(action, {}),)
        case UploadOriginal(asset_id=asset_id, original=original):
            parts = parts_of(original.size_bytes, original.part_size_bytes)
            sent = (PutOriginal(asset_id=asset_id, original=original, part=n, parts=parts) for n in range(parts))
            return (PutAsset(asset_id=asset_id, original=original), *sent)
        case SetDevelop():
            return ()
        case CopySettings(asset_id=asset_id, source=source):
            return (CopyDevelop(asset_id=asset_id, source=source),)
        case RetireAlbum() as action if is_set(action.address):
            return (
                *moves_out(action.album_id, action.successor, snapshot.albums),
                RemoveAlbum(album_id=action.album_id),
            )
        case RetireAlbum() as action:
            old, new = (snapshot.members.get(one, NO_ONE) for one in (action.album_id, action.successor))
            skip = {*action.dropped, *new.asset_ids}
            late = tuple(carried_over(a, old.infos) for a in old.asset_ids if a not in skip)
            carried = (PutMembers(album_id=action.successor, entries=late),) if late else ()
            return (*carried, RemoveAlbum(album_id=action.album_id))
        case DeleteAlbum(album_id=album_id):
            return (RemoveAlbum(album_id=album_id),)


def _said_before(family: tuple[AlbumId, ...], snapshot: Snapshot) -> Mapping[AssetId, MemberInfo]:
    """What the generations of an address say about its photos, the newest first to be believed."""
    said: dict[AssetId, MemberInfo] = {}
    for album_id in reversed(family):
        said.update(snapshot.members.get(album_id, NO_ONE).infos)
    return said


def perform(world: Snapshot, write: Write, *, stamp: str) -> tuple[Snapshot, Answer]:
    """Do one request as the documents say, and answer as the service would."""
    match write:
        case PutAlbum():
            return _put_album(world, write, stamp)
        case PostAlbum():
            return _post_album(world, write)
        case RemoveAlbum(album_id=album_id):
            if album_id not in world.albums:
                return world, Absent()
            if not _is_ours(world, world.albums[album_id]):
                return world, NOT_OURS
            albums = {key: album for key, album in world.albums.items() if key != album_id}
            members = {key: listing for key, listing in world.members.items() if key != album_id}
            return evolve(world, albums=albums, members=members), Accepted()
        case PutMembers():
            return _put_members(world, write)
        case PutAsset():
            return _put_asset(world, write)
        case PutOriginal():
            return _put_original(world, write)
        case PutDevelop(asset_id=asset_id, xmp=xmp):
            return _put_develop(world, asset_id, Sha256(hashlib.sha256(xmp).hexdigest()))
        case CopyDevelop(asset_id=asset_id, source=source):
            return _put_develop(world, asset_id, world.develop.get(source))
        case PostRenditions():
            return _post_renditions(world, write)


def shown_order(
    ids: tuple[AssetId, ...], keys: Mapping[AssetId, str | None], assets: Mapping[AssetId, Asset]
) -> tuple[AssetId, ...]:
    """Lightroom's order: by key, those without one last; then by capture date; then as they came."""

    def place(asset_id: AssetId) -> tuple[bool, str, str]:
        key = keys.get(asset_id)
        date = assets[asset_id].capture_date if asset_id in assets else UNKNOWN_DATE
        return (key is None, key or "", date)

    return tuple(sorted(ids, key=place))


def _put_album(world: Snapshot, write: PutAlbum, stamp: str) -> tuple[Snapshot, Answer]:
    if write.album_id in world.albums:
        return world, Exists()
    if _misplaced(world, write.parent):
        return world, Refused(status=400, why="the parent is not a set of this catalog")
    info = write.publish_info or PublishInfo()
    album = Album(
        id=write.album_id,
        kind=write.kind,
        service_id=world.service_id,
        name=write.name,
        parent=None if write.parent == TOP_LEVEL else AlbumId(write.parent),
        publish_info=evolve(
            info,
            created=info.created or stamp,
            updated=info.updated or info.created or stamp,
            version=info.version or 3,
        ),
        raw=write.raw,
    )
    return _with_album(world, album), Accepted()


def _post_album(world: Snapshot, write: PostAlbum) -> tuple[Snapshot, Answer]:
    album = world.albums.get(write.current.id)
    if album is None:
        return world, Absent()
    if not _is_ours(world, album):
        return world, NOT_OURS
    if write.name is not None:
        album = evolve(album, name=write.name)
    if write.parent is not None:
        if _misplaced(world, write.parent, album.id):
            return world, Refused(status=400, why="the parent is not a set of this catalog")
        album = evolve(album, parent=None if write.parent == TOP_LEVEL else AlbumId(write.parent))
    if write.publish_info is not None:
        album = evolve(album, publish_info=merged(album.publish_info or PublishInfo(), write.publish_info))
    return _with_album(world, album), Accepted()


def _put_members(world: Snapshot, write: PutMembers) -> tuple[Snapshot, Answer]:
    if write.album_id not in world.albums:
        return world, Absent()
    album = world.albums[write.album_id]
    if album.kind is not AlbumKind.ALBUM or not _is_ours(world, album):
        return world, NOT_OURS
    if not 1 <= len(write.entries) <= MEMBERS_PER_CALL_MAX:
        return world, Refused(status=400, why="1 to 50 photos a call")
    listing = world.members.get(write.album_id, NO_ONE)
    keys = dict(zip(listing.asset_ids, listing.orders, strict=True))
    infos = dict(listing.infos)
    cover = listing.cover
    refused = []
    for entry in write.entries:
        if entry.asset_id not in keys:
            asset = world.assets.get(entry.asset_id)
            if asset is None or asset.is_trashed:
                refused.append(RefusedPhoto(asset_id=entry.asset_id, why="no such asset"))
                continue
            keys[entry.asset_id] = entry.order
            if entry.remote_id is not None or entry.service_payload is not None or entry.raw != NO_PAYLOAD:
                infos[entry.asset_id] = MemberInfo(
                    remote_id=entry.remote_id, service_payload=entry.service_payload, raw=entry.raw
                )
        if entry.cover:
            cover = entry.asset_id
    ids = shown_order(tuple(keys), keys, world.assets)
    now = Membership(asset_ids=ids, orders=tuple(keys[a] for a in ids), infos=infos, cover=cover)
    world = evolve(world, members={**world.members, write.album_id: now})
    return world, PartlyAccepted(refused=tuple(refused)) if refused else Accepted()


def _put_asset(world: Snapshot, write: PutAsset) -> tuple[Snapshot, Answer]:
    if write.asset_id in world.assets:
        return world, Exists()
    has_it = (a for a in world.assets.values() if a.sha256 == write.original.sha256 and a.is_complete)
    twin = next((a for a in has_it if not a.is_trashed), None)
    if twin is not None:
        return world, OriginalExists(asset_id=twin.id)
    asset = Asset(
        id=write.asset_id,
        subtype=write.original.subtype,
        file_name=write.original.file_name,
        capture_date=write.original.capture_date,
        sha256=write.original.sha256,
        is_complete=False,
        imported_on=world.service_id,
        size_bytes=write.original.size_bytes,
    )
    return evolve(world, assets={**world.assets, asset.id: asset}), Accepted()


def _put_original(world: Snapshot, write: PutOriginal) -> tuple[Snapshot, Answer]:
    asset = world.assets.get(write.asset_id)
    if asset is None:
        return world, Absent()
    if asset.is_complete:
        return world, Exists()
    if asset.is_trashed:
        return world, Absent()
    if write.part < write.parts - 1:
        return world, Accepted()  # an asset is incomplete until its last part has arrived; the rest is not modelled
    account = world.account
    if account.storage_used_bytes is not None:
        account = evolve(account, storage_used_bytes=account.storage_used_bytes + write.original.size_bytes)
    assets = {**world.assets, asset.id: evolve(asset, is_complete=True)}
    return evolve(world, assets=assets, account=account), Accepted()


def _put_develop(world: Snapshot, asset_id: AssetId, xmp: Sha256 | None) -> tuple[Snapshot, Answer]:
    """New settings; what was made from the old ones is stale, which is as if it were not there."""
    asset = world.assets.get(asset_id)
    if asset is None or xmp is None:
        return world, Absent()
    if asset.subtype != "image":
        return world, Refused(status=400, why="only images have develop settings")
    generated = {key: kinds for key, kinds in world.generated.items() if key != asset_id}
    return evolve(world, develop={**world.develop, asset_id: xmp}, generated=generated), Accepted()


def _post_renditions(world: Snapshot, write: PostRenditions) -> tuple[Snapshot, Answer]:
    asset = world.assets.get(write.asset_id)
    if asset is not None and asset.subtype != "image":
        return world, Refused(status=400, why="only images have renditions of this kind")
    if asset is None or not asset.is_complete:
        return world, Absent()
    if not write.kinds or not all(kind.is_generated for kind in write.kinds):
        return world, Refused(status=400, why="there are no such renditions to be asked for")
    kinds = world.generated.get(asset.id, frozenset()) | set(write.kinds)
    return evolve(world, generated={**world.generated, asset.id: kinds}), Accepted()


def _misplaced(world: Snapshot, parent: Parent, moved: AlbumId | None = None) -> bool:
    """Tell whether *parent* is no set of ours, or lies inside *moved*, the one that is to go into it."""
    if parent == TOP_LEVEL:
        return False
    above: AlbumId | None = AlbumId(parent)
    album = world.albums.get(AlbumId(parent))
    if album is None or album.kind is not AlbumKind.SET or not _is_ours(world, album):
        return True
    seen: set[AlbumId] = set()
    while above is not None and above not in seen:
        if above == moved:
            return True
        seen.add(above)
        above = world.albums[above].parent if above in world.albums else None
    return False


def _is_ours(world: Snapshot, album: Album) -> bool:
    """Tell whether the API key may change *album*: a project or a set that it made, as far as the service says."""
    return album.kind in (AlbumKind.ALBUM, AlbumKind.SET) and album.service_id in (None, world.service_id)


def _with_album(world: Snapshot, album: Album) -> Snapshot:
    members = world.members if album.id in world.members else {**world.members, album.id: NO_ONE}
    return evolve(world, albums={**world.albums, album.id: album}, members=members)

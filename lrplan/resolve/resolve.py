"""
Find every photo that the manifests name, or say why it cannot be found.

All mistakes of a project are collected; the result is of use only when there are none. The surprising case: two files
of one content are one photo, so that listing both is worth a warning, while naming one photo twice is an error.
"""

from collections.abc import Mapping
from typing import Literal

from attrs import evolve, frozen

from lrplan.diagnostics import Diagnostic, SourceSpan, error, has_errors, warning
from lrplan.manifest.entries import AlbumEntry, Declared, Manifest, PhotoRef, PublishInfoEntry, RefKind, SetEntry
from lrplan.model.address import TOP_LEVEL, Address, set_address
from lrplan.model.album import AlbumKind, MemberInfo, Order, PublishInfo
from lrplan.model.develop import NOTHING_SENT, Developed
from lrplan.model.ids import AssetId, Owner
from lrplan.model.inventory import Inventory, Original
from lrplan.model.policy import Reorder, Replace, Unlisted
from lrplan.model.scope import WHOLE, Scope
from lrplan.model.snapshot import Snapshot
from lrplan.model.state import State, WhenGone
from lrplan.resolve.desired import Desired, DesiredAlbum, EmptyWish, MissingPhoto
from lrplan.resolve.develop import Asked, ask, develop_wishes, mistaken_xmp
from lrplan.resolve.generations import Generations
from lrplan.resolve.index import index_assets, plain_name
from lrplan.resolve.leaving import leave_older_sets
from lrplan.resolve.lookup import Place, place_of, remembered_as
from lrplan.resolve.partial import sets_to_make
from lrplan.resolve.pausing import hold_back
from lrplan.resolve.photos import Found, Resolution, Surroundings, find_photo, names_of
from lrplan.resolve.room import without_room
from lrplan.resolve.selecting import Selected, select_photos
from lrplan.resolve.wanted import Wanted, Wish


def resolve(
    manifest: Manifest,
    wishes: Mapping[Address, Wish],
    inventory: Inventory,
    snapshot: Snapshot,
    *,
    owner: Owner,
    generations: Generations,
    state: State | None,
    developed: Mapping[AssetId, Developed] = NOTHING_SENT,
    storage_is_full: bool = False,
    scope: Scope = WHOLE,
) -> tuple[Desired, tuple[Diagnostic, ...]]:
    """Turn the manifests into a wish in which every photo is an id.

    Args:
        wishes: The albums that are planned, with their list files filled in, as `expand` gives them.
        state: What is remembered; it knows photos that the catalog no longer has.
        developed: What is remembered of develop settings, by photo.
        storage_is_full: The service said so in a run that is not over and done with: nothing is uploaded.
        scope: Which part of the project is planned; of its other sets only those that are needed for it.
    """
    around = Surroundings(
        snapshot=snapshot, index=index_assets(snapshot), inventory=inventory, owner=owner, developed=developed
    )
    part = _part(manifest, scope, generations)
    found = _resolve(part, wishes, around, generations, state)
    left_out = without_room(found[0].uploads, snapshot.account, storage_is_full=storage_is_full)
    if not left_out:
        return found
    return _resolve(part, wishes, evolve(around, left_out=left_out, suggested=[]), generations, state)


def _part(manifest: Manifest, scope: Scope, generations: Generations) -> Desired:
    """The wish without its albums: the sets that are planned, and what is not."""
    needed = sets_to_make(manifest, scope, generations)
    sets = {a: _desired_set(entry) for a, entry in manifest.sets.items() if scope.holds(a) or a in needed}
    elsewhere = (a for a in (*manifest.sets, *manifest.albums) if not scope.holds(a) and a not in needed)
    return Desired(albums=sets, scope=scope, elsewhere=frozenset(elsewhere), needed=needed)


def _resolve(
    part: Desired,
    wishes: Mapping[Address, Wish],
    around: Surroundings,
    generations: Generations,
    state: State | None,
) -> tuple[Desired, tuple[Diagnostic, ...]]:
    snapshot = around.snapshot
    said: list[Diagnostic] = [*mistaken_xmp(wishes, around.inventory)]
    asked: list[Asked] = []
    uploads: dict[AssetId, Original] = {}
    present_files: set[str] = set()
    albums: dict[Address, DesiredAlbum] = dict(part.albums)
    named: dict[Address, _Photos] = {}
    for address in sorted(wishes):
        wish = wishes[address]
        if wish.wanted is not None:
            photos = _members(wish.wanted, address, _place(wish, snapshot, generations, state), around)
            named[address] = photos
            said.extend(photos.said)
            uploads.update(photos.uploads)
            asked.extend(photos.asked)
            present_files.update(photos.present)
    positions = {address: photos.positions for address, photos in named.items()}
    selected = select_photos(wishes, positions, uploads, snapshot, generations)
    for address in sorted(wishes):
        wish = wishes[address]
        whole = evolve(named[address], ids=selected[address].ids, uploads=uploads) if address in named else None
        live = generations.of(address)
        present = snapshot.members.get(live[0][1]) if live else None
        pool = whole.ids if whole is not None else (present.asset_ids if present else ())
        cover = None
        if wish.entry.cover is not None:
            place = _place(wish, snapshot, generations, state)
            cover, problem = _cover(wish.entry.cover, wish, whole, pool, place, around)
            if problem is not None:
                said.append(problem)
        albums[address] = _desired_album(wish.entry, whole, cover)
    develop, contradictions = develop_wishes(asked, uploads)
    said.extend(contradictions)
    gone = {photo.asset_id: photo.name for album in albums.values() for photo in album.missing}
    desired = evolve(
        part,
        albums=hold_back(albums, generations),
        uploads=uploads,
        develop=develop,
        present_files=tuple(sorted(present_files)),
        names={**gone, **names_of(snapshot, uploads)},
        empty=_empty(wishes, selected),
    )
    return leave_older_sets(desired, snapshot, generations), tuple(said)


def _empty(wishes: Mapping[Address, Wish], selected: Mapping[Address, Selected]) -> tuple[EmptyWish, ...]:
    """The parts of member lists that stand for no photo, by address and place."""
    every = [empty for address, one in selected.items() for empty in (*wishes[address].empty, *one.empty)]
    return tuple(sorted(every, key=lambda empty: (empty.address, empty.span)))


def _place(wish: Wish, snapshot: Snapshot, generations: Generations, state: State | None) -> Place:
    """Where the names of one album are looked up."""
    address, within = wish.entry.address, wish.entry.within
    place = place_of(generations.of(address), within, snapshot, generations)
    return evolve(place, remembered=remembered_as(address, state))


@frozen(kw_only=True)
class _Photos:
    """The members of one album.

    Attributes:
        positions: Where each that is named by itself stands in the list.
        ids: Those, and what selects found, in the wanted order.
        by_file: Those that are named by a file, by the name of that file.
    """

    positions: Mapping[AssetId, int]
    ids: tuple[AssetId, ...] = ()
    infos: Mapping[AssetId, MemberInfo]
    uploads: Mapping[AssetId, Original]
    asked: tuple[Asked, ...]
    missing: tuple[MissingPhoto, ...]
    known_as: Mapping[AssetId, str]
    by_file: Mapping[str, set[AssetId]]
    said: tuple[Diagnostic, ...]
    present: tuple[str, ...]


def _members(wanted: Wanted, address: Address, place: Place, around: Surroundings) -> _Photos:
    first_at: dict[AssetId, int] = {}
    infos: dict[AssetId, MemberInfo] = {}
    uploads: dict[AssetId, Original] = {}
    asked: list[Asked] = []
    missing: list[MissingPhoto] = []
    known_as: dict[AssetId, str] = {}
    present: list[str] = []
    by_file: dict[str, set[AssetId]] = {}
    said: list[Diagnostic] = []
    for index, (kind, value) in enumerate(zip(wanted.kinds, wanted.values, strict=True)):
        if kind is RefKind.SELECT:
            continue
        extra, span = wanted.extras.get(index), wanted.span_of(index)
        found: Resolution = find_photo(
            PhotoRef(kind=kind, value=value),
            sha256=extra.sha256 if extra else None,
            span=span,
            place=place,
            around=around,
        )
        if not isinstance(found, Diagnostic) and kind in (RefKind.NAME, RefKind.SHA256):
            known_as[found.asset_id] = value
        if not isinstance(found, Diagnostic) and kind is RefKind.UPLOAD:
            by_file.setdefault(plain_name(value.rpartition("/")[2]), set()).add(found.asset_id)
        if isinstance(found, Found) and (extra is not None or kind is RefKind.UPLOAD):
            path = value if kind is RefKind.UPLOAD else ""
            settings = ask(extra, found, path, address=address, span=span, place=place, around=around)
            if isinstance(settings, Diagnostic):
                said.append(settings)
            elif settings is not None:
                asked.append(settings)
        if isinstance(found, Diagnostic):
            said.append(found)
        elif isinstance(found, MissingPhoto):
            missing.append(found)
        elif found.asset_id in first_at:
            said.append(_repeated(wanted, first_at[found.asset_id], index))
        else:
            first_at[found.asset_id] = index
            if found.original is not None:
                uploads[found.asset_id] = found.original
            elif kind is RefKind.UPLOAD:
                present.append(value)
            if extra is not None and extra.info is not None:
                infos[found.asset_id] = extra.info
    return _Photos(
        positions=first_at,
        infos=infos,
        uploads=uploads,
        asked=tuple(asked),
        missing=tuple(missing),
        known_as=known_as,
        by_file=by_file,
        said=tuple(said),
        present=tuple(present),
    )


def _repeated(wanted: Wanted, first: int, second: int) -> Diagnostic:
    span, other = wanted.span_of(second), wanted.span_of(first)
    if wanted.kinds[first] is wanted.kinds[second] is RefKind.UPLOAD:
        return warning("LRP210", f"{wanted.values[second]} is the same picture as {wanted.values[first]}", span=span,
                       why="Two files of one content are one photo; it is added once.")  # fmt: skip
    return error("LRP210", "photo named twice", span=span, why=f"It already stands at {other}.",
                 hint="take one of the two lines out")  # fmt: skip


def _cover(
    declared: Declared[PhotoRef],
    wish: Wish,
    photos: _Photos | None,
    pool: tuple[AssetId, ...],
    place: Place,
    around: Surroundings,
) -> tuple[AssetId | None, Diagnostic | None]:
    """Find the cover among the members it may be one of."""
    reference, span = declared.value, declared.span
    members = set(pool)
    if reference.kind is RefKind.NAME:
        names = names_of(around.snapshot, photos.uploads if photos else {})
        wanted_name = plain_name(reference.value)
        named = [asset for asset in pool if plain_name(names.get(asset, "")) == wanted_name]
        if photos is not None and not named:  # the catalog may have the very picture of a file under another name
            named = sorted(photos.by_file.get(wanted_name, ()))
            if named and not members.issuperset(named):
                return None, None  # it cannot be had now, which is said of the member
        if len(named) == 1:
            return named[0], None
        if named:
            return None, error("LRP205", "cover is ambiguous", span=span,
                               why=f'{len(named)} members are named "{reference.value}".',
                               hint="write the id of the photo instead: cover: {id: …}")  # fmt: skip
    found = find_photo(reference, sha256=None, span=span, place=place, around=around)
    if isinstance(found, Found) and found.asset_id in members:
        return found.asset_id, None
    if photos is not None and (not wish.is_whole or has_errors(photos.said)):
        return None, None  # the photo that is meant may be one of those that were not found; that is said already
    if (
        isinstance(found, MissingPhoto)
        and photos is not None
        and found.asset_id in {m.asset_id for m in photos.missing}
    ):
        return None, None
    return None, error("LRP206", "cover is not a member", span=span,
                       why=f'"{reference.value}" is not a member of this album, which has {len(pool)}.',
                       hint="add it to members, or choose one of them")  # fmt: skip


def _desired_set(entry: SetEntry) -> DesiredAlbum:
    return DesiredAlbum(
        address=entry.address,
        kind=AlbumKind.SET,
        span=entry.span,
        name=entry.name.value if entry.name else None,
        parent=_parent(entry),
        publish_info=_publish_info(entry.publish_info),
        when_gone=entry.when_gone.value if entry.when_gone else WhenGone.DELETE,
        protect=entry.protect.value if entry.protect else None,
        paused=entry.paused,
        spans=_spans(entry),
    )


def _desired_album(entry: AlbumEntry, photos: _Photos | None, cover: AssetId | None) -> DesiredAlbum:
    return DesiredAlbum(
        address=entry.address,
        kind=AlbumKind.ALBUM,
        span=entry.span,
        name=entry.name.value if entry.name else None,
        parent=_parent(entry),
        order=entry.order.value if entry.order else Order.LISTED,
        reorder=entry.reorder.value if entry.reorder else Reorder.KEEP,
        unlisted=entry.unlisted.value if entry.unlisted else Unlisted.KEEP,
        replace=entry.replace.value if entry.replace else Replace.ALLOW,
        cover=cover,
        publish_info=_publish_info(entry.publish_info),
        when_gone=entry.when_gone.value if entry.when_gone else WhenGone.DELETE,
        protect=entry.protect.value if entry.protect else None,
        paused=entry.paused,
        members=photos.ids if photos is not None else None,
        infos=photos.infos if photos is not None else {},
        missing=photos.missing if photos is not None else (),
        known_as=photos.known_as if photos is not None else {},
        spans=_spans(entry),
    )


def _parent(entry: SetEntry | AlbumEntry) -> Address | Literal["/"] | None:
    if entry.parent is None:
        return None
    return TOP_LEVEL if entry.parent.value == TOP_LEVEL else set_address(entry.parent.value)


def _publish_info(entry: PublishInfoEntry | None) -> PublishInfo | None:
    if entry is None:
        return None
    return PublishInfo(
        remote_id=entry.remote_id.value if entry.remote_id else None,
        view=entry.view.value if entry.view else None,
        edit=entry.edit.value if entry.edit else None,
        service_payload=entry.service_payload.value if entry.service_payload else None,
        deleted=entry.deleted.value if entry.deleted else None,
        version=entry.version.value if entry.version else None,
        created=entry.created.value if entry.created else None,
        updated=entry.updated.value if entry.updated else None,
    )


def _spans(entry: SetEntry | AlbumEntry) -> Mapping[str, SourceSpan]:
    spans = {}
    for key in ("name", "parent", "order", "replace", "cover", "protect"):
        declared = getattr(entry, key, None)
        if declared is not None:
            spans[key] = declared.span
    if entry.publish_info is not None:
        spans["publishInfo"] = entry.publish_info.span
    if isinstance(entry, AlbumEntry) and entry.members is not None:
        spans["members"] = entry.members.span
    return spans

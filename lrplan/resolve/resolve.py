"""
Find every photo that the manifests name, or say why it cannot be found.

All mistakes of a project are collected; the result is of use only when there are none. The surprising case: two files
of one content are one photo, so that listing both is worth a warning, while naming one photo twice is an error.
"""

from collections.abc import Mapping
from typing import Literal

from attrs import evolve, frozen

from lrplan.diagnostics import Diagnostic, SourceSpan, error, has_errors, warning
from lrplan.manifest.entries import AlbumEntry, Manifest, PhotoRef, PublishInfoEntry, RefKind, SetEntry
from lrplan.model.address import TOP_LEVEL, Address, set_address
from lrplan.model.album import AlbumKind, MemberInfo, Order, PublishInfo
from lrplan.model.ids import AssetId, Owner
from lrplan.model.inventory import Inventory, Original
from lrplan.model.scope import WHOLE, Scope
from lrplan.model.snapshot import Snapshot
from lrplan.model.state import State
from lrplan.resolve.desired import Desired, DesiredAlbum, MissingPhoto
from lrplan.resolve.generations import Generations
from lrplan.resolve.index import index_assets, plain_name
from lrplan.resolve.leaving import leave_older_sets
from lrplan.resolve.lookup import Place, place_of
from lrplan.resolve.partial import sets_to_make
from lrplan.resolve.photos import Found, Resolution, Surroundings, find_photo, names_of
from lrplan.resolve.room import without_room
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
    storage_is_full: bool = False,
    scope: Scope = WHOLE,
) -> tuple[Desired, tuple[Diagnostic, ...]]:
    """Turn the manifests into a wish in which every photo is an id.

    Args:
        wishes: The albums that are planned, with their list files filled in, as `expand` gives them.
        state: What is remembered; it knows photos that the catalog no longer has.
        storage_is_full: The service said so in a run that is not over and done with: nothing is uploaded.
        scope: Which part of the project is planned; of its other sets only those that are needed for it.
    """
    around = Surroundings(snapshot=snapshot, index=index_assets(snapshot), inventory=inventory, owner=owner)
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
    said: list[Diagnostic] = []
    uploads: dict[AssetId, Original] = {}
    present_files: set[str] = set()
    albums: dict[Address, DesiredAlbum] = dict(part.albums)
    for address in sorted(wishes):
        wish = wishes[address]
        live = generations.of(address)
        place = evolve(place_of(live, wish.entry.within, snapshot, generations), remembered=_remembered(address, state))
        photos = _members(wish.wanted, place, around) if wish.wanted is not None else None
        if photos is not None:
            said.extend(photos.said)
            uploads.update(photos.uploads)
            present_files.update(photos.present)
        present = snapshot.members.get(live[0][1]) if live else None
        pool = photos.ids if photos is not None else (present.asset_ids if present else ())
        cover, problem = _cover(wish, photos, pool, place, around)
        if problem is not None:
            said.append(problem)
        albums[address] = _desired_album(wish.entry, photos, cover)
    gone = {photo.asset_id: photo.name for album in albums.values() for photo in album.missing}
    desired = evolve(
        part,
        albums=albums,
        uploads=uploads,
        present_files=tuple(sorted(present_files)),
        names={**gone, **names_of(snapshot, uploads)},
    )
    return leave_older_sets(desired, snapshot, generations), tuple(said)


def _remembered(address: Address, state: State | None) -> Mapping[str, AssetId]:
    binding = state.bindings.get(address) if state is not None else None
    return {plain_name(text): asset_id for asset_id, text in binding.known_as.items()} if binding is not None else {}


@frozen(kw_only=True)
class _Photos:
    """The members of one album. *by_file* has those that are named by a file, by the name of that file."""

    ids: tuple[AssetId, ...]
    infos: Mapping[AssetId, MemberInfo]
    uploads: Mapping[AssetId, Original]
    missing: tuple[MissingPhoto, ...]
    known_as: Mapping[AssetId, str]
    by_file: Mapping[str, set[AssetId]]
    said: tuple[Diagnostic, ...]
    present: tuple[str, ...]


def _members(wanted: Wanted, place: Place, around: Surroundings) -> _Photos:
    first_at: dict[AssetId, int] = {}
    infos: dict[AssetId, MemberInfo] = {}
    uploads: dict[AssetId, Original] = {}
    missing: list[MissingPhoto] = []
    known_as: dict[AssetId, str] = {}
    present: list[str] = []
    by_file: dict[str, set[AssetId]] = {}
    said: list[Diagnostic] = []
    for index, (kind, value) in enumerate(zip(wanted.kinds, wanted.values, strict=True)):
        extra = wanted.extras.get(index)
        found: Resolution = find_photo(
            PhotoRef(kind=kind, value=value),
            sha256=extra.sha256 if extra else None,
            span=wanted.span_of(index),
            place=place,
            around=around,
        )
        if not isinstance(found, Diagnostic) and kind in (RefKind.NAME, RefKind.SHA256):
            known_as[found.asset_id] = value
        if not isinstance(found, Diagnostic) and kind is RefKind.UPLOAD:
            by_file.setdefault(plain_name(value.rpartition("/")[2]), set()).add(found.asset_id)
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
        ids=tuple(first_at),
        infos=infos,
        uploads=uploads,
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
    wish: Wish, photos: _Photos | None, pool: tuple[AssetId, ...], place: Place, around: Surroundings
) -> tuple[AssetId | None, Diagnostic | None]:
    """Find the cover among the members it may be one of."""
    declared = wish.entry.cover
    if declared is None:
        return None, None
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
        cover=cover,
        publish_info=_publish_info(entry.publish_info),
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
    for key in ("name", "parent", "order", "cover"):
        declared = getattr(entry, key, None)
        if declared is not None:
            spans[key] = declared.span
    if entry.publish_info is not None:
        spans["publishInfo"] = entry.publish_info.span
    if isinstance(entry, AlbumEntry) and entry.members is not None:
        spans["members"] = entry.members.span
    return spans

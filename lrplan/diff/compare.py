"""
What differs between the wish and the catalog, address by address.

Ids decide what is ours: an album belongs to this project if its id was derived for it (see `model.ids`), and to an
address if it carries that address's bits. Everything else in the catalog is never touched.
"""

from collections.abc import Iterable, Mapping

from attrs import evolve, field, frozen

from lrplan.diagnostics import Diagnostic, error
from lrplan.diff.change import (
    INTERRUPTED,
    BlockedPhoto,
    Change,
    Drift,
    DriftKind,
    FieldChange,
    MemberChange,
    Reason,
    Verb,
)
from lrplan.diff.circles import find_circles
from lrplan.diff.drift import drift_of
from lrplan.diff.fields import Names, compare_fields, made_fields, member_fields, needs_cover
from lrplan.diff.members import NOTHING, Facts, MemberVerdict, compare_members, joined, take_all_along
from lrplan.diff.removal import compare_removals, find_orphans
from lrplan.model.address import TOP_LEVEL, Address, address_key
from lrplan.model.album import Album, AlbumKind, Membership
from lrplan.model.fingerprint import combined, fingerprint
from lrplan.model.ids import AlbumId, AssetId, Owner, album_id
from lrplan.model.snapshot import Snapshot
from lrplan.model.state import Binding, State
from lrplan.resolve.desired import Desired, DesiredAlbum
from lrplan.resolve.generations import Generations


@frozen(kw_only=True)
class Comparison:
    """The result: every declared address and everything that goes, sorted by address; and what is kept and said."""

    changes: tuple[Change, ...] = ()
    drift: tuple[Drift, ...] = ()
    said: tuple[Diagnostic, ...] = ()


@frozen(kw_only=True)
class Sides:
    """The three sides of the comparison, and what helps to speak of them."""

    desired: Desired
    snapshot: Snapshot
    state: State | None
    owner: Owner
    generations: Generations
    names: Names
    facts: Facts
    ids: Mapping[Address, AlbumId] = field(factory=dict)

    @property
    def shows_covers(self) -> bool:
        """The service shows the cover of some album of this API key, so that one that shows none has none."""
        snapshot = self.snapshot
        ours = (album for album in snapshot.albums.values() if album.service_id in (None, self.owner.service_id))
        return any(album.cover for album in ours) or any(listing.cover for listing in snapshot.members.values())

    def binding(self, address: Address) -> Binding | None:
        """What is remembered of *address*."""
        return self.state.bindings.get(address) if self.state is not None else None


def compare(
    desired: Desired, snapshot: Snapshot, state: State | None, *, owner: Owner, generations: Generations
) -> Comparison:
    """Compare the wish with the live catalog and with what is remembered."""
    sides = _sides(desired, snapshot, state, owner, generations)
    changes: list[Change] = []
    drift: list[Drift] = []
    said: list[Diagnostic] = []
    said.extend(find_circles(desired, snapshot, sides.ids, generations))
    for address in sorted(desired.albums):
        change, kept, problems = _compare_one(desired.albums[address], sides)
        changes.append(change)
        drift.extend(kept)
        said.extend(problems)
    if state is not None:
        changes.extend(compare_removals(desired, snapshot, state, generations, changes))
    drift.extend(find_orphans(desired, snapshot, state, owner))
    changes.sort(key=lambda change: change.address)
    return Comparison(changes=tuple(changes), drift=tuple(drift), said=tuple(said))


def _sides(desired: Desired, snapshot: Snapshot, state: State | None, owner: Owner, generations: Generations) -> Sides:
    dates = {asset.id: asset.capture_date for asset in snapshot.assets.values()}
    dates.update({key: original.capture_date for key, original in desired.uploads.items()})
    album_names = {album.id: album.name for album in snapshot.albums.values()}
    sides = Sides(
        desired=desired,
        snapshot=snapshot,
        state=state,
        owner=owner,
        generations=generations,
        names=Names(photos=desired.names, albums=album_names),
        facts=Facts(
            names=desired.names,
            dates=dates,
            trashed=frozenset(asset.id for asset in snapshot.assets.values() if asset.is_trashed),
        ),
    )
    ids = {}
    for address, album in desired.albums.items():
        live = generations.of(address)
        ids[address] = live[0][1] if live else album_id(owner, address, _next_generation(address, sides))
        if not live and album.kind is AlbumKind.SET:
            album_names[ids[address]] = album.name or address_key(address)
        for _, older in live[1:]:
            album_names[older] = f"{album_names[older]} (an older generation)"
    return evolve(sides, ids=ids)


def _next_generation(address: Address, sides: Sides) -> int:
    """The first generation that was never used, as far as anybody knows."""
    live = sides.generations.of(address)
    used = [live[0][0]] if live else []
    binding = sides.binding(address)
    if binding is not None:
        used.append(binding.generation)
    if sides.state is not None and address in sides.state.used:
        used.append(sides.state.used[address])
    return max(used) + 1 if used else 0


def _compare_one(desired: DesiredAlbum, sides: Sides) -> tuple[Change, list[Drift], list[Diagnostic]]:
    address, binding = desired.address, sides.binding(desired.address)
    live = _live(sides.generations.of(address), sides)
    blocked, said = _blocked(desired, joined((live.members or NOTHING, live.left_behind)), binding)
    ours = _as_left(binding, live)
    verdict = MemberVerdict()
    is_finishing = bool(live.older) and desired.kind is AlbumKind.ALBUM
    if desired.members is not None:
        verdict = compare_members(desired, live.members or NOTHING, live.left_behind, ours, sides.facts, live.shown)
    elif is_finishing:
        verdict = take_all_along(desired, live.members or NOTHING, live.left_behind, sides.facts)
    change = Change(
        address=address,
        kind=desired.kind,
        verb=Verb.UNCHANGED,
        name=desired.name or (live.current.name if live.current is not None else address_key(address)),
        span=desired.span,
        members=_with_infos(verdict.change, desired, joined((live.left_behind, live.members or NOTHING))),
        dropped=verdict.dropped,
        blocked=tuple(blocked),
        looks_inside=desired.members is not None or desired.cover is not None or is_finishing,
    )
    if live.current is None:
        generation = _next_generation(address, sides)
        fields = made_fields(desired, lambda parent: sides.ids[parent], sides.names)
        made = evolve(change, verb=Verb.CREATE, new_id=sides.ids[address], generation=generation, cover=desired.cover)
        return evolve(made, fields=fields, reason=_why_again(binding)), [], said
    changed = _compare_live(change, desired, verdict, live, live.current, sides)
    drift = drift_of(address, verdict, live.current.id, sides.names)
    if changed.verb is not Verb.BLOCKED:
        drift.extend(
            Drift(kind=DriftKind.ORPHAN, text=_kept_set(left, sides), address=address, album_id=left)
            for left in live.occupied
        )
    return changed, drift, said


def _why_again(binding: Binding | None) -> Reason | None:
    """Why an album is made that was there before; None for a new one."""
    if binding is None or binding.generation < 0:
        return None
    return Reason(code="deleted-outside", text="it was deleted since the last apply")


def _with_infos(change: MemberChange | None, desired: DesiredAlbum, was: Membership) -> MemberChange | None:
    return evolve(change, infos=member_fields(change, desired, was)) if change is not None else None


def _as_left(binding: Binding | None, live: "_Live") -> Binding | None:
    """What is remembered, less what a person put back: photos that a replacement leaves behind, in its new album.

    A replacement whose album never came to be leaves nothing behind.
    """
    if binding is None or not binding.leaving:
        return binding
    leaving = {a: since for a, since in binding.leaving.items() if since <= live.generation}
    returned = set(leaving).intersection((live.members or NOTHING).asset_ids)
    return evolve(binding, put=tuple(a for a in binding.put if a not in returned), leaving=leaving)


@frozen(kw_only=True)
class _Live:
    """The generations of one address that are live: the current one, and what replacements left behind.

    Attributes:
        left_behind: The members of all older generations, those of the newest of them first.
        occupied: Older generations of a set that stay, since something is in them that cannot be moved.
        cover: Of the newest generation that has one.
        generation: Of the current one; -1 where there is none.
        shown: The order of each of them by itself.
    """

    current: Album | None
    members: Membership | None
    older: tuple[AlbumId, ...]
    occupied: tuple[AlbumId, ...]
    left_behind: Membership
    cover: AssetId | None
    generation: int
    shown: tuple[tuple[AssetId, ...], ...]


def _live(generations: tuple[tuple[int, AlbumId], ...], sides: Sides) -> _Live:
    ids = tuple(one for _, one in generations)
    snapshot = sides.snapshot
    listings = [snapshot.members.get(one, NOTHING) for one in ids]
    occupied = tuple(one for one in ids[1:] if _strangers_in(one, sides))
    covers = (listing.cover or snapshot.albums[one].cover for one, listing in zip(ids, listings, strict=True))
    return _Live(
        current=snapshot.albums[ids[0]] if ids else None,
        members=snapshot.members.get(ids[0]) if ids else None,
        older=tuple(one for one in ids[1:] if one not in occupied),
        occupied=occupied,
        left_behind=joined(listings[1:]),
        cover=next((cover for cover in covers if cover is not None), None),
        generation=generations[0][0] if generations else -1,
        shown=tuple(listing.asset_ids for listing in listings),
    )


def _compare_live(
    change: Change, desired: DesiredAlbum, verdict: MemberVerdict, live: _Live, current: Album, sides: Sides
) -> Change:
    """Compare an album that exists: what differs in place, whether it must be replaced, or a replacement finished."""
    binding = sides.binding(change.address)
    # what was applied to an older generation says nothing of what an interrupted replacement made of the new one
    applied = binding.applied if binding is not None and binding.album_id == current.id else None
    fields = compare_fields(
        desired,
        current,
        live.members,
        parents=lambda parent: sides.ids[parent],
        applied=applied,
        shows_covers=sides.shows_covers,
        names=sides.names,
    )
    if current.parent in _older_of(desired.parent, sides):  # lrplan itself made the newer one
        fields = tuple(evolve(one, changed_outside=False) if one.path == "parent" else one for one in fields)
    change = evolve(
        change,
        id=current.id,
        generation=sides.generations.of(change.address)[0][0],
        fields=fields,
        cover=desired.cover
        if needs_cover(desired, current, live.members, applied, shows_covers=sides.shows_covers)
        else None,
        fingerprint=_fingerprints((current.id, *live.older), sides, inside=change.looks_inside),
    )
    if verdict.replace is not None:
        cover = desired.cover or _kept_cover(change, live)
        if cover is None:
            change = _without_cover(change, live, sides)
        return evolve(_replaced(change, verdict.replace, (current.id, *live.older), sides), cover=cover)
    if live.older:
        along = "; what is in the older one moves along" if desired.kind is AlbumKind.SET else ""
        reason = Reason(code=INTERRUPTED, text=f"an earlier replacement was interrupted, this finishes it{along}")
        shown = current.cover or (live.members or NOTHING).cover
        kept = None
        if desired.cover is None and shown is None:
            kept = _kept_cover(change, live)
            change = _without_cover(change, live, sides) if kept is None else change
        return evolve(change, verb=Verb.REPLACE, reason=reason, retired=live.older, cover=change.cover or kept)
    if fields or verdict.change is not None:
        return evolve(change, verb=Verb.UPDATE)
    if live.occupied:
        reason = Reason(code="not-empty", text=_kept_set(live.occupied[0], sides))
        return evolve(change, verb=Verb.BLOCKED, reason=reason)
    return change


def _older_of(parent: str | None, sides: Sides) -> tuple[AlbumId, ...]:
    """The older generations of a declared parent."""
    if parent is None or parent == TOP_LEVEL:
        return ()
    return tuple(one for _, one in sides.generations.of(Address(parent))[1:])


def _strangers_in(album_id: AlbumId, sides: Sides) -> list[Album]:
    """What is in a set that is not ours to move: only the API key that made an album or a set may change it."""
    inside = (album for album in sides.snapshot.albums.values() if album.parent == album_id)
    ours = (None, sides.owner.service_id)
    movable = (AlbumKind.ALBUM, AlbumKind.SET)
    return [album for album in inside if album.kind not in movable or album.service_id not in ours]


def _kept_set(album_id: AlbumId, sides: Sides) -> str:
    stranger = min(_strangers_in(album_id, sides), key=lambda album: album.id)
    return f'an older generation of it stays: "{stranger.name}" is in it, which another application made'


def _kept_cover(change: Change, live: _Live) -> AssetId | None:
    """The cover of the newest generation that has one, if it is a member afterwards: naming it would make it one."""
    after = change.members.after if change.members is not None else (live.members or NOTHING).asset_ids
    return live.cover if live.cover in set(after) else None


def _without_cover(change: Change, live: _Live, sides: Sides) -> Change:
    """*change* with the loss of the cover, if there was any: people chose it, though nobody declares it."""
    if live.cover is None:
        return change
    lost = FieldChange(path="cover", before=sides.names.photo(live.cover), after=None)
    return evolve(change, fields=(*change.fields, lost))


def _replaced(change: Change, reason: Reason, live: tuple[AlbumId, ...], sides: Sides) -> Change:
    generation = _next_generation(change.address, sides)
    return evolve(
        change,
        verb=Verb.REPLACE,
        reason=reason,
        new_id=album_id(sides.owner, change.address, generation),
        generation=generation,
        retired=live,
    )


def _fingerprints(live: Iterable[AlbumId], sides: Sides, *, inside: bool) -> str:
    """Of albums as a look before the first write will find them: members count only where it looks *inside*."""
    albums, members = sides.snapshot.albums, sides.snapshot.members
    return combined(tuple(fingerprint(albums[one], members.get(one) if inside else None) for one in live))


def _blocked(
    desired: DesiredAlbum, members: Membership, binding: Binding | None
) -> tuple[list[BlockedPhoto], list[Diagnostic]]:
    """Photos that cannot be had: where they were members that is reported, where they are new it is a mistake."""
    known = set(members.asset_ids)
    if binding is not None:
        known.update(binding.put, binding.arranged or ())
    blocked: list[BlockedPhoto] = []
    said: list[Diagnostic] = []
    for photo in desired.missing:
        if photo.asset_id in known or photo.path:
            text = f"{photo.text}; {photo.hint}"
            one = BlockedPhoto(asset_id=photo.asset_id, text=text, span=photo.span, code=photo.code, path=photo.path)
            blocked.append(one)
        else:
            why = "It is not a member of the album yet, so it cannot be added."
            said.append(error("LRP213", f"{photo.name} {photo.text}", span=photo.span, why=why, hint=photo.hint))
    return blocked, said

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
    Withheld,
)
from lrplan.diff.circles import find_circles
from lrplan.diff.develop import compare_develop
from lrplan.diff.drift import drift_of
from lrplan.diff.elsewhere import Elsewhere, live_elsewhere
from lrplan.diff.fields import compare_fields, made_fields, member_fields, needs_cover
from lrplan.diff.held import held_back
from lrplan.diff.lasting import is_protected, lasting_fields
from lrplan.diff.live import Live, kept_set, live_of, older_of
from lrplan.diff.members import NOTHING, MemberVerdict, compare_members, joined, take_all_along
from lrplan.diff.removal import compare_removals, find_away, find_orphans
from lrplan.diff.sides import Sides, next_generation, sides_of
from lrplan.model.address import TOP_LEVEL, Address, address_key
from lrplan.model.album import Album, AlbumKind, Membership
from lrplan.model.develop import NOTHING_SENT, Developed
from lrplan.model.fingerprint import combined, fingerprint
from lrplan.model.ids import AlbumId, AssetId, Owner, album_id
from lrplan.model.policy import Replace
from lrplan.model.snapshot import Snapshot
from lrplan.model.state import UNUSED, Binding, State
from lrplan.resolve.desired import Desired, DesiredAlbum
from lrplan.resolve.generations import Generations


@frozen(kw_only=True)
class Comparison:
    """The result: every declared address and everything that goes, sorted by address; and what is kept and said.

    *away* are those that live, though their entry is gone, and of which nothing is asked until it is back.
    *developed* is what is new to be remembered of develop settings: see `diff.develop`.
    Where only a part of the project is planned, *elsewhere* counts what is live of the rest; *ids* has the live albums
    of the declared addresses there, into which something may go.
    """

    changes: tuple[Change, ...] = ()
    developed: Mapping[AssetId, Developed] = field(factory=dict)
    drift: tuple[Drift, ...] = ()
    away: tuple[Address, ...] = ()
    said: tuple[Diagnostic, ...] = ()
    elsewhere: Elsewhere = field(factory=Elsewhere)
    ids: Mapping[Address, AlbumId] = field(factory=dict)


def compare(
    desired: Desired,
    snapshot: Snapshot,
    state: State | None,
    *,
    owner: Owner,
    generations: Generations,
    developed: Mapping[AssetId, Developed] = NOTHING_SENT,
) -> Comparison:
    """Compare the wish with the live catalog and with what is remembered; *developed* is that of develop settings."""
    sides = sides_of(desired, snapshot, state, owner, generations)
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
    if desired.scope.is_whole:  # of orphans nobody knows the address, so that a part has nothing to say of them
        drift.extend(find_orphans(desired.albums, snapshot, state, generations))
    changes.sort(key=lambda change: change.address)
    settings = compare_develop(changes, desired, snapshot, developed)
    said.extend(settings.said)
    return Comparison(
        changes=settings.changes,
        developed=settings.developed,
        drift=tuple(drift),
        away=find_away(desired, state, generations),
        said=tuple(said),
        elsewhere=live_elsewhere(sides),
        ids={a: sides.ids[a] for a in desired.elsewhere if a in sides.ids},
    )


def tell_moves(comparison: Comparison, moved: Mapping[Address, Address]) -> Comparison:
    """*comparison* with what was at another address when it was last seen; *moved* has that address for each."""
    changes = (evolve(change, moved_from=moved.get(change.address)) for change in comparison.changes)
    return evolve(comparison, changes=tuple(changes)) if moved else comparison


def _compare_one(desired: DesiredAlbum, sides: Sides) -> tuple[Change, list[Drift], list[Diagnostic]]:
    address, binding = desired.address, sides.binding(desired.address)
    if desired.is_held:
        return held_back(desired, sides)
    live = live_of(sides.generations.of(address), sides)
    blocked, said = _blocked(desired, joined((live.members or NOTHING, live.left_behind)), binding)
    ours = _as_left(binding, live)
    verdict = MemberVerdict()
    must = _cannot_leave(desired, live.current, sides)
    is_finishing = (bool(live.older) or must is not None) and desired.kind is AlbumKind.ALBUM
    if desired.members is not None:
        verdict = compare_members(
            desired, live.members or NOTHING, live.left_behind, ours, sides.facts, live.shown, must=must
        )
    elif is_finishing:
        verdict = take_all_along(desired, live.members or NOTHING, live.left_behind, sides.facts, must=must)
    elif must is not None:
        verdict = MemberVerdict(replace=must)
    withheld = _with_files(verdict.withheld, sides)
    if withheld is not None and desired.cover in withheld.added:
        desired = evolve(desired, cover=None)  # it is no member, and will be none
    change = Change(
        address=address,
        kind=desired.kind,
        verb=Verb.UNCHANGED,
        name=desired.name or (live.current.name if live.current is not None else address_key(address)),
        span=desired.span,
        members=_with_infos(verdict.change, desired, joined((live.left_behind, live.members or NOTHING))),
        dropped=verdict.dropped,
        blocked=tuple(blocked),
        withheld=withheld,
        protected=is_protected(desired, binding),
        looks_inside=desired.members is not None or desired.cover is not None or is_finishing,
    )
    lasting = lasting_fields(desired, binding)
    if live.current is None:
        generation = next_generation(address, sides)
        fields = (*made_fields(desired, lambda parent: sides.ids[parent], sides.names), *lasting)
        made = evolve(change, verb=Verb.CREATE, new_id=sides.ids[address], generation=generation, cover=desired.cover)
        return evolve(made, fields=fields, reason=_why_made(address, binding, sides)), [], said
    changed = _compare_live(evolve(change, fields=lasting), desired, verdict, live, live.current, sides)
    drift = drift_of(address, verdict, live.current.id, sides.names)
    if changed.verb is not Verb.BLOCKED:
        drift.extend(
            Drift(kind=DriftKind.ORPHAN, text=kept_set(left, sides), address=address, album_id=left)
            for left in live.occupied
        )
    return changed, drift, said


def _why_made(address: Address, binding: Binding | None, sides: Sides) -> Reason | None:
    """Why an album is made that was there before, or a set that is not asked for; None for a new one that is."""
    was_there = binding is not None and binding.generation != UNUSED
    deleted = "it was deleted since the last apply"
    child = sides.desired.needed.get(address)
    if child is not None:
        return Reason(code="needed", text=f"{child} goes into it" + (f"; {deleted}" if was_there else ""))
    return Reason(code="deleted-outside", text=deleted) if was_there else None


def _cannot_leave(desired: DesiredAlbum, current: Album | None, sides: Sides) -> Reason | None:
    """Why an album that is to go to the top level needs a new one there; None where it can go, or is there."""
    is_inside = current is not None and current.parent is not None
    if desired.parent != TOP_LEVEL or not is_inside or sides.state is None or not sides.state.keeps_parents:
        return None
    if desired.replace is Replace.NEVER:
        return None
    return Reason(code="keeps-parent", text="the service does not let an album out of its set, as was seen before")


def _with_files(withheld: Withheld | None, sides: Sides) -> Withheld | None:
    """*withheld* with the originals that are not sent, since their photos would be in no album."""
    if withheld is None or not sides.desired.uploads:
        return withheld
    originals = (sides.desired.uploads.get(a) for a in withheld.added)
    return evolve(withheld, files=tuple(original.path for original in originals if original is not None))


def _with_infos(change: MemberChange | None, desired: DesiredAlbum, was: Membership) -> MemberChange | None:
    return evolve(change, infos=member_fields(change, desired, was)) if change is not None else None


def _as_left(binding: Binding | None, live: Live) -> Binding | None:
    """What is remembered, less what a person put back: photos that a replacement leaves behind, in its new album.

    A replacement whose album never came to be leaves nothing behind.
    """
    if binding is None or not binding.leaving:
        return binding
    leaving = {a: since for a, since in binding.leaving.items() if since <= live.generation}
    returned = set(leaving).intersection((live.members or NOTHING).asset_ids)
    return evolve(binding, put=tuple(a for a in binding.put if a not in returned), leaving=leaving)


def _compare_live(
    change: Change, desired: DesiredAlbum, verdict: MemberVerdict, live: Live, current: Album, sides: Sides
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
    if current.parent in older_of(desired.parent, sides):  # lrplan itself made the newer one
        fields = tuple(evolve(one, changed_outside=False) if one.path == "parent" else one for one in fields)
    change = evolve(
        change,
        id=current.id,
        generation=sides.generations.of(change.address)[0][0],
        fields=(*fields, *change.fields),
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
    if change.fields or verdict.change is not None:
        return evolve(change, verb=Verb.UPDATE)
    if change.withheld is not None:
        return evolve(change, verb=Verb.BLOCKED, reason=change.withheld.reason)
    if live.occupied:
        reason = Reason(code="not-empty", text=kept_set(live.occupied[0], sides))
        return evolve(change, verb=Verb.BLOCKED, reason=reason)
    return change


def _kept_cover(change: Change, live: Live) -> AssetId | None:
    """The cover of the newest generation that has one, if it is a member afterwards: naming it would make it one."""
    after = change.members.after if change.members is not None else (live.members or NOTHING).asset_ids
    return live.cover if live.cover in set(after) else None


def _without_cover(change: Change, live: Live, sides: Sides) -> Change:
    """*change* with the loss of the cover, if there was any: people chose it, though nobody declares it."""
    if live.cover is None:
        return change
    lost = FieldChange(path="cover", before=sides.names.photo(live.cover), after=None)
    return evolve(change, fields=(*change.fields, lost))


def _replaced(change: Change, reason: Reason, live: tuple[AlbumId, ...], sides: Sides) -> Change:
    generation = next_generation(change.address, sides)
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

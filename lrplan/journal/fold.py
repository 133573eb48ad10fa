"""
What one run proves, made part of the state.

A run that came to its end leaves what its plan had in mind. Of one that did not, only that counts which its journal
proves, and all of that: what a later plan needs of the run must be in the state, since the run is not read again.
"""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence

from attrs import evolve

from lrplan.diff.change import MemberChange
from lrplan.diff.sequence import same_order, with_kept
from lrplan.journal.developed import developed_after
from lrplan.journal.entries import Entry, storage_was_full
from lrplan.journal.replay import Progress, parts_arrived, plan_name, replay
from lrplan.model.address import Address
from lrplan.model.fingerprint import binding_fingerprint
from lrplan.model.ids import AlbumId, AssetId, are_of_one_address, read_album_id
from lrplan.model.inheritance import NO_FORMER, Former, inherited
from lrplan.model.state import UNUSED, Binding, State, more_careful
from lrplan.plan.action import AddMembers, CreateAlbum, DeleteAlbum, OfPhoto, RetireAlbum, Step, UploadOriginal
from lrplan.plan.plan import Plan

ENDED_BY_ITSELF = frozenset({"done", "incomplete"})


def fold(
    state: State | None,
    run_id: str,
    plan: Plan,
    entries: Sequence[Entry],
    *,
    unseen: Container[Address] = (),
    keeps_parents: bool = False,
    is_read_back: bool = False,
) -> State:
    """Make what one run proves part of the state. A run that the state names already changes nothing.

    Args:
        unseen: Where the read-back did not find what was done: of these nobody knows how they are arranged, and what
            is in them.
        is_read_back: What was sent was looked at afterwards; else nobody has seen the settings that were sent.
        keeps_parents: The read-back found what was to leave its set for the top level still there.
    """
    if state is not None and run_id in state.folded:
        return state
    progress = replay(entries)
    steps: dict[Address, list[Step]] = {}
    for step in plan.steps:
        if not isinstance(step.action, OfPhoto):
            steps.setdefault(step.action.address, []).append(step)
    state = state_of(plan, state, _moved_by_now(plan, steps, progress))
    bindings, used = dict(state.bindings), dict(state.used)
    changes = {change.address: change for change in plan.changes}
    for address, target in plan.targets.items():
        own, current, change = steps.get(address, []), bindings.get(address), changes.get(address)
        blocked = frozenset(photo.asset_id for photo in change.blocked if not photo.code) if change else frozenset()
        members = change.members if change is not None and change.members is not None else MemberChange()
        if any(step.id not in progress.done for step in own):
            after = _partial(own, current, target, progress, blocked, members)
        elif binding_fingerprint(current) == plan.bases.get(address, ""):
            after = _settled(own, current, target, progress, blocked)
        elif own:
            after = _joined(current, _settled(own, current, target, progress, blocked), members.removed)
        else:
            after = current  # another run was there since, and this one did nothing here
        if after is not None:
            bindings[address] = _unproven(current, after) if address in unseen else after
            used.pop(address, None)  # where nothing was made, what was used once stays used
    for address in plan.forgotten:
        if _is_gone(address, bindings.get(address), steps.get(address, []), plan, progress):
            used[address] = max(used.get(address, 0), bindings.pop(address).generation)
    is_whole = all(step.id in progress.done for step in plan.steps)
    last_applied = state.last_applied
    if progress.digest:
        last_applied = plan_name(progress.digest, plan) if is_whole else ""
    return evolve(
        state,
        bindings=bindings,
        used=used,
        last_applied=last_applied,
        arrived={} if is_whole and plan.complete else _arrived(state.arrived, plan, progress, parts_arrived(entries)),
        keeps_parents=state.keeps_parents or keeps_parents,
        developed=developed_after(state.developed, plan, progress, unseen if is_read_back else changes),
        storage_is_full=not is_whole and _is_full(entries, progress, before=state.storage_is_full),
        folded=(*state.folded, run_id),
    )


def _unproven(current: Binding | None, after: Binding) -> Binding:
    """What is known of an address where the read-back did not find what was done: not its order, not who is in it."""
    after = evolve(after, seen=None)
    if after.arranged is None:
        return after
    is_made_anew = current is None or current.album_id != after.album_id
    before = current.arranged if current is not None else None
    return evolve(after, arranged=_arranged(before, after.arranged, (), is_made_anew=is_made_anew))


def _is_gone(address: Address, current: Binding | None, steps: Sequence[Step], plan: Plan, progress: Progress) -> bool:
    """Tell whether an address that the plan forgets is forgotten: all its steps are done, and nothing came between."""
    if current is None or any(step.id not in progress.done for step in steps):
        return False
    gone = {step.action.album_id for step in steps if isinstance(step.action, DeleteAlbum)}
    return binding_fingerprint(current) == plan.bases.get(address, "") or current.album_id in gone


def _moved_by_now(plan: Plan, steps: Mapping[Address, Sequence[Step]], progress: Progress) -> Former:
    """The addresses that are others since: not where something was to be done, and nothing of it was begun."""
    return {
        address: former
        for address, former in plan.moved.items()
        if not steps.get(address) or any(step.id in progress.begun for step in steps[address])
    }


def state_of(plan: Plan, state: State | None, moved: Former = NO_FORMER) -> State:
    """The state to go on from. One that remembers nothing is of nobody: runs that did nothing may be of any account."""
    if state is not None and not state.is_blank:
        return inherited(state, plan.project, former=moved, previous=plan.previous_projects)
    blank = State(
        account_id=plan.account_id, catalog_id=plan.catalog_id, service_id=plan.service_id, project=plan.project
    )
    if state is None:
        return blank
    return evolve(
        blank,
        arrived=state.arrived,
        developed=state.developed,
        storage_is_full=state.storage_is_full,
        folded=state.folded,
    )


def _arrived(
    before: Mapping[AssetId, tuple[str, ...]],
    plan: Plan,
    progress: Progress,
    now: Mapping[AssetId, frozenset[str]],
) -> Mapping[AssetId, tuple[str, ...]]:
    """What was begun to be sent, and the parts of it that have arrived; without what was sent to its end."""
    uploads = {step.id: step.action.asset_id for step in plan.steps if isinstance(step.action, UploadOriginal)}
    done = _meant((asset_id for step_id, asset_id in uploads.items() if step_id in progress.done), progress)
    begun = _meant((asset_id for step_id, asset_id in uploads.items() if step_id in progress.begun), progress)
    return {
        asset_id: tuple(sorted({*before.get(asset_id, ()), *now.get(asset_id, ())}))
        for asset_id in sorted({*before, *now, *begun} - done)
    }


def _meant(planned: Iterable[AssetId], progress: Progress) -> set[AssetId]:
    """Ids of the plan, and what they turned out to stand for."""
    ids = set(planned)
    return {*ids, *(AssetId(progress.actual.get(asset_id, asset_id)) for asset_id in ids)}


def _is_full(entries: Iterable[Entry], progress: Progress, *, before: bool) -> bool:
    """A run that came to its end has done without uploads what could be done: the next one tries them again."""
    return storage_was_full(entries) or (before and progress.ended not in ENDED_BY_ITSELF)


def _settled(
    steps: Iterable[Step], before: Binding | None, target: Binding, progress: Progress, blocked: frozenset[AssetId]
) -> Binding:
    """The binding as planned, with the ids that were really used; put is only what was put before or sent now."""
    sent = {
        photo.asset_id
        for step in steps
        if isinstance(step.action, AddMembers) and step.id in progress.begun
        for photo in step.action.photos
    }
    known = sent | blocked | set(before.put if before is not None else ())
    put = tuple(asset_id for asset_id in target.put if asset_id in known)
    album = _actual_album(target.album_id, progress)
    cover = target.applied.cover
    return evolve(
        target,
        album_id=album,
        generation=max(target.generation, _generation(album, target)),
        put=_actual(put, progress),
        arranged=_actual(target.arranged, progress) if target.arranged is not None else None,
        seen=_actual(target.seen, progress) if target.seen is not None else None,
        applied=evolve(target.applied, cover=_actual((cover,), progress)[0]) if cover is not None else target.applied,
    )


def _joined(current: Binding | None, settled: Binding, taken_out: Collection[AssetId]) -> Binding:
    """What two runs that did not know of each other know together; the newer generation is the album."""
    if current is None:
        return settled
    newer = settled if settled.generation >= current.generation else current
    gone = frozenset(taken_out)
    put = (*settled.put, *(asset_id for asset_id in current.put if asset_id not in gone))
    both = _carefully(newer, current if newer is settled else settled)
    return evolve(both, put=tuple(dict.fromkeys(put)), seen=None, known_as={**current.known_as, **settled.known_as})


def _carefully(one: Binding, other: Binding) -> Binding:
    """*one*, with what takes least away of what either of the two says for the time when its entry is gone.

    Which of the two was applied last nobody can tell. What something was begun with is looked at again, also where it
    was to be let go.
    """
    return evolve(
        one,
        when_gone=more_careful(one.when_gone, other.when_gone),
        protect=one.protect or other.protect,
        gone=one.gone and other.gone,
    )


def _partial(
    steps: Sequence[Step],
    before: Binding | None,
    target: Binding,
    progress: Progress,
    blocked: frozenset[AssetId],
    members: MemberChange,
) -> Binding | None:
    """What is known of an address whose steps did not all end: what it was, with what may have been put into it.

    An album that may have been made is bound too: if it turns out to be there, it is lrplan's to finish or to delete.
    Only that its generation was used is not proven. Photos that are *blocked* were members of an album that may be gone
    by now; so they count as put, as they do at the end of the plan.
    """
    if not any(step.id in progress.begun for step in steps):
        return before
    base = before if before is not None else Binding(album_id=AlbumId(""), generation=UNUSED)
    put: dict[AssetId, None] = dict.fromkeys(base.put)
    album, generation = base.album_id or None, base.generation
    added: set[AssetId] = set()
    fresh: set[AlbumId] = set()
    is_made_anew = False
    for step in steps:
        action = step.action
        if isinstance(action, CreateAlbum):
            created = _actual_album(action.album_id, progress)
            fresh.add(action.album_id)
            is_made = bool({created, action.album_id} & progress.made)
            if is_made or created in progress.doubted:
                generation = max(generation, _generation(created, target) - (not is_made))
                album = album or _taken_over(action) or created
        elif isinstance(action, AddMembers) and step.id in progress.begun:
            refused = progress.refused.get(step.id, frozenset())
            sent = (p.asset_id for p in action.photos if not p.carried)
            put.update(dict.fromkeys(a for a in _actual(sent, progress) if a not in refused))
            added.update(_actual((p.asset_id for p in action.photos), progress))
            filled = _actual_album(action.album_id, progress)
            generation = max(generation, _generation(filled, target))
            album = album or filled
            is_made_anew |= action.album_id in fresh or filled != (base.album_id or filled)  # or an earlier run made it
        elif isinstance(action, DeleteAlbum):
            album = album or action.album_id
    if album is None:
        return before
    if any(isinstance(step.action, RetireAlbum) for step in steps):
        put.update(dict.fromkeys(sorted(blocked)))
    kept = added | set(members.after if fresh else ())
    planned = _actual(target.arranged, progress) if target.arranged is not None else None
    known_as = {asset_id: name for asset_id, name in target.known_as.items() if asset_id in put}
    newest = _generation(_actual_album(target.album_id, progress), target)
    return evolve(
        _carefully(base, target),
        album_id=album,
        generation=generation,
        put=tuple(put),
        arranged=_arranged(base.arranged, planned, put.keys() - members.before, is_made_anew=is_made_anew),
        seen=None,
        known_as={**base.known_as, **known_as},
        leaving=_leaving(base.leaving, kept, members.removed, newest),
    )


def _taken_over(action: CreateAlbum) -> AlbumId | None:
    """The album that a creation replaces, if nothing in its id tells that it is of this address; else None.

    It stays bound until it is gone: only that tells the two from two albums that have nothing to do with each other.
    """
    if action.replaces is None or are_of_one_address(action.replaces, action.album_id):
        return None
    return action.replaces


def _leaving(
    before: Mapping[AssetId, int], kept: Container[AssetId], taken_out: Iterable[AssetId], newest: int
) -> Mapping[AssetId, int]:
    """What replacements under way leave behind: what an earlier one did and this one does not keep, and this one."""
    still = {asset_id: since for asset_id, since in before.items() if asset_id not in kept}
    return {**dict.fromkeys(taken_out, newest), **still}


def _arranged(
    before: tuple[AssetId, ...] | None,
    planned: tuple[AssetId, ...] | None,
    put: Container[AssetId],
    *,
    is_made_anew: bool,
) -> tuple[AssetId, ...] | None:
    """The order that lrplan last made, with the photos that are new since and that it may have *put* there.

    If the plan asked for another one, an album that is made anew is in neither of the two, and what is there may not be
    taken for the work of a person. A photo that was there already, put by somebody else, is in neither order as long as
    the old album is there too.
    """
    if before is None or planned is None or not same_order(before, planned):
        return None if is_made_anew else before
    known = set(before)
    return with_kept(before, [a for a in planned if a in put and a not in known], planned)


def _actual(ids: Iterable[AssetId], progress: Progress) -> tuple[AssetId, ...]:
    return tuple(dict.fromkeys(AssetId(progress.actual.get(a, a)) for a in ids))


def _actual_album(planned: AlbumId, progress: Progress) -> AlbumId:
    return AlbumId(progress.actual.get(planned, planned))


def _generation(album: AlbumId, target: Binding) -> int:
    """The generation of an album that the plan works in: the one of its *target*, or one that stands for that."""
    if album == target.album_id:
        return target.generation
    derived = read_album_id(album)
    return derived.generation if derived is not None else 0

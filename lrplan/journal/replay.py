"""
What a journal proves about a plan that was being applied.

A run writes one entry before it sends a request and one after it has understood the answer. If it dies in between, the
journal cannot tell whether the catalog changed, and this module does not guess: such a request is *in doubt*. Doubt is
harmless here. Ids are derived, so sending again what was sent is the same as not having sent it; and a photo that may
have been added counts as put there by lrplan, which only matters if it turns out to be in the album.
"""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence

from attrs import evolve, field, frozen

from lrplan.diff.sequence import same_order, with_kept
from lrplan.journal.entries import Ended, Entry, Intent, Outcome, Settled, Started, StepDone
from lrplan.model.address import Address
from lrplan.model.fingerprint import binding_fingerprint
from lrplan.model.ids import AlbumId, AssetId, read_album_id
from lrplan.model.state import Binding, State
from lrplan.plan.action import AddMembers, CreateAlbum, DeleteAlbum, RetireAlbum, Step, UploadOriginal
from lrplan.plan.plan import Plan

MADE = frozenset({"accepted", "exists"})
ENDED_WELL = frozenset({"done", "already"})
UNUSED = -1  # the generation before the first


@frozen(kw_only=True)
class Progress:
    """What is proven of one run.

    Attributes:
        done: Steps that ended well.
        begun: Steps of which at least one request may have been sent.
        stamps: The instant that went into each request, by its name; reused when it is sent again.
        made: Albums whose creation was answered well.
        doubted: Albums of requests that were not answered.
        refused: Photos that an `AddMembers` was told are not in, by step.
        actual: Ids of the plan that turned out to stand for others.
        digest: Of the plan, as the first line names it; "" without one.
        sent: Whether any writing request may have gone out.
        ended: How the run said it ended; None for one that was cut off.
    """

    done: frozenset[str] = frozenset()
    begun: frozenset[str] = frozenset()
    stamps: Mapping[str, str] = field(factory=dict)
    made: frozenset[AlbumId] = frozenset()
    doubted: frozenset[AlbumId] = frozenset()
    refused: Mapping[str, frozenset[AssetId]] = field(factory=dict)
    actual: Mapping[str, str] = field(factory=dict)
    digest: str = ""
    sent: bool = False
    ended: str | None = None


def replay(entries: Iterable[Entry]) -> Progress:
    """Read a journal from its start."""
    done: set[str] = set()
    stamps: dict[str, str] = {}
    intents: dict[str, Intent] = {}
    before: dict[str, Intent | None] = {}
    made: set[AlbumId] = set()
    answered: set[str] = set()
    refused: dict[str, frozenset[AssetId]] = {}
    actual: dict[str, str] = {}
    ended, digest = None, ""
    for entry in entries:
        match entry:
            case Started():
                digest = entry.digest
            case Intent():
                before[entry.write] = intents.get(entry.write)
                intents[entry.write] = entry
                stamps.setdefault(entry.write, entry.stamp)
            case Outcome(result="unsent"):
                # it stands as an earlier run left it, which may have sent it and not have heard
                earlier = before.get(entry.write)
                if earlier is not None:
                    intents[entry.write] = earlier
                else:
                    intents.pop(entry.write, None)
            case Outcome():
                answered.add(entry.write)
                intent = intents.get(entry.write)
                if intent is not None and entry.result in MADE and intent.album_id is not None:
                    made.add(intent.album_id)
                if intent is not None and entry.asset_ids:
                    refused[intent.step_id] = refused.get(intent.step_id, frozenset()) | set(entry.asset_ids)
            case Settled():
                actual[entry.planned] = entry.actual
            case StepDone():
                if entry.result in ENDED_WELL:
                    done.add(entry.step_id)
            case Ended():
                ended = entry.result
    return Progress(
        done=frozenset(done),
        begun=frozenset(intent.step_id for intent in intents.values()),
        stamps=stamps,
        made=frozenset(made),
        doubted=frozenset(
            intent.album_id
            for write, intent in intents.items()
            if intent.album_id is not None and write not in answered
        ),
        refused=refused,
        actual=actual,
        digest=digest,
        sent=bool(intents),
        ended=ended,
    )


def parts_arrived(entries: Iterable[Entry]) -> Mapping[AssetId, frozenset[str]]:
    """The parts of originals that one run was told have arrived: their ranges, by asset."""
    intents: dict[str, Intent] = {}
    arrived: dict[AssetId, set[str]] = {}
    for entry in entries:
        if isinstance(entry, Intent) and entry.content_range:
            intents[entry.write] = entry
        if isinstance(entry, Outcome) and entry.result == "accepted" and entry.write in intents:
            intent = intents[entry.write]
            for asset_id in intent.asset_ids:
                arrived.setdefault(asset_id, set()).add(intent.content_range)
    return {asset_id: frozenset(ranges) for asset_id, ranges in arrived.items()}


def fold(state: State | None, run_id: str, plan: Plan, entries: Iterable[Entry]) -> State:
    """Make what one run proves part of the state. A run that the state names already changes nothing."""
    if state is None:
        state = State(
            account_id=plan.account_id,
            catalog_id=plan.catalog_id,
            service_id=plan.service_id,
            project=plan.project,
        )
    if run_id in state.folded:
        return state
    progress = replay(entries)
    steps: dict[Address, list[Step]] = {}
    for step in plan.steps:
        if not isinstance(step.action, UploadOriginal):
            steps.setdefault(step.action.address, []).append(step)
    bindings, used = dict(state.bindings), dict(state.used)
    changes = {change.address: change for change in plan.changes}
    for address, target in plan.targets.items():
        own, current, change = steps.get(address, []), bindings.get(address), changes.get(address)
        blocked = frozenset(photo.asset_id for photo in change.blocked if not photo.code) if change else frozenset()
        taken_out = change.members.removed if change is not None and change.members is not None else ()
        if any(step.id not in progress.done for step in own):
            after = _partial(own, current, target, progress, blocked, taken_out)
        elif binding_fingerprint(current) == plan.bases.get(address, ""):
            after = _settled(own, current, target, progress, blocked)
        elif own:
            after = _joined(current, _settled(own, current, target, progress, blocked), taken_out)
        else:
            after = current  # another run was there since, and this one did nothing here
        if after is not None:
            bindings[address] = after
            used.pop(address, None)  # where nothing was made, what was used once stays used
    for address in plan.forgotten:
        own, current = steps.get(address, []), bindings.get(address)
        if current is None or any(step.id not in progress.done for step in own):
            continue
        gone = {step.action.album_id for step in own if isinstance(step.action, DeleteAlbum)}
        if binding_fingerprint(current) == plan.bases.get(address, "") or current.album_id in gone:
            used[address] = max(used.get(address, 0), bindings.pop(address).generation)
    last_applied = state.last_applied
    if progress.digest:
        is_whole = all(step.id in progress.done for step in plan.steps)
        last_applied = plan_name(progress.digest, plan) if is_whole else ""
    return evolve(state, bindings=bindings, used=used, last_applied=last_applied, folded=(*state.folded, run_id))


def plan_name(digest: str, plan: Plan) -> str:
    """Names this very plan; another with the same digest, made later, has found the catalog the same once more."""
    return f"{digest}@{plan.created_at}"


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
    album = AlbumId(progress.actual.get(target.album_id, target.album_id))
    cover = target.applied.cover
    return evolve(
        target,
        album_id=album,
        generation=max(target.generation, _generation(album)),
        put=_actual(put, progress),
        arranged=_actual(target.arranged, progress) if target.arranged is not None else None,
        applied=evolve(target.applied, cover=_actual((cover,), progress)[0]) if cover is not None else target.applied,
    )


def _joined(current: Binding | None, settled: Binding, taken_out: Collection[AssetId]) -> Binding:
    """What two runs that did not know of each other know together; the newer generation is the album."""
    if current is None:
        return settled
    newer = settled if settled.generation >= current.generation else current
    gone = frozenset(taken_out)
    put = (*settled.put, *(asset_id for asset_id in current.put if asset_id not in gone))
    return evolve(newer, put=tuple(dict.fromkeys(put)), known_as={**current.known_as, **settled.known_as})


def _partial(
    steps: Sequence[Step],
    before: Binding | None,
    target: Binding,
    progress: Progress,
    blocked: frozenset[AssetId],
    taken_out: Sequence[AssetId],
) -> Binding | None:
    """What is known of an address whose steps did not all end: what it was, with what may have been put into it.

    An album that may have been made is bound too: if it turns out to be there, it is lrplan's to finish or to delete.
    Only that its generation was used is not proven. Photos that are *blocked* were members of an album that may be gone
    by now; so they count as put, as they do at the end of the plan.
    """
    if not any(step.id in progress.begun for step in steps):
        return before
    put: dict[AssetId, None] = dict.fromkeys(before.put if before is not None else ())
    arranged = before.arranged if before is not None else None
    album = before.album_id if before is not None else None
    generation = before.generation if before is not None else UNUSED
    added: set[AssetId] = set()
    fresh: set[AlbumId] = set()
    is_made_anew = False
    for step in steps:
        action = step.action
        if isinstance(action, CreateAlbum):
            created = AlbumId(progress.actual.get(action.album_id, action.album_id))
            fresh.add(action.album_id)
            if created in progress.made or action.album_id in progress.made:
                generation = max(generation, _generation(created))
                album = album or created
            elif created in progress.doubted:
                generation = max(generation, _generation(created) - 1)
                album = album or created
        elif isinstance(action, AddMembers) and step.id in progress.begun:
            refused = progress.refused.get(step.id, frozenset())
            photos = tuple(p.asset_id for p in action.photos if not p.carried)
            sent = [a for a in _actual(photos, progress) if a not in refused]
            put.update(dict.fromkeys(sent))
            added.update(sent)
            filled = AlbumId(progress.actual.get(action.album_id, action.album_id))
            generation = max(generation, _generation(filled))
            album = album or filled
            is_made_anew = is_made_anew or action.album_id in fresh
        elif isinstance(action, DeleteAlbum):
            album = album or action.album_id
    if album is None:
        return before
    leaving = before.leaving if before is not None else ()
    if any(isinstance(step.action, RetireAlbum) for step in steps):
        put.update(dict.fromkeys(sorted(blocked)))
        leaving = tuple(dict.fromkeys((*(a for a in leaving if a not in added), *taken_out)))
    planned = _actual(target.arranged, progress) if target.arranged is not None else None
    arranged = _arranged(arranged, planned, put, is_made_anew=is_made_anew)
    base = before if before is not None else Binding(album_id=album, generation=generation)
    known_as = {asset_id: name for asset_id, name in target.known_as.items() if asset_id in put}
    return evolve(
        base,
        album_id=album,
        generation=generation,
        put=tuple(put),
        arranged=arranged,
        known_as={**base.known_as, **known_as},
        leaving=leaving,
    )


def _arranged(
    before: tuple[AssetId, ...] | None,
    planned: tuple[AssetId, ...] | None,
    put: Container[AssetId],
    *,
    is_made_anew: bool,
) -> tuple[AssetId, ...] | None:
    """The order that lrplan last made, with what it may have put there since.

    If the plan asked for another one, an album that is made anew is in neither of the two, and what is there may not be
    taken for the work of a person.
    """
    if before is None or planned is None or not same_order(before, planned):
        return None if is_made_anew else before
    known = set(before)
    return with_kept(before, [a for a in planned if a in put and a not in known], planned)


def _actual(ids: tuple[AssetId, ...], progress: Progress) -> tuple[AssetId, ...]:
    return tuple(dict.fromkeys(AssetId(progress.actual.get(a, a)) for a in ids))


def _generation(album: AlbumId) -> int:
    derived = read_album_id(album)
    return derived.generation if derived is not None else 0

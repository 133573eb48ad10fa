"""
The story of `lrplan plan`: read the files, read the catalog, find the photos, compare, build, judge.

Nothing is changed, here or there; the state is only read, together with the journals of runs that were cut off.
"""

import asyncio
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from attrs import evolve, field, frozen

from lrplan.diagnostics import Diagnostic, Failure, Severity, has_errors
from lrplan.diff.compare import compare, tell_moves
from lrplan.journal.fold import fold
from lrplan.manifest.entries import Manifest
from lrplan.manifest.pausing import without_paused
from lrplan.model.address import Address
from lrplan.model.develop import Developed
from lrplan.model.ids import AssetId
from lrplan.model.inheritance import inherited
from lrplan.model.inventory import Inventory
from lrplan.model.scope import WHOLE, Scope
from lrplan.model.state import State, recognised
from lrplan.plan.build import build_plan
from lrplan.plan.guard import refusals
from lrplan.plan.plan import Plan
from lrplan.ports import Memory
from lrplan.resolve.develop import mistaken_xmp, settings_to_read
from lrplan.resolve.files import mistaken_uploads
from lrplan.resolve.lineage import check_lineage, newly_moved
from lrplan.resolve.partial import narrowed, planned_of, without_effect
from lrplan.resolve.resolve import resolve
from lrplan.resolve.wanted import Wish, expand
from lrplan.workflow.inventory import read_inventory
from lrplan.workflow.reading import Reading, read_catalog
from lrplan.workflow.settings import with_settings
from lrplan.workflow.surroundings import Surroundings

NOTHING_ALLOWED: Mapping[str, int] = MappingProxyType({})


@frozen(kw_only=True)
class PlanResult:
    """A plan, and what speaks against carrying it out (empty when nothing does)."""

    plan: Plan
    refusals: tuple[Diagnostic, ...] = field(factory=tuple)


async def plan(
    manifest: Manifest,
    around: Surroundings,
    *,
    allow: Mapping[str, int] = NOTHING_ALLOWED,
    scope: Scope = WHOLE,
) -> PlanResult:
    """Work out what would make the live catalog match the manifests.

    Args:
        allow: Limits to lift, by name, to a number.
        scope: Which part of the project to plan; what else it holds is left as it is, here and there.

    Raises:
        Failure: The wish cannot be met, and then all mistakes are named; or the service, the credentials or the memory
            fail, and what is wrong with local files whatever the catalog holds is told before that; LRP901, *scope*
            names nothing.
    """
    manifest = without_paused(manifest)
    if not scope.is_whole:
        _check_scope(scope, manifest, around.memory)  # before originals are read, which may take long
    read = await _read(manifest, around, scope)
    reading, state = read.reading, read.state
    desired, said = resolve(
        manifest,
        read.wishes,
        read.inventory,
        reading.snapshot,
        owner=reading.owner,
        generations=reading.generations,
        state=state,
        developed=read.developed,
        storage_is_full=read.storage_is_full,
        scope=scope,
    )
    if has_errors((*read.said, *said)):
        desired = evolve(desired, develop={})  # the plan cannot be made: what they are needs not be read
    snapshot = await with_settings(reading.snapshot, settings_to_read(desired, read.developed), around)
    comparison = compare(
        desired, snapshot, state, owner=reading.owner, generations=reading.generations, developed=read.developed
    )
    comparison = tell_moves(comparison, newly_moved(manifest.former, read.raw, reading.generations))
    mistakes = (*read.said, *_said_of_ids(planned_of(manifest, scope), read), *said, *comparison.said)
    if has_errors(mistakes):
        raise Failure(*sorted(mistakes, key=_place))
    made = build_plan(
        evolve(comparison, said=tuple(one for one in mistakes if one.severity is Severity.WARNING)),
        desired,
        snapshot,
        state,
        project=manifest.project.name,
        manifests_digest=manifest.digest,
        created_at=around.clock.now(),
        allowed=dict(allow),
        concurrency=manifest.project.api.concurrency,
        rate=manifest.project.api.rate,
    )
    made = evolve(made, moved=manifest.former, previous_projects=manifest.project.previous)
    return PlanResult(plan=made, refusals=refusals(made, manifest.project.limits, snapshot.account))


@frozen(kw_only=True)
class _Read:
    """What a plan is made from.

    Attributes:
        said: What is wrong with the lists.
        raw: What is remembered, by the addresses and the name of then; None for nothing.
        state: The same, as the project knows it now: see `known_to`.
        developed: What is remembered of develop settings.
    """

    wishes: Mapping[Address, Wish]
    inventory: Inventory
    said: tuple[Diagnostic, ...]
    raw: State | None
    state: State | None
    developed: Mapping[AssetId, Developed]
    storage_is_full: bool
    reading: Reading


async def _read(manifest: Manifest, around: Surroundings, scope: Scope) -> _Read:
    """Read the files, the memory and the catalog, each as far as *scope* needs it."""
    part = narrowed(manifest, scope)
    inventory = await asyncio.to_thread(read_inventory, part, around)
    wishes, said = expand(part, inventory)
    try:
        found = effective_state(around.memory)
        raw = recognised(found, (*manifest.sets, *manifest.albums)) if found and not found.is_blank else None
        state = known_to(manifest, raw)
        begun = found.arrived if found is not None else {}
        reading = await read_catalog(
            manifest, wishes, inventory, around.service_id, state, around, begun=begun, scope=scope
        )
    except Failure as failure:
        raise Failure(*said_of_files(wishes, inventory, said), *failure.diagnostics) from failure
    return _Read(
        wishes=wishes,
        inventory=inventory,
        said=said,
        raw=raw,
        state=state,
        developed=found.developed if found is not None else {},
        storage_is_full=found is not None and found.storage_is_full,
        reading=reading,
    )


def said_of_files(
    wishes: Mapping[Address, Wish], inventory: Inventory, said_of_lists: Sequence[Diagnostic]
) -> list[Diagnostic]:
    """What is wrong with local files whatever the catalog holds, by place."""
    mistakes = (*said_of_lists, *mistaken_uploads(wishes, inventory), *mistaken_xmp(wishes, inventory))
    return sorted(mistakes, key=_place)


def known_to(manifest: Manifest, state: State | None) -> State | None:
    """What is remembered, as the project knows it by its name and its addresses of now; None for nothing."""
    if state is None or state.is_blank:
        return None
    known = recognised(state, (*manifest.sets, *manifest.albums))
    return inherited(known, manifest.project.name, former=manifest.former, previous=manifest.project.previous)


def _said_of_ids(planned: Manifest, read: _Read) -> tuple[Diagnostic, ...]:
    reading = read.reading
    return check_lineage(
        planned,
        read.state,
        reading.snapshot.albums,
        reading.foreign,
        owner=reading.owner,
        claims=reading.claims,
        generations=reading.generations,
    )


def effective_state(memory: Memory) -> State | None:
    """The state with every recorded run that is not yet part of it folded in; None when there is neither."""
    runs = memory.runs()  # first: what an apply makes part of the state meanwhile is then in the state, or here
    state = memory.load_state()
    for run in runs:
        state = fold(state, run.id, run.plan, run.entries)
    return state


def remembered_state(memory: Memory) -> State | None:
    """As `effective_state`; None also where it remembers nothing."""
    state = effective_state(memory)
    return None if state is None or state.is_blank else state


def _check_scope(scope: Scope, manifest: Manifest, memory: Memory) -> None:
    """See that *scope* names something of what is declared or remembered. Failure LRP901, or what memory raises.

    What is gone is remembered too, and what has moved is known by its old address: the same words mean something after
    an apply as they did before.
    """
    state = effective_state(memory)
    remembered = (*state.bindings, *state.used) if state is not None else ()
    former = (old for chain in manifest.former.values() for old in chain)
    if said := without_effect(scope, {*manifest.sets, *manifest.albums, *remembered, *former}):
        raise Failure(*said)


def _place(said: Diagnostic) -> tuple[str, int, int]:
    return (said.span.file, said.span.line, said.span.column) if said.span is not None else ("", 0, 0)

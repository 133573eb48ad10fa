"""
The story of `lrplan plan`: read the files, read the catalog, find the photos, compare, build, judge.

Nothing is changed, here or there; the state is only read, together with the journals of runs that were cut off.
"""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType

from attrs import evolve, field, frozen

from lrplan.diagnostics import Diagnostic, Failure, Severity, has_errors
from lrplan.diff.compare import compare
from lrplan.journal.fold import fold
from lrplan.manifest.entries import Manifest
from lrplan.model.address import Address
from lrplan.model.inventory import Inventory
from lrplan.model.scope import WHOLE, Scope
from lrplan.model.state import State
from lrplan.plan.build import build_plan
from lrplan.plan.guard import refusals
from lrplan.plan.plan import Plan
from lrplan.ports import Memory
from lrplan.resolve.files import mistaken_uploads
from lrplan.resolve.partial import narrowed, without_effect
from lrplan.resolve.resolve import resolve
from lrplan.resolve.wanted import Wish, expand
from lrplan.workflow.reading import Reading, read_catalog, read_inventory
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
    if not scope.is_whole:
        _check_scope(scope, manifest, around.memory)  # before originals are read, which may take long
    read = await _read(manifest, around, scope)
    snapshot, state = read.reading.snapshot, read.state
    desired, said = resolve(
        manifest,
        read.wishes,
        read.inventory,
        snapshot,
        owner=read.reading.owner,
        generations=read.reading.generations,
        state=state,
        storage_is_full=read.storage_is_full,
        scope=scope,
    )
    comparison = compare(desired, snapshot, state, owner=read.reading.owner, generations=read.reading.generations)
    mistakes = (*read.said, *said, *comparison.said)
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
    return PlanResult(plan=made, refusals=refusals(made, manifest.project.limits, snapshot.account))


@frozen(kw_only=True)
class _Read:
    """What a plan is made from. *said* is of the lists; *state* is None where nothing is remembered."""

    wishes: Mapping[Address, Wish]
    inventory: Inventory
    said: tuple[Diagnostic, ...]
    state: State | None
    storage_is_full: bool
    reading: Reading


async def _read(manifest: Manifest, around: Surroundings, scope: Scope) -> _Read:
    """Read the files, the memory and the catalog, each as far as *scope* needs it."""
    part = narrowed(manifest, scope)
    inventory = await asyncio.to_thread(read_inventory, part, around)
    wishes, said = expand(part, inventory)
    try:
        state = effective_state(around.memory)
        is_full = state is not None and state.storage_is_full
        begun = state.arrived if state is not None else {}
        if state is not None and state.is_blank:
            state = None
        reading = await read_catalog(
            part, wishes, inventory, around.service_id, state, around, begun=begun, scope=scope
        )
    except Failure as failure:
        local = sorted((*said, *mistaken_uploads(wishes, inventory)), key=_place)
        if not local:
            raise
        raise Failure(*local, *failure.diagnostics) from failure
    return _Read(wishes=wishes, inventory=inventory, said=said, state=state, storage_is_full=is_full, reading=reading)


def effective_state(memory: Memory) -> State | None:
    """The state with every recorded run that is not yet part of it folded in; None when there is neither."""
    runs = memory.runs()  # first: what an apply makes part of the state meanwhile is then in the state, or here
    state = memory.load_state()
    for run in runs:
        state = fold(state, run.id, run.plan, run.entries)
    return state


def _check_scope(scope: Scope, manifest: Manifest, memory: Memory) -> None:
    """See that *scope* names something of what is declared or remembered. Failure LRP901, or what memory raises.

    What is gone is remembered too: the same words mean something after an apply as they did before.
    """
    state = effective_state(memory)
    remembered = (*state.bindings, *state.used) if state is not None else ()
    if said := without_effect(scope, {*manifest.sets, *manifest.albums, *remembered}):
        raise Failure(*said)


def _place(said: Diagnostic) -> tuple[str, int, int]:
    return (said.span.file, said.span.line, said.span.column) if said.span is not None else ("", 0, 0)

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
from lrplan.model.state import State, recognised
from lrplan.plan.build import build_plan
from lrplan.plan.guard import refusals
from lrplan.plan.plan import Plan
from lrplan.ports import Memory
from lrplan.resolve.files import mistaken_uploads
from lrplan.resolve.resolve import resolve
from lrplan.resolve.wanted import expand
from lrplan.workflow.reading import read_catalog, read_inventory
from lrplan.workflow.surroundings import Surroundings

NOTHING_ALLOWED: Mapping[str, int] = MappingProxyType({})


@frozen(kw_only=True)
class PlanResult:
    """A plan, and what speaks against carrying it out (empty when nothing does)."""

    plan: Plan
    refusals: tuple[Diagnostic, ...] = field(factory=tuple)


async def plan(manifest: Manifest, around: Surroundings, *, allow: Mapping[str, int] = NOTHING_ALLOWED) -> PlanResult:
    """Work out what would make the live catalog match the manifests.

    Args:
        allow: Limits to lift, by name, to a number.

    Raises:
        Failure: The wish cannot be met, and then all mistakes are named; or the service, the credentials or the memory
            fail, and what is wrong with local files whatever the catalog holds is told before that.
    """
    inventory = await asyncio.to_thread(read_inventory, manifest, around)
    wishes, said_of_lists = expand(manifest, inventory)
    try:
        state = effective_state(around.memory)
        is_full = state is not None and state.storage_is_full
        begun = state.arrived if state is not None else {}
        if state is not None:
            state = None if state.is_blank else recognised(state, (*manifest.sets, *manifest.albums))
        reading = await read_catalog(manifest, wishes, inventory, around.service_id, state, around, begun=begun)
    except Failure as failure:
        local = sorted((*said_of_lists, *mistaken_uploads(wishes, inventory)), key=_place)
        if not local:
            raise
        raise Failure(*local, *failure.diagnostics) from failure
    desired, said = resolve(
        manifest,
        wishes,
        inventory,
        reading.snapshot,
        owner=reading.owner,
        generations=reading.generations,
        state=state,
        storage_is_full=is_full,
    )
    comparison = compare(desired, reading.snapshot, state, owner=reading.owner, generations=reading.generations)
    mistakes = (*said_of_lists, *said, *comparison.said)
    if has_errors(mistakes):
        raise Failure(*sorted(mistakes, key=_place))
    made = build_plan(
        evolve(comparison, said=tuple(one for one in mistakes if one.severity is Severity.WARNING)),
        desired,
        reading.snapshot,
        state,
        project=manifest.project.name,
        manifests_digest=manifest.digest,
        created_at=around.clock.now(),
        allowed=dict(allow),
        concurrency=manifest.project.api.concurrency,
        rate=manifest.project.api.rate,
    )
    return PlanResult(plan=made, refusals=refusals(made, manifest.project.limits, reading.snapshot.account))


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


def _place(said: Diagnostic) -> tuple[str, int, int]:
    return (said.span.file, said.span.line, said.span.column) if said.span is not None else ("", 0, 0)

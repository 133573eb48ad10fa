"""
What an apply takes from memory and leaves there, around the run itself.

The rule: at most one run waits to be gone on with. As soon as another has begun, and holds in its own journal what it
takes over, the runs before it become part of the state. So what has to be read does not grow with every apply, however
often something keeps failing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from attrs import evolve

from lrplan.diagnostics import Failure
from lrplan.formats.plan import plan_digest
from lrplan.journal.fold import fold
from lrplan.journal.replay import plan_name
from lrplan.model.ids import AssetId
from lrplan.model.state import State
from lrplan.plan.plan import Plan
from lrplan.ports import Memory, Run


@contextmanager
def nothing_sent() -> Iterator[None]:
    """While nothing was sent, a memory that cannot be written leaves no run that could be finished.

    Raises:
        Failure: LRP108 in the place of LRP706.
    """
    try:
        yield
    except Failure as failure:
        told = (evolve(said, code="LRP108") if said.code == "LRP706" else said for said in failure.diagnostics)
        raise Failure(*told) from failure


def earlier_runs(runs: Iterable[Run], name: str) -> tuple[Run, ...]:
    """Those of *runs*, which are not part of the state, that carried out the plan of that *name*, oldest first.

    None of them ended well. All of them count: one that was cut off soon after it began knows nothing of what those
    before it had begun. A plan that was made later does not go on with them, even if it comes to the same: it saw the
    catalog as they had left it, and what it lists is due.
    """
    return tuple(run for run in runs if plan_name(plan_digest(run.plan), run.plan) == name)


def parts_known(state: State | None) -> Mapping[AssetId, frozenset[str]]:
    """The parts of originals that earlier runs were told have arrived.

    The plans of these runs may be any: an original is known by its asset, whose id follows from its bytes.
    """
    known = state.arrived if state is not None else {}
    return {asset_id: frozenset(ranges) for asset_id, ranges in known.items()}


def settle_earlier(state: State | None, runs: Sequence[Run], memory: Memory) -> State | None:
    """Make the runs before the one that has begun part of the state, for none of them will be gone on with any more.

    What one of the very same plan proved stands in the journal of the new run by now; what another plan had in mind is
    outdated.

    Args:
        state: What is remembered, *runs* included.

    Returns:
        What is remembered from now on.

    Raises:
        Failure: LRP706, it could not be written.
    """
    if state is None or not runs:
        return state
    if state.is_blank:  # it must not look as if something had been remembered
        memory.save_state(state)
        return state
    return save(state, memory)


def remember_bindings(state: State | None, plan: Plan, run_id: str, memory: Memory) -> None:
    """Nothing had to be done; what the plan found out about bindings is still worth keeping."""
    known = evolve(fold(state, run_id, plan, ()), folded=state.folded if state is not None else ())
    if known != state or memory.runs():
        save(known, memory)


def save(state: State, memory: Memory) -> State:
    """Replace the state, and return it as it was written.

    Raises:
        Failure: LRP706.
    """
    saved = evolve(state, serial=state.serial + 1)
    memory.save_state(saved)
    return saved


def run_id_of(now: str) -> str:
    """Ids of runs sort by time: 20261122T060102.123456Z."""
    return now.replace("-", "").replace(":", "")

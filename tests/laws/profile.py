"""
How hard the laws are tried, and how many of the plans they saw had anything to do.

`LRPLAN_PROFILE=full pytest tests/laws` tries 5,000 examples of each law (an hour or more) and fails a law if under half
of its plans were non-empty; without it the profile is `ci`: fewer examples, always the same ones.

Tests that run side by side count in processes of their own, each of which hands on what it has counted.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping

from hypothesis import HealthCheck, Phase, settings

from lrplan.plan.plan import Plan

PROFILE = os.environ.get("LRPLAN_PROFILE", "ci")
_PATIENT = settings(
    deadline=None,
    database=None,
    report_multiple_bugs=False,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
PROFILES = {
    "ci": settings(_PATIENT, max_examples=int(os.environ.get("LRPLAN_EXAMPLES", "25")), derandomize=True),
    "full": settings(_PATIENT, max_examples=int(os.environ.get("LRPLAN_EXAMPLES", "5000")), print_blob=True),
}
law = PROFILES[PROFILE]
"""Decorates every law."""

NON_EMPTY_MIN = 0.5

planned: Counter[str] = Counter()
"""How many plans each law has seen that was tried; some speak of no plan."""
non_empty: Counter[str] = Counter()


def begin(name: str) -> None:
    """Say that the law of that *name* is tried."""
    planned[name] += 0


def note(plan: Plan) -> None:
    """Count *plan* for the law that is being tried."""
    name = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
    planned[name] += 1
    non_empty[name] += not plan.is_empty


def counted() -> dict[str, tuple[int, int]]:
    """What this process has counted: by the name of the law its plans, and those with something to do."""
    return {name: (number, non_empty[name]) for name, number in planned.items()}


def add(others: Mapping[str, tuple[int, int]]) -> None:
    """Take over what another process has counted."""
    for name, (plans, busy) in others.items():
        planned[name] += plans
        non_empty[name] += busy


def summary() -> Iterator[str]:
    """How many plans there were and how many of them had anything to do, in lines; in full also of each law."""
    total, busy = planned.total(), non_empty.total()
    if not total:
        return
    if PROFILE == "full":
        for name, plans in sorted(planned.items()):
            yield f"{name}: {plans} plans, {non_empty[name] / plans:.0%} non-empty" if plans else f"{name}: no plans"
    silent = sum(not plans for plans in planned.values())
    beside = f"; {silent} of {len(planned)} laws {'speaks' if silent == 1 else 'speak'} of no plan" if silent else ""
    yield f"laws ({PROFILE}): {total} plans, {busy / total:.0%} non-empty{beside}"

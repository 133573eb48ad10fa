"""
How hard the laws are tried, and how many of the plans they saw had anything to do.

`LRPLAN_PROFILE=full pytest tests/laws` tries 5,000 examples of each law (an hour or more) and fails a law if under half
of its plans were non-empty; without it the profile is `ci`: fewer examples, always the same ones.
"""

import os
from collections import Counter

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
non_empty: Counter[str] = Counter()


def note(plan: Plan) -> None:
    """Count *plan* for the law that is being tried."""
    name = os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0]
    planned[name] += 1
    non_empty[name] += not plan.is_empty

"""How many plans the laws have seen is counted over all the processes in which they are tried."""

import re
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import clean_environment

ROOT = Path(__file__).parents[2]
PLANS = "tests/laws/test_identity.py::test_a_plan_after_an_apply_is_empty"
MORE_PLANS = "tests/laws/test_torn_tail.py::test_any_part_of_a_journal_is_enough"
NO_PLANS = "tests/laws/test_order.py::test_as_few_photos_move_as_possible"


def told(processes: int) -> list[str]:
    """What `pytest` says of its plans, with a few examples that are always the same."""
    words = ("-n", str(processes), "-p", "no:cacheprovider", "--hypothesis-seed=0", PLANS, MORE_PLANS, NO_PLANS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=ROOT,
        env=clean_environment({"LRPLAN_PROFILE": "full", "LRPLAN_EXAMPLES": "8"}),
        capture_output=True,
        text=True,
        check=False,
    )
    return [line for line in done.stdout.splitlines() if "plans" in line]


def test_the_laws_tell_their_plans_however_many_processes_try_them() -> None:
    """Each law finds its own examples, so that it sees the same plans wherever it is tried."""
    side_by_side = told(2)
    assert side_by_side == told(0)
    first, second, third, summary = side_by_side
    numbers = [
        int(found[1]) for line in (first, third) if (found := re.search(r": (\d+) plans, \d+% non-empty$", line))
    ]
    assert len(numbers) == 2
    assert min(numbers) > 0
    assert (first.partition(": ")[0], second, third.partition(": ")[0]) == (PLANS, f"{NO_PLANS}: no plans", MORE_PLANS)
    assert summary.startswith(f"laws (full): {sum(numbers)} plans, ")
    assert summary.endswith("% non-empty; 1 of 3 laws speaks of no plan")

"""An apply that is killed anywhere and run again ends in the catalog of an undisturbed run."""

import asyncio
from pathlib import Path

from tests.crash.__main__ import sweep


def test_running_again_after_a_kill_ends_as_if_nothing_had_happened(template: Path, tmp_path: Path) -> None:
    count, failures = asyncio.run(sweep(template, tmp_path, full=False))
    assert count >= 20
    assert not failures

"""An apply that is killed anywhere and run again ends in the catalog of an undisturbed run."""

import asyncio
from pathlib import Path

from tests.crash.__main__ import sweep
from tests.crash.sweep import Point, prove


def test_running_again_after_a_kill_ends_as_if_nothing_had_happened(template: Path, tmp_path: Path) -> None:
    swept = asyncio.run(sweep(template, tmp_path, full=False))
    assert not swept.failures
    assert swept.proven >= 20, swept.unreached


def test_a_point_that_an_apply_does_not_come_to_is_not_taken_for_proven(template: Path, tmp_path: Path) -> None:
    for place, phase in (("request", "before"), ("sync", "after"), ("write", "torn")):
        far = Point(place=place, phase=phase, number=9_999)
        said = asyncio.run(prove(far, template, tmp_path / place, {}))
        assert said.startswith(f"{phase} {place} 9999 (itself): not reached, this apply had ")
        assert int(said.split()[-3]) > 0

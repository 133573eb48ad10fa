"""An apply that is killed anywhere and run again ends in the catalog of an undisturbed run."""

import asyncio
from pathlib import Path

import pytest

from tests.crash.__main__ import sweep
from tests.crash.project import make_template


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crash")
    make_template(folder / "template")
    return folder


def test_running_again_after_a_kill_ends_as_if_nothing_had_happened(template: Path) -> None:
    count, failures = asyncio.run(sweep(template, full=False))
    assert count >= 20
    assert not failures

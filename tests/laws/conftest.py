"""
The laws: what holds for every catalog, every wish and every accident. See `tests.laws.profile` for how hard they are
tried.

Requests of 50 photos and pages of 500 would hide what happens between two of them, so that here both are small.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.laws import profile

PER_CALL = 2
PER_PAGE = 3


@pytest.fixture(scope="module", autouse=True)
def _small_requests() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module in ("lrplan.plan.build", "lrplan.apply.replacing"):
            patch.setattr(f"{module}.MEMBERS_PER_CALL_MAX", PER_CALL)
        for module in ("lrplan.plan.costs", "tests.memory_catalog"):
            patch.setattr(f"{module}.MEMBERS_PER_PAGE_MAX", PER_PAGE)
        yield


@pytest.fixture(autouse=True)
def _plans_had_something_to_do(request: pytest.FixtureRequest) -> Iterator[None]:
    name = request.node.nodeid
    if getattr(request.function, "is_hypothesis_test", False):
        profile.begin(name)
    yield
    if profile.PROFILE == "full" and profile.planned[name]:
        assert profile.non_empty[name] / profile.planned[name] >= profile.NON_EMPTY_MIN


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of xdist hands on what it has counted."""
    handed_on = getattr(session.config, "workeroutput", None)
    if handed_on is not None:
        handed_on["laws"] = profile.counted()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker has counted; one that died has nothing to tell."""
    profile.add(getattr(node, "workeroutput", {}).get("laws", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many plans there were, and how many of them had anything to do."""
    for line in profile.summary():
        terminalreporter.write_line(line)

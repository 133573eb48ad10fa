"""
The laws: what holds for every catalog, every wish and every accident. See `tests.laws.profile` for how hard they are
tried.

Requests of 50 photos and pages of 500 would hide what happens between two of them, so that here both are small.
"""

from collections.abc import Iterator

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
    yield
    name = request.node.nodeid
    if profile.PROFILE == "full" and profile.planned[name]:
        assert profile.non_empty[name] / profile.planned[name] >= profile.NON_EMPTY_MIN


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many plans there were, and how many of them had anything to do."""
    total, busy = sum(profile.planned.values()), sum(profile.non_empty.values())
    if not total:
        return
    for name in profile.planned:
        share = profile.non_empty[name] / profile.planned[name]
        if profile.PROFILE == "full":
            terminalreporter.write_line(f"{name}: {profile.planned[name]} plans, {share:.0%} non-empty")
    terminalreporter.write_line(f"laws ({profile.PROFILE}): {total} plans, {busy / total:.0%} of them non-empty")

"""Stories about a service, played on one of each kind."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.contract.bench import KINDS, Bench, bench_of

Story = Callable[[Bench], Awaitable[None]]
Play = Callable[[Story], None]


@pytest.fixture(params=KINDS)
def play(request: pytest.FixtureRequest, tmp_path: Path) -> Play:
    """Play a story on a service of each kind."""

    def run(story: Story) -> None:
        async def whole() -> None:
            async with bench_of(request.param, tmp_path) as bench:
                await story(bench)

        asyncio.run(whole())

    return run

"""How fast requests may go out."""

import asyncio
from collections import Counter
from collections.abc import Callable
from itertools import count
from random import Random

import pytest

from lrplan.lightroom.governor import Governor
from lrplan.lightroom.retry import GiveUp, judge
from tests.unit.lightroom.stage import VirtualTime


class Server:
    """A service with a hidden limit: a bucket of tokens that fills at *rate*; 0 for no limit."""

    def __init__(self, time: VirtualTime, *, rate: float, burst: float, latency_s: float) -> None:
        self._time = time
        self._rate = rate
        self._burst = self._tokens = burst
        self._at = 0.0
        self.latency_s = latency_s
        self.asked: list[tuple[float, bool]] = []
        self.running = self.most = 0

    async def ask(self) -> bool:
        now = self._time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        allowed = not self._rate or self._tokens >= 1
        self._tokens -= allowed
        self.asked.append((now, allowed))
        self.running += 1
        self.most = max(self.most, self.running)
        await self._time.sleep(self.latency_s)
        self.running -= 1
        return allowed


def simulate(
    calls: int, *, concurrency: int, cap: float = 0, rate: float = 0, burst: float = 10, latency_s: float = 0.1
) -> tuple[Server, float]:
    """Send *calls* through one gate; the server and the seconds it took."""
    time = VirtualTime()
    server = Server(time, rate=rate, burst=burst, latency_s=latency_s)

    async def call(governor: Governor) -> None:
        while True:
            async with governor.slot() as passing:
                if await server.ask():
                    passing.passed()
                    return
                passing.throttled(1.0)
            await time.sleep(1.0)

    async def story() -> None:
        governor = Governor(clock=time, concurrency=concurrency, rate=cap)
        async with asyncio.TaskGroup() as group:
            for _ in range(calls):
                group.create_task(call(governor))

    asyncio.run(time.run(story()))
    return server, time.seconds


@pytest.mark.parametrize(("concurrency", "most"), [(1, 1), (3, 3), (8, 8), (32, 32)])
def test_no_more_calls_than_allowed_are_under_way(concurrency: int, most: int) -> None:
    server, _ = simulate(500, concurrency=concurrency)
    assert server.most == most


@pytest.mark.parametrize(("concurrency", "share"), [(8, 1.1), (32, 1.2)])
def test_the_whole_width_is_used_soon(concurrency: int, share: float) -> None:
    _, seconds = simulate(1000, concurrency=concurrency)
    assert seconds <= share * 1000 * 0.1 / concurrency


@pytest.mark.parametrize("cap", [0.5, 3, 20])
def test_no_second_sees_more_calls_than_the_cap(cap: float) -> None:
    server, _ = simulate(60, concurrency=32, cap=cap, latency_s=0.01)
    starts = [at for at, _ in server.asked]
    width = max(1, int(cap))
    assert all(later - earlier >= width / cap - 1e-9 for earlier, later in zip(starts, starts[width:], strict=False))


@pytest.mark.parametrize("rate", [2.0, 20.0, 60.0])
@pytest.mark.parametrize("latency_s", [0.02, 0.3])
@pytest.mark.parametrize("concurrency", [8, 32])
def test_a_hidden_limit_is_used_and_rarely_hit(rate: float, latency_s: float, concurrency: int) -> None:
    calls = 2000
    server, seconds = simulate(calls, concurrency=concurrency, rate=rate, burst=rate, latency_s=latency_s)
    bound = max((calls - rate) / rate, calls * latency_s / concurrency)
    refused = sum(not allowed for _, allowed in server.asked)
    assert refused <= 0.05 * len(server.asked)
    assert seconds <= 1.1 * bound


def attempts_in_windows(
    calls: int, *, workers: int, cap: float, begun_s: float, latency_s: float, random: Callable[[], float]
) -> list[int]:
    """How often each call was sent, -1 for one that was given up; 120 a minute pass, all others get a bare 429.

    Args:
        workers: How many send one call after the other.
        begun_s: How much of the first minute is over already.
    """
    time, asked, attempts = VirtualTime(), Counter[int](), list[int]()
    governor = Governor(clock=time, concurrency=8, rate=cap)

    async def is_let_through() -> bool:
        minute = int((begun_s + time.monotonic()) // 60)
        asked[minute] += 1
        passes = asked[minute] <= 120
        await time.sleep(latency_s)
        return passes

    async def tries() -> int:
        for attempt in count(1):
            async with governor.slot() as passing:
                if await is_let_through():
                    passing.passed()
                    return attempt
                verdict = judge(attempt=attempt, status=429, retry_after_s=None, random=random())
                if isinstance(verdict, GiveUp):
                    return -1
                passing.throttled(verdict.wait_s)
            await time.sleep(verdict.wait_s)
        raise AssertionError

    async def story() -> None:
        todo = iter(range(calls))

        async def work() -> None:
            for _ in todo:
                attempts.append(await tries())

        async with asyncio.TaskGroup() as group:
            for _ in range(workers):
                group.create_task(work())

    asyncio.run(time.run(story()))
    return attempts


@pytest.mark.parametrize("workers", [8, 300])
@pytest.mark.parametrize("cap", [0, 20])
@pytest.mark.parametrize("begun_s", [0.0, 30.0, 50.0, 58.0])
def test_every_call_outlasts_a_limit_by_the_minute(workers: int, cap: float, begun_s: float) -> None:
    for latency_s in (0.02, 0.1, 0.4):
        for random in (lambda: 0.0, lambda: 1.0, Random(2).random):
            attempts = attempts_in_windows(
                300, workers=workers, cap=cap, begun_s=begun_s, latency_s=latency_s, random=random
            )
            assert len(attempts) == 300
            assert set(attempts) <= {1, 2, 3, 4}
            assert max(attempts) > 1


def test_one_retry_after_holds_every_call() -> None:
    time = VirtualTime()
    starts: list[float] = []

    async def call(governor: Governor, act: Callable[[], bool]) -> None:
        async with governor.slot() as passing:
            starts.append(time.monotonic())
            await time.sleep(0.1)
            if act():
                passing.throttled(30.0)

    async def story() -> None:
        governor = Governor(clock=time, concurrency=1, rate=0)
        async with asyncio.TaskGroup() as group:
            group.create_task(call(governor, lambda: True))
            for _ in range(3):
                group.create_task(call(governor, lambda: False))

    asyncio.run(time.run(story()))
    assert starts[0] == 0
    assert min(starts[1:]) >= 30.1


def test_a_cancelled_caller_leaves_the_gate_open() -> None:
    time = VirtualTime()

    async def wait(governor: Governor) -> None:
        async with governor.slot():
            await time.sleep(1000)

    async def story() -> None:
        governor = Governor(clock=time, concurrency=1, rate=0)
        first, second = asyncio.ensure_future(wait(governor)), asyncio.ensure_future(wait(governor))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        async with governor.slot():
            pass

    asyncio.run(time.run(story()))

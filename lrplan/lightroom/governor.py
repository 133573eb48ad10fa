"""
How fast requests may go out: one gate per API key, shared by every call and by every target that uses the key.

Three limits hold at once. At most `concurrency` calls are under way, growing from a few to that many as answers arrive.
At most `rate` calls start in any second, if a rate is set. And once the service has answered 429, a pace that is
learned: the rate at which it let calls through since the last 429, started a little below and raised along a cubic
curve, flat near what worked and steeper the longer nothing is refused. A 429 before there is anything to learn from
sets a guess, which doubles by the second. After a 429 nobody is let through until the wait that it asked for is over;
where that is a long pause, whoever comes meanwhile is turned away.

The surprising case: several calls are under way when the service first says 429, and all of them may be answered so.
That is one event, not several: only a call that was let through after the last cut can cause another.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf

from attrs import define, field

from lrplan.ports import Clock

WINDOW_AT_START = 4  # ours: reaches 32 in three round trips
CUT_PACE = 0.9  # ours: of the pace that the service let through
CUT_WINDOW = 0.7  # RFC 9438 §4.6, CUBIC's multiplicative decrease
PACE_MIN = 0.05  # ours: calls a second
KEPT = 0.8  # ours: a bucket without room loses the tokens of every pause, which would be learned as a slow service
SAMPLE_MIN = 5  # ours: answers between two cuts from which a pace can be learned
FIRST_GUESS = 4.0  # ours: calls a second after a 429 that came before any pace could be learned
DOUBLING_S = 1.0  # ours: how fast a mere guess grows
PLATEAU_S = 20.0  # ours: how long after a cut the old pace is reached again


class Paused(Exception):  # noqa: N818 - it says what the gate is
    """The service has asked for a long pause; *left_s* is what is left of it, in seconds."""

    def __init__(self, left_s: float) -> None:
        super().__init__()
        self.left_s = left_s


@define
class Pass:
    """One call that was let through. Whoever holds it says how the service received it."""

    at: float
    governor: "Governor" = field(repr=False)

    def passed(self) -> None:
        """The service took the call, whatever it answered."""
        self.governor.widen()

    def throttled(self, wait_s: float) -> None:
        """The service answered 429 (or asked for a pause); all calls wait this many seconds."""
        self.governor.cut(self.at, wait_s)

    def paused(self, pause_s: float) -> None:
        """The service asked for a pause that nobody waits for; calls of the next so many seconds raise `Paused`."""
        self.governor.pause(pause_s)


class Governor:
    """The gate of one API key."""

    def __init__(self, *, clock: Clock, concurrency: int, rate: float) -> None:
        """Make a gate.

        Args:
            concurrency: Most calls at a time, at least 1.
            rate: Most calls a second, 0 for no cap.
        """
        self._clock = clock
        self._concurrency = max(1, concurrency)
        self._window = float(min(self._concurrency, WINDOW_AT_START))
        self._running = 0
        self._turn = asyncio.Lock()
        self._freed = asyncio.Event()
        self._closed_until = -inf
        self._paused_until = -inf
        self._cap_calls = max(1, int(rate)) if rate > 0 else 0
        self._cap_s = self._cap_calls / rate if rate > 0 else 0.0
        self._starts: deque[float] = deque(maxlen=self._cap_calls or 1)
        self._is_guess = False
        self._pace = inf  # calls a second that worked; unknown until the first 429
        self._last_cut = -inf
        self._last_start = -inf
        self._counted_from = clock.monotonic()
        self._passed_since = 0

    @property
    def concurrency(self) -> int:
        """Most calls at a time."""
        return self._concurrency

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[Pass]:
        """Wait for the gate, in the order of asking, and hold a place while a request is under way. Raises `Paused`."""
        async with self._turn:
            await self._open()
            now = self._clock.monotonic()
            self._running += 1
            self._starts.append(now)
            self._last_start = now
        try:
            yield Pass(at=now, governor=self)
        finally:
            self._running -= 1
            self._freed.set()

    async def _open(self) -> None:
        while True:
            if self._running >= max(1, int(self._window)):
                self._freed.clear()
                await self._freed.wait()
                continue
            now = self._clock.monotonic()
            if now < self._paused_until:
                raise Paused(self._paused_until - now)
            wait_s = self._wait_s(now)
            if wait_s <= 0:
                return
            await self._clock.sleep(wait_s)

    def _wait_s(self, now: float) -> float:
        until = self._closed_until
        if self._cap_calls and len(self._starts) == self._cap_calls:
            until = max(until, self._starts[0] + self._cap_s)
        if self._pace < inf:
            until = max(until, self._last_start + 1 / self._pace_at(now))
        return until - now

    def _pace_at(self, now: float) -> float:
        elapsed = max(0.0, now - max(self._last_cut, self._closed_until))
        if self._is_guess:
            return self._pace * 2 ** min(elapsed / DOUBLING_S, 30.0)
        return self._pace * (1 + (1 - CUT_PACE) * (elapsed / PLATEAU_S - 1) ** 3)

    def widen(self) -> None:
        """An answer came: let a little more through."""
        self._passed_since += 1
        growth = 1.0 if self._pace == inf else 1 / self._window
        self._window = min(float(self._concurrency), self._window + growth)

    def cut(self, started_at: float, wait_s: float) -> None:
        """The service throttled the call that was let through at *started_at*: close the gate, then go slower."""
        now = self._clock.monotonic()
        self._closed_until = max(self._closed_until, now + wait_s)
        if started_at <= self._last_cut:
            return
        self._learn(now, self._pace_at(started_at))
        self._window = max(1.0, self._window * CUT_WINDOW)
        self._last_cut = now

    def pause(self, pause_s: float) -> None:
        """Let nobody through for so many seconds, and nobody wait for it."""
        self._paused_until = max(self._paused_until, self._clock.monotonic() + pause_s)

    def _learn(self, now: float, peak: float) -> None:
        """Take the pace that was let through since the last lesson, but not far below *peak*, which was too fast."""
        if self._passed_since < SAMPLE_MIN:
            self._is_guess = self._is_guess or self._pace == inf
            self._pace = FIRST_GUESS if self._pace == inf else max(PACE_MIN, self._pace * CUT_WINDOW)
            return
        measured = self._passed_since / max(now - self._counted_from, 1e-3)
        self._pace = measured if self._pace == inf else max(measured, KEPT * peak)
        self._is_guess = False
        self._counted_from, self._passed_since = now, 0

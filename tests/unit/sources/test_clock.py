"""The clock of this machine, in the form that everything else expects."""

import asyncio
import re

from lrplan.sources.clock import SystemClock


def test_now_is_an_instant_in_utc_with_microseconds() -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", SystemClock().now())


def test_time_does_not_go_back() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    asyncio.run(clock.sleep(0))
    assert before <= clock.monotonic()

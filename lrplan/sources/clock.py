"""The time of this machine. Everything else gets time from a `ports.Clock`, so that tests can set it."""

import asyncio
import time
from datetime import UTC, datetime


class SystemClock:
    """A `ports.Clock` that tells the time of this machine."""

    def now(self) -> str:
        """The UTC instant, ISO 8601 with microseconds and Z."""
        return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

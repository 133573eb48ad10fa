"""What handlers share: the catalog, the settings, and work that goes on after an answer.

Problem: consolidating an upload, making a rendition or deleting children may happen after the call was answered.
Method: the service owns those tasks; without a delay, ``later`` does the work before it returns, with one it starts a
task that waits. Leaving the sandbox cuts the waits short and does the work.
Surprising case: a killed process never gets to such work, so whatever is due is found again from the database when a
sandbox starts.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from lrplan.sandbox.answers import Refusal
from lrplan.sandbox.database import Database
from lrplan.sandbox.history import History
from lrplan.sandbox.options import SandboxOptions

UNTIDY_DELAY = 0.15  # seconds until an untidy service does what it promised
UNTIDY_LAG = 0.15  # seconds by which an untidy service's listings trail its writes


class Service:
    """One running sandbox, without its HTTP."""

    def __init__(self, options: SandboxOptions, database: Database) -> None:
        self.options = options
        self.database = database
        self.endpoint = ""
        self.history = History(database)
        self._closing = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def untidy(self) -> bool:
        """Whether to behave as the live service was seen to where it strays from its contract."""
        return self.options.untidy

    @property
    def lag(self) -> float:
        """Seconds by which listings trail writes."""
        return UNTIDY_LAG if self.untidy else 0.0

    @property
    def delay_s(self) -> float:
        """Seconds until work that the contract calls asynchronous is done."""
        return UNTIDY_DELAY if self.untidy else 0.0

    async def later(self, work: Callable[[], Awaitable[None]], delay_s: float) -> None:
        """Do work that the contract calls asynchronous: at once without a delay, else so many seconds later."""
        if not delay_s:
            await work()
            return
        task = asyncio.create_task(self._wait_and_do(work, delay_s))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Do what is still to do, now."""
        self._closing.set()
        await asyncio.gather(*self._tasks)

    async def _wait_and_do(self, work: Callable[[], Awaitable[None]], delay_s: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), delay_s)
        with suppress(Refusal):  # nobody is left to be told
            await work()

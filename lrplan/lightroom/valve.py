"""
Whether calls may go out at all: shut once the service has said to stop, or whoever runs the program has.

The rate gate says when a call may go; this says whether. Shutting it reaches the calls that already wait: at the gate,
or between two attempts. Those under way are let finish.

The surprising case: waits are ended from outside by moving up a time limit that nobody set, which is the one way to end
a wait of another task without ending the task.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Shut(Exception):  # noqa: N818 - it says what the valve is
    """No call may go out."""


class Valve:
    """What lets the calls of one connection out. Open at first."""

    def __init__(self) -> None:
        self._is_shut = False
        self._waits: set[asyncio.Timeout] = set()

    def shut(self) -> None:
        """Let nothing out from now on, and end the waits of whoever wanted to go."""
        self._is_shut = True
        for wait in self._waits:
            wait.reschedule(asyncio.get_running_loop().time())
        self._waits.clear()

    def open(self) -> None:
        """Let calls out again."""
        self._is_shut = False

    @asynccontextmanager
    async def waiting(self) -> AsyncIterator[None]:
        """Wait inside the block for one's turn to go out. Raises `Shut` when there will be none."""
        if self._is_shut:
            raise Shut
        wait = asyncio.timeout(None)
        try:
            async with wait:
                self._waits.add(wait)
                try:
                    yield
                finally:
                    self._waits.discard(wait)
        except TimeoutError:
            if wait.expired():
                raise Shut from None
            raise
        if self._is_shut:
            raise Shut

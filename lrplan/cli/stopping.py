"""
Signals during an apply: the first asks it to stop, the second ends the process.

After the first no new call is sent, those in flight are finished and journaled. Whoever cannot wait sends a second one;
even then nothing is lost, because every intent was on disk before its request was sent.
"""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from lrplan.cli.screen import say
from lrplan.cli.session import Session
from lrplan.diagnostics import ExitCode

_WORDS = "Stopping: no new calls; those in flight are finished. A second signal ends at once."


@contextmanager
def stoppable(session: Session, *, words: str = _WORDS) -> Iterator[asyncio.Event]:
    """An event that is set by the first SIGINT or SIGTERM, which is told with *words*; call it inside the loop."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def heard() -> None:
        if stop.is_set():
            os._exit(ExitCode.INCOMPLETE)
        stop.set()
        say(words, session)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, heard)
    try:
        yield stop
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

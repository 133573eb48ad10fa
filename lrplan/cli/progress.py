"""
What a run says while it goes on: a bar on a terminal, plain lines elsewhere, all on stderr.

Both listen to the events port and nothing else. A log in CI wants few lines, so there a phase is told when it begins
and again every ten seconds.

The surprising case: nobody may be reading any more. A run in the middle of its writes does not fail for that; the
listener falls silent.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from lrplan.cli.session import Session
from lrplan.events import Advanced, BytesSent, Called, Event, Noted, Phase, Retried, StepEnded
from lrplan.ports import Events
from lrplan.render.amounts import count, measured, size
from lrplan.render.escape import for_text

if TYPE_CHECKING:
    from rich.progress import Progress

_SECONDS_BETWEEN_LINES = 10.0
_SHOWN_AT_ONCE = "failed"  # what is stale is told at its end, with the place and the reason


@contextmanager
def listening(session: Session) -> Iterator[Events]:
    """A listener that suits where stderr goes."""
    if session.quiet:
        yield _Silent()
    elif sys.stderr.isatty():
        with _bars(session) as progress:
            yield _Bars(session, progress)
    else:
        yield _Lines(session)


class _Silent:
    """Hears everything and says nothing."""

    def emit(self, event: Event) -> None:
        """Hear *event*."""


class _Lines:
    """Plain lines."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._what, self._total, self._done, self._sent, self._calls = "", 0, 0, 0, 0
        self._told_at = 0.0
        self._is_heard = True

    def emit(self, event: Event) -> None:
        """Hear *event*; say what is worth a line."""
        match event:
            case Phase():
                self._what, self._total, self._done, self._sent, self._calls = event.what, event.total, 0, 0, 0
                self._told_at = time.monotonic()
                self._say(f"{event.what} …")
            case Advanced():
                self._done += event.count
                self._tell_in_time()
            case BytesSent():
                self._sent += event.count
                self._tell_in_time()
            case _:
                line = worth_a_line(event, self._session.verbosity)
                if line:
                    self._say(line)
                if isinstance(event, Called):
                    self._calls += 1
                    self._tell_in_time()

    def _tell_in_time(self) -> None:
        now = time.monotonic()
        if not self._what or now < self._told_at + _SECONDS_BETWEEN_LINES:
            return
        self._told_at = now
        sent = f", {size(self._sent)} sent" if self._sent else ""
        self._say(f"{self._what}: {_so_far(self._done, self._total, self._calls)}{sent}")

    def _say(self, line: str) -> None:
        if not self._is_heard:
            return
        try:
            click.echo(for_text(line), err=True, color=self._session.color)
        except OSError:
            self._is_heard = False


class _Bars:
    """A bar for the current phase, with lines above it for what must not scroll away."""

    def __init__(self, session: Session, progress: "Progress") -> None:
        self._session = session
        self._progress = progress
        self._total, self._done, self._calls, self._sent = 0, 0, 0, 0
        self._began_at = time.monotonic()
        self._task = progress.add_task("Starting", total=None, sent="", so_far="")

    def emit(self, event: Event) -> None:
        """Hear *event*; move the bar."""
        match event:
            case Phase():
                self._total, self._done, self._calls, self._sent = event.total, 0, 0, 0
                self._began_at = time.monotonic()
                self._progress.remove_task(self._task)  # a task cannot forget its total
                self._task = self._progress.add_task(
                    for_text(event.what), total=event.total or None, sent="", so_far=self._so_far()
                )
            case Advanced():
                self._done += event.count
                self._progress.update(self._task, advance=event.count, so_far=self._so_far())
            case BytesSent():
                self._sent += event.count
                seconds = max(0.1, time.monotonic() - self._began_at)
                self._progress.update(self._task, sent=f"{size(self._sent)}, {size(round(self._sent / seconds))}/s")
            case _:
                line = worth_a_line(event, self._session.verbosity)
                if line:
                    self._progress.console.print(for_text(line), markup=False, highlight=False)
                if isinstance(event, Called):
                    self._calls += 1
                    self._progress.update(self._task, so_far=self._so_far())

    def _so_far(self) -> str:
        return _so_far(self._done, self._total, self._calls)


def _so_far(done: int, total: int, calls: int) -> str:
    """How far a phase is; where nobody knows how much there is, the calls show that it goes on."""
    if total:
        return f"{done:,} of {total:,}"
    return count(calls, "call") if not done else f"{done:,}"


def worth_a_line(event: Event, verbosity: int) -> str:
    """What to say about *event* at once; "" for nothing."""
    match event:
        case Noted():
            return event.what
        case Retried():
            return f"Waiting {measured(event.wait_s)}: {event.method} {event.route}: {event.why}"
        case StepEnded() if event.result == _SHOWN_AT_ONCE:
            return f"{event.result}: {event.name}: {event.why}"
        case StepEnded() if verbosity:
            return f"{event.result}: {event.step_id}"
        case Called() if verbosity:
            return f"{event.status} {event.method} {event.route} ({event.seconds * 1000:.0f} ms)"
        case _:
            return ""


def _bars(session: Session) -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[so_far]}"),
        TextColumn("{task.fields[sent]}", markup=False),
        TimeRemainingColumn(),
        console=Console(stderr=True, no_color=session.color is False or None),
        transient=True,
    )

"""
Standard input, output and error, whatever they are connected to.

A stream that the caller has closed is the null device. What cannot be written to standard error is lost, as there is
nobody left to tell. What cannot be written to standard output is an `OutputError`: a fault of the world, not of lrplan.

The surprising case: with a stream closed, the next file that is opened would get its number, and everything that is
said would go into that file. So the numbers are filled before anything else is opened.
"""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_OUTPUT, _ERROR = 1, 2


class OutputError(Exception):
    """Standard output cannot be written: a full disk, a device that is gone.

    Not an OSError, of which click has an opinion of its own.

    Attributes:
        is_unheard: It was a pipe, and whoever read it has gone.
    """

    def __init__(self, problem: OSError) -> None:
        super().__init__(problem.strerror or type(problem).__name__)
        self.is_unheard = isinstance(problem, BrokenPipeError)


def prepare() -> None:
    """Make the streams of this process fit for use; text that they cannot hold comes out as an escape."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - for as long as the process lives
    sys.stdout = _nowhere() if sys.stdout is None else _over(sys.stdout, _Output, _OUTPUT)
    sys.stderr = _nowhere() if sys.stderr is None else _over(sys.stderr, _Error, _ERROR)


@contextmanager
def bearing_loss() -> Iterator[None]:
    """Go on when standard output is lost inside the block, and say so on standard error."""
    try:
        yield
    except OutputError as problem:
        lose(problem)


def lose(problem: OutputError) -> None:
    """Send what is still waiting for standard output nowhere, and say so, unless nobody wants to know."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), _OUTPUT)  # Python would complain once more when it ends
    if not problem.is_unheard:
        from lrplan.cli.trouble import tell
        from lrplan.diagnostics import error

        tell([error("LRP902", f"output could not be written: {problem}")])


class _Output(io.FileIO):
    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except OSError as problem:
            raise OutputError(problem) from problem


class _Error(io.FileIO):
    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")


def _over(stream: TextIO, raw: type[io.FileIO], number: int) -> TextIO:
    """The same stream over another file object; as it is where it is no file, as in a test."""
    try:
        if not isinstance(stream, io.TextIOWrapper) or stream.fileno() != number:
            return stream
    except io.UnsupportedOperation:
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(raw(number, "w", closefd=False)),
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )

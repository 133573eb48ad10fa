"""How a file system that will not read or write is told to the user: the place, the system's reason, what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from lrplan.diagnostics import Failure, SourceSpan, error

_HINTS = {
    errno.ENOSPC: "free some space there, then run it again",
    errno.EDQUOT: "free some of your quota there, then run it again",
    errno.EROFS: "the file system is read-only: set `state:` in lrplan.yaml to a folder that can be written",
    errno.EACCES: "check who owns it and who may write there",
    errno.EPERM: "check who owns it and who may write there",
    errno.EIO: "the disk reports an error: look at it before you go on",
}


@contextmanager
def saving(what: str, file: str) -> Iterator[None]:
    """Turn an OSError into Failure LRP706. *what* could not be written: `state`, `journal`; *file* is where."""
    try:
        yield
    except OSError as problem:
        raise not_saved(what, file, problem) from problem


@contextmanager
def loading(what: str, file: str) -> Iterator[None]:
    """Turn an OSError into Failure LRP101. *what* could not be read; *file* is where."""
    try:
        yield
    except OSError as problem:
        raise Failure(
            error(
                "LRP101",
                f"{what} cannot be read",
                span=SourceSpan(file=file, line=0, column=1),
                why=reason_of(problem),
                hint=_HINTS.get(problem.errno or 0, ""),
            )
        ) from problem


def not_saved(what: str, file: str, problem: OSError) -> Failure:
    """Failure LRP706 for one write that did not happen, or of which the system does not say that it did."""
    return Failure(
        error(
            "LRP706",
            f"{what} could not be written",
            span=SourceSpan(file=file, line=0, column=1),
            why=reason_of(problem),
            hint=_HINTS.get(problem.errno or 0, ""),
        )
    )


def reason_of(problem: OSError) -> str:
    """The system's words as a sentence."""
    return (problem.strerror or type(problem).__name__) + "."

"""
The lease of a project whose memory is a folder: one apply at a time on this machine.

The lock is the kernel's (flock), so it cannot stick: it ends with the process that holds it, however that ends. What
stands in the file is for the message only.

The surprising case: the file is never removed. Removing it would let one process lock a file that has lost its name
while another makes and locks a new one.
"""

import contextlib
import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lrplan.diagnostics import Failure, SourceSpan, error
from lrplan.storage.failures import loading, saving

_HOLDER_BYTES_MAX = 200


@contextmanager
def locked(path: Path, *, shown: str) -> Iterator[None]:
    """Hold the lock at *path*, whose folder exists; *shown* is how messages name it.

    Raises:
        Failure: LRP601 while another process, or another task of this one, holds it; LRP706, it cannot be made.
    """
    with saving("lock", shown):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        with saving("lock", shown):
            is_ours = _lock(descriptor)
        if not is_ours:
            raise _held(_holder(descriptor), shown)
        _name_holder(descriptor, f"process {os.getpid()} on {socket.gethostname()}")
        try:
            yield
        finally:
            _name_holder(descriptor, "")
    finally:
        os.close(descriptor)


def holder(path: Path, *, shown: str) -> str | None:
    """Who holds the lock at *path*, for people; None when nobody does.

    Only where the file names somebody it is tried whether the lock is free: one who was killed leaves the name behind.
    So whoever only looks never stands in the way of an apply that begins.

    Raises:
        Failure: LRP101, it cannot be read.
    """
    with loading("lock", shown):
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        try:
            if not os.pread(descriptor, _HOLDER_BYTES_MAX, 0).strip():
                return None
            try:
                fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return _holder(descriptor)
            return None
        finally:
            os.close(descriptor)


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _name_holder(descriptor: int, text: str) -> None:
    with contextlib.suppress(OSError):  # a full disk must not keep anyone from locking
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, text.encode(), 0)


def _holder(descriptor: int) -> str:
    text = os.pread(descriptor, _HOLDER_BYTES_MAX, 0).decode(errors="replace").strip()
    return text if text.isprintable() and text else "another process"


def _held(holder: str, shown: str) -> Failure:
    return Failure(
        error(
            "LRP601",
            "another apply is running",
            span=SourceSpan(file=shown, line=0, column=1),
            why=f"The lock is held by {holder}.",
            hint="wait until it has ended; the lock ends with it, so there is nothing to remove",
        )
    )

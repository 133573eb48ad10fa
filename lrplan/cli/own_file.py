"""
Files of lrplan's own that people name: where one may be written, and how.

A name may lead anywhere. What is written takes the place of a file of its kind or of nothing, in one step and durably;
a link stays, and what it leads to is replaced; into a device or a pipe it is written as it stands. Whatever else lies
there is somebody's work, and stays.
"""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from lrplan.diagnostics import Failure, SourceSpan, error
from lrplan.sources.opening import read_document, read_given, reason_of
from lrplan.storage.disk import Disk, replace_file, write_whole

_OUTPUT = 1
_READ_AND_WRITE = 0o666


class Kind(NamedTuple):
    """A kind of file.

    Attributes:
        noun: What people call it: `plan`.
        is_one: Whether bytes are of such a file, also of one that is damaged or that a newer lrplan wrote.
        hint: How one is made.
    """

    noun: str
    is_one: Callable[[bytes], bool]
    hint: str


def is_output(name: str) -> bool:
    """Whether *name* is `-`, or another name of what standard output is connected to, such as /dev/stdout."""
    if name == "-":
        return True
    try:
        return os.path.samestat(os.stat(name), os.fstat(_OUTPUT))
    except (OSError, ValueError):
        return False


def objection(name: str, kind: Kind) -> str:
    """Why no file of this *kind* can be written to *name*, in words that follow a colon; "" where one can, it seems."""
    folder = os.path.dirname(name)
    if not os.path.basename(name):
        return "that names no file"
    if not os.path.isdir(folder or "."):
        return f"there is no folder {folder}"
    if os.path.islink(name) and not os.path.isdir(folder := os.path.dirname(os.path.realpath(name))):
        return f"it is a link, and there is no folder {folder}"
    try:
        mode = os.stat(name).st_mode
    except OSError:
        return ""
    if _takes_a_stream(mode):
        return ""
    if not stat.S_ISREG(mode):
        return "what is there is neither a file nor a pipe; name another file"
    try:
        content = read_document(Path(name))
    except OSError as problem:
        return f"what is there cannot be read ({reason_of(problem)}), so it is not replaced; name another file"
    if content and not kind.is_one(content):
        return f"what is there is no {kind.noun}, so it is not replaced; name another file"
    return ""


def write(name: str, content: bytes, kind: Kind, *, disk: Disk | None = None) -> None:
    """Make *content* what *name* holds. Failure LRP101 when that cannot be done; then the old file is as it was."""
    disk = disk or Disk()
    try:
        mode = _mode(name)
        if mode is not None and _takes_a_stream(mode):
            _write_into(disk, name, content)
        else:
            allowed = _READ_AND_WRITE if mode is None else mode & _READ_AND_WRITE
            replace_file(disk, Path(os.path.realpath(name)), content, mode=allowed)
    except OSError as problem:
        place = SourceSpan(file=name, line=0, column=1)
        what = f"{kind.noun} file cannot be written: {reason_of(problem)}"
        raise Failure(error("LRP101", what, span=place)) from problem


def read(file: Path, kind: Kind) -> bytes:
    """The bytes of a file of this *kind*; a pipe is read to its end. Failure LRP101."""
    try:
        return read_given(file)
    except (OSError, ValueError) as problem:
        place = SourceSpan(file=str(file), line=0, column=1)
        what = f"{kind.noun} file cannot be read: {reason_of(problem)}"
        raise Failure(error("LRP101", what, span=place, hint=kind.hint)) from problem


def is_there_again(file: Path) -> bool:
    """Whether a later command can read *file* too: a pipe can be read once."""
    return file.is_file()


def _mode(name: str) -> int | None:
    try:
        return os.stat(name).st_mode
    except FileNotFoundError:
        return None


def _takes_a_stream(mode: int) -> bool:
    return stat.S_ISCHR(mode) or stat.S_ISFIFO(mode)


def _write_into(disk: Disk, name: str, content: bytes) -> None:
    descriptor = os.open(name, os.O_WRONLY | os.O_NOCTTY)
    try:
        if not _takes_a_stream(os.fstat(descriptor).st_mode):  # it was changed since somebody looked
            raise OSError(errno.ENXIO, os.strerror(errno.ENXIO))
        write_whole(disk, descriptor, content)
    finally:
        os.close(descriptor)

"""
Writing so that what was written is still there after a power cut.

A file is replaced by writing another beside it, forcing that to the disk, renaming it over the old one, and forcing the
folder, in this order: at every instant the name stands for the whole old file or the whole new one. A new file or
folder is only there for good once the folder that holds it has been forced as well.

The surprising case: on macOS fsync leaves the data in the drive's own cache; there F_FULLFSYNC is what fsync is
elsewhere. File systems that do not know it get the plain one.
"""

import contextlib
import errno
import fcntl
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

from attrs import frozen

_FULL_SYNC: int | None = getattr(fcntl, "F_FULLFSYNC", None)
_BESIDE_SUFFIX = ".new"


def _sync(descriptor: int) -> None:
    if _FULL_SYNC is not None:
        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, _FULL_SYNC)
            return
    os.fsync(descriptor)


@frozen(kw_only=True)
class Disk:
    """The calls on which durability hangs, as values, so that a test can watch their order and make one fail."""

    write: Callable[[int, bytes | memoryview], int] = os.write
    sync: Callable[[int], None] = _sync
    rename: Callable[[Path, Path], None] = os.replace


def make_folder(disk: Disk, folder: Path) -> None:
    """Make *folder* and those above it that are missing, durably. Raises OSError."""
    if folder.is_dir():
        return
    make_folder(disk, folder.parent)
    with contextlib.suppress(FileExistsError):  # another process was faster; a file of this name fails below
        folder.mkdir()
    sync_folder(disk, folder)
    sync_folder(disk, folder.parent)


def read_file(path: Path) -> bytes:
    """The bytes of a regular file; a pipe or a device is refused, as nobody knows when it would end. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "It is not a regular file")
        return file.read()


def replace_file(disk: Disk, path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Make *content* what *path* holds, in one step and durably; on OSError the old file is as it was.

    Args:
        mode: Who may read and write the new file, less what the process's umask takes away.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}{_BESIDE_SUFFIX}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            write_whole(disk, descriptor, content)
            disk.sync(descriptor)
        finally:
            os.close(descriptor)
        disk.rename(beside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    sync_folder(disk, path.parent)


def remove_leftovers(folder: Path, name: str) -> None:
    """Remove what interrupted replacements of *name* left beside it; only for the one who may write there."""
    with contextlib.suppress(OSError):
        for leftover in folder.glob(f".{name}.*{_BESIDE_SUFFIX}"):
            leftover.unlink(missing_ok=True)


def write_whole(disk: Disk, descriptor: int, content: bytes) -> None:
    """Write all of *content*, in as many calls as the system needs. Raises OSError."""
    rest = memoryview(content)
    while rest:
        rest = rest[disk.write(descriptor, rest) :]


def sync_folder(disk: Disk, folder: Path) -> None:
    """Force the names in *folder* to the disk. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        disk.sync(descriptor)
    finally:
        os.close(descriptor)

"""
Opening a file that a person named, whatever it turns out to be.

The surprising case: a pipe blocks whoever opens it until somebody writes, and a device may never end. Files are opened
without waiting, and only regular ones are kept; but a pipe that somebody names on the command line is meant to be read.
"""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from lrplan.model.inventory import NO_SUCH_FILE

BUFFER_BYTES = 1 << 20  # ours: how much of a file is in memory at a time
DOCUMENT_BYTES_MAX = 1 << 30  # ours: of a manifest, a list or a plan file; with a million photos they have a quarter
_REASONS = {
    errno.ENOENT: NO_SUCH_FILE,
    errno.ENOTDIR: NO_SUCH_FILE,
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EISDIR: "is a folder",
    errno.ENXIO: "is not a regular file",
    errno.EFBIG: "is larger than 1 GiB",
}


def open_regular_file(path: Path) -> BinaryIO:
    """Open a file for reading, unbuffered; a folder, pipe or device is refused rather than waited for.

    Raises:
        OSError: With EISDIR for a folder, ENXIO for anything else that is no file.
        ValueError: The name holds a NUL.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        number = errno.EISDIR if stat.S_ISDIR(mode) else errno.ENXIO
        raise OSError(number, os.strerror(number))
    return open(descriptor, "rb", buffering=0)


def read_document(path: Path) -> bytes:
    """The bytes of a file that lrplan takes into memory as a whole: a manifest, a list, a plan file.

    Raises:
        OSError: Also with EFBIG for one that can be none of these, such as a video.
        ValueError: The name holds a NUL.
    """
    with open_regular_file(path) as file:
        if os.fstat(file.fileno()).st_size > DOCUMENT_BYTES_MAX:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        return file.read()


def read_given(path: Path) -> bytes:
    """As `read_document`, but of a file that the command line names: a pipe is waited for and read to its end.

    Raises:
        OSError: Also with EFBIG for a pipe that brings more than any document holds.
        ValueError: The name holds a NUL.
    """
    if not stat.S_ISFIFO(os.stat(path).st_mode):
        return read_document(path)
    pieces: list[bytes] = []
    room = DOCUMENT_BYTES_MAX
    with open(path, "rb", buffering=0) as pipe:
        while piece := pipe.read(BUFFER_BYTES):
            pieces.append(piece)
            room -= len(piece)
            if room < 0:
                raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return b"".join(pieces)


def reason_of(problem: OSError | ValueError) -> str:
    """A few words for a `FileProblem`."""
    if isinstance(problem, OSError):
        words = problem.strerror or "cannot be read"
        return _REASONS.get(problem.errno or 0, words[:1].lower() + words[1:])
    return NO_SUCH_FILE

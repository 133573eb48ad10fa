"""
A secret in a file that the environment names: a regular file, or a pipe that somebody writes it into.

The surprising case: a device may never end, and a pipe may have nobody who writes. So nothing else is read, no more
than a secret can have, and a pipe is waited for only so long as a program of `auth.command` would be.
"""

import os
import select
import stat
from pathlib import Path
from time import monotonic
from typing import BinaryIO

SECRET_BYTES_MAX = 64 * 1024  # ours: a token has some thousand characters
PIPE_WAIT_S = 60.0  # ours: somebody may have to type a passphrase first


def read_secret(path: Path, *, wait_s: float = PIPE_WAIT_S) -> str:
    """The text of a file or pipe, without what stands around it.

    Args:
        wait_s: How long a pipe may take in all.

    Raises:
        OSError: It cannot be opened or read; EISDIR for a folder.
        ValueError: It is nothing that holds a secret, and the message says why; or the name holds a NUL.
    """
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0) as file:
        mode = os.fstat(file.fileno()).st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISFIFO(mode):
            raise ValueError("it is neither a file nor a pipe")
        content = _bounded(file, until=monotonic() + wait_s)
    if len(content) > SECRET_BYTES_MAX:
        raise ValueError(f"it has more than {SECRET_BYTES_MAX:,} bytes")
    try:
        return content.decode().strip()
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None


def _bounded(file: BinaryIO, *, until: float) -> bytes:
    """What is in *file*, or one byte more than a secret can have."""
    content = b""
    while len(content) <= SECRET_BYTES_MAX:
        if not select.select([file], [], [], max(0.0, until - monotonic()))[0]:
            raise ValueError("nobody wrote all of it into the pipe in time")
        piece = file.read(SECRET_BYTES_MAX + 1 - len(content))
        if piece == b"":
            break
        content += piece or b""  # None: somebody was quicker, or nothing is there yet
    return content

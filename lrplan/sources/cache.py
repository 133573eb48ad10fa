"""
Hashes of originals that were read before, so that an unchanged file is not read again.

A file is taken for unchanged while its device, inode, size, and both of its times are. A file that was changed within
two seconds of being hashed is not remembered: it may change again without its times showing it.

The surprising case: nothing here may fail. A cache that cannot be read is empty, and one that cannot be written is not
written.
"""

import contextlib
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from attrs import evolve

from lrplan.formats.originals import CachedOriginal, decode_cache, encode_cache
from lrplan.model.inventory import Original

SETTLED_NS = 2_000_000_000  # FAT keeps times to two seconds, the coarsest of the usual file systems
ENTRIES_MAX = 100_000  # ours: some 50 MB

_NAME = "originals.jsonl"


class OriginalCache:
    """The cache of one project, in a folder of its own, read when it is made and written by `save`."""

    def __init__(self, folder: Path, *, now_ns: Callable[[], int] = time.time_ns) -> None:
        """*folder* need not exist; *now_ns* tells nanoseconds since 1970 on the clock of the file system."""
        self._folder = folder
        self._now_ns = now_ns
        self._entries: dict[str, CachedOriginal] = {}
        self._is_new = False
        with contextlib.suppress(OSError):
            content = (folder / _NAME).read_bytes()
            self._entries = {entry.original.path: entry for entry in decode_cache(content)}

    def find(self, path: str, found: os.stat_result, *, part_size_bytes: int) -> Original | None:
        """What is known of the file at *path*, whose marks are *found*; None when it must be read."""
        entry = self._entries.get(path)
        if entry is None or entry.original.part_size_bytes != part_size_bytes:
            return None
        return entry.original if entry == _entry(entry.original, found) else None

    def add(self, original: Original, found: os.stat_result) -> None:
        """Remember what was read from a file with the marks *found*, taken before it was read."""
        if self._now_ns() - max(found.st_mtime_ns, found.st_ctime_ns) >= SETTLED_NS:
            self._entries.pop(original.path, None)
            self._entries[original.path] = _entry(original, found)
            self._is_new = True

    def save(self) -> None:
        """Write what was added, as far as that is possible."""
        if not self._is_new:
            return
        beside = self._folder / f".{_NAME}.{os.getpid()}-{secrets.token_hex(4)}.new"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / ".gitignore").write_text("*\n")
            beside.write_bytes(encode_cache(list(self._entries.values())[-ENTRIES_MAX:]))
            os.replace(beside, self._folder / _NAME)
        except OSError:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)


def _entry(original: Original, found: os.stat_result) -> CachedOriginal:
    return CachedOriginal(
        device=found.st_dev,
        inode=found.st_ino,
        mtime_ns=found.st_mtime_ns,
        ctime_ns=found.st_ctime_ns,
        original=evolve(original, size_bytes=found.st_size),
    )

"""
One original, read once: its SHA-256, and the xxh3 of every part in which it may be sent.

SHA-256 names the original to the service; the cheaper checks tell, while a part is sent, that its bytes are still those
that were planned. The file must not change under the reader: its size and time are compared before and after.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import xxhash

from lrplan.model.ids import Sha256
from lrplan.model.inventory import FileProblem, Original
from lrplan.sources.cache import OriginalCache
from lrplan.sources.media import read_media
from lrplan.sources.opening import BUFFER_BYTES, open_regular_file, reason_of


def _ignore(count: int) -> None:
    """Tell nobody."""
    del count


def read_original(
    folder: Path,
    path: str,
    *,
    part_size_bytes: int,
    cache: OriginalCache | None = None,
    advance: Callable[[int], None] = _ignore,
) -> Original | FileProblem:
    """Hash the file at *path* (relative to *folder*, with `/`) and find out what it is.

    Args:
        part_size_bytes: The size of the parts, at least 1.
        cache: Asked before the file is read, and told after.
        advance: Called with the number of bytes of each piece that was hashed.
    """
    try:
        with open_regular_file(folder / path) as file:
            before = os.fstat(file.fileno())
            known = None if cache is None else cache.find(path, before, part_size_bytes=part_size_bytes)
            read = known or _read(file, path, part_size_bytes, advance)
            if cache is not None and known is None and isinstance(read, Original):
                cache.add(read, before)
            return read
    except (OSError, ValueError) as problem:
        return FileProblem(path=path, reason=reason_of(problem))


def _read(file: BinaryIO, path: str, part_size_bytes: int, advance: Callable[[int], None]) -> Original | FileProblem:
    before = os.fstat(file.fileno())
    if before.st_size == 0:
        return FileProblem(path=path, reason="is empty")
    name = PurePosixPath(path)
    media = read_media(file, name.suffix)
    if media is None:
        return FileProblem(path=path, reason="is not a photo or video")
    file.seek(0)
    sha256, checks, size_bytes = _digests(file, before.st_size, part_size_bytes, advance)
    after = os.fstat(file.fileno())
    if (size_bytes, after.st_size, after.st_mtime_ns) != (before.st_size, before.st_size, before.st_mtime_ns):
        return FileProblem(path=path, reason="changed while it was read")
    return Original(
        path=path,
        file_name=name.name,
        size_bytes=size_bytes,
        sha256=Sha256(sha256),
        part_size_bytes=part_size_bytes,
        part_checks=checks,
        subtype=media.subtype,
        content_type=media.content_type,
        capture_date=media.capture_date,
        width=media.width,
        height=media.height,
    )


def _digests(
    file: BinaryIO, expected_bytes: int, part_size_bytes: int, advance: Callable[[int], None]
) -> tuple[str, tuple[str, ...], int]:
    """SHA-256 of all, xxh3 of each part, and the number of bytes; ends early in a file that outgrows its size."""
    whole = hashlib.sha256()
    checks: list[str] = []
    size_bytes = 0
    buffer = memoryview(bytearray(min(BUFFER_BYTES, part_size_bytes)))
    part, room = xxhash.xxh3_64(), part_size_bytes
    while size_bytes <= expected_bytes:
        count = file.readinto(buffer[: min(len(buffer), room)])  # type: ignore[attr-defined]
        if not count:
            break
        chunk = buffer[:count]
        whole.update(chunk)
        part.update(chunk)
        size_bytes += count
        room -= count
        advance(count)
        if room == 0:
            checks.append(part.hexdigest())
            part, room = xxhash.xxh3_64(), part_size_bytes
    if room < part_size_bytes:
        checks.append(part.hexdigest())
    return whole.hexdigest(), tuple(checks), size_bytes

"""
Originals as they stand in a plan, and in the cache of hashes, format 1.

The cache spares hashing files again that have not changed. It is safe to lose: a line that is damaged, or of another
format, is a file that is hashed again.
"""

from collections.abc import Iterable

import msgspec
from attrs import frozen

from lrplan.formats.bindings import Layout
from lrplan.formats.canonical import compact
from lrplan.formats.lines import seal, unseal
from lrplan.model.ids import Sha256
from lrplan.model.inventory import Original

CACHE_FORMAT = 1


class OriginalLayout(Layout, frozen=True, kw_only=True):
    """A local file to send. `path` is relative to the project's folder."""

    path: str
    file_name: str
    size_bytes: int
    sha256: Sha256
    part_size_bytes: int
    part_checks: tuple[str, ...]
    subtype: str
    content_type: str
    capture_date: str
    width: int | None = None
    height: int | None = None


class _CachedLayout(Layout, frozen=True, kw_only=True):
    cache: int
    device: int
    inode: int
    mtime_ns: int
    ctime_ns: int
    original: OriginalLayout


_DECODER = msgspec.json.Decoder(_CachedLayout)


@frozen(kw_only=True)
class CachedOriginal:
    """An original, and the marks of the file that it was read from; a file with these marks is taken for the same."""

    device: int
    inode: int
    mtime_ns: int
    ctime_ns: int
    original: Original


def encode_cache(entries: Iterable[CachedOriginal]) -> bytes:
    """*entries* as the bytes of the cache's file."""
    return b"".join(
        seal(
            compact(
                _CachedLayout(
                    cache=CACHE_FORMAT,
                    device=entry.device,
                    inode=entry.inode,
                    mtime_ns=entry.mtime_ns,
                    ctime_ns=entry.ctime_ns,
                    original=original_to_layout(entry.original),
                )
            )
        )
        for entry in entries
    )


def decode_cache(content: bytes) -> tuple[CachedOriginal, ...]:
    """The entries of a cache, less those that are damaged or of another format."""
    entries: list[CachedOriginal] = []
    for line in content.splitlines():
        body = unseal(line)
        try:
            layout = None if body is None else _DECODER.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        if layout is not None and layout.cache == CACHE_FORMAT:
            entries.append(
                CachedOriginal(
                    device=layout.device,
                    inode=layout.inode,
                    mtime_ns=layout.mtime_ns,
                    ctime_ns=layout.ctime_ns,
                    original=original_from_layout(layout.original),
                )
            )
    return tuple(entries)


def original_to_layout(original: Original) -> OriginalLayout:
    """An original as it is written."""
    return OriginalLayout(
        path=original.path,
        file_name=original.file_name,
        size_bytes=original.size_bytes,
        sha256=original.sha256,
        part_size_bytes=original.part_size_bytes,
        part_checks=original.part_checks,
        subtype=original.subtype,
        content_type=original.content_type,
        capture_date=original.capture_date,
        width=original.width,
        height=original.height,
    )


def original_from_layout(layout: OriginalLayout) -> Original:
    """An original as it was written."""
    return Original(
        path=layout.path,
        file_name=layout.file_name,
        size_bytes=layout.size_bytes,
        sha256=layout.sha256,
        part_size_bytes=layout.part_size_bytes,
        part_checks=layout.part_checks,
        subtype=layout.subtype,
        content_type=layout.content_type,
        capture_date=layout.capture_date,
        width=layout.width,
        height=layout.height,
    )

"""
The bytes of a local file on their way to the service, and never other bytes than those that were planned.

A part is streamed in chunks; the last chunk is held back until the part's checksum has matched, so that the service
cannot take a part that changed since the plan: the request is never complete.

The surprising case: the file is opened anew for each chunk. A generator may be dropped half-way, or be cancelled while
a thread reads for it; so nothing is open between two chunks, and there is nothing to forget to close.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import xxhash

from lrplan.diagnostics import Failure, SourceSpan, error
from lrplan.model.inventory import Original
from lrplan.sources.opening import open_regular_file, reason_of

CHUNK_BYTES = 1 << 18  # ours: of each part under way some three are in memory; larger ones cost as much CPU


class LocalOriginals:
    """A `ports.Originals` over the folder of a project."""

    def __init__(self, folder: Path, *, chunk_bytes: int = CHUNK_BYTES) -> None:
        """Name the project's *folder*, to which paths are relative, and the size of chunks (at least 1)."""
        self._folder = folder
        self._chunk_bytes = chunk_bytes

    async def part(self, original: Original, part: int) -> AsyncIterator[bytes]:
        """Stream part number *part* (from 0), pieces of `part_size_bytes`, in chunks.

        Raises:
            Failure: LRP502, the file vanished, cannot be read, or its bytes are not those that were planned.
        """
        offset = part * original.part_size_bytes
        end = min(offset + original.part_size_bytes, original.size_bytes)
        check = xxhash.xxh3_64()
        held: bytes | None = None
        while offset < end:
            size = min(self._chunk_bytes, end - offset)
            chunk = await asyncio.to_thread(self._read, original, offset, size)
            check.update(chunk)
            offset += size
            if held is not None:
                yield held
            held = chunk
        if held is None or check.hexdigest() != original.part_checks[part]:
            raise _changed(original, "Its bytes are not those that were planned.")
        yield held

    def _read(self, original: Original, offset: int, size: int) -> bytes:
        try:
            with open_regular_file(self._folder / original.path) as file:
                file.seek(offset)
                chunk = file.read(size)
                while len(chunk) < size and (more := file.read(size - len(chunk))):
                    chunk += more
                is_longer = offset + size == original.size_bytes and file.read(1)
        except FileNotFoundError:
            raise _changed(original, "The file is gone.", what="original file vanished since the plan") from None
        except (OSError, ValueError) as problem:
            raise _changed(original, f"It cannot be read any more: {reason_of(problem)}.") from problem
        if len(chunk) < size:
            raise _changed(original, "It is shorter than it was.")
        if is_longer:
            raise _changed(original, "It is longer than it was.")
        return chunk


def _changed(original: Original, why: str, *, what: str = "original file changed since the plan") -> Failure:
    return Failure(
        error(
            "LRP502",
            what,
            span=SourceSpan(file=original.path, line=0, column=1),
            why=why,
            hint="nothing of it was taken over; plan again",
        )
    )

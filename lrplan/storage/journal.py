"""
The journal on the disk: an entry is durable when `append` returns, and calls side by side share one fsync.

Whoever comes while a batch is being forced to the disk joins the next batch; the first of them to get its turn writes
for all. The work is done in a thread of the journal's own, so that neither the event loop waits for the disk nor the
disk for a pool that hashes photos.

The surprising case: a failed fsync cannot be tried again. The system may have dropped the pages it could not write, and
the next fsync would succeed without them. So the first failure poisons the journal: every later append fails.
"""

import asyncio
import contextlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from attrs import define, field

from lrplan.diagnostics import Failure
from lrplan.formats.journal import encode_entry
from lrplan.journal.entries import Entry
from lrplan.storage.disk import Disk, sync_folder, write_whole
from lrplan.storage.failures import not_saved


@define(eq=False)
class _Batch:
    lines: list[bytes] = field(factory=list)
    durable: bool = False


class FileJournal:
    """The journal of one run, a `ports.JournalWriter`. Its file is made with the first entry, and must be new."""

    def __init__(self, path: Path, *, shown: str, disk: Disk) -> None:
        """*path* in a folder that exists; *shown* is how messages name it."""
        self._path = path
        self._shown = shown
        self._disk = disk
        self._descriptor: int | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._turn = asyncio.Lock()
        self._gathering = _Batch()
        self._broken: Failure | None = None

    async def append(self, entry: Entry) -> None:
        """Write *entry*; it is durable when this returns.

        Cancelled, the entry may or may not be written; what is never half done is a batch.

        Raises:
            Failure: LRP706, this or an earlier write or fsync failed.
        """
        batch = self._gathering
        batch.lines.append(encode_entry(entry))
        async with self._turn:
            if not batch.durable:
                await self._write(batch)

    async def close(self) -> None:
        """Write what cancelled appends left behind, as far as that is still possible, and let go of the file."""
        async with self._turn:
            if self._gathering.lines:
                with contextlib.suppress(Failure):
                    await self._write(self._gathering)
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None
            self._thread.shutdown(wait=False)

    async def _write(self, batch: _Batch) -> None:
        if self._broken is not None:
            raise Failure(*self._broken.diagnostics)
        self._gathering = _Batch()
        work = asyncio.get_running_loop().run_in_executor(self._thread, self._force, b"".join(batch.lines))
        cancelled: asyncio.CancelledError | None = None
        while not work.done():
            # The thread cannot be stopped half-way, so its end is awaited even when nobody wants the result any more.
            try:
                await asyncio.wait((work,))
            except asyncio.CancelledError as request:
                cancelled = request
        problem = work.exception()
        if isinstance(problem, OSError):
            self._broken = not_saved("journal", self._shown, problem)
            raise self._broken from problem
        if problem is not None:
            raise problem
        batch.durable = True
        if cancelled is not None:
            raise cancelled

    def _force(self, content: bytes) -> None:
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o666)
            write_whole(self._disk, self._descriptor, content)
            self._disk.sync(self._descriptor)
            sync_folder(self._disk, self._path.parent)
        else:
            write_whole(self._disk, self._descriptor, content)
            self._disk.sync(self._descriptor)

"""The journal on the disk: durable when `append` returns, one fsync for many, and no second try after a failure."""

import asyncio
import errno
import os
import threading
from pathlib import Path

import pytest
from attrs import evolve

from lrplan.diagnostics import Failure
from lrplan.formats.journal import decode_journal
from lrplan.journal.entries import Entry, StepDone
from lrplan.storage.disk import Disk
from lrplan.storage.journal import FileJournal
from tests.unit.storage.watched import Watched

ENTRIES = tuple(StepDone(step_id=str(number), result="done") for number in range(20))


def opened(folder: Path, disk: Disk) -> FileJournal:
    return FileJournal(folder / "journal.jsonl", shown=".lrplan/runs/r/journal.jsonl", disk=disk)


def read(folder: Path) -> tuple[Entry, ...]:
    entries, said = decode_journal((folder / "journal.jsonl").read_bytes())
    assert said is None
    return entries


class Gate:
    """A disk whose fsync of a file waits until it is let through."""

    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        self.arrived = threading.Semaphore(0)
        self.open = threading.Semaphore(0)

    def disk(self) -> Disk:
        def sync(descriptor: int) -> None:
            self.arrived.release()
            self.open.acquire()
            self.watched.sync(descriptor)

        return evolve(self.watched.disk(), sync=sync)

    async def somebody_waits(self) -> None:
        await asyncio.to_thread(self.arrived.acquire)

    def let_all_through(self) -> None:
        self.open.release(1000)


async def begin(work: list[asyncio.Task[None]]) -> None:
    """Let each task run up to where it waits."""
    for _ in work:
        await asyncio.sleep(0)


def test_an_entry_is_durable_when_append_returns(tmp_path: Path) -> None:
    async def run() -> None:
        watched = Watched()
        journal = opened(tmp_path, watched.disk())
        for count, entry in enumerate(ENTRIES, start=1):
            await journal.append(entry)
            assert read(tmp_path) == ENTRIES[:count]
            assert watched.calls[-1].startswith("sync")
        await journal.close()

    asyncio.run(run())


def test_appends_side_by_side_share_an_fsync_and_keep_their_order(tmp_path: Path) -> None:
    async def run() -> None:
        watched = Watched()
        gate = Gate(watched)
        journal = opened(tmp_path, gate.disk())
        first = asyncio.create_task(journal.append(ENTRIES[0]))
        await gate.somebody_waits()
        rest = [asyncio.create_task(journal.append(entry)) for entry in ENTRIES[1:]]
        await begin(rest)
        assert not any(task.done() for task in rest)
        gate.let_all_through()
        await asyncio.gather(first, *rest)
        assert watched.calls == ["write", "sync file", "sync folder", "write", "sync file"]
        await journal.close()

    asyncio.run(run())
    assert read(tmp_path) == ENTRIES


def test_the_event_loop_goes_on_while_the_disk_works(tmp_path: Path) -> None:
    async def run() -> None:
        gate = Gate(Watched())
        journal = opened(tmp_path, gate.disk())
        append = asyncio.create_task(journal.append(ENTRIES[0]))
        await gate.somebody_waits()
        assert not append.done()
        gate.let_all_through()
        await append
        await journal.close()

    asyncio.run(run())


@pytest.mark.parametrize("call", range(5))
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_after_one_failure_every_append_fails(tmp_path: Path, call: int, number: int) -> None:
    async def run() -> None:
        watched = Watched(failures={call: number})
        journal = opened(tmp_path, watched.disk())
        failed = 0
        for entry in ENTRIES[:5]:
            try:
                await journal.append(entry)
                assert not failed
            except Failure as failure:
                (said,) = failure.diagnostics
                assert (said.code, said.why) == ("LRP706", os.strerror(number) + ".")
                assert str(said.span) == ".lrplan/runs/r/journal.jsonl"
                failed += 1
        assert failed == (5 if call < 3 else 4)
        assert len(watched.calls) == call + 1
        await journal.close()
        assert len(watched.calls) == call + 1

    asyncio.run(run())


def test_all_who_wait_for_a_failed_fsync_learn_of_it(tmp_path: Path) -> None:
    async def run() -> list[object]:
        gate = Gate(Watched(failures={3: errno.ENOSPC}))
        journal = opened(tmp_path, gate.disk())
        first = asyncio.create_task(journal.append(ENTRIES[0]))
        await gate.somebody_waits()
        rest = [asyncio.create_task(journal.append(entry)) for entry in ENTRIES[1:]]
        await begin(rest)
        gate.let_all_through()
        ended = await asyncio.gather(first, *rest, return_exceptions=True)
        await journal.close()
        return ended

    first, *rest = asyncio.run(run())
    assert first is None
    assert all(isinstance(problem, Failure) for problem in rest)
    assert read(tmp_path) == ENTRIES[:1]


def test_a_cancelled_append_leaves_nothing_half_done(tmp_path: Path) -> None:
    async def run() -> None:
        gate = Gate(Watched())
        journal = opened(tmp_path, gate.disk())
        leader = asyncio.create_task(journal.append(ENTRIES[0]))
        await gate.somebody_waits()
        waiting = asyncio.create_task(journal.append(ENTRIES[1]))
        after = asyncio.create_task(journal.append(ENTRIES[2]))
        await begin([waiting, after])
        leader.cancel()
        waiting.cancel()
        await asyncio.sleep(0)
        leader.cancel()
        await asyncio.sleep(0)
        assert not leader.done()
        gate.let_all_through()
        ended = await asyncio.gather(leader, waiting, after, return_exceptions=True)
        assert [type(end) for end in ended] == [asyncio.CancelledError, asyncio.CancelledError, type(None)]
        await journal.close()

    asyncio.run(run())
    assert read(tmp_path) == ENTRIES[:3]


def test_what_a_cancelled_append_left_is_written_at_the_end(tmp_path: Path) -> None:
    async def run() -> None:
        gate = Gate(Watched())
        journal = opened(tmp_path, gate.disk())
        leader = asyncio.create_task(journal.append(ENTRIES[0]))
        await gate.somebody_waits()
        waiting = asyncio.create_task(journal.append(ENTRIES[1]))
        await begin([waiting])
        waiting.cancel()
        gate.let_all_through()
        await asyncio.gather(leader, waiting, return_exceptions=True)
        await journal.close()

    asyncio.run(run())
    assert read(tmp_path) == ENTRIES[:2]


def test_no_descriptor_stays_open(tmp_path: Path) -> None:
    async def run() -> set[str]:
        before = set(os.listdir("/dev/fd"))
        journal = opened(tmp_path, Disk())
        await journal.append(ENTRIES[0])
        await journal.close()
        return set(os.listdir("/dev/fd")) - before

    assert len(asyncio.run(run())) == 0

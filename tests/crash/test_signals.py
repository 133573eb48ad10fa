"""Real processes that are asked to stop, that are killed twice, and that meet each other."""

import asyncio
import signal
from collections.abc import Mapping
from pathlib import Path

import pytest

from lrplan.formats.journal import decode_journal
from lrplan.formats.plan import decode_plan
from lrplan.journal.entries import Ended, Intent, Outcome
from lrplan.sandbox import SeenRequest
from tests.crash.catalog import assert_same
from tests.crash.stage import Stage, staged
from tests.crash.sweep import KILLED, PLAN, lrplan, words_of


class AtWrite:
    """A hook that does something once, at the write of a given number of the child that runs."""

    def __init__(self, number: int) -> None:
        self._left = number
        self.reached = asyncio.Event()
        self.go_on = asyncio.Event()

    async def __call__(self, seen: SeenRequest) -> None:
        if not seen.is_write:
            return
        self._left -= 1
        if self._left == 0:
            self.reached.set()
            await self.go_on.wait()


def _entries(stage: Stage) -> list:
    """The newest journal."""
    journal = max((stage.project / ".lrplan" / "runs").glob("*/journal.jsonl"))
    entries, said = decode_journal(journal.read_bytes(), file="journal")
    assert said is None
    return list(entries)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("at", [1, 8, 20])
def test_a_signal_ends_a_run_with_a_whole_journal_and_the_next_finishes(
    number: int, at: int, template: Path, wanted: Mapping, tmp_path: Path
) -> None:
    async def run() -> None:
        pause = AtWrite(at)
        async with staged(template, tmp_path / "work", before_request=pause) as stage:
            child = await lrplan(stage.project, stage.box.endpoint, "apply", "--auto-approve")
            await pause.reached.wait()
            child.send_signal(number)
            assert child.stderr is not None
            while b"Stopping" not in (line := await child.stderr.readline()):
                assert line, "it ended without a word"
            pause.go_on.set()
            out, err = await child.communicate()
            assert child.returncode == 8, (out, err)
            assert b"Traceback" not in err
            assert b"Running it again finishes" in out
            entries = _entries(stage)
            answered = {entry.write for entry in entries if isinstance(entry, Outcome)}
            assert {entry.write for entry in entries if isinstance(entry, Intent)} <= answered
            assert isinstance(entries[-1], Ended)
            await stage.finish(wanted)

    asyncio.run(run())


def test_a_second_apply_at_the_same_time_exits_with_7(template: Path, wanted: Mapping, tmp_path: Path) -> None:
    async def run() -> None:
        pause = AtWrite(5)
        async with staged(template, tmp_path / "work", before_request=pause) as stage:
            first = await lrplan(stage.project, stage.box.endpoint, "apply", "--auto-approve")
            await pause.reached.wait()
            second = await lrplan(stage.project, stage.box.endpoint, "apply", "--auto-approve")
            out, err = await second.communicate()
            assert second.returncode == 7, (out, err)
            assert b"error[LRP601]" in err
            assert f"process {first.pid}".encode() in err
            pause.go_on.set()
            out, err = await first.communicate()
            assert first.returncode == 0, (out, err)
            assert_same(await stage.look(), wanted)
            await stage.finish(wanted)

    asyncio.run(run())


@pytest.mark.parametrize("stored", [False, True])
@pytest.mark.parametrize("cuts", [(3, 1), (8, 2), (14, 1, 1), (2, 2, 2, 2, 2, 2)])
def test_a_run_that_is_killed_again_and_again_is_still_finished(
    cuts: tuple[int, ...], stored: bool, template: Path, wanted: Mapping, tmp_path: Path
) -> None:
    """Each cut is at that write of its run; a run that goes on from others must not lose what the first of them did."""
    left: list[int] = []
    numbers = [0]
    children: list[asyncio.subprocess.Process] = []

    async def noting(seen: SeenRequest) -> None:
        numbers.append(seen.number)

    async def killing(seen: SeenRequest, status: int) -> None:
        # What the process before this one had sent last may still be at work here: it does not count.
        if seen.is_write and left and seen.number > numbers[0]:
            left[0] -= 1
            if left[0] == 0:
                children[-1].send_signal(signal.SIGKILL)
                raise ConnectionResetError

    async def run() -> None:
        async with staged(template, tmp_path / "work", before_request=noting, after_request=killing) as stage:
            planning = await lrplan(stage.project, stage.box.endpoint, "plan", "-o", PLAN)
            assert (await planning.communicate(), planning.returncode)[1] == 0
            for cut in cuts:
                left[:], numbers[0] = [cut], max(numbers)
                children.append(await lrplan(stage.project, stage.box.endpoint, *words_of(stored=stored)))
                out, err = await children[-1].communicate()
                assert children[-1].returncode == KILLED, (cut, out, err)
            left.clear()
            plan = decode_plan((stage.project / PLAN).read_bytes(), file=PLAN) if stored else None
            ran = await stage.place.apply(plan)
            assert ran.exit_code == 0, ran.summary
            assert_same(await stage.look(), wanted)
            await stage.finish(wanted)

    asyncio.run(run())

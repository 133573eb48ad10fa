"""Memory in a folder: state in one step, runs that prove what they hold, a lock that cannot stick."""

import asyncio
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import evolve

from lrplan.diagnostics import Diagnostic, Failure
from lrplan.journal.entries import Ended, Entry, Started
from lrplan.model.state import State
from lrplan.plan.plan import Plan
from lrplan.storage.folder import FINISHED_RUNS_KEPT, FolderMemory
from tests.unit.storage.watched import Watched

STATE = State(account_id="a", catalog_id="c", service_id="s", project="p")
PLAN = Plan(project="p", account_id="a", catalog_id="c", service_id="s")
STARTED = Started(run_id="r1", digest="d", at="t")
ENDED = Ended(result="done", at="t")
GARBAGE = b'{"formatVersion": "1.0"'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / ".lrplan"


@pytest.fixture
def memory(folder: Path) -> FolderMemory:
    return FolderMemory(folder)


def record(memory: FolderMemory, run_id: str, *entries: Entry, plan: Plan = PLAN) -> None:
    async def run() -> None:
        async with memory.start_run(run_id, plan) as journal:
            for entry in entries:
                await journal.append(entry)

    asyncio.run(run())


def code_of(failure: pytest.ExceptionInfo[Failure]) -> str:
    (said,) = failure.value.diagnostics
    assert said.why
    return said.code


def test_looking_makes_no_folder(memory: FolderMemory, folder: Path) -> None:
    assert (memory.load_state(), memory.runs(), memory.run_ids()) == (None, (), ())
    assert not folder.exists()


def test_what_was_saved_is_loaded(memory: FolderMemory) -> None:
    for serial in (1, 2):
        memory.save_state(evolve(STATE, serial=serial))
        assert memory.load_state() == evolve(STATE, serial=serial)


def test_the_folder_hides_from_git(memory: FolderMemory, folder: Path) -> None:
    memory.save_state(STATE)
    assert (folder / ".gitignore").read_text() == "*\n"


def test_a_removed_gitignore_is_somebodys_wish(memory: FolderMemory, folder: Path) -> None:
    memory.save_state(STATE)
    (folder / ".gitignore").unlink()
    memory.save_state(STATE)
    assert not (folder / ".gitignore").exists()


def test_a_state_is_written_forced_renamed_and_its_name_forced(memory: FolderMemory, folder: Path) -> None:
    memory.save_state(STATE)
    watched = Watched()
    FolderMemory(folder, disk=watched.disk()).save_state(STATE)
    assert watched.calls == ["write", "sync file", "rename state.json", "sync folder"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
@pytest.mark.parametrize("call", range(4))
def test_after_a_failure_the_state_is_whole_and_nothing_lies_about(
    memory: FolderMemory, folder: Path, call: int, number: int
) -> None:
    memory.save_state(STATE)
    with pytest.raises(Failure) as failure:
        FolderMemory(folder, disk=Watched(failures={call: number}).disk()).save_state(evolve(STATE, serial=1))
    (said,) = failure.value.diagnostics
    assert (said.code, str(said.span), said.why) == ("LRP706", ".lrplan/state.json", os.strerror(number) + ".")
    assert said.hint
    assert memory.load_state() == evolve(STATE, serial=int(call == 3))
    assert sorted(path.name for path in folder.iterdir()) == [".gitignore", "state.json"]


def test_a_disk_that_takes_a_byte_at_a_time_gets_them_all(memory: FolderMemory, folder: Path) -> None:
    FolderMemory(folder, disk=Watched(bytes_per_write=1).disk()).save_state(STATE)
    assert memory.load_state() == STATE


def test_leftovers_of_a_cut_off_save_go_with_the_next_apply(memory: FolderMemory, folder: Path) -> None:
    memory.save_state(STATE)
    (folder / ".state.json.77-abcd.new").write_bytes(b"half")
    assert memory.load_state() == STATE

    async def hold() -> None:
        async with memory.hold():
            pass

    asyncio.run(hold())
    assert sorted(path.name for path in folder.iterdir()) == [".gitignore", "lock", "state.json"]


def test_a_damaged_state_is_told_by_name(memory: FolderMemory, folder: Path) -> None:
    memory.save_state(STATE)
    (folder / "state.json").write_bytes(b"{")
    with pytest.raises(Failure) as failure:
        memory.load_state()
    assert code_of(failure) == "LRP106"


def test_a_state_that_cannot_be_read_is_not_a_missing_one(memory: FolderMemory, folder: Path) -> None:
    (folder / "state.json").mkdir(parents=True)
    with pytest.raises(Failure) as failure:
        memory.load_state()
    assert code_of(failure) == "LRP101"


def test_a_file_in_the_place_of_the_folder_is_told(memory: FolderMemory, folder: Path) -> None:
    folder.write_text("")
    with pytest.raises(Failure) as failure:
        memory.save_state(STATE)
    assert code_of(failure) == "LRP706"
    with pytest.raises(Failure) as failure:
        memory.load_state()
    assert code_of(failure) == "LRP101"


def test_a_run_is_recorded_with_its_plan_and_entries(memory: FolderMemory) -> None:
    record(memory, "r1", STARTED, ENDED)
    (run,) = memory.runs()
    assert (run.id, run.plan, run.entries) == ("r1", PLAN, (STARTED, ENDED))


def test_runs_come_oldest_first_less_those_that_the_state_holds(memory: FolderMemory) -> None:
    for run_id in ("2026-03", "2026-01", "2026-02"):
        record(memory, run_id)
    memory.save_state(evolve(STATE, folded=("2026-01",)))
    assert [run.id for run in memory.runs()] == ["2026-02", "2026-03"]
    assert memory.run_ids() == ("2026-01", "2026-02", "2026-03")
    assert memory.run("2026-01") is not None


def test_a_plan_is_durable_before_the_journal_is_made(memory: FolderMemory, folder: Path) -> None:
    memory.save_state(STATE)
    watched = Watched()
    record(FolderMemory(folder, disk=watched.disk()), "r1", STARTED, ENDED)
    assert watched.calls == [
        *("sync folder", "sync folder"),  # runs, and its name
        "sync folder",  # the name of the run's folder
        *("write", "sync file", "rename plan.json", "sync folder"),
        *("write", "sync file", "sync folder"),  # the first entry, and the name of the journal
        *("write", "sync file"),
    ]


@pytest.mark.parametrize("call", range(7))
def test_a_run_whose_plan_could_not_be_recorded_does_not_begin(memory: FolderMemory, folder: Path, call: int) -> None:
    memory.save_state(STATE)
    with pytest.raises(Failure) as failure:
        record(FolderMemory(folder, disk=Watched(failures={call: errno.ENOSPC}).disk()), "r1", STARTED)
    assert code_of(failure) == "LRP706"
    assert [run.entries for run in memory.runs()] in ([], [()])


def test_a_second_run_of_one_id_is_refused(memory: FolderMemory) -> None:
    record(memory, "r1", STARTED)
    with pytest.raises(Failure) as failure:
        record(memory, "r1", ENDED)
    assert code_of(failure) == "LRP706"
    assert [run.entries for run in memory.runs()] == [(STARTED,)]


@pytest.mark.parametrize("run_id", ["", "..", "a/b", ".x", "a" * 101])
def test_what_is_no_id_of_a_run_is_a_bug(memory: FolderMemory, run_id: str) -> None:
    with pytest.raises(ValueError, match="not the id of a run"):
        record(memory, run_id)


def test_a_missing_plan_beside_a_journal_with_entries_is_missed_aloud(folder: Path) -> None:
    told: list[Diagnostic] = []
    memory = FolderMemory(folder, tell=told.append)
    record(memory, "r1", STARTED)
    (folder / "runs/r1/plan.json").unlink()
    assert memory.runs() == ()
    assert [(said.code, said.severity.value) for said in told] == [("LRP106", "warning")]


def test_a_state_names_no_run_of_which_nothing_is_left(memory: FolderMemory) -> None:
    record(memory, "r1", STARTED)
    memory.save_state(evolve(STATE, folded=("r0", "r1")))
    saved = memory.load_state()
    assert saved is not None
    assert saved.folded == ("r1",)


def test_a_run_without_a_whole_plan_sent_nothing(memory: FolderMemory, folder: Path) -> None:
    for run_id in ("r1", "r2", "r3"):
        record(memory, run_id)
    (folder / "runs/r1/plan.json").unlink()
    (folder / "runs/r2/plan.json").write_bytes(GARBAGE)
    (folder / "runs/.DS_Store").write_bytes(b"")
    (folder / "runs/stray").write_bytes(b"")
    assert [run.id for run in memory.runs()] == ["r3"]


def test_a_damaged_plan_beside_a_journal_with_entries_needs_a_person(memory: FolderMemory, folder: Path) -> None:
    record(memory, "r1", STARTED)
    (folder / "runs/r1/plan.json").write_bytes(GARBAGE)
    with pytest.raises(Failure) as failure:
        memory.runs()
    assert code_of(failure) == "LRP106"


def test_a_run_of_a_newer_lrplan_is_refused(memory: FolderMemory, folder: Path) -> None:
    record(memory, "r1")
    path = folder / "runs/r1/plan.json"
    path.write_bytes(path.read_bytes().replace(b'"1.0"', b'"9.0"'))
    with pytest.raises(Failure) as failure:
        memory.runs()
    assert code_of(failure) == "LRP107"


def test_a_torn_journal_gives_its_prefix_and_is_told(folder: Path) -> None:
    told: list[Diagnostic] = []
    memory = FolderMemory(folder, tell=told.append)
    record(memory, "r1", STARTED, ENDED)
    path = folder / "runs/r1/journal.jsonl"
    path.write_bytes(path.read_bytes()[:-5])
    assert [run.entries for run in memory.runs()] == [(STARTED,)]
    assert [str(said.span) for said in told] == [".lrplan/runs/r1/journal.jsonl:2:1"]


def test_old_finished_runs_go_and_unfinished_ones_never_do(memory: FolderMemory, folder: Path) -> None:
    finished = [f"r{number:03}" for number in range(FINISHED_RUNS_KEPT + 3)]
    for run_id in ["a-unfinished", *finished]:
        (folder / "runs" / run_id).mkdir(parents=True)
        (folder / "runs" / run_id / "plan.json").write_bytes(b"")
    memory.save_state(evolve(STATE, folded=(*finished, "../..", "gone")))
    assert memory.run_ids() == ("a-unfinished", *finished[3:])
    assert folder.exists()


def test_a_lock_is_held_by_one_and_names_its_holder(memory: FolderMemory, folder: Path) -> None:
    async def twice() -> None:
        async with memory.hold(), FolderMemory(folder).hold():
            pass

    with pytest.raises(Failure) as failure:
        asyncio.run(twice())
    assert code_of(failure) == "LRP601"
    assert failure.value.exit_code == 7
    assert f"process {os.getpid()} on " in failure.value.diagnostics[0].why

    async def again() -> str:
        async with memory.hold():
            return (folder / "lock").read_text()

    assert str(os.getpid()) in asyncio.run(again())
    assert (folder / "lock").read_text() == ""


HOLD_AND_DIE = """
import asyncio, os, sys
from pathlib import Path
from lrplan.storage.folder import FolderMemory

async def die():
    async with FolderMemory(Path(sys.argv[1])).hold():
        os._exit(0)

asyncio.run(die())
"""


def test_a_lock_ends_with_its_process(memory: FolderMemory, folder: Path) -> None:
    async def hold() -> None:
        async with memory.hold():
            pass

    subprocess.run([sys.executable, "-c", HOLD_AND_DIE, str(folder)], check=True)
    assert (folder / "lock").read_text().startswith("process ")
    asyncio.run(hold())


@pytest.mark.parametrize("text", [b"", b"\x1b[31mred\n", b"\xff" * 300, b"a\nb"])
def test_what_lies_in_a_lock_does_no_harm(memory: FolderMemory, folder: Path, text: bytes) -> None:
    async def twice() -> None:
        async with memory.hold():
            (folder / "lock").write_bytes(text)
            async with memory.hold():
                pass

    with pytest.raises(Failure) as failure:
        asyncio.run(twice())
    assert failure.value.diagnostics[0].why.isprintable()

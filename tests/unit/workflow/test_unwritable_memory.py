"""A memory that cannot be written: before anything is sent that is a matter of the folder, later the run is cut off."""

import errno
from pathlib import Path

import pytest

from lrplan.diagnostics import ExitCode, Failure
from lrplan.storage.folder import FolderMemory
from lrplan.workflow.report import Report
from tests.studio import Studio
from tests.unit.storage.watched import Watched

ALBUMS = "albums: {a: {name: A, members: [P01.jpg]}}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / ".lrplan"


def calls_until_the_end(folder: Path) -> int:
    """How many calls to the disk a run takes."""
    return len(run_on(folder, Watched())[1].calls)


def run_on(folder: Path, watched: Watched, studio: Studio | None = None) -> tuple[Report, Watched]:
    studio = studio or Studio()
    studio.memory = FolderMemory(folder, disk=watched.disk())  # type: ignore[assignment]
    return studio.run(ALBUMS), watched


def test_a_disk_that_is_full_at_any_call_sends_nothing_and_ends_with_3_or_leaves_a_run_to_finish(folder: Path) -> None:
    """Which of the two it is depends on one thing: whether a request was sent."""
    met = set()
    for call in range(calls_until_the_end(folder.with_name("whole"))):
        studio, watched = Studio(), Watched(failures={call: errno.ENOSPC})
        memory = folder.with_name(f"call-{call}")
        try:
            report, _ = run_on(memory, watched, studio)
            code = report.exit_code
        except Failure as failure:
            code = failure.exit_code
            (said,) = failure.diagnostics
            assert said.code == ("LRP706" if studio.catalog.writes else "LRP108"), watched.calls
            assert said.hint == "free some space there, then run it again"
        assert (code is ExitCode.INVALID) == (not studio.catalog.writes), watched.calls
        met.add(code)
    assert met == {ExitCode.INVALID, ExitCode.INCOMPLETE, ExitCode.DONE}, "only the last line of a journal is no loss"


@pytest.mark.parametrize("albums", [ALBUMS, "albums: {}"], ids=["something to do", "nothing to do"])
def test_a_lock_that_cannot_be_made_ends_an_apply_with_3(folder: Path, albums: str) -> None:
    (folder / "lock").mkdir(parents=True)
    studio = Studio()
    studio.memory = FolderMemory(folder)  # type: ignore[assignment]
    with pytest.raises(Failure) as ended:
        studio.run(albums)
    assert [(said.code, str(said.span)) for said in ended.value.diagnostics] == [("LRP108", ".lrplan/lock")]
    assert ended.value.exit_code is ExitCode.INVALID


def test_what_is_only_worth_remembering_and_cannot_be_kept_is_told_as_such(folder: Path) -> None:
    studio = Studio()
    run_on(folder, Watched(), studio)
    (folder / "state.json").unlink()
    studio.memory = FolderMemory(folder, disk=Watched(failures={0: errno.EROFS}).disk())  # type: ignore[assignment]
    with pytest.raises(Failure) as ended:
        studio.run(ALBUMS)
    assert [(said.code, said.what) for said in ended.value.diagnostics] == [("LRP108", "state could not be written")]


@pytest.mark.parametrize("memory", [".lrplan", ".lrplan/deep"])
def test_a_folder_behind_a_link_that_leads_nowhere_is_not_one_that_is_new(tmp_path: Path, memory: str) -> None:
    """The state may lie on a disk that is not there just now."""
    (tmp_path / ".lrplan").symlink_to(tmp_path / "not-mounted")
    studio = Studio()
    planned = studio.plan(ALBUMS)
    studio.memory = FolderMemory(tmp_path / memory)  # type: ignore[assignment]
    for story in (lambda: studio.plan(ALBUMS), lambda: studio.apply(planned)):
        with pytest.raises(Failure) as ended:
            story()
        (said,) = ended.value.diagnostics
        assert (said.code, str(said.span), ended.value.exit_code) == ("LRP101", ".lrplan", ExitCode.INVALID)
    (tmp_path / "not-mounted").mkdir()
    assert studio.run(ALBUMS).exit_code is ExitCode.DONE

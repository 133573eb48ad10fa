"""`lrplan demo`: both proofs on the screen, a project that stays usable, and nothing of the environment heeded."""

import errno
import re
from pathlib import Path

import click
import pytest

from lrplan.cli.demo.stage import Ran, expect
from lrplan.cli.main import run
from lrplan.diagnostics import Failure
from lrplan.sandbox.pictures import make_pictures
from tests.cli.conftest import ROOT, Ended, Lrplan, run_lrplan

MISLEADING = {
    "LRPLAN_ENDPOINT": "http://127.0.0.1:9",
    "LRPLAN_ACCESS_TOKEN": "wrong",
    "LRPLAN_QUIET": "1",
    "LRPLAN_APPLY_EXPECT_DIGEST": "wrong",
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which somebody has a `lrplan-demo` of their own, and the demonstration has been played."""
    folder = tmp_path_factory.mktemp("stage")
    (folder / "lrplan-demo").mkdir()
    (folder / "lrplan-demo" / "mine").touch()
    return folder


@pytest.fixture(scope="module")
def played(stage: Path) -> Ended:
    """How the demonstration went, in an environment that is full of settings for lrplan."""
    return run_lrplan("demo", cwd=stage, env=MISLEADING)


def test_the_demonstration_keeps_its_promises(played: Ended) -> None:
    assert (played.code, played.err) == (0, "")
    assert played.out.count("Verified: the catalog matches the manifests.") == 2
    assert played.out.count("No changes. The catalog matches the manifests.") == 2
    plugged = re.search(r"I pulled the plug at call (\d+) of (\d+)\.", played.out)
    assert plugged is not None
    at, of = map(int, plugged.groups())
    assert 1 < at < of
    assert f"{of} to apply" in played.out


def test_every_command_can_be_typed_where_it_is_shown(played: Ended) -> None:
    shown = [line for line in played.out.splitlines() if line.startswith("$ ")]
    assert shown[:3] == ["$ lrplan init lrplan-demo-2 --sandbox --project demo", "$ cd lrplan-demo-2", "$ lrplan plan"]
    assert "I remove lrplan-demo-2/manifests/example.yaml" in played.out


def _first_calls(out: str) -> tuple[int, int]:
    """The calls that the first plan said its apply would take, and those that the first apply took."""
    stated, sent = re.search(r"(\d+) to apply", out), re.search(r"(\d+) calls, [\d.]+ s\.$", out, re.MULTILINE)
    assert stated is not None
    assert sent is not None
    return int(stated.group(1)), int(sent.group(1))


def test_the_stated_calls_are_the_sent_calls(played: Ended) -> None:
    stated, sent = _first_calls(played.out)
    assert stated == sent


def test_its_project_stays_usable(played: Ended, stage: Path) -> None:
    assert played.code == 0
    project = stage / "lrplan-demo-2"
    assert run_lrplan("plan", "--detailed-exitcode", cwd=project).code == 0
    with (project / "manifests" / "weddings.yaml").open("a") as manifest:
        manifest.write("  more: {name: More, members: [DSC_0001.jpg]}\n")
    assert run_lrplan("apply", "--auto-approve", cwd=project).code == 0


def test_its_last_words_can_be_typed_where_it_was_called(played: Ended, stage: Path) -> None:
    assert "  Go on:      edit lrplan-demo-2/manifests, then lrplan -C lrplan-demo-2 plan\n" in played.out
    assert "  Look at it: lrplan -C lrplan-demo-2 sandbox --data .lrplan/sandbox\n" in played.out
    assert (stage / "lrplan-demo-2" / ".lrplan" / "sandbox").is_dir()


def test_nothing_is_ever_overwritten(played: Ended, stage: Path) -> None:
    assert "A demonstration in lrplan-demo-2" in played.out
    assert [entry.name for entry in (stage / "lrplan-demo").iterdir()] == ["mine"]
    assert run_lrplan("demo", "lrplan-demo", cwd=stage).code == 64


def test_the_readme_shows_a_plan_as_the_demonstration_prints_it(played: Ended) -> None:
    shown = re.search(r"^```\n(\$ lrplan plan\n.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    assert shown is not None

    def plain(text: str) -> str:
        return re.sub(r"[\d.]+ s\)", "N s)", text)

    printed = plain(played.out).replace(" -o plan.json", "").replace(" apply plan.json", " apply")
    assert plain(shown[1]) in printed.replace("Reading the catalog …\n", "")


def test_own_photos_are_uploaded_once_each_and_junk_is_named(lrplan: Lrplan, tmp_path: Path) -> None:
    photos = tmp_path / "my photos"
    make_pictures(photos, 5)
    (photos / "sub").mkdir()
    (photos / "DSC_0005.jpg").rename(photos / "sub" / "it's: a #5.jpg")
    (photos / "copy.jpg").write_bytes((photos / "DSC_0001.jpg").read_bytes())
    (photos / "notes.txt").write_text("no photo")
    (photos / "empty.jpg").touch()
    (photos / "bad\x1b[31m.jpg").touch()
    ended = lrplan("demo", "--photos", "my photos", "deep/er")
    assert (ended.code, ended.err) == (0, "")
    assert "5 uploads" in ended.out
    stated, sent = _first_calls(ended.out)
    assert stated == sent
    assert "left out: notes.txt: " in ended.out
    assert "left out: empty.jpg: " in ended.out
    assert "left out: bad\\x1b[31m.jpg: " in ended.out
    assert re.search(r"left out: (copy|DSC_0001)\.jpg: the same photo as (copy|DSC_0001)\.jpg", ended.out)
    assert "and none of them wrote" in ended.out
    assert lrplan("-C", "deep/er", "plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("count", [1, 3])
def test_a_few_photos_are_enough(lrplan: Lrplan, tmp_path: Path, count: int) -> None:
    make_pictures(tmp_path / "photos", count)
    assert lrplan("demo", "--photos", "photos").code == 0


def test_a_folder_without_photos_is_told_and_no_project_is_begun(lrplan: Lrplan, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "notes.txt").write_text("no photo")
    ended = lrplan("demo", "--photos", "photos")
    assert ended.code == 3
    assert "error[LRP211]: there is no photo in photos" in ended.err
    assert not (tmp_path / "lrplan-demo").exists()


def test_a_place_that_cannot_hold_a_project_is_told_and_is_no_bug(lrplan: Lrplan, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    ended = lrplan("demo", "file/below")
    assert ended.code == 64
    assert "file" in ended.out
    assert "The demonstration ends here" in ended.err
    assert "LRP001" not in ended.out + ended.err
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("problem", [OSError(errno.ENOSPC, "No space left", "x/photos"), PermissionError(13, "no")])
def test_a_fault_of_the_machine_is_no_bug(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], problem: OSError
) -> None:
    async def perform(stage: object, photos: object) -> None:
        raise problem

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("lrplan.cli.demo.story.perform", perform)
    assert run(["demo"]) == 3
    err = capsys.readouterr().err
    assert "error[LRP101]: the demonstration cannot go on: " in err
    assert "LRP001" not in err


@pytest.mark.parametrize(("code", "is_bug"), [(0, True), (1, True), (-9, True), (3, False), (8, False), (10, False)])
def test_a_command_that_could_not_do_its_work_ends_the_story_with_its_own_exit_code(code: int, is_bug: bool) -> None:
    with pytest.raises(Failure if is_bug else click.exceptions.Exit) as ended:
        expect(Ran(exit_code=code, output="", calls=1, writes=1), 0, "Verified")
    assert ended.value.exit_code == (1 if is_bug else code)

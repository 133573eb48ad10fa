"""`lrplan init`: a project that works, and nothing overwritten."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Lrplan, clean_environment


@pytest.mark.parametrize("words", [["init"], ["init", "--sandbox"]])
def test_a_new_project_is_valid(lrplan: Lrplan, tmp_path: Path, words: list[str]) -> None:
    begun = lrplan(*words)
    assert begun.code == 0
    assert begun.out == "wrote lrplan.yaml\nwrote manifests/example.yaml\nwrote .gitignore\n"
    assert "lrplan plan" in begun.err
    checked = lrplan("validate")
    assert (checked.code, checked.out) == (0, "Valid: 0 sets, 1 album, 0 members.\n")
    text = (tmp_path / "lrplan.yaml").read_text()
    assert ("\nendpoint: sandbox\n" in text) is ("--sandbox" in words)


def test_what_exists_stays_and_gitignore_gains_a_line_once(lrplan: Lrplan, tmp_path: Path) -> None:
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests" / "example.yaml").write_text("mine")
    (tmp_path / ".gitignore").write_text("*.tmp")
    assert lrplan("init").code == 0
    assert (tmp_path / "manifests" / "example.yaml").read_text() == "mine"
    ignored = (tmp_path / ".gitignore").read_text()
    assert ignored.startswith("*.tmp\n")
    assert ignored.endswith("\n.lrplan/\n")
    (tmp_path / "lrplan.yaml").unlink()
    assert "left as it is: .gitignore" in lrplan("init").out
    assert (tmp_path / ".gitignore").read_text() == ignored


def test_a_project_begins_only_once(lrplan: Lrplan, tmp_path: Path) -> None:
    (tmp_path / "lrplan.yaml").write_text("mine")
    ended = lrplan("init")
    assert ended.code == 64
    assert "already there" in ended.err
    assert (tmp_path / "lrplan.yaml").read_text() == "mine"


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("Weddings 2026", "weddings-2026"),
        ("Ünïcode Ordner", "unicode-ordner"),
        ("Straße", "strasse"),
        ("x" * 60, "x" * 40),
    ],
)
def test_the_project_is_named_after_its_folder(lrplan: Lrplan, tmp_path: Path, folder: str, name: str) -> None:
    assert lrplan("init", "--", folder).code == 0
    assert f"\nproject: {name}\n" in (tmp_path / folder / "lrplan.yaml").read_text()
    assert lrplan("-C", folder, "validate").code == 0


@pytest.mark.parametrize("folder", ["日本", "東京", "---"])
def test_a_folder_that_gives_no_name_asks_for_one(lrplan: Lrplan, tmp_path: Path, folder: str) -> None:
    ended = lrplan("init", "--", folder)
    assert (ended.code, ended.out) == (64, "")
    assert f"the folder {folder} gives no name for the project" in ended.err
    assert "--project NAME" in ended.err
    assert not list(tmp_path.iterdir())
    assert lrplan("init", "--project", "japan", "--", folder).code == 0
    assert "\nproject: japan\n" in (tmp_path / folder / "lrplan.yaml").read_text()


def test_a_new_project_says_that_its_name_is_its_own_and_why(lrplan: Lrplan, tmp_path: Path) -> None:
    assert lrplan("init", "studio").code == 0
    before, _, _ = (tmp_path / "studio" / "lrplan.yaml").read_text().partition("project: studio\n")
    said = " ".join(line.removeprefix("# ") for line in before.splitlines())
    assert "no other project of this account may have it" in said
    assert "two projects of one name would take each other's albums for their own" in said


def test_a_working_folder_that_is_gone_is_told_and_is_no_bug(tmp_path: Path) -> None:
    shell = f"mkdir gone && cd gone && rmdir ../gone && exec {sys.executable} -m lrplan init"
    done = subprocess.run(["sh", "-c", shell], cwd=tmp_path, env=clean_environment(), capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (64, b"")
    assert done.stderr.startswith(b"error[LRP901]: .: No such file or directory\n")


def test_a_link_that_leads_nowhere_is_in_the_way_of_a_project(lrplan: Lrplan, tmp_path: Path) -> None:
    (tmp_path / "lrplan.yaml").symlink_to("gone.yaml")
    ended = lrplan("init")
    assert (ended.code, ended.out) == (64, "")
    assert "lrplan.yaml is already there" in ended.err
    assert [entry.name for entry in tmp_path.iterdir()] == ["lrplan.yaml"]


def test_where_there_are_manifests_no_example_joins_them(lrplan: Lrplan, tmp_path: Path) -> None:
    (tmp_path / "manifests" / "deep").mkdir(parents=True)
    (tmp_path / "manifests" / "deep" / "mine.yaml").write_text("lrplan: 1\nalbums: {first-album: {name: Mine}}\n")
    begun = lrplan("init")
    assert begun.code == 0
    assert "left out, as there are manifests: manifests/example.yaml\n" in begun.out
    assert lrplan("validate").out == "Valid: 0 sets, 1 album, 0 members.\n"


def test_the_next_step_names_the_folder_from_where_the_user_is(lrplan: Lrplan, tmp_path: Path) -> None:
    (tmp_path / "a b").mkdir()
    assert "lrplan -C 'a b/c' plan" in lrplan("-C", "a b", "init", "c").err


def test_a_name_that_cannot_be_one_is_refused(lrplan: Lrplan, tmp_path: Path) -> None:
    ended = lrplan("init", "--project", "No Good")
    assert ended.code == 64
    assert "lower-case" in ended.err
    assert not list(tmp_path.iterdir())


def test_a_file_in_the_way_is_told(lrplan: Lrplan, tmp_path: Path) -> None:
    (tmp_path / "manifests").write_text("a file")
    ended = lrplan("init")
    assert ended.code == 64
    assert "manifests" in ended.err

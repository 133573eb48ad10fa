"""`lrplan demo`: both proofs on the screen, a project that stays usable, and nothing of the environment heeded."""

import re
from pathlib import Path

import pytest

from lrplan.sandbox.pictures import make_pictures
from tests.cli.conftest import ROOT, Lrplan

MISLEADING = {
    "LRPLAN_ENDPOINT": "http://127.0.0.1:9",
    "LRPLAN_ACCESS_TOKEN": "wrong",
    "LRPLAN_QUIET": "1",
    "LRPLAN_APPLY_EXPECT_DIGEST": "wrong",
}


@pytest.mark.parametrize("env", [{}, MISLEADING], ids=["clean", "misleading environment"])
def test_the_demonstration_keeps_its_promises(lrplan: Lrplan, tmp_path: Path, env: dict[str, str]) -> None:
    ended = lrplan("demo", env=env)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.count("Verified: the catalog matches the manifests.") == 2
    assert ended.out.count("No changes. The catalog matches the manifests.") == 2
    plugged = re.search(r"I pulled the plug at call (\d+) of (\d+)\.", ended.out)
    assert plugged is not None
    at, of = map(int, plugged.groups())
    assert 1 < at < of
    assert f"{of} to apply" in ended.out
    after = lrplan("-C", "lrplan-demo", "plan", "--detailed-exitcode")
    assert after.code == 0
    with (tmp_path / "lrplan-demo" / "manifests" / "weddings.yaml").open("a") as manifest:
        manifest.write("  more: {name: More, members: [DSC_0001.jpg]}\n")
    assert lrplan("-C", "lrplan-demo", "apply", "--auto-approve").code == 0


def test_the_readme_shows_a_plan_as_the_demonstration_prints_it(lrplan: Lrplan) -> None:
    shown = re.search(r"^```\n(\$ lrplan plan\n.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    assert shown is not None

    def plain(text: str) -> str:
        return re.sub(r"[\d.]+ s\)", "N s)", text)

    printed = plain(lrplan("demo").out).replace(" -o plan.json", "").replace(" apply plan.json", " apply")
    printed = printed.replace("Reading the catalog …\n", "")
    assert plain(shown[1]) in printed


def test_nothing_is_ever_overwritten(lrplan: Lrplan, tmp_path: Path) -> None:
    (tmp_path / "lrplan-demo").mkdir()
    (tmp_path / "lrplan-demo" / "mine").touch()
    ended = lrplan("demo")
    assert ended.code == 0
    assert [entry.name for entry in (tmp_path / "lrplan-demo").iterdir()] == ["mine"]
    assert (tmp_path / "lrplan-demo-2" / "lrplan.yaml").exists()
    assert lrplan("demo", "lrplan-demo").code == 64


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
    assert "left out: notes.txt: " in ended.out
    assert "left out: empty.jpg: " in ended.out
    assert "left out: bad\\x1b[31m.jpg: " in ended.out
    assert re.search(r"left out: (copy|DSC_0001)\.jpg: the same photo as (copy|DSC_0001)\.jpg", ended.out)
    assert "and none of them wrote" in ended.out
    assert lrplan("-C", "deep/er", "plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("count", [1, 2, 3])
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

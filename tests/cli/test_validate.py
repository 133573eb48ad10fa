"""`lrplan validate`: every mistake with its place, as text and as JSON."""

import hashlib
import json
from pathlib import Path

from lrplan.sandbox.pictures import make_pictures
from tests.cli.conftest import Lrplan

PROJECT = "lrplan: 1\nproject: a\n"
BROKEN = "lrplan: 1\nalbums:\n  a:\n    name: A\n    covr: x.jpg\n  b:\n    name: B\n    parent: nowhere\n"


def _project(folder: Path, manifest: str) -> None:
    (folder / "lrplan.yaml").write_text(PROJECT)
    (folder / "manifests").mkdir()
    (folder / "manifests" / "a.yaml").write_text(manifest)


def test_a_folder_without_a_project_says_what_to_do(lrplan: Lrplan) -> None:
    ended = lrplan("validate")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("lrplan.yaml: error[LRP101]: no lrplan.yaml here")
    assert "lrplan init" in ended.err


def test_all_mistakes_are_named_with_their_lines(lrplan: Lrplan, tmp_path: Path) -> None:
    _project(tmp_path, BROKEN)
    ended = lrplan("validate")
    assert (ended.code, ended.out) == (3, "")
    assert "manifests/a.yaml:5:5: error[LRP201]" in ended.err
    assert "manifests/a.yaml:8:13: error[LRP207]" in ended.err
    assert "5 |     covr: x.jpg" in ended.err
    assert "cover" in ended.err


def test_the_same_as_json_is_one_object_on_stdout(lrplan: Lrplan, tmp_path: Path) -> None:
    _project(tmp_path, BROKEN)
    ended = lrplan("validate", "--json")
    assert (ended.code, ended.err) == (3, "")
    result = json.loads(ended.out)
    assert result["valid"] is False
    assert [one["code"] for one in result["diagnostics"]] == ["LRP201", "LRP207"]
    assert result["diagnostics"][0]["source"] == "manifests/a.yaml:5:5"


def test_a_valid_project_is_counted(lrplan: Lrplan, tmp_path: Path) -> None:
    _project(tmp_path, "lrplan: 1\nsets: {s: {name: S}}\nalbums: {a: {name: A, parent: s, members: [x.jpg, y.jpg]}}\n")
    ended = lrplan("validate")
    assert (ended.code, ended.out, ended.err) == (0, "Valid: 1 set, 1 album, 2 members.\n", "")
    assert json.loads(lrplan("validate", "--json").out) == {"valid": True, "diagnostics": []}


def test_selects_are_counted_beside_the_members(lrplan: Lrplan, tmp_path: Path) -> None:
    _project(tmp_path, "lrplan: 1\nalbums: {a: {name: A, members: [x.jpg, select: {fileName: 'y*'}]}}\n")
    ended = lrplan("validate")
    assert (ended.code, ended.out, ended.err) == (0, "Valid: 0 sets, 1 album, 1 member, 1 select.\n", "")


def test_missing_manifests_are_an_error_unless_the_project_file_holds_the_albums(
    lrplan: Lrplan, tmp_path: Path
) -> None:
    project = tmp_path / "lrplan.yaml"
    project.write_text(PROJECT)
    assert lrplan("validate").code == 3
    project.write_text(PROJECT + "albums: {a: {name: A}}\n")
    assert lrplan("validate").code == 0
    project.write_text(PROJECT + "manifests: manifests\nalbums: {a: {name: A}}\n")
    assert lrplan("validate").code == 3


def test_list_files_are_read_and_their_members_counted(lrplan: Lrplan, tmp_path: Path) -> None:
    _project(tmp_path, "lrplan: 1\nalbums: {a: {members: [x.jpg, {from: picks.txt}]}}\n")
    picks = tmp_path / "manifests" / "picks.txt"
    picks.write_text("\n".join(f"DSC_{number:05}.jpg" for number in range(2000)))
    assert lrplan("validate").out == "Valid: 0 sets, 1 album, 2,001 members.\n"
    picks.write_text("# none yet\n")
    assert lrplan("validate").out == "Valid: 0 sets, 1 album, 1 member.\n"


def test_a_list_that_is_missing_or_no_text_is_a_mistake(lrplan: Lrplan, tmp_path: Path) -> None:
    _project(tmp_path, "lrplan: 1\nalbums: {a: {members: [{from: picks.txt}]}}\n")
    ended = lrplan("validate")
    assert ended.code == 3
    assert "manifests/a.yaml:2:31: error[LRP101]: list manifests/picks.txt: no such file" in ended.err
    (tmp_path / "manifests" / "picks.txt").write_bytes(b"\xff\xd8\xff\xe0\n" * 3000)
    ended = lrplan("validate")
    assert ended.code == 3
    assert ended.err.count("LRP102") == 1
    (tmp_path / "manifests" / "picks.txt").write_bytes(b"a\0b.jpg\nx.jpg\nx.jpg\n")
    ended = lrplan("validate")
    assert ended.code == 3
    assert "manifests/picks.txt:1:1: error[LRP203]" in ended.err
    assert "manifests/picks.txt:3:1: error[LRP210]: photo named twice" in ended.err


def test_a_mistake_in_a_list_is_shown_with_its_line(lrplan: Lrplan, tmp_path: Path) -> None:
    _project(tmp_path, "lrplan: 1\nalbums: {a: {members: [{from: picks.txt}]}}\n")
    (tmp_path / "manifests" / "picks.txt").write_text("a.jpg\n  folder/  # all of it\n")
    assert " 2 |   folder/  # all of it\n   |   ^^^^^^^\n" in lrplan("validate").err


def test_a_file_to_upload_that_is_not_here_is_a_warning(lrplan: Lrplan, tmp_path: Path) -> None:
    _project(tmp_path, "lrplan: 1\nalbums: {a: {members: [./nope.jpg]}}\n")
    ended = lrplan("validate")
    assert (ended.code, ended.out) == (0, "Valid: 0 sets, 1 album, 1 member.\n")
    assert "manifests/a.yaml:2:24: warning[LRP211]: cannot upload manifests/nope.jpg: no such file" in ended.err
    assert "   |                        ^^^^^^^^^^\n" in ended.err
    assert [one["code"] for one in json.loads(lrplan("validate", "--json").out)["diagnostics"]] == ["LRP211"]


def test_a_file_is_held_against_the_sha256_beside_it(lrplan: Lrplan, tmp_path: Path) -> None:
    make_pictures(tmp_path / "photos", 1)
    sha256 = hashlib.sha256((tmp_path / "photos" / "DSC_0001.jpg").read_bytes()).hexdigest()
    _project(
        tmp_path, f"lrplan: 1\nalbums: {{a: {{members: [{{upload: ../photos/DSC_0001.jpg, sha256: {sha256}}}]}}}}\n"
    )
    assert (lrplan("validate").code, lrplan("validate").err) == (0, "")
    manifest = tmp_path / "manifests" / "a.yaml"
    manifest.write_text(manifest.read_text().replace(sha256, "0" * 64))
    ended = lrplan("validate")
    assert ended.code == 3
    assert "error[LRP212]: photos/DSC_0001.jpg is not the file it was" in ended.err


def test_of_very_many_mistakes_the_first_are_told_and_all_are_counted(lrplan: Lrplan, tmp_path: Path) -> None:
    _project(tmp_path, "lrplan: 1\nalbums: {a: {members: [{from: picks.txt}]}}\n")
    (tmp_path / "manifests" / "picks.txt").write_text("folder/\n" * 5000 + "https://example.com/a.jpg\n")
    ended = lrplan("validate")
    assert ended.code == 3
    assert len(ended.err.splitlines()) < 200
    assert ended.err.endswith("\n… and 4,981 more of LRP203 (wrong type or value)\n5,001 errors in 1 file\n")
    assert len(json.loads(lrplan("validate", "--json").out)["diagnostics"]) == 5001


def test_one_mistake_needs_no_sum(lrplan: Lrplan, tmp_path: Path) -> None:
    _project(tmp_path, "lrplan: 1\nalbums: {a: {covr: x.jpg}}\n")
    assert " in 1 file" not in lrplan("validate").err

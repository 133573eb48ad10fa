"""`lrplan validate`: every mistake with its place, as text and as JSON."""

import json
from pathlib import Path

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

"""Finding the project's files: nothing is passed over in silence."""

import os
from pathlib import Path

import pytest

from lrplan.diagnostics import Failure
from lrplan.manifest.entries import SourceText
from lrplan.sources.project import read_manifests, read_project_folder


def write(folder: Path, *paths: str) -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(path)


def names(folder: Path, manifests: str = "manifests") -> list[str]:
    sources, said = read_manifests(folder, manifests)
    assert said == ()
    assert all(source.content.decode() == Path(source.file).name or source.content for source in sources)
    return [source.file for source in sources]


def codes(folder: Path, manifests: str = "manifests", *, required: bool = True) -> list[tuple[str, str]]:
    _, said = read_manifests(folder, manifests, required=required)
    return [(one.code, str(one.span)) for one in said]


def test_the_project_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "lrplan.yaml").write_bytes(b"lrplan: 1\n\xff")
    assert read_project_folder(tmp_path) == SourceText("lrplan.yaml", b"lrplan: 1\n\xff")


def test_a_folder_that_is_no_project_is_told_how_to_become_one(tmp_path: Path) -> None:
    with pytest.raises(Failure) as failure:
        read_project_folder(tmp_path)
    (said,) = failure.value.diagnostics
    assert (said.code, "lrplan init" in said.hint) == ("LRP101", True)


def test_a_project_file_that_is_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "lrplan.yaml").mkdir()
    with pytest.raises(Failure) as failure:
        read_project_folder(tmp_path)
    assert failure.value.diagnostics[0].code == "LRP101"


def test_manifests_are_found_at_any_depth_and_sorted_by_path(tmp_path: Path) -> None:
    write(
        tmp_path,
        *("manifests/b.yaml", "manifests/a/z.yml", "manifests/a.yaml", "manifests/a/b/c.yaml", "manifests/é.yaml"),
        *("manifests/notes.txt", "manifests/A.YAML", "lrplan.yaml", "other.yaml"),
        *("manifests/_draft.yaml", "manifests/.hidden.yaml", "manifests/_drafts/a.yaml", "manifests/.git/a.yaml"),
    )
    assert names(tmp_path) == [
        "manifests/a.yaml",
        "manifests/a/b/c.yaml",
        "manifests/a/z.yml",
        "manifests/b.yaml",
        "manifests/é.yaml",
    ]


def test_a_folder_of_manifests_may_lie_outside(tmp_path: Path) -> None:
    write(tmp_path, "wish/a.yaml", "project/lrplan.yaml")
    assert names(tmp_path / "project", "../wish") == ["../wish/a.yaml"]


def test_a_folder_named_like_a_manifest_is_a_folder(tmp_path: Path) -> None:
    write(tmp_path, "manifests/a.yaml/b.yaml")
    assert names(tmp_path) == ["manifests/a.yaml/b.yaml"]


def test_links_are_followed_once_and_circles_are_harmless(tmp_path: Path) -> None:
    write(tmp_path, "manifests/real/a.yaml", "elsewhere/b.yaml")
    (tmp_path / "manifests/again").symlink_to("real")
    (tmp_path / "manifests/real/up").symlink_to("..")
    (tmp_path / "manifests/out").symlink_to("../elsewhere")
    (tmp_path / "elsewhere/back").symlink_to("../manifests")
    assert names(tmp_path) == ["manifests/out/b.yaml", "manifests/real/a.yaml"]


def test_what_cannot_be_read_is_an_error_and_the_rest_is_read(tmp_path: Path) -> None:
    write(tmp_path, "manifests/good.yaml")
    (tmp_path / "manifests/dangling.yaml").symlink_to("gone.yaml")
    (tmp_path / "manifests/loop.yaml").symlink_to("loop.yaml")
    os.mkfifo(tmp_path / "manifests/pipe.yaml")
    sources, said = read_manifests(tmp_path, "manifests")
    assert [source.file for source in sources] == ["manifests/good.yaml"]
    assert sorted((one.code, str(one.span)) for one in said) == [
        ("LRP101", "manifests/dangling.yaml"),
        ("LRP101", "manifests/loop.yaml"),
        ("LRP101", "manifests/pipe.yaml"),
    ]


@pytest.mark.parametrize("target", ["gone", "sub", "/gone/for/good"])
def test_a_link_that_leads_nowhere_is_an_error_whatever_it_is_called(tmp_path: Path, target: str) -> None:
    write(tmp_path, "manifests/good.yaml", "manifests/a/b.yaml")
    for link in ("manifests/sub", "manifests/a/notes.txt", "manifests/_draft", "manifests/.hidden"):
        (tmp_path / link).symlink_to(target)
    assert sorted(codes(tmp_path)) == [("LRP101", "manifests/a/notes.txt"), ("LRP101", "manifests/sub")]


def test_a_name_that_is_not_text_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "manifests/good.yaml")
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/manifests/\xff.yaml")).write_text("")
    except OSError:
        pytest.skip("this file system refuses such names itself")
    assert codes(tmp_path) == [("LRP102", r"manifests/\udcff.yaml")]


def test_a_missing_folder_is_an_error_unless_none_is_needed(tmp_path: Path) -> None:
    assert codes(tmp_path) == [("LRP101", "manifests")]
    assert codes(tmp_path, required=False) == []


def test_a_folder_without_manifests_is_an_error_unless_none_is_needed(tmp_path: Path) -> None:
    write(tmp_path, "manifests/_draft.yaml")
    assert codes(tmp_path) == [("LRP101", "manifests")]
    assert codes(tmp_path, required=False) == []


def test_a_file_in_the_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "manifests")
    assert codes(tmp_path) == [("LRP101", "manifests")]
    assert codes(tmp_path, required=False) == [("LRP101", "manifests")]


def test_a_dangling_link_in_the_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "manifests").symlink_to("gone")
    assert codes(tmp_path, required=False) == [("LRP101", "manifests")]

"""The inventory: every file once, its hashes from one pass, and a reason in the place of what cannot be read."""

import hashlib
import os
from pathlib import Path

import pytest
import xxhash
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrplan.model.inventory import FileProblem, Original
from lrplan.sources.files import LocalFiles
from lrplan.sources.hashing import read_original
from lrplan.sources.opening import BUFFER_BYTES
from tests.unit.sources.pictures import jpeg

MARK = b"\0\0\0\x18ftypmp42"


def reason(folder: Path, path: str) -> str:
    found = LocalFiles(folder).inventory([path], [path], part_size_bytes=100)
    problem = found.originals[path]
    assert isinstance(problem, FileProblem)
    assert problem.path == path
    return problem.reason


def test_an_original_says_all_that_an_upload_needs(tmp_path: Path) -> None:
    content = jpeg(taken="2026:05:01 10:20:30")
    (tmp_path / "originals").mkdir()
    (tmp_path / "originals/DSC_0042.jpg").write_bytes(content)
    path = "manifests/../originals/DSC_0042.jpg"
    (tmp_path / "manifests").mkdir()
    found = LocalFiles(tmp_path).inventory([], [path, path], part_size_bytes=len(content))
    assert found.originals == {
        path: Original(
            path=path,
            file_name="DSC_0042.jpg",
            size_bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            part_size_bytes=len(content),
            part_checks=(xxhash.xxh3_64_hexdigest(content),),
            subtype="image",
            content_type="image/jpeg",
            capture_date="2026-05-01T10:20:30",
            width=8,
            height=6,
        )
    }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(size=st.integers(0, 300), part=st.integers(1, 320))
def test_every_part_has_its_own_check(tmp_path: Path, size: int, part: int) -> None:
    content = MARK + bytes(number % 251 for number in range(size))
    (tmp_path / "a.jpg").write_bytes(content)
    original = read_original(tmp_path, "a.jpg", part_size_bytes=part)
    assert isinstance(original, Original)
    pieces = [content[start : start + part] for start in range(0, len(content), part)]
    assert original.part_checks == tuple(map(xxhash.xxh3_64_hexdigest, pieces))
    assert original.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_parts_larger_than_a_buffer_are_whole(tmp_path: Path, extra: int) -> None:
    content = MARK + bytes(3 * BUFFER_BYTES)
    (tmp_path / "a.jpg").write_bytes(content)
    part = 2 * BUFFER_BYTES + extra
    original = read_original(tmp_path, "a.jpg", part_size_bytes=part)
    assert isinstance(original, Original)
    assert original.part_checks == (
        xxhash.xxh3_64_hexdigest(content[:part]),
        xxhash.xxh3_64_hexdigest(content[part:]),
    )


def test_lists_are_bytes_and_may_be_empty(tmp_path: Path) -> None:
    (tmp_path / "picks.txt").write_bytes(b"\xffa\n")
    (tmp_path / "none.txt").write_bytes(b"")
    found = LocalFiles(tmp_path).inventory(["picks.txt", "none.txt", "gone.txt", "."], [], part_size_bytes=1)
    assert found.lists == {
        "picks.txt": b"\xffa\n",
        "none.txt": b"",
        "gone.txt": FileProblem(path="gone.txt", reason="no such file"),
        ".": FileProblem(path=".", reason="is a folder"),
    }


def test_what_cannot_be_an_original_says_why(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "text.jpg").write_bytes(b"hello")
    (tmp_path / "folder.jpg").mkdir()
    (tmp_path / "loop.jpg").symlink_to("loop.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    assert reason(tmp_path, "gone.jpg") == "no such file"
    assert reason(tmp_path, "empty.jpg/x.jpg") == "no such file"
    assert reason(tmp_path, "a\0b.jpg") == "no such file"
    assert reason(tmp_path, "folder.jpg") == "is a folder"
    assert reason(tmp_path, "pipe.jpg") == "is not a regular file"
    assert reason(tmp_path, "empty.jpg") == "is empty"
    assert reason(tmp_path, "text.jpg") == "is not a photo or video"
    assert reason(tmp_path, "loop.jpg") == "too many levels of symbolic links"
    assert reason(tmp_path, "x" * 300 + ".jpg") == "file name too long"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg())
    (tmp_path / "a.jpg").chmod(0)
    assert reason(tmp_path, "a.jpg") == "permission denied"


def test_a_file_that_changes_while_it_is_read_is_not_planned(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(MARK + bytes(3 * BUFFER_BYTES))

    def append(_: object) -> None:
        with path.open("ab") as file:
            file.write(b"more")

    problem = read_original(tmp_path, "a.jpg", part_size_bytes=BUFFER_BYTES, advance=append)
    assert problem == FileProblem(path="a.jpg", reason="changed while it was read")


def test_no_descriptor_stays_open(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg())
    (tmp_path / "b.jpg").write_bytes(b"no")
    before = os.listdir("/dev/fd")
    LocalFiles(tmp_path).inventory(["a.jpg", "."], ["a.jpg", "b.jpg", ".", "gone"], part_size_bytes=10)
    assert os.listdir("/dev/fd") == before


def test_photos_beside_the_manifests_are_known_by_name_with_their_paths(tmp_path: Path) -> None:
    (tmp_path / "manifests/deep/_drafts").mkdir(parents=True)
    (tmp_path / "originals").mkdir()
    for path in (
        *("top.JPG", "notes.txt", "originals/far.jpg", "manifests/top.JPG"),
        *("manifests/a.nef", "manifests/deep/b.mov", "manifests/deep/_drafts/c.jpg"),
    ):
        (tmp_path / path).write_bytes(b"")
    (tmp_path / "folder.jpg").mkdir()
    found = LocalFiles(tmp_path).inventory([], [], part_size_bytes=1)
    assert found.beside == {
        "top.JPG": ("top.JPG", "manifests/top.JPG"),
        "a.nef": ("manifests/a.nef",),
        "b.mov": ("manifests/deep/b.mov",),
    }
    gone = LocalFiles(tmp_path, manifests="gone").inventory([], [], part_size_bytes=1)
    assert gone.beside == {"top.JPG": ("top.JPG",)}

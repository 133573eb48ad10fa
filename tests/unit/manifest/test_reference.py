"""How a path is written, and what it comes to."""

from posixpath import normpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrplan.manifest.reference import as_written_in, from_project
from lrplan.manifest.reference import reference_parts as parts

NAMES = st.sampled_from(["a", "b", "c"])
FOLDERS = st.lists(NAMES, max_size=3).map("/".join)
FILES = st.builds(lambda folder, up: "../" * up + f"{folder}/photo.jpg".lstrip("/"), FOLDERS, st.integers(0, 2))


@given(path=FILES, folder=FOLDERS)
def test_what_is_to_be_written_leads_to_the_file_and_is_taken_for_a_path(path: str, folder: str) -> None:
    written = as_written_in(folder, path)
    assert parts(written, folder)[1] == from_project(written, folder) == normpath(path)
    assert "/" in written


@pytest.mark.parametrize(
    ("folder", "path", "written"),
    [
        ("manifests", "manifests/a.jpg", "./a.jpg"),
        ("", "a.jpg", "./a.jpg"),
        ("", "manifests/a.jpg", "./manifests/a.jpg"),
        ("manifests", "a.jpg", "../a.jpg"),
        ("manifests/deep", "manifests/other/a.jpg", "../other/a.jpg"),
        ("../shared", "../shared/a.jpg", "./a.jpg"),
        ("manifests", "/photos/a.jpg", "/photos/a.jpg"),
    ],
)
def test_a_path_is_written_as_a_person_would(folder: str, path: str, written: str) -> None:
    assert as_written_in(folder, path) == written


def test_the_way_into_a_project_from_outside_is_not_guessed() -> None:
    assert as_written_in("../shared", "a.jpg") == ""

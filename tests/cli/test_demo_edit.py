"""The edit that the demonstration makes: small, valid, and readable as a diff."""

import pytest

from lrplan.cli.demo.edit import difference, edited
from lrplan.cli.demo.example import example_manifests
from lrplan.manifest.entries import Manifest, SourceText
from lrplan.manifest.parse import parse_manifests
from lrplan.model.address import Address


def _parsed(text: str) -> Manifest:
    project = SourceText("lrplan.yaml", b"lrplan: 1\nproject: demo\n")
    manifest, said = parse_manifests(project, [SourceText("manifests/a.yaml", text.encode())])
    assert manifest is not None, said
    return manifest


def _album(count: int) -> str:
    members = "".join(f"      - photo {number}.jpg\n" for number in range(1, count + 1))
    cover = f"photo {(count + 1) // 2}.jpg"
    return f"lrplan: 1\nalbums:\n  a:\n    name: A\n    cover: {cover}\n    members:\n{members}"


@pytest.mark.parametrize("count", [3, 4, 5, 6, 7, 25, 400])
def test_one_photo_goes_one_moves_and_the_cover_changes(count: int) -> None:
    before, after = _parsed(_album(count)), _parsed(edited(_album(count)))
    was, is_now = (one.albums[Address("albums.a")] for one in (before, after))
    assert was.members is not None
    assert is_now.members is not None
    assert len(is_now.members.values) == count - 1
    assert set(is_now.members.values) < set(was.members.values)
    assert was.cover is not None
    assert is_now.cover is not None
    assert is_now.cover.value != was.cover.value
    assert is_now.cover.value.value in is_now.members.values
    assert [name for name in was.members.values if name in is_now.members.values] != list(is_now.members.values)


@pytest.mark.parametrize("count", [1, 2])
def test_an_album_with_nothing_to_spare_gets_another_name(count: int) -> None:
    after = _parsed(edited(_album(count))).albums[Address("albums.a")]
    assert after.name is not None
    assert after.name.value == "A 2026"


def test_the_example_is_edited_in_a_few_lines() -> None:
    ((path, text),) = example_manifests().items()
    lines = difference(text, edited(text), path)
    assert _parsed(edited(text))
    assert [line[0] for line in lines if line[0] in "+-"].count("-") == 3
    assert len(lines) < 25

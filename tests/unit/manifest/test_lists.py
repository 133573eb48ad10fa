"""List files, the string rule, and what else must be read."""

import pytest

from lrplan.diagnostics import SourceSpan
from lrplan.manifest.entries import Declared, PhotoRef, RefKind, SourceText
from lrplan.manifest.lists import parse_list
from lrplan.manifest.needs import files_needed, uploads_among
from lrplan.manifest.parse import parse_manifests
from lrplan.manifest.reference import read_reference
from lrplan.model.inventory import Inventory
from lrplan.resolve.wanted import expand

ID = "5f0c8d1e2b3a49c0a1b2c3d4e5f60718"


@pytest.mark.parametrize(
    ("text", "folder", "kind", "value"),
    [
        ("DSC_0007.jpg", "manifests", RefKind.NAME, "DSC_0007.jpg"),
        ("a b.jpg", "", RefKind.NAME, "a b.jpg"),
        (r"..\a.jpg", "manifests", RefKind.NAME, r"..\a.jpg"),
        (ID, "", RefKind.ID, ID),
        (ID.upper(), "", RefKind.ID, ID),
        (ID[1:], "", RefKind.NAME, ID[1:]),
        ("g" * 32, "", RefKind.NAME, "g" * 32),
        ("A" * 64, "", RefKind.SHA256, "a" * 64),
        ("./a.jpg", "manifests", RefKind.UPLOAD, "manifests/a.jpg"),
        ("../a.jpg", "manifests", RefKind.UPLOAD, "a.jpg"),
        ("../a.jpg", "", RefKind.UPLOAD, "../a.jpg"),
        ("../../a.jpg", "manifests", RefKind.UPLOAD, "../a.jpg"),
        ("b//./c/../a.jpg", "manifests/x", RefKind.UPLOAD, "manifests/x/b/a.jpg"),
        ("/photos/a.jpg", "manifests", RefKind.UPLOAD, "/photos/a.jpg"),
        (f"{ID}/a", "", RefKind.UPLOAD, f"{ID}/a"),
    ],
)
def test_a_string_names_a_photo_in_one_way(text: str, folder: str, kind: RefKind, value: str) -> None:
    assert read_reference(text, folder) == PhotoRef(kind=kind, value=value)


def test_a_list_holds_one_photo_a_line() -> None:
    content = f"# picks\n\nDSC#1.jpg  # the best\n\t./a b.jpg\n{ID}#\n  # nothing\n".encode()
    photos, said = parse_list(SourceText("manifests/lists/picks.txt", content))
    assert said == ()
    assert [(photo.value.kind, photo.value.value) for photo in photos] == [
        (RefKind.NAME, "DSC#1.jpg"),
        (RefKind.UPLOAD, "manifests/lists/a b.jpg"),
        (RefKind.NAME, f"{ID}#"),
    ]
    assert photos[1].span == SourceSpan(file="manifests/lists/picks.txt", line=4, column=2, width=9)


def test_a_list_written_on_windows_says_the_same() -> None:
    one, _ = parse_list(SourceText("picks.txt", b"a.jpg\nb.jpg\n"))
    two, _ = parse_list(SourceText("picks.txt", b"\xef\xbb\xbfa.jpg\r\nb.jpg\r\n"))
    assert one == two


def test_all_mistakes_of_a_list_come_at_once() -> None:
    content = b"a.jpg\nhttps://example.com/a\n\x1b[31m.jpg\nfolder/\nb\xc3\xa4\xff.jpg\n"
    photos, said = parse_list(SourceText("picks.txt", content))
    assert [photo.value.value for photo in photos] == ["a.jpg"]
    assert [(one.code, str(one.span)) for one in said] == [
        ("LRP203", "picks.txt:2:1"),
        ("LRP203", "picks.txt:3:1"),
        ("LRP203", "picks.txt:4:1"),
        ("LRP102", "picks.txt:5:3"),
    ]


def test_a_file_that_is_no_text_is_one_mistake() -> None:
    photos, said = parse_list(SourceText("picks.txt", b"\xff\xd8\xff\n" * 1000))
    assert photos == ()
    assert [(one.code, str(one.span)) for one in said] == [("LRP102", "picks.txt:1:1")]


def test_a_place_has_the_width_that_was_written() -> None:
    text = b"""\
lrplan: 1
albums:
  a: {members: [./nope.jpg, name.jpg, {upload: ../x.jpg}, {from: ./l.txt}]}
  b: {members: [../o/y.jpg]}
"""
    manifest, _ = parse_manifests(SourceText("lrplan.yaml", b"lrplan: 1\nproject: a"), [SourceText("m/a.yaml", text)])
    assert manifest is not None
    a, b = (album.members for album in manifest.albums.values())
    assert a is not None
    assert b is not None
    assert [a.span_of(index).width for index in range(4)] == [10, 8, 8, 7]
    assert b.span_of(0).width == 10
    wanted, _ = expand(manifest, Inventory(lists={"m/l.txt": b"./z.jpg\n"}))
    spans = [
        album.wanted.span_of(index) for album in wanted.values() if album.wanted for index in range(len(album.wanted))
    ]
    assert [span.width for span in spans] == [10, 8, 8, 7, 10]


def test_an_empty_list_names_nothing() -> None:
    assert parse_list(SourceText("picks.txt", b"")) == ((), ())


def test_each_file_is_needed_once_at_the_first_place_that_names_it() -> None:
    text = b"""\
lrplan: 1
albums:
  b: {cover: ./z.jpg, members: [../y.jpg, {from: l.txt}, name.jpg]}
  a: {members: [../y.jpg, ./x.jpg, {from: l.txt}]}
  c: {members: [name.jpg]}
"""
    manifest, said = parse_manifests(
        SourceText("lrplan.yaml", b"lrplan: 1\nproject: a"), [SourceText("m/a.yaml", text)]
    )
    assert said == ()
    assert manifest is not None
    needs = files_needed(manifest)
    assert [(need.value, str(need.span)) for need in needs.lists] == [("m/l.txt", "m/a.yaml:3:50")]
    assert [(need.value, str(need.span)) for need in needs.uploads] == [
        ("m/x.jpg", "m/a.yaml:4:27"),
        ("m/z.jpg", "m/a.yaml:3:14"),
        ("y.jpg", "m/a.yaml:3:33"),
    ]


def test_a_list_needs_the_originals_it_names() -> None:
    photos, _ = parse_list(SourceText("l/picks.txt", b"./b.jpg\nname.jpg\n../a.jpg\n./b.jpg\n"))
    place = SourceSpan(file="l/picks.txt", line=1, column=1, width=7)
    assert uploads_among(photos)[1] == Declared("l/b.jpg", place)
    assert [need.value for need in uploads_among(photos)] == ["a.jpg", "l/b.jpg"]

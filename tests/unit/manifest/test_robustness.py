"""Nothing that can stand in a file ends in a traceback: there is a value, or something is said."""

from pathlib import Path
from unicodedata import category

from hypothesis import example, given, settings
from hypothesis import strategies as st

from lrplan.diagnostics.text import render
from lrplan.manifest.entries import RefKind, SourceText
from lrplan.manifest.lists import parse_list
from lrplan.manifest.parse import parse_manifests, parse_project
from lrplan.manifest.reference import read_reference

EXAMPLE = (Path(__file__).parents[3] / "manifests" / "weddings.yaml").read_bytes()
PROJECT = b"""\
lrplan: 1
project: studio-north
account: 96e656e3812b4c2fb670fa74b6a7ad74
endpoint: sandbox
defaults: {order: listed, within: {capturedAfter: 2026-01-01}}
limits: {delete: 30%, replace: 3, upload: 1.5 GiB}
api: {concurrency: 8, rate: 20, partSize: 20MB}
albums:
  all: {name: All, members: &all [a.jpg, {upload: ../a.CR3, publishInfo: {remoteId: a}}, {from: picks.txt}]}
  more: {name: "More", cover: ./a.jpg, members: *all}
"""
WORDS = st.sampled_from(
    [
        *b"\x00\t\n\r \x1b\"#%&'*,-.:<>?@[]`{|}~\x7f\x80\xff",
        *(b"<<: ", b"null", b"---\n", b"...\n", b"!!binary ", b"!foo ", b"&a ", b"*a", b"[" * 30, b"{a: " * 30),
        *(
            b"\xef\xbb\xbf",
            "é".encode(),
            "😀".encode(),
            "\u2028".encode(),
            b"albums:\n",
            b"lrplan: 2\n",
            b"%YAML 1.2\n",
        ),
        *(b"/", b"../", b"members: []\n", b"parent: x\n", b"{{ vars.year }}", b"9" * 40, b"30%", b'"\\x1b"', b"- - - "),
    ]
)

UNHURRIED = settings(deadline=None)  # a busy machine is no mistake


@st.composite
def mutated(draw: st.DrawFn, origin: bytes) -> bytes:
    """*origin* with a few pieces cut out, doubled, or put in."""
    content = origin
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(len(content), start + 40)))
        word = draw(WORDS)
        piece = bytes([word]) if isinstance(word, int) else word
        middle = draw(st.sampled_from([b"", piece, content[start:end] * 2, piece + content[start:end]]))
        content = content[:start] + middle + content[end:]
    return content


def check(project: bytes, manifest: bytes) -> None:
    """Read both, and hold what comes out against what is promised."""
    sources = [SourceText("lrplan.yaml", project), SourceText("manifests/a.yaml", manifest)]
    parse_project(sources[0])
    value, said = parse_manifests(sources[0], sources[1:])
    assert (value is None) == bool(said)
    contents = {source.file: source.content for source in sources}
    shown = render(said, contents)
    assert not {"Cc", "Cs", "Zl", "Zp"} & {category(character) for character in shown if character != "\n"}
    for one in said:
        assert one.span is not None
        assert one.span.file in contents
        lines = contents[one.span.file].decode("utf-8", "replace").removeprefix("\ufeff").splitlines() or [""]
        assert one.span.line <= len(lines) + 1


@UNHURRIED
@given(st.binary(max_size=200), st.binary(max_size=200))
@example(b"", b"a: !%2525ff x")
@example(b"\xff\xfea\x00", b"\xed\xa0\x80")
@example(b"%YAML 1.99999999999999999999\n---\na", b"%TAG ! !\n%TAG ! !\n---\n!a b")
def test_any_bytes_are_read_or_refused(project: bytes, manifest: bytes) -> None:
    check(project, manifest)


@UNHURRIED
@given(st.text(alphabet="abé😀:-[]{}&*!|>'\"%@`#,? \n\t~<0", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    check(PROJECT, b"lrplan: 1\nalbums:\n  x:\n    " + text.encode())


@UNHURRIED
@given(mutated(PROJECT), mutated(EXAMPLE))
def test_any_change_to_a_good_project_gives_values_or_says_why(project: bytes, manifest: bytes) -> None:
    check(project, EXAMPLE)
    check(PROJECT, manifest)


@UNHURRIED
@given(st.binary(max_size=200))
def test_any_bytes_are_a_list_or_refused(content: bytes) -> None:
    photos, said = parse_list(SourceText("picks.txt", content))
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    assert all(one.span is not None and one.span.line <= len(lines) for one in said)
    assert all(photo.value.value for photo in photos)


@UNHURRIED
@given(st.text(min_size=1), st.sampled_from(["", "manifests", "../elsewhere", "/abs"]))
def test_any_string_names_a_photo_of_one_kind(text: str, folder: str) -> None:
    ref = read_reference(text, folder)
    assert (ref.kind is RefKind.UPLOAD) == ("/" in text)
    assert ref.kind is not RefKind.LIST

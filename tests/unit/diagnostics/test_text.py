"""How diagnostics are printed."""

import pytest

from lrplan.diagnostics import Diagnostic, SourceSpan, error, warning
from lrplan.diagnostics.text import EXCERPT_CELLS_MAX, cells, render, visible


def at(line: int, column: int, width: int = 1, file: str = "a.yaml") -> Diagnostic:
    """An error at a place of a file."""
    return error("LRP203", "wrong", span=SourceSpan(file=file, line=line, column=column, width=width))


def excerpt(text: str, line: int, column: int, width: int = 1) -> list[str]:
    """The lines between the head and the reasons."""
    return render([at(line, column, width)], {"a.yaml": text.encode()}).split("\n")[1:]


def test_a_diagnostic_shows_place_line_caret_reason_and_hint() -> None:
    said = error(
        "LRP204",
        "photo not found",
        span=SourceSpan(file="manifests/travel.yaml", line=14, column=12, width=12),
        why='The catalog has no photo named "IMG_2041.dng"; its 8,412 photos were read at 2026-08-22 10:04:11Z.',
        hint='did you mean "IMG_2014.dng", which this album already holds (line 16)?',
    )
    text = "\n" * 12 + "  iceland:\n    cover: IMG_2041.dng\n"
    assert render([said], {"manifests/travel.yaml": text.encode()}) == (
        """\
manifests/travel.yaml:14:12: error[LRP204]: photo not found
   |
13 |   iceland:
14 |     cover: IMG_2041.dng
   |            ^^^^^^^^^^^^
   The catalog has no photo named "IMG_2041.dng"; its 8,412 photos were read at 2026-08-22 10:04:11Z.
   hint: did you mean "IMG_2014.dng", which this album already holds (line 16)?"""
    )


def test_without_a_place_there_is_no_excerpt() -> None:
    assert render([error("LRP301", "no credentials", why="Nothing is set.", hint="sign in")], {}) == (
        "error[LRP301]: no credentials\n   Nothing is set.\n   hint: sign in"
    )


def test_of_a_file_as_a_whole_no_line_is_shown() -> None:
    assert render([at(0, 1)], {"a.yaml": b"x"}) == "a.yaml: error[LRP203]: wrong"


def test_a_file_that_is_not_at_hand_or_a_line_behind_its_end_is_named_without_its_text() -> None:
    assert render([at(1, 1)], {}) == "a.yaml:1:1: error[LRP203]: wrong"
    assert render([at(9, 1)], {"a.yaml": b"x"}) == "a.yaml:9:1: error[LRP203]: wrong"


def test_diagnostics_have_an_empty_line_between_them() -> None:
    said = [error("LRP301", "one"), warning("LRP101", "two")]
    assert render(said, {}) == "error[LRP301]: one\n\nwarning[LRP101]: two"
    assert render([], {}) == ""


def test_the_first_line_has_none_before_it_and_an_empty_one_is_not_shown() -> None:
    assert excerpt("abc", 1, 2) == ["   |", " 1 | abc", "   |  ^"]
    assert excerpt("\nabc", 2, 1) == ["   |", " 2 | abc", "   | ^"]


def test_the_gutter_grows_with_the_number_of_the_line() -> None:
    assert excerpt("\n" * 998 + "a\nb", 1000, 1) == ["     |", " 999 | a", "1000 | b", "     | ^"]


def test_the_caret_counts_cells_not_characters() -> None:
    assert excerpt("日本: x", 1, 5) == ["   |", " 1 | 日本: x", "   |       ^"]
    assert excerpt("日本", 1, 2) == ["   |", " 1 | 日本", "   |   ^^"]
    assert excerpt("e\u0301: x", 1, 5) == ["   |", " 1 | e\u0301: x", "   |    ^"]
    assert excerpt("a\tb\tc", 1, 3) == ["   |", " 1 | a   b   c", "   |     ^"]
    assert excerpt("a\tb\tc", 1, 5) == ["   |", " 1 | a   b   c", "   |         ^"]


def test_the_caret_never_runs_past_the_line() -> None:
    assert excerpt("abc", 1, 2, 99)[-1] == "   |  ^^"
    assert excerpt("abc", 1, 99)[-1] == "   |    ^"


def test_a_byte_order_mark_does_not_move_the_caret() -> None:
    assert excerpt("\ufeffabc", 1, 1) == ["   |", " 1 | abc", "   | ^"]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_lines_end_where_the_parser_ends_them(line_break: str) -> None:
    assert excerpt(f"a{line_break}b", 2, 1) == ["   |", " 1 | a", " 2 | b", "   | ^"]


def test_a_long_line_is_cut_around_the_caret() -> None:
    line = "a" * 500 + "HERE" + "b" * 500
    _, shown, caret = excerpt(line, 1, 501, 4)
    assert shown[caret.index("^") : caret.rindex("^") + 1] == "HERE"
    assert shown.count("…") == 2
    assert len(shown) < EXCERPT_CELLS_MAX + 10
    _, shown, caret = excerpt("日" * 500 + "HERE" + "本" * 500, 1, 501, 4)
    assert "HERE" in shown
    assert len(caret) - 5 <= EXCERPT_CELLS_MAX
    _, shown, caret = excerpt(line, 1, 1, 2000)
    assert shown.endswith("a…")
    assert len(caret) < EXCERPT_CELLS_MAX + 10


def test_what_a_terminal_would_obey_is_made_visible() -> None:
    said = error(
        "LRP203",
        "bad \x1b[2J name",
        span=SourceSpan(file="a\x1b.yaml", line=1, column=4, width=1),
        why="It is \x07 and \u202egnp.exe.",
        hint="one\x9b two",
    )
    shown = render([said], {"a\x1b.yaml": b"x: \x1b[31m\r"})
    assert all(character == "\n" or character.isprintable() for character in shown)
    assert "bad \\x1b[2J name" in shown
    assert "\\u202egnp.exe" in shown
    assert " 1 | x: \\x1b[31m\n   |    ^^^^" in shown


def test_a_reason_of_several_lines_stays_indented() -> None:
    assert render([error("LRP205", "two", why="One:\n  a\n  b", hint="c\nd")], {}) == (
        "error[LRP205]: two\n   One:\n     a\n     b\n   hint: c\n   d"
    )


def test_bytes_that_are_not_utf8_can_be_pointed_at() -> None:
    assert render([at(1, 3)], {"a.yaml": b"a:\xff"}).endswith(" 1 | a:\ufffd\n   |   ^")


def test_visible_keeps_what_people_write() -> None:
    for text in ("Smith & Jones", "Größe", "日本語", "👩\u200d👧", "e\u0301", "שלום"):
        assert visible(text) == text
    assert visible("a\tb\nc\ud800") == "a\\tb\\nc\\ud800"
    assert visible("\U000e0041") == "\\U000e0041"


def test_cells_are_what_a_terminal_uses() -> None:
    assert [cells(text) for text in ("abc", "日本", "e\u0301", "")] == [3, 4, 1, 0]

"""Escaping, measuring and the words for amounts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrplan.diagnostics.text import cells
from lrplan.render import amounts
from lrplan.render.columns import align, shorten
from lrplan.render.escape import for_text


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Smith & Jones", "Smith & Jones"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("invoice\u202egpj.exe", "invoice\\u202egpj.exe"),
        ("\u200bhidden", "\\u200bhidden"),
        ("\udcff", "\\udcff"),
        ("\U000e0041", "\\U000e0041"),
        ("\u009b2J", "\\x9b2J"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ],
)
def test_what_would_act_or_hide_is_spelled_out(raw: str, shown: str) -> None:
    assert for_text(raw) == shown


@given(st.text())
def test_escaped_text_is_one_encodable_line(text: str) -> None:
    shown = for_text(text)
    assert len(shown.splitlines()) <= 1
    shown.encode()


@given(st.text(), st.integers(min_value=1, max_value=80))
def test_shortened_text_fits(text: str, cells_max: int) -> None:
    assert cells(shorten(for_text(text), cells_max)) <= cells_max


def test_columns_stand_straight_beside_wide_characters() -> None:
    lines = align([("結婚式", "a"), ("x", "b"), ("", "")])
    assert lines == ("結婚式   a", "x        b", "")


def test_a_column_without_texts_takes_no_room() -> None:
    assert align([("a", "", "b"), ("c", "", "d")]) == ("a   b", "c   d")


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (949, "949 bytes"),
        (999, "1.0 kB"),
        (45_000, "45 kB"),
        (1_312_000_000, "1.3 GB"),
        (2_000_000_000_000_000, "2,000 TB"),
    ],
)
def test_sizes(size_bytes: int, words: str) -> None:
    assert amounts.size(size_bytes) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "about 1 second"),
        (8.2, "about 8 seconds"),
        (89, "about 89 seconds"),
        (200, "about 3 minutes"),
        (9000, "about 2 hours"),
    ],
)
def test_expected_times(seconds: float, words: str) -> None:
    assert amounts.estimated(seconds) == words


def test_measured_times() -> None:
    assert amounts.measured(1.21) == "1.2 s"
    assert amounts.measured(200) == "3 min 20 s"

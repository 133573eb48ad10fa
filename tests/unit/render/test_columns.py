"""Lines for a terminal: folded between words, never inside of one."""

import pytest

from lrplan.diagnostics.text import cells
from lrplan.render.columns import fold

PLANNED = "+ albums.smith-jones   Smith & Jones   manifests/weddings.yaml:9   23 photos, cover DSC_0012.jpg"


def test_a_line_that_fits_is_left_alone() -> None:
    assert fold(PLANNED, len(PLANNED)) == (PLANNED,)
    assert fold("", 40) == ("",)


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_long_line_is_broken_between_words_and_hangs(width: int) -> None:
    lines = fold("    " + PLANNED, width)
    assert len(lines) > 1
    assert all(cells(line) <= width for line in lines)
    assert [word for line in lines for word in line.split()] == PLANNED.split()
    assert lines[0].startswith("    + albums.smith-jones   Smith")
    assert all(line.startswith(" " * 8) and line[8] != " " for line in lines[1:])


def test_a_word_that_is_longer_than_the_line_stays_whole() -> None:
    path = "/photos/" + "x" * 100
    assert fold(f"see {path} there", 40) == ("see", f"    {path}", "    there")


def test_wide_characters_take_two_cells() -> None:
    assert all(cells(line) <= 40 for line in fold("婚礼 " * 40, 40))

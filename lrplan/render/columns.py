"""
Columns that stand straight in a terminal, where a Chinese character is two cells wide and an accent none.

Texts must be escaped before they are measured.
"""

import re
from collections.abc import Sequence

from lrplan.diagnostics.text import cells

_ELLIPSIS = "…"
_HANGING_CELLS = 4
_WORD = re.compile("( *)([^ ]+)")
_CHARACTERS_PER_CELL_MAX = 4  # accents take no cell, but a thousand of them on one letter are no name


def shorten(text: str, cells_max: int) -> str:
    """*text* cut at its end to at most *cells_max* cells, the cut marked with an ellipsis."""
    if len(text) <= cells_max and cells(text) <= cells_max:
        return text
    kept: list[str] = []
    used = 0
    for character in text:
        used += cells(character)
        if used > cells_max - 1 or len(kept) > _CHARACTERS_PER_CELL_MAX * cells_max:
            break
        kept.append(character)
    return "".join(kept).rstrip() + _ELLIPSIS


def align(rows: Sequence[Sequence[str]], *, gap: str = "   ") -> tuple[str, ...]:
    """Rows of equally many texts as lines, each column as wide as its widest text, nothing behind the last one."""
    widths = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    return tuple(_line(row, widths, gap) for row in rows)


def fold(text: str, cells_max: int) -> tuple[str, ...]:
    """*text* as lines of at most *cells_max* cells, broken between columns or words, what follows hanging below.

    A word that is longer stays whole, so that paths and commands can still be copied.
    """
    if len(text) <= cells_max and cells(text) <= cells_max:
        return (text,)
    body = text.lstrip(" ")
    first = len(text) - len(body)
    hang = " " * min(first + _HANGING_CELLS, cells_max // 2)
    lines, line = [], " " * first
    for index, (gap, word) in enumerate(_WORD.findall(body)):
        if index and cells(line) + len(gap) + cells(word) > cells_max:
            lines.append(line)
            line = hang + word
        else:
            line += gap + word
    return (*lines, line)


def _line(row: Sequence[str], widths: Sequence[int], gap: str) -> str:
    padded = (text + " " * (width - cells(text)) for text, width in zip(row, widths, strict=True) if width)
    return gap.join(padded).rstrip()

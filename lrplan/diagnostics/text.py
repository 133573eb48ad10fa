"""
Diagnostics as text for a terminal or a log: place, what, the line with a caret, why, hint.

What a user or a server wrote is shown, never obeyed: control characters, escape sequences and characters that change
the direction of text come out as visible escapes. The surprising case: a column counts characters, while a terminal
counts cells (a tab, a wide character, an accent that takes none), so the caret is placed by cells.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from lrplan.diagnostics.message import Diagnostic, SourceSpan

EXCERPT_CELLS_MAX = 100  # longer lines are cut around the caret
_CELLS_BEFORE_CARET = 40
_NEAR_CHARACTERS_MAX = 4 * EXCERPT_CELLS_MAX  # so many for a hundred cells, as accents take none
_TAB_CELLS = 4
_GUTTER_DIGITS_MIN = 2
_INDENT = " " * (_GUTTER_DIGITS_MIN + 1)
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # as the YAML parser counts lines
_PLAIN = re.compile("[\x20-\x7e]*")
_JOINERS = frozenset("\u200c\u200d")  # part of written languages and of emoji


def render(diagnostics: Iterable[Diagnostic], sources: Mapping[str, bytes]) -> str:
    """Write diagnostics one below the other, with an empty line between them and no line break at the end.

    Args:
        diagnostics: In the order in which they are to be shown.
        sources: The bytes of the files that spans may name; a file that is missing is shown without its line.
    """
    lines_of: dict[str, list[str]] = {}
    shown = []
    for said in diagnostics:
        excerpt: list[str] = []
        if said.span is not None and said.span.line > 0 and said.span.file in sources:
            if said.span.file not in lines_of:
                lines_of[said.span.file] = _lines(sources[said.span.file])
            excerpt = _excerpt(said.span, lines_of[said.span.file])
        shown.append("\n".join((_head(said), *excerpt, *_body(said))))
    return "\n\n".join(shown)


def visible(text: str) -> str:
    """*text* on one line, with everything that a terminal would obey or hide written as an escape."""
    if _PLAIN.fullmatch(text):
        return text
    return "".join(_visible_character(character) for character in text)


def cells(text: str) -> int:
    """How many cells of a terminal a text takes that has gone through `visible`."""
    if text.isascii():
        return len(text)
    return sum(_cells_of(character) for character in text)


def _head(said: Diagnostic) -> str:
    place = f"{visible(str(said.span))}: " if said.span is not None else ""
    return f"{place}{said.severity.value}[{said.code}]: {visible(said.what)}"


def _body(said: Diagnostic) -> list[str]:
    written = [*(said.why.split("\n") if said.why else ()), *(f"hint: {said.hint}".split("\n") if said.hint else ())]
    return [_INDENT + visible(line) for line in written]


def _lines(content: bytes) -> list[str]:
    # Bytes that are not UTF-8 become one character each, which only matters behind the place of that very complaint.
    return _LINE_BREAK.split(content.decode("utf-8", "replace").removeprefix("\ufeff"))


def _excerpt(span: SourceSpan, lines: list[str]) -> list[str]:
    if span.line > len(lines):
        return []
    line = lines[span.line - 1]
    start = min(span.column - 1, len(line))
    end = max(start + 1, min(start + span.width, len(line), start + _NEAR_CHARACTERS_MAX))
    # Only what is near can be shown; a thousand complaints about one endless line must not each go through all of it.
    before = _expand(line[max(0, start - _NEAR_CHARACTERS_MAX) : start], 0)
    marked = _expand(line[start:end], cells(before))
    after = _expand(line[end : end + _NEAR_CHARACTERS_MAX], cells(before) + cells(marked))
    before, marked, after = _cut(before, marked, after)
    digits = max(_GUTTER_DIGITS_MIN, len(str(span.line)))
    gutter = " " * digits + " |"
    shown = [gutter]
    above = _expand(lines[span.line - 2][:EXCERPT_CELLS_MAX], 0) if span.line > 1 else ""
    if above.strip():
        shown.append(f"{span.line - 1:>{digits}} | {_fit(above, EXCERPT_CELLS_MAX)[0]}".rstrip())
    shown.append(f"{span.line:>{digits}} | {before}{marked}{after}".rstrip())
    shown.append(f"{gutter} {' ' * cells(before)}{'^' * max(1, cells(marked))}")
    return shown


def _expand(text: str, column: int) -> str:
    """Make *text* visible, tabs filled up to the next stop as seen from the cell *column* at which it starts."""
    if _PLAIN.fullmatch(text):
        return text
    out = []
    for character in text:
        piece = " " * (_TAB_CELLS - column % _TAB_CELLS) if character == "\t" else _visible_character(character)
        out.append(piece)
        column += cells(piece)
    return "".join(out)


def _cut(before: str, marked: str, after: str) -> tuple[str, str, str]:
    """Cut a line that is too long, so that the start of what is marked stays in sight."""
    if cells(before) + cells(marked) + cells(after) <= EXCERPT_CELLS_MAX:
        return before, marked, after
    if cells(before) > _CELLS_BEFORE_CARET:
        kept, _ = _fit(before[::-1], _CELLS_BEFORE_CARET)
        before = "…" + kept[::-1]
    room = EXCERPT_CELLS_MAX - cells(before)
    marked, is_cut = _fit(marked, room)
    if is_cut:
        return before, marked, "…"
    after, is_cut = _fit(after, room - cells(marked))
    return before, marked, after + "…" if is_cut else after


def _fit(text: str, room: int) -> tuple[str, bool]:
    """The beginning of *text* that fits into *room* cells, and whether anything was left out."""
    taken = 0
    for index, character in enumerate(text):
        taken += _cells_of(character)
        if taken > room:
            return text[:index], True
    return text, False


def _visible_character(character: str) -> str:
    if " " <= character <= "~":
        return character
    category = unicodedata.category(character)
    if category in ("Cc", "Cs", "Zl", "Zp") or (category == "Cf" and character not in _JOINERS):
        return _escape(character)
    return character


def _escape(character: str) -> str:
    known = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}.get(character)
    if known is not None:
        return known
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _cells_of(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1

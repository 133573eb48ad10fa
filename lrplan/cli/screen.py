"""
Lines on the screen: results on stdout, everything else on stderr.

The tones of `render` become colours here, and only on a terminal.
"""

import shutil
import sys
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import click

from lrplan.cli.session import Session
from lrplan.render.columns import fold
from lrplan.render.line import Line, Tone

_COLUMNS_MIN = 40  # ours: in less, folding helps nobody

_STYLES: Mapping[Tone, dict[str, Any]] = MappingProxyType(
    {
        Tone.FAINT: {"dim": True},
        Tone.HEADING: {"bold": True},
        Tone.CREATE: {"fg": "green"},
        Tone.CHANGE: {"fg": "yellow"},
        Tone.REPLACE: {"fg": "magenta"},
        Tone.DELETE: {"fg": "red"},
        Tone.BLOCKED: {"fg": "red"},
        Tone.KEPT: {"fg": "cyan"},
        Tone.GOOD: {"fg": "green", "bold": True},
        Tone.BAD: {"fg": "red"},
    }
)


def show(lines: Iterable[Line], session: Session, *, err: bool = False) -> None:
    """Put *lines* on stdout, or on stderr; on a terminal, none is longer than it is wide."""
    room = room_on(err=err)
    for line in lines:
        for part in (line.text,) if room is None else fold(line.text, room):
            styled = click.style(part, **_STYLES[line.tone]) if line.tone in _STYLES and part else part
            click.echo(styled, err=err, color=session.color)


def room_on(*, err: bool) -> int | None:
    """The width of the terminal; None where there is none, or one of which nothing can be expected."""
    stream = sys.stderr if err else sys.stdout
    if not stream.isatty():
        return None
    columns = shutil.get_terminal_size().columns
    return columns if columns >= _COLUMNS_MIN else None


def say(text: str, session: Session, *, tone: Tone = Tone.PLAIN) -> None:
    """Tell something that is not a result, on stderr; nothing when the user asked for quiet."""
    if not session.quiet:
        show([Line(text, tone)], session, err=True)

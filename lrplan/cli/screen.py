"""
Lines on the screen: results on stdout, everything else on stderr.

The tones of `render` become colours here, and only on a terminal.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import click

from lrplan.cli.session import Session
from lrplan.render.line import Line, Tone

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
    """Put *lines* on stdout, or on stderr."""
    for line in lines:
        styled = click.style(line.text, **_STYLES[line.tone]) if line.tone in _STYLES and line.text else line.text
        click.echo(styled, err=err, color=session.color)


def say(text: str, session: Session, *, tone: Tone = Tone.PLAIN) -> None:
    """Tell something that is not a result, on stderr; nothing when the user asked for quiet."""
    if not session.quiet:
        show([Line(text, tone)], session, err=True)

"""
Diagnostics as the JSON that `--json` prints where a command could not do what it was asked for.

The surprising case: in a plan file a place is always `file:line:column`, so that it can be read back. Here a mistake
that concerns a whole file is at that file, for line 0 is no place that an editor could open.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from lrplan.diagnostics import Diagnostic
from lrplan.formats.canonical import indented
from lrplan.formats.resources import warning_to_layout


def encode_mistakes(said: Iterable[Diagnostic], **more: bool) -> bytes:
    """The object with the list `diagnostics`, and *more*, as indented UTF-8 with a line break at its end."""
    layouts = [replace(warning_to_layout(one), source=None if one.span is None else str(one.span)) for one in said]
    return indented({**more, "diagnostics": layouts})

"""How the value of a field is worded: in quotation marks, shortened, `none` where there is none."""

from lrplan.diff.change import FieldChange
from lrplan.render.columns import shorten

_VALUE_CELLS_MAX = 80


def field_text(field: FieldChange, *, is_new: bool = False) -> str:
    """`path: "before" → "after"`; for what is made *is_new*, without what it was before."""
    if is_new:
        return f"{field.path}: {_quoted(field.after)}"
    outside = "   changed outside" if field.changed_outside else ""
    return f"{field.path}: {_quoted(field.before)} → {_quoted(field.after)}{outside}"


def _quoted(value: str | None) -> str:
    if value is None:
        return "none"
    # Escaping comes later, but a quotation mark inside must not look like the end of the value.
    return '"' + shorten(value.replace("\\", "\\\\").replace('"', '\\"'), _VALUE_CELLS_MAX) + '"'

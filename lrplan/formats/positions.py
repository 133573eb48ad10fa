"""
Places in manifests as texts, `file:line:column`, and back.

A whole file has line 0 here, so that a file whose name ends in digits and colons cannot be taken for a place.
"""

from lrplan.diagnostics import SourceSpan


def source_of(span: SourceSpan | None) -> str | None:
    """The text of a place; None stays None."""
    return None if span is None else f"{span.file}:{span.line}:{span.column}"


def width_of(span: SourceSpan | None) -> int:
    """How many characters the place covers; 1 where there is none."""
    return 1 if span is None else span.width


def span_of(source: str | None, width: int) -> SourceSpan | None:
    """The place that a text names.

    Raises:
        ValueError: It names none.
    """
    if source is None:
        return None
    file, line, column = source.rsplit(":", 2)
    return SourceSpan(file=file, line=int(line), column=int(column), width=width)

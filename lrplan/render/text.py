"""A plan as text for a terminal: columns laid out, every live string escaped, a tone for each line."""

from collections.abc import Iterator

from lrplan.plan.plan import Plan
from lrplan.render.columns import align, shorten
from lrplan.render.escape import for_text
from lrplan.render.line import Line
from lrplan.render.view import Block, view_plan

_NAME_CELLS_MAX = 48
_INDENT = " " * 4


def plan_text(plan: Plan, *, to_apply: str | None = "lrplan apply") -> tuple[Line, ...]:
    """*plan* as lines. *to_apply* is the command that would do it; None where nobody needs to be told."""
    view = view_plan(plan, to_apply=to_apply)
    lines = (*view.head, *laid_out(view.changes), *laid_out(view.kept), *view.warnings, *view.foot)
    return tuple(Line(for_text(line.text), line.tone) for line in lines)


def laid_out(blocks: tuple[Block, ...]) -> Iterator[Line]:
    """Blocks as lines, their first ones in columns; what a first line says is escaped, what is below it is not yet."""
    symbol_cells = max((len(block.symbol) for block in blocks), default=0)
    rows = [
        (
            f"{block.symbol:<{symbol_cells}} {for_text(block.address)}",
            shorten(for_text(block.name), _NAME_CELLS_MAX),
            for_text(block.place),
            for_text(block.says),
        )
        for block in blocks
    ]
    for block, first in zip(blocks, align(rows), strict=True):
        yield Line(first, block.tone)
        for detail in block.details:
            yield Line(_INDENT + detail.text, detail.tone)

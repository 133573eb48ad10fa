"""
What changes among the photos of an album, shown where it changes.

An album may hold a thousand photos of which three change; people find the place by the photos that stand beside it. So
every addition and removal is shown between its unchanged neighbours, long runs are cut to their beginning and a count,
and photos that only move are told by their places: a re-order is a few moves, never a wall of - and +.

The surprising case: an album that changes in very many places has no neighbourhoods worth showing; then the neighbours
go first, and in the end the list is cut and says so.
"""

from collections.abc import Iterator, Mapping

from attrs import frozen

from lrplan.diff.change import MemberChange
from lrplan.model.ids import AssetId

NEIGHBOURS = 2  # on each side, where that stays short
_FEW_LINES, _MANY_LINES = 12, 40
_RUN_SHOWN = {"+": 3, "-": 10, "~": 10}
_MOVES_SHOWN = 12

SAME, ADDED, REMOVED, REWRITTEN, MOVED, GAP = " ", "+", "-", "~", ">", "…"


@frozen
class PhotoLine:
    """One line of a neighbourhood: its mark, and a file name or a count."""

    mark: str
    text: str = ""


def neighbourhoods(change: MemberChange, names: Mapping[AssetId, str]) -> tuple[PhotoLine, ...]:
    """The changed places of one album, then its moves; file names come from *names*."""
    return (*_places(change, names), *_moves(change, names))


def _places(change: MemberChange, names: Mapping[AssetId, str]) -> tuple[PhotoLine, ...]:
    merged = [PhotoLine(mark, names.get(asset_id, asset_id)) for mark, asset_id in _merged(change)]
    lines: tuple[PhotoLine, ...] = ()
    for neighbours, lines_max in ((NEIGHBOURS, _FEW_LINES), (1, _MANY_LINES), (0, _MANY_LINES)):
        lines = tuple(_cut_runs(_near_changes(merged, neighbours)))
        if len(lines) <= lines_max:
            return lines
    left_out = sum(line.mark != SAME for line in merged) - _MANY_LINES
    return (*lines[:_MANY_LINES], PhotoLine(GAP, f"and about {left_out:,} more; the plan as JSON names them all"))


def _merged(change: MemberChange) -> Iterator[tuple[str, AssetId]]:
    """The album before and after as one sequence, without the photos that move."""
    moved = {move.asset_id for move in change.moved}
    added, removed, rewritten = set(change.added), set(change.removed), set(change.rewritten)
    behind: dict[AssetId | None, list[AssetId]] = {}
    anchor = None
    for asset_id in change.before:
        if asset_id in removed:
            behind.setdefault(anchor, []).append(asset_id)
        elif asset_id not in moved:
            anchor = asset_id
    yield from ((REMOVED, gone) for gone in behind.get(None, ()))
    for asset_id in change.after:
        if asset_id in moved:
            continue
        mark = ADDED if asset_id in added else REWRITTEN if asset_id in rewritten else SAME
        yield mark, asset_id
        yield from ((REMOVED, gone) for gone in behind.get(asset_id, ()))


def _near_changes(merged: list[PhotoLine], neighbours: int) -> list[PhotoLine]:
    """The changed lines and their neighbours, with a gap between places that do not touch."""
    shown: set[int] = set()
    for index, line in enumerate(merged):
        if line.mark != SAME:
            shown.update(range(max(0, index - neighbours), min(len(merged), index + neighbours + 1)))
    lines: list[PhotoLine] = []
    last = None
    for index in sorted(shown):
        if neighbours and last is not None and index > last + 1:
            lines.append(PhotoLine(GAP))
        lines.append(merged[index])
        last = index
    return lines


def _cut_runs(lines: list[PhotoLine]) -> Iterator[PhotoLine]:
    """The same lines, with long runs of one mark cut to their beginning and a count."""
    start = 0
    while start < len(lines):
        mark = lines[start].mark
        end = start + 1
        while end < len(lines) and lines[end].mark == mark:
            end += 1
        run, most = lines[start:end], _RUN_SHOWN.get(mark, len(lines))
        if len(run) <= most + 2:  # a line that says "2 more" would save nothing worth having
            yield from run
        else:
            yield from run[:most]
            yield PhotoLine(mark, f"… and {len(run) - most:,} more")
        start = end


def _moves(change: MemberChange, names: Mapping[AssetId, str]) -> Iterator[PhotoLine]:
    most = _MOVES_SHOWN if len(change.moved) > _MOVES_SHOWN + 2 else len(change.moved)
    for move in change.moved[:most]:
        yield PhotoLine(MOVED, f"{names.get(move.asset_id, move.asset_id)} {move.before:,} → {move.after:,}")
    if most < len(change.moved):
        yield PhotoLine(MOVED, f"… and {len(change.moved) - most:,} more moves")

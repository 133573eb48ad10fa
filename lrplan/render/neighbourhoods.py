"""
What changes among the photos of an album, shown where it changes.

An album may hold a thousand photos of which three change; people find the place by the photos that stand beside it. So
every addition and removal is shown between its unchanged neighbours, long runs are cut to their beginning and a count,
and photos that only move are told by their places: a re-order is a few moves, never a wall of - and +.

The surprising case: an album that changes in very many places has no neighbourhoods worth showing; then the neighbours
go first, and in the end the list is cut and says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from attrs import frozen

from lrplan.diff.change import MemberChange
from lrplan.model.ids import AssetId
from lrplan.render.fields import field_text

NEIGHBOURS = 2  # on each side, where that stays short
_FEW_LINES, _MANY_LINES = 12, 40
_RUN_SHOWN = {"+": 3, "-": 10, "~": 10}
_MOVES_SHOWN = 12

SAME, ADDED, REMOVED, REWRITTEN, MOVED, GAP = " ", "+", "-", "~", ">", "…"

_Marked = tuple[str, AssetId | None]  # a mark, and a photo; none at a gap


@frozen
class PhotoLine:
    """One line of a neighbourhood: its mark, and a file name or a count."""

    mark: str
    text: str = ""


def neighbourhoods(change: MemberChange, names: Mapping[AssetId, str]) -> tuple[PhotoLine, ...]:
    """The changed places of one album, then its moves; file names come from *names*."""
    told = {a: _told(a, names, change) for a in {*names, *change.infos, *change.foreign}}
    return (*_places(change, told), *_moves(change, told))


def _told(asset_id: AssetId, names: Mapping[AssetId, str], change: MemberChange) -> str:
    """A photo by its file name, with what becomes of its publishInfo, and whether somebody else put it there."""
    is_new = asset_id not in change.rewritten
    fields = [field_text(field, is_new=is_new) for field in change.infos.get(asset_id, ())]
    notes = ["not put there by lrplan"] if asset_id in change.foreign else []
    return "   ".join((names.get(asset_id, asset_id), *fields, *notes))


def _places(change: MemberChange, names: Mapping[AssetId, str]) -> tuple[PhotoLine, ...]:
    merged = tuple(_merged(change))
    lines: tuple[PhotoLine, ...] = ()
    for neighbours, lines_max in ((NEIGHBOURS, _FEW_LINES), (1, _MANY_LINES), (0, _MANY_LINES)):
        lines = tuple(_cut_runs(_near_changes(merged, neighbours), names))
        if len(lines) <= lines_max:
            return lines
    left_out = sum(mark != SAME for mark, _ in merged) - _MANY_LINES
    return (*lines[:_MANY_LINES], PhotoLine(GAP, f"and about {left_out:,} more; the plan as JSON names them all"))


def _merged(change: MemberChange) -> Iterator[_Marked]:
    """The album before and after as one sequence, without the photos that move."""
    moved = {move.asset_id for move in change.moved}
    added, removed, rewritten = set(change.added), set(change.removed), set(change.rewritten)
    stays = set(change.after) - moved  # a photo in the trash may be in neither place
    behind: dict[AssetId | None, list[AssetId]] = {}
    anchor = None
    for asset_id in change.before:
        if asset_id in removed:
            behind.setdefault(anchor, []).append(asset_id)
        elif asset_id in stays:
            anchor = asset_id
    yield from ((REMOVED, gone) for gone in behind.get(None, ()))
    for asset_id in change.after:
        if asset_id in moved:
            continue
        yield ADDED if asset_id in added else REWRITTEN if asset_id in rewritten else SAME, asset_id
        yield from ((REMOVED, gone) for gone in behind.get(asset_id, ()))


def _near_changes(merged: Sequence[_Marked], neighbours: int) -> Sequence[_Marked]:
    """The changed photos and their neighbours, with a gap between places that do not touch."""
    shown: set[int] = set()
    for index, (mark, _) in enumerate(merged):
        if mark != SAME:
            shown.update(range(max(0, index - neighbours), min(len(merged), index + neighbours + 1)))
    near: list[_Marked] = []
    last = None
    for index in sorted(shown):
        if neighbours and last is not None and index > last + 1:
            near.append((GAP, None))
        near.append(merged[index])
        last = index
    return near


def _cut_runs(near: Sequence[_Marked], names: Mapping[AssetId, str]) -> Iterator[PhotoLine]:
    """A line for each, with long runs of one mark cut to their beginning and a count."""
    for mark, group in groupby(near, key=itemgetter(0)):
        run = [asset_id for _, asset_id in group]
        # a line that says "2 more" would save nothing worth having
        most = _RUN_SHOWN[mark] if len(run) > _RUN_SHOWN.get(mark, len(run)) + 2 else len(run)
        for asset_id in run[:most]:
            yield PhotoLine(mark, names.get(asset_id, asset_id) if asset_id is not None else "")
        if most < len(run):
            yield PhotoLine(mark, f"… and {len(run) - most:,} more")


def _moves(change: MemberChange, names: Mapping[AssetId, str]) -> Iterator[PhotoLine]:
    most = _MOVES_SHOWN if len(change.moved) > _MOVES_SHOWN + 2 else len(change.moved)
    for move in change.moved[:most]:
        yield PhotoLine(MOVED, f"{names.get(move.asset_id, move.asset_id)} {move.before:,} → {move.after:,}")
    if most < len(change.moved):
        yield PhotoLine(MOVED, f"… and {len(change.moved) - most:,} more moves")

"""
How one order becomes another: which photos move when as few as possible do.

The photos that stay in their order are a longest increasing subsequence of the old positions; all others move.
"""

from bisect import bisect_left
from collections.abc import Sequence

from lrplan.diff.change import Move
from lrplan.model.ids import AssetId


def moves_between(before: Sequence[AssetId], after: Sequence[AssetId]) -> tuple[Move, ...]:
    """The fewest photos that have to move, in the order of their new places.

    Args:
        before, after: Without repeats; photos that are in only one of them never count as moved.
    """
    new_places = {asset_id: index for index, asset_id in enumerate(after, start=1)}
    old_places = {asset_id: index for index, asset_id in enumerate(before, start=1) if asset_id in new_places}
    common = [asset_id for asset_id in after if asset_id in old_places]
    staying = _longest_increasing([old_places[asset_id] for asset_id in common])
    return tuple(
        Move(asset_id=asset_id, before=old_places[asset_id], after=new_places[asset_id])
        for asset_id in common
        if old_places[asset_id] not in staying
    )


def same_order(left: Sequence[AssetId], right: Sequence[AssetId]) -> bool:
    """Tell whether the photos that both have stand in the same order in both."""
    in_left, in_right = set(left), set(right)
    return [x for x in left if x in in_right] == [x for x in right if x in in_left]


def with_kept(wanted: Sequence[AssetId], kept: Sequence[AssetId], live: Sequence[AssetId]) -> tuple[AssetId, ...]:
    """Put the *kept* photos among the *wanted* ones: each stays behind the wanted photo it stood behind in *live*."""
    is_wanted, is_kept = set(wanted), set(kept)
    followers: dict[AssetId | None, list[AssetId]] = {}
    anchor: AssetId | None = None
    for asset_id in live:
        if asset_id in is_wanted:
            anchor = asset_id
        elif asset_id in is_kept:
            followers.setdefault(anchor, []).append(asset_id)
    merged = list(followers.get(None, ()))
    for asset_id in wanted:
        merged.append(asset_id)
        merged.extend(followers.get(asset_id, ()))
    return tuple(merged)


def _longest_increasing(numbers: Sequence[int]) -> set[int]:
    """The members of a longest increasing subsequence of distinct *numbers*; O(n log n)."""
    tails: list[int] = []  # tails[k]: the smallest number that ends an increasing run of k + 1
    tail_at: list[int] = []
    previous = [-1] * len(numbers)
    for index, number in enumerate(numbers):
        length = bisect_left(tails, number)
        previous[index] = tail_at[length - 1] if length else -1
        if length == len(tails):
            tails.append(number)
            tail_at.append(index)
        else:
            tails[length] = number
            tail_at[length] = index
    chosen: set[int] = set()
    index = tail_at[-1] if tail_at else -1
    while index >= 0:
        chosen.add(numbers[index])
        index = previous[index]
    return chosen

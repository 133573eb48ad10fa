"""
Where new photos go in an album that stays: order keys between those that are there.

A photo goes directly behind the wanted photo that precedes it: above that one's key and below the next larger key of
the album, so that nothing else moves. That works unless the photo before has no key (Lightroom shows those last, by
date, whatever is added), or the one after has the same key.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from attrs import frozen

from lrplan.diff.change import Reason
from lrplan.model.album import Membership
from lrplan.model.ids import AssetId
from lrplan.model.order_keys import is_order_key, keys_between


@frozen(kw_only=True)
class _Run:
    """New photos that stand together: behind *after* (None at the front), before *before* (None at the end)."""

    after: AssetId | None
    before: AssetId | None
    photos: tuple[AssetId, ...]


def keys_for_new(
    wanted: Sequence[AssetId], live: Membership, names: Mapping[AssetId, str]
) -> Mapping[AssetId, str] | Reason:
    """Choose a key for every wanted photo that is not in the album, or say why only a new album can hold them.

    Args:
        wanted: The whole wanted sequence.
    """
    chosen, unfit = keys_where_they_fit(wanted, live, names)
    return next(iter(unfit.values()), chosen)


def keys_where_they_fit(
    wanted: Sequence[AssetId], live: Membership, names: Mapping[AssetId, str]
) -> tuple[Mapping[AssetId, str], Mapping[AssetId, Reason]]:
    """Choose a key for every wanted photo that is not in the album, or say why none fits where it is to be.

    Args:
        wanted: The whole wanted sequence.

    Returns:
        The keys, and the reasons for the photos that have none.
    """
    live_keys = dict(zip(live.asset_ids, live.orders, strict=True))
    unfit: dict[AssetId, Reason] = {}
    ladder = sorted({key for key in live.orders if key is not None})
    together: dict[str | None, list[AssetId]] = {}
    for run in _runs(wanted, live_keys):
        lower = live_keys[run.after] if run.after is not None else None
        upper = live_keys[run.before] if run.before is not None else None
        if run.after is not None and lower is None:
            reason = Reason(code="no-key", text=f"{_called(run.after, names)} before the new photos has no order key")
            unfit.update(dict.fromkeys(run.photos, reason))
        elif lower is not None and lower == upper and run.after is not None and run.before is not None:
            pair = f"{_called(run.after, names)} and {_called(run.before, names)}"
            reason = Reason(code="equal-keys", text=f"{pair} have the same order key, nothing fits between them")
            unfit.update(dict.fromkeys(run.photos, reason))
        else:
            together.setdefault(lower, []).extend(run.photos)
    chosen: dict[AssetId, str] = {}
    for lower, photos in together.items():
        keys = keys_between(lower, _next_above(lower, ladder), len(photos))
        if keys is None or not all(is_order_key(key) for key in keys):
            reason = Reason(code="key-space", text="the order keys at this place are used up")
            unfit.update(dict.fromkeys(photos, reason))
        else:
            chosen.update(zip(photos, keys, strict=True))
    return chosen, unfit


def _runs(wanted: Sequence[AssetId], live_keys: Mapping[AssetId, str | None]) -> list[_Run]:
    runs: list[_Run] = []
    pending: list[AssetId] = []
    after: AssetId | None = None
    for asset_id in wanted:
        if asset_id not in live_keys:
            pending.append(asset_id)
            continue
        if pending:
            runs.append(_Run(after=after, before=asset_id, photos=tuple(pending)))
            pending = []
        after = asset_id
    if pending:
        runs.append(_Run(after=after, before=None, photos=tuple(pending)))
    return runs


def _next_above(lower: str | None, ladder: Sequence[str]) -> str | None:
    position = bisect_right(ladder, lower) if lower is not None else 0
    return ladder[position] if position < len(ladder) else None


def _called(asset_id: AssetId, names: Mapping[AssetId, str]) -> str:
    return names.get(asset_id, asset_id)

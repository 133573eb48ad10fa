"""
The order in which Lightroom shows the members of an album, worked out from what was listed. Pure.

Order keys compare by plain bytes, members without one come last, and ties are broken by capture date and then by the
date the photo was created (Lightroom guides, "Custom order"). Whatever is still equal stays as it was listed.

The surprising case: a listing that shows no key at all comes from an album without keys, which is listed by date
anyway, or from a service that keeps keys to itself, which only its own order can tell. So it stays as it is.
"""

from collections.abc import Iterable, Mapping, Sequence

from lrplan.lightroom.wire import MemberRow
from lrplan.model.album import Membership
from lrplan.model.asset import UNKNOWN_DATE, Asset
from lrplan.model.ids import AssetId


def membership_by_date(rows: Iterable[MemberRow], assets: Mapping[AssetId, Asset]) -> Membership:
    """Arrange *rows*, each photo once, by their capture dates, which *assets* tells; equal ones stay as listed."""

    def captured(row: MemberRow) -> str:
        asset = assets.get(row.asset_id)
        return asset.capture_date if asset else UNKNOWN_DATE

    return _membership(sorted(rows, key=captured))


def membership_of(rows: Iterable[MemberRow], assets: Mapping[AssetId, Asset]) -> Membership:
    """Arrange *rows*, each photo once, as Lightroom shows them; *assets* tells their capture dates."""
    shown = list(rows)

    def place(row: MemberRow) -> tuple[bool, bytes, str, str]:
        asset = assets.get(row.asset_id)
        captured = asset.capture_date if asset else UNKNOWN_DATE
        return row.order is None, (row.order or "").encode("utf-8", "replace"), captured, row.created

    if any(row.order is not None for row in shown):
        shown.sort(key=place)
    return _membership(shown)


def _membership(shown: Sequence[MemberRow]) -> Membership:
    return Membership(
        asset_ids=tuple(row.asset_id for row in shown),
        orders=tuple(row.order for row in shown),
        infos={row.asset_id: row.info for row in shown if row.info is not None},
        cover=next((row.asset_id for row in shown if row.cover), None),
    )

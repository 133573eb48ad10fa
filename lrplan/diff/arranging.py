"""
In which order the members of an album will stand: that of the list, of a person's hand, or of the dates.

What nobody lists stands behind the photo that it stood behind. An album that is replaced gets fresh keys; one that
stays shows its new photos where their keys, and else their dates, put them.
"""

from collections.abc import Container, Mapping

from lrplan.diff.change import MemberChange
from lrplan.diff.fates import Fates
from lrplan.diff.sequence import same_order, with_kept
from lrplan.model.album import Membership, Order
from lrplan.model.asset import UNKNOWN_DATE
from lrplan.model.ids import AssetId
from lrplan.model.order_keys import keys_between
from lrplan.model.state import Binding
from lrplan.resolve.desired import DesiredAlbum

Dates = Mapping[AssetId, str]
"""When photos were taken."""


def made_by_hand(
    desired: DesiredAlbum,
    live: Membership,
    older: Membership,
    binding: Binding | None,
    generations: tuple[tuple[AssetId, ...], ...],
) -> tuple[AssetId, ...] | None:
    """The wanted photos in the order that a person gave them since lrplan last arranged them; None if nobody did.

    Only the photos that lrplan arranged can show that somebody did: of any other the list says its place for the first
    time. New photos stand behind the photo that they follow in the wish, and what only an interrupted replacement has
    put there is new. Where the wish itself asks for another order than it did then, it wins.

    Args:
        generations: The order of each by itself, where there are several: see `compare_members`.
    """
    wanted = desired.members or ()
    if desired.order is not Order.LISTED or binding is None or binding.arranged is None:
        return None
    if not same_order(wanted, binding.arranged):
        return None
    if len(generations) > 2 and all(same_order(one, binding.arranged) for one in generations):
        return None
    is_arranged, is_wanted = set(binding.arranged), set(wanted)
    arranged = _taken_over(live, older, is_arranged)
    if same_order([a for a in wanted if a in is_arranged], arranged):
        return None
    shown = _taken_over(live, older, is_wanted)
    staying = with_kept(
        tuple(a for a in arranged if a in is_wanted), tuple(a for a in shown if a not in is_arranged), shown
    )
    is_shown = set(shown)
    return with_kept(staying, tuple(a for a in wanted if a not in is_shown), wanted)


def _taken_over(live: Membership, older: Membership, some: Container[AssetId]) -> tuple[AssetId, ...]:
    """*some* photos in the order that people saw: as in the album, or what an unfinished replacement took over of it.

    Only they count for one another's places: any other may stand elsewhere in the new album by the list's own wish.
    """
    shown, before = (tuple(a for a in one.asset_ids if a in some) for one in (live, older))
    if not older.asset_ids:
        return shown
    is_live, is_older = set(shown), set(before)
    return with_kept(tuple(a for a in shown if a in is_older), tuple(a for a in before if a not in is_live), before)


def made_anew(
    desired: DesiredAlbum,
    arranged: tuple[AssetId, ...],
    live: Membership,
    older: Membership,
    fates: Fates,
    dates: Dates,
) -> MemberChange:
    """The members of the next generation: the wanted ones as *arranged*, and behind each what was kept behind it."""
    dropped = set(fates.dropped)
    keep = tuple(a for a in fates.unlisted if a not in dropped)
    kept = with_kept(arranged, keep, live.asset_ids)
    after = _by_date(with_kept(kept, fates.carried, older.asset_ids), desired.order, dates)
    return MemberChange(after=after, keys=_fresh_keys(after) if desired.order is Order.LISTED else {})


def with_carried(wanted: tuple[AssetId, ...], fates: Fates, live: Membership, older: Membership) -> tuple[AssetId, ...]:
    """What finishes an interrupted replacement: photos that it carries over go where it would have put them."""
    if not older.asset_ids:
        return wanted
    is_unlisted = set(fates.unlisted)
    keyed = zip(live.asset_ids, live.orders, strict=True)
    came_along = [a for a, key in keyed if a in is_unlisted and key is not None]
    return with_kept(with_kept(wanted, came_along, live.asset_ids), fates.carried, older.asset_ids)


def _by_date(sequence: tuple[AssetId, ...], order: Order, dates: Dates) -> tuple[AssetId, ...]:
    if order is Order.LISTED:
        return sequence
    return tuple(sorted(sequence, key=lambda a: dates.get(a, UNKNOWN_DATE)))


def _fresh_keys(sequence: tuple[AssetId, ...]) -> Mapping[AssetId, str]:
    keys = keys_between(None, None, len(sequence))
    assert keys is not None, "between no bounds there is always room"
    return dict(zip(sequence, keys, strict=True))


def in_place(
    live: Membership, sequence: tuple[AssetId, ...], keys: Mapping[AssetId, str], order: Order, dates: Dates
) -> tuple[AssetId, ...]:
    """The members as Lightroom will show them once the new ones are in: by key, those without one last, by date."""
    rank = {a: place for place, a in enumerate(live.asset_ids)}
    all_keys: dict[AssetId, str | None] = dict(zip(live.asset_ids, live.orders, strict=True))
    all_keys.update(keys)
    ids = (*live.asset_ids, *(a for a in sequence if a not in rank))
    if order is Order.CAPTURE_DATE and not any(all_keys.values()):
        return _by_date(ids, order, dates)

    def shown(asset_id: AssetId) -> tuple[bool, str, str, int]:
        key = all_keys.get(asset_id)
        date = "" if key is not None else dates.get(asset_id, UNKNOWN_DATE)
        return (key is None, key or "", date, rank.get(asset_id, len(rank)))

    return tuple(sorted(ids, key=shown))

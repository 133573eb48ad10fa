"""
What becomes of the members of one album, and whether the album can stay.

The API can add a photo and move the cover; it can neither remove nor move a member nor change its publishInfo. So a
removal, a move or a changed member asks for a replacement, however many there are; everything else is done in place.

Three sides decide: the wish, the live album, and what lrplan remembers. Only photos that lrplan put there are ever
removed; an order that differs from the remembered one was made by hand and is kept, also in a new album that is made
for another reason.
"""

from collections.abc import Container, Iterable, Mapping

from attrs import evolve, frozen

from lrplan.diff.change import MemberChange, Reason
from lrplan.diff.insertion import keys_for_new
from lrplan.diff.sequence import moves_between, same_order, with_kept
from lrplan.model.album import MemberInfo, Membership, Order
from lrplan.model.asset import UNKNOWN_DATE
from lrplan.model.ids import AssetId
from lrplan.model.order_keys import keys_between
from lrplan.model.state import Binding
from lrplan.resolve.desired import DesiredAlbum

NOTHING = Membership()


@frozen(kw_only=True)
class MemberVerdict:
    """The change of the members, and how it can be made.

    Attributes:
        change: None when nothing differs.
        replace: Why a new album is needed; None when the change can be made in place.
        kept_order: The live order was made by hand and stays.
        unlisted: Live photos that no manifest lists and that stay, also when nothing changes.
        left_behind: Photos that no manifest lists and that cannot stay: they lie in the trash, and the album goes.
        dropped: Members of any generation that a replacement does not take along.
    """

    change: MemberChange | None = None
    replace: Reason | None = None
    kept_order: bool = False
    unlisted: tuple[AssetId, ...] = ()
    left_behind: tuple[AssetId, ...] = ()
    dropped: tuple[AssetId, ...] = ()


@frozen(kw_only=True)
class Facts:
    """What is known of photos beyond the album: names for people, capture dates, which ones lie in the trash."""

    names: Mapping[AssetId, str]
    dates: Mapping[AssetId, str]
    trashed: frozenset[AssetId]


def compare_members(
    desired: DesiredAlbum,
    live: Membership,
    older: Membership,
    binding: Binding | None,
    facts: Facts,
    shown: tuple[tuple[AssetId, ...], ...] = (),
    *,
    must: Reason | None = None,
) -> MemberVerdict:
    """Compare the wanted members of one album with the live ones.

    Args:
        desired: Its `members` must be managed.
        live: Of the newest generation; `NOTHING` for an album that does not exist.
        older: Of the generations that interrupted replacements left behind, else `NOTHING`.
        binding: What is remembered; None without state, and then nothing is removed.
        shown: The order of each generation by itself, where there are several older ones: taken together, they may show
            one that none of them has.
        must: Why there has to be a new album whatever the members are; None where nothing else asks for one.
    """
    wanted = desired.members
    assert wanted is not None
    fates = _sort(desired, live, older, binding, facts)
    is_live = set(live.asset_ids)
    arranged_last = binding.arranged if binding is not None else None
    is_untouched = len(shown) > 2 and all(same_order(one, arranged_last or ()) for one in shown)
    by_hand = _made_by_hand(desired, live, older, binding) if not is_untouched else None
    arranged = wanted if by_hand is None else by_hand
    reason = _reason_to_replace(desired, live, fates, binding) or must
    if reason is None and desired.order is Order.LISTED and not same_order(arranged, live.asset_ids):
        reason = Reason(code="move", text="the API cannot move a photo inside an album")
    sequence = _with_carried(arranged, fates, live, older)
    was = _as_it_was(live, older)
    keys: Mapping[AssetId, str] = {}
    if reason is None and desired.order is Order.LISTED and not is_live.issuperset(sequence):
        chosen = keys_for_new(sequence, live, facts.names)
        if isinstance(chosen, Reason):
            reason = chosen
        else:
            keys = chosen
    verdict = MemberVerdict(
        kept_order=by_hand is not None,
        unlisted=(*fates.unlisted, *fates.carried),
        left_behind=tuple(a for a in fates.trashed if a not in is_live),
        dropped=fates.dropped,
    )
    if reason is not None:
        made = _made_anew(desired, arranged, live, older, fates, facts)
        kept = tuple(a for a in verdict.unlisted if a not in facts.trashed)
        change = _told(desired, was, fates, made, unlisted=kept, binding=binding)
        return evolve(verdict, change=change, replace=reason, unlisted=kept, left_behind=fates.trashed)
    if is_live.issuperset(sequence) and not older.asset_ids:
        return verdict
    made = MemberChange(after=_in_place(live, sequence, keys, desired.order, facts), keys=keys)
    can_move = bool(older.asset_ids)
    change = _told(desired, was, fates, made, unlisted=verdict.unlisted, binding=binding, can_move=can_move)
    has_news = change.added or change.removed or change.moved or change.rewritten
    return evolve(verdict, change=change) if has_news or not is_live.issuperset(sequence) else verdict


def take_all_along(
    desired: DesiredAlbum, live: Membership, older: Membership, facts: Facts, *, must: Reason | None = None
) -> MemberVerdict:
    """Replace an album whose members no manifest manages, or finish a replacement of it: nothing gets lost.

    The order is that of the newest generation, which people see; what only older ones have goes where it stood there.
    """
    together = joined((live, older))
    usable = [a for a in together.asset_ids if a not in facts.trashed]
    is_live = set(live.asset_ids)
    begun, missing = [a for a in usable if a in is_live], [a for a in usable if a not in is_live]
    all_of_it = with_kept(begun, missing, older.asset_ids)
    order = Order.LISTED if any(key is not None for key in together.orders) else Order.CAPTURE_DATE
    verdict = compare_members(evolve(desired, members=all_of_it, order=order), live, older, None, facts, must=must)
    dropped = tuple(a for a in (together if must is not None else older).asset_ids if a in facts.trashed)
    stays = set() if verdict.replace is not None else is_live
    return evolve(verdict, dropped=dropped, left_behind=tuple(a for a in dropped if a not in stays))


def joined(listings: Iterable[Membership]) -> Membership:
    """The members of several generations, each once: those of the first as they are, others where they stood."""
    ids: tuple[AssetId, ...] = ()
    orders: dict[AssetId, str | None] = {}
    infos: dict[AssetId, MemberInfo] = {}
    cover = None
    for listing in listings:
        ids = with_kept(ids, [a for a in listing.asset_ids if a not in orders], listing.asset_ids)
        for asset_id, key in zip(listing.asset_ids, listing.orders, strict=True):
            orders.setdefault(asset_id, key)
        infos = {**listing.infos, **infos}
        cover = cover or listing.cover
    return Membership(asset_ids=ids, orders=tuple(orders[a] for a in ids), infos=infos, cover=cover)


@frozen(kw_only=True)
class _Fates:
    """What becomes of each member that is live now.

    Attributes:
        removed: lrplan put them there and the list no longer names them.
        left: The same, and they are in a generation that was left behind only.
        unlisted: Nobody lists them, and they stay.
        carried: Only in the generation that was left behind, and to be taken along.
        rewritten: Wanted, with another publishInfo than they have.
        trashed: In some generation, listed by nobody, and in the trash: no other album can take them.
        dropped: In some generation, and nothing takes them along.
    """

    removed: tuple[AssetId, ...]
    left: tuple[AssetId, ...]
    unlisted: tuple[AssetId, ...]
    carried: tuple[AssetId, ...]
    rewritten: tuple[AssetId, ...]
    trashed: tuple[AssetId, ...]
    dropped: tuple[AssetId, ...]


def _sort(desired: DesiredAlbum, live: Membership, older: Membership, binding: Binding | None, facts: Facts) -> _Fates:
    is_wanted, is_live = set(desired.members or ()), set(live.asset_ids)
    put = set(binding.put) if binding is not None else set()
    unusable = {photo.asset_id for photo in desired.missing} | facts.trashed
    cannot_be = {photo.asset_id for photo in desired.missing}
    others = [a for a in live.asset_ids if a not in is_wanted]
    removed = tuple(a for a in others if a in put and a not in cannot_be)
    gone = set(removed)
    left = [a for a in dict.fromkeys((*live.asset_ids, *older.asset_ids)) if a not in is_wanted]
    return _Fates(
        removed=removed,
        left=tuple(a for a in left if a not in is_live and a in put and a not in cannot_be),
        unlisted=tuple(a for a in others if a not in gone and a not in cannot_be),
        carried=tuple(a for a in left if a not in is_live and a not in put and a not in unusable),
        rewritten=tuple(
            a for a in desired.members or () if a in is_live and _differs(desired.infos.get(a), live.infos.get(a))
        ),
        trashed=tuple(a for a in left if a in facts.trashed and a not in put and a not in cannot_be),
        dropped=tuple(a for a in left if a in put or a in unusable),
    )


def _as_it_was(live: Membership, older: Membership) -> Membership:
    """What people had before a replacement began that was interrupted, and what came since; else the album as it is."""
    return joined((older, live)) if older.asset_ids else live


def _told(
    desired: DesiredAlbum,
    was: Membership,
    fates: _Fates,
    made: MemberChange,
    *,
    unlisted: tuple[AssetId, ...],
    binding: Binding | None,
    can_move: bool = True,
) -> MemberChange:
    """What the requests make, and how it differs from what people had."""
    had = set(was.asset_ids)
    leaving = set(binding.leaving) if binding is not None else set()
    removed = (*fates.removed, *fates.left)
    rewritten = (a for a in desired.members or () if a in had and _differs(desired.infos.get(a), was.infos.get(a)))
    return evolve(
        made,
        before=was.asset_ids,
        added=tuple(a for a in made.after if a not in had),
        removed=removed,
        judged=tuple(a for a in removed if a in leaving),
        moved=moves_between(was.asset_ids, made.after) if can_move else (),
        unlisted=unlisted,
        rewritten=tuple(rewritten),
    )


def _made_anew(
    desired: DesiredAlbum,
    arranged: tuple[AssetId, ...],
    live: Membership,
    older: Membership,
    fates: _Fates,
    facts: Facts,
) -> MemberChange:
    """The members of the next generation: the wanted ones as *arranged*, and behind each what was kept behind it."""
    dropped = set(fates.dropped)
    keep = tuple(a for a in fates.unlisted if a not in dropped)
    kept = with_kept(arranged, keep, live.asset_ids)
    after = _arranged(with_kept(kept, fates.carried, older.asset_ids), desired.order, facts)
    return MemberChange(after=after, keys=_fresh_keys(after) if desired.order is Order.LISTED else {})


def _with_carried(
    wanted: tuple[AssetId, ...], fates: _Fates, live: Membership, older: Membership
) -> tuple[AssetId, ...]:
    """What finishes an interrupted replacement: photos that it carries over go where it would have put them."""
    if not older.asset_ids:
        return wanted
    is_unlisted = set(fates.unlisted)
    keyed = zip(live.asset_ids, live.orders, strict=True)
    came_along = [a for a, key in keyed if a in is_unlisted and key is not None]
    return with_kept(with_kept(wanted, came_along, live.asset_ids), fates.carried, older.asset_ids)


def _reason_to_replace(
    desired: DesiredAlbum, live: Membership, fates: _Fates, binding: Binding | None
) -> Reason | None:
    if fates.removed:
        return Reason(code="removal", text="the API cannot take a photo out of an album")
    if fates.rewritten:
        return Reason(code="member-info", text="the API cannot change the publishInfo of a photo in an album")
    was = binding.applied.order if binding is not None else None
    if desired.order is Order.CAPTURE_DATE and was is Order.LISTED and any(key is not None for key in live.orders):
        return Reason(code="order-changed", text="the API cannot take order keys away, so that dates decide again")
    return None


def _made_by_hand(
    desired: DesiredAlbum, live: Membership, older: Membership, binding: Binding | None
) -> tuple[AssetId, ...] | None:
    """The wanted photos in the order that a person gave them since lrplan last arranged them; None if nobody did.

    Only the photos that lrplan arranged can show that somebody did: of any other the list says its place for the first
    time. New photos stand behind the photo that they follow in the wish, and what only an interrupted replacement has
    put there is new. Where the wish itself asks for another order than it did then, it wins.
    """
    wanted = desired.members or ()
    if desired.order is not Order.LISTED or binding is None or binding.arranged is None:
        return None
    if not same_order(wanted, binding.arranged):
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


def _differs(wanted: MemberInfo | None, live: MemberInfo | None) -> bool:
    if wanted is None:
        return False
    live = live or MemberInfo()
    return any(
        want is not None and want != have
        for want, have in (
            (wanted.remote_id, live.remote_id),
            (wanted.service_payload, live.service_payload),
        )
    )


def _arranged(sequence: tuple[AssetId, ...], order: Order, facts: Facts) -> tuple[AssetId, ...]:
    if order is Order.LISTED:
        return sequence
    return tuple(sorted(sequence, key=lambda a: facts.dates.get(a, UNKNOWN_DATE)))


def _fresh_keys(sequence: tuple[AssetId, ...]) -> Mapping[AssetId, str]:
    keys = keys_between(None, None, len(sequence))
    assert keys is not None, "between no bounds there is always room"
    return dict(zip(sequence, keys, strict=True))


def _in_place(
    live: Membership, sequence: tuple[AssetId, ...], keys: Mapping[AssetId, str], order: Order, facts: Facts
) -> tuple[AssetId, ...]:
    """The members as Lightroom will show them once the new ones are in: by key, those without one last, by date."""
    rank = {a: place for place, a in enumerate(live.asset_ids)}
    all_keys: dict[AssetId, str | None] = dict(zip(live.asset_ids, live.orders, strict=True))
    all_keys.update(keys)
    ids = (*live.asset_ids, *(a for a in sequence if a not in rank))
    if order is Order.CAPTURE_DATE and not any(all_keys.values()):
        return _arranged(ids, order, facts)

    def shown(asset_id: AssetId) -> tuple[bool, str, str, int]:
        key = all_keys.get(asset_id)
        date = "" if key is not None else facts.dates.get(asset_id, UNKNOWN_DATE)
        return (key is None, key or "", date, rank.get(asset_id, len(rank)))

    return tuple(sorted(ids, key=shown))

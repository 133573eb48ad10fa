"""
What becomes of the members of one album, and whether the album can stay.

The API can add a photo and move the cover; it can neither remove nor move a member nor change its publishInfo. So a
removal, a move or a changed member asks for a replacement, however many there are; everything else is done in place.

Three sides decide: the wish, the live album, and what lrplan remembers. Only photos that lrplan put there are removed,
but for `unlisted: remove`; an order that differs from the remembered one was made by hand and is kept, also in a new
album that is made for another reason, but for `reorder: restore`. With `replace: never` no new album is made: what
needs one is withheld, and everything else is done.
"""

from collections.abc import Iterable, Mapping

from attrs import evolve, frozen

from lrplan.diff.arranging import in_place, made_anew, made_by_hand, with_carried
from lrplan.diff.change import MemberChange, Move, Reason, Withheld
from lrplan.diff.fates import Fates, differs, removes_unlisted, sort_members
from lrplan.diff.insertion import keys_for_new, keys_where_they_fit
from lrplan.diff.sequence import moves_between, same_order, with_kept
from lrplan.diff.withheld import withheld_of
from lrplan.model.album import MemberInfo, Membership, Order
from lrplan.model.ids import AssetId
from lrplan.model.policy import Reorder, Replace, Unlisted
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
        withheld: What is not done, since only a new album could, and none may be made.
        unlisted: Live photos that no manifest lists and that stay, also when nothing changes.
        awaits_state: These stay only as long as no apply of this album is remembered.
        left_behind: Photos that no manifest lists and that cannot stay: they lie in the trash, and the album goes.
        dropped: Members of any generation that a replacement does not take along.
    """

    change: MemberChange | None = None
    replace: Reason | None = None
    withheld: Withheld | None = None
    kept_order: bool = False
    unlisted: tuple[AssetId, ...] = ()
    awaits_state: bool = False
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
    fates = sort_members(desired, live, older, binding, facts.trashed)
    is_live = set(live.asset_ids)
    by_hand = made_by_hand(desired, live, older, binding, shown)
    restores = by_hand is not None and desired.reorder is Reorder.RESTORE
    arranged = wanted if by_hand is None or restores else by_hand
    awaits = desired.unlisted is Unlisted.REMOVE and not removes_unlisted(desired, binding)
    verdict = MemberVerdict(
        kept_order=by_hand is not None and not restores,
        unlisted=(*fates.unlisted, *fates.carried),
        awaits_state=awaits and desired.replace is Replace.ALLOW,
        left_behind=tuple(a for a in fates.trashed if a not in is_live),
        dropped=fates.dropped,
    )
    if desired.replace is Replace.NEVER:
        return _kept_album(desired, verdict, arranged, live, older, fates, binding, facts)
    reason = _reason_to_replace(desired, arranged, live, fates, binding, restores=restores) or must
    sequence = with_carried(arranged, fates, live, older)
    keys: Mapping[AssetId, str] = {}
    if reason is None and desired.order is Order.LISTED and not is_live.issuperset(sequence):
        chosen = keys_for_new(sequence, live, facts.names)
        if isinstance(chosen, Reason):
            reason = chosen
        else:
            keys = chosen
    if reason is not None:
        made = made_anew(desired, arranged, live, older, fates, facts.dates)
        kept = tuple(a for a in verdict.unlisted if a not in facts.trashed)
        change = _told(desired, _as_it_was(live, older), fates, made, unlisted=kept, binding=binding)
        return evolve(verdict, change=change, replace=reason, unlisted=kept, left_behind=fates.trashed)
    if is_live.issuperset(sequence) and not older.asset_ids:
        return verdict
    made = MemberChange(after=in_place(live, sequence, keys, desired.order, facts.dates), keys=keys)
    return _edited(desired, verdict, made, live, older, fates, binding)


def _edited(
    desired: DesiredAlbum,
    verdict: MemberVerdict,
    made: MemberChange,
    live: Membership,
    older: Membership,
    fates: Fates,
    binding: Binding | None,
) -> MemberVerdict:
    """*verdict* with what is *made* of an album that stays, or whose replacement is finished."""
    was, can_move = _as_it_was(live, older), bool(older.asset_ids)
    change = _told(desired, was, fates, made, unlisted=verdict.unlisted, binding=binding, can_move=can_move)
    has_news = change.added or change.removed or change.moved or change.rewritten
    return evolve(verdict, change=change) if has_news or len(made.after) > len(live.asset_ids) else verdict


def _kept_album(
    desired: DesiredAlbum,
    verdict: MemberVerdict,
    arranged: tuple[AssetId, ...],
    live: Membership,
    older: Membership,
    fates: Fates,
    binding: Binding | None,
    facts: Facts,
) -> MemberVerdict:
    """What can be done of an album that may not be replaced, and what is withheld.

    Photos that are there stay as they stand, and new ones go behind those that they follow. What only an interrupted
    replacement has left behind comes along in any case, if need be without a place.
    """
    is_live, must, is_wanted = set(live.asset_ids), set(older.asset_ids), set(arranged)
    standing = with_kept(
        tuple(a for a in live.asset_ids if a in is_wanted), tuple(a for a in arranged if a not in is_live), arranged
    )
    sequence = with_carried(standing, fates, live, older)
    keys: Mapping[AssetId, str] = {}
    unfit: Mapping[AssetId, Reason] = {}
    if desired.order is Order.LISTED and not is_live.issuperset(sequence):
        keys, unfit = keys_where_they_fit(sequence, live, facts.names)
        unfit = {a: reason for a, reason in unfit.items() if a not in must}
    placed = tuple(a for a in sequence if a not in unfit)
    after = live.asset_ids
    if must or not is_live.issuperset(placed):
        after = in_place(live, placed, keys, desired.order, facts.dates)
        left, stays = set(fates.left), set(fates.rewritten)
        here = evolve(fates, removed=(), foreign=tuple(a for a in fates.foreign if a in left))
        verdict = _edited(desired, verdict, MemberChange(after=after, keys=keys), live, older, here, binding)
        if verdict.change is not None:
            rewritten = tuple(a for a in verdict.change.rewritten if a not in stays)
            verdict = evolve(verdict, change=evolve(verdict.change, rewritten=rewritten))
    moved: tuple[Move, ...] = ()
    if desired.order is Order.LISTED and not same_order(arranged, after):
        moved = moves_between(after, made_anew(desired, arranged, live, older, fates, facts.dates).after)
    by_date = _keys_must_go(desired, live, binding)
    return evolve(verdict, withheld=withheld_of(desired, fates, moved, unfit, facts.names, by_date=by_date))


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
    wish = evolve(desired, members=all_of_it, order=order, unlisted=Unlisted.KEEP)
    verdict = compare_members(wish, live, older, None, facts, must=must)
    dropped = tuple(a for a in (together if must is not None else older).asset_ids if a in facts.trashed)
    stays = set() if verdict.replace is not None else is_live
    # nobody wishes for an order here, so that there is none to withhold
    return evolve(verdict, withheld=None, dropped=dropped, left_behind=tuple(a for a in dropped if a not in stays))


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


def _as_it_was(live: Membership, older: Membership) -> Membership:
    """What people had before a replacement began that was interrupted, and what came since; else the album as it is."""
    return joined((older, live)) if older.asset_ids else live


def _told(
    desired: DesiredAlbum,
    was: Membership,
    fates: Fates,
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
    rewritten = (a for a in desired.members or () if a in had and differs(desired.infos.get(a), was.infos.get(a)))
    return evolve(
        made,
        before=was.asset_ids,
        added=tuple(a for a in made.after if a not in had),
        removed=removed,
        judged=tuple(a for a in fates.left if a in leaving),
        foreign=fates.foreign,
        moved=moves_between(was.asset_ids, made.after) if can_move else (),
        unlisted=unlisted,
        rewritten=tuple(rewritten),
    )


def _reason_to_replace(
    desired: DesiredAlbum,
    arranged: tuple[AssetId, ...],
    live: Membership,
    fates: Fates,
    binding: Binding | None,
    *,
    restores: bool,
) -> Reason | None:
    """Why only a new album will do, new photos aside; and whether it *restores* the order of the list."""
    must_move = desired.order is Order.LISTED and not same_order(arranged, live.asset_ids)
    undone = "the order made by hand in Lightroom is undone, as `reorder: restore` asks" if restores else ""
    reason = None
    if fates.removed:
        reason = Reason(code="removal", text="the API cannot take a photo out of an album")
    elif fates.rewritten:
        reason = Reason(code="member-info", text="the API cannot change the publishInfo of a photo in an album")
    elif _keys_must_go(desired, live, binding):
        return Reason(code="order-changed", text="the API cannot take order keys away, so that dates decide again")
    elif must_move:
        reason = Reason(code="move", text="the API cannot move a photo inside an album")
    return evolve(reason, text=f"{reason.text}; {undone}") if reason is not None and must_move and undone else reason


def _keys_must_go(desired: DesiredAlbum, live: Membership, binding: Binding | None) -> bool:
    """Whether dates are to decide again in an album that lrplan had given order keys."""
    was = binding.applied.order if binding is not None else None
    has_keys = any(key is not None for key in live.orders)
    return desired.order is Order.CAPTURE_DATE and was is Order.LISTED and has_keys

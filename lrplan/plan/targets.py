"""What will be remembered of each address once its steps are done."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from attrs import evolve

from lrplan.diff.change import Change, Reason, Verb, Withheld
from lrplan.diff.sequence import with_kept
from lrplan.model.address import Address
from lrplan.model.album import Order, PublishInfo
from lrplan.model.fingerprint import binding_fingerprint
from lrplan.model.ids import AlbumId, AssetId
from lrplan.model.snapshot import Snapshot
from lrplan.model.state import UNUSED, Applied, Binding, State
from lrplan.resolve.desired import Desired, DesiredAlbum

NOTHING_WITHHELD = Withheld(reason=Reason(code="", text=""))
CHANGING = frozenset({Verb.CREATE, Verb.UPDATE, Verb.REPLACE})


def targets_of(
    changes: Sequence[Change], desired: Desired, snapshot: Snapshot, state: State | None
) -> Mapping[Address, Binding]:
    """The binding of every declared address after the plan, where it is not what it was or something is to be done.

    And of those that are let go: they are remembered, in case their entry comes back.
    """
    targets = {}
    for change in changes:
        album = desired.albums.get(change.address)
        target = change.new_id or change.id
        before = state.bindings.get(change.address) if state is not None else None
        if album is None and before is not None and change.is_leaving:
            targets[change.address] = _let_go(change, before)
        if album is None or target is None or album.is_held:
            continue
        after = Binding(
            album_id=target,
            generation=_generation(change, before),
            put=_put(change, album, before, snapshot),
            arranged=_arranged(change, album, before, snapshot),
            seen=_seen(change, album, snapshot),
            known_as=album.known_as if album.members is not None or before is None else before.known_as,
            when_gone=album.when_gone,
            protect=album.protect if album.protect is not None else before is not None and before.protect,
            source=f"{album.span.file}:{album.span.line}",
            applied=_applied(change, album, before),
        )
        if after != before or change.verb in CHANGING:
            targets[change.address] = after
    return targets


def _generation(change: Change, before: Binding | None) -> int:
    """The highest ever used: one that a run used in vain stays used."""
    if before is None or before.generation == UNUSED:
        return change.generation
    return max(change.generation, before.generation)


def bases_of(addresses: Iterable[Address], state: State | None) -> Mapping[Address, str]:
    """The fingerprints of what is remembered of *addresses* before the plan."""
    bindings = state.bindings if state is not None else {}
    return {address: binding_fingerprint(bindings.get(address)) for address in addresses}


def forgotten_addresses(
    desired: Desired, state: State | None, changes: Sequence[Change], away: Collection[Address]
) -> tuple[Address, ...]:
    """Addresses that the state binds, that are planned, that nobody declares, and that are gone after the plan.

    Args:
        away: Those that were let go before, and are still there.
    """
    if state is None:
        return ()
    stay = {*away, *(change.address for change in changes if change.verb is Verb.BLOCKED or change.is_leaving)}
    return tuple(sorted(a for a in state.bindings if desired.lets_go(a) and a not in stay))


def _let_go(change: Change, before: Binding) -> Binding:
    """What it was, with a mark. That lrplan itself marked it as deleted is remembered too: nobody else did."""
    if change.verb is not Verb.UPDATE:
        return evolve(before, gone=True)
    info = evolve(before.applied.publish_info or PublishInfo(), deleted=True)
    return evolve(before, gone=True, applied=evolve(before.applied, publish_info=info))


def _put(change: Change, album: DesiredAlbum, before: Binding | None, snapshot: Snapshot) -> tuple[AssetId, ...]:
    """The photos that lrplan put there: those of before that are still there, and those that it adds now.

    A replacement puts every wanted photo anew, so all of them count from then on; those too that cannot be had now, so
    that it stays known that they were members.
    """
    earlier = before.put if before is not None else ()
    if album.members is None:
        return earlier
    blocked = {photo.asset_id for photo in change.blocked if not photo.code}
    if change.new_id is not None:
        return (*album.members, *sorted(blocked))
    live, after = members_in(change.id, snapshot), set(change.members.after if change.members is not None else ())
    was_put = set(earlier)
    wanted = tuple(a for a in album.members if (a in was_put if a in live else a in after))
    staying = [a for a in change.withheld.removed if a in was_put] if change.withheld is not None else []
    # where an older generation goes, what showed that they were members goes along
    return (*wanted, *staying, *sorted(a for a in blocked if a in was_put or change.verb is Verb.REPLACE))


def members_in(album_id: AlbumId | None, snapshot: Snapshot) -> frozenset[AssetId]:
    """The members of an album that is there, as far as they were looked at."""
    listing = snapshot.members.get(album_id) if album_id is not None else None
    return frozenset(listing.asset_ids) if listing is not None else frozenset()


def _arranged(
    change: Change, album: DesiredAlbum, before: Binding | None, snapshot: Snapshot
) -> tuple[AssetId, ...] | None:
    """The wanted order, and in it the members that cannot be had now: once they can, their place is no new wish.

    An order that is withheld was not made; nor has a photo that stays out a place.
    """
    last = before.arranged if before is not None else None
    withheld = change.withheld or NOTHING_WITHHELD
    if album.members is None or withheld.moved or withheld.by_date:
        return last
    if album.order is not Order.LISTED:
        return None
    stays_out = set(withheld.added)
    wanted = tuple(a for a in album.members if a not in stays_out) if stays_out else album.members
    if last is None or change.new_id is not None:
        return wanted
    live = members_in(change.id, snapshot)
    return with_kept(wanted, [photo.asset_id for photo in change.blocked if photo.asset_id in live], last)


def _seen(change: Change, album: DesiredAlbum, snapshot: Snapshot) -> tuple[AssetId, ...] | None:
    """All members as they will be shown, less those in the trash, which may be listed or not."""
    if album.members is None:
        return None
    if change.members is not None and change.verb in CHANGING:
        shown = change.members.after
    elif change.id is not None and change.id in snapshot.members:
        shown = snapshot.members[change.id].asset_ids
    else:
        shown = ()
    assets = snapshot.assets
    return tuple(a for a in shown if a not in assets or not assets[a].is_trashed)


def _applied(change: Change, album: DesiredAlbum, before: Binding | None) -> Applied:
    last = before.applied if before is not None else Applied()
    withheld = change.withheld or NOTHING_WITHHELD
    has_cover = album.cover is not None and album.cover not in withheld.added
    info = last.publish_info
    if info is not None and info.deleted:
        info = evolve(info, deleted=False)  # being declared implies it
    return Applied(
        name=album.name,
        parent=album.parent,
        order=album.order if album.members is not None and not withheld.by_date else last.order,
        cover=album.cover if has_cover else last.cover if album.cover is not None else None,
        publish_info=album.publish_info,
    )

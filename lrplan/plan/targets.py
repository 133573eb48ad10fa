"""What will be remembered of each address once its steps are done."""

from collections.abc import Iterable, Mapping, Sequence

from lrplan.diff.change import Change, Verb
from lrplan.diff.sequence import with_kept
from lrplan.model.address import Address
from lrplan.model.album import Order
from lrplan.model.fingerprint import binding_fingerprint
from lrplan.model.ids import AlbumId, AssetId
from lrplan.model.snapshot import Snapshot
from lrplan.model.state import Applied, Binding, State
from lrplan.resolve.desired import Desired, DesiredAlbum

CHANGING = frozenset({Verb.CREATE, Verb.UPDATE, Verb.REPLACE})


def targets_of(
    changes: Sequence[Change], desired: Desired, snapshot: Snapshot, state: State | None
) -> Mapping[Address, Binding]:
    """The binding of every declared address after the plan, where it is not what it was or something is to be done."""
    targets = {}
    for change in changes:
        album = desired.albums.get(change.address)
        target = change.new_id or change.id
        if album is None or target is None:
            continue
        before = state.bindings.get(change.address) if state is not None else None
        after = Binding(
            album_id=target,
            generation=change.generation,
            put=_put(change, album, before, snapshot),
            arranged=_arranged(change, album, before, snapshot),
            known_as=album.known_as if album.members is not None or before is None else before.known_as,
            source=f"{album.span.file}:{album.span.line}",
            applied=_applied(album, before),
        )
        if after != before or change.verb in CHANGING:
            targets[change.address] = after
    return targets


def bases_of(addresses: Iterable[Address], state: State | None) -> Mapping[Address, str]:
    """The fingerprints of what is remembered of *addresses* before the plan."""
    bindings = state.bindings if state is not None else {}
    return {address: binding_fingerprint(bindings.get(address)) for address in addresses}


def forgotten_addresses(desired: Desired, state: State | None, changes: Sequence[Change]) -> tuple[Address, ...]:
    """Addresses that the state binds, that are planned, that nobody declares, and that are gone after the plan."""
    if state is None:
        return ()
    blocked = {change.address for change in changes if change.verb is Verb.BLOCKED}
    return tuple(sorted(a for a in state.bindings if desired.lets_go(a) and a not in blocked))


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
    # where an older generation goes, what showed that they were members goes along
    return (*wanted, *sorted(a for a in blocked if a in was_put or change.verb is Verb.REPLACE))


def members_in(album_id: AlbumId | None, snapshot: Snapshot) -> frozenset[AssetId]:
    """The members of an album that is there, as far as they were looked at."""
    listing = snapshot.members.get(album_id) if album_id is not None else None
    return frozenset(listing.asset_ids) if listing is not None else frozenset()


def _arranged(
    change: Change, album: DesiredAlbum, before: Binding | None, snapshot: Snapshot
) -> tuple[AssetId, ...] | None:
    """The wanted order, and in it the members that cannot be had now: once they can, their place is no new wish."""
    last = before.arranged if before is not None else None
    if album.members is None:
        return last
    if album.order is not Order.LISTED:
        return None
    if last is None or change.new_id is not None:
        return album.members
    live = members_in(change.id, snapshot)
    return with_kept(album.members, [photo.asset_id for photo in change.blocked if photo.asset_id in live], last)


def _applied(album: DesiredAlbum, before: Binding | None) -> Applied:
    last = before.applied if before is not None else Applied()
    return Applied(
        name=album.name if album.name is not None else last.name,
        parent=album.parent if album.parent is not None else last.parent,
        order=album.order if album.members is not None else last.order,
        cover=album.cover if album.cover is not None else last.cover,
        publish_info=album.publish_info if album.publish_info is not None else last.publish_info,
    )

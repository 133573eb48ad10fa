"""
What changed in Lightroom since the last apply: the live catalog against what is remembered, not against the manifests.

What an apply made true is taken for the wish, and compared as every wish is; what was in an album is compared with what
is in it now. So a manifest that was edited since shows nothing here, and what an apply saw and kept is no news.

The surprising case: where a replacement is under way, or another album is live than the one that is remembered, nobody
can tell a person's work from that of a run that was cut off. That is said, and nothing else is.
"""

from collections.abc import Iterable, Mapping

from attrs import evolve, field, frozen

from lrplan.diagnostics import SourceSpan
from lrplan.diff.change import Drift, FieldChange, MemberChange
from lrplan.diff.fields import compare_fields
from lrplan.diff.live import Live, live_of, older_of
from lrplan.diff.removal import find_orphans
from lrplan.diff.sequence import moves_between
from lrplan.diff.sides import Sides, sides_of
from lrplan.model.address import Address, address_key, is_set
from lrplan.model.album import Album, AlbumKind, Membership, Order
from lrplan.model.ids import AccountId, AlbumId, AssetId, CatalogId, Owner, ServiceId, album_id
from lrplan.model.snapshot import Snapshot
from lrplan.model.state import Binding, State
from lrplan.resolve.desired import Desired, DesiredAlbum
from lrplan.resolve.generations import Generations
from lrplan.resolve.photos import names_of


@frozen(kw_only=True)
class Outside:
    """What became of one album or set that is remembered.

    Attributes:
        name: As it is shown now; as it was last applied, or its key, where it is gone.
        id: The live album, else the one that was.
        source: Where the manifests last declared it, `file:line`; "" when unknown.
        is_gone: Somebody deleted it.
        fields: From what was last applied to what is there now.
        members: From what was there after the last apply to what is there now: what was added, taken out, re-arranged.
        trashed: Photos of it that lie in the trash.
        vanished: Photos of it that have left the catalog.
        unclear: Why it cannot be told what changed; "" where it can.
    """

    address: Address
    kind: AlbumKind
    name: str
    id: AlbumId
    source: str = ""
    is_gone: bool = False
    fields: tuple[FieldChange, ...] = ()
    members: MemberChange | None = None
    trashed: tuple[AssetId, ...] = ()
    vanished: tuple[AssetId, ...] = ()
    unclear: str = ""

    @property
    def has_changed(self) -> bool:
        """Something is known to be different."""
        return bool(self.is_gone or self.fields or self.members or self.trashed or self.vanished)


@frozen(kw_only=True)
class DriftReport:
    """What a look at the catalog showed.

    Attributes:
        albums: Those that changed, or of which nobody can tell, by address.
        orphans: Albums of this project that nothing declares or remembers. Nobody can tell since when.
        unfinished: Runs that did not end well. What they may have put into albums is not compared.
        has_state: Anything is remembered; else nothing can be told of any album.
        names: File names of the photos that it speaks of, for people.
        calls, seconds: What the look took.
    """

    project: str
    account_id: AccountId
    catalog_id: CatalogId
    service_id: ServiceId
    catalog_name: str = ""
    at: str = ""
    has_state: bool = True
    albums: tuple[Outside, ...] = ()
    orphans: tuple[Drift, ...] = ()
    unfinished: tuple[str, ...] = ()
    names: Mapping[AssetId, str] = field(factory=dict)
    calls: int = 0
    seconds: float = 0.0

    @property
    def has_drift(self) -> bool:
        """Something is known to have changed outside."""
        return any(one.has_changed for one in self.albums)


def changed_outside(
    state: State | None, snapshot: Snapshot, generations: Generations, *, owner: Owner, declared: Iterable[Address]
) -> DriftReport:
    """Compare what is remembered with the live catalog.

    Args:
        snapshot: With the members of the albums that `albums_to_look_into` names, and what became of the photos that
            `photos_missed` names.
        declared: The addresses of the manifests, which are no orphans whether they are remembered or not.
    """
    albums: tuple[Outside, ...] = ()
    names = dict(names_of(snapshot, {}))
    if state is not None:
        names = {**{a: text for one in state.bindings.values() for a, text in one.known_as.items()}, **names}
        wish = Desired(albums={a: _as_applied(a, one) for a, one in state.bindings.items()}, names=names)
        sides = sides_of(wish, snapshot, state, owner, generations)
        found = (_look_at(address, state.bindings[address], sides) for address in sorted(state.bindings))
        albums = tuple(one for one in found if one.has_changed or one.unclear)
    spoken_of = {a for one in albums for a in _photos_of(one)}
    return DriftReport(
        project=owner.project,
        account_id=owner.account_id,
        catalog_id=snapshot.catalog.id,
        service_id=owner.service_id,
        catalog_name=snapshot.catalog.name or snapshot.account.name,
        at=snapshot.read_at,
        has_state=state is not None,
        albums=albums,
        orphans=tuple(find_orphans(declared, snapshot, state, generations)),
        names={asset_id: name for asset_id, name in names.items() if asset_id in spoken_of},
        calls=snapshot.calls,
        seconds=snapshot.seconds,
    )


def albums_to_look_into(state: State, generations: Generations) -> tuple[AlbumId, ...]:
    """The live albums of which it is remembered what was in them, or which photo was their cover."""
    needed = []
    for address, binding in state.bindings.items():
        live = generations.of(address)
        if len(live) == 1 and live[0][1] == binding.album_id and not is_set(address):
            needed += [binding.album_id] if binding.seen is not None or binding.applied.cover is not None else []
    return tuple(sorted(needed))


def photos_missed(state: State, snapshot: Snapshot) -> tuple[AssetId, ...]:
    """The photos that were in albums and are not any more, and of which nothing is known yet."""
    missed: set[AssetId] = set()
    for binding in state.bindings.values():
        listing = snapshot.members.get(binding.album_id)
        if listing is not None:
            missed.update(set(binding.seen or ()).difference(listing.asset_ids))
    return tuple(sorted(missed - snapshot.assets.keys()))


def _as_applied(address: Address, binding: Binding) -> DesiredAlbum:
    """What the last apply made true, as a wish."""
    applied = binding.applied
    return DesiredAlbum(
        address=address,
        kind=AlbumKind.SET if is_set(address) else AlbumKind.ALBUM,
        span=SourceSpan(file=binding.source, line=0, column=1),
        name=applied.name,
        parent=Address(applied.parent) if applied.parent is not None else None,
        cover=applied.cover,
        publish_info=applied.publish_info,
    )


def _look_at(address: Address, binding: Binding, sides: Sides) -> Outside:
    live = live_of(sides.generations.of(address), sides)
    current = live.current
    was = Outside(
        address=address,
        kind=sides.desired.albums[address].kind,
        name=current.name if current is not None else binding.applied.name or address_key(address),
        id=current.id if current is not None else binding.album_id,
        source=binding.source,
    )
    if current is None:
        return evolve(was, is_gone=binding.generation >= 0)  # else it is not proven that it was ever there
    if live.older or live.occupied or current.id != binding.album_id:
        text = "an apply was cut off here, or another machine applied: what else changed cannot be told"
        return evolve(was, unclear=text)
    looked = evolve(was, fields=_fields(address, current, live, sides))
    if live.members is None or binding.seen is None:
        return looked
    return _with_members(looked, binding.seen, binding.applied.order, live.members, sides)


def _fields(address: Address, current: Album, live: Live, sides: Sides) -> tuple[FieldChange, ...]:
    wish, binding = sides.desired.albums[address], sides.binding(address)
    found = compare_fields(
        wish,
        current,
        live.members,
        parents=lambda parent: sides.ids.get(parent) or album_id(sides.owner, parent, 0),
        applied=binding.applied if binding is not None else None,
        shows_covers=sides.shows_covers,
        names=sides.names,
    )
    if current.parent in older_of(wish.parent, sides):  # lrplan itself made the newer one
        found = tuple(one for one in found if one.path != "parent")
    return tuple(evolve(one, before=one.after, after=one.before, changed_outside=True) for one in found)


def _with_members(
    looked: Outside, seen: tuple[AssetId, ...], order: Order | None, live: Membership, sides: Sides
) -> Outside:
    """What became of the photos that were *seen*, and which others are there."""
    assets, was = sides.snapshot.assets, set(seen)
    shown = tuple(a for a in live.asset_ids if a not in sides.facts.trashed)
    is_shown = set(shown)
    missed = [a for a in seen if a not in is_shown]
    removed = tuple(a for a in missed if a in assets and a not in sides.facts.trashed)
    change = MemberChange(
        before=seen,
        after=shown,
        added=tuple(a for a in shown if a not in was),
        removed=removed,
        # where dates decide, nobody arranged anything
        moved=moves_between(seen, shown) if order is Order.LISTED or any(live.orders) else (),
    )
    return evolve(
        looked,
        members=change if change.added or change.removed or change.moved else None,
        trashed=tuple(a for a in missed if a in sides.facts.trashed),
        vanished=tuple(a for a in missed if a not in assets),
    )


def _photos_of(one: Outside) -> set[AssetId]:
    """The photos that are spoken of, and those that stand beside them."""
    change = one.members or MemberChange()
    return {*change.before, *change.after, *one.trashed, *one.vanished}

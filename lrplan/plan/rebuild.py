"""
What a lost state can be made of.

Ids prove which live albums are of this project, of which declared address, of which generation. Who put a photo there
nobody can prove; here a photo that the manifests list counts as put by lrplan, because the user says so. All else that
is in an album stays unlisted, and an order counts as made by lrplan only where it is the wanted one.

The surprising case: an album of this project that nobody declares is claimed too, so that the next plan shows it as
going. Its address cannot be read back from its id; where no other source tells it, it is called by what its id holds.
"""

from collections.abc import Container, Iterable, Mapping

from attrs import evolve, frozen

from lrplan.diff.fields import PUBLISH_PATHS, compare_fields
from lrplan.diff.live import Live, live_of
from lrplan.diff.sequence import same_order
from lrplan.diff.sides import Sides, sides_of
from lrplan.model.address import ALBUMS, SETS, Address, is_set, lost_address
from lrplan.model.album import Album, AlbumKind, Membership, Order, PublishInfo
from lrplan.model.ids import AlbumId, AssetId, Owner, address_bits
from lrplan.model.snapshot import Snapshot
from lrplan.model.state import Applied, Binding, State, more_careful
from lrplan.resolve.desired import Desired, DesiredAlbum
from lrplan.resolve.generations import Generations


@frozen(kw_only=True)
class Found:
    """An album or set of which something is remembered that was not.

    Attributes:
        is_claimed: No manifest declares it: the next plan lets it go.
        put: How many of its photos count as put there by lrplan that did not before.
        others: How many other photos are in it, as far as it was looked into.
        is_arranged: Its order is the wanted one, and counts as made by lrplan, or is that of the capture dates.
        source: Where it is declared, `file:line`; "" where it is not.
    """

    address: Address
    name: str
    album_id: AlbumId
    generation: int
    is_claimed: bool = False
    put: int = 0
    others: int = 0
    is_arranged: bool = False
    source: str = ""


@frozen(kw_only=True)
class Rebuilt:
    """The state as it can be made, and what is new in it, by address."""

    state: State
    found: tuple[Found, ...] = ()

    @property
    def bound(self) -> tuple[Found, ...]:
        """What is declared."""
        return tuple(one for one in self.found if not one.is_claimed)

    @property
    def claimed(self) -> tuple[Found, ...]:
        """What is not declared, and goes with the next plan."""
        return tuple(one for one in self.found if one.is_claimed)


def rebuild(
    desired: Desired,
    snapshot: Snapshot,
    state: State | None,
    generations: Generations,
    *,
    owner: Owner,
    is_lost: bool,
    names: Iterable[Address] = (),
) -> Rebuilt:
    """Bind every live album of this project that is not bound.

    Args:
        state: What is left: of a lost one what the runs beside it prove, else the whole of it.
        is_lost: It is not all that lrplan once knew: what it binds is completed too. What a whole one binds stays.
        names: Addresses that were in use once, from whatever source; ids prove which of them an album has.
    """
    base = state or State(
        account_id=owner.account_id,
        catalog_id=snapshot.catalog.id,
        service_id=owner.service_id,
        project=owner.project,
    )
    sides = sides_of(desired, snapshot, state, owner, generations)
    bindings, found = dict(base.bindings), list[Found]()
    for address in sorted(desired.albums):
        live = live_of(generations.of(address), sides)
        before = base.bindings.get(address)
        if live.current is None or (before is not None and not is_lost):
            continue
        if desired.albums[address].is_held:
            continue  # its whenGone does not count yet: bound without it, it would be deleted once its entry goes
        after = _bound(desired.albums[address], before, live, live.current, sides)
        if after != before:
            bindings[address] = after
            found.append(_found(address, before, after, live.current, live))
    claims = _claims(set(desired.albums) | set(bindings), snapshot, generations, names)
    for address, (generation, album_id) in claims.items():
        album = snapshot.albums[album_id]
        applied = Applied(publish_info=_tombstone(album))
        bindings[address] = Binding(album_id=album_id, generation=generation, applied=applied)
        found.append(Found(address=address, name=album.name, album_id=album_id, generation=generation, is_claimed=True))
    used = {address: used for address, used in base.used.items() if address not in bindings}
    return Rebuilt(
        state=evolve(base, bindings=bindings, used=used), found=tuple(sorted(found, key=lambda one: one.address))
    )


def _bound(desired: DesiredAlbum, before: Binding | None, live: Live, current: Album, sides: Sides) -> Binding:
    members = live.members or Membership()
    known = before or Binding(album_id=current.id, generation=live.generation)
    put, arranged, seen = known.put, known.arranged, None
    if desired.members is not None:
        inside = {*members.asset_ids, *live.left_behind.asset_ids}
        missing = sorted(photo.asset_id for photo in desired.missing)
        put = tuple(dict.fromkeys((*(a for a in (*desired.members, *missing) if a in inside), *known.put)))
        is_one, is_listed = not live.older, desired.order is Order.LISTED
        is_wanted = is_listed and is_one and same_order(desired.members, members.asset_ids)
        arranged = tuple(a for a in desired.members if a in inside) if is_wanted else None
        trashed = sides.facts.trashed
        seen = tuple(a for a in members.asset_ids if a not in trashed) if is_one else None
    return evolve(
        known,
        album_id=current.id,
        generation=max(known.generation, live.generation),
        put=put,
        arranged=arranged,
        seen=seen,
        known_as={**known.known_as, **desired.known_as},
        when_gone=more_careful(known.when_gone, desired.when_gone),
        protect=known.protect or desired.protect is True,
        gone=False,
        source=f"{desired.span.file}:{desired.span.line}",
        applied=_true_now(desired, current, live, sides),
    )


def _true_now(desired: DesiredAlbum, current: Album, live: Live, sides: Sides) -> Applied:
    """The declared fields that are as they are declared; only those can have been applied."""
    differing = compare_fields(
        desired,
        current,
        live.members,
        parents=lambda parent: sides.ids[parent],
        applied=None,
        shows_covers=sides.shows_covers,
        names=sides.names,
    )
    paths = {one.path for one in differing}
    return Applied(
        name=desired.name if "name" not in paths else None,
        parent=desired.parent if "parent" not in paths else None,
        order=desired.order if desired.members is not None else None,
        cover=desired.cover if "cover" not in paths else None,
        publish_info=_published(desired.publish_info, current, paths),
    )


def _published(info: PublishInfo | None, current: Album, differing: Container[str]) -> PublishInfo | None:
    if info is None:
        return _tombstone(current)
    not_so: Mapping[str, None] = {name: None for name, path in PUBLISH_PATHS if path in differing}
    return evolve(info, deleted=_is_deleted(current) or None, **not_so)


def _tombstone(current: Album) -> PublishInfo | None:
    """That an album is marked as deleted; to say nothing of it means that it is not."""
    return PublishInfo(deleted=True) if _is_deleted(current) else None


def _is_deleted(current: Album) -> bool:
    return current.publish_info is not None and bool(current.publish_info.deleted)


def _found(address: Address, before: Binding | None, after: Binding, current: Album, live: Live) -> Found:
    known = set(before.put) if before is not None else set[AssetId]()
    inside = {*(live.members or Membership()).asset_ids, *live.left_behind.asset_ids}
    return Found(
        address=address,
        name=current.name,
        album_id=after.album_id,
        generation=after.generation,
        put=len(set(after.put) - known),
        others=len(inside - set(after.put)),
        is_arranged=bool(after.arranged) or after.applied.order is Order.CAPTURE_DATE,
        source=after.source,
    )


def _claims(
    known: set[Address], snapshot: Snapshot, generations: Generations, names: Iterable[Address]
) -> dict[Address, tuple[int, AlbumId]]:
    """The newest generations of what nobody knows, by the address that *names* tell, or else by its bits."""
    told = {address_bits(name): name for name in names}
    bits_known = {address_bits(address) for address in known}
    claims = {}
    for bits, live in generations.by_bits.items():
        kind = snapshot.albums[live[0][1]].kind
        if bits in bits_known or kind not in (AlbumKind.ALBUM, AlbumKind.SET):
            continue
        section = SETS if kind is AlbumKind.SET else ALBUMS
        name = told.get(bits)
        is_fitting = name is not None and is_set(name) == (kind is AlbumKind.SET)
        claims[name if name is not None and is_fitting else lost_address(bits, section=section)] = live[0]
    return claims

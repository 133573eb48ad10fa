"""The three sides of the comparison, the ids that addresses have or will have, and what helps to speak of them."""

from collections.abc import Mapping

from attrs import evolve, field, frozen

from lrplan.diff.fields import Names
from lrplan.diff.members import Facts
from lrplan.model.address import Address, address_key
from lrplan.model.album import AlbumKind
from lrplan.model.ids import AlbumId, Owner, album_id
from lrplan.model.snapshot import Snapshot
from lrplan.model.state import UNUSED, Binding, State
from lrplan.resolve.desired import Desired
from lrplan.resolve.generations import Generations


@frozen(kw_only=True)
class Sides:
    """The three sides of the comparison, and what helps to speak of them."""

    desired: Desired
    snapshot: Snapshot
    state: State | None
    owner: Owner
    generations: Generations
    names: Names
    facts: Facts
    ids: Mapping[Address, AlbumId] = field(factory=dict)

    @property
    def shows_covers(self) -> bool:
        """The service shows the cover of some album of this API key, so that one that shows none has none."""
        snapshot = self.snapshot
        ours = (album for album in snapshot.albums.values() if album.service_id in (None, self.owner.service_id))
        return any(album.cover for album in ours) or any(listing.cover for listing in snapshot.members.values())

    def binding(self, address: Address) -> Binding | None:
        """What is remembered of *address*."""
        return self.state.bindings.get(address) if self.state is not None else None


def sides_of(
    desired: Desired, snapshot: Snapshot, state: State | None, owner: Owner, generations: Generations
) -> Sides:
    """Lay the three sides next to each other, with the id that each declared address has or will have."""
    dates = {asset.id: asset.capture_date for asset in snapshot.assets.values()}
    dates.update({key: original.capture_date for key, original in desired.uploads.items()})
    album_names = {album.id: album.name for album in snapshot.albums.values()}
    sides = Sides(
        desired=desired,
        snapshot=snapshot,
        state=state,
        owner=owner,
        generations=generations,
        names=Names(photos=desired.names, albums=album_names),
        facts=Facts(
            names=desired.names,
            dates=dates,
            trashed=frozenset(asset.id for asset in snapshot.assets.values() if asset.is_trashed),
        ),
    )
    ids = {address: live[0][1] for address in desired.elsewhere if (live := generations.of(address))}
    for address, album in desired.albums.items():
        live = generations.of(address)
        ids[address] = live[0][1] if live else album_id(owner, address, next_generation(address, sides))
        if not live and album.kind is AlbumKind.SET:
            album_names[ids[address]] = album.name or address_key(address)
        for _, older in live[1:]:
            album_names[older] = f"{album_names[older]} (an older generation)"
    return evolve(sides, ids=ids)


def next_generation(address: Address, sides: Sides) -> int:
    """The first generation that was never used, as far as anybody knows."""
    used = [generation for generation, _ in sides.generations.of(address)]
    binding = sides.binding(address)
    if binding is not None:
        used.append(binding.generation)
    if sides.state is not None and address in sides.state.used:
        used.append(sides.state.used[address])
    return max((*used, UNUSED)) + 1

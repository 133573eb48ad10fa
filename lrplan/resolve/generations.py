"""
Which live albums are which address: read from their ids, and from what says that an id stands for an address.

More than one live album of an address is a replacement that was interrupted; the highest generation wins. An album that
was adopted counts as generation 0, and whatever was derived for its address came after it.

The surprising case: no album is of two addresses. An id that was derived for an address which is declared or remembered
is of that one, whatever else is remembered.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from attrs import field, frozen

from lrplan.manifest.entries import AlbumEntry, Manifest, SetEntry
from lrplan.model.address import Address, is_set
from lrplan.model.album import Album, AlbumKind
from lrplan.model.ids import AlbumId, Owner, address_bits, owner_bits, read_album_id
from lrplan.model.state import State

_Live = tuple[tuple[int, AlbumId], ...]


@frozen(kw_only=True)
class Claims:
    """What says that albums belong to an address, beside ids that were derived for it.

    Attributes:
        declared: The addresses that manifests declare.
        adopted: The ids that they say to take over.
        bound: The ids that are remembered.
    """

    declared: frozenset[Address] = frozenset()
    adopted: Mapping[Address, AlbumId] = field(factory=dict)
    bound: Mapping[Address, AlbumId] = field(factory=dict)

    @property
    def addresses(self) -> tuple[Address, ...]:
        """All that are declared or remembered, the declared ones first."""
        return (*sorted(self.declared), *sorted(self.bound.keys() - self.declared))


NO_CLAIMS = Claims()


@frozen(kw_only=True)
class Generations:
    """The albums of one project in a listing.

    Attributes:
        by_bits: For the bits of each address, the live albums that were derived for it, as (generation, id), highest
            first.
        others: For an address, its other live albums in the same form; they rank below those.
    """

    by_bits: Mapping[int, _Live] = field(factory=dict)
    others: Mapping[Address, _Live] = field(factory=dict)

    def of(self, address: Address) -> _Live:
        """The live generations of *address*, highest first; empty when there is none."""
        return (*self.by_bits.get(address_bits(address), ()), *self.others.get(address, ()))

    def older(self) -> tuple[AlbumId, ...]:
        """Every album that ranks below another one of its address."""
        found = {album_id: None for live in self.by_bits.values() for _, album_id in live[1:]}
        found.update((album_id, None) for address in self.others for _, album_id in self.of(address)[1:])
        return tuple(found)

    def beside(self, known: Iterable[Address]) -> tuple[AlbumId, ...]:
        """Every album of this project that is of no *known* address, sorted."""
        theirs = {album_id for address in known for _, album_id in self.of(address)}
        every = (live for lives in (self.by_bits, self.others) for live in lives.values())
        return tuple(sorted({album_id for live in every for _, album_id in live} - theirs))


def claims_of(manifest: Manifest, state: State | None) -> Claims:
    """What the manifests and the memory say."""
    entries: tuple[SetEntry | AlbumEntry, ...] = (*manifest.sets.values(), *manifest.albums.values())
    return Claims(
        declared=frozenset(entry.address for entry in entries),
        adopted={entry.address: AlbumId(entry.adopt.value) for entry in entries if entry.adopt is not None},
        bound={address: one.album_id for address, one in state.bindings.items()} if state is not None else {},
    )


def find_generations(owner: Owner, albums: Mapping[AlbumId, Album], claims: Claims = NO_CLAIMS) -> Generations:
    """Pick this project's albums out of a listing. An id that only looks like ours but has another API key is not."""
    ours = owner_bits(owner)
    found: defaultdict[int, list[tuple[int, AlbumId]]] = defaultdict(list)
    for album in albums.values():
        derived = read_album_id(album.id)
        if derived is None or derived.owner_bits != ours or not is_of_key(album, owner):
            continue
        found[derived.address_bits].append((derived.generation, album.id))
    known = {address_bits(address) for address in claims.addresses}
    taken = {album_id for bits, live in found.items() if bits in known for _, album_id in live}
    others: dict[Address, _Live] = {}
    for address in claims.addresses:
        named = dict.fromkeys(one[address] for one in (claims.adopted, claims.bound) if address in one)
        mine = [one for one in named if one in albums and one not in taken and fits(albums[one], address, owner)]
        if mine:
            taken.update(mine)
            others[address] = tuple((0, one) for one in mine)
    by_bits = {bits: tuple(sorted(items, reverse=True)) for bits, items in found.items()}
    return Generations(by_bits=by_bits, others=others)


def is_of_key(album: Album, owner: Owner) -> bool:
    """Tell whether the API key of *owner* made an album, as far as the service says who did."""
    return album.service_id in (None, owner.service_id)


def fits(album: Album, address: Address, owner: Owner) -> bool:
    """Tell whether an album may be that of *address*: of the same API key, and of the same kind."""
    return is_of_key(album, owner) and album.kind is (AlbumKind.SET if is_set(address) else AlbumKind.ALBUM)

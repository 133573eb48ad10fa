"""
Which live albums are which address: read from their ids, and from what says that an id stands for an address.

More than one live album of an address is a replacement that was interrupted; the highest generation wins. Generations
of an address that it had before, or of a name that the project had before, count below 0: see `model.inheritance`. An
album that was adopted counts as generation 0, and whatever was derived for its address came after it.

The surprising case: no album is of two addresses. An id that was derived for an address which is declared or remembered
is of that one, whatever else is remembered.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from attrs import evolve, field, frozen

from lrplan.manifest.entries import AlbumEntry, Manifest, SetEntry
from lrplan.model.address import Address, is_set
from lrplan.model.album import Album, AlbumKind
from lrplan.model.ids import AlbumId, Owner, address_bits, album_id, owner_bits, read_album_id
from lrplan.model.inheritance import Former, inherited_number, taken_apart
from lrplan.model.state import State

_Live = tuple[tuple[int, AlbumId], ...]


@frozen(kw_only=True)
class Claims:
    """What says that albums belong to an address, beside ids that were derived for it.

    Attributes:
        declared: The addresses that manifests declare.
        adopted: The ids that they say to take over.
        bound: The ids that are remembered.
        former: For an address, those that it had before.
        previous: The owners that the project was before, the latest first.
    """

    declared: frozenset[Address] = frozenset()
    adopted: Mapping[Address, AlbumId] = field(factory=dict)
    bound: Mapping[Address, AlbumId] = field(factory=dict)
    former: Former = field(factory=dict)
    previous: tuple[Owner, ...] = ()

    @property
    def addresses(self) -> tuple[Address, ...]:
        """All that are declared or remembered, the declared ones first."""
        return (*sorted(self.declared), *sorted(self.bound.keys() - self.declared))

    def line(self, address: Address) -> tuple[Address, ...]:
        """*address* and those that it had before."""
        return (address, *self.former.get(address, ()))

    def inherits(self, address: Address) -> bool:
        """Tell whether *address* may have albums that were derived for another one."""
        return bool(self.previous) or address in self.former


NO_CLAIMS = Claims()


@frozen(kw_only=True)
class Generations:
    """The albums of one project in a listing.

    Attributes:
        by_bits: For the bits of each address, the live albums that were derived for it, as (generation, id), highest
            first.
        others: For an address, its other live albums in the same form; they rank below those.
        strays: Albums that the project made under another name, and that are of no address which is known.
    """

    by_bits: Mapping[int, _Live] = field(factory=dict)
    others: Mapping[Address, _Live] = field(factory=dict)
    strays: tuple[AlbumId, ...] = ()

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
        return tuple(sorted({*self.strays, *(album_id for live in every for _, album_id in live)} - theirs))


def claims_of(manifest: Manifest, state: State | None, owner: Owner) -> Claims:
    """What the manifests and the memory say. *state* is as this project knows it: see `inherited`."""
    entries: tuple[SetEntry | AlbumEntry, ...] = (*manifest.sets.values(), *manifest.albums.values())
    return Claims(
        declared=frozenset(entry.address for entry in entries),
        adopted={entry.address: AlbumId(entry.adopt.value) for entry in entries if entry.adopt is not None},
        bound={address: one.album_id for address, one in state.bindings.items()} if state is not None else {},
        former=manifest.former,
        previous=tuple(evolve(owner, project=name) for name in manifest.project.previous),
    )


def find_generations(owner: Owner, albums: Mapping[AlbumId, Album], claims: Claims = NO_CLAIMS) -> Generations:
    """Pick this project's albums out of a listing. An id that only looks like ours but has another API key is not."""
    owners = {owner_bits(one): ago for ago, one in reversed([*enumerate((owner, *claims.previous))])}
    found: defaultdict[tuple[int, int], list[tuple[int, AlbumId]]] = defaultdict(list)
    for album in albums.values():
        derived = read_album_id(album.id)
        if derived is not None and derived.owner_bits in owners and is_of_key(album, owner):
            found[owners[derived.owner_bits], derived.address_bits].append((derived.generation, album.id))
    taken = {album_id for one in claims.declared for _, album_id in found.get((0, address_bits(one)), ())}
    others: dict[Address, _Live] = {}
    for address in claims.addresses:
        mine = _inherited(address, found, claims) if claims.inherits(address) else ()
        mine = tuple(one for one in mine if one[1] not in taken)
        taken.update(album_id for _, album_id in (*mine, *found.get((0, address_bits(address)), ())))
        named = dict.fromkeys(one[address] for one in (claims.adopted, claims.bound) if address in one)
        named_here = [one for one in named if one in albums and one not in taken and fits(albums[one], address, owner)]
        taken.update(named_here)
        if mine or named_here:
            others[address] = (*mine, *((0, one) for one in named_here))
    elsewhere = {album_id for live in others.values() for _, album_id in live}
    own = {bits: tuple(sorted(items, reverse=True)) for (ago, bits), items in found.items() if not ago}
    return Generations(
        by_bits={bits: tuple(one for one in live if one[1] not in elsewhere) for bits, live in own.items()},
        others=others,
        strays=tuple(one for (ago, _), live in found.items() if ago for _, one in live if one not in elsewhere),
    )


def _inherited(address: Address, found: Mapping[tuple[int, int], list[tuple[int, AlbumId]]], claims: Claims) -> _Live:
    """The live albums that were derived for what *address* was before, highest first."""
    return tuple(
        sorted(
            (
                (inherited_number(generation, addresses_ago=address_ago, projects_ago=project_ago), album_id)
                for project_ago in range(len(claims.previous) + 1)
                for address_ago, one in enumerate(claims.line(address))
                if project_ago or address_ago
                for generation, album_id in found.get((project_ago, address_bits(one)), ())
            ),
            reverse=True,
        )
    )


def id_of(owner: Owner, address: Address, number: int, claims: Claims) -> AlbumId | None:
    """The id that a generation of *address* has, also one of what it was before; None for one that cannot be."""
    generation, address_ago, project_ago = taken_apart(number)
    owners, line = (owner, *claims.previous), claims.line(address)
    if project_ago >= len(owners) or address_ago >= len(line):
        return None
    return album_id(owners[project_ago], line[address_ago], generation)


def is_of_key(album: Album, owner: Owner) -> bool:
    """Tell whether the API key of *owner* made an album, as far as the service says who did."""
    return album.service_id in (None, owner.service_id)


def fits(album: Album, address: Address, owner: Owner) -> bool:
    """Tell whether an album may be that of *address*: of the same API key, and of the same kind."""
    return is_of_key(album, owner) and album.kind is (AlbumKind.SET if is_set(address) else AlbumKind.ALBUM)

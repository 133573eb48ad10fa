"""
Which live albums are which address: read from their ids alone.

More than one live generation of an address is a replacement that was interrupted; the highest wins.
"""

from collections import defaultdict
from collections.abc import Mapping

from attrs import field, frozen

from lrplan.model.address import Address
from lrplan.model.album import Album
from lrplan.model.ids import AlbumId, Owner, address_bits, owner_bits, read_album_id


@frozen(kw_only=True)
class Generations:
    """The albums of one project in a listing.

    Attributes:
        by_bits: For the bits of each address, its live albums as (generation, id), highest first.
    """

    by_bits: Mapping[int, tuple[tuple[int, AlbumId], ...]] = field(factory=dict)

    def of(self, address: Address) -> tuple[tuple[int, AlbumId], ...]:
        """The live generations of *address*, highest first; empty when there is none."""
        return self.by_bits.get(address_bits(address), ())


def find_generations(owner: Owner, albums: Mapping[AlbumId, Album]) -> Generations:
    """Pick this project's albums out of a listing. An id that only looks like ours but has another API key is not."""
    ours = owner_bits(owner)
    found: defaultdict[int, list[tuple[int, AlbumId]]] = defaultdict(list)
    for album in albums.values():
        derived = read_album_id(album.id)
        if derived is None or derived.owner_bits != ours or album.service_id not in (None, owner.service_id):
            continue
        found[derived.address_bits].append((derived.generation, album.id))
    return Generations(by_bits={bits: tuple(sorted(items, reverse=True)) for bits, items in found.items()})

"""
What is live of a project outside of the part that is planned: what a limit of 30% counts from is the whole project.

Photos elsewhere are not listed for that. Of an album that is not looked into, those count that lrplan put there.
"""

from attrs import frozen

from lrplan.diff.sides import Sides
from lrplan.model.address import Address, is_set
from lrplan.model.ids import AlbumId


@frozen(kw_only=True)
class Elsewhere:
    """How much is live of the project that no change of the plan speaks of."""

    albums: int = 0
    sets: int = 0
    members: int = 0


def live_elsewhere(sides: Sides) -> Elsewhere:
    """Count what is live at the addresses that are declared or remembered, and not planned; what was let go is not."""
    desired, bindings = sides.desired, sides.state.bindings if sides.state is not None else {}
    remembered = (a for a, binding in bindings.items() if not binding.gone)
    addresses = {*desired.elsewhere, *(a for a in remembered if a not in desired.albums and not desired.lets_go(a))}
    live = [(address, found[0][1]) for address in addresses if (found := sides.generations.of(address))]
    return Elsewhere(
        albums=sum(not is_set(address) for address, _ in live),
        sets=sum(is_set(address) for address, _ in live),
        members=sum(_photos(address, album_id, sides) for address, album_id in live),
    )


def _photos(address: Address, album_id: AlbumId, sides: Sides) -> int:
    listing, binding = sides.snapshot.members.get(album_id), sides.binding(address)
    if listing is not None:
        return len(listing.asset_ids)
    return len(binding.put) if binding is not None else 0

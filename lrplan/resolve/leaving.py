"""
What has to leave an older generation of a set before that goes.

What lies in an older generation moves along to the newest when the older one goes, which is last of all. That is too
late where a set is to go into something that lies in it by way of an older generation: until then the two would lie
inside each other. So what is in between is given the newest generation as its parent, as if somebody had declared it.
"""

from itertools import pairwise

from attrs import evolve

from lrplan.model.address import TOP_LEVEL, Address
from lrplan.model.album import AlbumKind
from lrplan.model.ids import AlbumId
from lrplan.model.snapshot import Snapshot
from lrplan.resolve.desired import Desired
from lrplan.resolve.generations import Generations


def leave_older_sets(desired: Desired, snapshot: Snapshot, generations: Generations) -> Desired:
    """The wish, with a parent for each set and album that must not wait until an older generation goes."""
    newest: dict[Address, AlbumId] = {}
    older: dict[AlbumId, Address] = {}
    for address in desired.albums:
        for place, (_, album_id) in enumerate(generations.of(address)):
            if place and desired.albums[address].is_held:
                continue  # it stays, and so does what is in it
            if place:
                older[album_id] = address
            else:
                newest[address] = album_id
    addresses = {album_id: address for address, album_id in newest.items()}
    albums = dict(desired.albums)
    for address, wished in desired.albums.items() if older else ():
        if wished.kind is not AlbumKind.SET or wished.parent in (None, TOP_LEVEL) or address not in newest:
            continue
        start = newest.get(Address(str(wished.parent)))
        for child, parent in pairwise(_path(start, newest[address], snapshot) if start is not None else ()):
            inside = addresses.get(child)
            if parent in older and inside is not None and albums[inside].parent is None and not albums[inside].is_held:
                albums[inside] = evolve(albums[inside], parent=older[parent])
    return evolve(desired, albums=albums)


def _path(start: AlbumId, end: AlbumId, snapshot: Snapshot) -> list[AlbumId]:
    """From *start* up to *end* in the catalog as it is; empty if it does not lie there."""
    path = [start]
    while path[-1] != end:
        album = snapshot.albums.get(path[-1])
        if album is None or album.parent is None or album.parent in path:
            return []
        path.append(album.parent)
    return path

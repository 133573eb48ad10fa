"""
What becomes of the albums in a set of which a newer generation is live: they move there, and nothing is left behind.

The surprising case: the newer set may have come to lie inside the older one. It comes out first, to where the older one
is, for else a set that it lies in would move into it.
"""

from collections.abc import Iterable, Mapping

from lrplan.model.album import Album
from lrplan.model.ids import AlbumId
from lrplan.plan.action import TOP_LEVEL, Parent
from lrplan.plan.write import PostAlbum


def moves_out(old: AlbumId, successor: AlbumId, albums: Mapping[AlbumId, Album]) -> tuple[PostAlbum, ...]:
    """The updates that empty the set *old*, in the order in which they are sent.

    Args:
        albums: Every album and set of the catalog.
    """
    children = [album for album in albums.values() if album.parent == old and album.id != successor]
    moves = [PostAlbum(current=child, parent=successor) for child in sorted(children, key=lambda one: one.id)]
    if old in _sets_around(successor, albums):
        above = albums[old].parent if old in albums else None
        outside: Parent = above if above is not None else TOP_LEVEL
        moves.insert(0, PostAlbum(current=albums[successor], parent=outside))
    return tuple(moves)


def _sets_around(album: AlbumId, albums: Mapping[AlbumId, Album]) -> Iterable[AlbumId]:
    around: dict[AlbumId, None] = {}
    above = albums[album].parent if album in albums else None
    while above is not None and above not in around:
        around[above] = None
        above = albums[above].parent if above in albums else None
    return around

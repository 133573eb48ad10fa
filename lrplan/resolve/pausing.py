"""
What has to wait because a set is paused.

A paused set that lives is a parent like any other. One that does not live yet is not made, so that nothing can be put
into it: what is to lie in it, however deep, waits too, and stays where it is.
"""

from collections.abc import Mapping

from attrs import evolve

from lrplan.model.address import TOP_LEVEL, Address
from lrplan.resolve.desired import DesiredAlbum
from lrplan.resolve.generations import Generations


def hold_back(albums: Mapping[Address, DesiredAlbum], generations: Generations) -> Mapping[Address, DesiredAlbum]:
    """*albums*, where those that wait say for what, and move nowhere."""
    held = dict(albums)
    for address, album in albums.items():
        cause = _unmade_set_around(album, albums, generations)
        if cause is not None and not album.paused:
            held[address] = evolve(album, parent=None, waits_for=cause)
    return held


def _unmade_set_around(
    album: DesiredAlbum, albums: Mapping[Address, DesiredAlbum], generations: Generations
) -> Address | None:
    above = album.parent
    while above is not None and above != TOP_LEVEL and not generations.of(above):
        if albums[above].paused:
            return above
        above = albums[above].parent
    return None

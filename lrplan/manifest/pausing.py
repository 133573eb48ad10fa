"""
What is left of a wish when its paused entries ask for nothing.

A paused entry stays declared: its album is not one that goes, and others may lie in it or be looked up in it. Whatever
else it says was held against the tables, and does not count until it is no longer paused: its lists and files are not
read, and its photos are not looked for.
"""

from attrs import evolve

from lrplan.manifest.entries import AlbumEntry, Manifest, SetEntry


def without_paused(manifest: Manifest) -> Manifest:
    """*manifest*, its paused entries bare of all but their address, their place, and that they are paused."""
    sets = {
        address: SetEntry(address=address, span=entry.span, paused=True) if entry.paused else entry
        for address, entry in manifest.sets.items()
    }
    albums = {
        address: AlbumEntry(address=address, span=entry.span, paused=True) if entry.paused else entry
        for address, entry in manifest.albums.items()
    }
    return evolve(manifest, sets=sets, albums=albums)

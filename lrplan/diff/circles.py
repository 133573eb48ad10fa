"""
Sets that would come to lie inside each other.

The manifests alone are free of circles, which was seen to when they were read. The surprising case: a set whose parent
no manifest declares stays where it lies, and that may be inside the very set that a manifest puts into it, or inside
an older generation of it, whose sets move into the newest.
"""

from collections.abc import Mapping

from lrplan.diagnostics import Diagnostic, error
from lrplan.model.address import TOP_LEVEL, Address
from lrplan.model.album import AlbumKind
from lrplan.model.ids import AlbumId
from lrplan.model.snapshot import Snapshot
from lrplan.resolve.desired import Desired, DesiredAlbum
from lrplan.resolve.generations import Generations

_Parents = dict[AlbumId, AlbumId | None]


def find_circles(
    desired: Desired, snapshot: Snapshot, ids: Mapping[Address, AlbumId], generations: Generations
) -> list[Diagnostic]:
    """Name every declared parent that would close a circle.

    Args:
        ids: The album that each declared address has, or will have.
    """
    parents: _Parents = {album.id: album.parent for album in snapshot.albums.values()}
    for address, wished in desired.albums.items():
        if wished.parent is not None:
            parents[ids[address]] = None if wished.parent == TOP_LEVEL else ids[Address(wished.parent)]
    for address, wished in desired.albums.items():
        if wished.is_held:
            continue  # its older generations stay
        for _, older in generations.of(address)[1:]:
            _empty(older, ids[address], parents, stays=wished.parent is None)
    said = []
    for address in sorted(desired.albums):
        wished = desired.albums[address]
        if wished.kind is AlbumKind.SET and wished.parent is not None and _lies_in(ids[address], ids[address], parents):
            said.append(_circle(wished, desired))
    return said


def _circle(wished: DesiredAlbum, desired: Desired) -> Diagnostic:
    """Where only a part is planned, a manifest may well say that what lies below is to leave."""
    why, hint = "no manifest says", f"declare the parent of {wished.parent}, and of the sets between the two"
    if not desired.scope.is_whole:
        why, hint = "nothing that is planned says", f"plan {wished.parent} too, and the sets between the two"
    return error(
        "LRP208",
        f"{wished.address} would come to lie inside itself",
        span=wished.spans.get("parent", wished.span),
        why=f"In the catalog {wished.parent} lies below it, and {why} that it is to leave.",
        hint=hint,
    )


def _empty(older: AlbumId, newest: AlbumId, parents: _Parents, *, stays: bool) -> None:
    """Move what lies in an older generation to the newest one, which comes out of it if no manifest places it."""
    if stays and _lies_in(newest, older, parents):
        parents[newest] = parents.get(older)
    for child, parent in parents.items():
        if parent == older and child != newest:
            parents[child] = newest


def _lies_in(start: AlbumId, wanted: AlbumId, parents: Mapping[AlbumId, AlbumId | None]) -> bool:
    seen: set[AlbumId] = set()
    current = parents.get(start)
    while current is not None and current not in seen:
        if current == wanted:
            return True
        seen.add(current)
        current = parents.get(current)
    return False

"""
Sets that would come to lie inside each other.

The manifests alone are free of circles, which was seen to when they were read. The surprising case: a set whose parent
no manifest declares stays where it lies, and that may be inside the very set that a manifest puts into it.
"""

from collections.abc import Mapping

from lrplan.diagnostics import Diagnostic, error
from lrplan.model.address import TOP_LEVEL, Address
from lrplan.model.album import AlbumKind
from lrplan.model.ids import AlbumId
from lrplan.model.snapshot import Snapshot
from lrplan.resolve.desired import Desired


def find_circles(desired: Desired, snapshot: Snapshot, ids: Mapping[Address, AlbumId]) -> list[Diagnostic]:
    """Name every declared parent that would close a circle.

    Args:
        ids: The album that each declared address has, or will have.
    """
    parents = {album.id: album.parent for album in snapshot.albums.values()}
    for address, wished in desired.albums.items():
        if wished.parent is not None:
            parents[ids[address]] = None if wished.parent == TOP_LEVEL else ids[Address(wished.parent)]
    said = []
    for address in sorted(desired.albums):
        wished = desired.albums[address]
        if wished.kind is AlbumKind.SET and wished.parent is not None and _comes_back(ids[address], parents):
            said.append(
                error(
                    "LRP208",
                    f"{address} would come to lie inside itself",
                    span=wished.spans.get("parent", wished.span),
                    why=f"In the catalog {wished.parent} lies below it, and no manifest says that it is to leave.",
                    hint=f"declare the parent of {wished.parent}, and of the sets between the two",
                )
            )
    return said


def _comes_back(start: AlbumId, parents: Mapping[AlbumId, AlbumId | None]) -> bool:
    seen: set[AlbumId] = set()
    current = parents.get(start)
    while current is not None and current not in seen:
        if current == start:
            return True
        seen.add(current)
        current = parents.get(current)
    return False

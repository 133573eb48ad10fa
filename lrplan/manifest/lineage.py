"""
What says that an address has albums whose ids were not derived from it, as far as the files alone show a mistake.

Whether the catalog agrees is for `resolve.lineage` to see.
"""

from collections.abc import Iterable

from lrplan.diagnostics import Diagnostic, error
from lrplan.manifest.entries import AlbumEntry, SetEntry


def check_adopted(entries: Iterable[SetEntry | AlbumEntry]) -> tuple[Diagnostic, ...]:
    """Complain of each id that a second entry adopts."""
    first: dict[str, SetEntry | AlbumEntry] = {}
    said = []
    for entry in sorted(entries, key=lambda one: one.span):
        if entry.adopt is None:
            continue
        other = first.setdefault(entry.adopt.value, entry)
        if other.address != entry.address and other.adopt is not None:
            why = f"{other.address} adopts it at {other.adopt.span}, and an album has one address."
            hint = "take one of the two lines out"
            said.append(error("LRP221", "id adopted twice", span=entry.adopt.span, why=why, hint=hint))
    return tuple(said)

"""Entries to which nothing is done now: paused ones, and those that wait for a paused set."""

from lrplan.diagnostics import Diagnostic
from lrplan.diff.change import Change, Drift, DriftKind, Reason, Verb
from lrplan.diff.sides import Sides
from lrplan.model.address import address_key
from lrplan.resolve.desired import DesiredAlbum


def held_back(desired: DesiredAlbum, sides: Sides) -> tuple[Change, list[Drift], list[Diagnostic]]:
    """The change that nothing comes of, and a line where somebody asked for that. Interrupted replacements wait too."""
    live = sides.generations.of(desired.address)
    current = sides.snapshot.albums[live[0][1]] if live else None
    change = Change(
        address=desired.address,
        kind=desired.kind,
        verb=Verb.PAUSED if desired.paused else Verb.BLOCKED,
        name=desired.name or (current.name if current is not None else address_key(desired.address)),
        span=desired.span,
        reason=None if desired.paused else _waiting(desired),
        id=current.id if current is not None else None,
        generation=live[0][0] if live else 0,
    )
    if not desired.paused:
        return change, [], []
    text = "paused: it stays as it is" if live else "paused: it is not made"
    drift = Drift(kind=DriftKind.PAUSED, text=text, address=desired.address, album_id=change.id)
    return change, [drift], []


def _waiting(desired: DesiredAlbum) -> Reason:
    text = f"it is to lie in {desired.waits_for}, which is paused and does not exist yet"
    return Reason(code="parent-paused", text=text)

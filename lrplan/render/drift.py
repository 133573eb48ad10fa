"""
How it is worded what changed in Lightroom since the last apply; in the words of a plan, where a plan has them.

The surprising case: albums that nothing declares or remembers are shown too, but as nobody can tell since when they are
there, they are no change by themselves.
"""

from collections.abc import Iterator, Mapping

from lrplan.diff.outside import DriftReport, Outside
from lrplan.model.album import AlbumKind
from lrplan.model.ids import AssetId
from lrplan.render.amounts import count, measured
from lrplan.render.escape import for_text
from lrplan.render.fields import field_text
from lrplan.render.line import Line, Tone
from lrplan.render.neighbourhoods import neighbourhoods
from lrplan.render.text import laid_out
from lrplan.render.view import Block, photo_line

NOTHING_REMEMBERED = "No state here, so nothing can be told: lrplan does not know what it left in the catalog."
NO_DRIFT = "No drift. Nothing that lrplan remembers was changed outside since the last apply."


def drift_text(report: DriftReport) -> tuple[Line, ...]:
    """*report* as lines, every live string escaped."""
    return tuple(Line(for_text(line.text), line.tone) for line in _lines(report))


def _lines(report: DriftReport) -> Iterator[Line]:
    if not report.has_state:
        yield Line(NOTHING_REMEMBERED, Tone.KEPT)
    if report.unfinished:
        which = f"An apply did not finish: {', '.join(report.unfinished)}."
        yield Line(f"{which} What it had begun is not compared; `lrplan apply` goes on from there.", Tone.KEPT)
    name = report.catalog_name or report.catalog_id
    yield Line(f"Catalog: {name} ({count(report.calls, 'call')}, {measured(report.seconds)})")
    names = {asset_id: name or asset_id for asset_id, name in report.names.items()}
    yield from laid_out(tuple(_block(one, names) for one in report.albums if one.has_changed))
    orphans = (Block(symbol="?", tone=Tone.KEPT, address=one.album_id or "", says=one.text) for one in report.orphans)
    unclear = (
        Block(symbol="?", tone=Tone.KEPT, address=one.address, says=one.unclear) for one in report.albums if one.unclear
    )
    yield from laid_out((*unclear, *orphans))
    yield from _foot(report)


def _block(one: Outside, names: Mapping[AssetId, str]) -> Block:
    return Block(
        symbol="-" if one.is_gone else "~",
        tone=Tone.DELETE if one.is_gone else Tone.CHANGE,
        address=one.address,
        name=one.name,
        place=one.source,
        says="deleted outside" if one.is_gone else "set" if one.kind is AlbumKind.SET else _members_words([one]),
        details=tuple(_details(one, names)),
    )


def _details(one: Outside, names: Mapping[AssetId, str]) -> Iterator[Line]:
    yield from (Line(field_text(field), Tone.CHANGE) for field in one.fields)
    if one.members is not None:
        yield from (photo_line(line) for line in neighbourhoods(one.members, names))
    for photos, text in ((one.trashed, "lies in the trash"), (one.vanished, "has left the catalog")):
        yield from (Line(f"! {names.get(a, a)}   {text}", Tone.BLOCKED) for a in photos)


def _members_words(albums: list[Outside]) -> str:
    """`2 photos added, 1 taken out`, the noun beside the first number only; what is zero is left out."""
    changes = [one.members for one in albums if one.members is not None]
    numbers = (
        (sum(len(change.added) for change in changes), "added"),
        (sum(len(change.removed) for change in changes), "taken out"),
        (sum(len(change.moved) for change in changes), "moved"),
        (sum(len(one.trashed) for one in albums), "in the trash"),
        (sum(len(one.vanished) for one in albums), "gone from the catalog"),
    )
    parts: list[str] = []
    for number, what in numbers:
        if number:
            parts.append(f"{number:,} {what}" if parts else f"{count(number, 'photo')} {what}")
    return ", ".join(parts)


def _foot(report: DriftReport) -> Iterator[Line]:
    unclear = sum(bool(one.unclear) for one in report.albums)
    aside = [f"{unclear:,} unclear"] if unclear else []
    aside += [f"{len(report.orphans):,} undeclared"] if report.orphans else []
    if not report.has_drift:
        if report.has_state:
            said = (
                NO_DRIFT if not aside else f"Nothing is known to have changed outside. {', '.join(aside)}: see above."
            )
            yield Line(said, Tone.PLAIN if aside else Tone.GOOD)
        return
    gone = [one for one in report.albums if one.is_gone]
    changed = [one for one in report.albums if one.has_changed and not one.is_gone]
    albums = [f"{len(changed):,} changed outside"] if changed else []
    albums += [f"{len(gone):,} deleted outside"] if gone else []
    photos = _members_words(changed)
    yield Line(f"Drift: {', '.join((*albums, *aside))}.{f' {photos}.' if photos else ''}", Tone.HEADING)
    yield Line("What becomes of it, `lrplan plan` says.")

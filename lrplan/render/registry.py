"""Ids as columns: a line for each address, and below it one for each of its photos."""

from collections.abc import Iterator

from lrplan.diff.registry import Registry, Standing
from lrplan.render.columns import align
from lrplan.render.escape import for_text
from lrplan.render.line import Line, Tone

NOTHING_DECLARED = "No album or set is declared or remembered."
_HEADINGS = ("address", "album id", "generation", "standing", "remoteId")
_STANDINGS = {Standing.TO_CREATE: "to create"}


def ids_text(registry: Registry, *, photos: bool) -> tuple[Line, ...]:
    """*registry* as lines; *photos* are shown where that is asked for."""
    return tuple(_lines(registry, photos=photos))


def _lines(registry: Registry, *, photos: bool) -> Iterator[Line]:
    if not registry.named:
        yield Line(NOTHING_DECLARED)
        return
    rows = [
        (
            for_text(one.address),
            for_text(one.album_id),
            f"{one.generation:,}",
            _STANDINGS.get(one.standing, one.standing.value),
            for_text(one.remote_id),
        )
        for one in registry.named
    ]
    heading, *lines = align([_HEADINGS, *rows])
    yield Line(heading, Tone.FAINT)
    for one, line in zip(registry.named, lines, strict=True):
        yield Line(line, Tone.CREATE if one.standing is Standing.TO_CREATE else Tone.PLAIN)
        if photos and one.photos:
            below = [
                (f"{place:,}", for_text(photo.asset_id), for_text(photo.file_name), for_text(photo.remote_id))
                for place, photo in enumerate(one.photos, start=1)
            ]
            yield from (Line(f"    {row}") for row in align(below))

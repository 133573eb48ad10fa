"""
What only all files together show: addresses that are declared twice, parents and albums that do not exist, circles.

A file that could not be read to its end may hold the very set that another one names. So when any file is broken, what
*is missing* is not complained of; what *is there* still is.
"""

import unicodedata
from collections.abc import Iterable, Mapping

from lrplan.diagnostics import Diagnostic, SourceSpan, error
from lrplan.manifest.circles import circles_of
from lrplan.manifest.entries import AlbumEntry, Defaults, Members, RefKind, SetEntry, Within
from lrplan.manifest.wording import Suggestions, quoted
from lrplan.model.address import TOP_LEVEL, Address, address_key, album_address, set_address
from lrplan.model.ids import is_id


def unique(entries: Iterable[SetEntry | AlbumEntry]) -> tuple[Diagnostic, ...]:
    """Complain of each address that is declared a second time."""
    first: dict[Address, SourceSpan] = {}
    said = []
    for entry in entries:
        if entry.address not in first:
            first[entry.address] = entry.span
            continue
        said.append(
            error(
                "LRP202",
                f"{entry.address} declared twice",
                span=entry.span,
                why=f"It is declared already at {first[entry.address]}; a key is unique over all files.",
                hint="choose another key, or keep one of them",
            )
        )
    return tuple(said)


def check_parents(
    sets: Mapping[Address, SetEntry], albums: Mapping[Address, AlbumEntry], *, complete: bool
) -> tuple[Diagnostic, ...]:
    """Complain of parents that are no sets, and of sets that lie in themselves. *complete*: every file was read."""
    said = []
    suggestions = Suggestions(tuple(address_key(address) for address in sets))
    everything: tuple[SetEntry | AlbumEntry, ...] = (*sets.values(), *albums.values())
    for entry in everything:
        parent = entry.parent
        if not complete or parent is None or parent.value == TOP_LEVEL or set_address(parent.value) in sets:
            continue
        hint = suggestions.hint(parent.value)
        why = f"No set has the key {quoted(parent.value)}."
        if album_address(parent.value) in albums:
            why, hint = f"{quoted(parent.value)} is an album; only sets can hold others.", ""
        elif parent.value.startswith("sets.") and set_address(parent.value.removeprefix("sets.")) in sets:
            hint = f"write the key alone: {parent.value.removeprefix('sets.')}"
        said.append(error("LRP207", "parent does not exist", span=parent.span, why=why, hint=hint))
    edges = {
        address: (set_address(entry.parent.value), entry.parent.span)
        for address, entry in sets.items()
        if entry.parent is not None
    }
    for circle in circles_of({address: (other,) for address, (other, _) in edges.items()}):
        why = f"{_way(circle, ' is in ')}, so that none of them would have a place."
        span = edges[circle[0]][1]
        said.append(error("LRP208", "parents form a cycle", span=span, why=why, hint="put one of them elsewhere"))
    return tuple(said)


def check_within(albums: Mapping[Address, AlbumEntry], defaults: Defaults, *, complete: bool) -> tuple[Diagnostic, ...]:
    """Complain of `within.album` that names no album, and of albums that are looked up in each other."""
    said = []
    suggestions = Suggestions(tuple(address_key(address) for address in albums))
    named = {span: album for _, album, span in _looked_up_in(albums.values(), defaults)}
    for span, key in named.items():
        if complete and album_address(key) not in albums and not is_id(key):
            why = f"No album has the key {quoted(key)}."
            said.append(error("LRP214", "album does not exist", span=span, why=why, hint=suggestions.hint(key)))
    edges = {
        album.address: (album_address(key), span)
        for album, key, span in _looked_up_in(albums.values(), Defaults())
        if album_address(key) in albums
    }
    for circle in circles_of({address: (other,) for address, (other, _) in edges.items()}):
        why = f"{_way(circle, ' is in ')}, and none of them could be looked up first."
        span = edges[circle[0]][1]
        said.append(error("LRP214", '"within" forms a cycle', span=span, why=why, hint="look one of them up by dates"))
    return tuple(said)


def check_selects(albums: Mapping[Address, AlbumEntry], *, complete: bool) -> tuple[Diagnostic, ...]:
    """Complain of selects from albums that do not exist, and of albums that select from each other."""
    said = []
    suggestions = Suggestions(tuple(address_key(address) for address in albums))
    edges: dict[Address, dict[Address, SourceSpan]] = {}
    for album in albums.values():
        for extra in album.members.extras.values() if album.members is not None else ():
            named = extra.select.album if extra.select is not None else None
            if named is None:
                continue
            other = album_address(named.value)
            if other in albums:
                edges.setdefault(album.address, {}).setdefault(other, named.span)
            elif complete and not is_id(named.value):
                why, hint = f"No album has the key {quoted(named.value)}.", suggestions.hint(named.value)
                said.append(error("LRP214", "album does not exist", span=named.span, why=why, hint=hint))
    for circle in circles_of({address: tuple(others) for address, others in edges.items()}):
        why = f"{_way(circle, ' selects from ')}, and none of them could be known first."
        span = edges[circle[0]][circle[1 % len(circle)]]
        hint = "take one of these selects out"
        said.append(error("LRP214", '"select" forms a cycle', span=span, why=why, hint=hint))
    return tuple(said)


def check_cover(album: AlbumEntry) -> tuple[Diagnostic, ...]:
    """Complain of a cover that cannot be a member, where the list alone shows it.

    It does where all members and the cover are named in one way, by file name, id or hash. Else the catalog decides.
    """
    cover, members = album.cover, album.members
    if cover is None or members is None:
        return ()
    ref = cover.value
    if any(kind is not ref.kind for kind in members.kinds) or (ref.kind is RefKind.UPLOAD and members.kinds):
        return ()
    if _holds(members, ref.value):
        return ()
    if not members.values:
        why = "The album is to have no members."
    else:
        only = len(members.values) == 1
        its = "Its only member is not" if only else f"None of its {len(members.values):,} members is"
        why = f"{its} {quoted(ref.value)}."
    hint = Suggestions(members.values).hint(ref.value) if len(members.values) <= _NEAREST_AMONG_MAX else ""
    what = "cover is not a member"
    return (error("LRP206", what, span=cover.span, why=why, hint=hint or "add it to the members"),)


_NEAREST_AMONG_MAX = 5000  # a search takes about 10 µs a name


def within_of(album: AlbumEntry, default: Within | None) -> Within | None:
    """Where the names of *album* are looked up; the album that the default names is itself not narrowed by it."""
    if album.within is not None or default is None:
        return album.within
    if default.album is not None and album_address(default.album.value) == album.address:
        return None
    return default


def _looked_up_in(albums: Iterable[AlbumEntry], defaults: Defaults) -> Iterable[tuple[AlbumEntry, str, SourceSpan]]:
    for album in albums:
        within = within_of(album, defaults.within)
        if within is not None and within.album is not None:
            yield album, within.album.value, within.album.span


def _way(circle: tuple[Address, ...], leads: str) -> str:
    shown = [*circle[:5], "…"] if len(circle) > 6 else list(circle)
    return leads.join((*shown, circle[0]))


def _holds(members: Members, value: str) -> bool:
    """Tell whether *value* may be one of *members*; in doubt, such as in another case, the catalog decides."""
    if value in members.values:
        return True
    wanted = _loosely(value)
    return any(_loosely(other) == wanted for other in members.values)


def _loosely(name: str) -> str:
    """One form for the ways to write a name: cameras, disks and editors do not agree on composed characters."""
    return (name if name.isascii() else unicodedata.normalize("NFC", name)).casefold()

"""
What must be read from the catalog before every photo of the wish can be found, and no more.

Reading goes in rounds, each as narrow as it can be: the members of the albums concerned (they answer to name and hash);
the members of the albums of `within`, if names are open; the ids that are named, a hundred a call; the dates of
selects, and those in which names are still open; the hashes still open, a call each. How they are asked for is said in
`workflow.finding`.
"""

from collections.abc import Collection, Iterable, Mapping

from attrs import frozen

from lrplan.manifest.entries import AlbumEntry, Manifest, RefKind
from lrplan.model.address import TOP_LEVEL, Address, is_set
from lrplan.model.ids import AlbumId, AssetId, Owner, Sha256, asset_id
from lrplan.model.inventory import Inventory, Original
from lrplan.model.snapshot import Snapshot
from lrplan.model.window import EVERYTHING, Window
from lrplan.resolve.generations import Generations
from lrplan.resolve.index import index_assets, plain_name
from lrplan.resolve.lookup import Place, album_ids_of, place_of
from lrplan.resolve.selecting import selects_of, window_to_select
from lrplan.resolve.wanted import Wanted, Wish


def albums_to_read(
    manifest: Manifest,
    generations: Generations,
    snapshot: Snapshot,
    remembered: Iterable[Address],
    *,
    keeps_parents: bool = False,
) -> tuple[AlbumId, ...]:
    """The live albums whose members matter.

    Args:
        remembered: Addresses that are deleted if no manifest declares them: what goes is shown.
        keeps_parents: What is to go from a set to the top level needs a new album, into which all of it goes.
    """
    needed: set[AlbumId] = set()
    for address, entry in manifest.albums.items():
        live = generations.of(address)
        is_managed = entry.members is not None or entry.cover is not None
        leaves = keeps_parents and _leaves_its_set(entry, live, snapshot)
        if is_managed or ((len(live) > 1 or leaves) and not entry.paused):
            needed.update(album_id for _, album_id in live)
    for address in remembered:
        if address not in manifest.albums and not is_set(address):
            needed.update(album_id for _, album_id in generations.of(address))
    return tuple(sorted(needed & snapshot.albums.keys()))


def _leaves_its_set(entry: AlbumEntry, live: tuple[tuple[int, AlbumId], ...], snapshot: Snapshot) -> bool:
    if entry.parent is None or entry.parent.value != TOP_LEVEL or not live:
        return False
    current = snapshot.albums.get(live[0][1])
    return current is not None and current.parent is not None


def ids_to_look_up(
    wishes: Mapping[Address, Wish], inventory: Inventory, snapshot: Snapshot, owner: Owner
) -> tuple[AssetId, ...]:
    """The ids that are named and not met yet, and those under which originals would have been uploaded before."""
    needed: set[AssetId] = set()
    for kind, value in _references(wishes):
        if kind is RefKind.ID:
            needed.add(AssetId(value))
    known = _known_hashes(snapshot)
    for sha256 in _upload_hashes(wishes, inventory):
        if sha256 not in known:
            needed.add(asset_id(owner.account_id, owner.service_id, sha256, 0))
    return tuple(sorted(needed - snapshot.assets.keys()))


def albums_to_search(
    wishes: Mapping[Address, Wish], snapshot: Snapshot, generations: Generations
) -> tuple[AlbumId, ...]:
    """The albums of `within` in which names are looked for that the album itself does not hold."""
    needed: set[AlbumId] = set()
    for address, wish in wishes.items():
        within = album_ids_of(wish.entry.within, generations, snapshot)
        if within and _strange_names(wish, place_of(generations.of(address), None, snapshot, generations)):
            needed.update(within)
    return tuple(sorted((needed & snapshot.albums.keys()) - snapshot.members.keys()))


@frozen(kw_only=True)
class OpenName:
    """A file name that may be that of any photo captured in *window*, of which not all were met."""

    name: str
    window: Window


def open_names(
    wishes: Mapping[Address, Wish],
    snapshot: Snapshot,
    generations: Generations,
    *,
    searched: Collection[Window],
    answered: Collection[OpenName],
) -> frozenset[OpenName]:
    """The names for which photos must still be looked for, and where: inside `within` first, then everywhere.

    A photo of that name in another album settles nothing, since a second one may be anywhere.

    Args:
        searched: The dates of which every photo was met.
        answered: The names of which all photos were met that have them.
    """
    strange = {}
    for address, wish in wishes.items():
        place = place_of(generations.of(address), wish.entry.within, snapshot, generations)
        if names := _strange_names(wish, place):
            strange[address] = (place, names)
    if not strange:
        return frozenset()
    by_name = index_assets(snapshot).by_name
    found: set[OpenName] = set()
    for place, names in strange.values():
        for name in names:
            photos = [asset for asset in by_name.get(name, ()) if not asset.is_trashed]
            if any(asset.id in (place.album_members or ()) for asset in photos):
                continue
            for window in (place.window or EVERYTHING, EVERYTHING):
                here = OpenName(name=name, window=window)
                if here not in answered and not any(one.covers(window) for one in searched):
                    found.add(here)
                    break
                if any(window.holds(asset.capture_date) for asset in photos):
                    break
    return frozenset(found)


def windows_of(names: Iterable[OpenName]) -> tuple[Window, ...]:
    """The dates in which *names* are looked for, overlapping ones joined. The whole catalog serves all."""
    windows = {one.window for one in names}
    return joined(windows)


def hashes_to_look_up(wishes: Mapping[Address, Wish], inventory: Inventory, snapshot: Snapshot) -> tuple[Sha256, ...]:
    """The hashes that no met asset has. Empty once the whole catalog was walked."""
    if snapshot.walked:
        return ()
    needed = {Sha256(value) for kind, value in _references(wishes) if kind is RefKind.SHA256}
    needed.update(_upload_hashes(wishes, inventory))
    return tuple(sorted(needed - _known_hashes(snapshot)))


def meets_uploads(wishes: Mapping[Address, Wish], inventory: Inventory, snapshot: Snapshot, owner: Owner) -> bool:
    """Tell whether an original that may have to be sent was met in the catalog: then it matters if it has arrived."""
    hashes = _upload_hashes(wishes, inventory)
    ids = {asset_id(owner.account_id, owner.service_id, sha256, 0) for sha256 in hashes}
    return any((one.sha256 in hashes or one.id in ids) and not one.is_trashed for one in snapshot.assets.values())


def windows_to_select(wishes: Mapping[Address, Wish]) -> tuple[Window, ...]:
    """The dates that selects look through, overlapping ones joined; one that names an album looks there only."""
    selects = (select for wish in wishes.values() for _, select in selects_of(wish))
    windows = {window_to_select(select) for select in selects if select.album is None}
    return joined(windows)


def _strange_names(wish: Wish, place: Place) -> set[str]:
    """The names that no present member of the album has."""
    if wish.wanted is None:
        return set()
    named = (*zip(wish.wanted.kinds, wish.wanted.values, strict=True), *_copied(wish.wanted))
    names = {plain_name(value) for kind, value in named if kind is RefKind.NAME}
    return names - place.present.keys()


def _references(wishes: Mapping[Address, Wish]) -> Iterable[tuple[RefKind, str]]:
    for wish in wishes.values():
        if wish.wanted is not None:
            yield from zip(wish.wanted.kinds, wish.wanted.values, strict=True)
            yield from _copied(wish.wanted)
        if wish.cover is not None:
            yield wish.cover.kind, wish.cover.value


def _copied(wanted: Wanted) -> Iterable[tuple[RefKind, str]]:
    """The photos whose develop settings are copied."""
    for extra in wanted.extras.values():
        if extra.copy_from is not None:
            yield extra.copy_from.value.kind, extra.copy_from.value.value


def _upload_hashes(wishes: Mapping[Address, Wish], inventory: Inventory) -> set[Sha256]:
    hashes = {found.sha256 for found in inventory.originals.values() if isinstance(found, Original)}
    for wish in wishes.values():
        if wish.wanted is not None:
            hashes.update(Sha256(extra.sha256) for extra in wish.wanted.extras.values() if extra.sha256)
    return hashes


def _known_hashes(snapshot: Snapshot) -> set[Sha256]:
    return {asset.sha256 for asset in snapshot.assets.values() if asset.sha256 and asset.is_complete}


def joined(windows: Iterable[Window]) -> tuple[Window, ...]:
    """The dates that lie in any of *windows*, in as few as possible. The whole catalog serves all."""
    every = set(windows)
    if EVERYTHING in every:
        return (EVERYTHING,)
    found: list[Window] = []
    for window in sorted(every, key=lambda w: (w.after or "", w.before or "~")):
        last = found[-1] if found else None
        if last is not None and (last.before is None or (window.after or "") <= last.before):
            before = None if last.before is None or window.before is None else max(last.before, window.before)
            found[-1] = Window(after=last.after, before=before)
        else:
            found.append(window)
    return tuple(found)

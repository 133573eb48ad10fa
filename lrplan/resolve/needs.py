"""
What must be read from the catalog before every photo of the wish can be found, and no more.

Reading goes in rounds, each as narrow as it can be: the members of the albums concerned (they answer to name and hash);
the ids that are named, a hundred a call; the dates in which names are still open; the hashes still open, a call each.
"""

from collections.abc import Iterable, Mapping

from lrplan.manifest.entries import Manifest, RefKind
from lrplan.model.address import Address, is_set
from lrplan.model.ids import AlbumId, AssetId, Owner, Sha256, asset_id
from lrplan.model.inventory import Inventory, Original
from lrplan.model.snapshot import Snapshot
from lrplan.resolve.generations import Generations
from lrplan.resolve.index import index_assets
from lrplan.resolve.lookup import Window, album_ids_of, candidates, place_of
from lrplan.resolve.wanted import Wanted, Wish


def albums_to_read(
    manifest: Manifest, generations: Generations, snapshot: Snapshot, remembered: Iterable[Address]
) -> tuple[AlbumId, ...]:
    """The live albums whose members matter.

    Args:
        remembered: Addresses that the state binds; albums that no manifest declares are to go, and what goes is shown.
    """
    needed: set[AlbumId] = set()
    for address, entry in manifest.albums.items():
        live = generations.of(address)
        if entry.members is not None or entry.cover is not None or len(live) > 1:
            needed.update(album_id for _, album_id in live)
        needed.update(album_ids_of(entry.within, generations, snapshot))
    for address in remembered:
        if address not in manifest.albums and not is_set(address):
            needed.update(album_id for _, album_id in generations.of(address))
    return tuple(sorted(needed & snapshot.albums.keys()))


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


def windows_to_walk(wishes: Mapping[Address, Wish], snapshot: Snapshot, generations: Generations) -> tuple[Window, ...]:
    """The dates in which names are looked for that no album holds yet; overlapping ones are joined.

    An album without `within` asks for the whole catalog, which then serves all.
    """
    windows: set[Window] = set()
    for window in _open_names(wishes, snapshot, generations):
        if window is None:
            return (Window(),)
        windows.add(window)
    return _joined(windows)


def needs_whole_catalog(wishes: Mapping[Address, Wish], snapshot: Snapshot, generations: Generations) -> bool:
    """Tell whether a name is still open after its dates were walked: then it may be anywhere."""
    return any(True for _ in _open_names(wishes, snapshot, generations))


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


def _open_names(
    wishes: Mapping[Address, Wish], snapshot: Snapshot, generations: Generations
) -> Iterable[Window | None]:
    index = index_assets(snapshot)
    for address, wish in wishes.items():
        place = place_of(generations.of(address), wish.entry.within, snapshot, generations)
        if wish.wanted is None:
            continue
        for kind, value in (*zip(wish.wanted.kinds, wish.wanted.values, strict=True), *_copied(wish.wanted)):
            if kind is RefKind.NAME and not candidates(value, place, index):
                yield place.window
                break


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


def _joined(windows: set[Window]) -> tuple[Window, ...]:
    joined: list[Window] = []
    for window in sorted(windows, key=lambda w: (w.after or "", w.before or "~")):
        last = joined[-1] if joined else None
        if last is not None and (last.before is None or (window.after or "") <= last.before):
            before = None if last.before is None or window.before is None else max(last.before, window.before)
            joined[-1] = Window(after=last.after, before=before)
        else:
            joined.append(window)
    return tuple(joined)

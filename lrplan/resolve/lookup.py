"""
Where a plain file name may be meant to point: the album's own members, then `within`, then the whole catalog.

The first of the three places that has a candidate decides. Trashed assets are never candidates.
"""

from collections import defaultdict
from collections.abc import Mapping

from attrs import field, frozen

from lrplan.manifest.entries import Within
from lrplan.model.address import Address, album_address
from lrplan.model.asset import Asset
from lrplan.model.ids import AlbumId, AssetId
from lrplan.model.snapshot import Snapshot
from lrplan.model.state import State
from lrplan.model.window import Window as Window
from lrplan.resolve.generations import Generations
from lrplan.resolve.index import AssetIndex, plain_name


@frozen(kw_only=True)
class Place:
    """Where the names of one album are looked up.

    Attributes:
        present: The album's live members by name, over all of its generations, the newest first.
        window: The dates of `within`, if it has any.
        album_members: The members of the album of `within`, if it names one; None otherwise.
        trashed: The album's live members that lie in the trash.
        remembered: The photos that were put into the album, by the file name or SHA-256 they were known as.
    """

    present: Mapping[str, tuple[AssetId, ...]]
    window: Window | None
    album_members: frozenset[AssetId] | None
    trashed: frozenset[AssetId]
    remembered: Mapping[str, AssetId] = field(factory=dict)


def place_of(
    live: tuple[tuple[int, AlbumId], ...], within: Within | None, snapshot: Snapshot, generations: Generations
) -> Place:
    """Say where an album with these *live* generations looks its names up."""
    present: defaultdict[str, list[AssetId]] = defaultdict(list)
    trashed: set[AssetId] = set()
    for _, album_id in live:
        listing = snapshot.members.get(album_id)
        for asset_id in listing.asset_ids if listing else ():
            asset = snapshot.assets.get(asset_id)
            if asset is not None and asset.is_trashed:
                trashed.add(asset_id)
            if asset is None or asset.is_trashed or not asset.file_name:
                continue
            ids = present[plain_name(asset.file_name)]
            if asset_id not in ids:
                ids.append(asset_id)
    return Place(
        present={name: tuple(ids) for name, ids in present.items()},
        window=window_of(within),
        album_members=_members_of(within, snapshot, generations),
        trashed=frozenset(trashed),
    )


def remembered_as(address: Address, state: State | None) -> Mapping[str, AssetId]:
    """The photos that were put into an album, by the file name or SHA-256 that the manifests called them."""
    binding = state.bindings.get(address) if state is not None else None
    return {plain_name(text): asset_id for asset_id, text in binding.known_as.items()} if binding is not None else {}


def window_of(within: Within | None) -> Window | None:
    """The dates of `within`; None where it has none."""
    if within is None or (within.captured_after is None and within.captured_before is None):
        return None
    return Window(
        after=within.captured_after.value if within.captured_after else None,
        before=within.captured_before.value if within.captured_before else None,
    )


def album_ids_of(within: Within | None, generations: Generations, snapshot: Snapshot) -> tuple[AlbumId, ...]:
    """The live album that `within` names by key or by id."""
    if within is None or within.album is None:
        return ()
    text = within.album.value
    live = generations.of(album_address(text))
    if live:
        return (live[0][1],)
    return (AlbumId(text),) if AlbumId(text) in snapshot.albums else ()


def candidates(name: str, place: Place, index: AssetIndex) -> tuple[Asset, ...]:
    """The assets that *name* may mean, from the first place that has any; more than one is for the caller to judge."""
    name = plain_name(name)
    present = place.present.get(name, ())
    if present:
        return (index.by_id[present[0]],)
    found = tuple(asset for asset in index.by_name.get(name, ()) if not asset.is_trashed)
    if place.album_members is not None:
        inside = tuple(asset for asset in found if asset.id in place.album_members)
        if inside:
            return inside
    if place.window is not None:
        inside = tuple(asset for asset in found if place.window.holds(asset.capture_date))
        if inside:
            return inside
    return found


def _members_of(within: Within | None, snapshot: Snapshot, generations: Generations) -> frozenset[AssetId] | None:
    if within is None or within.album is None:
        return None
    ids: set[AssetId] = set()
    for album_id in album_ids_of(within, generations, snapshot):
        listing = snapshot.members.get(album_id)
        ids.update(listing.asset_ids if listing else ())
    return frozenset(ids)

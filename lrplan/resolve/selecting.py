"""
Which photos a `select` finds, and where they stand in the member list.

A select is answered from all photos that were met in the catalog, and from the originals that this very wish sends: so
it finds the same photos before they are sent and after. What another album of this project holds is asked of its wish
for the same reason; so albums are gone through in an order in which each comes after those that it selects from.

The surprising case: flags are only known of photos that are in the album now. What the wish adds there has none yet.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from fnmatch import translate
from graphlib import TopologicalSorter

from attrs import field, frozen

from lrplan.manifest.entries import RefKind, Select
from lrplan.model.address import Address, album_address
from lrplan.model.album import Flag
from lrplan.model.asset import Asset
from lrplan.model.ids import AlbumId, AssetId, is_id
from lrplan.model.inventory import Original
from lrplan.model.snapshot import Snapshot
from lrplan.model.window import comparable
from lrplan.resolve.desired import EmptyKind, EmptyWish
from lrplan.resolve.generations import Generations
from lrplan.resolve.index import plain_name
from lrplan.resolve.lookup import Window
from lrplan.resolve.wanted import Wish

_PICTURES = frozenset({"image", "video"})  # neither the trash nor presets and profiles


@frozen(kw_only=True)
class Selected:
    """The members of one album with those that its selects found, and the selects that found nothing."""

    ids: tuple[AssetId, ...]
    empty: tuple[EmptyWish, ...] = ()


def selects_of(wish: Wish) -> Iterator[tuple[int, Select]]:
    """The selects of a member list, by position."""
    if wish.wanted is not None and RefKind.SELECT in wish.wanted.kinds:
        for index, extra in sorted(wish.wanted.extras.items()):
            if extra.select is not None:
                yield index, extra.select


def window_to_select(select: Select) -> Window:
    """The dates of a select; without any, the whole catalog."""
    return Window(after=select.captured_after, before=select.captured_before)


def listings_to_select(
    wishes: Mapping[Address, Wish], generations: Generations
) -> frozenset[tuple[AlbumId, Flag | None]]:
    """The live albums that selects look into, each as flagged; where the wish is asked, the album is not among them."""
    needed: set[tuple[AlbumId, Flag | None]] = set()
    for wish in wishes.values():
        for _, select in selects_of(wish):
            if select.album is not None and (select.flag is not None or not _is_wished(select, wishes)):
                needed.update((album, select.flag) for album in _live(select, wishes, generations))
    return frozenset(needed)


def select_photos(
    wishes: Mapping[Address, Wish],
    named: Mapping[Address, Mapping[AssetId, int]],
    uploads: Mapping[AssetId, Original],
    snapshot: Snapshot,
    generations: Generations,
) -> Mapping[Address, Selected]:
    """Fill in the selects of every album whose members are managed.

    Args:
        named: The photos that each of them names by themselves, with their positions.
        uploads: The originals that the wish sends.
    """
    pool: _Pool | None = None
    found: dict[Address, Selected] = {}
    for address in _in_order(wishes, named):
        selects = dict(selects_of(wishes[address]))
        if selects and pool is None:
            pool = _pool_of(snapshot, uploads)
        taken: dict[int, tuple[AssetId, ...]] = {}
        for index, select in selects.items():
            assert pool is not None
            among = _among(select, wishes, found, snapshot, generations) if select.album is not None else None
            taken[index] = pool.matching(select, among)
        found[address] = Selected(ids=_spliced(named[address], taken), empty=_empty(wishes[address], taken))
    return found


def _in_order(wishes: Mapping[Address, Wish], managed: Collection[Address]) -> Iterable[Address]:
    """The *managed* albums, each after those that it selects from; that there are no circles has been seen to."""
    needs: dict[Address, list[Address]] = {}
    for address in sorted(managed):
        others = (album_address(one.album.value) for _, one in selects_of(wishes[address]) if one.album is not None)
        needs[address] = [other for other in others if other in managed]
    return TopologicalSorter(needs).static_order()


def _is_wished(select: Select, wishes: Mapping[Address, Wish]) -> bool:
    """Whether the album is one of this project whose members are managed."""
    wish = wishes.get(album_address(select.album.value)) if select.album is not None else None
    return wish is not None and wish.wanted is not None


def _live(select: Select, wishes: Mapping[Address, Wish], generations: Generations) -> tuple[AlbumId, ...]:
    """The live albums that a select names: all generations of an address, planned or not, or the one with an id."""
    assert select.album is not None
    address = album_address(select.album.value)
    live = tuple(album for _, album in generations.of(address))
    if live or address in wishes or not is_id(select.album.value):
        return live
    return (AlbumId(select.album.value),)


def _among(
    select: Select,
    wishes: Mapping[Address, Wish],
    found: Mapping[Address, Selected],
    snapshot: Snapshot,
    generations: Generations,
) -> Collection[AssetId]:
    """The photos of the album that a select names."""
    assert select.album is not None
    wished = found[album_address(select.album.value)].ids if _is_wished(select, wishes) else None
    if wished is not None and select.flag is None:
        return wished
    live: set[AssetId] = set()
    for album in _live(select, wishes, generations):
        listed = snapshot.selected.get((album, select.flag))
        if listed is None and select.flag is None and album in snapshot.members:
            listed = snapshot.members[album].asset_ids
        live.update(listed or ())
    return live if wished is None else [a for a in wished if a in live]


@frozen(kw_only=True)
class _Pool:
    """The photos that may be found, by captureDate, fileName and id; and the place of each."""

    photos: tuple[Asset, ...]
    places: Mapping[AssetId, int] = field(factory=dict)

    def matching(self, select: Select, among: Collection[AssetId] | None) -> tuple[AssetId, ...]:
        """What *select* finds, of the photos *among* others; of all of them where that is None."""
        photos = self.photos
        if among is not None:
            photos = tuple(photos[place] for place in sorted(self.places[a] for a in among if a in self.places))
        window = window_to_select(select)
        name = re.compile(translate(plain_name(select.file_name))) if select.file_name is not None else None
        return tuple(
            photo.id
            for photo in photos
            if select.subtype in (None, photo.subtype)
            and (name is None or name.match(plain_name(photo.file_name)) is not None)
            and window.holds(photo.capture_date)
        )


def _pool_of(snapshot: Snapshot, uploads: Mapping[AssetId, Original]) -> _Pool:
    sent = {asset_id: _as_sent(asset_id, original) for asset_id, original in uploads.items()}
    met = (asset for asset in {**sent, **snapshot.assets}.values() if asset.subtype in _PICTURES)
    photos = tuple(sorted(met, key=lambda one: (comparable(one.capture_date), plain_name(one.file_name), one.id)))
    return _Pool(photos=photos, places={photo.id: place for place, photo in enumerate(photos)})


def _as_sent(asset_id: AssetId, original: Original) -> Asset:
    """The photo that an original will be."""
    return Asset(
        id=asset_id,
        subtype=original.subtype,
        file_name=original.file_name,
        capture_date=original.capture_date,
        sha256=original.sha256,
    )


def _spliced(named: Mapping[AssetId, int], taken: Mapping[int, tuple[AssetId, ...]]) -> tuple[AssetId, ...]:
    """The whole list: a photo that is named stands there, any other where the first select finds it."""
    at: dict[AssetId, tuple[int, int]] = {asset_id: (index, 0) for asset_id, index in named.items()}
    for index in sorted(taken):
        for place, asset_id in enumerate(taken[index]):
            at.setdefault(asset_id, (index, place))
    return tuple(sorted(at, key=at.__getitem__))


def _empty(wish: Wish, taken: Mapping[int, tuple[AssetId, ...]]) -> tuple[EmptyWish, ...]:
    wanted = wish.wanted
    if wanted is None or wish.entry.allow_empty:
        return ()
    return tuple(
        EmptyWish(
            address=wish.entry.address, kind=EmptyKind.SELECT, value=wanted.values[index], span=wanted.span_of(index)
        )
        for index, found in sorted(taken.items())
        if not found
    )

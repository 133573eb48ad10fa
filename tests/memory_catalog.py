"""
A Lightroom that lives in a value: the service port over `plan.simulate.perform`.

It does what the documents say and nothing else, and counts what it was asked. Faults are scripted by the tests:
*before* and *after* are called with the number and the name of each call, and may raise.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeVar

from attrs import evolve

from lrplan.diagnostics import Failure, error
from lrplan.model.album import Album, AlbumKind, Flag, Membership
from lrplan.model.asset import UNKNOWN_DATE, Asset
from lrplan.model.ids import AlbumId, AssetId, Sha256
from lrplan.model.rendition import AssetDetail, Rendition
from lrplan.model.snapshot import Account, Catalog, Snapshot
from lrplan.plan.limits import ASSETS_PER_PAGE_MAX, MEMBERS_PER_PAGE_MAX, calls_by_date, pages_of
from lrplan.plan.simulate import perform
from lrplan.plan.write import Answer, PutDevelop, Write
from lrplan.ports import Foreign, MemberListing, Sink
from lrplan.resolve.lookup import Window

T = TypeVar("T")


def _told(assets: Iterable[Asset]) -> tuple[Asset, ...]:
    """Assets as a service shows them: whether the original has arrived is asked apart."""
    return tuple(evolve(asset, is_complete=True) for asset in assets)


def _nothing(number: int, name: str) -> None:
    """No fault."""


class MemoryCatalog:
    """A `ports.CatalogService` over a snapshot.

    Attributes:
        world: The catalog as it is now; tests may replace it, as a person in Lightroom would.
        flags: What photos were flagged as; one without an entry is unflagged.
        settings: The develop settings of the world and those that were sent, by their SHA-256.
        writes: Every writing request that was carried out, in order.
    """

    def __init__(
        self,
        world: Snapshot,
        *,
        before: Callable[[int, str], None] = _nothing,
        after: Callable[[int, str], None] = _nothing,
    ) -> None:
        self.world = world
        self.flags: dict[AssetId, Flag] = {}
        self.writes: list[Write] = []
        self.settings: dict[str, bytes] = {}
        self._calls = 0
        self._is_halted = False
        self._before = before
        self._after = after

    @property
    def calls(self) -> int:
        return self._calls

    async def health(self) -> str:
        return self._answered("health", "1")

    async def account(self) -> Account:
        return self._answered("account", self.world.account)

    async def catalog(self) -> Catalog:
        return self._answered("catalog", self.world.catalog)

    async def albums(self) -> tuple[Album, ...]:
        return self._answered("albums", self._of_kinds(AlbumKind.ALBUM, AlbumKind.SET))

    async def collections(self) -> tuple[Album, ...]:
        return self._answered("collections", self._of_kinds(AlbumKind.COLLECTION, AlbumKind.COLLECTION_SET))

    def _of_kinds(self, *kinds: AlbumKind) -> tuple[Album, ...]:
        shown = (self.world.albums[key] for key in sorted(self.world.albums))
        return tuple(album for album in shown if album.kind in kinds)

    async def album(self, album_id: AlbumId) -> Album | None:
        found = await self.holder(album_id)
        return None if isinstance(found, Foreign) else found

    async def holder(self, album_id: AlbumId) -> Album | Foreign | None:
        album = self.world.albums.get(album_id)
        return self._answered("album", Foreign() if album is not None and self._is_foreign(album) else album)

    async def members(self, album_id: AlbumId) -> MemberListing | None:
        if album_id not in self.world.albums:
            return self._answered("members", None)
        listing = self.world.members.get(album_id, Membership())
        assets = _told(self.world.assets[a] for a in listing.asset_ids if a in self.world.assets)
        pages = pages_of(len(listing.asset_ids), MEMBERS_PER_PAGE_MAX)
        self._calls += pages - 1
        return self._answered("members", MemberListing(membership=listing, assets=assets))

    async def assets_by_id(self, asset_ids: Sequence[AssetId]) -> tuple[Asset, ...]:
        self._calls += -(-len(asset_ids) // 100) - 1
        found = _told(self.world.assets[a] for a in asset_ids if a in self.world.assets)
        return self._answered("assets_by_id", found)

    async def assets_by_sha256(self, sha256: Sha256) -> tuple[Asset, ...]:
        found = _told(asset for asset in self.world.assets.values() if asset.sha256 == sha256)
        return self._answered("assets_by_sha256", found)

    async def incomplete(self, among: Collection[AssetId] | None = None) -> frozenset[AssetId]:
        waiting = (one.id for one in self.world.assets.values() if not one.is_complete and not one.is_trashed)
        self._calls += 1  # it takes two
        return self._answered("incomplete", frozenset(waiting))

    async def walk(self, *, captured_after: str | None, captured_before: str | None) -> tuple[Asset, ...]:
        window = Window(after=captured_after, before=captured_before)
        found = _told(asset for asset in self.world.assets.values() if window.holds(asset.capture_date))
        self._calls += pages_of(len(found), ASSETS_PER_PAGE_MAX) - 1
        return self._answered("walk", found)

    async def trash(self) -> tuple[Asset, ...]:
        return self._answered("trash", _told(asset for asset in self.world.assets.values() if asset.is_trashed))

    async def changed_since(self, instant: str, *, with_trash: bool = True) -> tuple[Asset, ...]:
        """When something changed is not modelled: everything may have."""
        return self._answered("changed_since", _told(self.world.assets.values()))

    async def members_by_date(self, album_id: AlbumId, *, flag: Flag | None = None) -> MemberListing | None:
        if album_id not in self.world.albums:
            return self._answered("members_by_date", None)
        listing, assets = self.world.members.get(album_id, Membership()), self.world.assets
        dated = [assets[one].capture_date if one in assets else UNKNOWN_DATE for one in listing.asset_ids]
        places = [
            place
            for place in sorted(range(len(dated)), key=dated.__getitem__)
            if flag in (None, self.flags.get(listing.asset_ids[place], Flag.UNFLAGGED))
        ]
        dates = [dated[place] for place in places]
        ids = tuple(listing.asset_ids[place] for place in places)
        membership = evolve(listing, asset_ids=ids, orders=tuple(listing.orders[place] for place in places))
        shown = _told(assets[one] for one in ids if one in assets)
        self._calls += calls_by_date(dates, MEMBERS_PER_PAGE_MAX) - 1
        return self._answered("members_by_date", MemberListing(membership=membership, assets=shown))

    async def asset(self, asset_id: AssetId) -> AssetDetail | None:
        asset = self.world.assets.get(asset_id)
        if asset is None:
            return self._answered("asset", None)
        has_develop = asset_id in self.world.develop
        kinds = {kind: True for kind in Rendition if self._has(asset_id, kind)}
        (told,) = _told([asset])
        return self._answered("asset", AssetDetail(asset=told, renditions=kinds, has_develop=has_develop))

    async def develop(self, asset_id: AssetId) -> bytes | None:
        sha256 = self.world.develop.get(asset_id)
        return self._answered("develop", self.settings[sha256] if sha256 is not None else None)

    async def rendition(self, asset_id: AssetId, kind: Rendition, sink: Sink) -> bool:
        if not self._has(asset_id, kind):
            return self._answered("rendition", False)
        sink.begin()
        sink.write(b"\xff\xd8\xff" + f"{asset_id} {kind}".encode())
        return self._answered("rendition", True)

    async def await_rendition(self, asset_id: AssetId, kind: Rendition) -> bool:
        return self._answered("await_rendition", self._has(asset_id, kind))

    def halt(self) -> None:
        self._is_halted = True

    def resume(self) -> None:
        self._is_halted = False

    async def send(self, write: Write, *, stamp: str) -> Answer:
        name = type(write).__name__
        self._refuse_when_halted()
        self._calls += 1
        number = self._calls
        self._before(number, name)
        self.world, answer = perform(self.world, write, stamp=stamp)
        self.writes.append(write)
        if isinstance(write, PutDevelop):
            self.settings[hashlib.sha256(write.xmp).hexdigest()] = write.xmp
        self._after(number, name)
        return answer

    def edit(self, **changes: object) -> None:
        """Change the world as somebody else would."""
        self.world = evolve(self.world, **changes)  # type: ignore[arg-type]

    def _is_foreign(self, album: Album) -> bool:
        """Another API key's project: its id is taken, and nothing else is known of it."""
        return album.service_id not in (None, self.world.service_id)

    def _has(self, asset_id: AssetId, kind: Rendition) -> bool:
        asset = self.world.assets.get(asset_id)
        if asset is None or not asset.is_complete:
            return False
        return not kind.is_generated or kind in self.world.generated.get(asset_id, ())

    def _refuse_when_halted(self) -> None:
        if self._is_halted:
            raise Failure(error("LRP704", "the run has ended"))

    def _answered(self, name: str, answer: T) -> T:
        self._refuse_when_halted()
        self._calls += 1
        self._before(self._calls, name)
        self._after(self._calls, name)
        return answer

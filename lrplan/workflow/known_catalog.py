"""
What an earlier run has listed of the catalog, brought up to date at most once, and never believed by itself.

Clocks differ, and listings lag: what changed is asked for from a day before the index was made. A photo that the index
names is looked up by its id before it is used, which tells what was deleted or put into the trash since.

The surprising case: an index says of a photo what a listing showed. If a listing leaves out what lies in the trash, so
must the index, or a plan that is made with it would come to know more than one without.
"""

import datetime
from collections.abc import Callable, Collection, Sequence

from lrplan.model.asset import Asset
from lrplan.model.catalog_index import CatalogIndex
from lrplan.model.ids import AssetId, Sha256
from lrplan.model.snapshot import Snapshot
from lrplan.model.window import Window
from lrplan.plan.limits import ASSET_IDS_PER_CALL_MAX, ASSETS_PER_PAGE_MAX, pages_of
from lrplan.resolve.index import plain_name
from lrplan.workflow.surroundings import Surroundings
from lrplan.workflow.together import together

OVERLAP = datetime.timedelta(days=1)  # ours: more than clocks differ and listings lag
CHANGED_CALLS = 2  # ports.CatalogReader.changed_since without the trash, where little has changed


class KnownCatalog:
    """The index of one catalog, for the length of one reading."""

    def __init__(self, snapshot: Snapshot, around: Surroundings) -> None:
        """Load what is kept; one that is from the future was made by a clock that is not to be trusted."""
        self._around = around
        self._account_id, self._catalog_id = snapshot.account.id, snapshot.catalog.id
        found = around.index.load(self._account_id, self._catalog_id) if around.index is not None else None
        self._index = found if found is not None and found.as_of <= around.clock.now() else None
        self._is_fresh = False
        self._seen: set[AssetId] = set()  # what this very run was shown

    def covers(self, window: Window) -> bool:
        """Tell whether the index speaks of everything in *window*."""
        return self._index is not None and self._index.covers(window)

    def walk_calls(self, windows: Collection[Window]) -> int:
        """How many calls a walk of *windows*, which the index covers, takes by what it knows."""
        assert self._index is not None
        return sum(pages_of(self._index.count(window), ASSETS_PER_PAGE_MAX) for window in windows)

    def ask_calls(self, photos: Collection[AssetId]) -> int:
        """How many calls it takes to bring the index up to date and to look *photos* up."""
        unseen = len(set(photos) - self._seen)
        return (0 if self._is_fresh else CHANGED_CALLS) + -(-unseen // ASSET_IDS_PER_CALL_MAX)

    def named(self, names: Collection[str]) -> tuple[AssetId, ...]:
        """The photos that have one of these names, in the form in which names are compared."""
        return self._those(lambda asset: bool(asset.file_name) and plain_name(asset.file_name) in names)

    def hashed(self, hashes: Collection[Sha256]) -> tuple[AssetId, ...]:
        """The photos whose originals have one of these hashes."""
        return self._those(lambda asset: asset.sha256 in hashes)

    async def refresh(self) -> None:
        """Ask what changed since the index was made, once."""
        assert self._index is not None
        if self._is_fresh:
            return
        began = self._around.clock.now()
        since = datetime.datetime.fromisoformat(self._index.as_of) - OVERLAP
        instant = since.strftime("%Y-%m-%dT%H:%M:%SZ")
        changed = await self._around.service.changed_since(instant, with_trash=False)
        self._index = self._index.with_changes(changed, as_of=began)
        self._is_fresh = True
        self._seen.update(asset.id for asset in changed)

    async def confirmed(self, photos: Collection[AssetId]) -> tuple[Asset, ...]:
        """Those of *photos* that a listing would show now; each that this run was not shown is looked up."""
        assert self._index is not None
        known = self._index.assets
        unseen = [one for one in photos if one not in self._seen]
        found = {asset.id: asset for asset in (await self._around.service.assets_by_id(unseen) if unseen else ())}
        gone = {one for one in unseen if one not in found or (found[one].is_trashed and not known[one].is_trashed)}
        changed = [found[one] for one in unseen if one not in gone]
        self._seen.update(unseen)
        self._index = self._index.with_changes(changed, as_of=self._index.as_of).without(gone)
        return tuple(self._index.assets[one] for one in photos if one not in gone)

    async def walk(self, windows: Sequence[Window]) -> tuple[Asset, ...]:
        """List everything in *windows*, and let the index have it."""
        began, service = self._around.clock.now(), self._around.service
        lists = await together(
            service.walk(captured_after=window.after, captured_before=window.before) for window in windows
        )
        for window, listed in zip(windows, lists, strict=True):
            if self._index is None or window.is_open:
                self._index = CatalogIndex(account_id=self._account_id, catalog_id=self._catalog_id, as_of=began)
                self._is_fresh = True
            self._index = self._index.with_listing(window, listed)
            self._seen.update(asset.id for asset in listed)
        return tuple(asset for listed in lists for asset in listed)

    def save(self) -> None:
        """Keep the index for the next run."""
        if self._index is not None and self._around.index is not None:
            self._around.index.save(self._index)

    def _those(self, is_meant: Callable[[Asset], bool]) -> tuple[AssetId, ...]:
        assets = self._index.assets.values() if self._index is not None else ()
        return tuple(sorted(asset.id for asset in assets if is_meant(asset)))

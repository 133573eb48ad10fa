"""
A catalog's photos as they were listed by an earlier run, kept beside the state so as not to list them all again.

It tells where a photo may be, and is never believed by itself. What it names is looked up before it is used, and what
it lacks is looked for in the catalog: so an index that is out of date costs calls, and changes no plan.
"""

from collections.abc import Collection, Mapping

from attrs import evolve, field, frozen

from lrplan.model.asset import Asset
from lrplan.model.ids import AccountId, AssetId, CatalogId
from lrplan.model.window import Window


@frozen(kw_only=True)
class CatalogIndex:
    """The photos of one catalog, as far as it was listed.

    Attributes:
        as_of: UTC instant, ISO 8601 with Z, by the clock of this machine: what changed before it is part of the index.
        windows: The capture dates that were listed; one that is open on both sides is the whole catalog.
        assets: As a listing shows them. One that was deleted since is still among them.
    """

    account_id: AccountId
    catalog_id: CatalogId
    as_of: str
    windows: tuple[Window, ...] = ()
    assets: Mapping[AssetId, Asset] = field(factory=dict)

    def covers(self, window: Window) -> bool:
        """Tell whether everything in *window* was listed."""
        return any(one.covers(window) for one in self.windows)

    def count(self, window: Window) -> int:
        """How many photos of the index lie in *window*."""
        if window.is_open:
            return len(self.assets)
        return sum(window.holds(asset.capture_date) for asset in self.assets.values())

    def with_changes(self, changed: Collection[Asset], *, as_of: str) -> "CatalogIndex":
        """This index with what changed until *as_of*."""
        return evolve(self, as_of=as_of, assets={**self.assets, **{asset.id: asset for asset in changed}})

    def with_listing(self, window: Window, listed: Collection[Asset]) -> "CatalogIndex":
        """This index once everything in *window* was listed: what is there beside it has gone."""
        kept = {key: asset for key, asset in self.assets.items() if not window.holds(asset.capture_date)}
        windows = tuple(one for one in self.windows if not window.covers(one))
        return evolve(self, windows=(*windows, window), assets={**kept, **{asset.id: asset for asset in listed}})

    def without(self, gone: Collection[AssetId]) -> "CatalogIndex":
        """This index less the photos *gone*."""
        return evolve(self, assets={key: asset for key, asset in self.assets.items() if key not in gone})

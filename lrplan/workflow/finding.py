"""
Finding the photos of a wish that no album shows, in as few calls as can be told beforehand.

What is named by id is looked up, a hundred a call. For names and hashes there are up to three ways: to walk the
catalog, or the dates of `within`; to ask what changed since an earlier walk, and to look up what its index names; and
for a hash a call of its own. The cheapest is taken, counted by what the index knows of the catalog's size.

The index only ever saves calls: a name or hash of which it knows no photo is looked for as if there were no index. It
is believed only where a photo in the trash, or one that is remembered, explains why nothing has that name.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from attrs import evolve

from lrplan.model.address import Address
from lrplan.model.asset import Asset
from lrplan.model.ids import AssetId, Owner
from lrplan.model.inventory import Inventory
from lrplan.model.snapshot import Snapshot
from lrplan.model.state import State
from lrplan.model.window import EVERYTHING, Window
from lrplan.resolve.generations import Generations
from lrplan.resolve.index import plain_name
from lrplan.resolve.lookup import remembered_as
from lrplan.resolve.needs import (
    OpenName,
    hashes_to_look_up,
    ids_to_look_up,
    joined,
    meets_uploads,
    open_names,
    windows_of,
    windows_to_select,
)
from lrplan.resolve.wanted import Wish
from lrplan.workflow.known_catalog import KnownCatalog
from lrplan.workflow.surroundings import Surroundings
from lrplan.workflow.together import together

WALK_CALLS_EXPECTED = 100  # ours: of a catalog whose size nobody knows, 50,000 photos


async def find_photos(
    snapshot: Snapshot,
    wishes: Mapping[Address, Wish],
    inventory: Inventory,
    owner: Owner,
    generations: Generations,
    state: State | None,
    around: Surroundings,
) -> Snapshot:
    """The photos that are asked for by id, by name or by their bytes, and which of them wait for their original.

    Raises:
        Failure: The service fails or refuses.
    """

    async def judged(snapshot: Snapshot) -> Snapshot:
        # Asked at most once, and only if it decides whether something has to be sent or looked for.
        if snapshot.incomplete is not None or not meets_uploads(wishes, inventory, snapshot, owner):
            return snapshot
        incomplete = await around.service.incomplete()
        return with_assets(evolve(snapshot, incomplete=incomplete), snapshot.assets.values())

    snapshot = await judged(snapshot)
    ids = ids_to_look_up(wishes, inventory, snapshot, owner)
    if ids:
        snapshot = await judged(with_assets(snapshot, await around.service.assets_by_id(ids)))
    search = _Search(snapshot, around)
    await search.for_selects(wishes, generations)
    await search.for_names(wishes, generations, _explained(state))
    search.snapshot = await judged(search.snapshot)
    await search.for_hashes(wishes, inventory)
    if search.known is not None:
        search.known.save()
    return await judged(search.snapshot)


class _Search:
    """One search through the catalog. The index is loaded when it is first needed."""

    def __init__(self, snapshot: Snapshot, around: Surroundings) -> None:
        self.snapshot = snapshot
        self.known: KnownCatalog | None = None
        self._searched: tuple[Window, ...] = ()
        self._around = around

    async def walk(self, windows: tuple[Window, ...]) -> None:
        """Meet every photo that was captured in *windows*."""
        self._meet(await self._known().walk(windows))
        self._searched += windows
        if EVERYTHING in windows:
            self.snapshot = evolve(self.snapshot, walked=True)

    async def for_selects(self, wishes: Mapping[Address, Wish], generations: Generations) -> None:
        """Walk the dates of selects, and with them those of names of which no index knows."""
        windows = windows_to_select(wishes)
        if not windows:
            return
        names = open_names(wishes, self.snapshot, generations, searched=(), answered=())
        known = self._known()
        await self.walk(joined((*windows, *windows_of(one for one in names if not known.covers(one.window)))))

    async def for_names(
        self, wishes: Mapping[Address, Wish], generations: Generations, explained: Collection[str]
    ) -> None:
        """Meet every photo that a name may mean. *explained* are names of photos that may have left the catalog."""
        asked: set[OpenName] = set()
        answered: set[OpenName] = set()
        while names := open_names(wishes, self.snapshot, generations, searched=self._searched, answered=answered):
            known = self._known()
            old = {one for one in names if one not in asked and known.covers(one.window)}
            if old and windows_of(names - old) != (EVERYTHING,) and await self._ask_index(known, old):
                asked |= old
                answered |= self._answers(known, old, explained)
                continue
            await self.walk(windows_of(names))

    async def for_hashes(self, wishes: Mapping[Address, Wish], inventory: Inventory) -> None:
        """Meet the photos that are asked for by their bytes."""
        hashes = hashes_to_look_up(wishes, inventory, self.snapshot)
        if not hashes:
            return
        known = self._known()
        is_covered = known.covers(EVERYTHING)
        walk_calls = known.walk_calls((EVERYTHING,)) if is_covered else WALK_CALLS_EXPECTED
        if is_covered:
            wanted = frozenset(hashes)
            photos = self._unmet(known.hashed(wanted))
            missing = max(0, len(hashes) - len(photos))
            if known.ask_calls(photos) + missing < min(len(hashes), walk_calls):
                await known.refresh()
                self._meet(await known.confirmed(self._unmet(known.hashed(wanted))))
                hashes = hashes_to_look_up(wishes, inventory, self.snapshot)
        if len(hashes) > walk_calls:
            await self.walk((EVERYTHING,))
            return
        found = await together(self._around.service.assets_by_sha256(sha256) for sha256 in hashes)
        self._meet(asset for assets in found for asset in assets)

    async def _ask_index(self, known: KnownCatalog, names: Collection[OpenName]) -> bool:
        """Meet the photos that the index knows by these names, unless a walk is as cheap; whether that was done."""
        wanted = {one.name for one in names}
        photos = self._unmet(known.named(wanted))
        if known.ask_calls(photos) >= known.walk_calls(windows_of(names)):
            return False
        await known.refresh()
        self._meet(await known.confirmed(self._unmet(known.named(wanted))))
        return True

    def _unmet(self, photos: Iterable[AssetId]) -> list[AssetId]:
        return [one for one in photos if one not in self.snapshot.assets]

    def _answers(self, known: KnownCatalog, names: Collection[OpenName], explained: Collection[str]) -> set[OpenName]:
        """Those of *names* that have a photo in the index, where they are looked for, or lack one for a reason."""
        wanted = {one.name for one in names}
        dates: defaultdict[str, list[str]] = defaultdict(list)
        for one in known.named(wanted):
            asset = self.snapshot.assets[one]
            if not asset.is_trashed:
                dates[plain_name(asset.file_name)].append(asset.capture_date)
        trashed = (asset.file_name for asset in self.snapshot.assets.values() if asset.is_trashed)
        reasons = wanted.intersection(explained).union(plain_name(name) for name in trashed if name)
        return {one for one in names if one.name in reasons or any(map(one.window.holds, dates[one.name]))}

    def _known(self) -> KnownCatalog:
        if self.known is None:
            self.known = KnownCatalog(self.snapshot, self._around)
        return self.known

    def _meet(self, assets: Iterable[Asset]) -> None:
        self.snapshot = with_assets(self.snapshot, assets)


def _explained(state: State | None) -> frozenset[str]:
    bindings = state.bindings if state is not None else {}
    return frozenset(name for address in bindings for name in remembered_as(address, state))


def with_assets(snapshot: Snapshot, assets: Iterable[Asset]) -> Snapshot:
    """*snapshot* with *assets* met, each as complete as is known."""
    waiting = snapshot.incomplete.union(snapshot.begun) if snapshot.incomplete is not None else frozenset()
    told = (evolve(asset, is_complete=False) if asset.id in waiting else asset for asset in assets)
    return evolve(snapshot, assets={**snapshot.assets, **{asset.id: asset for asset in told}})

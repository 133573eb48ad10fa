"""An index of the catalog changes no plan, however it came to be: fresh, stale, haunted, or of another catalog."""

from collections.abc import Iterator, Mapping

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lrplan.formats.digest import plan_digest
from lrplan.model.asset import Asset
from lrplan.model.catalog_index import CatalogIndex
from lrplan.model.ids import AccountId, AssetId
from lrplan.model.snapshot import Snapshot
from lrplan.model.window import EVERYTHING, Window
from lrplan.plan.plan import Plan
from tests.laws.profile import law, note
from tests.laws.stage import Stage, manifest_of
from tests.memory_catalog import MemoryCatalog
from tests.ports import IndexInMemory
from tests.strategies import HASHES, NAMES, PHOTOS, Situation, situations

GHOST = AssetId("9" * 32)


@pytest.fixture(scope="module", autouse=True)
def _an_index_is_cheap() -> Iterator[None]:
    """Else a walk through so small a catalog is always as cheap."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lrplan.workflow.known_catalog.ASSETS_PER_PAGE_MAX", 1)
        patch.setattr("lrplan.workflow.known_catalog.CHANGED_CALLS", 0)
        yield


class Changing(MemoryCatalog):
    """Tells as changed what the index does not have as it is, but for photos of which it is silent."""

    def __init__(self, world: Snapshot, **hooks: object) -> None:
        super().__init__(world, **hooks)  # type: ignore[arg-type]
        self.changed: frozenset[AssetId] = frozenset()

    async def changed_since(self, instant: str, *, with_trash: bool = True) -> tuple[Asset, ...]:
        shown = await super().changed_since(instant, with_trash=with_trash)
        return tuple(asset for asset in shown if asset.id in self.changed)


STATES = ("as it is", "as it is", "as it is", "absent", "of another name", "of another time", "trashed", "in doubt")


@st.composite
def indexes(draw: st.DrawFn) -> tuple[Mapping[AssetId, str], tuple[Window, ...], bool, bool]:
    """What is wrong with each photo, which dates were listed, whether there is a ghost, and whose index it is."""
    wrong = {photo: draw(st.sampled_from(STATES)) for photo in PHOTOS}
    windows = draw(st.sampled_from(((EVERYTHING,), (EVERYTHING,), (Window(after="2026-05-02"),))))
    return wrong, windows, draw(st.booleans()), draw(st.integers(0, 7)) == 7


def _row(asset: Asset, state: str) -> Asset | None:
    """What the index has of a photo; of one "in doubt" the service does not tell that it was put into the trash."""
    match state:
        case "absent":
            return None
        case "of another name":
            return evolve(asset, file_name=NAMES[0], sha256=HASHES[0])
        case "of another time":
            return evolve(asset, capture_date="2026-05-02T10:00:00")
        case "trashed":
            return evolve(asset, subtype="deleted_image")
        case "in doubt":
            return evolve(asset, subtype="image")
        case _:
            return asset


def told(stage: Stage, situation: Situation) -> str:
    """The digest of the plan, or that there is none."""
    result = stage.try_plan(manifest_of(situation.wish))
    if result is None:
        return "cannot be met"
    note(result.plan)
    assert isinstance(result.plan, Plan)
    return plan_digest(result.plan)


@law
@given(situation=situations(), drawn=indexes())
def test_a_plan_with_an_index_is_the_plan_without_it(
    situation: Situation,
    drawn: tuple[Mapping[AssetId, str], tuple[Window, ...], bool, bool],
) -> None:
    wrong, windows, has_ghost, is_strange = drawn
    stage = Stage.set_up(situation)
    without = told(stage, situation)
    rows = {key: _row(asset, wrong.get(key, "absent")) for key, asset in stage.world.assets.items()}
    if has_ghost:
        rows[GHOST] = Asset(id=GHOST, file_name=NAMES[1], sha256=HASHES[1])
    store = IndexInMemory(
        CatalogIndex(
            account_id=AccountId("9" * 32) if is_strange else stage.world.account.id,
            catalog_id=stage.world.catalog.id,
            as_of="2026-05-01T00:00:00.000000Z",
            windows=windows,
            assets={key: row for key, row in rows.items() if row is not None},
        )
    )
    indexed = stage.copy(Changing)
    assert isinstance(indexed.catalog, Changing)
    indexed.index = store
    silent = {key for key, state in wrong.items() if state in ("as it is", "in doubt")}
    indexed.catalog.changed = frozenset(stage.world.assets.keys() - silent)
    assert told(indexed, situation) == without
    assert told(indexed, situation) == without, "nor is what was kept of it wrong"
    store.index = None
    assert told(indexed, situation) == without
    assert told(indexed, situation) == without, "nor is one that was just made"

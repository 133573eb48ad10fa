"""How photos are found that no album shows: in which calls, and that an index of the catalog changes no plan."""

from collections.abc import Callable

import pytest
from attrs import evolve

from lrplan.diagnostics import Failure
from lrplan.formats.digest import plan_digest
from lrplan.model.album import Album, AlbumKind, Membership
from lrplan.model.asset import UNKNOWN_DATE, Asset
from lrplan.model.ids import AccountId, AlbumId, AssetId, CatalogId, Sha256
from lrplan.model.snapshot import Snapshot
from lrplan.model.window import EVERYTHING
from lrplan.plan.plan import Plan
from lrplan.workflow import finding
from tests.memory_catalog import MemoryCatalog
from tests.scenarios.live import SERVICE
from tests.studio import Studio, photo, world_of

PHOTOS = 2500  # five pages
NEW = AssetId("f" * 32)


def sha256(number: int) -> Sha256:
    return Sha256(f"{number:064x}")


def large_world() -> Snapshot:
    """The catalog of a studio, with further photos from a year before."""
    world = world_of()
    others = (
        Asset(
            id=photo(number),
            file_name=f"Q{number}.jpg",
            capture_date=f"2025-01-01T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}",
            sha256=sha256(number),
        )
        for number in range(100, PHOTOS)
    )
    return evolve(world, assets={**world.assets, **{asset.id: asset for asset in others}})


class Watched(MemoryCatalog):
    """Remembers what it was asked for photos, and tells as changed what differs from the catalog at the start."""

    def __init__(self, world: Snapshot) -> None:
        super().__init__(world, before=lambda _, name: self.asked.append(name))
        self.asked: list[str] = []
        self.first = dict(world.assets)
        self.is_silent = False

    async def changed_since(self, instant: str, *, with_trash: bool = True) -> tuple[Asset, ...]:
        changed = [one for one in self.world.assets.values() if self.first.get(one.id) != one]
        shown = [one for one in changed if with_trash or not one.is_trashed]
        return self._answered("changed_since", () if self.is_silent else tuple(shown))

    async def walk(self, *, captured_after: str | None, captured_before: str | None) -> tuple[Asset, ...]:
        found = await super().walk(captured_after=captured_after, captured_before=captured_before)
        return tuple(one for one in found if not one.is_trashed)

    def with_photos(self, *assets: Asset) -> None:
        self.edit(assets={**self.world.assets, **{asset.id: asset for asset in assets}})

    def without(self, *gone: AssetId) -> None:
        self.edit(assets={key: one for key, one in self.world.assets.items() if key not in gone})

    def trash(self, one: AssetId) -> None:
        self.with_photos(evolve(self.world.assets[one], subtype="deleted_image"))


@pytest.fixture
def studio() -> Studio:
    return Studio(Watched(large_world()))


def catalog_of(studio: Studio) -> Watched:
    assert isinstance(studio.catalog, Watched)
    return studio.catalog


def albums(*members: str, within: str = "") -> str:
    return f"albums:\n  iceland: {{name: Iceland, members: [{', '.join(members)}]{within}}}\n"


def told(studio: Studio, wish: str) -> tuple[Plan | str, list[str]]:
    """The plan, or what was said instead, and the questions for photos that it took."""
    catalog = catalog_of(studio)
    catalog.asked.clear()
    before = catalog.calls
    try:
        made: Plan | str = studio.plan(wish)
    except Failure as failure:
        return "\n".join(f"{one.code} {one.why}" for one in failure.diagnostics), catalog.asked[3:]
    assert isinstance(made, Plan)
    assert made.summary.read_calls == catalog.calls - before
    return made, [name for name in catalog.asked if name not in ("account", "catalog", "albums", "members")]


def known(studio: Studio) -> Studio:
    """The studio once its catalog was listed."""
    _, asked = told(studio, albums("Q100.jpg"))
    assert asked == ["walk"]
    assert studio.index.index is not None
    assert studio.index.index.covers(EVERYTHING)
    return studio


def same_without_index(studio: Studio, wish: str) -> list[str]:
    """See that a plan with the index is the plan without it; what the former asked."""
    with_index, asked = told(studio, wish)
    kept, studio.index.index = studio.index.index, None
    without, _ = told(studio, wish)
    studio.index.index = kept
    if isinstance(with_index, Plan):
        assert isinstance(without, Plan)
        assert plan_digest(with_index) == plan_digest(without)
        assert with_index.changes == without.changes
    else:
        assert _but_for_the_time(with_index) == _but_for_the_time(without)
    return asked


def _but_for_the_time(said: Plan | str) -> str:
    assert isinstance(said, str)
    return "\n".join(line.partition(" were read at ")[0] for line in said.splitlines())


# --- in which calls ---


def test_a_name_is_looked_for_among_what_changed_once_the_catalog_was_listed(studio: Studio) -> None:
    known(studio)
    assert same_without_index(studio, albums("Q101.jpg")) == ["changed_since", "assets_by_id"]
    catalog_of(studio).with_photos(Asset(id=NEW, file_name="new.jpg"))
    assert same_without_index(studio, albums("new.jpg")) == ["changed_since"]
    assert same_without_index(studio, albums("new.jpg", "Q101.jpg")) == ["changed_since", "assets_by_id"]


def test_a_walk_is_taken_where_it_is_cheaper(studio: Studio) -> None:
    known(studio)
    many = [f"Q{number}.jpg" for number in range(100, 500)]
    assert same_without_index(studio, albums(*many)) == ["walk"]
    assert same_without_index(studio, albums(*many[:200])) == ["changed_since", "assets_by_id"]


def test_dates_are_walked_where_they_are_a_page_or_two(studio: Studio) -> None:
    known(studio)
    within = ", within: {capturedAfter: 2026-01-01}"
    assert same_without_index(studio, albums("P01.jpg", within=within)) == ["walk"]
    assert same_without_index(studio, albums("Q101.jpg", within=within)) == ["walk", "changed_since", "assets_by_id"]


def test_dates_that_were_listed_once_are_known(studio: Studio) -> None:
    within = ", within: {capturedBefore: 2026-01-01}"
    assert told(studio, albums("Q101.jpg", within=within))[1] == ["walk"]
    assert told(studio, albums("Q102.jpg", within=within))[1] == ["changed_since", "assets_by_id"]
    assert told(studio, albums("Q102.jpg", "P01.jpg"))[1] == ["walk"], "the whole catalog was never listed"


def test_what_is_undated_lies_in_no_dates_and_in_the_whole_catalog(studio: Studio) -> None:
    catalog_of(studio).with_photos(Asset(id=NEW, file_name="new.jpg", capture_date=UNKNOWN_DATE))
    catalog_of(studio).first = dict(studio.catalog.world.assets)
    known(studio)
    assert same_without_index(studio, albums("new.jpg")) == ["changed_since", "assets_by_id"]


def test_a_plan_that_needs_no_photo_loads_no_index(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    known(studio)
    planned = studio.plan(albums("Q100.jpg"))
    studio.apply(planned, albums("Q100.jpg"))

    def load(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(studio.index, "load", load)
    assert told(studio, albums("Q100.jpg"))[1] == []


def test_hashes_are_looked_up_or_known_or_walked_for_whichever_is_cheapest(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = [f"{{sha256: {sha256(number)}}}" for number in range(100, 103)]
    many = [f"{{sha256: {sha256(number)}}}" for number in range(100, 130)]
    hosts = [f"{{sha256: {sha256(number)}}}" for number in range(100, 600)]
    assert told(studio, albums(*few))[1] == ["assets_by_sha256"] * 3
    assert told(studio, albums(*many))[1] == ["assets_by_sha256"] * 30
    assert told(studio, albums(*hosts))[1] == ["walk"]
    assert same_without_index(studio, albums(*few)) == ["assets_by_sha256"] * 3
    monkeypatch.setattr(finding, "WALK_CALLS_EXPECTED", 1000)
    assert same_without_index(studio, albums(*many)) == ["changed_since", "assets_by_id"]
    catalog_of(studio).without(photo(100))
    assert same_without_index(studio, albums(*many)) == ["changed_since", "assets_by_id", "assets_by_sha256"]
    assert same_without_index(studio, albums(*hosts)) == ["walk"]


# --- what is not settled by what happens to be listed ---


def test_a_photo_of_that_name_in_another_album_settles_nothing(studio: Studio) -> None:
    two = "albums:\n  one: {name: One, members: [P01.jpg]}\n"
    studio.apply(studio.plan(two), two)
    catalog_of(studio).with_photos(Asset(id=NEW, file_name="P01.jpg", capture_date="2020-01-01T00:00:00"))
    studio.index.index = None
    said, asked = told(studio, f"{two}  two: {{name: Two, members: [P01.jpg]}}\n")
    assert "LRP205" in str(said)
    assert "walk" in asked


def test_an_album_of_within_is_listed_only_where_names_are_open(studio: Studio) -> None:
    by_hand = AlbumId("e" * 32)
    album = Album(id=by_hand, kind=AlbumKind.ALBUM, service_id=SERVICE, name="Raw")
    listing = Membership(asset_ids=(photo(1), photo(2)), orders=("1", "2"))
    studio.catalog.edit(albums={by_hand: album}, members={by_hand: listing})
    wish = f"albums:\n  two: {{name: Two, members: [P01.jpg], within: {{album: {by_hand}}}}}\n"
    made, asked = told(studio, wish)
    assert isinstance(made, Plan)
    assert (asked, made.summary.read_calls) == ([], 4)
    studio.apply(made, wish)
    assert told(studio, wish)[0].summary.read_calls == 4, "its own listing, and not that of the other"
    more = told(studio, wish.replace("P01.jpg", "P01.jpg, P02.jpg"))
    assert (more[1], more[0].summary.read_calls) == ([], 5)
    assert more[0].changes[0].members.before == (photo(1),), "what it holds itself is not forgotten for the other"
    assert more[0].summary.members_add == 1


# --- an index that is wrong ---


def renamed(catalog: Watched) -> None:
    catalog.with_photos(evolve(catalog.world.assets[photo(101)], file_name="other.jpg"))


def twin(catalog: Watched) -> None:
    catalog.with_photos(Asset(id=NEW, file_name="Q101.jpg", capture_date="2026-01-01T00:00:00"))


def deleted(catalog: Watched) -> None:
    catalog.without(photo(101))


def trashed(catalog: Watched) -> None:
    catalog.trash(photo(101))


def brought_back(catalog: Watched) -> None:
    deleted(catalog)
    twin(catalog)


@pytest.mark.parametrize("happened", [renamed, twin, deleted, trashed, brought_back])
@pytest.mark.parametrize("name", ["Q101.jpg", "other.jpg"])
def test_what_changed_since_changes_no_plan(studio: Studio, happened: Callable[[Watched], None], name: str) -> None:
    known(studio)
    happened(catalog_of(studio))
    same_without_index(studio, albums(name, "Q102.jpg"))


@pytest.mark.parametrize("happened", [renamed, deleted, trashed, brought_back])
@pytest.mark.parametrize("name", ["Q101.jpg", "other.jpg"])
def test_a_service_that_forgets_what_changed_costs_calls_and_no_plan(
    studio: Studio, happened: Callable[[Watched], None], name: str
) -> None:
    known(studio)
    happened(catalog_of(studio))
    catalog_of(studio).is_silent = True
    assert "walk" in same_without_index(studio, albums(name, "Q102.jpg"))


def test_what_lies_in_the_trash_or_has_left_is_not_searched_for_again_and_again(studio: Studio) -> None:
    wish = albums("Q101.jpg", "Q102.jpg", "Q103.jpg")
    studio.apply(studio.plan(wish), wish)
    catalog_of(studio).trash(photo(101))
    catalog_of(studio).without(photo(102))
    same_without_index(studio, wish)
    assert "walk" not in same_without_index(studio, wish)


@pytest.mark.parametrize("whose", ["account_id", "catalog_id"])
def test_an_index_of_another_catalog_is_not_used(studio: Studio, whose: str) -> None:
    known(studio)
    assert studio.index.index is not None
    other = AccountId("9" * 32) if whose == "account_id" else CatalogId("9" * 32)
    studio.index.index = evolve(studio.index.index, **{whose: other})
    assert told(studio, albums("Q101.jpg"))[1] == ["walk"]


def test_an_index_from_the_future_is_not_used(studio: Studio) -> None:
    known(studio)
    assert studio.index.index is not None
    studio.index.index = evolve(studio.index.index, as_of="2099-01-01T00:00:00.000000Z")
    assert told(studio, albums("Q101.jpg"))[1] == ["walk"]


def test_what_changed_is_asked_for_from_a_day_before_the_index_was_made(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    known(studio)
    assert studio.index.index is not None
    studio.index.index = evolve(studio.index.index, as_of="2026-05-01T12:00:00.000000Z")
    asked: list[str] = []

    async def changed_since(instant: str, *, with_trash: bool = True) -> tuple[Asset, ...]:
        asked.append(instant)
        return ()

    monkeypatch.setattr(studio.catalog, "changed_since", changed_since)
    studio.plan(albums("Q101.jpg"))
    assert asked == ["2026-04-30T12:00:00Z"]
    assert studio.index.index is not None
    assert studio.index.index.as_of > "2026-05-01T12"

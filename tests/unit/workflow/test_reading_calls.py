"""What a plan reads in each situation: no more than it must, and nothing twice."""

from collections import Counter
from collections.abc import Mapping

import pytest
from attrs import evolve

from lrplan.model.ids import Sha256
from lrplan.model.inventory import Original
from tests.memory_catalog import MemoryCatalog
from tests.studio import Studio, photo, world_of

SENT = "e" * 64
PROJECT = ("account", "catalog", "albums")
ORIGINAL = Original(
    path="originals/new.jpg",
    file_name="new.jpg",
    size_bytes=1000,
    sha256=Sha256(SENT),
    part_size_bytes=200_000_000,
    part_checks=("0" * 16,),
    subtype="image",
    content_type="image/jpeg",
    capture_date="2026-05-02T10:00:00",
)

BEFORE = """\
sets:
  travel: {name: Travel}
  other: {name: Other}
albums:
  one: {name: One, parent: travel, members: [P01.jpg, P02.jpg, P03.jpg], cover: P02.jpg}
  two: {name: Two, parent: travel, members: [P03.jpg, P04.jpg]}
"""
MEMBERS = {"members": 2}  # a page of each album


class Asked(MemoryCatalog):
    """Counts the questions by their names."""

    def __init__(self, photos: int = 12) -> None:
        super().__init__(world_of(photos), before=lambda _, name: self.asked.update([name]))
        self.asked: Counter[str] = Counter()


@pytest.fixture
def studio() -> Studio:
    made = Studio(Asked())
    made.files.originals = {ORIGINAL.path: ORIGINAL}
    made.run(BEFORE)
    made.index.index = None
    return made


def asked_by(studio: Studio, wish: str) -> Mapping[str, int]:
    """The questions of a plan, less the account, the catalog and the albums, which every plan asks for once."""
    assert isinstance(studio.catalog, Asked)
    studio.catalog.asked.clear()
    studio.plan(wish)
    asked = studio.catalog.asked
    assert [asked.pop(name) for name in PROJECT] == [1, 1, 1]
    return dict(asked)


def changed(old: str, new: str) -> str:
    assert old in BEFORE
    return BEFORE.replace(old, new)


@pytest.mark.parametrize(
    ("wish", "more"),
    [
        pytest.param(BEFORE, {}, id="nothing changes"),
        pytest.param(changed("cover: P02.jpg", "cover: P01.jpg"), {}, id="another cover"),
        pytest.param(changed("cover: P02.jpg", f"cover: {{id: {photo(1)}}}"), {}, id="another cover by id"),
        pytest.param(changed("parent: travel", "parent: other"), {}, id="albums move"),
        pytest.param(changed("travel: {name: Travel}", "travel: {name: Travel, parent: other}"), {}, id="a set moves"),
        pytest.param(changed("[P01.jpg, P02.jpg, P03.jpg]", "[P02.jpg, P03.jpg]"), {}, id="a photo is removed"),
        pytest.param(changed("[P01.jpg, P02.jpg, P03.jpg]", "[P03.jpg, P02.jpg, P01.jpg]"), {}, id="another order"),
        pytest.param(changed("  two: {name: Two,", "  more: {name: More,"), {"walk": 1}, id="a new album, with names"),
        pytest.param(changed("P03.jpg]", "P03.jpg, P09.jpg]"), {"walk": 1}, id="a name"),
        pytest.param(changed("P03.jpg]", f"P03.jpg, {{id: {photo(9)}}}]"), {"assets_by_id": 1}, id="an id"),
        pytest.param(changed("P03.jpg]", f"P03.jpg, {{id: {photo(4)}}}]"), {}, id="the id of another album's photo"),
        pytest.param(
            changed("P03.jpg]", f"P03.jpg, {{upload: ../{ORIGINAL.path}}}]"),
            {"assets_by_id": 1, "assets_by_sha256": 1},
            id="a file that the catalog lacks",
        ),
        pytest.param(
            changed("P03.jpg]", f"P03.jpg, {{upload: ../{ORIGINAL.path}}}, P09.jpg]"),
            {"assets_by_id": 1, "walk": 1},
            id="a file that the catalog lacks, and a name",
        ),
    ],
)
def test_a_plan_reads_what_it_must(studio: Studio, wish: str, more: Mapping[str, int]) -> None:
    assert asked_by(studio, wish) == {**MEMBERS, **more}


def test_without_state_no_more_is_read(studio: Studio) -> None:
    studio.memory.forget()
    assert asked_by(studio, BEFORE) == MEMBERS


def test_of_an_interrupted_replacement_each_generation_is_listed_once(studio: Studio) -> None:
    old = studio.album("One")
    studio.run(changed("[P01.jpg, P02.jpg, P03.jpg]", "[P03.jpg, P02.jpg, P01.jpg]"))
    world = studio.catalog.world
    studio.catalog.edit(
        albums={**world.albums, old.id: old},
        members={**world.members, old.id: world.members[studio.album("Two").id]},
    )
    assert len(studio.catalog.world.albums) == 5
    assert asked_by(studio, BEFORE) == {"members": 3}


def test_an_original_that_arrived_is_asked_after_and_nothing_else(studio: Studio) -> None:
    """No field of a photo tells whether its original has arrived, and what was cut off must be sent again."""
    wish = changed("P03.jpg]", f"P03.jpg, {{upload: ../{ORIGINAL.path}}}]")
    studio.run(wish)
    assert asked_by(studio, wish) == {**MEMBERS, "incomplete": 1}


def test_ids_are_looked_up_a_hundred_a_call() -> None:
    studio = Studio(Asked(450))
    ids = ", ".join(f"{{id: {key}}}" for key in sorted(studio.catalog.world.assets)[:251])
    wish = f"albums:\n  one: {{name: One, members: [{ids}]}}\n"
    before = studio.catalog.calls
    studio.plan(wish)
    assert studio.catalog.calls - before == 3 + 3


def test_a_thousand_members_are_listed_in_two_pages_and_need_no_walk() -> None:
    studio = Studio(Asked(1000))
    names = ", ".join(asset.file_name for asset in studio.catalog.world.assets.values())
    wish = f"albums:\n  one: {{name: One, members: [{names}]}}\n"
    studio.run(wish)
    before = studio.catalog.calls
    assert studio.plan(wish).is_empty
    assert studio.catalog.calls - before == 3 + 2


def test_of_an_album_that_is_not_managed_nothing_is_listed(studio: Studio) -> None:
    world = studio.catalog.world
    named = evolve(studio.album("One"), name="Uno")
    studio.catalog.edit(albums={**world.albums, named.id: named})
    bare = changed(", members: [P01.jpg, P02.jpg, P03.jpg], cover: P02.jpg", "")
    assert asked_by(studio, bare) == {"members": 1}

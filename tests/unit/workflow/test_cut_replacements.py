"""Replacements that were cut off, one after another: the wish is reached, and nobody is said to have done it."""

import pytest
from attrs import evolve

from lrplan.diagnostics import ExitCode
from lrplan.model.ids import AssetId
from lrplan.plan.guard import refusals
from lrplan.plan.plan import Plan
from lrplan.plan.write import Answer, PutAlbum, PutMembers, Refused, RemoveAlbum, Write
from tests.memory_catalog import MemoryCatalog
from tests.studio import Studio, photo, world_of


class CutOff(BaseException):
    """The process is gone."""


class Cutting(MemoryCatalog):
    """Cuts a run off before or after the first request of a kind; may refuse to make albums."""

    before: type[Write] | None = None  # type: ignore[valid-type]
    after: type[Write] | None = None  # type: ignore[valid-type]
    refuses = False

    async def send(self, write: Write, *, stamp: str) -> Answer:
        if self.before is not None and isinstance(write, self.before):
            raise CutOff
        if self.refuses and isinstance(write, PutAlbum):
            return self._answered("PutAlbum", Refused(status=403, why="no"))
        answer = await super().send(write, stamp=stamp)
        if self.after is not None and isinstance(write, self.after):
            raise CutOff
        return answer


def wish(*photos: int) -> str:
    return f"albums:\n  a: {{name: A, members: [{', '.join(f'P{photo:02}.jpg' for photo in photos)}]}}\n"


def begun(*photos: int) -> tuple[Studio, Cutting]:
    catalog = Cutting(world_of())
    studio = Studio(catalog)
    studio.run(wish(*photos))
    return studio, catalog


def cut(
    studio: Studio, catalog: Cutting, albums: str, *, before: type | None = None, after: type | None = None
) -> None:
    catalog.before, catalog.after = before, after
    with pytest.raises((CutOff, BaseExceptionGroup)):
        studio.run(albums)
    catalog.before = catalog.after = None


def inside(catalog: Cutting) -> list[list[int]]:
    return [[int(a, 16) for a in listing.asset_ids] for listing in catalog.world.members.values()]


def reaches(studio: Studio, catalog: Cutting, *photos: int) -> Plan:
    plan = studio.plan(wish(*photos))
    assert plan.drift == ()
    assert studio.apply(plan, wish(*photos)).exit_code is ExitCode.DONE
    assert inside(catalog) == [list(photos)]
    assert studio.plan(wish(*photos)).is_empty
    return plan


def test_a_replacement_that_never_came_to_be_leaves_nothing_behind() -> None:
    studio, catalog = begun(1, 2, 3)
    cut(studio, catalog, wish(1, 3), after=PutMembers)
    cut(studio, catalog, wish(3), before=PutAlbum)
    reaches(studio, catalog, 3)


def test_a_photo_that_was_left_behind_and_put_back_by_lrplan_is_its_own_again() -> None:
    studio, catalog = begun(1, 2, 3, 4)
    cut(studio, catalog, wish(1, 2, 3), after=RemoveAlbum)
    cut(studio, catalog, wish(1, 2, 3, 4), after=PutMembers)
    reaches(studio, catalog, 1, 2, 3)


def test_a_photo_that_was_left_behind_and_taken_along_after_all_is_lrplans_own_again() -> None:
    studio, catalog = begun(1, 2)
    cut(studio, catalog, wish(2), after=PutAlbum)
    cut(studio, catalog, "albums:\n  a: {name: A}\n", after=PutMembers)
    reaches(studio, catalog, 2)


def test_a_photo_that_was_left_behind_and_put_back_by_a_person_stays() -> None:
    studio, catalog = begun(1, 2, 3)
    cut(studio, catalog, wish(1, 3), after=PutAlbum)
    newest = max(catalog.world.albums)
    listing = catalog.world.members[newest]
    returned = evolve(listing, asset_ids=(*listing.asset_ids, AssetId(f"{2:032x}")), orders=(*listing.orders, None))
    catalog.edit(members={**catalog.world.members, newest: returned})
    assert studio.run(wish(1, 3)).exit_code is ExitCode.DONE
    assert [sorted(album) for album in inside(catalog)] == [[1, 2, 3]]


def test_an_order_that_lrplan_itself_made_in_two_runs_is_nobody_elses() -> None:
    studio, catalog = begun(1, 2, 3)
    cut(studio, catalog, wish(2, 1), after=PutAlbum)
    cut(studio, catalog, wish(2, 1), after=PutMembers)
    reaches(studio, catalog, 1, 2)


@pytest.mark.parametrize("until", [PutAlbum, PutMembers])
def test_a_photo_that_was_never_arranged_is_said_to_have_been_dragged_by_nobody(until: type) -> None:
    studio, catalog = begun(1, 2, 3)
    studio.edit_members(
        "A", lambda held: evolve(held, asset_ids=tuple(map(photo, (1, 9, 2, 3))), orders=("1", "2", "3", "4"))
    )
    cut(studio, catalog, wish(1, 2, 3, 9), before=until)
    reaches(studio, catalog, 1, 2, 3, 9)


def test_three_generations_are_read_in_the_order_that_people_had() -> None:
    studio, catalog = begun(1, 2, 3)
    cut(studio, catalog, wish(1, 3), after=PutMembers)
    cut(studio, catalog, wish(3), after=PutMembers)
    reaches(studio, catalog, 1, 2, 3)


def test_generations_that_disagree_were_dragged_by_nobody() -> None:
    studio, catalog = begun(3)
    cut(studio, catalog, wish(1, 2, 4), after=PutMembers)
    cut(studio, catalog, wish(2, 3, 6), after=PutMembers)
    reaches(studio, catalog, 5, 1, 2, 6)


def test_what_no_replacement_ever_took_out_was_not_judged() -> None:
    studio, catalog = begun(1, 2, 3, 4, 5, 6)
    catalog.refuses = True
    for gone in (1, 2, 3, 4):
        studio.run(wish(*(photo for photo in range(1, 7) if photo != gone)))
    plan, limits = studio.plan(wish(5, 6)), studio.manifest(wish(5, 6)).project.limits
    assert plan.summary.members_remove == 4
    assert [said.code for said in refusals(evolve(plan, allowed={}), limits)] == ["LRP401"]


def test_what_a_replacement_takes_out_was_judged_when_it_began() -> None:
    studio, catalog = begun(1, 2, 3, 4, 5, 6)
    cut(studio, catalog, wish(5, 6), after=PutAlbum)
    plan, limits = studio.plan(wish(5, 6)), studio.manifest(wish(5, 6)).project.limits
    assert plan.summary.members_remove == 4
    assert refusals(evolve(plan, allowed={}), limits) == ()
    plan = studio.plan(wish(6))
    assert [said.what for said in refusals(evolve(plan, allowed={}), limits)] == []
    plan = studio.plan("albums:\n  a: {name: A, members: []}\n")
    assert [said.what for said in refusals(evolve(plan, allowed={}), limits)] == ["2 photos to remove, the limit is 1"]

"""Whose order it is: what a person dragged stays, and what the list asks for the first time is made."""

from collections.abc import Callable

import pytest
from attrs import evolve

from lrplan.diff.change import DriftKind
from lrplan.model.album import Membership
from lrplan.model.order_keys import keys_between
from lrplan.workflow.report import Verified
from tests.studio import Studio, photo


def wish(*photos: int) -> str:
    return f"albums:\n  a: {{name: A, members: [{', '.join(f'P{one:02}.jpg' for one in photos)}]}}\n"


def shown_as(*photos: int) -> Callable[[Membership], Membership]:
    """An album that a person arranged, adding what was not in it."""
    keys = keys_between(None, None, len(photos))
    assert keys is not None
    return lambda held: evolve(held, asset_ids=tuple(map(photo, photos)), orders=keys)


def trash(studio: Studio, number: int, *, subtype: str = "deleted_image") -> None:
    assets = studio.catalog.world.assets
    studio.catalog.edit(assets={**assets, photo(number): evolve(assets[photo(number)], subtype=subtype)})


def inside(studio: Studio) -> list[int]:
    return [int(asset_id, 16) for asset_id in studio.members("A")]


def test_a_photo_that_somebody_else_added_goes_where_the_list_names_it_first() -> None:
    studio = Studio()
    studio.run(wish(1, 2, 3))
    studio.edit_members("A", shown_as(1, 9, 2, 3))
    plan = studio.plan(wish(1, 2, 3, 9))
    assert plan.drift == ()
    assert studio.apply(plan, wish(1, 2, 3, 9)).verified is Verified.MANIFESTS
    assert inside(studio) == [1, 2, 3, 9]
    assert studio.plan(wish(1, 2, 3, 9)).is_empty


def test_once_it_was_arranged_a_person_may_drag_it_like_any_other() -> None:
    studio = Studio()
    studio.run(wish(1, 2, 3))
    studio.edit_members("A", shown_as(1, 2, 3, 9))
    studio.run(wish(1, 2, 3, 9))
    studio.edit_members("A", shown_as(1, 9, 2, 3))
    plan = studio.plan(wish(1, 2, 3, 9))
    assert ([one.kind for one in plan.drift], plan.is_empty) == ([DriftKind.REORDERED], True)


@pytest.mark.parametrize("others", [(1, 2, 3), (1, 2, 3, 4)])
def test_a_dragged_photo_that_comes_back_from_the_trash_keeps_the_place_that_a_person_gave_it(
    others: tuple[int, ...],
) -> None:
    studio = Studio()
    studio.run(wish(1, 2, 3))
    studio.edit_members("A", shown_as(2, 1, 3))
    trash(studio, 2)
    studio.run(wish(*others))
    trash(studio, 2, subtype="image")
    plan = studio.plan(wish(*others))
    assert ([one.kind for one in plan.drift], plan.is_empty) == ([DriftKind.REORDERED], True)


def test_a_photo_that_the_list_moves_while_it_is_in_the_trash_goes_there_when_it_comes_back() -> None:
    studio = Studio()
    studio.run(wish(1, 2, 3))
    trash(studio, 2)
    studio.run(wish(1, 3, 2))
    trash(studio, 2, subtype="image")
    studio.run(wish(1, 3, 2))
    assert inside(studio) == [1, 3, 2]

"""Determinism: one wish and one catalog give one plan, whatever order files and pages come in."""

import random
from collections.abc import Mapping
from typing import TypeVar

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lrplan.formats.plan import plan_digest
from lrplan.model.address import Address
from lrplan.model.album import Album
from lrplan.model.asset import Asset
from lrplan.model.ids import AlbumId
from lrplan.model.snapshot import Snapshot
from lrplan.model.state import Binding
from lrplan.plan.plan import Plan
from lrplan.ports import MemberListing
from tests.laws.profile import law, note
from tests.laws.stage import Stage, manifest_of
from tests.memory_catalog import MemoryCatalog
from tests.strategies import Situation, situations

K = TypeVar("K")
T = TypeVar("T")


class ShuffledCatalog(MemoryCatalog):
    """Lists albums and assets in any order; the members of an album have theirs."""

    async def albums(self) -> tuple[Album, ...]:
        return _shuffled(await super().albums())

    async def members(self, album_id: AlbumId) -> MemberListing | None:
        listing = await super().members(album_id)
        return None if listing is None else evolve(listing, assets=_shuffled(listing.assets))

    async def walk(self, *, captured_after: str | None, captured_before: str | None) -> tuple[Asset, ...]:
        return _shuffled(await super().walk(captured_after=captured_after, captured_before=captured_before))


def _shuffled(items: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(random.Random(len(items)).sample(items, len(items)))


def turned(world: Snapshot, seed: int) -> Snapshot:
    """*world* with every mapping in another order."""

    def turn(mapping: Mapping[K, T]) -> dict[K, T]:
        keys = list(mapping)
        random.Random(seed).shuffle(keys)
        return {key: mapping[key] for key in keys}

    members = {key: evolve(listing, infos=turn(listing.infos)) for key, listing in world.members.items()}
    return evolve(world, albums=turn(world.albums), members=turn(members), assets=turn(world.assets))


@law
@given(situation=situations(), order=st.lists(st.integers(0, 9), max_size=6), seed=st.integers(0, 99))
def test_the_order_of_files_and_pages_changes_no_byte_of_the_digest(
    situation: Situation, order: list[int], seed: int
) -> None:
    stage = Stage.set_up(situation)
    other = stage.copy(ShuffledCatalog)
    other.catalog.world = turned(stage.world, seed)
    one = stage.try_plan(manifest_of(situation.wish))
    two = other.try_plan(manifest_of(situation.wish, order=tuple(order), files=1 + seed % 3))
    assert (one is None) == (two is None)
    if one is None or two is None:
        return
    note(one.plan)
    assert plan_digest(one.plan) == plan_digest(two.plan)
    assert one.plan.steps == two.plan.steps
    assert one.plan.summary == two.plan.summary
    assert _remembered(one.plan) == _remembered(two.plan)


def _remembered(plan: Plan) -> dict[Address, Binding]:
    """What the plan's steps make true, less the lines in which it is written."""
    touched = {step.action.address for step in plan.steps}
    return {a: evolve(target, source="") for a, target in plan.targets.items() if a in touched}

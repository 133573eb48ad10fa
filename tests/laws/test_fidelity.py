"""Fidelity: what nobody asked lrplan to manage is as it was, also where an album is replaced."""

from hypothesis import given

from lrplan.diff.change import Verb
from tests.laws.expected import picture, taken
from tests.laws.profile import law, note
from tests.laws.stage import ADDRESSES, Stage, generations_of
from tests.strategies import Situation, situations


@law
@given(situation=situations())
def test_what_is_not_managed_is_never_lost(situation: Situation) -> None:
    stage = Stage.set_up(situation)
    before = stage.world
    result = stage.run(situation.wish)
    if result is None:
        assert picture(stage.world) == picture(before)
        return
    note(result[0])
    assert taken(before, stage.world, situation.wish, stage) == []


@law
@given(situation=situations())
def test_without_state_nothing_goes_but_the_older_generation_of_what_is_declared(situation: Situation) -> None:
    stage = Stage.set_up(situation)
    stage.memory.forget()
    stage.remembers = False
    before = stage.world
    result = stage.run(situation.wish)
    if result is None:
        return
    plan, _ = result
    note(plan)
    assert not plan.has_state
    assert all(change.verb is not Verb.DELETE for change in plan.changes)
    assert plan.summary.members_remove == 0
    for address in ADDRESSES:
        was, now = generations_of(address, before), generations_of(address, stage.world)
        assert bool(now) >= bool(was)
        usable = {a for a, asset in before.assets.items() if not asset.is_trashed}
        members = {a for one in was if one in before.members for a in before.members[one].asset_ids} & usable
        assert members <= {a for one in now if one in stage.world.members for a in stage.world.members[one].asset_ids}

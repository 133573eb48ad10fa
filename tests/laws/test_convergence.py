"""Convergence: applying reaches the wish, whatever the catalog and its history."""

from hypothesis import given

from lrplan.plan.simulate import simulate
from lrplan.workflow.report import Verified
from tests.laws.expected import come_to_rest, picture, unmet
from tests.laws.profile import law, note
from tests.laws.stage import BuryingCatalog, KeepingCatalog, Stage, ended_well, manifest_of
from tests.strategies import Situation, situations


@law
@given(situation=situations())
def test_applying_reaches_the_wish(situation: Situation) -> None:
    stage = Stage.set_up(situation)
    result = stage.run(situation.wish)
    if result is None:
        return
    plan, report = result
    note(plan)
    ended_well(report)
    assert report.remains == ()
    assert report.verified is not Verified.NOTHING
    assert unmet(situation.wish, stage, plan) == []


@law
@given(situation=situations())
def test_applying_does_what_the_simulation_says(situation: Situation) -> None:
    stage = Stage.set_up(situation)
    before = stage.world
    result = stage.run(situation.wish)
    if result is None:
        return
    plan, _ = result
    note(plan)
    assert picture(simulate(plan, before)) == picture(stage.world)


@law
@given(situation=situations())
def test_ids_that_were_used_up_do_not_stand_in_the_way(situation: Situation) -> None:
    stage = Stage.set_up(situation, BuryingCatalog)
    result = stage.run(situation.wish)
    if result is None:
        return
    plan, report = result
    note(plan)
    ended_well(report)
    assert unmet(situation.wish, stage, plan) == []
    come_to_rest(stage, situation.wish, plan)
    again = stage.run(situation.wish)
    assert again is not None
    assert again[0].steps == ()


@law
@given(situation=situations())
def test_where_nothing_leaves_its_set_a_new_album_does(situation: Situation) -> None:
    stage = Stage.set_up(situation, KeepingCatalog)
    first = stage.run(situation.wish)
    if first is None:
        return
    second = stage.run(situation.wish)
    assert second is not None
    note(first[0])
    ended_well(second[1])
    assert second[1] is not None
    assert second[1].remains == ()
    assert unmet(situation.wish, stage, second[0]) == []
    last = stage.try_plan(manifest_of(situation.wish))
    assert last is not None
    assert last.plan.is_empty

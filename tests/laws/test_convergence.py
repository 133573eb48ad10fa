"""Applying reaches the wish, and then there is nothing left to do."""

from hypothesis import given

from lrplan.plan.simulate import simulate
from lrplan.workflow.report import Bucket, Verified
from tests.laws.expected import picture, unmet
from tests.laws.profile import law, note
from tests.laws.stage import Stage, TwiceCatalog
from tests.strategies import Situation, situations

GOOD = {Bucket.DONE, Bucket.ALREADY, Bucket.BLOCKED}


@law
@given(situation=situations())
def test_applying_reaches_the_wish(situation: Situation) -> None:
    stage = Stage.set_up(situation)
    result = stage.run(situation.wish)
    if result is None:
        return
    plan, report = result
    note(plan)
    assert report is not None
    assert {item.bucket for item in report.items} <= GOOD, report.items
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
def test_a_plan_after_an_apply_is_empty(situation: Situation) -> None:
    stage = Stage.set_up(situation)
    result = stage.run(situation.wish)
    if result is None:
        return
    note(result[0])
    writes = len(stage.catalog.writes)
    again = stage.run(situation.wish)
    assert again is not None
    plan, report = again
    assert plan.steps == ()
    assert report is not None
    assert report.remains == ()
    assert len(stage.catalog.writes) == writes


@law
@given(situation=situations())
def test_a_service_that_gets_every_write_twice_ends_in_the_same_catalog(situation: Situation) -> None:
    once = Stage.set_up(situation)
    twice = once.copy(TwiceCatalog)
    result = once.run(situation.wish)
    if result is None:
        return
    note(result[0])
    again = twice.run(situation.wish)
    assert again is not None
    assert again[1] is not None
    assert {item.bucket for item in again[1].items} <= GOOD, again[1].items
    assert picture(once.world) == picture(twice.world)


@law
@given(situation=situations())
def test_any_write_may_be_sent_again(situation: Situation) -> None:
    stage = Stage.set_up(situation)
    first = len(stage.catalog.writes)
    result = stage.run(situation.wish)
    if result is None:
        return
    note(result[0])
    world = stage.world
    again = stage.copy()
    for write in stage.catalog.writes[first:]:
        again.send_again(write)
    assert again.world == world

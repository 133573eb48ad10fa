"""Idempotence: doing twice what is to be done once changes nothing more."""

from hypothesis import given

from tests.laws.expected import picture
from tests.laws.profile import law, note
from tests.laws.stage import GOOD, Stage, TwiceCatalog, ended_well
from tests.strategies import Situation, situations


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


@law
@given(situation=situations())
def test_applying_the_same_plan_again_sends_nothing(situation: Situation) -> None:
    stage = Stage.set_up(situation)
    result = stage.run(situation.wish)
    if result is None:
        return
    plan, _ = result
    note(plan)
    writes = len(stage.catalog.writes)
    report = stage.apply(plan, None)
    ended_well(report)
    assert len(stage.catalog.writes) == writes

"""Resumption: however a run was cut off, the next one ends where an undisturbed one would have."""

from hypothesis import given
from hypothesis import strategies as st

from lrplan.plan.plan import Plan
from tests.laws.expected import come_to_rest, picture, puts_off, taken, too_many, unmet
from tests.laws.profile import law, note
from tests.laws.stage import GOOD, Stage, ended_well, manifest_of
from tests.strategies import Situation, Wish, situations


def ticks_of(stage: Stage, situation: Situation) -> tuple[Stage, int] | None:
    """An undisturbed run on a copy of *stage*, and how many ticks it took; None if there is nothing to do."""
    undisturbed = stage.copy()
    manifest = manifest_of(situation.wish)
    result = undisturbed.try_plan(manifest)
    if result is None:
        return None
    note(result.plan)
    if result.plan.is_empty:
        return None
    undisturbed.forget_wanted(situation.wish)
    undisturbed.apply(result.plan, manifest)
    return undisturbed, undisturbed.ticks


def at_rest(undisturbed: Stage, stage: Stage, wish: Wish, last: Plan) -> None:
    """Take the steps that were put off for want of a state, if any, on both stages: a cut run may be the first that
    is remembered, so that the run after it takes them already.
    """
    again = undisturbed.run(wish)
    assert again is not None
    if again[0].is_empty:
        assert not puts_off(last)
        return
    assert again[0].summary.members_remove
    come_to_rest(stage, wish, last)


@law
@given(situation=situations(), cut=st.integers(0, 10**6))
def test_a_run_after_any_cut_ends_in_the_catalog_of_an_undisturbed_run(situation: Situation, cut: int) -> None:
    stage = Stage.set_up(situation)
    before = stage.world
    found = ticks_of(stage, situation)
    if found is None:
        return
    undisturbed, ticks = found
    stage.run(situation.wish, cut=cut % ticks)
    result = stage.run(situation.wish)
    assert result is not None
    plan, report = result
    ended_well(report)
    assert report.remains == ()
    at_rest(undisturbed, stage, situation.wish, plan)
    assert picture(stage.world) == picture(undisturbed.world)
    assert unmet(situation.wish, stage, plan) == []
    assert taken(before, stage.world, situation.wish, stage) == []
    assert too_many(situation.wish, stage) == []


@law
@given(situation=situations(), cut=st.integers(0, 10**6))
def test_a_run_after_any_cut_makes_nothing_twice_even_if_all_memory_is_lost(situation: Situation, cut: int) -> None:
    stage = Stage.set_up(situation)
    before = stage.world
    found = ticks_of(stage, situation)
    if found is None:
        return
    _, ticks = found
    stage.run(situation.wish, cut=cut % ticks)
    stage.forget()
    result = stage.run(situation.wish)
    if result is None:
        return  # a blocked photo is one that was a member, and that was forgotten
    plan, report = result
    ended_well(report)
    assert unmet(situation.wish, stage, plan) == []
    assert taken(before, stage.world, situation.wish, stage) == []
    assert too_many(situation.wish, stage) == []


@law
@given(situation=situations(), cut=st.integers(0, 10**6), again=st.integers(0, 10**6))
def test_the_very_same_plan_can_be_taken_up_again(situation: Situation, cut: int, again: int) -> None:
    stage = Stage.set_up(situation)
    found = ticks_of(stage, situation)
    if found is None:
        return
    undisturbed, ticks = found
    manifest = manifest_of(situation.wish)
    result = stage.try_plan(manifest)
    assert result is not None
    stage.apply(result.plan, manifest, cut=cut % ticks)
    stage.apply(result.plan, manifest, cut=again % ticks)
    report = stage.apply(result.plan, manifest)
    ended_well(report)
    assert picture(stage.world) == picture(undisturbed.world)


@law
@given(situation=situations(), cuts=st.lists(st.integers(0, 60), min_size=2, max_size=5))
def test_any_number_of_cuts_is_got_over(situation: Situation, cuts: list[int]) -> None:
    stage = Stage.set_up(situation)
    found = ticks_of(stage, situation)
    if found is None:
        return
    undisturbed, _ = found
    for cut in cuts:
        stage.run(situation.wish, cut=cut)
    result = stage.run(situation.wish)
    assert result is not None
    assert result[1] is not None
    assert {item.bucket for item in result[1].items} <= GOOD, result[1].items
    at_rest(undisturbed, stage, situation.wish, result[0])
    assert picture(stage.world) == picture(undisturbed.world)

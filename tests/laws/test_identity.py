"""Identity: after an apply there is nothing left to do but what is blocked or kept."""

from hypothesis import given

from tests.laws.expected import come_to_rest, withheld_in
from tests.laws.profile import law, note
from tests.laws.stage import Stage
from tests.strategies import Situation, situations


@law
@given(situation=situations())
def test_a_plan_after_an_apply_is_empty(situation: Situation) -> None:
    stage = Stage.set_up(situation)
    result = stage.run(situation.wish)
    if result is None:
        return
    note(result[0])
    first = come_to_rest(stage, situation.wish, result[0])
    writes = len(stage.catalog.writes)
    again = stage.run(situation.wish)
    assert again is not None
    plan, report = again
    assert plan.does_nothing
    assert withheld_in(plan) == withheld_in(first), "what is withheld is told again, and nothing but that"
    assert report is not None
    assert report.remains == ()
    assert len(stage.catalog.writes) == writes

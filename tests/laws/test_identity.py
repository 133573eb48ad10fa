"""Identity: after an apply there is nothing left to do but what is blocked or kept."""

from hypothesis import given

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
    writes = len(stage.catalog.writes)
    again = stage.run(situation.wish)
    assert again is not None
    plan, report = again
    assert plan.does_nothing
    assert report is not None
    assert report.remains == ()
    assert len(stage.catalog.writes) == writes

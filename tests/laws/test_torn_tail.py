"""Torn tail: whatever is left of a journal, the next run ends where it should."""

from hypothesis import given
from hypothesis import strategies as st

from lrplan.formats.journal import decode_journal, encode_entry
from lrplan.journal.fold import fold
from tests.laws.expected import taken, too_many, unmet
from tests.laws.profile import law, note
from tests.laws.stage import Stage, ended_well
from tests.strategies import Situation, situations


@law
@given(situation=situations(), cut=st.integers(3, 200), torn=st.integers(0, 10**6))
def test_any_part_of_a_journal_is_enough(situation: Situation, cut: int, torn: int) -> None:
    stage = Stage.set_up(situation)
    before, earlier = stage.world, set(stage.memory.recorded)
    result = stage.run(situation.wish, cut=cut)
    if result is None:
        return
    note(result[0])
    for run_id in set(stage.memory.recorded) - earlier:  # since an earlier one, people were at work
        plan, entries = stage.memory.recorded[run_id]
        whole = b"".join(map(encode_entry, entries))
        left, said = decode_journal(whole[: torn % (len(whole) + 1)])
        assert left == tuple(entries[: len(left)])
        assert (said is None) == (whole[: torn % (len(whole) + 1)] == b"".join(map(encode_entry, left)))
        assert fold(stage.memory.state, run_id, plan, left).project == plan.project
        stage.memory.recorded[run_id] = (plan, list(left))
    again = stage.run(situation.wish)
    if again is None:
        return  # a blocked photo is one that was a member, and the line that said so is lost
    after, report = again
    ended_well(report)
    stage.remembers = False  # what the lost lines said was put there is not known any more
    assert unmet(situation.wish, stage, after) == []
    assert taken(before, stage.world, situation.wish, stage) == []
    assert too_many(situation.wish, stage) == []

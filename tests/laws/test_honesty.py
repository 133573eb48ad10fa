"""Honesty of counts: what the plan says it will do and cost is what is done and what it costs."""

from hypothesis import given

from lrplan.diff.change import Verb
from lrplan.plan.action import UploadOriginal
from lrplan.plan.write import PutAsset
from tests.laws.profile import law, note
from tests.laws.stage import Stage, manifest_of
from tests.strategies import Situation, situations


@law
@given(situation=situations())
def test_calls_are_counted_exactly(situation: Situation) -> None:
    stage = Stage.set_up(situation)
    manifest = manifest_of(situation.wish)
    before = stage.catalog.calls
    result = stage.try_plan(manifest)
    if result is None:
        return
    plan = result.plan
    note(plan)
    assert plan.summary.read_calls == stage.catalog.calls - before
    before = stage.catalog.calls
    report = stage.apply(plan, manifest)
    assert report is not None
    assert plan.summary.apply_calls == stage.catalog.calls - before == report.calls


@law
@given(situation=situations())
def test_the_summary_is_what_the_changes_say_and_what_happens(situation: Situation) -> None:
    stage = Stage.set_up(situation)
    before = stage.world
    first = len(stage.catalog.writes)
    result = stage.run(situation.wish)
    if result is None:
        return
    plan, _ = result
    note(plan)
    said = plan.summary
    verbs = [change.verb for change in plan.changes]
    assert said.create == verbs.count(Verb.CREATE)
    assert said.change == verbs.count(Verb.UPDATE)
    assert said.replace == verbs.count(Verb.REPLACE)
    assert said.delete == verbs.count(Verb.DELETE)
    assert said.unchanged == verbs.count(Verb.UNCHANGED)
    assert said.create + said.change + said.replace + said.delete + said.unchanged + said.let_go + verbs.count(
        Verb.BLOCKED
    ) == len(plan.changes)
    sent = [write.original for write in stage.catalog.writes[first:] if isinstance(write, PutAsset)]
    assert said.uploads == len(sent) == sum(isinstance(step.action, UploadOriginal) for step in plan.steps)
    assert said.upload_bytes == sum(original.size_bytes for original in sent)
    assert said.members_add == sum(len(change.members.added) for change in plan.changes if change.members is not None)
    grown = 0
    for change in plan.changes:
        target = change.new_id or change.id
        if target is not None and change.verb in (Verb.CREATE, Verb.UPDATE, Verb.REPLACE) and change.members:
            was = before.members[change.id].asset_ids if change.id is not None else ()
            now = stage.world.members[target].asset_ids
            assert set(now) - set(was) == set(change.members.added)
            assert set(change.members.removed) <= set(was) - set(now)
            grown += len(set(now) - set(was))
    assert said.members_add == grown
    assert len(stage.world.albums) - len(before.albums) == said.create + sum(
        (change.new_id is not None) - len(change.retired) for change in plan.changes if change.verb is Verb.REPLACE
    ) - sum(len(change.retired) for change in plan.changes if change.verb is Verb.DELETE)

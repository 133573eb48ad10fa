"""Honesty of counts: what the plan says it will do and cost is what is done and what it costs."""

from hypothesis import given

from lrplan.diff.change import DriftKind, MemberChange, Verb
from lrplan.model.album import AlbumKind
from lrplan.plan.action import UploadOriginal
from lrplan.plan.costs import live_ids
from lrplan.plan.targets import CHANGING
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
    assert said.members_remove == sum(len(one.members.removed) for one in plan.changes if one.members is not None)
    for change in plan.changes:
        target = change.new_id or change.id
        if target is not None and change.verb in CHANGING and change.kind is AlbumKind.ALBUM:
            members = change.members or MemberChange()
            was = {a for one in live_ids(change) for a in before.members[one].asset_ids}
            now = set(stage.world.members[target].asset_ids)
            left_behind = {a for a in was - now if before.assets[a].is_trashed} - set(members.removed)
            blocked = {photo.asset_id for photo in change.blocked}
            assert now - was == set(members.added)
            assert was - now == set(members.removed) | left_behind | (blocked & was - now)
            told = [one for one in plan.drift if one.kind is DriftKind.LEFT_BEHIND and one.address == change.address]
            assert sum(one.count for one in told) == len(left_behind - blocked)
    assert len(stage.world.albums) - len(before.albums) == said.create + sum(
        (change.new_id is not None) - len(change.retired) for change in plan.changes if change.verb is Verb.REPLACE
    ) - sum(len(change.retired) for change in plan.changes if change.verb is Verb.DELETE)

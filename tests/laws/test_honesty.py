"""Honesty of counts: what the plan says it will do and cost is what is done and what it costs."""

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lrplan.diff.change import DriftKind, MemberChange, Verb
from lrplan.model.address import album_address
from lrplan.model.album import AlbumKind
from lrplan.model.ids import AlbumId, AssetId
from lrplan.model.snapshot import Snapshot
from lrplan.plan.action import UploadOriginal
from lrplan.plan.costs import live_ids
from lrplan.plan.targets import CHANGING
from lrplan.plan.write import PutAsset
from tests.laws.profile import law, note
from tests.laws.stage import Stage, generations_of, manifest_of, photo_of
from tests.strategies import Edit, Situation, edits, situations


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
    assert said.paused == verbs.count(Verb.PAUSED)
    counted = (said.create, said.change, said.replace, said.delete, said.unchanged, said.let_go, said.paused)
    assert sum(counted) + verbs.count(Verb.BLOCKED) == len(plan.changes)
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


@law
@given(data=st.data(), situation=situations(), turn=edits, cut=st.none() | st.integers(0, 40))
def test_a_cover_is_lost_only_where_the_plan_says_so(
    data: st.DataObject, situation: Situation, turn: Edit, cut: int | None
) -> None:
    stage, wish = Stage.set_up(situation), situation.wish
    filled = [key for key, one in stage.worked_on(wish).items() if one.members]
    if stage.run(wish) is None or not filled:
        return
    key = data.draw(st.sampled_from(filled))
    current = generations_of(album_address(key), stage.world)[0]
    stage.world_edited(evolve(turn, deed="cover", album=sorted(stage.world.albums).index(current)))
    members, cover = wish.albums[key].members or (), stage.world.members[current].cover
    chosen = [ref for ref in members if photo_of(ref, stage.world) == cover]
    gone = data.draw(st.sampled_from(chosen or members))
    fewer = evolve(wish.albums[key], cover=None, members=tuple(ref for ref in members if ref != gone))
    changed = evolve(wish, albums={**wish.albums, key: fewer})
    if cut is not None:
        stage.run(changed, cut=cut)
    before = stage.world
    result = stage.run(changed)
    if result is None:
        return
    plan, _ = result
    note(plan)
    for change in plan.changes:
        if change.kind is not AlbumKind.ALBUM or change.verb not in CHANGING or change.id is None:
            continue
        was = [_cover(one, before) for one in generations_of(change.address, before)]
        now = _cover(generations_of(change.address, stage.world)[0], stage.world)
        said = any(field.path == "cover" and field.after is None for field in change.fields)
        assert said == (any(was) and now is None), (change.address, was, now)


def _cover(album: AlbumId, world: Snapshot) -> AssetId | None:
    return world.members[album].cover or world.albums[album].cover

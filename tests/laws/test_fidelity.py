"""Fidelity: what nobody asked lrplan to manage is as it was, also where an album is replaced."""

from hypothesis import given
from hypothesis import strategies as st

from lrplan.diff.change import Verb
from lrplan.model.address import album_address
from tests.laws.expected import picture, taken, unmet
from tests.laws.profile import law, note
from tests.laws.stage import ADDRESSES, Stage, WatchedCatalog, ended_well, generations_of, manifest_of
from tests.strategies import ALBUM_KEYS, PHOTOS, Edit, Situation, edits, situations


@law
@given(situation=situations())
def test_what_is_not_managed_is_never_lost(situation: Situation) -> None:
    stage = Stage.set_up(situation)
    before = stage.world
    result = stage.run(situation.wish)
    if result is None:
        assert picture(stage.world) == picture(before)
        return
    note(result[0])
    assert taken(before, stage.world, situation.wish, stage) == []


@law
@given(situation=situations())
def test_without_state_nothing_goes_but_the_older_generation_of_what_is_declared(situation: Situation) -> None:
    stage = Stage.set_up(situation)
    stage.forget()
    before = stage.world
    result = stage.run(situation.wish)
    if result is None:
        return
    plan, _ = result
    note(plan)
    assert not plan.has_state
    assert all(change.verb is not Verb.DELETE for change in plan.changes)
    assert plan.summary.members_remove == 0
    for address in ADDRESSES:
        was, now = generations_of(address, before), generations_of(address, stage.world)
        assert bool(now) >= bool(was)
        usable = {a for a, asset in before.assets.items() if not asset.is_trashed}
        members = {a for one in was if one in before.members for a in before.members[one].asset_ids} & usable
        assert members <= {a for one in now if one in stage.world.members for a in stage.world.members[one].asset_ids}


@law
@given(situation=situations(), edit=edits)
def test_what_a_person_does_between_plan_and_apply_is_seen(situation: Situation, edit: Edit) -> None:
    stage = Stage.set_up(situation)
    manifest = manifest_of(situation.wish)
    stage.forget_wanted(situation.wish)
    result = stage.try_plan(manifest)
    if result is None:
        return
    note(result.plan)
    stage.world_edited(edit)
    stage.apply(result.plan, manifest)
    again = stage.run(situation.wish)
    if again is None:
        return
    plan, report = again
    ended_well(report)
    assert unmet(situation.wish, stage, plan) == []


@law
@given(situation=situations(), edit=edits, tick=st.integers(1, 80))
def test_whatever_a_person_does_during_an_apply_the_next_one_reaches_the_wish(
    situation: Situation, edit: Edit, tick: int
) -> None:
    stage = Stage.set_up(situation)
    manifest = manifest_of(situation.wish)
    stage.forget_wanted(situation.wish)
    result = stage.try_plan(manifest)
    if result is None:
        return
    note(result.plan)
    stage.meanwhile = (tick, edit)
    stage.apply(result.plan, manifest)
    again = stage.run(situation.wish)
    if again is None:
        return
    plan, report = again
    ended_well(report)
    stage.by_hand = {address: set() for address in ADDRESSES}  # the next law is about these
    assert unmet(situation.wish, stage, plan) == []


@law
@given(situation=situations(), photo=st.integers(0, 7), key=st.sampled_from(ALBUM_KEYS), tick=st.integers(1, 80))
def test_a_photo_that_is_added_during_an_apply_is_not_lost(
    situation: Situation, photo: int, key: str, tick: int
) -> None:
    stage = Stage.set_up(situation, WatchedCatalog)
    catalog, address = stage.catalog, album_address(key)
    assert isinstance(catalog, WatchedCatalog)
    live = generations_of(address, stage.world)
    if not live or key not in situation.wish.albums:
        return
    manifest = manifest_of(situation.wish)
    stage.forget_wanted(situation.wish)
    result = stage.try_plan(manifest)
    if result is None:
        return
    note(result.plan)
    catalog.seen.clear()
    place = sorted(stage.world.albums).index(live[0])
    adding = Edit(deed="add", album=place, photo=photo, other=1)
    stage.meanwhile = (tick, adding)
    stage.apply(result.plan, manifest)
    dropped = {a for change in result.plan.changes if change.address == address for a in change.dropped}
    if ("added", live[0]) in catalog.seen and not catalog.missed(live[0]) and PHOTOS[photo] not in dropped:
        now = generations_of(address, stage.world)
        assert any(PHOTOS[photo] in stage.world.members[one].asset_ids for one in now), "no plan has said that it goes"
    again = stage.run(situation.wish)
    if again is None:
        return
    plan, report = again
    ended_well(report)
    # The service cannot delete an album on condition: what comes between the last look and the deletion goes with it.
    if ("added", live[0]) in catalog.seen and catalog.missed(live[0]):
        return
    assert unmet(situation.wish, stage, plan) == []

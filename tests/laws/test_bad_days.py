"""Bad days: a service that shows writes late, one that loses a photo, and sets of which two generations are live."""

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lrplan.diff.change import Change, Verb
from lrplan.model.address import Address, set_address
from lrplan.model.album import AlbumKind, Membership
from lrplan.model.ids import AlbumId, AssetId, album_id, read_album_id
from lrplan.model.snapshot import Snapshot
from lrplan.plan.plan import Plan
from lrplan.plan.simulate import simulate
from lrplan.workflow.report import Verified
from tests.faulty_catalog import LaggingCatalog, LosingCatalog
from tests.laws.expected import come_to_rest, picture, unmet
from tests.laws.profile import law, note
from tests.laws.stage import GOOD, Stage, ended_well, generations_of, manifest_of
from tests.strategies import OWNER, Situation, Wish, situations


def held(ids: tuple[AlbumId, ...], world: Snapshot) -> set[AssetId]:
    """All photos of some albums that can be had."""
    inside = {a for one in ids for a in world.members.get(one, Membership()).asset_ids}
    return {a for a in inside if not world.assets[a].is_trashed}


def lost(change: Change, before: Snapshot, after: Snapshot) -> set[AssetId]:
    """Photos that an album held before, that were to stay, and that no generation of it holds now."""
    was = held(generations_of(change.address, before), before)
    removed = set(change.members.removed) if change.members is not None else set()
    return was - removed - set(change.dropped) - held(generations_of(change.address, after), after)


@law
@given(situation=situations(), loses=st.integers(0, 12))
def test_j6_no_old_generation_goes_while_the_new_one_lacks_a_photo(situation: Situation, loses: int) -> None:
    stage = Stage.set_up(situation, LosingCatalog)
    catalog, before = stage.catalog, stage.world
    assert isinstance(catalog, LosingCatalog)
    catalog.lost, catalog.loses = None, catalog.added + loses
    result = stage.run(situation.wish)
    if result is None:
        return
    plan, report = result
    note(plan)
    for change in plan.changes:
        if change.verb is not Verb.DELETE:
            assert lost(change, before, stage.world) == set()
    assert report is not None
    assert (report.verified is Verified.NOTHING) == (catalog.lost is not None)
    again = stage.run(situation.wish)
    assert again is not None
    assert again[1] is not None
    assert {item.bucket for item in again[1].items} <= GOOD, again[1].items
    assert unmet(situation.wish, stage, again[0]) == []


@law
@given(situation=situations())
def test_what_is_shown_late_comes_to_the_same(situation: Situation) -> None:
    stage = Stage.set_up(situation)
    manifest = manifest_of(situation.wish)
    stage.forget_wanted(situation.wish)
    result = stage.try_plan(manifest)
    if result is None:
        return
    note(result.plan)
    late = stage.copy(LaggingCatalog)
    stage.apply(result.plan, manifest)
    report = late.apply(result.plan, manifest)
    ended_well(report)
    assert report.verified is not Verified.NOTHING
    assert picture(late.world) == picture(stage.world)
    again = late.run(situation.wish)  # its plan is made from listings that are still behind
    assert again is not None
    assert again[1] is not None
    assert {item.bucket for item in again[1].items} <= GOOD, again[1].items
    come_to_rest(stage, situation.wish, result.plan)
    assert picture(late.world) == picture(stage.world)


def doubled(stage: Stage, wish: Wish, which: int, moved: int) -> Address | None:
    """Make the next generation of a live set, as a lost answer would, and put some of its children there."""
    known = [one for one in map(set_address, wish.sets) if generations_of(one, stage.world)]
    if not known:
        return None
    address = known[which % len(known)]
    old = stage.world.albums[generations_of(address, stage.world)[0]]
    derived = read_album_id(old.id)
    assert derived is not None
    new = evolve(old, id=album_id(OWNER, address, derived.generation + 1))
    children = [one for one in sorted(stage.world.albums) if stage.world.albums[one].parent == old.id]
    albums = {**stage.world.albums, new.id: new}
    for one in children[:moved]:
        albums[one] = evolve(albums[one], parent=new.id)
    stage.catalog.edit(albums=albums)
    return address


@law
@given(situation=situations(), which=st.integers(0, 2), moved=st.integers(0, 2), remembers=st.booleans())
def test_two_generations_of_a_set_become_one_and_nothing_in_them_is_orphaned(
    situation: Situation, which: int, moved: int, remembers: bool
) -> None:
    stage = Stage.set_up(situation)
    if not remembers:
        stage.forget()
    address = doubled(stage, situation.wish, which, moved)
    if address is None:
        return
    before = stage.world
    manifest = manifest_of(situation.wish)
    calls = stage.catalog.calls
    stage.forget_wanted(situation.wish)
    result = stage.try_plan(manifest)
    if result is None:
        return
    plan: Plan = result.plan
    note(plan)
    assert plan.summary.read_calls == stage.catalog.calls - calls
    calls = stage.catalog.calls
    report = stage.apply(plan, manifest)
    ended_well(report)
    assert report.verified is not Verified.NOTHING, report.remains
    assert plan.summary.apply_calls == stage.catalog.calls - calls
    assert picture(simulate(plan, before)) == picture(stage.world)
    assert unmet(situation.wish, stage, plan) == []
    assert all(
        album.parent is None or stage.world.albums[album.parent].kind is AlbumKind.SET
        for album in stage.world.albums.values()
    )
    stage.note_end(situation.wish, report)
    come_to_rest(stage, situation.wish, plan)
    again = stage.try_plan(manifest)
    assert again is not None
    assert again.plan.steps == ()

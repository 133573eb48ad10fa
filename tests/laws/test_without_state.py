"""Without state nothing is deleted or removed but older generations of what is declared, and what is ours is named."""

from hypothesis import given

from lrplan.diff.change import DriftKind, Verb
from lrplan.model.address import album_address, set_address
from lrplan.plan.action import DeleteAlbum, RetireAlbum
from lrplan.render.text import plan_text
from lrplan.render.view import NO_STATE
from tests.laws.profile import law, note
from tests.laws.stage import Stage, address_of, manifest_of
from tests.strategies import Situation, situations


@law
@given(situation=situations())
def test_only_older_generations_of_declared_addresses_go(situation: Situation) -> None:
    stage, wish = Stage.set_up(situation), situation.wish
    stage.memory.forget()
    result = stage.try_plan(manifest_of(wish))
    if result is None:
        return
    plan, declared = result.plan, {*map(set_address, wish.sets), *map(album_address, wish.albums)}
    note(plan)
    assert plan_text(plan)[0].text == NO_STATE
    assert [change for change in plan.changes if change.verb in (Verb.DELETE, Verb.LET_GO)] == []
    assert [change.address for change in plan.changes if change.members is not None and change.members.removed] == []
    for step in plan.steps:
        if isinstance(step.action, DeleteAlbum | RetireAlbum):
            assert address_of(step.action.album_id) in declared
    orphans = {one.album_id for one in plan.drift if one.kind is DriftKind.ORPHAN and one.address is None}
    ours = {album for album in stage.world.albums if address_of(album) is not None}
    assert orphans == {album for album in ours if address_of(album) not in declared}

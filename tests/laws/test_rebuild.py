"""A lost state is rebuilt: the same wish asks for nothing then, and what nobody declares any more goes."""

import asyncio

from hypothesis import given

from lrplan.diagnostics import Failure
from lrplan.diff.change import DriftKind, Verb
from lrplan.model.address import album_address, lost_bits, set_address
from lrplan.workflow.drift import drift
from lrplan.workflow.rebuild import Rebuilding, keep, look
from tests.laws.expected import come_to_rest, withheld_in
from tests.laws.lasting import held_in
from tests.laws.profile import law, note
from tests.laws.stage import CANNOT_BE_MET, Stage, address_of, ended_well, manifest_of
from tests.strategies import Situation, Wish, situations


def rebuilt(stage: Stage, wish: Wish) -> Rebuilding | None:
    """Rebuild the state; None for a wish that cannot be met without what was known."""
    try:
        found = asyncio.run(look(manifest_of(wish), stage.around()))
    except Failure as failure:
        if {said.code for said in failure.diagnostics} <= CANNOT_BE_MET:
            return None
        raise
    asyncio.run(keep(found, stage.around()))
    return found


@law
@given(situation=situations())
def test_after_a_rebuild_the_same_wish_asks_for_nothing_but_that_goes_what_nobody_declares(
    situation: Situation,
) -> None:
    stage, wish = Stage.set_up(situation), situation.wish
    result = stage.run(wish)
    if result is None:
        return
    note(result[0])
    ended_well(result[1])
    first = come_to_rest(stage, wish, result[0])
    by_hand = {one.address for one in first.drift if one.kind is DriftKind.REORDERED}
    stage.forget()
    world = stage.world
    if rebuilt(stage, wish) is None:
        return
    assert stage.world is world, "nothing is sent"
    again = stage.try_plan(manifest_of(wish))
    if again is None:
        return
    held, withheld = held_in(manifest_of(wish), world), withheld_in(first)
    for change in again.plan.changes:
        if change.address in held:
            assert change.verb in (Verb.PAUSED, Verb.BLOCKED)
        elif change.address in declared(wish):
            is_as_before = change.verb is Verb.BLOCKED and change.address in withheld
            assert change.verb is Verb.UNCHANGED or is_as_before or change.address in by_hand
        else:
            assert lost_bits(change.address) is not None
            assert change.verb in (Verb.DELETE, Verb.BLOCKED)
    gone = {
        address_of(album) for change in again.plan.changes if change.verb is Verb.DELETE for album in change.retired
    }
    blocked = {address_of(one.id) for one in again.plan.changes if one.verb is Verb.BLOCKED and one.id is not None}
    live = {address_of(album) for album in world.albums} - {None}
    assert gone | (blocked - declared(wish)) == live - declared(wish)
    assert [one.kind for one in again.plan.drift if one.kind is DriftKind.ORPHAN] == []


@law
@given(situation=situations())
def test_directly_after_a_rebuild_nothing_has_changed_outside(situation: Situation) -> None:
    stage, wish = Stage.set_up(situation), situation.wish
    stage.memory.forget()
    if rebuilt(stage, wish) is not None:
        report = asyncio.run(drift(manifest_of(wish), stage.around()))
        assert not report.has_drift


@law
@given(situation=situations(), other=situations())
def test_what_was_claimed_and_is_declared_again_does_not_go(situation: Situation, other: Situation) -> None:
    stage, wish = Stage.set_up(situation), situation.wish
    if stage.run(wish) is None:
        return
    stage.forget()
    if rebuilt(stage, other.wish) is None:
        return
    result = stage.run(wish)
    if result is None:
        return
    note(result[0])
    ended_well(result[1])
    assert [one.address for one in result[0].changes if one.verb is Verb.DELETE and one.address in declared(wish)] == []
    done = declared(wish) - held_in(manifest_of(wish), stage.planned_from)
    assert done <= {address_of(album) for album in stage.world.albums}
    state = stage.state
    assert state is not None
    assert done <= set(state.bindings)


def declared(wish: Wish) -> set[str]:
    return {*map(set_address, wish.sets), *map(album_address, wish.albums)}

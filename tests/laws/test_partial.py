"""Plans for a part: what they are not about stays as it is, in the catalog and in memory, and waits for another."""

from hypothesis import given
from hypothesis import strategies as st

from lrplan.diff.change import Verb
from lrplan.model.address import Address, album_address, is_set
from lrplan.model.album import Membership, without_stamps
from lrplan.model.ids import AlbumId
from lrplan.model.scope import Scope, matches
from lrplan.model.snapshot import Snapshot
from lrplan.model.state import State
from tests.laws.profile import law, note
from tests.laws.stage import ADDRESSES, Stage, address_of, ended_well, manifest_of
from tests.strategies import Situation, Wish, situations

PATTERNS = (*ADDRESSES, "albums.*", "sets.*", "*0", "*[12]")
scopes = st.builds(
    Scope,
    target=st.lists(st.sampled_from(PATTERNS), unique=True, max_size=2).map(tuple),
    exclude=st.lists(st.sampled_from(PATTERNS), unique=True, max_size=2).map(tuple),
).filter(lambda scope: not scope.is_whole)


def _seen(world: Snapshot, but: set[Address]) -> dict[AlbumId, object]:
    """The albums of everything *but* some addresses. Where they lie is left out: a set that goes hands on its own."""
    return {
        album.id: (
            (album.name, album.cover, without_stamps(album.publish_info), album.raw),
            world.members.get(album.id, Membership()),
        )
        for album in world.albums.values()
        if address_of(album.id) not in but
    }


def _remembered(state: State | None, but: set[Address]) -> tuple[object, object]:
    known = state.bindings if state is not None else {}
    used = state.used if state is not None else {}
    return {a: known[a] for a in known if a not in but}, {a: used[a] for a in used if a not in but}


def _selecting_elsewhere(wish: Wish, scope: Scope) -> set[Address]:
    """The albums that select from one outside of *scope*, directly or by another: that one may change later."""
    sources = {
        album_address(key): {album_address(one.album) for one in album.selects if one.album is not None}
        for key, album in wish.albums.items()
    }
    found = {address for address, among in sources.items() if not all(map(scope.holds, among))}
    while more := {address for address, among in sources.items() if among & found} - found:
        found |= more
    return found


def _with_effect(scope: Scope, known: set[Address]) -> Scope:
    """*scope* less the patterns that name nothing; all of the project where nothing would be left."""
    target = tuple(one for one in scope.target if any(matches(address, one) for address in known))
    exclude = tuple(one for one in scope.exclude if any(matches(address, one) for address in known))
    named = Scope(target=target, exclude=exclude)
    return named if named.among(sorted(known)) else Scope()


@law
@given(situation=situations(), scope=scopes)
def test_what_a_plan_for_a_part_is_not_about_stays_as_it_is_and_waits(situation: Situation, scope: Scope) -> None:
    stage = Stage.set_up(situation)
    manifest = manifest_of(situation.wish)
    remembered = (*stage.state.bindings, *stage.state.used) if stage.state is not None else ()
    scope = _with_effect(scope, {*manifest.sets, *manifest.albums, *remembered})
    result = stage.try_plan(manifest, scope=scope) if not scope.is_whole else None
    if result is None:
        return
    plan = result.plan
    note(plan)
    about = {change.address for change in plan.changes}
    made = {change.address for change in plan.changes if change.reason and change.reason.code == "needed"}
    made |= {change.address for change in plan.changes if change.verb is Verb.PAUSED and is_set(change.address)}
    assert all(scope.holds(address) for address in about - made)
    assert {step.action.address for step in plan.steps} <= about
    before, known = _seen(stage.world, about), _remembered(stage.state, about)
    ended_well(stage.apply(plan, manifest))
    assert _seen(stage.world, about) == before
    assert _remembered(stage.state, about) == known
    again = stage.try_plan(manifest, scope=scope)
    assert again is not None
    assert again.plan.is_empty
    whole = stage.try_plan(manifest)
    if whole is not None:  # of a set there may be more to do: what lies in it may go only now
        done = {address for address in about if not is_set(address)} - _selecting_elsewhere(situation.wish, scope)
        assert done.isdisjoint(step.action.address for step in whole.plan.steps)

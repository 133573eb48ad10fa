"""Generations of what an address was before stand in its line, in their order, below its own."""

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lrplan.model.address import Address
from lrplan.model.ids import GENERATION_MAX, AccountId, AlbumId, AssetId, CatalogId, ServiceId
from lrplan.model.inheritance import ADDRESSES_MAX, inherited, inherited_number, taken_apart
from lrplan.model.state import UNUSED, Binding, State

GENERATIONS = st.integers(0, GENERATION_MAX)
AGO = st.integers(0, ADDRESSES_MAX - 1)
A, B, C = Address("albums.a"), Address("albums.b"), Address("albums.c")
STATE = State(
    account_id=AccountId("a"),
    catalog_id=CatalogId("c"),
    service_id=ServiceId("s"),
    project="old",
    bindings={A: Binding(album_id=AlbumId("x"), generation=3, leaving={AssetId("p"): 4})},
    used={B: 2},
)


@given(generation=GENERATIONS, addresses=AGO, projects=st.integers(0, 50))
def test_a_number_tells_what_it_was_made_of(generation: int, addresses: int, projects: int) -> None:
    number = inherited_number(generation, addresses_ago=addresses, projects_ago=projects)
    assert taken_apart(number) == (generation, addresses, projects)
    assert (number >= 0) == (addresses == projects == 0)


@given(one=st.tuples(st.integers(0, 50), AGO, GENERATIONS), other=st.tuples(st.integers(0, 50), AGO, GENERATIONS))
def test_what_is_longer_ago_ranks_lower(one: tuple[int, int, int], other: tuple[int, int, int]) -> None:
    def rank(held: tuple[int, int, int]) -> int:
        return inherited_number(held[2], addresses_ago=held[1], projects_ago=held[0])

    assert (rank(one) < rank(other)) == ((-one[0], -one[1], one[2]) < (-other[0], -other[1], other[2]))


def test_moving_twice_is_moving_once_over_both() -> None:
    once = inherited(STATE, "old", former={C: (B, A)})
    twice = inherited(inherited(STATE, "old", former={B: (A,)}), "old", former={C: (B, A)})
    assert once.bindings == twice.bindings
    assert set(once.bindings) == {C}
    assert once.used == {A: 3, B: 2}


def test_what_is_remembered_of_an_address_itself_is_kept() -> None:
    both = inherited(STATE, "old", former={B: (A,)})
    assert inherited(both, "old", former={B: (A,)}) == both
    own = evolve(STATE, bindings={A: STATE.bindings[A], B: Binding(album_id=AlbumId("y"), generation=0)})
    assert inherited(own, "old", former={B: (A,)}) == own


def test_a_generation_that_was_never_used_stays_unused() -> None:
    state = evolve(STATE, bindings={A: Binding(album_id=AlbumId("x"), generation=UNUSED)})
    assert inherited(state, "old", former={B: (A,)}).bindings[B].generation == UNUSED
    assert inherited(state, "new", former={}, previous=("old",)).bindings[A].generation == UNUSED


def test_a_state_is_taken_over_from_a_former_name_only() -> None:
    assert inherited(STATE, "new", former={}) == STATE
    taken = inherited(STATE, "new", former={}, previous=("other", "old"))
    assert (taken.project, taken.used) == ("new", {})
    assert taken_apart(taken.bindings[A].generation) == (3, 0, 2)
    assert [taken_apart(since) for since in taken.bindings[A].leaving.values()] == [(4, 0, 2)]

"""An address that nobody remembers is called by what the id holds of it, until somebody names it again."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lrplan.model.address import ALBUMS, KEY_PATTERN, Address, is_set, lost_address, lost_bits
from lrplan.model.ids import AccountId, AlbumId, Owner, ServiceId, address_bits, album_id, read_album_id
from lrplan.model.state import Binding, State, recognised

OWNER = Owner(account_id=AccountId("a"), service_id=ServiceId("s"), project="p")
STATE = State(account_id="a", catalog_id="c", service_id="s", project="p")
ADDRESS = Address("albums.norway")
LOST = lost_address(address_bits(ADDRESS), section=ALBUMS)


@given(
    key=st.from_regex(KEY_PATTERN, fullmatch=True),
    section=st.sampled_from(["sets", "albums"]),
    number=st.integers(0, 65535),
)
def test_it_stands_for_the_same_albums(key: str, section: str, number: int) -> None:
    address = Address(f"{section}.{key}")
    derived = read_album_id(album_id(OWNER, address, number))
    assert derived is not None
    lost = lost_address(derived.address_bits, section=section)
    assert album_id(OWNER, lost, number) == album_id(OWNER, address, number)
    assert is_set(lost) == is_set(address)
    assert lost_bits(address) is None
    assert lost_bits(lost) == derived.address_bits


@pytest.mark.parametrize(
    "text", ["albums.~", "albums.~0be79079250", "albums.~4be790792508", "albums.~0BE790792508", "x.~0be790792508"]
)
def test_nothing_else_is_taken_for_one(text: str) -> None:
    assert lost_bits(text) is None


def test_what_was_lost_is_known_again_by_its_name() -> None:
    binding, other = Binding(album_id=AlbumId("1"), generation=3), Binding(album_id=AlbumId("2"), generation=1)
    state = evolve(STATE, bindings={LOST: binding})
    assert recognised(state, [ADDRESS]).bindings == {ADDRESS: binding}
    assert recognised(state, [Address("albums.sweden")]) == state
    both = evolve(STATE, bindings={LOST: binding, ADDRESS: other})
    assert recognised(both, [ADDRESS]).bindings == {ADDRESS: other}, "what is known by name is known better"
    used = evolve(STATE, used={LOST: 4, ADDRESS: 2})
    assert recognised(used, [ADDRESS]).used == {ADDRESS: 4}

"""Order keys: always between their bounds, always valid, room for ever."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrplan.model.order_keys import ALPHABET, KEY_CHARACTERS_MAX, is_order_key, keys_between

LIVE = st.text(ALPHABET, min_size=1, max_size=6)
BOUNDS = st.one_of(st.none(), LIVE)


def test_the_alphabet_is_in_byte_order() -> None:
    assert len(ALPHABET) == 64
    assert list(ALPHABET) == sorted(ALPHABET)


@pytest.mark.parametrize("text", ["", "a-", "-", "a b", "ä", "a" * (KEY_CHARACTERS_MAX + 1)])
def test_what_may_not_be_sent_is_no_order_key(text: str) -> None:
    assert not is_order_key(text)


@pytest.mark.parametrize("text", ["0", "a-b", "-a", "z" * KEY_CHARACTERS_MAX])
def test_what_may_be_sent_is_an_order_key(text: str) -> None:
    assert is_order_key(text)


@given(lower=BOUNDS, upper=BOUNDS, count=st.integers(0, 60))
def test_keys_ascend_between_their_bounds(lower: str | None, upper: str | None, count: int) -> None:
    keys = keys_between(lower, upper, count)
    if keys is None:
        assert upper is not None  # above an open end there is always room
        assert count > 0
        return
    assert len(keys) == count
    assert all(is_order_key(key) for key in keys)
    ladder = [*([lower] if lower is not None else []), *keys, *([upper] if upper is not None else [])]
    if count:
        assert ladder == sorted(set(ladder))


@given(lower=st.text(ALPHABET[1:], min_size=1, max_size=5), upper=st.text(ALPHABET[1:], min_size=1, max_size=5))
def test_between_two_keys_of_ours_there_is_room(lower: str, upper: str) -> None:
    lower, upper = sorted((lower, upper))
    if lower != upper and not upper.startswith(lower + "0"):
        assert keys_between(lower, upper, 3) is not None


@pytest.mark.parametrize(("lower", "upper"), [("k", "k"), ("m", "k"), ("a-", "a-"), ("a", "a-")])
def test_where_nothing_fits_there_is_no_key(lower: str, upper: str) -> None:
    assert keys_between(lower, upper, 1) is None


def test_no_photos_need_no_room() -> None:
    assert keys_between("k", "k", 0) == ()


def test_fresh_keys_of_an_album_are_short_spread_and_free_of_hyphens() -> None:
    keys = keys_between(None, None, 600)
    assert keys is not None
    assert max(map(len, keys)) <= 3
    assert not any("-" in key for key in keys)
    assert all(keys_between(left, right, 50) is not None for left, right in itertools.pairwise(keys))


def test_thousands_of_inserts_at_one_place_stay_far_below_the_longest_key() -> None:
    lower, upper = "V", "W"
    for _ in range(3000):
        found = keys_between(lower, upper, 1)
        assert found is not None
        (upper,) = found
    assert len(upper) < KEY_CHARACTERS_MAX


def test_an_album_that_only_grows_does_not_use_its_space_up() -> None:
    last = "V"
    for _ in range(2000):
        found = keys_between(last, None, 1)
        assert found is not None
        (last,) = found
    assert len(last) < 32, "so that tens of thousands of single appends fit into 1,024 characters"

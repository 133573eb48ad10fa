"""New photos get keys that put them where they are wanted, and nothing else moves; or there is a reason."""

from hypothesis import given
from hypothesis import strategies as st

from lrplan.diff.change import Reason
from lrplan.diff.insertion import keys_for_new
from lrplan.diff.sequence import same_order
from lrplan.model.album import Membership
from lrplan.model.ids import AssetId
from lrplan.model.order_keys import ALPHABET, is_order_key

PHOTOS = [AssetId(letter) for letter in "abcdefgh"]
KEYS = st.one_of(st.none(), st.text(ALPHABET[1:8], min_size=1, max_size=2))


def album(**keys: str | None) -> Membership:
    """Members with their keys, in shown order: by key, those without one last."""
    shown = sorted(keys, key=lambda one: (keys[one] is None, keys[one] or ""))
    return Membership(asset_ids=tuple(map(AssetId, shown)), orders=tuple(keys[one] for one in shown))


def chosen(wanted: str, live: Membership) -> dict[str, str] | str:
    """The keys of the new photos, or the code of the reason."""
    found = keys_for_new([AssetId(one) for one in wanted], live, {})
    return found.code if isinstance(found, Reason) else dict(found)


def test_an_append_goes_behind_the_last_key() -> None:
    keys = chosen("abx", album(a="k", b="m"))
    assert isinstance(keys, dict)
    assert set(keys) == {"x"}
    assert keys["x"] > "m"


def test_an_insert_goes_between_its_neighbours() -> None:
    keys = chosen("axb", album(a="k", b="m"))
    assert isinstance(keys, dict)
    assert "k" < keys["x"] < "m"


def test_new_photos_stay_clear_of_unlisted_ones() -> None:
    keys = chosen("ab", album(a="k", u="l", v="n"))
    assert isinstance(keys, dict)
    assert "k" < keys["b"] < "l"


def test_nothing_goes_behind_a_photo_without_a_key() -> None:
    assert chosen("abx", album(a="k", b=None)) == "no-key"


def test_something_goes_before_a_photo_without_a_key() -> None:
    keys = chosen("axb", album(a="k", b=None))
    assert isinstance(keys, dict)
    assert keys["x"] > "k"


def test_nothing_fits_between_equal_keys() -> None:
    assert chosen("axb", album(a="k", b="k")) == "equal-keys"


def test_equal_keys_elsewhere_do_no_harm() -> None:
    keys = chosen("abx", album(a="k", b="k"))
    assert isinstance(keys, dict)
    assert keys["x"] > "k"


def test_where_the_keys_are_used_up_the_reason_says_so() -> None:
    assert chosen("axb", album(a="k", b="k-")) == "key-space"


def test_the_reason_names_the_photos() -> None:
    live = album(a="k", b="k")
    found = keys_for_new(tuple(map(AssetId, "axb")), live, {AssetId("a"): "A.jpg", AssetId("b"): "B.jpg"})
    assert isinstance(found, Reason)
    assert "A.jpg and B.jpg" in found.text


@given(
    keys=st.dictionaries(st.sampled_from([str(p) for p in PHOTOS]), KEYS, max_size=6),
    unlisted=st.sets(st.sampled_from([str(p) for p in PHOTOS])),
    places=st.lists(st.integers(0, 8), max_size=4),
)
def test_the_shown_order_is_the_wanted_one(keys: dict[str, str | None], unlisted: set[str], places: list[int]) -> None:
    live = album(**keys)
    wanted = [one for one in live.asset_ids if one not in unlisted]
    for number, place in enumerate(places):
        wanted.insert(place % (len(wanted) + 1), AssetId(f"new{number}"))
    found = keys_for_new(wanted, live, {})
    if isinstance(found, Reason):
        return
    assert set(found) == set(wanted) - set(live.asset_ids)
    assert all(is_order_key(key) for key in found.values())
    everything = dict(zip(live.asset_ids, live.orders, strict=True)) | dict(found)
    rank = {one: place for place, one in enumerate(live.asset_ids)}
    after = sorted(
        everything, key=lambda one: (everything[one] is None, everything[one] or "", rank.get(one, len(rank)))
    )
    assert same_order(after, wanted)
    assert same_order(after, live.asset_ids)

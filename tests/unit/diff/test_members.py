"""What becomes of the members of an album, and when only a new album will do."""

import pytest
from attrs import evolve

from lrplan.diagnostics import SourceSpan
from lrplan.diff.members import NOTHING, Facts, MemberVerdict, compare_members
from lrplan.model.address import Address
from lrplan.model.album import AlbumKind, MemberInfo, Membership, Order
from lrplan.model.ids import AlbumId, AssetId
from lrplan.model.order_keys import keys_between
from lrplan.model.state import Applied, Binding
from lrplan.resolve.desired import DesiredAlbum, MissingPhoto

SPAN = SourceSpan(file="a.yaml", line=1, column=1)
FACTS = Facts(names={}, dates={AssetId(one): f"2026-05-0{ord(one) - 96}" for one in "abcdefg"}, trashed=frozenset())


def ids(letters: str) -> tuple[AssetId, ...]:
    return tuple(map(AssetId, letters))


def album(letters: str, *, keyed: bool = True) -> Membership:
    keys: tuple[str | None, ...] = keys_between(None, None, len(letters)) or () if keyed else (None,) * len(letters)
    return Membership(asset_ids=ids(letters), orders=keys)


def wish(letters: str, **more: object) -> DesiredAlbum:
    return DesiredAlbum(
        address=Address("albums.a"),
        kind=AlbumKind.ALBUM,
        span=SPAN,
        members=ids(letters),
        **more,  # type: ignore[arg-type]
    )


def remembers(letters: str, order: Order = Order.LISTED) -> Binding:
    arranged = ids(letters) if order is Order.LISTED else None
    return Binding(
        album_id=AlbumId("1" * 32), generation=0, put=ids(letters), arranged=arranged, applied=Applied(order=order)
    )


def verdict(
    wanted: str | DesiredAlbum,
    live: str | Membership,
    put: str | Binding | None = None,
    *,
    older: str = "",
    facts: Facts = FACTS,
) -> MemberVerdict:
    return compare_members(
        wish(wanted) if isinstance(wanted, str) else wanted,
        album(live) if isinstance(live, str) else live,
        album(older) if older else NOTHING,
        remembers(put) if isinstance(put, str) else put,
        facts,
    )


def why(found: MemberVerdict) -> str | None:
    return found.replace.code if found.replace is not None else None


def after(found: MemberVerdict) -> str:
    assert found.change is not None
    return "".join(found.change.after)


def test_what_is_so_already_is_no_change() -> None:
    found = verdict("abc", "abc", "abc")
    assert (found.change, found.replace, found.unlisted) == (None, None, ())


@pytest.mark.parametrize("wanted", ["abcd", "dabc", "adbc"])
def test_a_photo_is_added_in_place_wherever_it_goes(wanted: str) -> None:
    found = verdict(wanted, "abc", "abc")
    assert (why(found), after(found)) == (None, wanted)
    assert found.change is not None
    assert set(found.change.keys) == {"d"}, "existing keys are kept"


def test_a_photo_that_lrplan_put_there_and_nobody_lists_is_removed() -> None:
    found = verdict("ac", "abc", "abc")
    assert (why(found), after(found)) == ("removal", "ac")
    assert found.change is not None
    assert found.change.removed == ids("b")
    assert found.dropped == ids("b")


def test_a_photo_that_somebody_else_put_there_stays() -> None:
    found = verdict("ac", "abc", "ac")
    assert (found.change, found.unlisted) == (None, ids("b"))


def test_without_state_nothing_is_removed() -> None:
    found = verdict("ac", "abc", None)
    assert (found.change, found.unlisted) == (None, ids("b"))


def test_members_that_are_wanted_to_be_none_are_removed() -> None:
    assert after(verdict("", "abc", "abc")) == ""


def test_removals_and_moves_make_one_replacement_with_fresh_keys() -> None:
    found = verdict("dca", "abcd", "abcd")
    assert (why(found), after(found)) == ("removal", "dca")
    assert found.change is not None
    assert list(found.change.keys) == list("dca")
    assert list(found.change.keys.values()) == sorted(found.change.keys.values())


def test_another_order_than_remembered_is_a_move() -> None:
    found = verdict("cab", "abc", "abc")
    assert (why(found), found.kept_order) == ("move", False)
    assert found.change is not None
    assert [(move.asset_id, move.before, move.after) for move in found.change.moved] == [("c", 3, 1)]


def test_without_state_another_order_is_a_move() -> None:
    assert why(verdict("cab", "abc", None)) == "move"


def test_an_order_made_by_hand_is_kept() -> None:
    found = verdict("abc", "cab", "abc")
    assert (found.change, found.kept_order) == (None, True)


def test_a_photo_is_added_to_an_order_made_by_hand() -> None:
    found = verdict("abdc", "cab", "abc")
    assert (why(found), found.kept_order, after(found)) == (None, True, "cabd")


def test_a_new_wish_beats_an_order_made_by_hand() -> None:
    assert why(verdict("bac", "cab", "abc")) == "move"


def test_a_removal_makes_the_wanted_order_anew_even_if_it_was_changed_by_hand() -> None:
    found = verdict("ab", "cba", "abc")
    assert (why(found), after(found), found.kept_order) == ("removal", "ab", False)


def test_kept_photos_stay_behind_the_photo_they_stood_behind() -> None:
    assert after(verdict("ca", "xaybzc", "abc")) == "xcayz"


def test_changed_publish_info_of_a_member_replaces_the_album() -> None:
    live = evolve(album("ab"), infos={AssetId("a"): MemberInfo(remote_id="1", service_payload="s")})
    assert why(verdict(wish("ab", infos={AssetId("a"): MemberInfo(remote_id="1")}), live, "ab")) is None
    found = verdict(wish("ab", infos={AssetId("a"): MemberInfo(remote_id="2")}), live, "ab")
    assert why(found) == "member-info"
    assert found.change is not None
    assert found.change.rewritten == ids("a")


def test_by_capture_date_no_keys_are_written_and_the_order_of_the_list_means_nothing() -> None:
    by_date = wish("cab", order=Order.CAPTURE_DATE)
    assert verdict(by_date, album("abc", keyed=False), remembers("abc", Order.CAPTURE_DATE)).change is None
    found = verdict(by_date, album("ac", keyed=False), remembers("ac", Order.CAPTURE_DATE))
    assert (why(found), after(found)) == (None, "abc")
    assert found.change is not None
    assert found.change.keys == {}


def test_keys_that_others_wrote_do_not_replace_an_album_by_capture_date() -> None:
    by_date = wish("abc", order=Order.CAPTURE_DATE)
    assert verdict(by_date, "cba", remembers("abc", Order.CAPTURE_DATE)).change is None
    assert why(verdict(by_date, "cba", "cba")) == "order-changed"
    assert verdict(by_date, album("abc", keyed=False), "abc").change is None, "there are no keys to take away"


def test_a_photo_that_cannot_be_had_is_neither_removed_nor_told_as_unlisted() -> None:
    missing = MissingPhoto(asset_id=AssetId("b"), name="B.jpg", text="was deleted", hint="", span=SPAN)
    found = verdict(wish("ac", missing=(missing,)), "abc", "abc")
    assert (found.change, found.unlisted, found.dropped) == (None, (), ids("b"))


def test_a_replacement_leaves_photos_in_the_trash_behind() -> None:
    trashed = evolve(FACTS, trashed=frozenset(ids("x")))
    found = verdict("ba", "axb", "ab", facts=trashed)
    assert (why(found), after(found), found.dropped) == ("move", "ba", ids("x"))


def test_what_an_interrupted_replacement_left_behind_is_carried_over() -> None:
    found = verdict("ba", "b", "ab", older="axb")
    assert (why(found), after(found)) == (None, "bax")
    assert found.change is not None
    assert found.change.added == ids("ax")


def test_what_it_left_behind_and_the_manifests_remove_is_not_carried_over() -> None:
    found = verdict("b", "b", "ab", older="ab")
    assert (found.change, found.dropped) == (None, ids("a"))

"""What becomes of the members of an album, and when only a new album will do."""

import pytest
from attrs import evolve

from lrplan.diagnostics import SourceSpan
from lrplan.diff.members import NOTHING, Facts, MemberVerdict, compare_members, take_all_along
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


def test_a_photo_that_was_never_arranged_goes_where_the_list_puts_it() -> None:
    found = verdict("abcx", "axbc", "abc")
    assert (why(found), after(found), found.kept_order) == ("move", "abcx", False)
    found = verdict("abcdx", "abxyc", "abc")
    assert (why(found), after(found), found.kept_order) == ("move", "abcdxy", False)
    found = verdict("axbc", "axbc", "abc")
    assert (found.change, found.kept_order) == (None, False)


def test_a_photo_that_was_never_arranged_stays_where_it_is_in_an_order_made_by_hand() -> None:
    found = verdict("abcx", "cxab", "abc")
    assert (found.change, found.kept_order) == (None, True)
    found = verdict("abx", "cbxa", "abc")
    assert (why(found), after(found), found.kept_order) == ("removal", "bxa", True)


@pytest.mark.parametrize("made", ["", "a", "abc", "abcx"])
def test_an_interrupted_replacement_puts_a_photo_that_was_never_arranged_where_the_list_does(made: str) -> None:
    found = verdict("abcx", made, "abc", older="axbc")
    assert (why(found), found.kept_order) == (None, False)
    assert found.change is None or after(found) == "abcx"


def test_a_photo_is_added_to_an_order_made_by_hand() -> None:
    found = verdict("abdc", "cab", "abc")
    assert (why(found), found.kept_order, after(found)) == (None, True, "cabd")


def test_a_new_wish_beats_an_order_made_by_hand() -> None:
    assert why(verdict("bac", "cab", "abc")) == "move"


def test_a_removal_keeps_an_order_made_by_hand() -> None:
    found = verdict("abd", "dcba", "abcd")
    assert (why(found), after(found), found.kept_order) == ("removal", "dba", True)
    assert found.change is not None
    assert found.change.moved == ()


def test_an_order_made_by_hand_of_photos_that_go_is_no_more() -> None:
    found = verdict("ab", "cab", "abc")
    assert (why(found), after(found), found.kept_order) == ("removal", "ab", False)


def test_new_photos_in_a_replacement_go_behind_the_one_they_follow_in_the_list() -> None:
    found = verdict("xabyd", "dcba", "abcd")
    assert (why(found), after(found), found.kept_order) == ("removal", "xdbya", True)


def test_a_removal_and_another_order_of_the_list_beat_an_order_made_by_hand() -> None:
    found = verdict("bad", "dcab", "abcd")
    assert (why(found), after(found), found.kept_order) == ("removal", "bad", False)


def test_unlisted_photos_keep_their_place_in_an_order_made_by_hand() -> None:
    assert after(verdict("abd", "xdcyba", "abcd")) == "xdyba"


def test_a_changed_member_keeps_an_order_made_by_hand() -> None:
    live = evolve(album("cab"), infos={AssetId("a"): MemberInfo(remote_id="1")})
    found = verdict(wish("abc", infos={AssetId("a"): MemberInfo(remote_id="2")}), live, "abc")
    assert (why(found), after(found), found.kept_order) == ("member-info", "cab", True)


def test_photos_without_keys_keep_the_place_in_which_they_are_shown() -> None:
    live = Membership(asset_ids=ids("cab"), orders=("5", None, None))
    found = verdict("abxc", live, "abc")
    assert (why(found), after(found), found.kept_order) == ("no-key", "cabx", True)


def test_without_state_nobody_knows_that_an_order_was_made_by_hand() -> None:
    found = verdict("abx", evolve(album("ba"), orders=("5", "5")), None)
    assert (why(found), after(found), found.kept_order) == ("move", "abx", False)


@pytest.mark.parametrize("made", ["", "c", "ca", "cab", "ab", "b"])
def test_an_interrupted_replacement_goes_on_in_the_order_made_by_hand(made: str) -> None:
    found = verdict("abc", made, "abcx", older="cxab")
    assert (why(found), found.kept_order) == (None, True)
    assert found.change is None or after(found) == "cab"


def test_what_only_an_interrupted_replacement_has_put_there_is_no_sign_of_a_person() -> None:
    found = verdict("adbc", "ad", "abcx", older="abxc")
    assert (why(found), after(found), found.kept_order) == (None, "adbc", False)
    found = verdict("adbc", "ad", "abcx", older="cabx")
    assert (why(found), after(found), found.kept_order) == (None, "cadb", True)


def test_where_a_new_photo_was_put_says_nothing_of_the_photos_beside_it() -> None:
    """Somebody else's x stood behind a; a replacement that puts it first was interrupted after two photos."""
    found = verdict("xabc", "xa", "abc", older="axbc")
    assert (after(found), found.kept_order) == ("xabc", False)
    found = verdict("xabc", "xb", "abc", older="bxac")
    assert (after(found), found.kept_order) == ("xbac", True)


def test_an_album_by_capture_date_has_no_order_made_by_hand() -> None:
    by_date = wish("ac", order=Order.CAPTURE_DATE)
    found = verdict(by_date, "cba", remembers("abc", Order.CAPTURE_DATE))
    assert (why(found), after(found), found.kept_order) == ("removal", "ac", False)


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
    assert (found.unlisted, found.left_behind) == ((), ids("x"))
    found = verdict("ab", "axb", "ab", facts=trashed)
    assert (found.change, found.unlisted, found.left_behind) == (None, ids("x"), ()), "as long as the album stays"


def test_finishing_a_replacement_leaves_photos_in_the_trash_behind() -> None:
    trashed = evolve(FACTS, trashed=frozenset(ids("xa")))
    found = verdict("b", "b", "ab", older="axb", facts=trashed)
    assert found.change is not None
    assert (found.change.removed, found.left_behind) == (ids("a"), ids("x")), "a was put there and is no longer wanted"
    unmanaged = take_all_along(wish(""), album("b"), album("axb"), trashed)
    assert unmanaged.left_behind == ids("ax")


def test_what_an_interrupted_replacement_left_behind_is_carried_over() -> None:
    found = verdict("ba", "b", "ab", older="axb")
    assert (why(found), after(found)) == (None, "bax")
    assert found.change is not None
    assert (found.change.before, found.change.added, found.unlisted) == (ids("axb"), (), ids("x"))


def test_what_it_left_behind_and_the_manifests_remove_is_not_carried_over() -> None:
    found = verdict("b", "b", "ab", older="ab")
    assert found.change is not None
    assert (found.change.removed, found.change.judged, found.dropped) == (ids("a"), (), ids("a"))


def test_what_the_earlier_run_was_taking_out_was_judged_then() -> None:
    remembered = evolve(remembers("abc"), leaving={AssetId("a"): 1})
    found = verdict("c", "c", remembered, older="abc")
    assert found.change is not None
    assert (found.change.removed, found.change.judged) == (ids("ab"), ids("a"))


def test_an_interrupted_replacement_is_told_against_what_people_had() -> None:
    found = verdict("cabd", "cx", "abc", older="abc")
    assert found.change is not None
    assert (found.change.before, after(found)) == (ids("abcx"), "cxabd")
    assert (found.change.added, [move.asset_id for move in found.change.moved]) == (ids("d"), [*ids("cx")])

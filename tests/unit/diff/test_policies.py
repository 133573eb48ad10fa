"""What a manifest lets lrplan do to an album: empty it of what others put there, replace it, undo an order by hand."""

from attrs import evolve

from lrplan.diff.change import Withheld
from lrplan.diff.members import NOTHING, MemberVerdict, compare_members, take_all_along
from lrplan.model.album import MemberInfo, Membership, Order
from lrplan.model.ids import AssetId
from lrplan.model.policy import Reorder, Replace, Unlisted
from lrplan.model.state import Applied, Binding
from lrplan.resolve.desired import DesiredAlbum, MissingPhoto
from tests.unit.diff.test_members import FACTS, SPAN, after, album, ids, remembers, verdict, why, wish

GREEDY = {"unlisted": Unlisted.REMOVE}
KEPT = {"replace": Replace.NEVER}


def keyed(**keys: str | None) -> Membership:
    """An album with these photos and order keys."""
    return Membership(asset_ids=ids("".join(keys)), orders=tuple(keys.values()))


def withheld(found: MemberVerdict) -> Withheld:
    assert found.withheld is not None
    assert found.replace is None
    return found.withheld


def told(found: MemberVerdict) -> str:
    return withheld(found).reason.text


class TestUnlisted:
    def test_what_others_put_there_goes_with_the_rest_and_is_told_apart(self) -> None:
        found = verdict(wish("a", **GREEDY), "abx", "ab")
        assert found.change is not None
        assert (why(found), found.change.removed, found.change.foreign) == ("removal", ids("bx"), ids("x"))
        assert (after(found), found.unlisted, found.dropped) == ("a", (), ids("bx"))

    def test_it_is_reason_enough_for_a_new_album(self) -> None:
        assert why(verdict(wish("ab", **GREEDY), "abx", "ab")) == "removal"
        assert why(verdict(wish("ab"), "abx", "ab")) is None

    def test_what_lies_in_the_trash_is_not_left_behind_but_removed(self) -> None:
        found = verdict(wish("ab", **GREEDY), "abx", "ab", facts=evolve(FACTS, trashed=frozenset(ids("x"))))
        assert found.change is not None
        assert (found.change.removed, found.left_behind) == (ids("x"), ())

    def test_a_listed_photo_that_cannot_be_had_is_not_unlisted(self) -> None:
        missing = MissingPhoto(asset_id=AssetId("x"), name="x", text="was deleted", hint="", span=SPAN)
        found = verdict(wish("ab", missing=(missing,), **GREEDY), "abx", "ab")
        assert (found.change, found.replace) == (None, None)

    def test_without_state_of_the_album_nothing_goes(self) -> None:
        begun = evolve(remembers("a"), applied=Applied())  # by a run that was cut off, without state before it
        for nothing in (None, begun):
            found = verdict(wish("ab", **GREEDY), "abx", nothing)
            assert (found.change, found.unlisted, found.awaits_state) == (None, ids("x"), True)
        assert not verdict(wish("ab"), "abx", None).awaits_state

    def test_what_an_older_generation_alone_holds_goes_too(self) -> None:
        found = verdict(wish("ab", **GREEDY), "a", evolve(remembers("ab"), leaving={AssetId("x"): 1}), older="abxy")
        assert found.change is not None
        assert (why(found), after(found)) == (None, "ab")
        assert (found.change.removed, found.change.foreign, found.change.judged) == (ids("xy"), ids("xy"), ids("x"))

    def test_a_photo_that_a_person_puts_back_is_judged_anew(self) -> None:
        remembered = evolve(remembers("a"), leaving={AssetId("x"): 1})
        found = verdict(wish("a", **GREEDY), "ax", remembered, older="ax")
        assert found.change is not None
        assert (found.change.removed, found.change.judged) == (ids("x"), ())

    def test_where_members_are_not_managed_it_says_nothing(self) -> None:
        found = take_all_along(wish("", **GREEDY), album("a"), album("ab"), FACTS)
        assert (after(found), found.awaits_state) == ("ab", False)


class TestNever:
    def test_a_removal_and_a_move_are_withheld_and_the_photo_that_fits_is_added(self) -> None:
        found = verdict(wish("cabd", **KEPT), "abcx", "abcx")
        assert after(found) == "abdcx", "it stands behind the photo that it follows"
        assert found.change is not None
        assert (found.change.added, found.change.removed, found.change.moved) == (ids("d"), (), ())
        kept = withheld(found)
        assert (kept.removed, [(move.asset_id, move.before, move.after) for move in kept.moved]) == (
            ids("x"),
            [(AssetId("c"), 4, 1)],
        )
        assert told(found) == "removing x and moving c need a new album, and `replace: never` forbids that"

    def test_what_is_so_already_withholds_nothing(self) -> None:
        found = verdict(wish("abc", **KEPT), "abc", "abc")
        assert (found.change, found.withheld) == (None, None)

    def test_the_info_of_a_member_is_withheld_and_that_of_a_new_one_is_sent(self) -> None:
        infos = {AssetId(one): MemberInfo(remote_id=one) for one in "ab"}
        found = verdict(wish("ab", infos=infos, **KEPT), "a", "a")
        assert found.change is not None
        assert (found.change.added, found.change.rewritten) == (ids("b"), ())
        assert withheld(found).rewritten == ids("a")

    def test_a_photo_that_no_key_fits_stays_out_and_the_others_do_not(self) -> None:
        found = verdict(wish("xaybz", **KEPT), keyed(a="k", b=None), "ab")
        assert after(found) == "xayb"
        assert withheld(found).added == ids("z")
        assert told(found).endswith("; b before the new photos has no order key")
        assert told(found).startswith("adding z needs a new album")

    def test_many_photos_are_counted_and_few_of_them_named(self) -> None:
        found = verdict(wish("a", **KEPT), "abcdef", "abcdef")
        assert told(found).startswith("removing 5 photos (b, c, d, …) needs")

    def test_order_keys_that_are_to_go_stay(self) -> None:
        found = verdict(wish("abc", order=Order.CAPTURE_DATE, **KEPT), "cba", "cba")
        assert (withheld(found).by_date, withheld(found).moved) == (True, ())

    def test_an_order_made_by_hand_is_kept_and_no_move(self) -> None:
        found = verdict(wish("abc", **KEPT), "cab", "abc")
        assert (found.withheld, found.kept_order) == (None, True)
        found = verdict(wish("abc", reorder=Reorder.RESTORE, **KEPT), "cab", "abc")
        assert ([move.asset_id for move in withheld(found).moved], found.kept_order) == ([*ids("c")], False)

    def test_others_photos_are_withheld_with_state_and_without(self) -> None:
        for binding in (remembers("a"), None):
            found = verdict(wish("a", **KEPT, **GREEDY), "ax", binding)
            assert (withheld(found).removed, found.unlisted, found.awaits_state) == (ids("x"), (), False)

    def test_an_unfinished_replacement_is_finished_in_the_newest_generation(self) -> None:
        found = verdict(wish("cab", **KEPT), "a", "abcd", older="abcdx")
        assert found.change is not None
        assert (found.replace, found.withheld, after(found)) == (None, None, "cxab")
        assert found.change.removed == ids("d")

    def test_what_it_left_behind_comes_along_even_where_no_key_fits(self) -> None:
        live, older = keyed(a=None), album("abx")
        found = compare_members(wish("abn", **KEPT), live, older, remembers("ab"), FACTS)
        assert found.change is not None
        assert set(found.change.after) == {*ids("abx")}
        assert withheld(found).added == ids("n"), "a photo that is new can wait"

    def test_nobody_wishes_for_an_order_where_members_are_not_managed(self) -> None:
        found = take_all_along(wish("", **KEPT), keyed(a=None, b="k"), album("axb"), FACTS)
        assert (found.replace, found.withheld) == (None, None)
        assert found.change is not None
        assert set(found.change.after) == {*ids("axb")}

    def test_a_new_album_is_made_as_ever(self) -> None:
        found = compare_members(wish("ba", **KEPT, **GREEDY), NOTHING, NOTHING, None, FACTS)
        assert (after(found), found.withheld) == ("ba", None)


class TestRestore:
    def found(self, wanted: DesiredAlbum, live: str, put: str | Binding) -> MemberVerdict:
        return verdict(evolve(wanted, reorder=Reorder.RESTORE), live, put)

    def test_the_order_of_the_list_comes_back_and_the_reason_says_whose_it_undoes(self) -> None:
        found = self.found(wish("abc"), "cab", "abc")
        assert (why(found), after(found), found.kept_order) == ("move", "abc", False)
        assert found.replace is not None
        assert "made by hand in Lightroom is undone" in found.replace.text

    def test_a_removal_says_so_too(self) -> None:
        found = self.found(wish("ab"), "bac", "abc")
        assert (why(found), after(found)) == ("removal", "ab")
        assert found.replace is not None
        assert "made by hand in Lightroom is undone" in found.replace.text

    def test_a_list_that_moves_photos_itself_undoes_nobodys_order(self) -> None:
        found = self.found(wish("cab"), "abc", "abc")
        assert found.replace is not None
        assert "by hand" not in found.replace.text

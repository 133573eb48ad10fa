"""Moves are as few as they can be, and what is kept stays where it was."""

from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrplan.diff.change import Move
from lrplan.diff.sequence import moves_between, same_order, with_kept
from lrplan.model.ids import AssetId

LETTERS = [AssetId(letter) for letter in "abcdef"]


def fewest_moves(before: tuple[AssetId, ...], after: tuple[AssetId, ...]) -> int:
    """By trying every subset that could stay."""
    for size in range(len(after), -1, -1):
        for staying in combinations(after, size):
            places = [before.index(one) for one in staying]
            if places == sorted(places):
                return len(after) - size
    return 0


@pytest.mark.parametrize("after", list(permutations(LETTERS)))
def test_no_re_order_is_told_in_more_moves_than_it_needs(after: tuple[AssetId, ...]) -> None:
    before = tuple(LETTERS)
    moves = moves_between(before, after)
    assert len(moves) == fewest_moves(before, after)
    moved = {move.asset_id for move in moves}
    rest = [one for one in after if one not in moved]
    assert rest == sorted(rest), "what does not move keeps its order"
    assert all((before.index(m.asset_id) + 1, after.index(m.asset_id) + 1) == (m.before, m.after) for m in moves)


def test_positions_count_from_one_in_the_album_before_and_after() -> None:
    before, after = tuple(map(AssetId, "abcdx")), tuple(map(AssetId, "dabcy"))
    assert moves_between(before, after) == (Move(asset_id=AssetId("d"), before=4, after=1),)


def test_photos_that_come_or_go_do_not_move() -> None:
    assert moves_between(tuple(map(AssetId, "abc")), tuple(map(AssetId, "xay"))) == ()


@given(st.permutations(LETTERS), st.permutations(LETTERS), st.sets(st.sampled_from(LETTERS)))
def test_same_order_looks_at_common_photos_only(
    left: list[AssetId], right: list[AssetId], only_left: set[AssetId]
) -> None:
    common = [one for one in right if one not in only_left]
    assert same_order(left, common) == ([one for one in left if one not in only_left] == common)


@given(st.permutations(LETTERS), st.permutations(LETTERS), st.sets(st.sampled_from(LETTERS)))
def test_what_is_kept_stays_behind_the_wanted_photo_it_stood_behind(
    live: list[AssetId], order: list[AssetId], keep: set[AssetId]
) -> None:
    wanted = [one for one in order if one not in keep]
    kept = [one for one in live if one in keep]
    merged = with_kept(wanted, kept, live)
    assert sorted(merged) == sorted(LETTERS)
    assert [one for one in merged if one not in keep] == wanted

    def anchor(sequence: list[AssetId], one: AssetId) -> AssetId | None:
        before = [other for other in sequence[: sequence.index(one)] if other not in keep]
        return before[-1] if before else None

    assert all(anchor(list(merged), one) == anchor(live, one) for one in kept)

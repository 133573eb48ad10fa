"""Photos are shown where they change, and no list is longer than somebody would read."""

from hypothesis import given
from hypothesis import strategies as st

from lrplan.diff.change import MemberChange, Move
from lrplan.render.neighbourhoods import neighbourhoods
from tests.unit.render.plans import names, photo, photos


def _shown(change: MemberChange) -> list[str]:
    return [f"{line.mark}{line.text}" for line in neighbourhoods(change, {p: str(int(p, 16)) for p in names(700)})]


def test_one_change_stands_between_two_neighbours_on_each_side() -> None:
    change = MemberChange(before=photos(1, 9), after=(*photos(1, 4), *photos(6, 9)), removed=(photo(5),))
    assert _shown(change) == [" 3", " 4", "-5", " 6", " 7"]


def test_a_replaced_photo_shows_what_goes_before_what_comes() -> None:
    change = MemberChange(
        before=photos(1, 3), after=(photo(1), photo(9), photo(3)), added=(photo(9),), removed=(photo(2),)
    )
    assert _shown(change) == [" 1", "-2", "+9", " 3"]


def test_the_first_photo_can_go() -> None:
    assert _shown(MemberChange(before=photos(1, 3), after=photos(2, 3), removed=photos(1, 1))) == ["-1", " 2", " 3"]


def test_a_photo_that_goes_is_shown_behind_one_that_is_left_behind_too() -> None:
    change = MemberChange(before=photos(1, 4), after=(photo(1), photo(4)), removed=(photo(3),))
    assert _shown(change) == [" 1", "-3", " 4"]


def test_an_emptied_album_shows_its_first_photos_and_a_count() -> None:
    shown = _shown(MemberChange(before=photos(1, 100), removed=photos(1, 100)))
    assert shown == [*(f"-{number}" for number in range(1, 11)), "-… and 90 more"]


def test_moves_are_told_by_their_places_only() -> None:
    change = MemberChange(
        before=photos(1, 4),
        after=(photo(4), *photos(1, 3)),
        moved=(Move(asset_id=photo(4), before=4, after=1),),
    )
    assert _shown(change) == [">4 4 → 1"]


def test_an_append_shows_where_it_begins_and_a_count() -> None:
    change = MemberChange(before=photos(1, 10), after=photos(1, 50), added=photos(11, 50))
    assert _shown(change) == [" 9", " 10", "+11", "+12", "+13", "+… and 37 more"]


@given(st.lists(st.sampled_from("+- m"), max_size=400))
def test_no_album_takes_more_lines_than_somebody_would_read(marks: list[str]) -> None:
    ids = {index: photo(index + 1) for index in range(len(marks))}
    staying = [ids[index] for index, mark in enumerate(marks) if mark == " "]
    moving = [ids[index] for index, mark in enumerate(marks) if mark == "m"]
    change = MemberChange(
        before=tuple(ids[index] for index, mark in enumerate(marks) if mark != "+"),
        after=(*moving, *(ids[index] for index, mark in enumerate(marks) if mark in "+ ")),
        added=tuple(ids[index] for index, mark in enumerate(marks) if mark == "+"),
        removed=tuple(ids[index] for index, mark in enumerate(marks) if mark == "-"),
        moved=tuple(Move(asset_id=moved, before=1, after=2) for moved in moving),
    )
    shown = _shown(change)
    assert len(shown) <= 41 + 14
    assert len(staying) >= sum(line.startswith(" ") for line in shown)

"""What lies in an older generation of a set leaves it early only where it would be in the way."""

from lrplan.model.ids import AlbumId, address_bits
from lrplan.resolve.generations import Generations
from lrplan.resolve.leaving import leave_older_sets
from tests.unit.diff.test_circles import ALONE, IDS, INNER, MIDDLE, OLD, OUTER, catalog_of, wish_of

WISHED = {OUTER: INNER, MIDDLE: "/", INNER: None}
OLDER = Generations(by_bits={address_bits(a): ((1, IDS[a]), *([(0, OLD)] if a == MIDDLE else ())) for a in IDS})
LIVE: dict[AlbumId, AlbumId | None] = {IDS[OUTER]: None, OLD: IDS[OUTER], IDS[INNER]: OLD, IDS[MIDDLE]: None}


def test_a_set_that_is_in_the_way_goes_into_the_newest_generation() -> None:
    """The inner set lies in an older generation of the middle one, and that in the outer one, which is to go in it."""
    left = leave_older_sets(wish_of(WISHED), catalog_of(LIVE), OLDER)
    assert {address: one.parent for address, one in left.albums.items()} == {**WISHED, INNER: MIDDLE}


def test_anything_else_moves_along_when_the_older_generation_goes() -> None:
    wish = wish_of(WISHED)
    assert leave_older_sets(wish, catalog_of({**LIVE, OLD: None}), OLDER) == wish
    assert leave_older_sets(wish, catalog_of(LIVE), ALONE) == wish
    elsewhere = wish_of({**WISHED, OUTER: None})
    assert leave_older_sets(elsewhere, catalog_of(LIVE), OLDER) == elsewhere


def test_a_parent_that_somebody_declared_stays() -> None:
    wish = wish_of({**WISHED, INNER: "/"})
    assert leave_older_sets(wish, catalog_of(LIVE), OLDER) == wish

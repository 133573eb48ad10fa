"""What is in an older set moves to the newer one, and no set comes to lie inside itself."""

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lrplan.model.album import Album
from lrplan.model.ids import AlbumId
from lrplan.plan.action import TOP_LEVEL
from lrplan.plan.heirs import moves_out
from tests.unit.apply.stage import NEW_SET, OLD_SET, a_set, album

INNER, OTHER = AlbumId("5" * 32), AlbumId("6" * 32)


def moved(*albums: Album) -> list[tuple[AlbumId, str]]:
    moves = moves_out(OLD_SET, NEW_SET, {one.id: one for one in albums})
    assert all(move.name is None and move.publish_info is None for move in moves)
    return [(move.current.id, move.parent or "") for move in moves]


def test_only_what_lies_directly_in_the_older_set_moves() -> None:
    inside = album(INNER, parent=OLD_SET)
    assert moved(a_set(OLD_SET), a_set(NEW_SET), inside, album(OTHER, parent=INNER)) == [(INNER, NEW_SET)]


def test_an_empty_set_needs_no_move() -> None:
    assert moved(a_set(OLD_SET), a_set(NEW_SET), album(OTHER, parent=NEW_SET)) == []


def test_the_newer_set_comes_out_of_the_older_one_to_where_that_lies() -> None:
    new = a_set(NEW_SET, parent=OLD_SET)
    assert moved(a_set(OLD_SET), new) == [(NEW_SET, TOP_LEVEL)]
    assert moved(a_set(OTHER), a_set(OLD_SET, parent=OTHER), new) == [(NEW_SET, OTHER)]


def test_the_newer_set_comes_out_before_what_it_lies_in_moves_into_it() -> None:
    new = a_set(NEW_SET, parent=INNER)
    assert moved(a_set(OLD_SET), new, a_set(INNER, parent=OLD_SET)) == [(NEW_SET, TOP_LEVEL), (INNER, NEW_SET)]


IDS = (OLD_SET, NEW_SET, *(AlbumId(f"{number:032}") for number in range(1, 5)))


@given(places=st.lists(st.integers(0, 5), min_size=6, max_size=6))
def test_every_tree_is_emptied_without_a_circle(places: list[int]) -> None:
    order = sorted(IDS, key=lambda one: (places[IDS.index(one)], one))
    albums = {one: a_set(one, parent=None) for one in order}
    for number, one in enumerate(order):
        above = order[: places[number] % (number + 1)]
        albums[one] = evolve(albums[one], parent=above[-1] if above else None)
    for move in moves_out(OLD_SET, NEW_SET, albums):
        above_it, seen = move.parent, []
        while above_it is not None and above_it != TOP_LEVEL:
            seen.append(above_it)
            above_it = albums[AlbumId(above_it)].parent
        assert move.current.id not in seen
        parent = None if move.parent == TOP_LEVEL else AlbumId(str(move.parent))
        albums[move.current.id] = evolve(move.current, parent=parent)
    assert all(one.parent != OLD_SET for one in albums.values())

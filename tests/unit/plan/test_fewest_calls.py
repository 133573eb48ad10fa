"""
No plan writes more calls than the API allows at best: proven by trying every pair of short sequences.

The oracle here knows nothing of lrplan. It knows what the API can do to an album: put in a few photos a call, each with
an order key; move the cover, which comes along for nothing with a photo that is put in; make an album; delete one. It
cannot take a photo out, nor give a member another key. So it tries every place that a new photo can be given, one after
the other: if the wanted sequence is among what can be reached, the calls that add photos are the fewest there are; else
it takes a new album, filled anew, and the deletion of the old one.

Photos are interchangeable, so that the live sequence may always be called 1, 2, 3, …: with every wanted sequence these
are all pairs. Every pair is an album of its own, all wanted sequences for a live one are a plan.

Of photos without a key, or with the same, the service itself decides the order, by their dates. lrplan leaves nothing
to that, nor does the oracle: a new photo is always given a key of its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import permutations

import pytest
from attrs import evolve

from lrplan.model.address import Address
from lrplan.model.album import Album, AlbumKind, Membership, Opaque
from lrplan.model.ids import AlbumId, Owner, album_id
from lrplan.model.snapshot import Snapshot
from lrplan.model.state import Applied, Binding, State
from lrplan.plan.action import AddMembers, CreateAlbum, RetireAlbum, SetCover
from lrplan.plan.plan import Plan
from tests.memory_catalog import MemoryCatalog
from tests.scenarios.live import ACCOUNT, CATALOG, SERVICE
from tests.studio import PROJECT, Studio, photo, world_of

PER_CALL = 2  # so few that it matters how photos are spread over calls
OWNER = Owner(account_id=ACCOUNT, service_id=SERVICE, project=PROJECT)
ONE_WRITE_EACH = (AddMembers, CreateAlbum, RetireAlbum, SetCover)

Sequence = tuple[int, ...]
Keys = tuple[str | None, ...]
"""Of the live photos, in shown order: those without a key come last, and are shown by their dates."""


# --- the oracle ---


def sequences(photos: int) -> tuple[Sequence, ...]:
    """Every sequence of up to so many photos, drawn from so many."""
    return tuple(one for length in range(photos + 1) for one in permutations(range(1, photos + 1), length))


@cache
def reachable(keys: Keys, new: frozenset[int]) -> frozenset[Sequence]:
    """Every sequence that the live photos 1, 2, 3, … become when all of *new* are put in with keys of their own."""
    start = tuple((number, key) for number, key in enumerate(keys, 1))
    found: set[Sequence] = set()
    for turns in permutations(sorted(new)):
        albums: set[tuple[tuple[int, str | None], ...]] = {start}
        for one in turns:
            albums = {
                (*shown[:at], (one, f"new {one}"), *shown[at:])
                for shown in albums
                for at in range(len(shown) + 1)
                if _has_room(shown[at - 1][1] if at else "", shown[at][1] if at < len(shown) else None)
            }
        found.update(tuple(number for number, _ in shown) for shown in albums)
    return frozenset(found)


def _has_room(before: str | None, after: str | None) -> bool:
    """Whether a key lies between those of two neighbours; "" is before all of them, None behind."""
    return before is not None and before != after


def calls_for(photos: int) -> int:
    """How many calls put so many photos in."""
    return -(-photos // PER_CALL)


def fewest(keys: Keys, wanted: Sequence, *, cover: int | None = None, live_cover: int | None = None) -> int:
    """The least number of calls that turn the live album into the wanted one."""
    live, new = range(1, len(keys) + 1), frozenset(wanted) - set(range(1, len(keys) + 1))
    if set(live) <= set(wanted) and wanted in reachable(keys, new):
        moves_alone = cover is not None and cover != live_cover and cover not in new
        return calls_for(len(new)) + moves_alone
    return 1 + calls_for(len(wanted)) + 1


# --- lrplan ---


@pytest.fixture(scope="module", autouse=True)
def _few_photos_a_call() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lrplan.plan.build.MEMBERS_PER_CALL_MAX", PER_CALL)
        yield


def writes(keys: Keys, wishes: Mapping[str, tuple[Sequence, int | None]], live_cover: int | None) -> dict[str, int]:
    """How many calls the plan writes for each album, all of which hold 1, 2, 3, … before, put there by lrplan."""
    studio = Studio(MemoryCatalog(_world(keys, wishes, live_cover)))
    studio.memory.state = _state(keys, wishes, live_cover)
    planned = studio.plan("albums:\n" + "".join(_entry(name, *wish) for name, wish in wishes.items()))
    return counts(planned, wishes)


def counts(planned: Plan, wishes: Iterable[str]) -> dict[str, int]:
    """The writes of a plan by the name of their album."""
    found = dict.fromkeys(wishes, 0)
    for step in planned.steps:
        assert isinstance(step.action, ONE_WRITE_EACH), step
        found[step.action.address.removeprefix("albums.")] += 1
    return found


def _entry(name: str, wanted: Sequence, cover: int | None) -> str:
    members = ", ".join(f"{{id: {photo(one)}}}" for one in wanted)
    shown = "" if cover is None else f", cover: {{id: {photo(cover)}}}"
    return f"  {name}: {{name: {name}, members: [{members}]{shown}}}\n"


def _id(name: str) -> AlbumId:
    return album_id(OWNER, f"albums.{name}", 0)


def _world(keys: Keys, names: Iterable[str], live_cover: int | None) -> Snapshot:
    listing = Membership(
        asset_ids=tuple(photo(number) for number in range(1, len(keys) + 1)),
        orders=keys,
        cover=None if live_cover is None else photo(live_cover),
    )
    albums = {
        _id(name): Album(
            id=_id(name),
            kind=AlbumKind.ALBUM,
            service_id=SERVICE,
            name=name,
            cover=listing.cover,
            raw=Opaque(f'{{"name": "{name}"}}'),
        )
        for name in names
    }
    return evolve(world_of(), albums=albums, members=dict.fromkeys(albums, listing))


def _state(keys: Keys, names: Iterable[str], live_cover: int | None) -> State:
    put = tuple(photo(number) for number in range(1, len(keys) + 1))
    cover = None if live_cover is None else photo(live_cover)
    return State(
        account_id=ACCOUNT,
        catalog_id=CATALOG,
        service_id=SERVICE,
        project=PROJECT,
        serial=1,
        bindings={
            Address(f"albums.{name}"): Binding(
                album_id=_id(name),
                generation=0,
                put=put,
                arranged=put,
                applied=Applied(name=name, cover=cover),
            )
            for name in names
        },
    )


def compare(keys: Keys, pairs: Iterable[tuple[Sequence, int | None]], *, live_cover: int | None = None) -> None:
    """See that lrplan needs as many calls as the oracle."""
    wishes = {f"a{number}": pair for number, pair in enumerate(pairs)}
    found = writes(keys, wishes, live_cover)
    for name, (wanted, cover) in wishes.items():
        least = fewest(keys, wanted, cover=cover, live_cover=live_cover)
        assert found[name] == least, f"keys {keys}, wanted {wanted}, cover {live_cover} -> {cover}"


def spread(photos: int) -> Keys:
    """Keys as lrplan gives them: each of its own."""
    return tuple(f"{number}V" for number in range(1, photos + 1))


@pytest.mark.parametrize("live", range(6))
def test_no_pair_of_sequences_takes_more_calls_than_the_api_allows_at_best(live: int) -> None:
    compare(spread(live), ((wanted, None) for wanted in sequences(5)))


@pytest.mark.parametrize("live", range(1, 5))
def test_nor_where_the_last_photos_have_no_key(live: int) -> None:
    for without in range(1, live + 1):
        keys = (*spread(live - without), *(None for _ in range(without)))
        compare(keys, ((wanted, None) for wanted in sequences(4)))


@pytest.mark.parametrize("live", range(2, 5))
def test_nor_where_two_neighbours_have_the_same_key(live: int) -> None:
    for first in range(live - 1):
        keys = list(spread(live))
        keys[first + 1] = keys[first]
        compare(tuple(keys), ((wanted, None) for wanted in sequences(4)))


@pytest.mark.parametrize("live", range(4))
def test_nor_with_a_cover(live: int) -> None:
    pairs = [(wanted, cover) for wanted in sequences(4) for cover in wanted]
    for live_cover in (None, *range(1, live + 1)):
        compare(spread(live), pairs, live_cover=live_cover)


def test_the_oracle_knows_what_can_be_reached() -> None:
    """Two of its answers, by hand."""
    assert reachable((None, None), frozenset({3})) == {(3, 1, 2)}
    assert reachable(("1V", "1V"), frozenset({3})) == {(3, 1, 2), (1, 2, 3)}
    assert [fewest(spread(2), one) for one in ((1, 2), (1, 3, 2), (2, 1), (1,), ())] == [0, 1, 3, 3, 2]

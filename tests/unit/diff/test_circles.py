"""Sets whose parent nobody declares stay where they are, also if that closes a circle."""

from collections.abc import Mapping

from lrplan.diagnostics import SourceSpan
from lrplan.diff.circles import find_circles
from lrplan.model.address import Address, set_address
from lrplan.model.album import Album, AlbumKind
from lrplan.model.ids import AccountId, AlbumId, CatalogId, ServiceId, address_bits
from lrplan.model.snapshot import Account, Catalog, Snapshot
from lrplan.resolve.desired import Desired, DesiredAlbum
from lrplan.resolve.generations import Generations

OUTER, MIDDLE, INNER = (set_address(key) for key in ("outer", "middle", "inner"))
IDS = {OUTER: AlbumId("1" * 32), MIDDLE: AlbumId("2" * 32), INNER: AlbumId("3" * 32)}
LIVE = {OUTER: None, MIDDLE: OUTER, INNER: MIDDLE}
OLD = AlbumId("4" * 32)  # an older generation of the outer set
ALONE = Generations()
OLDER = Generations(by_bits={address_bits(OUTER): ((1, IDS[OUTER]), (0, OLD))})


def said(
    wished: dict[Address, Address | str | None],
    live: Mapping[AlbumId, AlbumId | None] | None = None,
    generations: Generations = ALONE,
) -> list[tuple[str, str]]:
    if live is None:
        live = {IDS[address]: IDS[parent] if parent is not None else None for address, parent in LIVE.items()}
    return [(one.code, one.what) for one in find_circles(wish_of(wished), catalog_of(live), IDS, generations)]


def catalog_of(live: Mapping[AlbumId, AlbumId | None]) -> Snapshot:
    albums = {
        one: Album(id=one, kind=AlbumKind.SET, service_id=ServiceId("s"), name=one, parent=parent)
        for one, parent in live.items()
    }
    return Snapshot(
        account=Account(id=AccountId("a"), name="", status="trial"),
        catalog=Catalog(id=CatalogId("c"), name=""),
        service_id=ServiceId("s"),
        albums=albums,
    )


def wish_of(wished: Mapping[Address, Address | str | None]) -> Desired:
    span = SourceSpan(file="a.yaml", line=1, column=1)
    return Desired(
        albums={
            address: DesiredAlbum(address=address, kind=AlbumKind.SET, span=span, parent=parent)  # type: ignore[arg-type]
            for address, parent in wished.items()
        }
    )


def test_a_set_that_goes_into_what_lies_in_it_is_refused() -> None:
    assert said({OUTER: INNER, INNER: None}) == [("LRP208", "sets.outer would come to lie inside itself")]


def test_a_set_that_goes_into_what_lies_in_an_older_generation_of_it_is_refused() -> None:
    live = {IDS[OUTER]: None, OLD: None, IDS[MIDDLE]: OLD, IDS[INNER]: IDS[MIDDLE]}
    assert said({OUTER: INNER}, live, OLDER) == [("LRP208", "sets.outer would come to lie inside itself")]
    assert said({OUTER: INNER, MIDDLE: "/"}, live, OLDER) == []


def test_a_set_that_stays_in_an_older_generation_of_itself_comes_out_of_it() -> None:
    live = {OLD: None, IDS[OUTER]: IDS[INNER], IDS[INNER]: OLD, IDS[MIDDLE]: None}
    assert said({OUTER: None, INNER: None}, live, OLDER) == []
    live = {OLD: None, IDS[OUTER]: IDS[INNER], IDS[INNER]: IDS[MIDDLE], IDS[MIDDLE]: OLD}
    assert said({OUTER: None, INNER: MIDDLE, MIDDLE: None}, live, OLDER) == []
    live = {OLD: IDS[MIDDLE], IDS[OUTER]: OLD, IDS[MIDDLE]: None, IDS[INNER]: None}
    assert said({OUTER: None, MIDDLE: OUTER}, live, OLDER) == [
        ("LRP208", "sets.middle would come to lie inside itself")
    ]


def test_it_may_go_there_once_the_way_between_is_declared_otherwise() -> None:
    assert said({OUTER: INNER, INNER: "/"}) == []
    assert said({OUTER: INNER, MIDDLE: "/", INNER: None}) == []


def test_what_stays_as_it_is_is_no_circle() -> None:
    assert said({OUTER: None, MIDDLE: OUTER, INNER: MIDDLE}) == []
    assert said({OUTER: "/", INNER: OUTER}) == []

"""Sets whose parent nobody declares stay where they are, also if that closes a circle."""

from lrplan.diagnostics import SourceSpan
from lrplan.diff.circles import find_circles
from lrplan.model.address import Address, set_address
from lrplan.model.album import Album, AlbumKind
from lrplan.model.ids import AccountId, AlbumId, CatalogId, ServiceId
from lrplan.model.snapshot import Account, Catalog, Snapshot
from lrplan.resolve.desired import Desired, DesiredAlbum

OUTER, MIDDLE, INNER = (set_address(key) for key in ("outer", "middle", "inner"))
IDS = {OUTER: AlbumId("1" * 32), MIDDLE: AlbumId("2" * 32), INNER: AlbumId("3" * 32)}
LIVE = {OUTER: None, MIDDLE: OUTER, INNER: MIDDLE}


def said(wished: dict[Address, Address | str | None]) -> list[tuple[str, str]]:
    albums = {
        IDS[address]: Album(
            id=IDS[address],
            kind=AlbumKind.SET,
            service_id=ServiceId("s"),
            name=address,
            parent=IDS[parent] if parent is not None else None,
        )
        for address, parent in LIVE.items()
    }
    snapshot = Snapshot(
        account=Account(id=AccountId("a"), name="", status="trial"),
        catalog=Catalog(id=CatalogId("c"), name=""),
        service_id=ServiceId("s"),
        albums=albums,
    )
    span = SourceSpan(file="a.yaml", line=1, column=1)
    desired = Desired(
        albums={
            address: DesiredAlbum(address=address, kind=AlbumKind.SET, span=span, parent=parent)  # type: ignore[arg-type]
            for address, parent in wished.items()
        }
    )
    return [(one.code, one.what) for one in find_circles(desired, snapshot, IDS)]


def test_a_set_that_goes_into_what_lies_in_it_is_refused() -> None:
    assert said({OUTER: INNER, INNER: None}) == [("LRP208", "sets.outer would come to lie inside itself")]


def test_it_may_go_there_once_the_way_between_is_declared_otherwise() -> None:
    assert said({OUTER: INNER, INNER: "/"}) == []
    assert said({OUTER: INNER, MIDDLE: "/", INNER: None}) == []


def test_what_stays_as_it_is_is_no_circle() -> None:
    assert said({OUTER: None, MIDDLE: OUTER, INNER: MIDDLE}) == []
    assert said({OUTER: "/", INNER: OUTER}) == []

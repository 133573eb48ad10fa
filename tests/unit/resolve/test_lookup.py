"""Which photo a name means: members first, then `within`, then the catalog; the trash never."""

import pytest

from lrplan.diagnostics import SourceSpan
from lrplan.manifest.entries import Declared, Within
from lrplan.model.address import Address
from lrplan.model.album import Album, AlbumKind, Membership
from lrplan.model.asset import UNKNOWN_DATE, Asset
from lrplan.model.ids import AccountId, AlbumId, AssetId, CatalogId, Owner, ServiceId, Sha256, album_id
from lrplan.model.snapshot import Account, Catalog, Snapshot
from lrplan.resolve.generations import find_generations
from lrplan.resolve.index import best_by_hash, index_assets
from lrplan.resolve.lookup import Window, candidates, place_of
from lrplan.resolve.needs import joined

OWNER = Owner(account_id=AccountId("a"), service_id=ServiceId("s"), project="p")
HERE, RAW = Address("albums.here"), Address("albums.raw")
SPAN = SourceSpan(file="a.yaml", line=1, column=1)
FOREIGN = AlbumId("f" * 32)


def photo(number: int, name: str = "P.jpg", date: str = "2026-05-01T10:00:00", **more: object) -> Asset:
    return Asset(id=AssetId(f"{number:032}"), file_name=name, capture_date=date, **more)  # type: ignore[arg-type]


def catalog(*assets: Asset, **albums: tuple[int, ...]) -> Snapshot:
    """A catalog; albums by the key of their address, `here_1` is the generation 1 of `here`."""
    listed = {}
    for key, numbers in albums.items():
        name, _, generation = key.partition("_")
        listed[album_id(OWNER, f"albums.{name}", int(generation or 0))] = tuple(AssetId(f"{n:032}") for n in numbers)
    return Snapshot(
        account=Account(id=OWNER.account_id, name="", status="subscriber"),
        catalog=Catalog(id=CatalogId("c"), name=""),
        service_id=OWNER.service_id,
        albums={
            key: Album(id=key, kind=AlbumKind.ALBUM, service_id=OWNER.service_id, name="") for key in (*listed, FOREIGN)
        },
        members={key: Membership(asset_ids=ids, orders=(None,) * len(ids)) for key, ids in listed.items()},
        assets={asset.id: asset for asset in assets},
    )


def meant(name: str, snapshot: Snapshot, within: Within | None = None) -> list[int]:
    """The numbers of the photos that *name* may mean in `albums.here`."""
    generations = find_generations(OWNER, snapshot.albums)
    place = place_of(generations.of(HERE), within, snapshot, generations)
    return [int(asset.id) for asset in candidates(name, place, index_assets(snapshot))]


def dates(after: str | None = None, before: str | None = None) -> Within:
    return Within(
        captured_after=Declared(after, SPAN) if after else None,
        captured_before=Declared(before, SPAN) if before else None,
    )


def test_a_member_is_meant_before_any_other_photo_of_its_name() -> None:
    assert meant("P.jpg", catalog(photo(1), photo(2), here=(2,))) == [2]


def test_of_two_members_of_one_name_the_first_shown_is_meant() -> None:
    assert meant("P.jpg", catalog(photo(1), photo(2), here=(2, 1))) == [2]


def test_members_of_the_newest_generation_come_before_those_of_an_older_one() -> None:
    assert meant("P.jpg", catalog(photo(1), photo(2), here=(1,), here_1=(2,))) == [2]
    assert meant("P.jpg", catalog(photo(1), photo(2), here=(1,), here_1=())) == [1]


def test_within_decides_between_photos_of_one_name() -> None:
    snapshot = catalog(photo(1, date="2024-05-01T10:00:00"), photo(2))
    assert meant("P.jpg", snapshot) == [1, 2]
    assert meant("P.jpg", snapshot, dates("2026-01-01")) == [2]
    assert meant("P.jpg", snapshot, dates(before="2026-01-01")) == [1]


def test_a_name_that_within_does_not_hold_is_looked_up_in_the_whole_catalog() -> None:
    assert meant("P.jpg", catalog(photo(1, date="2024-05-01T10:00:00")), dates("2026-01-01")) == [1]


def test_within_another_album_its_members_are_meant() -> None:
    snapshot = catalog(photo(1), photo(2), raw=(2,))
    assert meant("P.jpg", snapshot, Within(album=Declared("raw", SPAN))) == [2]


def test_within_an_album_that_is_named_by_id() -> None:
    snapshot = catalog(photo(1), photo(2), raw=(1,))
    raw = album_id(OWNER, RAW, 0)
    assert meant("P.jpg", snapshot, Within(album=Declared(str(raw), SPAN))) == [1]


def test_the_trash_is_never_meant_not_even_for_a_member() -> None:
    assert meant("P.jpg", catalog(photo(1, subtype="deleted_image"), here=(1,))) == []
    assert meant("P.jpg", catalog(photo(1, subtype="deleted_image"), photo(2), here=(1,))) == [2]


def test_names_are_compared_in_composed_form() -> None:
    assert meant("Cafe\u0301.jpg", catalog(photo(1, "Caf\u00e9.jpg"))) == [1]
    assert meant("Caf\u00e9.jpg", catalog(photo(1, "Cafe\u0301.jpg"), here=(1,))) == [1]


def test_names_are_compared_letter_by_letter() -> None:
    assert meant("p.jpg", catalog(photo(1, "P.jpg"))) == []


def test_photos_without_a_name_are_not_found_by_none() -> None:
    assert meant("", catalog(photo(1, ""))) == []


@pytest.mark.parametrize(
    ("window", "date", "holds"),
    [
        (Window(), UNKNOWN_DATE, True),
        (Window(after="2026-05-01"), UNKNOWN_DATE, False),
        (Window(before="2026-05-01"), UNKNOWN_DATE, False),
        (Window(after="2026-05-01"), "2026-05-01T00:00:00", True),
        (Window(after="2026-05-01"), "2026-04-30T23:59:59", False),
        (Window(before="2026-05-03"), "2026-05-02T23:59:59.999", True),
        (Window(before="2026-05-03"), "2026-05-03T00:00:00", False),
        (Window(after="2026-05-01", before="2026-05-03"), "2026-05-02T12:00:00", True),
    ],
)
def test_a_window_holds_its_first_instant_and_not_its_last(window: Window, date: str, holds: bool) -> None:
    assert window.holds(date) is holds


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ([], []),
        ([("a", "c"), ("b", "d")], [("a", "d")]),
        ([("a", "b"), ("c", "d")], [("a", "b"), ("c", "d")]),
        ([("a", "b"), ("b", "c")], [("a", "c")]),
        ([("a", "d"), ("b", "c")], [("a", "d")]),
        ([("a", None), ("b", "c")], [("a", None)]),
        ([(None, "b"), ("a", "c")], [(None, "c")]),
        ([(None, "a"), ("b", None)], [(None, "a"), ("b", None)]),
    ],
)
def test_windows_that_touch_are_walked_once(
    windows: list[tuple[str | None, str | None]], expected: list[tuple[str | None, str | None]]
) -> None:
    made = joined({Window(after=after, before=before) for after, before in windows})
    assert [(window.after, window.before) for window in made] == expected


def test_of_several_copies_of_an_original_a_complete_one_that_is_not_in_the_trash_is_used() -> None:
    trashed, partial = photo(1, subtype="deleted_image"), photo(2, is_complete=False)
    assert best_by_hash((trashed, partial, photo(4), photo(3))) == photo(3)
    assert best_by_hash((trashed, partial)) == partial
    assert best_by_hash(()) is None


def test_copies_are_indexed_by_hash() -> None:
    one = photo(1, sha256=Sha256("0" * 64))
    assert index_assets(catalog(one, photo(2))).by_sha256 == {Sha256("0" * 64): (one,)}


def test_an_album_of_another_key_is_not_ours_although_its_id_looks_like_it() -> None:
    key = album_id(OWNER, HERE, 0)

    def album(service: str | None) -> Album:
        return Album(
            id=key, kind=AlbumKind.ALBUM, service_id=ServiceId(service) if service is not None else None, name=""
        )

    assert find_generations(OWNER, {key: album("another")}).of(HERE) == ()
    assert find_generations(OWNER, {key: album("s")}).of(HERE) == ((0, key),)
    assert find_generations(OWNER, {key: album(None)}).of(HERE) == ((0, key),), "a service that does not say"


def test_the_highest_generation_comes_first() -> None:
    snapshot = catalog(here=(), here_2=(), here_10=())
    found = find_generations(OWNER, snapshot.albums).of(HERE)
    assert [generation for generation, _ in found] == [10, 2, 0]

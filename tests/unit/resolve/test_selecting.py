"""What a select finds: by name, kind and date, among all photos or those of an album; and where that stands."""

import unicodedata

import pytest

from lrplan.manifest.entries import Manifest, SourceText
from lrplan.manifest.parse import parse_manifests
from lrplan.model.address import Address, album_address
from lrplan.model.asset import UNKNOWN_DATE, Asset
from lrplan.model.ids import AccountId, AssetId, CatalogId, Owner, ServiceId
from lrplan.model.inventory import Inventory, Original
from lrplan.model.snapshot import Account, Catalog, Snapshot
from lrplan.resolve.generations import find_generations
from lrplan.resolve.selecting import listings_to_select, select_photos
from lrplan.resolve.wanted import expand

OWNER = Owner(account_id=AccountId("a"), service_id=ServiceId("s"), project="p")
PROJECT = SourceText("lrplan.yaml", b"lrplan: 1\nproject: p\n")
HERE = Address("albums.a")


def photo(number: int, name: str = "", date: str = "", **more: object) -> Asset:
    fields = {"file_name": name or f"P{number}.jpg", "capture_date": date or f"2026-05-01T10:{number:02}:00", **more}
    return Asset(id=AssetId(f"{number:032}"), **fields)  # type: ignore[arg-type]


def original(date: str, name: str = "new.jpg") -> Original:
    return Original(
        path=name, file_name=name, size_bytes=1, sha256="0" * 64, part_size_bytes=10, part_checks=("0" * 16,),
        subtype="image", content_type="image/jpeg", capture_date=date,
    )  # type: ignore[arg-type]  # fmt: skip


def manifest_of(albums: str) -> Manifest:
    manifest, said = parse_manifests(PROJECT, [SourceText("a.yaml", f"lrplan: 1\nalbums:\n{albums}".encode())])
    assert manifest is not None, said
    return manifest


def selected(
    albums: str,
    *photos: Asset,
    named: dict[str, dict[int, int]] | None = None,
    uploads: dict[int, Original] | None = None,
) -> dict[str, list[int]]:
    """The numbers of the photos in each album; *named* are those that the list names, with their positions."""
    wishes, _ = expand(manifest_of(albums), Inventory())
    snapshot = Snapshot(
        account=Account(id=OWNER.account_id, name="", status="subscriber"),
        catalog=Catalog(id=CatalogId("c"), name=""),
        service_id=OWNER.service_id,
        assets={asset.id: asset for asset in photos},
    )
    places = {address: {} for address, wish in wishes.items() if wish.wanted is not None}
    for key, numbers in (named or {}).items():
        places[album_address(key)] = {AssetId(f"{n:032}"): at for n, at in numbers.items()}
    sent = {AssetId(f"{n:032}"): one for n, one in (uploads or {}).items()}
    found = select_photos(wishes, places, sent, snapshot, find_generations(OWNER, {}))
    return {address.partition(".")[2]: [int(a) for a in one.ids] for address, one in found.items()}


def by(select: str, *photos: Asset) -> list[int]:
    return selected(f"  a: {{members: [{{select: {{{select}}}}}]}}\n", *photos)["a"]


@pytest.mark.parametrize(
    ("glob", "finds"),
    [
        ("DSC_03*.jpg", [1, 2]),
        ("DSC_03?1.jpg", [1]),
        ("DSC_03[01]*", [1]),
        ("DSC_03[!01]*", [2]),
        ("dsc_03*", []),
        ("*.JPG", [3]),
        ("*", [1, 2, 3, 4, 5]),
        ("a[b.jpg", [4]),
        ("a.jpg", []),
        ("DSC_0311.jpg", [1]),
        ("DSC_0311", []),
    ],
)
def test_a_name_is_a_glob_that_holds_for_all_of_it_and_tells_capitals_apart(glob: str, finds: list[int]) -> None:
    names = ("DSC_0311.jpg", "DSC_0322.jpg", "X.JPG", "a[b.jpg", "a\nb.jpg")
    assert by(f"fileName: '{glob}'", *(photo(n, name) for n, name in enumerate(names, 1))) == finds


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_are_compared_composed(form: str) -> None:
    wanted = unicodedata.normalize("NFD" if form == "NFC" else "NFC", "Zürich*.jpg")
    assert by(f"fileName: '{wanted}'", photo(1, unicodedata.normalize(form, "Zürich 1.jpg"))) == [1]
    assert by(f"fileName: '{unicodedata.normalize(form, 'Z?rich*')}'", photo(1, "Zu\u0308rich")) == [1]


def test_all_keys_narrow_together() -> None:
    photos = [photo(1), photo(2, subtype="video"), photo(3, "X.jpg"), photo(4)]
    assert by("subtype: image, fileName: 'P*', capturedAfter: '2026-05-01T10:02:00'", *photos) == [4]


def test_the_trash_presets_and_what_has_no_name_are_found_by_nothing_that_asks_for_a_name() -> None:
    photos = [photo(1, subtype="deleted_image"), photo(2, subtype="preset"), photo(3, subtype="video"), photo(4)]
    assert by("fileName: '*'", *photos) == [3, 4]
    assert by("subtype: video", *photos) == [3]
    nameless = Asset(id=AssetId("9"), capture_date="2026-05-01T10:00:00")
    assert by("fileName: '?*'", nameless) == []


def test_an_original_that_has_not_arrived_is_found_as_it_is_by_its_name() -> None:
    assert by("fileName: P1.jpg", photo(1, is_complete=False)) == [1]


def test_the_first_day_is_in_and_the_last_is_not_and_the_undated_are_in_no_window() -> None:
    dates = ("2026-04-30T23:59:59", "2026-05-01", "2026-05-02T23:59:59.9", "2026-05-03", UNKNOWN_DATE)
    photos = [photo(n, date=date) for n, date in enumerate(dates, 1)]
    assert by("capturedAfter: 2026-05-01, capturedBefore: 2026-05-03", *photos) == [2, 3]
    assert by("capturedBefore: 2026-05-03", *photos) == [1, 2, 3]
    assert by("subtype: image", *photos) == [5, 1, 2, 3, 4]


def test_dates_decide_the_order_then_names_then_ids_whatever_fractions_and_zones_are_written() -> None:
    photos = [
        photo(1, "b.jpg", "2026-05-01T10:00:00.500"),
        photo(2, "a.jpg", "2026-05-01T10:00:00.5Z"),
        photo(4, "b.jpg", "2026-05-01T10:00:00Z"),
        photo(3, "b.jpg", "2026-05-01T10:00:00.0"),
        photo(5, "B.jpg", "2026-05-01T10:00:00"),
    ]
    assert by("subtype: image", *photos) == [5, 3, 4, 2, 1]


def test_each_select_stands_at_its_place_and_repeats_nothing() -> None:
    members = "[{select: {fileName: 'P[12].jpg'}}, P9.jpg, {select: {fileName: 'P[123].jpg'}}, P2.jpg]"
    found = selected(f"  a: {{members: {members}}}\n", *map(photo, (1, 2, 3, 9)), named={"a": {9: 1, 2: 3}})
    assert found["a"] == [1, 9, 3, 2]


def test_albums_are_asked_through_albums_whatever_their_keys() -> None:
    albums = (
        "  a: {members: [{select: {album: b, fileName: 'P[23].jpg'}}]}\n"
        "  b: {members: [{select: {album: c}}, P5.jpg]}\n"
        "  c: {members: [P3.jpg, P2.jpg, P1.jpg]}\n"
    )
    found = selected(albums, *map(photo, range(1, 6)), named={"b": {5: 1}, "c": {3: 0, 2: 1, 1: 2}})
    assert found == {"a": [2, 3], "b": [1, 2, 3, 5], "c": [3, 2, 1]}


def test_what_is_sent_is_found_as_it_will_be() -> None:
    albums = "  a: {members: [{select: {capturedAfter: '2026-05-01T10:02:00'}}]}\n  b: {members: [./new.jpg]}\n"
    uploads = {7: original("2026-05-01T10:02:30"), 8: original("2026-05-01T09:00:00")}
    found = selected(albums, photo(2), photo(3), named={"b": {7: 0, 8: 1}}, uploads=uploads)
    assert found["a"] == [2, 7, 3]


def test_what_is_in_the_catalog_already_is_found_as_it_is_there() -> None:
    found = selected(
        "  a: {members: [{select: {fileName: 'P*'}}]}\n", photo(7), uploads={7: original("2026-05-01T09:00:00")}
    )
    assert found["a"] == [7]


def test_an_album_that_the_wish_answers_for_is_not_listed() -> None:
    albums = "  a: {members: [{select: {album: b}}, {select: {album: c}}]}\n  b: {members: [P1.jpg]}\n  c: {name: C}\n"
    wishes, _ = expand(manifest_of(albums), Inventory())
    assert listings_to_select(wishes, find_generations(OWNER, {})) == frozenset()
    foreign = f"  a: {{members: [{{select: {{album: {'f' * 32}}}}}]}}\n"
    wishes, _ = expand(manifest_of(foreign), Inventory())
    assert listings_to_select(wishes, find_generations(OWNER, {})) == {("f" * 32, None)}

"""Counts of calls, by hand. That they are those of a real apply is held by every scenario."""

import pytest
from attrs import evolve

from lrplan.diff.change import Change, MemberChange, Verb
from lrplan.model.address import Address
from lrplan.model.album import Album, AlbumKind, Membership
from lrplan.model.asset import Asset
from lrplan.model.ids import AccountId, AlbumId, AssetId, CatalogId, ServiceId
from lrplan.model.snapshot import Account, Catalog, Snapshot
from lrplan.plan.action import (
    AddMembers,
    DeleteAlbum,
    Placed,
    RetireAlbum,
    Step,
    UpdateAlbum,
    UploadOriginal,
)
from lrplan.plan.costs import INCOMPLETE_CALLS, apply_calls, live_ids, step_calls
from lrplan.plan.limits import UPLOAD_PER_CALL_BYTES_MAX, calls_by_date, pages_of, parts_of
from lrplan.plan.requests import parts_to_send
from tests.unit.plan.test_edges import ORIGINAL

HERE = Address("albums.a")
OLD, NEW = AlbumId("1" * 32), AlbumId("2" * 32)
CHILD, OTHER = AlbumId("3" * 32), AlbumId("4" * 32)


def photos(count: int) -> tuple[AssetId, ...]:
    return tuple(AssetId(f"{number:032}") for number in range(count))


def catalog(members: int) -> Snapshot:
    ids = photos(members)
    return Snapshot(
        account=Account(id=AccountId("a"), name="", status="subscriber"),
        catalog=Catalog(id=CatalogId("c"), name=""),
        service_id=ServiceId("s"),
        members={OLD: Membership(asset_ids=ids, orders=(None,) * len(ids))},
        album_calls=3,
    )


@pytest.mark.parametrize(
    ("size", "part", "calls"),
    [
        (0, 32768, 1),
        (32768, 32768, 1),
        (32769, 32768, 2),
        (65537, 32768, 3),
        (UPLOAD_PER_CALL_BYTES_MAX, UPLOAD_PER_CALL_BYTES_MAX, 1),
        (UPLOAD_PER_CALL_BYTES_MAX + 1, UPLOAD_PER_CALL_BYTES_MAX, 2),
    ],
)
def test_parts_of_an_original(size: int, part: int, calls: int) -> None:
    assert parts_of(size, part) == calls


@pytest.mark.parametrize(("items", "pages"), [(0, 1), (1, 1), (500, 1), (501, 2), (1000, 2), (1001, 3)])
def test_pages_of_a_listing(items: int, pages: int) -> None:
    assert pages_of(items, 500) == pages


def test_an_upload_is_the_asset_and_its_parts() -> None:
    original = evolve(ORIGINAL, size_bytes=100_000, part_size_bytes=32768)
    assert step_calls(UploadOriginal(address=HERE, asset_id=photos(1)[0], original=original), catalog(0)) == 5


def test_parts_that_have_arrived_are_not_sent_but_asked_for_afterwards() -> None:
    original = evolve(ORIGINAL, size_bytes=100_000, part_size_bytes=32768)
    action = UploadOriginal(address=HERE, asset_id=photos(1)[0], original=original)
    action = evolve(action, original=evolve(original, size_bytes=200_000))
    arrived = {photos(1)[0]: ("bytes 0-32767/200000", "bytes 32768-65535/200000")}
    assert step_calls(action, evolve(catalog(0), begun=arrived)) == 1 + 5 + INCOMPLETE_CALLS
    assert step_calls(action, evolve(catalog(0), begun={photos(1)[0]: ()})) == 1 + 7


def test_an_original_that_only_an_earlier_run_says_to_wait_is_more_likely_there() -> None:
    original = evolve(ORIGINAL, size_bytes=100_000, part_size_bytes=32768)
    action = UploadOriginal(address=HERE, asset_id=photos(1)[0], original=original)
    there = evolve(catalog(0), assets={photos(1)[0]: Asset(id=photos(1)[0])}, incomplete=frozenset())
    ranges = tuple(write.content_range for write in parts_to_send(action, ()))
    but_one, all_of_it = {photos(1)[0]: ranges[:3]}, {photos(1)[0]: ranges}
    assert step_calls(action, evolve(there, begun=but_one)) == 1 + 1 + 1, "the last part says so"
    assert step_calls(action, evolve(there, begun=all_of_it)) == 1 + 1 + INCOMPLETE_CALLS
    waits = evolve(there, incomplete=frozenset(photos(1)), begun=but_one)
    assert step_calls(action, waits) == 1 + 1 + 1 + INCOMPLETE_CALLS


def test_retiring_reads_the_old_generation_lists_both_and_deletes_one() -> None:
    retire = RetireAlbum(address=HERE, album_id=OLD, successor=NEW, expected=1001)
    some = catalog(499)
    assets = {one: Asset(id=one, capture_date="2026-05-01T10:00:00") for one in some.members[OLD].asset_ids}
    assert step_calls(retire, evolve(some, assets=assets)) == 1 + 1 + 1 + 3 + 1
    assert step_calls(retire, catalog(501)) == 1 + 2 + 2 + 3 + 1, "where no date is known, it is asked for twice"


@pytest.mark.parametrize(
    ("dates", "calls"),
    [
        ([], 2),
        (["0000-00-00T00:00:00"], 2),
        (["0000-00-00T00:00:00"] * 5, 2),
        (["2026-05-01"], 1),
        (["0000-00-00T00:00:00", "2026-05-01"], 1),
        (["2026-05-01", "2026-05-02", "2026-05-03"], 1 + 2),
        (["2026-05-01", "2026-05-01", "2026-05-01"], 1),
        (["2026-05-01", "2026-05-01", "2026-05-02"], 1 + 1),
    ],
)
def test_a_listing_by_date_never_splits_what_was_captured_at_once(dates: list[str], calls: int) -> None:
    assert calls_by_date(dates, 2) == calls


SETS = Address("sets.travel")
RETIRE_SET = RetireAlbum(address=SETS, album_id=OLD, successor=NEW)


def with_children(*children: AlbumId) -> Snapshot:
    kinds = {OLD: AlbumKind.SET, NEW: AlbumKind.SET, **dict.fromkeys(children, AlbumKind.ALBUM)}
    albums = {
        one: Album(id=one, kind=kind, service_id=None, name="", parent=OLD if one in children else None)
        for one, kind in kinds.items()
    }
    return evolve(catalog(0), albums=albums)


def test_an_empty_older_set_costs_a_listing_and_a_deletion() -> None:
    assert step_calls(RETIRE_SET, with_children()) == 3 + 1


def test_what_is_in_an_older_set_is_read_and_moved_and_listed_once_more() -> None:
    assert step_calls(RETIRE_SET, with_children(CHILD, OTHER)) == 3 + 2 * 2 + 3 + 1


def test_what_leaves_an_older_set_by_itself_is_not_moved() -> None:
    both = with_children(CHILD, OTHER)
    moves = UpdateAlbum(address=HERE, album_id=CHILD, parent="/")
    renamed = UpdateAlbum(address=HERE, album_id=CHILD, name="B")
    goes = DeleteAlbum(address=HERE, album_id=OTHER, kind=AlbumKind.ALBUM)
    retired = RetireAlbum(address=HERE, album_id=OTHER, successor=CHILD)
    assert step_calls(RETIRE_SET, both, (moves,)) == 3 + 2 + 3 + 1
    assert step_calls(RETIRE_SET, both, (moves, goes, RETIRE_SET)) == 3 + 1
    assert step_calls(RETIRE_SET, both, (moves, retired)) == 3 + 1
    assert step_calls(RETIRE_SET, both, (renamed,)) == 3 + 2 * 2 + 3 + 1


def test_a_set_is_deleted_behind_a_listing_of_all_albums() -> None:
    assert step_calls(DeleteAlbum(address=HERE, album_id=OLD, kind=AlbumKind.SET), catalog(0)) == 3 + 1
    assert step_calls(DeleteAlbum(address=HERE, album_id=OLD, kind=AlbumKind.ALBUM), catalog(0)) == 1


def test_an_empty_plan_makes_no_call_at_all() -> None:
    assert apply_calls((), (), catalog(0)) == 0


def test_an_album_is_looked_at_before_and_after() -> None:
    added = AddMembers(address=HERE, album_id=OLD, photos=(Placed(asset_id=AssetId("f" * 32)),))
    change = Change(
        address=HERE,
        kind=AlbumKind.ALBUM,
        verb=Verb.UPDATE,
        name="A",
        id=OLD,
        members=MemberChange(before=photos(500), after=photos(501), added=photos(501)[500:]),
        looks_inside=True,
    )
    before, after, preamble = 1 + 1, 1 + 2, 2
    assert apply_calls((change,), (Step(id="add", action=added),), catalog(500)) == preamble + before + 1 + after


def test_an_unchanged_album_costs_nothing() -> None:
    same = Change(address=HERE, kind=AlbumKind.ALBUM, verb=Verb.UNCHANGED, name="A", id=OLD, looks_inside=True)
    step = Step(id="x", action=DeleteAlbum(address=Address("albums.b"), album_id=NEW, kind=AlbumKind.ALBUM))
    assert apply_calls((same,), (step,), catalog(10)) == 2 + 1


def test_the_live_generations_of_a_change_are_each_counted_once() -> None:
    change = Change(address=HERE, kind=AlbumKind.ALBUM, verb=Verb.REPLACE, name="A", id=OLD, retired=(OLD, NEW))
    assert live_ids(change) == (OLD, NEW)
    assert live_ids(evolve(change, id=None, retired=())) == ()

"""What finds room in the storage is sent, in order; what does not waits, with its numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrplan.model.ids import AccountId, AssetId, Sha256
from lrplan.model.inventory import Original
from lrplan.model.snapshot import Account
from lrplan.resolve.room import NO_ROOM, STORAGE_FULL, without_room


def originals(*sizes: int) -> dict[AssetId, Original]:
    return {
        AssetId(f"{number}"): Original(
            path=f"{number}.jpg",
            file_name=f"{number}.jpg",
            size_bytes=size,
            sha256=Sha256("0" * 64),
            part_size_bytes=20_000_000,
            part_checks=(),
            subtype="image",
            content_type="image/jpeg",
        )
        for number, size in enumerate(sizes)
    }


def account(used: int | None, limit: int | None) -> Account:
    return Account(id=AccountId("a"), name="", status="subscriber", storage_used_bytes=used, storage_limit_bytes=limit)


def waits(sizes: tuple[int, ...], used: int | None, limit: int | None) -> list[str]:
    return list(without_room(originals(*sizes), account(used, limit), storage_is_full=False))


@pytest.mark.parametrize(
    ("sizes", "used", "limit", "waiting"),
    [
        ((6, 4), 90, 100, []),
        ((6, 5, 4), 90, 100, ["1"]),
        ((11, 1), 90, 100, ["0"]),
        ((1,), 120, 100, ["0"]),
        ((0,), 100, 100, []),
        ((5,), None, 100, []),
        ((5,), 100, None, []),
        ((), 100, 100, []),
    ],
)
def test_each_that_still_fits_is_sent(
    sizes: tuple[int, ...], used: int | None, limit: int | None, waiting: list[str]
) -> None:
    assert waits(sizes, used, limit) == waiting


@given(sizes=st.lists(st.integers(0, 20), max_size=8), room=st.integers(0, 60))
def test_what_is_sent_never_takes_more_than_there_is_and_nothing_waits_that_fits(sizes: list[int], room: int) -> None:
    waiting = {int(one) for one in waits(tuple(sizes), 0, room)}
    sent = sum(size for number, size in enumerate(sizes) if number not in waiting)
    assert sent <= room
    assert all(size > room - sent for number, size in enumerate(sizes) if number in waiting)


def test_the_reason_has_the_numbers() -> None:
    (told,) = without_room(originals(6000), account(95_000, 100_000), storage_is_full=False).values()
    assert told.code == NO_ROOM
    assert told.text == "finds no room: it has 6,000 bytes, 5,000 bytes of storage are left for it"


def test_once_the_service_said_that_the_storage_is_full_nothing_fits_whatever_the_numbers_say() -> None:
    found = without_room(originals(1, 2), account(0, 1000), storage_is_full=True)
    assert [told.code for told in found.values()] == [STORAGE_FULL, STORAGE_FULL]

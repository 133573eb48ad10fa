"""Limits permit what they say, a share at least one; refusals carry their numbers and the words that lift them."""

import pytest
from attrs import evolve

from lrplan.diagnostics import ExitCode, SourceSpan
from lrplan.diff.change import INTERRUPTED, BlockedPhoto, Change, Reason, Verb
from lrplan.diff.elsewhere import Elsewhere
from lrplan.manifest.entries import Limits, Share
from lrplan.model.address import Address
from lrplan.model.album import AlbumKind
from lrplan.model.ids import AccountId, AlbumId, AssetId, CatalogId, ServiceId
from lrplan.model.snapshot import Account
from lrplan.plan.action import DeleteAlbum, Step
from lrplan.plan.guard import permitted, refusals
from lrplan.plan.plan import Plan, Summary
from lrplan.resolve.desired import EmptyKind, EmptyWish
from lrplan.resolve.room import NO_ROOM, STORAGE_FULL

NO_LIMITS = Limits(delete=10**9, replace=10**9, remove=10**9, create=10**9, add=10**9, upload=10**12)
ACCOUNT = Account(id=AccountId("a"), name="", status="subscriber")


def plan(goes: int = 0, stays: int = 0, *, allowed: dict[str, int] | None = None, **numbers: int) -> Plan:
    """A plan in which so many albums go and stay."""
    changes = tuple(
        Change(
            address=Address(f"albums.a{number}"),
            kind=AlbumKind.ALBUM,
            verb=Verb.DELETE if number < goes else Verb.UNCHANGED,
            name="A",
            id=AlbumId(f"{number:032}"),
        )
        for number in range(goes + stays)
    )
    return Plan(
        project="p",
        account_id=AccountId("a"),
        catalog_id=CatalogId("c"),
        service_id=ServiceId("s"),
        allowed=allowed or {},
        changes=changes,
        summary=Summary(delete=goes, **numbers),
    )


@pytest.mark.parametrize(
    ("share", "live", "most"),
    [(0.3, 10, 3), (0.3, 9, 2), (0.3, 3, 1), (0.3, 0, 1), (0.0, 100, 1), (1.0, 7, 7), (0.29, 100, 29), (0.07, 100, 7)],
)
def test_a_share_permits_its_part_rounded_down_but_at_least_one(share: float, live: int, most: int) -> None:
    assert permitted(Share(of_live=share), live) == most


def test_every_percent_of_every_hundred_is_exact() -> None:
    for percent in range(1, 101):
        for hundreds in (1, 7, 10_000):
            assert permitted(Share(of_live=percent / 100), 100 * hundreds) == percent * hundreds


def test_a_count_permits_itself_and_zero_permits_nothing() -> None:
    assert permitted(5, 1) == 5
    assert permitted(0, 100) == 0


@pytest.mark.parametrize(
    ("name", "numbers", "what"),
    [
        ("replace", {"replace": 4}, "4 albums to replace, the limit is 3"),
        ("remove", {"members_remove": 31, "members_live": 100}, "31 photos to remove, the limit is 30"),
        ("create", {"create": 201}, "201 albums or sets to create, the limit is 200"),
        ("add", {"members_add": 5001}, "5,001 photos to add, the limit is 5,000"),
        ("upload", {"upload_bytes": 50_000_000_001}, "50,000,000,001 bytes to upload, the limit is 50,000,000,000"),
    ],
)
def test_each_limit_refuses_what_is_beyond_it_and_not_what_it_permits(
    name: str, numbers: dict[str, int], what: str
) -> None:
    (said,) = refusals(plan(stays=10, **numbers), Limits())
    assert (said.what, said.exit_code) == (what, ExitCode.GUARD)
    beyond = max(value for key, value in numbers.items() if key != "members_live")
    assert said.hint.endswith(f"--allow {name}={beyond}")
    one_less = {key: value - (key != "members_live") for key, value in numbers.items()}
    assert refusals(plan(stays=10, **one_less), Limits()) == ()
    assert refusals(plan(stays=10, allowed={name: beyond}, **numbers), Limits()) == ()
    assert refusals(plan(stays=10, allowed={name: beyond - 1}, **numbers), Limits()) != ()


def test_one_is_spoken_of_as_one() -> None:
    (said,) = refusals(plan(stays=10, create=1), Limits(create=0))
    assert said.what == "1 album or set to create, the limit is 0"


def test_three_of_ten_albums_may_go_and_four_may_not() -> None:
    assert refusals(plan(3, 7), Limits()) == ()
    (said,) = refusals(plan(4, 6), Limits())
    assert said.what == "4 albums or sets to delete, the limit is 3"
    assert said.why == "limits.delete permits 30% of 10 live ones."


def test_a_share_of_what_may_be_replaced_counts_albums_and_no_sets() -> None:
    replaced, stays = (AlbumKind.ALBUM, Verb.REPLACE), (AlbumKind.ALBUM, Verb.UNCHANGED)
    some = of_kinds(*[replaced] * 3, stays, SET_STAYS, SET_STAYS)
    (said,) = refusals(evolve(some, summary=Summary(replace=3)), Limits())
    assert said.what == "3 albums to replace, the limit is 1"
    assert said.why == "limits.replace permits 30% of 4 live ones."


def test_allowing_less_than_a_limit_permits_takes_nothing_away() -> None:
    assert refusals(plan(3, 7, allowed={"delete": 1}), Limits()) == ()


def test_all_of_two_or_more_albums_do_not_go_unasked_whatever_the_limits() -> None:
    assert [said.code for said in refusals(plan(2, 0), NO_LIMITS)] == ["LRP402"]
    assert refusals(plan(2, 1), NO_LIMITS) == ()
    assert refusals(plan(1, 0), NO_LIMITS) == ()
    assert refusals(plan(2, 0, allowed={"delete": 2}), NO_LIMITS) == ()
    assert refusals(plan(3, 0, allowed={"delete": 2}), NO_LIMITS) != ()


def of_kinds(*kinds: tuple[AlbumKind, Verb], allowed: int = 0) -> Plan:
    """A plan of one change for each of *kinds*."""
    some = plan(len(kinds), allowed={"delete": allowed})
    changes = zip(some.changes, kinds, strict=True)
    goes = sum(verb is Verb.DELETE for _, verb in kinds)
    return evolve(
        some,
        changes=tuple(evolve(change, kind=kind, verb=verb) for change, (kind, verb) in changes),
        summary=Summary(delete=goes),
    )


ALBUM_GOES, ALBUM_STAYS = (AlbumKind.ALBUM, Verb.DELETE), (AlbumKind.ALBUM, Verb.UNCHANGED)
SET_GOES, SET_STAYS = (AlbumKind.SET, Verb.DELETE), (AlbumKind.SET, Verb.UNCHANGED)
SET_IS_BLOCKED = (AlbumKind.SET, Verb.BLOCKED)


@pytest.mark.parametrize("beside", [SET_STAYS, SET_IS_BLOCKED, SET_GOES])
def test_all_albums_do_not_go_unasked_whatever_becomes_of_the_sets(beside: tuple[AlbumKind, Verb]) -> None:
    (said,) = refusals(of_kinds(ALBUM_GOES, ALBUM_GOES, beside), NO_LIMITS)
    goes = 2 + (beside == SET_GOES)
    assert (said.code, said.hint) == ("LRP402", f"if that is what you want: --allow delete={goes}")
    assert refusals(of_kinds(ALBUM_GOES, ALBUM_GOES, beside, allowed=goes), NO_LIMITS) == ()
    assert refusals(of_kinds(ALBUM_GOES, ALBUM_GOES, beside, allowed=goes - 1), NO_LIMITS) == (said,)


def test_all_sets_do_not_go_unasked_even_if_the_albums_stay() -> None:
    (said,) = refusals(of_kinds(SET_GOES, SET_GOES, ALBUM_STAYS), NO_LIMITS)
    assert said.what == "every one of the 2 sets of this project would be deleted"
    assert refusals(of_kinds(SET_GOES, SET_GOES), NO_LIMITS) == (said,)
    assert refusals(of_kinds(SET_GOES, SET_GOES, SET_STAYS, ALBUM_GOES, ALBUM_STAYS), NO_LIMITS) == ()


def test_an_album_and_its_set_do_not_go_unasked_if_they_are_all_there_is() -> None:
    (said,) = refusals(of_kinds(ALBUM_GOES, SET_GOES), NO_LIMITS)
    assert said.what == "every one of the 2 albums and sets of this project would be deleted"


def test_finishing_what_an_earlier_run_began_needs_no_leave() -> None:
    begun = plan(stays=3, replace=3)
    assert [one.code for one in refusals(begun, Limits())] == ["LRP401"]
    reason = Reason(code=INTERRUPTED, text="")
    changes = tuple(evolve(change, verb=Verb.REPLACE, reason=reason) for change in begun.changes)
    assert refusals(evolve(begun, changes=changes), Limits()) == ()


def test_all_that_speaks_against_a_plan_is_said_at_once() -> None:
    said = refusals(plan(4, 0, create=300, members_add=6000), Limits())
    assert [one.code for one in said] == ["LRP401", "LRP401", "LRP401", "LRP402"]


def test_uploads_must_fit_into_the_storage_that_is_left() -> None:
    full = evolve(ACCOUNT, storage_used_bytes=90, storage_limit_bytes=100)
    assert refusals(plan(upload_bytes=10), Limits(), full) == ()
    (said,) = refusals(plan(upload_bytes=11), Limits(), full)
    assert said.what == "11 bytes to upload, 10 bytes of storage are left"
    assert refusals(plan(upload_bytes=11), Limits(), ACCOUNT) == ()


def waiting(*codes: str, allowed: dict[str, int] | None = None, **numbers: int) -> Plan:
    """A plan in which something is to be done, and a photo is blocked for each of *codes*."""
    something = DeleteAlbum(address=Address("albums.b"), album_id=AlbumId("b" * 32), kind=AlbumKind.ALBUM)
    some = evolve(plan(stays=1, allowed=allowed, **numbers), steps=(Step(id="1", action=something),))
    photos = tuple(BlockedPhoto(asset_id=AssetId(f"{n:032}"), text="", code=code) for n, code in enumerate(codes))
    return evolve(some, changes=(evolve(some.changes[0], blocked=photos),))


def test_what_finds_no_room_is_left_out_only_if_somebody_agrees_to_go_on_without_it() -> None:
    (said,) = refusals(waiting(NO_ROOM, NO_ROOM, "", uploads=3, upload_bytes=900), Limits())
    assert (said.code, said.exit_code) == ("LRP403", ExitCode.GUARD)
    assert said.what == "no room in the storage for 2 of 5 originals to upload"
    assert said.hint.endswith("--allow upload=900")
    assert refusals(waiting(NO_ROOM, allowed={"upload": 900}, upload_bytes=900), Limits()) == ()
    assert refusals(waiting(NO_ROOM, allowed={"upload": 899}, upload_bytes=900), Limits()) != ()


def test_even_where_nothing_fits_somebody_must_agree() -> None:
    (said,) = refusals(waiting(NO_ROOM), Limits())
    assert said.hint.endswith("--allow upload=0")
    assert refusals(waiting(NO_ROOM, allowed={"upload": 0}), Limits()) == ()


def test_where_nothing_is_to_be_done_nobody_must_agree_to_what_waits() -> None:
    assert refusals(waiting(NO_ROOM), Limits()) != ()
    assert refusals(evolve(waiting(NO_ROOM), steps=()), Limits()) == ()


def test_what_the_service_itself_found_no_room_for_waits_unasked() -> None:
    assert refusals(waiting(STORAGE_FULL, STORAGE_FULL), Limits()) == ()


EMPTY = EmptyWish(
    address=Address("albums.a0"),
    kind=EmptyKind.SELECT,
    value="fileName: x",
    span=SourceSpan(file="a.yaml", line=3, column=5),
)


def test_each_part_of_a_list_that_stands_for_no_photo_is_refused_and_no_limit_lifts_that() -> None:
    empty = (EMPTY, evolve(EMPTY, kind=EmptyKind.LIST, value="picks.txt", span=evolve(EMPTY.span, line=4)))
    said = refusals(evolve(plan(stays=1, allowed={"delete": 9, "remove": 9}), empty=empty), NO_LIMITS)
    assert [(one.code, one.exit_code, one.span) for one in said] == [
        ("LRP405", ExitCode.GUARD, wish.span) for wish in empty
    ]
    assert said[0].why.startswith("No photo matches fileName: x.")
    assert said[1].what == "the list picks.txt holds no photo"
    assert all(one.hint.endswith("write allowEmpty: true in albums.a0") for one in said)


def test_an_account_over_its_limit_may_still_be_planned_for_without_uploads() -> None:
    over = evolve(ACCOUNT, storage_used_bytes=120, storage_limit_bytes=100)
    assert refusals(plan(), Limits(), over) == ()
    assert refusals(plan(upload_bytes=1), Limits(), over) != ()


def test_uploads_for_which_there_is_no_room_are_refused_and_nothing_lifts_that() -> None:
    account = Account(
        id=AccountId("a" * 32), name="", status="subscriber", storage_used_bytes=900, storage_limit_bytes=1000
    )
    too_much = plan(1, 1, upload_bytes=101, allowed={"upload": 10**12})
    assert [one.code for one in refusals(too_much, NO_LIMITS, account)] == ["LRP403"]
    assert refusals(plan(1, 1, upload_bytes=100), NO_LIMITS, account) == ()
    assert refusals(too_much, NO_LIMITS, evolve(account, storage_limit_bytes=None)) == ()


@pytest.mark.parametrize(("elsewhere", "refused"), [(Elsewhere(), True), (Elsewhere(albums=1), False)])
def test_not_everything_goes_where_something_stays_elsewhere(elsewhere: Elsewhere, refused: bool) -> None:
    made = plan(goes=3)
    made = evolve(made, summary=evolve(made.summary, elsewhere=elsewhere))
    assert [said.code for said in refusals(made, NO_LIMITS)] == ["LRP402"] * refused


def test_a_share_counts_what_is_live_elsewhere() -> None:
    limits = Limits(delete=Share(of_live=0.3), replace=0, remove=Share(of_live=0.5), create=0, add=0, upload=0)
    made = plan(goes=2, stays=1, members_remove=6, members_live=8)
    assert [said.code for said in refusals(made, limits)] == ["LRP401", "LRP401"]
    more = evolve(made.summary, elsewhere=Elsewhere(albums=2, sets=2, members=4))
    assert refusals(evolve(made, summary=more), limits) == ()

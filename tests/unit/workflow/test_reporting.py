"""Every wish and every file is in exactly one bucket of the report."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lrplan.apply.endings import Ending, Result
from lrplan.diagnostics import ExitCode, error
from lrplan.diff.change import BlockedPhoto, Change, Reason, Verb, Withheld
from lrplan.model.address import Address
from lrplan.model.album import AlbumKind
from lrplan.model.ids import AccountId, AlbumId, AssetId, CatalogId, ServiceId, Sha256
from lrplan.model.inventory import Original
from lrplan.plan.action import Step, UpdateAlbum, UploadOriginal
from lrplan.plan.plan import Plan
from lrplan.workflow.report import Bucket, Item, Report, Verified
from lrplan.workflow.reporting import items_of

ALBUM, PHOTO = AlbumId("1" * 32), AssetId("a" * 32)
ORIGINAL = Original(
    path="../originals/a.CR3",
    file_name="a.CR3",
    size_bytes=1,
    sha256=Sha256("0" * 64),
    part_size_bytes=32768,
    part_checks=("0" * 16,),
    subtype="image",
    content_type="image/jpeg",
)
BLOCKED = BlockedPhoto(asset_id=PHOTO, text="was deleted in Lightroom")


def change(name: str, verb: Verb = Verb.UPDATE) -> Change:
    return Change(address=Address(name), kind=AlbumKind.ALBUM, verb=verb, name=name)


def step(name: str, number: int = 0) -> Step:
    return Step(id=f"{name}/{number}", action=UpdateAlbum(address=Address(name), album_id=ALBUM, name="B"))


def plan(*changes: Change, steps: tuple[Step, ...] = ()) -> Plan:
    return Plan(
        project="p",
        account_id=AccountId("a"),
        catalog_id=CatalogId("c"),
        service_id=ServiceId("s"),
        changes=changes,
        steps=steps,
        names={PHOTO: "P01.jpg"},
    )


def bucket(made: Plan, **endings: Result) -> Bucket:
    (item,) = items_of(made, {step_id: Ending(result=result) for step_id, result in endings.items()})
    return item.bucket


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ((Result.DONE, Result.DONE), Bucket.DONE),
        ((Result.DONE, Result.ALREADY), Bucket.DONE),
        ((Result.ALREADY, Result.ALREADY), Bucket.ALREADY),
        ((Result.DONE, Result.SKIPPED), Bucket.SKIPPED),
        ((Result.FAILED, Result.SKIPPED), Bucket.FAILED),
        ((Result.STALE, Result.SKIPPED), Bucket.STALE),
        ((Result.STALE, Result.FAILED), Bucket.FAILED),
    ],
)
def test_an_album_is_where_its_worst_step_is(results: tuple[Result, Result], expected: Bucket) -> None:
    made = plan(change("albums.a"), steps=(step("albums.a", 0), step("albums.a", 1)))
    assert bucket(made, **{f"albums.a/{number}": result for number, result in enumerate(results)}) is expected


def test_a_step_that_never_began_was_skipped() -> None:
    (item,) = items_of(plan(change("albums.a"), steps=(step("albums.a"),)), {})
    assert (item.bucket, item.why) == (Bucket.SKIPPED, "it was not begun")


def test_an_album_without_steps_is_already_so() -> None:
    assert bucket(plan(change("albums.a", Verb.UNCHANGED))) is Bucket.ALREADY


@pytest.mark.parametrize("verb", [Verb.LET_GO, Verb.UPDATE])
def test_what_only_had_to_be_remembered_is_done(verb: Verb) -> None:
    assert bucket(plan(change("albums.a", verb))) is Bucket.DONE


def test_what_is_paused_has_a_bucket_of_its_own_and_is_no_failure() -> None:
    (item,) = items_of(plan(change("albums.a", Verb.PAUSED)), {})
    assert item.bucket is Bucket.PAUSED
    assert Report(items=(item,)).exit_code is ExitCode.DONE


def test_a_blocked_change_says_why() -> None:
    blocked = evolve(change("sets.s", Verb.BLOCKED), reason=Reason(code="not-empty", text="Holiday stays in it"))
    assert items_of(plan(blocked), {}) == (
        Item(name="sets.s", bucket=Bucket.BLOCKED, address=Address("sets.s"), why="Holiday stays in it"),
    )


def test_what_was_done_is_done_and_tells_what_of_it_is_blocked() -> None:
    made = plan(evolve(change("albums.a"), blocked=(BLOCKED,)), steps=(step("albums.a"),))
    (item,) = items_of(made, {"albums.a/0": Ending(result=Result.DONE)})
    assert (item.bucket, item.why) == (Bucket.DONE, "P01.jpg was deleted in Lightroom")


def test_an_album_in_which_all_but_a_blocked_photo_is_so_already_is_blocked() -> None:
    unchanged = plan(evolve(change("albums.a", Verb.UNCHANGED), blocked=(BLOCKED,)))
    found_so = plan(evolve(change("albums.a"), blocked=(BLOCKED,)), steps=(step("albums.a"),))
    for made, endings in ((unchanged, {}), (found_so, {"albums.a/0": Ending(result=Result.ALREADY)})):
        (item,) = items_of(made, endings)
        assert (item.bucket, item.why) == (Bucket.BLOCKED, "P01.jpg was deleted in Lightroom")


def test_a_file_whose_photo_is_withheld_is_blocked_unless_another_album_has_it_sent() -> None:
    reason = Reason(code="replace-never", text="adding a.CR3 needs a new album")
    withheld = Withheld(reason=reason, added=(PHOTO,), files=(ORIGINAL.path,))
    kept = evolve(change("albums.a", Verb.BLOCKED), reason=reason, withheld=withheld)
    file, album = items_of(plan(kept), {})
    assert (file.name, file.bucket, file.why) == (ORIGINAL.path, Bucket.BLOCKED, f"albums.a: {reason.text}")
    assert (album.bucket, album.why) == (Bucket.BLOCKED, reason.text)
    sending = Step(id="upload/0", action=UploadOriginal(address=Address("albums.b"), asset_id=PHOTO, original=ORIGINAL))
    file, *_ = items_of(plan(kept, change("albums.b"), steps=(sending,)), {"upload/0": Ending(result=Result.DONE)})
    assert (file.name, file.bucket) == (ORIGINAL.path, Bucket.DONE)


def test_what_was_done_is_done_and_tells_what_of_it_is_withheld() -> None:
    withheld = Withheld(reason=Reason(code="replace-never", text="removing it needs a new album"))
    made = plan(evolve(change("albums.a"), withheld=withheld, blocked=(BLOCKED,)), steps=(step("albums.a"),))
    (item,) = items_of(made, {"albums.a/0": Ending(result=Result.DONE)})
    assert item.bucket is Bucket.DONE
    assert item.why == "removing it needs a new album. P01.jpg was deleted in Lightroom"


def test_a_file_that_is_blocked_has_an_item_of_its_own_once_however_many_albums_want_it() -> None:
    waits = evolve(BLOCKED, text="finds no room", path="../originals/b.CR3")
    made = plan(*(evolve(change(name, Verb.UNCHANGED), blocked=(waits, BLOCKED)) for name in ("albums.a", "albums.b")))
    assert [(item.name, item.bucket) for item in items_of(made, {})] == [
        ("../originals/b.CR3", Bucket.BLOCKED),
        ("albums.a", Bucket.BLOCKED),
        ("albums.b", Bucket.BLOCKED),
    ]
    assert items_of(made, {})[0].why == "finds no room"


def test_a_failure_is_not_hidden_behind_a_blocked_photo() -> None:
    made = plan(evolve(change("albums.a"), blocked=(BLOCKED,)), steps=(step("albums.a"),))
    assert bucket(made, **{"albums.a/0": Result.FAILED}) is Bucket.FAILED


def test_a_file_has_an_item_of_its_own_beside_its_album() -> None:
    upload = UploadOriginal(address=Address("albums.a"), asset_id=PHOTO, original=ORIGINAL)
    made = plan(change("albums.a"), steps=(Step(id="upload/0", action=upload), step("albums.a")))
    endings = {"upload/0": Ending(result=Result.FAILED, why="full"), "albums.a/0": Ending(result=Result.SKIPPED)}
    assert [(item.name, item.bucket, item.why) for item in items_of(made, endings)] == [
        ("../originals/a.CR3", Bucket.FAILED, "full"),
        ("albums.a", Bucket.SKIPPED, ""),
    ]


@given(
    st.dictionaries(
        st.sampled_from(["albums.a", "albums.b", "albums.c", "sets.s"]),
        st.tuples(st.sampled_from(Verb), st.lists(st.sampled_from(Result), max_size=3), st.booleans()),
    )
)
def test_the_items_add_up_to_the_wishes(wishes: dict[str, tuple[Verb, list[Result], bool]]) -> None:
    changes = [evolve(change(name, verb), blocked=(BLOCKED,) * hit) for name, (verb, _, hit) in wishes.items()]
    steps = [step(name, number) for name, (_, results, _) in wishes.items() for number in range(len(results))]
    endings = {
        f"{name}/{number}": Ending(result=result)
        for name, (_, results, _) in wishes.items()
        for number, result in enumerate(results)
    }
    items = items_of(plan(*changes, steps=tuple(steps)), endings)
    assert [item.name for item in items] == sorted(wishes)


def report(*buckets: Bucket, **more: object) -> ExitCode:
    items = tuple(Item(name=str(number), bucket=one) for number, one in enumerate(buckets))
    return Report(items=items, **more).exit_code  # type: ignore[arg-type]


def test_a_report_amounts_to_one_exit_code() -> None:
    assert report() is ExitCode.DONE
    assert report(Bucket.DONE, Bucket.ALREADY, Bucket.BLOCKED) is ExitCode.DONE
    assert report(Bucket.DONE, Bucket.STALE) is ExitCode.STALE
    assert report(Bucket.STALE, Bucket.FAILED) is ExitCode.INCOMPLETE
    assert report(Bucket.DONE, Bucket.SKIPPED) is ExitCode.INCOMPLETE
    assert report(Bucket.DONE, interrupted=True) is ExitCode.INCOMPLETE
    assert report(Bucket.DONE, remains=("the cover",)) is ExitCode.READ_BACK
    assert report(Bucket.DONE, verified=Verified.PLAN) is ExitCode.DONE


def test_credentials_that_died_after_something_was_sent_leave_it_incomplete() -> None:
    died = (error("LRP302", "refused"),)
    assert report(Bucket.SKIPPED, interrupted=True, diagnostics=died) is ExitCode.INCOMPLETE
    assert report(Bucket.SKIPPED, interrupted=True, diagnostics=(error("LRP304", "gone"),)) is ExitCode.CREDENTIALS
    assert report(Bucket.DONE, Bucket.SKIPPED, interrupted=True, diagnostics=died) is ExitCode.INCOMPLETE

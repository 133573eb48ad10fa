"""Selects from the files to the catalog: what is read for them, what a plan pins, and when an empty one is refused."""

import asyncio

import pytest
from attrs import evolve

from lrplan.diagnostics import ExitCode, Failure
from lrplan.formats.plan import decode_plan, encode_plan, plan_digest
from lrplan.model.album import Album, AlbumKind, Flag, Membership
from lrplan.model.asset import Asset
from lrplan.model.ids import AlbumId, AssetId
from lrplan.plan.plan import Plan
from lrplan.ports import MemberListing
from lrplan.workflow.plan import PlanResult, plan
from tests.memory_catalog import MemoryCatalog
from tests.ports import GivenFiles
from tests.studio import Studio, photo, world_of

HOLIDAY = AlbumId("f" * 32)
ALL = "albums:\n  a: {name: A, members: [{select: {fileName: 'P0[1-3].jpg'}}]}\n"
NONE = "albums:\n  a: {name: A, members: [{select: {fileName: 'X*'}}]}\n"
RAW = "  raw: {name: Raw, members: [P01.jpg, P02.jpg]}\n"


class Asked(MemoryCatalog):
    """Notes what it was asked for; some albums are not shown for some listings."""

    def __init__(self) -> None:
        super().__init__(world_of())
        self.asked: list[str] = []
        self.hidden = 0

    async def walk(self, *, captured_after: str | None, captured_before: str | None) -> tuple[Asset, ...]:
        self.asked.append(f"walk {captured_after}..{captured_before}")
        return await super().walk(captured_after=captured_after, captured_before=captured_before)

    async def members(self, album_id: AlbumId) -> MemberListing | None:
        self.asked.append(f"members {self.world.albums[album_id].name}")
        return await super().members(album_id)

    async def members_by_date(self, album_id: AlbumId, *, flag: Flag | None = None) -> MemberListing | None:
        name = self.world.albums[album_id].name if album_id in self.world.albums else album_id
        self.asked.append(f"{flag.value if flag is not None else 'all'} of {name}")
        if self.hidden:
            self.hidden -= 1
            return self._answered("members_by_date", None)
        return await super().members_by_date(album_id, flag=flag)


def studio_of() -> tuple[Studio, Asked]:
    """A studio in whose catalog somebody has an album of their own, with P01 and P02; P02 is a pick."""
    catalog = Asked()
    catalog.edit(
        albums={HOLIDAY: Album(id=HOLIDAY, kind=AlbumKind.ALBUM, service_id=None, name="Holiday")},
        members={HOLIDAY: Membership(asset_ids=(photo(1), photo(2)), orders=(None, None))},
    )
    catalog.flags[photo(2)] = Flag.PICK
    return Studio(catalog), catalog


def result_of(studio: Studio, albums: str) -> PlanResult:
    return asyncio.run(plan(studio.manifest(albums), studio.around))


def found(made: Plan, address: str = "albums.a") -> list[int]:
    """The numbers of the photos that an album will hold."""
    (change,) = [change for change in made.changes if change.address == address]
    return [int(asset_id) for asset_id in change.members.after] if change.members is not None else []


def album(*selects: str, key: str = "a") -> str:
    members = ", ".join(f"{{select: {{{select}}}}}" for select in selects)
    return f"  {key}: {{name: {key}, members: [{members}]}}\n"


@pytest.mark.parametrize(
    ("albums", "asked"),
    [
        (album("capturedAfter: 2026-05-01, capturedBefore: 2026-05-02"), ["walk 2026-05-01..2026-05-02"]),
        (
            album("capturedAfter: 2026-05-03", "capturedBefore: '2026-05-01T10:03:00'"),
            ["walk None..2026-05-01T10:03:00", "walk 2026-05-03..None"],
        ),
        (album("capturedAfter: 2026-05-01", "fileName: 'P0*'"), ["walk None..None"]),
        (album("subtype: image") + album("fileName: P01.jpg", key="b"), ["walk None..None"]),
        (album(f"album: {HOLIDAY}"), ["all of Holiday"]),
        (album(f"album: {HOLIDAY}, flag: pick"), ["pick of Holiday"]),
        (album(f"album: {HOLIDAY}", f"album: {HOLIDAY}, fileName: P01.jpg"), ["all of Holiday"]),
        (
            album(f"album: {HOLIDAY}, flag: pick", f"album: {HOLIDAY}, flag: unflagged")
            + album(f"album: {HOLIDAY}, flag: pick", key="b"),
            ["pick of Holiday", "unflagged of Holiday"],
        ),
        (album("album: raw") + RAW.replace("P0", "0" * 31).replace(".jpg", ""), []),
        (album("album: raw") + RAW, ["walk None..None"]),
    ],
    ids=[
        "dates",
        "two windows",
        "dates and all",
        "all twice",
        "album",
        "flag",
        "album twice",
        "flags",
        "wish",
        "names",
    ],
)
def test_what_is_read_for_selects_is_what_they_need_and_nothing_twice(albums: str, asked: list[str]) -> None:
    studio, catalog = studio_of()
    catalog.asked.clear()
    made = result_of(studio, f"albums:\n{albums}")
    assert sorted(catalog.asked) == sorted(asked)
    assert made.plan.summary.read_calls == catalog.calls


def test_windows_of_selects_and_of_names_are_walked_together() -> None:
    studio, catalog = studio_of()
    within = "within: {capturedAfter: 2026-05-01, capturedBefore: 2026-05-02}"
    select = "{select: {capturedAfter: 2026-05-02, capturedBefore: 2026-05-03}}"
    studio.plan(f"albums:\n  a: {{name: A, {within}, allowEmpty: true, members: [P01.jpg, {select}]}}\n")
    assert catalog.asked == ["walk 2026-05-01..2026-05-03"]


def test_an_album_that_is_read_for_another_reason_is_not_listed_again() -> None:
    studio, catalog = studio_of()
    within = f"  b: {{name: B, within: {{album: {HOLIDAY}}}, members: [P01.jpg]}}\n"
    studio.plan(f"albums:\n{album(f'album: {HOLIDAY}')}{within}")
    assert catalog.asked == ["members Holiday"]


def test_a_listing_that_comes_late_is_waited_for_and_an_album_that_is_gone_is_not() -> None:
    studio, catalog = studio_of()
    catalog.hidden = 2
    assert found(studio.plan(f"albums:\n{album(f'album: {HOLIDAY}, flag: pick')}")) == [2]
    waited_s = studio.clock.slept_s
    assert waited_s > 0
    gone = result_of(studio, f"albums:\n{album('album: ' + 'e' * 32)}")
    assert [said.code for said in gone.refusals] == ["LRP405"]
    assert studio.clock.slept_s == waited_s


def test_a_stored_plan_does_what_it_found_and_selects_nothing_anew() -> None:
    studio, catalog = studio_of()
    made = studio.plan(ALL)
    stored = decode_plan(encode_plan(made, version="1"), file="plan.json")
    added = Asset(id=AssetId("9" * 32), file_name="P03.jpg", capture_date="2026-05-01T10:02:30")
    catalog.edit(assets={**catalog.world.assets, added.id: added})
    catalog.asked.clear()
    assert studio.apply(stored, ALL).exit_code is ExitCode.DONE
    assert studio.members("A") == (photo(1), photo(2), photo(3))
    assert not [one for one in catalog.asked if one.startswith("walk")]
    assert studio.plan(ALL).summary.members_add == 1


def test_the_same_finding_has_the_same_digest_however_it_is_written() -> None:
    studio, _ = studio_of()
    other = "albums:\n  a: {name: A, members: [{select: {capturedBefore: '2026-05-01T10:04:00'}}]}\n"
    assert plan_digest(studio.plan(ALL)) == plan_digest(studio.plan(other))
    wider = other.replace("10:04", "10:05")
    assert plan_digest(studio.plan(ALL)) != plan_digest(studio.plan(wider))


def test_an_empty_wish_is_refused_when_it_is_planned_and_when_the_stored_plan_is_applied() -> None:
    studio, catalog = studio_of()
    made = result_of(studio, NONE)
    stored = decode_plan(encode_plan(made.plan, version="1"), file="plan.json")
    before = catalog.calls
    with pytest.raises(Failure) as refused:
        studio.apply(stored, NONE)
    assert refused.value.exit_code is ExitCode.GUARD
    assert refused.value.diagnostics == made.refusals
    assert [str(said.span) for said in made.refusals] == ["manifests/a.yaml:3:27"]
    assert catalog.calls == before


def test_who_agrees_to_an_empty_wish_has_another_plan() -> None:
    studio, _ = studio_of()
    agreed = result_of(studio, NONE.replace("name: A", "name: A, allowEmpty: true"))
    assert agreed.refusals == ()
    assert plan_digest(agreed.plan) != plan_digest(result_of(studio, NONE).plan)
    assert studio.apply(agreed.plan, NONE).exit_code is ExitCode.DONE


def test_limits_that_are_lifted_lift_no_empty_wish() -> None:
    studio, _ = studio_of()
    with pytest.raises(Failure) as refused:
        studio.run(NONE)
    assert [said.code for said in refused.value.diagnostics] == ["LRP405"]


def test_a_list_file_with_nothing_but_comments_holds_no_photo() -> None:
    studio, _ = studio_of()
    studio.files = GivenFiles(lists={"picks.txt": b"# later\n\n"})
    made = result_of(studio, "albums:\n  a: {name: A, members: [P01.jpg, {from: ../picks.txt}]}\n")
    (said,) = made.refusals
    assert (said.code, str(said.span)) == ("LRP405", "manifests/a.yaml:3:42")
    assert "picks.txt" in said.what


def test_a_photo_that_a_select_found_and_finds_no_more_is_removed_as_what_was_put_there() -> None:
    studio, catalog = studio_of()
    studio.run(ALL)
    catalog.edit(assets={**catalog.world.assets, photo(2): evolve(catalog.world.assets[photo(2)], file_name="Q.jpg")})
    studio.run(ALL)
    assert studio.members("A") == (photo(1), photo(3))


def test_what_an_album_holds_whose_members_nobody_manages_any_more_is_read_by_date() -> None:
    studio, catalog = studio_of()
    studio.run("albums:\n  raw: {name: Raw, members: [P01.jpg, P02.jpg]}\n")
    catalog.asked.clear()
    made = studio.plan("albums:\n  raw: {name: Raw}\n" + album("album: raw"))
    assert found(made) == [1, 2]
    assert catalog.asked == ["all of Raw"]

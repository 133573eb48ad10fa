"""Reading the catalog from servers of every kind, in the fewest calls."""

from collections.abc import Callable

import pytest

from lrplan.diagnostics import Failure
from lrplan.lightroom.service import LightroomService
from lrplan.model.album import AlbumKind
from lrplan.model.asset import UNKNOWN_DATE
from lrplan.model.ids import Sha256
from tests.unit.lightroom.stage import (
    ACCOUNT,
    CATALOG,
    SPACES,
    Asked,
    Renewing,
    Stage,
    album_id,
    album_row,
    asset_id,
    asset_row,
    listing,
    member_row,
    said,
)

Story = Callable[[LightroomService], object]


def code_of(stage: Stage, story: Story) -> str:
    with pytest.raises(Failure) as failed:
        stage.play(story)
    return failed.value.diagnostics[0].code


# Account and catalog


def test_account_and_catalog_are_asked_for_once() -> None:
    stage = Stage(lambda _: None)

    async def story(service: LightroomService) -> tuple[str, str, int]:
        for _ in range(2):
            account, catalog = await service.account(), await service.catalog()
        await service.albums()
        return account.id, catalog.id, service.calls

    assert stage.play(story) == (ACCOUNT, CATALOG, 5)
    assert [each.path for each in stage.asked][:2] == ["/v2/account", "/v2/catalog"]


@pytest.mark.parametrize(
    ("status", "body"),
    [(404, {"errors": {"catalog": ["does not exist"]}, "code": 1000}), (403, {"code": 1016}), (404, None), (403, None)],
)
def test_no_catalog_yet_is_said_so(status: int, body: dict | None) -> None:
    stage = Stage(lambda asked: said(body, status) if asked.path == "/v2/catalog" else None)
    with pytest.raises(Failure) as failed:
        stage.play(lambda service: service.albums())
    (diagnostic,) = failed.value.diagnostics
    assert diagnostic.code == "LRP304"
    assert "open Lightroom once" in diagnostic.hint


def test_access_forbidden_to_the_catalog_is_not_blamed_on_a_token_that_just_worked() -> None:
    stage = Stage(
        lambda asked: said({"code": 4300}, 403) if asked.path == "/v2/catalog" else None,
        credentials=Renewing(["one", "two"]),
    )

    async def story(service: LightroomService) -> None:
        await service.account()
        await service.catalog()

    assert code_of(stage, story) == "LRP304"
    assert stage.credentials.refused == []


def test_a_catalog_that_has_gone_is_said_so_at_any_call() -> None:
    gone = {"errors": {"catalog": ["does not exist"]}, "code": 1000}
    stage = Stage(lambda asked: said(gone, 404) if SPACES in asked.path else None)
    for story in (
        lambda service: service.albums(),
        lambda service: service.album(album_id(1)),
        lambda service: service.members(album_id(1)),
        lambda service: service.assets_by_id([asset_id(1)]),
        lambda service: service.walk(captured_after=None, captured_before=None),
    ):
        assert code_of(stage, story) == "LRP304"


@pytest.mark.parametrize("path", ["/v2/account", "/v2/catalog"])
def test_an_answer_without_an_id_is_unknown(path: str) -> None:
    stage = Stage(lambda asked: said({"id": "X"}) if asked.path == path else None)
    story: Story = lambda service: service.account() if path == "/v2/account" else service.catalog()  # noqa: E731
    assert code_of(stage, story) == "LRP803"


def test_no_account_is_about_the_account() -> None:
    stage = Stage(lambda asked: said({"errors": {"account": ["does not exist"]}}, 404))
    assert code_of(stage, lambda service: service.account()) == "LRP303"


# Albums

ALBUMS = [album_row(3), album_row(1), album_row(2, "project_set")]


def honours(form: str, rows: list[dict]) -> Callable[[Asked], object]:
    """A server that lists by kind, but understands one way only of asking for several."""

    def script(asked: Asked) -> object:
        if not asked.path.endswith("/albums"):
            return None
        subtype = asked.query["subtype"]
        several = ";" in subtype or "," in subtype
        kinds = {subtype}
        if form == "semicolons":
            kinds = set(subtype.split(";"))
        elif form == "commas":
            kinds = set(subtype.split(","))
        elif form in ("first", "last"):
            kinds = {subtype.replace(",", ";").split(";")[0 if form == "first" else -1]}
        elif form == "refuses" and several:
            return said({"code": 1005, "errors": {"subtype": ["is invalid"]}}, 400)
        elif form == "ignores":
            kinds = {row["subtype"] for row in rows}
        return said(listing(*(row for row in rows if row["subtype"] in kinds)))

    return script


FORMS = ["semicolons", "commas", "first", "last", "single", "refuses", "ignores"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("rows", [ALBUMS, ALBUMS[:2], ALBUMS[2:], []])
def test_every_album_is_found_whichever_form_the_server_honours(form: str, rows: list[dict]) -> None:
    stage = Stage(honours(form, rows))
    albums = stage.play(lambda service: service.albums())
    assert [album.id for album in albums] == sorted(row["id"] for row in rows)


@pytest.mark.parametrize(("rows", "calls"), [(ALBUMS, 1), (ALBUMS[:2], 2), (ALBUMS[2:], 2), ([], 3)])
def test_a_kind_is_asked_for_alone_only_where_it_is_missing(rows: list[dict], calls: int) -> None:
    stage = Stage(honours("semicolons", rows))
    stage.play(lambda service: service.albums())
    assert len(stage.targets()) == calls
    assert stage.targets()[0] == "GET /albums?subtype=project_set%3Bproject"


def test_a_form_that_was_proven_is_trusted_from_then_on() -> None:
    rows = list(ALBUMS)
    stage = Stage(honours("semicolons", rows))

    async def story(service: LightroomService) -> int:
        await service.albums()
        rows.pop()
        await service.albums()
        return len(stage.targets())

    assert stage.play(story) == 2


def test_albums_come_page_by_page_each_once() -> None:
    pages = {
        None: listing(album_row(1), album_row(2, "project_set"), onward="albums?subtype=x&name_after=B"),
        "B": listing(album_row(2, "project_set"), album_row(3), onward=f"{SPACES}/albums?name_after=C%20%26"),
        "C &": listing(album_row(4, "collection"), base=None),
    }
    stage = Stage(lambda asked: said(pages[asked.query.get("name_after")]) if "/albums" in asked.path else None)
    albums = stage.play(lambda service: service.albums())
    assert [album.id for album in albums] == [album_id(number) for number in (1, 2, 3, 4)]
    assert albums[3].kind is AlbumKind.COLLECTION
    assert len(stage.targets()) == 3


@pytest.mark.parametrize("status", [403, 404, 415])
def test_albums_that_may_not_be_listed_are_not_no_albums(status: int) -> None:
    stage = Stage(lambda asked: said({"code": 1}, status) if "/albums" in asked.path else None)
    assert code_of(stage, lambda service: service.albums()) == "LRP804"


def test_a_server_that_refuses_every_form_is_said_so() -> None:
    stage = Stage(lambda asked: said({"code": 1}, 400) if "/albums" in asked.path else None)
    assert code_of(stage, lambda service: service.albums()) == "LRP804"


@pytest.mark.parametrize(
    "onward",
    ["albums?subtype=project_set%3Bproject", "https://elsewhere.example/v2/x", "http://["],
)
def test_a_next_page_that_loops_or_leads_away_ends_the_listing_with_an_error(onward: str) -> None:
    page = listing(*ALBUMS, onward=onward)
    stage = Stage(lambda asked: said(page) if "/albums" in asked.path else None)
    assert code_of(stage, lambda service: service.albums()) == "LRP803"
    assert len(stage.targets()) == 1


def test_a_listing_without_end_ends_with_an_error() -> None:
    def script(asked: Asked) -> object:
        if "/albums" not in asked.path:
            return None
        return said(listing(album_row(1), onward=f"albums?page={int(asked.query.get('page', 0)) + 1}"))

    assert code_of(Stage(script), lambda service: service.albums()) == "LRP803"


# One album


def test_an_album_is_read() -> None:
    stage = Stage(lambda asked: said(album_row(1)) if "/albums/" in asked.path else None)
    assert stage.play(lambda service: service.album(album_id(1))).name == "Album 1"


@pytest.mark.parametrize(("status", "code"), [(404, 1000), (403, 1016), (403, 4300)])
def test_an_album_that_is_gone_or_not_ours_to_read_is_none(status: int, code: int) -> None:
    stage = Stage(
        lambda asked: said({"code": code}, status) if "/albums/" in asked.path else None,
        credentials=Renewing(["one", "two"]),
    )
    assert stage.play(lambda service: service.album(album_id(1))) is None
    assert stage.credentials.refused == (["one"] if code == 4300 else [])


def test_another_album_than_asked_for_is_an_unknown_answer() -> None:
    stage = Stage(lambda asked: said(album_row(2)) if "/albums/" in asked.path else None)
    assert code_of(stage, lambda service: service.album(album_id(1))) == "LRP803"


# Members


def test_members_stand_in_shown_order_with_keyless_ones_last() -> None:
    later, unknown = "2026-06-01", UNKNOWN_DATE
    first = listing(member_row(1, "b"), member_row(2, "Z"), member_row(3, "b", later), onward="?order_after=b")
    second = listing(
        member_row(4, None, later, cover=True), member_row(5), member_row(6, None, unknown), member_row(1, "b")
    )
    stage = Stage(
        lambda asked: said(second if asked.query["order_after"] == "b" else first) if SPACES in asked.path else None
    )
    listed = stage.play(lambda service: service.members(album_id(1)))
    membership = listed.membership
    assert membership.asset_ids == tuple(asset_id(number) for number in (2, 1, 3, 6, 5, 4))
    assert membership.orders == ("Z", "b", "b", None, None, None)
    assert membership.cover == asset_id(4)
    assert [asset.id for asset in listed.assets] == list(membership.asset_ids)
    assert stage.targets()[0] == f"GET /albums/{album_id(1)}/assets?order_after=-&embed=asset&limit=500"
    assert len(stage.targets()) == 2


def test_equal_members_stay_in_the_order_of_their_creation() -> None:
    rows = [member_row(number, "b") for number in (3, 1, 2)]
    stage = Stage(lambda asked: said(listing(*rows)) if SPACES in asked.path else None)
    listed = stage.play(lambda service: service.members(album_id(1)))
    assert listed.membership.asset_ids == (asset_id(1), asset_id(2), asset_id(3))


def test_members_of_a_gone_album_are_none() -> None:
    stage = Stage(lambda asked: said({"errors": {"album": ["does not exist"]}}, 404) if SPACES in asked.path else None)
    assert stage.play(lambda service: service.members(album_id(1))) is None


@pytest.mark.parametrize("status", [400, 403])
def test_members_that_may_not_be_listed_are_not_no_members(status: int) -> None:
    stage = Stage(lambda asked: said({"code": 1016}, status) if SPACES in asked.path else None)
    assert code_of(stage, lambda service: service.members(album_id(1))) == "LRP804"


@pytest.mark.parametrize("value", [{}, listing({"id": "f" * 32}), {"resources": "none"}])
def test_members_that_cannot_be_understood_are_not_no_members(value: dict) -> None:
    stage = Stage(lambda asked: said(value) if SPACES in asked.path else None)
    assert code_of(stage, lambda service: service.members(album_id(1))) == "LRP803"


def test_assets_that_were_not_embedded_are_looked_up() -> None:
    bare = {"id": "f" * 32, "asset": {"id": asset_id(1)}, "payload": {"order": "a"}}

    def script(asked: Asked) -> object:
        if "/albums/" in asked.path:
            return said(listing(bare, member_row(2, "b")))
        return said(listing(asset_row(1))) if SPACES in asked.path else None

    stage = Stage(script)
    listed = stage.play(lambda service: service.members(album_id(1)))
    assert [asset.file_name for asset in listed.assets] == ["DSC_0001.jpg", "DSC_0002.jpg"]
    assert stage.targets()[1] == f"GET /assets?asset_ids={asset_id(1)}"


# Assets


def by_id(asked: Asked) -> object:
    if "asset_ids" not in asked.query:
        return None
    known = [asset_row(number) for number in range(0, 250, 2)]
    wanted = set(asked.query["asset_ids"].split(","))
    return said(listing(*(row for row in known if row["id"] in wanted)) | {"errors": [{"id": "x", "code": 1000}]})


def test_assets_are_looked_up_a_hundred_a_call_and_come_as_asked_for() -> None:
    stage = Stage(by_id)
    wanted = [asset_id(number) for number in (*range(249, -1, -1), 4)]
    found = stage.play(lambda service: service.assets_by_id(wanted))
    assert [asset.id for asset in found] == [asset_id(number) for number in range(248, -1, -2)]
    assert sorted(len(each.query["asset_ids"].split(",")) for each in stage.asked if each.query) == [50, 100, 100]


def test_no_ids_need_no_call() -> None:
    stage = Stage(by_id)
    assert stage.play(lambda service: service.assets_by_id([])) == ()
    assert stage.asked == []


def test_the_first_failure_of_calls_side_by_side_is_raised_as_it_is() -> None:
    stage = Stage(lambda asked: said(status=409) if "asset_ids" in asked.query else None)
    assert code_of(stage, lambda service: service.assets_by_id([asset_id(number) for number in range(900)])) == "LRP804"


def test_an_original_is_looked_up_by_its_hash() -> None:
    twin = asset_row(2) | {"subtype": "deleted_image"}
    stage = Stage(lambda asked: said(listing(asset_row(1), twin)) if "sha256" in asked.query else None)
    found = stage.play(lambda service: service.assets_by_sha256(Sha256("5" * 64)))
    assert [asset.is_trashed for asset in found] == [False, True]
    assert stage.targets() == [f"GET /assets?sha256={'5' * 64}"]


def test_assets_that_nobody_has_are_none() -> None:
    stage = Stage(lambda asked: said({"errors": {"asset": ["does not exist"]}}, 404) if SPACES in asked.path else None)
    assert stage.play(lambda service: service.assets_by_sha256(Sha256("5" * 64))) == ()


# Walks

DATES = {
    1: UNKNOWN_DATE,
    2: "2026-04-30T23:59:59",
    3: "2026-05-01T00:00:00",
    4: "2026-05-01",
    5: "2026-05-02T12:00:00.5+02:00",
    6: "2026-05-02T23:59:59Z",
    7: "2026-05-03T00:00:00",
    8: "2026-05-04T00:00:00",
    9: "2026-06-01T00:00:00",
    10: "2026-07-01T00:00:00",
    11: UNKNOWN_DATE,
}
WINDOWS = [
    (None, None, set(DATES)),
    ("2026-05-01", "2026-05-03", {3, 4, 5, 6}),
    ("2026-05-01T00:00:00", "2026-05-03T00:00:00", {3, 5, 6}),
    ("2026-05-03", None, {7, 8, 9, 10}),
    (None, "2026-05-01", {2}),
    ("2027-01-01", None, set()),
]


def catalog_server(habit: str) -> Callable[[Asked], object]:
    """A server with the photos of `DATES` in pages of two, with its own idea of directions."""

    def script(asked: Asked) -> object:
        if not asked.path.endswith("/assets"):
            return None
        query = asked.query
        assert not {"captured_after", "captured_before"} <= query.keys()
        after, before = query.get("captured_after"), query.get("captured_before")
        undated_pass = after is not None and after.startswith("-0001")
        rows = [asset_row(number, date) for number, date in DATES.items()]
        dated = [row for row in rows if not row["payload"]["captureDate"].startswith("0000")]
        undated = [row for row in rows if row not in dated]
        if habit == "untidy" and undated_pass:
            return said(listing(*undated))
        if habit in ("untidy", "downwards"):
            rows = dated + (undated if undated_pass else [])
        dates = [row["payload"]["captureDate"] for row in rows]
        found = [row for row, date in zip(rows, dates, strict=True) if (undated_pass or after is None or date > after)]
        found = [row for row in found if before is None or row["payload"]["captureDate"] < before]
        found.sort(
            key=lambda row: row["payload"]["captureDate"][:10],
            reverse=habit == "downwards" or (habit == "tidy" and after is None),
        )
        start = int(query.get("skip", 0))
        page = found[start : start + 2]
        if (
            habit == "downwards" and found
        ):  # after: the page just above; before, or nothing: the newest; always downwards
            edge = found[-2:][0] if after else found[:2][-1]
            limit = edge["payload"]["captureDate"]
            above = [row for row in found if row["payload"]["captureDate"] >= limit]
            page = [row for row in found if row["payload"]["captureDate"] <= limit] if after else above
            lowest = page[-1]["payload"]["captureDate"]
            return said(
                listing(*page, onward=f"assets?captured_before={lowest}" if after or len(page) < len(found) else None)
            )
        if start + 2 >= len(found):
            return said(listing(*page))
        asked_for = f"captured_after={after}&" if after else f"captured_before={before}&" if before else ""
        extra = "created_after=x&" if habit == "untidy" else ""
        return said(listing(*page, onward=f"assets?{asked_for}{extra}skip={start + 2}"))

    return script


@pytest.mark.parametrize("habit", ["tidy", "untidy", "downwards"])
@pytest.mark.parametrize(("after", "before", "wanted"), WINDOWS)
def test_a_walk_finds_what_was_captured_in_its_window(
    habit: str, after: str | None, before: str | None, wanted: set[int]
) -> None:
    stage = Stage(catalog_server(habit))
    found = stage.play(lambda service: service.walk(captured_after=after, captured_before=before))
    assert sorted(asset.id for asset in found) == [asset_id(number) for number in sorted(wanted)]
    assert all(
        "limit=500" in target for target in stage.targets() if "skip" not in target and "captured_before" not in target
    )


def test_a_whole_walk_takes_one_pass_where_it_shows_everything() -> None:
    stage = Stage(catalog_server("tidy"))
    stage.play(lambda service: service.walk(captured_after=None, captured_before=None))
    assert len(stage.targets()) == 6
    assert stage.targets()[0] == "GET /assets?captured_after=-0001-12-31T23%3A59%3A59&limit=500"


def test_a_walk_stops_once_the_days_are_past_its_window() -> None:
    stage = Stage(catalog_server("tidy"))
    stage.play(lambda service: service.walk(captured_after="2026-05-01", captured_before="2026-05-02"))
    assert len(stage.targets()) == 3  # of the four pages from there to the end
    assert "captured_after=2026-04-30T23%3A59%3A59" in stage.targets()[0]


def test_a_walk_upwards_that_leads_on_by_prev_only_is_walked_downwards() -> None:
    def script(asked: Asked) -> object:
        if SPACES not in asked.path:
            return None
        if "captured_after" in asked.query:
            page = listing(asset_row(2, "2026-05-02"), asset_row(1, "2026-05-01"))
            return said(page | {"links": {"prev": {"href": "assets?captured_after=2026-05-02"}}})
        return said(listing(*(asset_row(number, f"2026-05-0{number}") for number in (3, 2, 1))))

    found = Stage(script).play(lambda service: service.walk(captured_after="2026-05-01", captured_before=None))
    assert sorted(asset.id for asset in found) == [asset_id(1), asset_id(2), asset_id(3)]


def test_a_walk_that_is_refused_is_not_an_empty_catalog() -> None:
    stage = Stage(lambda asked: said({"code": 1}, 404) if SPACES in asked.path else None)
    assert code_of(stage, lambda service: service.walk(captured_after=None, captured_before=None)) == "LRP804"

"""Reading the catalog from servers of every kind, in the fewest calls."""

from collections.abc import Callable

import pytest
from aiohttp import web

from lrplan.diagnostics import ExitCode, Failure
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


def test_account_and_catalog_are_asked_anew_and_the_id_of_the_catalog_is_kept() -> None:
    stage = Stage(lambda _: None)

    async def story(service: LightroomService) -> tuple[str, str, int]:
        for _ in range(2):
            account, catalog = await service.account(), await service.catalog()
        await service.albums()
        return account.id, catalog.id, service.calls

    assert stage.play(story) == (ACCOUNT, CATALOG, 7)
    assert [each.path for each in stage.asked][:4] == ["/v2/account", "/v2/catalog"] * 2


def test_the_health_check_carries_no_token() -> None:
    stage = Stage(lambda _: said({"version": "f00"}))

    async def story(service: LightroomService) -> str:
        return await service.health()

    assert stage.play(story) == "f00"
    assert "Authorization" not in stage.asked[0].headers
    assert "X-API-Key" in stage.asked[0].headers


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, {"errors": {"catalog": ["does not exist"]}, "code": 1000}),
        (404, None),
        (403, {"errors": {"catalog": ["does not exist"]}}),
        (403, {"code": 1016, "description": "The customer has no Catalog"}),
    ],
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

    assert code_of(stage, story) == "LRP302"
    assert stage.credentials.refused == []


@pytest.mark.parametrize("body", [None, b"<title>403 Forbidden: catalog</title>", {"code": 1016}, {"code": 4300}])
def test_a_catalog_that_is_refused_is_not_said_to_be_missing(body: object) -> None:
    stage = Stage(lambda asked: said(body, 403) if asked.path == "/v2/catalog" else None)

    async def story(service: LightroomService) -> None:
        await service.account()
        await service.catalog()

    with pytest.raises(Failure) as failed:
        stage.play(story)
    (diagnostic,) = failed.value.diagnostics
    assert (diagnostic.code, diagnostic.exit_code) == ("LRP302", ExitCode.CREDENTIALS)
    assert diagnostic.why.startswith("GET /v2/catalog: it answered 403: ")
    assert "API key" in diagnostic.hint


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


@pytest.mark.parametrize(("status", "code"), [(404, 1000), (403, 1016)])
def test_an_album_that_is_gone_or_not_ours_to_read_is_none(status: int, code: int) -> None:
    stage = Stage(lambda asked: said({"code": code}, status) if "/albums/" in asked.path else None)
    assert stage.play(lambda service: service.album(album_id(1))) is None


@pytest.mark.parametrize("body", [b'{"code": 4300}', b"<html><title>Forbidden</title></html>", b"", b'{"code": 7}'])
def test_an_album_that_somebody_else_refuses_to_show_is_not_gone(body: bytes) -> None:
    stage = Stage(
        lambda asked: web.Response(status=403, body=body) if "/albums/" in asked.path else None,
        credentials=Renewing(["one", "two"]),
    )
    assert code_of(stage, lambda service: service.album(album_id(1))) == "LRP804"
    assert stage.credentials.refused == (["one"] if b"4300" in body else [])


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


def test_a_gateway_that_refuses_the_key_in_html_ends_with_credentials_not_with_the_service() -> None:
    stage = Stage(lambda _: said(b"<html><title>403 Forbidden</title></html>", 403))

    async def story(service: LightroomService) -> object:
        return await service.account()

    assert code_of(stage, story) == "LRP302"

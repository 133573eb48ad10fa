"""Single assets: stale links, develop settings, renditions that are asked for, waited for and downloaded."""

import json
from collections.abc import Callable

import pytest
from aiohttp import web
from attrs import define, field

from lrplan.diagnostics import Failure
from lrplan.lightroom.pictures import POLL_WAITS_S
from lrplan.lightroom.service import LightroomService
from lrplan.model.rendition import Rendition
from lrplan.plan.write import Absent, Accepted, CopyDevelop, Exists, PostRenditions, PutDevelop, Refused
from tests.unit.lightroom.stage import (
    SPACES,
    STAMP,
    Asked,
    Renewing,
    Stage,
    album_id,
    asset_id,
    asset_row,
    listing,
    said,
)

HOME = f"{SPACES}/assets/{asset_id(1)}"
BIG = PostRenditions(asset_id=asset_id(1), kinds=(Rendition.LARGEST, Rendition.FULL_SIZE))
XMP = b'<?xpacket?><x:xmpmeta xmlns:x="adobe:ns:meta/"/>'


@define
class Kept:
    """A sink that keeps everything, and counts its beginnings."""

    began: int = 0
    chunks: list[bytes] = field(factory=list)

    def begin(self) -> None:
        self.began += 1
        self.chunks.clear()

    def write(self, chunk: bytes) -> None:
        self.chunks.append(chunk)


def staged(answer: Callable[[Asked], object]) -> Stage:
    return Stage(lambda asked: answer(asked) if SPACES in asked.path else None)


def sending(write: object) -> Callable[[LightroomService], object]:
    return lambda service: service.send(write, stamp=STAMP)


# Links


@pytest.mark.parametrize(
    ("invalid", "is_fresh"),
    [(None, True), (False, True), ("false", True), ("", True), (True, False), ("true", False), ("True", False)],
)
def test_a_stale_link_is_told_by_a_boolean_or_a_text(invalid: object, is_fresh: bool) -> None:
    link = {"href": "assets/x/renditions/2560"} | ({} if invalid is None else {"invalid": invalid})
    links = {
        "self": {"href": "assets/x"},
        "/rels/rendition_type/2560": link,
        "/rels/rendition_type/320": link,
        "/rels/xmp/develop": link,
    }
    detail = staged(lambda _: said(asset_row(1, links=links))).play(lambda service: service.asset(asset_id(1)))
    assert detail.renditions == {Rendition.LARGEST: is_fresh}
    assert detail.has_develop is is_fresh


@pytest.mark.parametrize("links", [None, [], "x", {"/rels/rendition_type/640": 5}, {"/rels/rendition_type/640": {}}])
def test_links_of_no_known_form_are_none(links: object) -> None:
    detail = staged(lambda _: said(asset_row(1, links=links))).play(lambda service: service.asset(asset_id(1)))
    assert not any(detail.renditions.values())
    assert not detail.has_develop


def test_the_duration_of_a_video_may_be_a_fraction() -> None:
    row = asset_row(1, subtype="video")
    row["payload"]["video"] = {"duration": [1001, 30]}
    detail = staged(lambda _: said(row)).play(lambda service: service.asset(asset_id(1)))
    assert (detail.asset.id, detail.asset.file_name) == (asset_id(1), "DSC_0001.jpg")


@pytest.mark.parametrize(("status", "code"), [(404, 1000), (403, 1016)])
def test_an_asset_that_is_not_there_or_of_another_key_is_none(status: int, code: int) -> None:
    stage = staged(lambda _: said({"code": code}, status))
    assert stage.play(lambda service: service.asset(asset_id(1))) is None
    assert stage.play(lambda service: service.develop(asset_id(1))) is None


@pytest.mark.parametrize("body", [asset_row(2), {"id": "x"}, {}])
def test_another_asset_is_no_answer(body: dict) -> None:
    with pytest.raises(Failure) as failed:
        staged(lambda _: said(body)).play(lambda service: service.asset(asset_id(1)))
    assert failed.value.diagnostics[0].code == "LRP803"


# Develop settings


def test_develop_settings_are_sent_as_they_are() -> None:
    stage = staged(lambda _: said(status=201))
    assert stage.play(sending(PutDevelop(asset_id=asset_id(1), xmp=XMP))) == Accepted()
    sent = stage.asked[-1]
    assert (sent.method, sent.path, sent.body) == ("PUT", f"{HOME}/xmp/develop", XMP)
    assert sent.headers["Content-Type"] == "application/rdf+xml"
    assert sent.headers["Content-Length"] == str(len(XMP))


def test_develop_settings_are_copied_by_their_address() -> None:
    stage = staged(lambda _: said(status=201))
    assert stage.play(sending(CopyDevelop(asset_id=asset_id(1), source=asset_id(2)))) == Accepted()
    sent = stage.asked[-1]
    assert (sent.method, sent.path) == ("PUT", f"{HOME}/xmp/develop")
    assert sent.headers["Content-Type"] == "application/json"
    assert json.loads(sent.body) == {"file_href": f"{SPACES}/assets/{asset_id(2)}/xmp/develop"}


def test_develop_settings_are_read_as_they_are() -> None:
    stage = staged(lambda _: said(XMP))
    assert stage.play(lambda service: service.develop(asset_id(1))) == XMP
    assert stage.asked[-1].headers["Accept"] == "application/rdf+xml"


def test_develop_settings_that_are_there_already_exist() -> None:
    stage = staged(lambda _: said({"code": 1002}, 403))
    assert stage.play(sending(PutDevelop(asset_id=asset_id(1), xmp=XMP))) == Exists()


# Renditions


def test_renditions_are_asked_for_in_a_header() -> None:
    stage = staged(lambda _: said({"base": "x", "links": {}}, 202))
    assert stage.play(sending(BIG)) == Accepted()
    sent = stage.asked[-1]
    assert (sent.method, sent.path) == ("POST", f"{HOME}/renditions")
    assert sent.headers["X-Generate-Renditions"] == "2560,fullsize"
    assert sent.body == b""


def test_what_a_desktop_program_never_sent_has_no_big_renditions() -> None:
    body = {"code": 1024, "description": "Original does not exist"}
    assert staged(lambda _: said(body, 403)).play(sending(BIG)) == Refused(status=403, why="Original does not exist")
    assert staged(lambda _: said({"code": 1024}, 404)).play(sending(BIG)) == Absent()


def test_a_rendition_goes_into_the_sink_piece_by_piece() -> None:
    picture = bytes(range(256)) * 20_000
    stage, kept = staged(lambda _: said(picture)), Kept()
    assert stage.play(lambda service: service.rendition(asset_id(1), Rendition.SMALL, kept)) is True
    assert b"".join(kept.chunks) == picture
    assert len(kept.chunks) > 1
    assert (stage.asked[-1].method, stage.asked[-1].path) == ("GET", f"{HOME}/renditions/640")
    assert stage.asked[-1].headers["Accept"] == "image/jpeg"


def test_a_download_that_breaks_begins_anew() -> None:
    async def cut_off(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"half")
        request.transport.abort()
        return response

    left = [cut_off]
    stage, kept = staged(lambda _: left.pop() if left else said(b"the whole picture")), Kept()
    assert stage.play(lambda service: service.rendition(asset_id(1), Rendition.SMALL, kept)) is True
    assert b"".join(kept.chunks) == b"the whole picture"
    assert kept.began == 2
    assert len(stage.heard.retried) == 1


@pytest.mark.parametrize("status", [403, 404])
def test_what_cannot_be_downloaded_does_not_touch_the_sink(status: int) -> None:
    stage, kept = staged(lambda _: said({"code": 1000}, status)), Kept()
    assert stage.play(lambda service: service.rendition(asset_id(1), Rendition.FULL_SIZE, kept)) is False
    assert kept.began == 0


def test_a_sink_that_cannot_take_it_says_so() -> None:
    class Full(Kept):
        def write(self, chunk: bytes) -> None:
            raise full

    from lrplan.diagnostics import error

    full = Failure(error("LRP706", "the disk is full"))
    stage = staged(lambda _: said(b"x" * 10))
    with pytest.raises(Failure) as failed:
        stage.play(lambda service: service.rendition(asset_id(1), Rendition.SMALL, Full()))
    assert failed.value is full
    assert stage.heard.retried == []


def test_a_rendition_is_waited_for_further_and_further_apart() -> None:
    left = [404, 404, 404]
    stage = staged(lambda _: said(status=left.pop() if left else 200))
    assert stage.play(lambda service: service.await_rendition(asset_id(1), Rendition.LARGEST)) is True
    assert stage.clock.slept == list(POLL_WAITS_S[:3])
    assert {asked.method for asked in stage.asked[1:]} == {"HEAD"}
    assert len(stage.asked[1:]) == 4


def test_a_rendition_that_never_comes_is_not_waited_for_for_ever() -> None:
    stage = staged(lambda _: said(status=404))
    assert stage.play(lambda service: service.await_rendition(asset_id(1), Rendition.LARGEST)) is False
    assert stage.clock.slept == list(POLL_WAITS_S)
    assert sum(POLL_WAITS_S) == 120
    assert list(POLL_WAITS_S) == sorted(POLL_WAITS_S)


def test_a_service_without_head_is_asked_for_the_picture() -> None:
    stage = staged(lambda asked: said(status=405) if asked.method == "HEAD" else said(b"picture"))
    assert stage.play(lambda service: service.await_rendition(asset_id(1), Rendition.LARGEST)) is True
    assert [asked.method for asked in stage.asked[1:]] == ["HEAD", "GET"]


def test_a_token_that_expired_is_renewed_although_an_answer_to_head_says_nothing() -> None:
    def script(asked: Asked) -> object:
        if asked.headers["Authorization"] == "Bearer new":
            return said(b"picture")
        return said({"code": 4300}, 403)  # of which HEAD shows the status only

    stage = staged(script)
    stage.credentials = Renewing(["old", "new"])
    assert stage.play(lambda service: service.await_rendition(asset_id(1), Rendition.LARGEST)) is True
    assert stage.credentials.refused == ["old"]
    assert [asked.method for asked in stage.asked[-3:]] == ["HEAD", "GET", "GET"]
    assert stage.clock.slept == []


def test_a_rendition_that_may_not_be_read_costs_no_renewal() -> None:
    stage = staged(lambda _: said({"code": 1016}, 403))
    stage.credentials = Renewing(["old", "new"])
    assert stage.play(lambda service: service.await_rendition(asset_id(1), Rendition.LARGEST)) is False
    assert stage.credentials.refused == []


# What changed, and members by their dates


def test_what_changed_is_asked_for_with_the_undated_and_the_trashed() -> None:
    def script(asked: Asked) -> object:
        query = asked.query
        assert query["updated_since"] == "2026-05-01T00:00:00Z"
        if "deleted" in query.get("subtype", ""):
            return said(listing(asset_row(3, subtype="deleted_image")))
        number = 1 if query.get("captured_after", "").startswith("-0001") else 2
        return said(listing(asset_row(number, "0000-00-00T00:00:00" if number == 1 else "2026-05-01T10:00:00")))

    stage = staged(script)
    found = stage.play(lambda service: service.changed_since("2026-05-01T00:00:00Z"))
    assert {asset.id: asset.is_trashed for asset in found} == {
        asset_id(1): False,
        asset_id(2): False,
        asset_id(3): True,
    }
    assert all("subtype=deleted_image%3Bdeleted_video" in one for one in stage.targets() if "subtype" in one)


@pytest.mark.parametrize(("status", "ends"), [(400, False), (404, True), (403, True)])
def test_a_service_that_does_not_know_the_trash_says_nothing_of_it(status: int, ends: bool) -> None:
    stage = staged(
        lambda asked: said({"code": 1005}, status) if "subtype" in asked.query else said(listing(asset_row(1)))
    )
    if ends:
        with pytest.raises(Failure):
            stage.play(lambda service: service.changed_since("2026-05-01T00:00:00Z"))
    else:
        found = stage.play(lambda service: service.changed_since("2026-05-01T00:00:00Z"))
        assert [asset.id for asset in found] == [asset_id(1)]


def test_members_by_their_dates_are_asked_for_without_order_and_embedded() -> None:
    rows = [
        {"asset": asset_row(n, date), "payload": {}} for n, date in ((2, "2026-05-02"), (1, "2026-05-01"), (3, "2026"))
    ]
    stage = staged(lambda asked: said(listing(*rows)))
    found = stage.play(lambda service: service.members_by_date(album_id(1)))
    assert found.membership.asset_ids == (asset_id(3), asset_id(1), asset_id(2))
    (asked,) = [one for one in stage.asked if SPACES in one.path]
    assert (asked.query["embed"], asked.query["limit"]) == ("asset", "500")
    assert not any(name.startswith("order") for name in asked.query)

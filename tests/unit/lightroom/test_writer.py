"""What the service's answers to writes mean."""

import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrplan.diagnostics import Failure
from lrplan.lightroom.service import LightroomService
from lrplan.model.album import Album, AlbumKind
from lrplan.model.rendition import Rendition
from lrplan.plan.write import (
    Absent,
    Accepted,
    Answer,
    CopyDevelop,
    Entry,
    Exists,
    OriginalExists,
    PartlyAccepted,
    PostAlbum,
    PostRenditions,
    PutAlbum,
    PutAsset,
    PutDevelop,
    PutMembers,
    PutOriginal,
    Refused,
    RefusedPhoto,
    RemoveAlbum,
    Write,
)
from tests.unit.lightroom.stage import (
    KEY,
    SPACES,
    STAMP,
    Stage,
    album_id,
    asset_id,
    asset_row,
    listing,
    original,
    said,
)

CREATE = PutAlbum(album_id=album_id(1), kind=AlbumKind.ALBUM, name="New", parent="/", publish_info=None)
UPDATE = PostAlbum(current=Album(id=album_id(1), kind=AlbumKind.ALBUM, service_id=KEY, name="Old"), name="New")
DELETE = RemoveAlbum(album_id=album_id(1))
ADD = PutMembers(album_id=album_id(1), entries=tuple(Entry(asset_id=asset_id(number)) for number in (1, 2, 3)))
ASSET = PutAsset(asset_id=asset_id(1), original=original())
ORIGINAL = PutOriginal(asset_id=asset_id(1), original=original(), part=0, parts=1)
DEVELOP = PutDevelop(asset_id=asset_id(1), xmp=b"<x:xmpmeta/>")
COPY = CopyDevelop(asset_id=asset_id(1), source=asset_id(2))
PICTURES = PostRenditions(asset_id=asset_id(1), kinds=(Rendition.LARGEST,))
WRITES: list[Write] = [CREATE, UPDATE, DELETE, ADD, ASSET, ORIGINAL, DEVELOP, COPY, PICTURES]
EXISTS = {"errors": {"album": ["already exists"]}, "code": 1002, "description": "Resource already exists"}


def staged(answer: object) -> Stage:
    """A server that gives this answer to every write."""
    stage = Stage(lambda asked: (answer() if callable(answer) else answer) if SPACES in asked.path else None)
    stage.shelf.chunks["a.jpg"] = [b"x" * 100]
    return stage


def sending(write: Write) -> Callable[[LightroomService], object]:
    return lambda service: service.send(write, stamp=STAMP)


def answer_to(write: Write, value: object = None, status: int = 200, **headers: str) -> Answer:
    return staged(said(value, status, **headers)).play(sending(write))


def test_each_write_is_one_request() -> None:
    expected = {
        CREATE: f"PUT /albums/{album_id(1)}",
        UPDATE: f"POST /albums/{album_id(1)}",
        DELETE: f"DELETE /albums/{album_id(1)}",
        ADD: f"PUT /albums/{album_id(1)}/assets",
        ASSET: f"PUT /assets/{asset_id(1)}",
        ORIGINAL: f"PUT /assets/{asset_id(1)}/master",
        DEVELOP: f"PUT /assets/{asset_id(1)}/xmp/develop",
        COPY: f"PUT /assets/{asset_id(1)}/xmp/develop",
        PICTURES: f"POST /assets/{asset_id(1)}/renditions",
    }
    for write, target in expected.items():
        stage = staged(None)
        assert stage.play(sending(write)) == Accepted()
        assert stage.targets() == [target]


@pytest.mark.parametrize("write", [CREATE, UPDATE, ADD, ASSET, COPY])
def test_bodies_are_json(write: Write) -> None:
    stage = staged(None)
    stage.play(sending(write))
    assert stage.asked[-1].headers["Content-Type"] == "application/json"
    assert isinstance(stage.asked[-1].json, dict)


@pytest.mark.parametrize("write", WRITES)
def test_the_name_of_the_request_is_kept(write: Write) -> None:
    assert answer_to(write, status=201, X_Request_Id="req-1").request_id == "req-1"


@pytest.mark.parametrize("write", [CREATE, ASSET])
def test_an_id_that_is_taken_exists(write: Write) -> None:
    assert answer_to(write, EXISTS, 403) == Exists()


@pytest.mark.parametrize("write", [UPDATE, DELETE, ADD, ORIGINAL, DEVELOP, COPY, PICTURES])
def test_what_is_gone_is_absent(write: Write) -> None:
    assert answer_to(write, {"errors": {"album": ["does not exist"]}, "code": 1000}, 404) == Absent()


@pytest.mark.parametrize("write", WRITES)
def test_a_changed_catalog_ends_the_run_before_anything_is_written(write: Write) -> None:
    with pytest.raises(Failure) as failed:
        answer_to(write, {"errors": {"catalog": ["does not exist"]}, "code": 1000}, 404)
    assert failed.value.diagnostics[0].code == "LRP304"


@pytest.mark.parametrize("write", [CREATE, UPDATE, DELETE])
def test_what_another_key_made_is_refused_with_a_word_on_who_may(write: Write) -> None:
    answer = answer_to(write, {"code": 1016, "description": "Requested operation not permitted"}, 403)
    assert isinstance(answer, Refused)
    assert (answer.status, answer.ends_run) == (403, False)
    assert answer.why.startswith("Requested operation not permitted; only the API key that made it")


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("code", [1003, 1007])
def test_the_status_says_whether_the_storage_is_full_not_the_code(write: Write, code: int) -> None:
    full = answer_to(write, {"code": code, "description": "The resource is too big"}, 413)
    odd = answer_to(write, {"code": code, "description": "Invalid content type"}, 415)
    assert full == Refused(status=413, why="The resource is too big", ends_run=True)
    assert odd == Refused(status=415, why="Invalid content type")


def test_too_many_assets_are_refused() -> None:
    body = {"errors": {asset_id(1): ["quota exceeded"]}, "code": 1043, "description": "Too many assets"}
    answer = answer_to(ASSET, body, 403)
    assert answer == Refused(status=403, why=f"Too many assets: {asset_id(1)} quota exceeded")


@pytest.mark.parametrize("write", WRITES)
def test_a_gateway_page_is_a_refusal_in_its_own_words(write: Write) -> None:
    answer = answer_to(write, b"<html><title>403 Forbidden</title></html>", 403)
    assert answer == Refused(status=403, why="a page of HTML, '403 Forbidden'")


# Assets and originals


def test_an_original_that_the_catalog_has_is_named_if_the_service_names_it() -> None:
    assert answer_to(ASSET, listing(asset_row(7)), 412) == OriginalExists(asset_id=asset_id(7))
    assert answer_to(ASSET, {"code": 1017, "description": "Precondition failed"}, 412) == OriginalExists()
    assert answer_to(ASSET, b"", 412) == OriginalExists()


def test_a_new_asset_asks_whether_the_catalog_has_its_original() -> None:
    stage = staged(None)
    stage.play(sending(ASSET))
    assert stage.asked[-1].headers["If-None-Match"] == "5" * 64
    assert stage.asked[-1].json["payload"]["importSource"]["importedOnDevice"] == KEY


def test_an_original_that_has_arrived_before_exists() -> None:
    assert answer_to(ORIGINAL, {"code": 1017}, 412) == Exists()


# Members


def problem(number: int, code: object, *words: str) -> dict:
    return {
        "id": asset_id(number),
        "http_status": 403,
        "code": code,
        "description": "Said",
        "errors": {"asset": list(words)},
    }


def test_members_that_are_in_already_are_what_was_wanted() -> None:
    assert answer_to(ADD, {"resources": [], "errors": [problem(2, 1002, "already exists")]}, 201) == Accepted()
    taken = [problem(number, "1002", "already exists") for number in (1, 2, 3)]
    assert answer_to(ADD, {"errors": taken}, 403) == Accepted()
    assert answer_to(ADD, EXISTS, 403) == Accepted()


@pytest.mark.parametrize("sign", [
    {"subtype": "ResourceExistsError"},
    {"subtype": "ResourceExistsError", "code": None},
    {"code": "ResourceExistsError"},
    {"errors": {"asset": ["already exists"]}},
])  # fmt: skip
def test_what_exists_is_told_without_a_number_too(sign: dict) -> None:
    rows = [{"id": asset_id(number), **sign} for number in (1, 2, 3)]
    assert answer_to(ADD, {"resources": [], "errors": rows[:1]}, 201) == Accepted()
    assert answer_to(ADD, {"errors": rows}, 403) == Accepted()
    assert answer_to(ADD, sign, 403) == Accepted()
    for write in (CREATE, ASSET, ORIGINAL, DEVELOP):
        assert answer_to(write, sign, 403) == Exists()


@pytest.mark.parametrize("sign", [
    {"subtype": "ResourceExistsError", "code": 1000},
    {"subtype": "QuotaExceededError", "errors": {"asset": ["already exists"]}},
    {"errors": {"asset": ["already exists", "does not exist"]}},
    {"errors": {"asset": ["already exists"], "album": ["does not exist"]}},
    {"errors": {}},
])  # fmt: skip
def test_what_is_refused_for_another_reason_does_not_exist(sign: dict) -> None:
    answer = answer_to(ADD, {"errors": [{"id": asset_id(1), **sign}]}, 201)
    assert isinstance(answer, PartlyAccepted)
    assert [photo.asset_id for photo in answer.refused] == [asset_id(1)]
    assert isinstance(answer_to(CREATE, sign, 403), Refused)


@pytest.mark.parametrize(
    ("row", "why"),
    [({"subtype": "QuotaExceededError"}, "QuotaExceededError"), ({"code": 1043}, "code 1043"), ({}, "no reason given")],
)
def test_a_photo_that_was_refused_without_words_is_shown_with_what_there_is(row: dict, why: str) -> None:
    answer = answer_to(ADD, {"errors": [{"id": asset_id(1), **row}]}, 201)
    assert answer == PartlyAccepted(refused=(RefusedPhoto(asset_id=asset_id(1), why=why),))


def test_members_that_were_refused_are_named_with_the_reason() -> None:
    errors = [problem(1, 1002, "already exists"), problem(2, 1000, "does not exist")]
    refused = (RefusedPhoto(asset_id=asset_id(2), why="Said: asset does not exist"),)
    assert answer_to(ADD, {"errors": errors}, 201) == PartlyAccepted(refused=refused)


def test_a_photo_that_a_403_does_not_name_was_not_added_either() -> None:
    answer = answer_to(ADD, {"errors": [problem(1, 1000, "does not exist"), problem(2, 1002)]}, 403)
    assert isinstance(answer, PartlyAccepted)
    assert [photo.asset_id for photo in answer.refused] == [asset_id(1), asset_id(3)]


def test_another_reason_beside_already_exists_counts() -> None:
    answer = answer_to(ADD, {"errors": [problem(2, 1002), problem(2, 1000, "does not exist")]}, 201)
    assert [photo.asset_id for photo in answer.refused] == [asset_id(2)]


def test_a_403_for_the_whole_call_is_a_refusal() -> None:
    answer = answer_to(ADD, {"code": 1016, "description": "Requested operation not permitted"}, 403)
    assert isinstance(answer, Refused)


def test_a_201_that_ends_early_is_sent_again() -> None:
    left = [b'while (1) {}\n{"errors": [']
    stage = staged(lambda: said(left.pop() if left else None, 201))
    assert stage.play(sending(ADD)) == Accepted()
    assert len(stage.targets()) == 2


# Whatever the service says


def played(stage: Stage, story: Callable[[LightroomService], object]) -> object:
    """What the story returns, or its failure, which is about credentials, the account or the service."""
    try:
        return stage.play(story)
    except Failure as failure:
        return _about_the_service(failure)


def _about_the_service(failure: Failure) -> Failure:
    assert failure.diagnostics[0].code[:4] in ("LRP3", "LRP8")
    return failure


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.sampled_from(WRITES),
    st.sampled_from([200, 201, 204, 301, 400, 401, 403, 404, 409, 412, 413, 415, 429, 500, 503]),
    st.binary(max_size=200)
    | st.fixed_dictionaries(
        {},
        optional={
            "code": st.sampled_from([1000, 1002, "1002", 1016, 1043, 4300, 4301, 403003, None, -1, "x", [], 2.5]),
            "description": st.none() | st.text(max_size=20) | st.integers(),
            "errors": st.none()
            | st.lists(st.sampled_from([problem(1, 1002), problem(2, None), {}, 5, None]))
            | st.dictionaries(
                st.sampled_from(["catalog", "album", "asset"]), st.none() | st.lists(st.text(max_size=5))
            ),
            "resources": st.none() | st.lists(st.sampled_from([{"id": asset_id(5)}, {}, 3])),
        },
    ).map(lambda value: json.dumps(value).encode()),
)
def test_any_answer_to_a_write_is_an_answer_or_a_failure(write: Write, status: int, body: bytes) -> None:
    stage = staged(lambda: said(b"" if status == 204 else body, status))
    answer = played(stage, sending(write))
    assert isinstance(answer, Answer | Failure)
    assert not isinstance(answer, Accepted) or status < 300 or status == 403


class Nowhere:
    """A sink that keeps nothing."""

    def begin(self) -> None:
        pass

    def write(self, chunk: bytes) -> None:
        pass


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.integers(0, 13),
    st.sampled_from([200, 302, 400, 401, 403, 404, 418, 500]),
    st.binary(max_size=100)
    | st.sampled_from([b"{}", b'{"resources": []}', b'{"id": 5}', b"[]", b'{"resources": [{}]}']),
)
def test_any_answer_to_a_question_is_a_value_or_a_failure(question: int, status: int, body: bytes) -> None:
    questions = (
        lambda service: service.account(),
        lambda service: service.catalog(),
        lambda service: service.albums(),
        lambda service: service.album(album_id(1)),
        lambda service: service.members(album_id(1)),
        lambda service: service.assets_by_id([asset_id(1)]),
        lambda service: service.assets_by_sha256("5" * 64),
        lambda service: service.walk(captured_after="2026-01-01", captured_before="2026-02-01"),
        lambda service: service.members_by_date(album_id(1)),
        lambda service: service.changed_since("2026-01-01T00:00:00Z"),
        lambda service: service.asset(asset_id(1)),
        lambda service: service.develop(asset_id(1)),
        lambda service: service.rendition(asset_id(1), Rendition.SMALL, Nowhere()),
        lambda service: service.await_rendition(asset_id(1), Rendition.LARGEST),
    )
    stage = Stage(lambda asked: said(body, status) if SPACES in asked.path or question < 2 else None)
    played(stage, questions[question])

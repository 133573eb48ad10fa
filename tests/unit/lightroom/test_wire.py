"""What the service's JSON means, however odd it comes."""

import json
import random
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrplan.lightroom import wire
from lrplan.lightroom.problem import problem_from
from lrplan.model.album import AlbumKind, PublishInfo
from lrplan.model.asset import UNKNOWN_DATE
from tests.unit.lightroom.stage import (
    ACCOUNT,
    CATALOG,
    UNHURRIED,
    album_id,
    album_row,
    asset_id,
    asset_row,
    listing,
    member_row,
)

READERS: tuple[Callable[[bytes], object], ...] = (
    wire.account_from_wire,
    wire.catalog_from_wire,
    wire.album_from_wire,
    wire.albums_from_wire,
    wire.assets_from_wire,
    wire.members_from_wire,
    wire.member_problems,
    wire.existing_asset,
    wire.asset_detail_from_wire,
    wire.version_from_wire,
    wire.tree,
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)


def body(value: object, preface: str = "while (1) {}\n") -> bytes:
    return (preface + json.dumps(value)).encode()


@pytest.mark.parametrize(
    "preface",
    [
        "",
        "while (1) {}",
        "while(1){}\n",
        "  while ( 1 ) { }\r\n ",
        "while (1) {}  ",
        "\ufeffwhile (1) {}\n",
        "while(1);",
    ],
)
def test_the_preface_comes_in_any_spacing_or_not_at_all(preface: str) -> None:
    assert wire.catalog_from_wire(body({"id": CATALOG}, preface)).id == CATALOG


def test_an_album_is_read_with_all_that_lrplan_manages() -> None:
    info = {
        "version": 3,
        "created": "2020-01-01T00:00:00Z",
        "updated": "2020-01-02T00:00:00Z",
        "deleted": False,
        "remoteId": "r",
        "servicePayload": "p",
        "remoteLinks": {"view": {"href": "v"}, "edit": {"href": "e"}},
    }
    row = album_row(1, parent={"id": album_id(2)}, cover={"id": asset_id(3)}, publishInfo=info, novel={"deep": [1]})
    album = wire.album_from_wire(body(row))
    assert album.kind is AlbumKind.ALBUM
    assert (album.parent, album.cover) == (album_id(2), asset_id(3))
    assert album.publish_info == PublishInfo(
        remote_id="r",
        view="v",
        edit="e",
        service_payload="p",
        deleted=False,
        version=3,
        created="2020-01-01T00:00:00Z",
        updated="2020-01-02T00:00:00Z",
    )
    assert json.loads(album.raw) == row["payload"]


@pytest.mark.parametrize(
    ("subtype", "kind"),
    [
        ("project", AlbumKind.ALBUM),
        ("project_set", AlbumKind.SET),
        ("collection", AlbumKind.COLLECTION),
        ("collection_set", AlbumKind.COLLECTION_SET),
        ("topic", AlbumKind.OTHER),
        (7, AlbumKind.OTHER),
    ],
)
def test_wire_words_become_kinds(subtype: object, kind: AlbumKind) -> None:
    assert wire.album_from_wire(body(album_row(1) | {"subtype": subtype})).kind is kind


def test_a_wrong_type_costs_its_field_only() -> None:
    odd = asset_row(1) | {
        "payload": {"captureDate": 5, "importSource": {"fileName": "a.jpg", "sha256": ["x"], "fileSize": "12"}}
    }
    page = wire.assets_from_wire(
        body({"resources": [odd, 7, None, {"id": "short"}, asset_row(2)], "base": 1, "links": "no"})
    )
    assert [asset.id for asset in page.rows] == [asset_id(1), asset_id(2)]
    first = page.rows[0]
    assert (first.file_name, first.capture_date, first.sha256, first.size_bytes) == ("a.jpg", UNKNOWN_DATE, None, None)
    assert page.rows[1].file_name == "DSC_0002.jpg"
    assert (page.base, page.next) == (None, None)


def test_broken_text_is_mended() -> None:
    raw = body(listing(album_row(1))).replace(b"Album 1", b"A\\ud800\\ud83d\\ude00\xff\\\\ud800")
    assert wire.albums_from_wire(raw).rows[0].name == "A\ufffd😀\ufffd\\ud800"


@pytest.mark.parametrize("text", [b"while (1) {}", b'{"id": "', b'{"resources": [{"id"'])
def test_a_body_that_ends_early_is_told_from_one_that_is_no_json(text: bytes) -> None:
    with pytest.raises(wire.NotJson) as early:
        wire.albums_from_wire(text)
    assert early.value.truncated
    for other in (b"<html>", b"", b" ", b"{nothing}", b'{"id": ' + b"[" * 100_000, b'["id"'):
        with pytest.raises(wire.NotJson) as whole:
            wire.albums_from_wire(other)
        assert not whole.value.truncated


@pytest.mark.parametrize("value", [{}, {"resources": None}, {"resources": {}}, {"code": 9999}])
def test_a_listing_without_rows_does_not_pass_for_an_empty_one(value: dict) -> None:
    for read in (wire.albums_from_wire, wire.assets_from_wire, wire.members_from_wire):
        with pytest.raises(wire.NoRows):
            read(body(value))


def test_a_member_without_a_photo_is_not_passed_over() -> None:
    with pytest.raises(wire.NoPhoto):
        wire.members_from_wire(body(listing(member_row(1), {"id": "f" * 32, "payload": {}})))


def test_a_member_without_embedded_asset_is_known_by_its_address() -> None:
    row = {
        "id": "f" * 32,
        "links": {"self": {"href": f"albums/{album_id(1)}/assets/{asset_id(7)}?x=1"}},
        "payload": {"order": "b"},
    }
    (member,) = wire.members_from_wire(body(listing(row))).rows
    assert (member.asset_id, member.order, member.asset) == (asset_id(7), "b", None)


def test_only_members_that_say_more_than_their_place_have_an_info() -> None:
    plain = member_row(1, "a", cover=True, userCreated="x")
    told = member_row(2, "b", publishInfo={"remoteId": "r", "servicePayload": "p"})
    novel = member_row(3, "", novel=1, cover="yes")
    first, second, third = wire.members_from_wire(body(listing(plain, told, novel))).rows
    assert (first.info, first.cover, first.order) == (None, True, "a")
    assert (second.info.remote_id, second.info.service_payload) == ("r", "p")
    assert json.loads(second.info.raw) == told["payload"]
    assert json.loads(third.info.raw) == novel["payload"]
    assert (third.order, third.cover) == (None, False)


def test_an_account_is_read() -> None:
    row = {
        "id": ACCOUNT,
        "first_name": "A",
        "last_name": "B",
        "entitlement": {"status": "trial", "storage": {"used": 1, "limit": 2}},
    }
    account = wire.account_from_wire(body(row))
    assert (account.name, account.status, account.storage_used_bytes, account.storage_limit_bytes) == (
        "A B",
        "trial",
        1,
        2,
    )
    assert wire.account_from_wire(body({"id": "x"})) is None


@pytest.mark.parametrize(
    ("told", "number"),
    [
        (100, 100),
        ("100", 100),
        (" 100 ", 100),
        (1.5e3, 1500),
        ("1.5e3", 1500),
        ("9007199254740993", 9007199254740993),
        (0, 0),
        (-1, None),
        (1.5, None),
        ("", None),
        ("nan", None),
        ("Infinity", None),
        ("1e999999", None),
        ("a lot", None),
        (True, None),
        ([1], None),
        (None, None),
    ],
)
def test_numbers_of_the_storage_are_read_however_they_are_written(told: object, number: int | None) -> None:
    account = wire.account_from_wire(
        body({"id": ACCOUNT, "entitlement": {"status": "trial", "storage": {"used": told, "limit": told}}})
    )
    assert account is not None
    assert (account.storage_used_bytes, account.storage_limit_bytes, account.status) == (number, number, "trial")


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ({"resources": [{"id": asset_id(1), "created": "x"}]}, asset_id(1)),
        ({"revisions": [{"id": asset_id(1)}]}, None),
        ({"resources": [{"id": asset_id(1)}, {"id": asset_id(2)}]}, None),
        ({"code": 1, "description": "x"}, None),
        ({"id": asset_id(3)}, asset_id(3)),
    ],
)
def test_only_a_412_that_names_one_asset_says_who_holds_the_original(value: dict, named: str | None) -> None:
    assert wire.existing_asset(body(value)) == named


@UNHURRIED
@given(st.binary() | ANYTHING.map(lambda value: json.dumps(value).encode()), st.sampled_from(READERS))
def test_any_bytes_are_read_or_called_not_json(raw: bytes, read: Callable[[bytes], object]) -> None:
    with suppress(wire.NotJson, wire.NoRows, wire.NoPhoto):
        read(raw)


@UNHURRIED
@given(st.integers(), ANYTHING, st.sampled_from(READERS))
def test_any_value_in_any_place_costs_no_page(seed: int, value: object, read: Callable[[bytes], object]) -> None:
    page = listing(
        asset_row(1, links={"self": {"href": "x"}}), member_row(2, "a"), album_row(3), onward="x"
    ) | album_row(1)
    dice = random.Random(seed)
    node: object = page
    while isinstance(node, (dict, list)) and node:
        key = dice.choice(list(node)) if isinstance(node, dict) else dice.randrange(len(node))
        inner = node[key]
        if not isinstance(inner, (dict, list)) or dice.random() < 0.3:
            node[key] = value
            break
        node = inner
    with suppress(wire.NoRows, wire.NoPhoto):
        read(body(page))


@pytest.mark.parametrize("raw", [b'"\x80"', b'{"code": "\xff"}', b'{"\xc3": 1}', b'{"a": "\xed\xa0\x80"}'])
def test_text_that_is_not_utf8_ends_in_no_traceback(raw: bytes) -> None:
    assert problem_from(500, raw, secrets=()).words
    with suppress(wire.NotJson, wire.NoRows):
        wire.albums_from_wire(raw)


def test_nesting_without_end_is_not_json() -> None:
    with pytest.raises(wire.NotJson):
        wire.albums_from_wire(b'{"resources":' + b"[" * 100_000)
    with pytest.raises((wire.NotJson, wire.NoRows)):
        wire.albums_from_wire(b'{"resources":' + b"[" * 100_000 + b"]" * 100_000 + b"}")

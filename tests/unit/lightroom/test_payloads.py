"""The payloads of writing calls, right whether the service merges or replaces them."""

import json

from hypothesis import given
from hypothesis import strategies as st

from lrplan.lightroom.payloads import added_members, created_album, created_asset, updated_album
from lrplan.model.album import Album, AlbumKind, Opaque, PublishInfo
from lrplan.plan.write import Entry, PostAlbum, PutAlbum, PutAsset
from tests.unit.lightroom.stage import ACCOUNT, KEY, STAMP, UNHURRIED, album_id, asset_id, original

OLD = "2020-01-01T00:00:00Z"
INFO = {
    "version": 2,
    "created": OLD,
    "updated": "2020-02-02T00:00:00Z",
    "remoteId": "r",
    "novel": [1],
    "remoteLinks": {"view": {"href": "v", "novel": 2}},
}
PAYLOAD = {
    "userCreated": OLD,
    "userUpdated": OLD,
    "name": "Old",
    "cover": {"id": asset_id(1)},
    "parent": {"id": album_id(9)},
    "novel": {"deep": True},
    "publishInfo": INFO,
}
VALUES = st.recursive(
    st.none() | st.text() | st.integers(), lambda inner: st.dictionaries(st.text(), inner), max_leaves=5
)


def album(payload: dict | None = None) -> Album:
    raw = Opaque(json.dumps(PAYLOAD if payload is None else payload))
    return Album(id=album_id(1), kind=AlbumKind.ALBUM, service_id=KEY, name="Old", raw=raw)


def updated(payload: dict | None = None, **wanted: object) -> dict:
    return updated_album(PostAlbum(current=album(payload), **wanted), stamp=STAMP)["payload"]


def created(
    *, raw: dict | None = None, info: PublishInfo | None = None, kind: AlbumKind = AlbumKind.ALBUM, parent: str = "/"
) -> dict:
    write = PutAlbum(
        album_id=album_id(1), kind=kind, name="New", parent=parent, publish_info=info, raw=Opaque(json.dumps(raw or {}))
    )
    return created_album(write, service_id=KEY, stamp=STAMP)


def merged(before: dict, sent: dict) -> dict:
    both = dict(before)
    for key, value in sent.items():
        inner = before.get(key)
        both[key] = merged(inner, value) if isinstance(inner, dict) and isinstance(value, dict) else value
    return both


def test_an_update_changes_only_what_is_wanted_and_the_stamps() -> None:
    expected = PAYLOAD | {"name": "New", "userUpdated": STAMP, "publishInfo": INFO | {"updated": STAMP}}
    assert updated(name="New") == expected


def test_an_update_reaches_deep_into_publish_info() -> None:
    info = updated(publish_info=PublishInfo(remote_id="s", edit="e", view="w", deleted=False))["publishInfo"]
    links = {"view": {"href": "w", "novel": 2}, "edit": {"href": "e"}}
    assert info == INFO | {"remoteId": "s", "deleted": False, "updated": STAMP, "remoteLinks": links}


def test_declared_stamps_win() -> None:
    wanted = PublishInfo(version=4, created="c", updated="u")
    assert updated(publish_info=wanted)["publishInfo"] == INFO | {"version": 4, "created": "c", "updated": "u"}


def test_first_publish_info_has_equal_stamps() -> None:
    info = updated({"name": "Old"}, publish_info=PublishInfo(remote_id="r"))["publishInfo"]
    assert info == {"version": 3, "created": STAMP, "updated": STAMP, "remoteId": "r"}
    info = updated({"name": "Old"}, publish_info=PublishInfo(created=OLD))["publishInfo"]
    assert info == {"version": 3, "created": OLD, "updated": OLD}


def test_no_publish_info_is_made_up_for_a_new_name() -> None:
    assert updated({"name": "Old"}, name="New") == {"name": "New", "userUpdated": STAMP}
    assert updated({"publishInfo": None}, publish_info=PublishInfo()) == {"publishInfo": None, "userUpdated": STAMP}


def test_an_album_moves_into_a_set_and_to_the_top() -> None:
    assert updated(parent=album_id(5))["parent"] == {"id": album_id(5)}
    assert "parent" not in updated(parent="/")


@UNHURRIED
@given(st.dictionaries(st.text(), VALUES), st.text(), st.none() | st.text())
def test_an_update_is_the_same_whether_merged_or_replaced(payload: dict, name: str, remote_id: str | None) -> None:
    sent = updated(payload, name=name, publish_info=PublishInfo(remote_id=remote_id), parent=album_id(5))
    before = json.loads(album(payload).raw)
    if isinstance(before.get("parent"), dict):
        before["parent"] = {}
    assert merged(before, sent) == sent
    untouched = payload.keys() - {"name", "parent", "publishInfo", "userUpdated"}
    assert {key: sent[key] for key in untouched} == {key: payload[key] for key in untouched}


def test_a_new_album_says_whose_it_is() -> None:
    assert created(parent=album_id(5)) == {
        "subtype": "project",
        "serviceId": KEY,
        "payload": {
            "userCreated": STAMP,
            "userUpdated": STAMP,
            "name": "New",
            "parent": {"id": album_id(5)},
            "publishInfo": {"version": 3, "created": STAMP, "updated": STAMP},
        },
    }
    assert created(kind=AlbumKind.SET)["subtype"] == "project_set"


def test_a_replacement_carries_over_what_lrplan_does_not_manage() -> None:
    payload = created(raw=PAYLOAD, info=PublishInfo(remote_id="s"))["payload"]
    assert payload == {
        "userCreated": STAMP,
        "userUpdated": STAMP,
        "name": "New",
        "novel": {"deep": True},
        "publishInfo": INFO | {"remoteId": "s", "created": OLD, "updated": OLD},
    }


def test_a_new_album_with_declared_stamps_keeps_them() -> None:
    info = created(info=PublishInfo(created="c", version=5))["payload"]["publishInfo"]
    assert info == {"version": 5, "created": "c", "updated": "c"}
    assert created(info=PublishInfo(created="c", updated="u"))["payload"]["publishInfo"]["updated"] == "u"


def test_members_carry_over_what_they_said_but_not_their_place() -> None:
    raw = Opaque(json.dumps({"order": "a", "cover": True, "novel": 1, "publishInfo": {"remoteId": "r", "deep": 2}}))
    entries = (
        Entry(asset_id=asset_id(1), order="m", cover=True, remote_id="x", service_payload="y"),
        Entry(asset_id=asset_id(2), raw=raw),
        Entry(asset_id=asset_id(3), raw=raw, order="b", service_payload="z"),
        Entry(asset_id=asset_id(4)),
    )
    assert added_members(entries) == {
        "resources": [
            {
                "id": asset_id(1),
                "payload": {"order": "m", "cover": True, "publishInfo": {"remoteId": "x", "servicePayload": "y"}},
            },
            {"id": asset_id(2), "payload": {"novel": 1, "publishInfo": {"remoteId": "r", "deep": 2}}},
            {
                "id": asset_id(3),
                "payload": {
                    "order": "b",
                    "novel": 1,
                    "publishInfo": {"remoteId": "r", "deep": 2, "servicePayload": "z"},
                },
            },
            {"id": asset_id(4), "payload": {}},
        ]
    }


def test_an_asset_is_tagged_with_the_key_that_imported_it() -> None:
    body = created_asset(
        PutAsset(asset_id=asset_id(1), original=original()), service_id=KEY, account_id=ACCOUNT, stamp=STAMP
    )
    assert body == {
        "subtype": "image",
        "payload": {
            "userCreated": STAMP,
            "userUpdated": STAMP,
            "captureDate": "0000-00-00T00:00:00",
            "importSource": {
                "fileName": "a.jpg",
                "importedOnDevice": KEY,
                "importedBy": ACCOUNT,
                "importTimestamp": STAMP,
            },
        },
    }

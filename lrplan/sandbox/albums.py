"""Albums and sets: create, read, update, delete.

Problem: an album belongs to the API key that made it; others may at most read it, and some kinds nobody may write.
Method: every writing call looks the album up, then asks whose it is (403/1016), then checks the payload, in one
transaction. The cover is kept in the album's payload alone, whichever call sets it.
Surprising case: deleting a set without ``child_albums`` leaves children whose parent is gone, and such a child can no
longer be updated with the payload it was read with, because its parent does not exist.
"""

import json
import sqlite3

from lrplan.sandbox.answers import (
    INVALID,
    Answer,
    Document,
    already_exists,
    bad_input,
    bad_payload,
    created,
    not_found,
    not_permitted,
)
from lrplan.sandbox.assets import READY_RENDITIONS
from lrplan.sandbox.calls import Call
from lrplan.sandbox.checks import album_errors, merged
from lrplan.sandbox.history import CHANGED, CREATED, DELETED, Change
from lrplan.sandbox.moments import moments_ago, now
from lrplan.sandbox.options import MERGE

PROJECT, PROJECT_SET = "project", "project_set"
OWNED = (PROJECT, PROJECT_SET)  # Lightroom API, 'Create album': what a client may make
REMEMBERED_S = 3600.0  # how long a deleted album may still come up in a listing that lags
READABLE = ("collection", "collection_set")  # the customer's own albums: for reading only


def require_album(call: Call, *, writing: bool) -> sqlite3.Row:
    """Give the album of the path: 404/1000 when unknown, 403/1016 when it is not for this API key to read or write."""
    row = call.service.database.album(call.catalog_id, call.guid("album_id"))
    if row is None:
        raise not_found("album")
    if row["service_id"] != call.api_key if row["subtype"] in OWNED else writing:
        raise not_permitted()
    return row


async def read_album(call: Call) -> Answer:
    """GET album: its document with ``base``."""
    row = require_album(call, writing=False)
    return Answer(status=200, document={"base": call.base, **album_document(row)})


async def create_album(call: Call) -> Answer:
    """PUT album: 201 with ``Location``; 403/1002 when the id is taken, by whichever API key."""
    catalog_id, album_id = call.catalog_id, call.guid("album_id")
    body = await call.json()
    subtype, payload = body.get("subtype"), body.get("payload")
    if subtype not in OWNED:
        raise bad_input("subtype")
    if body.get("serviceId") != call.api_key:
        raise bad_input("serviceId", "is invalid" if "serviceId" in body else "must be specified")
    errors = album_errors(payload, new=True, whole=True)
    if errors:
        raise bad_payload(errors)
    assert isinstance(payload, dict)
    database = call.service.database
    with database.changes():
        if database.album(catalog_id, album_id) is not None:
            raise already_exists("album")
        _check_links(call, catalog_id, album_id, payload)
        moment = now()
        database.run(
            "INSERT INTO album (catalog_id, id, subtype, service_id, created, updated, name, parent_id, payload)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                catalog_id,
                album_id,
                subtype,
                call.api_key,
                moment,
                moment,
                payload["name"],
                payload.get("parent", {}).get("id"),
                json.dumps(payload),
            ),
        )
        change = Change(kind=CREATED, subject_id=album_id, name=payload["name"], detail=noun(subtype))
        call.service.history.note(catalog_id, change)
    return created(call.request.raw_path.partition("?")[0])


async def update_album(call: Call) -> Answer:
    """POST album: 204; the payload replaces the old one or is merged into it, as the sandbox was told."""
    require_album(call, writing=True)
    body = await call.json()
    payload = body.get("payload")
    merging = call.service.options.update_mode == MERGE
    errors = album_errors(payload, new=False, whole=not merging)
    if errors:
        raise bad_payload(errors)
    database = call.service.database
    with database.changes():
        row = require_album(call, writing=True)
        for name, column in (("subtype", "subtype"), ("serviceId", "service_id")):
            if body.get(name, row[column]) != row[column]:
                raise bad_input(name)
        assert isinstance(payload, dict)
        whole: Document = merged(json.loads(row["payload"]), payload) if merging else payload
        _check_links(call, row["catalog_id"], row["id"], whole, old=json.loads(row["payload"]))
        database.run(
            "UPDATE album SET payload = ?, name = ?, parent_id = ?, updated = ? WHERE serial = ?",
            (json.dumps(whole), whole["name"], whole.get("parent", {}).get("id"), now(), row["serial"]),
        )
        detail = ", ".join(_changed(json.loads(row["payload"]), whole))
        change = Change(kind=CHANGED, subject_id=row["id"], name=whole["name"], detail=detail)
        call.service.history.note(row["catalog_id"], change)
    return Answer(status=204)


async def delete_album(call: Call) -> Answer:
    """DELETE album: 204; its children go too, later, when ``child_albums`` has a value, and stay otherwise."""
    database = call.service.database
    with database.changes():
        row = require_album(call, writing=True)
        catalog_id = row["catalog_id"]
        below = _descendants(call, catalog_id, row["id"]) if call.query.get("child_albums") else []
        _remove(call, catalog_id, [row["id"]])
    if below:

        async def work() -> None:
            with database.changes():
                _remove(call, catalog_id, below)

        await call.service.later(work, call.delay_s)
    return Answer(status=204)


def noun(subtype: str) -> str:
    """Say what a person calls a project or a collection."""
    return "set" if subtype.endswith("_set") else "album"


def _changed(old: Document, new: Document) -> list[str]:
    """Name the members of a payload that differ, but for the stamps that go with every change."""
    names = sorted({*old, *new} - {"userCreated", "userUpdated"})
    return [name for name in names if old.get(name) != new.get(name)]


def set_cover(call: Call, album: sqlite3.Row, cover_id: str | None) -> None:
    """Make an asset the album's cover, or take the cover away; inside ``database.changes``."""
    payload = json.loads(album["payload"])
    payload.pop("cover", None)
    if cover_id is not None:
        payload["cover"] = {"id": cover_id}
    call.service.database.run("UPDATE album SET payload = ? WHERE serial = ?", (json.dumps(payload), album["serial"]))


def cover_of(album: sqlite3.Row) -> str | None:
    """Give the id of the album's cover asset, if it has one."""
    cover: Document = json.loads(album["payload"]).get("cover", {})
    return cover.get("id")


def album_document(row: sqlite3.Row) -> Document:
    """Write an album as every call shows it: ``{id, type, subtype, serviceId, created, updated, payload, links}``."""
    payload = json.loads(row["payload"])
    home = f"albums/{row['id']}"
    links: Document = {"self": {"href": home}, "/rels/album_assets": {"href": f"{home}/assets?embed=asset"}}
    if row["parent_id"] is not None:
        links["/rels/parent_album"] = {"href": f"albums/{row['parent_id']}"}
    cover_id = payload.get("cover", {}).get("id")
    if cover_id is not None:
        links["/rels/cover_asset"] = {"href": f"assets/{cover_id}"}
        for kind in READY_RENDITIONS:
            links[f"/rels/rendition_type/{kind}"] = {"href": f"assets/{cover_id}/renditions/{kind}"}
    document: Document = {
        "id": row["id"],
        "type": "album",
        "subtype": row["subtype"],
        "created": row["created"],
        "updated": row["updated"],
        "payload": payload,
        "links": links,
    }
    if row["service_id"] is not None:
        document["serviceId"] = row["service_id"]
    return document


def _check_links(call: Call, catalog_id: str, album_id: str, payload: Document, old: Document | None = None) -> None:
    """Refuse a parent that is not a set of the same API key, or is the album itself or below it; and a lost cover.

    A cover that stays as it was is not looked up again.
    """
    database = call.service.database
    cover_id = payload.get("cover", {}).get("id")
    unchanged = old is not None and old.get("cover", {}).get("id") == cover_id
    if cover_id is not None and not unchanged and database.asset(catalog_id, cover_id) is None:
        raise bad_payload({"payload.cover.id": INVALID})
    parent_id = payload.get("parent", {}).get("id")
    if parent_id is None:
        return
    parent = database.album(catalog_id, parent_id)
    if parent is None or parent["subtype"] != PROJECT_SET or parent["service_id"] != call.api_key:
        raise bad_payload({"payload.parent.id": INVALID})
    if parent_id == album_id or parent_id in _descendants(call, catalog_id, album_id):
        raise bad_payload({"payload.parent.id": INVALID})


def _descendants(call: Call, catalog_id: str, album_id: str) -> list[str]:
    rows = call.service.database.rows(
        "WITH RECURSIVE below (id) AS ("
        " SELECT id FROM album WHERE catalog_id = ? AND parent_id = ?"
        " UNION SELECT album.id FROM album JOIN below ON album.parent_id = below.id WHERE album.catalog_id = ?)"
        " SELECT id FROM below",
        (catalog_id, album_id, catalog_id),
    )
    return [row["id"] for row in rows]


def _remove(call: Call, catalog_id: str, album_ids: list[str]) -> None:
    """Take albums out of the catalog, keeping a while what a listing that lags still shows."""
    database = call.service.database
    database.run("DELETE FROM departed_album WHERE departed < ?", (moments_ago(REMEMBERED_S),))
    for album_id in album_ids:
        database.run(
            "INSERT INTO departed_album SELECT serial, catalog_id, id, subtype, service_id, created, updated, name,"
            " parent_id, payload, ? FROM album WHERE catalog_id = ? AND id = ?",
            (now(), catalog_id, album_id),
        )
        row = call.service.database.album(catalog_id, album_id)
        if row is not None:
            change = Change(kind=DELETED, subject_id=album_id, name=row["name"], detail=noun(row["subtype"]))
            call.service.history.note(catalog_id, change)
        call.service.database.run("DELETE FROM member WHERE catalog_id = ? AND album_id = ?", (catalog_id, album_id))
        call.service.database.run("DELETE FROM album WHERE catalog_id = ? AND id = ?", (catalog_id, album_id))

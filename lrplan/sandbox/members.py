"""Adding assets to an album.

Problem: fifty assets go in with one call, each may be refused on its own, and a client that repeats a call must find
out what was there already.
Method: all in one transaction; each asset is added, has the cover moved to it, or gets an error of its own. 201 when at
least one was taken, 403 when none.
Surprising case: for an asset that is a member already, ``cover`` in its payload changes the cover and nothing else, and
is no error. No call removes a member or changes its order.
"""

import json
import sqlite3
from typing import Any

from lrplan.sandbox.albums import PROJECT, cover_of, require_album, set_cover
from lrplan.sandbox.answers import (
    BAD_PAYLOAD,
    EXISTS,
    GUID_WORDS,
    NOT_FOUND,
    UNAVAILABLE,
    Answer,
    Document,
    bad_input,
    bad_payload,
    not_permitted,
)
from lrplan.sandbox.calls import Call, is_guid
from lrplan.sandbox.checks import member_errors
from lrplan.sandbox.completion import ORDERED, UNORDERED
from lrplan.sandbox.history import ADDED, COVER, Change
from lrplan.sandbox.moments import now

MAX_ASSETS = 50  # Lightroom API, 'Add assets to album': limited to 50 assets per API call


async def add_members(call: Call) -> Answer:
    """PUT assets into an album: ``{base, resources: [{id, href}], errors: [{id, http_status, code, ...}]}``."""
    require_album(call, writing=True)
    entries = _entries(await call.json())
    database = call.service.database
    taken: list[Document] = []
    put: list[str] = []
    errors: list[Document] = []
    with database.changes():
        album = require_album(call, writing=True)
        if album["subtype"] != PROJECT:
            raise not_permitted()
        for number, entry in enumerate(entries):
            failing = call.keep is not None and number >= call.keep
            error = _service_error(entry["id"]) if failing else _add(call, album, entry, put)
            if error is None:
                home = f"albums/{album['id']}/assets/{entry['id']}"
                taken.append({"id": entry["id"], "href": home})
            else:
                errors.append(error)
        _note(call, album, put)
        if taken and call.service.untidy:
            database.run("UPDATE album SET updated = ? WHERE serial = ?", (now(), album["serial"]))
    document: Document = {"base": call.base, "resources": taken}
    if errors:
        document["errors"] = errors
    return Answer(status=201 if taken else 403, document=document)


def _entries(body: Document) -> list[dict[str, Any]]:
    """Check the list as a whole: 1 to 50 tables with an id, at most one of them the cover."""
    entries = body.get("resources")
    if not isinstance(entries, list) or not entries:
        raise bad_input("resources", "must be specified")
    if len(entries) > MAX_ASSETS:
        raise bad_input("resources", f"must be at most {MAX_ASSETS}")
    if not all(isinstance(entry, dict) for entry in entries):
        raise bad_input("resources")
    if not all(is_guid(entry.get("id")) for entry in entries):
        raise bad_input("asset_id", GUID_WORDS)
    payloads = [entry.get("payload") for entry in entries]
    if sum(isinstance(payload, dict) and payload.get("cover") is True for payload in payloads) > 1:
        raise bad_payload({"payload.cover": "invalid"})
    return entries


def _note(call: Call, before: sqlite3.Row, put: list[str]) -> None:
    """Note which photos a call put in, and the cover if it moved."""
    database, catalog_id, album_id = call.service.database, before["catalog_id"], before["id"]
    after = database.album(catalog_id, album_id)
    assert after is not None
    if put:
        change = Change(kind=ADDED, subject_id=album_id, name=after["name"], asset_ids=tuple(put))
        call.service.history.note(catalog_id, change)
    cover_id = cover_of(after)
    if cover_id != cover_of(before):
        covers = (cover_id,) if cover_id else ()
        call.service.history.note(
            catalog_id, Change(kind=COVER, subject_id=album_id, name=after["name"], asset_ids=covers)
        )


def _add(call: Call, album: sqlite3.Row, entry: Document, put: list[str]) -> Document | None:
    """Add one asset, and its id to ``put``, or move the cover to it; give the error when it is refused."""
    database = call.service.database
    asset_id, payload = entry["id"], entry.get("payload", {})
    errors = member_errors(payload)
    if errors:
        wrong = {key: [word] for key, word in errors.items()}
        return _error(asset_id, 400, BAD_PAYLOAD, "Payload Validation Error", "PayloadValidationError", wrong)
    asset = database.asset(album["catalog_id"], asset_id)
    if asset is None or asset["subtype"].startswith("deleted"):
        missing = {"asset": ["does not exist"]}
        return _error(asset_id, 404, NOT_FOUND, "Resource not found", "ResourceNotFoundError", missing)
    kept = {name: value for name, value in payload.items() if name != "cover"}
    if add_row(call, album, asset, kept):
        put.append(asset_id)
    elif "cover" not in payload:
        exists = {"asset": ["already exists"]}
        return _error(asset_id, 403, EXISTS, "Resource already exists", "ResourceExistsError", exists)
    if "cover" in payload:
        current = database.album(album["catalog_id"], album["id"])
        assert current is not None
        if payload["cover"]:
            set_cover(call, current, asset_id)
        elif cover_of(current) == asset_id:
            set_cover(call, current, None)
    return None


def add_row(call: Call, album: sqlite3.Row, asset: sqlite3.Row, payload: Document) -> bool:
    """Store a membership; ``False`` when the asset is a member already."""
    order = payload.get("order")
    sort_key = f"{UNORDERED}{asset['capture_key']}" if order is None else f"{ORDERED}{order}"
    return bool(
        call.service.database.run(
            "INSERT OR IGNORE INTO member (catalog_id, album_id, asset_id, created, sort_key, payload)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (album["catalog_id"], album["id"], asset["id"], now(), sort_key, json.dumps(payload)),
        )
    )


def _service_error(asset_id: str) -> Document:
    return _error(asset_id, 503, UNAVAILABLE, "Service is temporarily unavailable", "ServiceUnavailable", {})


def _error(
    asset_id: str, status: int, code: int, description: str, subtype: str, errors: dict[str, list[str]]
) -> Document:
    return {
        "id": asset_id,
        "http_status": status,
        "code": code,
        "description": description,
        "subtype": subtype,
        "errors": errors,
    }

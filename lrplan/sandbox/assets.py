"""Creating and reading assets.

Problem: clients make the ids, retry, and must find out whether an asset, or its very original, is there already.
Method: creation checks, in one transaction, the id (403/1002), then the original named by ``If-None-Match`` (412, with
the assets that have it), then room in the account (403/1043).
Surprising case: an asset exists from its creation but is incomplete until its original is in; 412 looks only at
complete ones, or a client could never finish what it began.
"""

import json
import sqlite3
import time

from lrplan.sandbox.answers import (
    GUID_WORDS,
    TOO_MANY,
    Answer,
    Document,
    Refusal,
    already_exists,
    bad_input,
    bad_payload,
    created,
    not_found,
    refuse,
)
from lrplan.sandbox.calls import SHA256, Call, is_guid
from lrplan.sandbox.checks import asset_errors
from lrplan.sandbox.history import ANNOUNCED, Change
from lrplan.sandbox.moments import date_key, now

CREATED_SUBTYPES = ("image", "video")  # Lightroom API, 'Create asset'
READY_RENDITIONS = ("thumbnail2x", "640", "1280", "2048")  # made from every original
KEPT_SECONDS = 86_400  # Lightroom API, 'Generate renditions': deleted after 1 day
DURATION_BASE = 1000  # denominator of a video's duration as [numerator, denominator]


def check_revision(call: Call) -> None:
    """Refuse an older path whose revision is no GUID."""
    if not is_guid(call.ids.get("revision_id", "0" * 32)):
        raise bad_input("revision_id", GUID_WORDS)


def require_asset(call: Call) -> sqlite3.Row:
    """Give the asset of the path: 400/1005 and 404/1000 as documented."""
    catalog_id = call.catalog_id
    row = call.service.database.asset(catalog_id, call.guid("asset_id"))
    if row is None:
        raise not_found("asset")
    return row


async def read_asset(call: Call) -> Answer:
    """GET asset: its document with ``base``."""
    row = require_asset(call)
    return Answer(status=200, document={"base": call.base, **asset_document(row, untidy=call.service.untidy)})


async def create_asset(call: Call) -> Answer:
    """PUT asset: 201 with ``Location``; 403/1002, 403/1043, 412, 400/1005 and 400/1030 as documented."""
    catalog_id, asset_id = call.catalog_id, call.guid("asset_id")
    check_revision(call)
    wanted = _precondition(call)
    body = await call.json()
    if body.get("subtype") not in CREATED_SUBTYPES:
        raise bad_input("subtype")
    payload = body.get("payload")
    errors = asset_errors(payload, api_key=call.api_key, account_id=call.account.id, is_older="revision_id" in call.ids)
    if errors:
        raise bad_payload(errors)
    assert isinstance(payload, dict)
    database = call.service.database
    with database.changes():
        if database.asset(catalog_id, asset_id) is not None:
            raise already_exists("asset")
        if wanted is not None:
            _refuse_known_original(call, catalog_id, wanted)
        check_quota(call, asset_id)
        moment = now()
        database.run(
            "INSERT INTO asset (catalog_id, id, subtype, created, updated, capture_key, payload, sha256)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                catalog_id,
                asset_id,
                body["subtype"],
                moment,
                moment,
                date_key(payload["captureDate"]),
                json.dumps(payload),
                payload["importSource"].get("sha256", wanted),
            ),
        )
        name = payload["importSource"]["fileName"]
        call.service.history.note(catalog_id, Change(kind=ANNOUNCED, subject_id=asset_id, name=name))
    return created(call.request.raw_path.partition("?")[0])


def check_quota(call: Call, asset_id: str) -> None:
    """Refuse more for an asset when the account's storage is full already: 403/1043."""
    account = call.service.database.account(call.account.id)
    if account.used >= account.storage_limit:
        raise refuse(403, TOO_MANY, "Too many assets", {asset_id: ["quota exceeded"]})


def file_name(row: sqlite3.Row) -> str:
    """Give the file name of an asset, empty when its client gave none."""
    source = json.loads(row["payload"]).get("importSource", {})
    return str(source.get("fileName") or "")


def _precondition(call: Call) -> str | None:
    """Read ``If-None-Match``: a sha256, bare or quoted as an entity tag is."""
    text = call.header("If-None-Match").strip().removeprefix("W/").strip('"').lower()
    if not text:
        return None
    if not SHA256.fullmatch(text):
        raise bad_input("If-None-Match")
    return text


def _refuse_known_original(call: Call, catalog_id: str, sha256: str) -> None:
    twins = call.service.database.rows(
        "SELECT * FROM asset WHERE catalog_id = ? AND sha256 = ? AND complete AND subtype NOT LIKE 'deleted%'",
        (catalog_id, sha256),
    )
    if twins:
        raise precondition_failed(call, twins)


def precondition_failed(call: Call, rows: list[sqlite3.Row]) -> Refusal:
    """412: the originals that are there already (Lightroom API, components/responses/PreconditionFailed).

    The contract's schema calls the list ``revisions``, its example ``resources``: the older paths give the former.
    """
    name = "revisions" if "revision_id" in call.ids else "resources"
    documents = []
    for row in rows:
        document = asset_document(row, untidy=call.service.untidy)
        kept = {key: document[key] for key in ("id", "created", "updated", "links", "payload")}
        kept["links"]["/rels/asset"] = {"href": f"assets/{row['id']}"}
        documents.append({**kept, "created_by": call.account.id})
    return Refusal(Answer(status=412, document={"base": call.base, name: documents}))


def asset_document(row: sqlite3.Row, *, untidy: bool) -> Document:
    """Write an asset as every call shows it: ``{id, type, subtype, created, updated, links, payload}``."""
    home = f"assets/{row['id']}"
    links: Document = {
        "self": {"href": home},
        "/rels/master_create": {"href": f"{home}/master"},
        "/rels/xmp_develop_create": {"href": f"{home}/xmp/develop"},
        "/rels/xmp/develop": _develop_link(row, home, untidy=untidy),
    }
    if row["complete"]:
        for kind in READY_RENDITIONS:
            links[f"/rels/rendition_type/{kind}"] = {"href": f"{home}/renditions/{kind}"}
    for kind, one in asked_for(row).items():
        link: Document = {"href": f"{home}/renditions/{kind}"}
        links[f"/rels/rendition_type/{kind}"] = (
            {**link, "invalid": _stale(row, untidy=untidy)} if one["invalid"] else link
        )
    payload = json.loads(row["payload"])
    if untidy:
        _split_duration(payload)
    return {
        "id": row["id"],
        "type": "asset",
        "subtype": row["subtype"],
        "created": row["created"],
        "updated": row["updated"],
        "links": links,
        "payload": payload,
    }


def listed_asset(row: sqlite3.Row, *, untidy: bool) -> Document:
    """Write an asset as listings show it. The contract leaves its links open, and the untidy mode makes use of that."""
    document = asset_document(row, untidy=untidy)
    home = document["links"]["self"]["href"]
    if untidy and row["serial"] % 3 == 0:
        document["links"] = {"self": {"href": home}}
    if untidy and row["serial"] % 3 == 1:  # as in the contract's example of an asset, whether complete or not
        for kind in READY_RENDITIONS:
            document["links"].setdefault(f"/rels/rendition_type/{kind}", {"href": f"{home}/renditions/{kind}"})
    return document


def _develop_link(row: sqlite3.Row, home: str, *, untidy: bool) -> Document:
    link: Document = {"href": f"{home}/xmp/develop"}
    if row["develop"] is None:
        link["invalid"] = _stale(row, untidy=untidy)
    else:
        link["fileSize"] = row["develop_size"]
    return link


def _stale(row: sqlite3.Row, *, untidy: bool) -> str | bool:
    """Say ``invalid``: the contract shows a string; a boolean was seen as well."""
    return True if untidy and row["serial"] % 2 else "true"


def asked_for(row: sqlite3.Row) -> dict[str, Document]:
    """Give the renditions that were asked for and are not gone yet: ``{kind: {made, invalid}}``."""
    if row["asked"] == "{}":
        return {}
    asked: dict[str, Document] = json.loads(row["asked"])
    return {kind: one for kind, one in asked.items() if one["made"] + KEPT_SECONDS > time.time()}


def _split_duration(payload: Document) -> None:
    """Give a video's duration as the live service does, ``[numerator, denominator]``."""
    video = payload.get("video")
    if isinstance(video, dict) and isinstance(video.get("duration"), int | float):
        video["duration"] = [round(video["duration"] * DURATION_BASE), DURATION_BASE]

"""The whole catalog as one document.

Problem: a test says what a catalog must look like afterwards, and must not go through the calls it is testing.
Method: read the tables; members come in the order a person sees them.
Equal catalogs give equal documents: no order depends on
when something was made, but for members that nothing else tells apart, which a person sees in that order.
Surprising case: albums whose parent is gone are shown with the parent they still name.
"""

import json
from typing import Any

from lrplan.sandbox.albums import cover_of
from lrplan.sandbox.database import Database

STAMPS = frozenset({"created", "updated", "userCreated", "userUpdated", "importTimestamp"})


def snapshot(database: Database) -> dict[str, Any]:
    """Give ``{accounts, sets, albums, assets}``.

    A set or album: ``{id, catalog_id, subtype, serviceId, name, parent, cover, created, updated, payload, members}``;
    a member ``{id, order, payload}``; an asset ``{id, catalog_id, subtype, sha256, complete, trashed, captureDate,
    fileName, size, developed, payload}``.
    """
    members: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in database.rows("SELECT * FROM member ORDER BY catalog_id, album_id, sort_key, created, serial"):
        payload = json.loads(row["payload"])
        member = {"id": row["asset_id"], "order": payload.get("order"), "payload": payload}
        members.setdefault((row["catalog_id"], row["album_id"]), []).append(member)
    sets: list[dict[str, Any]] = []
    albums: list[dict[str, Any]] = []
    for row in database.rows("SELECT * FROM album ORDER BY catalog_id, name, id"):
        document = {
            "id": row["id"],
            "catalog_id": row["catalog_id"],
            "subtype": row["subtype"],
            "serviceId": row["service_id"],
            "name": row["name"],
            "parent": row["parent_id"],
            "cover": cover_of(row),
            "created": row["created"],
            "updated": row["updated"],
            "payload": json.loads(row["payload"]),
            "members": members.get((row["catalog_id"], row["id"]), []),
        }
        (sets if row["subtype"].endswith("_set") else albums).append(document)
    accounts = [dict(row) for row in database.rows("SELECT * FROM account ORDER BY id")]
    return {"accounts": accounts, "sets": sets, "albums": albums, "assets": _assets(database)}


def without_stamps(document: Any) -> Any:
    """Leave out, at every level, the times at which something was made or changed."""
    if isinstance(document, list):
        return [without_stamps(one) for one in document]
    if isinstance(document, dict):
        return {name: without_stamps(value) for name, value in document.items() if name not in STAMPS}
    return document


def _assets(database: Database) -> list[dict[str, Any]]:
    assets = []
    for row in database.rows("SELECT * FROM asset ORDER BY catalog_id, capture_key, id"):
        payload = json.loads(row["payload"])
        assets.append(
            {
                "id": row["id"],
                "catalog_id": row["catalog_id"],
                "subtype": row["subtype"],
                "sha256": row["sha256"],
                "complete": bool(row["complete"]),
                "trashed": row["subtype"].startswith("deleted"),
                "captureDate": payload.get("captureDate"),
                "fileName": payload.get("importSource", {}).get("fileName"),
                "size": row["size"],
                "developed": row["develop"] is not None,
                "payload": payload,
            }
        )
    return assets

"""Making an original known: the moment an asset becomes complete.

Problem: the file is in its place, and everything the catalog says because of it must change at once.
Method: one function, run inside a transaction: payload, hash, size, capture date, storage used, and the place of the
asset in the albums it is in without an order, which is by capture date.
Surprising case: what the client said of its file at creation binds it: another sha256 or size is refused.
"""

import json
import sqlite3
import time
from pathlib import Path

from lrplan.sandbox.answers import too_big
from lrplan.sandbox.database import Database
from lrplan.sandbox.imagery import Original
from lrplan.sandbox.moments import UNKNOWN_DATE, date_key, now

UNORDERED = "1"  # begins the sort keys of members without an order, after all that have one
ORDERED = "0"


def mismatches(row: sqlite3.Row, original: Original) -> list[tuple[str, str]]:
    """Say in which way an original is not what its asset was said to be, as parameter and words."""
    source = json.loads(row["payload"]).get("importSource", {})
    found = []
    if row["sha256"] not in (None, original.sha256):
        found.append(("sha256", "does not match the original"))
    if source.get("fileSize", original.size) != original.size:
        found.append(("fileSize", "does not match the original"))
    return found


def complete_asset(
    database: Database, catalog_id: str, asset_id: str, original: Original, place: Path, kinds: tuple[str, ...] = ()
) -> bool:
    """Make an original known, inside ``database.changes``; ``False`` when the asset was complete already.

    ``kinds`` are the big renditions to be had from now on.

    Refused with 413/1007 when the account has no room for it by now.
    """
    row = database.asset(catalog_id, asset_id)
    if row is None or row["complete"]:
        return False
    account = database.row("SELECT used, storage_limit FROM account WHERE catalog_id = ?", (catalog_id,))
    if account is not None and account["used"] + original.size > account["storage_limit"]:
        raise too_big()
    payload = json.loads(row["payload"])
    source = payload.setdefault("importSource", {})
    source.update(sha256=original.sha256, fileSize=original.size)
    if original.width and original.height:
        source.setdefault("originalWidth", original.width)
        source.setdefault("originalHeight", original.height)
    if payload.get("captureDate") == UNKNOWN_DATE and original.taken:
        payload["captureDate"] = original.taken
    capture_key = date_key(payload["captureDate"])
    database.run(
        "UPDATE asset SET payload = ?, sha256 = ?, size = ?, capture_key = ?, complete = 1, file = ?, asked = ?,"
        " updated = ?"
        " WHERE catalog_id = ? AND id = ?",
        (
            json.dumps(payload),
            original.sha256,
            original.size,
            capture_key,
            str(place.relative_to(database.data)),
            json.dumps({kind: {"made": time.time(), "invalid": False} for kind in kinds}),
            now(),
            catalog_id,
            asset_id,
        ),
    )
    database.run("UPDATE account SET used = used + ? WHERE catalog_id = ?", (original.size, catalog_id))
    database.run(
        "UPDATE member SET sort_key = ? WHERE catalog_id = ? AND asset_id = ? AND sort_key >= ?",
        (f"{UNORDERED}{capture_key}", catalog_id, asset_id, UNORDERED),
    )
    return True


def drop_parts(database: Database, catalog_id: str, asset_id: str) -> None:
    """Forget the parts of an asset and delete their files."""
    with database.changes():
        parts = database.rows("SELECT file FROM part WHERE catalog_id = ? AND asset_id = ?", (catalog_id, asset_id))
        database.run("DELETE FROM part WHERE catalog_id = ? AND asset_id = ?", (catalog_id, asset_id))
    for part in parts:
        (database.data / part["file"]).unlink(missing_ok=True)

"""Renditions of an original, made from its real pixels.

Problem: small renditions exist once an original is in; big ones are asked for, made a while later and gone a day after.
Method: a rendition is made with Pillow when it is first read and kept beside the catalog; for the big ones the
asset's row says that they were asked for, when, and whether the picture was edited since.
Surprising case: an original that Pillow cannot decode, or whose file is gone, has no renditions: 404, as for originals
that Lightroom Classic never uploaded.
"""

import asyncio
import json
import os
import sqlite3
import time
from pathlib import Path
from uuid import uuid4

from PIL import ImageOps

from lrplan.sandbox.answers import Answer, bad_input, not_found
from lrplan.sandbox.assets import asked_for, require_asset
from lrplan.sandbox.calls import Call
from lrplan.sandbox.imagery import UNREADABLE, open_picture

# Longest edge in pixels; 'thumbnail2x' has no documented size.
READY = {"thumbnail2x": 320, "640": 640, "1280": 1280, "2048": 2048}
ASKED_FOR = {"2560": 2560, "fullsize": 0}  # 0: as it is
QUALITY = 85
UNSUPPORTED = "not supported"


async def generate_renditions(call: Call) -> Answer:
    """POST renditions: 202 with a link for each kind in ``X-Generate-Renditions`` (fullsize, 2560)."""
    row = require_asset(call)
    asked = call.header("X-Generate-Renditions")
    if not asked:
        raise bad_input("parameter", "must be specified")
    kinds = tuple(dict.fromkeys(kind.strip() for kind in asked.split(",")))
    if not set(kinds) <= set(ASKED_FOR):
        raise bad_input("rendition_type", UNSUPPORTED)
    if row["subtype"] != "image":
        raise bad_input("subtype")
    if not row["complete"]:
        raise not_found("asset")
    database = call.service.database

    async def work() -> None:
        with database.changes():
            asked = json.loads(require_asset(call)["asked"])
            asked.update({kind: {"made": time.time(), "invalid": False} for kind in kinds})
            database.run("UPDATE asset SET asked = ? WHERE serial = ?", (json.dumps(asked), row["serial"]))

    await call.service.later(work)
    links = {f"/rels/rendition_type/{kind}": {"href": f"assets/{row['id']}/renditions/{kind}"} for kind in kinds}
    return Answer(status=202, document={"base": call.base, "links": links})


async def read_rendition(call: Call) -> Answer:
    """GET or HEAD a rendition: ``image/jpeg``; 404/1000 when there is none, or none any more."""
    row = require_asset(call)
    kind = call.ids["rendition_type"]
    if kind not in READY and kind not in ASKED_FOR:
        raise bad_input("rendition_type", UNSUPPORTED)
    if not row["complete"] or row["file"] is None or (kind in ASKED_FOR and not _is_valid(row, kind)):
        raise not_found("rendition")
    database = call.service.database
    place = database.renditions / f"{row['sha256']}-{kind}.jpg"
    if not place.exists():
        beside = database.incoming / uuid4().hex
        original = database.data / row["file"]  # a seeded picture's path is absolute and stays so
        edge = {**READY, **ASKED_FOR}[kind]
        if not await asyncio.to_thread(_make, original, beside, place, edge):
            raise not_found("rendition")
    return Answer(status=200, file=place, content_type="image/jpeg")


def _is_valid(row: sqlite3.Row, kind: str) -> bool:
    found = asked_for(row).get(kind)
    return found is not None and not found["invalid"]


def _make(original: Path, beside: Path, place: Path, edge: int) -> bool:
    """Decode, turn upright, shrink and store; ``False`` when the picture cannot be read."""
    try:
        with open_picture(original) as image:
            if edge:
                image.draft("RGB", (edge, edge))
            upright = ImageOps.exif_transpose(image).convert("RGB")
            if edge:
                upright.thumbnail((edge, edge))
            upright.save(beside, "JPEG", quality=QUALITY)
    except UNREADABLE:
        beside.unlink(missing_ok=True)
        return False
    os.replace(beside, place)
    return True

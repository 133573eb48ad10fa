"""Renditions of an original, made from its real pixels.

Problem: small renditions exist once an original is in; big ones are asked for, made a while later and gone a day after.
Method: a rendition is made with Pillow when it is first read and kept beside the catalog; for the big ones the
asset's row says that they were asked for, when, and whether the picture was edited since.
Surprising case: of an original that Pillow cannot decode the renditions are a neutral picture of its shape. Of one that
is not in the catalog, as with photos that Lightroom Classic synced, so are the small ones; the big ones are never made.
"""

import asyncio
import json
import os
import sqlite3
import time
from pathlib import Path
from uuid import uuid4

from PIL import Image, ImageDraw, ImageOps

from lrplan.sandbox.answers import NO_ORIGINAL, Answer, bad_input, not_found, refuse
from lrplan.sandbox.assets import asked_for, require_asset
from lrplan.sandbox.calls import Call
from lrplan.sandbox.database import Database
from lrplan.sandbox.imagery import UNREADABLE, open_picture

# Longest edge in pixels; 'thumbnail2x' has no documented size.
READY = {"thumbnail2x": 320, "640": 640, "1280": 1280, "2048": 2048}
ASKED_FOR = {"2560": 2560, "fullsize": 0}  # 0: as it is
EDGES = {**READY, **ASKED_FOR}
THUMBNAIL = "thumbnail2x"
QUALITY = 85
UNSUPPORTED = "not supported"
NEUTRAL_SIZE = (3, 2)  # of an original that does not tell its own
NEUTRAL_EDGE = 2560  # pixels; the longest of a neutral picture at full size
LEAST_EDGE = 8  # pixels; of what would be a line otherwise
GREY, LIGHT_GREY = (142, 142, 142), (168, 168, 168)


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

    await call.service.later(work, call.delay_s)
    links = {f"/rels/rendition_type/{kind}": {"href": f"assets/{row['id']}/renditions/{kind}"} for kind in kinds}
    return Answer(status=202, document={"base": call.base, "links": links})


async def read_rendition(call: Call) -> Answer:
    """GET or HEAD a rendition: ``image/jpeg``; 404/1000 when there is none, or none any more."""
    row = require_asset(call)
    kind = call.ids["rendition_type"]
    if kind not in EDGES:
        raise bad_input("rendition_type", UNSUPPORTED)
    if kind in ASKED_FOR and row["complete"] and row["file"] is None and call.service.untidy:
        raise refuse(404, NO_ORIGINAL, "Original not available", {"rendition": ["does not exist"]})
    if not row["complete"] or (kind in ASKED_FOR and (row["file"] is None or not _is_valid(row, kind))):
        raise not_found("rendition")
    return Answer(status=200, file=await rendition_file(call.service.database, row, kind), content_type="image/jpeg")


def _is_valid(row: sqlite3.Row, kind: str) -> bool:
    found = asked_for(row).get(kind)
    return found is not None and not found["invalid"]


async def rendition_file(database: Database, asset: sqlite3.Row, kind: str) -> Path:
    """Give the JPEG of a kind of rendition, made now if need be; a neutral picture where the original is no use."""
    if asset["complete"] and asset["file"] is not None:
        place = database.renditions / f"{asset['sha256']}-{kind}.jpg"
        if place.exists():
            return place
        beside = database.incoming / uuid4().hex
        original = database.data / asset["file"]  # a seeded picture's path is absolute and stays so
        if await asyncio.to_thread(_make, original, beside, place, EDGES[kind]):
            return place
    source = json.loads(asset["payload"]).get("importSource", {})
    width, height = _neutral_size(source.get("originalWidth"), source.get("originalHeight"), EDGES[kind])
    place = database.renditions / f"neutral-{width}x{height}.jpg"
    if not place.exists():
        _make_neutral(database.incoming / uuid4().hex, place, (width, height))
    return place


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


def _neutral_size(width: object, height: object, edge: int) -> tuple[int, int]:
    """Fit the shape of an original, or a usual one, into a longest edge in pixels."""
    told = isinstance(width, int) and isinstance(height, int) and width > 0 and height > 0
    across, down = (width, height) if told else NEUTRAL_SIZE
    assert isinstance(across, int)
    assert isinstance(down, int)
    longest = min(edge or NEUTRAL_EDGE, max(across, down) if told else NEUTRAL_EDGE)
    scale = max(across, down)
    return max(LEAST_EDGE, across * longest // scale), max(LEAST_EDGE, down * longest // scale)


def _make_neutral(beside: Path, place: Path, size: tuple[int, int]) -> None:
    """Draw a grey picture with a lighter hill, which says 'a picture, but not shown'."""
    image = Image.new("RGB", size, GREY)
    width, height = size
    ridge = [(0, height), (width * 0.35, height * 0.45), (width * 0.55, height * 0.7), (width * 0.7, height * 0.55)]
    ImageDraw.Draw(image).polygon([*ridge, (width, height * 0.9), (width, height)], fill=LIGHT_GREY)
    image.save(beside, "JPEG", quality=QUALITY)
    os.replace(beside, place)

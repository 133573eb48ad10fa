"""Storing originals: in one call or in parts, from many calls at once.

Problem: originals are large, arrive in any order, twice, or half; a process may die anywhere on the way.
Method: a body is streamed to a file beside its place. A whole original is then checked, renamed to its sha256 and only
then made known by a committed row. A part is renamed and made known likewise; the transaction that finds the parts
covering the whole has them consolidated.
Every call may ask for big renditions of the whole (``X-Generate-Renditions``); of several parts the last one's wish
counts, which is why the vendor wants all of them to say it.
Surprising case: the same part may come twice at once, here or in another process, and both may find the whole covered:
consolidating twice gives the same file, and whoever finds the asset complete by then has nothing left to do.
"""

import asyncio
import hashlib
import os
import re
import sqlite3
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from attrs import frozen

from lrplan.sandbox.answers import (
    Answer,
    Refusal,
    bad_input,
    created,
    not_found,
    too_big,
    unavailable,
    wrong_content_type,
)
from lrplan.sandbox.assets import check_revision, file_name, precondition_failed, require_asset
from lrplan.sandbox.calls import Call, whole_number
from lrplan.sandbox.completion import complete_asset, drop_parts, mismatches
from lrplan.sandbox.database import Database
from lrplan.sandbox.history import UPLOADED, Change
from lrplan.sandbox.imagery import HASH_CHUNK, JPEG_START, Original, examine
from lrplan.sandbox.renditions import ASKED_FOR
from lrplan.sandbox.service import Service

MAX_CALL_BYTES = 200_000_000  # Lightroom API, 'Create an asset original file': up to 200 MB per invocation
MIN_PART_BYTES = 32_768  # the vendor's upload sample: at least 32 KiB, but for the last part
PLAIN_BYTES, ANY_IMAGE = "application/octet-stream", "image/*"
IMAGE_TYPES = ("image/jpeg", PLAIN_BYTES)
VIDEO_TYPE = "application/octet-stream;video"
_VIDEO = re.compile(r"video/[!-~]+", re.ASCII)
_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})", re.ASCII)  # RFC 2616, 14.16


@frozen(kw_only=True)
class Span:
    """Which bytes a call brings: ``first`` and ``last`` inclusive, of ``total``."""

    first: int
    last: int
    total: int

    @property
    def size(self) -> int:
        """Bytes in the span."""
        return self.last - self.first + 1


@frozen(kw_only=True)
class Received:
    """A body on disk: ``start`` is its first few bytes."""

    size: int
    sha256: str
    start: bytes


async def put_original(call: Call) -> Answer:
    """PUT master: 201; 412 when the original is in, 415/1003, 413/1007 and 400/1005 as documented or sensible."""
    row = require_asset(call)
    check_revision(call)
    content_type = _content_type(call, row["subtype"])
    if row["complete"]:
        raise precondition_failed(call, [row])
    if row["subtype"].startswith("deleted"):
        raise not_found("asset")
    span = _span(call)
    declared = whole_number(call.header("Content-Length"))
    if declared is not None and declared > MAX_CALL_BYTES:
        raise too_big()
    total = span.total if span else declared or 0
    if call.account.used + total > call.account.storage_limit:
        raise too_big()
    if span is not None and declared is not None and declared != span.size:
        raise bad_input("Content-Range", "does not match Content-Length")
    database = call.service.database
    beside = database.incoming / uuid4().hex
    try:
        received = await _receive(call, beside, digest=span is None)
        if span is None or span.first == 0:
            _check_kind(row["subtype"], content_type, is_jpeg=received.start == JPEG_START)
        if span is None:
            await _store_whole(call, row, beside, received)
        elif received.size != span.size:
            raise bad_input("Content-Range", "does not match the size of the body")
        else:
            await _store_part(call, row, beside, span, content_type)
    finally:
        beside.unlink(missing_ok=True)
    return created(call.request.raw_path.partition("?")[0])


def _content_type(call: Call, subtype: str) -> str:
    """Give the content type, refused unless it is one for the asset's subtype.

    The older path takes any image as plain bytes, which is how the vendor's own samples send JPEGs.
    """
    stated = ";".join(piece.strip() for piece in call.header("Content-Type").lower().split(";"))
    is_video = stated == VIDEO_TYPE or _VIDEO.fullmatch(stated) is not None
    if not (is_video if "video" in subtype else stated in IMAGE_TYPES):
        raise wrong_content_type("should match the subtype of the asset")
    return ANY_IMAGE if stated == PLAIN_BYTES and "revision_id" in call.ids else stated


def _check_kind(subtype: str, content_type: str, *, is_jpeg: bool) -> None:
    """Refuse a JPEG that is not sent as one, and anything else that is."""
    if subtype == "image" and content_type != ANY_IMAGE and is_jpeg != (content_type == "image/jpeg"):
        raise wrong_content_type("should match the subtype of the asset")


def _span(call: Call) -> Span | None:
    text = call.header("Content-Range").strip()
    if not text:
        return None
    found = _RANGE.fullmatch(text)
    if found is None:
        raise bad_input("Content-Range")
    first, last, total = (int(number) for number in found.groups())
    if not first <= last < total:
        raise bad_input("Content-Range")
    span = Span(first=first, last=last, total=total)
    if span.size < MIN_PART_BYTES and last != total - 1:
        raise bad_input("Content-Range", f"a part but the last must be at least {MIN_PART_BYTES} bytes")
    return span


async def _receive(call: Call, beside: Path, *, digest: bool) -> Received:
    """Stream the body to a file; 413 when it turns out too long, 400 when it is empty."""
    hashed = hashlib.sha256()
    size, start = 0, b""
    with beside.open("wb") as stream:
        async for chunk in call.chunks():
            size += len(chunk)
            if size > MAX_CALL_BYTES:
                raise too_big()
            if len(start) < len(JPEG_START):
                start = (start + chunk)[: len(JPEG_START)]
            if digest:
                hashed.update(chunk)
            stream.write(chunk)
    if not size:
        raise bad_input("body", "must not be empty")
    return Received(size=size, sha256=hashed.hexdigest(), start=start)


async def _store_whole(call: Call, row: sqlite3.Row, beside: Path, received: Received) -> None:
    original = await asyncio.to_thread(examine, beside, received.sha256)
    errors = mismatches(row, original)
    if errors:
        raise bad_input(*errors[0])
    place = _place(call.service.database, original)
    os.replace(beside, place)
    database = call.service.database
    with database.changes():
        if not complete_asset(database, row["catalog_id"], row["id"], original, place, _wanted_renditions(call)):
            raise precondition_failed(call, [require_asset(call)])
        _note_upload(call.service, row)


async def _store_part(call: Call, row: sqlite3.Row, beside: Path, span: Span, content_type: str) -> None:
    database = call.service.database
    catalog_id, asset_id = row["catalog_id"], row["id"]
    place = database.parts / f"{asset_id}-{span.first}-{span.last}-{uuid4().hex}"
    known = database.rows("SELECT total FROM part WHERE catalog_id = ? AND asset_id = ?", (catalog_id, asset_id))
    if any(part["total"] != span.total for part in known):
        raise bad_input("Content-Range", "does not match the total of the other parts")
    os.replace(beside, place)
    with database.changes():
        taken = database.run(
            "INSERT OR IGNORE INTO part VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                catalog_id,
                asset_id,
                span.first,
                span.last,
                span.total,
                content_type,
                str(place.relative_to(database.data)),
            ),
        )
        covered = _covered(database, catalog_id, asset_id)
    if not taken:
        place.unlink(missing_ok=True)
    if not covered:
        return

    kinds = _wanted_renditions(call)
    if not call.delay_s:
        await consolidate(call.service, catalog_id, asset_id, kinds)
    else:
        await call.service.later(lambda: _consolidate_quietly(call.service, catalog_id, asset_id, kinds), call.delay_s)


def _wanted_renditions(call: Call) -> tuple[str, ...]:
    """Give the big renditions that an upload asks for; small ones there are anyway, and what is neither is let be."""
    return tuple(kind for kind in ASKED_FOR if kind in re.split(r"[\s,]+", call.header("X-Generate-Renditions")))


def _parts(database: Database, catalog_id: str, asset_id: str) -> list[sqlite3.Row]:
    return database.rows(
        "SELECT * FROM part WHERE catalog_id = ? AND asset_id = ? ORDER BY first, last", (catalog_id, asset_id)
    )


def _covered(database: Database, catalog_id: str, asset_id: str) -> bool:
    """Whether the parts leave no gap."""
    reached, total = 0, 1
    for part in _parts(database, catalog_id, asset_id):
        if part["first"] > reached:
            return False
        reached, total = max(reached, part["last"] + 1), part["total"]
    return reached >= total


async def consolidate(service: Service, catalog_id: str, asset_id: str, kinds: tuple[str, ...] = ()) -> None:
    """Put the parts of an original together, check it, and make it known; refused as a whole upload would be.

    When it is not what the asset was said to be, all its parts are dropped, so that it can be sent again.
    """
    database = service.database
    row = database.asset(catalog_id, asset_id)
    if row is None:
        return
    if row["complete"]:
        drop_parts(database, catalog_id, asset_id)  # whoever completed it was killed before it could
        return
    parts = _parts(database, catalog_id, asset_id)
    beside = database.incoming / uuid4().hex
    files = [(part["first"], part["last"], database.data / part["file"]) for part in parts]
    try:
        try:
            original = await asyncio.to_thread(_assemble, files, beside)
        except FileNotFoundError as error:
            again = database.asset(catalog_id, asset_id)
            if again is not None and again["complete"]:
                return
            raise unavailable() from error
        try:
            errors = mismatches(row, original)
            if errors:
                raise bad_input(*errors[0])
            _check_kind(row["subtype"], parts[0]["content_type"], is_jpeg=original.is_jpeg)
        except Refusal:
            drop_parts(database, catalog_id, asset_id)
            raise
        place = _place(database, original)
        os.replace(beside, place)
        with database.changes():
            if complete_asset(database, catalog_id, asset_id, original, place, kinds):
                _note_upload(service, row)
    finally:
        beside.unlink(missing_ok=True)
    drop_parts(database, catalog_id, asset_id)


def _note_upload(service: Service, row: sqlite3.Row) -> None:
    service.history.note(row["catalog_id"], Change(kind=UPLOADED, subject_id=row["id"], name=file_name(row)))


def _assemble(files: list[tuple[int, int, Path]], beside: Path) -> Original:
    """Write parts, sorted by their first byte, into one file, each byte once."""
    digest = hashlib.sha256()
    reached = 0
    with beside.open("wb") as whole:
        for first, last, file in files:
            if last < reached:
                continue
            with file.open("rb") as part:
                part.seek(reached - first)
                while chunk := part.read(HASH_CHUNK):
                    digest.update(chunk)
                    whole.write(chunk)
            reached = last + 1
    return examine(beside, digest.hexdigest())


def _place(database: Database, original: Original) -> Path:
    return database.originals / original.sha256


async def _consolidate_quietly(service: Service, catalog_id: str, asset_id: str, kinds: tuple[str, ...] = ()) -> None:
    """Consolidate when nobody waits for the answer: a refused original just stays incomplete."""
    with suppress(Refusal):
        await consolidate(service, catalog_id, asset_id, kinds)


async def resume_consolidation(service: Service) -> None:
    """Consolidate what a killed process had whole but not yet put together."""
    database = service.database
    for one in database.rows("SELECT DISTINCT catalog_id, asset_id FROM part"):
        if _covered(database, one["catalog_id"], one["asset_id"]):
            await _consolidate_quietly(service, one["catalog_id"], one["asset_id"])

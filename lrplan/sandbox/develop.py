"""XMP develop settings of an asset.

Problem: settings are uploaded as a file or copied from another asset, and the latest are read back.
Method: each upload is a file of its own, renamed into place before the asset's row names it.
Surprising case: new settings make the renditions that were asked for stale.
"""

import json
import os
from uuid import uuid4

from lrplan.sandbox.answers import Answer, bad_input, bad_payload, created, not_found, too_big, wrong_content_type
from lrplan.sandbox.assets import check_quota, check_revision, file_name, require_asset
from lrplan.sandbox.calls import Call, is_guid, whole_number
from lrplan.sandbox.history import DEVELOPED, Change
from lrplan.sandbox.moments import now

MAX_BYTES = 200_000_000  # Lightroom API, 'Create asset external xmp develop setting file': 200 Mb
XMP_TYPE = "application/rdf+xml"
HREF_PIECES = 4  # assets/{asset_id}/xmp/develop, at the end of an href
ASSET_ID_FROM_END = -3


async def read_develop(call: Call) -> Answer:
    """GET xmp/develop: the latest settings, 404/1000 when there are none."""
    row = require_asset(call)
    if row["develop"] is None:
        raise not_found("asset")
    return Answer(status=200, file=call.service.database.data / row["develop"], content_type=XMP_TYPE)


async def put_develop(call: Call) -> Answer:
    """PUT xmp/develop: 201; ``application/rdf+xml`` is stored, ``application/json`` names where to copy from.

    403/1043 when the account's storage is full.
    """
    row = require_asset(call)
    check_revision(call)
    if row["subtype"] != "image":
        raise bad_input("subtype")
    check_quota(call, row["id"])
    content_type = call.request.content_type.lower()
    if content_type == "application/json":
        place, size = _source(call, (await call.json()).get("file_href"))
    elif content_type == XMP_TYPE:
        place, size = await _receive(call)
    else:
        raise wrong_content_type("should be json")
    database = call.service.database
    with database.changes():
        current = require_asset(call)
        asked = {kind: {**one, "invalid": True} for kind, one in json.loads(current["asked"]).items()}
        database.run(
            "UPDATE asset SET develop = ?, develop_size = ?, asked = ?, updated = ? WHERE serial = ?",
            (place, size, json.dumps(asked), now(), current["serial"]),
        )
        change = Change(kind=DEVELOPED, subject_id=current["id"], name=file_name(current))
        call.service.history.note(current["catalog_id"], change)
    return created(call.request.raw_path.partition("?")[0])


def _source(call: Call, href: object) -> tuple[str, int]:
    """Find the settings that an href, absolute or relative, names; 400/1030 when it names none, 404 when unknown."""
    pieces = href.split("/") if isinstance(href, str) else []
    ends_well = len(pieces) >= HREF_PIECES and pieces[-HREF_PIECES] == "assets" and pieces[-2:] == ["xmp", "develop"]
    if not ends_well or not is_guid(pieces[ASSET_ID_FROM_END]):
        raise bad_payload({"file_href": "invalid"})
    row = call.service.database.asset(call.catalog_id, pieces[ASSET_ID_FROM_END])
    if row is None or row["develop"] is None:
        raise not_found("asset")
    return row["develop"], row["develop_size"]


async def _receive(call: Call) -> tuple[str, int]:
    database = call.service.database
    if (whole_number(call.header("Content-Length")) or 0) > MAX_BYTES:
        raise too_big()
    name = uuid4().hex
    beside = database.incoming / name
    size, has_mark = 0, False
    try:
        with beside.open("wb") as stream:
            async for chunk in call.chunks():
                size += len(chunk)
                if size > MAX_BYTES:
                    raise too_big()
                has_mark = has_mark or b"<" in chunk
                stream.write(chunk)
        if not has_mark:
            raise bad_input("body", "must be XMP")
        place = database.develop / name
        os.replace(beside, place)
    finally:
        beside.unlink(missing_ok=True)
    return str(place.relative_to(database.data)), size

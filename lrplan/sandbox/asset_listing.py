"""Listing the assets of a catalog.

Problem: catalogs are large and are walked by capture date, looked up by id or sha256, or asked for what changed.
Method: filters become one selection, which is cut at the bound the query gives. ``captured_before``, or no bound, walks
down from the newest; ``captured_after`` walks up.
Surprising case: the live service was seen to do otherwise, and the untidy mode follows it: oldest day first whatever
the bound, no order inside a day, a ``next`` that carries ``created_after``, undated assets only where asked for.
"""

import sqlite3
from collections.abc import Callable, Mapping

from attrs import evolve

from lrplan.sandbox.answers import NOT_FOUND, Answer, Document, bad_input
from lrplan.sandbox.assets import listed_asset
from lrplan.sandbox.calls import SHA256, Call
from lrplan.sandbox.moments import LAST_KEY, UNKNOWN_DATE, UNKNOWN_KEY
from lrplan.sandbox.paging import Selection, cut
from lrplan.sandbox.query import MAX_LIMIT, asset_ids_of, choice, date_bound, href, limit_of, several

SUBTYPES = ("image", "video", "preset", "profile", "camera_profile", "lens_profile", "deleted_image", "deleted_video")
GROUPED = ("preset", "profile")  # the subtypes that have a group and a name
CURSORS = ("captured_before", "captured_after", "created_after")
TEMPLATE: Document = {"href": "assets/{asset_id}", "templated": True}

Present = Callable[[sqlite3.Row], Document]


async def list_assets(call: Call) -> Answer:
    """GET assets: ``{base, resources, links}``, with ``errors`` for unknown ids when asked by ``asset_ids``."""
    catalog_id = call.catalog_id

    def present(row: sqlite3.Row) -> Document:
        return listed_asset(row, untidy=call.service.untidy)

    ids = asset_ids_of(call.query)
    if ids is not None:
        return _by_ids(call, catalog_id, ids, present)
    selection = Selection(
        columns="a.*",
        source="asset a",
        where=("a.catalog_id = ?",),
        values=(catalog_id,),
        key="a.capture_key",
        tie="a.serial",
    )
    selection = _filtered(call, filtered_assets(call, selection))
    if call.horizon is not None:
        selection = selection.having("a.created <= ?", call.horizon)
    resources, links = captured_page(call, selection, "assets", present)
    document = {"base": call.base, "resources": resources, "links": {**links, "/rels/asset": TEMPLATE}}
    return Answer(status=200, document=document)


def filtered_assets(call: Call, selection: Selection) -> Selection:
    """Apply the filters that both listings of assets take: subtype, exclude, hide_stacked_assets."""
    subtypes = several(call.query, "subtype", SUBTYPES)
    if subtypes:
        selection = selection.having(f"a.subtype IN ({', '.join('?' * len(subtypes))})", *subtypes)
    exclude = choice(call.query, "exclude", ("incomplete", "complete"))
    if exclude is not None:
        selection = selection.having("a.complete" if exclude == "incomplete" else "NOT a.complete")
    if choice(call.query, "hide_stacked_assets", ("true", "false")) == "true":
        selection = selection.having("NOT a.stacked")
    return selection


def captured_page(call: Call, selection: Selection, path: str, present: Present) -> tuple[list[Document], Document]:
    """Cut one page by capture date; give its documents and its ``prev`` and ``next`` links."""
    query = call.query
    before, after = date_bound(query, "captured_before"), date_bound(query, "captured_after")
    if before is not None and after is not None:
        raise bad_input("captured_after", "not allowed with captured_before parameter")
    limit = limit_of(query, most=MAX_LIMIT)
    if call.service.untidy:
        return _untidy_page(call, selection, path, present, (before, after, limit))
    rising = after is not None
    page = cut(call.service.database, selection, after if rising else before, limit, rising=rising)
    rows = page.rows[::-1] if rising else page.rows
    documents = [present(row) for row in rows]
    links: Document = {}
    if page.higher:
        links["prev"] = {"href": href(path, query, CURSORS, captured_after=_date(rows[0]))}
    if page.lower:
        links["next"] = {"href": href(path, query, CURSORS, captured_before=_date(rows[-1]))}
    return documents, links


def _untidy_page(
    call: Call, selection: Selection, path: str, present: Present, bounds: tuple[str | None, str | None, int]
) -> tuple[list[Document], Document]:
    before, after, limit = bounds
    if before is not None:
        selection = selection.having("a.capture_key < ?", before)
    if after is not None:
        selection = selection.having("a.capture_key > ?", after)
    if after is None or after:  # the empty key asks for the undated as well
        selection = selection.having("a.capture_key > ?", UNKNOWN_KEY)
    by_day = evolve(selection, key="substr(a.capture_key, 1, 10)", tie="a.id")
    cursor = date_bound(call.query, "created_after")
    page = cut(call.service.database, by_day, None if cursor is None else cursor[:10], limit, rising=True)
    links: Document = {}
    if page.higher:
        day = page.rows[-1]["page_key"]
        last = UNKNOWN_DATE if day == UNKNOWN_DATE[:10] else day + LAST_KEY[10:19]
        links["next"] = {"href": href(path, call.query, ("created_after",), created_after=last)}
    return [present(row) for row in page.rows], links


def _date(row: sqlite3.Row) -> str:
    """Write a row's capture date as a bound that has the same key."""
    key: str = row["capture_key"]
    return UNKNOWN_DATE if key == UNKNOWN_KEY else key


def _filtered(call: Call, selection: Selection) -> Selection:
    """Apply the filters that only the catalog's listing takes."""
    query = call.query
    if "sha256" in query:
        if not SHA256.fullmatch(query["sha256"]):
            raise bad_input("sha256")
        # Left to itself, SQLite walks the whole catalog by date for this.
        selection = evolve(selection, source="asset a INDEXED BY asset_by_sha256")
        selection = selection.having("a.sha256 = ?", query["sha256"])
    since = date_bound(query, "updated_since")
    if since is not None:
        selection = selection.having("a.updated >= ?", since)
    if "subtype" not in query and not (call.service.untidy and "sha256" in query):
        selection = selection.having("a.subtype NOT LIKE 'deleted%'")
    return _grouped(query, selection)


def _grouped(query: Mapping[str, str], selection: Selection) -> Selection:
    """Apply group, name and favorite, which are for presets and profiles."""
    subtypes = several(query, "subtype", SUBTYPES)
    for name in ("group", "name"):
        if name not in query:
            continue
        if not subtypes:
            raise bad_input("subtype", "subtype value expected with group or name")
        if not set(subtypes) <= set(GROUPED):
            raise bad_input(name, f"{name} not expected for each given subtype")
        values = query[name].split(";")
        marks = ", ".join("?" * len(values))
        selection = selection.having(f"json_extract(a.payload, '$.{name}') IN ({marks})", *values)
    if "favorite" in query:
        if query["favorite"] != "true":
            raise bad_input("favorite", "favorite query param can only be true. favorite=false not supported")
        if subtypes != ("preset",):
            raise bad_input("subtype", "subtype value expected with favorite")
        selection = selection.having("json_extract(a.payload, '$.favorite')")
    return selection


def _by_ids(call: Call, catalog_id: str, ids: tuple[str, ...], present: Present) -> Answer:
    marks = ", ".join("?" * len(ids))
    rows = call.service.database.rows(
        f"SELECT * FROM asset WHERE catalog_id = ? AND id IN ({marks}) ORDER BY +capture_key DESC, serial DESC",  # noqa: S608
        (catalog_id, *ids),
    )
    return Answer(status=200, document=found_by_ids(call, ids, {row["id"]: present(row) for row in rows}))


def found_by_ids(call: Call, ids: tuple[str, ...], found: Mapping[str, Document]) -> Document:
    """Write the answer to ``asset_ids``: what was found, and an error for each that was not."""
    missing = [{"id": one, "code": NOT_FOUND, "description": "Resource not found"} for one in ids if one not in found]
    document: Document = {"base": call.base, "resources": list(found.values()), "links": {"/rels/asset": TEMPLATE}}
    return {**document, "errors": missing} if missing else document

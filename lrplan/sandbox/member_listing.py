"""Listing the assets of an album, by order or by capture date.

Problem: an album is walked either by the order its client gave or by capture date, in both directions, and the contract
says which bounds may be mixed.
Method: both are cuts of the same selection, by ``member.sort_key`` or by the asset's capture key.
Surprising case: an empty ``order_after`` or ``order_before`` means the stretch of members without an order, which is
sorted by capture date and may so be bounded by one: ``order_after`` empty with ``captured_after``, ``order_before``
empty with ``captured_before``.
"""

import hashlib
import json
import sqlite3

from attrs import evolve

from lrplan.sandbox.albums import cover_of, require_album
from lrplan.sandbox.answers import Answer, Document, bad_input
from lrplan.sandbox.asset_listing import captured_page, filtered_assets, found_by_ids
from lrplan.sandbox.assets import listed_asset
from lrplan.sandbox.calls import Call
from lrplan.sandbox.completion import ORDERED, UNORDERED
from lrplan.sandbox.moments import UNKNOWN_DATE, UNKNOWN_KEY
from lrplan.sandbox.paging import Page, Selection, cut
from lrplan.sandbox.query import MAX_LIMIT, asset_ids_of, date_bound, href, limit_of, order_bound, several

FLAGS = ("pick", "unflagged", "reject")  # Lightroom API, 'List assets of an album'
BOUNDS = ("order_after", "order_before", "captured_after", "captured_before")
BEYOND_ALL = "2"  # after every sort key
MIXED = "not allowed with {} parameter"


class _Presenter:
    """Writes the members of one album."""

    def __init__(self, call: Call, album: sqlite3.Row, *, with_order: bool) -> None:
        self._album_id = album["id"]
        self._cover_id = cover_of(album)
        self._embed = "asset" in call.query.get("embed", "").split(";")
        self._untidy = call.service.untidy
        # The live service's listings by date were seen without order strings.
        self._with_order = with_order or not self._untidy

    def __call__(self, row: sqlite3.Row) -> Document:
        """Write one: ``{id, type, created, updated, links, asset, payload}``; its dates are zeros in the contract."""
        asset_id = row["id"]
        asset: Document = {"id": asset_id, "links": {"self": {"href": f"assets/{asset_id}"}}}
        if self._embed:
            asset = listed_asset(row, untidy=self._untidy)
        payload = json.loads(row["member_payload"])
        if not self._with_order:
            payload.pop("order", None)
        if asset_id == self._cover_id:
            payload["cover"] = True
        identity = hashlib.blake2b(f"{self._album_id}/{asset_id}".encode(), digest_size=16).hexdigest()
        return {
            "id": identity,
            "type": "album_asset",
            "created": UNKNOWN_DATE,
            "updated": UNKNOWN_DATE,
            "links": {"self": {"href": f"albums/{self._album_id}/assets/{asset_id}"}},
            "asset": asset,
            "payload": payload,
        }


async def list_members(call: Call) -> Answer:
    """GET the assets of an album: ``{base, album, resources, links}``, ``errors`` too when asked by ``asset_ids``."""
    album = require_album(call, writing=False)
    path = f"albums/{album['id']}/assets"
    heading = {"id": album["id"], "links": {"self": {"href": f"albums/{album['id']}"}}}
    selection = Selection(
        columns="a.*, m.payload AS member_payload, m.sort_key",
        source="member m JOIN asset a ON a.catalog_id = m.catalog_id AND a.id = m.asset_id",
        where=("m.catalog_id = ?", "m.album_id = ?"),
        values=(album["catalog_id"], album["id"]),
        key="a.capture_key",
        tie="m.created, m.serial",
    )
    ids = asset_ids_of(call.query)
    if ids is not None:
        chosen = selection.having(f"m.asset_id IN ({', '.join('?' * len(ids))})", *ids)
        rows = call.service.database.rows(f"{chosen.sql(chosen.columns)} ORDER BY +m.sort_key, m.serial", chosen.values)
        present = _Presenter(call, album, with_order=True)
        return Answer(status=200, document=found_by_ids(call, ids, {row["id"]: present(row) for row in rows}))
    selection = _filtered(call, selection)
    after, before = order_bound(call.query, "order_after"), order_bound(call.query, "order_before")
    if after is None and before is None:
        resources, links = captured_page(call, selection, path, _Presenter(call, album, with_order=False))
    else:
        page = _ordered_page(call, selection, after, before)
        present = _Presenter(call, album, with_order=True)
        resources = [present(row) for row in page.rows]
        links = _ordered_links(call, path, page, rising=after is not None)
    return Answer(status=200, document={"base": call.base, "album": heading, "resources": resources, "links": links})


def _filtered(call: Call, selection: Selection) -> Selection:
    query = call.query
    selection = filtered_assets(call, selection)
    if call.horizon is not None:
        selection = selection.having("m.created <= ?", call.horizon)
    flags = several(query, "flag", FLAGS)
    if flags and "album_filters" in query:
        raise bad_input("flag", MIXED.format("album_filters"))
    if flags:
        selection = selection.having(f"a.flag IN ({', '.join('?' * len(flags))})", *flags)
    if query.get("album_filters") == "true":
        selection = selection.having("a.flag <> 'reject'")
    return selection


def _ordered_page(call: Call, selection: Selection, after: str | None, before: str | None) -> Page:
    """Cut a page by order: rising after a bound, falling before one."""
    query = call.query
    captured_before, captured_after = date_bound(query, "captured_before"), date_bound(query, "captured_after")
    if after is not None and before is not None:
        raise bad_input("order_before", MIXED.format("order_after"))
    if captured_before is not None and before != "":
        raise bad_input("captured_before", MIXED.format("order_before" if before else "order_after"))
    if captured_after is not None and after != "":
        raise bad_input("captured_after", MIXED.format("order_after" if after else "order_before"))
    by_order = evolve(selection, key="m.sort_key")
    limit = limit_of(query, most=MAX_LIMIT)
    if after is not None:
        bound = f"{ORDERED}{after}" if after else f"{UNORDERED}{captured_after or ''}"
        return cut(call.service.database, by_order, bound, limit, rising=True)
    if before:
        bound = f"{ORDERED}{before}"
    else:
        bound = BEYOND_ALL if captured_before is None else f"{UNORDERED}{captured_before}"
    return cut(call.service.database, by_order, bound, limit, rising=False)


def _ordered_links(call: Call, path: str, page: Page, *, rising: bool) -> Document:
    """Link on in the page's own direction with ``next``, back in the other with ``prev``."""
    links: Document = {}
    if not page.rows:
        return links
    onward, back = ("after", "before") if rising else ("before", "after")
    if page.higher if rising else page.lower:
        links["next"] = {"href": href(path, call.query, BOUNDS, **_bound(page.rows[-1], onward))}
    if page.lower if rising else page.higher:
        links["prev"] = {"href": href(path, call.query, BOUNDS, **_bound(page.rows[0], back))}
    return links


def _bound(row: sqlite3.Row, side: str) -> dict[str, str]:
    key: str = row["sort_key"]
    if key.startswith(ORDERED):
        return {f"order_{side}": key[1:]}
    date = UNKNOWN_DATE if key[1:] == UNKNOWN_KEY else key[1:]
    return {f"order_{side}": "", f"captured_{side}": date}

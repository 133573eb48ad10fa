"""Listing albums by name.

Problem: the contract separates subtypes with commas, the vendor's samples with semicolons; both must work.
Method: one selection in the order of names as UTF-8 sorts them, cut after a name; albums of one name stay on one page.
Surprising case: a project of another API key is never listed, though its id is taken.
"""

from attrs import evolve

from lrplan.sandbox.albums import OWNED, READABLE, album_document
from lrplan.sandbox.answers import Answer, Document, bad_input
from lrplan.sandbox.calls import Call
from lrplan.sandbox.checks import is_text
from lrplan.sandbox.paging import Selection, cut
from lrplan.sandbox.query import href, limit_of, several


async def list_albums(call: Call) -> Answer:
    """GET albums: ``{base, resources, links}``; without ``subtype``, the caller's projects and sets."""
    catalog_id = call.catalog_id
    subtypes = several(call.query, "subtype", (*OWNED, *READABLE), ",;") or OWNED
    limit = limit_of(call.query, most=None)
    name_after = call.query.get("name_after")
    if not is_text(name_after or ""):
        raise bad_input("name_after")
    selection = Selection(
        columns="b.*",
        source="album b",
        where=(
            "b.catalog_id = ?",
            f"b.subtype IN ({', '.join('?' * len(subtypes))})",
            "(b.service_id = ? OR b.subtype LIKE 'collection%')",
        ),
        values=(catalog_id, *subtypes, call.api_key),
        key="b.name",
        tie="b.serial",
    )
    if call.horizon is not None:
        selection = selection.having("b.created <= ?", call.horizon)
    if call.listed_until is not None:
        source = "(SELECT *, NULL AS departed FROM album UNION ALL SELECT * FROM departed_album) b"
        selection = evolve(selection, source=source).having("(departed IS NULL OR departed > ?)", call.listed_until)
    page = cut(call.service.database, selection, name_after, limit, rising=True)
    links: Document = {}
    if page.higher:
        links["next"] = {"href": href("albums", call.query, ("name_after",), name_after=page.rows[-1]["name"])}
    resources = [album_document(row) for row in page.rows]
    return Answer(status=200, document={"base": call.base, "resources": resources, "links": links})

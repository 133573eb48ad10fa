"""
Sets and albums, from what was found under their keys.

One entry is made for every good key, even where something inside it is wrong: its address is declared, and whoever
names it as a parent is right to do so.
"""

from lrplan.manifest.entries import AlbumEntry, Declared, PublishInfoEntry, SetEntry, Within
from lrplan.manifest.fields import Found, Page, read_fields, read_keyed
from lrplan.manifest.members import read_members, read_photo
from lrplan.manifest.tree import Entry, Scalar
from lrplan.manifest.values import date_order
from lrplan.model.address import album_address, set_address
from lrplan.model.album import Order
from lrplan.model.state import WhenGone


def read_sets(page: Page, entry: Entry) -> tuple[SetEntry, ...]:
    """The sets under the key `sets`, in the order of the file."""
    return tuple(_set(page, inner) for inner in read_keyed(page, entry))


def read_albums(page: Page, entry: Entry) -> tuple[AlbumEntry, ...]:
    """The albums under the key `albums`, in the order of the file."""
    return tuple(_album(page, inner) for inner in read_keyed(page, entry))


def read_within(page: Page, found: Found | None) -> Within | None:
    """Where plain names are looked up; complains of two dates that leave nothing between them."""
    if found is None:
        return None
    after, before = found.get("capturedAfter", str), found.get("capturedBefore", str)
    if after is not None and before is not None and date_order(after.value) >= date_order(before.value):
        page.complain(
            "LRP203",
            "capturedBefore is not after capturedAfter",
            Scalar(before.value, before.span.line, before.span.column, before.span.width),
            why=f"Nothing was taken after {after.value} and before {before.value}.",
            hint="swap the two dates, or widen them",
        )
    return Within(captured_after=after, captured_before=before, album=found.get("album", str))


def read_order(found: Found) -> Declared[Order] | None:
    """The key `order` of an album or of the defaults."""
    order = found.get("order", str)
    return Declared(Order(order.value), order.span) if order is not None else None


def _set(page: Page, entry: Entry) -> SetEntry:
    span, address = page.span(entry.key), set_address(entry.key.text)
    found = read_fields(page, "set", entry.key, entry.value)
    if found is None:
        return SetEntry(address=address, span=span)
    return SetEntry(
        address=address,
        span=span,
        name=found.get("name", str),
        parent=found.get("parent", str),
        publish_info=_publish_info(found.inner("publishInfo")),
        when_gone=_when_gone(found),
        protect=found.get("protect", bool),
        paused=_is_paused(found),
    )


def _album(page: Page, entry: Entry) -> AlbumEntry:
    span, address = page.span(entry.key), album_address(entry.key.text)
    found = read_fields(page, "album", entry.key, entry.value)
    if found is None:
        return AlbumEntry(address=address, span=span)
    members, cover = found.nodes.get("members"), found.nodes.get("cover")
    return AlbumEntry(
        address=address,
        span=span,
        name=found.get("name", str),
        parent=found.get("parent", str),
        order=read_order(found),
        cover=read_photo(page, cover) if cover is not None else None,
        within=read_within(page, found.inner("within")),
        publish_info=_publish_info(found.inner("publishInfo")),
        when_gone=_when_gone(found),
        protect=found.get("protect", bool),
        paused=_is_paused(found),
        members=read_members(page, members) if members is not None else None,
    )


def _when_gone(found: Found) -> Declared[WhenGone] | None:
    when_gone = found.get("whenGone", str)
    return Declared(WhenGone(when_gone.value), when_gone.span) if when_gone is not None else None


def _is_paused(found: Found) -> bool:
    paused = found.get("paused", bool)
    return paused is not None and paused.value


def _publish_info(found: Found | None) -> PublishInfoEntry | None:
    if found is None:
        return None
    links = found.inner("remoteLinks")
    return PublishInfoEntry(
        span=found.span,
        remote_id=found.get("remoteId", str),
        view=links.get("view", str) if links is not None else None,
        edit=links.get("edit", str) if links is not None else None,
        service_payload=found.get("servicePayload", str),
        deleted=found.get("deleted", bool),
        version=found.get("version", int),
        created=found.get("created", str),
        updated=found.get("updated", str),
    )

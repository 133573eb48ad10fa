"""
Sets and albums, from what was found under their keys.

One entry is made for every good key, even where something inside it is wrong: its address is declared, and whoever
names it as a parent is right to do so.
"""

from enum import StrEnum
from typing import TypeVar

from lrplan.manifest.entries import AlbumEntry, Declared, PublishInfoEntry, SetEntry, Within
from lrplan.manifest.fields import Found, Page, read_fields, read_keyed
from lrplan.manifest.members import read_members, read_photo
from lrplan.manifest.selects import check_dates
from lrplan.manifest.tree import Entry
from lrplan.model.address import album_address, set_address
from lrplan.model.album import Order
from lrplan.model.policy import Reorder, Replace, Unlisted
from lrplan.model.state import WhenGone

W = TypeVar("W", bound=StrEnum)


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
    check_dates(page, after, before)
    return Within(captured_after=after, captured_before=before, album=found.get("album", str))


def read_word(found: Found, name: str, kind: type[W]) -> Declared[W] | None:
    """The key *name* of an album or of the defaults, which is one of the words of *kind*."""
    word = found.get(name, str)
    return Declared(kind(word.value), word.span) if word is not None else None


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
        adopt=found.get("adopt", str),
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
    members, cover, allow_empty = found.nodes.get("members"), found.nodes.get("cover"), found.get("allowEmpty", bool)
    return AlbumEntry(
        address=address,
        span=span,
        name=found.get("name", str),
        parent=found.get("parent", str),
        adopt=found.get("adopt", str),
        order=read_word(found, "order", Order),
        reorder=read_word(found, "reorder", Reorder),
        unlisted=read_word(found, "unlisted", Unlisted),
        replace=read_word(found, "replace", Replace),
        cover=read_photo(page, cover) if cover is not None else None,
        within=read_within(page, found.inner("within")),
        publish_info=_publish_info(found.inner("publishInfo")),
        when_gone=_when_gone(found),
        protect=found.get("protect", bool),
        paused=_is_paused(found),
        members=read_members(page, members) if members is not None else None,
        allow_empty=allow_empty is not None and allow_empty.value,
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

"""
Live albums as entries of manifests: what `lrplan import` writes down.

Everything that is written is as it is live, so that a plan made right afterwards has nothing to do. What a manifest
cannot say (a name with control characters, a link that is no URL, a photo in the trash) is left out, which means that
it is not managed, and a note says so.

The surprising case: a file name is enough for a photo that has it alone in its album, since the members of an album
answer to their names first; a new album has no members yet, so that photos of a collection are written by id.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from attrs import evolve

from lrplan.manifest.bounds import NAME_CHARACTERS_MAX, SERVICE_PAYLOAD_CHARACTERS_MAX
from lrplan.manifest.entries import RefKind
from lrplan.manifest.members import string_mistake
from lrplan.manifest.reference import read_reference
from lrplan.manifest.value_types import ScalarType, Text, Url
from lrplan.manifest.values import Mistake, read_value
from lrplan.manifest.writing import WrittenEntry, WrittenFile, WrittenPhoto
from lrplan.model.address import Address, address_key, is_set
from lrplan.model.album import Album, AlbumKind, MemberInfo, Membership, Order, PublishInfo
from lrplan.model.ids import AlbumId, Owner, is_probe_id, owner_bits, read_album_id
from lrplan.model.snapshot import Snapshot
from lrplan.resolve.index import plain_name

LOOSE_ALBUMS = "albums"  # the file of the albums that lie in no set
_KEY_CHARACTERS = 60  # ours: room for a number behind it, of the 80 that a key may have
_SETS = frozenset({AlbumKind.SET, AlbumKind.COLLECTION_SET})
_OURS = frozenset({AlbumKind.ALBUM, AlbumKind.SET})
_NAME = Text(longest=NAME_CHARACTERS_MAX)
_PAYLOAD = Text(shortest=0, longest=SERVICE_PAYLOAD_CHARACTERS_MAX, many_lines=True)


def to_import(
    snapshot: Snapshot, owner: Owner, declared: Collection[AlbumId]
) -> tuple[tuple[Album, ...], tuple[str, ...]]:
    """The albums and sets of this API key that no manifest declares; and those that are left alone, with the reason.

    Args:
        declared: What the manifests declare already.
    """
    ours = owner_bits(owner)
    chosen: list[Album] = []
    skipped: list[str] = []
    newest: dict[int, int] = {}
    for album in snapshot.albums.values():
        derived = read_album_id(album.id)
        if derived is not None and derived.owner_bits == ours:
            newest[derived.address_bits] = max(newest.get(derived.address_bits, 0), derived.generation)
    for album_id in sorted(snapshot.albums):
        album, derived = snapshot.albums[album_id], read_album_id(album_id)
        if album.kind not in _OURS or album_id in declared or is_probe_id(album_id, owner.account_id, owner.service_id):
            continue
        if album.service_id not in (None, owner.service_id):
            continue
        if derived is not None and derived.owner_bits != ours:
            skipped.append(f"{_called(album)} belongs to another lrplan project")
        elif derived is not None and derived.generation < newest[derived.address_bits]:
            skipped.append(f"{_called(album)} is an older generation, which an interrupted replacement has left")
        else:
            chosen.append(album)
    return tuple(chosen), tuple(skipped)


def import_albums(
    albums: Sequence[Album], snapshot: Snapshot, taken: Mapping[AlbumId, Address], keys: Collection[Address]
) -> tuple[WrittenFile, ...]:
    """*albums* as manifests.

    Args:
        albums: With their members in the snapshot. Collections become new albums, anything else is adopted.
        taken: The sets that manifests declare already, which may be parents.
        keys: Every address that is declared.
    """
    chosen = {album.id: album for album in sorted(albums, key=lambda one: (one.name, one.id))}
    named = _keys(chosen.values(), keys)
    places = {**{one: address_key(address) for one, address in taken.items() if is_set(address)}, **named}
    by_file: dict[str, list[WrittenEntry]] = {}
    for album in chosen.values():
        top = _top_of(album, chosen)
        file = named[top.id] if top.kind in _SETS else LOOSE_ALBUMS
        parent = places.get(album.parent) if album.parent is not None else None
        by_file.setdefault(file, []).append(_entry(album, named[album.id], parent, snapshot))
    return tuple(WrittenFile(name=name, entries=tuple(by_file[name])) for name in sorted(by_file))


def _keys(albums: Collection[Album], declared: Collection[Address]) -> dict[AlbumId, str]:
    """A key for each album, from its name; those of sets and of albums are apart."""
    used = {is_a_set: {address_key(one) for one in declared if is_set(one) is is_a_set} for is_a_set in (True, False)}
    keys: dict[AlbumId, str] = {}
    for album in albums:
        stem = _slug(album.name) or ("set" if album.kind in _SETS else "album")
        there, key, number = used[album.kind in _SETS], stem, 1
        while key in there:
            number += 1
            key = f"{stem}-{number}"
        there.add(key)
        keys[album.id] = key
    return keys


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_KEY_CHARACTERS].strip("-")


def _top_of(album: Album, chosen: Mapping[AlbumId, Album]) -> Album:
    """The outermost set around *album* that is imported too; itself where it lies in none."""
    seen = {album.id}
    while album.parent is not None and album.parent in chosen and album.parent not in seen:
        seen.add(album.parent)
        album = chosen[album.parent]
    return album


def _entry(album: Album, key: str, parent: str | None, snapshot: Snapshot) -> WrittenEntry:
    notes: list[str] = []
    is_new = album.kind in (AlbumKind.COLLECTION, AlbumKind.COLLECTION_SET)
    if parent is None and album.parent is not None:
        notes.append("the set it lies in is not written down, so that its place is not managed")
    entry = WrittenEntry(
        key=key,
        is_set=album.kind in _SETS,
        adopt=None if is_new else album.id,
        name=_valid(_NAME, album.name, "its name", notes),
        parent=parent,
        publish_info=None if is_new else _publish_info(album.publish_info, notes),
    )
    listing = snapshot.members.get(album.id)
    if listing is None or entry.is_set:
        return evolve(entry, notes=tuple(notes))
    members = _members(listing, snapshot, notes, by_id=is_new)
    cover = listing.cover or album.cover
    has_keys = any(key is not None for key in listing.orders)
    return evolve(
        entry,
        order=Order.LISTED if has_keys or not members else Order.CAPTURE_DATE,
        members=members,
        cover=next((one for one in members if one.asset_id == cover), None),
        notes=tuple(notes),
    )


def _members(listing: Membership, snapshot: Snapshot, notes: list[str], *, by_id: bool) -> tuple[WrittenPhoto, ...]:
    assets = snapshot.assets
    names = {a: assets[a].file_name if a in assets else "" for a in listing.asset_ids}
    usable = [a for a in listing.asset_ids if a not in assets or not assets[a].is_trashed]
    left_out = len(listing.asset_ids) - len(usable)
    if left_out:
        what = "1 photo in the trash is" if left_out == 1 else f"{left_out:,} photos in the trash are"
        notes.append(f"{what} left out")
    met = Counter(plain_name(names[a]) for a in usable)
    photos = []
    for a in usable:
        is_named = not by_id and met[plain_name(names[a])] == 1 and _names_a_photo(names[a])
        info = listing.infos.get(a)
        photos.append(
            WrittenPhoto(
                asset_id=a,
                name=names[a],
                is_named=is_named,
                info=_member_info(info, notes) if info is not None and not by_id else None,
            )
        )
    return tuple(photos)


def _names_a_photo(name: str) -> bool:
    """Tell whether *name*, written as a string, means a photo of that file name."""
    return bool(name) and string_mistake(name) is None and read_reference(name, "").kind is RefKind.NAME


def _publish_info(info: PublishInfo | None, notes: list[str]) -> PublishInfo | None:
    if info is None:
        return None
    told = PublishInfo(
        remote_id=_valid(Text(), info.remote_id, "its remoteId", notes),
        view=_valid(Url(), info.view, "its link for viewing", notes),
        edit=_valid(Url(), info.edit, "its link for editing", notes),
        service_payload=_valid(_PAYLOAD, info.service_payload, "its servicePayload", notes),
        deleted=True if info.deleted else None,
    )
    return told if told != PublishInfo() else None


def _member_info(info: MemberInfo, notes: list[str]) -> MemberInfo | None:
    told = MemberInfo(
        remote_id=_valid(Text(), info.remote_id, "the remoteId of a photo", notes),
        service_payload=_valid(_PAYLOAD, info.service_payload, "the servicePayload of a photo", notes),
    )
    return told if told != MemberInfo() else None


def _valid(kind: ScalarType, text: str | None, what: str, notes: list[str]) -> str | None:
    """*text*, if a manifest can say it; else None, with a note."""
    if text is None:
        return None
    read = read_value(kind, text)
    if isinstance(read, Mistake):
        notes.append(f"{what} cannot be written down, and is not managed")
        return None
    return text


def _called(album: Album) -> str:
    return f'"{album.name}" ({album.id})'

"""
Manifests as text: entries that were made from a catalog, written so that a person would have written them so.

ruamel.yaml decides where a text needs quotation marks. Members that are written by id carry their file name as a
comment.
"""

from typing import Any

from attrs import field, frozen
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from lrplan.manifest.bounds import FORMAT_VERSION
from lrplan.model.album import MemberInfo, Order, PublishInfo
from lrplan.model.ids import AlbumId, AssetId

_WIDTH = 1 << 20  # no line is folded: a name is one line


@frozen(kw_only=True)
class WrittenPhoto:
    """A member. *is_named*: its file name says which photo it is; else it is written by id."""

    asset_id: AssetId
    name: str = ""
    is_named: bool = False
    info: MemberInfo | None = None


@frozen(kw_only=True)
class WrittenEntry:
    """A set or an album as it is to be written; None for what is not.

    Attributes:
        adopt: The live album that it takes over.
        parent: The key of a set.
        members: Without repeats; () for an album that is to hold none.
        notes: What could not be written, in words, for a comment.
    """

    key: str
    is_set: bool
    adopt: AlbumId | None = None
    name: str | None = None
    parent: str | None = None
    publish_info: PublishInfo | None = None
    order: Order | None = None
    cover: WrittenPhoto | None = None
    members: tuple[WrittenPhoto, ...] | None = None
    notes: tuple[str, ...] = ()


@frozen(kw_only=True)
class WrittenFile:
    """A manifest: its name without suffix, and its entries in the order in which they stand."""

    name: str
    entries: tuple[WrittenEntry, ...] = field(factory=tuple)


def manifest_text(file: WrittenFile) -> str:
    """*file* as YAML."""
    top = CommentedMap({"lrplan": FORMAT_VERSION})
    for section, is_set in (("sets", True), ("albums", False)):
        entries = [entry for entry in file.entries if entry.is_set is is_set]
        if entries:
            top[section] = CommentedMap((entry.key, _entry(entry)) for entry in entries)
            for entry in entries:
                if entry.notes:
                    noted = "\n".join(f"{note[0].upper()}{note[1:]}." for note in dict.fromkeys(entry.notes))
                    top[section].yaml_set_comment_before_after_key(entry.key, before=noted, indent=2)
    yaml = YAML()
    yaml.width = _WIDTH
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    content = _Content()
    yaml.dump(top, content)
    return b"".join(content.parts).decode()


class _Content:
    """A stream that is a list of its parts, in UTF-8."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, part: bytes) -> None:
        self.parts.append(part)


def _entry(entry: WrittenEntry) -> CommentedMap:
    written = CommentedMap()
    pairs = (
        ("adopt", entry.adopt),
        ("name", entry.name),
        ("parent", entry.parent),
        ("order", entry.order.value if entry.order is not None and entry.order is not Order.LISTED else None),
        ("cover", _reference(entry.cover) if entry.cover is not None else None),
        ("publishInfo", _publish_info(entry.publish_info)),
    )
    for key, value in pairs:
        if value is not None:
            written[key] = value
    if entry.members is not None:
        written["members"] = _members(entry.members)
    if not written:
        written.fa.set_flow_style()
    return written


def _members(photos: tuple[WrittenPhoto, ...]) -> CommentedSeq:
    listed = CommentedSeq()
    if not photos:
        listed.fa.set_flow_style()
    for place, photo in enumerate(photos):
        if photo.info is None:
            listed.append(photo.name if photo.is_named else photo.asset_id)
        else:
            key, value = ("fileName", photo.name) if photo.is_named else ("id", photo.asset_id)
            info = {"remoteId": photo.info.remote_id, "servicePayload": photo.info.service_payload}
            told = CommentedMap((name, text) for name, text in info.items() if text is not None)
            listed.append(CommentedMap(((key, value), ("publishInfo", told))))
        if not photo.is_named and photo.name and photo.info is None:
            listed.yaml_add_eol_comment(_comment(photo.name), place)
    return listed


def _reference(photo: WrittenPhoto) -> Any:
    return photo.name if photo.is_named else photo.asset_id


def _publish_info(info: PublishInfo | None) -> CommentedMap | None:
    if info is None:
        return None
    links = CommentedMap((key, url) for key, url in (("view", info.view), ("edit", info.edit)) if url is not None)
    pairs: tuple[tuple[str, object], ...] = (
        ("remoteId", info.remote_id),
        ("remoteLinks", links or None),
        ("servicePayload", info.service_payload),
        ("deleted", info.deleted),
    )
    return CommentedMap((key, value) for key, value in pairs if value is not None)


def _comment(name: str) -> str:
    """*name* on one line, with nothing in it that a terminal would obey."""
    return name if name.isprintable() else name.encode("unicode_escape").decode()

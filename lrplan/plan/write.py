"""
Writing requests as values, one HTTP request each, and what the service can answer to them.

The executor journals these; `lightroom.writer` sends them; `plan.simulate` performs them on a snapshot. Every one is
safe to send twice.
"""

from attrs import field, frozen

from lrplan.model.album import NO_PAYLOAD, Album, AlbumKind, Opaque, PublishInfo
from lrplan.model.ids import AlbumId, AssetId
from lrplan.model.inventory import Original
from lrplan.model.rendition import Rendition
from lrplan.plan.action import Parent


@frozen(kw_only=True)
class PutAlbum:
    """Create an album or a set. *raw* is the payload of the album that it replaces, else `NO_PAYLOAD`."""

    album_id: AlbumId
    kind: AlbumKind
    name: str
    parent: Parent
    publish_info: PublishInfo | None
    raw: Opaque = NO_PAYLOAD


@frozen(kw_only=True)
class PostAlbum:
    """Update an album: its whole payload as in *current*, with the fields that are not None changed."""

    current: Album
    name: str | None = None
    parent: Parent | None = None
    publish_info: PublishInfo | None = None


@frozen(kw_only=True)
class RemoveAlbum:
    """Delete one album, never its children."""

    album_id: AlbumId


@frozen(kw_only=True)
class Entry:
    """One photo of a `PutMembers`. *raw* is a payload to carry over; order and cover stand beside it and win."""

    asset_id: AssetId
    order: str | None = None
    remote_id: str | None = None
    service_payload: str | None = None
    cover: bool = False
    raw: Opaque = NO_PAYLOAD


@frozen(kw_only=True)
class PutMembers:
    """Add 1 to 50 photos to an album, or, with one member marked as cover, only move the cover."""

    album_id: AlbumId
    entries: tuple[Entry, ...]


@frozen(kw_only=True)
class PutAsset:
    """Create an asset for an original that the catalog is thought to lack (`If-None-Match` with its SHA-256)."""

    asset_id: AssetId
    original: Original


@frozen(kw_only=True)
class PutOriginal:
    """Send part number *part* (from 0) of *parts* of an original; a single part is sent without `Content-Range`."""

    asset_id: AssetId
    original: Original
    part: int
    parts: int

    @property
    def first_byte(self) -> int:
        """Where the part begins in the original."""
        return self.part * self.original.part_size_bytes

    @property
    def size_bytes(self) -> int:
        """How many bytes the part has; the last one has what is left."""
        left = self.original.size_bytes - self.first_byte
        return left if self.part == self.parts - 1 else self.original.part_size_bytes

    @property
    def content_range(self) -> str:
        """Which bytes of how many, as the header says it; "" for the only part.

        Source: Lightroom API, "Create an asset original file": first and last byte and length, as RFC 2616.
        """
        if self.parts == 1:
            return ""
        last = self.first_byte + self.size_bytes - 1
        return f"bytes {self.first_byte}-{last}/{self.original.size_bytes}"


@frozen(kw_only=True)
class PutDevelop:
    """Give an asset develop settings: the bytes of an XMP document, at most `DEVELOP_BYTES_MAX`."""

    asset_id: AssetId
    xmp: bytes = field(repr=False)


@frozen(kw_only=True)
class CopyDevelop:
    """Give an asset the develop settings that were uploaded for another one."""

    asset_id: AssetId
    source: AssetId


@frozen(kw_only=True)
class PostRenditions:
    """Ask for big renditions, which are made a while later and gone after a day. *kinds* are generated ones."""

    asset_id: AssetId
    kinds: tuple[Rendition, ...]


Write = (
    PutAlbum | PostAlbum | RemoveAlbum | PutMembers | PutAsset | PutOriginal | PutDevelop | CopyDevelop | PostRenditions
)


@frozen(kw_only=True)
class Accepted:
    """Done (201, 202 or 204). For members: all that were asked for are in, or were so already."""

    request_id: str = ""


@frozen(kw_only=True)
class Exists:
    """An album or asset has this id already (403, 1002), or (412) the original has arrived before.

    For develop settings it says that there are some, not that they are these.
    """

    request_id: str = ""


@frozen(kw_only=True)
class OriginalExists:
    """The catalog has this original already (412). *asset_id* only if the service names the asset that holds it."""

    asset_id: AssetId | None = None
    request_id: str = ""


@frozen(kw_only=True)
class Absent:
    """What the request is about is not there (404)."""

    request_id: str = ""


@frozen(kw_only=True)
class RefusedPhoto:
    """A photo that was not put into an album, and why."""

    asset_id: AssetId
    why: str


@frozen(kw_only=True)
class PartlyAccepted:
    """Some photos are in (or were already), some were refused."""

    refused: tuple[RefusedPhoto, ...] = field(factory=tuple)
    request_id: str = ""


@frozen(kw_only=True)
class Refused:
    """A lasting refusal.

    Attributes:
        status: HTTP status; 413 means that the storage is full and that no further call shall follow.
        why: The service's own words, cleaned and cut.
        ends_run: Nothing else may be sent in this run (413).
    """

    status: int
    why: str
    ends_run: bool = False
    request_id: str = ""


Answer = Accepted | Exists | OriginalExists | Absent | PartlyAccepted | Refused

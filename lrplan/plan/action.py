"""
What a plan does, as data: a closed union of actions, each one or a few requests' worth of work.

An action names ids and wanted values only. What it carries over from the live catalog (unknown payload keys, payloads
of unlisted photos) is read again directly before it is sent, so that a plan file holds nothing that can go stale
unnoticed.
"""

from typing import Literal

from attrs import frozen

from lrplan.model.address import TOP_LEVEL as TOP_LEVEL
from lrplan.model.address import Address
from lrplan.model.album import AlbumKind, PublishInfo
from lrplan.model.ids import AlbumId, AssetId, Sha256
from lrplan.model.inventory import Original

Parent = AlbumId | Literal["/"]
"""The set an album goes into, or the top level."""


@frozen(kw_only=True)
class Placed:
    """One photo of an `AddMembers`.

    Attributes:
        order: Its order key; None in an album that is ordered by capture date.
        carried: Not wanted by the manifest but kept, since somebody put it into the generation that is replaced.
    """

    asset_id: AssetId
    order: str | None = None
    remote_id: str | None = None
    service_payload: str | None = None
    cover: bool = False
    carried: bool = False


@frozen(kw_only=True)
class CreateAlbum:
    """Make an album or a set. *replaces* is the generation whose unmanaged payload keys it takes over."""

    address: Address
    album_id: AlbumId
    kind: AlbumKind
    name: str
    parent: Parent = TOP_LEVEL
    publish_info: PublishInfo | None = None
    replaces: AlbumId | None = None


@frozen(kw_only=True)
class UpdateAlbum:
    """Change declared fields of an album or a set in place; None leaves a field as it is."""

    address: Address
    album_id: AlbumId
    name: str | None = None
    parent: Parent | None = None
    publish_info: PublishInfo | None = None


@frozen(kw_only=True)
class UploadOriginal:
    """Make an asset and send its original."""

    address: Address
    asset_id: AssetId
    original: Original


@frozen(kw_only=True)
class SetDevelop:
    """Send the develop settings of the file at *path* for a photo; its bytes are read then, and must be *sha256*."""

    address: Address
    asset_id: AssetId
    path: str
    sha256: Sha256


@frozen(kw_only=True)
class CopySettings:
    """Copy the develop settings of the photo *source* to another; *sha256* is what they were when that was planned."""

    address: Address
    asset_id: AssetId
    source: AssetId
    sha256: Sha256


@frozen(kw_only=True)
class AddMembers:
    """Put at most 50 photos into an album. *replaces* is the generation whose payloads of these photos come along."""

    address: Address
    album_id: AlbumId
    photos: tuple[Placed, ...]
    replaces: AlbumId | None = None


@frozen(kw_only=True)
class SetCover:
    """Make a member the cover."""

    address: Address
    album_id: AlbumId
    asset_id: AssetId


@frozen(kw_only=True)
class RetireAlbum:
    """Finish a replacement: carry newcomers over, see that the new generation is whole, delete the old one.

    The newcomers of a set are the albums and sets in it: they move to the new one.

    Attributes:
        album_id: The old generation.
        successor: The new one.
        dropped: Photos of the old generation that the plan removes; any other that the successor lacks is carried over.
        expected: How many members the successor has by the plan.
    """

    address: Address
    album_id: AlbumId
    successor: AlbumId
    dropped: tuple[AssetId, ...] = ()
    expected: int = 0


@frozen(kw_only=True)
class DeleteAlbum:
    """Delete an album, or a set that a listing directly before shows to be empty."""

    address: Address
    album_id: AlbumId
    kind: AlbumKind


Action = (
    CreateAlbum
    | UpdateAlbum
    | UploadOriginal
    | SetDevelop
    | CopySettings
    | AddMembers
    | SetCover
    | RetireAlbum
    | DeleteAlbum
)
OfPhoto = UploadOriginal | SetDevelop | CopySettings
"""Actions that concern a photo in the catalog, and leave the album for whose sake they are done as it is."""


@frozen(kw_only=True)
class Step:
    """An action in its plan.

    Attributes:
        id: Names it within the plan, the same for the same wish and catalog: `albums.smith-jones/add/2`.
        requires: Ids of the steps that must be done before.
        calls: How many requests it sends when nothing goes wrong.
    """

    id: str
    action: Action
    requires: tuple[str, ...] = ()
    calls: int = 1

    @property
    def name(self) -> str:
        """What people call it: the file that is sent, else the address."""
        match self.action:
            case UploadOriginal(original=original):
                return original.path
            case SetDevelop(path=path):
                return path
            case _:
                return self.action.address

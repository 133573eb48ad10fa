"""The wish with every photo found: what `diff` compares with the live catalog."""

from collections.abc import Mapping
from typing import Literal

from attrs import field, frozen

from lrplan.diagnostics import SourceSpan
from lrplan.model.address import Address
from lrplan.model.album import AlbumKind, MemberInfo, Order, PublishInfo
from lrplan.model.ids import AssetId
from lrplan.model.inventory import Original
from lrplan.model.scope import WHOLE, Scope


@frozen(kw_only=True)
class MissingPhoto:
    """A photo that is meant and cannot be used: it left the catalog, or lies in the trash.

    Attributes:
        name: Its file name; its id where the catalog knows none.
        text: What is the matter with it, as the predicate of a sentence.
        path: The file that names it, if one does: its original is to be uploaded, and finds no room, or is there
            already, in the trash. Only the customer can help, so that this is no mistake in the manifests even where
            the photo is new to the album. Else "".
        code: Names what is the matter, where more than people must be able to tell: see `resolve.room`.
    """

    asset_id: AssetId
    name: str
    text: str
    hint: str
    span: SourceSpan
    path: str = ""
    code: str = ""


@frozen(kw_only=True)
class DesiredAlbum:
    """What one entry asks for. None means: not managed.

    Attributes:
        parent: The address of a set, or "/" for the top level.
        members: The wanted photos in the wanted order, without repeats and without the missing ones.
        infos: The members that declare a publishInfo of their own.
        missing: Wanted photos that cannot be had.
        known_as: What the entry calls the photos that it names by file name or SHA-256, the missing ones too.
        spans: Where `name`, `parent`, `order`, `cover`, `publishInfo` and `members` were written.
    """

    address: Address
    kind: AlbumKind
    span: SourceSpan
    name: str | None = None
    parent: Address | Literal["/"] | None = None
    order: Order = Order.LISTED
    cover: AssetId | None = None
    publish_info: PublishInfo | None = None
    members: tuple[AssetId, ...] | None = None
    infos: Mapping[AssetId, MemberInfo] = field(factory=dict)
    missing: tuple[MissingPhoto, ...] = ()
    known_as: Mapping[AssetId, str] = field(factory=dict)
    spans: Mapping[str, SourceSpan] = field(factory=dict)


@frozen(kw_only=True)
class Desired:
    """The whole wish, or the part of it that is planned.

    Attributes:
        albums: Sets and albums by address.
        scope: Which part it is.
        elsewhere: Addresses that are declared, and not planned.
        needed: Of *albums*, the sets outside of the scope that something goes into and that are not there yet: what
            that is, for each.
        uploads: Originals that the catalog lacks, by the id under which they will be sent.
        present_files: Paths of the originals that are in the catalog already.
        names: File names of every photo that was found, for people.
    """

    albums: Mapping[Address, DesiredAlbum] = field(factory=dict)
    scope: Scope = WHOLE
    elsewhere: frozenset[Address] = frozenset()
    needed: Mapping[Address, Address] = field(factory=dict)
    uploads: Mapping[AssetId, Original] = field(factory=dict)
    present_files: tuple[str, ...] = ()
    names: Mapping[AssetId, str] = field(factory=dict)

    def lets_go(self, address: Address) -> bool:
        """Tell whether *address*, which is remembered, is to go: it is planned, and nothing declares it any more."""
        return address not in self.albums and address not in self.elsewhere and self.scope.holds(address)

"""The wish with every photo found: what `diff` compares with the live catalog."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from attrs import field, frozen

from lrplan.diagnostics import SourceSpan
from lrplan.model.address import Address
from lrplan.model.album import AlbumKind, MemberInfo, Order, PublishInfo
from lrplan.model.develop import XmpFile
from lrplan.model.ids import AssetId
from lrplan.model.inventory import Original
from lrplan.model.policy import Reorder, Replace, Unlisted
from lrplan.model.scope import WHOLE, Scope
from lrplan.model.state import WhenGone


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


class EmptyKind(StrEnum):
    """What can stand for no photo; named as in the manifest."""

    SELECT = "select"
    LIST = "from"


@frozen(kw_only=True)
class EmptyWish:
    """A part of a member list that stands for no photo, where the album does not say that it may.

    Attributes:
        value: What the select says; the path of the list file, relative to the project's folder.
    """

    address: Address
    kind: EmptyKind
    value: str
    span: SourceSpan


@frozen(kw_only=True)
class DesiredAlbum:
    """What one entry asks for. None means: not managed.

    Attributes:
        parent: The address of a set, or "/" for the top level.
        members: The wanted photos in the wanted order, without repeats and without the missing ones.
        infos: The members that declare a publishInfo of their own.
        missing: Wanted photos that cannot be had.
        known_as: What the entry calls the photos that it names by file name or SHA-256, the missing ones too.
        when_gone: What is to be remembered for the day on which no manifest declares it any more.
        protect: None leaves the protection as it is remembered.
        paused: Nothing is asked of it, and nothing of it is known here but its address.
        waits_for: A set that is paused and does not exist yet, in which it is to lie: nothing can be done till then.
        spans: Where `name`, `parent`, `order`, `replace`, `cover`, `publishInfo`, `protect` and `members` were written.
    """

    address: Address
    kind: AlbumKind
    span: SourceSpan
    name: str | None = None
    parent: Address | Literal["/"] | None = None
    order: Order = Order.LISTED
    reorder: Reorder = Reorder.KEEP
    unlisted: Unlisted = Unlisted.KEEP
    replace: Replace = Replace.ALLOW
    cover: AssetId | None = None
    publish_info: PublishInfo | None = None
    when_gone: WhenGone = WhenGone.DELETE
    protect: bool | None = None
    paused: bool = False
    waits_for: Address | None = None
    members: tuple[AssetId, ...] | None = None
    infos: Mapping[AssetId, MemberInfo] = field(factory=dict)
    missing: tuple[MissingPhoto, ...] = ()
    known_as: Mapping[AssetId, str] = field(factory=dict)
    spans: Mapping[str, SourceSpan] = field(factory=dict)

    @property
    def is_held(self) -> bool:
        """Nothing is done to it now, whatever differs."""
        return self.paused or self.waits_for is not None


@frozen(kw_only=True)
class DesiredDevelop:
    """The develop settings that one photo is to have: exactly one of *xmp* and *source*.

    Attributes:
        addresses: The albums whose entries ask for them, sorted.
        span: Where they are asked for first.
        source: The photo whose settings are copied.
    """

    addresses: tuple[Address, ...]
    span: SourceSpan
    xmp: XmpFile | None = None
    source: AssetId | None = None


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
        develop: The settings that are declared, by photo, in the order of the albums and their entries.
        present_files: Paths of the originals that are in the catalog already.
        names: File names of every photo that was found, for people.
        empty: The selects that found nothing and the lists that hold nothing, by address and place.
    """

    albums: Mapping[Address, DesiredAlbum] = field(factory=dict)
    scope: Scope = WHOLE
    elsewhere: frozenset[Address] = frozenset()
    needed: Mapping[Address, Address] = field(factory=dict)
    uploads: Mapping[AssetId, Original] = field(factory=dict)
    develop: Mapping[AssetId, DesiredDevelop] = field(factory=dict)
    present_files: tuple[str, ...] = ()
    names: Mapping[AssetId, str] = field(factory=dict)
    empty: tuple[EmptyWish, ...] = ()

    def lets_go(self, address: Address) -> bool:
        """Tell whether *address*, which is remembered, is to go: it is planned, and nothing declares it any more."""
        return address not in self.albums and address not in self.elsewhere and self.scope.holds(address)

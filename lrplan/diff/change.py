"""One noticed difference between the wish and the catalog, with its reason and its place in the manifests."""

from collections.abc import Mapping
from enum import StrEnum

from attrs import field, frozen

from lrplan.diagnostics import SourceSpan
from lrplan.model.address import Address
from lrplan.model.album import AlbumKind
from lrplan.model.ids import AlbumId, AssetId, Sha256


class Verb(StrEnum):
    """What becomes of an album or a set. The values are those of the plan file."""

    CREATE = "create"
    UPDATE = "change"
    REPLACE = "replace"
    DELETE = "delete"
    LET_GO = "letGo"
    BLOCKED = "blocked"
    UNCHANGED = "unchanged"
    PAUSED = "paused"


INTERRUPTED = "interrupted"  # the code of a reason: an earlier run had begun this replacement
LEAVING = "leaving"  # no manifest declares it any more, and its entry said that it is not to be deleted then


@frozen(kw_only=True)
class Reason:
    """Why a change is more than an edit in place: a stable *code*, and a clause for people, without a full stop."""

    code: str
    text: str


@frozen(kw_only=True)
class FieldChange:
    """A declared field that differs, or a cover that nobody declares and a replacement loses.

    *path* is as in the manifest: `name`, `parent`, `cover`, `publishInfo.remoteId`; those of `diff.lasting` are only
    remembered, never sent. Values are texts for people: names instead of ids where one is known; None for absent.
    """

    path: str
    before: str | None
    after: str | None
    changed_outside: bool = False


@frozen(kw_only=True)
class Move:
    """A photo that changes its place among those that stay. Positions count from 1 in the album before and after."""

    asset_id: AssetId
    before: int
    after: int


@frozen(kw_only=True)
class MemberChange:
    """What becomes of the members of one album, in columns.

    Attributes:
        before: The live members in shown order; empty for a new album. Where an interrupted replacement left several
            generations, what people had before it began, and what came since.
        after: The members as they will be shown: the wanted ones, and what is kept beside them.
        added, removed, moved: Subsets of the two.
        unlisted: Live members that no manifest lists and that stay.
        judged: Those of *removed* that a replacement under way leaves behind: they were judged when it began.
        foreign: Of an album that goes, its live members, else those of *removed*, that lrplan did not put there.
        keys: The order keys to write: of the added photos, or of all where the album is replaced; empty where the
            album is ordered by capture date.
        rewritten: Members whose own publishInfo changes, which the API can only do in a new album.
        infos: The publishInfo that added and rewritten members get, where one is declared.
    """

    before: tuple[AssetId, ...] = ()
    after: tuple[AssetId, ...] = ()
    added: tuple[AssetId, ...] = ()
    removed: tuple[AssetId, ...] = ()
    moved: tuple[Move, ...] = ()
    unlisted: tuple[AssetId, ...] = ()
    judged: tuple[AssetId, ...] = ()
    foreign: tuple[AssetId, ...] = ()
    rewritten: tuple[AssetId, ...] = ()
    infos: Mapping[AssetId, tuple[FieldChange, ...]] = field(factory=dict)
    keys: Mapping[AssetId, str] = field(factory=dict)


@frozen(kw_only=True)
class BlockedPhoto:
    """A wanted photo that has left the catalog, lies in the trash, or finds no room in the storage.

    *text* says which, and what to do; *code* names what a guard must tell apart, as in `resolve.room`; *path* is the
    file that names it, "" for one that is named otherwise.
    """

    asset_id: AssetId
    text: str
    span: SourceSpan | None = None
    code: str = ""
    path: str = ""


class SettingsBefore(StrEnum):
    """What settings a photo has before others are sent for it, as far as is known."""

    NONE = "none"
    EARLIER = "earlier"  # those that lrplan sent last
    OTHERS = "others"  # whoever sent them


@frozen(kw_only=True)
class DevelopChange:
    """Develop settings that are sent for one photo: those of a file, or with *source* those of another photo.

    *sha256* is of the settings; *path* is "" for those of a photo.
    """

    asset_id: AssetId
    sha256: Sha256
    path: str = ""
    source: AssetId | None = None
    before: SettingsBefore = SettingsBefore.NONE


@frozen(kw_only=True)
class Withheld:
    """What is wanted of the members of one album, needs a new album, and is not done: `replace: never` forbids one.

    Attributes:
        reason: What is not done, and why, for people.
        span: Where `replace: never` was written.
        added: New photos for which no order key fits where they are to be.
        removed, rewritten: Members that stay, and that stay as they are.
        moved: Places count from 1, in the album as it stays and as it is wanted.
        by_date: Order keys that are to go stay, so that dates do not decide.
        files: The originals of *added* that are not sent.
    """

    reason: Reason
    span: SourceSpan | None = None
    added: tuple[AssetId, ...] = ()
    removed: tuple[AssetId, ...] = ()
    moved: tuple[Move, ...] = ()
    rewritten: tuple[AssetId, ...] = ()
    by_date: bool = False
    files: tuple[str, ...] = ()


@frozen(kw_only=True)
class Change:
    """What becomes of one album or set.

    Attributes:
        verb: `UNCHANGED` changes are part of the result too: they are counted, and they bind addresses to ids.
        reason: Why it is replaced, deleted, let go or blocked; None for plain creation, change, nothing.
        id: The live album; None when it does not exist yet.
        new_id: The album to make, for creation and replacement.
        generation: Of *new_id* if there is one, else of *id*.
        moved_from: The address that the album had when it was last seen; None where this one is known already.
        name: As shown to people: the wanted name, else the live one.
        retired: Generations that go last: those that are replaced, or all of an album that is deleted.
        dropped: Members of those that nothing takes along: removed by the manifests, or in the trash.
        cover: The cover to set; None when it stays as it is.
        withheld: What of the wish only a new album could do, and is not done.
        protected: It may be neither deleted nor replaced.
        develop: The develop settings that are sent for photos of it.
        looks_inside: Its members are looked at: they are managed, or it has a wanted cover, or it goes.
        fingerprint: Of the live album and, where they are looked at, its members; "" when there is none.
    """

    address: Address
    kind: AlbumKind
    verb: Verb
    name: str
    span: SourceSpan | None = None
    moved_from: Address | None = None
    reason: Reason | None = None
    id: AlbumId | None = None
    new_id: AlbumId | None = None
    generation: int = 0
    retired: tuple[AlbumId, ...] = ()
    dropped: tuple[AssetId, ...] = ()
    fields: tuple[FieldChange, ...] = ()
    members: MemberChange | None = None
    cover: AssetId | None = None
    blocked: tuple[BlockedPhoto, ...] = ()
    withheld: Withheld | None = None
    protected: bool = False
    develop: tuple[DevelopChange, ...] = ()
    looks_inside: bool = False
    fingerprint: str = ""

    @property
    def is_blocked(self) -> bool:
        """It is not done, or not all of it, photos that cannot be had aside."""
        return self.verb is Verb.BLOCKED or self.withheld is not None

    @property
    def is_finishing(self) -> bool:
        """A replacement that an earlier run began, and that was judged then."""
        return self.verb is Verb.REPLACE and self.reason is not None and self.reason.code == INTERRUPTED

    @property
    def is_leaving(self) -> bool:
        """It stays in the catalog, and no manifest declares it any more."""
        return self.reason is not None and self.reason.code == LEAVING


class DriftKind(StrEnum):
    """What was found in the catalog that no manifest asks for, and that stays, but where it cannot."""

    ORPHAN = "orphan"  # an album of this project that no manifest declares and the state does not know
    UNLISTED = "unlisted"  # photos in a managed album that lrplan did not put there
    PUT_OFF = "putOff"  # the same, where they are to go, and nothing goes as there is no state
    REORDERED = "reordered"  # an order made by hand in Lightroom
    LEFT_BEHIND = "leftBehind"  # photos in the trash that nobody lists, in an album that is replaced
    PAUSED = "paused"  # an album or a set that its manifest says to leave as it is for now


@frozen(kw_only=True)
class Drift:
    """Something that is kept, or cannot be kept, and said. *count* is of photos, or 1 for an album."""

    kind: DriftKind
    text: str
    address: Address | None = None
    album_id: AlbumId | None = None
    count: int = 1

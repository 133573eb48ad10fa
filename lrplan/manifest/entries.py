"""
What a person wrote, as values with their places: the output of this package.

Every value that a later stage may have to complain about is a `Declared` (value and span). A key that was not written
is None: not written is not managed. Members stand in columns, since a project may name a million of them.
"""

from array import array
from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from attrs import field, frozen

from lrplan.diagnostics import SourceSpan
from lrplan.model.address import Address
from lrplan.model.album import Flag, MemberInfo, Order
from lrplan.model.inheritance import Former
from lrplan.model.policy import Reorder, Replace, Unlisted
from lrplan.model.state import WhenGone

T = TypeVar("T")


@frozen
class SourceText:
    """A file as it was read. *file* is its path relative to the project's folder, with `/`."""

    file: str
    content: bytes


@frozen
class Declared(Generic[T]):
    """A value and where it was written."""

    value: T
    span: SourceSpan


class RefKind(StrEnum):
    """How a member names its photo."""

    NAME = "fileName"
    ID = "id"
    SHA256 = "sha256"
    UPLOAD = "upload"
    LIST = "from"
    SELECT = "select"


@frozen(kw_only=True)
class PhotoRef:
    """One photo as a person named it: a member string, a cover, a line of a list."""

    kind: RefKind
    value: str


@frozen(kw_only=True)
class Select:
    """Photos by what they are; what is not None narrows, all together. Dates are ISO 8601 text, as written.

    Attributes:
        file_name: A glob: `*`, `?`, `[...]`.
        subtype: `image` or `video`.
        album: The key of an album of this project, or 32 hex digits.
        flag: As the album is listed; beside an album only.
    """

    file_name: str | None = None
    captured_after: str | None = None
    captured_before: str | None = None
    subtype: str | None = None
    album: Declared[str] | None = None
    flag: Flag | None = None


@frozen(kw_only=True)
class MemberExtra:
    """What a member says beyond its kind and value.

    Attributes:
        sha256: Stands beside an upload only.
        xmp: The file with its develop settings, relative to the project's folder.
        copy_from: The photo whose develop settings it gets; never beside *xmp*.
        select: Of a select, what it asks for.
    """

    info: MemberInfo | None = None
    sha256: str | None = None
    xmp: Declared[str] | None = None
    copy_from: Declared[PhotoRef] | None = None
    select: Select | None = None


@frozen(kw_only=True)
class Members:
    """The member list of one album, in columns of equal length.

    Attributes:
        kinds: How each entry names its photo (a list file is one entry here, and so is a select).
        values: The name, id, hash or path; paths (upload, from) are relative to the project's folder. Of a select, what
            it says as a text for people; its keys are in *extras*.
        lines, columns: Where each entry stands in *file*, from 1.
        widths: How many characters each photo takes there; empty where that is the length of its value.
        extras: By position, only where there are any.
        span: Of the `members` key.
    """

    file: str
    span: SourceSpan
    kinds: tuple[RefKind, ...] = ()
    values: tuple[str, ...] = ()
    lines: "array[int]" = field(factory=lambda: array("L"))
    columns: "array[int]" = field(factory=lambda: array("L"))
    widths: "array[int]" = field(factory=lambda: array("I"))
    extras: Mapping[int, MemberExtra] = field(factory=dict)

    def width_of(self, index: int) -> int:
        """How many characters entry *index* takes, at least 1."""
        return max(1, self.widths[index] if self.widths else len(self.values[index]))

    def span_of(self, index: int) -> SourceSpan:
        """Where entry *index* was written."""
        return SourceSpan(
            file=self.file, line=self.lines[index], column=self.columns[index], width=self.width_of(index)
        )


@frozen(kw_only=True)
class Within:
    """Where plain names are looked up: between two dates, or in another album. Times are ISO 8601 text, as written."""

    captured_after: Declared[str] | None = None
    captured_before: Declared[str] | None = None
    album: Declared[str] | None = None  # the key of an album of this project, or 32 hex digits


@frozen(kw_only=True)
class PublishInfoEntry:
    """The declared parts of publishInfo."""

    span: SourceSpan
    remote_id: Declared[str] | None = None
    view: Declared[str] | None = None
    edit: Declared[str] | None = None
    service_payload: Declared[str] | None = None
    deleted: Declared[bool] | None = None
    version: Declared[int] | None = None
    created: Declared[str] | None = None
    updated: Declared[str] | None = None


@frozen(kw_only=True)
class SetEntry:
    """A set. *parent* is a key of `sets`, or `/` for the top level; *adopt* is the id of one to take over."""

    address: Address
    span: SourceSpan
    name: Declared[str] | None = None
    parent: Declared[str] | None = None
    adopt: Declared[str] | None = None
    publish_info: PublishInfoEntry | None = None
    when_gone: Declared[WhenGone] | None = None
    protect: Declared[bool] | None = None
    paused: bool = False


@frozen(kw_only=True)
class AlbumEntry:
    """An album, with the project's defaults already filled in where it says nothing.

    *allow_empty*: a select of it may find nothing, and a list file of it hold nothing.
    """

    address: Address
    span: SourceSpan
    name: Declared[str] | None = None
    parent: Declared[str] | None = None
    adopt: Declared[str] | None = None
    order: Declared[Order] | None = None
    reorder: Declared[Reorder] | None = None
    unlisted: Declared[Unlisted] | None = None
    replace: Declared[Replace] | None = None
    cover: Declared[PhotoRef] | None = None
    within: Within | None = None
    publish_info: PublishInfoEntry | None = None
    when_gone: Declared[WhenGone] | None = None
    protect: Declared[bool] | None = None
    paused: bool = False
    members: Members | None = None
    allow_empty: bool = False


@frozen(kw_only=True)
class Move:
    """What was at one address is at another one now."""

    source: Declared[Address]
    target: Declared[Address]


@frozen(kw_only=True)
class Share:
    """A limit written as a share of the live things: `30%` is 0.3."""

    of_live: float


Limit = int | Share


@frozen(kw_only=True)
class Limits:
    """How much one plan may do without `--allow`. *upload* is in bytes."""

    delete: Limit = Share(of_live=0.3)
    replace: Limit = Share(of_live=0.3)
    remove: Limit = Share(of_live=0.3)
    create: Limit = 200
    add: Limit = 5000
    upload: Limit = 50_000_000_000


@frozen(kw_only=True)
class ApiOptions:
    """How the service is spoken to. *rate* is calls a second at most, 0 for no cap; *part_size_bytes* for uploads."""

    concurrency: int = 8
    rate: float = 20.0
    part_size_bytes: int = 20_000_000


@frozen(kw_only=True)
class Defaults:
    """What albums get that say nothing themselves."""

    order: Declared[Order] | None = None
    reorder: Declared[Reorder] | None = None
    unlisted: Declared[Unlisted] | None = None
    replace: Declared[Replace] | None = None
    within: Within | None = None


@frozen(kw_only=True)
class Project:
    """lrplan.yaml less its sets and albums.

    Attributes:
        previous: The names that the project had before, the latest first.
        auth_command: A program with its arguments.
    """

    name: str
    span: SourceSpan
    previous: tuple[str, ...] = ()
    account: Declared[str] | None = None
    catalog: Declared[str] | None = None
    endpoint: Declared[str] | None = None
    auth_command: Declared[tuple[str, ...]] | None = None
    manifests: str = "manifests"
    state: str = ".lrplan"
    defaults: Defaults = field(factory=Defaults)
    limits: Limits = field(factory=Limits)
    api: ApiOptions = field(factory=ApiOptions)


@frozen(kw_only=True)
class Manifest:
    """Everything that the files of a project say, over all files.

    Attributes:
        moves: The lines under `moved`; *former* is what they come to.
        digest: SHA-256 (hex) over the manifests' bytes in the order of their paths; says which wish a plan is of.
    """

    project: Project
    sets: Mapping[Address, SetEntry] = field(factory=dict)
    albums: Mapping[Address, AlbumEntry] = field(factory=dict)
    moves: tuple[Move, ...] = ()
    former: Former = field(factory=dict)
    digest: str = ""

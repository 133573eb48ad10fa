"""
The plan file, format 1.0: every key it may have, as types.

The published JSON Schema is made from these classes; what they hold is converted in `formats.plan`. Keys with a
default are left out of the file where they have it. Positions are texts, `file:line:column`; line 0 is a whole file.
"""

from typing import Literal

import msgspec

from lrplan.diagnostics import Severity
from lrplan.diff.change import DriftKind, SettingsBefore, Verb
from lrplan.formats.bindings import BindingLayout, DevelopedLayout, Layout, PublishInfoLayout
from lrplan.formats.originals import OriginalLayout
from lrplan.model.address import Address
from lrplan.model.album import AlbumKind
from lrplan.model.ids import AccountId, AlbumId, AssetId, CatalogId, ServiceId, Sha256
from lrplan.resolve.desired import EmptyKind

PLAN_FORMAT = "1.0"


class Positioned(Layout, frozen=True, kw_only=True):
    """Something that has a place in a manifest. `sourceWidth` is how many characters there belong to it."""

    source: str | None = None
    source_width: int = 1


class OriginLayout(Layout, frozen=True, kw_only=True):
    """Where the plan came from: the SHA-256 of its manifests, and which part of the project was planned.

    `target` and `exclude` are patterns of addresses, as they were given. `asOf` is the instant of the snapshot that it
    was made from; absent where that was the live catalog.
    """

    manifests: str
    target: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    as_of: str = ""


class MemberNumbers(Layout, frozen=True, kw_only=True):
    """How many photos join, leave, and change their place, and how many there are now, as far as was looked."""

    add: int
    remove: int
    move: int
    live: int = 0


class ElsewhereNumbers(Layout, frozen=True, kw_only=True):
    """What is live of the project outside of the part that was planned; limits count from the whole."""

    albums: int = 0
    sets: int = 0
    members: int = 0


class UploadNumbers(Layout, frozen=True, kw_only=True):
    """How many originals are sent, and their bytes."""

    count: int
    bytes: int


class CallNumbers(Layout, frozen=True, kw_only=True):
    """Requests that were made to plan, and that will be made to apply when nothing goes wrong."""

    read: int
    apply: int


class SummaryLayout(Layout, frozen=True, kw_only=True):
    """The numbers of the plan. `elsewhere` is absent where nothing is live there."""

    create: int
    change: int
    replace: int
    delete: int
    let_go: int
    blocked: int
    unchanged: int
    paused: int = 0
    members: MemberNumbers
    uploads: UploadNumbers
    develop: int = 0
    calls: CallNumbers
    elsewhere: ElsewhereNumbers | None = None


class SecondsLayout(Layout, frozen=True, kw_only=True):
    """How long reading took and how long applying is expected to take."""

    read: float
    apply: float


class ReasonLayout(Layout, frozen=True, kw_only=True):
    """Why a change is more than an edit in place: a stable code, and a clause for people."""

    code: str
    text: str


class FieldLayout(Layout, frozen=True, kw_only=True):
    """A declared field that differs, or a cover that nobody declares and a replacement loses.

    An absent `before` or `after` means that it is absent there.
    """

    path: str
    before: str | None = None
    after: str | None = None
    changed_outside: bool = False


class MoveLayout(Layout, frozen=True, kw_only=True):
    """A photo that changes its place; positions count from 1."""

    asset_id: AssetId
    before: int
    after: int


class MembersLayout(Layout, frozen=True, kw_only=True):
    """What becomes of the members of one album, by asset id.

    `keep` are the members that no manifest lists and that stay; `before` and `after` are the whole album as shown;
    `judged` are those of `remove` whose removal an interrupted run had begun, and which no limit counts again;
    `foreign` are those of `remove`, or of an album that is deleted, which lrplan did not put there;
    `rewritten` are members whose own publishInfo changes; `infos` says what becomes of the publishInfo of members;
    `keys` are the order keys to write.
    """

    add: tuple[AssetId, ...]
    remove: tuple[AssetId, ...]
    move: tuple[MoveLayout, ...]
    keep: tuple[AssetId, ...]
    foreign: tuple[AssetId, ...] = ()
    before: tuple[AssetId, ...] = ()
    after: tuple[AssetId, ...] = ()
    judged: tuple[AssetId, ...] = ()
    rewritten: tuple[AssetId, ...] = ()
    infos: dict[AssetId, tuple[FieldLayout, ...]] = msgspec.field(default_factory=dict)
    keys: dict[AssetId, str] = msgspec.field(default_factory=dict)


class BlockedLayout(Positioned, frozen=True, kw_only=True):
    """A wanted photo that has left the catalog, lies in the trash, or finds no room in the storage.

    `path` is the file that names it, if one does.
    """

    asset_id: AssetId
    text: str
    code: str = ""
    path: str = ""


class WithheldLayout(Positioned, frozen=True, kw_only=True):
    """What is wanted of the members, needs a new album, and is not done: `replace: never`, at `source`, forbids one.

    `add` are new photos that no order key fits, `files` their originals that are not sent; photos of `remove` stay,
    those of `rewrite` and `move` stay as they are; with `byDate` order keys stay that are to go.
    """

    reason: ReasonLayout
    add: tuple[AssetId, ...] = ()
    remove: tuple[AssetId, ...] = ()
    move: tuple[MoveLayout, ...] = ()
    rewrite: tuple[AssetId, ...] = ()
    by_date: bool = False
    files: tuple[str, ...] = ()


class DevelopLayout(Layout, frozen=True, kw_only=True):
    """Develop settings that are sent for one photo: of a file, or copied from the photo `source`."""

    asset_id: AssetId
    sha256: Sha256
    path: str = ""
    source: AssetId | None = None
    before: SettingsBefore = SettingsBefore.NONE


class ResourceLayout(Positioned, frozen=True, kw_only=True):
    """What becomes of one album or set.

    `fingerprint` is of the live album, and of its members where `looksInside`; `retired` are generations that go last,
    `dropped` those of their members that nothing takes along. `movedFrom` is the address that it had before;
    `generation` is below 0 for an album that was made for that one, or by the project under another name. `protected`
    may be neither deleted nor replaced.
    """

    address: Address
    kind: AlbumKind
    change: Verb
    name: str
    moved_from: Address | None = None
    reason: ReasonLayout | None = None
    id: AlbumId | None = None
    new_id: AlbumId | None = None
    generation: int = 0
    retired: tuple[AlbumId, ...] = ()
    dropped: tuple[AssetId, ...] = ()
    fields: tuple[FieldLayout, ...]
    members: MembersLayout | None = None
    cover: AssetId | None = None
    blocked: tuple[BlockedLayout, ...] = ()
    withheld: WithheldLayout | None = None
    protected: bool = False
    develop: tuple[DevelopLayout, ...] = ()
    looks_inside: bool = False
    fingerprint: str = ""


class StepLayout(Layout, frozen=True, kw_only=True):
    """An action: `requires` are ids of actions that must be done before, `calls` its requests without faults."""

    id: str
    address: Address
    requires: tuple[str, ...]
    calls: int


class CreateAlbumLayout(StepLayout, frozen=True, kw_only=True, tag_field="kind", tag="createAlbum"):
    """Make an album or a set. `replaces` is the generation whose unmanaged keys it takes over."""

    album_id: AlbumId
    album_kind: AlbumKind
    name: str
    parent: AlbumId | Literal["/"] = "/"
    publish_info: PublishInfoLayout | None = None
    replaces: AlbumId | None = None


class UpdateAlbumLayout(StepLayout, frozen=True, kw_only=True, tag_field="kind", tag="updateAlbum"):
    """Change declared fields in place; what is absent stays as it is."""

    album_id: AlbumId
    name: str | None = None
    parent: AlbumId | Literal["/"] | None = None
    publish_info: PublishInfoLayout | None = None


class UploadOriginalLayout(StepLayout, frozen=True, kw_only=True, tag_field="kind", tag="uploadOriginal"):
    """Make an asset and send its original."""

    asset_id: AssetId
    original: OriginalLayout


class SetDevelopLayout(StepLayout, frozen=True, kw_only=True, tag_field="kind", tag="setDevelop"):
    """Send the develop settings of a file for a photo."""

    asset_id: AssetId
    path: str
    sha256: Sha256


class CopySettingsLayout(StepLayout, frozen=True, kw_only=True, tag_field="kind", tag="copyDevelop"):
    """Copy the develop settings of the photo `source`; `sha256` is what they were."""

    asset_id: AssetId
    source: AssetId
    sha256: Sha256


class PlacedLayout(Layout, frozen=True, kw_only=True):
    """One photo of an `addMembers`; a carried one is kept from the generation that is replaced."""

    asset_id: AssetId
    order: str | None = None
    remote_id: str | None = None
    service_payload: str | None = None
    cover: bool = False
    carried: bool = False


class AddMembersLayout(StepLayout, frozen=True, kw_only=True, tag_field="kind", tag="addMembers"):
    """Put at most 50 photos into an album."""

    album_id: AlbumId
    photos: tuple[PlacedLayout, ...]
    replaces: AlbumId | None = None


class SetCoverLayout(StepLayout, frozen=True, kw_only=True, tag_field="kind", tag="setCover"):
    """Make a member the cover."""

    album_id: AlbumId
    asset_id: AssetId


class RetireAlbumLayout(StepLayout, frozen=True, kw_only=True, tag_field="kind", tag="retireAlbum"):
    """Delete an old generation once its successor is seen to be whole."""

    album_id: AlbumId
    successor: AlbumId
    dropped: tuple[AssetId, ...] = ()
    expected: int = 0


class DeleteAlbumLayout(StepLayout, frozen=True, kw_only=True, tag_field="kind", tag="deleteAlbum"):
    """Delete an album, or a set that holds nothing."""

    album_id: AlbumId
    album_kind: AlbumKind


AnyStepLayout = (
    CreateAlbumLayout
    | UpdateAlbumLayout
    | UploadOriginalLayout
    | SetDevelopLayout
    | CopySettingsLayout
    | AddMembersLayout
    | SetCoverLayout
    | RetireAlbumLayout
    | DeleteAlbumLayout
)


class EmptyWishLayout(Positioned, frozen=True, kw_only=True):
    """A part of a member list that stands for no photo, for which the plan is refused.

    `value` is what the select says, or the path of the list file.
    """

    address: Address
    kind: EmptyKind
    value: str


class DriftLayout(Layout, frozen=True, kw_only=True):
    """Something found in the catalog that no manifest asks for, and that stays, but where it cannot."""

    kind: DriftKind
    text: str
    address: Address | None = None
    album_id: AlbumId | None = None
    count: int = 1


class WarningLayout(Positioned, frozen=True, kw_only=True):
    """A message to the user."""

    code: str
    what: str
    why: str = ""
    hint: str = ""
    severity: Severity = Severity.WARNING


class PlanLayout(Layout, frozen=True, kw_only=True):
    """A plan of lrplan: what a reviewer approves and what apply does, no more and no less."""

    format_version: str
    lrplan_version: str
    created_at: str
    project: str
    account_id: AccountId
    catalog_id: CatalogId
    catalog_name: str
    service_id: ServiceId
    origin: OriginLayout
    has_state: bool
    complete: bool
    allowed: dict[str, int]
    digest: str
    checksum: str
    summary: SummaryLayout
    seconds: SecondsLayout
    resources: tuple[ResourceLayout, ...]
    actions: tuple[AnyStepLayout, ...]
    targets: dict[Address, BindingLayout]
    developed: dict[AssetId, DevelopedLayout] = msgspec.field(default_factory=dict)
    forgotten: tuple[Address, ...]
    moved: dict[Address, tuple[Address, ...]] = msgspec.field(default_factory=dict)
    previous_projects: tuple[str, ...] = ()
    bases: dict[Address, str]
    present_files: tuple[str, ...]
    names: dict[AssetId, str]
    empty_wishes: tuple[EmptyWishLayout, ...] = ()
    drift: tuple[DriftLayout, ...]
    warnings: tuple[WarningLayout, ...]

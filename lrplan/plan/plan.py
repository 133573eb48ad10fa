"""
The plan: what a reviewer approves and what apply does, no more and no less.

It is named by its digest, which `formats.plan` takes over everything that decides what is done: the project, the
catalog, and of every step its kind, target, wanted values and the fingerprint of the album it starts from.
"""

from collections.abc import Mapping

from attrs import field, frozen

from lrplan.diagnostics import Diagnostic
from lrplan.diff.change import BlockedPhoto, Change, Drift, Verb
from lrplan.diff.elsewhere import Elsewhere
from lrplan.model.address import Address
from lrplan.model.develop import Developed
from lrplan.model.ids import AccountId, AssetId, CatalogId, ServiceId
from lrplan.model.scope import WHOLE, Scope
from lrplan.model.state import Binding
from lrplan.plan.action import Step
from lrplan.resolve.desired import EmptyWish


@frozen(kw_only=True)
class Summary:
    """The numbers of a plan.

    Attributes:
        members_live: How many members the albums of the project hold now, as far as they were looked at.
        elsewhere: What is live of the project outside of the part that was planned.
        develop: For how many photos develop settings are sent.
        read_calls: Made to plan it.
        apply_calls: To be made when nothing goes wrong.
    """

    create: int = 0
    change: int = 0
    replace: int = 0
    delete: int = 0
    let_go: int = 0
    blocked: int = 0
    unchanged: int = 0
    paused: int = 0
    members_add: int = 0
    members_remove: int = 0
    members_move: int = 0
    members_live: int = 0
    elsewhere: Elsewhere = field(factory=Elsewhere)
    uploads: int = 0
    upload_bytes: int = 0
    develop: int = 0
    read_calls: int = 0
    apply_calls: int = 0

    @property
    def changes_something(self) -> bool:
        """Something becomes another, in the catalog or in what is remembered."""
        return any((self.create, self.change, self.replace, self.delete, self.let_go))


@frozen(kw_only=True)
class Plan:
    """A plan.

    Attributes:
        project, account_id, catalog_id, service_id: What it is for; apply refuses any other.
        catalog_name: For people; may be empty.
        manifests_digest: SHA-256 of the manifests it came from.
        as_of: When the snapshot was taken that it was made from, UTC, ISO 8601 with Z; "" for the live catalog.
        has_state: False when there was no state to compare with: then nothing is removed or deleted.
        complete: False when only a part of the project was planned.
        scope: Which part that is.
        allowed: Limits that were lifted for this plan, by name, to a number.
        changes: Sorted by address; unchanged ones too.
        steps: Sorted so that every step comes after what it requires.
        targets: What is to be remembered of an address once all of its steps are done, where that is anything new.
        developed: What is to be remembered of the develop settings of photos, once those that are sent were sent.
        forgotten: Addresses whose binding ends with this plan.
        moved: For addresses that had others before, these, the latest first.
        previous_projects: The names that the project had before, the latest first.
        bases: For the addresses of both, the fingerprint of what was remembered when the plan was made. Where something
            else is remembered by then, another run was there in between.
        is_stored: It was read from a file: what it says of the catalog was true once.
        present_files: Paths of the originals that the manifests name and the catalog has already, sorted.
        names: File names of the photos that the plan speaks of, for people.
        empty: Parts of member lists that stand for no photo and that nobody has agreed to: the plan is refused.
        drift: What is kept and said.
    """

    project: str
    account_id: AccountId
    catalog_id: CatalogId
    service_id: ServiceId
    catalog_name: str = ""
    manifests_digest: str = ""
    created_at: str = ""
    as_of: str = ""
    has_state: bool = True
    complete: bool = True
    scope: Scope = WHOLE
    allowed: Mapping[str, int] = field(factory=dict)
    changes: tuple[Change, ...] = ()
    steps: tuple[Step, ...] = ()
    targets: Mapping[Address, Binding] = field(factory=dict)
    developed: Mapping[AssetId, Developed] = field(factory=dict)
    forgotten: tuple[Address, ...] = ()
    moved: Mapping[Address, tuple[Address, ...]] = field(factory=dict)
    previous_projects: tuple[str, ...] = ()
    bases: Mapping[Address, str] = field(factory=dict)
    present_files: tuple[str, ...] = ()
    names: Mapping[AssetId, str] = field(factory=dict)
    empty: tuple[EmptyWish, ...] = ()
    drift: tuple[Drift, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    summary: Summary = field(factory=Summary)
    read_seconds: float = 0.0
    apply_seconds: float = 0.0
    is_stored: bool = field(default=False, eq=False)

    @property
    def is_empty(self) -> bool:
        """Nothing to send."""
        return not self.steps

    @property
    def does_nothing(self) -> bool:
        """Nothing to send, and nothing to remember that a reviewer must see."""
        return self.is_empty and not self.summary.changes_something

    @property
    def blocked(self) -> tuple[BlockedPhoto, ...]:
        """Every wanted photo that cannot be where it is wanted."""
        return tuple(photo for change in self.changes for photo in change.blocked)

    @property
    def visible_changes(self) -> tuple[Change, ...]:
        """The changes a reviewer must see."""
        quiet = (Verb.UNCHANGED, Verb.PAUSED)
        return tuple(c for c in self.changes if c.verb not in quiet or c.blocked or c.moved_from)

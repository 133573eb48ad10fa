"""How a run ended: every wish and every file in exactly one bucket."""

from enum import StrEnum

from attrs import field, frozen

from lrplan.diagnostics import Diagnostic, ExitCode, Severity
from lrplan.model.address import Address

NEED_SOMEBODY = frozenset({"LRP301", "LRP302", "LRP303", "LRP306", "LRP307", "LRP706"})
"""Errors that end a run and do not pass by themselves."""


class Bucket(StrEnum):
    """What became of one wish or file."""

    DONE = "done"
    ALREADY = "already so"
    FAILED = "failed"
    SKIPPED = "skipped"
    STALE = "stale"
    BLOCKED = "blocked"
    PAUSED = "paused"


@frozen(kw_only=True)
class Item:
    """A declared album or set, one that goes, or a file to upload.

    Attributes:
        name: The address, or the path of the file.
        why: Cause and what to do, for everything but `ALREADY`; of what was done, what of it is blocked, else "".
        lasts: Of what failed or was skipped: the same would fail again, somebody has to look at the cause first.
    """

    name: str
    bucket: Bucket
    address: Address | None = None
    why: str = ""
    lasts: bool = False


class Open(StrEnum):
    """What it takes to do what is not done."""

    NOTHING = "all is done"
    AGAIN = "running it again finishes"
    LOOK = "what failed would fail again"
    LOOK_AND_AGAIN = "some of what failed would fail again"
    ERROR = "the error that ended the run has to be seen to"
    OTHER_CATALOG = "the plan is for a catalog that is not there any more"


class Verified(StrEnum):
    """What the read-back proved."""

    MANIFESTS = "the catalog matches the manifests"
    PLAN = "the catalog matches the plan"
    NOTHING = "not verified"


@frozen(kw_only=True)
class Report:
    """The result of an apply.

    Attributes:
        run_id: Names the run under `.lrplan/runs`; "" when nothing had to be done.
        items: Sorted by name; albums and files.
        verified: What the read-back showed.
        remains: What the read-back still found different, a line each.
        interrupted: A signal or a full storage ended the run early.
        calls: Requests sent, reads included.
        diagnostics: Errors and warnings, first things first.
    """

    run_id: str = ""
    items: tuple[Item, ...] = ()
    verified: Verified = Verified.NOTHING
    remains: tuple[str, ...] = ()
    interrupted: bool = False
    calls: int = 0
    seconds: float = 0.0
    diagnostics: tuple[Diagnostic, ...] = field(factory=tuple)

    @property
    def open(self) -> Open:
        """What it takes to do what is not done; stale items ask for another plan, and are not counted here."""
        grave = {said.code for said in self.diagnostics if said.severity is Severity.ERROR}
        undone = [item for item in self.items if item.bucket in (Bucket.FAILED, Bucket.SKIPPED)]
        if "LRP304" in grave:
            return Open.OTHER_CATALOG
        if not self.interrupted and not undone:
            return Open.NOTHING
        if grave & NEED_SOMEBODY:
            return Open.ERROR
        if not any(item.lasts for item in undone):
            return Open.AGAIN
        may_pass = self.interrupted or any(not item.lasts for item in undone)
        return Open.LOOK_AND_AGAIN if may_pass else Open.LOOK

    @property
    def exit_code(self) -> ExitCode:
        """The exit code that the report amounts to; where nothing was sent, there is a `Failure` and no report."""
        buckets = {item.bucket for item in self.items}
        # What was skipped because it needs something stale is not finished by running the same again.
        is_stale = Bucket.STALE in buckets and Bucket.FAILED not in buckets and not self.interrupted
        if any(said.code == "LRP304" for said in self.diagnostics):
            return ExitCode.CREDENTIALS  # running it again would not finish: the catalog is another one
        if not is_stale and (self.interrupted or buckets & {Bucket.FAILED, Bucket.SKIPPED}):
            return ExitCode.INCOMPLETE
        if Bucket.STALE in buckets:
            return ExitCode.STALE
        return ExitCode.READ_BACK if self.remains else ExitCode.DONE

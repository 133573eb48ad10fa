"""How a step can end, as values that the conductor decides on."""

from enum import StrEnum

from attrs import frozen

from lrplan.plan.write import Absent, PartlyAccepted, Refused


class Result(StrEnum):
    """How a step ended; the first two are good."""

    DONE = "done"
    ALREADY = "already"
    FAILED = "failed"
    SKIPPED = "skipped"
    STALE = "stale"

    @property
    def is_well(self) -> bool:
        """Whether what depends on the step may start."""
        return self in (Result.DONE, Result.ALREADY)


@frozen(kw_only=True)
class Ending:
    """How one step ended.

    Attributes:
        why: What the service or lrplan said, and what to do; of a good ending, what could not be had all the same.
        ends_run: The storage is full: nothing else may be sent.
        lasts: The same would fail again: somebody has to look at the cause first.
    """

    result: Result
    why: str = ""
    ends_run: bool = False
    lasts: bool = False


DONE = Ending(result=Result.DONE)
ALREADY = Ending(result=Result.ALREADY)


STALE = Ending(result=Result.STALE, why="the album is not as it was when the plan was made; make a new plan")


def failed(why: str, *, ends_run: bool = False, lasts: bool = False) -> Ending:
    """The step failed."""
    return Ending(result=Result.FAILED, why=why, ends_run=ends_run, lasts=lasts)


def refused(answer: Refused | Absent | PartlyAccepted, what: str) -> Ending:
    """The ending that a refusal amounts to; *what* names what was to be done.

    It lasts, but for a storage that has room again some day, and for what is gone, which the next plan sees.
    """
    match answer:
        case Refused(status=status, why=why, ends_run=ends_run):
            said = f"{what}: the service refused it ({status}: {why or 'no reason given'}{_named(answer)})"
            return failed(said, ends_run=ends_run, lasts=not ends_run)
        case Absent():
            return failed(f"{what}: it is not there any more (404{_named(answer)})")
        case PartlyAccepted(refused=photos):
            listed = "; ".join(f"{photo.asset_id}: {photo.why}" for photo in photos[:3])
            more = f" and {len(photos) - 3} more" if len(photos) > 3 else ""
            return failed(f"{what}: {len(photos)} photos were refused ({listed}{more}{_named(answer)})", lasts=True)


def _named(answer: Refused | Absent | PartlyAccepted) -> str:
    """The service's own name for the request, by which its makers can find it."""
    return f"; request id {answer.request_id}" if answer.request_id else ""

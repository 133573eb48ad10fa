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
        why: For everything but good endings: what the service or lrplan said, and what to do.
        ends_run: The storage is full: nothing else may be sent.
    """

    result: Result
    why: str = ""
    ends_run: bool = False


DONE = Ending(result=Result.DONE)
ALREADY = Ending(result=Result.ALREADY)


STALE = Ending(result=Result.STALE, why="the album is not as it was when the plan was made; make a new plan")


def failed(why: str, *, ends_run: bool = False) -> Ending:
    """The step failed."""
    return Ending(result=Result.FAILED, why=why, ends_run=ends_run)


def refused(answer: Refused | Absent | PartlyAccepted, what: str) -> Ending:
    """The ending that a lasting refusal amounts to; *what* names what was to be done."""
    match answer:
        case Refused(status=status, why=why, ends_run=ends_run):
            return failed(f"{what}: the service refused it ({status}: {why or 'no reason given'})", ends_run=ends_run)
        case Absent():
            return failed(f"{what}: it is not there any more (404)")
        case PartlyAccepted(refused=photos):
            listed = "; ".join(f"{photo.asset_id}: {photo.why}" for photo in photos[:3])
            more = f" and {len(photos) - 3} more" if len(photos) > 3 else ""
            return failed(f"{what}: {len(photos)} photos were refused ({listed}{more})")

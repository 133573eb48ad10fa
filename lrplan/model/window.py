"""
When a photo was captured, and whether that lies between two dates: one answer for everybody who asks.

A capture date is the local time of the camera, as text; a zone is left out, which the service adds to some. A bound
without a time is the start of its day, and one without seconds the start of its minute. The surprising case: a second
may be written with any fraction or none, so that texts are compared after the zeros at their ends are taken off.
"""

import re

from attrs import frozen

from lrplan.model.asset import UNKNOWN_DATE

_ZONE = re.compile(r"(?:Z|[+-]\d{2}(?::?\d{2})?)$")
_ZEROS = re.compile(r"(?<=:\d\d)(\.\d*?)0+$")


@frozen(kw_only=True)
class Window:
    """Capture dates from *after* (included) up to *before* (excluded), ISO 8601 text; None is open."""

    after: str | None = None
    before: str | None = None

    @property
    def is_open(self) -> bool:
        """Neither side is bounded: everything is in it, undated photos too."""
        return self.after is None and self.before is None

    def holds(self, capture_date: str) -> bool:
        """Tell whether a photo captured then lies inside; one without a date lies in no bounded window."""
        return holds(capture_date, after=self.after, before=self.before)

    def covers(self, other: "Window") -> bool:
        """Tell whether all of *other* lies inside."""
        return (
            self.after is None or (other.after is not None and comparable(self.after) <= comparable(other.after))
        ) and (
            self.before is None or (other.before is not None and comparable(other.before) <= comparable(self.before))
        )


EVERYTHING = Window()


def holds(captured: str, *, after: str | None, before: str | None) -> bool:
    """Tell whether a photo was captured at *after* or later, and before *before*; None leaves a side open.

    One whose date is unknown is in no window that is bounded.
    """
    if after is None and before is None:
        return True
    if is_unknown(captured):
        return False
    at = comparable(captured)
    return (after is None or comparable(after) <= at) and (before is None or at < comparable(before))


def is_unknown(captured: str) -> bool:
    """The service does not know when it was captured."""
    return not captured or captured.startswith(UNKNOWN_DATE[:10])


def local(captured: str) -> str:
    """*captured* without its time zone; a date alone stays a date."""
    return _ZONE.sub("", captured) if "T" in captured else captured


def comparable(captured: str) -> str:
    """*captured* as a text that sorts by time; an unknown date comes first."""
    return _ZEROS.sub(r"\1", local(captured)).rstrip(".")

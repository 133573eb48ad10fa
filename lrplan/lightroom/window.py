"""
Windows of capture dates, and when a walk through the catalog has left one. Pure.

What a window holds is said in `model.window`. An unknown date is in none, and is met only where there is none.

The surprising case: listings were seen oldest first although newest first was asked for, and unordered inside a day.
So a walk stops early only on evidence: days that have only ever grown, page by page, and are past the end, or that have
only ever shrunk and are before the beginning.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from attrs import frozen

from lrplan.model.asset import Asset
from lrplan.model.window import holds, local
from lrplan.model.window import is_unknown as is_unknown

UNDATED_TOO = "-0001-12-31T23:59:59"  # Lightroom API, "Retrieve assets": captured_after that lists undated assets

Query = dict[str, str | int]


@frozen(kw_only=True)
class Window:
    """From *after* (included) to *before* (not included); None leaves a side open."""

    after: str | None = None
    before: str | None = None

    @property
    def is_open(self) -> bool:
        """Neither side is bounded: everything is in it, undated photos too."""
        return self.after is None and self.before is None

    def holds(self, asset: Asset) -> bool:
        """Tell whether *asset* was captured in the window."""
        return holds(asset.capture_date, after=self.after, before=self.before)

    def query(self) -> Query:
        """The one bound that the service may be asked for; it takes `captured_after` or `captured_before`, not both."""
        if self.is_open:
            return {"captured_after": UNDATED_TOO}
        if self.after is not None:
            return {"captured_after": just_before(local(self.after))}
        return self.query_downwards()

    def query_downwards(self) -> Query:
        """The bound at the late end, for a walk down; none where that side is open."""
        return {} if self.before is None else {"captured_before": with_time(local(self.before))}


class Course:
    """The days of a walk so far, to tell when it has left its window for good."""

    def __init__(self, window: Window) -> None:
        self._start = local(window.after)[:10] if window.after is not None else ""
        self._end = local(window.before)[:10] if window.before is not None else "~"
        self._first = self._last = ""
        self._grows = self._shrinks = True

    def has_left(self, page: Iterable[Asset]) -> bool:
        """Take one more page; True when nothing that follows can be in the window any more."""
        days = [day[:10] for asset in page if not is_unknown(day := local(asset.capture_date))]
        for day in days:
            self._first = self._first or day
            self._grows = self._grows and day >= self._last
            self._shrinks = self._shrinks and day <= (self._last or day)
            self._last = day
        if not days or self._first == self._last:
            return False
        return (self._grows and min(days) > self._end) or (self._shrinks and max(days) < self._start)


def turns_round(query: Query, page: Sequence[Asset], *, onward: str | None, back: str | None) -> bool:
    """Tell whether a listing that was asked to go up goes on downwards.

    By one reading of the document `next` always leads to older photos and `prev` to newer ones. Then a page that was
    asked for upwards, but is not ascending, ends without `next` while `prev` still leads on.

    Args:
        onward: `links.next.href` of the page.
        back: `links.prev.href` of the page.
    """
    if "captured_after" not in query:
        return False
    if onward is not None:
        return "captured_before=" in onward
    ascends = len(page) > 1 and local(page[0].capture_date) < local(page[-1].capture_date)
    return back is not None and "captured_after=" in back and not ascends


def with_time(bound: str) -> str:
    """*bound* as the service takes it: with a time, down to the second."""
    try:
        return datetime.fromisoformat(bound).isoformat()
    except ValueError:
        return bound  # the service says what is wrong with it


def just_before(bound: str) -> str:
    """The second before *bound*, since the service leaves out what was captured at the very instant."""
    try:
        return (datetime.fromisoformat(bound).replace(microsecond=0) - timedelta(seconds=1)).isoformat()
    except (ValueError, OverflowError):
        return with_time(bound)

"""
The lines of a journal, as values.

A run writes an `Intent` before each request that writes and an `Outcome` after it has understood the answer; nothing is
ever rewritten. An intent without an outcome is *in doubt*: the catalog may or may not have changed, and only a look at
it can tell.
"""

from collections.abc import Iterable

from attrs import frozen

from lrplan.model.ids import AlbumId, AssetId


@frozen(kw_only=True)
class Started:
    """The first line: which plan, when."""

    run_id: str
    digest: str
    at: str


@frozen(kw_only=True)
class Intent:
    """A request is about to be sent.

    Attributes:
        write: Names the request within the run: the step's id and a number, `albums.a/add/1#0`.
        step_id: The action it belongs to.
        stamp: The instant that goes into the request; reused when it is sent again.
        album_id, asset_ids: What it touches.
        content_range: Which bytes of an original it sends, where they are a part of it.
    """

    write: str
    step_id: str
    stamp: str
    album_id: AlbumId | None = None
    asset_ids: tuple[AssetId, ...] = ()
    content_range: str = ""


@frozen(kw_only=True)
class Begun:
    """A request that an earlier run of the very same plan may have sent; that run is part of the state by now.

    Attributes:
        write, step_id, stamp: As the `Intent` of that run has them.
    """

    write: str
    step_id: str
    stamp: str


@frozen(kw_only=True)
class Outcome:
    """A request was answered and understood, or is known never to have been sent.

    Attributes:
        result: `accepted`, `exists`, `absent`, `partly` or `refused`; `unsent` where the run ended before.
        asset_ids: For a call that adds photos: those that were refused.
        why: The service's words where it refused.
        request_id: The service's own id of the request, if it gave one.
    """

    write: str
    result: str
    asset_ids: tuple[AssetId, ...] = ()
    why: str = ""
    request_id: str = ""


@frozen(kw_only=True)
class Settled:
    """An id of the plan turned out to stand for another: an adopted original, a generation that could not be used."""

    step_id: str
    planned: str
    actual: str


@frozen(kw_only=True)
class StepDone:
    """An action ended: `done`, `already`, `failed`, `skipped` or `stale`."""

    step_id: str
    result: str
    why: str = ""


@frozen(kw_only=True)
class Ended:
    """The last line of a run that was not cut off: `done`, `incomplete`, `interrupted`."""

    result: str
    at: str


FULL = "full"  # an outcome: the service refused an original for want of room, and said to stop all calls

Entry = Started | Begun | Intent | Outcome | Settled | StepDone | Ended


def storage_was_full(entries: Iterable[Entry]) -> bool:
    """Tell whether the service ended this run because the customer's storage is full."""
    return any(isinstance(entry, Outcome) and entry.result == FULL for entry in entries)

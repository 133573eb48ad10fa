"""
How many requests a plan sends, exactly, when nothing goes wrong.

Besides its writes an apply looks at the account and the catalog, at every album directly before it is first touched
(itself and its members), and once more at every touched album at the end.
"""

from collections.abc import Sequence

from lrplan.diff.change import Change, Verb
from lrplan.model.album import AlbumKind
from lrplan.model.ids import AlbumId
from lrplan.model.snapshot import Snapshot
from lrplan.plan.action import Action, DeleteAlbum, RetireAlbum, Step, UploadOriginal
from lrplan.plan.limits import MEMBERS_PER_PAGE_MAX, pages_of, parts_of

PREAMBLE_CALLS = 2  # the account and its catalog, before anything is written


def step_calls(action: Action, snapshot: Snapshot) -> int:
    """The requests of one action."""
    match action:
        case UploadOriginal():
            look = action.asset_id in snapshot.assets  # begun earlier: the id is taken, and the asset is looked at
            return 1 + look + parts_of(action.original.size_bytes, action.original.part_size_bytes)
        case RetireAlbum():
            old = len(snapshot.members[action.album_id].asset_ids) if action.album_id in snapshot.members else 0
            return pages_of(old, MEMBERS_PER_PAGE_MAX) + pages_of(action.expected, MEMBERS_PER_PAGE_MAX) + 1
        case DeleteAlbum(kind=AlbumKind.SET):
            return snapshot.album_calls + 1
        case _:
            return 1


def apply_calls(changes: Sequence[Change], steps: Sequence[Step], snapshot: Snapshot) -> int:
    """All requests of an apply of these steps; none where there is nothing to do."""
    if not steps:
        return 0
    touched = [change for change in changes if change.verb in (Verb.CREATE, Verb.UPDATE, Verb.REPLACE, Verb.DELETE)]
    looks = sum(_look_before(change, snapshot) + _look_after(change, snapshot) for change in touched)
    return PREAMBLE_CALLS + sum(step.calls for step in steps) + looks


def live_ids(change: Change) -> tuple[AlbumId, ...]:
    """The live albums that a change starts from, the newest generation first; the fingerprint covers these."""
    ids = (change.id, *change.retired) if change.id is not None else change.retired
    return tuple(dict.fromkeys(ids))


def _look_before(change: Change, snapshot: Snapshot) -> int:
    sizes = [_live_size(album, snapshot) if change.looks_inside else None for album in live_ids(change)]
    return sum(1 + _pages(size) for size in sizes)


def _look_after(change: Change, snapshot: Snapshot) -> int:
    goes = len(change.retired)
    if change.verb is Verb.DELETE:
        return goes
    size = len(change.members.after) if change.members is not None else None
    if size is None and change.looks_inside:
        size = _live_size(change.id, snapshot) if change.id is not None else 0
    return goes + 1 + _pages(size)


def _live_size(album: AlbumId, snapshot: Snapshot) -> int | None:
    """How many members the album has; None where they are not looked at."""
    return len(snapshot.members[album].asset_ids) if album in snapshot.members else None


def _pages(size: int | None) -> int:
    return 0 if size is None else pages_of(size, MEMBERS_PER_PAGE_MAX)

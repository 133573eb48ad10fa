"""
How many requests a plan sends, exactly, when nothing goes wrong.

Besides its writes an apply looks at the account and the catalog, at every album directly before it is first touched
(itself and its members), and once more at every touched album at the end. Where originals were sent, it asks then which
of the catalog's have not arrived; develop settings that were sent are read once each.
"""

from collections.abc import Mapping, Sequence

from attrs import evolve

from lrplan.diff.change import Change, Verb
from lrplan.model.address import is_set
from lrplan.model.album import Album, AlbumKind, Membership
from lrplan.model.asset import UNKNOWN_DATE
from lrplan.model.ids import AlbumId
from lrplan.model.snapshot import Snapshot
from lrplan.plan.action import (
    TOP_LEVEL,
    Action,
    CopySettings,
    DeleteAlbum,
    RetireAlbum,
    SetDevelop,
    Step,
    UpdateAlbum,
    UploadOriginal,
)
from lrplan.plan.heirs import moves_out
from lrplan.plan.limits import MEMBERS_PER_PAGE_MAX, calls_by_date, pages_of, parts_of
from lrplan.plan.requests import parts_to_send

PREAMBLE_CALLS = 2  # the account and its catalog, before anything is written
_TOUCHING = frozenset({Verb.CREATE, Verb.UPDATE, Verb.REPLACE, Verb.DELETE})
INCOMPLETE_CALLS = 2  # ports.CatalogReader.incomplete, where what waits fills no more than a page


def step_calls(action: Action, snapshot: Snapshot, actions: Sequence[Action] = ()) -> int:
    """The requests of one action; *actions* are all of its plan."""
    match action:
        case UploadOriginal():
            return 1 + _upload_calls(action, snapshot)
        case RetireAlbum() if is_set(action.address):
            children = len(moves_out(action.album_id, action.successor, _albums_by_then(snapshot, actions)))
            lists = 2 if children else 1  # each child is read and moved, and then nothing may be left
            return lists * snapshot.album_calls + 2 * children + 1
        case RetireAlbum():
            old = snapshot.members.get(action.album_id, Membership()).asset_ids
            dates = (snapshot.assets[one].capture_date if one in snapshot.assets else UNKNOWN_DATE for one in old)
            lists = pages_of(len(old), MEMBERS_PER_PAGE_MAX) + calls_by_date(dates, MEMBERS_PER_PAGE_MAX)
            return 1 + lists + pages_of(action.expected, MEMBERS_PER_PAGE_MAX) + 1
        case DeleteAlbum(kind=AlbumKind.SET):
            return snapshot.album_calls + 1
        case _:
            return 1


def apply_calls(changes: Sequence[Change], steps: Sequence[Step], snapshot: Snapshot) -> int:
    """All requests of an apply of these steps; none where there is nothing to do."""
    if not steps:
        return 0
    # an album of which nothing is changed may wait for an original, and others only remember something
    busy = {step.action.address for step in steps}
    touched = [one for one in changes if one.address in busy]
    looks = sum(_look_before(change, snapshot) + _look_after(change, snapshot) for change in touched)
    if any(isinstance(step.action, UploadOriginal) for step in steps):
        looks += INCOMPLETE_CALLS
    looks += sum(isinstance(step.action, SetDevelop | CopySettings) for step in steps)
    return PREAMBLE_CALLS + sum(step.calls for step in steps) + looks


def live_ids(change: Change) -> tuple[AlbumId, ...]:
    """The live albums that a change starts from, the newest generation first; the fingerprint covers these."""
    ids = (change.id, *change.retired) if change.id is not None else change.retired
    return tuple(dict.fromkeys(ids))


def _upload_calls(action: UploadOriginal, snapshot: Snapshot) -> int:
    """What follows the creation of the asset. If an earlier run made that, its id is taken, and it is looked at."""
    missing = len(parts_to_send(action, snapshot.begun.get(action.asset_id, ())))
    look = action.asset_id in snapshot.assets
    if look and action.asset_id not in (snapshot.incomplete or ()):
        # only that run says that it waits: more likely its last request was carried out, and the next one says so
        return look + (1 if missing else INCOMPLETE_CALLS)
    # where parts are left out, it is asked afterwards whether the original is whole
    parts = parts_of(action.original.size_bytes, action.original.part_size_bytes)
    return look + missing + (INCOMPLETE_CALLS if missing < parts else 0)


def _albums_by_then(snapshot: Snapshot, actions: Sequence[Action]) -> Mapping[AlbumId, Album]:
    """The albums once all but the steps that delete sets are done: where each lies, as far as it is still there."""
    albums = dict(snapshot.albums)
    for action in actions:
        if isinstance(action, UpdateAlbum) and action.parent is not None:
            parent = None if action.parent == TOP_LEVEL else AlbumId(action.parent)
            albums[action.album_id] = evolve(albums[action.album_id], parent=parent)
    gone = {action.album_id for action in actions if isinstance(action, DeleteAlbum | RetireAlbum)}
    return {key: album for key, album in albums.items() if key not in gone}


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

"""The steps of what no manifest declares any more: deleted, marked as deleted, or only let go, which takes none."""

from collections.abc import Iterable

from lrplan.diff.change import Change, Verb
from lrplan.model.album import PublishInfo
from lrplan.plan.action import DeleteAlbum, Step, UpdateAlbum


def deletions(change: Change) -> Iterable[Step]:
    """One step for each generation of an album or a set that goes."""
    for number, album in enumerate(change.retired, start=1):
        action = DeleteAlbum(address=change.address, album_id=album, kind=change.kind)
        yield Step(id=f"{change.address}/delete/{number}", action=action)


def tombstone(change: Change) -> Iterable[Step]:
    """The mark on an album or a set that stays; nothing where it is only let go."""
    if change.verb is Verb.UPDATE and change.id is not None:
        info = PublishInfo(deleted=True)
        action = UpdateAlbum(address=change.address, album_id=change.id, publish_info=info)
        yield Step(id=f"{change.address}/update", action=action)

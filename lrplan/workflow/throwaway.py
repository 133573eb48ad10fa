"""
The throw-away album and set of a probe: made, found again wherever a probe was cut off, and removed.

Their ids say that they are a probe's, and no project's: any run of the same API key on the same account knows them, and
nothing else is ever removed here. A set goes only when nothing is in it; somebody may have dragged an album of theirs
there in the meantime.

The surprising case: listings lag. What a probe has just made may not be listed yet, and what it has removed may be
listed still; so what is known by its id is read by its id.
"""

from collections.abc import Iterable

from attrs import frozen

from lrplan.model.album import Album, AlbumKind
from lrplan.model.ids import AccountId, AlbumId, is_probe_id, probe_id
from lrplan.plan.write import RemoveAlbum
from lrplan.ports import Clock
from lrplan.workflow.patient import Line

SET_ROLE, ALBUM_ROLE = "set", "album"
SET_NAME = "lrplan doctor: a throw-away set, safe to delete"
ALBUM_NAME = "lrplan doctor: a throw-away album, safe to delete"
GONE_WAITS_S = (0.5, 1.0, 2.0, 4.0)  # ours: how long something that was deleted may still be read


@frozen(kw_only=True)
class Removal:
    """What became of leftovers: the ids that are gone, and those that are not, each with the reason."""

    removed: tuple[AlbumId, ...] = ()
    remains: tuple[tuple[AlbumId, str], ...] = ()


def first_ids(line: Line, account_id: AccountId) -> tuple[AlbumId, ...]:
    """The ids that a probe tries first, which listings may not show yet."""
    return tuple(probe_id(account_id, line.service_id, role, 0) for role in (ALBUM_ROLE, SET_ROLE))


def leftovers_among(albums: Iterable[Album], line: Line, account_id: AccountId) -> tuple[Album, ...]:
    """What probes of this API key have left on this account, as far as it is in *albums*."""
    return tuple(
        album
        for album in albums
        if is_probe_id(album.id, account_id, line.service_id) and album.service_id in (None, line.service_id)
    )


async def read_leftovers(line: Line, account_id: AccountId, ids: Iterable[AlbumId]) -> tuple[Album, ...]:
    """What probes have left, by the listing and by reading each of *ids* besides. Failure as any reading call."""
    found = {album.id: album for album in leftovers_among(await line.service.albums(), line, account_id)}
    for album_id in ids:
        if album_id not in found and (album := await line.service.album(album_id)) is not None:
            found[album_id] = album
    return leftovers_among(found.values(), line, account_id)


async def remove(line: Line, leftovers: Iterable[Album], clock: Clock) -> Removal:
    """Delete *leftovers*, albums before sets, and see that they are gone.

    Raises:
        Failure: The service could not be asked; some may be gone.
    """
    removed: list[AlbumId] = []
    remains: list[tuple[AlbumId, str]] = []
    for album in sorted(leftovers, key=lambda one: (one.kind is AlbumKind.SET, one.id)):
        if album.kind is AlbumKind.SET and await _holds_others(line, album.id, removed):
            remains.append((album.id, "something else was put into it"))
            continue
        await line.service.send(RemoveAlbum(album_id=album.id), stamp=clock.now())
        if await _is_gone(line, album.id, clock):
            removed.append(album.id)
        else:
            remains.append((album.id, "the service still shows it"))
    return Removal(removed=tuple(removed), remains=tuple(remains))


async def _holds_others(line: Line, set_id: AlbumId, removed: list[AlbumId]) -> bool:
    for child in await line.service.albums():
        if child.parent != set_id or child.id in removed:
            continue
        now = await line.service.album(child.id)
        if now is not None and now.parent == set_id:
            return True
    return False


async def _is_gone(line: Line, album_id: AlbumId, clock: Clock) -> bool:
    for wait_s in (*GONE_WAITS_S, None):
        if await line.service.album(album_id) is None:
            return True
        if wait_s is not None:
            await clock.sleep(wait_s)
    return False

"""
The end of a replacement: nothing of the old generation is lost, or it is not deleted.

The old generation is listed; photos that came in since the plan are carried over; the new generation is listed to see
that all of it is really there; only then, directly after, the old one goes. A listing that lags behind its writes is
waited for, a bounded time.
"""

from collections.abc import Iterable

from lrplan.apply.endings import ALREADY, DONE, Ending, failed, refused
from lrplan.apply.recorded import RecordedWriter
from lrplan.model.album import NO_PAYLOAD, AlbumKind, Membership
from lrplan.model.ids import AlbumId, AssetId
from lrplan.model.order_keys import keys_between
from lrplan.plan.action import DeleteAlbum, RetireAlbum
from lrplan.plan.limits import MEMBERS_PER_CALL_MAX
from lrplan.plan.write import (
    Absent,
    Accepted,
    Entry,
    Exists,
    OriginalExists,
    PartlyAccepted,
    PutMembers,
    Refused,
    RemoveAlbum,
)
from lrplan.ports import CatalogReader, Clock

LAG_WAITS_S = (0.5, 1.0, 2.0, 4.0)  # ours: how long a listing is given to show what was written


class Remover:
    """Deletes albums: old generations that have an heir, and what no manifest declares any more."""

    def __init__(self, reader: CatalogReader, writer: RecordedWriter, clock: Clock, actual: dict[str, str]) -> None:
        """Ids of the plan that stand for others are looked up in *actual*."""
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._actual = actual

    async def retire(self, step_id: str, action: RetireAlbum, wanted: Iterable[AssetId]) -> Ending:
        """Delete an old generation once the new one is seen to hold everything: *wanted*, and what is kept."""
        successor = AlbumId(self._actual.get(action.successor, action.successor))
        dropped = set(action.dropped)
        needed = {AssetId(self._actual.get(a, a)) for a in wanted}
        carried: set[AssetId] = set()
        for wait_s in (*LAG_WAITS_S, None):
            old = await self._reader.members(action.album_id)
            if old is None:
                return ALREADY
            new = await self._reader.members(successor)
            if new is None:
                return failed("the new album is not there, so the old one stays")
            kept = [a for a in old.membership.asset_ids if a not in dropped]
            present = set(new.membership.asset_ids)
            newcomers = [a for a in kept if a not in present and a not in carried and a not in needed]
            if newcomers:
                problem = await self._carry_over(step_id, successor, newcomers, old.membership, new.membership)
                if problem is not None:
                    return problem
                carried.update(newcomers)
                continue
            missing = (needed | set(kept)) - present
            if not missing:
                return await self._delete(step_id, action.album_id)
            if wait_s is not None:
                await self._clock.sleep(wait_s)
        return failed("the new album does not show all photos yet, so the old one stays; run apply again")

    async def delete(self, step_id: str, action: DeleteAlbum) -> Ending:
        """Delete an album; a set only if a listing directly before shows nothing in it."""
        album_id = AlbumId(self._actual.get(action.album_id, action.album_id))
        if action.kind is AlbumKind.SET:
            inside = [album.name for album in await self._reader.albums() if album.parent == album_id]
            if inside:
                return failed(f"the set is not empty: {len(inside)} albums or sets are in it, such as {inside[0]!r}")
        return await self._delete(step_id, album_id)

    async def _delete(self, step_id: str, album_id: AlbumId) -> Ending:
        answer = await self._writer.send(step_id, RemoveAlbum(album_id=album_id))
        match answer:
            case Accepted():
                return DONE
            case Absent():
                if await self._reader.album(album_id) is not None:
                    return failed("deleting the album: the service says that it is not there (404), but shows it")
                return ALREADY
            case Refused() | PartlyAccepted():
                return refused(answer, "deleting the album")
            case Exists() | OriginalExists():
                return failed("deleting the album: the service answered in an unknown way")

    async def _carry_over(
        self, step_id: str, successor: AlbumId, newcomers: list[AssetId], old: Membership, new: Membership
    ) -> Ending | None:
        """Add photos that came into the old generation since the plan, behind all others; None when that worked."""
        keyed = [key for key in new.orders if key is not None]
        keys = keys_between(max(keyed), None, len(newcomers)) if keyed else None
        for start in range(0, len(newcomers), MEMBERS_PER_CALL_MAX):
            batch = newcomers[start : start + MEMBERS_PER_CALL_MAX]
            entries = tuple(
                Entry(
                    asset_id=a,
                    order=keys[start + index] if keys is not None else None,
                    raw=old.infos[a].raw if a in old.infos else NO_PAYLOAD,
                )
                for index, a in enumerate(batch)
            )
            answer = await self._writer.send(step_id, PutMembers(album_id=successor, entries=entries))
            if isinstance(answer, Refused | Absent | PartlyAccepted):
                return refused(answer, "carrying over photos that came in since the plan")
        return None

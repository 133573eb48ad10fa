"""
The end of a replacement: nothing of the old generation is lost, or it is not deleted.

The old generation is listed, by order and once more by date, since a service may leave photos out of the former that
have no order key; photos that came in since the plan are carried over; the new generation is listed to see
that all of it is really there; only then, directly after, the old one goes. Of a set, the albums in it move to the new
generation. A listing that lags behind its writes is waited for, a bounded time.

The surprising case: what was changed of the old album itself after it had been copied, such as its cover, cannot be
told from what the new one is meant to have. Then it stays, and a person is told.
"""

from collections.abc import Iterable, Mapping

from attrs import evolve, frozen

from lrplan.apply.endings import ALREADY, DONE, Ending, Result, failed, refused
from lrplan.apply.looks import Look
from lrplan.apply.recorded import RecordedWriter
from lrplan.model.address import is_set
from lrplan.model.album import Album, AlbumKind, Membership, without_stamps
from lrplan.model.ids import AlbumId, AssetId
from lrplan.model.order_keys import keys_between
from lrplan.plan.action import DeleteAlbum, RetireAlbum
from lrplan.plan.heirs import moves_out
from lrplan.plan.limits import LAG_WAITS_S, MEMBERS_PER_CALL_MAX
from lrplan.plan.requests import Actual, actual_album, actual_asset, carried_over
from lrplan.plan.write import (
    Absent,
    Accepted,
    Entry,
    Exists,
    OriginalExists,
    PartlyAccepted,
    PostAlbum,
    PutMembers,
    Refused,
    RemoveAlbum,
)
from lrplan.ports import CatalogReader, Clock


class Remover:
    """Deletes albums: old generations that have an heir, and what no manifest declares any more."""

    def __init__(self, reader: CatalogReader, writer: RecordedWriter, clock: Clock, actual: Actual) -> None:
        """Ids of the plan that stand for others are looked up in *actual*."""
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._actual = actual
        self._deleted: set[AlbumId] = set()

    async def retire(self, step_id: str, action: RetireAlbum, look: Look, wanted: Iterable[AssetId]) -> Ending:
        """Delete an old generation once the new one is seen to hold everything: *wanted*, and what is kept.

        Args:
            look: The generations as they were when they were copied.
        """
        if is_set(action.address):
            return await self._retire_set(step_id, action)
        successor = actual_album(action.successor, self._actual)
        dropped = set(action.dropped)
        needed = {actual_asset(a, self._actual) for a in wanted}
        carried: set[AssetId] = set()
        shown = False
        for wait_s in (*LAG_WAITS_S, None):
            album = await self._reader.album(action.album_id)
            old = await self._old(action.album_id) if album is not None else None
            if album is None or old is None:
                return ALREADY
            changed = _changed(look, album, old.listed)
            if changed:
                return _edited(changed)
            new = await self._new(successor, needed)
            if new is not None:
                shown = True
                kept = [a for a in old.movable if a not in dropped]
                present = set(new.asset_ids)
                newcomers = [a for a in kept if a not in present and a not in carried and a not in needed]
                if newcomers:
                    problem = await self._carry_over(step_id, successor, newcomers, old.whole, new)
                    if problem is not None:
                        return problem
                    carried.update(newcomers)
                    continue
                missing = (needed | set(kept)) - present
                if not missing:
                    cover = album.cover or old.whole.cover
                    if cover in kept and cover not in old.listed.asset_ids and new.cover is None:
                        problem = await self._give_cover(step_id, successor, cover)
                        if problem is not None:
                            return problem
                    ending = await self._delete(step_id, action.album_id)
                    stays = len(old.whole.asset_ids) - len(old.movable)
                    return evolve(ending, why=_left_behind(stays)) if stays and ending.result.is_well else ending
            if wait_s is not None:
                await self._clock.sleep(wait_s)
        lacks = "does not show all photos yet" if shown else "is not shown yet"
        return failed(f"the new album {lacks}, so the old one stays; run apply again")

    async def _old(self, album_id: AlbumId) -> "_Old | None":
        listing = await self._reader.members(album_id)
        by_date = await self._reader.members_by_date(album_id) if listing is not None else None
        if listing is None or by_date is None:
            return None
        listed = set(listing.membership.asset_ids)
        there = {asset.id for asset in by_date.assets if not asset.is_trashed}
        whole = listing.membership.with_others(by_date.membership)
        movable = tuple(a for a in whole.asset_ids if a in listed or a in there)
        return _Old(listed=listing.membership, whole=whole, movable=movable)

    async def _new(self, album_id: AlbumId, needed: set[AssetId]) -> Membership | None:
        listing = await self._reader.members(album_id)
        if listing is None or needed.issubset(listing.membership.asset_ids):
            return listing.membership if listing is not None else None
        by_date = await self._reader.members_by_date(album_id)
        return (listing.with_others(by_date) if by_date is not None else listing).membership

    async def delete(self, step_id: str, action: DeleteAlbum) -> Ending:
        """Delete an album; a set only if a listing directly before shows nothing in it."""
        album_id = actual_album(action.album_id, self._actual)
        if action.kind is not AlbumKind.SET:
            return await self._delete(step_id, album_id)
        inside: list[str] = []
        for wait_s in (*LAG_WAITS_S, None):
            inside = [album.name for album in (await self._albums()).values() if album.parent == album_id]
            if not inside:
                return await self._delete(step_id, album_id)
            if wait_s is not None:
                await self._clock.sleep(wait_s)
        what = "1 album or set is" if len(inside) == 1 else f"{len(inside):,} albums or sets are"
        return failed(f"the set is not empty: {what} in it, such as {inside[0]!r}")

    async def _retire_set(self, step_id: str, action: RetireAlbum) -> Ending:
        """Move what is in an older set to the newer one, see that it is empty, and delete it."""
        successor = actual_album(action.successor, self._actual)
        moved: set[AlbumId] = set()
        inside: tuple[PostAlbum, ...] = ()
        for wait_s in (*LAG_WAITS_S, None):
            inside = moves_out(action.album_id, successor, await self._albums())
            if not inside:
                return await self._delete(step_id, action.album_id)
            due = [move for move in inside if move.current.id not in moved]
            for move in due:
                problem = await self._move(step_id, move)
                if problem is not None:
                    return problem
            moved.update(move.current.id for move in due)
            if not due and wait_s is not None:
                await self._clock.sleep(wait_s)
        return failed(f"the older set still shows {inside[0].current.name!r}, so it stays; run apply again")

    async def _move(self, step_id: str, move: PostAlbum) -> Ending | None:
        """Move one album or set, from what it holds now; None when that worked, or it is not there any more."""
        current = await self._reader.album(move.current.id)
        if current is None or current.parent != move.current.parent:
            return None  # the listing lags
        answer = await self._writer.send(step_id, PostAlbum(current=current, parent=move.parent))
        if isinstance(answer, Refused | PartlyAccepted):
            return refused(answer, f"moving {current.name!r} to the newer set")
        return None

    async def _albums(self) -> Mapping[AlbumId, Album]:
        """The albums and sets as listed, less those that this run has deleted."""
        return {album.id: album for album in await self._reader.albums() if album.id not in self._deleted}

    async def _delete(self, step_id: str, album_id: AlbumId) -> Ending:
        answer = await self._writer.send(step_id, RemoveAlbum(album_id=album_id))
        match answer:
            case Accepted():
                self._deleted.add(album_id)
                return DONE
            case Absent():
                if await self._reader.album(album_id) is not None:
                    return failed("deleting the album: the service says that it is not there (404), but shows it")
                return ALREADY
            case Refused():
                # The document knows no 404 here: what is gone already, by a request whose answer was lost, is refused.
                if answer.status in (400, 403) and await self._reader.holder(album_id) is None:
                    return ALREADY
                return refused(answer, "deleting the album")
            case Exists() | OriginalExists() | PartlyAccepted():
                return failed("deleting the album: the service answered in an unknown way")

    async def _give_cover(self, step_id: str, album_id: AlbumId, cover: AssetId | None) -> Ending | None:
        """Carry a cover over that no plan could see, unless the new generation has one; None when that went well."""
        album = await self._reader.album(album_id)
        if cover is None or album is None or album.cover is not None:
            return None
        entries = (Entry(asset_id=cover, cover=True),)
        answer = await self._writer.send(step_id, PutMembers(album_id=album_id, entries=entries))
        return refused(answer, "carrying the cover over") if isinstance(answer, Refused | Absent) else None

    async def _carry_over(
        self, step_id: str, successor: AlbumId, newcomers: list[AssetId], old: Membership, new: Membership
    ) -> Ending | None:
        """Add photos that came into the old generation since the plan, behind all others; None when that worked."""
        keyed = [key for key in new.orders if key is not None]
        keys = keys_between(max(keyed), None, len(newcomers)) if keyed else None
        for start in range(0, len(newcomers), MEMBERS_PER_CALL_MAX):
            batch = newcomers[start : start + MEMBERS_PER_CALL_MAX]
            entries = tuple(
                carried_over(a, old.infos, keys[start + index] if keys is not None else None)
                for index, a in enumerate(batch)
            )
            answer = await self._writer.send(step_id, PutMembers(album_id=successor, entries=entries))
            if isinstance(answer, Refused | Absent | PartlyAccepted):
                return refused(answer, "carrying over photos that came in since the plan")
        return None


@frozen(kw_only=True)
class _Old:
    """The members of an old generation: as *listed* by order, and on the *whole*.

    Attributes:
        movable: All but what only the listing by date shows, and what cannot be put into another album any more: it
            lies in the trash, or has left the catalog.
    """

    listed: Membership
    whole: Membership
    movable: tuple[AssetId, ...]


def _left_behind(number: int) -> str:
    which = "1 photo" if number == 1 else f"{number:,} photos"
    return f"{which} in the trash, or gone from the catalog, could not come along"


def _edited(what: str) -> Ending:
    why = (
        f"{what} was changed in Lightroom while the album was being replaced; both albums stay. The new one is kept by "
        "the next apply: if the change shall stay, make it there too"
    )
    return Ending(result=Result.STALE, why=why)


def _changed(look: Look, album: Album, listing: Membership) -> str:
    """What somebody changed of an old generation since it was looked at, beyond photos that came or went; "" if not."""
    before = look.albums.get(album.id)
    if before is None:
        return ""
    if (before.name, before.parent) != (album.name, album.parent):
        return "its name or its place"
    if without_stamps(before.publish_info) != without_stamps(album.publish_info):
        return "its publishInfo"
    listed = look.members.get(album.id)
    if listed is None:
        return "its cover" if before.cover != album.cover else ""
    if (before.cover, listed.cover) != (album.cover, listing.cover):
        return "its cover"
    there = set(listed.asset_ids).intersection(listing.asset_ids)
    if _told(listed, there) != _told(listing, there):
        return "the publishInfo of a photo in it"
    if _keys(listed, there) != _keys(listing, there):
        return "the order of its photos"
    return ""


def _told(listing: Membership, photos: set[AssetId]) -> Mapping[AssetId, tuple[str | None, str | None]]:
    told = {a: (info.remote_id, info.service_payload) for a, info in listing.infos.items() if a in photos}
    return {a: said for a, said in told.items() if any(one is not None for one in said)}


def _keys(listing: Membership, photos: set[AssetId]) -> Mapping[AssetId, str | None]:
    return {a: key for a, key in zip(listing.asset_ids, listing.orders, strict=True) if a in photos}

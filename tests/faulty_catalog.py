"""
The Lightroom of `tests.memory_catalog` on its bad days: it shows what was written late, or loses a photo of it.

Both are seen of real services, and both must be survived: a listing is waited for, and nothing is taken for done that
was not seen.
"""

from collections.abc import Callable

from attrs import evolve

from lrplan.model.album import Album, Flag, Membership
from lrplan.model.ids import AlbumId, AssetId
from lrplan.model.snapshot import Snapshot
from lrplan.plan.write import Answer, PostAlbum, PutAlbum, PutMembers, RemoveAlbum, Write
from lrplan.ports import MemberListing
from tests.memory_catalog import MemoryCatalog


class LaggingCatalog(MemoryCatalog):
    """After each write, the first *late* listings of what it touched are those of before; deletions show late too.

    Albums that are read alone are as they are now, as the live service shows them.
    """

    late = 1

    def __init__(self, world: Snapshot, **hooks: Callable[[int, str], None]) -> None:
        super().__init__(world, **hooks)
        self._earlier: dict[str, tuple[int, Snapshot]] = {}

    async def send(self, write: Write, *, stamp: str) -> Answer:
        before = self.world
        answer = await super().send(write, stamp=stamp)
        match write:
            case PutMembers(album_id=album_id):
                self._earlier[album_id] = (self.late, before)
            case PutAlbum(album_id=album_id) | RemoveAlbum(album_id=album_id):
                self._earlier[album_id] = self._earlier["albums"] = (self.late, before)
            case PostAlbum():
                self._earlier["albums"] = (self.late, before)
        return answer

    async def albums(self) -> tuple[Album, ...]:
        return await self._as_before("albums", super().albums)

    async def members(self, album_id: AlbumId) -> MemberListing | None:
        return await self._as_before(album_id, lambda: super(LaggingCatalog, self).members(album_id))

    async def members_by_date(self, album_id: AlbumId, *, flag: Flag | None = None) -> MemberListing | None:
        return await self._as_before(album_id, lambda: super(LaggingCatalog, self).members_by_date(album_id, flag=flag))

    async def _as_before(self, what: str, ask):  # type: ignore[no-untyped-def]
        left, before = self._earlier.get(what, (0, self.world))
        if not left:
            return await ask()
        self._earlier[what] = (left - 1, before)
        now, self.world = self.world, before
        try:
            return await ask()
        finally:
            self.world = now


class LosingCatalog(MemoryCatalog):
    """Says that all photos of a call are in, and lost one of them: the *loses*-th that is ever added, from 0."""

    loses: int | None = None

    def __init__(self, world: Snapshot, **hooks: Callable[[int, str], None]) -> None:
        super().__init__(world, **hooks)
        self.lost: AssetId | None = None
        self.added = 0

    async def send(self, write: Write, *, stamp: str) -> Answer:
        had = set(self._members_of(write))
        answer = await super().send(write, stamp=stamp)
        for asset_id in self._members_of(write):
            if asset_id in had:
                continue
            if self.added == self.loses and isinstance(write, PutMembers):
                self.lost = asset_id
                self._lose(write.album_id, asset_id)
            self.added += 1
        return answer

    def _members_of(self, write: Write) -> tuple[AssetId, ...]:
        if not isinstance(write, PutMembers):
            return ()
        return self.world.members.get(write.album_id, Membership()).asset_ids

    def _lose(self, album_id: AlbumId, asset_id: AssetId) -> None:
        listing = self.world.members[album_id]
        kept = [(a, key) for a, key in zip(listing.asset_ids, listing.orders, strict=True) if a != asset_id]
        now = evolve(
            listing,
            asset_ids=tuple(a for a, _ in kept),
            orders=tuple(key for _, key in kept),
            infos={a: info for a, info in listing.infos.items() if a != asset_id},
            cover=None if listing.cover == asset_id else listing.cover,
        )
        self.edit(members={**self.world.members, album_id: now})

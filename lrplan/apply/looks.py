"""
Looking at an album directly before its first write.

What is found is compared with the plan's fingerprint, and is what the writes then carry over: unknown payload keys, and
the payloads of photos that move to the next generation. Each address is looked at once in a run, however many of its
steps start at the same time.
"""

import asyncio
from collections.abc import Mapping

from attrs import evolve, field, frozen

from lrplan.diff.change import Change
from lrplan.model.address import Address
from lrplan.model.album import Album, MemberInfo, Membership
from lrplan.model.fingerprint import combined, fingerprint
from lrplan.model.ids import AlbumId, AssetId
from lrplan.plan.costs import live_ids
from lrplan.ports import CatalogReader


@frozen(kw_only=True)
class Look:
    """The live albums of one address as they were found, the newest generation first.

    Attributes:
        by_order: The fingerprint without what only a listing by date shows, "" where there is no such thing.
        infos: What the generations say about their members; where they differ, the newest counts.
    """

    albums: Mapping[AlbumId, Album] = field(factory=dict)
    members: Mapping[AlbumId, Membership] = field(factory=dict)
    infos: Mapping[AssetId, MemberInfo] = field(factory=dict)
    fingerprint: str = ""
    by_order: str = ""

    def is_as(self, planned: str) -> bool:
        """Whether a plan with this fingerprint started from what was found."""
        return planned in (self.fingerprint, self.by_order or self.fingerprint)

    @property
    def size(self) -> int:
        """How many members were seen, over all generations."""
        return sum(len(membership.asset_ids) for membership in self.members.values())


class Looks:
    """The looks of one run, each taken once."""

    def __init__(self, service: CatalogReader) -> None:
        """Look through *service*."""
        self._service = service
        self._taken: dict[Address, asyncio.Task[Look]] = {}

    async def at(self, change: Change) -> Look:
        """The look at the albums of *change*; taken now, if it was not taken before.

        Raises:
            Failure: As the service port raises it.
        """
        task = self._taken.get(change.address)
        if task is None:
            task = asyncio.create_task(self._take(change))
            self._taken[change.address] = task
        return await asyncio.shield(task)

    async def close(self) -> None:
        """End looks that nobody waits for any more."""
        for task in self._taken.values():
            task.cancel()
        await asyncio.gather(*self._taken.values(), return_exceptions=True)

    async def _take(self, change: Change) -> Look:
        look = await self._seen(change, by_date_too=False)
        if look.fingerprint == change.fingerprint or not change.looks_inside:
            return look
        # What is not as planned may only be listed in another way: see `CatalogReader.members`.
        fuller = await self._seen(change, by_date_too=True)
        return evolve(fuller, by_order=look.fingerprint) if fuller.size > look.size else look

    async def _seen(self, change: Change, *, by_date_too: bool) -> Look:
        albums: dict[AlbumId, Album] = {}
        members: dict[AlbumId, Membership] = {}
        prints = []
        for album_id in live_ids(change):
            album = await self._service.album(album_id)
            listing = await self._service.members(album_id) if album is not None and change.looks_inside else None
            by_date = await self._service.members_by_date(album_id) if listing is not None and by_date_too else None
            if listing is not None and by_date is not None:
                listing = listing.with_others(by_date)
            if album is None:
                prints.append("gone")
                continue
            albums[album_id] = album
            if listing is not None:
                members[album_id] = listing.membership
            prints.append(fingerprint(album, listing.membership if listing is not None else None))
        infos: dict[AssetId, MemberInfo] = {}
        for membership in reversed(members.values()):
            infos.update(membership.infos)
        return Look(albums=albums, members=members, infos=infos, fingerprint=combined(tuple(prints)))

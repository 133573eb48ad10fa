"""
Which originals have not arrived. No field and no link of an asset says so; the listing without what is complete does.

It is asked for as the vendor's samples do, and from before all dates as well, since a server may show undated assets
only there. Both always, so that a plan can say beforehand how many calls it takes.

The surprising case: a server may not know `exclude`, and then either refuses it or lists what is complete as well. The
latter is found out by a page of the opposite question: what is told to wait, to be complete, and to wait once more, is
not told at all.
From then on the answers to the uploads are believed, and a note says so.
"""

import asyncio
from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing

from lrplan.events import Noted
from lrplan.lightroom import refusals, wire
from lrplan.lightroom.call import Call, target_of
from lrplan.lightroom.listing import ASSETS, Declined, Listings
from lrplan.lightroom.session import Session
from lrplan.lightroom.side_by_side import together
from lrplan.lightroom.window import UNDATED_TOO, Query
from lrplan.model.asset import Asset
from lrplan.model.ids import AssetId, CatalogId
from lrplan.plan.limits import ASSETS_PER_PAGE_MAX

NOT_TOLD = "the service does not tell which originals have arrived; its answers to the uploads are believed"

_SHOWN: Query = {"subtype": "image;video", "limit": ASSETS_PER_PAGE_MAX}
_BOUNDS: tuple[Query, ...] = ({}, {"captured_after": UNDATED_TOO})


class Waiting:
    """What waits for its original, as one session is told it."""

    def __init__(self, session: Session, listings: Listings) -> None:
        self._session = session
        self._listings = listings
        self._is_silent = False
        self._is_judged = False
        self._judging = asyncio.Lock()

    async def ids(self, catalog_id: CatalogId, among: Collection[AssetId] | None) -> frozenset[AssetId]:
        """What waits, the trashed left out; nothing where the service does not tell.

        Args:
            among: What the caller wants to know about; None for everything. The answer is doubted only if it says
                that something of it waits, or if it takes more than a page.
        """
        walks = await together([self._walked(catalog_id, bound, among) for bound in _BOUNDS])
        return frozenset() if self._is_silent else frozenset(one for walked in walks for one in walked)

    async def _walked(self, catalog_id: CatalogId, bound: Query, among: Collection[AssetId] | None) -> set[AssetId]:
        found: set[AssetId] = set()
        if self._is_silent:
            return found
        try:
            async with aclosing(self._pages(catalog_id, bound, "complete")) as pages:
                async for page in pages:
                    shown = {asset.id for asset in page.rows}
                    found |= shown
                    is_asked_for = bool(shown) if among is None else not shown.isdisjoint(among)
                    if (page.next or is_asked_for) and not await self._believes(found, catalog_id, bound):
                        break
        except Declined as declined:
            if declined.reply.status != 400:
                raise refusals.refused(declined.call, declined.reply) from None
            if not bound and not self._is_judged:
                self._fall_silent()
        return found

    async def _believes(self, found: set[AssetId], catalog_id: CatalogId, bound: Query) -> bool:
        """Whether *found* waits, and is not simply what there is. Asked until a session knows."""
        async with self._judging:
            if not self._is_judged:
                await self._judge(found, catalog_id, bound)
        return not self._is_silent

    async def _judge(self, found: set[AssetId], catalog_id: CatalogId, bound: Query) -> None:
        try:
            arrived = await self._first(catalog_id, bound, "incomplete")
            if arrived and arrived <= found:
                # What has just arrived was told both in turn: it is not told a third time.
                if arrived <= await self._first(catalog_id, bound, "complete"):
                    self._fall_silent()
                found -= arrived
        except Declined as declined:
            if declined.reply.status != 400:
                raise
            return  # it knows the one question, and that is the one that matters
        self._is_judged = bool(arrived)  # else nothing speaks for or against it

    async def _first(self, catalog_id: CatalogId, bound: Query, exclude: str) -> set[AssetId]:
        async with aclosing(self._pages(catalog_id, bound, exclude)) as pages:
            return {asset.id for asset in (await anext(pages)).rows}

    def _fall_silent(self) -> None:
        self._is_silent = self._is_judged = True
        self._session.events.emit(Noted(what=NOT_TOLD))

    def _pages(self, catalog_id: CatalogId, bound: Query, exclude: str) -> AsyncGenerator[wire.Page[Asset], None]:
        query = _SHOWN | bound | {"exclude": exclude}  # Lightroom API, "Retrieve assets": exclude
        call = Call(method="GET", route=ASSETS, target=target_of(ASSETS, {"catalog_id": catalog_id}, query))
        return self._listings.pages(call, wire.assets_from_wire, lambda asset: asset.id)

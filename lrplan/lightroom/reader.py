"""
Reading the catalog: each question in the fewest calls that give the whole answer on any server that keeps the contract.

*Albums.* The vendor's document separates kinds by commas, its samples by an encoded semicolon, and a server may honour
one form only, or the first kind of a list, or refuse the other form. A listing of a kind is trusted when it holds at
least one album of it: a server that returned some of a kind was asked for that kind. So one call asks for both kinds;
each kind that the answer lacks is asked for alone, a form that every server honours. Once an answer has held both
kinds, the form is proven for this connection and nothing is asked twice any more. One call where there are albums and
sets, two where a kind is missing, three in an empty catalog.

*Members.* They are listed in order mode, since order keys are seen there only. By the guide, members without a key sort
last in an ascending listing, and the continuation for them (`captured_after` beside an empty `order_after`) is part of
order mode, so `links.next` leads through them and one pass is whole; a pass of its own would double the calls of every
album. What is shown first is worked out here, and does not hang on the order of the pages. By another reading of the
document, what has no key is not listed there at all. So nobody relies on the pass where something could be lost: who
misses a photo, or is about to delete an album, looks at a listing by date as well.

*Walks.* A window with a beginning is walked upwards from it. Without a window, one pass from before all dates holds
the undated and, by the document, everything later; a server that shows only undated photos there is found out by the
lack of dated ones, and the plain listing follows. A server whose `next` turns downwards is walked downwards from the
end instead.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import aclosing
from typing import TypeVar

from lrplan.diagnostics import Failure
from lrplan.lightroom import refusals, wire
from lrplan.lightroom.call import Call, Reply, target_of
from lrplan.lightroom.dated import Dated, Walked
from lrplan.lightroom.listing import ALBUMS, ASSETS, MEMBERS, Declined, Listings
from lrplan.lightroom.order import membership_by_date, membership_of
from lrplan.lightroom.paging import without_repeats
from lrplan.lightroom.problem import NOT_PERMITTED
from lrplan.lightroom.session import Session
from lrplan.lightroom.side_by_side import together
from lrplan.lightroom.waiting import Waiting
from lrplan.lightroom.window import Course, Query, Window, is_unknown, turns_round
from lrplan.model.album import Album, AlbumKind, Flag, Membership
from lrplan.model.asset import Asset
from lrplan.model.ids import AccountId, AlbumId, AssetId, CatalogId, Sha256
from lrplan.model.snapshot import Account, Catalog
from lrplan.plan.limits import ASSET_IDS_PER_CALL_MAX, ASSETS_PER_PAGE_MAX, MEMBERS_PER_PAGE_MAX
from lrplan.ports import Foreign, MemberListing

HEALTH = "/v2/health"
ACCOUNT = "/v2/account"
CATALOG = "/v2/catalog"
ALBUM = "/v2/catalogs/{catalog_id}/albums/{album_id}"

TRASHED = "deleted_image;deleted_video"  # Lightroom API, "Retrieve assets": subtypes, separated by semicolons
EVER = Window()

_LISTED_KINDS = (AlbumKind.SET, AlbumKind.ALBUM)
_COLLECTIONS = (AlbumKind.COLLECTION_SET, AlbumKind.COLLECTION)

R = TypeVar("R")


class Reader:
    """The reading calls of one session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._listings = Listings(session)
        self._waiting = Waiting(session, self._listings)
        self._is_token_proven = False
        self._account_id: AccountId | None = None
        self._catalog_id: CatalogId | None = None
        self._learning = asyncio.Lock()
        self._is_form_proven = False

    async def health(self) -> str:
        """The version of the service, which says that it is up; needs no token. "" where it names none."""
        call = Call(method="GET", route=HEALTH, target=HEALTH, needs_token=False)
        reply = await self._session.send(call, wire.version_from_wire)
        if not reply.is_success:
            raise refusals.refused(call, reply)
        return self._session.cleaned(reply.value) if isinstance(reply.value, str) else ""

    async def account(self) -> Account:
        """Whose token it is, asked anew each time. Failure LRP303 when the service knows no such account."""
        call = Call(method="GET", route=ACCOUNT, target=ACCOUNT)
        reply = await self._session.send(call, wire.account_from_wire)
        if reply.status == 404:
            raise refusals.no_account(call, reply)
        if reply.status == 403:
            raise refusals.not_admitted(call, reply)
        account = _found(call, reply, Account, "an account")
        self._is_token_proven = True
        self._account_id = account.id
        return account

    async def account_id(self) -> AccountId:
        """Whose token it is, asked once."""
        async with self._learning:
            return self._account_id or (await self.account()).id

    async def catalog(self) -> Catalog:
        """The account's catalog, asked anew each time. Failure LRP304 when there is none, LRP302 when it is refused."""
        call = Call(method="GET", route=CATALOG, target=CATALOG, is_token_proven=self._is_token_proven)
        reply = await self._session.send(call, wire.catalog_from_wire)
        if call.is_token_proven and reply.problem is not None and reply.problem.is_refused_token:
            await self.account()  # a token that has died since is renewed there, or said to be dead
            reply = await self._session.send(call, wire.catalog_from_wire)
        if reply.status == 404 or (reply.problem is not None and reply.problem.is_about_catalog):
            raise refusals.no_catalog(call, reply, changed=False)
        if reply.status == 403:
            raise refusals.catalog_forbidden(call, reply)
        catalog = _found(call, reply, Catalog, "a catalog")
        self._catalog_id = catalog.id
        return catalog

    async def catalog_id(self) -> CatalogId:
        """The id of the account's catalog, asked once. Failure LRP304 when there is none."""
        async with self._learning:
            return self._catalog_id or (await self.catalog()).id

    async def albums(self) -> tuple[Album, ...]:
        """Every album and set that the service lists, each once, in the order of their ids."""
        return await self._albums_of_kinds(_LISTED_KINDS)

    async def collections(self) -> tuple[Album, ...]:
        """The customer's own albums and their sets, each once, in the order of their ids."""
        return tuple(album for album in await self._albums_of_kinds(_COLLECTIONS) if album.kind in _COLLECTIONS)

    async def _albums_of_kinds(self, kinds: Sequence[AlbumKind]) -> tuple[Album, ...]:
        both = ";".join(wire.SUBTYPES[kind] for kind in kinds)
        try:
            found = await self._albums_of(both)
        except Declined as declined:
            if declined.reply.status != 400:
                raise refusals.refused(declined.call, declined.reply) from None
            found = ()
        missing = [kind for kind in kinds if all(album.kind is not kind for album in found)]
        if not missing:
            self._is_form_proven = True
        if not self._is_form_proven:
            lists = await together([self._albums_alone(kind) for kind in missing])
            found = (*found, *(album for each in lists for album in each))
        return tuple(sorted(without_repeats(found, lambda album: album.id), key=lambda album: album.id))

    async def albums_of_subtype(self, subtype: str) -> tuple[Album, ...] | None:
        """What the service lists for *subtype*, which may be a list in any form; None when it refuses."""
        try:
            return await self._albums_of(subtype)
        except Declined:
            return None

    async def album(self, album_id: AlbumId) -> Album | None:
        """One album; None when it is gone, or another API key's and not shown."""
        found = await self.holder(album_id)
        return None if isinstance(found, Foreign) else found

    async def holder(self, album_id: AlbumId) -> Album | Foreign | None:
        """What has this id: an album, one that another API key made and that is not shown, or nothing.

        Any other refusal, such as a gateway's, says nothing of the album: what seems gone would be made once more.
        """
        ids = {"catalog_id": await self.catalog_id(), "album_id": album_id}
        call = Call(method="GET", route=ALBUM, target=target_of(ALBUM, ids), may_be_forbidden=True)
        reply = await self._session.send(call, wire.album_from_wire)
        if reply.status == 404:
            return None
        if reply.status == 403 and reply.problem is not None and reply.problem.code == NOT_PERMITTED:
            return Foreign()
        album = _found(call, reply, Album, "an album")
        if album.id != album_id:
            raise refusals.unknown_answer(call, "it answered with another album", request_id=reply.request_id)
        return album

    async def members(self, album_id: AlbumId) -> MemberListing | None:
        """The members of an album in shown order, each once; None when the album is gone."""
        ids = {"catalog_id": await self.catalog_id(), "album_id": album_id}
        query: Query = {"order_after": "-", "embed": "asset", "limit": MEMBERS_PER_PAGE_MAX}
        call = Call(method="GET", route=MEMBERS, target=target_of(MEMBERS, ids, query))
        rows: list[wire.MemberRow] = []
        try:
            async with aclosing(self._listings.pages(call, wire.members_from_wire, lambda row: row.asset_id)) as pages:
                async for page in pages:
                    rows.extend(page.rows)
        except Declined as declined:
            if declined.reply.status == 404:
                return None
            raise refusals.refused(declined.call, declined.reply) from None
        assets = await self._behind(rows)
        return _with_assets(membership_of(rows, assets), assets)

    async def members_by_date(self, album_id: AlbumId, *, flag: Flag | None = None) -> MemberListing | None:
        """The members of an album as they were captured, the undated first; a service may hide their order keys.

        Args:
            flag: Only the photos that were flagged so; None for all.
        """
        flagged: Query = {} if flag is None else {"flag": flag.value}
        dated = Dated(
            route=MEMBERS,
            ids={"album_id": album_id},
            query=flagged | {"embed": "asset", "limit": MEMBERS_PER_PAGE_MAX},
            read=wire.members_from_wire,
            key=lambda row: row.asset_id,
            photo=lambda row: row.asset,
        )
        try:
            rows = await self._everything(dated)
        except Declined as declined:
            if declined.reply.status == 404:
                return None
            raise refusals.refused(declined.call, declined.reply) from None
        assets = await self._behind(rows)
        return _with_assets(membership_by_date(rows, assets), assets)

    async def _behind(self, rows: Sequence[wire.MemberRow]) -> dict[AssetId, Asset]:
        """The assets of *rows*, looked up where the listing did not embed them."""
        assets = {row.asset_id: row.asset for row in rows if row.asset is not None}
        if bare := [row.asset_id for row in rows if row.asset is None]:
            assets |= {asset.id: asset for asset in await self.assets_by_id(bare)}
        return assets

    async def assets_by_id(self, asset_ids: Sequence[AssetId]) -> tuple[Asset, ...]:
        """The assets with these ids, as far as they exist, a hundred a call, in the order asked for."""
        wanted = tuple(dict.fromkeys(asset_ids))
        step = ASSET_IDS_PER_CALL_MAX
        batches = [",".join(wanted[at : at + step]) for at in range(0, len(wanted), step)]
        lists = await together([self._look_up({"asset_ids": batch}) for batch in batches])
        found = {asset.id: asset for each in lists for asset in each}
        return tuple(found[asset_id] for asset_id in wanted if asset_id in found)

    async def assets_by_sha256(self, sha256: Sha256) -> tuple[Asset, ...]:
        """The assets whose original has this hash; may include trashed and incomplete ones."""
        return await self._look_up({"sha256": sha256})

    async def incomplete(self, among: Collection[AssetId] | None = None) -> frozenset[AssetId]:
        """What waits for its original, as `Waiting.ids`."""
        return await self._waiting.ids(await self.catalog_id(), among)

    async def walk(self, *, captured_after: str | None, captured_before: str | None) -> tuple[Asset, ...]:
        """Every asset captured in the window (open where None, then with undated ones), each once.

        Args:
            captured_after: Captured then or later; ISO 8601 with or without a time.
            captured_before: Captured before that.
        """
        window = Window(after=captured_after, before=captured_before)
        try:
            found = await self._everything(_assets({}), window)
        except Declined as declined:
            raise refusals.refused(declined.call, declined.reply) from None
        return tuple(asset for asset in found if window.holds(asset))

    async def trash(self) -> tuple[Asset, ...]:
        """Every photo and video in the trash, each once; nothing where the service does not know the question (400)."""
        return await self._changed({"subtype": TRASHED}, may_decline=True)

    async def changed_since(self, instant: str, *, with_trash: bool = True) -> tuple[Asset, ...]:
        """Every asset that changed then or later, each once.

        What lies in the trash is asked for apart, since a listing may leave it out; a service that does not know the
        question (400) tells nothing of it.

        Args:
            instant: UTC, ISO 8601.
            with_trash: False where a walk's view of the catalog will do.
        """
        since: Query = {"updated_since": instant}
        if not with_trash:
            return await self._changed(since)
        lists = await together([self._changed(since), self._changed(since | {"subtype": TRASHED}, may_decline=True)])
        return without_repeats([asset for each in lists for asset in each], lambda asset: asset.id)

    async def _changed(self, query: Query, *, may_decline: bool = False) -> tuple[Asset, ...]:
        try:
            return await self._everything(_assets(query))
        except Declined as declined:
            if may_decline and declined.reply.status == 400:
                return ()
            raise refusals.refused(declined.call, declined.reply) from None

    async def _everything(self, dated: Dated[R], window: Window = EVER) -> tuple[R, ...]:
        """Every row of a listing by date in *window*, each once, whatever the service's idea of directions."""
        walked = await self._walked(dated, window.query(), Course(window))
        found = walked.rows
        if walked.turned:
            found += (await self._walked(dated, window.query_downwards(), Course(window))).rows
        elif window.is_open and all(is_unknown(asset.capture_date) for asset in dated.photos(found)):
            found += (await self._walked(dated, {})).rows
        return without_repeats(found, dated.key)

    async def _albums_of(self, subtype: str) -> tuple[Album, ...]:
        ids = {"catalog_id": await self.catalog_id()}
        call = Call(method="GET", route=ALBUMS, target=target_of(ALBUMS, ids, {"subtype": subtype}))
        found: list[Album] = []
        async with aclosing(self._listings.pages(call, wire.albums_from_wire, lambda album: album.id)) as pages:
            async for page in pages:
                found.extend(page.rows)
        return tuple(found)

    async def _albums_alone(self, kind: AlbumKind) -> tuple[Album, ...]:
        try:
            return await self._albums_of(wire.SUBTYPES[kind])
        except Declined as declined:
            raise refusals.refused(declined.call, declined.reply) from None

    async def _look_up(self, query: Query) -> tuple[Asset, ...]:
        try:
            return (await self._walked(_assets({}, limit=None), query)).rows
        except Declined as declined:
            if declined.reply.status == 404:
                return ()  # no asset answers to the ids or the hash
            raise refusals.refused(declined.call, declined.reply) from None

    async def _walked(self, dated: Dated[R], query: Query, course: Course | None = None) -> Walked[R]:
        """List until the end, or until *course* has left its window, or until the way turns round."""
        ids = {"catalog_id": await self.catalog_id(), **dated.ids}
        call = Call(method="GET", route=dated.route, target=target_of(dated.route, ids, query | dated.query))
        found: list[R] = []
        async with aclosing(self._listings.pages(call, dated.read, dated.key)) as pages:
            async for page in pages:
                found.extend(page.rows)
                photos = dated.photos(page.rows)
                if turns_round(query, photos, onward=page.next, back=page.prev):
                    return Walked(rows=tuple(found), turned=True)
                if course is not None and course.has_left(photos):
                    break
        return Walked(rows=tuple(found))


def _assets(query: Query, *, limit: int | None = ASSETS_PER_PAGE_MAX) -> Dated[Asset]:
    """The catalog's assets, narrowed by *query*."""
    return Dated(
        route=ASSETS,
        query=query | ({} if limit is None else {"limit": limit}),
        read=wire.assets_from_wire,
        key=lambda asset: asset.id,
        photo=lambda asset: asset,
    )


def _with_assets(membership: Membership, assets: Mapping[AssetId, Asset]) -> MemberListing:
    shown = tuple(assets[asset_id] for asset_id in membership.asset_ids if asset_id in assets)
    return MemberListing(membership=membership, assets=shown)


def _found(call: Call, reply: Reply, kind: type[R], noun: str) -> R:
    if not reply.is_success:
        raise refusals.refused(call, reply)
    if not isinstance(reply.value, kind):
        raise _without_id(call, reply, noun)
    return reply.value


def _without_id(call: Call, reply: Reply, noun: str) -> Failure:
    return refusals.unknown_answer(call, f"it answered {noun} without a usable id", request_id=reply.request_id)

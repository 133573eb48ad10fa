"""Listings page by page: each row once, to the end, and never to another host; `paging` says which page comes next."""

from collections.abc import AsyncGenerator, Callable
from typing import TypeVar, cast

from attrs import evolve

from lrplan.diagnostics import Failure
from lrplan.lightroom import refusals, wire
from lrplan.lightroom.call import Call, Reply
from lrplan.lightroom.paging import BadLink, Trail, next_target, without_repeats
from lrplan.lightroom.session import Session

ASSETS = "/v2/catalogs/{catalog_id}/assets"
ALBUMS = "/v2/catalogs/{catalog_id}/albums"
MEMBERS = "/v2/catalogs/{catalog_id}/albums/{album_id}/assets"

R = TypeVar("R")


class Declined(Exception):  # noqa: N818 - the listing was not given
    """400 or 404 to a listing."""

    def __init__(self, call: Call, reply: Reply) -> None:
        super().__init__()
        self.call = call
        self.reply = reply


class Listings:
    """The listings of one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def pages(
        self, first: Call, read: Callable[[bytes], wire.Page[R]], key: Callable[[R], str]
    ) -> AsyncGenerator[wire.Page[R], None]:
        """A listing page by page, from *first*, each row once by *key*.

        Raises:
            Declined: The service answered 400 or 404.
            Failure: LRP803 for a link that cannot be followed; else as `Session.send` raises it.
        """
        call, trail, seen = first, Trail(first.target), set[str]()
        while True:
            reply = await self._session.send(call, read)
            if reply.status in (400, 404):
                raise Declined(call, reply)
            if not reply.is_success:
                raise refusals.refused(call, reply)
            page = cast("wire.Page[R]", reply.value)
            fresh = tuple(row for row in without_repeats(page.rows, key) if key(row) not in seen)
            seen.update(map(key, fresh))
            yield evolve(page, rows=fresh)
            if not page.next:
                return
            target = self._next(call, reply, page)
            try:
                trail.step(target, brought=len(fresh))
            except BadLink as link:
                raise self._unfollowed(call, reply, link) from None
            call = Call(method="GET", route=first.route, target=target)

    def _next(self, call: Call, reply: Reply, page: wire.Page[R]) -> str:
        try:
            endpoint = self._session.endpoint
            return next_target(href=page.next or "", base=page.base, target=call.target, endpoint=endpoint)
        except BadLink as link:
            raise self._unfollowed(call, reply, link) from None

    def _unfollowed(self, call: Call, reply: Reply, link: BadLink) -> Failure:
        why = f"it sent a link to the next page that cannot be followed: {self._session.cleaned(str(link))}"
        return refusals.unknown_answer(call, why, request_id=reply.request_id)

"""Faults on demand.

Problem: a client must survive a service that fails before or after it did the work, answers half, or never.
Method: a fault names the request it is for, by number, or by route and path and how many matches of them from now; it
is drawn at most ``times`` times. What it does is one of a few kinds.
Surprising case: ``status`` and ``reset`` come in two kinds each: before the work nothing was done; after it all was,
and only the answer is lost. ``lag`` counts calls, not time: a listing it hits shows nothing made since it was
set, and albums that were deleted since.
"""

import asyncio
import hashlib
from collections.abc import Mapping

from attrs import Factory, define, field, frozen

from lrplan.sandbox.answers import FORBIDDEN, UNAVAILABLE, Answer, Document, refuse
from lrplan.sandbox.database import Database
from lrplan.sandbox.moments import now
from lrplan.sandbox.options import DEFAULT_ACCOUNT_ID, SeenRequest

STATUS, RESET, TRUNCATE, DELAY, EXPIRE, PARTIAL = "status", "reset", "truncate", "delay", "expire_token", "partial"
MAINTENANCE, CATALOG, LAG, DEFER = "maintenance", "catalog", "lag", "defer"
KINDS = (STATUS, MAINTENANCE, RESET, TRUNCATE, DELAY, EXPIRE, PARTIAL, CATALOG, LAG, DEFER)
ANSWERING = (STATUS, MAINTENANCE)
BEFORE, AFTER = "before", "after"
MOST_DELAY_MS = 600_000
DESCRIPTIONS = {429: "", 500: "Internal error", 502: "", 503: "Service is temporarily unavailable", 504: ""}


@frozen(kw_only=True)
class Fault:
    """One fault: which request it is for, and what happens to it.

    ``number``: the request of that number; else ``nth``, the n-th request of ``route`` (any, when empty) whose path
    with its query contains ``path``, counted from when the fault was set, and the ``times`` - 1 after it.
    ``keep``: how many assets a partial success takes. ``body`` replaces the service's own body for a ``status``; it may
    be no JSON at all. ``catalog_id``: the new id for ``catalog``, made from the old one when empty; ``account``: whose.
    ``delay_ms``: for ``delay``, how late the call is answered; for ``defer``, how late its asynchronous work is done.
    ``set_at`` is when the fault was set.
    """

    kind: str
    when: str = BEFORE
    number: int | None = None
    route: str = ""
    path: str = ""
    nth: int = 1
    times: int = 1
    status: int = 503
    body: str | None = None
    headers: Mapping[str, str] = Factory(dict)
    delay_ms: int = 0
    keep: int | None = None
    account: str = DEFAULT_ACCOUNT_ID
    catalog_id: str = ""
    set_at: str = field(factory=now, init=False)

    @property
    def truncates(self) -> bool:
        """Whether the answer is cut."""
        return self.kind == TRUNCATE

    def answer(self) -> Answer:
        """The answer of a ``status``, ``maintenance`` or ``expire_token`` fault."""
        if self.kind == EXPIRE:
            return refuse(403, FORBIDDEN, "Access is forbidden").answer
        if self.kind == MAINTENANCE:
            words: Document = {
                "code": "MaintenanceError",
                "description": "Service is unavailable",
                "subtype": "MaintenanceError",
            }
            return Answer(status=503, document=words, headers=self.headers)
        if self.body is not None:
            return Answer(status=self.status, content=self.body.encode(), headers=self.headers)
        description = DESCRIPTIONS.get(self.status, "Refused by a fault")
        document: Document | None = {"code": UNAVAILABLE, "description": description} if description else None
        return Answer(status=self.status, document=document, headers=self.headers)


@define
class _Pending:
    fault: Fault
    seen: int = 0


class FaultBook:
    """The faults that are still to happen."""

    def __init__(self) -> None:
        self._pending: list[_Pending] = []

    def add(self, faults: list[Fault]) -> None:
        """Take in more faults."""
        self._pending.extend(_Pending(fault) for fault in faults)

    def clear(self) -> None:
        """Forget all faults."""
        self._pending.clear()

    def draw(self, seen: SeenRequest) -> Fault | None:
        """Give the fault for a request, the earliest set when several match; forget those that are used up."""
        drawn = None
        for pending in list(self._pending):
            fault = pending.fault
            if fault.number is not None:
                due, over = fault.number == seen.number, fault.number <= seen.number
            else:
                if (fault.route and fault.route != seen.route) or fault.path not in seen.path:
                    continue
                pending.seen += 1
                due = fault.nth <= pending.seen < fault.nth + fault.times
                over = pending.seen >= fault.nth + fault.times - 1
            if over:
                self._pending.remove(pending)
            if due and drawn is None:
                drawn = fault
        return drawn

    async def before(self, fault: Fault | None, database: Database) -> Answer | None:
        """Do what a fault does before the work: give the answer that takes its place, if any.

        An ``expire_token`` fault ends every access token there is, as a day does; signing in or a seed brings new ones.
        """
        if fault is None:
            return None
        if fault.delay_ms and fault.when == BEFORE and fault.kind != DEFER:
            await asyncio.sleep(fault.delay_ms / 1000)
        if fault.when == BEFORE and fault.kind == RESET:
            raise ConnectionResetError("a fault resets the connection before the work")
        if fault.when == BEFORE and fault.kind == CATALOG:
            _change_catalog(fault, database)
        if fault.kind == EXPIRE:
            with database.changes():
                database.run("UPDATE token SET expired = 1")
        if fault.kind == EXPIRE or (fault.when == BEFORE and fault.kind in ANSWERING):
            return fault.answer()
        return None

    async def after(self, fault: Fault | None, answer: Answer, database: Database) -> Answer:
        """Do what a fault does after the work: give the answer, or another in its place."""
        if fault is None or fault.when != AFTER:
            return answer
        if fault.delay_ms and fault.kind != DEFER:
            await asyncio.sleep(fault.delay_ms / 1000)
        if fault.kind == RESET:
            raise ConnectionResetError("a fault resets the connection after the work")
        if fault.kind == CATALOG:
            _change_catalog(fault, database)
        return fault.answer() if fault.kind in ANSWERING else answer


def _change_catalog(fault: Fault, database: Database) -> None:
    """Give the account another catalog, an empty one: what the customer's old one held is out of reach."""
    with database.changes():
        old = database.row("SELECT catalog_id FROM account WHERE id = ?", (fault.account,))
        if old is not None:
            catalog_id = fault.catalog_id or hashlib.blake2b(str(old[0]).encode(), digest_size=16).hexdigest()
            database.run("UPDATE account SET catalog_id = ? WHERE id = ?", (catalog_id, fault.account))

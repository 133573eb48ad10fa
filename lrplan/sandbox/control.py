"""The calls under ``/sandbox/``: what a test asks the stand-in itself.

Problem: tests must see what was asked of the service and what is in the catalog, set faults, and put things in it that
only the customer or another client could have made.
Method: plain JSON, no preface, no authentication: it listens on loopback only.
Surprising case: these calls are not counted, so that looking does not shift the numbers that faults and hooks go by.

``GET /sandbox/requests`` gives ``{requests: [{number, method, path, route, is_write, status}]}``, status ``null`` when
there was no answer; ``DELETE`` forgets them. ``POST /sandbox/faults`` takes ``{faults: [...]}`` or a list, ``DELETE``
forgets them. ``GET /sandbox/snapshot`` gives the whole catalog. ``POST /sandbox/seed`` puts things in it.
"""

import json
from typing import Any

from aiohttp import web
from attrs import asdict, fields_dict

from lrplan.sandbox.faults import AFTER, BEFORE, KINDS, MOST_DELAY_MS, Fault, FaultBook
from lrplan.sandbox.options import SeenRequest
from lrplan.sandbox.seeding import SeedError, seed
from lrplan.sandbox.service import Service
from lrplan.sandbox.snapshot import snapshot

_TYPES: dict[str, type | tuple[type, ...]] = {
    "kind": str,
    "when": str,
    "number": (int, type(None)),
    "route": str,
    "nth": int,
    "times": int,
    "status": int,
    "body": (str, type(None)),
    "headers": dict,
    "delay_ms": int,
    "keep": (int, type(None)),
}
LEAST_STATUS, MOST_STATUS = 200, 599
LOG_LENGTH = 100_000


class Control:
    """Answers control calls and keeps the log of the others."""

    def __init__(self, service: Service, faults: FaultBook) -> None:
        self._service = service
        self._faults = faults
        self._log: dict[int, dict[str, Any]] = {}

    def saw(self, seen: SeenRequest) -> None:
        """Log a request that came in, forgetting the oldest of very many."""
        if len(self._log) >= LOG_LENGTH:
            del self._log[next(iter(self._log))]
        self._log[seen.number] = {**asdict(seen), "status": None}

    def answered(self, seen: SeenRequest, status: int) -> None:
        """Log the status a request was answered with."""
        if seen.number in self._log:
            self._log[seen.number]["status"] = status

    async def handle(self, request: web.BaseRequest, path: str) -> web.Response:
        """Answer a control call; 400 with ``{error}`` when its body makes no sense, 404 when there is no such call."""
        try:
            document = await self._answer(f"{request.method} {path}", request)
        except (SeedError, ValueError, TypeError, RecursionError) as error:
            return _plain({"error": str(error)}, 400)
        return _plain({"error": "no such control call"}, 404) if document is None else _plain(document, 200)

    async def _answer(self, name: str, request: web.BaseRequest) -> dict[str, Any] | None:
        database = self._service.database
        if name == "GET /sandbox/requests":
            return {"requests": list(self._log.values())}
        if name == "DELETE /sandbox/requests":
            self._log.clear()
            return {}
        if name == "POST /sandbox/faults":
            faults = _read_faults(json.loads(await _body(request)))
            self._faults.add(faults)
            return {"faults": len(faults)}
        if name == "DELETE /sandbox/faults":
            self._faults.clear()
            return {}
        if name == "GET /sandbox/snapshot":
            return snapshot(database)
        if name == "POST /sandbox/seed":
            return seed(database, json.loads(await _body(request)))
        return None


async def _body(request: web.BaseRequest) -> bytes:
    """Read a whole body, however large: a seed may be a catalog of many thousands."""
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
    return bytes(body)


def _plain(document: dict[str, Any], status: int) -> web.Response:
    return web.Response(status=status, body=json.dumps(document).encode(), content_type="application/json")


def _read_faults(document: Any) -> list[Fault]:
    entries = document.get("faults") if isinstance(document, dict) else document
    if not isinstance(entries, list):
        raise SeedError("faults: expected a list")
    return [_read_fault(entry) for entry in entries]


def _read_fault(entry: Any) -> Fault:
    if not isinstance(entry, dict) or not set(entry) <= set(fields_dict(Fault)):
        raise SeedError(f"a fault takes {', '.join(fields_dict(Fault))}")
    for name, value in entry.items():
        if not isinstance(value, _TYPES[name]) or isinstance(value, bool):
            raise SeedError(f"{name}: {value!r} is of the wrong type")
    fault = Fault(**entry)
    if fault.kind not in KINDS:
        raise SeedError(f"kind: expected one of {', '.join(KINDS)}")
    if fault.when not in (BEFORE, AFTER):
        raise SeedError(f"when: expected {BEFORE} or {AFTER}")
    if not LEAST_STATUS <= fault.status <= MOST_STATUS or not 0 <= fault.delay_ms <= MOST_DELAY_MS:
        raise SeedError("status or delay_ms: out of range")
    if not all(isinstance(value, str) for value in fault.headers.values()):
        raise SeedError("headers: expected text")
    return fault

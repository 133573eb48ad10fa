"""The calls under ``/sandbox/``: what a test asks the stand-in itself.

Problem: tests must see what was asked of the service and what is in the catalog, set faults, and put things in it that
only the customer or another client could have made; people want to look at the catalog.
Method: plain JSON, no preface, no authentication: it listens on loopback only, and refuses what a browser sends on
behalf of another host's page.
Surprising case: these calls are not counted, so that looking does not shift the numbers that faults and hooks go by.

``GET /sandbox/requests`` gives ``{requests: [{number, method, path, route, is_write, status, request_id}]}``, status
``null`` when there was no answer; ``DELETE`` forgets them. ``POST /sandbox/faults`` takes ``{faults: [...]}`` or a
list, ``DELETE`` forgets them. ``GET /sandbox/snapshot`` gives the whole catalog, with ``?stamps=no`` without times.
``POST /sandbox/seed`` puts things in it. ``GET /sandbox/`` is the page for people; its pictures come from
``GET /sandbox/thumbnails/{catalog_id}/{asset_id}``.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from attrs import asdict
from yarl import URL

from lrplan.sandbox.calls import is_guid
from lrplan.sandbox.faults import AFTER, BEFORE, KINDS, MOST_DELAY_MS, Fault, FaultBook
from lrplan.sandbox.options import SeenRequest
from lrplan.sandbox.page import catalog_page
from lrplan.sandbox.page_frame import POLICY
from lrplan.sandbox.renditions import THUMBNAIL, rendition_file
from lrplan.sandbox.seeding import seed
from lrplan.sandbox.seeding_people import SeedError
from lrplan.sandbox.service import Service
from lrplan.sandbox.snapshot import snapshot, without_stamps

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
    "path": str,
    "account": str,
    "catalog_id": str,
}
LEAST_STATUS, MOST_STATUS = 200, 599
LOG_LENGTH = 100_000
PAGES = ("/", "/sandbox", "/sandbox/")
THUMBNAILS = "/sandbox/thumbnails/"
LOCAL = ("127.0.0.1", "localhost", "::1")


class Control:
    """Answers control calls and keeps the log of the others."""

    def __init__(self, service: Service, faults: FaultBook) -> None:
        self._service = service
        self._faults = faults
        self._log: dict[int, dict[str, Any]] = {}

    def saw(self, seen: SeenRequest, request_id: str) -> None:
        """Log a request that came in, forgetting the oldest of very many."""
        if len(self._log) >= LOG_LENGTH:
            del self._log[next(iter(self._log))]
        self._log[seen.number] = {**asdict(seen), "status": None, "request_id": request_id}

    def answered(self, seen: SeenRequest, status: int) -> None:
        """Log the status a request was answered with."""
        if seen.number in self._log:
            self._log[seen.number]["status"] = status

    async def handle(self, request: web.BaseRequest, path: str, query: str) -> web.Response:
        """Answer a control call; 400 with ``{error}`` when its body makes no sense, 404 when there is no such call.

        403 when a browser asks under another name than this machine's, or on behalf of another host's page.
        """
        if not _is_local(request.host) or request.headers.get("Sec-Fetch-Site") == "cross-site":
            return _plain({"error": "only for this machine"}, 403)
        asked = dict(parse_qsl(query, keep_blank_values=True))
        if request.method == "GET" and path in PAGES:
            content = catalog_page(self._service.database, asked.get("album")).encode("utf-8", "replace")
            return web.Response(body=content, content_type="text/html", charset="utf-8", headers=POLICY)
        if request.method == "GET" and path.startswith(THUMBNAILS):
            return await self._thumbnail(*path.removeprefix(THUMBNAILS).partition("/")[::2])
        try:
            document = await self._answer(f"{request.method} {path}", request, asked)
        except (SeedError, ValueError, TypeError, RecursionError) as error:
            return _plain({"error": str(error)}, 400)
        return _plain({"error": "no such control call"}, 404) if document is None else _plain(document, 200)

    async def _thumbnail(self, catalog_id: str, asset_id: str) -> web.Response:
        database = self._service.database
        row = database.asset(catalog_id, asset_id)
        if row is None:
            return _plain({"error": "no such photo"}, 404)
        file = await rendition_file(database, row, THUMBNAIL)
        return web.Response(body=file.read_bytes(), content_type="image/jpeg", headers={"Cache-Control": "no-cache"})

    async def _answer(self, name: str, request: web.BaseRequest, asked: Mapping[str, str]) -> dict[str, Any] | None:
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
            whole = snapshot(database)
            return without_stamps(whole) if asked.get("stamps") == "no" else whole
        if name == "POST /sandbox/seed":
            return seed(database, json.loads(await _body(request)))
        return None


def _is_local(host: str) -> bool:
    """Whether a Host header names this machine; a page elsewhere could have its own name point here."""
    try:
        return URL.build(scheme="http", authority=host).host in LOCAL
    except ValueError:
        return False


async def _body(request: web.BaseRequest) -> bytes:
    """Read a whole body, however large: a seed may be a catalog of many thousands."""
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
    return bytes(body)


def _plain(document: dict[str, Any], status: int) -> web.Response:
    return web.Response(
        status=status, body=json.dumps(document, sort_keys=True).encode(), content_type="application/json"
    )


def _read_faults(document: Any) -> list[Fault]:
    entries = document.get("faults") if isinstance(document, dict) else document
    if not isinstance(entries, list):
        raise SeedError("faults: expected a list")
    return [_read_fault(entry) for entry in entries]


def _read_fault(entry: Any) -> Fault:
    if not isinstance(entry, dict) or not set(entry) <= set(_TYPES):
        raise SeedError(f"a fault takes {', '.join(_TYPES)}")
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
    if fault.catalog_id and not is_guid(fault.catalog_id):
        raise SeedError("catalog_id: expected 32 hex digits")
    return fault

"""The HTTP side: every request numbered, hooked, admitted, routed, answered.

Problem: tests kill, cut and delay the service at exact moments, and look at what it was asked; handlers should know
nothing of that.
Method: one coroutine takes each request through the same steps; what a client may see is decided here, what the
service does elsewhere. The control calls under ``/sandbox/`` are neither counted, hooked nor slowed.
Surprising case: a hook or a fault that resets the connection does so by aborting the transport, so the client gets no
status line at all.
"""

import asyncio
import json
import logging
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from attrs import evolve

from lrplan.sandbox.admission import Pace, check_entitlement, check_key, sign_in, upgrade_required
from lrplan.sandbox.answers import Answer, Refusal, not_found, unavailable
from lrplan.sandbox.calls import Call
from lrplan.sandbox.control import Control
from lrplan.sandbox.database import Account, Database
from lrplan.sandbox.faults import DEFER, EXPIRE, LAG, Fault, FaultBook
from lrplan.sandbox.imagery import quieten
from lrplan.sandbox.options import (
    DEFAULT_ACCESS_TOKEN,
    DEFAULT_ACCOUNT_ID,
    DEFAULT_API_KEY,
    AfterRequest,
    BeforeRequest,
    RunningSandbox,
    SandboxOptions,
    SeenRequest,
)
from lrplan.sandbox.originals import resume_consolidation
from lrplan.sandbox.photos import seed_photos
from lrplan.sandbox.query import parameters
from lrplan.sandbox.routes import ASSET_READS, HEALTH, READING, SIGN_IN, Route, Router
from lrplan.sandbox.service import Service

HOST = "127.0.0.1"
CONTROL = "/sandbox/"
PAGES = ("/", "/sandbox", "/favicon.ico")  # what a browser asks for beside
SHUTDOWN_SECONDS = 1.0
FILE_CHUNK = 262_144
PREFACE = "while (1) {}\n"
# Seen on the live service: spaces and newline vary.
UNTIDY_PREFACES = (PREFACE, "while(1){}\n", "while (1) {}", "while (1)  { }\r\n", "while (1) {}\n\n")
HTTP_1_1 = (1, 1)
NOBODY = Account(id="", catalog_id=None, status="", used=0, storage_limit=0, created="")


class _Server:
    """Takes requests through their steps for one sandbox."""

    def __init__(self, service: Service, before: BeforeRequest | None, after: AfterRequest | None) -> None:
        self._service = service
        self._before = before
        self._after = after
        self._router = Router()
        self._paces: dict[str, Pace] = {}
        self._faults = FaultBook()
        self._control = Control(service, self._faults)
        self._count = 0
        self._started = uuid4().hex[:12]

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request; a connection that is to be reset is aborted."""
        try:
            path, _, query = request.raw_path.encode("utf-8", "replace").decode().partition("?")
            if path.startswith(CONTROL) or path in PAGES:
                await _invite_body(request)
                return await self._control.handle(request, path, query)
            return await self._handle_call(request, path, query)
        except ConnectionError:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=499)

    async def _handle_call(self, request: web.BaseRequest, path: str, query: str) -> web.StreamResponse:
        route = self._router.find(request.method, path)
        self._count += 1
        seen = SeenRequest(
            number=self._count,
            method=request.method,
            # The sign-in's parameters may be secrets, which a log is no place for.
            path=f"{path}?{query}" if query and not path.startswith(SIGN_IN) else path,
            route=route.name,
            is_write=request.method not in READING,
        )
        request_id = f"{self._started}-{seen.number}"
        self._control.saw(seen, request_id)
        fault = self._faults.draw(seen)
        if self._before is not None:
            await self._before(seen)
        if self._service.options.latency_ms:
            await asyncio.sleep(self._service.options.latency_ms / 1000)
        answer = await self._faults.before(fault, self._service.database)
        if fault is not None and fault.kind == EXPIRE and path.startswith(SIGN_IN):
            answer = None  # the sign-in is where an expired token is renewed
        if answer is None:
            answer = await self._answer(request, route, query, fault)
            answer = await self._faults.after(fault, answer, self._service.database)
        if self._after is not None:
            await self._after(seen, answer.status)
        self._control.answered(seen, answer.status)
        return await self._send(request, answer, request_id, truncate=fault is not None and fault.truncates)

    async def _answer(self, request: web.BaseRequest, route: Route, query: str, fault: Fault | None) -> Answer:
        try:
            api_key, account = request.headers.get("X-API-Key", ""), NOBODY
            if not route.path.startswith(SIGN_IN):
                account = self._admit(request, route, api_key)
            await _invite_body(request)
            call = Call(
                service=self._service,
                request=request,
                ids=route.ids,
                query=parameters(query),
                api_key=api_key,
                account=account,
                keep=fault.keep if fault else None,
                listed_until=fault.set_at if fault and fault.kind == LAG else None,
                defer_s=fault.delay_ms / 1000 if fault and fault.kind == DEFER else None,
            )
            return await route.handler(call)
        except Refusal as refusal:
            return refusal.answer
        except ConnectionError:
            raise
        except (sqlite3.OperationalError, OSError):
            return unavailable().answer  # a full disk, or a catalog another process held beyond the busy timeout

    def _admit(self, request: web.BaseRequest, route: Route, api_key: str) -> Account:
        """Check who calls, in the order of the gateway, the sign-in and the account; nobody's account for health."""
        service = self._service
        is_outdated = check_key(service.database, api_key, as_html=service.untidy)
        pace = self._paces.get(api_key) or self._paces.setdefault(api_key, Pace(service.options.rate))
        pace.check(asyncio.get_running_loop().time())
        if route.path == HEALTH:
            return NOBODY
        account = sign_in(service.database, request.headers.get("Authorization", ""))
        if not route.path.startswith("/v2/account"):
            check_entitlement(account)
        if account.catalog_id is None and "{catalog_id}" in route.path:
            raise not_found("catalog")
        if is_outdated and route.name in ASSET_READS:
            raise upgrade_required()
        return account

    async def _send(
        self, request: web.BaseRequest, answer: Answer, request_id: str, *, truncate: bool
    ) -> web.StreamResponse:
        answer = evolve(answer, headers={**answer.headers, "X-Request-Id": request_id})
        if answer.file is not None:
            return await _send_file(request, answer, answer.file)
        body, content_type = answer.content, answer.content_type
        if answer.document is not None:
            preface = UNTIDY_PREFACES[self._count % len(UNTIDY_PREFACES)] if self._service.untidy else PREFACE
            body, content_type = (preface + json.dumps(answer.document)).encode(), "application/json"
        if truncate:
            return await _send_truncated(request, answer, body, content_type)
        headers = {**answer.headers, **({"Content-Type": content_type} if content_type else {})}
        return web.Response(status=answer.status, body=body, headers=headers)


async def _invite_body(request: web.BaseRequest) -> None:
    """Let a client go on that asked, with ``Expect: 100-continue``, whether to send its body."""
    if request.headers.get("Expect", "").lower() == "100-continue" and tuple(request.version) >= HTTP_1_1:
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0


async def _send_file(request: web.BaseRequest, answer: Answer, file: Path) -> web.StreamResponse:
    """Stream a file, in constant memory."""
    with file.open("rb") as stream:
        response = web.StreamResponse(status=answer.status, headers=dict(answer.headers))
        response.content_type = answer.content_type
        response.content_length = os.fstat(stream.fileno()).st_size
        await response.prepare(request)
        if request.method != "HEAD":
            while chunk := stream.read(FILE_CHUNK):
                await response.write(chunk)
        await response.write_eof()
    return response


async def _send_truncated(request: web.BaseRequest, answer: Answer, body: bytes, content_type: str) -> web.Response:
    """Promise the whole body, send half of it, and drop the connection."""
    response = web.StreamResponse(status=answer.status, headers=dict(answer.headers))
    if content_type:
        response.headers["Content-Type"] = content_type
    response.content_length = max(2, len(body))
    await response.prepare(request)
    await response.write(body[: len(body) // 2] or b"{")
    raise ConnectionResetError("a fault cuts the body here")


def _quiet_logger() -> logging.Logger:
    """Give a logger that passes on what goes wrong here, not what clients send that is no HTTP: they get a 400."""
    logger = logging.Logger("lrplan.sandbox")  # of this server alone, so that its filter is too
    logger.parent = logging.getLogger("lrplan")
    logger.addFilter(lambda record: not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError)))
    return logger


@asynccontextmanager
async def running(
    options: SandboxOptions, *, before_request: BeforeRequest | None = None, after_request: AfterRequest | None = None
) -> AsyncIterator[RunningSandbox]:
    """Serve a data folder until the block is left.

    ``before_request`` runs before any work is done; ``after_request`` after the work is durable and before the answer
    is sent, with its status. Either may kill the process or raise ``ConnectionResetError``: the connection is then
    closed with no answer. ``OSError`` when the port is taken or the folder cannot be written.
    """
    quieten()
    database = Database(options.data)
    try:
        service = Service(options, database)
        if options.photos is not None:
            await seed_photos(service, options.photos)
        await resume_consolidation(service)
        handler = _Server(service, before_request, after_request)
        server = web.Server(handler.handle, access_log=None, logger=_quiet_logger())
        runner = web.ServerRunner(server, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        try:
            site = web.TCPSite(runner, HOST, options.port)
            await site.start()
            service.endpoint = f"http://{HOST}:{runner.addresses[0][1]}"
            account = database.account(DEFAULT_ACCOUNT_ID)
            yield RunningSandbox(
                endpoint=service.endpoint,
                api_key=DEFAULT_API_KEY,
                access_token=DEFAULT_ACCESS_TOKEN,
                account_id=account.id,
                catalog_id=account.catalog_id or "",
            )
        finally:
            await runner.cleanup()
            await service.close()
    finally:
        database.close()

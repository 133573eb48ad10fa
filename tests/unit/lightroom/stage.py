"""A stage for the client: a small server with a script, a clock that only tests move, and ears for events."""

import asyncio
import heapq
import json
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from aiohttp import web
from attrs import define, field, frozen
from hypothesis import settings

from lrplan.events import Called, Event, Retried
from lrplan.lightroom.credentials import GivenCredentials
from lrplan.lightroom.service import LightroomService, connect
from lrplan.model.ids import AccountId, AlbumId, AssetId, CatalogId, ServiceId, Sha256
from lrplan.model.inventory import Original

UNHURRIED = settings(deadline=None)  # the speed of the machine is nobody's law
ACCOUNT = AccountId("a" * 32)
CATALOG = CatalogId("c" * 32)
KEY = ServiceId("the-api-key")
TOKEN = "the-access-token"
STAMP = "2026-05-01T10:00:00.000000Z"
SPACES = f"/v2/catalogs/{CATALOG}"


def album_id(number: int) -> AlbumId:
    return AlbumId(f"{number:032x}")


def asset_id(number: int) -> AssetId:
    return AssetId(f"{number + 0xA000:032x}")


@frozen
class Asked:
    """A request as the server saw it. *target* is path and query as they stood on the wire."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.target.partition("?")[2], keep_blank_values=True))

    @property
    def json(self) -> dict:
        return json.loads(self.body)


def said(value: object = None, status: int = 200, *, preface: str = "while (1) {}\n", **headers: str) -> web.Response:
    """An answer in JSON, or with exactly these bytes, or without any."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    if isinstance(value, bytes):
        return web.Response(status=status, body=value, headers=named)
    body = b"" if value is None else (preface + json.dumps(value)).encode()
    return web.Response(status=status, body=body, headers={"Content-Type": "application/json", **named})


Script = Callable[[Asked], object]


@define
class FakeClock:
    """A clock that stands still but for sleeping, which takes no time."""

    seconds: float = 0.0
    slept: list[float] = field(factory=list)

    def now(self) -> str:
        instant = datetime(2026, 5, 1, 10, tzinfo=UTC) + timedelta(seconds=self.seconds)
        return instant.isoformat(timespec="microseconds").replace("+00:00", "Z")

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)


class VirtualTime:
    """A clock for simulations of many tasks: time jumps to the next sleeper when nobody can run."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()

    def now(self) -> str:
        return (datetime(2026, 5, 1, tzinfo=UTC) + timedelta(seconds=self.seconds)).isoformat()

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.seconds + max(0.0, seconds), next(self._numbers), future))
        await future

    async def run(self, story: Awaitable[None]) -> None:
        task = asyncio.ensure_future(story)
        loop = asyncio.get_running_loop()
        while not task.done():
            await asyncio.sleep(0)
            if loop._ready:
                continue
            if not self._sleepers:
                task.cancel()
                break
            at, _, future = heapq.heappop(self._sleepers)
            self.seconds = max(self.seconds, at)
            if not future.done():
                future.set_result(None)
        await task


@define
class Heard:
    events: list[Event] = field(factory=list)

    def emit(self, event: Event) -> None:
        self.events.append(event)

    @property
    def called(self) -> list[Called]:
        return [event for event in self.events if isinstance(event, Called)]

    @property
    def retried(self) -> list[Retried]:
        return [event for event in self.events if isinstance(event, Retried)]


@define
class Shelf:
    """Originals: what each path yields, chunk by chunk; an exception is raised in its place."""

    chunks: dict[str, list[bytes | Exception]] = field(factory=dict)
    opened: list[tuple[str, int]] = field(factory=list)
    closed: int = 0

    async def part(self, original: Original, part: int) -> AsyncIterator[bytes]:
        self.opened.append((original.path, part))
        try:
            for chunk in self.chunks[original.path]:
                if isinstance(chunk, Exception):
                    raise chunk
                yield chunk
        finally:
            self.closed += 1


def original(size_bytes: int = 100, *, path: str = "a.jpg", part_size_bytes: int = 1000) -> Original:
    return Original(
        path=path,
        file_name=path,
        size_bytes=size_bytes,
        sha256=Sha256("5" * 64),
        part_size_bytes=part_size_bytes,
        part_checks=(),
        subtype="image",
        content_type="image/jpeg",
    )


@define
class Renewing:
    """Credentials that hand out the next token when one is refused."""

    tokens: list[str]
    api_key: ServiceId = KEY
    refused: list[str] = field(factory=list)

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(self.tokens)

    async def access_token(self, *, refused: str | None = None) -> str:
        if refused is not None:
            self.refused.append(refused)
            if self.tokens[0] == refused and len(self.tokens) > 1:
                self.tokens.pop(0)
        return self.tokens[0]


@define
class Stage:
    """One server, one client, and everything that passed between them."""

    script: Script
    asked: list[Asked] = field(factory=list)
    clock: FakeClock = field(factory=FakeClock)
    heard: Heard = field(factory=Heard)
    shelf: Shelf = field(factory=Shelf)
    credentials: object = field(factory=lambda: GivenCredentials(api_key=KEY, token=TOKEN))
    endpoint: str = ""
    options: dict = field(factory=dict)

    def play(self, story: Callable[[LightroomService], Awaitable[object]]) -> object:
        """Serve, connect, and return what *story* returns."""
        return asyncio.run(self.act(story))

    async def act(self, story: Callable[[LightroomService], Awaitable[object]]) -> object:
        """The same inside a loop that runs already."""
        async with (
            self._served() as origin,
            connect(
                endpoint=self.endpoint or origin,
                credentials=self.credentials,
                originals=self.shelf,
                clock=self.clock,
                events=self.heard,
                **({"concurrency": 8, "rate": 0, "random": lambda: 0.5} | self.options),
            ) as service,
        ):
            return await story(service)

    def targets(self) -> list[str]:
        """What was asked below the catalog, without the catalog's own look-up."""
        return [f"{each.method} {each.target.removeprefix(SPACES)}" for each in self.asked if SPACES in each.target]

    @asynccontextmanager
    async def _served(self) -> AsyncIterator[str]:
        async def handle(request: web.BaseRequest) -> web.StreamResponse:
            asked = Asked(request.method, request.raw_path, dict(request.headers), await request.read())
            self.asked.append(asked)
            answer = self.script(asked)
            if isinstance(answer, Awaitable):
                answer = await answer
            if callable(answer):
                return await answer(request)
            return answer if answer is not None else standing(asked)

        runner = web.ServerRunner(web.Server(handle), shutdown_timeout=0.01)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()


def standing(asked: Asked) -> web.Response:
    """What the server says unless the script knows better: an account, a catalog, nothing in it, and every write."""
    if asked.path == "/v2/account":
        return said({"id": ACCOUNT, "full_name": "A Customer", "entitlement": {"status": "subscriber"}})
    if asked.path == "/v2/catalog":
        return said({"id": CATALOG, "payload": {"name": "Studio"}})
    if asked.method == "GET":
        return said({"base": f"https://lr.adobe.io{SPACES}/", "resources": []})
    return said(status=201 if asked.method == "PUT" else 204)


def listing(*rows: dict, onward: str | None = None, base: str | None = f"https://lr.adobe.io{SPACES}/") -> dict:
    page: dict = {"resources": list(rows)}
    if base is not None:
        page["base"] = base
    if onward is not None:
        page["links"] = {"next": {"href": onward}}
    return page


def asset_row(number: int, captured: str = "2026-05-01T10:00:00", **more: object) -> dict:
    source = {"fileName": f"DSC_{number:04}.jpg", "importedOnDevice": "camera", "sha256": f"{number:064x}"}
    return {
        "id": asset_id(number),
        "type": "asset",
        "subtype": "image",
        "created": f"2026-06-01T00:00:{number % 60:02}Z",
        "payload": {"captureDate": captured, "importSource": source, "develop": {"x": [1, 2]}},
        **more,
    }


def member_row(number: int, order: str | None = None, captured: str = "2026-05-01T10:00:00", **payload: object) -> dict:
    if order is not None:
        payload["order"] = order
    return {"id": "f" * 32, "type": "album_asset", "asset": asset_row(number, captured), "payload": payload}


def album_row(number: int, subtype: str = "project", **payload: object) -> dict:
    return {
        "id": album_id(number),
        "type": "album",
        "subtype": subtype,
        "serviceId": KEY,
        "payload": {"name": f"Album {number}", **payload},
    }


OPENSSL = shutil.which("openssl")
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="no openssl at hand to make certificates with")


def certificate(folder: Path, *, name: str, days: int) -> ssl.SSLContext:
    """A server's context with a certificate of its own for *name*, which our side trusts by SSL_CERT_FILE."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    request = [str(OPENSSL), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(cert)]
    more = ["-days", str(days), "-subj", f"/CN={name}", "-addext", f"subjectAltName={name}"]
    subprocess.run([*request, *more], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context

"""A plain HTTP client for the stand-in, so that its tests share nothing with lrplan's own client."""

import asyncio
import hashlib
import io
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from attrs import frozen
from PIL import Image
from yarl import URL

from lrplan.sandbox import RunningSandbox, SandboxOptions, running

PREFACE = b"while (1) {}\n"
UNKNOWN = "0000-00-00T00:00:00"


@frozen(kw_only=True)
class Reply:
    method: str
    path: str
    status: int
    headers: Any
    body: bytes

    @property
    def document(self) -> dict[str, Any]:
        assert self.body.startswith(PREFACE), self.body[:80]
        assert self.headers["Content-Type"].startswith("application/json")
        document = json.loads(self.body.removeprefix(PREFACE))
        assert isinstance(document, dict)
        return document

    @property
    def ids(self) -> list[str]:
        return [one.get("asset", one)["id"] for one in self.document["resources"]]

    def says(self, status: int, code: int | None = None, **errors: str) -> None:
        """Check a refusal: its status, its code and the words for each parameter."""
        assert self.status == status, self
        if code is not None:
            assert self.document["code"] == code
        if errors:
            assert self.document["errors"] == {name.replace("__", "."): [word] for name, word in errors.items()}


class Client:
    """Calls one running sandbox as its default API key."""

    def __init__(self, box: RunningSandbox, session: aiohttp.ClientSession) -> None:
        self.box = box
        self.session = session
        self.catalog = f"/v2/catalogs/{box.catalog_id}"
        self.headers = {"X-API-Key": box.api_key, "Authorization": f"Bearer {box.access_token}"}
        self.replies: list[Reply] = []

    async def call(self, method: str, path: str, *, headers: dict[str, str | None] | None = None, **rest: Any) -> Reply:
        if path.startswith("/"):
            url = self.box.endpoint + path
        elif path.startswith("http"):
            url = path
        else:
            url = f"{self.box.endpoint}{self.catalog}/{path}"
        merged = {**self.headers, **(headers or {})}
        kept = {name: value for name, value in merged.items() if value is not None}
        async with self.session.request(method, URL(url, encoded=True), headers=kept, **rest) as response:
            body = await response.read()
            reply = Reply(method=method, path=path, status=response.status, headers=response.headers, body=body)
        self.replies.append(reply)
        return reply

    async def get(self, path: str, **rest: Any) -> Reply:
        return await self.call("GET", path, **rest)

    async def put(self, path: str, document: Any = None, **rest: Any) -> Reply:
        return await self.call("PUT", path, **({"json": document} if document is not None else {}), **rest)

    async def control(self, method: str, path: str, document: Any = None) -> dict[str, Any]:
        async with self.session.request(method, f"{self.box.endpoint}/sandbox/{path}", json=document) as response:
            assert response.status == 200, await response.text()
            answer: dict[str, Any] = await response.json()
            return answer

    async def seed(self, **document: Any) -> dict[str, Any]:
        return await self.control("POST", "seed", document)

    async def snapshot(self) -> dict[str, Any]:
        return await self.control("GET", "snapshot")

    def asset(self, **changed: Any) -> dict[str, Any]:
        """A valid body for creating an asset."""
        source = {
            "fileName": "a.jpg",
            "importedOnDevice": self.box.api_key,
            "importedBy": self.box.account_id,
            "importTimestamp": "2026-05-02T08:00:00Z",
            **changed.pop("importSource", {}),
        }
        return {
            "subtype": changed.pop("subtype", "image"),
            "payload": {"captureDate": UNKNOWN, "importSource": source, **changed},
        }

    def album(self, name: str = "Holidays", subtype: str = "project", **payload: Any) -> dict[str, Any]:
        """A valid body for creating an album."""
        return {"subtype": subtype, "serviceId": self.box.api_key, "payload": {"name": name, **payload}}

    async def upload(self, asset_id: str, data: bytes, **changed: Any) -> None:
        (await self.put(f"assets/{asset_id}", self.asset(**changed))).says(201)
        (await self.put(f"assets/{asset_id}/master", data=data, headers={"Content-Type": "image/jpeg"})).says(201)

    async def walk(self, path: str, link: str = "next") -> list[list[str]]:
        """Follow links from page to page, resolving them as RFC 3986 says; give the ids of each page."""
        pages = []
        while True:
            reply = await self.get(path)
            reply.says(200)
            pages.append(reply.ids)
            onward = reply.document["links"].get(link)
            if onward is None:
                return pages
            base = URL(reply.document["base"])
            path = str(base.join(URL(onward["href"], encoded=True)))


Scenario = Callable[[Client], Awaitable[None]]


async def run_scenario(scenario: Scenario, options: SandboxOptions, **hooks: Any) -> None:
    async with running(options, **hooks) as box, aiohttp.ClientSession() as session:
        session._retry_connection = False  # or aiohttp quietly sends a PUT again that was cut off
        await scenario(Client(box, session))


@pytest.fixture
def serve(tmp_path: Path) -> Callable[..., None]:
    """Run a scenario against a sandbox of its own; keyword arguments are its options and hooks."""

    def run(scenario: Scenario, **settings: Any) -> None:
        hooks = {name: settings.pop(name) for name in ("before_request", "after_request") if name in settings}
        options = SandboxOptions(**{"data": tmp_path / "data", **settings})
        asyncio.run(run_scenario(scenario, options, **hooks))

    return run


@pytest.fixture(scope="session")
def jpeg() -> Callable[..., bytes]:
    """Make a small JPEG; equal arguments give equal bytes, ``size`` pads with bytes that decoders ignore."""

    def make(number: int = 0, *, taken: str | None = None, size: int = 0) -> bytes:
        exif = Image.Exif()
        if taken is not None:
            exif.get_ifd(0x8769)[0x9003] = taken
        buffer = io.BytesIO()
        Image.new("RGB", (60, 40), (number * 37 % 256, number % 256, 90)).save(buffer, "JPEG", exif=exif)
        padding = (hashlib.sha256(str(number).encode()).digest() * (size // 32 + 1))[: max(0, size - buffer.tell())]
        return buffer.getvalue() + padding

    return make


@pytest.fixture(scope="session")
def make_id() -> Callable[[int], str]:
    """Make the id of a number."""
    return lambda number: f"{number:032x}"

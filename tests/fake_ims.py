"""
A small sign-in service for tests, on loopback, over real HTTP: codes, rotating refresh tokens, faults.

It runs in a thread of its own, so that tests in a loop and commands in other processes can both ask it.
"""

import asyncio
import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from aiohttp import web
from attrs import define, field, frozen

Fault = Callable[["Asked"], "web.Response | str | None"]
"""Answers a request in place of the service; `reset` breaks the connection before, `lost` after the work."""


@frozen(kw_only=True)
class Asked:
    """A request as it came in."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    form: Mapping[str, str]


@define
class FakeIms:
    """One sign-in service. *api_key* with *secret* is its only credential; "" makes it a native one."""

    api_key: str = "key"
    secret: str = "secret"
    lives_s: Any = 86_399
    rotates: bool = True
    names: Iterator[str] = field(factory=lambda: iter(f"number-{n}" for n in range(1, 1000)))
    refresh: set[str] = field(factory=set)
    access: set[str] = field(factory=set)
    codes: dict[str, tuple[str, str]] = field(factory=dict)
    revoked: list[str] = field(factory=list)
    person: dict[str, Any] = field(factory=lambda: {"sub": "id@AdobeID", "email": "ansel@example.com"})
    faults: list["web.Response | str | Fault | None"] = field(factory=list)
    asked: list[Asked] = field(factory=list)
    on_issue: Callable[[str], None] | None = None
    before: Callable[[], None] | None = None
    endpoint: str = ""

    @property
    def renewals(self) -> list[str]:
        """The refresh tokens that were sent, in order."""
        return [one.form["refresh_token"] for one in self.asked if one.form.get("grant_type") == "refresh_token"]

    def give_refresh_token(self, token: str) -> str:
        self.refresh.add(token)
        return token

    def approve(self, url: str) -> str:
        """What a person does at the address that lrplan prints; returns the address at which the browser ends."""
        parts = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert url.startswith(f"{self.endpoint}/ims/authorize/v2?")
        assert query["client_id"] == self.api_key
        assert query["response_type"] == "code"
        code = f"code-{next(self.names)}"
        self.codes[code] = (query["redirect_uri"], query.get("code_challenge", ""))
        return f"{query['redirect_uri']}?code={code}&state={query['state']}"

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        body = (await request.read()).decode()
        asked = Asked(
            method=request.method,
            path=request.path,
            query=dict(request.query),
            headers=dict(request.headers),
            form=dict(parse_qsl(body)),
        )
        self.asked.append(asked)
        if self.before is not None:
            await asyncio.to_thread(self.before)
        fault = self.faults.pop(0) if self.faults else None
        if callable(fault) and not isinstance(fault, web.Response):
            fault = fault(asked)
        if isinstance(fault, web.Response):
            return fault
        if fault != "reset":
            answer = self._answer(asked)
            if fault is None:
                return answer
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    def _answer(self, asked: Asked) -> web.Response:
        match asked.method, asked.path:
            case "POST", "/ims/token/v3":
                return self._token(asked)
            case "POST", "/ims/revoke":
                if not self._is_known(asked):
                    return _said(401, error="invalid_client")
                self.revoked.append(asked.form["token"])
                self.refresh.discard(asked.form["token"])
                self.access.discard(asked.form["token"])
                return web.Response(status=200)
            case "GET", "/ims/userinfo/v2":
                token = asked.headers.get("Authorization", "").removeprefix("Bearer ")
                if token not in self.access:
                    return _said(401, error="invalid_token", error_description="Token is over")
                return _said(200, **self.person)
        return web.Response(status=404)

    def _token(self, asked: Asked) -> web.Response:
        if not self._is_known(asked):
            return _said(401, error="invalid_client", error_description="invalid client_id or secret")
        match asked.form.get("grant_type"):
            case "refresh_token":
                if asked.form["refresh_token"] not in self.refresh:
                    return _said(400, error="invalid_grant", error_description="The refresh token is invalid")
                if self.rotates:
                    self.refresh.discard(asked.form["refresh_token"])
            case "authorization_code":
                redirect, challenge = self.codes.pop(asked.form["code"], ("", "-"))
                verifier = asked.form.get("code_verifier", "")
                if asked.form.get("redirect_uri") != redirect or _challenge(verifier) != challenge:
                    return _said(400, error="invalid_grant", error_description="Bad code")
            case _:
                return _said(400, error="unsupported_grant_type")
        return _said(200, **self.issue())

    def issue(self) -> dict[str, Any]:
        """New tokens, as they are answered."""
        name = next(self.names)
        access = f"access-{name}"
        self.access.add(access)
        if self.on_issue is not None:
            self.on_issue(access)
        tokens: dict[str, Any] = {"access_token": access, "token_type": "bearer", "expires_in": self.lives_s}
        if self.secret and self.rotates:
            tokens["refresh_token"] = self.give_refresh_token(f"refresh-{name}")
        return tokens

    def _is_known(self, asked: Asked) -> bool:
        if not self.secret:
            return asked.form.get("client_id") == self.api_key and "Authorization" not in asked.headers
        pair = base64.b64encode(f"{self.api_key}:{self.secret}".encode()).decode()
        return asked.headers.get("Authorization") == f"Basic {pair}"


def _said(status: int, **document: Any) -> web.Response:
    return web.Response(status=status, body=json.dumps(document).encode(), content_type="application/json")


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=") if verifier else ""


@contextmanager
def serving(ims: FakeIms) -> Iterator[FakeIms]:
    """Serve *ims* until the block is left."""
    ready, loop = threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        runner = web.ServerRunner(web.Server(ims.handle, access_log=None), shutdown_timeout=0.01)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            ims.endpoint = f"http://127.0.0.1:{runner.addresses[0][1]}"
            ready.set()
            await stop.wait()
        finally:
            await runner.cleanup()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(30)
    try:
        yield ims
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()

"""
Adobe's sign-in service (IMS) over HTTP, for one API key: tokens for a code, for a refresh token, and their end.

A credential with a client secret proves itself with Basic authorization, one without names itself in the form. All of
it travels in headers and bodies, so that no address ever holds a secret.

The surprising case: the answer to a renewal may be lost after the service has taken the refresh token back. There is
no other token to ask with, so the same is sent again, as for any passing failure; a service that ends spent tokens
then says `invalid_grant`, and only a person can help.
"""

import base64
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from math import inf
from random import Random
from urllib.parse import quote_plus, urlencode, urlsplit

import aiohttp
from attrs import frozen

from lrplan.diagnostics import Failure, error
from lrplan.events import Called, Retried
from lrplan.lightroom import refusals, wire
from lrplan.lightroom.breakage import Broken, broken
from lrplan.lightroom.connection import Limits, opened, root_of
from lrplan.lightroom.problem import problem_from
from lrplan.lightroom.proxy import is_loopback
from lrplan.lightroom.retry import GiveUp, RetryAfter, is_passing, judge, retry_after_s
from lrplan.lightroom.secrets import cleaned
from lrplan.lightroom.session import USER_AGENT
from lrplan.model.ids import ServiceId
from lrplan.model.sign_in import AccessToken, Grant, after
from lrplan.ports import Clock, Events

LIVE_IMS = "https://ims-na1.adobelogin.com"  # Adobe IMS, "User Authentication Credentials API Reference"
TOKEN = "/ims/token/v3"  # noqa: S105 - a path
AUTHORIZE = "/ims/authorize/v2"
REVOKE = "/ims/revoke"
USER_INFO = "/ims/userinfo/v2"

ANSWER_BYTES_MAX = 2**20  # ours: tokens have a few thousand bytes
_SIGN_IN_AGAIN = "sign in again: lrplan auth login"


@frozen(kw_only=True)
class _Answer:
    status: int
    body: bytes
    retry_after: str | None


async def _whole(content: aiohttp.StreamReader) -> bytes:
    """All of a body; one that does not end counts as broken."""
    body = bytearray()
    async for chunk in content.iter_any():
        body += chunk
        if len(body) > ANSWER_BYTES_MAX:
            raise aiohttp.ClientPayloadError("too long")
    return bytes(body)


class Ims:
    """Implements the `TokenIssuer` port over HTTP."""

    def __init__(
        self,
        *,
        http: aiohttp.ClientSession,
        root: str,
        api_key: ServiceId,
        clock: Clock,
        events: Events,
        random: Callable[[], float],
    ) -> None:
        self._http = http
        self._root = root
        self._api_key = api_key
        self._clock = clock
        self._events = events
        self._random = random
        self._paused_until = -inf

    async def renew(self, refresh_token: str, *, client_secret: str) -> Grant:
        """Spend *refresh_token*. Failure LRP302 when it is refused, LRP805 when there is no answer."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return await self._granted(form, client_secret, (refresh_token, client_secret))

    async def redeem(self, code: str, *, client_secret: str, verifier: str, redirect: str) -> Grant:
        """Turn the code of a sign-in into tokens. Failure LRP302, LRP805 as `renew`."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
        if verifier:
            form["code_verifier"] = verifier
        return await self._granted(form, client_secret, (code, client_secret, verifier))

    async def revoke(self, token: str, *, client_secret: str) -> None:
        """End *token*. Failure LRP302, LRP805 as `renew`."""
        secrets = (token, client_secret)
        answer = await self._send("POST", REVOKE, {"token": token}, self._proof(client_secret), secrets)
        if not 200 <= answer.status <= 299:
            raise self._refused(REVOKE, answer, secrets)

    async def whose(self, access_token: str) -> str:
        """The person's address, name or id; "" when nothing is told. Failure LRP302 for a token that is over."""
        headers = {"Authorization": f"Bearer {access_token}"}
        answer = await self._send("GET", USER_INFO, {}, headers, (access_token,))
        if answer.status in (401, 403):
            raise self._refused(USER_INFO, answer, (access_token,))
        try:
            person = wire.person_from_wire(answer.body) if answer.status == 200 else ""
        except wire.NotJson:
            return ""
        return cleaned(person, secrets=(access_token,))

    async def _granted(self, form: Mapping[str, str], client_secret: str, secrets: tuple[str, ...]) -> Grant:
        asked_at = self._clock.now()
        answer = await self._send("POST", TOKEN, form, self._proof(client_secret), secrets, reads_object=True)
        if not 200 <= answer.status <= 299:
            raise self._refused(TOKEN, answer, secrets)
        tokens = wire.tokens_from_wire(answer.body)
        if tokens is None:
            raise _no_answer("answered in an unknown way", f"POST {TOKEN}: there is no access token in its answer")
        for what, token in (("access token", tokens.access_token), ("refresh token", tokens.refresh_token)):
            if token and not (token.isascii() and token.isprintable() and " " not in token):
                raise _no_answer("answered in an unknown way", f"POST {TOKEN}: its {what} holds odd characters")
        expires_at = after(asked_at, seconds=tokens.lives_s) if tokens.lives_s is not None else ""
        access = AccessToken(value=tokens.access_token, issued_at=asked_at, expires_at=expires_at)
        return Grant(access=access, refresh_token=tokens.refresh_token)

    def _proof(self, client_secret: str) -> dict[str, str]:
        if not client_secret:
            return {}
        return {"Authorization": f"Basic {self._pair(client_secret)}"}

    def _pair(self, client_secret: str) -> str:
        pair = f"{quote_plus(self._api_key)}:{quote_plus(client_secret)}"  # RFC 6749 §2.3.1
        return base64.b64encode(pair.encode()).decode()

    async def _send(
        self,
        method: str,
        route: str,
        form: Mapping[str, str],
        headers: Mapping[str, str],
        secrets: tuple[str, ...],
        *,
        reads_object: bool = False,
    ) -> _Answer:
        """Send until there is an answer, at most four times. Failure LRP805 when there is none."""
        if (left_s := self._paused_until - self._clock.monotonic()) > 0:
            raise self._not_before(f"{method} {route}: it was not sent", left_s)
        attempt = 0
        while True:
            attempt += 1
            outcome = await self._once(method, route, form, headers, reads_object=reads_object)
            status, asked_s = None, None
            if isinstance(outcome, _Answer):
                status = outcome.status
                asked_s = retry_after_s(outcome.retry_after, now=self._clock.now())
                if 300 <= status <= 399:
                    raise _no_answer("answered in an unknown way", f"{method} {route}: it answered {status}")
                if not is_passing(status):
                    return outcome
            verdict = judge(attempt=attempt, status=status, retry_after_s=asked_s, random=self._random())
            why = outcome.why if isinstance(outcome, Broken) else self._words(outcome, secrets)
            if isinstance(verdict, GiveUp) and asked_s:
                self._paused_until = self._clock.monotonic() + asked_s
                raise self._not_before(f"{method} {route}: {why}", asked_s)
            if isinstance(verdict, GiveUp) or (isinstance(outcome, Broken) and not outcome.may_pass):
                raise _kept_failing(f"{method} {route}", outcome, why, attempt)
            assert isinstance(verdict, RetryAfter)
            self._events.emit(Retried(method=method, route=route, why=why, wait_s=verdict.wait_s))
            await self._clock.sleep(verdict.wait_s)

    async def _once(
        self, method: str, route: str, form: Mapping[str, str], headers: Mapping[str, str], *, reads_object: bool
    ) -> "_Answer | Broken":
        started = self._clock.monotonic()
        known = {"User-Agent": USER_AGENT, "Accept": "application/json", **headers}
        data: bytes | None = None
        if method == "POST":
            known["Content-Type"] = "application/x-www-form-urlencoded"
            data = urlencode(form if "Authorization" in headers else {**form, "client_id": self._api_key}).encode()
        # The service may want to know the API key of a person's token, too; it is no secret to it.
        query = {"client_id": self._api_key} if method == "GET" else None
        try:
            async with self._http.request(
                method, self._root + route, params=query, headers=known, data=data, allow_redirects=False
            ) as got:
                answer = _Answer(
                    status=got.status, body=await _whole(got.content), retry_after=got.headers.get("Retry-After")
                )
        except (aiohttp.ClientError, OSError, ValueError) as problem:
            return broken(problem)
        seconds = self._clock.monotonic() - started
        self._events.emit(Called(method=method, route=route, status=answer.status, seconds=seconds))
        if reads_object and 200 <= answer.status <= 299:
            try:
                wire.tokens_from_wire(answer.body)
            except wire.NotJson as problem:
                why = "its answer ended too early" if problem.truncated else f"it answered with {problem}"
                return Broken(why=why, reached=True, may_pass=problem.truncated)
        return answer

    def _not_before(self, why: str, pause_s: float) -> Failure:
        until = after(self._clock.now(), seconds=pause_s + 1)  # shown in whole seconds, and never too early
        moment = f"{until[:10]} {until[11:19]}Z"
        why = f"{why}; it asks for no call before {moment}"
        return _no_answer("asks for a pause", why, hint=f"run it again after {moment}")

    def _refused(self, route: str, answer: _Answer, secrets: tuple[str, ...]) -> Failure:
        reason = wire.oauth_error(answer.body)
        why = f"{route}: {self._words(answer, secrets)}."
        if reason == "invalid_grant":
            what = "the sign-in is over"
            why += (
                " A refresh token lives 14 days and is spent by its first use; it may also have been spent elsewhere,"
                " by a request whose answer was lost, or ended by its owner."
            )
        elif reason in ("invalid_client", "unauthorized_client"):
            hint = "check LRPLAN_API_KEY and LRPLAN_CLIENT_SECRET against the credential in Adobe's Developer Console"
            return Failure(error("LRP302", "the sign-in service refused the API key or its secret", why=why, hint=hint))
        else:
            what = "the sign-in service refused"
        return Failure(error("LRP302", what, why=why, hint=_SIGN_IN_AGAIN))

    def _words(self, answer: _Answer, secrets: tuple[str, ...]) -> str:
        hidden = (*secrets, *(self._pair(secret) for secret in secrets if secret), self._api_key)
        reason = cleaned(wire.oauth_error(answer.body), secrets=hidden)
        words = problem_from(answer.status, answer.body, secrets=hidden).words
        said = ": ".join(word for word in (reason, "" if words == "no reason given" and reason else words) if word)
        return f"it answered {answer.status} ({said})"


@asynccontextmanager
async def connect_ims(
    *,
    endpoint: str,
    api_key: ServiceId,
    clock: Clock,
    events: Events,
    random: Callable[[], float] | None = None,
    limits: Limits | None = None,
) -> AsyncIterator[Ims]:
    """Open the sign-in service for the length of the context; nothing is sent yet.

    Args:
        endpoint: `ims_root` of what somebody typed.
        random: From 0 to 1, for the spread of retries.
    """
    async with opened(endpoint, limits or Limits()) as http:
        yield Ims(
            http=http,
            root=endpoint,
            api_key=api_key,
            clock=clock,
            events=events,
            random=random or Random().random,  # noqa: S311 - it spreads retries, it hides nothing
        )


def ims_root(endpoint: str) -> str:
    """Scheme, host and port of the sign-in service. Failure LRP901 when secrets must not be sent there."""
    root = root_of(endpoint)
    parts = urlsplit(root)
    if parts.path:
        raise refusals.bad_endpoint("the sign-in service's holds more than scheme, host and port")
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise refusals.bad_endpoint("secrets would cross the network unprotected; the sign-in service needs https")
    return root


def _no_answer(what: str, why: str, *, hint: str = "") -> Failure:
    stop = "" if why.endswith(".") else "."
    hint = hint or "try again in some minutes; what was done so far is not lost"
    return Failure(error("LRP805", f"the sign-in service {what}", why=why + stop, hint=hint))


def _kept_failing(call: str, outcome: "_Answer | Broken", why: str, attempts: int) -> Failure:
    if isinstance(outcome, Broken) and not outcome.reached:
        return _no_answer("could not be reached", f"{call}: {why}", hint=outcome.hint)
    times = f", {attempts} times in a row" if attempts > 1 else ""
    return _no_answer("kept failing", f"{call}: {why}{times}")

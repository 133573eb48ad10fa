"""
Sending one request until it is answered: tokens, waits, retries, and what a broken connection means.

`Session.send` returns an answer of the service, refusals included, for the caller to understand. It raises when the
answer ends the story for every call (credentials, catalog), when nobody answers, or when the answer is none. A refused
token is renewed once and the request sent once more.

The surprising case: what was asked for may stand in the answer, the token too. All that is kept of an answer is rid of
secrets here, before anybody reads it; `secrets` says how.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import aiohttp
from attrs import evolve
from yarl import URL

from lrplan.diagnostics import Failure
from lrplan.events import Called, Retried
from lrplan.lightroom import refusals, wire
from lrplan.lightroom.bodies import Stream, TooLong, finish, received, streamed
from lrplan.lightroom.breakage import Broken, broken
from lrplan.lightroom.call import Call, Reply, Upload
from lrplan.lightroom.connection import Limits
from lrplan.lightroom.governor import Governor, Paused
from lrplan.lightroom.problem import Problem, problem_from
from lrplan.lightroom.retry import FIRST_WAIT_S, RETRIES_MAX, GiveUp, RetryAfter, is_passing, judge, retry_after_s
from lrplan.lightroom.secrets import HIDDEN_IN_BODY, Secrets
from lrplan.lightroom.valve import Shut, Valve
from lrplan.model.sign_in import after
from lrplan.ports import Clock, Credentials, Events
from lrplan.version import __version__

STOP_STATUS = 413  # Lightroom guides, "Upload": a client has to stop all further calls
USER_AGENT = f"lrplan/{__version__}"

_REQUEST_IDS = ("x-request-id", "x-adobe-request-id", "x-adobe-requestid", "request-id", "x-correlation-id")


class Session:
    """One connection pool to one endpoint with one set of credentials."""

    def __init__(
        self,
        *,
        http: aiohttp.ClientSession,
        endpoint: str,
        credentials: Credentials,
        governor: Governor,
        clock: Clock,
        events: Events,
        random: Callable[[], float],
        limits: Limits,
    ) -> None:
        self._http = http
        self._endpoint = endpoint
        self._credentials = credentials
        self._governor = governor
        self._clock = clock
        self._events = events
        self._random = random
        self._limits = limits
        self._valve = Valve()
        self._calls = 0
        self._secrets = Secrets(credentials)

    @property
    def calls(self) -> int:
        """How many requests were sent, retries not counted."""
        return self._calls

    def halt(self) -> None:
        """Send nothing from now on: calls that wait for their turn, or to be sent again, raise Failure LRP704."""
        self._valve.shut()

    def resume(self) -> None:
        """Send again after a `halt`."""
        self._valve.open()

    @property
    def endpoint(self) -> str:
        """Scheme, host, port and any path prefix, without a slash at its end."""
        return self._endpoint

    @property
    def credentials(self) -> Credentials:
        """Whose requests these are."""
        return self._credentials

    @property
    def events(self) -> Events:
        """Who listens."""
        return self._events

    def cleaned(self, words: str) -> str:
        """*words* of an answer as they may be shown: on one line, without secrets, not too many."""
        return self._secrets.cleaned(words)

    async def send(self, call: Call, read: Callable[[bytes], object] | None = None) -> Reply:
        """Send *call* until it is answered, and return the answer, a refusal included.

        Args:
            read: Reads the body of a 2xx into `Reply.value`; a body that ends too early counts as a broken connection.

        Raises:
            Failure: LRP301, LRP302, LRP303, LRP309 (credentials), LRP304 (the catalog of the call does not exist),
                LRP801, LRP802, LRP803 (redirects, bodies that *read* does not accept, data that holds a token),
                LRP806 (a long pause is asked for), LRP704 (`halt`), or what the body's stream or the sink raised.
        """
        if isinstance(call.body, bytes) and HIDDEN_IN_BODY.encode() in call.body:
            raise refusals.holds_a_secret(call)
        token = await self._credentials.access_token() if call.needs_token else ""
        reply, tries = await self._answered(call, token, read, tried=0)
        refused = reply.problem is not None and reply.problem.is_refused_token
        if refused and call.needs_token and not _is_about_target(call, reply):
            try:
                token = await self._credentials.access_token(refused=token)
            except Failure as failure:
                raise refusals.not_renewed(call, reply, failure) from failure
            if tries > RETRIES_MAX:
                raise self._given_up(call, reply, tries)
            reply, _ = await self._answered(call, token, read, tried=tries)
        problem = reply.problem
        if problem is None or not call.is_judged:
            return reply
        if problem.is_catalog_gone and "{catalog_id}" in call.route:
            raise refusals.no_catalog(call, reply, changed=True)
        if problem.is_refused_token and (
            _is_about_target(call, reply) or (call.may_be_forbidden and reply.status == 403)
        ):
            return reply
        if (end := refusals.credentials_end(call, reply)) is not None:
            raise end
        if not 400 <= reply.status <= 599:
            raise refusals.unknown_answer(call, _redirect(reply), request_id=reply.request_id)
        return reply

    async def _answered(
        self, call: Call, token: str, read: Callable[[bytes], object] | None, *, tried: int
    ) -> tuple[Reply, int]:
        """The answer, and how often *call* was sent in all, *tried* times before included."""
        while True:
            async with AsyncExitStack() as gate:
                try:
                    async with self._valve.waiting():
                        passing = await gate.enter_async_context(self._governor.slot())
                except Shut:
                    raise refusals.halted(call, tried=tried) from None
                except Paused as paused:
                    why = "it was not sent again" if tried else "it was not sent"
                    raise self._not_before(call, paused.left_s, why) from None
                self._calls += tried == 0
                tried += 1
                outcome = await self._once(call, token, read)
                status = outcome.status if isinstance(outcome, Reply) else None
                asked_s = self._asked_to_wait(outcome)
                verdict = judge(attempt=tried, status=status, retry_after_s=asked_s, random=self._random())
                if status == 429 or (asked_s is not None and is_passing(status)):
                    passing.throttled(verdict.wait_s if isinstance(verdict, RetryAfter) else asked_s or FIRST_WAIT_S)
                    if isinstance(verdict, GiveUp) and verdict.pause_s:
                        passing.paused(verdict.pause_s)
                elif status is not None:
                    passing.passed()
            if isinstance(outcome, Reply) and not is_passing(outcome.status):
                return outcome, tried
            if isinstance(outcome, Broken) and not outcome.may_pass:
                raise refusals.unreachable(call, outcome.why, hint=outcome.hint)
            if isinstance(verdict, GiveUp):
                raise self._given_up(call, outcome, tried, pause_s=verdict.pause_s)
            why = outcome.why if isinstance(outcome, Broken) else f"it answered {outcome.status}"
            self._events.emit(Retried(method=call.method, route=call.route, why=why, wait_s=verdict.wait_s))
            try:
                async with self._valve.waiting():
                    await self._clock.sleep(verdict.wait_s)
            except Shut:
                raise refusals.halted(call, tried=tried) from None

    async def _once(self, call: Call, token: str, read: Callable[[bytes], object] | None) -> Reply | Broken:
        """One attempt: an answer, or why there is none. Raises what the body's stream raised."""
        stream = Stream()
        started = self._clock.monotonic()
        try:
            async with asyncio.timeout(None) as watchdog:
                reply = await self._exchange(call, token, stream, watchdog)
        except TooLong:
            raise refusals.unknown_answer(call, f"its answer is longer than {call.answer_bytes_max:,} bytes") from None
        except (aiohttp.ClientError, OSError, ValueError) as problem:
            if stream.failure is not None:
                raise stream.failure from None
            return broken(problem)
        seconds = self._clock.monotonic() - started
        self._events.emit(Called(method=call.method, route=call.route, status=reply.status, seconds=seconds))
        if read is None or not reply.is_success:
            return reply
        try:
            return evolve(reply, value=read(reply.body))
        except wire.NotJson as problem:
            if problem.truncated:
                return Broken(why="its answer ended too early", reached=True)
            raise refusals.unknown_answer(call, self._not_json(reply), request_id=reply.request_id) from None
        except (wire.NoRows, wire.NoPhoto) as problem:
            raise refusals.unknown_answer(call, f"{problem}", request_id=reply.request_id) from None

    async def _exchange(self, call: Call, token: str, stream: Stream, watchdog: asyncio.Timeout) -> Reply:
        headers = self._headers(call, token)
        body: bytes | AsyncIterator[bytes] | None = None
        if isinstance(call.body, Upload):
            headers["Content-Length"] = str(call.body.size_bytes)
            body = streamed(call.body, stream, watchdog, silence_s=self._limits.silence_s)
        elif call.body is not None:
            body = call.body
        url = URL(self._endpoint + call.target, encoded=True)
        try:
            async with self._http.request(call.method, url, headers=headers, data=body, allow_redirects=False) as got:
                if got.status == STOP_STATUS and call.method not in ("GET", "HEAD"):
                    self._valve.shut()  # before anything else goes out
                content = await received(got, call)
                if isinstance(call.body, Upload) and not stream.is_whole:
                    got.close()  # answered before the body was through: what is left of it is not worth sending
        finally:
            if body is not None and not isinstance(body, bytes):
                await finish(body)
        request_id = next((got.headers[name] for name in _REQUEST_IDS if name in got.headers), "")
        self._secrets.sent(token)
        content = self._secrets.out_of(content)
        return Reply(
            status=got.status,
            body=content,
            request_id=self.cleaned(request_id)[:100],
            retry_after=got.headers.get("Retry-After"),
            date=got.headers.get("Date"),
            location=self.cleaned(got.headers.get("Location", "").partition("?")[0]),
            problem=None if 200 <= got.status <= 299 else self._problem(got.status, content),
        )

    def _not_json(self, reply: Reply) -> str:
        return f"it answered {reply.status} with {self._problem(reply.status, reply.body).words}"

    def _problem(self, status: int, body: bytes) -> Problem:
        return problem_from(status, body, secrets=self._secrets.all)

    def _headers(self, call: Call, token: str) -> dict[str, str]:
        api_key = self._credentials.api_key
        secrets = [("API key", api_key), *([("access token", token)] if call.needs_token else [])]
        for what, value in secrets:
            if not value or not value.isascii() or not value.isprintable() or " " in value:
                raise refusals.unsendable(what)
        known = {"X-API-Key": api_key, "User-Agent": USER_AGENT}
        if call.needs_token:
            known["Authorization"] = f"Bearer {token}"
        return {"Accept": "application/json", **call.headers, **known}

    def _given_up(self, call: Call, outcome: Reply | Broken, attempts: int, *, pause_s: float = 0.0) -> Failure:
        if isinstance(outcome, Broken):
            if not outcome.reached:
                return refusals.unreachable(call, outcome.why, hint=outcome.hint)
            return refusals.kept_failing(call, outcome.why, attempts=attempts)
        words = outcome.problem.words if outcome.problem else ""
        why = f"it answered {outcome.status}: {words}"
        if pause_s:
            return self._not_before(call, pause_s, why, request_id=outcome.request_id)
        return refusals.kept_failing(
            call, why, attempts=attempts, request_id=outcome.request_id, is_throttled=outcome.status == 429
        )

    def _not_before(self, call: Call, pause_s: float, why: str, *, request_id: str = "") -> Failure:
        until = after(self._clock.now(), seconds=pause_s + 1)  # shown in whole seconds, and never too early
        return refusals.told_to_pause(call, why, until=until, request_id=request_id)

    def _asked_to_wait(self, outcome: Reply | Broken) -> float | None:
        if not isinstance(outcome, Reply):
            return None
        return retry_after_s(outcome.retry_after, now=self._clock.now(), date=outcome.date)


def _is_about_target(call: Call, reply: Reply) -> bool:
    return call.is_token_proven and reply.status == 403


def _redirect(reply: Reply) -> str:
    where = f", to {reply.location}" if reply.location else ""
    return f"it answered {reply.status}{where}; redirects are not followed, since a token belongs to one host"

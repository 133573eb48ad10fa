"""
Access tokens that are renewed: once for all who wait, before they expire where that is known, and never lost.

`RenewedCredentials` keeps one token and asks its source for the next. Two sources: a sign-in in a store, whose refresh
token is spent for the next access token, and a program of the user's.

The surprising case: a refresh token is spent by its use, so its successor is all that is left of the sign-in. A renewal
therefore runs in a task of its own, which goes on when those who wait are cancelled; it holds a lock against other
processes, sees first that the store can be written, and hands out the new access token only when the successor is
durable.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from attrs import evolve

from lrplan.diagnostics import Failure, error
from lrplan.model.ids import ServiceId
from lrplan.model.sign_in import REFRESH_LIFE_DAYS, AccessToken, Grant, SignIn, after, is_due, is_over
from lrplan.ports import Clock, TokenIssuer, TokenProgram, TokenStore

RENEWALS_MAX = 6  # ours: a token that is refused again and again is not what is wrong …
WITHIN_S = 60.0  # ours: … so that no more than these are made in a minute
EARLY_PAUSE_S = 10.0  # ours: after an early renewal that failed, while the old token still works


class TokenSource(Protocol):
    """Where the next access token comes from."""

    @property
    def renews(self) -> bool:
        """Whether it can give a token without a person."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What it asks with, as far as it is known, spent ones too."""

    async def next(self, spent: str) -> AccessToken:
        """A token other than *spent*, "" at first. Raises what `Credentials.access_token` raises."""


class RenewedCredentials:
    """Implements the `Credentials` port over a source of tokens."""

    def __init__(self, *, api_key: ServiceId, source: TokenSource, clock: Clock, first: AccessToken | None) -> None:
        """Begin with the token *first*, None for none yet."""
        self._api_key = api_key
        self._source = source
        self._clock = clock
        self._current = first
        self._renewal: asyncio.Task[AccessToken] | None = None
        self._over: Failure | None = None
        self._renewed_at: deque[float] = deque(maxlen=RENEWALS_MAX)
        self._early_from = 0.0
        self._tokens = {first.value} if first is not None else set()

    @property
    def api_key(self) -> ServiceId:
        """The client id that every call carries."""
        return self._api_key

    @property
    def expires_at(self) -> str:
        """When the token ends, as was said when it was issued; "" if nobody said."""
        return self._current.expires_at if self._current is not None else ""

    @property
    def renews(self) -> bool:
        """Whether another token follows, as far as the source can know."""
        return self._source.renews and self._over is None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that no message may repeat; see the `Credentials` port."""
        return (*self._tokens, *self._source.secrets)

    async def access_token(self, *, refused: str | None = None) -> str:
        """A token that should work; see the `Credentials` port."""
        current, now = self._current, self._clock.now()
        if current is None or refused == current.value or is_over(current.expires_at, now):
            if current is not None and self._is_in_a_circle():
                return current.value
            return (await self._renewed()).value
        if is_due(current, now) and self._clock.monotonic() >= self._early_from:
            try:
                return (await self._renewed()).value
            except Failure:
                self._early_from = self._clock.monotonic() + EARLY_PAUSE_S
        return current.value

    async def close(self) -> None:
        """Let a renewal that is under way come to its end: its token must not be lost."""
        if self._renewal is not None:
            await asyncio.wait([self._renewal])

    async def _renewed(self) -> AccessToken:
        """Wait for the renewal that is under way, or start one."""
        if self._over is not None:
            raise self._over
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._renew())
            self._renewal.add_done_callback(_heard)
        return await asyncio.shield(self._renewal)

    async def _renew(self) -> AccessToken:
        spent = self._current.value if self._current is not None else ""
        try:
            fresh = await self._source.next(spent)
        except Failure as failure:
            if failure.diagnostics[0].code in ("LRP301", "LRP302"):
                self._over = failure  # asking again cannot help, and the next call must not wait for it
            raise
        self._renewed_at.append(self._clock.monotonic())
        self._current = fresh
        self._tokens.add(fresh.value)
        return fresh

    def _is_in_a_circle(self) -> bool:
        times = self._renewed_at
        return len(times) == RENEWALS_MAX and self._clock.monotonic() - times[0] < WITHIN_S


class SignInSource:
    """The next token for a refresh token, whose successor is kept in a store."""

    def __init__(self, *, first: SignIn, store: TokenStore, issuer: TokenIssuer, clock: Clock) -> None:
        """Begin with the sign-in *first*; what the store holds in its place is newer, and wins."""
        self._first = first
        self._store = store
        self._issuer = issuer
        self._clock = clock
        self._unsaved: SignIn | None = None
        self._known = set[str]()
        self._learn(first)

    @property
    def renews(self) -> bool:
        """Whether there is a refresh token."""
        return bool(self._first.refresh_token)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Refresh tokens, their successors, and the client secret."""
        return tuple(self._known)

    async def next(self, spent: str) -> AccessToken:
        """Spend the refresh token, unless another process did so in the meantime.

        Raises:
            Failure: LRP302, there is no refresh token or it is refused; LRP306, the successor cannot be stored, and
                nothing was spent, or it could not be stored, and is tried again at the next call; LRP805.
        """
        slot = self._first.slot
        async with self._store.hold(slot):
            if self._unsaved is not None:
                return await self._kept(self._unsaved)
            known = await asyncio.to_thread(self._store.find, slot)
            access = known.access if known is not None else None
            if access is not None and access.value != spent and not is_over(access.expires_at, self._clock.now()):
                return access
            best = known if known is not None and known.refresh_token else self._first
            self._learn(best)
            if not best.refresh_token:
                raise _no_refresh_token()
            await asyncio.to_thread(self._store.prove, slot)
            secret = self._first.client_secret or best.client_secret
            grant = await self._issuer.renew(best.refresh_token, client_secret=secret)
            return await self._kept(succeeding(best, grant, self._clock.now()))

    def _learn(self, sign_in: SignIn) -> None:
        self._known.update({sign_in.refresh_token, sign_in.client_secret} - {""})

    async def _kept(self, sign_in: SignIn) -> AccessToken:
        self._learn(sign_in)
        if sign_in.slot.origin:  # the environment has the secret, and goes on having it
            sign_in = evolve(sign_in, client_secret="")
        self._unsaved = sign_in
        await asyncio.to_thread(self._store.save, sign_in, now=self._clock.now())
        self._unsaved = None
        assert sign_in.access is not None
        return sign_in.access


class ProgramSource:
    """The next token from the program that `auth.command` names."""

    def __init__(self, program: TokenProgram, *, remember: Callable[[AccessToken], None] | None = None) -> None:
        """Take the program, and what wants to know each token that it printed."""
        self._program = program
        self._remember = remember

    @property
    def renews(self) -> bool:
        """The program is asked again."""
        return True

    @property
    def secrets(self) -> tuple[str, ...]:
        """None: what the program asks with, only it knows."""
        return ()

    async def next(self, spent: str) -> AccessToken:
        """Run it. Failure LRP307 as the program port, LRP302 when it prints the token that was refused."""
        access = await self._program.run()
        if access.value == spent:
            why = (
                "The token is expired or was never valid for this API key, and the program printed the same one again."
            )
            hint = "see that the program of auth.command gets a new token when it is asked again"
            raise Failure(error("LRP302", "the service refused the token of auth.command", why=why, hint=hint))
        if self._remember is not None:
            self._remember(access)
        return access


def succeeding(before: SignIn, grant: Grant, now: str) -> SignIn:
    """The sign-in after a grant: new tokens; where no new refresh token came, the old one goes on."""
    if not grant.refresh_token or grant.refresh_token == before.refresh_token:
        return evolve(before, access=grant.access)
    expires_at = after(now, days=REFRESH_LIFE_DAYS)
    return evolve(before, access=grant.access, refresh_token=grant.refresh_token, refresh_expires_at=expires_at)


@asynccontextmanager
async def renewing(credentials: RenewedCredentials) -> AsyncIterator[RenewedCredentials]:
    """Have *credentials* for the length of the context, and let its last renewal end."""
    try:
        yield credentials
    finally:
        await asyncio.shield(credentials.close())


def _heard(renewal: "asyncio.Task[AccessToken]") -> None:
    if not renewal.cancelled():
        renewal.exception()  # those who waited have it; if nobody did any more, there is nobody to tell


def _no_refresh_token() -> Failure:
    return Failure(
        error(
            "LRP302",
            "the access token is over",
            why="The token expired or was refused, and this sign-in has no refresh token: native credentials get none.",
            hint="sign in again: lrplan auth login",
        )
    )

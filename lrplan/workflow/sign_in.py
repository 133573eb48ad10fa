"""
The stories of `lrplan auth`: sign in, look how a sign-in stands, sign out.

The surprising case: the store is tried before the person is sent to the browser, so that nobody signs in for nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable

from attrs import frozen

from lrplan.diagnostics import Diagnostic, ExitCode, Failure, warning
from lrplan.model.sign_in import REFRESH_LIFE_DAYS, AccessToken, SignIn, Slot, after, is_over, seconds_until
from lrplan.ports import Clock, TokenIssuer, TokenStore

_DAY_S = 86_400


@frozen(kw_only=True)
class Standing:
    """How credentials stand.

    Attributes:
        alive: The next command will get a token, as far as can be told without spending one.
        asked: The sign-in service was asked, and answered.
        whose: "" where nobody says.
        access_expires_at: ISO 8601; "" where it is unknown, None where there is no access token.
        refresh_expires_at: The same of the refresh token.
        why: What is wrong, or why the service could not be asked; "" for nothing.
    """

    alive: bool
    asked: bool = False
    whose: str = ""
    access_expires_at: str | None = None
    access_s_left: float | None = None
    refresh_expires_at: str | None = None
    refresh_days_left: float | None = None
    why: str = ""


async def sign_in(
    slot: Slot,
    *,
    client_secret: str,
    redirect: str,
    verifier: str,
    obtain_code: Callable[[], Awaitable[str]],
    issuer: TokenIssuer,
    store: TokenStore,
    clock: Clock,
) -> SignIn:
    """Have a person sign in, and keep what comes of it.

    Args:
        verifier: PKCE's, "" for a credential with a client secret.
        obtain_code: Sends the person to the browser and returns the code with which they come back.

    Raises:
        Failure: LRP302, LRP805 of the sign-in service; LRP306 of the store, before anything was asked if it can be told
            then; LRP308, the person did not come back with a code.
    """
    await asyncio.to_thread(store.prove, slot)
    code = await obtain_code()
    grant = await issuer.redeem(code, client_secret=client_secret, verifier=verifier, redirect=redirect)
    try:
        whose = await issuer.whose(grant.access.value)
    except Failure:
        whose = ""  # it says who it is at the next look
    now = clock.now()
    signed_in = SignIn(
        slot=slot,
        access=grant.access,
        refresh_token=grant.refresh_token,
        refresh_expires_at=after(now, days=REFRESH_LIFE_DAYS) if grant.refresh_token else "",
        client_secret=client_secret,
        whose=whose,
    )
    async with store.hold(slot):
        await asyncio.to_thread(store.save, signed_in, now=now)
    return signed_in


async def sign_out(slot: Slot, *, issuer: TokenIssuer, store: TokenStore) -> tuple[bool, tuple[Diagnostic, ...]]:
    """End a sign-in with the service, as far as it can be reached, and forget it here.

    Returns:
        Whether there was one; and a warning where the service did not end it.

    Raises:
        Failure: LRP306, it cannot be read or removed.
    """
    said: tuple[Diagnostic, ...] = ()
    async with store.hold(slot):
        found = await asyncio.to_thread(store.find, slot)
        tokens = (found.refresh_token, found.access.value if found.access is not None else "") if found else ()
        for token in filter(None, tokens):
            try:
                await issuer.revoke(token, client_secret=found.client_secret if found is not None else "")
            except Failure as failure:
                first = failure.diagnostics[0]
                hint = "its owner can end it at https://account.adobe.com, under connected applications"
                said = (warning(first.code, "the sign-in service did not end the sign-in", why=first.why, hint=hint),)
                break
        was_there = await asyncio.to_thread(store.remove, slot)
    return was_there, said


async def look(sign_in: SignIn, *, issuer: TokenIssuer, clock: Clock) -> Standing:
    """How *sign_in* stands: what is known here, and what the sign-in service says to its access token."""
    now = clock.now()
    access, whose, why, asked, works = sign_in.access, sign_in.whose, "", False, False
    if access is None or is_over(access.expires_at, now):
        why = "" if access is None else "The access token has expired."
    else:
        try:
            whose = await issuer.whose(access.value) or whose
            asked = works = True
        except Failure as failure:
            said = failure.diagnostics[0]
            why, asked = said.why, failure.exit_code is ExitCode.CREDENTIALS
            works = not asked  # nobody answered: what is known here has to do
    refreshes = bool(sign_in.refresh_token) and not is_over(sign_in.refresh_expires_at, now)
    return Standing(
        alive=works or refreshes,
        asked=asked,
        whose=whose,
        access_expires_at=access.expires_at if access is not None else None,
        access_s_left=_left_s(access, now),
        refresh_expires_at=sign_in.refresh_expires_at if sign_in.refresh_token else None,
        refresh_days_left=seconds_until(sign_in.refresh_expires_at, now) / _DAY_S
        if sign_in.refresh_token and sign_in.refresh_expires_at
        else None,
        why=why,
    )


def _left_s(access: AccessToken | None, now: str) -> float | None:
    if access is None or not access.expires_at:
        return None
    return seconds_until(access.expires_at, now)

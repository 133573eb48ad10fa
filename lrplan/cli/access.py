"""
Which credentials a command uses, and how they are had: a part of `wiring`, which builds what is chosen here.

The environment first, then what `lrplan auth login` stored, then the program that lrplan.yaml names. One of them is
chosen, and stays chosen: when it fails, no other is tried, for it may be another customer's.

The surprising case: a refresh token in the environment is spent once. Its successors are stored under its hash, and
win over it for as long as the environment holds that same token.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from enum import StrEnum
from pathlib import Path

from attrs import evolve, field, frozen

from lrplan.diagnostics import Diagnostic, Failure, error
from lrplan.model.ids import ServiceId
from lrplan.model.sign_in import AccessToken, SignIn, Slot, is_alive, origin_of
from lrplan.ports import Clock, Credentials, Events, TokenStore

_LOGIN = "sign in: lrplan auth login"
_SANDBOX = "or write `endpoint: sandbox` in lrplan.yaml to try lrplan without an Adobe account"


class Source(StrEnum):
    """Where credentials come from."""

    ENVIRONMENT = "environment"
    SIGN_IN = "sign-in"
    COMMAND = "auth.command"
    SANDBOX = "sandbox"


@frozen(kw_only=True)
class Given:
    """What the environment holds, itself or in the files that it names; "" for what it does not."""

    api_key: str = field(default="", repr=False)
    access_token: str = field(default="", repr=False)
    client_secret: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)


@frozen(kw_only=True)
class Chosen:
    """The credentials that a command uses.

    Attributes:
        sign_in: The tokens at hand: given, or stored; none of them for a program.
        command: The program and its arguments, for `Source.COMMAND`.
    """

    source: Source
    sign_in: SignIn
    command: tuple[str, ...] = ()

    @property
    def slot(self) -> Slot:
        """The API key and the sign-in service."""
        return self.sign_in.slot


def given_by(environment: Mapping[str, str]) -> Given:
    """Read what *environment* holds. Failure LRP301 for a file that it names and that holds nothing."""
    return Given(
        api_key=_secret(environment, "LRPLAN_API_KEY", "API key"),
        access_token=_secret(environment, "LRPLAN_ACCESS_TOKEN", "access token"),
        client_secret=_secret(environment, "LRPLAN_CLIENT_SECRET", "client secret"),
        refresh_token=_secret(environment, "LRPLAN_REFRESH_TOKEN", "refresh token"),
    )


def choose(given: Given, store: TokenStore, *, issuer: str, command: tuple[str, ...], now: str) -> Chosen:
    """Choose credentials.

    Args:
        issuer: Scheme, host and port of the sign-in service.
        command: `auth.command` of the project, empty for none.

    Raises:
        Failure: LRP301, there are none; LRP302, there is only a sign-in that is over; LRP306 of the store.
    """
    try:
        slot = Slot(api_key=api_key_of(given, store, issuer=issuer), issuer=issuer)
    except Failure as failure:
        if given.access_token or given.refresh_token or command or store.api_keys(issuer):
            raise
        raise Failure(*failure.diagnostics, _no_token()) from None
    token = AccessToken(value=given.access_token) if given.access_token else None
    if given.refresh_token:
        own = evolve(slot, origin=origin_of(given.refresh_token))
        first = SignIn(slot=own, access=token, refresh_token=given.refresh_token)
        kept = store.find(own) or first
        return Chosen(source=Source.ENVIRONMENT, sign_in=evolve(kept, client_secret=given.client_secret))
    if token is not None:
        return Chosen(source=Source.ENVIRONMENT, sign_in=SignIn(slot=slot, access=token))
    stored = store.find(slot)
    if stored is not None and (is_alive(stored, now) or not command):
        if not is_alive(stored, now):
            what, why = "the sign-in is over", "Its tokens have expired; a refresh token lives 14 days without use."
            raise Failure(error("LRP302", what, why=why, hint="sign in again: lrplan auth login"))
        return Chosen(
            source=Source.SIGN_IN, sign_in=evolve(stored, client_secret=given.client_secret or stored.client_secret)
        )
    if command:
        return Chosen(source=Source.COMMAND, sign_in=SignIn(slot=slot), command=command)
    raise Failure(_no_token())


def _no_token() -> Diagnostic:
    why = (
        "None of LRPLAN_ACCESS_TOKEN, LRPLAN_REFRESH_TOKEN and their _FILE is set, nobody has signed in with this API"
        " key, and lrplan.yaml names no auth.command."
    )
    return error("LRP301", "no access token", why=why, hint=f"{_LOGIN}, {_SANDBOX}")


def api_key_of(given: Given, store: TokenStore, *, issuer: str) -> ServiceId:
    """The API key: that of the environment, else the only one with which somebody has signed in. Failure LRP301."""
    if given.api_key:
        return ServiceId(given.api_key)
    known = store.api_keys(issuer)
    if len(known) == 1:
        return known[0]
    if known:
        why = f"LRPLAN_API_KEY is not set, and there are sign-ins with {len(known)} API keys."
        raise Failure(error("LRP301", "no API key", why=why, hint="set LRPLAN_API_KEY to the one that is meant"))
    why = "Neither LRPLAN_API_KEY nor LRPLAN_API_KEY_FILE is set, and nobody has signed in."
    raise Failure(error("LRP301", "no API key", why=why, hint=f"set it, or {_LOGIN}, {_SANDBOX}"))


@asynccontextmanager
async def credentials_for(
    chosen: Chosen,
    store: TokenStore,
    *,
    folder: Path,
    clock: Clock,
    events: Events,
    printed: list[AccessToken],
) -> AsyncIterator[Credentials]:
    """The chosen credentials, for the length of the context.

    Args:
        folder: Where a program runs.
        printed: The last token that it printed in this process, if any; kept up to date.
    """
    from lrplan.lightroom.credentials import GivenCredentials
    from lrplan.lightroom.ims import connect_ims
    from lrplan.lightroom.renewal import ProgramSource, RenewedCredentials, SignInSource, renewing
    from lrplan.sources.token_program import Program

    api_key, sign_in = chosen.slot.api_key, chosen.sign_in
    if chosen.source is Source.COMMAND:

        def remember(access: AccessToken) -> None:
            printed[:] = [access]

        source = ProgramSource(Program(chosen.command, folder=folder, clock=clock), remember=remember)
        first = printed[0] if printed else None
        async with renewing(RenewedCredentials(api_key=api_key, source=source, clock=clock, first=first)) as one:
            yield one
    elif chosen.source is Source.ENVIRONMENT and not sign_in.refresh_token:
        token = sign_in.access.value if sign_in.access is not None else ""
        yield GivenCredentials(api_key=api_key, token=token)
    else:
        async with connect_ims(endpoint=chosen.slot.issuer, api_key=api_key, clock=clock, events=events) as ims:
            kept = SignInSource(first=sign_in, store=store, issuer=ims, clock=clock)
            renewed = RenewedCredentials(api_key=api_key, source=kept, clock=clock, first=sign_in.access)
            async with renewing(renewed) as one:
                yield one


def token_folder(environment: Mapping[str, str]) -> Path:
    """Where sign-ins are kept: `lrplan` in $XDG_CONFIG_HOME, else in ~/.config. Failure LRP306 without a home.

    Source: XDG Base Directory Specification 0.8: a relative $XDG_CONFIG_HOME is ignored.
    """
    named = environment.get("XDG_CONFIG_HOME", "")
    if named.startswith("/"):
        return Path(named) / "lrplan"
    try:
        return Path.home() / ".config" / "lrplan"
    except RuntimeError:
        raise Failure(_homeless()) from None


def _homeless() -> Diagnostic:
    why = "Neither XDG_CONFIG_HOME nor HOME is set."
    return error("LRP306", "there is no folder for sign-ins", why=why, hint="set XDG_CONFIG_HOME to a folder of yours")


def _secret(environment: Mapping[str, str], name: str, what: str) -> str:
    if value := environment.get(name, "").strip():
        return value
    file = environment.get(name + "_FILE")
    if not file:
        return ""
    from lrplan.sources.secret_file import read_secret

    hint = f"name a file that holds the {what} and nothing else"
    try:
        value = read_secret(Path(file))
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else f"{problem}"
        raise Failure(error("LRP301", f"no {what}", why=f"{name}_FILE is {file}: {reason}.", hint=hint)) from None
    if not value:
        why = f"{name}_FILE is {file}, and that file is empty."
        raise Failure(error("LRP301", f"no {what}", why=why, hint=hint))
    return value

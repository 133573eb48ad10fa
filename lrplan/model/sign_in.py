"""
A sign-in as a value: whose tokens, from where, until when.

Instants are text in ISO 8601, UTC, with Z, as the Clock port gives them; "" stands for an instant that nobody knows.
Secrets are left out of every repr.

The surprising case: two environments may hold different refresh tokens for one API key, each for another customer. So a
sign-in that came from a token in the environment has a place of its own, named by that token's hash.
"""

import hashlib
from datetime import UTC, datetime, timedelta

from attrs import field, frozen

from lrplan.model.ids import ServiceId

EARLY_S_MAX = 60.0  # ours: a token is renewed this long before it expires …
EARLY_SHARE = 0.1  # ours: … but no earlier than in the last tenth of its life
REFRESH_LIFE_DAYS = 14  # Adobe IMS, "Fetching access tokens": refresh tokens expire in 14 days by default


@frozen(kw_only=True)
class AccessToken:
    """A token for calls of the service. *issued_at* is when it came here."""

    value: str = field(repr=False)
    issued_at: str = ""
    expires_at: str = ""


@frozen(kw_only=True)
class Grant:
    """What a sign-in service hands out at one time; *refresh_token* is "" where it gives none."""

    access: AccessToken
    refresh_token: str = field(default="", repr=False)


@frozen(kw_only=True)
class Slot:
    """The place of one sign-in in the store.

    Attributes:
        issuer: Scheme, host and port of the sign-in service.
        origin: `origin_of` the refresh token in the environment that it began with; "" for `lrplan auth login`.
    """

    api_key: ServiceId = field(repr=False)
    issuer: str
    origin: str = ""


@frozen(kw_only=True)
class SignIn:
    """Everything that is kept of one sign-in.

    Attributes:
        refresh_token: "" where the credential gets none.
        refresh_expires_at: By what the sign-in service documents, not by what it said.
        client_secret: Of a web-app credential; "" for a native one, and where it stays in the environment.
        whose: Name or address of the person, "" where the service did not say.
    """

    slot: Slot
    access: AccessToken | None = None
    refresh_token: str = field(default="", repr=False)
    refresh_expires_at: str = ""
    client_secret: str = field(default="", repr=False)
    whose: str = ""


def origin_of(refresh_token: str) -> str:
    """A name for a token that does not tell the token: the SHA-256 of it, in hexadecimal."""
    return hashlib.sha256(refresh_token.encode("utf-8", "surrogateescape")).hexdigest()


def is_over(expires_at: str, now: str) -> bool:
    """Whether the instant has come; never, for an unknown one."""
    return bool(expires_at) and _instant(expires_at) <= _instant(now)


def is_due(access: AccessToken, now: str) -> bool:
    """Whether the token should be renewed although it may still work."""
    if not access.expires_at:
        return False
    expires = _instant(access.expires_at)
    life_s = (expires - _instant(access.issued_at)).total_seconds() if access.issued_at else EARLY_S_MAX
    early_s = min(EARLY_S_MAX, max(0.0, life_s) * EARLY_SHARE)
    return _instant(now) >= expires - timedelta(seconds=early_s)


def is_alive(sign_in: SignIn, now: str) -> bool:
    """Whether a token of the sign-in may still work, as far as can be told from here."""
    if sign_in.refresh_token and not is_over(sign_in.refresh_expires_at, now):
        return True
    return sign_in.access is not None and not is_over(sign_in.access.expires_at, now)


def after(now: str, *, seconds: float = 0.0, days: float = 0.0) -> str:
    """The instant that is so much later than *now*; "" where no calendar reaches so far."""
    try:
        later = _instant(now) + timedelta(seconds=seconds, days=days)
    except OverflowError:
        return ""
    return later.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def seconds_until(instant: str, now: str) -> float:
    """How long it is until *instant*, negative when it is over."""
    return (_instant(instant) - _instant(now)).total_seconds()


def _instant(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    return read if read.tzinfo is not None else read.replace(tzinfo=UTC)

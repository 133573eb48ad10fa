"""
What Adobe's sign-in service (IMS) answers: tokens, a person, or an error. No `while (1) {}` stands before these.

Numbers may come as text, and a token answer without a lifetime is one whose end is unknown.
"""

import math

from attrs import field, frozen

from lrplan.lightroom.wire.text import flaw_of, tree

_WORD_MAX = 100


@frozen(kw_only=True)
class TokenAnswer:
    """Tokens as they came. *lives_s* is the access token's lifetime in seconds, None where it is not said."""

    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    lives_s: float | None = None


def tokens_from_wire(body: bytes) -> TokenAnswer | None:
    """The tokens in *body*; None for an object without an access token. NotJson when it is no object."""
    value = _object(body)
    token, refresh = value.get("access_token"), value.get("refresh_token")
    if not isinstance(token, str) or not token.strip():
        return None
    return TokenAnswer(
        access_token=token.strip(),
        refresh_token=refresh.strip() if isinstance(refresh, str) else "",
        lives_s=_seconds(value.get("expires_in")),
    )


def person_from_wire(body: bytes) -> str:
    """Who the person is: address, name or id, whichever is told; "" for none. NotJson when *body* is no object."""
    value = _object(body)
    told = (value.get(name) for name in ("email", "name", "sub"))
    return next((word.strip() for word in told if isinstance(word, str) and word.strip()), "")


def oauth_error(body: bytes) -> str:
    """The `error` of a refusal, such as `invalid_grant`; "" where there is none."""
    value = tree(body) or {}
    word = value.get("error")
    return word[:_WORD_MAX] if isinstance(word, str) else ""


def _object(body: bytes) -> dict[str, object]:
    value = tree(body)
    if value is None:
        raise flaw_of(body)
    return value


def _seconds(said: object) -> float | None:
    try:
        seconds = float(said) if isinstance(said, int | float | str) and not isinstance(said, bool) else math.nan
    except (ValueError, OverflowError):
        return None
    return seconds if 0 < seconds < 10**10 else None

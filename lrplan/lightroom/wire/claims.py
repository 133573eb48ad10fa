"""
What an access token says of itself, if it is a JSON Web Token: until when, for what, for which API key. Pure.

Nothing is verified; only the service can do that, and only it decides. Tokens of Adobe's sign-in tell their end as
`created_at` and `expires_in`, in milliseconds and as texts; others as `exp`, in seconds (RFC 7519 §4.1.4). Scopes are
joined by commas there and by spaces elsewhere.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from lrplan.lightroom.wire.text import tree
from lrplan.ports import Claims

_IS_JWT = re.compile(r"[\w-]+\.([\w-]+)\.[\w-]*", re.ASCII).fullmatch
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,100}", re.ASCII)  # RFC 6749 §3.3, less the comma that separates here
_MS = 1000


def claims_of(token: str) -> Claims | None:
    """Read the claims of *token*; None when it is no JSON Web Token."""
    match = _IS_JWT(token)
    if match is None:
        return None
    part = match[1]
    try:
        body = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        return None
    claims = tree(body)
    if claims is None:
        return None
    client_id = claims.get("client_id")
    return Claims(
        expires_at=_end(claims),
        scopes=_scopes(claims.get("scope", claims.get("scp"))),
        client_id=client_id if isinstance(client_id, str) and client_id else None,
    )


def _end(claims: Mapping[str, object]) -> str | None:
    expires_s = _number(claims.get("exp"))
    if expires_s is None:
        created_ms, lives_ms = _number(claims.get("created_at")), _number(claims.get("expires_in"))
        if created_ms is None or lives_ms is None:
            return None
        expires_s = (created_ms + lives_ms) / _MS
    try:
        return datetime.fromtimestamp(expires_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, OSError, ValueError):
        return None


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(value) if isinstance(value, int | float | str) else None
    except (OverflowError, ValueError):
        return None


def _scopes(value: object) -> tuple[str, ...] | None:
    words = value if isinstance(value, list) else re.split(r"[,\s]+", value) if isinstance(value, str) else None
    if words is None:
        return None
    return tuple(sorted({word for word in words if isinstance(word, str) and _SCOPE.fullmatch(word)}))

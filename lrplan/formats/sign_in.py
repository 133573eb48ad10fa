"""
Sign-ins as JSON: the credentials file, format 1, one entry of it as it lies in a keyring, what `auth.command` prints,
and what `auth status --json` says.

The surprising case: an entry whose secrets lie in the keyring stands in the file too, without them, so that lrplan can
tell who has signed in: keyrings cannot be listed.
"""

from datetime import UTC, datetime
from typing import Any

import msgspec
from attrs import field, frozen

from lrplan.formats.bindings import Layout
from lrplan.formats.canonical import compact, damaged, indented, read_versioned
from lrplan.model.ids import ServiceId
from lrplan.model.sign_in import AccessToken, SignIn, Slot

CREDENTIALS_FORMAT = 1
_WHAT = "credentials"
_MILLISECONDS_FROM = 10**11  # as seconds this would be the year 5138


@frozen(kw_only=True)
class Kept:
    """An entry of the credentials file. *in_keyring*: its secrets are there, and not in *sign_in*."""

    sign_in: SignIn = field(repr=False)
    in_keyring: bool = False


class _Entry(Layout, frozen=True, kw_only=True):
    api_key: str
    issuer: str
    origin: str = ""
    in_keyring: bool = False
    access_token: str = ""
    issued_at: str = ""
    expires_at: str = ""
    refresh_token: str = ""
    refresh_expires_at: str = ""
    client_secret: str = ""
    whose: str = ""

    def __repr__(self) -> str:
        return "an entry with secrets"


class _File(Layout, frozen=True, kw_only=True):
    format_version: int
    sign_ins: tuple[_Entry, ...]


class _Single(Layout, frozen=True, kw_only=True):
    format_version: int
    sign_in: _Entry


def encode_sign_ins(kept: tuple[Kept, ...]) -> bytes:
    """The credentials file."""
    entries = tuple(_to_layout(one.sign_in, in_keyring=one.in_keyring) for one in kept)
    return indented(_File(format_version=CREDENTIALS_FORMAT, sign_ins=entries))


def decode_sign_ins(content: bytes, *, file: str) -> tuple[Kept, ...]:
    """What the credentials file holds. Failure LRP106, it is damaged; LRP107, a newer lrplan wrote it."""
    layout = read_versioned(content, _File, known=(CREDENTIALS_FORMAT,), what=_WHAT, file=file)
    return tuple(Kept(sign_in=_from_layout(entry, file=file), in_keyring=entry.in_keyring) for entry in layout.sign_ins)


def encode_sign_in(sign_in: SignIn) -> str:
    """One sign-in as text for a keyring."""
    layout = _Single(format_version=CREDENTIALS_FORMAT, sign_in=_to_layout(sign_in, in_keyring=False))
    return compact(layout).decode()


def decode_sign_in(text: str, *, place: str) -> SignIn:
    """The sign-in in a keyring's text. Failure LRP106, LRP107 as for the file."""
    content = text.encode("utf-8", "replace")
    layout = read_versioned(content, _Single, known=(CREDENTIALS_FORMAT,), what=_WHAT, file=place)
    return _from_layout(layout.sign_in, file=place)


def decode_program_answer(content: bytes, *, now: str) -> AccessToken:
    """What `auth.command` printed: a JSON object with `access_token` and, if it knows, `expires_at`.

    Args:
        content: All of its standard output. *expires_at* is ISO 8601 text, or seconds or milliseconds since 1970.

    Raises:
        ValueError: It is something else; the text says what, and quotes nothing of it.
    """
    try:
        value = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ValueError("it printed nothing" if not content.strip() else "what it printed is not JSON") from None
    if not isinstance(value, dict):
        raise ValueError("what it printed is JSON, but not an object")  # noqa: TRY004 - the input is wrong
    token = value.get("access_token")
    if not isinstance(token, str) or not token.strip():
        raise ValueError("the object that it printed has no text as access_token")
    return AccessToken(value=token.strip(), issued_at=now, expires_at=_instant_of(value.get("expires_at")))


def encode_status(status: dict[str, Any]) -> bytes:
    """What `auth status --json` prints."""
    return indented(status)


def _instant_of(said: object) -> str:
    try:
        if said is None:
            return ""
        if isinstance(said, str):
            instant = datetime.fromisoformat(said.strip())
            if instant.tzinfo is None:
                instant = instant.replace(tzinfo=UTC)
            return _text(instant)
        if isinstance(said, int | float) and not isinstance(said, bool):
            return _text(datetime.fromtimestamp(said / 1000 if abs(said) >= _MILLISECONDS_FROM else said, UTC))
    except (ValueError, OverflowError, OSError):
        pass
    raise ValueError("expires_at is neither a time such as 2026-05-01T10:00:00Z nor a number of seconds since 1970")


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _to_layout(sign_in: SignIn, *, in_keyring: bool) -> _Entry:
    slot, access = sign_in.slot, sign_in.access
    if in_keyring:
        return _Entry(api_key=slot.api_key, issuer=slot.issuer, origin=slot.origin, in_keyring=True)
    return _Entry(
        api_key=slot.api_key,
        issuer=slot.issuer,
        origin=slot.origin,
        access_token=access.value if access is not None else "",
        issued_at=access.issued_at if access is not None else "",
        expires_at=access.expires_at if access is not None else "",
        refresh_token=sign_in.refresh_token,
        refresh_expires_at=sign_in.refresh_expires_at,
        client_secret=sign_in.client_secret,
        whose=sign_in.whose,
    )


def _from_layout(entry: _Entry, *, file: str) -> SignIn:
    for instant in (entry.issued_at, entry.expires_at, entry.refresh_expires_at):
        if instant and not _is_instant(instant):
            raise damaged(_WHAT, file, "A time in it cannot be read")
    access = None
    if entry.access_token:
        access = AccessToken(value=entry.access_token, issued_at=entry.issued_at, expires_at=entry.expires_at)
    return SignIn(
        slot=Slot(api_key=ServiceId(entry.api_key), issuer=entry.issuer, origin=entry.origin),
        access=access,
        refresh_token=entry.refresh_token,
        refresh_expires_at=entry.refresh_expires_at,
        client_secret=entry.client_secret,
        whose=entry.whose,
    )

"""
The part of a sign-in that happens in a browser: the address it goes to, and the address it comes back with. Pure.

OAuth 2.0 authorization code (RFC 6749 §4.1), with PKCE (RFC 7636) where the credential has no secret. Adobe joins
scopes with commas, takes only https addresses to come back to, and gives refresh tokens only to credentials with a
secret.

The surprising case: a native credential comes back to an address of its own scheme (`adobe+…://`), which no server can
answer. Then the person pastes it.
"""

import base64
import hashlib
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from attrs import field, frozen

from lrplan.diagnostics import Failure, error
from lrplan.lightroom.ims import AUTHORIZE
from lrplan.lightroom.proxy import is_loopback
from lrplan.lightroom.secrets import cleaned

SCOPES = ("openid", "AdobeID", "lr_partner_apis", "lr_partner_rendition_apis")  # Lightroom API, "OAuth Integration"
OFFLINE = "offline_access"  # Adobe IMS: asks for a refresh token


@frozen(kw_only=True)
class Request:
    """One sign-in that was begun.

    Attributes:
        redirect: Where the browser comes back to, as it is registered for the credential.
        state: What it must bring back.
        verifier: PKCE's secret of this sign-in; "" for a credential with a client secret.
    """

    redirect: str
    state: str = field(repr=False)
    verifier: str = field(default="", repr=False)


def authorization_url(root: str, api_key: str, request: Request) -> str:
    """The address at which the person signs in and agrees."""
    scopes = SCOPES if request.verifier else (*SCOPES, OFFLINE)
    query = {
        "client_id": api_key,
        "redirect_uri": request.redirect,
        "scope": ",".join(scopes),
        "state": request.state,
        "response_type": "code",
    }
    if request.verifier:
        query |= {"code_challenge": challenge_of(request.verifier), "code_challenge_method": "S256"}
    return f"{root}{AUTHORIZE}?{urlencode(query, quote_via=quote, safe=',')}"


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier. Source: RFC 7636 §4.2."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def code_from(address: str, request: Request) -> str:
    """The code in the address with which the browser came back, whole or from its `?` on.

    Raises:
        Failure: LRP308, it brings an error, no code, or the state of another sign-in.
    """
    brought = _brought(address)
    if brought.get("state") != request.state:
        what = "the address is not the answer to this sign-in"
        why = "It does not bring back the state that this sign-in began with."
        raise _failure(what, why, "begin again, and use only the address that the browser ends at")
    if reason := brought.get("error"):
        words = cleaned(": ".join(filter(None, (reason, brought.get("error_description", "")))), secrets=())
        why = f"The sign-in service came back with {words}."
        raise _failure("the sign-in was refused", why, "begin again, and agree to what is asked")
    code = brought.get("code", "")
    if not code:
        raise _failure("the address holds no code", "There is no code= in it.", "copy the whole address")
    return code


def is_answer(address: str, request: Request) -> bool:
    """Whether *address* belongs to this sign-in, be it a code or an error."""
    return _brought(address).get("state") == request.state


def local_port(redirect: str) -> int | None:
    """The port on this machine that the browser comes back to; None when it comes back to somewhere else.

    Raises:
        Failure: LRP901, it is no address, or one to which Adobe would not send a browser.
    """
    try:
        parts = urlsplit(redirect)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if not parts.scheme or not (parts.netloc or parts.path) or parts.fragment or not redirect.isprintable():
        why = "It must be the redirect URI that is registered for the credential, character for character."
        raise Failure(error("LRP901", "the redirect address is not an address", why=why))
    if parts.scheme != "https" or not is_loopback(parts.hostname or ""):
        return None
    return port or 443


def _brought(address: str) -> dict[str, str]:
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return {}
    found = parse_qs(parts.query or parts.fragment)
    return {name: values[0] for name, values in found.items()}


def _failure(what: str, why: str, hint: str) -> Failure:
    return Failure(error("LRP308", what, why=why, hint=hint))

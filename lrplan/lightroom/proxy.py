"""
Which proxy is taken to a host, and what its address must be.

The environment names it, by `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY` and their like, in capitals or not; where it names
none, the settings of the system may. A proxy that is named and cannot be used is refused: whoever set it up does not
want calls to go past it.

The surprising case: the HTTP client could look proxies up itself, but leaves out those it does not like, and takes a
name and password for the service's own host from ~/.netrc, which collides with the token.
"""

import os
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit
from urllib.request import getproxies, proxy_bypass

from yarl import URL

from lrplan.lightroom import refusals

_SCHEMES = ("http", "https")


def proxy_for(root: str) -> URL | None:
    """The proxy for calls to *root*, as `connection.root_of` returns it; None for a direct way.

    A name and a password for the proxy are part of the result, for the HTTP client to send as Basic authorization.
    This machine itself is never reached through a proxy.

    Raises:
        Failure: LRP901, a proxy is named that cannot be used.
    """
    parts = urlsplit(root)
    host = parts.hostname or ""
    if is_loopback(host) or proxy_bypass(host):
        return None
    named = getproxies()
    scheme = next((key for key in (parts.scheme, "all") if named.get(key)), None)
    if scheme is None:
        return None
    return _address(named[scheme].strip(), variable=_variable(scheme))


def is_loopback(host: str) -> bool:
    """Whether *host* is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _address(text: str, *, variable: str) -> URL:
    """*text* as curl reads it: http where it names no scheme; name and password are bytes behind their percents."""
    if any(sign.isspace() for sign in text):
        raise refusals.bad_proxy(variable, "It has a space or a line break in it")
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        port = parts.port
    except ValueError:
        raise refusals.bad_proxy(variable, "It cannot be read as an address") from None
    if parts.scheme not in _SCHEMES:
        raise refusals.bad_proxy(variable, "Only http:// and https:// proxies are taken")
    if port == 0 or not parts.hostname:
        raise refusals.bad_proxy(variable, "It names no host, or a port that cannot be")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise refusals.bad_proxy(variable, "It holds more than scheme, name, password, host and port")
    try:
        user, password = _pair(parts)
    except ValueError:
        raise refusals.bad_proxy(variable, "It holds bytes that are no text") from None
    if user is not None and ":" in user:
        raise refusals.bad_proxy(variable, "A name cannot be sent with a colon in it")
    try:
        return URL.build(scheme=parts.scheme, user=user, password=password, host=parts.hostname, port=port)
    except ValueError:
        raise refusals.bad_proxy(variable, "Its host cannot be read") from None


def _pair(parts: SplitResult) -> tuple[str | None, str | None]:
    """Name and password. The HTTP client sends each character as the one byte that Latin-1 has for it."""
    user, password = (
        None if word is None else unquote_to_bytes(word).decode("latin-1") for word in (parts.username, parts.password)
    )
    return user, password


def _variable(scheme: str) -> str:
    """Where the proxy for *scheme* was named, as it stands there."""
    names = [name for name in os.environ if name.lower() == f"{scheme}_proxy" and os.environ[name]]
    return min(names, key=lambda name: name != name.lower(), default="the proxy setting of this system")

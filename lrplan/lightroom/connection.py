"""
How a server is reached: what is an address, whose certificates are believed, which proxy is taken.

All connections of lrplan are opened here, to the service and to the sign-in service alike.
"""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from urllib.parse import urlsplit

import aiohttp
from aiohttp.helpers import get_env_proxy_for_url
from attrs import frozen
from yarl import URL

from lrplan.lightroom import refusals
from lrplan.lightroom.breakage import tried_once

CONNECT_S = 20.0  # ours
SILENCE_S = 60.0  # ours: without a byte in either direction

_DNS_CACHE_S = 300  # ours: a run of minutes need not ask twice


@frozen(kw_only=True)
class Limits:
    """How long to wait for a connection, and for the next byte in either direction, in seconds."""

    connect_s: float = CONNECT_S
    silence_s: float = SILENCE_S


@asynccontextmanager
async def opened(root: str, limits: Limits) -> AsyncIterator[aiohttp.ClientSession]:
    """A pool of connections to *root*, as `root_of` returns it, of any size; nothing is sent yet."""
    proxy, proxy_auth = _proxy_for(root)
    connector = aiohttp.TCPConnector(
        limit=0,  # whoever asks bounds what is under way
        ttl_dns_cache=_DNS_CACHE_S,
        ssl=_trusted() if root.startswith("https:") else True,
    )
    timeout = aiohttp.ClientTimeout(total=None, connect=None, sock_connect=limits.connect_s, sock_read=limits.silence_s)
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=timeout,
        cookie_jar=aiohttp.DummyCookieJar(),
        proxy=proxy,
        proxy_auth=proxy_auth,
        middlewares=(tried_once,),
    ) as http:
        yield http


def root_of(endpoint: str) -> str:
    """Scheme, host, port and any path prefix of an endpoint that somebody typed. Failure LRP901 for anything else."""
    try:
        parts = urlsplit(endpoint.strip())
        host, port = parts.hostname, parts.port
        URL(endpoint.strip())
    except ValueError:
        raise refusals.bad_endpoint("it cannot be read") from None
    if parts.scheme not in ("http", "https") or not host:
        raise refusals.bad_endpoint("it needs http or https, and a host")
    if parts.username or parts.query or parts.fragment:
        raise refusals.bad_endpoint("it holds more than scheme, host, port and path")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{f':{port}' if port else ''}{parts.path.rstrip('/')}"


def is_loopback(host: str) -> bool:
    """Whether *host* is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _trusted() -> ssl.SSLContext:
    """Whose certificates are believed."""
    # The default context reads SSL_CERT_FILE and SSL_CERT_DIR anew.
    return ssl.create_default_context()


def _proxy_for(root: str) -> tuple[URL | None, aiohttp.BasicAuth | None]:
    """The proxy that the environment names for *root*, and what it wants to know."""
    # The HTTP client could look up proxies itself, but would then also take a name and password for this host from
    # ~/.netrc, which collides with the token. Loopback is never sent through a proxy.
    host = urlsplit(root).hostname or ""
    if is_loopback(host):
        return None, None
    try:
        return get_env_proxy_for_url(URL(root))
    except LookupError:
        return None, None

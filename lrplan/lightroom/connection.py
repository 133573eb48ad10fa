"""
How a server is reached: what is an address, and whose certificates are believed.

All connections of lrplan are opened here, to the service and to the sign-in service alike.
"""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import aiohttp
from attrs import frozen
from yarl import URL

from lrplan.lightroom import refusals
from lrplan.lightroom.breakage import tried_once
from lrplan.lightroom.proxy import proxy_for

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
    """A pool of connections to *root*, as `root_of` returns it, of any size; nothing is sent yet.

    Raises:
        Failure: LRP901, the environment names a proxy that cannot be used.
    """
    proxy = proxy_for(root)
    is_tls = root.startswith("https:") or (proxy is not None and proxy.scheme == "https")
    connector = aiohttp.TCPConnector(
        limit=0,  # whoever asks bounds what is under way
        ttl_dns_cache=_DNS_CACHE_S,
        ssl=_trusted() if is_tls else True,
    )
    timeout = aiohttp.ClientTimeout(total=None, connect=None, sock_connect=limits.connect_s, sock_read=limits.silence_s)
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=timeout,
        cookie_jar=aiohttp.DummyCookieJar(),
        proxy=proxy,
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


def _trusted() -> ssl.SSLContext:
    """Whose certificates are believed."""
    # The default context reads SSL_CERT_FILE and SSL_CERT_DIR anew.
    return ssl.create_default_context()

"""
The Lightroom service behind the ports: one connection pool, one rate gate, both directions.

`connect` opens it for the length of a run; nothing outside this package sees HTTP.
"""

import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address
from random import Random
from urllib.parse import urlsplit

import aiohttp
from aiohttp.helpers import get_env_proxy_for_url
from yarl import URL

from lrplan.lightroom import refusals
from lrplan.lightroom.examiner import LightroomExaminer
from lrplan.lightroom.governor import Governor
from lrplan.lightroom.reader import Reader
from lrplan.lightroom.session import Limits, Session
from lrplan.lightroom.writer import Writer
from lrplan.model.album import Album
from lrplan.model.asset import Asset
from lrplan.model.ids import AlbumId, AssetId, Sha256
from lrplan.model.snapshot import Account, Catalog
from lrplan.plan.write import Answer, Write
from lrplan.ports import Clock, Credentials, Events, MemberListing, Originals

_DNS_CACHE_S = 300  # ours: a run of minutes need not ask twice


class LightroomService:
    """Implements the `CatalogService` port over HTTP. Account and catalog are asked for once and kept."""

    def __init__(self, session: Session, originals: Originals) -> None:
        self._session = session
        self._reader = Reader(session)
        self._writer = Writer(session, self._reader, originals)
        self.examiner = LightroomExaminer(session, self._reader)

    @property
    def calls(self) -> int:
        """How many requests were sent so far, retries not counted."""
        return self._session.calls

    async def health(self) -> str:
        """The version of the service, which says that it is up; needs no token. "" where it names none."""
        return await self._reader.health()

    async def account(self) -> Account:
        """Whose token it is; does not judge the entitlement."""
        return await self._reader.account()

    async def catalog(self) -> Catalog:
        """The account's catalog; Failure LRP304 when there is none."""
        return await self._reader.catalog()

    async def albums(self) -> tuple[Album, ...]:
        """Every album and set that the service lists, each once, in the order of their ids."""
        return await self._reader.albums()

    async def album(self, album_id: AlbumId) -> Album | None:
        """One album; None when it is gone or may not be read."""
        return await self._reader.album(album_id)

    async def members(self, album_id: AlbumId) -> MemberListing | None:
        """The members of an album in shown order, each once; None when the album is gone."""
        return await self._reader.members(album_id)

    async def assets_by_id(self, asset_ids: Sequence[AssetId]) -> tuple[Asset, ...]:
        """The assets with these ids, as far as they exist, a hundred a call."""
        return await self._reader.assets_by_id(asset_ids)

    async def assets_by_sha256(self, sha256: Sha256) -> tuple[Asset, ...]:
        """The assets whose original has this hash; may include trashed and incomplete ones."""
        return await self._reader.assets_by_sha256(sha256)

    async def walk(self, *, captured_after: str | None, captured_before: str | None) -> tuple[Asset, ...]:
        """Every asset captured in the window (open where None, then with undated ones), each once."""
        return await self._reader.walk(captured_after=captured_after, captured_before=captured_before)

    async def send(self, write: Write, *, stamp: str) -> Answer:
        """Send one request, with retries where the service asks for them."""
        return await self._writer.send(write, stamp=stamp)


@asynccontextmanager
async def connect(
    *,
    endpoint: str,
    credentials: Credentials,
    originals: Originals,
    clock: Clock,
    events: Events,
    concurrency: int,
    rate: float,
    governor: Governor | None = None,
    random: Callable[[], float] | None = None,
    limits: Limits | None = None,
) -> AsyncIterator[LightroomService]:
    """Open the service for the length of the context; nothing is sent yet.

    Args:
        endpoint: Scheme, host, port and, if any, a path prefix.
        concurrency: Most calls at a time, at least 1.
        rate: Most calls a second, 0 for no cap.
        governor: The gate to share with other connections of the same API key; *concurrency* and *rate* are its own.
        random: From 0 to 1, for the spread of retries.
        limits: How long to wait for a connection and for the next byte.

    Raises:
        Failure: LRP901 when *endpoint* is not an address.
    """
    root = _root(endpoint)
    limits = limits or Limits()
    gate = governor or Governor(clock=clock, concurrency=concurrency, rate=rate)
    proxy, proxy_auth = _proxy_for(root)
    connector = aiohttp.TCPConnector(
        limit=0,  # the gate bounds what is under way
        ttl_dns_cache=_DNS_CACHE_S,
        ssl=_trust() if root.startswith("https:") else True,
    )
    timeout = aiohttp.ClientTimeout(total=None, connect=None, sock_connect=limits.connect_s, sock_read=limits.silence_s)
    async with aiohttp.ClientSession(
        connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar(), proxy=proxy, proxy_auth=proxy_auth
    ) as http:
        session = Session(
            http=http,
            endpoint=root,
            credentials=credentials,
            governor=gate,
            clock=clock,
            events=events,
            random=random or Random().random,  # noqa: S311 - it spreads retries, it hides nothing
            limits=limits,
        )
        yield LightroomService(session, originals)


def _root(endpoint: str) -> str:
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


def _trust() -> ssl.SSLContext:
    # The default context reads SSL_CERT_FILE and SSL_CERT_DIR anew.
    return ssl.create_default_context()


def _proxy_for(root: str) -> tuple[URL | None, aiohttp.BasicAuth | None]:
    # The HTTP client could look up proxies itself, but would then also take a name and password for this host from
    # ~/.netrc, which collides with the token. Loopback is never sent through a proxy.
    host = urlsplit(root).hostname or ""
    if host == "localhost" or _is_loopback(host):
        return None, None
    try:
        return get_env_proxy_for_url(URL(root))
    except LookupError:
        return None, None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False

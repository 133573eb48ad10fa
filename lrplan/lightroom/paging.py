"""
Which page comes next, and on which host it may lie. Pure.

`links.next` is a reference relative to `base`, which stands once in a listing and may be absent; both are resolved by
RFC 3986. The token is only ever sent to the host the user named: a stand-in or a proxy may well put the vendor's host,
or another scheme or port, into `base`, and then only path and query of the result count. A link that leaves both hosts
is refused.

The surprising case: a listing may never end. A link to a page that was seen, and many pages in a row that bring nothing
new, end it with an error instead.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar
from urllib.parse import SplitResult, quote, urljoin, urlsplit

IDLE_PAGES_MAX = 10  # ours: pages in a row without a new row, which ties at a boundary may cause once or twice

_PATH_SAFE = "/%:@!$&'()*+,;=-._~"
_DEFAULT_PORTS = {"http": 80, "https": 443}

R = TypeVar("R")


class BadLink(ValueError):  # noqa: N818 - it says what the link is
    """A link that is not followed; the message says why."""


def next_target(*, href: str, base: str | None, target: str, endpoint: str) -> str:
    """Where the next page lies: path and query below *endpoint*.

    Args:
        href: `links.next.href` as sent.
        base: `base` as sent, None where the listing has none.
        target: Path and query, below *endpoint*, of the page that was just read.
        endpoint: The user's scheme, host, port and, if any, path prefix; without a slash at its end.

    Raises:
        BadLink: The link cannot be read, or leads to another host than those of *endpoint* and *base*.
    """
    own = urlsplit(endpoint)
    try:
        here = endpoint + target
        root = urljoin(here, base) if base else here
        if _origin(urlsplit(root))[0] not in _DEFAULT_PORTS:
            root = here  # a base that is no address of the web says nothing
        resolved = urlsplit(urljoin(root, href))
        hosts = {_origin(own), _origin(urlsplit(root))}
        origin = _origin(resolved)
    except ValueError as problem:
        raise BadLink("it cannot be read") from problem
    if origin not in hosts:
        raise BadLink(f"it leads to another host, {quote(resolved.hostname or 'none')}")
    path = quote(resolved.path, safe=_PATH_SAFE) or "/"
    if origin == _origin(own) and own.path and path.startswith(own.path + "/"):
        path = path.removeprefix(own.path)
    return path + ("?" + quote(resolved.query, safe=_PATH_SAFE + "?") if resolved.query else "")


class Trail:
    """The pages of one listing so far."""

    def __init__(self, target: str) -> None:
        self._seen = {target}
        self._idle = 0

    def step(self, target: str, *, brought: int) -> None:
        """Go on to *target* after a page that brought this many new rows. Raises `BadLink` instead of looping."""
        self._idle = 0 if brought else self._idle + 1
        if target in self._seen:
            raise BadLink("it leads back to a page that was read already")
        if self._idle >= IDLE_PAGES_MAX:
            raise BadLink(f"{IDLE_PAGES_MAX} pages in a row brought nothing new")
        self._seen.add(target)


def without_repeats(rows: Iterable[R], key: Callable[[R], str]) -> tuple[R, ...]:
    """*rows*, each once by *key*; the first of a kind stays. Pages overlap where rows tie at their boundary."""
    kept: dict[str, R] = {}
    for row in rows:
        kept.setdefault(key(row), row)
    return tuple(kept.values())


def _origin(url: SplitResult) -> tuple[str, str, int | None]:
    return url.scheme, url.hostname or "", url.port or _DEFAULT_PORTS.get(url.scheme)

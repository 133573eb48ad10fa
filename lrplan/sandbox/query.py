"""Parameters of a query: decoding, checking, and writing them into links.

Problem: every parameter has its own rules and every broken rule an error that names the parameter.
Method: one function for each kind of parameter; each gives a value or refuses with 400/1005.
Surprising case: ``;`` separates values inside a parameter, never parameters, and arrives percent-encoded or not.
"""

import re
from collections.abc import Collection, Mapping
from urllib.parse import parse_qsl, quote, urlencode

from lrplan.sandbox.answers import DATE_WORDS, GUID_WORDS, bad_input
from lrplan.sandbox.calls import is_guid, whole_number
from lrplan.sandbox.moments import date_key

DEFAULT_LIMIT = 100  # Lightroom API, 'Retrieve assets', 'Retrieve albums', 'List assets of an album'
MAX_LIMIT = 500  # Lightroom API, 'Retrieve assets' and 'List assets of an album'
MAX_ASSET_IDS = 100  # the same two calls: 1 - 100 comma separated values
ORDER_BOUND = re.compile(r"[-_0-9a-zA-Z]{0,1024}")  # order_after and order_before: lex64, at most 1024 characters
LONE = "not allowed with asset_ids parameter"


def parameters(query: str) -> dict[str, str]:
    """Decode a raw query; the last of equal names counts."""
    try:
        return dict(parse_qsl(query, keep_blank_values=True, separator="&"))
    except ValueError as error:
        raise bad_input("query") from error


def limit_of(query: Mapping[str, str], *, most: int | None) -> int:
    """Give ``limit``: 100 when absent, 1 to ``most``."""
    if "limit" not in query:
        return DEFAULT_LIMIT
    number = whole_number(query["limit"])
    if number is None or number < 1 or (most is not None and number > most):
        raise bad_input("limit", f"must be between 1 and {most}" if most else "must be at least 1")
    return number


def date_bound(query: Mapping[str, str], name: str) -> str | None:
    """Give the sorting key of a date parameter, ``None`` when absent."""
    if name not in query:
        return None
    key = date_key(query[name])
    if key is None:
        raise bad_input(name, DATE_WORDS)
    return key


def order_bound(query: Mapping[str, str], name: str) -> str | None:
    """Give ``order_after`` or ``order_before``: lex64 text, which may be empty; ``None`` when absent."""
    if name in query and not ORDER_BOUND.fullmatch(query[name]):
        raise bad_input(name)
    return query.get(name)


def choice(query: Mapping[str, str], name: str, allowed: Collection[str]) -> str | None:
    """Give a parameter that takes one of a few values, ``None`` when absent."""
    if name in query and query[name] not in allowed:
        raise bad_input(name)
    return query.get(name)


def several(query: Mapping[str, str], name: str, allowed: Collection[str], separators: str = ";") -> tuple[str, ...]:
    """Give a list parameter whose values are each one of ``allowed``; empty when absent."""
    if name not in query:
        return ()
    values = tuple(re.split(f"[{separators}]", query[name]))
    if any(value not in allowed for value in values):
        raise bad_input(name)
    return values


def asset_ids_of(query: Mapping[str, str]) -> tuple[str, ...] | None:
    """Give ``asset_ids``, 1 to 100 of them and no other parameter beside; ``None`` when absent."""
    if "asset_ids" not in query:
        return None
    for other in query:
        if other != "asset_ids":
            raise bad_input(other, LONE)
    ids = tuple(dict.fromkeys(query["asset_ids"].split(",")))
    if len(query["asset_ids"].split(",")) > MAX_ASSET_IDS:
        raise bad_input("asset_ids", f"must be 1 - {MAX_ASSET_IDS} values")
    if not all(is_guid(one) for one in ids):
        raise bad_input("asset_ids", GUID_WORDS)
    return ids


def href(path: str, query: Mapping[str, str], without: Collection[str], **changed: str) -> str:
    """Write a link: the query as it came, less some parameters, with others set; relative to the listing's base."""
    kept = {name: value for name, value in query.items() if name not in without}
    return f"{path}?{urlencode({**changed, **kept}, quote_via=quote)}"

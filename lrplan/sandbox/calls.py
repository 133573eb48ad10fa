"""One call to the service, as its handlers see it.

Problem: handlers need ids, parameters, a body and the caller, and whatever a client sends in place of one of them must
become an answer.
Method: a ``Call`` reads each once, and refuses what is malformed in the contract's words.
Surprising case: JSON allows what cannot be stored or sent on: numbers of any length, ``NaN``, nesting without end; each
is refused as a body that is not JSON.
"""

import json
import math
import re
from collections.abc import AsyncIterator, Mapping
from typing import NoReturn
from urllib.parse import parse_qsl

from aiohttp import ClientError, web
from aiohttp.http_exceptions import HttpProcessingError
from attrs import frozen

from lrplan.sandbox.answers import GUID_WORDS, JSON_WORDS, Document, bad_input, not_found, too_big, wrong_content_type
from lrplan.sandbox.database import Account
from lrplan.sandbox.moments import moments_ago
from lrplan.sandbox.service import Service

MAX_JSON_BYTES = 1_048_576  # far above fifty album assets with the longest payloads the contract allows
MAX_FORM_BYTES = 65_536
FORM_TYPE = "application/x-www-form-urlencoded"
MAX_DEPTH = 64  # of nesting; far above any payload of the contract, far below what the interpreter bears
MAX_DIGITS = 18  # what an SQLite integer always holds
GUID = re.compile(r"[a-f0-9]{32}")  # Lightroom API, components/schemas/uuid
SHA256 = re.compile(r"[a-f0-9]{64}")


def is_guid(value: object) -> bool:
    """Whether ``value`` is an id of the contract: a UUID without hyphens, in lower case."""
    return isinstance(value, str) and GUID.fullmatch(value) is not None


def whole_number(text: str) -> int | None:
    """Read a decimal number that is not negative and that SQLite can hold."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(text: str) -> float:
    """Read a number with a fraction; one too large would be written back as ``Infinity``, which is no JSON."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _depth(document: object) -> int:
    """Count levels of nesting, no deeper than it matters."""
    level, depth = [document], 0
    while level and depth <= MAX_DEPTH:
        depth += 1
        tables = [one for one in level if isinstance(one, dict | list)]
        level = [value for one in tables for value in (one.values() if isinstance(one, dict) else one)]
    return depth


@frozen(kw_only=True)
class Call:
    """A call that was let in: ``ids`` come from the path, ``query`` is decoded (the last of equal names counts)."""

    service: Service
    request: web.BaseRequest
    ids: Mapping[str, str]
    query: Mapping[str, str]
    api_key: str
    account: Account
    keep: int | None = None  # a fault: of the assets to add to an album, only so many get in
    listed_until: str | None = None  # a fault: the listing shows nothing that was made after this moment
    defer_s: float | None = None  # a fault: what the answer promises is done so many seconds later

    @property
    def catalog_id(self) -> str:
        """The catalog of the path; refused when it is not the customer's (400/1005, 404/1000 ``catalog``)."""
        catalog_id = self.guid("catalog_id")
        if catalog_id != self.account.catalog_id:
            raise not_found("catalog")
        return catalog_id

    @property
    def base(self) -> str:
        """What hrefs of a catalog's documents are relative to."""
        return f"{self.service.endpoint}/v2/catalogs/{self.account.catalog_id}/"

    def guid(self, name: str) -> str:
        """Give an id of the path, or refuse with 400/1005."""
        if not is_guid(self.ids[name]):
            raise bad_input(name, GUID_WORDS)
        return self.ids[name]

    def header(self, name: str) -> str:
        """Give a header's value, empty when absent, with anything that is no text replaced."""
        return self.request.headers.get(name, "").encode("utf-8", "replace").decode()

    async def json(self) -> Document:
        """Read a body that must be a JSON object: 415/1003 when it is sent as something else, 400/1005 when it is none.

        One that is sent as nothing in particular is read as JSON: some clients give no Content-Type.
        """
        if self.header("Content-Type") and self.request.content_type.lower() != "application/json":
            raise wrong_content_type("should be json")
        body = bytearray()
        async for chunk in self.chunks():
            body += chunk
            if len(body) > MAX_JSON_BYTES:
                raise too_big()
        try:
            document = json.loads(body, parse_constant=_refuse_constant, parse_float=_finite)
        except (ValueError, RecursionError) as error:
            raise bad_input("body", JSON_WORDS) from error
        if not isinstance(document, dict) or _depth(document) > MAX_DEPTH:
            raise bad_input("body", JSON_WORDS)
        return document

    async def form(self) -> dict[str, str]:
        """Read a form-encoded body: 415/1003 when it is sent as something else, 413/1007 when it is too long."""
        if self.request.content_type.lower() != FORM_TYPE:
            raise wrong_content_type("should be a form")
        body = bytearray()
        async for chunk in self.chunks():
            body += chunk
            if len(body) > MAX_FORM_BYTES:
                raise too_big()
        try:
            return dict(parse_qsl(body.decode(), keep_blank_values=True))
        except ValueError as error:
            raise bad_input("body") from error

    @property
    def horizon(self) -> str | None:
        """The moment after which nothing that was made is listed yet; ``None`` where listings do not lag."""
        if self.listed_until is not None:
            return self.listed_until
        return moments_ago(self.service.lag) if self.service.lag else None

    @property
    def delay_s(self) -> float:
        """Seconds until the work is done that the answer only promises; 0: before the answer."""
        return self.service.delay_s if self.defer_s is None else self.defer_s

    async def chunks(self) -> AsyncIterator[bytes]:
        """Stream the body; ``ConnectionResetError`` when the client went away or broke the framing."""
        try:
            while chunk := await self.request.content.readany():
                yield chunk
        except (ClientError, HttpProcessingError, web.RequestPayloadError) as error:
            raise ConnectionResetError("the body ended early") from error

"""
What the service says when it refuses, from whatever it sends: several shapes of JSON, nothing, a page of HTML. Pure.

The HTTP status decides; code and words only tell cases of one status apart, since the vendor's pages give one code to
different refusals. Words of the service are shown to people, so they are cleaned of control characters and secrets, and
cut.
"""

import re
from collections.abc import Iterable, Iterator

from attrs import frozen

from lrplan.lightroom.secrets import cleaned
from lrplan.lightroom.wire import flaw_of, number_of, says_exists, tree

NOT_PERMITTED = 1016
ACCESS_FORBIDDEN = 4300
ACCOUNT_STATE = 4301
UPGRADE_REQUIRED = 4999
BAD_API_KEY = 403003

_BYTES_MAX = 1 << 20  # ours: of a refusal; what is longer is no refusal of the service, and its beginning tells
_TITLE = re.compile(rb"<title[^>]*>([^<]+)", re.IGNORECASE)


@frozen(kw_only=True)
class Problem:
    """A refusal.

    Attributes:
        status: HTTP status; it comes first.
        code: The service's number, 0 where it gives none.
        words: What it says, fit to be shown; never empty.
        about: The keys of its `errors` object, such as `catalog` or `asset`.
        exists: It says that what was to be made is there already.
    """

    status: int
    code: int = 0
    words: str
    about: frozenset[str] = frozenset()
    exists: bool = False

    @property
    def is_catalog_gone(self) -> bool:
        """The catalog that the call went to does not exist (any more)."""
        return self.status == 404 and "catalog" in self.about

    @property
    def is_about_catalog(self) -> bool:
        """The service itself names the catalog as what is missing or forbidden; a page of a gateway never does."""
        return "catalog" in self.about or (self.code != 0 and "catalog" in self.words.lower())

    @property
    def is_refused_token(self) -> bool:
        """The token is missing, expired or refused: 401, or 403 with code 4300."""
        return self.status == 401 or (self.status == 403 and self.code == ACCESS_FORBIDDEN)


def problem_from(status: int, body: bytes, *, secrets: Iterable[str]) -> Problem:
    """Read a refusal of any shape; *secrets* are words that must not be repeated."""
    body, secrets = body[:_BYTES_MAX], tuple(secrets)
    value = tree(body)
    if value is None:
        return Problem(status=status, words=cleaned(_without_json(body), secrets=secrets))
    code = value.get("code", value.get("error_code"))
    errors = value.get("errors")
    said = [value.get("description"), value.get("message"), value.get("error_description"), *_error_words(errors)]
    if not number_of(code):
        said.append(code)
    said.append(value.get("subtype"))
    distinct = dict.fromkeys(word for word in said if isinstance(word, str) and word)
    words = cleaned(": ".join(distinct), secrets=secrets) or "no reason given"
    return Problem(
        status=status,
        code=number_of(code),
        words=words,
        about=frozenset(errors) if isinstance(errors, dict) else frozenset(),
        exists=says_exists(code=code, subtype=value.get("subtype"), errors=errors),
    )


def _error_words(errors: object) -> Iterator[str]:
    if isinstance(errors, dict):
        for key, value in list(errors.items())[:20]:
            yield f"{key} {', '.join(map(str, value[:20])) if isinstance(value, list) else value}"
    if isinstance(errors, list):
        for row in errors[:20]:
            if isinstance(row, dict) and isinstance(row.get("description"), str):
                yield row["description"]


def _without_json(body: bytes) -> str:
    title = _TITLE.search(body[:100_000])
    if title:
        return f"a page of HTML, {title[1].decode('utf-8', 'replace').strip()!r}"
    return f"{flaw_of(body)}"

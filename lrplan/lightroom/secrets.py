"""
What must not be repeated, and how it is taken out of what a service says.

A service, or a proxy before it, may send back what it was sent: in an error, in a title, in a link, in a row. So the
bodies that are kept are rid of tokens before anybody reads them, and words that are shown are cleaned once more, of the
API key too: in a body that stands where it belongs, as the owner of an album.

The surprising case: words are cut to a length that fits a terminal. Secrets go first, or the half of one would stay.

And a body may be the customer's own data, which an update sends back as it was read. What stands for a secret there is
like nothing else, so that no request can carry it: such an album is not written to, rather than spoiled.
"""

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

from lrplan.ports import Credentials

WORDS_MAX = 300  # ours: a terminal's worth
TOKEN_BYTES_MIN = 32  # ours: what is shorter may be a word of the catalog; real tokens have hundreds
HIDDEN_IN_BODY = "⟦secret⟧"

_HIDDEN = "[secret]"
_READ_MAX = 5000  # ours: more than is ever shown
_UNSHOWN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # Unicode categories: controls, formats, surrogates, separators of lines


class Secrets:
    """Those of one connection: every token that it sent, and what its credentials hold."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._sent: set[str] = set()

    def sent(self, token: str) -> None:
        """*token* has gone out; it may come back at any later time."""
        self._sent.add(token)

    def out_of(self, body: bytes) -> bytes:
        """*body* without tokens."""
        for token in _longest_first((*self._sent, *self._credentials.secrets)):
            if len(token) >= TOKEN_BYTES_MIN:
                body = body.replace(token.encode("utf-8", "surrogateescape"), HIDDEN_IN_BODY.encode())
        return body

    def cleaned(self, words: str) -> str:
        """*words* of the service as they may be shown: as `cleaned`, without tokens and API key."""
        return cleaned(words, secrets=self.all)

    @property
    def all(self) -> tuple[str, ...]:
        """Everything that no message may repeat."""
        return (*self._sent, *self._credentials.secrets, self._credentials.api_key)


def cleaned(text: str, *, secrets: Iterable[str]) -> str:
    """*text* on one line, without control characters and *secrets*, cut to `WORDS_MAX` characters."""
    forms = (form for secret in _longest_first(secrets) for form in (secret, _quoted(secret)))
    if pattern := "|".join(map(re.escape, dict.fromkeys(forms))):
        text = re.sub(pattern, _HIDDEN, text, flags=re.IGNORECASE)  # a host's name comes in small letters
    kept = "".join(" " if unicodedata.category(char) in _UNSHOWN else char for char in text[:_READ_MAX])
    line = " ".join(kept.replace(HIDDEN_IN_BODY, _HIDDEN).split())
    return line if len(line) <= WORDS_MAX else line[: WORDS_MAX - 1] + "…"


def _quoted(secret: str) -> str:
    return quote(secret, safe="", errors="surrogateescape")  # what the environment holds may be no text


def _longest_first(secrets: Iterable[str]) -> list[str]:
    # One may be the beginning of another.
    return sorted({secret for secret in secrets if secret}, key=lambda secret: (-len(secret), secret))

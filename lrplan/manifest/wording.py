"""
How the words of a user are repeated in a message, and which known word they may have meant.

Repeated text is shortened and its line breaks are shown as escapes, so that one message stays one message. Looking for
the nearest word costs time in proportion to the known words; a broken file of a hundred thousand lines must not make
that a hundred thousand searches, so a `Suggestions` gives up after a while.
"""

from collections.abc import Iterable
from difflib import get_close_matches

from attrs import define, field

REPEATED_CHARACTERS_MAX = 60
_SEARCHES_MAX = 50
_COMPARISONS_MAX = 100_000  # about a second
_WORD_CHARACTERS_MAX = 100
_NEAR = 0.7  # ours: at the library's 0.6 "replace" is near "lrplan"


def quoted(text: str) -> str:
    """*text* in double quotes, on one line, cut after 60 characters."""
    shown = text if len(text) <= REPEATED_CHARACTERS_MAX else text[: REPEATED_CHARACTERS_MAX - 1] + "…"
    return '"' + shown.replace("\r", "\\r").replace("\n", "\\n") + '"'


def listed(words: Iterable[str], joint: str = "or") -> str:
    """`a`, `a or b`, `a, b or c`."""
    every = list(words)
    return " ".join((", ".join(every[:-1]), joint, every[-1])) if len(every) > 1 else "".join(every)


@define
class Suggestions:
    """The words that would have been right, asked for the one nearest to a wrong one."""

    known: tuple[str, ...]
    _found: dict[str, str] = field(factory=dict)

    def hint(self, wrong: str) -> str:
        """`did you mean "right"?`, or nothing where no known word is near or too many were asked for."""
        if wrong not in self._found:
            searches = min(_SEARCHES_MAX, max(1, _COMPARISONS_MAX // max(1, len(self.known))))
            if len(self._found) >= searches or len(wrong) > _WORD_CHARACTERS_MAX:
                return ""
            self._found[wrong] = _nearest(wrong, self.known)
        near = self._found[wrong]
        return f"did you mean {quoted(near)}?" if near else ""


def _nearest(wrong: str, known: tuple[str, ...]) -> str:
    folded = wrong.casefold()
    for word in known:
        if word.casefold() == folded:
            return word
    return next(iter(get_close_matches(wrong, known, n=1, cutoff=_NEAR)), "")

"""A line for people: its text and its tone. The tone says what kind of news it is; `cli` knows the colours."""

from enum import StrEnum

from attrs import frozen


class Tone(StrEnum):
    """What kind of news a line is."""

    PLAIN = "plain"
    FAINT = "faint"
    HEADING = "heading"
    CREATE = "create"
    CHANGE = "change"
    REPLACE = "replace"
    DELETE = "delete"
    BLOCKED = "blocked"
    KEPT = "kept"
    GOOD = "good"
    BAD = "bad"


@frozen
class Line:
    """One line without its line end."""

    text: str
    tone: Tone = Tone.PLAIN

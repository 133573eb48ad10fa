"""
What `doctor --probe` can settle about a service, as values: the questions that no document answers, and its answers.

Every question may stay open: there was no photo to try it with, the service refused the call, or listings lagged on.
"""

from enum import StrEnum

from attrs import frozen

from lrplan.diagnostics import Diagnostic
from lrplan.model.ids import AccountId


class Question(StrEnum):
    """What nobody has written down about the service."""

    ORDER_SHOWN = "orderShown"
    ORDER_KEPT = "orderKept"
    UPDATED_MOVES = "updatedMovesWithMembership"
    UPDATE_MODE = "updateMode"
    PARENT_CLEARED = "parentCleared"
    COMMA_LIST = "commaSeparatedSubtypes"
    SEMICOLON_LIST = "semicolonSeparatedSubtypes"


UNSETTLED = "unsettled"
YES, NO = "yes", "no"

ANSWERS: dict[Question, tuple[str, ...]] = {
    Question.ORDER_SHOWN: (YES, NO),
    Question.ORDER_KEPT: (YES, NO),
    Question.UPDATED_MOVES: (YES, NO),
    Question.UPDATE_MODE: ("merges", "mergesTopLevel", "replaces"),
    Question.PARENT_CLEARED: ("leftOut", "emptyObject", "null", NO),
    Question.COMMA_LIST: ("both", "albums", "sets", "none", "refused"),
    Question.SEMICOLON_LIST: ("both", "albums", "sets", "none", "refused"),
}
"""The answers that each question can have, besides `UNSETTLED`."""


@frozen(kw_only=True)
class Finding:
    """The answer to one question.

    Attributes:
        answer: One of `ANSWERS`, or `UNSETTLED`.
        why: What it was seen by, or what stood in the way; a sentence without a full stop.
    """

    question: Question
    answer: str
    why: str = ""


@frozen(kw_only=True)
class Probe:
    """All answers of one probe.

    Attributes:
        at: The UTC instant at which it ended, ISO 8601 with Z.
        endpoint: The service that was asked.
        photos: How many photos of the catalog were members of the throw-away album for a moment, 0 to 2.
        calls: Requests sent, cleaning up included.
        remains: Ids of what could not be removed, or may not be gone; empty when all of it is.
        said: Why it could not be removed, with what to do.
    """

    at: str
    lrplan_version: str
    endpoint: str
    account_id: AccountId
    photos: int
    calls: int
    findings: tuple[Finding, ...]
    remains: tuple[str, ...] = ()
    said: tuple[Diagnostic, ...] = ()

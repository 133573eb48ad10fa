"""
What a doctor found out about an installation, as values: one line a question, in the order in which they depend.

A line that could not be asked, because one before it failed, says which.
"""

from collections.abc import Mapping
from enum import StrEnum

from attrs import field, frozen

from lrplan.diagnostics import Diagnostic, ExitCode, Severity

Fact = str | int | float | bool | None | tuple[str, ...]


class Topic(StrEnum):
    """What is asked, in this order."""

    PROJECT = "project"
    NETWORK = "network"
    CLOCK = "clock"
    KEY = "key"
    TOKEN = "token"  # noqa: S105 - the name of a line
    SCOPES = "scopes"
    ENTITLEMENT = "entitlement"
    STORAGE = "storage"
    CATALOG = "catalog"
    STATE = "state"
    ALBUMS = "albums"
    LEFTOVERS = "leftovers"
    PROBE = "probe"


class Result(StrEnum):
    """What became of one question."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


@frozen(kw_only=True)
class Check:
    """One question and its answer.

    Attributes:
        summary: The answer in a few words; texts of the service stand in it as they came.
        said: Why it failed or is a warning, with what to do; empty when it is well.
        because: For one that was skipped: the question that has to be answered first, or None.
        facts: What was found, by name, for machines; docs/reference/doctor.md lists the names of each question.
    """

    topic: Topic
    result: Result
    summary: str
    said: tuple[Diagnostic, ...] = ()
    because: Topic | None = None
    facts: Mapping[str, Fact] = field(factory=dict)


@frozen(kw_only=True)
class Checkup:
    """All answers.

    Attributes:
        at: The UTC instant by this machine's clock, ISO 8601 with Z.
        endpoint: Where the service was looked for; `sandbox` for the project's own stand-in.
        project: Its name, "" without one.
    """

    at: str
    endpoint: str
    project: str = ""
    checks: tuple[Check, ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        """That of the first line that failed; 0 when none did."""
        for check in self.checks:
            if check.result is Result.FAILED:
                grave = [said.exit_code for said in check.said if said.severity is Severity.ERROR]
                return grave[0] if grave else ExitCode.UNEXPECTED
        return ExitCode.DONE

    @property
    def obstacle_to_probing(self) -> Topic | None:
        """The line that speaks against making anything in this catalog; None when all of them are well."""
        for topic in (Topic.NETWORK, Topic.KEY, Topic.TOKEN, Topic.ENTITLEMENT, Topic.CATALOG, Topic.LEFTOVERS):
            check = self.of(topic)
            if check is not None and check.result in (Result.FAILED, Result.SKIPPED):
                return check.because or topic
        return None

    def of(self, topic: Topic) -> Check | None:
        """The line about *topic*, if it was asked."""
        return next((check for check in self.checks if check.topic is topic), None)


def well(topic: Topic, summary: str, facts: Mapping[str, Fact] | None = None) -> Check:
    """A line with nothing to worry about."""
    return Check(topic=topic, result=Result.OK, summary=summary, facts=facts or {})


def doubtful(topic: Topic, summary: str, *said: Diagnostic, facts: Mapping[str, Fact] | None = None) -> Check:
    """A line that works, with something that somebody should know."""
    return Check(topic=topic, result=Result.WARNING, summary=summary, said=said, facts=facts or {})


def failed(topic: Topic, *said: Diagnostic, facts: Mapping[str, Fact] | None = None) -> Check:
    """A line that has to be put right; the first of *said* names it."""
    return Check(topic=topic, result=Result.FAILED, summary=said[0].what, said=said, facts=facts or {})


def skipped(topic: Topic, why: str = "", *, because: Topic | None = None) -> Check:
    """A line that could not be asked: *because* another is not well, or for the reason *why*."""
    return Check(
        topic=topic, result=Result.SKIPPED, summary=f"because of {because}" if because else why, because=because
    )

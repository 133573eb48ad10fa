"""
What a doctor found, as files: the one result of `lrplan doctor --json`, and `probe.json` with the answers of a probe.

Both are of format 1.0. The first is written only; the second is read again as well, by whoever wants to know what kind
of service it is. Neither holds a secret: no key, no token, no claim of a token but its scopes and its end.
"""

from collections.abc import Mapping

import msgspec

from lrplan.formats.bindings import Layout
from lrplan.formats.canonical import damaged, indented, read_versioned, schema_of
from lrplan.formats.plan_layout import WarningLayout
from lrplan.formats.resources import warning_to_layout
from lrplan.model.checkup import Check, Checkup, Fact, Result, Topic
from lrplan.model.ids import AccountId
from lrplan.model.probing import ANSWERS, UNSETTLED, Finding, Probe, Question

CHECKUP_FORMAT = "1.0"
PROBE_FORMAT = "1.0"


class CheckLayout(Layout, frozen=True, kw_only=True):
    """One question and its answer; `because` names the question that has to be answered first."""

    topic: Topic
    result: Result
    summary: str
    because: Topic | None = None
    facts: Mapping[str, Fact] = msgspec.field(default_factory=dict)
    diagnostics: tuple[WarningLayout, ...] = ()


class FindingLayout(Layout, frozen=True, kw_only=True):
    """The answer to one question, and what it was seen by or what stood in the way."""

    answer: str
    why: str = ""


class ProbeLayout(Layout, frozen=True, kw_only=True):
    """The answers of a probe. `remains` names what could not be removed, or may not be gone."""

    format_version: str
    lrplan_version: str
    at: str
    endpoint: str
    account_id: AccountId
    photos: int
    calls: int
    findings: dict[Question, FindingLayout]
    remains: tuple[str, ...] = ()


class CheckupLayout(Layout, frozen=True, kw_only=True):
    """All that `lrplan doctor` found out. `exitCode` is that of the first question that failed."""

    format_version: str
    lrplan_version: str
    at: str
    endpoint: str
    project: str = ""
    exit_code: int
    checks: tuple[CheckLayout, ...]
    probe: ProbeLayout | None = None


def encode_checkup(checkup: Checkup, probe: Probe | None, *, version: str) -> bytes:
    """*checkup*, and the answers of the probe that was part of it, as canonical JSON. *version* is lrplan's own."""
    return indented(
        CheckupLayout(
            format_version=CHECKUP_FORMAT,
            lrplan_version=version,
            at=checkup.at,
            endpoint=checkup.endpoint,
            project=checkup.project,
            exit_code=int(checkup.exit_code),
            checks=tuple(map(_check, checkup.checks)),
            probe=_probe(probe) if probe is not None else None,
        )
    )


def checkup_schema() -> bytes:
    """The JSON Schema (2020-12) of `doctor --json`, as published in docs/reference/doctor.schema.json."""
    return schema_of(CheckupLayout, f"lrplan doctor, format {CHECKUP_FORMAT}")


def encode_probe(probe: Probe) -> bytes:
    """*probe* as the bytes of its file."""
    return indented(_probe(probe))


def decode_probe(content: bytes, *, file: str = "probe.json") -> Probe:
    """The answers that *content* holds.

    Raises:
        Failure: LRP106, it is damaged; LRP107, it was written by a newer lrplan. Both name *file*.
    """
    layout = read_versioned(content, ProbeLayout, known=(PROBE_FORMAT,), what="probe", file=file)
    for question, finding in layout.findings.items():
        if finding.answer not in (*ANSWERS[question], UNSETTLED):
            raise damaged("probe", file, f"{question} has no such answer")
    return Probe(
        at=layout.at,
        lrplan_version=layout.lrplan_version,
        endpoint=layout.endpoint,
        account_id=layout.account_id,
        photos=layout.photos,
        calls=layout.calls,
        findings=tuple(
            Finding(question=question, answer=layout.findings[question].answer, why=layout.findings[question].why)
            for question in Question
            if question in layout.findings
        ),
        remains=layout.remains,
    )


def probe_schema() -> bytes:
    """The JSON Schema (2020-12) of `probe.json`, as published in docs/reference/probe.schema.json."""
    return schema_of(ProbeLayout, f"lrplan probe, format {PROBE_FORMAT}")


def _check(check: Check) -> CheckLayout:
    return CheckLayout(
        topic=check.topic,
        result=check.result,
        summary=check.summary,
        because=check.because,
        facts=check.facts,
        diagnostics=tuple(map(warning_to_layout, check.said)),
    )


def _probe(probe: Probe) -> ProbeLayout:
    return ProbeLayout(
        format_version=PROBE_FORMAT,
        lrplan_version=probe.lrplan_version,
        at=probe.at,
        endpoint=probe.endpoint,
        account_id=probe.account_id,
        photos=probe.photos,
        calls=probe.calls,
        findings={
            finding.question: FindingLayout(answer=finding.answer, why=finding.why) for finding in probe.findings
        },
        remains=probe.remains,
    )

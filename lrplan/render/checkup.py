"""What a doctor found, in lines: one a question, and below it, where something is wrong, why and what to do."""

from collections.abc import Iterator

from lrplan.diagnostics import Diagnostic
from lrplan.model.checkup import Check, Checkup, Result, Topic
from lrplan.model.probing import NO, UNSETTLED, YES, Finding, Probe, Question
from lrplan.render.amounts import count
from lrplan.render.columns import align
from lrplan.render.escape import for_text
from lrplan.render.line import Line, Tone

_NAMES = {
    Topic.PROJECT: "project files",
    Topic.KEY: "API key",
    Topic.TOKEN: "access token",
    Topic.ALBUMS: "this project",
}
_TONES = {
    Result.OK: Tone.PLAIN,
    Result.WARNING: Tone.CHANGE,
    Result.FAILED: Tone.BAD,
    Result.SKIPPED: Tone.FAINT,
}
_WORDS = {
    (Question.ORDER_SHOWN, YES): "listings show the order keys of photos",
    (Question.ORDER_SHOWN, NO): "listings keep the order keys of photos to themselves",
    (Question.ORDER_KEPT, YES): "photos are listed in the order of their keys",
    (Question.ORDER_KEPT, NO): "photos are not listed in the order of their keys",
    (Question.UPDATED_MOVES, YES): "an album's `updated` moves when photos join it",
    (Question.UPDATED_MOVES, NO): "an album's `updated` does not move when photos join it",
    (Question.UPDATE_MODE, "merges"): "an update merges: what it leaves out stays",
    (Question.UPDATE_MODE, "mergesTopLevel"): "an update merges the keys of the payload, and replaces what is in them",
    (Question.UPDATE_MODE, "replaces"): "an update replaces: what it leaves out goes",
    (Question.PARENT_CLEARED, "leftOut"): "an album goes to the top level by an update without `parent`",
    (Question.PARENT_CLEARED, "emptyObject"): "an album goes to the top level by an update with `parent: {}`",
    (Question.PARENT_CLEARED, "null"): "an album goes to the top level by an update with `parent: null`",
    (Question.PARENT_CLEARED, NO): "an album cannot be brought back to the top level",
}
_FORMS = {Question.COMMA_LIST: "commas", Question.SEMICOLON_LIST: "semicolons"}
_LISTS = {
    "both": "work",
    "albums": "show the albums only",
    "sets": "show the sets only",
    "none": "show nothing",
    "refused": "are refused",
}
_OPEN = {
    Question.ORDER_SHOWN: "whether listings show order keys",
    Question.ORDER_KEPT: "whether photos are listed in the order of their keys",
    Question.UPDATED_MOVES: "whether an album's `updated` moves when photos join it",
    Question.UPDATE_MODE: "whether an update merges or replaces",
    Question.PARENT_CLEARED: "whether an album can be brought back to the top level",
    Question.COMMA_LIST: "whether lists of kinds with commas work",
    Question.SEMICOLON_LIST: "whether lists of kinds with semicolons work",
}


def checkup_text(checkup: Checkup) -> tuple[Line, ...]:
    """A line for each question, with what is to be done below it, and a sentence at the end."""
    rows = [(check.result, _name(check.topic), for_text(_summary(check))) for check in checkup.checks]
    lines: list[Line] = []
    indent = " " * (len(align([(*row[:2], "|") for row in rows])[0]) - 1) if rows else ""
    for check, text in zip(checkup.checks, align(rows) if rows else (), strict=True):
        lines.append(Line(text, _TONES[check.result]))
        for number, said in enumerate(check.said):
            lines.extend(Line(indent + words) for words in _below(said, is_named=number == 0 and said.what in text))
    return (*lines, *_sum(checkup))


def probe_text(probe: Probe, *, file: str) -> tuple[Line, ...]:
    """The answers, a line each. *file* is where they were written, "" where that failed."""
    settled = sum(finding.answer != UNSETTLED for finding in probe.findings)
    lines = [Line(f"Probed {for_text(probe.endpoint)}: {settled} of {len(probe.findings)} questions settled.")]
    lines += [Line(f"  {_finding(finding)}", _finding_tone(finding)) for finding in probe.findings]
    photos = count(probe.photos, "photo of the catalog as a member", "photos of the catalog as members")
    used = f"Used {photos} for a moment. " if probe.photos else ""
    gone = "The throw-away album and set are gone again."
    if probe.remains:
        gone = "It is not certain that all of it is gone again."
    lines.append(Line(f"{used}{gone} {count(probe.calls, 'call')}."))
    if file:
        lines.append(Line(f"The answers are in {for_text(file)}."))
    return tuple(lines)


def _name(topic: Topic) -> str:
    return _NAMES.get(topic, topic.value)


def _summary(check: Check) -> str:
    return f"because of {_name(check.because)}" if check.because is not None else check.summary


def _below(said: Diagnostic, *, is_named: bool) -> Iterator[str]:
    """Code and place, reason and hint of one message; its first words too, unless the line has said them."""
    place = f"{for_text(str(said.span))}: " if said.span is not None else ""
    if place or not is_named:
        yield f"{place}{said.severity.value}[{said.code}]: {for_text(said.what)}"
    if said.why:
        yield for_text(said.why)
    if said.hint:
        yield f"hint: {for_text(said.hint)}"


def _sum(checkup: Checkup) -> Iterator[Line]:
    numbers = {result: sum(check.result is result for check in checkup.checks) for result in Result}
    if not numbers[Result.FAILED] and not numbers[Result.WARNING]:
        yield Line("All is well.", Tone.GOOD)
        return
    words = {Result.FAILED: "{} failed", Result.SKIPPED: "{} skipped"}
    parts = [words[result].format(numbers[result]) for result in words if numbers[result]]
    if numbers[Result.WARNING]:
        parts.insert(1 if numbers[Result.FAILED] else 0, count(numbers[Result.WARNING], "warning"))
    if numbers[Result.FAILED]:
        yield Line(f"Not all is well: {', '.join(parts)}.", Tone.BAD)
    else:
        yield Line(f"Nothing failed: {', '.join(parts)}.", Tone.GOOD)


def _finding(finding: Finding) -> str:
    why = f" ({for_text(finding.why)})" if finding.why else ""
    if finding.answer == UNSETTLED:
        return f"not settled: {_OPEN[finding.question]}{why}"
    if finding.question in _FORMS:
        return f"lists of kinds with {_FORMS[finding.question]} {_LISTS[finding.answer]}{why}"
    return f"{_WORDS[finding.question, finding.answer]}{why}"


def _finding_tone(finding: Finding) -> Tone:
    return Tone.FAINT if finding.answer == UNSETTLED else Tone.PLAIN

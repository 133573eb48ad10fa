"""
How an apply ended, in words that add up.

Whatever is not done, or not all of it, gets a line of its own with its cause; then one sentence puts every wish and
file into exactly one bucket; the last line says whether reading back proved it.
"""

from collections import Counter
from collections.abc import Iterator

from lrplan.diagnostics import ExitCode
from lrplan.render.amounts import count, measured
from lrplan.render.columns import align
from lrplan.render.escape import for_text
from lrplan.render.line import Line, Tone
from lrplan.workflow.report import Bucket, Item, Open, Report, Verified

_WELL = (Bucket.DONE, Bucket.ALREADY)


def report_text(report: Report, *, to_finish: str = "lrplan apply") -> tuple[Line, ...]:
    """*report* as lines. *to_finish* is the command that goes on after an interruption."""
    return (*_troubles(report), *_sum(report), *_proof(report, to_finish))


def _troubles(report: Report) -> Iterator[Line]:
    troubled = [item for item in report.items if item.bucket not in _WELL or item.why]
    rows = [(item.bucket.value, for_text(item.name), for_text(_cause(item))) for item in troubled]
    for item, line in zip(troubled, align(rows) if rows else (), strict=True):
        yield Line(line, Tone.BLOCKED if item.bucket in (*_WELL, Bucket.BLOCKED, Bucket.PAUSED) else Tone.BAD)


def _cause(item: Item) -> str:
    return f"but {item.why}" if item.bucket in _WELL else item.why


def _sum(report: Report) -> Iterator[Line]:
    buckets = Counter(item.bucket for item in report.items)
    parts = ", ".join(f"{buckets[bucket]:,} {bucket.value}" for bucket in Bucket if buckets[bucket])
    spent = f"{count(report.calls, 'call')}, {measured(report.seconds)}."
    if not report.items:
        yield Line(f"Nothing had to be done. {spent}")
    else:
        yield Line(f"Of {count(len(report.items), 'album, set or file', 'albums, sets and files')}: {parts}. {spent}")


def _proof(report: Report, to_finish: str) -> Iterator[Line]:
    if report.remains:
        yield Line("Read back, and still different:", Tone.BAD)
        yield from (Line(f"  {for_text(what)}", Tone.BAD) for what in report.remains)
    elif report.verified is not Verified.NOTHING:
        yield Line(f"Verified: {report.verified.value}.", Tone.GOOD)
    if report.exit_code is ExitCode.STALE:
        yield Line("Not all is done, for something changed since the plan was made. Plan again.", Tone.BAD)
    elif report.open is not Open.NOTHING:
        yield Line(f"Not all is done{_WAYS_ON[report.open].format(to_finish)}", Tone.BAD)


_WAYS_ON = {
    Open.AGAIN: ". Running it again finishes: {}",
    Open.LOOK: ". What failed would fail again, so look at its cause first. All else is done.",
    Open.LOOK_AND_AGAIN: ". What was refused would be refused again; running it again does the rest: {}",
    Open.ERROR: ". See to the error first, then finish: {}",
    Open.OTHER_CATALOG: ", and running it again would not finish. See to the error first.",
}

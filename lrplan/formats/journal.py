"""
The journal file, format 1: one JSON object a line, each with a checksum of its own.

A line is written by appending, so a power cut can leave it torn at any byte, and a disk can return anything. A line
counts only if it is whole, its checksum fits and it is an entry of this format; the first that does not ends the
journal, because what follows a gap proves nothing about what was lost in it.

The surprising case: a last line that lacks only its newline is whole to the eye but was never durable, so it is torn.
"""

import msgspec

from lrplan.diagnostics import Diagnostic, Failure, SourceSpan, error, warning
from lrplan.formats.bindings import Layout
from lrplan.formats.canonical import compact
from lrplan.formats.lines import seal, unseal
from lrplan.journal.entries import Begun, Ended, Entry, Intent, Outcome, Settled, Started, StepDone
from lrplan.model.ids import AlbumId, AssetId

JOURNAL_FORMAT = 1


class _Started(Layout, frozen=True, kw_only=True, tag_field="entry", tag="started"):
    format_version: int
    run_id: str
    digest: str
    at: str


class _Intent(Layout, frozen=True, kw_only=True, tag_field="entry", tag="intent"):
    write: str
    step_id: str
    stamp: str
    album_id: AlbumId | None = None
    asset_ids: tuple[AssetId, ...] = ()
    content_range: str = ""


class _Begun(Layout, frozen=True, kw_only=True, tag_field="entry", tag="begun"):
    write: str
    step_id: str
    stamp: str


class _Outcome(Layout, frozen=True, kw_only=True, tag_field="entry", tag="outcome"):
    write: str
    result: str
    asset_ids: tuple[AssetId, ...] = ()
    why: str = ""
    request_id: str = ""


class _Settled(Layout, frozen=True, kw_only=True, tag_field="entry", tag="settled"):
    step_id: str
    planned: str
    actual: str


class _StepDone(Layout, frozen=True, kw_only=True, tag_field="entry", tag="stepDone"):
    step_id: str
    result: str
    why: str = ""


class _Ended(Layout, frozen=True, kw_only=True, tag_field="entry", tag="ended"):
    result: str
    at: str


_Line = _Started | _Begun | _Intent | _Outcome | _Settled | _StepDone | _Ended
_DECODER = msgspec.json.Decoder(_Line)


def encode_entry(entry: Entry) -> bytes:
    """One line, with its checksum and its newline."""
    return seal(compact(_to_layout(entry)))


def decode_journal(content: bytes, *, file: str = "journal.jsonl") -> tuple[tuple[Entry, ...], Diagnostic | None]:
    """The entries of a journal up to where it is whole, and one warning if it is not whole to its end.

    Raises:
        Failure: LRP107, the journal was written in a newer format; *file* names it.
    """
    entries: list[Entry] = []
    start = 0
    while start < len(content):
        end = content.find(b"\n", start)
        entry = None if end < 0 else _decode_line(content[start:end], file)
        if entry is None:
            return tuple(entries), _damage(file, line=len(entries) + 1, torn=end < 0)
        entries.append(entry)
        start = end + 1
    return tuple(entries), None


def _decode_line(line: bytes, file: str) -> Entry | None:
    body = unseal(line)
    if body is None:
        return None
    try:
        layout = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # The checksum fits, so these are the bytes that were written: by a newer lrplan.
        raise _newer(file) from None
    if isinstance(layout, _Started) and layout.format_version != JOURNAL_FORMAT:
        raise _newer(file)
    return _from_layout(layout)


def _to_layout(entry: Entry) -> _Line:
    match entry:
        case Started(run_id=run_id, digest=digest, at=at):
            return _Started(format_version=JOURNAL_FORMAT, run_id=run_id, digest=digest, at=at)
        case Begun(write=write, step_id=step_id, stamp=stamp):
            return _Begun(write=write, step_id=step_id, stamp=stamp)
        case Intent():
            return _Intent(
                write=entry.write,
                step_id=entry.step_id,
                stamp=entry.stamp,
                album_id=entry.album_id,
                asset_ids=entry.asset_ids,
                content_range=entry.content_range,
            )
        case Outcome():
            return _Outcome(
                write=entry.write,
                result=entry.result,
                asset_ids=entry.asset_ids,
                why=entry.why,
                request_id=entry.request_id,
            )
        case Settled(step_id=step_id, planned=planned, actual=actual):
            return _Settled(step_id=step_id, planned=planned, actual=actual)
        case StepDone(step_id=step_id, result=result, why=why):
            return _StepDone(step_id=step_id, result=result, why=why)
        case Ended(result=result, at=at):
            return _Ended(result=result, at=at)


def _from_layout(layout: _Line) -> Entry:
    match layout:
        case _Started(run_id=run_id, digest=digest, at=at):
            return Started(run_id=run_id, digest=digest, at=at)
        case _Begun(write=write, step_id=step_id, stamp=stamp):
            return Begun(write=write, step_id=step_id, stamp=stamp)
        case _Intent():
            return Intent(
                write=layout.write,
                step_id=layout.step_id,
                stamp=layout.stamp,
                album_id=layout.album_id,
                asset_ids=layout.asset_ids,
                content_range=layout.content_range,
            )
        case _Outcome():
            return Outcome(
                write=layout.write,
                result=layout.result,
                asset_ids=layout.asset_ids,
                why=layout.why,
                request_id=layout.request_id,
            )
        case _Settled(step_id=step_id, planned=planned, actual=actual):
            return Settled(step_id=step_id, planned=planned, actual=actual)
        case _StepDone(step_id=step_id, result=result, why=why):
            return StepDone(step_id=step_id, result=result, why=why)
        case _Ended(result=result, at=at):
            return Ended(result=result, at=at)


def _damage(file: str, *, line: int, torn: bool) -> Diagnostic:
    return warning(
        "LRP106",
        "the last line of the journal is torn" if torn else "the journal is damaged",
        span=SourceSpan(file=file, line=line, column=1),
        why="The run was cut off while it wrote; nothing before this line is lost."
        if torn
        else "Nothing from this line on is believed; what the run did there is found out by reading the catalog.",
    )


def _newer(file: str) -> Failure:
    return Failure(
        error(
            "LRP107",
            "journal of a format which this lrplan does not know",
            span=SourceSpan(file=file, line=0, column=1),
            why=f"This version reads format {JOURNAL_FORMAT}.",
            hint="finish the run with the version of lrplan that began it, or a newer one",
        )
    )

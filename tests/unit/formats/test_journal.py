"""The journal file: whatever a disk does to it, what is read is a prefix of what was written."""

import pytest
import xxhash
from hypothesis import given, settings
from hypothesis import strategies as st

from lrplan.diagnostics import Failure, Severity
from lrplan.formats.journal import decode_journal, encode_entry
from lrplan.journal.entries import Begun, Ended, Entry, Intent, Outcome, Settled, Started, StepDone
from tests.unit.formats.generated import values

JOURNALS = st.lists(values(Entry), max_size=6).map(tuple)
EXAMPLE = (
    Started(run_id="r1", digest="d", at="2026-05-01T00:00:00Z"),
    Begun(write="albums.a/add/1#1", step_id="albums.a/add/1", stamp="2026-04-30T00:00:00Z"),
    Intent(write="albums.a/add/1#0", step_id="albums.a/add/1", stamp="2026-05-01T00:00:00Z", asset_ids=("1", "2")),
    Outcome(write="albums.a/add/1#0", result="partly", asset_ids=("2",), why="né", request_id="q"),
    Settled(step_id="s", planned="1", actual="2"),
    StepDone(step_id="albums.a/add/1", result="failed", why="line\nbreak"),
    Ended(result="incomplete", at="2026-05-01T00:00:01Z"),
)


def written(entries: tuple[Entry, ...]) -> bytes:
    return b"".join(map(encode_entry, entries))


@given(entries=JOURNALS)
def test_a_journal_survives_its_file(entries: tuple[Entry, ...]) -> None:
    assert decode_journal(written(entries)) == (entries, None)


@given(entry=values(Entry))
def test_an_entry_is_one_line(entry: Entry) -> None:
    line = encode_entry(entry)
    assert line.index(b"\n") == len(line) - 1


def test_a_journal_cut_at_any_byte_is_a_prefix_and_at_most_one_warning() -> None:
    whole = written(EXAMPLE)
    ends = [len(written(EXAMPLE[:count])) for count in range(len(EXAMPLE) + 1)]
    for cut in range(len(whole) + 1):
        entries, said = decode_journal(whole[:cut], file="j")
        assert entries == EXAMPLE[: sum(end <= cut for end in ends) - 1]
        if cut in ends:
            assert said is None
        else:
            assert said is not None
            assert (said.code, said.severity) == ("LRP106", Severity.WARNING)
            assert said.span is not None
            assert (said.span.file, said.span.line) == ("j", len(entries) + 1)


def test_a_flipped_bit_never_becomes_an_entry() -> None:
    whole = written(EXAMPLE)
    for place in range(len(whole)):
        for bit in range(8):
            flipped = bytearray(whole)
            flipped[place] ^= 1 << bit
            entries, said = decode_journal(bytes(flipped))
            assert entries == EXAMPLE[: len(entries)]
            assert len(entries) == whole[:place].count(b"\n")
            assert said is not None


@settings(max_examples=300)
@given(entries=JOURNALS, garbage=st.binary(min_size=1), tail=JOURNALS)
def test_garbage_ends_the_journal(entries: tuple[Entry, ...], garbage: bytes, tail: tuple[Entry, ...]) -> None:
    read, said = decode_journal(written(entries) + garbage + b"\n" + written(tail))
    assert read == entries
    assert said is not None


@pytest.mark.parametrize("blank", [b"\n", b"\0" * 512, b"{}\n", b"null\n"])
def test_what_is_no_entry_ends_the_journal(blank: bytes) -> None:
    entries, said = decode_journal(written(EXAMPLE) + blank + written(EXAMPLE))
    assert (entries, said is None) == (EXAMPLE, False)


@pytest.mark.parametrize(
    "body",
    [
        b'{"at":"t","digest":"d","entry":"started","formatVersion":2,"runId":"r"}',
        b'{"entry":"novelty"}',
        b'{"at":"t","entry":"ended","novelty":1,"result":"done"}',
    ],
)
def test_a_newer_journal_is_refused_by_name(body: bytes) -> None:
    line = body[:-1] + b',"xxh3":"' + xxhash.xxh3_64_hexdigest(body).encode() + b'"}\n'
    with pytest.raises(Failure) as failure:
        decode_journal(line, file="runs/r/journal.jsonl")
    (said,) = failure.value.diagnostics
    assert (said.code, said.span and said.span.file) == ("LRP107", "runs/r/journal.jsonl")

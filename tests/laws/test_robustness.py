"""Robustness: nothing that stands in a file ends in a traceback."""

import random

from hypothesis import given
from hypothesis import strategies as st

from lrplan.diagnostics import Failure
from lrplan.formats.journal import decode_journal, encode_entry
from lrplan.formats.plan import decode_plan, encode_plan
from lrplan.formats.state import decode_state, encode_state
from lrplan.manifest.entries import SourceText
from lrplan.manifest.parse import parse_manifests
from tests.laws.profile import law, note
from tests.laws.stage import Stage
from tests.strategies import PROJECT_FILE, Situation, situations

WORDS = (
    b"null",
    b"{}",
    b"[]",
    b'""',
    b"-1",
    b"\xff",
    b"\x00",
    b"albums",
    b"/",
    b'"k0"',
    b'"s0"',
    b"999999999999",
    b"&a *a",
)


@st.composite
def damage(draw: st.DrawFn, origin: bytes) -> bytes:
    """*origin* with pieces cut out, doubled, exchanged, or put in."""
    content = origin
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 30)))
        word = draw(st.sampled_from(WORDS))
        middle = draw(st.sampled_from((b"", word, content[start:end] * 2)))
        content = content[:start] + middle + content[end:]
    return content


@law
@given(situation=situations(), data=st.data())
def test_a_damaged_manifest_is_planned_or_refused(situation: Situation, data: st.DataObject) -> None:
    sources = list(situation.wish.sources())
    at = data.draw(st.integers(0, len(sources) - 1))
    sources[at] = SourceText(sources[at].file, data.draw(damage(sources[at].content)))
    manifest, said = parse_manifests(PROJECT_FILE, sources)
    assert (manifest is None) == any(one.severity.value == "error" for one in said)
    if manifest is None:
        return
    stage = Stage.set_up(situation)
    try:
        result = stage.try_plan(manifest)
    except Failure:
        return
    if result is not None:
        note(result.plan)


@law
@given(situation=situations(), data=st.data())
def test_damaged_files_of_lrplan_are_read_or_refused(situation: Situation, data: st.DataObject) -> None:
    stage = Stage.set_up(situation)
    result = stage.run(situation.wish)
    if result is None:
        return
    plan, _ = result
    note(plan)
    state = stage.memory.state
    entries = stage.memory.recorded[max(stage.memory.recorded)][1] if stage.memory.recorded else []
    kind = data.draw(st.sampled_from(("plan", "state", "journal")))
    try:
        if kind == "plan":
            decode_plan(data.draw(damage(encode_plan(plan, version="1"))), file="plan.json")
        elif kind == "state" and state is not None:
            decode_state(data.draw(damage(encode_state(state))), file="state.json")
        else:
            left, said = decode_journal(data.draw(damage(b"".join(map(encode_entry, entries)))))
            assert all(one in entries for one in left)
            assert said is None or said.what
    except Failure:
        return


@law
@given(content=st.binary(max_size=300), seed=st.integers())
def test_any_bytes_are_read_or_refused(content: bytes, seed: int) -> None:
    source = SourceText("manifests/a.yaml", content)
    manifest, said = parse_manifests(PROJECT_FILE, [source])
    assert (manifest is None) == any(one.severity.value == "error" for one in said)
    decode = random.Random(seed).choice((decode_plan, decode_state))
    try:
        decode(content, file="x.json")
    except Failure:
        return

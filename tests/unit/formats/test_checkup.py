"""
What a doctor and a probe write: the published schemas, and a file of every version that stays for ever.

UPDATE_GOLDEN=1 writes schemas and files of the newest formats anew; see test_golden.py.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from lrplan.diagnostics import Failure, SourceSpan, error
from lrplan.formats.checkup import checkup_schema, decode_probe, encode_checkup, encode_probe, probe_schema
from lrplan.model.checkup import Checkup, Topic, doubtful, failed, skipped, well
from lrplan.model.ids import AccountId
from lrplan.model.probing import ANSWERS, UNSETTLED, Finding, Probe, Question

GOLDEN, REFERENCE = Path("tests/golden/formats"), Path("docs/reference")
SPAN = SourceSpan(file="lrplan.yaml", line=3, column=10, width=32)
PROBE = Probe(
    at="2026-11-22T06:01:02.123456Z",
    lrplan_version="0.1.0",
    endpoint="https://lr.adobe.io",
    account_id=AccountId("a" * 32),
    photos=1,
    calls=29,
    findings=tuple(
        Finding(question=question, answer=UNSETTLED if question is Question.ORDER_KEPT else ANSWERS[question][-1])
        for question in Question
    ),
    remains=("3" * 32,),
)
SAID = error("LRP304", "this is another account", span=SPAN, why="It is not.", hint="correct this line")
CHECKUP = Checkup(
    at="2026-11-22T06:01:02.123456Z",
    endpoint="https://lr.adobe.io",
    project="studio-north",
    checks=(
        well(Topic.PROJECT, "studio-north: 1 set", {"sets": 1, "albums": 0, "members": 0}),
        doubtful(Topic.CLOCK, "off", error("LRP351", "off"), facts={"offBySeconds": -3600}),
        skipped(Topic.SCOPES, "unknown"),
        failed(Topic.CATALOG, SAID, facts={"catalogId": "c" * 32, "catalogName": "“North”"}),
        skipped(Topic.ALBUMS, because=Topic.CATALOG),
        well(Topic.LEFTOVERS, "removed", {"removed": ("3" * 32,), "share": 0.5, "present": True, "none": None}),
    ),
)
FILES: dict[str, Callable[[], bytes]] = {
    "doctor-1.0.json": lambda: encode_checkup(CHECKUP, PROBE, version="0.1.0"),
    "probe-1.0.json": lambda: encode_probe(PROBE),
}
SCHEMAS = {"doctor": checkup_schema, "probe": probe_schema}


@pytest.mark.parametrize("name", FILES)
def test_the_newest_file_is_still_written_as_it_was(name: str) -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        (GOLDEN / name).write_bytes(FILES[name]())
    assert (GOLDEN / name).read_bytes() == FILES[name]()


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_published_schema_is_current_and_accepts_the_file_and_nothing_else(name: str) -> None:
    page = REFERENCE / f"{name}.schema.json"
    if os.environ.get("UPDATE_GOLDEN"):
        page.write_bytes(SCHEMAS[name]())
    assert page.read_bytes() == SCHEMAS[name]()
    validator = jsonschema.Draft202012Validator(json.loads(page.read_bytes()))
    validator.check_schema(validator.schema)
    document = json.loads(FILES[f"{name}-1.0.json"]())
    validator.validate(document)
    assert not validator.is_valid({**document, "novelty": 1})
    assert not validator.is_valid({key: document[key] for key in document if key != "at"})


def test_the_answers_of_a_probe_are_read_again() -> None:
    assert decode_probe((GOLDEN / "probe-1.0.json").read_bytes()) == PROBE


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "LRP106"),
        (encode_probe(PROBE).replace(b'"1.0"', b'"9.0"', 1), "LRP107"),
        (
            encode_probe(PROBE).replace(b'"orderShown": {\n      "answer": "no"', b'"orderShown": {"answer": "x"'),
            "LRP106",
        ),
    ],
)
def test_answers_that_are_none_are_refused(content: bytes, code: str) -> None:
    with pytest.raises(Failure) as caught:
        decode_probe(content, file=".lrplan/probe.json")
    assert caught.value.diagnostics[0].code == code
    assert caught.value.diagnostics[0].span.file == ".lrplan/probe.json"


def test_the_exit_code_is_that_of_the_first_line_that_failed() -> None:
    assert CHECKUP.exit_code == 4
    assert Checkup(at="", endpoint="", checks=CHECKUP.checks[:3]).exit_code == 0

"""What the service says when it refuses, in any of its shapes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrplan.lightroom.problem import problem_from
from lrplan.lightroom.secrets import WORDS_MAX, cleaned
from tests.unit.lightroom.stage import UNHURRIED


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ({"code": 1000, "description": "Resource not found", "errors": {"album": ["does not exist"]}}, 1000,
         "Resource not found: album does not exist"),
        ({"error_code": "403003", "message": "Api Key is invalid"}, 403003, "Api Key is invalid"),
        ({"code": "MaintenanceError", "description": "Service is unavailable", "subtype": "MaintenanceError"}, 0,
         "Service is unavailable: MaintenanceError"),
        ({"code": "1002"}, 1002, "no reason given"),
        ({"code": True, "errors": "x", "description": 5}, 1, "no reason given"),
        ({"code": 1005, "errors": [{"id": "x", "description": "Bad"}]}, 1005, "Bad"),
        ({}, 0, "no reason given"),
    ],
)  # fmt: skip
def test_json_of_every_shape_is_read(body: dict, code: int, words: str) -> None:
    problem = problem_from(403, b"while (1) {}\n" + json.dumps(body).encode(), secrets=())
    assert (problem.status, problem.code, problem.words) == (403, code, words)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "an empty answer"),
        (b"  \n", "an empty answer"),
        (b"<html><head><TITLE> 403 Forbidden\n</title>", "a page of HTML, '403 Forbidden'"),
        (b'{"code": 1000, "desc', "JSON that ends too early"),
        (b'{"code": ' + b"[" * 100_000, "JSON that is nested too deeply"),
        (b'{"code": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "JSON that is nested too deeply"),
        (b"[1]", "JSON that is not an object"),
        (b"{'code': 1000}", "an answer that is not JSON"),
        (b"\xff\x00", "an answer that is not JSON"),
    ],
)
def test_what_is_no_json_is_said_so(body: bytes, words: str) -> None:
    assert problem_from(502, body, secrets=()).words == words


def test_words_are_cleaned_of_controls_and_secrets_and_cut() -> None:
    said = {"description": "bad\x1b[31m token\u202e tok-1\r\n" + "x" * 1000}
    words = problem_from(403, json.dumps(said).encode(), secrets=("tok-1", "")).words
    assert words.startswith("bad [31m token [secret] xxx")
    assert len(words) == WORDS_MAX


def test_a_missing_catalog_is_told_from_a_missing_album() -> None:
    gone = {"code": 1000, "errors": {"catalog": ["does not exist"]}}
    assert problem_from(404, json.dumps(gone).encode(), secrets=()).is_catalog_gone
    assert not problem_from(403, json.dumps(gone).encode(), secrets=()).is_catalog_gone
    other = {"errors": {"album": ["does not exist"]}}
    assert not problem_from(404, json.dumps(other).encode(), secrets=()).is_catalog_gone


@UNHURRIED
@given(st.integers(100, 599), st.binary() | st.text().map(lambda text: json.dumps({"description": text}).encode()))
def test_any_body_gives_words_that_can_be_shown(status: int, body: bytes) -> None:
    words = problem_from(status, body, secrets=()).words
    assert words
    assert len(words) <= WORDS_MAX
    assert words == cleaned(words, secrets=())

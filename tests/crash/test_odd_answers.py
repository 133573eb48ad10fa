"""
Answers that nobody documents, once or from then on, at any call of a plan and its apply.

No kind of answer may end in a traceback, and whoever is told of one learns which call it was, what came, what to do.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lrplan.diagnostics import ExitCode
from tests.crash.stage import staged
from tests.crash.test_fault_matrix import spread
from tests.inside import Ran

CALLS = 63  # nine of the plan, the others of the apply
HTML = "<!doctype html><html><head><title>Sign in</title></head></html>"
ODD: Mapping[str, Mapping[str, Any]] = {
    "a page": {"status": 200, "body": HTML},
    "nothing": {"status": 200, "body": ""},
    "half of it": {"status": 200, "body": 'while (1) {}\n{"resources": [{"id": "0123'},
    "another object": {"status": 200, "body": 'while (1) {}\n{"message": "hello"}'},
    "a list": {"status": 200, "body": "[1, 2]"},
    "numbers for texts": {"status": 200, "body": '{"id": 7, "resources": 5, "payload": [], "links": "x", "base": {}}'},
    "null everywhere": {"status": 200, "body": '{"id": null, "resources": null, "payload": null, "links": null}'},
    "rows of nothing": {"status": 200, "body": '{"resources": [null, 5, {}, {"id": "x", "asset": 3}], "errors": 9}'},
    "a next page without end": {"status": 200, "body": '{"resources": [], "links": {"next": {"href": "?x=1"}}}'},
    "no more than a status": {"status": 204, "body": ""},
    "a redirect": {"status": 302, "body": "", "headers": {"Location": "https://elsewhere.invalid/login"}},
    "not modified": {"status": 304, "body": ""},
    "a status of its own": {"status": 299, "body": "\x00\x01"},
    "a refusal in HTML": {"status": 403, "body": HTML},
    "a code that is a list": {"status": 400, "body": '{"code": [], "errors": {"catalog": 5}, "description": {}}'},
    "a teapot": {"status": 418, "body": "short and stout"},
    "a gateway": {"status": 504, "body": HTML},
}
# A service that says that it lacks the photos is believed: the manifests are then wrong.
TOLD = frozenset(ExitCode) - {ExitCode.UNEXPECTED, ExitCode.USAGE, ExitCode.LEASE}


def assert_told(ran: Ran) -> None:
    assert ran.exit_code in TOLD, ran.summary
    for said in ran.said:
        assert said.what, said
        assert said.code != "LRP001", said
        if said.code.startswith("LRP8"):
            assert "/v2/" in said.why, said
            assert said.hint, said
    if ran.report is not None:
        assert all(item.why for item in ran.report.items if item.bucket in ("failed", "skipped", "stale"))


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize(("kind", "at"), spread(list(ODD), CALLS, 3))
def test_any_answer_at_any_call_is_told_and_leaves_what_can_be_finished(
    kind: str, at: int, lasting: bool, template: Path, wanted: Mapping, tmp_path: Path
) -> None:
    fault = {"kind": "status", **ODD[kind], "nth": at, "times": 10**6 if lasting else 1}

    async def run() -> None:
        async with staged(template, tmp_path / "work") as stage:
            await stage.faults(fault)
            ran = await stage.place.apply()
            assert_told(ran)
            if lasting and at <= 9:  # the plan itself
                assert ran.exit_code in (ExitCode.CREDENTIALS, ExitCode.SERVICE, ExitCode.INVALID), ran.summary
            deletions = [one for one in await stage.asked() if one["method"] == "DELETE"]
            told = {one["path"] for one in deletions if one["status"] in (200, 299)}
            if told - {one["path"] for one in deletions if one["status"] == 204}:  # and was not sent again
                # It was told that an album is gone which is not. That is seen by reading back, and nobody asks again
                # for what the state has let go.
                assert ran.exit_code is not ExitCode.DONE, ran.summary
                return
            await stage.finish(wanted)

    asyncio.run(run())

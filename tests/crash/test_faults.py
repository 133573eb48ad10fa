"""A service that fails, one way or another, at every call of an apply; and failures that last."""

import asyncio
import errno
import os
from collections.abc import Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from lrplan.diagnostics import ExitCode
from lrplan.sandbox import SeenRequest
from lrplan.storage.disk import Disk
from tests.crash.catalog import assert_same, seen
from tests.crash.stage import Stage, staged
from tests.inside import Place, Ran

MEMBERS = "PUT /v2/catalogs/{catalog_id}/albums/{album_id}/assets"
ALBUM = "PUT /v2/catalogs/{catalog_id}/albums/{album_id}"
ASSET = "PUT /v2/catalogs/{catalog_id}/assets/{asset_id}"
MASTER = "PUT /v2/catalogs/{catalog_id}/assets/{asset_id}/master"
DELETE = "DELETE /v2/catalogs/{catalog_id}/albums/{album_id}"
POST = "POST /v2/catalogs/{catalog_id}/albums/{album_id}"

PASSING: Mapping[str, dict[str, Any]] = {
    "reset before the work": {"kind": "reset", "when": "before"},
    "reset after the work": {"kind": "reset", "when": "after"},
    "503 before the work": {"kind": "status", "status": 503},
    "503 after the work": {"kind": "status", "status": 503, "when": "after"},
    "500": {"kind": "status", "status": 500},
    "502 in HTML": {"kind": "status", "status": 502, "body": "<html><title>Bad gateway</title></html>"},
    "504 after the work": {"kind": "status", "status": 504, "when": "after"},
    "429 without a word": {"kind": "status", "status": 429, "body": ""},
    "429 with Retry-After": {"kind": "status", "status": 429, "body": "", "headers": {"Retry-After": "7"}},
    "a body cut in half": {"kind": "truncate"},
    "a delay": {"kind": "delay", "delay_ms": 2},
}


def _one_by_one(stage: Stage) -> None:
    file = stage.project / "lrplan.yaml"
    file.write_text(file.read_text().replace("concurrency: 4", "concurrency: 1"))


# Far enough apart, and unevenly, so that no call meets a fault in all of its four attempts.
APART = (7, 11, 8, 13, 9, 12, 10, 15)


@pytest.mark.parametrize("first", [1, 4])
@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
def test_what_passes_does_no_harm_at_any_call(
    fault: dict[str, Any], first: int, template: Path, wanted: Mapping, tmp_path: Path
) -> None:
    numbers = list(accumulate((first, *APART, *APART)))

    async def run() -> None:
        async with staged(template, tmp_path / "work") as stage:
            await stage.faults(*({**fault, "number": number} for number in numbers))
            ran = await stage.place.apply()
            assert ran.exit_code == 0, ran.summary
            assert len(await stage.asked()) > 60
            assert_same(await stage.look(), wanted)
            await stage.finish(wanted)

    asyncio.run(run())


@pytest.mark.parametrize("when", ["before", "after"])
def test_calls_side_by_side_that_break_once_each(when: str, template: Path, wanted: Mapping, tmp_path: Path) -> None:
    broken: set[str] = set()

    async def breaking(seen: SeenRequest, *status: int) -> None:
        if seen.path not in broken:
            broken.add(seen.path)
            raise ConnectionResetError

    async def run() -> None:
        async with staged(template, tmp_path / "work", **{f"{when}_request": breaking}) as stage:
            ran = await stage.place.apply()
            assert ran.exit_code == 0, ran.summary
            assert_same(await stage.look(), wanted)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("route", "status", "nth"),
    [(ALBUM, 403, 2), (MEMBERS, 400, 2), (ASSET, 403, 1), (MASTER, 415, 1), (DELETE, 403, 1), (POST, 400, 1)],
)
def test_a_lasting_refusal_is_told_and_holds_up_nothing_else(
    route: str, status: int, nth: int, template: Path, wanted: Mapping, tmp_path: Path
) -> None:
    async def run() -> None:
        async with staged(template, tmp_path / "work") as stage:
            await stage.faults({"kind": "status", "status": status, "route": route, "nth": nth, "body": '{"code": 7}'})
            ran = await stage.place.apply()
            assert ran.exit_code is ExitCode.INCOMPLETE, ran.summary
            assert ran.report is not None
            buckets = {item.bucket for item in ran.report.items}
            assert {"failed", "done"} <= buckets
            assert str(status) in next(item.why for item in ran.report.items if item.bucket == "failed")
            assert all(item.why for item in ran.report.items if item.bucket in ("failed", "skipped"))
            await stage.finish(wanted)

    asyncio.run(run())


def test_a_full_storage_ends_the_run_and_the_next_one_does_the_rest_without_uploads(
    template: Path, wanted: Mapping, tmp_path: Path
) -> None:
    async def run() -> None:
        async with staged(template, tmp_path / "work") as stage:
            _one_by_one(stage)
            await stage.faults({"kind": "status", "status": 413, "route": MASTER, "nth": 2})
            ran = await stage.place.apply()
            assert ran.exit_code is ExitCode.INCOMPLETE, ran.summary
            assert "LRP703" in {said.code for said in ran.said}
            assert (await stage.asked())[-1]["status"] == 413, "nothing follows, not even what stood at the gate"
            writes = [one for one in await stage.asked() if one["is_write"]]
            rest = await stage.place.apply()
            assert rest.exit_code is ExitCode.DONE, rest.summary
            assert rest.report is not None
            assert {item.bucket for item in rest.report.items} <= {"done", "already so", "blocked"}
            later = [one for one in await stage.asked() if one["is_write"]][len(writes) :]
            assert later
            assert not [one for one in later if one["route"] == MASTER]
            await stage.finish(wanted)

    asyncio.run(run())


def test_what_there_is_no_room_for_is_not_begun(template: Path, wanted: Mapping, tmp_path: Path) -> None:
    """The account filled up between plan and apply."""

    async def run() -> None:
        async with staged(template, tmp_path / "work") as stage:
            planned = await stage.place.plan()
            assert planned.plan is not None
            limit = 10**9
            short = {"used": limit - planned.plan.summary.upload_bytes + 1, "storage_limit": limit}
            await stage.control("POST", "seed", {"account": short})
            ran = await stage.place.apply(planned.plan)
            assert ran.exit_code is ExitCode.GUARD, ran.summary
            assert [said.code for said in ran.said] == ["LRP403"]
            assert not [one for one in await stage.asked() if one["is_write"]]
            room = {**short, "used": short["used"] - 10_000}  # for the develop settings too
            await stage.control("POST", "seed", {"account": room})
            await stage.finish(wanted)

    asyncio.run(run())


@pytest.mark.parametrize("status", ["trial_expired", "subscriber_expired", "created", "unheard of"])
def test_an_account_that_may_not_use_the_service_is_not_written_to(
    status: str, template: Path, wanted: Mapping, tmp_path: Path
) -> None:
    """The subscription ended between plan and apply."""

    async def run() -> None:
        async with staged(template, tmp_path / "work") as stage:
            planned = await stage.place.plan()
            await stage.control("POST", "seed", {"account": {"status": status}})
            ran = await stage.place.apply(planned.plan)
            assert ran.exit_code is ExitCode.CREDENTIALS, ran.summary
            assert [said.code for said in ran.said] == ["LRP303"]
            assert all(said.hint for said in ran.said)
            assert not [one for one in await stage.asked() if one["is_write"]]
            await stage.control("POST", "seed", {"account": {"status": "trial"}})
            await stage.finish(wanted)

    asyncio.run(run())


@pytest.mark.parametrize("nth", [1, 9, 25, 45])
def test_a_token_that_expires_leaves_a_run_that_can_be_finished(
    nth: int, template: Path, wanted: Mapping, tmp_path: Path
) -> None:
    async def run() -> None:
        async with staged(template, tmp_path / "work") as stage:
            await stage.faults({"kind": "expire_token", "number": nth})
            ran = await stage.place.apply()
            assert ran.exit_code in (ExitCode.CREDENTIALS, ExitCode.INCOMPLETE), ran.summary
            assert "LRP302" in {said.code for said in ran.said}
            await stage.control("POST", "seed", {"tokens": [{"token": "sandbox-token"}]})
            await stage.finish(wanted)

    asyncio.run(run())


@pytest.mark.parametrize("nth", [0, 4, 15])
def test_a_catalog_with_another_id_is_not_written_to(nth: int, template: Path, tmp_path: Path) -> None:
    """nth 0: between plan and apply; else in the middle, at that write."""
    other = {"account": {"catalog_id": "1" * 32}}
    stages: list[Stage] = []
    writes: list[int] = []

    async def changing(seen: SeenRequest) -> None:
        if seen.is_write:
            writes.append(seen.number)
            if len(writes) == nth:
                await stages[0].control("POST", "seed", other)

    async def run() -> None:
        async with staged(template, tmp_path / "work", before_request=changing) as stage:
            stages.append(stage)
            planned = await stage.place.plan()
            if nth == 0:
                await stage.control("POST", "seed", other)
            ran = await stage.place.apply(planned.plan)
            # Running it again would not finish, whatever was written.
            assert ran.exit_code is ExitCode.CREDENTIALS, ran.summary
            assert "LRP304" in {said.code for said in ran.said}
            if nth == 0:
                assert not [one for one in await stage.asked() if one["is_write"]]

    asyncio.run(run())


def _refused_at_once(place: Place) -> Ran:
    ran = asyncio.run(place.apply())
    assert ran.report is None
    assert not ran.heard.writes
    assert all(said.hint for said in ran.said)
    return ran


def test_a_service_that_is_not_there_exits_with_10(template: Path, tmp_path: Path) -> None:
    async def run() -> Place:
        async with staged(template, tmp_path / "work") as stage:
            return stage.place

    ran = _refused_at_once(asyncio.run(run()))
    assert ran.exit_code is ExitCode.SERVICE


@pytest.mark.parametrize("wrong", [{"token": "stolen"}, {"api_key": "unknown"}, {"token": ""}])
def test_refused_credentials_exit_with_4(wrong: dict[str, str], template: Path, tmp_path: Path) -> None:
    async def run() -> Ran:
        async with staged(template, tmp_path / "work") as stage:
            return await evolve(stage.place, **wrong).apply()

    ran = asyncio.run(run())
    assert ran.exit_code is ExitCode.CREDENTIALS, ran.summary
    assert all(said.hint for said in ran.said)


def _vanish(file: Path) -> None:
    file.unlink()


def _change(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


def _grow(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"\0")


def _shrink(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


@pytest.mark.parametrize("harm", [_vanish, _change, _grow, _shrink])
@pytest.mark.parametrize("name", ["DSC_0001.jpg", "large.jpg"])
def test_an_original_that_is_not_what_was_planned_is_not_sent(
    harm: Any, name: str, template: Path, wanted: Mapping, tmp_path: Path
) -> None:
    async def run() -> None:
        async with staged(template, tmp_path / "work") as stage:
            planned = await stage.place.plan()
            file = stage.project / "own" / name
            whole = file.read_bytes()
            harm(file)
            ran = await stage.place.apply(planned.plan)
            assert ran.exit_code is ExitCode.STALE, ran.summary
            assert "LRP502" in {said.code for said in ran.said}
            shown = await stage.look()
            assert [one["complete"] for one in shown["assets"] if one["fileName"] == name] in ([False], [])
            assert "Wanders" in seen(shown)  # the others went on
            file.write_bytes(whole)
            await stage.finish(wanted)

    asyncio.run(run())


@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
@pytest.mark.parametrize("nth", [1, 2, 4, 9, 20])
def test_a_disk_that_will_not_write_ends_the_run_in_words(
    reason: int, nth: int, template: Path, wanted: Mapping, tmp_path: Path
) -> None:
    calls = 0

    def sync(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls >= nth:
            raise OSError(reason, os.strerror(reason))

    async def run() -> None:
        async with staged(template, tmp_path / "work") as stage:
            ran = await evolve(stage.place, disk=Disk(sync=sync)).apply()
            assert ran.exit_code not in (ExitCode.DONE, ExitCode.READ_BACK), ran.summary
            said = [one for one in ran.said if one.code in ("LRP108", "LRP706")]
            assert said, ran.summary
            assert all(one.why and one.hint for one in said)
            await stage.finish(wanted)

    asyncio.run(run())


@pytest.mark.parametrize(("route", "code"), [("GET /v2/catalog", ExitCode.SERVICE), (MEMBERS, ExitCode.INCOMPLETE)])
def test_after_a_long_pause_was_asked_for_no_call_goes_out(
    route: str, code: ExitCode, template: Path, wanted: Mapping, tmp_path: Path
) -> None:
    async def run() -> None:
        async with staged(template, tmp_path / "work") as stage:
            _one_by_one(stage)
            await stage.faults({"kind": "status", "route": route, "status": 429, "headers": {"Retry-After": "3600"}})
            ran = await stage.place.apply()
            assert ran.exit_code is code, ran.summary
            assert [said.code for said in ran.said if said.code.startswith("LRP8")] == ["LRP806"]
            assert (await stage.asked())[-1]["status"] == 429
            await stage.finish(wanted)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("route", "code"), [("GET /v2/catalog", ExitCode.CREDENTIALS), (ALBUM, ExitCode.INCOMPLETE)], ids=["read", "write"]
)
def test_a_release_that_the_service_takes_no_more_sends_nothing_further(
    route: str, code: ExitCode, template: Path, wanted: Mapping, tmp_path: Path
) -> None:
    body = '{"code": 4999, "description": "Upgrade required"}'

    async def run() -> None:
        async with staged(template, tmp_path / "work") as stage:
            _one_by_one(stage)
            await stage.faults({"kind": "status", "route": route, "status": 403, "body": body})
            ran = await stage.place.apply()
            assert ran.exit_code is code, ran.summary
            assert [said.code for said in ran.said if said.code != "LRP751"] == ["LRP309"]
            asked = await stage.asked()
            refused = next(number for number, one in enumerate(asked) if one["status"] == 403)
            assert all(one["method"] == "GET" for one in asked[refused + 1 :])  # it may still look what has arrived
            await stage.finish(wanted)

    asyncio.run(run())

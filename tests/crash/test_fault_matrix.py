"""
Every kind of fault at every call of an apply, over real HTTP.

By default each kind is tried at a spread of calls, other ones for each kind; `LRPLAN_FAULTS=all` tries all of them.
"""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from attrs import define, evolve, field

from lrplan.diagnostics import ExitCode, Failure, error
from lrplan.events import Retried
from lrplan.lightroom.connection import Limits
from lrplan.model.ids import ServiceId
from lrplan.plan.plan import Plan
from lrplan.sandbox import SeenRequest
from tests.crash.catalog import assert_same
from tests.crash.stage import Stage, staged
from tests.inside import Ran

CALLS, WRITES = 62, 26  # of the apply, as `test_the_apply_has_as_many_calls_as_are_tried` sees to
ALL = os.environ.get("LRPLAN_FAULTS") == "all"
SILENCE_S = 1.5
FOR_EVER = 10**6
KEY = ServiceId("sandbox")

PASSING: Mapping[str, dict[str, Any]] = {
    "429": {"kind": "status", "status": 429, "body": ""},
    "429 with Retry-After": {"kind": "status", "status": 429, "body": "", "headers": {"Retry-After": "7"}},
    "500 after the work": {"kind": "status", "status": 500, "when": "after"},
    "502 in HTML": {"kind": "status", "status": 502, "body": "<html><title>Bad gateway</title></html>"},
    "503": {"kind": "status", "status": 503},
    "503 after the work": {"kind": "status", "status": 503, "when": "after"},
    "reset before the work": {"kind": "reset", "when": "before"},
    "reset after the work": {"kind": "reset", "when": "after"},
    "a truncated body": {"kind": "truncate"},
    "an expired token": {"kind": "expire_token"},
    "silence before the work": {"kind": "silence", "when": "before"},
    "silence after the work": {"kind": "silence", "when": "after"},
}
LASTING = (400, 403, 404, 409, 410, 415, 422)
FULL = {"kind": "status", "status": 413, "body": '{"code": 1007, "description": "The resource is too big"}'}


def spread(kinds: Sequence[Any], calls: int, each: int) -> list[Any]:
    """Every kind with *each* of the calls from 1, evenly spread and shifted from kind to kind; or with all of them."""
    if ALL:
        return [(kind, at) for kind in kinds for at in range(1, calls + 1)]
    step = calls / each
    shift = step / max(1, len(kinds))
    return [(kind, 1 + int(number * shift + n * step)) for number, kind in enumerate(kinds) for n in range(each)]


@define
class Renewing:
    """Credentials whose refused token is renewed by the sandbox, once however many ask."""

    stage: Stage
    api_key: ServiceId = KEY
    token: str = "sandbox-token"
    renewed: int = 0
    dead: bool = False
    turn: asyncio.Lock = field(factory=asyncio.Lock)

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.token,)

    async def access_token(self, *, refused: str | None = None) -> str:
        async with self.turn:
            if refused == self.token:
                if self.dead:
                    raise Failure(error("LRP302", "the refresh token is refused", hint="sign in again"))
                self.renewed += 1
                self.token = f"token-{self.renewed}"
                await self.stage.control("POST", "seed", {"tokens": [{"token": self.token}]})
        return self.token


@define
class Arena:
    """One project that is planned, and a service that fails as it is told, counted from the first call of the apply."""

    stage: Stage
    plan: Plan
    planning: int
    credentials: Renewing
    silent: Callable[[int, str], None]

    async def fault(self, at: int, fault: Mapping[str, Any]) -> None:
        if fault["kind"] == "silence":
            self.silent(self.planning + at, fault["when"])
        else:
            await self.stage.faults({**fault, "number": self.planning + at})

    async def apply(self, limits: Limits | None = None) -> Ran:
        place = evolve(self.stage.place, credentials=self.credentials, limits=limits)
        return await place.apply(self.plan)

    async def asked(self) -> list[Mapping[str, Any]]:
        """The requests of the apply."""
        return (await self.stage.asked())[self.planning :]


@asynccontextmanager
async def arena(template: Path, work: Path, *, at_once: int = 4, **hooks: Any) -> AsyncIterator[Arena]:
    mute: dict[tuple[int, str], asyncio.Event] = {}

    async def before(seen: SeenRequest) -> None:
        if "before_request" in hooks:
            await hooks["before_request"](seen)
        if (seen.number, "before") in mute:
            await mute[seen.number, "before"].wait()
            raise ConnectionResetError

    async def after(seen: SeenRequest, status: int) -> None:
        if (seen.number, "after") in mute:
            await mute[seen.number, "after"].wait()
            raise ConnectionResetError

    async with staged(template, work, before_request=before, after_request=after) as stage:
        file = stage.project / "lrplan.yaml"
        file.write_text(file.read_text().replace("concurrency: 4", f"concurrency: {at_once}"))
        planned = await stage.place.plan()
        assert planned.plan is not None, planned.summary
        try:
            yield Arena(
                stage=stage,
                plan=planned.plan,
                planning=len(await stage.asked()),
                credentials=Renewing(stage),
                silent=lambda number, when: mute.setdefault((number, when), asyncio.Event()),
            )
        finally:
            for event in mute.values():
                event.set()


def retried(ran: Ran) -> list[Retried]:
    return [event for event in ran.heard.events if isinstance(event, Retried)]


async def assert_manners(here: Arena, ran: Ran) -> None:
    """Whatever was sent is a first attempt, or was judged and backed off, or follows a refresh; none five times."""
    asked = await here.asked()
    again = retried(ran)
    refused = sum(one["status"] in (401, 403) for one in asked)
    assert ran.report is not None
    assert ran.report.calls + len(again) <= len(asked) <= ran.report.calls + len(again) + refused
    assert all(one.wait_s >= 0.5 for one in again)
    assert ran.slept_s >= sum(one.wait_s for one in again)


def test_the_apply_has_as_many_calls_as_are_tried(template: Path, wanted: Mapping, tmp_path: Path) -> None:
    async def run() -> None:
        async with arena(template, tmp_path / "work") as here:
            ran = await here.apply()
            asked = await here.asked()
            assert (len(asked), sum(one["is_write"] for one in asked)) == (CALLS, WRITES)
            assert ran.report is not None
            assert ran.report.calls == CALLS
            assert_same(await here.stage.look(), wanted)

    asyncio.run(run())


@pytest.mark.parametrize(("kind", "at"), spread(list(PASSING), CALLS, 5))
def test_a_single_passing_fault_at_any_one_call_changes_nothing(
    kind: str, at: int, template: Path, wanted: Mapping, tmp_path: Path
) -> None:
    async def run() -> None:
        async with arena(template, tmp_path / "work") as here:
            await here.fault(at, PASSING[kind])
            ran = await here.apply(Limits(silence_s=SILENCE_S) if kind.startswith("silence") else None)
            assert ran.exit_code is ExitCode.DONE, ran.summary
            await assert_manners(here, ran)
            assert here.credentials.renewed == (kind == "an expired token")
            hit = (await here.asked())[at - 1]
            is_told = kind == "a truncated body" and hit["path"].endswith("/xmp/develop")  # by its status alone
            if kind != "an expired token" and not is_told:
                assert len(retried(ran)) == 1 or kind.startswith("silence")  # which a busy machine knows too
            assert_same(await here.stage.look(), wanted)

    asyncio.run(run())


@pytest.mark.parametrize(("status", "at"), spread(LASTING, WRITES, 4))
def test_a_lasting_refusal_of_any_one_write_takes_nothing_else_along(
    status: int, at: int, template: Path, wanted: Mapping, tmp_path: Path
) -> None:
    async def run() -> None:
        route, nth = (await _writes(template, tmp_path / "first"))[at - 1]
        async with arena(template, tmp_path / "work") as here:
            body = '{"code": 7, "description": "Said so"}'
            await here.stage.faults({"kind": "status", "status": status, "body": body, "route": route, "nth": nth})
            ran = await here.apply()
            asked = await here.asked()
            (refused,) = (one for one in asked if one["is_write"] and one["status"] == status)
            assert refused["status"] == status
            assert ran.exit_code is ExitCode.INCOMPLETE, ran.summary
            assert ran.report is not None
            failed = [item for item in ran.report.items if item.bucket == "failed"]
            assert any(str(status) in item.why for item in failed), ran.summary
            assert "done" in {item.bucket for item in ran.report.items}
            assert retried(ran) == []
            await here.stage.finish(wanted)

    asyncio.run(run())


_UNDISTURBED: dict[Path, list[Mapping[str, Any]]] = {}


async def _undisturbed(template: Path, work: Path) -> list[Mapping[str, Any]]:
    """The requests of an apply that nothing disturbs; their order differs from run to run."""
    if template not in _UNDISTURBED:
        async with arena(template, work) as here:
            await here.apply()
            _UNDISTURBED[template] = list(await here.asked())
    return _UNDISTURBED[template]


async def _writes(template: Path, work: Path) -> list[tuple[str, int]]:
    """The writes of the apply: a route, and which of its calls."""
    counts = Counter(one["route"] for one in await _undisturbed(template, work) if one["is_write"])
    return [(route, nth) for route in sorted(counts) for nth in range(1, counts[route] + 1)]


@pytest.mark.parametrize("at", [at for _, at in spread([413], WRITES, 6)])
def test_after_a_413_at_any_write_there_is_no_call(at: int, template: Path, wanted: Mapping, tmp_path: Path) -> None:
    async def run() -> None:
        route, nth = (await _writes(template, tmp_path / "first"))[at - 1]
        async with arena(template, tmp_path / "work", at_once=1) as here:
            await here.stage.faults({**FULL, "route": route, "nth": nth})
            ran = await here.apply()
            assert ran.exit_code is ExitCode.INCOMPLETE, ran.summary
            assert "LRP703" in {said.code for said in ran.said}
            assert [one["status"] for one in await here.asked()].index(413) == len(await here.asked()) - 1
            rest = await here.stage.place.apply()  # what needs room waits for one run
            assert rest.exit_code is ExitCode.DONE, rest.summary
            await here.stage.finish(wanted)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("kind", "at"), spread(["503", "429", "reset before the work", "reset after the work"], CALLS, 4)
)
def test_what_keeps_failing_ends_by_what_was_sent(
    kind: str, at: int, template: Path, wanted: Mapping, tmp_path: Path
) -> None:
    async def run() -> None:
        async with arena(template, tmp_path / "work") as here:
            await here.stage.faults({**PASSING[kind], "nth": at, "times": FOR_EVER})
            ran = await here.apply()
            asked = await here.asked()
            has_written = any(one["is_write"] for one in asked)
            assert ran.exit_code is (ExitCode.INCOMPLETE if has_written else ExitCode.SERVICE), ran.summary
            assert all(said.why and said.hint for said in ran.said)
            calls = Counter((one["method"], one["path"]) for one in await _undisturbed(template, tmp_path / "first"))
            tried = Counter((one["method"], one["path"]) for one in asked)
            assert all(times <= 4 * calls[call] for call, times in tried.items()), tried
            await here.stage.finish(wanted)

    asyncio.run(run())


@pytest.mark.parametrize("at", [at for _, at in spread(["dead"], CALLS, 5)])
def test_a_token_that_cannot_be_renewed_ends_the_run_which_the_next_finishes(
    at: int, template: Path, wanted: Mapping, tmp_path: Path
) -> None:
    async def run() -> None:
        async with arena(template, tmp_path / "work") as here:
            here.credentials.dead = True
            await here.fault(at, PASSING["an expired token"])
            ran = await here.apply()
            has_written = any(one["is_write"] for one in await here.asked())
            expected = {ExitCode.CREDENTIALS, ExitCode.INCOMPLETE} if has_written else {ExitCode.CREDENTIALS}
            assert ran.exit_code in expected, ran.summary
            assert "LRP302" in {said.code for said in ran.said}
            await here.stage.control("POST", "seed", {"tokens": [{"token": "sandbox-token"}]})
            await here.stage.finish(wanted)

    asyncio.run(run())


@pytest.mark.parametrize("at", [at for _, at in spread(["catalog"], CALLS, 5)])
def test_a_changed_catalog_id_at_any_call_ends_the_run_with_4(at: int, template: Path, tmp_path: Path) -> None:
    holder: list[Arena] = []

    async def changing(seen: SeenRequest) -> None:
        if holder and seen.number == holder[0].planning + at:
            await holder[0].stage.control("POST", "seed", {"account": {"catalog_id": "1" * 32}})

    async def run() -> None:
        async with arena(template, tmp_path / "work", before_request=changing) as here:
            holder.append(here)
            ran = await here.apply()
            assert ran.exit_code is ExitCode.CREDENTIALS, ran.summary
            assert "LRP304" in {said.code for said in ran.said}
            assert all(said.hint for said in ran.said)

    asyncio.run(run())

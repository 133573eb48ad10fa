"""Tokens that are renewed: once for all who wait, early where that is known, and no refresh token is ever lost."""

import asyncio
import errno
import os
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from attrs import define, evolve, field
from hypothesis import given
from hypothesis import strategies as st

from lrplan.diagnostics import ExitCode, Failure
from lrplan.lightroom.ims import connect_ims
from lrplan.lightroom.renewal import ProgramSource, RenewedCredentials, SignInSource, renewing
from lrplan.model.ids import ServiceId
from lrplan.model.sign_in import AccessToken, SignIn, Slot, after
from lrplan.storage.tokens import FILE, LocalTokens
from tests.fake_ims import FakeIms, serving
from tests.unit.lightroom.stage import Asked, FakeClock, Heard, Stage, said, standing
from tests.unit.storage.watched import Watched

ROOT = Path(__file__).parents[3]
NOW = "2026-05-01T10:00:00.000000Z"
OLD = AccessToken(value="access-old", issued_at=NOW, expires_at=after(NOW, seconds=86_399))


@pytest.fixture
def ims() -> Iterator[FakeIms]:
    with serving(FakeIms()) as served:
        served.give_refresh_token("refresh-old")
        yield served


@define
class Bench:
    """One sign-in with a service, a store and a clock."""

    ims: FakeIms
    folder: Path
    clock: FakeClock = field(factory=FakeClock)
    disk: Any = None

    def __attrs_post_init__(self) -> None:
        self.store().save(self.sign_in, now=NOW)

    @property
    def slot(self) -> Slot:
        return Slot(api_key=ServiceId("key"), issuer=self.ims.endpoint)

    @property
    def sign_in(self) -> SignIn:
        return SignIn(slot=self.slot, access=OLD, refresh_token="refresh-old", client_secret="secret")

    @property
    def kept(self) -> SignIn:
        found = self.store().find(self.slot)
        assert found is not None
        return found

    def store(self) -> LocalTokens:
        return LocalTokens(self.folder / "lrplan", clock=self.clock, disk=self.disk, keyring=lambda: None)

    def play(self, story: Callable[[RenewedCredentials], Awaitable[Any]], first: SignIn | None = None) -> Any:
        async def act() -> Any:
            start = first or self.sign_in
            options = {"clock": self.clock, "events": Heard(), "random": lambda: 0.5}
            async with connect_ims(endpoint=self.ims.endpoint, api_key=self.slot.api_key, **options) as client:
                source = SignInSource(first=start, store=self.store(), issuer=client, clock=self.clock)
                api_key = self.slot.api_key
                made = RenewedCredentials(api_key=api_key, source=source, clock=self.clock, first=start.access)
                async with renewing(made) as credentials:
                    return await story(credentials)

        return asyncio.run(act())


@pytest.fixture
def bench(ims: FakeIms, tmp_path: Path) -> Bench:
    return Bench(ims, tmp_path)


async def refused(credentials: RenewedCredentials) -> str:
    return await credentials.access_token(refused="access-old")


@pytest.mark.parametrize("refresh_token", ["refresh-old", ""])
def test_another_token_follows_where_there_is_a_refresh_token(bench: Bench, refresh_token: str) -> None:
    async def story(credentials: RenewedCredentials) -> bool:
        return credentials.renews

    first = evolve(bench.sign_in, refresh_token=refresh_token)
    assert bench.play(story, first) is bool(refresh_token)


def test_a_token_that_works_is_handed_out_and_nothing_is_asked(bench: Bench) -> None:
    assert bench.play(lambda credentials: credentials.access_token()) == "access-old"
    assert bench.ims.asked == []


def test_eight_calls_that_are_refused_at_once_spend_one_refresh_token(bench: Bench) -> None:
    async def story(credentials: RenewedCredentials) -> set[str]:
        return set(await asyncio.gather(*(refused(credentials) for _ in range(8))))

    assert bench.play(story) == {"access-number-1"}
    assert bench.ims.renewals == ["refresh-old"]
    assert bench.kept.refresh_token == "refresh-number-1"
    assert bench.kept.refresh_expires_at == "2026-05-15T10:00:00.000000Z"
    assert bench.kept.client_secret == "secret"


def test_a_call_that_was_refused_with_an_older_token_gets_the_present_one(bench: Bench) -> None:
    async def story(credentials: RenewedCredentials) -> tuple[str, str]:
        return await refused(credentials), await refused(credentials)

    assert bench.play(story) == ("access-number-1", "access-number-1")
    assert len(bench.ims.renewals) == 1


@pytest.mark.parametrize(("seconds", "renewals"), [(86_300, 0), (86_340, 1), (90_000, 1)])
def test_a_token_is_renewed_shortly_before_it_expires(bench: Bench, seconds: int, renewals: int) -> None:
    bench.clock.seconds = seconds

    async def story(credentials: RenewedCredentials) -> list[str]:
        return [await credentials.access_token() for _ in range(5)]

    bench.play(story)
    assert len(bench.ims.renewals) == renewals


def test_while_the_old_token_works_an_early_renewal_may_fail(bench: Bench) -> None:
    bench.clock.seconds = 86_345
    bench.ims.faults = [lambda _: web.Response(status=503)] * 4

    async def story(credentials: RenewedCredentials) -> list[str]:
        tokens = [await credentials.access_token() for _ in range(3)]
        bench.clock.seconds += 30
        return [*tokens, await credentials.access_token()]

    assert bench.play(story) == ["access-old", "access-old", "access-old", "access-number-1"]
    assert len(bench.ims.asked) == 5


def test_the_successor_is_durable_before_the_new_token_is_used(ims: FakeIms, tmp_path: Path) -> None:
    bench = Bench(ims, tmp_path)
    (tmp_path / "lrplan" / "locks").mkdir()
    watched = Watched()
    bench.disk = watched.disk()
    renamed = f"rename {FILE}"
    replaced = ["write", "sync file", renamed, "sync folder"]

    async def story(credentials: RenewedCredentials) -> None:
        ims.before = lambda: watched.note("asked")
        token = await refused(credentials)
        assert watched.calls == [*replaced, "asked", *replaced]
        assert token.encode() in (tmp_path / "lrplan" / FILE).read_bytes()

    bench.play(story)


@pytest.mark.parametrize("number", range(8))
def test_a_disk_that_fails_costs_no_sign_in_that_it_need_not(ims: FakeIms, tmp_path: Path, number: int) -> None:
    """Calls 0 to 3 prove the store, before anything is spent; 4 to 7 are those that keep the successor."""
    bench = Bench(ims, tmp_path)
    (tmp_path / "lrplan" / "locks").mkdir()
    bench.disk = Watched(failures={number: errno.ENOSPC}).disk()

    async def story(credentials: RenewedCredentials) -> str:
        with pytest.raises(Failure) as caught:
            await refused(credentials)
        assert caught.value.exit_code is ExitCode.CREDENTIALS
        assert caught.value.diagnostics[0].code == "LRP306"
        return await refused(credentials)

    assert bench.play(story) == "access-number-1"
    assert ims.renewals == ["refresh-old"]
    bench.disk = None
    assert bench.kept.refresh_token == "refresh-number-1"


def test_a_refusal_is_final_for_everybody(bench: Bench) -> None:
    bench.ims.refresh.clear()

    async def story(credentials: RenewedCredentials) -> list[Any]:
        first = await asyncio.gather(*(refused(credentials) for _ in range(8)), return_exceptions=True)
        return [*first, *await asyncio.gather(refused(credentials), return_exceptions=True)]

    failures = bench.play(story)
    assert {failure.exit_code for failure in failures} == {ExitCode.CREDENTIALS}
    assert failures[0].diagnostics[0].hint == "sign in again: lrplan auth login"
    assert len(bench.ims.renewals) == 1
    assert bench.kept == bench.sign_in


def test_a_service_that_is_away_may_come_back(bench: Bench) -> None:
    bench.ims.faults = [lambda _: "reset"] * 4

    async def story(credentials: RenewedCredentials) -> str:
        with pytest.raises(Failure) as caught:
            await refused(credentials)
        assert caught.value.exit_code is ExitCode.SERVICE
        return await refused(credentials)

    assert bench.play(story) == "access-number-1"


def test_without_a_refresh_token_nothing_is_asked(bench: Bench) -> None:
    native = evolve(bench.sign_in, refresh_token="", client_secret="")
    bench.store().save(native, now=NOW)

    with pytest.raises(Failure) as caught:
        bench.play(refused, native)
    assert caught.value.diagnostics[0].code == "LRP302"
    assert "native credentials get none" in caught.value.diagnostics[0].why
    assert bench.ims.asked == []


def test_what_another_process_renewed_is_used(bench: Bench) -> None:
    newer = AccessToken(value="access-newer", issued_at=NOW, expires_at=after(NOW, days=1))
    bench.store().save(evolve(bench.sign_in, access=newer, refresh_token="refresh-newer"), now=NOW)
    assert bench.play(refused, bench.sign_in) == "access-newer"
    assert bench.ims.asked == []


def test_those_who_wait_may_be_cancelled_and_the_successor_is_kept_all_the_same(bench: Bench) -> None:
    came, go_on = threading.Event(), threading.Event()

    def before() -> None:
        came.set()
        assert go_on.wait(30)

    bench.ims.before = before

    async def story(credentials: RenewedCredentials) -> None:
        waiting = asyncio.create_task(refused(credentials))
        await asyncio.to_thread(came.wait, 30)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        go_on.set()

    bench.play(story)
    assert bench.kept.refresh_token == "refresh-number-1"


def test_a_token_that_is_refused_again_and_again_does_not_spend_without_end(bench: Bench) -> None:
    async def story(credentials: RenewedCredentials) -> str:
        token = "access-old"
        for _ in range(50):
            token = await credentials.access_token(refused=token)
        bench.clock.seconds += 61
        return await credentials.access_token(refused=token)

    assert bench.play(story) == "access-number-7"
    assert len(bench.ims.renewals) == 7


def test_a_service_that_does_not_rotate_keeps_the_refresh_token(bench: Bench) -> None:
    bench.ims.rotates = False
    bench.play(refused)
    assert bench.kept == evolve(bench.sign_in, access=bench.kept.access)


CHILD = """
import asyncio, sys
from pathlib import Path
from tests.unit.lightroom.test_renewal import Bench, refused
from tests.fake_ims import FakeIms
bench = Bench.__new__(Bench)
bench.ims, bench.folder, bench.disk = FakeIms(endpoint=sys.argv[1]), Path(sys.argv[2]), None
from lrplan.sources.clock import SystemClock
bench.clock = SystemClock()
async def story(credentials):
    print("asking", flush=True)
    return await refused(credentials)
print(bench.play(story))
"""


def test_two_processes_that_renew_at_once_spend_one_refresh_token(bench: Bench) -> None:
    came, go_on = threading.Event(), threading.Event()

    def before() -> None:
        came.set()
        assert go_on.wait(60)

    bench.ims.before = before
    bench.clock.seconds = 0
    fresh = AccessToken(value="access-old")
    bench.store().save(evolve(bench.sign_in, access=fresh), now=NOW)
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, bench.ims.endpoint, str(bench.folder)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "asking\n"
    assert came.wait(60)
    go_on.set()
    told = [child.communicate(timeout=60)[0].strip() for child in children]
    assert told == ["access-number-1"] * 2
    assert bench.ims.renewals == ["refresh-old"]


@define
class Printing:
    """A program that prints one token after the other; an exception is raised."""

    tokens: list[AccessToken | Failure]
    runs: int = 0

    async def run(self) -> AccessToken:
        self.runs += 1
        await asyncio.sleep(0)
        token = self.tokens.pop(0)
        if isinstance(token, Failure):
            raise token
        return token


def programmed(*tokens: str, clock: FakeClock) -> tuple[Printing, RenewedCredentials]:
    lived = [AccessToken(value=token, issued_at=NOW, expires_at=after(NOW, seconds=3600)) for token in tokens]
    program = Printing(list(lived))
    source = ProgramSource(program)
    return program, RenewedCredentials(api_key=ServiceId("key"), source=source, clock=clock, first=None)


def test_a_program_is_run_once_for_all_who_wait_and_again_when_its_token_is_refused() -> None:
    clock = FakeClock()
    program, credentials = programmed("one", "two", clock=clock)

    async def story() -> None:
        assert set(await asyncio.gather(*(credentials.access_token() for _ in range(8)))) == {"one"}
        assert program.runs == 1
        many = (credentials.access_token(refused="one") for _ in range(8))
        assert set(await asyncio.gather(*many)) == {"two"}
        assert program.runs == 2

    asyncio.run(story())


def test_a_program_is_run_again_shortly_before_its_token_expires() -> None:
    clock = FakeClock()
    _, credentials = programmed("one", "two", clock=clock)

    async def story() -> list[str]:
        tokens = [await credentials.access_token()]
        clock.seconds = 3600 - 61
        tokens.append(await credentials.access_token())
        clock.seconds = 3600 - 59
        return [*tokens, await credentials.access_token()]

    assert asyncio.run(story()) == ["one", "one", "two"]


def test_a_program_that_prints_the_refused_token_again_is_told() -> None:
    _, credentials = programmed("one", "one", clock=FakeClock())

    async def story() -> None:
        token = await credentials.access_token()
        await credentials.access_token(refused=token)

    with pytest.raises(Failure) as caught:
        asyncio.run(story())
    assert caught.value.diagnostics[0].code == "LRP302"
    assert "auth.command" in caught.value.diagnostics[0].what


@pytest.mark.parametrize("status", [401, 403])
def test_eight_calls_in_flight_when_the_token_expires_make_one_renewal_and_no_failure(
    bench: Bench, status: int
) -> None:
    """The client's own calls: all eight have gone out with the old token before the first is refused."""
    seen: list[str] = []
    all_out = asyncio.Event()

    async def handle(asked: Asked) -> web.Response:
        if "Authorization" not in asked.headers:
            return standing(asked)
        token = asked.headers["Authorization"].removeprefix("Bearer ")
        seen.append(token)
        if len(seen) == 8:
            all_out.set()
        await all_out.wait()
        if token == "access-old":
            return said({"code": 4300, "description": "Access is forbidden"}, status)
        return standing(asked)

    async def story(credentials: RenewedCredentials) -> None:
        stage = Stage(handle, credentials=credentials, clock=bench.clock)
        stage.options = {"concurrency": 8}

        async def calls(service: Any) -> None:
            for _ in range(8):
                await service.health()  # the gate opens slowly
            async with asyncio.TaskGroup() as group:
                for _ in range(8):
                    group.create_task(service.account())

        await stage.act(calls)

    bench.play(story)
    assert seen[:8] == ["access-old"] * 8
    assert bench.ims.renewals == ["refresh-old"]
    assert seen.count("access-number-1") == 8


@given(st.lists(st.sampled_from(["ask", "refuse", "later", "expire"]), max_size=12))
def test_however_it_goes_no_token_is_spent_twice_and_a_refused_one_is_not_handed_out(story: list[str]) -> None:
    clock = FakeClock()
    spent: list[str] = []

    class Source:
        number = 0

        async def next(self, before: str) -> AccessToken:
            spent.append(before)
            self.number += 1
            await asyncio.sleep(0)
            return AccessToken(
                value=f"t{self.number}", issued_at=clock.now(), expires_at=after(clock.now(), seconds=600)
            )

    credentials = RenewedCredentials(api_key=ServiceId("key"), source=Source(), clock=clock, first=None)

    async def act() -> None:
        token = ""
        for step in story:
            clock.seconds += {"later": 61.0, "expire": 601.0}.get(step, 0.0)
            refused = token if step == "refuse" and token else None
            fresh = await asyncio.gather(*(credentials.access_token(refused=refused) for _ in range(3)))
            assert len(set(fresh)) == 1
            if refused is not None and len(spent) < 6:
                assert fresh[0] != refused
            token = fresh[0]

    asyncio.run(act())
    assert len(spent) == len(set(spent))

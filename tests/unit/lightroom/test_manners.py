"""How often a call is sent, when none is sent any more, and whom the client does not talk to."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest
from aiohttp import web

from lrplan.diagnostics import Diagnostic, ExitCode, Failure
from lrplan.lightroom.call import Call
from lrplan.lightroom.connection import Limits
from lrplan.lightroom.governor import WINDOW_AT_START
from lrplan.lightroom.retry import retry_after_s
from lrplan.lightroom.service import LightroomService
from lrplan.plan.write import Accepted, PutOriginal, Refused
from lrplan.version import __version__
from tests.unit.lightroom.stage import (
    CATALOG,
    SPACES,
    STAMP,
    Asked,
    Renewing,
    Stage,
    VirtualTime,
    album_id,
    asset_id,
    certificate,
    needs_openssl,
    original,
    said,
)
from tests.unit.lightroom.test_writer import ADD, CREATE, DELETE, UPDATE, WRITES

HEALTHY = {"id": CATALOG}
AT_FIRST = WINDOW_AT_START + 1  # the gate opens slowly, and one answer widens it


def codes(failure: Failure) -> list[str]:
    return [one.code for one in failure.diagnostics]


# How often


def dropping(number: int) -> tuple[list[bytes], Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable]]:
    """A server that keeps connections open, and drops them without a word at every *number*-th request it reads."""
    seen: list[bytes] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        body = b'{"id": "' + CATALOG.encode() + b'"}'
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                seen.append(head.partition(b" HTTP")[0])
                if len(seen) % number == 0:
                    writer.transport.abort()
                    return
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    return seen, handle


async def on(stage: Stage, handle: Callable, story: Callable[[LightroomService], Awaitable[object]]) -> object:
    """Play against a server of streams."""
    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        stage.endpoint = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return await asyncio.to_thread(stage.play, story)


@pytest.mark.parametrize("ask", [lambda s: s.catalog(), lambda s: s.send(CREATE, stamp=STAMP)])
def test_every_attempt_on_a_dropped_connection_is_counted_and_backed_off(ask: Callable) -> None:
    """The HTTP client would send what it takes for idempotent a second time by itself."""
    stage = Stage(lambda _: None)
    seen, handle = dropping(2)

    async def story(service: LightroomService) -> int:
        await service.catalog()
        for _ in range(5):
            await ask(service)
        return service.calls

    calls = asyncio.run(on(stage, handle, story))
    retried = stage.heard.retried
    assert retried
    assert len(seen) == calls + len(retried)
    assert all(one.wait_s >= 0.5 for one in retried)
    assert sum(stage.clock.slept) == pytest.approx(sum(one.wait_s for one in retried))


def test_a_connection_that_always_drops_is_tried_four_times() -> None:
    stage = Stage(lambda _: None)
    seen, handle = dropping(1)
    with pytest.raises(Failure) as failed:
        asyncio.run(on(stage, handle, lambda service: service.catalog()))
    assert codes(failed.value) == ["LRP802"]
    assert len(seen) == 4


def test_a_renewed_token_does_not_buy_more_than_four_attempts() -> None:
    for first in range(5):
        answers = [503] * first + [401]
        stage = Stage(
            lambda _, left=answers: said(status=left.pop(0) if left else 503), credentials=Renewing(["old", "new"])
        )
        with pytest.raises(Failure) as failed:
            stage.play(lambda service: service.catalog())
        assert codes(failed.value) == ["LRP802"]
        assert len(stage.asked) == 4


def test_a_call_says_which_version_asks() -> None:
    stage = Stage(lambda _: said(HEALTHY))
    stage.play(lambda service: service.catalog())
    assert stage.asked[0].headers["User-Agent"] == f"lrplan/{__version__}"


@pytest.mark.parametrize("off_s", [-(10**7), 0, 10**7])
def test_the_wait_that_is_asked_for_does_not_hang_on_our_clock(off_s: int) -> None:
    from datetime import UTC, datetime, timedelta

    theirs = datetime(2026, 5, 1, 10, tzinfo=UTC)
    ours = (theirs + timedelta(seconds=off_s)).isoformat()
    until = format_datetime(theirs + timedelta(seconds=20), usegmt=True)
    assert retry_after_s(until, now=ours, date=format_datetime(theirs, usegmt=True)) == 20
    assert retry_after_s(until, now=theirs.isoformat(), date="yesterday") == 20
    assert retry_after_s("soon", now=ours, date=None) is None


# Not yet


def times_of_calls(script: Callable[[Asked], object]) -> tuple[Stage, list[float]]:
    """A stage, and when each of its calls came, by its clock."""
    times: list[float] = []

    def timed(asked: Asked) -> object:
        times.append(stage.clock.seconds)
        return script(asked)

    stage = Stage(timed)
    return stage, times


async def twice(service: LightroomService) -> list[str]:
    """Ask for the catalog, and once more; the codes of what came."""
    told = []
    for _ in range(2):
        try:
            await service.catalog()
        except Failure as failure:
            told += codes(failure)
    return told


@pytest.mark.parametrize("status", [429, 503])
def test_the_wait_asked_for_by_the_last_attempt_is_kept_to_by_the_next_call(status: int) -> None:
    answers = [said(status=status, Retry_After="40") for _ in range(4)]
    stage, times = times_of_calls(lambda _: answers.pop(0) if answers else said(HEALTHY))
    assert stage.play(twice) == ["LRP802"]
    assert len(times) == 5
    assert all(round(later - earlier, 6) >= 40 for earlier, later in pairwise(times))


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    "asked",
    ["600", "Fri, 01 May 2026 10:10:00 GMT"],
)
def test_a_pause_that_nobody_waits_for_ends_all_calls_at_once_and_says_when_to_come_back(
    status: int, asked: str
) -> None:
    date = "Fri, 01 May 2026 10:00:00 GMT"
    stage = Stage(lambda _: said({"description": "Busy"}, status, Retry_After=asked, Date=date, x_request_id="req-7"))
    said_of: list[Diagnostic] = []

    async def story(service: LightroomService) -> None:
        for _ in range(3):
            with pytest.raises(Failure) as failed:
                await service.catalog()
            said_of.extend(failed.value.diagnostics)

    stage.play(story)
    assert len(stage.asked) == 1
    assert stage.clock.slept == []
    assert {(one.code, one.exit_code) for one in said_of} == {("LRP806", ExitCode.SERVICE)}
    until = "the service asks for no call before 2026-05-01 10:10:01Z."
    assert said_of[0].why == f"GET /v2/catalog: it answered {status}: Busy; {until} Its request id is req-7."
    assert said_of[1].why == f"GET /v2/catalog: it was not sent; {until}"
    assert {one.hint for one in said_of} == {"run it again after 2026-05-01 10:10:01Z"}


def test_once_a_long_pause_is_over_calls_go_out_again() -> None:
    answers = [said(status=429, Retry_After="121")]
    stage = Stage(lambda _: answers.pop() if answers else said(HEALTHY))

    async def story(service: LightroomService) -> list[str]:
        told = await twice(service)
        stage.clock.seconds += 121
        return told + await twice(service)

    assert stage.play(story) == ["LRP806", "LRP806"]
    assert len(stage.asked) == 3


def test_whoever_waits_at_the_gate_does_not_wait_for_a_long_pause() -> None:
    """Eight calls, each told to come back in ten minutes or turned away; nobody sleeps for it."""
    stage = Stage(lambda asked: said(status=429, Retry_After="600") if SPACES in asked.path else None)

    async def story(service: LightroomService) -> list[BaseException]:
        await service.catalog()
        writes = [service.send(CREATE, stamp=STAMP) for _ in range(8)]
        return await asyncio.gather(*writes, return_exceptions=True)

    ends = stage.play(story)
    assert [codes(one) for one in ends] == [["LRP806"]] * 8
    assert len(stage.targets()) <= AT_FIRST
    assert stage.clock.slept == []


# None any more


def test_a_full_storage_lets_no_waiting_call_out() -> None:
    """Eight calls are allowed at once, thirty want to go; the first answer says that the storage is full."""
    held: list[asyncio.Event] = []

    async def full(request: web.BaseRequest) -> web.StreamResponse:
        if len(held) == 0:
            held.append(asyncio.Event())
            return said({"code": 1007}, 413)
        held.append(asyncio.Event())
        await held[0].wait()
        return said(status=201)

    stage = Stage(lambda asked: full if SPACES in asked.path else None)
    stage.shelf.chunks["a.jpg"] = [b"x" * 100]
    put = PutOriginal(asset_id=asset_id(1), original=original(), part=0, parts=1)

    async def story(service: LightroomService) -> list[object]:
        await service.catalog()
        waiting = [asyncio.ensure_future(service.send(put, stamp=STAMP)) for _ in range(30)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        held[0].set()
        return await asyncio.gather(*waiting, return_exceptions=True)

    ends = stage.play(story)
    refused = [one for one in ends if isinstance(one, Refused)]
    assert [(one.status, one.ends_run) for one in refused] == [(413, True)]
    unsent = [one for one in ends if isinstance(one, Failure)]
    assert {code for one in unsent for code in codes(one)} == {"LRP704"}
    assert {one.exit_code for one in unsent} == {ExitCode.INCOMPLETE}
    in_flight = [one for one in ends if isinstance(one, Accepted)]
    assert len(in_flight) + len(refused) == len(stage.targets()) <= AT_FIRST
    assert len(unsent) == 30 - len(stage.targets())


class Standing(VirtualTime):
    """Time that stands still, and tells when somebody waits for it to pass."""

    def __init__(self) -> None:
        super().__init__()
        self._somebody = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self._somebody.set()
        await super().sleep(seconds)

    async def somebody_sleeps(self) -> None:
        await self._somebody.wait()


def test_a_halt_ends_the_waits_of_the_gate_and_between_attempts_at_once() -> None:
    time = Standing()
    asked: list[str] = []

    def script(one: Asked) -> object:
        asked.append(one.method)
        return said(status=429, Retry_After="100") if SPACES in one.path else None

    stage = Stage(script, clock=time)

    async def story(service: LightroomService) -> list[object]:
        await service.catalog()
        waiting = [asyncio.ensure_future(service.send(CREATE, stamp=STAMP)) for _ in range(10)]
        await time.somebody_sleeps()  # for the 100 seconds, which never pass
        service.halt()
        return await asyncio.gather(*waiting, return_exceptions=True)

    ends = stage.play(story)
    assert {code for one in ends for code in codes(one)} == {"LRP704", "LRP705"}
    assert time.seconds == 0
    whys = {one.diagnostics[0].why for one in ends}
    assert [codes(one)[0] for one in ends if "not sent again" in one.diagnostics[0].why] == ["LRP705"] * len(
        stage.targets()
    )
    assert all("PUT /v2/catalogs/{catalog_id}/albums/{album_id}" in why for why in whys)
    assert asked.count("PUT") <= AT_FIRST


def test_calls_go_out_again_once_a_halt_is_taken_back() -> None:
    stage = Stage(lambda _: None)

    async def story(service: LightroomService) -> object:
        service.halt()
        with pytest.raises(Failure):
            await service.catalog()
        service.resume()
        return await service.send(CREATE, stamp=STAMP)

    assert stage.play(story) == Accepted()
    assert len(stage.asked) == 2


# Who does not answer as Lightroom does


@pytest.mark.parametrize("write", [CREATE, UPDATE, DELETE, *WRITES[4:]])
def test_a_page_in_the_place_of_an_answer_is_no_success(write: object) -> None:
    page = b"<!doctype html><html><title>Sign in to the hotel's network</title></html>"
    stage = Stage(lambda asked: said(page, 200) if SPACES in asked.path else None)
    stage.shelf.chunks["a.jpg"] = [b"x" * 100]
    with pytest.raises(Failure) as failed:
        stage.play(lambda service: service.send(write, stamp=STAMP))
    (diagnostic,) = failed.value.diagnostics
    assert diagnostic.code == "LRP803"
    assert 'a page of HTML, "Sign in to the hotel\'s network"' in diagnostic.why
    assert diagnostic.hint


@pytest.mark.parametrize("write", [CREATE, UPDATE, DELETE, ADD])
def test_half_an_answer_to_a_write_is_sent_again(write: object) -> None:
    left = [b'while (1) {}\n{"id": ']
    stage = Stage(lambda asked: said(left.pop() if left else None, 201) if SPACES in asked.path else None)
    assert stage.play(lambda service: service.send(write, stamp=STAMP)) == Accepted()
    assert len(stage.targets()) == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("write", [CREATE, DELETE, ADD])
def test_a_redirect_is_told_and_not_followed(write: object, status: int) -> None:
    stage = Stage(
        lambda asked: said(status=status, Location="https://other.invalid/x?token=1") if SPACES in asked.path else None
    )
    with pytest.raises(Failure) as failed:
        stage.play(lambda service: service.send(write, stamp=STAMP))
    (diagnostic,) = failed.value.diagnostics
    assert diagnostic.code == "LRP803"
    assert f"{status}, to https://other.invalid/x; redirects are not followed" in diagnostic.why
    assert "token=1" not in diagnostic.why
    assert len(stage.targets()) == 1


def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    async def endless(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" " * 2**16)

    stage = Stage(lambda _: endless)

    async def story(service: LightroomService) -> object:
        return await service._session.send(Call(method="GET", route="/x", target="/x", answer_bytes_max=10**6))

    with pytest.raises(Failure) as failed:
        stage.play(story)
    assert codes(failed.value) == ["LRP803"]
    assert "longer than 1,000,000 bytes" in failed.value.diagnostics[0].why
    assert len(stage.asked) == 1


def test_a_host_that_does_not_take_the_call_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nobody(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.SelectorEventLoop, "sock_connect", nobody)
    stage = Stage(lambda _: None, endpoint="http://127.0.0.1:9", options={"limits": Limits(connect_s=0.01)})
    with pytest.raises(Failure) as failed:
        stage.play(lambda service: service.catalog())
    assert codes(failed.value) == ["LRP801"]
    assert "no connection within the time allowed" in failed.value.diagnostics[0].why
    assert len(stage.heard.retried) == 3


@needs_openssl
@pytest.mark.parametrize(
    ("name", "is_trusted", "word", "hint"),
    [
        ("DNS:other.invalid", True, "certificate is not valid for '127.0.0.1'", "endpoint's name"),
        ("IP:127.0.0.1", False, "self-signed certificate", "SSL_CERT_FILE"),
    ],
)
def test_a_certificate_that_does_not_match_is_said_so_at_once(
    name: str, is_trusted: bool, word: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = certificate(tmp_path, name=name, days=30)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    stage = Stage(lambda _: None)

    async def never(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async def story() -> None:
        async with await asyncio.start_server(never, "127.0.0.1", 0, ssl=context) as server:
            stage.endpoint = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            await asyncio.to_thread(stage.play, lambda service: service.catalog())

    with pytest.raises(Failure) as failed:
        asyncio.run(story())
    (diagnostic,) = failed.value.diagnostics
    assert diagnostic.code == "LRP801"
    assert word in diagnostic.why
    assert hint in diagnostic.hint
    assert stage.heard.retried == []


@pytest.mark.parametrize("word", ["certificate has expired", "certificate is not yet valid"])
def test_a_certificate_outside_its_time_may_be_our_clock(word: str) -> None:
    from lrplan.lightroom.breakage import broken

    problem = ssl.SSLCertVerificationError(1, "failed")
    problem.verify_message = word
    found = broken(problem)
    assert (found.may_pass, word in found.why) == (False, True)
    assert "date and time of this machine" in found.hint


def test_what_one_connection_is_told_to_stop_does_not_stop_another() -> None:
    stage = Stage(lambda _: None)

    async def story(service: LightroomService) -> object:
        service.halt()
        other = Stage(lambda _: None)
        return await asyncio.to_thread(other.play, lambda each: each.album(album_id(1)))

    with pytest.raises(Failure) as failed:  # it went out, and the answer had no id
        stage.play(story)
    assert codes(failed.value) == ["LRP803"]

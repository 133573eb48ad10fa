"""Adobe's sign-in service, asked over HTTP: what is sent, what comes of every kind of answer, what is tried again."""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from lrplan.diagnostics import ExitCode, Failure
from lrplan.lightroom.ims import Ims, connect_ims, ims_root
from lrplan.lightroom.wire import NotJson, person_from_wire, tokens_from_wire
from lrplan.model.ids import ServiceId
from lrplan.model.sign_in import Grant
from tests.fake_ims import FakeIms, serving
from tests.unit.lightroom.stage import FakeClock, Heard

MARKED = ("the-refresh-token", "the-secret", "the-key")


@pytest.fixture
def ims() -> Iterator[FakeIms]:
    with serving(FakeIms(api_key="the-key", secret="the-secret")) as served:
        served.give_refresh_token("the-refresh-token")
        yield served


def play(ims: FakeIms, story: Callable[[Ims], Awaitable[Any]], clock: FakeClock | None = None) -> Any:
    clock = clock or FakeClock()

    async def act() -> Any:
        options = {"clock": clock, "events": Heard(), "random": lambda: 0.5}
        async with connect_ims(endpoint=ims.endpoint, api_key=ServiceId(ims.api_key), **options) as client:
            return await story(client)

    return asyncio.run(act())


def renew(client: Ims) -> Awaitable[Grant]:
    return client.renew("the-refresh-token", client_secret="the-secret")


def test_a_refresh_token_becomes_an_access_token_and_its_successor(ims: FakeIms) -> None:
    grant = play(ims, renew)
    assert grant.access.value == "access-number-1"
    assert grant.refresh_token == "refresh-number-1"
    assert grant.access.expires_at == "2026-05-02T09:59:59.000000Z"
    (asked,) = ims.asked
    assert asked.query == {}
    assert asked.headers["Authorization"] == "Basic " + base64.b64encode(b"the-key:the-secret").decode()
    assert asked.form == {"grant_type": "refresh_token", "refresh_token": "the-refresh-token"}
    assert asked.headers["User-Agent"].startswith("lrplan/")


def test_a_credential_without_secret_names_itself_in_the_form() -> None:
    with serving(FakeIms(api_key="native", secret="")) as ims:
        ims.codes["the-code"] = ("adobe+1://adobeid/native", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
        verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636, appendix B

        def story(client: Ims) -> Awaitable[Grant]:
            return client.redeem("the-code", client_secret="", verifier=verifier, redirect="adobe+1://adobeid/native")

        grant = play(ims, story)
        assert (grant.access.value, grant.refresh_token) == ("access-number-1", "")
        assert ims.asked[0].form["client_id"] == "native"


@pytest.mark.parametrize(
    "fault",
    ["reset", web.Response(status=503), web.Response(status=500, body=b"<html>"), web.Response(status=429)],
    ids=["reset", "503", "500", "429"],
)
@pytest.mark.parametrize("times", [1, 2, 3])
def test_what_passes_is_tried_again_with_growing_waits(ims: FakeIms, fault: Any, times: int) -> None:
    def again(_: object) -> Any:
        return fault if isinstance(fault, str) else web.Response(status=fault.status, body=fault.body)

    ims.faults = [again] * times
    clock = FakeClock()
    assert play(ims, renew, clock).access.value == "access-number-1"
    is_throttled = not isinstance(fault, str) and fault.status == 429
    assert clock.slept == ([1.25, 10.0, 80.0] if is_throttled else [0.75, 1.5, 3.0])[:times]


@pytest.mark.parametrize(
    ("make", "tries"),
    [
        (lambda _: "reset", 4),
        (lambda _: web.Response(status=502, body=b"<html><title>Bad Gateway</title>"), 4),
        (lambda _: web.Response(status=200, body=b'{"access_token": "a", "expi'), 4),
        (lambda _: web.Response(status=200, body=b"<html>sign in to this wireless network"), 1),
        (lambda _: web.Response(status=302, headers={"Location": "https://evil.example/?the-secret"}), 1),
        (lambda _: web.Response(status=200, body=b'{"token_type": "bearer"}'), 1),
        (lambda _: web.Response(status=200, body=b'{"access_token": "a b"}'), 1),
        (lambda _: web.Response(status=200, body=b'{"access_token": "a", "refresh_token": "\\u00e4"}'), 1),
        (lambda _: web.Response(status=200, body=b"[1]"), 1),
    ],
)
def test_what_is_no_answer_ends_in_words_without_a_secret(ims: FakeIms, make: Any, tries: int) -> None:
    ims.faults = [make] * 9
    with pytest.raises(Failure) as caught:
        play(ims, renew)
    (said,) = caught.value.diagnostics
    assert (said.code, said.exit_code) == ("LRP805", ExitCode.SERVICE)
    assert "sign-in service" in said.what
    assert said.hint
    assert len(ims.asked) == tries
    assert not any(mark in repr(said) for mark in MARKED)


@pytest.mark.parametrize(
    ("status", "body", "what"),
    [
        (400, b'{"error":"invalid_grant","error_description":"the-refresh-token of the-key"}', "the sign-in is over"),
        (401, b'{"error":"invalid_client"}', "refused the API key or its secret"),
        (400, b'{"error":"unauthorized_client"}', "refused the API key or its secret"),
        (400, b'{"error":"the-secret"}', "the sign-in service refused"),
        (403, b"<html>the-secret", "the sign-in service refused"),
        (404, b"", "the sign-in service refused"),
        (400, b'{"error":', "the sign-in service refused"),
        (400, b"\xff\xfe\x00", "the sign-in service refused"),
    ],
)
def test_a_refusal_is_final_and_says_what_to_do(ims: FakeIms, status: int, body: bytes, what: str) -> None:
    ims.faults = [web.Response(status=status, body=body)]
    with pytest.raises(Failure) as caught:
        play(ims, renew)
    (said,) = caught.value.diagnostics
    assert (said.code, said.exit_code) == ("LRP302", ExitCode.CREDENTIALS)
    assert what in said.what
    assert "auth login" in said.hint or "Developer Console" in said.hint
    assert len(ims.asked) == 1
    assert not any(mark in repr(said) for mark in MARKED)


def test_an_answer_that_was_lost_after_the_token_was_spent_ends_with_a_sign_in_that_is_over(ims: FakeIms) -> None:
    ims.faults = ["lost"]
    with pytest.raises(Failure) as caught:
        play(ims, renew)
    assert caught.value.diagnostics[0].what == "the sign-in is over"
    assert "whose answer was lost" in caught.value.diagnostics[0].why
    assert ims.renewals == ["the-refresh-token"] * 2


def test_an_answer_that_was_lost_is_made_good_where_the_service_does_not_end_tokens(ims: FakeIms) -> None:
    ims.rotates, ims.faults = False, ["lost"]
    grant = play(ims, renew)
    assert (grant.access.value, grant.refresh_token) == ("access-number-2", "")


@pytest.mark.parametrize(
    ("said", "expires_at"),
    [
        (3600, "2026-05-01T11:00:00.000000Z"),
        ("3600", "2026-05-01T11:00:00.000000Z"),
        (None, ""),
        ("soon", ""),
        (-1, ""),
        (True, ""),
        (10**12, ""),
        ([], ""),
    ],
)
def test_a_lifetime_that_makes_no_sense_is_unknown(ims: FakeIms, said: object, expires_at: str) -> None:
    ims.lives_s = said
    assert play(ims, renew).access.expires_at == expires_at


def test_the_person_is_asked_for_and_a_token_that_is_over_is_told(ims: FakeIms) -> None:
    ims.access.add("works")
    assert play(ims, lambda client: client.whose("works")) == "ansel@example.com"
    ims.person = {"sub": "id@AdobeID", "name": "A\x1b[31mnsel"}
    assert play(ims, lambda client: client.whose("works")) == "A [31mnsel"
    ims.faults = [web.Response(status=404)]
    assert play(ims, lambda client: client.whose("works")) == ""
    ims.faults = [web.Response(status=200, body=b"no")]
    assert play(ims, lambda client: client.whose("works")) == ""
    with pytest.raises(Failure):
        play(ims, lambda client: client.whose("is-over"))


def test_a_token_is_ended(ims: FakeIms) -> None:
    play(ims, lambda client: client.revoke("the-refresh-token", client_secret="the-secret"))
    assert ims.revoked == ["the-refresh-token"]
    with pytest.raises(Failure):
        play(ims, lambda client: client.revoke("other", client_secret="wrong"))


@pytest.mark.parametrize(
    ("endpoint", "root"),
    [
        ("https://ims.example", "https://ims.example"),
        ("https://ims.example:8443/", "https://ims.example:8443"),
        ("http://127.0.0.1:80", "http://127.0.0.1:80"),
        ("http://localhost:1", "http://localhost:1"),
        ("http://ims.example", None),
        ("https://ims.example/path", None),
        ("https://user@ims.example", None),
        ("ims.example", None),
        ("", None),
    ],
)
def test_secrets_go_to_https_or_to_this_machine(endpoint: str, root: str | None) -> None:
    if root is not None:
        assert ims_root(endpoint) == root
        return
    with pytest.raises(Failure) as caught:
        ims_root(endpoint)
    assert caught.value.exit_code is ExitCode.USAGE


@settings(deadline=None)
@given(
    st.binary(max_size=60) | st.dictionaries(st.text(max_size=5), st.text(max_size=5)).map(lambda d: str(d).encode())
)
def test_any_body_is_tokens_a_person_or_none(body: bytes) -> None:
    for read in (tokens_from_wire, person_from_wire):
        try:
            read(body)
        except NotJson:
            continue


def test_a_dropped_connection_is_not_asked_again_unseen() -> None:
    """The HTTP client would send a GET a second time by itself where a kept connection turns out to be dropped."""
    seen: list[bytes] = []
    heard = Heard()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            while True:
                seen.append((await reader.readuntil(b"\r\n\r\n")).partition(b" HTTP")[0])
                if len(seen) % 2 == 0:
                    break
                writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"sub": "me-1"}')
        writer.close()

    async def act() -> list[str]:
        async with await asyncio.start_server(handle, "127.0.0.1", 0) as server:
            endpoint = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            options = {"clock": FakeClock(), "events": heard, "random": lambda: 0.5}
            async with connect_ims(endpoint=endpoint, api_key=ServiceId("key"), **options) as client:
                return [await client.whose("token") for _ in range(3)]

    assert asyncio.run(act()) == ["me-1"] * 3
    assert len(heard.retried) == 2
    assert len(seen) == 3 + len(heard.retried)


def test_a_secret_that_is_repeated_as_it_was_sent_is_hidden(ims: FakeIms) -> None:
    pair = base64.b64encode(b"the-key:the-secret").decode()
    ims.faults = [web.Response(status=400, body=f'{{"error": "x", "error_description": "Basic {pair}"}}'.encode())]
    with pytest.raises(Failure) as failed:
        play(ims, renew)
    assert pair not in failed.value.diagnostics[0].why
    assert "Basic [secret]" in failed.value.diagnostics[0].why


@pytest.mark.parametrize(("asked", "attempts"), [("600", 1), ("60", 4)])
def test_a_pause_that_is_asked_for_is_kept_to_by_the_next_renewal(ims: FakeIms, asked: str, attempts: int) -> None:
    ims.faults = [lambda _: web.Response(status=429, headers={"Retry-After": asked})] * attempts
    clock = FakeClock()

    async def story(client: Ims) -> list[str]:
        told = []
        for _ in range(2):
            with pytest.raises(Failure) as failed:
                await renew(client)
            assert failed.value.exit_code is ExitCode.SERVICE
            told += [failed.value.diagnostics[0].why]
        clock.seconds += float(asked)
        await renew(client)
        return told

    told = play(ims, story, clock)
    assert len(ims.asked) == attempts + 1
    assert "it answered 429" in told[0]
    assert "it was not sent; it asks for no call before 2026-05-01 10:" in told[1]

"""Sending one request until it is answered: tokens, waits, retries, broken connections, and what is said of them."""

import asyncio
import gzip
import socket
import ssl
from collections.abc import Callable

import pytest
from aiohttp import web

from lrplan.diagnostics import Failure
from lrplan.lightroom.connection import Limits
from lrplan.lightroom.credentials import GivenCredentials
from lrplan.lightroom.service import LightroomService
from tests.unit.lightroom.stage import ACCOUNT, CATALOG, KEY, SPACES, TOKEN, Asked, Renewing, Stage, said

HEALTHY = {"id": CATALOG}


async def ask(service: LightroomService) -> object:
    return await service.catalog()


def in_turn(*answers: object) -> Callable[[Asked], object]:
    """Give the answers one after the other, the last for ever; a function makes a fresh one each time."""
    left = list(answers)

    def script(_: Asked) -> object:
        answer = left.pop(0) if len(left) > 1 else left[0]
        return answer() if callable(answer) else answer

    return script


def failure(stage: Stage, story: Callable[[LightroomService], object] = ask) -> str:
    """Play until the failure; its code and all it says."""
    with pytest.raises(Failure) as failed:
        stage.play(story)
    (diagnostic,) = failed.value.diagnostics
    text = f"{diagnostic.code} {diagnostic.what}. {diagnostic.why} {diagnostic.hint}"
    assert TOKEN not in text
    return text


def test_every_call_says_who_asks() -> None:
    stage = Stage(lambda _: said(HEALTHY))
    stage.play(ask)
    headers = stage.asked[0].headers
    assert headers["X-API-Key"] == KEY
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert headers["User-Agent"].startswith("lrplan/")


def test_calls_are_counted_and_told_without_retries_and_ids() -> None:
    stage = Stage(in_turn(lambda: said(status=503), lambda: said(HEALTHY)))

    async def story(service: LightroomService) -> int:
        await service.catalog()
        return service.calls

    assert stage.play(story) == 1
    assert [(event.route, event.status) for event in stage.heard.called] == [("/v2/catalog", 503), ("/v2/catalog", 200)]
    assert [(event.method, event.why, event.wait_s) for event in stage.heard.retried] == [
        ("GET", "it answered 503", 0.75)
    ]
    assert stage.clock.slept == [0.75]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_three_times_more(status: int) -> None:
    stage = Stage(lambda _: said(b"<html><title>Bad Gateway</title>", status, x_request_id="req-7"))
    text = failure(stage)
    assert text.startswith("LRP802")
    assert f"GET /v2/catalog: it answered {status}: a page of HTML, 'Bad Gateway', 4 times in a row" in text
    assert "req-7" in text
    assert ("set api.rate in lrplan.yaml to fewer calls a second" in text) == (status == 429)
    assert len(stage.asked) == 4


@pytest.mark.parametrize("status", [400, 404, 409, 410, 418])
def test_nothing_else_is_tried_again(status: int) -> None:
    stage = Stage(lambda _: said({"code": 1}, status))
    failure(stage)
    assert len(stage.asked) == 1


def test_retry_after_is_kept_to_by_every_call() -> None:
    stage = Stage(in_turn(lambda: said(status=429, Retry_After="7"), lambda: said(HEALTHY)))
    stage.play(ask)
    assert sum(stage.clock.slept) >= 7
    assert stage.heard.retried[0].wait_s == pytest.approx(7.075)


@pytest.mark.parametrize("first", [said(status=401), said({"code": 4300, "description": "Access is forbidden"}, 403)])
def test_a_refused_token_is_renewed_once(first: web.Response) -> None:
    stage = Stage(in_turn(first, lambda: said(HEALTHY)), credentials=Renewing(["old", "new"]))
    stage.play(ask)
    assert [each.headers["Authorization"] for each in stage.asked] == ["Bearer old", "Bearer new"]
    assert stage.credentials.refused == ["old"]


def test_a_token_that_stays_refused_ends_the_run() -> None:
    stage = Stage(lambda _: said(status=401), credentials=Renewing(["old", "new"]))
    assert failure(stage).startswith("LRP302")
    assert len(stage.asked) == 2


@pytest.mark.parametrize(
    "refusal",
    [
        lambda: said(status=401, x_request_id="req-7"),
        lambda: said({"code": 4300, "description": f"no {TOKEN}"}, 403, x_request_id="req-7"),
    ],
)
def test_a_given_token_cannot_be_renewed_and_the_call_that_found_out_is_told(refusal: Callable) -> None:
    stage = Stage(lambda _: refusal())
    status, words = (401, "an empty answer") if refusal().status == 401 else (403, "no [secret]")
    text = failure(stage)
    assert text.startswith("LRP302 the service refused the access token. ")
    assert f"GET /v2/catalog: it answered {status}: {words}. Its request id is req-7. The token is expired or" in text
    assert "LRPLAN_ACCESS_TOKEN" in text


@pytest.mark.parametrize("status", [400, 403, 404, 406, 407, 408, 409, 411, 413, 414, 418, 421, 425, 431, 451, 499])
@pytest.mark.parametrize("body", [None, b"<html>", {"code": 1, "description": "Words"}], ids=["none", "page", "json"])
def test_every_refusal_says_which_call_what_came_and_what_to_do(status: int, body: object) -> None:
    stage = Stage(lambda asked: said(body, status, x_request_id="req-7") if SPACES in asked.path else None)
    with pytest.raises(Failure) as failed:
        stage.play(lambda service: service.albums())
    (diagnostic,) = failed.value.diagnostics
    assert diagnostic.code == "LRP804"
    assert diagnostic.why.startswith(f"GET /v2/catalogs/{{catalog_id}}/albums: it answered {status}: ")
    assert diagnostic.why.endswith(" Its request id is req-7.")
    assert diagnostic.hint


def test_no_token_is_said_before_anything_is_sent() -> None:
    stage = Stage(lambda _: said(HEALTHY), credentials=GivenCredentials(api_key=KEY))
    assert failure(stage).startswith("LRP301")
    assert stage.asked == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"error_code": "403003", "message": "Api Key is invalid"}, "LRP302 the service refused the API key"),
        ({"code": 403003}, "LRP302 the service refused the API key"),
        ({"code": 4301, "description": "Access forbidden due to account state"}, "LRP303"),
        ({"code": 4999, "description": "Upgrade required"}, "LRP309 the service wants a newer release of lrplan"),
    ],
)
def test_a_refusal_of_everything_names_what_was_refused(body: dict, code: str) -> None:
    assert failure(Stage(lambda _: said(body, 403))).startswith(code)


@pytest.mark.parametrize("token", ["a\nb", "a b", "ü", "a\x00"])
def test_a_token_that_cannot_stand_in_a_header_is_not_sent(token: str) -> None:
    stage = Stage(lambda _: said(HEALTHY), credentials=GivenCredentials(api_key=KEY, token=token))
    text = failure(stage)
    assert text.startswith("LRP302")
    assert token not in text


def test_a_redirect_is_not_followed() -> None:
    stage = Stage(lambda _: said(status=302, Location="https://elsewhere.example/login?secret=1"))
    text = failure(stage)
    assert text.startswith("LRP803")
    assert "https://elsewhere.example/login" in text
    assert "secret" not in text
    assert len(stage.asked) == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html><title>Welcome</title></html>", "a page of HTML, 'Welcome'"),
        (b"[1]", "JSON that is not an object"),
        (b"7", "JSON that is not an object"),
        (b"null", "JSON that is not an object"),
        (b"", "an empty answer"),
        (b'{"id": ' + b"[" * 200_000, "JSON that is nested too deeply"),
        (b'{"id": ' + b'{"x":' * 50_000 + b"1" + b"}" * 50_001, "JSON that is nested too deeply"),
    ],
    ids=["page", "list", "number", "null", "nothing", "deep and cut", "deep"],
)
def test_what_is_whole_and_no_answer_is_said_so_and_not_asked_for_again(body: bytes, words: str) -> None:
    stage = Stage(lambda _: said(body))
    assert f"GET /v2/catalog: it answered 200 with {words}." in failure(stage)
    assert len(stage.asked) == 1


def test_a_success_without_content_is_told_by_its_status() -> None:
    stage = Stage(lambda _: said(status=204))
    assert "LRP803" in (text := failure(stage))
    assert "it answered 204 with an empty answer" in text
    assert len(stage.asked) == 1


def test_json_that_ends_early_is_asked_for_again() -> None:
    stage = Stage(in_turn(lambda: said(b'while (1) {}\n{"id": "abc'), lambda: said(HEALTHY)))
    stage.play(ask)
    assert stage.heard.retried[0].why == "its answer ended too early"


async def cut_off(request: web.BaseRequest) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "100"})
    await response.prepare(request)
    await response.write(b'{"id"')
    request.transport.abort()
    return response


async def hang_up(request: web.BaseRequest) -> web.StreamResponse:
    request.transport.abort()
    return web.Response()


async def badly_packed(_: web.BaseRequest) -> web.StreamResponse:
    return web.Response(body=b"this is no gzip", headers={"Content-Encoding": "gzip"})


@pytest.mark.parametrize("act", [cut_off, hang_up, badly_packed])
def test_a_connection_that_breaks_is_tried_again(act: Callable) -> None:
    left = [act, act]
    stage = Stage(lambda _: left.pop() if left else said(HEALTHY))
    stage.play(ask)
    assert stage.heard.retried
    stage = Stage(lambda _: act)
    assert failure(stage).startswith("LRP802")


def test_a_packed_answer_is_unpacked() -> None:
    packed = gzip.compress(b'while (1) {}\n{"id": "' + CATALOG.encode() + b'"}')
    stage = Stage(lambda _: said(packed, Content_Encoding="gzip"))
    assert stage.play(ask).id == CATALOG


def test_silence_does_not_last_for_ever() -> None:
    async def silent(_: web.BaseRequest) -> web.StreamResponse:
        await asyncio.Event().wait()
        return web.Response()

    stage = Stage(lambda _: silent, options={"limits": Limits(silence_s=0.01)})
    assert "it fell silent, 4 times in a row" in failure(stage)


def test_a_refused_connection_is_unreachable() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        stage = Stage(lambda _: None, endpoint=f"http://127.0.0.1:{closed.getsockname()[1]}")
        text = failure(stage)
    assert text.startswith("LRP801")
    assert "Connect" in text or "refused" in text
    assert len(stage.heard.retried) == 3


def test_a_name_that_does_not_resolve_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", unknown)
    text = failure(Stage(lambda _: None, endpoint="http://nowhere.invalid"))
    assert text.startswith("LRP801")
    assert "does not resolve" in text


def test_tls_that_is_not_there_is_said_so_at_once() -> None:
    stage = Stage(lambda _: None)

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async def story() -> None:
        server = await asyncio.start_server(plain, "127.0.0.1", 0)
        async with server:
            stage.endpoint = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            await asyncio.to_thread(lambda: outcome.append(failure(stage)))

    outcome: list[str] = []
    asyncio.run(story())
    assert outcome[0].startswith("LRP801")
    assert "TLS failed" in outcome[0]
    assert "SSL_CERT_FILE" in outcome[0]
    assert stage.heard.retried == []


def test_something_that_is_no_http_keeps_failing() -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"220 mail.example ESMTP\r\n")
        writer.close()

    async def story() -> None:
        server = await asyncio.start_server(babble, "127.0.0.1", 0)
        async with server:
            stage = Stage(lambda _: None, endpoint=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
            await asyncio.to_thread(lambda: outcome.append(failure(stage)))

    outcome: list[str] = []
    asyncio.run(story())
    assert outcome[0].startswith("LRP802")


@pytest.mark.parametrize(
    "endpoint",
    ["", "lr.adobe.io", "ftp://lr.adobe.io", "http://", "http://u:p@h", "http://h?x", "http://[", "http://h:99999"],
)
def test_an_endpoint_must_be_an_address(endpoint: str) -> None:
    with pytest.raises(Failure) as failed:
        Stage(lambda _: None, endpoint=endpoint or "x").play(ask)
    assert failed.value.diagnostics[0].code == "LRP901"


def test_proxies_are_honoured_but_not_for_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    proxied = Stage(lambda _: said(HEALTHY))

    async def act() -> object:
        async with proxied._served() as origin:
            monkeypatch.setenv("http_proxy", origin)
            outer = Stage(lambda _: said({"id": ACCOUNT}), endpoint="http://lightroom.invalid")
            await asyncio.to_thread(outer.play, ask)
            inner = Stage(lambda _: said(HEALTHY))
            await asyncio.to_thread(inner.play, ask)
            return len(inner.asked)

    assert asyncio.run(act()) == 1
    assert [each.target for each in proxied.asked] == ["http://lightroom.invalid/v2/catalog"]


def test_own_certificates_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    real = ssl.create_default_context

    def watched() -> ssl.SSLContext:
        made.append(1)
        return real()

    monkeypatch.setattr(ssl, "create_default_context", watched)

    async def nothing(_: LightroomService) -> None:
        return None

    Stage(lambda _: None, endpoint="https://lightroom.invalid").play(nothing)
    assert made


def test_nothing_that_is_shown_holds_the_token() -> None:
    stage = Stage(lambda _: said({"code": 1, "description": f"bad token {TOKEN}"}, 400, x_request_id=TOKEN))
    assert "[secret]" in failure(stage)
    assert TOKEN not in repr(stage.credentials)
    assert TOKEN not in repr(stage.heard.events)

"""Nothing a client can send ends in a traceback or a 500."""

import asyncio
import json
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrplan.sandbox.routes import CALLS

A = "a" * 32
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
NAMED = st.sampled_from(
    [
        "subtype",
        "serviceId",
        "payload",
        "resources",
        "id",
        "name",
        "cover",
        "parent",
        "publishInfo",
        "order",
        "version",
        "captureDate",
        "importSource",
        "fileName",
        "sha256",
        "fileSize",
        "file_href",
        "remoteLinks",
        "edit",
        "href",
        "userCreated",
        "servicePayload",
    ]
)
BODIES = st.dictionaries(
    NAMED, st.recursive(VALUES, lambda inner: st.dictionaries(NAMED, inner, max_size=4)), max_size=4
)
PARAMETERS = [
    "limit",
    "subtype",
    "captured_before",
    "captured_after",
    "created_after",
    "order_after",
    "order_before",
    "asset_ids",
    "sha256",
    "name_after",
    "embed",
    "exclude",
    "flag",
    "album_filters",
    "group",
    "name",
    "favorite",
    "updated_since",
    "hide_stacked_assets",
    "child_albums",
]
ARGUMENTS = [
    "",
    "-",
    "1",
    "true",
    "image",
    "preset",
    "project",
    "0001-01-01T00:00:00%2B23:59",
    "9999-12-31T23:59:59-23:59",
    "a;b",
    "zz",
    "pick",
    "-0001-12-31T23:59:59",
    "0000-00-00T00:00:00",
    "%00",
    "%FF",
    "%ED%A0%80",
    "%25",
    A,
]
QUERIES = st.lists(st.tuples(st.sampled_from(PARAMETERS), st.sampled_from(ARGUMENTS)), max_size=4)


@pytest.mark.parametrize("untidy", [False, True])
def test_no_body_and_no_query_breaks_it(serve, untidy, caplog):
    async def scenario(client):
        await client.seed(assets=[{"id": A}, {"id": "b" * 32, "subtype": "preset"}])
        await client.put(f"albums/{A}", client.album())
        loop = asyncio.get_running_loop()

        async def send(method, template, query, body):
            path = template.replace("{catalog_id}", client.box.catalog_id).replace("{account_id}", "0" * 32)
            path = path.replace("{asset_id}", A).replace("{album_id}", A).replace("{revision_id}", A)
            path = path.replace("{rendition_type}", "640") + "?" + "&".join(f"{name}={value}" for name, value in query)
            headers = {"Content-Type": "application/json", "X-Generate-Renditions": "2560"}
            return await client.call(method, path, data=json.dumps(body).encode(), headers=headers)

        @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(st.sampled_from(CALLS), QUERIES, BODIES)
        def attempt(call, query, body):
            future = asyncio.run_coroutine_threadsafe(send(call[0], call[1], query, body), loop)
            assert future.result(30).status < 500

        await asyncio.to_thread(attempt)

    serve(scenario, untidy=untidy)
    assert not [record for record in caplog.records if record.exc_info]


WORDS = st.sampled_from(
    [
        "client_id",
        "client_secret",
        "grant_type",
        "code",
        "code_verifier",
        "code_challenge",
        "code_challenge_method",
        "redirect_uri",
        "refresh_token",
        "response_type",
        "scope",
        "state",
        "decision",
        "account",
        "token",
    ]
)
SAYINGS = st.sampled_from(
    [
        "",
        "sandbox",
        "sandbox-secret",
        "authorization_code",
        "refresh_token",
        "code",
        "allow",
        "S256",
        "openid",
        "https://127.0.0.1/",
        "https://[::1/",
        "https://a:b/",
        "https://%zz/",
        "a.b:/x",
        "x" * 43,
        "schl\u00fcssel",
        "\udcff",
        "\0",
        "%ED%A0%80",
    ]
)
FORMS = st.dictionaries(WORDS, SAYINGS, max_size=8)
CREDENTIALS = st.sampled_from(
    ["", "Basic", "Basic eA==", "Basic /w==", "Basic JUVEJUEwOng=", "Bearer x", "Bearer \xff"]
)


def test_nothing_breaks_the_sign_in(serve, caplog):
    async def scenario(client):
        loop = asyncio.get_running_loop()

        async def send(method, path, query, form, credentials):
            told = urlencode(query, errors="surrogateescape")
            body = urlencode(form, errors="surrogateescape").encode()
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": credentials}
            return await client.call(method, f"{path}?{told}", data=body, headers=headers, allow_redirects=False)

        @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(st.sampled_from([call for call in CALLS if call[1].startswith("/ims/")]), FORMS, FORMS, CREDENTIALS)
        def attempt(call, query, form, credentials):
            future = asyncio.run_coroutine_threadsafe(send(call[0], call[1], query, form, credentials), loop)
            assert future.result(30).status < 500

        await asyncio.to_thread(attempt)

    serve(scenario)
    assert not [record for record in caplog.records if record.exc_info]


GET_HEADS = [
    b"GET /v2/catalogs/\xff\xfe/assets HTTP/1.1",
    b"GET /v2/account?\xff=\xfe&%ff HTTP/1.1",
    b"GET //// HTTP/1.1",
    b"GET * HTTP/1.1",
    b"OPTIONS * HTTP/1.1",
    b"NONSENSE /v2/catalog HTTP/1.1",
    b"GET http://elsewhere/v2/account HTTP/1.1",
    b"GET /v2/../v2/account HTTP/1.0",
    b"nonsense",
]
PUT_HEADS = [
    b"/master HTTP/1.1\r\nContent-Type: \xff\r\nContent-Length: 0",
    b"/master HTTP/1.1\r\nContent-Type: image/jpeg\r\nContent-Range: bytes 0-\xb2/3\r\nContent-Length: 0",
    b"/master HTTP/1.1\r\nContent-Type: image/jpeg\r\nContent-Length: -1",
    b"/master HTTP/1.1\r\nContent-Type: image/jpeg\r\nContent-Length: 10",
    b" HTTP/1.1\r\nContent-Type: application/json\r\nIf-None-Match: \xff\r\nContent-Length: 2",
    b" HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked",
    b" HTTP/1.1\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 2",
    b" HTTP/1.1\r\nContent-Type: application/json\r\nContent-Encoding: br\r\nContent-Length: 2",
]
RAW = [*GET_HEADS, *(b"PUT %ASSET%" + head for head in PUT_HEADS)]


@pytest.mark.parametrize("head", RAW)
def test_no_request_line_and_no_header_breaks_it(serve, head, caplog):
    async def scenario(client):
        await client.put(f"assets/{A}", client.asset())
        host = client.box.endpoint.removeprefix("http://")
        reader, writer = await asyncio.open_connection(*host.split(":"))
        asset = f"{client.catalog}/assets/{A}".encode()
        head_here = head.replace(b"%ASSET%", asset) + b"\r\nHost: x\r\n"
        headers = "".join(f"{name}: {value}\r\n" for name, value in client.headers.items())
        writer.write(head_here + headers.encode() + b"Connection: close\r\n\r\n{}")
        writer.write_eof()
        answer = await reader.read()
        assert not answer.startswith((b"HTTP/1.1 5", b"HTTP/1.0 5")), answer
        writer.close()
        await writer.wait_closed()
        (await client.get("/v2/account")).says(200)

    serve(scenario)
    assert not [record for record in caplog.records if record.exc_info]

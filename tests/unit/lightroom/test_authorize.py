"""The part of a sign-in that happens in a browser: where it goes, and what it must bring back."""

import asyncio
import shutil
import socket
import ssl
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrplan.diagnostics import Diagnostic, ExitCode, Failure
from lrplan.lightroom.authorize import Request, authorization_url, challenge_of, code_from, local_port
from lrplan.lightroom.callback import way_back
from lrplan.sources.certificate import make_certificate

REQUEST = Request(redirect="https://localhost:8765/", state="the-state")
ROOT = "https://ims.example"


def test_a_credential_with_a_secret_asks_for_a_refresh_token_with_scopes_joined_by_commas() -> None:
    url = authorization_url(ROOT, "the key", REQUEST)
    assert url.startswith("https://ims.example/ims/authorize/v2?")
    assert "scope=openid,AdobeID,lr_partner_apis,lr_partner_rendition_apis,offline_access&" in url
    assert {name: value for name, (value,) in parse_qs(urlsplit(url).query).items() if name != "scope"} == {
        "client_id": "the key",
        "redirect_uri": "https://localhost:8765/",
        "state": "the-state",
        "response_type": "code",
    }


def test_a_credential_without_secret_uses_pkce_and_asks_for_no_refresh_token() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636, appendix B
    request = Request(redirect="adobe+1://adobeid/key", state="s", verifier=verifier)
    query = parse_qs(urlsplit(authorization_url(ROOT, "key", request)).query)
    assert query["scope"] == ["openid,AdobeID,lr_partner_apis,lr_partner_rendition_apis"]
    assert query["code_challenge"] == ["E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"] == [challenge_of(verifier)]
    assert query["code_challenge_method"] == ["S256"]
    assert verifier not in repr(request)


@pytest.mark.parametrize(
    "address",
    [
        "https://localhost:8765/?code=c%2F1&state=the-state",
        "https://localhost:8765/#code=c%2F1&state=the-state",
        "adobe+1://adobeid/key?state=the-state&code=c%2F1&more=x",
        "  https://localhost:8765/?code=c%2F1&state=the-state \n",
        "/?code=c%2F1&state=the-state",
    ],
)
def test_the_code_is_found_in_any_address_that_brings_the_state(address: str) -> None:
    assert code_from(address, REQUEST) == "c/1"


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("", "is not the answer to this sign-in"),
        ("hello", "is not the answer to this sign-in"),
        ("https://localhost:8765/?code=marked", "is not the answer to this sign-in"),
        ("https://localhost:8765/?code=marked&state=other", "is not the answer to this sign-in"),
        ("https://[::1?code=marked&state=the-state", "is not the answer to this sign-in"),
        ("https://localhost:8765/?state=the-state", "holds no code"),
        ("https://localhost:8765/?error=access_denied&error_description=No%0Aone&state=the-state", "was refused"),
    ],
)
def test_anything_else_is_refused(address: str, what: str) -> None:
    said = refused(address)
    assert what in said.what
    assert "marked" not in repr(said)
    assert "the-state" not in repr(said)


@given(st.text(max_size=200))
def test_any_text_is_a_code_or_a_refusal(text: str) -> None:
    for address in (text, f"https://localhost/?{text}&state=the-state"):
        try:
            assert code_from(address, REQUEST)
        except Failure as failure:
            assert failure.exit_code is ExitCode.CREDENTIALS  # noqa: PT017 - either is right


@pytest.mark.parametrize(
    ("redirect", "port"),
    [
        ("https://localhost:8765/", 8765),
        ("https://localhost/callback", 443),
        ("https://127.0.0.1:1/", 1),
        ("https://[::1]:8765/", 8765),
        ("https://example.com/callback", None),
        ("http://localhost:8765/", None),
        ("adobe+1://adobeid/key", None),
    ],
)
def test_only_https_on_this_machine_can_be_served(redirect: str, port: int | None) -> None:
    assert local_port(redirect) == port


@pytest.mark.parametrize("redirect", ["", "localhost:8765\n", "/callback", "https://localhost:99999/", "https://a/#b"])
def test_what_is_no_address_is_wrong_usage(redirect: str) -> None:
    with pytest.raises(Failure) as caught:
        local_port(redirect)
    assert caught.value.exit_code is ExitCode.USAGE


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the program openssl is not installed")
def test_the_browser_comes_back_over_https_and_only_its_own_answer_counts(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    origin = f"https://localhost:{free_port()}"
    request = Request(redirect=f"{origin}/back", state="the-state")

    async def act() -> tuple[list[int], str]:
        trust = ssl.create_default_context()
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
        statuses = []
        async with (
            way_back(request, certificate=certificate, key=key) as wait,
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust)) as browser,
        ):
            for path in (
                "/favicon.ico",
                "/back",
                "/back?code=evil&state=other",
                "/back?code=good&state=the-state",
                "/back?code=late&state=the-state",
            ):
                async with browser.get(origin + path) as page:
                    statuses.append(page.status)
                    assert "code" not in await page.text()
            return statuses, await wait()

    assert asyncio.run(act()) == ([404, 400, 400, 200, 200], "good")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the program openssl is not installed")
def test_a_browser_that_never_comes_and_a_port_that_is_taken_are_told(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    request = Request(redirect=f"https://127.0.0.1:{free_port()}/", state="s")

    async def nobody() -> None:
        async with way_back(request, certificate=certificate, key=key, patience_s=0) as wait:
            await wait()

    async def taken() -> None:
        first, second = (way_back(request, certificate=certificate, key=key) for _ in range(2))
        async with first, second:
            raise AssertionError

    for story, what in ((nobody, "did not come back"), (taken, "no way back")):
        with pytest.raises(Failure) as caught:
            asyncio.run(story())
        assert what in caught.value.diagnostics[0].what
        assert "--paste" in caught.value.diagnostics[0].hint


def refused(address: str) -> Diagnostic:
    with pytest.raises(Failure) as caught:
        code_from(address, REQUEST)
    assert caught.value.exit_code is ExitCode.CREDENTIALS
    (said,) = caught.value.diagnostics
    assert said.code == "LRP308"
    return said

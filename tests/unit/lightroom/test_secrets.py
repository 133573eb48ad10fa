"""A service that repeats what it was sent: wherever it does, nobody gets to read it."""

import json
from collections.abc import Awaitable, Callable

import pytest
from attrs import define, evolve
from hypothesis import given
from hypothesis import strategies as st

from lrplan.diagnostics import Failure
from lrplan.lightroom.secrets import HIDDEN_IN_BODY, TOKEN_BYTES_MIN, WORDS_MAX, Secrets, cleaned
from lrplan.lightroom.service import LightroomService
from lrplan.model.album import Opaque
from tests.unit.lightroom.stage import (
    KEY,
    SPACES,
    STAMP,
    UNHURRIED,
    Asked,
    Renewing,
    Stage,
    album_row,
    asset_id,
    listing,
    said,
)
from tests.unit.lightroom.test_writer import ADD, CREATE, UPDATE

TOKEN, REFRESH = "the-access-token-as-long-as-they-are", "the-refresh-token-as-long-as-they-are"
Story = Callable[[LightroomService], Awaitable[object]]
LONG = TOKEN + "-and-much-more-of-it" * 80
REFUSED = [{"id": asset_id(number), "code": 1003, "description": f"Authorization: Bearer {TOKEN}"} for number in (1, 2)]


@define
class Holding(Renewing):
    """Credentials that hold a refresh token, too."""

    @property
    def secrets(self) -> tuple[str, ...]:
        return (*self.tokens, REFRESH)


def outcome(script: Callable[[Asked], object], story: Story, token: str = TOKEN) -> str:
    """All that comes of a story, in one text: what it returns, or what its failure says, and every event."""
    stage = Stage(script, credentials=Holding([token]))
    try:
        answer = stage.play(story)
    except Failure as failure:
        answer = failure.diagnostics
    return f"{answer!r} {stage.heard.events!r}"


def to(path: str, *answer: object, **headers: str) -> Callable[[Asked], object]:
    """Answer so below *path*."""
    return lambda asked: said(*answer, **headers) if path in asked.path else None


def title(text: str) -> bytes:
    return f"<html><title>{text}</title></html>".encode()


async def add(service: LightroomService) -> object:
    return await service.send(ADD, stamp=STAMP)


async def create(service: LightroomService) -> object:
    return await service.send(CREATE, stamp=STAMP)


async def catalog(service: LightroomService) -> object:
    return await service.catalog()


async def albums(service: LightroomService) -> object:
    return await service.albums()


ECHOES: list[tuple[str, Callable[[Asked], object], Story]] = [
    ("a photo refused under 201", to(SPACES, {"resources": [], "errors": REFUSED}, 201), add),
    ("a photo refused under 403", to(SPACES, {"errors": REFUSED}, 403), add),
    ("its errors", to(SPACES, {"errors": [{"id": asset_id(1), "errors": {TOKEN: [TOKEN]}}]}, 201), add),
    ("escaped", to(SPACES, json.dumps({"errors": REFUSED}).replace("-", "\\u002d").encode(), 201), add),
    ("a refusal", to(SPACES, {"code": 1005, "description": TOKEN, "errors": {TOKEN: [TOKEN]}}, 400), create),
    ("a title under 200", to("/v2/catalog", title(TOKEN)), catalog),
    ("a title under 403", to("/v2/catalog", title(TOKEN), 403), catalog),
    ("the title of a write", to(SPACES, title(TOKEN)), create),
    ("a link's host", to(SPACES, listing(onward=f"https://{TOKEN}.example.com/x?token={TOKEN}")), albums),
    ("a link's host in capitals", to(SPACES, listing(onward=f"https://{TOKEN.upper()}.example.com/")), albums),
    ("a redirect", to("/v2/catalog", None, 302, Location=f"https://x.invalid/{TOKEN}#access_token={TOKEN}"), catalog),
    ("the name of a request", to("/v2/catalog", {"code": 1}, 400, x_request_id=f"{TOKEN}-7"), catalog),
    ("a row", to(SPACES, listing(album_row(1, name=f"Bearer {TOKEN}"))), albums),
    ("a version", to("/v2/health", {"version": TOKEN}), lambda service: service.health()),
    ("a version for the doctor", to("/v2/health", {"version": TOKEN}), lambda service: service.examiner.pulse()),
    ("a refresh token", to(SPACES, {"code": 1005, "description": f"{REFRESH} of {KEY}"}, 400), create),
    ("a refresh token in a row", to(SPACES, listing(album_row(1, name=REFRESH))), albums),
]


@pytest.mark.parametrize(("script", "story"), [echo[1:] for echo in ECHOES], ids=[echo[0] for echo in ECHOES])
def test_what_a_service_repeats_is_hidden(script: Callable[[Asked], object], story: Story) -> None:
    text = outcome(script, story).lower()
    assert TOKEN not in text
    assert REFRESH not in text
    assert "[secret]" in text or HIDDEN_IN_BODY in text or "cannot be followed: it" in text


def test_a_photo_that_was_refused_keeps_the_rest_of_the_reason() -> None:
    text = outcome(to(SPACES, {"resources": [], "errors": REFUSED}, 201), add)
    assert "Authorization: Bearer [secret]" in text


@pytest.mark.parametrize("status", [200, 403])
def test_no_half_of_a_token_stays_where_words_are_cut(status: int) -> None:
    """Its characters come as JSON escapes or in a long title, so that it is only seen once it has been read."""
    head = LONG[:40]
    for body in (title("x" * 150 + LONG), title("x" * (WORDS_MAX - 30) + LONG)):
        assert head not in outcome(to("/v2/catalog", body, status), catalog, LONG)
    host = f"https://{LONG}.example.com/".replace("-", "\\u002d")
    page = json.dumps(listing(onward="HOST")).replace("HOST", host).encode()
    assert head not in outcome(to(SPACES, page), albums, LONG)


def test_the_owner_of_an_album_is_no_secret() -> None:
    assert f"'{KEY}'" in outcome(to(SPACES, listing(album_row(1))), albums)


@UNHURRIED
@given(st.text(), st.lists(st.text("aAbB.+/=%-", min_size=1), max_size=3), st.text())
def test_no_words_hold_a_secret_in_any_case(before: str, secrets: list[str], after: str) -> None:
    for secret in secrets:
        words = cleaned(before + secret + after, secrets=secrets)
        assert secret.lower() not in words.replace("[secret]", "|").lower()
        assert len(words) <= WORDS_MAX


def test_data_that_a_token_was_taken_out_of_is_not_written_back() -> None:
    holds = evolve(UPDATE, current=evolve(UPDATE.current, raw=Opaque(f'{{"note": "{HIDDEN_IN_BODY}"}}')))
    seen: list[Asked] = []

    async def rename(service: LightroomService) -> object:
        return await service.send(holds, stamp=STAMP)

    words = outcome(seen.append, rename)
    assert "LRP803" in words
    assert "was not sent" in words
    assert [asked.method for asked in seen if asked.method != "GET"] == []


def test_the_longest_secret_goes_first() -> None:
    assert cleaned("abcdef abc", secrets=["abc", "abcdef"]) == "[secret] [secret]"


@pytest.mark.parametrize("size", [TOKEN_BYTES_MIN - 1, TOKEN_BYTES_MIN])
def test_a_token_that_may_be_a_word_of_the_catalog_stays_in_a_body(size: int) -> None:
    token = "weddings-2026-and-some-more-words-of-it"[:size]
    secrets = Secrets(Renewing([token]))
    assert (token.encode() in secrets.out_of(f'{{"name": "{token}"}}'.encode())) == (size < TOKEN_BYTES_MIN)
    assert secrets.cleaned(f"it is {token}") == "it is [secret]"

"""Sign-ins as JSON: there and back, what is damaged, and what a program may print."""

import json
import os
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lrplan.diagnostics import Failure
from lrplan.formats.sign_in import (
    Kept,
    decode_program_answer,
    decode_sign_in,
    decode_sign_ins,
    encode_sign_in,
    encode_sign_ins,
)
from lrplan.model.ids import ServiceId
from lrplan.model.sign_in import AccessToken, SignIn, Slot, origin_of

GOLDEN = Path("tests/golden/formats/credentials-1.json")
NOW = "2026-05-01T10:00:00.000000Z"
SLOT = Slot(api_key=ServiceId("key"), issuer="https://ims-na1.adobelogin.com")
WHOLE = SignIn(
    slot=SLOT,
    access=AccessToken(value="marked-access", issued_at=NOW, expires_at="2026-05-02T10:00:00.000000Z"),
    refresh_token="marked-refresh",
    refresh_expires_at="2026-05-15T10:00:00.000000Z",
    client_secret="marked-secret",
    whose="Ansel “A” Adams",
)
BARE = SignIn(slot=evolve(SLOT, api_key=ServiceId("other"), origin=origin_of("x")))

texts = st.text(st.characters(codec="utf-8"), max_size=10)
instants = st.sampled_from(["", NOW, "2026-05-15T10:00:00Z"])
sign_ins = st.builds(
    SignIn,
    slot=st.builds(Slot, api_key=texts.map(ServiceId), issuer=texts, origin=texts),
    access=st.none() | st.builds(AccessToken, value=texts.filter(bool), issued_at=instants, expires_at=instants),
    refresh_token=texts,
    refresh_expires_at=instants,
    client_secret=texts,
    whose=texts,
)


@given(st.lists(sign_ins, max_size=3))
def test_what_was_written_is_read(signed: list[SignIn]) -> None:
    kept = tuple(Kept(sign_in=one) for one in signed)
    assert decode_sign_ins(encode_sign_ins(kept), file="f") == kept
    assert [decode_sign_in(encode_sign_in(one), place="p") for one in signed] == signed


def test_the_file_of_each_version_stays_readable() -> None:
    kept = (Kept(sign_in=WHOLE), Kept(sign_in=BARE, in_keyring=True))
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.write_bytes(encode_sign_ins(kept))
    assert decode_sign_ins(GOLDEN.read_bytes(), file="f") == kept
    assert encode_sign_ins(kept) == GOLDEN.read_bytes()


def test_an_entry_of_the_keyring_leaves_no_secret_in_the_file() -> None:
    assert b"marked" not in encode_sign_ins((Kept(sign_in=WHOLE, in_keyring=True),))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "LRP106"),
        (b"{", "LRP106"),
        (b"[]", "LRP106"),
        (b'{"formatVersion":1}', "LRP106"),
        (b'{"formatVersion":2,"signIns":[]}', "LRP107"),
        (b'{"formatVersion":1,"signIns":[{"apiKey":"marked"}]}', "LRP106"),
        (b'{"formatVersion":1,"signIns":[{"apiKey":"k","issuer":"i","accessToken":7}]}', "LRP106"),
        (b'{"formatVersion":1,"signIns":[{"apiKey":"k","issuer":"i","expiresAt":"marked"}]}', "LRP106"),
        (b'{"formatVersion":1,"signIns":[{"apiKey":"k","issuer":"i","expiresAt":"2026-05-01T10:00:00"}]}', "LRP106"),
    ],
)
def test_a_damaged_file_is_told_without_quoting_it(content: bytes, code: str) -> None:
    with pytest.raises(Failure) as caught:
        decode_sign_ins(content, file="credentials.json")
    (said,) = caught.value.diagnostics
    assert said.code == code
    assert "marked" not in repr(said)


@pytest.mark.parametrize(
    ("expires_at", "read"),
    [
        ("2026-05-01T12:00:00+02:00", "2026-05-01T10:00:00.000000Z"),
        ("2026-05-01T10:00:00Z", "2026-05-01T10:00:00.000000Z"),
        ("2026-05-01T10:00:00", "2026-05-01T10:00:00.000000Z"),
        (1_777_629_600, "2026-05-01T10:00:00.000000Z"),
        (1_777_629_600.0, "2026-05-01T10:00:00.000000Z"),
        (1_777_629_600_000, "2026-05-01T10:00:00.000000Z"),
        (None, ""),
    ],
)
def test_a_program_says_until_when_as_it_likes(expires_at: object, read: str) -> None:
    content = json.dumps({"access_token": " t\n", "expires_at": expires_at, "more": [1]}).encode()
    assert decode_program_answer(content, now=NOW) == AccessToken(value="t", issued_at=NOW, expires_at=read)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "printed nothing"),
        (b" \n", "printed nothing"),
        (b"marked", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'["marked"]', "not an object"),
        (b"{}", "no text as access_token"),
        (b'{"access_token": ""}', "no text as access_token"),
        (b'{"access_token": 7}', "no text as access_token"),
        (b'{"access_token": "marked", "expires_at": "marked"}', "expires_at is neither"),
        (b'{"access_token": "marked", "expires_at": true}', "expires_at is neither"),
        (b'{"access_token": "marked", "expires_at": 1e300}', "expires_at is neither"),
        (b'{"access_token": "marked", "expires_at": []}', "expires_at is neither"),
    ],
)
def test_anything_else_a_program_prints_is_told_without_quoting_it(content: bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        decode_program_answer(content, now=NOW)
    assert "marked" not in str(caught.value)

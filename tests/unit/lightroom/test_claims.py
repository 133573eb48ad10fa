"""What a token says of itself is read as far as it can be, and nothing in it can do harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrplan.lightroom.wire import claims_of
from lrplan.ports import Claims
from tests.doctoring import jwt


@pytest.mark.parametrize(
    ("token", "claims"),
    [
        ("sandbox-token", None),
        ("a.b", None),
        ("a.b.c", None),
        ("a.bnVsbA.c", None),
        ("é.eyJ9.c", None),
        (jwt(), Claims()),
        (jwt(exp=0), Claims(expires_at="1970-01-01T00:00:00Z")),
        (jwt(exp=10**30, scope=["b", 1, "a"]), Claims(scopes=("a", "b"))),
        (jwt(exp=True, scope=7, client_id=[]), Claims()),
        (jwt(exp="nan", scope=""), Claims(scopes=())),
        (jwt(created_at="1000", expires_in=1000), Claims(expires_at="1970-01-01T00:00:02Z")),
        (jwt(scope="openid,AdobeID openid", client_id="k"), Claims(scopes=("AdobeID", "openid"), client_id="k")),
        (jwt(scope="o\x1b[2J x\u202ey ok"), Claims(scopes=("ok",))),
    ],
)
def test_a_token_is_read_as_far_as_it_can_be(token: str, claims: Claims | None) -> None:
    assert claims_of(token) == claims


@given(st.text() | st.from_regex(r"[\w-]+\.[\w-]*\.[\w-]*", fullmatch=True))
def test_any_text_is_a_token_that_says_something_or_nothing(token: str) -> None:
    claims = claims_of(token)
    assert claims is None or claims.scopes is None or all(map(str.isprintable, claims.scopes))

"""A sign-in as a value: when a token is due, when it is over, and that nothing tells a secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrplan.model.ids import ServiceId
from lrplan.model.sign_in import (
    AccessToken,
    SignIn,
    Slot,
    after,
    is_alive,
    is_due,
    is_over,
    origin_of,
    seconds_until,
)

NOW = "2026-05-01T10:00:00.000000Z"
SLOT = Slot(api_key=ServiceId("marked-key"), issuer="https://ims.example")


@pytest.mark.parametrize(
    ("lives_s", "age_s", "due", "over"),
    [
        (86_399, 0, False, False),
        (86_399, 86_338, False, False),
        (86_399, 86_339, True, False),
        (86_399, 86_399, True, True),
        (10, 8, False, False),
        (10, 9, True, False),
        (10, 10, True, True),
    ],
)
def test_a_token_is_renewed_in_the_last_minute_or_tenth_of_its_life(
    lives_s: float, age_s: float, due: bool, over: bool
) -> None:
    access = AccessToken(value="t", issued_at=NOW, expires_at=after(NOW, seconds=lives_s))
    now = after(NOW, seconds=age_s)
    assert (is_due(access, now), is_over(access.expires_at, now)) == (due, over)


def test_a_token_whose_end_is_unknown_is_never_due() -> None:
    assert not is_due(AccessToken(value="t"), NOW)
    assert not is_over("", NOW)


@given(st.floats(0, 10**10), st.floats(0, 10**10))
def test_a_fresh_token_is_not_due_and_what_is_over_is_due(lives_s: float, age_s: float) -> None:
    expires_at = after(NOW, seconds=lives_s)
    access = AccessToken(value="t", issued_at=NOW, expires_at=expires_at)
    now = after(NOW, seconds=age_s)
    if lives_s >= 1:
        assert not is_due(access, NOW)
    if expires_at and now and is_over(expires_at, now):
        assert is_due(access, now)


def test_an_instant_that_no_calendar_reaches_is_unknown() -> None:
    assert after(NOW, days=10**7) == ""
    assert after(NOW, days=1) == "2026-05-02T10:00:00.000000Z"
    assert seconds_until(after(NOW, days=14), NOW) == 14 * 86_400


@pytest.mark.parametrize(
    ("access", "refresh", "alive"),
    [(None, None, False), (5, None, True), (-5, None, False), (-5, 5, True), (-5, -5, False), (None, 0, False)],
)
def test_a_sign_in_lives_while_one_of_its_tokens_does(access: int | None, refresh: int | None, alive: bool) -> None:
    token = AccessToken(value="t", expires_at=after(NOW, seconds=access)) if access is not None else None
    sign_in = SignIn(
        slot=SLOT,
        access=token,
        refresh_token="r" if refresh is not None else "",
        refresh_expires_at=after(NOW, seconds=refresh) if refresh is not None else "",
    )
    assert is_alive(sign_in, NOW) is alive


def test_no_repr_tells_a_secret() -> None:
    access = AccessToken(value="marked-access")
    sign_in = SignIn(slot=SLOT, access=access, refresh_token="marked-refresh", client_secret="marked-secret")
    assert "marked" not in f"{sign_in!r} {sign_in} {access!r} {SLOT!r}"
    assert "marked" not in origin_of("marked-refresh")

"""Whether a request is sent again, and when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrplan.lightroom.retry import PAUSE_MAX_S, RETRIES_MAX, WAIT_MAX_S, GiveUp, RetryAfter, judge, retry_after_s
from tests.unit.lightroom.stage import UNHURRIED

NOW = "2026-05-01T10:00:00.000000Z"


@UNHURRIED
@given(st.integers(100, 599), st.integers(1, RETRIES_MAX))
def test_only_429_and_5xx_are_tried_again(status: int, attempt: int) -> None:
    verdict = judge(attempt=attempt, status=status, retry_after_s=None, random=0.5)
    assert isinstance(verdict, RetryAfter) == (status == 429 or status >= 500)


def test_a_broken_connection_is_tried_again_three_times() -> None:
    verdicts = [judge(attempt=attempt, status=None, retry_after_s=None, random=1.0) for attempt in range(1, 6)]
    assert verdicts == [RetryAfter(wait_s=1), RetryAfter(wait_s=2), RetryAfter(wait_s=4), GiveUp(), GiveUp()]


@UNHURRIED
@given(st.integers(1, RETRIES_MAX), st.floats(0, 1))
def test_waits_double_and_are_spread(attempt: int, random: float) -> None:
    verdict = judge(attempt=attempt, status=503, retry_after_s=None, random=random)
    assert isinstance(verdict, RetryAfter)
    assert 2 ** (attempt - 1) / 2 <= verdict.wait_s <= 2 ** (attempt - 1)


@UNHURRIED
@given(st.lists(st.floats(0, 1), min_size=RETRIES_MAX, max_size=RETRIES_MAX))
def test_the_waits_after_429_without_a_word_outlast_a_minute(randoms: list[float]) -> None:
    waits = []
    for attempt, random in enumerate(randoms, start=1):
        verdict = judge(attempt=attempt, status=429, retry_after_s=None, random=random)
        assert isinstance(verdict, RetryAfter)
        assert 8 ** (attempt - 1) <= verdict.wait_s <= 1.5 * 8 ** (attempt - 1)
        waits.append(verdict.wait_s)
    assert sum(waits) > 60
    assert max(waits) <= WAIT_MAX_S
    assert judge(attempt=RETRIES_MAX + 1, status=429, retry_after_s=None, random=0.5) == GiveUp()


@UNHURRIED
@given(st.floats(0.001, PAUSE_MAX_S), st.floats(0, 1), st.integers(1, RETRIES_MAX))
def test_retry_after_is_kept_to_or_the_call_is_given_up(asked_s: float, random: float, attempt: int) -> None:
    verdict = judge(attempt=attempt, status=429, retry_after_s=asked_s, random=random)
    if asked_s > WAIT_MAX_S:
        assert verdict == GiveUp(pause_s=asked_s)
    else:
        assert isinstance(verdict, RetryAfter)
        assert asked_s <= verdict.wait_s <= asked_s + 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-3", None),
        ("٣", None),
        ("0", 0),
        (" 7 ", 7),
        ("999999999", 999_999_999),
        ("9" * 30, PAUSE_MAX_S),
        ("Fri, 31 Dec 9999 23:59:59 GMT", PAUSE_MAX_S),
        ("Fri, 01 May 2026 10:00:30 GMT", 30),
        ("Fri, 01 May 2026 09:00:00 GMT", 0),
        ("Fri, 01 May 2026 10:00:30 -0000", 30),
        ("Fri, 99 May 2026 10:00:30 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after_s(header, now=NOW) == seconds


@UNHURRIED
@given(st.text())
def test_any_retry_after_is_understood_or_ignored(header: str) -> None:
    seconds = retry_after_s(header, now=NOW)
    assert seconds is None or seconds >= 0

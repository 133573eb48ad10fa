"""
Whether a request that failed is sent again, and when. Pure: the clock and the dice come in by the door.

Only 429, 5xx and broken connections are tried again, three times, with waits that double and differ from caller to
caller; a `Retry-After` is kept to. One that is longer than a person would watch is kept to as well: by giving up at
once. Every other status is an answer. Every write of lrplan is safe to send twice, so reads and writes are judged
alike.

The surprising case: a service may count calls by the minute, and answer 429 without a word until the minute is over.
Waits that double would be through after seven seconds. So those after such a 429 grow by eight.
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from attrs import frozen

RETRIES_MAX = 3  # Lightroom guides, "Retries": an exponential back-off strategy with 3 retry attempts
FIRST_WAIT_S = 1.0  # ours
THROTTLED_FACTOR = 8  # ours: waits of 1, 8 and 64 s outlast a minute; 120 calls in one was once documented as the limit
WAIT_MAX_S = 120.0  # ours: longer than this, a person should hear about it
PAUSE_MAX_S = 10.0**9  # ours: thirty years; what is longer is no time to come back at


@frozen(kw_only=True)
class RetryAfter:
    """Send it again after *wait_s* seconds."""

    wait_s: float


@frozen(kw_only=True)
class GiveUp:
    """Do not send it again; *pause_s* is how long the service wants to hear nothing, 0 for no longer than usual."""

    pause_s: float = 0.0


def judge(
    *, attempt: int, status: int | None, retry_after_s: float | None, random: float, retries_max: int = RETRIES_MAX
) -> RetryAfter | GiveUp:
    """Judge one failed attempt.

    Args:
        attempt: Which attempt failed, from 1.
        status: Of the answer; None for a connection that broke, timed out or ended in the middle of the body.
        retry_after_s: What the service asked for, if it did; 0 asks for nothing.
        random: From 0 to 1, evenly spread.
    """
    if is_passing(status) and retry_after_s is not None and retry_after_s > WAIT_MAX_S:
        return GiveUp(pause_s=retry_after_s)
    if attempt > retries_max or not is_passing(status):
        return GiveUp()
    if status == 429 and not retry_after_s:
        # Spread upwards only, so that the three waits of a call are longer than a minute wherever the dice fall.
        return RetryAfter(wait_s=FIRST_WAIT_S * THROTTLED_FACTOR ** (attempt - 1) * (1 + 0.5 * random))
    backoff_s = FIRST_WAIT_S * 2 ** (attempt - 1) * (0.5 + 0.5 * random)
    if retry_after_s is None or retry_after_s <= 0:
        return RetryAfter(wait_s=backoff_s)
    return RetryAfter(wait_s=retry_after_s + 0.1 * backoff_s)


def is_passing(status: int | None) -> bool:
    """Tell a failure that may pass by itself (429, 5xx, a broken connection) from an answer."""
    return status is None or status == 429 or 500 <= status <= 599


def retry_after_s(header: str | None, *, now: str, date: str | None = None) -> float | None:
    """Read a `Retry-After`: seconds, or an HTTP date; at most `PAUSE_MAX_S`. None for anything else.

    Args:
        now: From which a date is measured (ISO 8601, UTC), where *date* says nothing.
        date: The `Date` of the same answer: measured from there, it does not matter whose clock is off.

    Source: RFC 9110 §10.2.3, §6.6.1.
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text) if len(text) < 10 else PAUSE_MAX_S
    until = _instant(text)
    if until is None:
        return None
    since = _instant(date or "") or datetime.fromisoformat(now)
    return min(PAUSE_MAX_S, max(0.0, (until - since).total_seconds()))


def _instant(text: str) -> datetime | None:
    try:
        instant = parsedate_to_datetime(text)
        return instant.astimezone(UTC) if instant.tzinfo is not None else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None

"""Times: the two notations of the contract, and keys by which they sort.

Problem: capture dates come with and without a zone, with and without fractions, and sometimes are unknown; pages of
a listing are cut by comparing them.
Method: a key is the moment in UTC as fixed-width text (a date without a zone counts as UTC), so that plain text order
is time order, in SQLite as in Python.
Surprising case: an unknown date, ``0000-00-00T00:00:00``, is before every real one, and ``-0001-12-31T23:59:59``, which
clients send to find it, is before even that: its key is the empty text.
"""

import re
from datetime import UTC, datetime, timedelta

UNKNOWN_DATE = "0000-00-00T00:00:00"
UNKNOWN_KEY = "0000-00-00T00:00:00.000000"
BEFORE_UNKNOWN = "-0001-12-31T23:59:59"
LAST_KEY = "9999-12-31T23:59:59.999999"

# Lightroom API, components/schemas/iso8601DateTime and utcDateTime, with the same language.
_DAY = (
    r"(?!0000)[0-9]{4}-((02-([1-2][0-9]|0[1-9]))|((01|03|05|07|08|10|12)-(3[0-1]|[1-2][0-9]|0[1-9]))"
    r"|((04|06|09|11)-(30|[1-2][0-9]|0[1-9])))"
)
_TIME = r"T(2[0-3]|[0-1][0-9]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?"
ISO_DATE_TIME = re.compile(_DAY + _TIME + r"((([+-])(2[0-3]|[0-1][0-9])(:?[0-5][0-9])?)|Z)?", re.ASCII)
UTC_DATE_TIME = re.compile(_DAY + _TIME + "Z", re.ASCII)


def now() -> str:
    """Say the time: ``2019-07-02T15:16:13.556610Z``, always with six digits of fraction."""
    return stamp(datetime.now(UTC))


def moments_ago(seconds: float) -> str:
    """Say the time ``seconds`` ago, as ``now`` does."""
    return stamp(datetime.now(UTC) - timedelta(seconds=seconds))


def stamp(moment: datetime) -> str:
    """Write a UTC moment as ``now`` does."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def is_utc(value: object) -> bool:
    """Whether ``value`` is a ``utcDateTime`` of the contract and a real day."""
    return isinstance(value, str) and bool(UTC_DATE_TIME.fullmatch(value)) and _key(value) is not None


def is_iso(value: object) -> bool:
    """Whether ``value`` is an ``iso8601DateTime`` of the contract and a real day."""
    return isinstance(value, str) and bool(ISO_DATE_TIME.fullmatch(value)) and _key(value) is not None


def date_key(text: str) -> str | None:
    """Give the sorting key of a capture date or of a bound in a query; ``None`` when it is no date."""
    if text == UNKNOWN_DATE:
        return UNKNOWN_KEY
    if text == BEFORE_UNKNOWN:
        return ""
    return _key(text) if ISO_DATE_TIME.fullmatch(text) else None


def _key(text: str) -> str | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is not None:
        try:
            moment = moment.astimezone(UTC)
        except OverflowError:
            moment = moment.replace(tzinfo=None)
    # strftime does not pad years below 1000 on every platform.
    return f"{moment.year:04d}-{moment.month:02d}-{moment.day:02d}T{moment.strftime('%H:%M:%S.%f')}"

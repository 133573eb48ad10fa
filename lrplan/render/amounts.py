"""Counts, sizes, times and lists in words, the same everywhere."""

from collections.abc import Sequence

_SIZES = ((1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB"))
_MINUTE_S, _HOUR_S = 60, 3600


def count(number: int, one: str, many: str = "") -> str:
    """A number and its noun: `1 photo`, `1,204 photos`; *many* defaults to *one* with an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: Sequence[str], *, last: str = "and") -> str:
    """Names as a person lists them: `a`, `a and b`, `a, b and c`; "" for none."""
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def size(size_bytes: int) -> str:
    """Bytes as people say them, in powers of ten: `812 bytes`, `1.3 GB`."""
    for factor, unit in _SIZES:
        if size_bytes >= 0.95 * factor:
            value = size_bytes / factor
            return f"{value:.1f} {unit}" if value < 10 else f"{value:,.0f} {unit}"
    return count(size_bytes, "byte")


def measured(seconds: float) -> str:
    """A time that was measured: `0.04 s`, `1.2 s`, `3 min 20 s`."""
    if seconds < 0.1:
        return f"{seconds:.2f} s"
    if seconds < _MINUTE_S:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), _MINUTE_S)
    return f"{minutes:,} min {rest} s"


def instant(at: str) -> str:
    """A UTC instant, ISO 8601, to the second: `2026-11-22 10:04:11Z`."""
    return at[:19].replace("T", " ") + "Z"


def estimated(seconds: float) -> str:
    """A time that is expected: `about 8 seconds`, `about 3 minutes`."""
    if seconds < 1.5 * _MINUTE_S:
        return f"about {count(max(1, round(seconds)), 'second')}"
    if seconds < 1.5 * _HOUR_S:
        return f"about {count(round(seconds / _MINUTE_S), 'minute')}"
    return f"about {count(round(seconds / _HOUR_S), 'hour')}"

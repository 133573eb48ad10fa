"""Whole numbers, however they were written: 100, 1.5e3, "100"."""

from decimal import Decimal, InvalidOperation

_END = 2**63  # beyond what any service counts


def whole_number(told: int | float | str | None) -> int | None:
    """*told* as a whole number from 0 on; None for anything else."""
    try:
        number = Decimal(str(told).strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or not 0 <= number < _END or number != number.to_integral_value():
        return None
    return int(number)

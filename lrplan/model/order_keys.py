"""
Order keys: strings that sort the members of an album, with room for another between any two.

Lightroom calls the alphabet lex64: `-0-9A-Z_a-z`, which is also plain byte order; a key has 1 to 1,024 characters and
never ends in `-`. New keys avoid `-` altogether. The new keys of one length L are then the numbers below 63^L, and how
many of them lie before a given key is a sum over its characters: choosing keys is choosing numbers. Between a key and
the same key with zeros behind it nothing fits but keys with `-`, so no new key makes such a pair with its neighbours.

The surprising case: a live key may be anything (other programs write them too), so bounds need not be valid keys.
"""

from bisect import bisect_left

KEY_CHARACTERS_MAX = 1024  # Lightroom API, "Custom order"
ALPHABET = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_DIGITS = ALPHABET[1:]
_BASE = len(_DIGITS)
_ROOM = 64  # ours: how many numbers are left free beside a fresh key, so that six later inserts cost no character


def is_order_key(text: str) -> bool:
    """Tell whether *text* may be sent as an order key."""
    return 1 <= len(text) <= KEY_CHARACTERS_MAX and set(text) <= set(ALPHABET) and not text.endswith("-")


def keys_between(lower: str | None, upper: str | None, count: int) -> tuple[str, ...] | None:
    """Choose *count* keys in ascending order, above *lower* and below *upper*, evenly spread.

    With one side open the keys stay near the other, so that an album that only grows does not use its space up.

    Returns:
        The keys; None when there is no room: the bounds are equal or in the wrong order, or every key between them is
        longer than 1,024 characters.
    """
    if count == 0:
        return ()
    if lower is not None and upper is not None and lower >= upper:
        return None
    shared = _common_prefix(lower, upper) if lower is not None and upper is not None else ""
    if "-" in shared:
        return None  # every key between the two begins like both
    lower = lower[len(shared) :] if lower is not None else None
    upper = upper[len(shared) :] if upper is not None else None
    if upper is not None and upper.rstrip("0") > (lower or ""):
        upper = upper.rstrip("0")
    found = _choose(lower, upper, count, characters_max=KEY_CHARACTERS_MAX - len(shared))
    return None if found is None else tuple(shared + key for key in found)


def _choose(lower: str | None, upper: str | None, count: int, *, characters_max: int) -> tuple[str, ...] | None:
    needed = (count + 1) * (_ROOM if lower is None or upper is None else 1)

    def has_room(length: int) -> bool:
        first, end = _numbers(lower, upper, length)
        return end - first > max(count, needed - 1)

    # A longer length never has less room, but for one key at a bound's own end: look for the first that has enough.
    lengths = range(1, characters_max + 1)
    position = bisect_left(lengths, 1, key=lambda length: int(has_room(length)))
    if position == len(lengths):
        return None
    length = lengths[position]
    first, end = _numbers(lower, upper, length)
    return tuple(_text(number, length) for number in _chosen(first, end, count, lower, upper))


def _numbers(lower: str | None, upper: str | None, length: int) -> tuple[int, int]:
    """The numbers of the keys of *length* between the bounds, as a half-open range."""
    first = _numbers_up_to(lower, length) if lower is not None else 0
    end = _numbers_below(upper, length) if upper is not None else int(_BASE**length)
    return first, end


def _chosen(first: int, end: int, count: int, lower: str | None, upper: str | None) -> list[int]:
    free = end - first
    if lower is not None and upper is None:
        return [first + _ROOM * (index + 1) - 1 for index in range(count)]
    if lower is None and upper is not None:
        return [end - _ROOM * (count - index) for index in range(count)]
    return [first + free * (index + 1) // (count + 1) for index in range(count)]


def _numbers_up_to(bound: str, length: int) -> int:
    """How many new keys of *length* are less than or equal to *bound*, or are *bound* with zeros behind it."""
    return _numbers_below(bound, length) + (len(bound) <= length and set(bound) <= set(_DIGITS))


def _numbers_below(bound: str, length: int) -> int:
    """How many new keys of *length* are less than *bound*."""
    number = 0
    for position in range(length):
        if position == len(bound):
            # the bound is a proper prefix of every key that goes on from here, so they are all greater
            return number * int(_BASE ** (length - position))
        character = bound[position]
        below = bisect_left(_DIGITS, character)
        number = number * _BASE + below
        if below == _BASE or _DIGITS[below] != character:
            return number * int(_BASE ** (length - position - 1))
    return number + (len(bound) > length)


def _common_prefix(left: str, right: str) -> str:
    size = 0
    while size < min(len(left), len(right)) and left[size] == right[size]:
        size += 1
    return left[:size]


def _text(number: int, length: int) -> str:
    characters = []
    for _ in range(length):
        number, digit = divmod(number, _BASE)
        characters.append(_DIGITS[digit])
    return "".join(reversed(characters))

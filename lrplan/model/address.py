"""
The name by which a manifest speaks of an album or a set: `albums.smith-jones`, `sets.weddings`.

An address never changes with the catalog; ids are derived from it (see `model.ids`).

The surprising case: an id tells which of two albums is which, but not the address that it was derived from. An album
whose address nobody remembers is called by the bits of its address that its id holds: `albums.~0be790792508`. No key
of a manifest looks like that.
"""

import re
from typing import Literal, NewType

Address = NewType("Address", str)

TOP_LEVEL: Literal["/"] = "/"  # stands where a parent does, for none
SETS = "sets"
ALBUMS = "albums"
KEY_PATTERN = r"[a-z0-9][a-z0-9._-]{0,79}"
ADDRESS_PATTERN = rf"({SETS}|{ALBUMS})\.{KEY_PATTERN}"


def set_address(key: str) -> Address:
    """The address of the set with this *key*."""
    return Address(f"{SETS}.{key}")


def album_address(key: str) -> Address:
    """The address of the album with this *key*."""
    return Address(f"{ALBUMS}.{key}")


def address_key(address: Address) -> str:
    """The key within its section: `albums.smith-jones` gives `smith-jones`."""
    return address.partition(".")[2]


def is_set(address: Address) -> bool:
    """Tell a set's address from an album's."""
    return address.startswith(SETS + ".")


_LOST = re.compile(rf"(?:{SETS}|{ALBUMS})\.~([0-3][0-9a-f]{{11}})")  # 46 bits


def lost_address(bits: int, *, section: str) -> Address:
    """What an album or set is called of whose address only the *bits* are left; *section* is `SETS` or `ALBUMS`."""
    return Address(f"{section}.~{bits:012x}")


def lost_bits(address: str) -> int | None:
    """The bits that a lost address names; None for any other address."""
    found = _LOST.fullmatch(address)
    return int(found[1], 16) if found is not None else None

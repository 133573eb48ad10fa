"""
The name by which a manifest speaks of an album or a set: `albums.smith-jones`, `sets.weddings`.

An address never changes with the catalog; ids are derived from it (see `model.ids`).
"""

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

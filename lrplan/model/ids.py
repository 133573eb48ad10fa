"""
Ids that are derived, not remembered.

An album's id is a function of who owns it (account, API key, project), of its address and of its generation, so that
any machine finds the albums of a project in a bare listing, and creating one twice is harmless. An uploaded asset's id
is a function of the account, the API key, the SHA-256 of its original, and an attempt.

Layout: RFC 9562 version 8; the 122 free bits hold, from the most significant, for albums
scheme 1 (4 bits) | owner (56) | address (46) | generation (16), for assets scheme 2 (4) | digest (118), for the
throw-away albums of `doctor --probe` scheme 3 (4) | prober (56) | role (46) | attempt (16). No album of a project,
whatever the project is called, has scheme 3.
The bits are the leading bits of xxh3-128 over the parts, each preceded by its length so that ("a", "bc") and
("ab", "c") differ.

The surprising case: nothing here is secret or unforgeable. Someone who wants to make an id that looks like ours can.
"""

from typing import NewType

import xxhash
from attrs import evolve, frozen

from lrplan.model.address import lost_bits

AccountId = NewType("AccountId", str)
CatalogId = NewType("CatalogId", str)
ServiceId = NewType("ServiceId", str)  # the API key that made an album
AlbumId = NewType("AlbumId", str)
AssetId = NewType("AssetId", str)
Sha256 = NewType("Sha256", str)  # 64 lower-case hex digits

GENERATION_MAX = 0xFFFF  # 16 bits
_ID_DIGITS = 32
_ALBUM_SCHEME = 1
_ASSET_SCHEME = 2
_PROBE_SCHEME = 3
_OWNER_BITS, _ADDRESS_BITS, _GENERATION_BITS = 56, 46, 16
_DIGEST_BITS = 118
_CUSTOM_BITS = 122  # RFC 9562 §5.8: 128 less 4 of version and 2 of variant


@frozen(kw_only=True)
class Owner:
    """Whose ids these are: one account, one API key, one lrplan project."""

    account_id: AccountId
    service_id: ServiceId
    project: str


@frozen(kw_only=True)
class DerivedAlbumId:
    """What an album id of scheme 1 says about itself."""

    owner_bits: int
    address_bits: int
    generation: int


def is_id(text: str) -> bool:
    """Tell whether *text* has the form of an id, and so is no key of an album."""
    return len(text) == _ID_DIGITS and set(text) <= set("0123456789abcdef")


def album_id(owner: Owner, address: str, generation: int) -> AlbumId:
    """Derive the id of *address* in its *generation* (0 to 65,535).

    Raises:
        ValueError: *generation* is out of range; callers bound it, so this is a bug in lrplan.
    """
    if not 0 <= generation <= GENERATION_MAX:
        raise ValueError(f"generation {generation} is outside 0 to {GENERATION_MAX}")
    custom = _ALBUM_SCHEME
    custom = custom << _OWNER_BITS | owner_bits(owner)
    custom = custom << _ADDRESS_BITS | address_bits(address)
    custom = custom << _GENERATION_BITS | generation
    return AlbumId(_uuid8(custom))


def asset_id(account_id: AccountId, service_id: ServiceId, sha256: Sha256, attempt: int) -> AssetId:
    """Derive the id under which an original is uploaded; *attempt* counts ids that turned out to be unusable."""
    digest = _leading_bits(("asset", account_id, service_id, sha256, str(attempt)), _DIGEST_BITS)
    return AssetId(_uuid8(_ASSET_SCHEME << _DIGEST_BITS | digest))


def probe_id(account_id: AccountId, service_id: ServiceId, role: str, attempt: int) -> AlbumId:
    """Derive the id of a throw-away album or set of `doctor --probe`.

    Args:
        role: What it is for: `album`, `set`.
        attempt: Counts ids that turned out to be unusable, 0 to 65,535.
    """
    custom = _PROBE_SCHEME
    custom = custom << _OWNER_BITS | _prober_bits(account_id, service_id)
    custom = custom << _ADDRESS_BITS | _leading_bits(("probe", role), _ADDRESS_BITS)
    custom = custom << _GENERATION_BITS | attempt & GENERATION_MAX
    return AlbumId(_uuid8(custom))


def is_probe_id(text: str, account_id: AccountId, service_id: ServiceId) -> bool:
    """Tell the id of a throw-away album that this API key made on this account from every other id."""
    custom = _custom_bits(text)
    if custom is None or custom >> (_CUSTOM_BITS - 4) != _PROBE_SCHEME:
        return False
    return custom >> (_ADDRESS_BITS + _GENERATION_BITS) & (1 << _OWNER_BITS) - 1 == _prober_bits(account_id, service_id)


def owner_bits(owner: Owner) -> int:
    """The 56 bits that every album of *owner* carries."""
    return _leading_bits(("owner", owner.account_id, owner.service_id, owner.project), _OWNER_BITS)


def address_bits(address: str) -> int:
    """The 46 bits that every generation of *address* carries; a lost address is called by them."""
    lost = lost_bits(address)
    if lost is not None:
        return lost
    return _leading_bits(("address", address), _ADDRESS_BITS)


def read_album_id(text: str) -> DerivedAlbumId | None:
    """Take an id apart; None for an id that lrplan cannot have made as an album's."""
    custom = _custom_bits(text)
    if custom is None or custom >> (_CUSTOM_BITS - 4) != _ALBUM_SCHEME:
        return None
    return DerivedAlbumId(
        owner_bits=custom >> (_ADDRESS_BITS + _GENERATION_BITS) & (1 << _OWNER_BITS) - 1,
        address_bits=custom >> _GENERATION_BITS & (1 << _ADDRESS_BITS) - 1,
        generation=custom & GENERATION_MAX,
    )


def are_of_one_address(one: str, other: str) -> bool:
    """Tell whether both ids were derived for one address of one owner, in whatever generations."""
    first, second = read_album_id(one), read_album_id(other)
    return first is not None and second is not None and evolve(first, generation=0) == evolve(second, generation=0)


def _prober_bits(account_id: AccountId, service_id: ServiceId) -> int:
    return _leading_bits(("prober", account_id, service_id), _OWNER_BITS)


def _leading_bits(parts: tuple[str, ...], bits: int) -> int:
    encoded = [part.encode() for part in parts]
    message = b"".join(len(part).to_bytes(4, "big") + part for part in encoded)
    return xxhash.xxh3_128_intdigest(message) >> (128 - bits)


def _uuid8(custom: int) -> str:
    # custom_a (48 bits), version 8, custom_b (12), variant 0b10, custom_c (62)
    custom_a, custom_b, custom_c = custom >> 74, custom >> 62 & 0xFFF, custom & (1 << 62) - 1
    return f"{custom_a << 80 | 8 << 76 | custom_b << 64 | 2 << 62 | custom_c:032x}"


def _custom_bits(text: str) -> int | None:
    if len(text) != 32 or not set(text) <= set("0123456789abcdef"):
        return None
    value = int(text, 16)
    if value >> 76 & 0xF != 8 or value >> 62 & 0b11 != 0b10:
        return None
    return value >> 80 << 74 | (value >> 64 & 0xFFF) << 62 | value & (1 << 62) - 1

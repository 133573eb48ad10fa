"""
Ids are frozen: twenty vectors, published in docs/reference/ids.md, that never change.

An id that changed would be an album that lrplan does not know any more, and a second one beside it.
"""

import hashlib
import uuid
from pathlib import Path

import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st

from lrplan.model.ids import (
    GENERATION_MAX,
    AccountId,
    Owner,
    ServiceId,
    Sha256,
    address_bits,
    album_id,
    asset_id,
    is_probe_id,
    owner_bits,
    probe_id,
    read_album_id,
)

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "ids.md"

ACCOUNT, OTHER_ACCOUNT = "96e656e3812b4c2fb670fa74b6a7ad74", "0b5f7a1c2d3e4f5061728394a5b6c7d8"
KEY, OTHER_KEY = "9f0c2a7de1b84f6b8a3d5e7c90b1f2a4", "anotherapikey"
PROJECT = "studio-north"
ORIGINAL = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
EMPTY = hashlib.sha256().hexdigest()

# account, API key, project, address, generation, id
ALBUMS = (
    (ACCOUNT, KEY, PROJECT, "albums.smith-jones", 0, "189ea0f7032884a58956dd6f43c50000"),
    (ACCOUNT, KEY, PROJECT, "albums.smith-jones", 1, "189ea0f7032884a58956dd6f43c50001"),
    (ACCOUNT, KEY, PROJECT, "albums.smith-jones", 65535, "189ea0f7032884a58956dd6f43c5ffff"),
    (ACCOUNT, KEY, PROJECT, "sets.weddings", 0, "189ea0f7032884a5b561c1dd93bd0000"),
    (ACCOUNT, KEY, PROJECT, "albums.weddings", 0, "189ea0f7032884a5ad95d1e9ca0c0000"),
    (OTHER_ACCOUNT, KEY, PROJECT, "albums.smith-jones", 0, "18af3e8a13b78a078956dd6f43c50000"),
    (ACCOUNT, OTHER_KEY, PROJECT, "albums.smith-jones", 0, "14b5a85a929d83538956dd6f43c50000"),
    (ACCOUNT, KEY, "studio-south", "albums.smith-jones", 0, "1bcd3e1400c683978956dd6f43c50000"),
    ("a", "bc", "p", "albums.a", 0, "1c74e188e2128f55a31625c483cf0000"),
    ("ab", "c", "p", "albums.a", 0, "1344a43d70a38bfda31625c483cf0000"),
    ("a", "b", "cp", "albums.a", 0, "14b918b37489863da31625c483cf0000"),
    (ACCOUNT, KEY, "p" * 40, "albums." + "k" * 80, 0, "18c9ad1e28c482ed849853f2c93b0000"),
    (ACCOUNT, KEY, "0", "albums.0", 0, "178117891c388c83b323b02abc8d0000"),
    (ACCOUNT, KEY, "a-b", "albums.a.b_c-d", 65534, "16ac95eb45568be495e1d10a301cfffe"),
)
# account, API key, SHA-256, attempt, id
ASSETS = (
    (ACCOUNT, KEY, ORIGINAL, 0, "2a264d51e360867f98c6d52b39722ade"),
    (ACCOUNT, KEY, ORIGINAL, 1, "29b4caeb0aab89f08b07b7dbd2d0cdf7"),
    (ACCOUNT, KEY, EMPTY, 0, "213dc5a8a8768e1ba485d862fe0958d8"),
    (OTHER_ACCOUNT, KEY, ORIGINAL, 0, "2992263922a983ea9d751f932eceb773"),
    (ACCOUNT, OTHER_KEY, ORIGINAL, 0, "210e38a68b758d8292dd1ed8671f8374"),
    ("a", "bc", ORIGINAL, 10, "2dca2babebd6847787157504666adde5"),
)

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
# account, API key, role, attempt, id
PROBES = (
    (ACCOUNT, KEY, "album", 0, "3d14ca5d8f0b8268be1924dce3a30000"),
    (ACCOUNT, KEY, "set", 0, "3d14ca5d8f0b82689a23626d0cca0000"),
    (ACCOUNT, KEY, "album", 65535, "3d14ca5d8f0b8268be1924dce3a3ffff"),
    (OTHER_ACCOUNT, KEY, "album", 0, "3907634600e88eb2be1924dce3a30000"),
    (ACCOUNT, OTHER_KEY, "album", 0, "3f90983e3a688d2bbe1924dce3a30000"),
)


def derived(account: str, key: str, project: str, address: str, generation: int) -> str:
    owner = Owner(account_id=AccountId(account), service_id=ServiceId(key), project=project)
    return album_id(owner, address, generation)


def test_there_are_twenty_vectors() -> None:
    assert (len(ALBUMS), len(ASSETS)) == (14, 6)
    assert len({row[-1] for row in (*ALBUMS, *ASSETS)}) == 20


@pytest.mark.parametrize(("account", "key", "project", "address", "generation", "expected"), ALBUMS)
def test_album_ids_are_frozen(
    account: str, key: str, project: str, address: str, generation: int, expected: str
) -> None:
    assert derived(account, key, project, address, generation) == expected


@pytest.mark.parametrize(("account", "key", "sha256", "attempt", "expected"), ASSETS)
def test_asset_ids_are_frozen(account: str, key: str, sha256: str, attempt: int, expected: str) -> None:
    assert asset_id(AccountId(account), ServiceId(key), Sha256(sha256), attempt) == expected


def test_the_published_vectors_are_these() -> None:
    rows = [
        tuple(cell.strip().strip("`") for cell in line.strip("|").split("|"))
        for line in PAGE.read_text(encoding="utf-8").partition("## Vectors")[2].splitlines()
        if line.startswith("| `")
    ]
    assert rows == [tuple(map(str, row)) for row in (*ALBUMS, *ASSETS, *PROBES)]


def test_an_id_is_laid_out_as_published() -> None:
    """Built here from bits, apart from the product's own arithmetic."""

    def leading(bits: int, *texts: str) -> str:
        message = b"".join(len(t.encode()).to_bytes(4, "big") + t.encode() for t in texts)
        return f"{xxhash.xxh3_128_intdigest(message):0128b}"[:bits]

    for account, key, project, address, generation, expected in ALBUMS:
        owner, name = leading(56, "owner", account, key, project), leading(46, "address", address)
        custom = f"{1:04b}" + owner + name + f"{generation:016b}"
        assert len(custom) == 122
        assert f"{int(custom[:48] + '1000' + custom[48:60] + '10' + custom[60:], 2):032x}" == expected
    for account, key, sha256, attempt, expected in ASSETS:
        custom = f"{2:04b}" + leading(118, "asset", account, key, sha256, str(attempt))
        assert f"{int(custom[:48] + '1000' + custom[48:60] + '10' + custom[60:], 2):032x}" == expected


@pytest.mark.parametrize("text", [row[-1] for row in (*ALBUMS, *ASSETS)])
def test_every_id_is_a_uuid_of_version_8(text: str) -> None:
    read = uuid.UUID(hex=text)
    assert (read.version, read.variant) == (8, uuid.RFC_4122)
    assert read.hex == text


@given(account=TEXTS, key=TEXTS, project=TEXTS, address=TEXTS, generation=st.integers(0, GENERATION_MAX))
def test_an_album_id_says_whose_it_is_and_of_which_generation(
    account: str, key: str, project: str, address: str, generation: int
) -> None:
    owner = Owner(account_id=AccountId(account), service_id=ServiceId(key), project=project)
    read = read_album_id(album_id(owner, address, generation))
    assert read is not None
    assert (read.owner_bits, read.address_bits, read.generation) == (
        owner_bits(owner),
        address_bits(address),
        generation,
    )


@given(left=st.tuples(TEXTS, TEXTS, TEXTS), right=st.tuples(TEXTS, TEXTS, TEXTS))
def test_owners_that_differ_in_any_part_have_other_ids(left: tuple[str, str, str], right: tuple[str, str, str]) -> None:
    assert (derived(*left, "albums.a", 0) == derived(*right, "albums.a", 0)) == (left == right)


@pytest.mark.parametrize("generation", [-1, GENERATION_MAX + 1])
def test_a_generation_out_of_range_is_a_bug_that_is_said(generation: int) -> None:
    with pytest.raises(ValueError, match="generation"):
        derived(ACCOUNT, KEY, PROJECT, "albums.a", generation)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0" * 32,
        "f" * 32,
        ALBUMS[0][-1][:-1],
        ALBUMS[0][-1] + "0",
        ALBUMS[0][-1].upper(),
        str(uuid.UUID(hex=ALBUMS[0][-1])),
        ALBUMS[0][-1][:12] + "4" + ALBUMS[0][-1][13:],  # version 4
        ALBUMS[0][-1][:16] + "c" + ALBUMS[0][-1][17:],  # another variant
        ASSETS[0][-1],
        "１" * 32,
        "+" + ALBUMS[0][-1][1:],
    ],
)
def test_an_id_that_no_album_of_ours_can_have_is_not_read(text: str) -> None:
    assert read_album_id(text) is None


@pytest.mark.parametrize(("account", "key", "role", "attempt", "vector"), PROBES)
def test_the_ids_of_throw_away_albums_are_frozen_too(
    account: str, key: str, role: str, attempt: int, vector: str
) -> None:
    assert probe_id(AccountId(account), ServiceId(key), role, attempt) == vector
    assert is_probe_id(vector, AccountId(account), ServiceId(key))
    assert not is_probe_id(vector, AccountId("0" * 32), ServiceId(key))


@given(st.text(), st.text(), st.text(), st.text(), st.integers(0, GENERATION_MAX))
def test_no_album_of_any_project_is_taken_for_a_throw_away_one(
    account: str, key: str, project: str, address: str, number: int
) -> None:
    owner = Owner(account_id=AccountId(account), service_id=ServiceId(key), project=project)
    assert not is_probe_id(album_id(owner, address, number), AccountId(account), ServiceId(key))
    assert not is_probe_id(asset_id(AccountId(account), ServiceId(key), Sha256(project), number), account, key)
    thrown_away = probe_id(AccountId(account), ServiceId(key), address, number)
    assert is_probe_id(thrown_away, AccountId(account), ServiceId(key))
    assert read_album_id(thrown_away) is None
    assert uuid.UUID(thrown_away).version == 8


@pytest.mark.parametrize("text", ["", "x" * 32, "0" * 32, "A" * 32, "3" * 32, "é" * 32])
def test_what_is_no_id_of_a_probe_is_not_taken_for_one(text: str) -> None:
    assert not is_probe_id(text, AccountId(ACCOUNT), ServiceId(KEY))

"""Which page comes next, and on which host it may lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrplan.lightroom.paging import IDLE_PAGES_MAX, BadLink, Trail, next_target, without_repeats
from tests.unit.lightroom.stage import UNHURRIED

OWN = "http://127.0.0.1:8080"
HERE = "/v2/catalogs/c/albums?subtype=project"
VENDOR = "https://lr.adobe.io/v2/catalogs/c/"


@pytest.mark.parametrize(
    ("href", "base", "target"),
    [
        ("albums?name_after=B", VENDOR, "/v2/catalogs/c/albums?name_after=B"),
        ("albums?name_after=B", OWN + "/v2/catalogs/c/", "/v2/catalogs/c/albums?name_after=B"),
        ("albums?name_after=B", "https://127.0.0.1/v2/catalogs/c/", "/v2/catalogs/c/albums?name_after=B"),
        ("albums?name_after=B", None, "/v2/catalogs/c/albums?name_after=B"),
        ("?name_after=B", None, "/v2/catalogs/c/albums?name_after=B"),
        ("../../v2/x/./y", VENDOR, "/v2/v2/x/y"),
        ("/v2/catalogs/c/albums?x", VENDOR, "/v2/catalogs/c/albums?x"),
        ("https://lr.adobe.io/v2/z?q=1#part", VENDOR, "/v2/z?q=1"),
        (OWN + "/v2/z", VENDOR, "/v2/z"),
        ("//lr.adobe.io/v2/z", VENDOR, "/v2/z"),
        ("albums?name_after=Smith & Jones\r\nX: y", VENDOR, "/v2/catalogs/c/albums?name_after=Smith%20&%20JonesX:%20y"),
        ("albums?name_after=%C3%A9%3B+é", VENDOR, "/v2/catalogs/c/albums?name_after=%C3%A9%3B+%C3%A9"),
        ("albums?x", "/v2/catalogs/d/", "/v2/catalogs/d/albums?x"),
        ("albums?x", "<base_url>", "/v2/catalogs/c/albums?x"),
    ],
)
def test_links_resolve_against_base_and_stay_on_our_host(href: str, base: str | None, target: str) -> None:
    assert next_target(href=href, base=base, target=HERE, endpoint=OWN) == target


@pytest.mark.parametrize(
    ("href", "base"),
    [
        ("https://evil.example/v2/z", VENDOR),
        ("//evil.example/v2/z", VENDOR),
        ("http://127.0.0.1:9999/v2/z", None),
        ("https://127.0.0.1:8080/v2/z", None),
        ("file:///etc/passwd", VENDOR),
        ("javascript:alert(1)", VENDOR),
        ("http://[::1", VENDOR),
        ("http://lr.adobe.io:999999/", VENDOR),
    ],
)
def test_a_link_to_a_third_host_is_not_followed(href: str, base: str | None) -> None:
    with pytest.raises(BadLink):
        next_target(href=href, base=base, target=HERE, endpoint=OWN)


def test_a_prefix_of_the_endpoint_is_kept() -> None:
    own = "https://proxy.example/lightroom"
    here = "/v2/catalogs/c/albums"
    assert next_target(href="albums?x", base=VENDOR, target=here, endpoint=own) == "/v2/catalogs/c/albums?x"
    assert next_target(href="albums?x", base=None, target=here, endpoint=own) == "/v2/catalogs/c/albums?x"


@UNHURRIED
@given(st.text(), st.none() | st.text())
def test_any_link_stays_on_our_host_or_is_refused(href: str, base: str | None) -> None:
    try:
        target = next_target(href=href, base=base, target=HERE, endpoint=OWN)
    except BadLink:
        return
    assert target.startswith("/")
    assert target.isascii()
    assert target.isprintable()
    assert " " not in target


def test_a_page_that_was_read_is_not_read_again() -> None:
    trail = Trail("/a")
    trail.step("/b", brought=1)
    with pytest.raises(BadLink, match="read already"):
        trail.step("/a", brought=1)


def test_a_listing_that_brings_nothing_new_ends() -> None:
    trail = Trail("/0")
    for number in range(1, IDLE_PAGES_MAX):
        trail.step(f"/{number}", brought=0)
    with pytest.raises(BadLink, match="nothing new"):
        trail.step("/end", brought=0)


@UNHURRIED
@given(st.lists(st.integers(0, 9)))
def test_rows_come_once_in_their_first_place(rows: list[int]) -> None:
    assert without_repeats(rows, str) == tuple(dict.fromkeys(rows))

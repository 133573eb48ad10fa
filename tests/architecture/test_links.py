"""A link of a page leads somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_link_leads_to_a_file_of_the_project(page: Path) -> None:
    targets = [match.group(1) for match in LINK.finditer(page.read_text())]
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_every_page_is_linked_from_somewhere() -> None:
    linked = {(page.parent / match.group(1)).resolve() for page in PAGES for match in LINK.finditer(page.read_text())}
    assert [page.relative_to(ROOT).as_posix() for page in PAGES[1:] if page.resolve() not in linked] == []

"""The page that says where each surprise of the service is met names tests that there are."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "design" / "service.md"
NAMED = re.compile(r"`((?:tests/)?[\w/]+(?:\.py)?)(?:::(\w+))?`")


def test_every_test_that_is_named_exists() -> None:
    named = [
        (path, name) for path, name in NAMED.findall(PAGE.read_text()) if path.startswith("tests/") or "test_" in path
    ]
    assert len(named) > 50
    for path, name in named:
        file = ROOT / (path if path.startswith("tests/") else f"tests/unit/lightroom/{path}")
        assert file.exists(), path
        assert not name or f"def {name}(" in file.read_text(), f"{path}::{name}"


def test_every_fact_has_a_row() -> None:
    assert [int(number) for number in re.findall(r"^\| (\d+) \|", PAGE.read_text(), re.MULTILINE)] == [*range(1, 31)]

"""Every diagnostic code is used by the product and shown by a test: the table names nothing that cannot happen."""

from pathlib import Path

import pytest

from lrplan.diagnostics import CODES

ROOT = Path(__file__).parents[2]


def _text(folder: str, *, but: str) -> str:
    return "\n".join(
        path.read_text() for path in (ROOT / folder).rglob("*.*") if path.suffix in {".py", ".md"} and path.name != but
    )


PRODUCT = _text("lrplan", but="codes.py")
TESTS = _text("tests", but="test_codes.py")


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_used_and_shown(code: str) -> None:
    assert code in PRODUCT, "nothing in lrplan says it"
    assert code in TESTS, "no test shows it"

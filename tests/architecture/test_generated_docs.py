"""
The reference pages say what the code does, because they are made from it.

`UPDATE_DOCS=1 pytest tests/architecture/test_generated_docs.py` writes them anew; read the difference before a commit.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from lrplan.diagnostics import CODES
from lrplan.manifest.json_schema import json_schema
from lrplan.manifest.reference_page import reference_page

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
GROUPS = {
    "0": "Bugs",
    "1": "Files and YAML",
    "2": "What a manifest says",
    "3": "Account and sign-in",
    "4": "Guards",
    "5": "Stale plans",
    "6": "The lease",
    "7": "Apply",
    "8": "The service",
    "9": "Usage",
}
HEAD = """\
# Diagnostics: every code

<!-- Generated from lrplan/diagnostics/codes.py; to change it, change that table. -->

Every message has a code; a code keeps its meaning.
A command that ends because of a message exits as this table says.
"""


def schema_text() -> str:
    """The JSON Schema as it lies in docs/reference."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def diagnostics_page() -> str:
    """The table of codes as Markdown."""
    lines = [HEAD]
    group = ""
    for code in sorted(CODES):
        digit = code.removeprefix("LRP")[0]
        if digit != group:
            lines += [
                *([""] if group else []),
                f"## {GROUPS[digit]}",
                "",
                "| code | means | exit |",
                "| --- | --- | --- |",
            ]
            group = digit
        row = CODES[code]
        lines.append(f"| {code} | {row.title} | {int(row.exit_code)} |")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("manifest.md", reference_page),
        ("manifest.schema.json", schema_text),
        ("diagnostics.md", diagnostics_page),
    ],
)
def test_a_generated_page_is_current(name: str, made: Callable[[], str]) -> None:
    page = REFERENCE / name
    if os.environ.get("UPDATE_DOCS") == "1":
        page.write_text(made(), encoding="utf-8", newline="\n")
    written = page.read_text(encoding="utf-8") if page.exists() else ""
    assert written == made(), f"docs/reference/{name} is not what the code says; write it anew with UPDATE_DOCS=1"

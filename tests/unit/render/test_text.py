"""Whole plans as text, compared with golden files; UPDATE_GOLDEN=1 rewrites them, to be read as a diff."""

import os
import unicodedata
from pathlib import Path

import pytest

from lrplan.plan.plan import Plan
from lrplan.render.text import plan_text
from tests.unit.render import plans

HERE = Path(__file__).parent
GOLDEN = HERE.parents[1] / "golden" / "plans"


def _text(plan: Plan, **options: object) -> str:
    return "".join(line.text + "\n" for line in plan_text(plan, **options))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(plans.EXAMPLES))
def test_a_plan_reads_as_its_golden_file(name: str) -> None:
    text = _text(plans.EXAMPLES[name]())
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} == set(plans.EXAMPLES)


@pytest.mark.parametrize("name", sorted(plans.EXAMPLES))
def test_nothing_from_the_catalog_acts_on_the_terminal(name: str) -> None:
    for line in plan_text(plans.EXAMPLES[name]()):
        bad = [c for c in line.text if unicodedata.category(c) in {"Cc", "Zl", "Zp", "Cs"} or c in "\u202e\u202c\u200f"]
        assert not bad


def test_a_wedding_with_three_removed_and_five_moved_is_read_without_scrolling() -> None:
    assert len(plan_text(plans.wedding())) < 25


def test_a_new_album_of_any_size_is_one_line() -> None:
    lines = [line.text for line in plan_text(plans.everything()) if "smith-jones" in line.text]
    assert len(lines) == 1
    assert lines[0].endswith("412 photos, cover DSC_0042.jpg")


def test_the_command_that_applies_is_named_only_where_somebody_needs_it() -> None:
    assert "To do it: lrplan apply plan.json" in _text(plans.everything(), to_apply="lrplan apply plan.json")
    assert "Nothing was changed" not in _text(plans.everything(), to_apply=None)

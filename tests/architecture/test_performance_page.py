"""The page about measurements names every benchmark that there is, and no other."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "design" / "performance.md"


def test_the_benchmarks_that_can_be_run_are_those_of_the_page() -> None:
    command = [sys.executable, "-m", "tests.bench"]
    usage = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    there_are = usage.stderr.strip().rpartition("NAME is one of ")[2].split(", ")
    page = PAGE.read_text()
    assert sorted(re.findall(r"`python -m tests\.bench (\w+) [\d.]+`", page)) == there_are
    assert sorted(set(re.findall(r"^## (\w+)$", page, re.MULTILINE))) == there_are

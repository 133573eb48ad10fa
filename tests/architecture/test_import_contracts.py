"""The house stands as drawn: the import contracts hold, checked by import-linter from the table in pyproject.toml."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    linter = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as main; main()"]
    return subprocess.run([*linter, "--no-cache"], cwd=house, capture_output=True, text=True, check=False)


def test_imports_point_down_and_libraries_stay_at_home() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "wrong", "contract"),
    [
        ("model/address.py", "import lrplan.plan.plan", "imports point down"),
        ("model/address.py", "import lrplan.model.state", "siblings form no circles"),
    ],
)
def test_an_import_that_bends_the_house_breaks_its_contract(
    module: str, wrong: str, contract: str, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "lrplan", tmp_path / "lrplan", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "lrplan" / module).open("a") as bent:
        bent.write(f"\n{wrong}\n")
    done = lint(tmp_path)
    assert done.returncode == 1
    assert f"{contract} BROKEN" in done.stdout

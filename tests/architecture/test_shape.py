"""What the import contracts cannot say: sizes, names, purity and docstrings of the modules."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "lrplan").rglob("*.py"))
LINES_MAX = 400
FUNCTION_LINES_MAX = 60
SAYS_NOTHING = {"utils", "util", "helpers", "common", "misc", "core"}
PURE = ("diagnostics", "model", "manifest", "resolve", "diff", "plan", "journal", "formats", "render")
IMPURE_NAMES = {"open", "input", "print", "breakpoint"}
CLOCK_METHODS = {"now", "today", "utcnow"}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LINES_MAX
    assert path.stem not in SAYS_NOTHING


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_says_what_it_is_for_and_its_functions_fit_a_screen(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree), "a module docstring is missing"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno <= FUNCTION_LINES_MAX, f"{node.name} is too long"


@pytest.mark.parametrize("path", [p for p in MODULES if p.parent != ROOT / "lrplan"], ids=_name)
def test_public_functions_and_classes_have_docstrings(path: Path) -> None:
    missing = [
        node.name
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not missing


@pytest.mark.parametrize("path", [p for p in MODULES if p.relative_to(ROOT / "lrplan").parts[0] in PURE], ids=_name)
def test_below_the_line_nothing_waits_and_nothing_touches_the_world(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        assert not isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in IMPURE_NAMES
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in CLOCK_METHODS


def test_the_top_level_holds_what_it_should() -> None:
    allowed = {"pyproject.toml", "README.md", "lrplan", "manifests", "tests", "docs", "action.yml", "LICENSE"}
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found <= allowed | {"build", "dist", "__pycache__"}, found - allowed

"""One project and its catalog, made once; a copy of both for each test."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.crash.project import make_template
from tests.crash.stage import undisturbed_catalog


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crash") / "template"
    make_template(folder)
    return folder


@pytest.fixture(scope="session")
def wanted(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping:
    """The catalog after an apply that nothing disturbed."""
    return undisturbed_catalog(template, tmp_path_factory.mktemp("undisturbed") / "work")

"""`lrplan import`: what is live becomes manifests, and no file is ever overwritten."""

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Lrplan


@pytest.fixture
def lost(lrplan: Lrplan, studio: Path) -> Path:
    """A project that was applied, and has lost its manifests and its memory since."""
    assert lrplan("apply", "--auto-approve").code == 0
    shutil.rmtree(studio / "manifests")
    (studio / ".lrplan" / "state.json").unlink()
    shutil.rmtree(studio / ".lrplan" / "runs")
    return studio


def test_what_was_imported_is_no_change_and_is_gone_on_with(lrplan: Lrplan, lost: Path) -> None:
    ended = lrplan("import")
    assert ended.code == 0, ended.err
    assert ended.out == "wrote manifests/weddings-2026.yaml: 1 set, 3 albums, 38 photos\n"
    assert "lrplan plan" in ended.err
    text = (lost / "manifests" / "weddings-2026.yaml").read_text()
    assert "    name: Smith & Jones\n    parent: weddings-2026\n" in text
    assert "      - DSC_0001.jpg\n" in text
    planned = lrplan("plan", "--detailed-exitcode")
    assert planned.code == 0, planned.out
    assert planned.out.splitlines()[-1] == "No changes. The catalog matches the manifests."
    assert lrplan("apply", "--auto-approve").code == 0
    again = lrplan("import")
    assert (again.code, again.out) == (0, "")
    assert "Nothing to import: every album of this API key is declared." in again.err


def test_no_file_is_overwritten(lrplan: Lrplan, lost: Path) -> None:
    (lost / "manifests").mkdir()
    (lost / "manifests" / "weddings-2026.yaml").write_text("lrplan: 1\nalbums: {mine: {name: Mine}}\n")
    ended = lrplan("import")
    assert ended.out == "wrote manifests/weddings-2026-2.yaml: 1 set, 3 albums, 38 photos\n"
    assert (lost / "manifests" / "weddings-2026.yaml").read_text() == "lrplan: 1\nalbums: {mine: {name: Mine}}\n"


def test_without_albums_of_the_customer_there_is_nothing_to_import_as_a_project(lrplan: Lrplan, lost: Path) -> None:
    ended = lrplan("import", "--as-project")
    assert (ended.code, ended.out) == (0, "")
    assert "Nothing to import: the customer has no albums." in ended.err
    assert not (lost / "manifests").exists()


def test_a_folder_that_cannot_be_made_is_told(lrplan: Lrplan, lost: Path) -> None:
    (lost / "lrplan.yaml").write_text("lrplan: 1\nproject: studio\nendpoint: sandbox\nmanifests: lrplan.yaml/x\n")
    ended = lrplan("import")
    assert ended.code in (3, 64)
    assert "lrplan.yaml" in ended.err
    assert "Traceback" not in ended.err

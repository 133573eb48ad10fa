"""`lrplan drift` on a sandbox: its screen, its JSON, its exit codes."""

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from tests.cli.conftest import ROOT, Lrplan

MANIFEST = "lrplan: 1\nalbums:\n  a: {{name: {name}, members: [DSC_0001.jpg, DSC_0002.jpg{more}]}}\n"


@pytest.fixture
def elsewhere(lrplan: Lrplan, studio: Path) -> Path:
    """A project that was applied here, and then from another machine too, whose state is not the one here."""
    manifest = studio / "manifests" / "weddings.yaml"
    manifest.write_text(MANIFEST.format(name="A", more=""))
    assert lrplan("apply", "--auto-approve").code == 0
    shutil.copy(studio / ".lrplan" / "state.json", studio / "state.json")
    manifest.write_text(MANIFEST.format(name="B", more=", DSC_0003.jpg"))
    assert lrplan("apply", "--auto-approve").code == 0
    shutil.rmtree(studio / ".lrplan" / "runs")
    shutil.move(studio / "state.json", studio / ".lrplan" / "state.json")
    return studio


def test_directly_after_an_apply_there_is_none(lrplan: Lrplan, studio: Path) -> None:
    assert lrplan("apply", "--auto-approve").code == 0
    ended = lrplan("drift", "--detailed-exitcode")
    assert (ended.code, ended.out.splitlines()[1:]) == (
        0,
        ["No drift. Nothing that lrplan remembers was changed outside since the last apply."],
    )


def test_what_was_changed_outside_is_shown_and_exits_with_2_on_request(lrplan: Lrplan, elsewhere: Path) -> None:
    ended = lrplan("-q", "drift")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines()[1:] == [
        "~ albums.a   B   manifests/weddings.yaml:3   1 photo added",
        '    name: "A" → "B"   changed outside',
        "      DSC_0001.jpg",
        "      DSC_0002.jpg",
        "    + DSC_0003.jpg",
        "Drift: 1 changed outside. 1 photo added.",
        "What becomes of it, `lrplan plan` says.",
    ]
    assert lrplan("drift", "--detailed-exitcode").code == 2


def test_json_follows_its_schema(lrplan: Lrplan, elsewhere: Path) -> None:
    ended = lrplan("-q", "drift", "--json", "--detailed-exitcode")
    assert (ended.code, ended.err) == (2, "")
    told = json.loads(ended.out)
    schema = json.loads((ROOT / "docs" / "reference" / "drift.schema.json").read_bytes())
    jsonschema.Draft202012Validator(schema).validate(told)
    (album,) = told["albums"]
    assert (album["address"], album["fields"]) == ("albums.a", [{"path": "name", "before": "A", "after": "B"}])
    assert [told["names"][one] for one in album["members"]["add"]] == ["DSC_0003.jpg"]


def test_without_state_nothing_can_be_told(lrplan: Lrplan, elsewhere: Path) -> None:
    (elsewhere / ".lrplan" / "state.json").unlink()
    (elsewhere / "manifests" / "weddings.yaml").write_text("lrplan: 1\nalbums: {}\n")
    ended = lrplan("drift", "--detailed-exitcode")
    assert ended.code == 0
    assert ended.out.startswith("No state here, so nothing can be told")
    assert '"B" was made by this project, but no manifest declares it and no state knows it' in ended.out


def test_a_damaged_state_is_told_as_json_too(lrplan: Lrplan, elsewhere: Path) -> None:
    (elsewhere / ".lrplan" / "state.json").write_text("{")
    ended = lrplan("drift", "--json")
    assert (ended.code, json.loads(ended.out)["diagnostics"][0]["code"]) == (3, "LRP106")

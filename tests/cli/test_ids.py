"""`lrplan ids` on a sandbox: album ids and asset ids, live and as they are remembered."""

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from tests.cli.conftest import ROOT, Lrplan

MANIFEST = (
    "lrplan: 1\nalbums:\n"
    "  a: {name: A, publishInfo: {remoteId: g-1}, members:"
    " [{fileName: DSC_0002.jpg, publishInfo: {remoteId: p-2}}, DSC_0001.jpg]}\n"
)
MORE = "  b: {name: B, publishInfo: {remoteId: g-2}}\n"


@pytest.fixture
def applied(lrplan: Lrplan, studio: Path) -> Path:
    (studio / "manifests" / "weddings.yaml").write_text(MANIFEST)
    assert lrplan("apply", "--auto-approve").code == 0
    (studio / "manifests" / "weddings.yaml").write_text(MANIFEST + MORE)
    return studio


def told(lrplan: Lrplan, *words: str) -> dict[str, dict[str, object]]:
    ended = lrplan("-q", "ids", "--json", *words)
    assert (ended.code, ended.err) == (0, "")
    schema = json.loads((ROOT / "docs" / "reference" / "ids.schema.json").read_bytes())
    jsonschema.Draft202012Validator(schema).validate(json.loads(ended.out))
    addresses: dict[str, dict[str, object]] = json.loads(ended.out)["addresses"]
    return addresses


def test_ids_are_what_they_are_and_what_they_will_be(lrplan: Lrplan, applied: Path) -> None:
    before = told(lrplan)
    assert [(one["standing"], one["generation"]) for one in before.values()] == [("live", 0), ("toCreate", 0)]
    assert lrplan("apply", "--auto-approve").code == 0
    after = told(lrplan)
    assert [one["standing"] for one in after.values()] == ["live", "live"]
    assert [one["albumId"] for one in after.values()] == [one["albumId"] for one in before.values()]
    assert [one["remoteId"] for one in after.values()] == ["g-1", "g-2"]


def test_photos_come_in_the_order_of_the_album_with_their_remote_ids(lrplan: Lrplan, applied: Path) -> None:
    photos = told(lrplan, "--photos")["albums.a"]["photos"]
    assert isinstance(photos, list)
    assert [(one["fileName"], one.get("remoteId")) for one in photos] == [
        ("DSC_0002.jpg", "p-2"),
        ("DSC_0001.jpg", None),
    ]
    assert "photos" not in told(lrplan)["albums.a"], "what is not asked for is not read"
    rows = [line.split() for line in lrplan("ids", "--photos").out.splitlines()]
    assert [row[0] for row in rows] == ["address", "albums.a", "1", "2", "albums.b"]
    assert rows[2][1:] == [photos[0]["assetId"], "DSC_0002.jpg", "p-2"]
    assert rows[4][2:] == ["0", "to", "create", "g-2"]


def test_what_is_remembered_needs_no_service(lrplan: Lrplan, applied: Path) -> None:
    live = told(lrplan, "--photos")
    shutil.rmtree(applied / ".lrplan" / "sandbox")
    kept = told(lrplan, "--photos", "--remembered")
    assert {key: one["albumId"] for key, one in kept.items()} == {key: one["albumId"] for key, one in live.items()}
    assert [one["standing"] for one in kept.values()] == ["remembered", "toCreate"]
    assert [one["assetId"] for one in kept["albums.a"]["photos"]] == [  # type: ignore[attr-defined]
        one["assetId"]
        for one in live["albums.a"]["photos"]  # type: ignore[attr-defined]
    ]
    assert not (applied / ".lrplan" / "sandbox").exists()


def test_without_state_nothing_is_remembered(lrplan: Lrplan, studio: Path) -> None:
    ended = lrplan("ids", "--remembered")
    assert (ended.code, ended.out, ended.err) == (0, "", "No state yet: nothing is remembered.\n")
    assert told(lrplan, "--remembered") == {}

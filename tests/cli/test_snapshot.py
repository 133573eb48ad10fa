"""`lrplan snapshot` and `plan --against` on a sandbox: the round trip, and what is written where."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Lrplan, clean_environment

EDITED = [("    cover: DSC_0012.jpg\n", "    cover: DSC_0007.jpg\n"), ("      - DSC_0014.jpg\n", "")]


def _edit(studio: Path) -> None:
    manifest = studio / "manifests" / "weddings.yaml"
    text = manifest.read_text()
    for old, new in EDITED:
        assert old in text
        text = text.replace(old, new, 1)
    manifest.write_text(text)


def _without_sandbox(studio: Path) -> None:
    """A project that can reach nothing: the service is not there, and nobody has signed in."""
    (studio / "lrplan.yaml").write_text("lrplan: 1\nproject: studio\nendpoint: http://127.0.0.1:9\n")


def test_a_plan_against_a_snapshot_is_the_live_one_without_network_or_memory(lrplan: Lrplan, studio: Path) -> None:
    assert lrplan("apply", "--auto-approve").code == 0
    _edit(studio)
    (studio / "manifests" / "more.yaml").write_text(
        "lrplan: 1\nalbums: {more: {name: More, members: [DSC_0003.jpg]}}\n"
    )
    live = json.loads(lrplan("plan", "--json").out)
    taken = lrplan("snapshot", "-o", "snapshot.json")
    assert (taken.code, taken.out) == (0, "")
    assert "The snapshot is in snapshot.json: 4 albums and sets, 24 photos, in " in taken.err
    _without_sandbox(studio)
    (studio / ".lrplan" / "state.json").unlink()
    found = lrplan("-q", "plan", "--against", "snapshot.json", "--json")
    assert (found.code, found.err) == (0, "")
    kept = json.loads(found.out)
    assert kept["digest"] == live["digest"]
    assert (kept["actions"], kept["resources"], kept["targets"]) == (
        live["actions"],
        live["resources"],
        live["targets"],
    )
    assert kept["summary"]["calls"] == {"read": 0, "apply": live["summary"]["calls"]["apply"]}
    assert kept["origin"]["asOf"] == json.loads((studio / "snapshot.json").read_text())["readAt"]


def test_all_options_of_plan_go_with_a_snapshot(lrplan: Lrplan, studio: Path) -> None:
    assert lrplan("snapshot", "-o", "snapshot.json").code == 0
    _without_sandbox(studio)
    with (studio / "lrplan.yaml").open("a") as project:
        project.write("limits: {create: 1}\n")
    against = ("plan", "--against", "snapshot.json")
    refused = lrplan(*against)
    assert refused.code == 5
    assert "--allow create=4" in refused.err
    shown = lrplan(*against, "--allow", "create=4", "--detailed-exitcode")
    assert shown.code == 2
    assert " as of 20" in shown.out.splitlines()[1]
    assert "(no calls)" in shown.out.splitlines()[1]
    assert "To do it" not in shown.out
    assert shown.out.splitlines()[-1].startswith("Cost: 16 calls to apply, ")
    part = lrplan(*against, "--target", "*.smith-jones-party", "--allow", "create=2", "-o", "plan.json")
    assert part.code == 0
    assert "Only *.smith-jones-party: other differences are not shown." in part.out
    assert lrplan("show", "plan.json").out.startswith(part.out.partition("Digest: ")[0].rpartition("Cost:")[0])
    (studio / "lrplan.yaml").write_text("lrplan: 1\nproject: studio\nendpoint: sandbox\n")
    applied = lrplan("apply", "plan.json")
    assert applied.code == 0
    assert "Verified: the catalog matches the plan." in applied.out
    stale = lrplan("plan", "--against", "snapshot.json", "--target", "albums.smith-jones", "-o", "plan.json")
    assert stale.code == 0, "of an older instant it can be planned as well"


def test_no_client_is_loaded_to_plan_against_a_snapshot(lrplan: Lrplan, studio: Path) -> None:
    assert lrplan("snapshot", "-o", "snapshot.json").code == 0
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "lrplan", "plan", "--against", "snapshot.json"],
        cwd=studio,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "lrplan" in loaded
    assert not loaded & {"aiohttp", "keyring"}


def test_standard_output_gets_the_snapshot_and_nothing_else(lrplan: Lrplan, studio: Path) -> None:
    plain, dash = lrplan("-q", "snapshot"), lrplan("-q", "snapshot", "-o", "-")
    for ended in (plain, dash):
        assert (ended.code, ended.err) == (0, "")
        assert len(json.loads(ended.out)["assets"]) == 24
    (studio / "snapshot.json").write_text(plain.out)
    assert lrplan("plan", "--against", "snapshot.json").code == 0


def test_no_credential_is_in_a_snapshot(lrplan: Lrplan, studio: Path, service: dict[str, str]) -> None:
    ended = lrplan("-q", "snapshot", env=service)
    assert ended.code == 0
    assert service["LRPLAN_ACCESS_TOKEN"] not in ended.out


@pytest.mark.parametrize("file", ["lrplan.yaml", "manifests/weddings.yaml", "plan.json", "new/snapshot.json"])
def test_what_is_no_snapshot_is_never_replaced_by_one(lrplan: Lrplan, studio: Path, file: str) -> None:
    lrplan("plan", "-o", "plan.json")
    before = {path: path.read_bytes() for path in (*studio.glob("*.json"), *studio.rglob("*.yaml"))}
    ended = lrplan("snapshot", "-o", file)
    assert (ended.code, ended.out) == (64, "")
    assert f"error[LRP901]: --out {file}: " in ended.err
    assert {path: path.read_bytes() for path in (*studio.glob("*.json"), *studio.rglob("*.yaml"))} == before


def test_a_snapshot_replaces_an_older_one_and_a_plan_does_not(lrplan: Lrplan, studio: Path) -> None:
    for _ in range(2):
        assert lrplan("snapshot", "-o", "snapshot.json").code == 0
    ended = lrplan("plan", "-o", "snapshot.json")
    assert ended.code == 64
    assert "what is there is no plan" in ended.err


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "LRP101"), (b"{}", "LRP106"), (b"", "LRP106")],
    ids=["missing", "something", "empty"],
)
def test_a_file_that_is_no_snapshot_is_refused_by_name(
    lrplan: Lrplan, studio: Path, content: bytes | None, code: str
) -> None:
    if content is not None:
        (studio / "s.json").write_bytes(content)
    ended = lrplan("plan", "--against", "s.json")
    assert (ended.code, ended.out) == (3, "")
    assert f"s.json: error[{code}]: snapshot file" in ended.err


def test_mistakes_are_told_as_they_are_of_the_live_catalog(lrplan: Lrplan, studio: Path) -> None:
    (studio / "manifests" / "weddings.yaml").write_text(
        "lrplan: 1\nalbums: {a: {name: A, members: [{id: " + "0" * 32 + "}]}}\n"
    )
    live = lrplan("-q", "plan")
    lrplan("snapshot", "-o", "snapshot.json")
    kept = lrplan("-q", "plan", "--against", "snapshot.json")
    assert (live.code, live.err) == (kept.code, kept.err)
    assert live.code == 3

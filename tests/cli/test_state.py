"""`lrplan state`: what is remembered, told without network; and a lost state made anew."""

import json
import shutil
import sys
from pathlib import Path

import jsonschema
import pytest

from lrplan.storage.lock import locked
from tests.cli.conftest import ROOT, Lrplan, clean_environment
from tests.cli.terminal import on_terminal

MANIFEST = "lrplan: 1\nalbums:\n  a: {name: A, members: [DSC_0001.jpg, DSC_0002.jpg]}\n"
MORE = "  b: {name: B}\n"


@pytest.fixture
def applied(lrplan: Lrplan, studio: Path) -> Path:
    (studio / "manifests" / "weddings.yaml").write_text(MANIFEST + MORE)
    assert lrplan("apply", "--auto-approve").code == 0
    return studio


def valid(name: str, text: str) -> dict[str, object]:
    told: dict[str, object] = json.loads(text)
    schema = json.loads((ROOT / "docs" / "reference" / f"{name}.schema.json").read_bytes())
    jsonschema.Draft202012Validator(schema).validate(told)
    return told


def test_what_is_remembered_is_shown_without_a_service_and_with_manifests_that_are_wrong(
    lrplan: Lrplan, applied: Path
) -> None:
    shutil.rmtree(applied / ".lrplan" / "sandbox")
    (applied / "manifests" / "weddings.yaml").write_text("lrplan: 1\nalbums: {a: {nam: A}}\n")
    ended = lrplan("state", "show")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[0] == "Project: studio   serial 1"
    assert lines[3].split()[0] == "albums.a"
    assert lines[3].split()[2:] == ["0", "2", "arranged", "manifests/weddings.yaml:3"]
    assert lines[-2:] == ["2 albums and sets remembered.", "Nobody holds the lock."]
    assert not (applied / ".lrplan" / "sandbox").exists()
    told = valid("state", lrplan("state", "show", "--json").out)
    assert list(told["state"]["bindings"]) == ["albums.a", "albums.b"]  # type: ignore[index]


def test_no_state_yet_is_not_a_damaged_one_nor_a_newer_one(lrplan: Lrplan, studio: Path) -> None:
    ended = lrplan("state", "show")
    assert (ended.code, ended.out) == (0, "No state yet: nothing is remembered.\nNobody holds the lock.\n")
    assert "state" not in valid("state", lrplan("state", "show", "--json").out)
    state = studio / ".lrplan" / "state.json"
    for content, code in (("{", "LRP106"), ('{"formatVersion": 99}', "LRP107")):
        state.write_text(content)
        ended = lrplan("state", "show")
        assert (ended.code, ended.out) == (3, "")
        assert ended.err.startswith(f".lrplan/state.json: error[{code}]")
        assert json.loads(lrplan("state", "show", "--json").out)["diagnostics"][0]["code"] == code


def test_who_holds_the_lock_is_told(lrplan: Lrplan, applied: Path) -> None:
    with locked(applied / ".lrplan" / "lock", shown="lock"):
        assert "The lock is held by process " in lrplan("state", "show").out
        assert "process" in str(valid("state", lrplan("state", "show", "--json").out)["holder"])
    (applied / ".lrplan" / "lock").write_text("process 1 on a machine that went down")
    assert lrplan("state", "show").out.endswith("Nobody holds the lock.\n")


def test_without_anybody_to_ask_a_rebuild_is_refused_before_anything_is_read(lrplan: Lrplan, applied: Path) -> None:
    ended = lrplan("state", "rebuild")
    assert (ended.code, ended.out) == (64, "")
    assert "--auto-approve" in ended.err


def test_a_lost_state_is_rebuilt_and_what_is_declared_no_more_goes(lrplan: Lrplan, applied: Path) -> None:
    shutil.rmtree(applied / ".lrplan" / "runs")
    (applied / ".lrplan" / "state.json").unlink()
    (applied / "manifests" / "weddings.yaml").write_text(MANIFEST)
    ended = lrplan("-q", "state", "rebuild", "--auto-approve")
    assert (ended.code, ended.err) == (0, "")
    assert "2 photos counted as put there by lrplan" in ended.out
    assert "claimed: no manifest declares it" in ended.out
    assert ended.out.endswith("Rebuild: 1 to bind, 1 to claim.\n")
    planned = lrplan("plan")
    assert "No state here" not in planned.out
    assert "because no manifest declares it, and its address is lost" in planned.out
    assert "Plan: 1 to delete.\n" in planned.out
    (applied / "manifests" / "weddings.yaml").write_text(MANIFEST + MORE)
    assert lrplan("plan").out.splitlines()[1:] == ["No changes. The catalog matches the manifests."]
    (applied / "manifests" / "weddings.yaml").write_text(MANIFEST)
    assert lrplan("apply", "--auto-approve", "--allow", "delete=1").code == 0
    again = lrplan("state", "rebuild", "--auto-approve")
    assert (again.code, again.out) == (0, "Nothing to rebuild: all that the catalog can tell is remembered.\n")


def test_a_damaged_state_is_kept_aside_and_tells_addresses_and_the_runs_beside_it_count(
    lrplan: Lrplan, applied: Path
) -> None:
    state = applied / ".lrplan" / "state.json"
    damaged = state.read_text()[:-30]
    state.write_text(damaged)
    shutil.rmtree(applied / ".lrplan" / "runs")
    (applied / "manifests" / "weddings.yaml").write_text(MANIFEST)
    told = valid("rebuild", lrplan("-q", "state", "rebuild", "--auto-approve", "--json").out)
    assert [(one["address"], one["claimed"]) for one in told["found"]] == [("albums.a", False), ("albums.b", True)]  # type: ignore[attr-defined]
    assert (told["kept"], told["damaged"]) == (True, True)
    assert (applied / str(told["aside"])).read_text() == damaged
    assert "- albums.b   B   0 photos in it" in lrplan("plan").out


def test_a_run_whose_plan_is_damaged_is_passed_over(lrplan: Lrplan, applied: Path) -> None:
    (applied / ".lrplan" / "state.json").unlink()
    (run,) = (applied / ".lrplan" / "runs").iterdir()
    (run / "plan.json").write_text("{")
    assert lrplan("plan").code == 3
    told = valid("rebuild", lrplan("-q", "state", "rebuild", "--auto-approve", "--json").out)
    assert told["unreadableRuns"] == [run.name]
    assert lrplan("plan").out.splitlines()[1:] == ["No changes. The catalog matches the manifests."]


def test_a_newer_state_is_not_rebuilt(lrplan: Lrplan, applied: Path) -> None:
    state = applied / ".lrplan" / "state.json"
    state.write_text('{"formatVersion": 99}')
    ended = lrplan("state", "rebuild", "--auto-approve")
    assert (ended.code, ended.out) == (3, "")
    assert "error[LRP107]" in ended.err
    assert state.read_text() == '{"formatVersion": 99}'


@pytest.mark.parametrize(("answer", "code"), [("yes", 0), ("no", 8)])
def test_a_person_is_told_the_numbers_and_asked(lrplan: Lrplan, applied: Path, answer: str, code: int) -> None:
    shutil.rmtree(applied / ".lrplan" / "runs")
    state = applied / ".lrplan" / "state.json"
    state.unlink()
    command = [sys.executable, "-m", "lrplan", "state", "rebuild"]
    done = on_terminal(command, cwd=applied, env=clean_environment(), typed=f"{answer}\n")
    words = " ".join((done.out + done.err).split())
    assert "2 photos in 1 album will count as put there by lrplan, whoever put them there" in words
    assert (done.code, state.exists()) == (code, code == 0)

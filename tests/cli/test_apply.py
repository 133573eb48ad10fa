"""`lrplan apply` on a sandbox: what it asks, what it says at the end, and its exit codes."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lrplan.sandbox.pictures import make_pictures
from tests.cli.conftest import Ended, Lrplan, clean_environment
from tests.cli.terminal import on_terminal

VERIFIED = "Verified: the catalog matches the manifests."
MANIFEST = "manifests/weddings.yaml"
SMALL = "lrplan: 1\nalbums:\n  one: {name: One, members: [DSC_0001.jpg]}\n  two: {name: Two}\n"


def _typed(studio: Path, typed: str, *words: str) -> Ended:
    command = [sys.executable, "-m", "lrplan", *words]
    return on_terminal(command, cwd=studio, env=clean_environment({"TERM": "xterm"}), typed=typed)


def test_apply_shows_the_plan_does_it_and_proves_it(lrplan: Lrplan, studio: Path) -> None:
    ended = lrplan("apply", "--auto-approve")
    lines = ended.out.splitlines()
    assert ended.code == 0
    assert "Plan: 4 to create. 38 photos to add." in lines
    assert "Nothing was changed" not in ended.out
    assert lines[-2].startswith("Of 4 albums, sets and files: 4 done. 16 calls, ")
    assert lines[-1] == VERIFIED
    assert ended.err == "Reading the catalog …\nApplying …\nReading back …\n"
    again = lrplan("apply", "--auto-approve")
    assert again.code == 0
    assert "No changes. The catalog matches the manifests." in again.out.splitlines()


@pytest.mark.parametrize(
    ("typed", "done"), [("yes\n", True), ("YES\n", True), ("y\n", False), ("\n", False), ("\x04", False)]
)
def test_apply_asks_on_a_terminal_and_takes_only_yes(lrplan: Lrplan, studio: Path, typed: str, done: bool) -> None:
    ended = _typed(studio, typed, "apply")
    assert "To do this, type yes" in ended.err
    assert (VERIFIED in ended.out) is done
    assert ended.code == (0 if done else 8)
    assert (lrplan("plan", "--detailed-exitcode").code == 0) is done


def test_albums_that_go_are_confirmed_by_their_number(lrplan: Lrplan, studio: Path) -> None:
    (studio / MANIFEST).write_text(SMALL)
    assert lrplan("apply", "--auto-approve").code == 0
    (studio / MANIFEST).write_text(SMALL.replace("  two: {name: Two}\n", ""))
    refused = _typed(studio, "yes\n", "apply")
    assert "1 album or set goes. To do all of this, type that number" in refused.err
    assert refused.code == 8
    assert lrplan("plan", "-o", "plan.json").code == 0
    assert _typed(studio, "2\n", "apply", "plan.json").code == 8
    assert _typed(studio, "1\n", "apply", "plan.json").code == 0


def test_a_stored_plan_is_applied_without_a_question_and_a_second_time_does_nothing(
    lrplan: Lrplan, studio: Path
) -> None:
    lrplan("plan", "-o", "plan.json")
    digest = json.loads((studio / "plan.json").read_text())["digest"]
    other = lrplan("apply", "plan.json", "--expect-digest", "0" * 64)
    assert (other.code, "error[LRP503]" in other.err) == (6, True)
    ended = lrplan("apply", "plan.json", "--expect-digest", digest)
    assert (ended.code, ended.out.splitlines()[-1]) == (0, VERIFIED)


def test_a_plan_that_nobody_approved_is_refused_before_anybody_is_asked(studio: Path) -> None:
    ended = _typed(studio, "yes\n", "apply", "--expect-digest", "abc")
    assert (ended.code, "error[LRP503]" in ended.err) == (6, True)
    assert "type yes" not in ended.err


def test_a_plan_from_a_pipe_is_applied(lrplan: Lrplan, studio: Path) -> None:
    lrplan("plan", "-o", "plan.json")
    shell = f"cat plan.json | {sys.executable} -m lrplan apply /dev/stdin"
    done = subprocess.run(["sh", "-c", shell], cwd=studio, env=clean_environment(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().splitlines()[-1] == VERIFIED


def test_a_stale_plan_is_refused_by_the_name_of_its_album(lrplan: Lrplan, studio: Path) -> None:
    (studio / MANIFEST).write_text(SMALL)
    assert lrplan("apply", "--auto-approve").code == 0
    (studio / MANIFEST).write_text(SMALL.replace("One", "Uno"))
    assert lrplan("plan", "-o", "plan.json").code == 0
    (studio / MANIFEST).write_text(SMALL.replace("One", "Eins"))
    assert lrplan("apply", "--auto-approve").code == 0
    ended = lrplan("apply", "plan.json")
    assert ended.code == 6
    assert "albums.one" in ended.out
    assert VERIFIED not in ended.out


def test_a_stored_plan_beyond_a_limit_is_refused_too(lrplan: Lrplan, studio: Path) -> None:
    with (studio / "lrplan.yaml").open("a") as project:
        project.write("limits: {create: 2}\n")
    planned = lrplan("plan", "-o", "plan.json")
    assert planned.code == 5
    assert "To do it" not in planned.out
    ended = lrplan("apply", "plan.json", "--auto-approve")
    assert ended.code == 5
    assert "--allow create=4" in ended.err
    assert not (studio / ".lrplan" / "state.json").exists()
    lrplan("plan", "-o", "plan.json", "--allow", "create=4")
    assert lrplan("apply", "plan.json", "--auto-approve").code == 0


def test_a_plan_with_a_lifted_limit_says_the_whole_command(lrplan: Lrplan, studio: Path) -> None:
    with (studio / "lrplan.yaml").open("a") as project:
        project.write("limits: {create: 2}\n")
    ended = lrplan("plan", "--allow", "create=4")
    assert ended.out.endswith("To do it: lrplan apply --allow create=4\n")


def test_a_guard_refuses_before_anything_is_sent(lrplan: Lrplan, studio: Path) -> None:
    with (studio / "lrplan.yaml").open("a") as project:
        project.write("limits: {create: 2}\n")
    ended = lrplan("apply", "--auto-approve")
    assert ended.code == 5
    assert "--allow create=4" in ended.err
    assert not (studio / ".lrplan" / "state.json").exists()
    assert lrplan("apply", "--auto-approve", "--allow", "create=4").code == 0


def test_a_damaged_plan_and_a_missing_one_exit_with_3(lrplan: Lrplan, studio: Path) -> None:
    assert lrplan("apply", "plan.json").code == 3
    lrplan("plan", "-o", "plan.json")
    text = (studio / "plan.json").read_text()
    (studio / "plan.json").write_text(text.replace("Smith & Jones", "Smith & Sons"))
    ended = lrplan("apply", "plan.json")
    assert ended.code == 3
    assert ended.err.startswith("plan.json: error[LRP106]")


@contextmanager
def _slow_apply(studio: Path) -> Iterator["subprocess.Popen[str]"]:
    """An apply that has begun to write, on a sandbox that takes its time."""
    service = subprocess.Popen(
        [sys.executable, "-m", "lrplan", "-q", "sandbox", "--data", ".lrplan/sandbox", "--latency", "150"],
        cwd=studio,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    with service:
        assert service.stdout is not None
        exported = dict(service.stdout.readline().strip().removeprefix("export ").split("=", 1) for _ in range(3))
        command = [sys.executable, "-u", "-m", "lrplan", "apply", "--auto-approve", "-v"]
        environment = clean_environment(exported)
        pipe = subprocess.PIPE
        try:
            with subprocess.Popen(command, cwd=studio, env=environment, stdout=pipe, stderr=pipe, text=True) as apply:
                assert apply.stderr is not None
                while "201 PUT" not in (line := apply.stderr.readline()):
                    assert line, "the apply ended early"
                yield apply
        finally:
            service.terminate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_an_apply_and_the_next_one_finishes_it(lrplan: Lrplan, studio: Path, number: int) -> None:
    make_pictures(studio / "own", 6)
    members = "".join(f"      - ../own/DSC_{number:04d}.jpg\n" for number in range(1, 7))
    (studio / MANIFEST).write_text(f"lrplan: 1\nalbums:\n  a:\n    name: A\n    members:\n{members}")
    with _slow_apply(studio) as apply:
        apply.send_signal(number)
        out, err = apply.communicate(timeout=60)
    assert apply.returncode == 8, (out, err)
    assert "Stopping: no new calls" in err
    assert "Running it again finishes: lrplan apply" in out
    assert VERIFIED not in out
    finished = lrplan("apply", "--auto-approve")
    assert (finished.code, finished.out.splitlines()[-1]) == (0, VERIFIED)


def test_a_second_signal_ends_an_apply_at_once(lrplan: Lrplan, studio: Path) -> None:
    with _slow_apply(studio) as apply:
        apply.send_signal(signal.SIGINT)
        assert apply.stderr is not None
        while "Stopping" not in apply.stderr.readline():
            assert apply.poll() is None
        began = time.monotonic()
        apply.send_signal(signal.SIGINT)
        apply.communicate(timeout=60)
    assert time.monotonic() - began < 5
    assert apply.returncode == 8
    assert lrplan("apply", "--auto-approve").code == 0


def test_an_apply_whose_reader_goes_away_before_it_begins_changes_nothing(lrplan: Lrplan, studio: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-u", "-m", "lrplan", "apply", "--auto-approve"],
        cwd=studio,
        env=clean_environment(),
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert done.returncode == 141
    assert "Traceback" not in done.stderr
    assert lrplan("plan", "--detailed-exitcode").code == 2


def test_an_original_that_changed_or_vanished_since_the_plan_is_not_sent(lrplan: Lrplan, studio: Path) -> None:
    make_pictures(studio / "own", 1)
    photo = studio / "own" / "DSC_0001.jpg"
    photo.write_bytes(photo.read_bytes() + b"mine")  # another content than the photo of the catalog
    (studio / MANIFEST).write_text("lrplan: 1\nalbums: {a: {name: A, members: [../own/DSC_0001.jpg]}}\n")
    assert lrplan("plan", "-o", "plan.json").code == 0
    photo.write_bytes(photo.read_bytes() + b"changed")
    changed = lrplan("apply", "plan.json")
    assert changed.code in (6, 8)
    assert changed.err.count("LRP502") == 1
    assert not any(line.startswith("stale: ") for line in changed.err.splitlines())
    photo.unlink()
    vanished = lrplan("apply", "plan.json")
    assert vanished.code in (6, 8)
    assert "LRP502" in vanished.err
    assert VERIFIED not in changed.out + vanished.out


def test_a_damaged_journal_is_told_once_in_a_command(lrplan: Lrplan, studio: Path) -> None:
    assert lrplan("apply", "--auto-approve").code == 0
    run = max((studio / ".lrplan" / "runs").iterdir())
    later = run.with_name("9" + run.name[1:])  # a run that is not part of the state yet
    shutil.copytree(run, later)
    with (later / "journal.jsonl").open("ab") as journal:
        journal.write(b"{damaged\n")
    ended = lrplan("apply", "--auto-approve")
    assert ended.err.count("warning[LRP106]") == 1

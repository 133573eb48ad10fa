"""Streams that are closed, full or left: said plainly, and never a reason to lose what was done."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Ended, clean_environment
from tests.cli.terminal import on_terminal

SECONDS = 120
FULL = Path("/dev/full")


def _redirected(words: str, how: str, cwd: Path) -> Ended:
    """Run `lrplan` as a shell would with the redirection *how*."""
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -m lrplan {words} {how}', sys.executable],
        cwd=cwd,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert "LRP001" not in done.stderr
    assert "Traceback" not in done.stderr
    return Ended(code=done.returncode, out=done.stdout, err=done.stderr)


@pytest.mark.parametrize("how", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_streams_that_the_caller_closed_change_nothing_of_the_result(tmp_path: Path, studio: Path, how: str) -> None:
    assert _redirected("plan -o plan.json", how, studio).code == 0
    assert (studio / "plan.json").read_bytes().startswith(b"{")


def test_without_standard_input_there_is_nobody_to_ask(studio: Path) -> None:
    ended = _redirected("apply", "<&-", studio)
    assert (ended.code, ended.out) == (64, "")
    assert "there is no terminal to ask on" in ended.err


def test_an_apply_that_nobody_can_read_is_still_done_and_proven(studio: Path) -> None:
    assert _redirected("apply --auto-approve", ">&-", studio).code == 0
    assert "No changes." in _redirected("plan", "", studio).out


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("words", ["plan", "--help", "plan --json", "apply --auto-approve"])
def test_an_output_that_is_full_is_told_in_one_line(studio: Path, words: str) -> None:
    ended = _redirected(words, f">{FULL}", studio)
    assert ended.code == 1
    assert ended.err.endswith("error[LRP902]: output could not be written: No space left on device\n")
    assert ("Nothing was changed." in ended.err) == (words == "apply --auto-approve")
    assert not (studio / ".lrplan" / "state.json").exists()


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a device that is always full")
def test_a_standard_error_that_is_full_is_passed_over(studio: Path) -> None:
    assert _redirected("apply --auto-approve", f"2>{FULL}", studio).code == 0


def test_a_verified_apply_succeeded_though_its_report_could_not_be_shown(studio: Path) -> None:
    program = (
        "import sys, lrplan.cli.main as m, lrplan.cli.screen as screen, lrplan.cli.streams as streams\n"
        "show = screen.show\n"
        "def lost(lines, session, **more):\n"
        "    lines = list(lines)\n"
        "    if any(line.text.startswith('Verified') for line in lines):\n"
        "        raise streams.OutputError(OSError(28, 'No space left on device'))\n"
        "    show(lines, session, **more)\n"
        "screen.show = lost\n"
        "sys.exit(m.run(['apply', '--auto-approve']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=studio,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0
    assert "error[LRP902]: output could not be written: No space left on device" in done.stderr


def test_control_c_exits_as_shells_expect(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys, lrplan.cli.desk as d, lrplan.cli.main as m\n"
        "d.read_desk = lambda folder: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.exit(m.run(['validate']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=clean_environment(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (128 + signal.SIGINT, "", "\nInterrupted.\n")


def test_an_answer_that_is_none_leaves_the_question_on_its_own_line(studio: Path) -> None:
    command = [sys.executable, "-m", "lrplan", "apply"]
    ended = on_terminal(command, cwd=studio, env=clean_environment(), typed="\x04")
    assert [line.rstrip() for line in ended.err.splitlines()][-1] == "Nothing was changed."
    assert ended.code == 8

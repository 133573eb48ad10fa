"""The program of auth.command: what it may print, how it may fail, and that its words pass through."""

import asyncio
import sys
from pathlib import Path

import pytest

from lrplan.diagnostics import Diagnostic, ExitCode, Failure
from lrplan.model.sign_in import AccessToken
from lrplan.sources.token_program import OUTPUT_BYTES_MAX, Program
from tests.unit.lightroom.stage import FakeClock

NOW = "2026-05-01T10:00:00.000000Z"


def python(program: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-c", program, *arguments)


def run(command: tuple[str, ...], folder: Path, *, timeout_s: float = 60) -> AccessToken:
    return asyncio.run(Program(command, folder=folder, clock=FakeClock(), timeout_s=timeout_s).run())


def refused(command: tuple[str, ...], folder: Path, *, timeout_s: float = 60) -> Diagnostic:
    with pytest.raises(Failure) as caught:
        run(command, folder, timeout_s=timeout_s)
    assert caught.value.exit_code is ExitCode.CREDENTIALS
    (said,) = caught.value.diagnostics
    assert said.code == "LRP307"
    assert "auth.command" in said.what
    assert "marked" not in repr(said)
    return said


def test_it_prints_a_token_and_until_when(tmp_path: Path) -> None:
    command = python('print(\'{"access_token": "t", "expires_at": "2026-05-01T12:00:00Z"}\')')
    assert run(command, tmp_path) == AccessToken(value="t", issued_at=NOW, expires_at="2026-05-01T12:00:00.000000Z")


def test_it_runs_in_the_project_with_its_arguments_as_they_are_and_without_a_shell(tmp_path: Path) -> None:
    script = tmp_path / "token.py"
    script.write_text(
        f"#!{sys.executable}\n"
        "import json, os, sys\n"
        "print(json.dumps({'access_token': '|'.join(sys.argv[1:]) + sys.stdin.read(), 'expires_at': None}))\n"
    )
    script.chmod(0o700)
    assert run(("./token.py", "$HOME;id", "a b"), tmp_path).value == "$HOME;id|a b"


def test_its_own_words_pass_through(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    refused(python("import sys; print('the vault is locked', file=sys.stderr); sys.exit(3)"), tmp_path)
    assert capfd.readouterr().err == "the vault is locked\n"


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("raise SystemExit(3)", "It ended with exit code 3."),
        ("import os; os.kill(os.getpid(), 15)", "It was ended by signal 15."),
        ("print('marked')", "In its output: what it printed is not JSON."),
        ("pass", "In its output: it printed nothing."),
        (f"print('marked' * {OUTPUT_BYTES_MAX})", "It printed more than 65,536 bytes."),
        ('print(\'{"access_token": "marked", "expires_at": "marked"}\')', "In its output: expires_at is neither"),
    ],
)
def test_what_fails_is_told(tmp_path: Path, program: str, why: str) -> None:
    said = refused(python(program), tmp_path)
    assert said.why.startswith(why)
    assert said.hint


def test_a_program_that_does_not_end_is_ended(tmp_path: Path) -> None:
    hanging = "import signal, sys; sys.stdout.close(); signal.pause()"
    assert refused(python(hanging), tmp_path, timeout_s=0.2).why == "It did not end within 0.2 seconds."


def test_nobody_waits_for_what_it_leaves_running(tmp_path: Path) -> None:
    left = "import signal; signal.alarm(9); signal.pause()"
    program = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {left!r}])"
    assert "did not end within" in refused(python(program), tmp_path, timeout_s=0.5).why


@pytest.mark.parametrize("program", ["./missing", "no-such-program-anywhere", "nul\0"])
def test_a_program_that_is_missing_is_told(tmp_path: Path, program: str) -> None:
    said = refused((program,), tmp_path)
    assert said.why.startswith("It could not be started: ")
    assert "lrplan.yaml" in said.hint


def test_a_program_that_may_not_be_run_is_told(tmp_path: Path) -> None:
    (tmp_path / "token.sh").write_text("marked")
    assert "Permission denied" in refused(("./token.sh",), tmp_path).why

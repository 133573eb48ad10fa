"""`lrplan show`: a plan file as text and as JSON, with no network; damaged files are named."""

import contextlib
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from lrplan.diagnostics.text import cells
from lrplan.formats.plan import encode_plan
from tests.cli.conftest import Lrplan, clean_environment, run_lrplan
from tests.unit.render import plans

GOLDEN = Path(__file__).parents[1] / "golden" / "plans"


@pytest.mark.parametrize("name", sorted(plans.EXAMPLES))
def test_a_plan_file_reads_as_the_plan_did(lrplan: Lrplan, tmp_path: Path, name: str) -> None:
    content = encode_plan(plans.EXAMPLES[name](), version="0")
    (tmp_path / "plan.json").write_bytes(content)
    shown = lrplan("show", "plan.json")
    golden = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert (shown.code, shown.err) == (0, "")
    digest = json.loads(content)["digest"]
    assert shown.out == golden.replace("lrplan apply", "lrplan apply plan.json") + f"Digest: {digest}\n"
    for words in (["--json"], ["--format", "json"]):
        assert lrplan("show", "plan.json", *words).out.encode() == content


def test_the_command_that_applies_can_be_pasted(lrplan: Lrplan, tmp_path: Path) -> None:
    (tmp_path / "my plan.json").write_bytes(encode_plan(plans.wedding(), version="0"))
    assert "To do it: lrplan apply 'my plan.json'\n" in lrplan("show", "my plan.json").out


def test_colours_are_for_terminals_unless_they_are_asked_for(lrplan: Lrplan, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(encode_plan(plans.hostile(), version="0"))
    assert "\x1b" not in lrplan("show", "plan.json").out
    coloured = lrplan("show", "plan.json", env={"FORCE_COLOR": "1"}).out
    assert "\x1b[33m~" in coloured
    assert "\x1b[31mil" not in coloured
    for words, env in (([], {"NO_COLOR": "1"}), (["--no-color"], {})):
        assert "\x1b" not in lrplan("show", "plan.json", *words, env={"FORCE_COLOR": "1", **env}).out


def test_a_terminal_that_lacks_a_character_gets_an_escape(lrplan: Lrplan, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(encode_plan(plans.wedding(), version="0"))
    shown = lrplan("show", "plan.json", env={"PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"})
    assert (shown.code, shown.err) == (0, "")
    assert "\\u2192" in shown.out  # the arrow


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "LRP101"), (b"", "LRP106"), (b"{", "LRP106"), (b'{"formatVersion": "9.0"}', "LRP107"), (b"[1]", "LRP106")],
)
def test_a_file_that_is_no_plan_is_named(lrplan: Lrplan, tmp_path: Path, content: bytes | None, code: str) -> None:
    if content is not None:
        (tmp_path / "plan.json").write_bytes(content)
    ended = lrplan("show", "plan.json")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith(f"plan.json: error[{code}]")


@pytest.mark.parametrize("file", ["/dev/zero", "."])
def test_what_may_never_end_is_not_read(lrplan: Lrplan, file: str) -> None:
    ended = lrplan("show", file)
    assert (ended.code, ended.out) == (3, "")
    assert "error[LRP101]: plan file cannot be read: is " in ended.err


def test_a_plan_comes_through_a_pipe_too(tmp_path: Path) -> None:
    content = encode_plan(plans.wedding(), version="0")
    (tmp_path / "plan.json").write_bytes(content)
    shell = f"cat plan.json | {sys.executable} -m lrplan show /dev/stdin"
    done = subprocess.run(["sh", "-c", shell], cwd=tmp_path, env=clean_environment(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.endswith(f"Digest: {json.loads(content)['digest']}\n".encode())
    assert b"To do it" not in done.stdout, "what was read from a pipe is not there a second time"


def test_on_a_terminal_no_line_is_longer_than_it_is_wide(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(encode_plan(plans.wedding(), version="0"))
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "lrplan", "--no-color", "show", "plan.json"]
    env = clean_environment({"COLUMNS": "60", "LINES": "50"})
    painted = b""
    with subprocess.Popen(command, cwd=tmp_path, env=env, stdout=theirs):
        os.close(theirs)
        with contextlib.suppress(OSError):  # the other end is closed when all is said
            while more := os.read(ours, 4096):
                painted += more
    os.close(ours)
    assert all(cells(line) <= 60 or len(line.split()) == 1 for line in painted.decode().splitlines())
    assert painted.decode().split() == run_lrplan("show", "plan.json", cwd=tmp_path).out.split()

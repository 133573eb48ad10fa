"""Help, wrong usage, and the environment variable of every option."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from lrplan.cli.main import COMMANDS
from lrplan.cli.main import lrplan as group
from tests.cli.conftest import Lrplan, clean_environment


@pytest.mark.parametrize("command", ["", *COMMANDS, "auth login", "auth status", "auth logout"])
def test_help_is_short_and_ends_well(lrplan: Lrplan, command: str) -> None:
    ended = lrplan(*command.split(), "--help")
    assert (ended.code, ended.err) == (0, "")
    assert len(ended.out.splitlines()) < 40
    assert all(len(line) <= 80 for line in ended.out.splitlines())


def test_help_names_the_commands_in_the_order_of_a_working_day(lrplan: Lrplan) -> None:
    listed = lrplan("--help").out.partition("Commands:\n")[2].partition("\n\n")[0]
    assert [line.split()[0] for line in listed.splitlines()] == [
        "init",
        "validate",
        "plan",
        "show",
        "apply",
        "snapshot",
        "drift",
        "ids",
        "state",
        "import",
        "auth",
        "doctor",
        "sandbox",
        "demo",
    ]


@pytest.mark.parametrize("words", ["--help", "plan --help", "--version", "validate"])
def test_what_needs_no_network_loads_no_client(tmp_path: Path, words: str) -> None:
    (tmp_path / "lrplan.yaml").write_text("lrplan: 1\nproject: a\nalbums: {}\n")
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "lrplan", *words.split()],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert not loaded & {"aiohttp", "asyncio", "jinja2", "rich"}
    if words != "validate":
        assert not loaded & {"ruamel", "msgspec", "PIL", "attr", "attrs"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["bogus"], "No such command 'bogus'"),
        (["plan", "--bogus"], "No such option '--bogus'"),
        (["plan", "--allow", "delete"], "write KIND=N"),
        (["plan", "--allow", "everything=1"], "KIND is one of delete"),
        (["plan", "--allow", "delete=-1"], "write KIND=N"),
        (["plan", "-o", "nowhere/plan.json"], "there is no folder nowhere"),
        (["-C", "nowhere", "plan"], "nowhere: No such file or directory"),
        (["show"], "Missing argument 'PLAN'"),
        (["apply"], "there is no terminal to ask on"),
        (["apply", "--no-input"], "there is no terminal to ask on"),
        (["apply", "plan.json", "--allow", "delete=1"], "--allow belongs to plan"),
        (["apply", "plan.json", "--target", "albums.a"], "--target belongs to plan"),
        (["apply", "--against", "snapshot.json"], "No such option '--against'"),
        (["snapshot", "-o", "nowhere/snapshot.json"], "there is no folder nowhere"),
        (["apply", "plan.json", "--exclude", "albums.a"], "--exclude belongs to plan"),
        (["doctor", "--probe"], "there is no terminal to ask on"),
        (["doctor", "--yes"], "--yes belongs to --probe"),
        (["sandbox"], "Missing option '--data'"),
        (["sandbox", "--data", "d", "--port", "70000"], "70000 is not in the range"),
        (["sandbox", "--data", "d", "--photos", "nowhere"], "there is no such folder"),
        (["demo", "--photos", "nowhere"], "there is no such folder"),
        (["demo", "."], "holds something already"),
    ],
)
def test_wrong_usage_is_told_in_two_lines_and_exits_with_64(
    lrplan: Lrplan, words: list[str], says: str, tmp_path: Path
) -> None:
    (tmp_path / "something").touch()
    ended = lrplan(*words)
    assert (ended.code, ended.out) == (64, "")
    assert ended.err.startswith("error[LRP901]: ")
    assert says in ended.err
    assert "--help` tells how it is used" in ended.err


def _called(tmp_path: Path, path: str, *words: str) -> str:
    """What an installed `lrplan` in the folder bin says to do next, called by its path, with *path* as PATH."""
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin" / "lrplan"
    script.write_text(f"#!{sys.executable}\nfrom lrplan.cli.main import main\n\nmain()\n")
    script.chmod(0o755)
    done = subprocess.run(
        ["bin/lrplan", *words],
        cwd=tmp_path,
        env=clean_environment({"PATH": path}),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stderr


def test_commands_to_type_next_name_the_program_as_the_shell_finds_it(tmp_path: Path) -> None:
    assert "then bin/lrplan -C albums plan\n" in _called(tmp_path, "/usr/bin:/bin", "init", "albums")


def test_where_the_shell_finds_lrplan_itself_its_name_is_enough(tmp_path: Path) -> None:
    assert "then lrplan -C albums plan\n" in _called(tmp_path, f"{tmp_path / 'bin'}:/usr/bin", "init", "albums")


def test_another_lrplan_that_the_shell_finds_is_not_this_one(tmp_path: Path) -> None:
    other = tmp_path / "other" / "lrplan"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    assert "then bin/lrplan -C albums plan\n" in _called(tmp_path, f"{other.parent}:/usr/bin", "init", "albums")


@pytest.mark.parametrize("kind", ["delete", "replace", "remove", "create", "add", "upload"])
def test_nobody_allows_more_than_a_limit_can_say(lrplan: Lrplan, kind: str) -> None:
    most = 10**18 if kind == "upload" else 10**9
    for number in (most + 1, "9" * 23, "9" * 5000):
        ended = lrplan("plan", "--allow", f"{kind}={number}")
        assert (ended.code, ended.out) == (64, "")
        assert f"N is at most {most:,}" in ended.err
    assert lrplan("plan", "--allow", f"{kind}=00{most}").code == 3, "there is no project, but the number is fine"


def test_no_command_at_all_shows_help_and_exits_with_64(lrplan: Lrplan) -> None:
    ended = lrplan()
    assert ended.code == 64
    assert ended.err.startswith("Usage: lrplan")


def _command(name: str) -> click.Command:
    """The command *name*, such as `plan` or `auth login`."""
    command: click.Command = group
    for word in name.split():
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found is not None
        command = found
    return command


def _all_names() -> list[str]:
    groups = [(name, _command(name)) for name in COMMANDS]
    inner = [f"{name} {word}" for name, one in groups if isinstance(one, click.Group) for word in one.commands]
    return [*COMMANDS, *inner]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_each_says_of_itself(name: str) -> None:
    assert _command(name).get_short_help_str(100) == COMMANDS[name]


def _options() -> list[tuple[str, click.Option]]:
    pairs = [("", option) for option in group.params]
    pairs += [(name.replace(" ", "_"), option) for name in _all_names() for option in _command(name).params]
    return [
        (name, option)
        for name, option in pairs
        if isinstance(option, click.Option) and not option.hidden and option.name not in ("help", "version")
    ]


@pytest.mark.parametrize(("command", "option"), _options(), ids=lambda value: getattr(value, "name", value) or "lrplan")
def test_every_option_has_the_environment_variable_that_its_name_suggests(command: str, option: click.Option) -> None:
    long = max(option.opts, key=len).removeprefix("--").replace("-", "_")
    expected = "_".join(filter(None, ("LRPLAN", command, long))).upper()
    prefix = "_".join(filter(None, ("LRPLAN", command.upper())))
    assert (option.envvar or f"{prefix}_{str(option.name).upper()}") == expected


def test_an_environment_variable_is_heard_and_a_flag_beats_it(lrplan: Lrplan, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "lrplan.yaml").write_text(f"lrplan: 1\nproject: {name}\nbogus{name}: 1\nalbums: {{}}\n")
    heard = {"LRPLAN_DIRECTORY": "one"}
    assert "bogusone" in lrplan("validate", env=heard).err
    assert "bogustwo" in lrplan("-C", str(tmp_path / "two"), "validate", env=heard).err
    assert "write KIND=N" in lrplan("plan", env={"LRPLAN_PLAN_ALLOW": "nonsense"}).err


def test_an_unexpected_error_is_one_sentence_and_a_traceback_only_on_request(tmp_path: Path) -> None:
    program = (
        "import sys, lrplan.cli.desk as d, lrplan.cli.main as m; d.read_desk = None; sys.exit(m.run(['validate']))"
    )
    for debug, traceback in ((None, False), ("1", True)):
        env = clean_environment({"LRPLAN_DEBUG": debug} if debug else None)
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert "error[LRP001]: unexpected TypeError" in done.stderr
        assert ("Traceback" in done.stderr) is traceback


def test_a_reader_that_goes_away_is_no_error_message(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "lrplan", "--help"],
        cwd=tmp_path,
        env=clean_environment(),
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")

"""
Every command line that README.md and docs/ show is run, in the order of the page, in one folder for each page.

The rule: in fenced blocks marked `sh` every line is a command; in blocks marked `console` those that begin with `$ `. A
fenced `yaml` block whose first line is a comment with a path (`# manifests/a.yaml`) is a file that the reader saves
there. The lines are typed into one shell: what one exports, the next one sees, and `lrplan` is found only once the page
has said how. What asks gets a terminal and the answer yes.

What a page mentions in passing, and what `--help` does, is parsed as it would be typed, but not run.

A line that the rules below do not know fails the test. Where a page leaves a `…` for what only the reader knows, the
reader has the credentials of a customer of Adobe's; a stand-in plays Adobe, with an account that no other has.
"""

import json
import re
import signal
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from attrs import define, field

from lrplan.cli.main import lrplan as group
from tests.cli.conftest import ROOT, clean_environment
from tests.cli.terminal import SECONDS, on_terminal

PAGES = sorted(page for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")) if "lrplan" in page.read_text())
FENCE = re.compile(r"^ *```(?P<kind>\w*)\n(?P<body>.*?)^ *```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (?P<path>[\w./-]+\.ya?ml)\n")
INSTALL = re.compile(r"python3 -m venv \.venv && \.venv/bin/pip install -q (-e )?\S+ && ")
KNOWN = frozenset(("lrplan", ".venv/bin/lrplan", ".venv/bin/pytest", ".", "cd", "cp", "export", "unset", "curl"))
WITHOUT_LRPLAN = "/usr/bin:/bin"
CUSTOMER = {"LRPLAN_API_KEY": "a-key-of-a-partner", "LRPLAN_ACCESS_TOKEN": "a-token-of-a-customer"}
CATALOG = "c0ffee00c0ffee00c0ffee00c0ffee00"
STATE = "; status=$?; pwd > {0}/folder; env -0 > {0}/environment; exit $status"


def _bare_environment() -> dict[str, str]:
    return clean_environment({"PATH": WITHOUT_LRPLAN})


@define
class Reader:
    """Somebody who follows a page: where they are, what they have exported, which services they left running."""

    home: Path
    folder: Path
    environment: dict[str, str] = field(factory=_bare_environment)
    serving: list[subprocess.Popen[str]] = field(factory=list)
    adobe: str = ""

    def follow(self, page: str) -> None:
        """Do everything that *page* says; where it says nothing of installing, that was done before."""
        if INSTALL.search(page) is None:
            self.install()
            self.run(". .venv/bin/activate")
        for block in FENCE.finditer(page):
            if block["kind"] == "yaml" and (named := FILE.match(block["body"])):
                (self.folder / named["path"]).write_text(block["body"])
            for line in commands(block["kind"], block["body"]):
                self.type(line)

    def type(self, line: str) -> None:
        """Do what one command line says."""
        if installing := INSTALL.match(line):
            self.install()
            line = line[installing.end() :]
        word = line.split()[0]
        if word not in KNOWN:
            pytest.fail(f"a command line that no rule knows: {line}")
        if line.endswith("=…"):
            self.export(line.removeprefix("export ").removesuffix("=…"))
        elif line.startswith("lrplan sandbox "):
            self.environment |= self.serve(line)
        else:
            if self.adobe and word == "lrplan" and (self.folder / "lrplan.yaml").exists():
                assert "\nendpoint: sandbox" not in (self.folder / "lrplan.yaml").read_text(), "this is not Adobe"
            self.run(line.replace("curl -s", "curl -s --fail --output /dev/null", 1))

    def install(self) -> None:
        """Make the virtual environment; that it can be installed there is tried elsewhere, on a clean checkout."""
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", ".venv"], cwd=self.folder, check=True)
        for name, does in (("lrplan", f'exec {sys.executable} -m lrplan "$@"'), ("pytest", "exit 0")):
            script = self.folder / ".venv" / "bin" / name
            script.write_text(f"#!/bin/sh\n{does}\n")
            script.chmod(script.stat().st_mode | stat.S_IXUSR)

    def run(self, line: str) -> None:
        """Let the shell run *line* on a terminal, answering yes, and keep what it changed of itself."""
        shell = ["sh", "-c", line + STATE.format(self.home)]
        done = on_terminal(shell, cwd=self.folder, env=self.environment, typed="yes\n")
        assert done.code == 0, f"{line}: {done.code}\n{done.out}\n{done.err}"
        self.folder = Path((self.home / "folder").read_text().strip())
        pairs = (self.home / "environment").read_text().rstrip("\0").split("\0")
        self.environment = dict(pair.split("=", 1) for pair in pairs)

    def serve(self, line: str) -> dict[str, str]:
        """Start a sandbox and leave it running; returns what it says to export."""
        service = subprocess.Popen(
            ["sh", "-c", f"exec {line}"],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.serving.append(service)
        assert service.stdout is not None
        lines = [service.stdout.readline().strip().removeprefix("export ") for _ in range(3)]
        return dict(one.split("=", 1) for one in lines)

    def export(self, name: str) -> None:
        """Fill in what only a customer of Adobe's knows. From then on, Adobe is where Adobe should be."""
        if not self.adobe:
            assert "LRPLAN_ENDPOINT" not in self.environment, "the customer's token would go to the sandbox"
            self.adobe = self.serve(f"lrplan sandbox --data {self.home}/adobe")["LRPLAN_ENDPOINT"]
            key, token = CUSTOMER.values()
            seed = {"account": {"catalog_id": CATALOG}, "api_keys": [key], "tokens": [{"token": token}]}
            asked = urllib.request.Request(f"{self.adobe}/sandbox/seed", json.dumps(seed).encode())
            with urllib.request.urlopen(asked, timeout=SECONDS):
                self.environment["LRPLAN_ENDPOINT"] = self.adobe
        self.environment[name] = CUSTOMER[name]


def commands(kind: str, body: str) -> Iterator[str]:
    """The command lines of one fenced block."""
    for line in body.splitlines():
        if kind == "console" and line.strip().startswith("$ "):
            yield line.strip().removeprefix("$ ")
        elif kind == "sh" and line.strip() and not line.strip().startswith("#"):
            yield line.strip()


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    """A reader in an empty folder."""
    (tmp_path / "clone").mkdir()
    reading = Reader(home=tmp_path, folder=tmp_path / "clone")
    yield reading
    for service in reading.serving:
        service.send_signal(signal.SIGTERM)
        assert service.wait(SECONDS) == 0
        assert service.stdout is not None
        service.stdout.close()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_tells_the_reader_to_type_works(reader: Reader, page: Path) -> None:
    reader.follow(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_mentions_in_passing_exists(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for words in re.findall(r"`lrplan ([^`]*)`", text):
        assert_exists(words)


def assert_exists(words: str) -> None:
    """See that there is such a command, and that it has the options that are named with it."""
    command: click.Command | None = group
    for word in words.split():
        if isinstance(command, click.Group):
            command = command.get_command(click.Context(command), word)
    assert command is not None, words
    known = {option for parameter in (*command.params, *group.params) for option in parameter.opts} | {"--help"}
    assert {word.partition("=")[0] for word in words.split() if word.startswith("-")} <= known, words


def contexts(of: click.Context) -> Iterator[click.Context]:
    """Each command as it is called, with what it listens to in the environment."""
    yield of
    if isinstance(of.command, click.Group):
        for name in of.command.list_commands(of):
            command = of.command.get_command(of, name)
            assert command is not None
            yield from contexts(click.Context(command, parent=of, info_name=name))


CALLS = list(contexts(click.Context(group, info_name="lrplan", auto_envvar_prefix="LRPLAN")))
HELP = {call.command_path: " ".join(call.get_help().partition("\n")[2].split()) for call in CALLS}
SETTING = re.compile(r"\b(LRPLAN_\w+)=(\S*[^\s.,;])")


@pytest.mark.parametrize("command", HELP)
def test_what_help_tells_the_reader_to_type_exists(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between backticks stands a command line, with or without the name of the program, and nowhere else."""
    for words in re.findall(r"`([^`]*)`", HELP[command]):
        assert_exists(words.removeprefix("lrplan "))
    assert re.findall(r"(?<!`)\blrplan [a-z-]+", HELP[command]) == []
    for name, value in SETTING.findall(HELP[command]):
        monkeypatch.setenv(name, value)
        heard = [
            (call, one) for call in CALLS for one in call.command.params if one.value_from_envvar(call) is not None
        ]
        assert heard, f"nobody listens to {name}"
        for call, one in heard:
            one.process_value(call, one.value_from_envvar(call))


def test_help_shows_command_lines() -> None:
    shown = {words for text in HELP.values() for words in re.findall(r"`([^`]*)`", text)}
    assert {"lrplan demo", "plan -o", "apply"} <= shown
    assert SETTING.findall(HELP["lrplan"]) == [("LRPLAN_NO_INPUT", "1"), ("LRPLAN_PLAN_ALLOW", "delete=14")]

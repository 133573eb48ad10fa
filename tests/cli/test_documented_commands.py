"""
Every `lrplan` command line that README.md and docs/ show is run, in the order of the page, in one folder for each page.

The rule: in fenced blocks marked `sh` every line is a command; in blocks marked `console` those that begin with `$ `. A
fenced `yaml` block whose first line is a comment with a path (`# manifests/a.yaml`) is a file that the reader saves
there. A line that the rules below do not know fails the test. What asks gets a terminal and the answer yes; what needs
Adobe gets a stand-in.
"""

import re
import shlex
import shutil
import signal
import subprocess
import sys
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
INSTALL = "python3 -m venv .venv && .venv/bin/pip install -q "


@define
class Reader:
    """Somebody who follows a page: where they are, what they have exported, which services they left running."""

    folder: Path
    environment: dict[str, str] = field(factory=clean_environment)
    serving: list[subprocess.Popen[str]] = field(factory=list)

    def follow(self, page: str) -> int:
        """Do everything that *page* says; returns how many commands of lrplan that were."""
        done = 0
        for block in FENCE.finditer(page):
            if block["kind"] == "yaml" and (named := FILE.match(block["body"])):
                (self.folder / named["path"]).write_text(block["body"])
            for line in commands(block["kind"], block["body"]):
                done += self.type(line)
        return done

    def type(self, line: str) -> bool:
        """Do what one command line says; True when it was one of lrplan."""
        if line.startswith(INSTALL):  # installing is tried elsewhere, on a clean checkout
            line = line.removeprefix(INSTALL).partition(" && ")[2].removeprefix(".venv/bin/")
        match shlex.split(line):
            case ["lrplan", *words]:
                self.run(words)
                return True
            case ["pytest"]:
                pass
            case ["cd", folder]:
                self.folder = (self.folder / folder).resolve(strict=True)
            case ["cp", "-r", source, "."]:
                shutil.copytree(self.folder / source, self.folder / Path(source).name)
            case ["export", *settings]:
                for setting in settings:
                    name, _, value = setting.partition("=")
                    if value != "…":  # what only the reader knows; the stand-in's is good
                        self.environment[name] = value
            case ["curl", "-s", *_]:
                failing = line.replace("curl -s", "curl -s --fail --output /dev/null", 1)
                subprocess.run(["sh", "-c", failing], env=self.environment, check=True, timeout=SECONDS)
            case _:
                pytest.fail(f"a command line that no rule knows: {line}")
        return False

    def run(self, words: list[str]) -> None:
        """Run lrplan on a terminal of its own, answering yes."""
        command = [sys.executable, "-m", "lrplan", *words]
        if words[0] == "sandbox":
            self.serve(command)
            return
        done = on_terminal(command, cwd=self.folder, env=self.environment, typed="yes\n")
        assert done.code == 0, f"lrplan {' '.join(words)}: {done.code}\n{done.out}\n{done.err}"

    def serve(self, command: list[str]) -> None:
        """Start a sandbox, leave it running, and export what it prints."""
        service = subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, text=True)
        self.serving.append(service)
        assert service.stdout is not None
        for _ in range(3):
            name, _, value = service.stdout.readline().strip().removeprefix("export ").partition("=")
            self.environment[name] = value


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
    reading = Reader(folder=tmp_path)
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
        command: click.Command | None = group
        for word in words.split():
            if isinstance(command, click.Group):
                command = command.get_command(click.Context(command), word)
        assert command is not None, words
        known = {option for parameter in (*command.params, *group.params) for option in parameter.opts} | {"--help"}
        assert {word.partition("=")[0] for word in words.split() if word.startswith("-")} <= known, words

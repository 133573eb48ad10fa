"""
What every command shares: the options that may stand before or after its name, and how it speaks.

`lrplan -q plan` and `lrplan plan -q` mean the same, as people expect. So the group and every command have these
options; each writes what was said into the click context, and the later one wins.

The surprising case: `Session` is no attrs class, and paths are texts here, because this module is part of `--help`, and
help does not wait for libraries that it has no use for.
"""

import os
import shutil
import sys
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import click

_F = TypeVar("_F", bound=Callable[..., Any])
_KEY = "lrplan."


class Session(NamedTuple):
    """How a command was asked to behave.

    Attributes:
        program: What a person types for this program.
        folder: What `-C` said, for commands that are suggested to the user; "" when it said nothing.
        color: None means: on a terminal only.
    """

    program: str = "lrplan"
    folder: str = ""
    quiet: bool = False
    verbosity: int = 0
    color: bool | None = None
    no_input: bool = False

    @property
    def asks(self) -> bool:
        """Whether there is a person who can be asked."""
        return not self.no_input and sys.stdin.isatty() and sys.stderr.isatty()

    def command(self, *words: object) -> str:
        """The command line that a person would type for *words*, such as `apply` and a plan file."""
        import shlex

        where = ("-C", self.folder) if self.folder else ()
        return shlex.join((self.program, *where, *map(str, words)))

    def inside(self, folder: "str | os.PathLike[str]") -> "Session":
        """As if `-C` had said *folder* too, seen from where this command runs."""
        there = os.path.normpath(os.path.join(self.folder, folder))
        return self._replace(folder="" if there == "." else there)


def program_called(first: str) -> str:
    """
    What a person types for this program, whose `sys.argv[0]` is *first*.

    It is `lrplan` where the shell finds this very program under that name, else the path by which it was called, such
    as `.venv/bin/lrplan`. As a module of Python (`python -m lrplan`) it has no path of its own, and is `lrplan` too.
    """
    if os.path.basename(first) != "lrplan":
        return "lrplan"
    found = shutil.which("lrplan")
    try:
        return "lrplan" if found is not None and os.path.samefile(found, first) else first
    except OSError:  # it has gone
        return "lrplan"


def everywhere(*, hidden: bool = True) -> Callable[[_F], _F]:
    """Give a command the options that all commands have; *hidden* ones are not shown in its help."""
    options = (
        click.option(
            "-C",
            "--directory",
            "folder",
            metavar="DIR",
            envvar="LRPLAN_DIRECTORY" if not hidden else None,
            is_eager=True,
            **_shared(_enter, hidden),
            help=_C,
        ),
        click.option("-q", "--quiet", is_flag=True, default=None, **_shared(_keep, hidden), help=_Q),
        click.option("-v", "--verbose", count=True, **_shared(_keep, hidden), help=_V),
        click.option("--no-color", is_flag=True, default=None, **_shared(_keep, hidden), help=_NC),
        click.option("--no-input", is_flag=True, default=None, **_shared(_keep, hidden), help=_NI),
    )

    def decorate(command: _F) -> _F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def session_of(context: click.Context) -> Session:
    """What the options before and after the command's name said."""
    said = context.meta
    color = False if said.get(_KEY + "no_color") or os.environ.get("NO_COLOR") else None
    if color is None and os.environ.get("FORCE_COLOR"):
        color = True
    return Session(
        program=context.obj or "lrplan",
        folder=said.get(_KEY + "folder", ""),
        quiet=bool(said.get(_KEY + "quiet")),
        verbosity=said.get(_KEY + "verbose", 0),
        color=color,
        no_input=bool(said.get(_KEY + "no_input")),
    )


_C = "Run as if started in DIR."
_Q = "Say only results and errors."
_V = "Say more: every call to the service."
_NC = "No colours; NO_COLOR does the same."
_NI = "Never ask; what would need an answer is refused."


def _shared(callback: Callable[..., Any], hidden: bool) -> dict[str, Any]:
    return {"expose_value": False, "callback": callback, "hidden": hidden}


def _keep(context: click.Context, option: click.Parameter, value: object) -> None:
    if value:
        context.meta[_KEY + str(option.name)] = value


def _enter(context: click.Context, option: click.Parameter, value: str | None) -> None:
    if not value:
        return
    try:
        os.chdir(value)
    except OSError as problem:
        raise click.BadParameter(f"{value}: {problem.strerror}", ctx=context, param=option) from problem
    context.meta[_KEY + "folder"] = os.path.join(context.meta.get(_KEY + "folder", ""), value)

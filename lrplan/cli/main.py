"""
The entry: `lrplan` and `python -m lrplan`.

Here every way in which a command can end becomes an exit code, and nothing ends in a traceback. Commands import what
they need when they run, so that `lrplan --help` answers at once.

The surprising case: click exits with 2 on wrong usage, which in lrplan means "there are changes"; wrong usage is 64.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from lrplan.cli import streams
from lrplan.cli.session import everywhere, program_called
from lrplan.version import __version__

DONE, UNEXPECTED, USAGE = 0, 1, 64  # of diagnostics.ExitCode, which help has no need to import
INTERRUPTED, UNHEARD = 130, 141  # what shells say of a process that SIGINT or SIGPIPE ended

_EPILOG = """\b
Everywhere, before or after the command:
  -C, -q, -v, --no-color, --no-input
Every option can also be set in the environment: --no-input as
LRPLAN_NO_INPUT=1, plan's --allow as LRPLAN_PLAN_ALLOW=delete=14.

\b
New here? `lrplan demo` shows it all on a stand-in, with no account."""


COMMANDS = {
    "init": "Begin a project in DIRECTORY (default: here).",
    "validate": "Check the project's files, without network.",
    "plan": "Show what would change.",
    "show": "Show a plan that `plan -o` wrote, without network.",
    "apply": "Make the catalog match: do what the plan says.",
    "snapshot": "Write the live catalog to a file that `plan --against` reads.",
    "drift": "Show what changed outside since the last apply.",
    "ids": "List the ids of albums, and of their photos.",
    "state": "Show what is remembered, and make it anew when it is lost.",
    "import": "Write down as manifests what is live and not declared yet.",
    "auth": "Sign in to Adobe, look how that stands, sign out.",
    "doctor": "Examine project, network, clock, credentials and catalog.",
    "sandbox": "Serve a stand-in for Adobe's service, on this machine.",
    "demo": "See it all in under a minute, without an account.",
}
"""What each command is for, in the order in which people need them; its module is loaded when it is called."""


class _Lazily(click.Group):
    """A group that knows its commands by name, and loads one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"lrplan.cli.{cmd_name}_command")
        command: click.Command = getattr(module, cmd_name, None) or getattr(module, f"{cmd_name}_")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Lazily, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="lrplan %(version)s")
@everywhere(hidden=False)
def lrplan() -> None:
    """Plan and apply Adobe Lightroom albums from YAML.

    Write down which photos an album holds, in which order, with which cover. `plan` shows what would change in the
    live catalog; `apply` does exactly that and reads it back.
    """


def main() -> None:
    """Run the command line of this process and exit."""
    sys.exit(run(sys.argv[1:], program=program_called(sys.argv[0])))


def run(arguments: Sequence[str], *, program: str = "lrplan") -> int:
    """Run one command line; returns its exit code and never raises.

    Args:
        program: What a person types for it, for commands that are suggested.
    """
    try:
        streams.prepare()
        result: Any = lrplan.main(
            args=list(arguments), prog_name="lrplan", auto_envvar_prefix="LRPLAN", standalone_mode=False, obj=program
        )
        sys.stdout.flush()
        return int(result or DONE)
    except click.exceptions.NoArgsIsHelpError as problem:
        problem.show()
        return USAGE
    except click.ClickException as problem:
        return _told_usage(problem)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return INTERRUPTED
    except streams.OutputError as problem:
        streams.lose(problem)
        return UNHEARD if problem.is_unheard else UNEXPECTED
    except Exception as problem:  # noqa: BLE001 - the last stop: a bug must not become a traceback
        return _told(problem)


def _told_usage(problem: click.ClickException) -> int:
    from lrplan.cli.trouble import tell
    from lrplan.diagnostics import error

    context = getattr(problem, "ctx", None)
    where = context.command_path if context is not None else "lrplan"
    tell([error("LRP901", problem.format_message().rstrip("."), hint=f"`{where} --help` tells how it is used")])
    return USAGE


def _told(problem: Exception) -> int:
    from lrplan.cli.trouble import failure_in, tell
    from lrplan.diagnostics import error

    failure = failure_in(problem)
    if failure is not None:
        tell(failure.diagnostics)
        return failure.exit_code
    if os.environ.get("LRPLAN_DEBUG"):
        import traceback

        traceback.print_exception(problem)
    said = error(
        "LRP001",
        f"unexpected {type(problem).__name__}: {problem}",
        why="This is a bug in lrplan.",
        hint="LRPLAN_DEBUG=1 shows where it happened; please report it with what you did",
    )
    tell([said])
    return UNEXPECTED

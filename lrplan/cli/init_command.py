"""`lrplan init`: the files of a new project. Nothing that exists is ever overwritten."""

import os
import re
import unicodedata
from pathlib import Path

import click

from lrplan.cli.session import everywhere, session_of

_NAME_CHARACTERS_MAX = 40


@click.command()
@click.argument("directory", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--project", metavar="NAME", help="Name of the project; default: that of the folder.")
@click.option("--sandbox", is_flag=True, help="Work on a stand-in on this machine instead of Adobe's service.")
@everywhere()
@click.pass_context
def init(context: click.Context, directory: Path, project: str | None, sandbox: bool) -> int:
    """Begin a project in DIRECTORY (default: here).

    Writes lrplan.yaml, manifests/example.yaml and .gitignore. What exists stays as it is.
    """
    from lrplan.cli.screen import say
    from lrplan.render.project import PROJECT_FILE, new_project

    name = _checked(project) if project is not None else _name_of(directory)
    if (directory / PROJECT_FILE).exists():
        raise click.UsageError(f"{directory / PROJECT_FILE} is already there; a project begins only once", context)
    session = session_of(context)
    try:
        for path, text in new_project(name, sandbox=sandbox).items():
            click.echo(f"{_write(directory / path, text)} {directory / path}")
    except OSError as problem:
        raise click.UsageError(f"{problem.filename or directory}: {problem.strerror}", context) from problem
    folder = os.path.normpath(os.path.join(session.folder, directory))
    there = session._replace(folder="" if folder == "." else folder)
    say(f"Next: write down your albums in {directory / 'manifests'}, then {there.command('plan')}", session)
    return 0


def _write(path: Path, text: str) -> str:
    """Write *text* if there is nothing yet; returns what was done, for people."""
    from lrplan.render.project import IGNORE_FILE, IGNORED_LINE

    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        if path.name != IGNORE_FILE:
            return "left as it is:"
        lines = path.read_text(encoding="utf-8", errors="surrogateescape")
        if IGNORED_LINE in lines.split():
            return "left as it is:"
        with path.open("a", encoding="utf-8") as file:
            file.write(("" if not lines or lines.endswith("\n") else "\n") + text)
        return "added to:"
    return "wrote"


def _checked(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]{1,40}", name):
        raise click.UsageError(f"--project {name!r}: lower-case letters, digits and hyphens, 1 to 40 of them")
    return name


def _name_of(directory: Path) -> str:
    plain = unicodedata.normalize("NFKD", directory.resolve().name.casefold())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return words[:_NAME_CHARACTERS_MAX].strip("-") or "albums"

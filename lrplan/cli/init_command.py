"""`lrplan init`: the files of a new project. Nothing that exists is ever overwritten."""

import os
import re
import unicodedata
from collections.abc import Iterator
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

    Writes lrplan.yaml, manifests/example.yaml (unless there are manifests) and .gitignore. What exists stays as it is.
    """
    from lrplan.cli.screen import say
    from lrplan.render.project import PROJECT_FILE

    try:
        name = _checked(project) if project is not None else _name_of(directory)
        if os.path.lexists(directory / PROJECT_FILE):
            raise click.UsageError(f"{directory / PROJECT_FILE} is already there; a project begins only once", context)
        for line in _written(directory, name, sandbox=sandbox):
            click.echo(line)
    except OSError as problem:
        raise click.UsageError(f"{problem.filename or directory}: {problem.strerror}", context) from problem
    session = session_of(context)
    there = session.inside(directory)
    say(f"Next: write down your albums in {directory / 'manifests'}, then {there.command('plan')}", session)
    return 0


def _written(directory: Path, name: str, *, sandbox: bool) -> Iterator[str]:
    """Write the files of a project, and say of each what became of it."""
    from lrplan.render.project import EXAMPLE_FILE, MANIFESTS_FOLDER, new_project
    from lrplan.sources.project import has_manifests

    is_begun = has_manifests(directory, MANIFESTS_FOLDER)
    for path, text in new_project(name, sandbox=sandbox).items():
        if path == EXAMPLE_FILE and is_begun:
            yield f"left out, as there are manifests: {directory / path}"
        else:
            yield f"{_write(directory / path, text)} {directory / path}"


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
    if not words:
        # Any word for all such folders would give one name to many projects, which then have their albums in common.
        raise click.UsageError(
            f"the folder {directory} gives no name for the project, as it has no letter from a to z and no digit; "
            "give one with --project NAME, that no other project of yours has"
        )
    return words[:_NAME_CHARACTERS_MAX].strip("-")

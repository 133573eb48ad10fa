"""`lrplan import`: live albums as manifests. No file that exists is ever overwritten."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lrplan.cli.session import Session, everywhere, session_of

if TYPE_CHECKING:
    from lrplan.cli.desk import Desk
    from lrplan.workflow.importing import Imported, ImportedFile

_NAMES_TRIED = 1000


@click.command("import")
@click.option(
    "--as-project",
    is_flag=True,
    help="The customer's own albums instead, each to become a new album of this project.",
)
@everywhere()
@click.pass_context
def import_(context: click.Context, as_project: bool) -> int:
    """Write down as manifests what is live and not declared yet.

    The albums and sets that this API key made are taken over (adopt: ID), with their order, covers and publishInfo; a
    plan made afterwards has nothing to do. Writes one file for each set at the top level into the folder of the
    manifests, and overwrites none.
    """
    import asyncio

    from lrplan.cli.desk import open_desk
    from lrplan.cli.screen import say
    from lrplan.cli.trouble import explaining
    from lrplan.diagnostics import ExitCode
    from lrplan.render.escape import for_text

    session = session_of(context)
    sources: dict[str, bytes] = {}
    with explaining(sources):
        desk = open_desk(Path(), sources, may_be_empty=True)
        found = asyncio.run(_imported(desk, session, as_project=as_project))
        try:
            for file in found.files:
                click.echo(_wrote(_write(desk.folder / desk.manifest.project.manifests, file), file))
        except OSError as problem:
            raise click.UsageError(f"{problem.filename}: {problem.strerror}", context) from problem
    for line in found.skipped:
        say(f"left alone: {for_text(line)}", session)
    if not found.files:
        what = "the customer has no albums" if as_project else "every album of this API key is declared"
        say(f"Nothing to import: {what}.", session)
    else:
        say(f"Next: read what was written, then {session.command('plan')}", session)
    return ExitCode.DONE


def _write(folder: Path, file: "ImportedFile") -> Path:
    """Write *file* under the first of its names that is free, in one step: half a list would look like a whole one."""
    from lrplan.storage.disk import Disk, replace_file

    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, _NAMES_TRIED):
        path = folder / (f"{file.name}.yaml" if number == 1 else f"{file.name}-{number}.yaml")
        try:
            path.open("x").close()  # the name is taken; an empty manifest is an error, should the power go now
        except FileExistsError:
            continue
        replace_file(Disk(), path, file.text.encode())
        return path
    raise FileExistsError(17, "a thousand files of this name are there", str(folder / file.name))


def _wrote(path: Path, file: "ImportedFile") -> str:
    from lrplan.render.amounts import count

    parts = [count(number, noun) for number, noun in ((file.sets, "set"), (file.albums, "album")) if number]
    return f"wrote {path}: {', '.join((*parts, count(file.photos, 'photo')))}"


async def _imported(desk: "Desk", session: Session, *, as_project: bool) -> "Imported":
    from lrplan.cli.progress import listening
    from lrplan.cli.wiring import surroundings
    from lrplan.workflow.importing import import_catalog

    with listening(session) as events:
        async with surroundings(desk, events) as around:
            return await import_catalog(desk.manifest, around, as_project=as_project)

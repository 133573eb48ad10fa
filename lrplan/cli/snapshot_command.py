"""`lrplan snapshot`: the live catalog as a file, to plan against it without network."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lrplan.cli.session import Session, everywhere, session_of

if TYPE_CHECKING:
    from lrplan.cli.desk import Desk
    from lrplan.model.taken import Taken


@click.command()
@click.option(
    "-o",
    "--out",
    default="-",
    type=click.Path(dir_okay=False, readable=False, allow_dash=True),
    metavar="FILE",
    help="Write it there instead of to standard output (-). Replaces snapshots only.",
)
@everywhere()
@click.pass_context
def snapshot(context: click.Context, out: str) -> int:
    """Write the live catalog to a file that `plan --against` reads.

    Reads all albums and photos, and what is remembered here; changes nothing. The file holds names of the catalog's
    albums and photos, and no credentials. A plan against it needs neither network nor token.
    """
    from lrplan.cli import own_file
    from lrplan.cli.desk import open_desk
    from lrplan.cli.screen import say
    from lrplan.cli.snapshot_file import SNAPSHOT
    from lrplan.cli.trouble import explaining
    from lrplan.diagnostics import ExitCode
    from lrplan.formats.snapshot import encode_snapshot
    from lrplan.render.amounts import count
    from lrplan.version import __version__

    session = session_of(context)
    is_output = own_file.is_output(out)
    if not is_output and (why := own_file.objection(out, SNAPSHOT)):
        raise click.UsageError(f"--out {out}: {why}", context)
    sources: dict[str, bytes] = {}
    with explaining(sources):
        desk = open_desk(Path(), sources)
        taken = _take(desk, session)
        content = encode_snapshot(taken, version=__version__)
        if is_output:
            click.echo(content, nl=False)
        else:
            own_file.write(out, content, SNAPSHOT)
            albums, photos = len(taken.snapshot.albums), len(taken.snapshot.assets)
            held = f"{count(albums, 'album or set', 'albums and sets')}, {count(photos, 'photo')}"
            say(f"The snapshot is in {out}: {held}, in {count(taken.snapshot.calls, 'call')}.", session)
    return ExitCode.DONE


def _take(desk: "Desk", session: Session) -> "Taken":
    import asyncio

    return asyncio.run(_taken(desk, session))


async def _taken(desk: "Desk", session: Session) -> "Taken":
    from lrplan.cli.progress import listening
    from lrplan.cli.wiring import surroundings
    from lrplan.workflow.taking import take

    with listening(session) as events:
        async with surroundings(desk, events) as around:
            return await take(desk.manifest, around)

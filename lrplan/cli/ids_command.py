"""`lrplan ids`: which album id an address has, and which asset ids its photos have."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lrplan.cli.session import Session, everywhere, session_of

if TYPE_CHECKING:
    from lrplan.cli.desk import Desk
    from lrplan.diff.registry import Registry


@click.command()
@click.option("--photos", is_flag=True, help="The photos of each album too, in its order, with their asset ids.")
@click.option("--remembered", is_flag=True, help="As the last apply left it, without network.")
@click.option("--json", "as_json", is_flag=True, envvar="LRPLAN_IDS_JSON", help="Print JSON instead of columns.")
@everywhere()
@click.pass_context
def ids(context: click.Context, photos: bool, remembered: bool, as_json: bool) -> int:
    """List the ids of albums, and of their photos.

    Of each address the id of its album, its generation and its remoteId, as they are live. An album that is not there
    yet stands there with the id that it will get.
    """
    import asyncio

    from lrplan.cli import screen
    from lrplan.cli.desk import open_desk
    from lrplan.cli.trouble import explaining
    from lrplan.diff.registry import Registry
    from lrplan.formats.registry import encode_ids
    from lrplan.render.memory import NO_STATE_YET
    from lrplan.render.registry import ids_text
    from lrplan.version import __version__

    session = session_of(context)
    sources: dict[str, bytes] = {}
    with explaining(sources, as_json=as_json):
        desk = open_desk(Path(), sources)
        found = _remembered(desk) if remembered else asyncio.run(_looked(desk, session, photos=photos))
    if found is None:
        screen.say(NO_STATE_YET, session)
        found = Registry(project=desk.manifest.project.name, has_looked=False)
    if as_json:
        click.echo(encode_ids(found, photos=photos, version=__version__), nl=False)
    elif found.named or found.has_looked:
        screen.show(ids_text(found, photos=photos), session)
    return 0


def _remembered(desk: "Desk") -> "Registry | None":
    from lrplan.cli.trouble import tell
    from lrplan.storage.folder import FolderMemory
    from lrplan.workflow.naming import remembered_ids

    state = desk.manifest.project.state
    memory = FolderMemory(desk.folder / state, shown=state, tell=lambda one: tell([one]))
    return remembered_ids(desk.manifest, memory)


async def _looked(desk: "Desk", session: Session, *, photos: bool) -> "Registry":
    from lrplan.cli.progress import listening
    from lrplan.cli.wiring import surroundings
    from lrplan.workflow.naming import live_ids

    with listening(session) as events:
        async with surroundings(desk, events) as around:
            return await live_ids(desk.manifest, around, photos=photos)

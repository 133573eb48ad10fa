"""
`lrplan state`: what is remembered, and the repair of a state that is lost.

Looking and keeping are two runs of the event loop with the question between them, as for apply.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lrplan.cli.session import Session, everywhere, session_of

if TYPE_CHECKING:
    from lrplan.cli.desk import Desk
    from lrplan.workflow.rebuild import Kept, Rebuilding


@click.group()
@everywhere()
def state() -> None:
    """Show what is remembered, and make it anew when it is lost."""


@state.command()
@click.option("--json", "as_json", is_flag=True, envvar="LRPLAN_STATE_SHOW_JSON", help="Print JSON instead of text.")
@everywhere()
@click.pass_context
def show(context: click.Context, as_json: bool) -> int:
    """Show what is remembered, without network.

    Of each album and set: its id and generation, how many photos were put there and whether they were
    arranged, and where it was last declared; runs that did not end well; and who holds the lock.
    """
    from lrplan.cli import screen
    from lrplan.cli.trouble import explaining, tell
    from lrplan.formats.memory import encode_shown
    from lrplan.manifest.parse import parse_project
    from lrplan.render.memory import state_text
    from lrplan.sources.project import read_project_folder
    from lrplan.storage.folder import FolderMemory
    from lrplan.version import __version__

    sources: dict[str, bytes] = {}
    with explaining(sources, as_json=as_json):
        source = read_project_folder(Path())
        sources[source.file] = source.content
        project, said = parse_project(source)
        if project is None:  # mistakes in manifests are in nobody's way here
            from lrplan.diagnostics import Failure

            raise Failure(*said)
        memory = FolderMemory(Path(project.state), shown=project.state, tell=lambda one: tell([one]))
        remembered = memory.load_state()
        if remembered is not None and remembered.is_blank:
            remembered = None
        unfinished = tuple(run.id for run in memory.runs())
        holder = memory.holder()
    if as_json:
        content = encode_shown(remembered, unfinished=unfinished, holder=holder, version=__version__)
        click.echo(content, nl=False)
    else:
        screen.show(state_text(remembered, unfinished=unfinished, holder=holder), session_of(context))
    return 0


@state.command()
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, envvar="LRPLAN_STATE_REBUILD_JSON", help="Print the result as JSON.")
@everywhere()
@click.pass_context
def rebuild(context: click.Context, auto_approve: bool, as_json: bool) -> int:
    """Make a lost or damaged state anew, of what the catalog proves.

    Reads the live catalog, shows what would be remembered, and asks. Every declared album that is live is bound; photos
    that the manifests list and that are in it count as put there by lrplan. Albums of this project that no manifest
    declares are claimed: the next `plan` shows them as going. Nothing is sent to the service, and a damaged state is
    kept under another name.
    """
    import asyncio

    from lrplan.cli import screen
    from lrplan.cli.desk import open_desk
    from lrplan.cli.screen import say
    from lrplan.cli.trouble import explaining
    from lrplan.diagnostics import ExitCode
    from lrplan.render.memory import rebuilt_text

    session = session_of(context)
    if not auto_approve and not session.asks:
        raise click.UsageError("there is no terminal to ask on; --auto-approve answers for you", context)
    sources: dict[str, bytes] = {}
    with explaining(sources, as_json=as_json):
        desk = open_desk(Path(), sources)
        found = asyncio.run(_looked(desk, session))
        if not as_json or not auto_approve:  # whoever is asked must see it
            is_damaged, unreadable = found.left.damaged is not None, found.left.unreadable
            lines = rebuilt_text(found.rebuilt, is_damaged=is_damaged, unreadable=unreadable)
            screen.show(lines, session, err=as_json)
        if found.has_news and not auto_approve and not _approved(found):
            say("Nothing was changed.", session)
            _print(found, None, as_json=as_json)
            return ExitCode.INCOMPLETE
        kept = asyncio.run(_kept(desk, session, found)) if found.has_news else None
    _print(found, kept, as_json=as_json)
    if kept is not None:
        say(f"The damaged state is in {kept.aside}." if kept.aside else "The state is rebuilt.", session)
        say(f"Look at what follows from it: {session.command('plan')}", session)
    return ExitCode.DONE


def _approved(found: "Rebuilding") -> bool:
    from lrplan.render.memory import rebuild_question

    words = rebuild_question(found.rebuilt)
    if words:
        click.echo(words, err=True)
    try:
        answer = click.prompt("To do this, type yes", err=True, default="", show_default=False)
    except click.Abort:  # Ctrl-C or Ctrl-D: no is no
        click.echo(err=True)
        return False
    return str(answer).strip().lower() == "yes"


def _print(found: "Rebuilding", kept: "Kept | None", *, as_json: bool) -> None:
    from lrplan.formats.memory import encode_rebuilt
    from lrplan.version import __version__

    if as_json:
        content = encode_rebuilt(
            found.rebuilt,
            kept=kept.state if kept is not None else None,
            aside=kept.aside if kept is not None else "",
            is_damaged=found.left.damaged is not None,
            unreadable=found.left.unreadable,
            version=__version__,
        )
        click.echo(content, nl=False)


async def _looked(desk: "Desk", session: Session) -> "Rebuilding":
    from lrplan.cli.progress import listening
    from lrplan.cli.wiring import surroundings
    from lrplan.workflow.rebuild import look

    with listening(session) as events:
        async with surroundings(desk, events) as around:
            return await look(desk.manifest, around)


async def _kept(desk: "Desk", session: Session, found: "Rebuilding") -> "Kept":
    from lrplan.cli.progress import listening
    from lrplan.cli.wiring import surroundings
    from lrplan.workflow.rebuild import keep

    with listening(session) as events:
        async with surroundings(desk, events) as around:
            return await keep(found, around)

"""
`lrplan doctor`: would it work, and if not, what is in the way?

Examining and probing are two runs of the event loop with the question between them, as for apply: while a loop runs,
Ctrl-C would not end a prompt.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lrplan.cli.session import Session, everywhere, session_of

if TYPE_CHECKING:
    from lrplan.cli.examining import Files
    from lrplan.diagnostics import Diagnostic
    from lrplan.model.checkup import Check, Checkup
    from lrplan.model.probing import Probe

_STOPPING = "Stopping: removing what the probe has made. A second signal ends at once; the next doctor removes it then."
_DEFAULT_STATE = ".lrplan"  # docs/reference/contract.md, "A project"


@click.command()
@click.option(
    "--probe",
    "probing",
    is_flag=True,
    envvar="LRPLAN_DOCTOR_PROBE",
    help="Settle what no document says, with a throw-away album.",
)
@click.option("--yes", "--auto-approve", "auto_approve", is_flag=True, help="With --probe: do not ask.")
@click.option("--json", "as_json", is_flag=True, envvar="LRPLAN_DOCTOR_JSON", help="Print the result as JSON.")
@everywhere()
@click.pass_context
def doctor(context: click.Context, probing: bool, auto_approve: bool, as_json: bool) -> int:
    """Examine project, network, clock, credentials and catalog.

    A line for each question, with what to do where something is wrong. Works without a project too. Exits with the code
    of the first line that failed.

    --probe asks, makes a throw-away album and set, puts up to two photos of the catalog into the album, removes both
    again, and writes what it learned about the service to .lrplan/probe.json.
    """
    import asyncio

    from lrplan.cli.examining import read_files
    from lrplan.cli.screen import show
    from lrplan.render.checkup import checkup_text

    session = session_of(context)
    if auto_approve and not probing:
        raise click.UsageError("--yes belongs to --probe", context)
    if probing and not auto_approve and not session.asks:
        raise click.UsageError("there is no terminal to ask on; --yes answers for you", context)
    files = read_files(Path())
    checkup = asyncio.run(_examined(files, session))
    if not as_json:
        show(checkup_text(checkup), session)
    probe = None
    if probing:
        probe, check = _probed(files, checkup, session, auto_approve=auto_approve, as_json=as_json)
        if check is not None:
            checkup = _with(checkup, check)
    if as_json:
        from lrplan.formats.checkup import encode_checkup
        from lrplan.version import __version__

        click.echo(encode_checkup(checkup, probe, version=__version__), nl=False)
    return checkup.exit_code


async def _examined(files: "Files", session: Session) -> "Checkup":
    from lrplan.cli.examining import patient
    from lrplan.cli.progress import listening
    from lrplan.workflow.diagnose import diagnose

    with listening(session) as events:
        async with patient(files, events) as found:
            return await diagnose(found)


def _probed(
    files: "Files", checkup: "Checkup", session: Session, *, auto_approve: bool, as_json: bool
) -> "tuple[Probe | None, Check | None]":
    """Probe, where that makes sense and somebody agrees; what came of it, and the line about it."""
    import asyncio

    from lrplan.cli.screen import say, show
    from lrplan.cli.trouble import tell
    from lrplan.diagnostics import Failure, error
    from lrplan.model.checkup import Topic, failed, skipped
    from lrplan.render.checkup import probe_text

    because = checkup.obstacle_to_probing
    if because is not None:
        say(f"Not probed, because of {because}.", session)
        return None, skipped(Topic.PROBE, because=because)
    if not auto_approve and not _approved(checkup):
        say("Nothing was changed.", session)
        return None, failed(Topic.PROBE, error("LRP754", "the probe was not agreed to"))
    try:
        probe, check = asyncio.run(_probe(files, session))
    except Failure as failure:
        if not as_json:
            tell(failure.diagnostics)
        return None, failed(Topic.PROBE, *failure.diagnostics)
    file, said = _keep(files, probe)
    if not as_json:
        show(probe_text(probe, file=file), session)
        tell((*check.said, *said))
    return probe, failed(Topic.PROBE, *check.said, *said) if (*check.said, *said) else check


def _approved(checkup: "Checkup") -> bool:
    from lrplan.model.checkup import Topic
    from lrplan.render.escape import for_text

    catalog, account = checkup.of(Topic.CATALOG), checkup.of(Topic.ENTITLEMENT)
    where = for_text(f"{catalog.summary if catalog else ''} of {account.summary if account else ''}")
    click.echo(f"The probe makes a throw-away set and album in {where}", err=True)
    click.echo("It puts up to two photos into the album, changes no photo, and removes both again.", err=True)
    try:
        answer = click.prompt("To do this, type yes", err=True, default="", show_default=False)
    except click.Abort:  # Ctrl-C or Ctrl-D: no is no
        return False
    return str(answer).strip().lower() == "yes"


async def _probe(files: "Files", session: Session) -> "tuple[Probe, Check]":
    from lrplan.cli.examining import patient
    from lrplan.cli.progress import listening
    from lrplan.cli.stopping import stoppable
    from lrplan.diagnostics import Failure
    from lrplan.workflow.probe import probe, probe_check

    with stoppable(session, words=_STOPPING) as stop, listening(session) as events:
        async with patient(files, events) as found:
            if found.line is None:
                raise Failure(*found.obstacle)
            account = await found.line.service.account()
            done = await probe(
                found.line, account, endpoint=found.endpoint, clock=found.clock, events=events, stop=stop
            )
    return done, probe_check(done)


def _keep(files: "Files", probe: "Probe") -> "tuple[str, tuple[Diagnostic, ...]]":
    """Write the answers down; the name of the file, and what went wrong with it."""
    from lrplan.diagnostics import Failure
    from lrplan.formats.checkup import encode_probe
    from lrplan.storage.answers import keep_answers

    state = files.project.state if files.project is not None else _DEFAULT_STATE
    try:
        return keep_answers(files.folder / state, encode_probe(probe), shown=state), ()
    except Failure as failure:
        return "", failure.diagnostics


def _with(checkup: "Checkup", check: "Check") -> "Checkup":
    from attrs import evolve

    return evolve(checkup, checks=(*checkup.checks, check))

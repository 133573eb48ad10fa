"""`lrplan drift`: what somebody changed in Lightroom since the last apply."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lrplan.cli.session import Session, everywhere, session_of

if TYPE_CHECKING:
    from lrplan.cli.desk import Desk
    from lrplan.diff.outside import DriftReport


@click.command()
@click.option("--json", "as_json", is_flag=True, envvar="LRPLAN_DRIFT_JSON", help="Print JSON instead of text.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 when something was changed outside.")
@everywhere()
@click.pass_context
def drift(context: click.Context, as_json: bool, detailed_exitcode: bool) -> int:
    """Show what changed outside since the last apply.

    Compares the live catalog with what is remembered, not with the manifests: what you have edited there since is
    for `plan` to show. Changes nothing.
    """
    import asyncio

    from lrplan.cli.desk import open_desk
    from lrplan.cli.screen import show
    from lrplan.cli.trouble import explaining
    from lrplan.diagnostics import ExitCode
    from lrplan.formats.drift import encode_drift
    from lrplan.render.drift import drift_text
    from lrplan.version import __version__

    session = session_of(context)
    sources: dict[str, bytes] = {}
    with explaining(sources, as_json=as_json):
        report = asyncio.run(_looked(open_desk(Path(), sources), session))
    if as_json:
        click.echo(encode_drift(report, version=__version__), nl=False)
    else:
        show(drift_text(report), session)
    return ExitCode.CHANGES if detailed_exitcode and report.has_drift else ExitCode.DONE


async def _looked(desk: "Desk", session: Session) -> "DriftReport":
    from lrplan.cli.progress import listening
    from lrplan.cli.wiring import surroundings
    from lrplan.workflow.drift import drift as look

    with listening(session) as events:
        async with surroundings(desk, events) as around:
            return await look(desk.manifest, around)

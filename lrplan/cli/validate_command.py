"""`lrplan validate`: are the files right? No network, no credentials."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lrplan.cli.session import everywhere, session_of

if TYPE_CHECKING:
    from lrplan.manifest.entries import Manifest


@click.command()
@click.option("--json", "as_json", is_flag=True, envvar="LRPLAN_VALIDATE_JSON", help="Print the result as JSON.")
@everywhere()
@click.pass_context
def validate(context: click.Context, as_json: bool) -> int:
    """Check the project's files, without network.

    Names every mistake with its place, and exits with 3 if there is one.
    """
    from lrplan.cli.desk import read_desk
    from lrplan.cli.trouble import tell
    from lrplan.diagnostics import ExitCode, Failure

    try:
        manifest, said, sources = read_desk(Path())
    except Failure as failure:
        manifest, said, sources = None, failure.diagnostics, {}
    if as_json:
        from lrplan.formats.canonical import indented
        from lrplan.formats.resources import warning_to_layout

        result = {"valid": manifest is not None, "diagnostics": [warning_to_layout(one) for one in said]}
        click.echo(indented(result), nl=False)
    else:
        tell(said, sources)
        if manifest is not None:
            _say_valid(manifest, context)
    return ExitCode.DONE if manifest is not None else ExitCode.INVALID


def _say_valid(manifest: "Manifest", context: click.Context) -> None:
    from lrplan.cli.screen import show
    from lrplan.render.amounts import count
    from lrplan.render.line import Line, Tone

    listed = sum(len(album.members.values) for album in manifest.albums.values() if album.members is not None)
    what = f"{count(len(manifest.sets), 'set')}, {count(len(manifest.albums), 'album')}, {count(listed, 'member')}"
    show([Line(f"Valid: {what}.", Tone.GOOD)], session_of(context))

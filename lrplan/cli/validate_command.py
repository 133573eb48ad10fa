"""`lrplan validate`: are the files right? No network, no credentials."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lrplan.cli.session import everywhere, session_of

if TYPE_CHECKING:
    from lrplan.diagnostics import Diagnostic


@click.command()
@click.option("--json", "as_json", is_flag=True, envvar="LRPLAN_VALIDATE_JSON", help="Print the result as JSON.")
@everywhere()
@click.pass_context
def validate(context: click.Context, as_json: bool) -> int:
    """Check the project's files, without network.

    Names every mistake with its place, those of list files too, and exits with 3 if there is one. A file to upload that
    is not here is a warning: the catalog may have the photo.
    """
    from lrplan.cli.trouble import tell
    from lrplan.diagnostics import ExitCode

    valid, said, sources = _checked()
    if as_json:
        from lrplan.formats.mistakes import encode_mistakes

        click.echo(encode_mistakes(said, valid=bool(valid)), nl=False)
    else:
        tell(said, sources)
        if valid:
            _say_valid(valid, context)
    return ExitCode.DONE if valid else ExitCode.INVALID


def _checked() -> "tuple[str, tuple[Diagnostic, ...], dict[str, bytes]]":
    """What the project holds, "" when anything is wrong with it; what is wrong; the files that were read."""
    from lrplan.cli.desk import read_desk
    from lrplan.diagnostics import Failure, has_errors
    from lrplan.render.amounts import count
    from lrplan.sources.files import LocalFiles
    from lrplan.workflow.checking import check_files

    try:
        manifest, said, sources = read_desk(Path())
    except Failure as failure:
        return "", failure.diagnostics, {}
    if manifest is None:
        return "", said, sources
    project = manifest.project
    files = LocalFiles(Path(), manifests=project.manifests, cache=Path(project.state) / "cache")
    checked = check_files(manifest, files)
    sources.update(checked.lists)
    said = (*said, *checked.said)
    held = [count(len(manifest.sets), "set"), count(len(manifest.albums), "album"), count(checked.members, "member")]
    if checked.selects:
        held.append(count(checked.selects, "select"))
    return "" if has_errors(said) else ", ".join(held), said, sources


def _say_valid(what: str, context: click.Context) -> None:
    from lrplan.cli.screen import show
    from lrplan.render.line import Line, Tone

    show([Line(f"Valid: {what}.", Tone.GOOD)], session_of(context))

"""`lrplan demo`: the whole story on a stand-in, in a folder that stays."""

from itertools import count
from pathlib import Path

import click

from lrplan.cli.session import everywhere, session_of

_FOLDER = click.Path(file_okay=False, path_type=Path)
_DEFAULT = "lrplan-demo"


@click.command()
@click.argument("directory", required=False, type=_FOLDER)
@click.option("--photos", type=_FOLDER, help="Upload the photos of this folder, instead of using the example's own.")
@everywhere()
@click.pass_context
def demo(context: click.Context, directory: Path | None, photos: Path | None) -> int:
    """See it all in under a minute, without an account.

    Makes a project in DIRECTORY (default: lrplan-demo), applies it to a stand-in on this machine, kills an apply in the
    middle and finishes it. The project stays for you to play with.
    """
    import asyncio

    from lrplan.cli.demo.stage import Stage
    from lrplan.cli.demo.story import perform
    from lrplan.diagnostics import Failure, SourceSpan, error

    if photos is not None and not photos.is_dir():
        raise click.UsageError(f"--photos {photos}: there is no such folder", context)
    folder = _free_folder() if directory is None else directory
    try:
        if not _is_free(folder):
            raise click.UsageError(f"{folder} holds something already; remove it, or name another folder", context)
        asyncio.run(perform(Stage(folder, session_of(context)), photos))
    except OSError as problem:
        place = SourceSpan(file=str(problem.filename or folder), line=0, column=1)
        raise Failure(error("LRP101", f"the demonstration cannot go on: {problem.strerror}", span=place)) from problem
    return 0


def _free_folder() -> Path:
    """The first of lrplan-demo, lrplan-demo-2, … that is free."""
    return next(
        folder for number in count(1) if _is_free(folder := Path(_DEFAULT if number == 1 else f"{_DEFAULT}-{number}"))
    )


def _is_free(folder: Path) -> bool:
    return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))

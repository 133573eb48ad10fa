"""`lrplan sandbox`: the stand-in for Adobe's service, served until a signal."""

import signal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lrplan.cli.session import Session, everywhere, session_of

if TYPE_CHECKING:
    from lrplan.sandbox import SandboxOptions

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.option("--data", required=True, type=_FOLDER, help="Where it keeps its catalog; made if it is missing.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Default: any that is free.")
@click.option("--photos", type=_FOLDER, help="Put the pictures of this folder into its catalog first.")
@click.option("--untidy", is_flag=True, help="Stray from the contract where the live service was seen to.")
@click.option("--latency", type=click.IntRange(0), default=0, metavar="MS", help="Answer that much later.")
@click.option("--rate", type=click.FloatRange(0), default=0, help="Calls a second above which the answer is 429.")
@click.option(
    "--token-life",
    type=click.IntRange(0),
    metavar="SECONDS",
    help="Life of what its sign-in gives; default: a day.",
)
@everywhere()
@click.pass_context
def sandbox(
    context: click.Context,
    data: Path,
    port: int,
    photos: Path | None,
    untidy: bool,
    latency: int,
    rate: float,
    token_life: int | None,
) -> int:
    """Serve a stand-in for Adobe's service, on this machine.

    Prints three lines to set in another terminal, then serves until it is stopped. It speaks the calls of the published
    Lightroom Services API and of Adobe's sign-in over a catalog in a folder, and shows the catalog in a browser.
    """
    import asyncio

    from lrplan.sandbox import SandboxOptions
    from lrplan.sandbox.options import TOKEN_LIFE_S

    if photos is not None and not photos.is_dir():
        raise click.UsageError(f"--photos {photos}: there is no such folder", context)
    options = SandboxOptions(
        data=data,
        port=port,
        photos=photos,
        untidy=untidy,
        latency_ms=latency,
        rate=rate,
        token_life_s=TOKEN_LIFE_S if token_life is None else token_life,
    )
    asyncio.run(_serve(options, session_of(context)))
    return 0


async def _serve(options: "SandboxOptions", session: Session) -> None:
    import asyncio

    from lrplan.cli.screen import say
    from lrplan.cli.stand_in import stand_in

    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with stand_in(options) as served:
        click.echo(f"export LRPLAN_ENDPOINT={served.endpoint}")
        click.echo(f"export LRPLAN_API_KEY={served.api_key}")
        click.echo(f"export LRPLAN_ACCESS_TOKEN={served.access_token}")
        if options.photos is not None:
            say(_taken(options.photos), session)
        say(f"Serving until Ctrl-C; look at it in a browser: {served.endpoint}/", session)
        await stopped.wait()


def _taken(photos: Path) -> str:
    from lrplan.render.amounts import count
    from lrplan.render.escape import for_text
    from lrplan.sandbox.photos import media_in

    media, skipped = media_in(photos)
    left_out = f", {count(skipped, 'other file')} skipped" if skipped else ""
    return f"{count(len(media), 'photo')} from {for_text(str(photos))}{left_out}."

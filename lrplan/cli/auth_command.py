"""`lrplan auth`: sign in to Adobe, look how that stands, sign out. No token is ever printed."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lrplan.cli.session import everywhere, session_of

if TYPE_CHECKING:
    from lrplan.storage.tokens import LocalTokens, Place

REDIRECT = "https://localhost:8765/"  # ours: a port that nothing is known to use


@click.group()
@everywhere()
def auth() -> None:
    """Sign in to Adobe, look how that stands, sign out.

    What is signed in is kept in the system's keyring or in a file that only you can read, and renewed as needed.
    """


@auth.command()
@click.option("--paste", is_flag=True, help="Paste the address at which the browser ends; for another machine's.")
@click.option(
    "--redirect", default=REDIRECT, metavar="URI", help=f"As registered for the credential. Default: {REDIRECT}"
)
@click.option("--native", is_flag=True, help="The credential has no client secret: native, or single-page app.")
@click.option(
    "--store",
    type=click.Choice(["auto", "keyring", "file"]),
    default="auto",
    help="Where to keep it. Default: the keyring, if there is one.",
)
@everywhere()
@click.pass_context
def login(context: click.Context, paste: bool, redirect: str, native: bool, store: "Place") -> int:
    """Sign in with the browser.

    Takes LRPLAN_API_KEY and LRPLAN_CLIENT_SECRET from the environment, or asks for them.
    """
    import asyncio
    import os
    import secrets

    from lrplan.cli.access import given_by
    from lrplan.cli.screen import say
    from lrplan.cli.signing import signed_in
    from lrplan.cli.wiring import ims_endpoint
    from lrplan.lightroom.authorize import Request, local_port
    from lrplan.model.ids import ServiceId
    from lrplan.model.sign_in import Slot

    session = session_of(context)
    if not session.asks:
        raise click.UsageError("a person has to sign in, and there is no terminal to ask on", context)
    if native and redirect == REDIRECT and not paste:
        raise click.UsageError("--native needs --redirect: the redirect URI that Adobe shows for it", context)
    is_local = local_port(redirect) is not None
    issuer, given = ims_endpoint(), given_by(os.environ)
    api_key = given.api_key or _ask("API key (client id)")
    secret = "" if native else given.client_secret or _ask("Client secret", hidden=True)
    tokens = _tokens(store)
    verifier = secrets.token_urlsafe(64) if native else ""
    request = Request(redirect=redirect, state=secrets.token_urlsafe(32), verifier=verifier)
    slot = Slot(api_key=ServiceId(api_key), issuer=issuer)
    done = asyncio.run(signed_in(slot, secret, request, tokens, by_paste=paste or not is_local))
    whose = f" as {done.whose}" if done.whose else ""
    say(f"Signed in{whose}. Kept in {tokens.where(slot)}.", session)
    if not done.refresh_token:
        say("There is no refresh token: this holds until the access token expires, about a day.", session)
    return 0


@auth.command()
@click.option("--json", "as_json", is_flag=True, envvar="LRPLAN_AUTH_STATUS_JSON", help="Print JSON instead of text.")
@everywhere()
@click.pass_context
def status(context: click.Context, as_json: bool) -> int:
    """Show whose the credentials are, and until when.

    Of the project in this folder, if there is one. Exits with 4 when they are dead.
    """
    from lrplan.cli.auth_status import show_status

    return show_status(Path(), session_of(context), as_json=as_json)


@auth.command()
@everywhere()
@click.pass_context
def logout(context: click.Context) -> int:
    """End the sign-in, with Adobe and here."""
    import asyncio
    import os

    from lrplan.cli.access import api_key_of, given_by
    from lrplan.cli.screen import say
    from lrplan.cli.signing import signed_out
    from lrplan.cli.trouble import tell
    from lrplan.cli.wiring import ims_endpoint
    from lrplan.model.sign_in import Slot

    session, issuer, given, tokens = session_of(context), ims_endpoint(), given_by(os.environ), _tokens()
    if not tokens.api_keys(issuer):
        say("Nobody is signed in.", session)
        return 0
    slot = Slot(api_key=api_key_of(given, tokens, issuer=issuer), issuer=issuer)
    was_there, said = asyncio.run(signed_out(slot, tokens))
    tell(said)
    say("Signed out." if was_there else "Nobody is signed in with this API key.", session)
    return 0


def _tokens(place: "Place" = "auto") -> "LocalTokens":
    import os

    from lrplan.cli.access import token_folder
    from lrplan.sources.clock import SystemClock
    from lrplan.storage.tokens import LocalTokens

    return LocalTokens(token_folder(os.environ), clock=SystemClock(), place=place)


def _ask(question: str, *, hidden: bool = False) -> str:
    return str(click.prompt(question, err=True, hide_input=hidden)).strip()

"""
What happens around the browser during `lrplan auth login`, and the way out.

With a redirect address on this machine a server waits for the browser to come back; else the person pastes the address
at which it ended. The address to open is printed in both cases, for browsers that do not open by themselves.
"""

import signal
import tempfile
import threading
import webbrowser
from collections.abc import Awaitable, Callable
from pathlib import Path

import click

from lrplan.diagnostics import Diagnostic
from lrplan.events import Event
from lrplan.lightroom.authorize import Request, authorization_url, code_from
from lrplan.lightroom.callback import way_back
from lrplan.lightroom.ims import connect_ims
from lrplan.model.sign_in import SignIn, Slot
from lrplan.ports import TokenStore
from lrplan.sources.certificate import make_certificate
from lrplan.sources.clock import SystemClock
from lrplan.workflow.sign_in import sign_in, sign_out


class Silent:
    """Hears everything and says nothing: a bar would paint over the questions."""

    def emit(self, event: Event) -> None:
        """Hear *event*."""


async def signed_in(slot: Slot, secret: str, request: Request, store: TokenStore, *, by_paste: bool) -> SignIn:
    """Sign in with the browser. Failure as `workflow.sign_in`; click.Abort when the person gives up."""
    clock = SystemClock()
    obtain = _by_paste(slot, request) if by_paste else _by_browser(slot, request)
    async with connect_ims(endpoint=slot.issuer, api_key=slot.api_key, clock=clock, events=Silent()) as ims:
        return await sign_in(
            slot,
            client_secret=secret,
            redirect=request.redirect,
            verifier=request.verifier,
            obtain_code=obtain,
            issuer=ims,
            store=store,
            clock=clock,
        )


async def signed_out(slot: Slot, store: TokenStore) -> tuple[bool, tuple[Diagnostic, ...]]:
    """Sign out. Returns whether there was a sign-in, and what the sign-in service did not do."""
    clock = SystemClock()
    async with connect_ims(endpoint=slot.issuer, api_key=slot.api_key, clock=clock, events=Silent()) as ims:
        return await sign_out(slot, issuer=ims, store=store)


def _by_paste(slot: Slot, request: Request) -> Callable[[], Awaitable[str]]:
    async def obtain() -> str:
        click.echo(
            "Open this address, sign in, and agree. The browser then ends at an address that begins with\n"
            f"{request.redirect}, be there anything to see or not.\n\n"
            f"{authorization_url(slot.issuer, slot.api_key, request)}\n",
            err=True,
        )
        # Only the loop is asked to stop by Ctrl-C, and it stands still while somebody types.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return code_from(str(click.prompt("That address", err=True)), request)
        finally:
            signal.signal(signal.SIGINT, before)

    return obtain


def _by_browser(slot: Slot, request: Request) -> Callable[[], Awaitable[str]]:
    async def obtain() -> str:
        address = authorization_url(slot.issuer, slot.api_key, request)
        with tempfile.TemporaryDirectory(prefix="lrplan-") as folder:
            certificate, key = make_certificate(Path(folder))
            async with way_back(request, certificate=certificate, key=key) as wait:
                click.echo(
                    "The browser opens; if it does not, open this address yourself. Sign in, and agree. At the end it\n"
                    "warns of a certificate that nobody vouches for: it is lrplan's own, on this machine. Go on.\n\n"
                    f"{address}\n",
                    err=True,
                )
                # Some browsers only come back when they are closed, and nobody waits for that.
                threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
                return await wait()

    return obtain

"""
The way back from the browser: a server on loopback, for one sign-in, that takes the code and says that it has it.

Anything on this machine may call it. So only a request that brings the state of this sign-in counts; all others are
told that they are wrong, and it goes on waiting.
"""

import asyncio
import errno
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from lrplan.diagnostics import Failure, error
from lrplan.lightroom.authorize import Request, code_from, is_answer, local_port

PATIENCE_S = 300.0  # ours: a person signs in, perhaps with a second factor
_PAGE = """<!doctype html><meta charset="utf-8"><title>lrplan</title><p>{}</p>"""
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'",
}

Wait = Callable[[], Awaitable[str]]


@asynccontextmanager
async def way_back(
    request: Request, *, certificate: Path, key: Path, patience_s: float = PATIENCE_S
) -> AsyncIterator[Wait]:
    """Serve the redirect address of *request*, which is on loopback; yields what waits for the code.

    Raises:
        Failure: LRP308, the port is taken, nobody comes in time, or what comes is a refusal.
    """
    came: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    wanted = urlsplit(request.redirect).path or "/"

    async def handle(asked: web.BaseRequest) -> web.StreamResponse:
        if asked.method != "GET" or asked.path != wanted or not is_answer(asked.raw_path, request):
            return _page(400 if asked.path == wanted else 404, "This is not the answer to a sign-in of lrplan.")
        if not came.done():
            came.set_result(asked.raw_path)
        return _page(200, "lrplan has its answer. You can close this window.")

    async def wait() -> str:
        try:
            async with asyncio.timeout(patience_s):
                return code_from(await came, request)
        except TimeoutError:
            why = f"Nobody came back to {request.redirect} within {patience_s / 60:g} minutes."
            hint = "see that this very address is registered for the credential, or use `lrplan auth login --paste`"
            raise Failure(error("LRP308", "the browser did not come back", why=why, hint=hint)) from None

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    runner = web.ServerRunner(web.Server(handle, access_log=None), shutdown_timeout=1.0)
    await runner.setup()
    try:
        port = local_port(request.redirect)
        host = urlsplit(request.redirect).hostname
        try:
            await web.TCPSite(runner, host, port, ssl_context=context).start()
        except OSError as problem:
            reason = "it is taken" if problem.errno == errno.EADDRINUSE else problem.strerror or "it cannot be opened"
            hint = "use `lrplan auth login --paste`, or another port in --redirect"
            why = f"The browser is to come back to port {port}: {reason}."
            raise Failure(error("LRP308", "no way back from the browser", why=why, hint=hint)) from None
        yield wait
    finally:
        await runner.cleanup()


def _page(status: int, words: str) -> web.Response:
    return web.Response(status=status, text=_PAGE.format(words), content_type="text/html", headers=_HEADERS)

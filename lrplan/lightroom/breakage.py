"""
What a broken attempt means, in plain words: what happened, what may help, and whether it may pass by itself.

Certificates and addresses do not heal by waiting; all else may.

The surprising case: the HTTP client would send a request that only reads, or that sets, once more by itself when a kept
connection turns out to be dropped, at once and uncounted. `tried_once` takes that away from it, so that every attempt
is one of those that `retry` judges.
"""

import errno
import ssl

import aiohttp
from attrs import frozen

from lrplan.lightroom.secrets import cleaned

CLOCK_REASONS = ("expired", "not yet valid")  # OpenSSL's words for a certificate outside its time


class Dropped(aiohttp.ClientConnectionError):
    """The connection ended before an answer came."""


async def tried_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """A middleware of the HTTP client: a dropped connection is an error, not a reason to send again unasked."""
    try:
        return await handler(request)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as dropped:
        raise Dropped from dropped


@frozen(kw_only=True)
class Broken:
    """An attempt that brought no whole answer.

    Attributes:
        reached: A connection had stood.
        may_pass: It may go better next time.
    """

    why: str
    reached: bool
    hint: str = ""
    may_pass: bool = True


def broken(problem: Exception) -> Broken:
    """Say why an attempt brought no answer."""
    match problem:
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientConnectorSSLError() | ssl.SSLError():
            return _without_trust(problem)
        case aiohttp.ClientProxyConnectionError() | aiohttp.ClientHttpProxyError():
            return Broken(why="the proxy does not let the call through", reached=False, hint="check HTTPS_PROXY")
        case aiohttp.ClientConnectorDNSError():
            return Broken(why="its name does not resolve", reached=False, hint="check the network and the endpoint")
        case aiohttp.ClientConnectorError() if problem.errno == errno.ECONNREFUSED:
            why = "connecting failed (Connection refused)"
            return Broken(why=why, reached=False, hint="see that the service runs there, and check the endpoint")
        case aiohttp.ClientConnectorError():
            why = cleaned(problem.os_error.strerror or "no connection", secrets=())
            return Broken(why=f"connecting failed ({why})", reached=False, hint="check the network and the endpoint")
        case aiohttp.ConnectionTimeoutError():
            why = "no connection within the time allowed"
            return Broken(why=why, reached=False, hint="check the network, the endpoint and proxies")
        case TimeoutError():
            return Broken(why="it fell silent", reached=True)
        case aiohttp.ClientPayloadError():
            return Broken(why="its answer ended too early or could not be unpacked", reached=True)
        case aiohttp.InvalidURL():
            return Broken(why="the address is not valid", reached=False, hint="check the endpoint", may_pass=False)
        case aiohttp.ClientResponseError():
            return Broken(why="it did not answer in HTTP", reached=True)
        case _:
            return Broken(why="the connection broke", reached=True)


def _without_trust(problem: Exception) -> Broken:
    cause = getattr(problem, "certificate_error", None) or getattr(problem, "os_error", problem)
    said = getattr(cause, "verify_message", "") or getattr(cause, "reason", "") or "certificate not trusted"
    hint = "behind a proxy that signs its own certificates, set SSL_CERT_FILE to its CA; check the endpoint's name"
    if any(word in str(said) for word in CLOCK_REASONS):
        hint = "check the date and time of this machine; if they are right, the service's certificate is not"
    return Broken(why=f"TLS failed ({cleaned(str(said), secrets=())})", reached=False, hint=hint, may_pass=False)

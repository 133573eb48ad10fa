"""An endpoint of the environment is named when nobody answers there, beside what is wrong with it."""

import ssl

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from lrplan.cli.endpoint import naming_it
from lrplan.diagnostics import Failure, error
from lrplan.lightroom.breakage import broken
from lrplan.lightroom.call import Call
from lrplan.lightroom.refusals import unreachable

ENVIRONMENT = {"LRPLAN_ENDPOINT": "https://stand-in.example:8443"}
PLACE = ConnectionKey("stand-in.example", 8443, True, None, None, None, None)


def certificate(words: str) -> Exception:
    problem = ssl.SSLCertVerificationError(1, "failed")
    problem.verify_message = words
    return aiohttp.ClientConnectorCertificateError(PLACE, problem)


@pytest.mark.parametrize(
    ("problem", "helps"),
    [
        (certificate("self-signed certificate"), "SSL_CERT_FILE"),
        (certificate("Hostname mismatch"), "the endpoint's name"),
        (certificate("certificate has expired"), "date and time of this machine"),
        (aiohttp.ClientProxyConnectionError(PLACE, OSError(111, "refused")), "HTTPS_PROXY"),
        (aiohttp.ClientConnectorDNSError(PLACE, OSError(-2, "unknown")), "check the network and the endpoint"),
        (
            aiohttp.ClientConnectorError(PLACE, ConnectionRefusedError(111, "refused")),
            "see that the service runs there",
        ),
        (aiohttp.ConnectionTimeoutError(), "proxies"),
    ],
)
def test_what_may_help_is_said_beside_where_the_address_came_from(problem: Exception, helps: str) -> None:
    found = broken(problem)
    failure = unreachable(Call(method="GET", route="/v2/account", target="/v2/account"), found.why, hint=found.hint)
    with pytest.raises(Failure) as named, naming_it(ENVIRONMENT):
        raise failure
    (said,) = named.value.diagnostics
    assert said.why.endswith("LRPLAN_ENDPOINT is set to https://stand-in.example:8443, and beats lrplan.yaml.")
    assert helps in said.hint
    assert said.hint.endswith("if LRPLAN_ENDPOINT is left over from earlier, unset it")


def test_who_answered_needs_no_word_about_the_address() -> None:
    failure = Failure(error("LRP802", "the Lightroom service kept failing", why="GET /v2/account.", hint="try again"))
    with pytest.raises(Failure) as same, naming_it(ENVIRONMENT):
        raise failure
    assert same.value.diagnostics == failure.diagnostics

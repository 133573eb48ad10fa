"""
A certificate that this machine makes for itself, so that a browser can come back from a sign-in over https.

Adobe takes only https addresses for web-app credentials, on loopback too. Nobody vouches for the certificate, so the
browser warns once; what it would protect never leaves the machine.

The surprising case: Python can speak TLS but not make certificates. The program openssl can, and is on nearly every
system; where it is missing, the person pastes the address instead.
"""

import subprocess
from pathlib import Path

from lrplan.diagnostics import Failure, error

_DAYS = 1  # ours: it serves one sign-in
_TIMEOUT_S = 30  # ours
_CONFIG = """\
[req]
distinguished_name = name
x509_extensions = use
prompt = no
[name]
CN = localhost
[use]
subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1
basicConstraints = critical, CA:FALSE
extendedKeyUsage = serverAuth
"""


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for loopback and its key in *folder*, which only its owner may enter.

    Raises:
        Failure: LRP308, openssl is missing or fails.
    """
    config, certificate, key = folder / "openssl.cnf", folder / "certificate.pem", folder / "key.pem"
    command = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", str(_DAYS), "-config", str(config))
    try:
        config.write_text(_CONFIG, encoding="ascii")
        done = subprocess.run(  # noqa: S603 - fixed words, no shell
            [*command, "-keyout", str(key), "-out", str(certificate)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
    except FileNotFoundError:
        raise _failure("The program openssl, which makes it, is not installed.") from None
    except (OSError, subprocess.TimeoutExpired) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "it does not end"
        raise _failure(f"The program openssl, which makes it, cannot be used: {reason}.") from None
    if done.returncode != 0:
        raise _failure(f"The program openssl, which makes it, ended with exit code {done.returncode}.")
    return certificate, key


def _failure(why: str) -> Failure:
    hint = "use `lrplan auth login --paste`: the browser then needs no answer from this machine"
    return Failure(error("LRP308", "no certificate for the way back from the browser", why=why, hint=hint))

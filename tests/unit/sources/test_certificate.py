"""The certificate that this machine makes for itself."""

import shutil
import ssl
from pathlib import Path

import pytest

from lrplan.diagnostics import Failure
from lrplan.sources.certificate import make_certificate

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="the program openssl is not installed")


@needs_openssl
def test_it_serves_this_machine_under_its_usual_names(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    trusting = ssl.create_default_context(cafile=str(certificate))
    assert len(trusting.get_ca_certs()) <= 1
    assert (key.stat().st_mode & 0o077) == 0


@pytest.mark.parametrize("script", [None, "#!/bin/sh\nexit 1\n", "not a program"])
def test_without_openssl_the_way_on_is_pasting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None
) -> None:
    path = tmp_path / "bin"
    path.mkdir()
    if script is not None:
        (path / "openssl").write_text(script)
        (path / "openssl").chmod(0o700)
    monkeypatch.setenv("PATH", str(path))
    with pytest.raises(Failure) as caught:
        make_certificate(tmp_path)
    (said,) = caught.value.diagnostics
    assert said.code == "LRP308"
    assert "--paste" in said.hint

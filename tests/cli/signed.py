"""A sandbox and a sign-in service that knows it: every token that the one hands out opens the other."""

import json
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import frozen

from tests.cli.conftest import ROOT, clean_environment
from tests.fake_ims import FakeIms, serving


@frozen(kw_only=True)
class Signed:
    """Both services, and what a command must know to use them."""

    ims: FakeIms
    endpoint: str
    config: Path

    @property
    def environment(self) -> dict[str, str]:
        """Where the services are, and a place for sign-ins; no secret yet."""
        return {
            "LRPLAN_ENDPOINT": self.endpoint,
            "LRPLAN_IMS_ENDPOINT": self.ims.endpoint,
            "XDG_CONFIG_HOME": str(self.config),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }

    def control(self, path: str, document: Any, *, method: str = "POST") -> None:
        """Tell the sandbox something."""
        body = json.dumps(document).encode()
        request = urllib.request.Request(f"{self.endpoint}/sandbox/{path}", body, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.status == 200

    def accept(self, token: str) -> str:
        """Let an access token open the sandbox."""
        self.control("seed", {"tokens": [{"token": token}]})
        return token


@contextmanager
def signed(folder: Path, seeded: Path, *, api_key: str, secret: str) -> Iterator[Signed]:
    """Serve both until the block is left; the catalog has the example's photos."""
    shutil.copytree(seeded, folder / "served")
    command = [sys.executable, "-m", "lrplan", "-q", "sandbox", "--data", str(folder / "served")]
    with (
        serving(FakeIms(api_key=api_key, secret=secret)) as ims,
        subprocess.Popen(command, env=clean_environment(), stdout=subprocess.PIPE, text=True) as sandbox,
    ):
        assert sandbox.stdout is not None
        endpoint = sandbox.stdout.readline().strip().partition("=")[2]
        both = Signed(ims=ims, endpoint=endpoint, config=folder / "config")
        both.control("seed", {"api_keys": [api_key]})
        ims.on_issue = both.accept
        try:
            yield both
        finally:
            sandbox.terminate()
            assert sandbox.wait(60) == 0


def project(folder: Path, *, more: str = "") -> Path:
    """The example's project in a folder of its own."""
    folder.mkdir()
    (folder / "lrplan.yaml").write_text(f"lrplan: 1\nproject: studio\n{more}")
    shutil.copytree(ROOT / "manifests", folder / "manifests")
    return folder

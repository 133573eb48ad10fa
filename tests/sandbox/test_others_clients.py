"""
Clients that others wrote, unmodified, on the sandbox.

The vendor's samples are not on a package index: clone https://github.com/AdobeDocs/lightroom-partner-apis and give its
folder, `LRPLAN_VENDOR_SAMPLES=lightroom-partner-apis pytest tests/sandbox/test_others_clients.py`. They need Node.js.
"""

import asyncio
import json
import os
import shutil
from pathlib import Path

import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session

from lrplan.sandbox import RunningSandbox, SandboxOptions, running

HERE = Path(__file__).parent / "vendor_samples"
SAMPLES = os.environ.get("LRPLAN_VENDOR_SAMPLES", "")
NODE = shutil.which("node")
SCOPE = "openid,AdobeID,lr_partner_apis,offline_access"


def sign_in(box: RunningSandbox, method: str) -> None:
    """Sign in, ask who it is, renew, call the service, revoke."""
    end = box.endpoint
    client = OAuth2Session(
        "sandbox",
        "sandbox-secret",
        scope=SCOPE,
        redirect_uri="https://127.0.0.1:9/back",
        token_endpoint_auth_method=method,
        code_challenge_method="S256",
    )
    verifier = generate_token(64)
    url, state = client.create_authorization_url(f"{end}/ims/authorize/v2", code_verifier=verifier)
    allowed = requests.get(f"{url}&decision=allow", allow_redirects=False, timeout=60)
    first = client.fetch_token(
        f"{end}/ims/token/v3",
        authorization_response=allowed.headers["Location"],
        code_verifier=verifier,
        state=state,
    )
    assert client.get(f"{end}/ims/userinfo/v2").json()["email"]
    second = client.refresh_token(f"{end}/ims/token/v3", refresh_token=first["refresh_token"])
    assert second["refresh_token"] != first["refresh_token"]
    account = {"url": f"{end}/v2/account", "headers": {"X-API-Key": "sandbox"}}
    assert client.get(**account).status_code == 200
    assert client.revoke_token(f"{end}/ims/revoke", token=second["access_token"]).status_code == 200
    assert client.get(**account).status_code in {401, 403}


@pytest.mark.parametrize("method", ["client_secret_post", "client_secret_basic"])
def test_a_known_oauth_library_signs_in_renews_and_revokes(method, tmp_path, monkeypatch):
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # the sandbox has no certificate

    async def scenario() -> None:
        async with running(SandboxOptions(data=tmp_path)) as box:
            await asyncio.to_thread(sign_in, box, method)

    asyncio.run(scenario())


@pytest.mark.skipif(not SAMPLES, reason="needs the vendor's samples: LRPLAN_VENDOR_SAMPLES names their folder")
@pytest.mark.skipif(NODE is None, reason="needs Node.js")
def test_the_vendors_own_samples_upload_and_fill_an_album(tmp_path, jpeg):
    assert NODE is not None
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(jpeg(1, size=100_000))

    async def scenario() -> bytes:
        async with running(SandboxOptions(data=tmp_path / "data")) as box:
            node = await asyncio.create_subprocess_exec(
                *(NODE, "--require", str(HERE / "hosts.cjs"), str(HERE / "drive.mjs"), SAMPLES, str(photo)),
                env={**os.environ, "SANDBOX_PORT": box.endpoint.rpartition(":")[2]},
                stdout=asyncio.subprocess.PIPE,
            )
            written, _ = await node.communicate()
            assert node.returncode == 0
            return written

    found = json.loads(asyncio.run(scenario()).splitlines()[-1])
    assert found.pop("health")
    assert found == {
        "incomplete": [1, 0],
        "again": [412, True],
        "albums": ["A set", "An album"],
        "members": ["r-1"],
        "cover": "ffd8ff",
    }

"""`lrplan auth` and commands that live on what it stored: a person at a terminal, and a sign-in service on loopback."""

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiohttp import web

from tests.cli.conftest import Ended, clean_environment, run_lrplan
from tests.cli.terminal import on_terminal
from tests.fake_ims import FakeIms, serving

KEY, SECRET = "marked-key", "marked-secret"
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="the program openssl is not installed")


@pytest.fixture
def ims() -> Iterator[FakeIms]:
    with serving(FakeIms(api_key=KEY, secret=SECRET)) as served:
        yield served


@pytest.fixture
def environment(ims: FakeIms, tmp_path: Path) -> dict[str, str]:
    return {
        "LRPLAN_IMS_ENDPOINT": ims.endpoint,
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "TERM": "xterm",
    }


Typed = Callable[..., Ended]


@pytest.fixture
def typed(tmp_path: Path, environment: dict[str, str]) -> Typed:
    """Run lrplan on a terminal."""

    def run(
        *words: str,
        text: str = "",
        env: dict[str, str] | None = None,
        reply: Callable[[str], str] | None = None,
    ) -> Ended:
        command = [sys.executable, "-m", "lrplan", *words]
        around = clean_environment(environment | (env or {}))
        return on_terminal(command, cwd=tmp_path, env=around, typed=text, reply=reply)

    return run


def credentials(environment: dict[str, str]) -> Path:
    return Path(environment["XDG_CONFIG_HOME"]) / "lrplan" / "credentials.json"


def signed_in(ims: FakeIms, environment: dict[str, str], **changes: str) -> None:
    """What a sign-in of yesterday left behind; its access token still works."""
    access = "marked-access"
    ims.access.add(access)
    ims.give_refresh_token("marked-refresh")
    entry = {
        "apiKey": KEY,
        "issuer": ims.endpoint,
        "accessToken": access,
        "issuedAt": "2020-01-01T00:00:00Z",
        "expiresAt": "2999-01-01T00:00:00Z",
        "refreshToken": "marked-refresh",
        "refreshExpiresAt": "2999-01-01T00:00:00Z",
        "clientSecret": SECRET,
        "whose": "ansel@example.com",
    }
    file = credentials(environment)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps({"formatVersion": 1, "signIns": [entry | changes]}))


@needs_openssl
def test_signing_in_with_the_browser_keeps_tokens_and_prints_none(
    ims: FakeIms, typed: Typed, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "browser.py").write_text(
        "import ssl, sys, urllib.request\n"
        "from urllib.parse import urlsplit, parse_qs\n"
        "query = parse_qs(urlsplit(sys.argv[1]).query)\n"
        "back = query['redirect_uri'][0] + '?code=the-code&state=' + query['state'][0]\n"
        "urllib.request.urlopen(back, context=ssl._create_unverified_context()).read()\n"
    )
    redirect = f"https://localhost:{_free_port()}/"
    ims.codes["the-code"] = (redirect, "")
    # A hidden question throws away what was typed before it, so the secret is not typed here.
    browser = {"BROWSER": f"{sys.executable} {tmp_path / 'browser.py'} %s", "LRPLAN_CLIENT_SECRET": SECRET}
    ended = typed("auth", "login", "--redirect", redirect, "--store", "file", text=f"{KEY}\n", env=browser)
    assert ended.code == 0, ended.err
    assert "Signed in as ansel@example.com." in ended.err
    file = credentials(environment)
    assert file.stat().st_mode & 0o777 == 0o600
    (entry,) = json.loads(file.read_text())["signIns"]
    assert (entry["accessToken"], entry["refreshToken"]) == ("access-number-1", "refresh-number-1")
    assert SECRET not in ended.err
    assert "number-1" not in ended.out + ended.err.replace("code-number-1", "")


def approving(ims: FakeIms) -> Callable[[str], str]:
    """A person who opens the printed address, agrees, and pastes where the browser ended."""

    def reply(painted: str) -> str:
        if not painted.endswith("That address: "):
            return ""
        found = re.search(r"http://127[^ ]+/ims/authorize/[^ \r\n]+", painted)
        assert found is not None
        return ims.approve(found[0]) + "\n"

    return reply


@pytest.mark.parametrize("is_native", [False, True])
def test_signing_in_by_pasting(
    ims: FakeIms, typed: Typed, environment: dict[str, str], tmp_path: Path, is_native: bool
) -> None:
    secrets = {"LRPLAN_API_KEY": KEY, "LRPLAN_CLIENT_SECRET": SECRET}
    words = ["auth", "login", "--store", "file"]
    if is_native:
        ims.secret = ""
        words += ["--native", "--redirect", f"adobe+1://adobeid/{KEY}"]
    else:
        words += ["--paste"]
    ended = typed(*words, env=secrets, reply=approving(ims))
    assert ended.code == 0, ended.err
    assert ("There is no refresh token" in ended.err) is is_native
    (entry,) = json.loads(credentials(environment).read_text())["signIns"]
    assert ("refreshToken" in entry, "clientSecret" in entry) == (not is_native, not is_native)
    assert run_lrplan("auth", "status", cwd=tmp_path, env=environment).code == 0


def test_signing_in_by_pasting_checks_the_state(ims: FakeIms, typed: Typed, environment: dict[str, str]) -> None:
    secrets = {"LRPLAN_API_KEY": KEY, "LRPLAN_CLIENT_SECRET": SECRET}
    ended = typed("auth", "login", "--paste", text="https://localhost:8765/?code=c&state=other\n", env=secrets)
    assert ended.code == 4
    assert "error[LRP308]: the address is not the answer to this sign-in" in ended.err
    assert not credentials(environment).exists() or "accessToken" not in credentials(environment).read_text()
    assert f"{ims.endpoint}/ims/authorize/v2?client_id={KEY}" in re.sub(r"\s", "", ended.err)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["login"], "there is no terminal to ask on"),
        (["login", "--no-input"], "there is no terminal to ask on"),
        (["login", "--store", "cloud"], "'cloud' is not one of"),
        ([], "Usage: lrplan auth"),
        (["bogus"], "No such command"),
    ],
)
def test_without_a_person_nobody_signs_in(
    tmp_path: Path, environment: dict[str, str], words: list[str], says: str
) -> None:
    ended = run_lrplan("auth", *words, cwd=tmp_path, env=environment)
    assert (ended.code, ended.out) == (64, "")
    assert says in ended.err


def test_a_native_credential_needs_its_own_address_and_no_secret(typed: Typed) -> None:
    ended = typed("auth", "login", "--native")
    assert ended.code == 64
    assert "--native needs --redirect" in ended.err


def test_status_tells_whose_and_until_when_and_no_token(
    ims: FakeIms, tmp_path: Path, environment: dict[str, str]
) -> None:
    signed_in(ims, environment)
    ended = run_lrplan("auth", "status", cwd=tmp_path, env=environment)
    assert ended.code == 0
    assert "Credentials of ansel@example.com, from lrplan auth login, kept in " in ended.out
    assert re.search(r"Refresh token: \d+ days left, until 2999-01-01T00:00:00Z", ended.out)
    assert ended.out.endswith("Alive.\n")
    told = json.loads(run_lrplan("auth", "status", "--json", cwd=tmp_path, env=environment).out)
    assert (told["alive"], told["asked"], told["whose"], told["source"]) == (
        True,
        True,
        "ansel@example.com",
        "sign-in",
    )
    assert told["refreshToken"]["daysLeft"] > 300_000
    assert "marked" not in ended.out + ended.err + json.dumps(told)


@pytest.mark.parametrize(
    ("changes", "faults", "code", "alive", "asked"),
    [
        ({"expiresAt": "2020-01-02T00:00:00Z"}, [], 0, True, False),
        ({"accessToken": "refused", "refreshToken": ""}, [], 4, False, True),
        ({"accessToken": "refused"}, [], 0, True, True),
        ({"refreshToken": "", "refreshExpiresAt": ""}, [], 0, True, True),
        ({}, [web.Response(status=404)], 0, True, True),
    ],
)
def test_status_is_4_when_no_token_is_left(
    ims: FakeIms,
    tmp_path: Path,
    environment: dict[str, str],
    changes: dict[str, str],
    faults: list[web.Response],
    code: int,
    alive: bool,
    asked: bool,
) -> None:
    signed_in(ims, environment, **changes)
    ims.faults = list(faults)
    ended = run_lrplan("auth", "status", "--json", cwd=tmp_path, env=environment)
    told = json.loads(ended.out)
    assert (ended.code, told["alive"], told["asked"]) == (code, alive, asked)
    assert "marked" not in ended.out + ended.err
    assert ims.renewals == []


def test_status_without_credentials_is_4_and_names_ways_on(tmp_path: Path, environment: dict[str, str]) -> None:
    ended = run_lrplan("auth", "status", cwd=tmp_path, env=environment)
    assert (ended.code, ended.out) == (4, "")
    assert "lrplan auth login" in ended.err
    as_json = run_lrplan("auth", "status", "--json", cwd=tmp_path, env=environment)
    assert as_json.code == 4
    assert json.loads(as_json.out) == {"alive": False, "why": "no API key"}


def test_status_of_the_environment_and_of_the_sandbox(
    ims: FakeIms, tmp_path: Path, environment: dict[str, str]
) -> None:
    ims.access.add("marked-given")
    given = environment | {"LRPLAN_API_KEY": KEY, "LRPLAN_ACCESS_TOKEN": "marked-given"}
    ended = run_lrplan("auth", "status", cwd=tmp_path, env=given)
    assert (ended.code, "from the environment" in ended.out, "nobody says until when" in ended.out) == (0, True, True)
    ims.access.clear()
    assert run_lrplan("auth", "status", cwd=tmp_path, env=given).code == 4
    (tmp_path / "lrplan.yaml").write_text("lrplan: 1\nproject: a\nendpoint: sandbox\nalbums: {}\n")
    assert "credentials of its own" in run_lrplan("auth", "status", cwd=tmp_path, env=given).out


def test_status_of_a_program_runs_it(ims: FakeIms, tmp_path: Path, environment: dict[str, str]) -> None:
    ims.access.add("marked-printed")
    (tmp_path / "give.py").write_text('print(\'{"access_token": "marked-printed", "expires_at": 32472144000}\')')
    command = json.dumps([sys.executable, "give.py"])
    (tmp_path / "lrplan.yaml").write_text(f"lrplan: 1\nproject: a\nalbums: {{}}\nauth: {{command: {command}}}\n")
    ended = run_lrplan("auth", "status", cwd=tmp_path, env=environment | {"LRPLAN_API_KEY": KEY})
    assert (ended.code, "from the program of auth.command" in ended.out) == (0, True)
    (tmp_path / "give.py").write_text("import sys; sys.exit('the vault is locked')")
    failed = run_lrplan("auth", "status", cwd=tmp_path, env=environment | {"LRPLAN_API_KEY": KEY})
    assert (failed.code, failed.out) == (4, "")
    assert failed.err.startswith("the vault is locked\nerror[LRP307]: ")


def test_signing_out_ends_it_with_adobe_and_here(ims: FakeIms, tmp_path: Path, environment: dict[str, str]) -> None:
    signed_in(ims, environment)
    ended = run_lrplan("auth", "logout", "--no-input", cwd=tmp_path, env=environment)
    assert (ended.code, ended.err) == (0, "Signed out.\n")
    assert ims.revoked == ["marked-refresh", "marked-access"]
    assert "marked" not in credentials(environment).read_text()
    again = run_lrplan("auth", "logout", cwd=tmp_path, env=environment)
    assert (again.code, again.err) == (0, "Nobody is signed in.\n")


def test_signing_out_forgets_also_where_adobe_does_not(
    ims: FakeIms, tmp_path: Path, environment: dict[str, str]
) -> None:
    signed_in(ims, environment)
    ims.faults = [web.Response(status=400, body=b'{"error": "marked"}')]
    ended = run_lrplan("auth", "logout", cwd=tmp_path, env=environment)
    assert ended.code == 0
    assert "warning[LRP302]: the sign-in service did not end the sign-in" in ended.err
    assert "marked-refresh" not in ended.err + credentials(environment).read_text()


def test_a_file_that_others_can_read_is_refused_with_the_cure(
    ims: FakeIms, tmp_path: Path, environment: dict[str, str]
) -> None:
    signed_in(ims, environment)
    credentials(environment).chmod(0o644)
    ended = run_lrplan("auth", "status", cwd=tmp_path, env=environment)
    assert ended.code == 4
    assert "error[LRP306]: the file with the sign-in is not safe" in ended.err
    assert f"chmod 600 {credentials(environment)}" in ended.err


def test_secrets_are_not_sent_to_a_host_without_protection(tmp_path: Path, environment: dict[str, str]) -> None:
    odd = environment | {"LRPLAN_IMS_ENDPOINT": "http://ims.example", "LRPLAN_API_KEY": KEY}
    ended = run_lrplan("auth", "status", cwd=tmp_path, env=odd | {"LRPLAN_ACCESS_TOKEN": "t"})
    assert ended.code == 64
    assert "needs https" in ended.err


def _free_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port

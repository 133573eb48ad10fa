"""
Nothing that lrplan leaves behind holds a secret: neither what it says, at its most talkative, nor any file of the
project.

Services that repeat what they were sent are part of it, with whatever status. The API key is no secret to the catalog:
it stands in plans and in the state as `serviceId`, as docs/reference/contract.md says, and nowhere else.
"""

import base64
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web
from attrs import define, field

from tests.cli.conftest import Ended, run_lrplan
from tests.cli.signed import Signed, project, signed

KEY, SECRET = "marked-api-key-7f3a", "marked-client-secret-91bc"
ACCESS, REFRESH = "marked-access-token-55d0", "marked-refresh-token-e2c8"
PRINTED = "marked-printed-token-08aa"


@define
class Witness:
    """Runs commands and keeps everything that they said."""

    services: Signed
    folder: Path
    environment: dict[str, str]
    said: list[str] = field(factory=list)

    def run(self, *words: str, codes: tuple[int, ...] = (0,), **more: str) -> Ended:
        env = {**self.environment, "LRPLAN_DEBUG": "1", "PYTHONASYNCIODEBUG": "1", **more}
        ended = run_lrplan("-vv", *words, cwd=self.folder, env=env)
        assert ended.code in codes, ended.err
        self.said += [ended.err, _without_service_ids(json.loads(ended.out)) if "--json" in words else ended.out]
        return ended

    def answer(self, route: str, status: int, body: str, **headers: str) -> None:
        """Let every call of *route* from now be answered so."""
        self.fail_at(1, route=route, status=status, body=body, headers=headers, times=99)

    def heal(self) -> None:
        """Let no call fail any more."""
        self.services.control("faults", None, method="DELETE")

    def fail_at(self, number: int, **fault: object) -> None:
        """Let the n-th call from now fail."""
        self.services.control("faults", [{"kind": "status", "nth": number, **fault}])

    def check(self) -> None:
        secrets = [SECRET, ACCESS, REFRESH, PRINTED, *self.services.ims.access, *self.services.ims.refresh]
        secrets += self.services.ims.renewals
        basic = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        for text in self.said:
            for secret in (*secrets, basic, KEY):
                assert secret not in text
        files = [file for file in self.folder.rglob("*") if file.is_file() and file.name != "give.py"]
        assert {"state.json", "journal.jsonl", "plan.json"} <= {file.name for file in files}
        for file in files:
            content = file.read_bytes().decode("utf-8", "replace")
            for secret in (*secrets, basic):
                assert secret not in content, file
            if KEY in content:
                assert content.count(KEY) == _service_ids(json.loads(content)), file


def _without_service_ids(document: dict[str, object]) -> str:
    """A document as text, without the API key where it stands as the service's id."""
    return json.dumps({name: value for name, value in document.items() if (name, value) != ("serviceId", KEY)})


def _service_ids(document: dict[str, object]) -> int:
    return int(document.get("serviceId") == KEY)


@pytest.fixture
def witness(tmp_path: Path, seeded: Path) -> Iterator[Witness]:
    with signed(tmp_path / "services", seeded, api_key=KEY, secret=SECRET) as both:
        folder = project(tmp_path / "studio")
        yield Witness(both, folder, both.environment | {"LRPLAN_API_KEY": KEY})


def test_a_life_with_secrets_in_the_environment_leaves_none(witness: Witness) -> None:
    services = witness.services
    services.ims.give_refresh_token(REFRESH)
    witness.environment |= {
        "LRPLAN_CLIENT_SECRET": SECRET,
        "LRPLAN_ACCESS_TOKEN": services.accept(ACCESS),
        "LRPLAN_REFRESH_TOKEN": REFRESH,
    }
    witness.run("auth", "status")
    witness.run("plan", "-o", "plan.json")
    witness.run("show", "plan.json")
    witness.run("show", "plan.json", "--json")
    echo = json.dumps({"code": 1005, "description": f"access-number-1 of {KEY}"})
    witness.fail_at(4, status=403, body=json.dumps({"code": 4300, "description": f"{ACCESS} of {KEY}"}))
    witness.fail_at(12, status=400, body=echo)
    witness.fail_at(14, status=503, times=9)
    witness.run("apply", "--auto-approve", codes=(0, 8))
    services.control("faults", [{"kind": "expire_token", "nth": 3}])
    witness.run("apply", "plan.json", codes=(0, 6, 8))
    witness.run("apply", "--auto-approve", codes=(0, 8))
    witness.run("apply", "--auto-approve")
    services.control("faults", [{"kind": "expire_token", "nth": 1}])
    (sent,) = services.ims.refresh
    body = json.dumps({"error": f"invalid_grant {sent}", "error_description": f"{sent} {SECRET} {KEY}"})
    services.ims.faults = [web.Response(status=400, body=body.encode())]
    witness.run("plan", codes=(4,))
    services.ims.faults = [lambda _: web.Response(status=500, body=f"<title>{sent} {SECRET}</title>".encode())] * 4
    witness.run("plan", codes=(10,))
    witness.run("plan", codes=(4,), LRPLAN_REFRESH_TOKEN="", LRPLAN_ACCESS_TOKEN=f"{ACCESS} with a space")
    witness.run("plan", codes=(10,), LRPLAN_REFRESH_TOKEN="", LRPLAN_ENDPOINT="http://127.0.0.1:9")
    witness.check()


def test_a_life_with_a_sign_in_and_one_with_a_program_leave_none(witness: Witness) -> None:
    services = witness.services
    config = services.config / "lrplan"
    config.mkdir(parents=True)
    entry = {"apiKey": KEY, "issuer": services.ims.endpoint, "refreshToken": REFRESH, "clientSecret": SECRET}
    (config / "credentials.json").touch(mode=0o600)
    (config / "credentials.json").write_text(json.dumps({"formatVersion": 1, "signIns": [entry]}))
    services.ims.give_refresh_token(REFRESH)
    witness.run("auth", "status")
    witness.run("apply", "--auto-approve")
    witness.run("plan", "-o", "plan.json")
    witness.run("auth", "status", "--json")
    (config / "credentials.json").chmod(0o644)
    witness.run("plan", codes=(4,))
    (config / "credentials.json").chmod(0o600)
    damaged = (config / "credentials.json").read_text()
    (config / "credentials.json").write_text(damaged.replace('"refreshToken": "', '"refreshToken": 7, "x": "'))
    witness.run("plan", codes=(3,))
    (config / "credentials.json").write_text(damaged)
    services.ims.faults = [web.Response(status=400, body=f'{{"error": "{SECRET}"}}'.encode())]
    witness.run("auth", "logout")
    witness.run("auth", "login", codes=(64,))
    (witness.folder / "give.py").write_text(f'print(\'{{"access_token": "{PRINTED}"}}\')')
    with (witness.folder / "lrplan.yaml").open("a") as more:
        more.write(f"auth: {{command: {json.dumps([sys.executable, 'give.py'])}}}\n")
    witness.run("plan", codes=(4,))
    services.accept(PRINTED)
    witness.run("plan")
    (witness.folder / "give.py").write_text(f"print('{PRINTED} is all there is')")
    witness.run("plan", codes=(4,))
    witness.check()


ALBUM = "/v2/catalogs/{catalog_id}/albums/{album_id}"
TITLE = f"<!doctype html><html><title>Authorization: Bearer {ACCESS}</title></html>"
AWAY = f"https://{ACCESS}.example.com/x?token={ACCESS}"
LINKS = {"next": {"href": AWAY}}


def test_a_service_that_repeats_the_token_at_every_call_leaves_none(witness: Witness) -> None:
    services = witness.services
    witness.environment |= {"LRPLAN_ACCESS_TOKEN": services.accept(ACCESS)}
    echoes = [
        ("GET /v2/health", 200, json.dumps({"version": ACCESS}), {}),
        ("GET /v2/account", 403, TITLE, {"X-Request-Id": ACCESS}),
        ("GET /v2/catalog", 200, TITLE, {}),
        ("GET /v2/catalog", 302, "", {"Location": AWAY}),
        ("GET /v2/catalogs/{catalog_id}/albums", 200, json.dumps({"resources": [], "links": LINKS}), {}),
        ("GET /v2/catalogs/{catalog_id}/albums", 429, TITLE, {"Retry-After": "600"}),
        ("GET /v2/catalogs/{catalog_id}/assets", 418, json.dumps({"message": ACCESS}), {}),
    ]  # fmt: skip
    for route, status, body, headers in echoes:
        witness.answer(route, status, body, **headers)
        for words in (["doctor"], ["doctor", "--json"], ["plan"], ["plan", "--json"]):
            witness.run(*words, codes=(0, 4, 10))
        witness.heal()
    witness.run("plan", "-o", "plan.json")
    witness.answer(f"PUT {ALBUM}", 200, TITLE)
    witness.run("apply", "--auto-approve", codes=(8,))
    witness.heal()
    ids = set(re.findall(r"[0-9a-f]{32}", (witness.folder / "plan.json").read_text()))  # of the photos and of others
    refused = [{"id": each, "code": 1003, "description": f"Authorization: Bearer {ACCESS}"} for each in sorted(ids)]
    for status in (201, 403):
        witness.answer(f"PUT {ALBUM}/assets", status, json.dumps({"resources": [], "errors": refused}))
        ended = witness.run("apply", "--auto-approve", codes=(8, 9))
        assert "Authorization: Bearer [secret]" in ended.out + ended.err
        witness.heal()
    witness.run("apply", "--auto-approve")
    witness.check()

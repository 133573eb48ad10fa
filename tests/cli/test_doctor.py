"""`lrplan doctor`: whole screens, exit codes and JSON, on the sandbox and on servers in every bad state."""

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import jsonschema
import pytest
from aiohttp import web

from lrplan.formats.checkup import encode_checkup
from lrplan.model.checkup import Checkup, Topic
from tests.cli.conftest import ROOT, Lrplan, clean_environment
from tests.cli.terminal import on_terminal
from tests.contract.odd_server import ACCOUNT, CATALOG, KEY, TOKEN, Oddities, serving
from tests.doctoring import IllServer, Ward, everything_shown, jwt, said, screen

SCHEMA = json.loads((ROOT / "docs/reference/doctor.schema.json").read_text())
PROBE_SCHEMA = json.loads((ROOT / "docs/reference/probe.schema.json").read_text())
WELL = """\
ok        project files   studio: 1 set, 3 albums, 38 members
ok        network         sandbox answers, version 302e312e30
ok        clock           goes with the service's
ok        API key         the service knows it
ok        access token    accepted; it does not say until when
skipped   scopes          unknown: the access token does not name them
ok        entitlement     subscriber: Sandbox Customer (96e656e3812b4c2fb670fa74b6a7ad74)
ok        storage         N kB of 113 GB used
ok        catalog         Sandbox Catalog (bf7337d9355c41b7875c9392f918362a)
ok        state           none yet
ok        this project    0 of 4 declared albums and sets live, to come: albums.smith-jones, \
albums.smith-jones-highlights, albums.smith-jones-party and 1 more
All is well.
"""


def _without_sizes(text: str) -> str:
    return re.sub(r"\d+ kB of", "N kB of", text)


def _checked(out: str) -> dict:
    document = json.loads(out)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    return document


# -- a whole command on the sandbox


def test_all_is_well_on_a_tidy_sandbox_and_nothing_is_changed(lrplan: Lrplan, studio: Path) -> None:
    ended = lrplan("doctor")
    assert (ended.code, ended.err) == (0, "")
    assert _without_sizes(ended.out) == WELL
    assert not (studio / ".lrplan" / "state.json").exists()
    assert _without_sizes(lrplan("-q", "doctor").out) == WELL


def test_after_an_apply_it_tells_state_and_albums(lrplan: Lrplan, studio: Path) -> None:
    assert lrplan("apply", "--auto-approve").code == 0
    ended = lrplan("doctor")
    assert ended.code == 0
    assert "ok        state           serial 1, 4 albums and sets remembered\n" in ended.out
    assert "ok        this project    4 of 4 declared albums and sets live\n" in ended.out
    (studio / "manifests" / "weddings.yaml").write_text("lrplan: 1\nalbums: {}\n")
    ended = lrplan("doctor", "--json")
    document = _checked(ended.out)
    (albums,) = (check for check in document["checks"] if check["topic"] == "albums")
    assert (ended.code, albums["result"], len(albums["facts"]["notDeclared"])) == (0, "warning", 4)
    assert albums["diagnostics"][0]["code"] == "LRP752"
    assert "albums.smith-jones (Smith & Jones)" in albums["diagnostics"][0]["why"]
    (studio / ".lrplan" / "state.json").unlink()
    (studio / ".lrplan" / "runs").rename(studio / "runs-elsewhere")
    assert "without state it stays" in lrplan("doctor").out


def test_json_is_one_result_of_the_published_schema_and_nothing_else(lrplan: Lrplan, studio: Path) -> None:
    ended = lrplan("doctor", "--json")
    assert (ended.code, ended.err) == (0, "")
    document = _checked(ended.out)
    assert (document["formatVersion"], document["endpoint"], document["project"]) == ("1.0", "sandbox", "studio")
    assert [check["topic"] for check in document["checks"]] == [topic.value for topic in Topic][:11]
    facts = {check["topic"]: check.get("facts", {}) for check in document["checks"]}
    assert facts["catalog"] == {"catalogId": "bf7337d9355c41b7875c9392f918362a", "catalogName": "Sandbox Catalog"}
    assert facts["albums"]["notYetLive"][0] == "albums.smith-jones"


def test_without_a_project_the_environment_alone_is_examined(lrplan: Lrplan, service: Mapping[str, str]) -> None:
    ended = lrplan("doctor", env=service)
    assert (ended.code, ended.err) == (0, "")
    assert "skipped   project files   there is no lrplan.yaml here; the environment alone is examined\n" in ended.out
    assert f"ok        network         {service['LRPLAN_ENDPOINT']} answers" in ended.out
    assert "skipped   this project    there is no project here\n" in ended.out


def test_an_untidy_sandbox_is_as_well_and_its_probe_tells_the_difference(
    lrplan: Lrplan, seeded: Path, tmp_path: Path
) -> None:
    shutil.copytree(seeded, tmp_path / "untidy")
    with subprocess.Popen(
        [sys.executable, "-m", "lrplan", "-q", "sandbox", "--data", str(tmp_path / "untidy"), "--untidy"],
        env=clean_environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as serving:
        assert serving.stdout is not None
        lines = [serving.stdout.readline().strip().removeprefix("export ") for _ in range(3)]
        env = dict(line.split("=", 1) for line in lines)
        ended = lrplan("doctor", "--probe", "--yes", env=env)
        assert ended.code == 0
        assert "ok        clock           goes with the service's\n" in ended.out
        assert "questions settled.\n" in ended.out
        assert "  an album's `updated` moves when photos join it\n" in ended.out
        assert "  photos are listed in the order of their keys\n" in ended.out
        refused = lrplan("doctor", env=env | {"LRPLAN_API_KEY": "unknown"})
        assert (refused.code, "a page of HTML, '403 Forbidden'" in refused.out) == (4, True)
        serving.terminate()
        assert serving.wait(60) == 0


def test_a_broken_manifest_does_not_keep_it_from_looking_on(lrplan: Lrplan, studio: Path) -> None:
    (studio / "manifests" / "weddings.yaml").write_text("lrplan: 1\nalbums: {a: {nam: A}}\n")
    ended = lrplan("doctor")
    assert ended.code == 3
    assert ended.out.startswith("failed    project files   unknown key")
    assert "manifests/weddings.yaml:2:14: error[LRP201]: unknown key" in ended.out
    assert "ok        catalog         Sandbox Catalog" in ended.out
    assert "skipped   this project    because of project files\n" in ended.out
    assert ended.out.endswith("Not all is well: 1 failed, 2 skipped.\n")
    (studio / "lrplan.yaml").write_text("lrplan: 1\nproject: Nö\n")
    ended = lrplan("doctor", "--json")
    document = _checked(ended.out)
    assert (ended.code, ended.err, document["endpoint"]) == (3, "", "")
    assert {check["because"] for check in document["checks"][1:]} == {"project"}  # nobody is asked by a guess


def test_missing_credentials_are_named_before_anybody_answers(lrplan: Lrplan, service: Mapping[str, str]) -> None:
    ended = lrplan("doctor", env={"LRPLAN_ENDPOINT": service["LRPLAN_ENDPOINT"]})
    assert ended.code == 4
    assert "ok        network         " in ended.out
    assert "failed    API key         no API key\n" in ended.out
    assert "failed    access token    no access token\n" in ended.out
    assert "Neither LRPLAN_API_KEY nor LRPLAN_API_KEY_FILE is set, and nobody has signed in." in ended.out


@pytest.mark.parametrize("endpoint", ["not an address", "ftp://example.com", "http://me:secret@127.0.0.1:1"])
def test_an_endpoint_that_is_no_address_is_said_and_never_repeated_with_its_password(
    lrplan: Lrplan, endpoint: str
) -> None:
    env = {"LRPLAN_ENDPOINT": endpoint, "LRPLAN_API_KEY": "k", "LRPLAN_ACCESS_TOKEN": "t"}
    ended = lrplan("doctor", "--json", env=env)
    assert ended.code == 64
    assert "secret" not in ended.out + ended.err
    assert _checked(ended.out)["checks"][1]["diagnostics"][0]["code"] == "LRP901"


@pytest.mark.parametrize("proxy", ["http://user:s3cret@host:99999", "socks5://user:s3cret@host:1080", "foo bar"])
@pytest.mark.parametrize("token", ["LRPLAN_ACCESS_TOKEN", "LRPLAN_REFRESH_TOKEN"])
def test_a_proxy_that_cannot_be_used_is_an_obstacle_like_any_other(
    lrplan: Lrplan, studio: Path, proxy: str, token: str
) -> None:
    env = {"LRPLAN_ENDPOINT": "https://lightroom.invalid", "LRPLAN_API_KEY": "k", token: "t", "HTTPS_PROXY": proxy}
    ended = lrplan("doctor", env=env)
    assert (ended.code, ended.err) == (64, "")
    assert "failed    network         HTTPS_PROXY is not the address of a proxy\n" in ended.out
    assert "hint: write http://host:port" in ended.out
    assert "LRPLAN_ENDPOINT" not in ended.out
    assert "skipped   this project" in ended.out
    ended = lrplan("plan", env=env)
    assert (ended.code, ended.out) == (64, "")
    assert ended.err.startswith("error[LRP901]: HTTPS_PROXY is not the address of a proxy\n")
    assert "LRPLAN_ENDPOINT" not in ended.err
    assert "s3cret" not in ended.err


def test_the_state_of_another_account_and_a_damaged_one_are_failures(lrplan: Lrplan, studio: Path) -> None:
    assert lrplan("apply", "--auto-approve").code == 0
    state = studio / ".lrplan" / "state.json"
    document = json.loads(state.read_text())
    state.write_text(json.dumps(document | {"accountId": "b" * 32}))
    ended = lrplan("doctor")
    assert ended.code == 4
    assert "failed    state           the state belongs to another account\n" in ended.out
    state.write_text("{")
    ended = lrplan("doctor")
    assert ended.code == 3
    assert ".lrplan/state.json: error[LRP106]: state file is damaged" in ended.out


def test_an_apply_that_was_cut_off_is_told(lrplan: Lrplan, studio: Path) -> None:
    assert lrplan("apply", "--auto-approve").code == 0
    (studio / ".lrplan" / "state.json").unlink()  # as if the last step of the apply had not been reached
    ended = lrplan("doctor", "--json")
    (state,) = (check for check in _checked(ended.out)["checks"] if check["topic"] == "state")
    assert (ended.code, state["result"], state["diagnostics"][0]["code"]) == (0, "warning", "LRP751")
    assert len(state["facts"]["unfinishedRuns"]) == 1


# -- other servers, in this process


def _examined(
    tmp_path: Path, odd: Oddities | None = None, *, key: str = KEY, token: str = TOKEN, project: str = "", **instead
) -> Checkup:
    """Examine on an odd server whose answers to `GET_account` and the like are replaced."""
    if project:
        (tmp_path / "lrplan.yaml").write_text(f"lrplan: 1\nproject: odd\nalbums: {{}}\n{project}")

    async def examine() -> Checkup:
        async with serving(odd or Oddities(), IllServer) as server:
            server.instead = {name.replace("_", " ", 1): answer for name, answer in instead.items()}
            return await Ward(endpoint=server.endpoint, folder=tmp_path, key=key, token=token).examine()

    return asyncio.run(examine())


def _results(checkup: Checkup) -> str:
    """One letter a line: o, w, f, s."""
    return "".join(check.result[0] for check in checkup.checks)


EXPIRED = {"code": 4300, "description": "Access is forbidden"}
HTML = "<html><head><title>502 Bad Gateway</title></head></html>"


def test_a_refused_token_is_told_with_what_to_do(tmp_path: Path) -> None:
    checkup = _examined(tmp_path, GET_account=said(EXPIRED, 403))
    assert screen(checkup) == (
        "skipped   project files   there is no lrplan.yaml here; the environment alone is examined\n"
        "ok        network         http://HOST answers, version 0dd\n"
        "ok        clock           goes with the service's\n"
        "ok        API key         the service knows it\n"
        "failed    access token    the service refused the access token\n"
        "                          GET /v2/account: it answered 403: Access is forbidden. The token is expired or was"
        " never valid for this API key, and there is no refresh token to renew it.\n"
        "                          hint: get a new access token (they live about a day) and set LRPLAN_ACCESS_TOKEN"
        " to it\n"
        "skipped   scopes          unknown: the access token does not name them\n"
        "skipped   entitlement     because of access token\n"
        "skipped   storage         because of access token\n"
        "skipped   catalog         because of access token\n"
        "skipped   state           there is no project here\n"
        "skipped   this project    because of access token\n"
        "Not all is well: 1 failed, 7 skipped.\n"
    )
    assert checkup.exit_code == 4
    assert _results(_examined(tmp_path, GET_account=said(None, 401))) == "sooofssssss"


def test_a_token_that_says_that_it_has_ended_and_is_refused_says_when(tmp_path: Path) -> None:
    token = jwt(exp=1_700_000_000, scope="openid AdobeID lr_partner_apis")
    checkup = _examined(tmp_path, token=token, GET_account=said(None, 401))
    assert "It says of itself that it ended at 2023-11-14T22:13:20Z." in screen(checkup)
    assert "ok        scopes          AdobeID, lr_partner_apis, openid\n" in screen(checkup)
    assert checkup.exit_code == 4


def test_a_token_tells_until_when_and_for_what(tmp_path: Path) -> None:
    token = jwt(created_at="4102441200000", expires_in="86400000", scope="AdobeID,openid,lr_partner_apis")
    assert "access token    accepted, until 2100-01-01T23:00:00Z (in " in screen(_examined(tmp_path, token=token))
    checkup = _examined(tmp_path, token=jwt(exp=1_700_000_000, scope="openid"))
    assert "warning   access token    the access token says that it has ended, and is accepted still\n" in screen(
        checkup
    )
    assert "failed    scopes          the access token lacks AdobeID, lr_partner_apis\n" in screen(checkup)
    assert [checkup.of(topic).said[0].code for topic in (Topic.TOKEN, Topic.SCOPES)] == ["LRP352", "LRP353"]
    assert (checkup.exit_code, _results(checkup)) == (4, "sooowfowoss")
    other = _examined(tmp_path, token=jwt(client_id="somebody-else"))
    assert "warning   access token    the access token says that it is for another API key\n" in screen(other)
    assert "somebody-else" not in everything_shown(other)


def test_a_refused_api_key_is_told_apart_from_a_refused_token(tmp_path: Path) -> None:
    refused = said({"error_code": "403003", "message": "Api Key is invalid"}, 403)
    checkup = _examined(tmp_path, GET_health=refused)
    assert (checkup.exit_code, _results(checkup)) == (4, "soofsssssss")
    assert "failed    API key         the service refused the API key\n" in screen(checkup)
    assert "Api Key is invalid" in screen(checkup)
    assert _results(_examined(tmp_path, GET_account=refused)) == "soofsssssss"
    gateway = said("<html><title>403 Forbidden</title></html>", 403)
    assert "a page of HTML, '403 Forbidden'" in screen(_examined(tmp_path, GET_health=gateway))
    assert _results(_examined(tmp_path, key="with space")) == "sssfsssssss"


@pytest.mark.parametrize("status", ["trial_expired", "subscriber_expired", "created", "", "newer"])
def test_an_account_that_is_not_entitled_is_told_what_to_do(tmp_path: Path, status: str) -> None:
    checkup = _examined(tmp_path, GET_account=said({"id": ACCOUNT, "entitlement": {"status": status}}))
    assert (checkup.exit_code, _results(checkup)) == (4, "soooosfwsss")
    entitlement = checkup.of(Topic.ENTITLEMENT)
    assert (entitlement.said[0].code, repr(status or "not given") in entitlement.summary) == ("LRP303", True)
    assert entitlement.said[0].hint
    state = said({"code": 4301, "description": "Access forbidden due to account state"}, 403)
    assert _results(_examined(tmp_path, GET_account=state)) == "soooosfssss"
    assert _results(_examined(tmp_path, GET_account=said(None, 404))) == "soooosfssss"


def test_no_catalog_and_a_foreign_account_exit_with_4(tmp_path: Path) -> None:
    checkup = _examined(tmp_path, GET_catalog=said({"code": 1000, "errors": {"catalog": ["does not exist"]}}, 404))
    assert (checkup.exit_code, checkup.of(Topic.CATALOG).said[0].code) == (4, "LRP304")
    assert "open Lightroom once with this account" in screen(checkup)
    checkup = _examined(tmp_path, project=f"account: {'a' * 32}\ncatalog: {'b' * 32}\n")
    assert checkup.exit_code == 4
    assert "lrplan.yaml:4:10: error[LRP304]: this is another account\n" in screen(checkup)
    assert "lrplan.yaml:5:10: error[LRP304]: this is another catalog\n" in screen(checkup)
    checkup = _examined(tmp_path, project=f"account: {ACCOUNT}\ncatalog: {CATALOG}\n")
    assert (checkup.exit_code, "as lrplan.yaml says" in screen(checkup)) == (0, True)


def test_a_full_storage_is_a_warning(tmp_path: Path) -> None:
    def account(used: object, limit: object) -> object:
        storage = {"used": used, "limit": limit}
        return said({"id": ACCOUNT, "entitlement": {"status": "trial", "storage": storage}})

    checkup = _examined(tmp_path, GET_account=account(10**12, 10**12))
    assert (checkup.exit_code, checkup.of(Topic.STORAGE).said[0].code) == (0, "LRP403")
    assert "warning   storage         the storage is full: 1.0 TB of 1.0 TB used\n" in screen(checkup)
    assert "the storage is nearly full" in screen(_examined(tmp_path, GET_account=account(96, 100)))
    assert "1.0 kB of 1.0 TB used" in screen(_examined(tmp_path, GET_account=account(1000, 10**12)))
    assert "the storage is full: 1.0 kB of 1.0 kB used" in screen(_examined(tmp_path, GET_account=account("1000", 1e3)))
    unknown = _examined(tmp_path, GET_account=account("a lot", 10**12))
    assert (unknown.exit_code, unknown.of(Topic.STORAGE).said[0].code) == (0, "LRP354")
    assert "warning   storage         the service does not say how much storage is left\n" in screen(unknown)
    assert "All is well" not in screen(unknown)


def test_a_clock_that_is_off_is_a_warning_in_either_direction(tmp_path: Path) -> None:
    past = _examined(tmp_path, GET_health=said({"version": "1"}, Date="Tue, 15 Nov 1994 08:12:31 GMT"))
    assert past.of(Topic.CLOCK).said[0].code == "LRP351"
    assert (past.exit_code, "days ahead" in screen(past)) == (0, True)
    future = _examined(tmp_path, GET_health=said({"version": "1"}, Date="Fri, 15 Nov 2999 08:12:31 GMT"))
    assert "days behind" in screen(future)
    for nonsense in ("yesterday", "Tue, 99 Nov 1994 08:12:31 GMT", ""):
        checkup = _examined(tmp_path, GET_health=said({"version": "1"}, Date=nonsense))
        assert "skipped   clock           the service does not tell the time\n" in screen(checkup)


@pytest.mark.parametrize(
    ("answer", "code", "says"),
    [
        (said(HTML, 502), "LRP802", "it answered 502: a page of HTML, '502 Bad Gateway', 4 times in a row"),
        (said("<html>Please sign in to the Wi-Fi</html>"), "LRP803", "something that is not JSON"),
        (said(None, 302, Location="https://elsewhere.example/login"), "LRP803", "302, to https://elsewhere.example"),
        (said({"description": "moved"}, 404), "LRP803", "it answered 404: moved"),
        (said("while (1) {}\n{", 200), "LRP803", "something that is not JSON"),
    ],
)
def test_something_else_in_the_service_s_place_is_told(tmp_path: Path, answer, code: str, says: str) -> None:
    checkup = _examined(tmp_path, GET_health=answer)
    assert (checkup.exit_code, _results(checkup)) == (10, "sfsssssssss")
    assert (checkup.of(Topic.NETWORK).said[0].code, says in screen(checkup)) == (code, True)


def test_a_service_that_fails_later_ends_what_depends_on_it(tmp_path: Path) -> None:
    assert _results(_examined(tmp_path, GET_account=said(HTML, 503))) == "sooofssssss"
    checkup = _examined(tmp_path, GET_catalog=said(HTML, 503))
    assert (checkup.exit_code, _results(checkup)) == (10, "soooosowfss")
    albums = {f"GET_catalogs/{CATALOG}/albums": said(HTML, 503)}
    checkup = _examined(tmp_path, project="\n", **albums)
    assert (checkup.exit_code, _results(checkup)) == (10, "ooooosowoof")


def test_a_refused_connection_is_told_with_exit_10(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{free.getsockname()[1]}"
        checkup = asyncio.run(Ward(endpoint=endpoint, folder=tmp_path).examine())
    assert (checkup.exit_code, _results(checkup)) == (10, "sfsssssssss")
    assert "GET /v2/health: connecting failed (" in screen(checkup)


JUNK = ("", "null", "[]", "{", "{}", '{"id": 7, "entitlement": []}', '{"resources": {}}', "\udcff", "[" * 3000, HTML)
CALLS = ("health", "account", "catalog", f"catalogs/{CATALOG}/albums")


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("status", [200, 204, 301, 400, 401, 403, 404, 413, 418, 429, 500])
def test_whatever_a_service_answers_every_question_gets_a_line(tmp_path: Path, call: str, status: int) -> None:
    for junk in JUNK:
        content = junk.encode("utf-8", "surrogateescape")
        answer = partial(web.Response, status=status, body=content)
        checkup = _examined(tmp_path, project="\n", **{f"GET_{call}": answer})
        assert [check.topic for check in checkup.checks] == list(Topic)[:11]
        assert checkup.exit_code in (0, 4, 10)
        assert all(said.hint or said.why for check in checkup.checks for said in check.said)
        _checked(encode_checkup(checkup, None, version="1").decode())


def test_names_from_elsewhere_do_not_act_on_the_terminal(tmp_path: Path) -> None:
    evil = "Ev\x1b[31mil \u202egpj"
    checkup = _examined(
        tmp_path,
        GET_health=said({"version": evil}),
        GET_account=said({"id": ACCOUNT, "full_name": evil, "entitlement": {"status": "trial"}}),
        GET_catalog=said({"id": CATALOG, "payload": {"name": evil}}),
    )
    assert checkup.exit_code == 0
    assert not {"\x1b", "\u202e"} & set(screen(checkup))


def test_no_secret_is_in_anything_it_says(tmp_path: Path) -> None:
    token = jwt(exp=1_700_000_000, scope="openid", client_id="of-another", sub="who-it-is")
    for call, sent in (("GET_health", KEY), ("GET_account", f"{token} {KEY}"), ("GET_catalog", f"{token} {KEY}")):
        told = said({"code": 4300, "description": f"{sent} refused"}, 403)
        elsewhere = said(None, 302, Location=f"https://elsewhere.example/{sent}?{sent}")
        for answer in (told, said(f"<title>{sent}</title>", 403), elsewhere):
            shown = everything_shown(_examined(tmp_path, token=token, **{call: answer}))
            for secret in (KEY, token, *token.split("."), "who-it-is", "of-another"):
                assert secret not in shown


# -- the probe, as a whole command


def test_the_probe_answers_writes_a_file_and_leaves_nothing(lrplan: Lrplan, studio: Path) -> None:
    before = lrplan("doctor", "--json").out
    ended = lrplan("doctor", "--probe", "--yes")
    assert (ended.code, ended.err) == (0, "Probing with a throw-away album …\n")
    assert _without_sizes(ended.out) == WELL + (
        "Probed sandbox: 7 of 7 questions settled.\n"
        "  listings show the order keys of photos\n"
        "  photos are listed in the order of their keys\n"
        "  an album's `updated` does not move when photos join it (not within 3.5 seconds)\n"
        "  an update replaces: what it leaves out goes\n"
        "  an album goes to the top level by an update without `parent`\n"
        "  lists of kinds with commas work\n"
        "  lists of kinds with semicolons work\n"
        "Used 2 photos of the catalog as members for a moment. The throw-away album and set are gone again. 33 calls.\n"
        "The answers are in .lrplan/probe.json.\n"
    )
    document = json.loads((studio / ".lrplan" / "probe.json").read_text())
    jsonschema.Draft202012Validator(PROBE_SCHEMA).validate(document)
    assert (document["accountId"], document["endpoint"]) == ("96e656e3812b4c2fb670fa74b6a7ad74", "sandbox")
    after = json.loads(lrplan("doctor", "--json").out)
    assert after["checks"][3:] == json.loads(before)["checks"][3:]  # less the clock, which goes on


def test_the_probe_in_json_is_still_one_result(lrplan: Lrplan, service: Mapping[str, str], tmp_path: Path) -> None:
    ended = lrplan("-q", "doctor", "--probe", "--auto-approve", "--json", env=service)
    assert (ended.code, ended.err) == (0, "")
    document = _checked(ended.out)
    assert document["probe"] == json.loads((tmp_path / ".lrplan" / "probe.json").read_text())
    assert document["probe"]["findings"]["orderShown"]["answer"] == "unsettled"  # there is no photo
    assert (tmp_path / ".lrplan" / ".gitignore").read_text() == "*\n"
    assert service["LRPLAN_ACCESS_TOKEN"] not in ended.out


@pytest.mark.parametrize(("typed", "code"), [("yes\n", 0), ("no\n", 8), ("\x04", 8)])
def test_the_probe_asks_before_it_makes_anything(
    tmp_path: Path, service: Mapping[str, str], typed: str, code: int
) -> None:
    command = [sys.executable, "-m", "lrplan", "doctor", "--probe"]
    env = clean_environment({"TERM": "dumb", **service})
    ended = on_terminal(command, cwd=tmp_path, env=env, typed=typed)
    assert ended.code == code
    assert "The probe makes a throw-away set and album in Sandbox Catalog" in ended.err
    assert (tmp_path / ".lrplan" / "probe.json").exists() is (code == 0)
    assert ("Nothing was changed." in ended.err) is (code != 0)


def test_nothing_is_probed_where_something_speaks_against_it(lrplan: Lrplan, studio: Path) -> None:
    with (studio / "lrplan.yaml").open("a") as project:
        project.write(f"account: {'a' * 32}\n")
    ended = lrplan("doctor", "--probe", "--yes", "--json")
    assert (ended.code, ended.err) == (4, "Not probed, because of catalog.\n")
    assert _checked(ended.out)["checks"][-1] == {
        "topic": "probe",
        "result": "skipped",
        "summary": "because of catalog",
        "because": "catalog",
    }


def test_answers_that_cannot_be_written_are_told_all_the_same(
    lrplan: Lrplan, service: Mapping[str, str], tmp_path: Path
) -> None:
    (tmp_path / ".lrplan" / "probe.json").mkdir(parents=True)
    ended = lrplan("doctor", "--probe", "--yes", env=service)
    assert ended.code == 8
    assert "an update replaces" in ended.out
    assert "error[LRP706]: the answers of the probe could not be written" in ended.err


def test_a_probe_that_is_killed_is_cleared_up_by_the_next_doctor(lrplan: Lrplan, studio: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "lrplan", "-v", "doctor", "--probe", "--yes"],
        cwd=studio,
        env=clean_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stderr is not None
        for line in child.stderr:
            if "201 PUT /v2/catalogs/{catalog_id}/albums/{album_id}/assets " in line:
                child.kill()
        assert child.wait(60) == -signal.SIGKILL
    ended = lrplan("doctor")
    assert ended.code == 0
    assert "ok        leftovers       removed 2 throw-away albums and sets that a probe had left\n" in ended.out
    assert _without_sizes(lrplan("doctor").out) == WELL


def test_a_probe_that_is_stopped_removes_what_it_made(studio: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "lrplan", "-v", "doctor", "--probe", "--yes"],
        cwd=studio,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stderr is not None
        heard = []
        is_asked = False
        for line in child.stderr:
            heard.append(line)
            if not is_asked and "201 PUT /v2/catalogs/{catalog_id}/albums/{album_id} " in line:
                os.kill(child.pid, signal.SIGTERM)
                is_asked = True
        assert child.wait(60) == 8, heard
    assert any("Stopping: removing what the probe has made." in line for line in heard)
    assert any("error[LRP754]: the probe was stopped" in line for line in heard)
    assert not (studio / ".lrplan" / "probe.json").exists()


def test_answers_are_printed_and_kept_where_only_the_removal_fails(
    lrplan: Lrplan, service: Mapping[str, str], tmp_path: Path
) -> None:
    route = "DELETE /v2/catalogs/{catalog_id}/albums/{album_id}"
    page = {"kind": "status", "status": 200, "body": "<html>Welcome</html>", "route": route, "times": 99}
    faults = {"faults": [page]}
    told = urllib.request.Request(f"{service['LRPLAN_ENDPOINT']}/sandbox/faults", json.dumps(faults).encode())
    with urllib.request.urlopen(told):
        pass
    ended = lrplan("doctor", "--probe", "--yes", env=service)
    assert ended.code == 8
    assert "  an update replaces: what it leaves out goes\n" in ended.out
    assert "It is not certain that all of it is gone again." in ended.out
    assert "error[LRP753]: it is not certain that the throw-away album is gone" in ended.err
    document = json.loads((tmp_path / ".lrplan" / "probe.json").read_text())
    assert len(document["remains"]) == 2

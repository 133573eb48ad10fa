"""Adobe's sign-in: codes, rotating refresh tokens, who a token is for, and how each is refused."""

import base64
import hashlib
import json
import sqlite3
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest

from lrplan.sandbox.schema import TABLES

VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
BACK = "https://127.0.0.1:8765/back"
SCOPE = "openid,AdobeID,lr_partner_apis,offline_access"
SECRET = {"client_id": "sandbox", "client_secret": "sandbox-secret"}
ASK = {
    "client_id": "sandbox",
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": SCOPE,
    "state": "a state & more",
}
ACCOUNT = ("96e656e3812b4c2fb670fa74b6a7ad74", "bf7337d9355c41b7875c9392f918362a")
DROPPED = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)
BARE = {"X-API-Key": None, "Authorization": None}


async def authorize(client, **changed):
    """Ask as the browser does; give the reply and, of a redirect, its parameters."""
    asked = {name: value for name, value in {**ASK, **changed}.items() if value is not None}
    reply = await client.get(f"/ims/authorize/v2?{urlencode(asked)}", headers=BARE, allow_redirects=False)
    told = {name: values[0] for name, values in parse_qs(urlsplit(reply.headers.get("Location", "")).query).items()}
    return reply, told


async def code_of(client, **changed):
    reply, told = await authorize(client, decision="allow", **changed)
    assert reply.status == 302, reply
    return told["code"]


async def post(client, path, headers=None, **form):
    reply = await client.call("POST", path, data=form, headers={**BARE, **(headers or {})})
    return reply, (json.loads(reply.body) if reply.body else {})


async def token(client, headers=None, **form):
    return await post(client, "/ims/token/v3", headers, **form)


async def signed_in(client, **changed):
    code = await code_of(client, **changed)
    reply, told = await token(client, grant_type="authorization_code", code=code, **SECRET)
    assert reply.status == 200, reply
    return told


def test_the_whole_way_with_a_secret(serve):
    async def scenario(client):
        page, _ = await authorize(client)
        assert page.status == 200
        assert b"lr_partner_apis" in page.body
        reply, back = await authorize(client, decision="allow")
        assert reply.headers["Location"].startswith(f"{BACK}?")
        assert back["state"] == ASK["state"]
        code = back["code"]
        reply, told = await token(client, grant_type="authorization_code", code=code, redirect_uri=BACK, **SECRET)
        assert (reply.status, reply.headers["Cache-Control"]) == (200, "no-store")
        assert reply.headers["Content-Type"].startswith("application/json")
        assert (told["token_type"], told["expires_in"]) == ("bearer", 86_400)
        bearer = {"Authorization": f"Bearer {told['access_token']}"}
        assert (await client.get("/v2/account", headers=bearer)).document["id"] == client.box.account_id
        who = json.loads((await client.get("/ims/userinfo/v2", headers={**BARE, **bearer})).body)
        assert (who["sub"], who["email"]) == (told["sub"], "customer@example.com")

    serve(scenario)


def test_a_code_works_once(serve):
    async def scenario(client):
        code = await code_of(client)
        assert (await token(client, grant_type="authorization_code", code=code, **SECRET))[0].status == 200
        reply, told = await token(client, grant_type="authorization_code", code=code, **SECRET)
        assert (reply.status, told["error"]) == (400, "invalid_grant")

    serve(scenario)


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"code": "wrong"}, "invalid_grant"),
        ({"redirect_uri": "https://elsewhere.example"}, "invalid_grant"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_secret": ""}, "invalid_client"),
        ({"client_id": "wrong"}, "invalid_client"),
        ({"client_id": "schlüssel"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "unsupported_grant_type"),
        ({"client_id": "other"}, "invalid_grant"),
    ],
)
def test_codes_that_are_refused_and_still_work_for_the_right_one(serve, form, error):
    async def scenario(client):
        await client.seed(api_keys=["other"])
        right = {"grant_type": "authorization_code", "code": await code_of(client), **SECRET}
        reply, told = await token(client, **{**right, **form})
        assert (reply.status, told["error"]) == (400, error)
        assert told["error_description"]
        assert (await token(client, **right))[0].status == 200

    serve(scenario)


def test_a_body_that_is_no_form_is_refused_in_imss_way(serve):
    async def scenario(client):
        reply = await client.call("POST", "/ims/token/v3", json={"grant_type": "refresh_token"}, headers=BARE)
        assert (reply.status, json.loads(reply.body)["error"]) == (400, "invalid_request")
        reply = await client.call("POST", "/ims/token/v3", data={"grant_type": "x" * 70_000}, headers=BARE)
        assert (reply.status, json.loads(reply.body)["error"]) == (400, "invalid_request")

    serve(scenario)


def test_a_secret_may_come_as_basic_credentials(serve):
    async def scenario(client):
        right = base64.b64encode(b"sandbox:sandbox-secret").decode()
        for credentials, status in (
            (right, 200),
            (base64.b64encode(b"sandbox:wrong").decode(), 401),
            (base64.b64encode(b"nobody:x").decode(), 401),
            ("%%%", 401),
        ):
            code = await code_of(client)
            header = {"Authorization": f"Basic {credentials}"}
            reply, _ = await token(client, header, grant_type="authorization_code", code=code)
            assert reply.status == status

    serve(scenario)


def test_refresh_tokens_rotate(serve):
    async def scenario(client):
        first = await signed_in(client)
        renewing = {"grant_type": "refresh_token", **SECRET}
        reply, second = await token(client, refresh_token=first["refresh_token"], **renewing)
        assert reply.status == 200
        assert {"access_token", "refresh_token"} <= set(second)
        assert second["refresh_token"] != first["refresh_token"]
        assert second["access_token"] != first["access_token"]
        reply, told = await token(client, refresh_token=first["refresh_token"], **renewing)
        assert (reply.status, told["error"]) == (400, "invalid_grant")
        assert (await token(client, refresh_token=second["refresh_token"], **renewing))[0].status == 200
        # Both access tokens live on.
        for told in (first, second):
            (await client.get("albums", headers={"Authorization": f"Bearer {told['access_token']}"})).says(200)

    serve(scenario)


def test_a_lost_answer_has_spent_the_refresh_token(serve):
    async def scenario(client):
        first = await signed_in(client)
        await client.control("POST", "faults", [{"route": "POST /ims/token/v3", "kind": "reset", "when": "after"}])
        renewing = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"], **SECRET}
        with pytest.raises(DROPPED):
            await token(client, **renewing)
        reply, told = await token(client, **renewing)
        assert (reply.status, told["error"]) == (400, "invalid_grant")

    serve(scenario)


def test_lives_are_as_configured(serve):
    async def scenario(client):
        told = await signed_in(client)
        assert told["expires_in"] == 0
        bearer = {"Authorization": f"Bearer {told['access_token']}"}
        (await client.get("albums", headers=bearer)).says(403, 4300)
        assert (await client.get("/ims/userinfo/v2", headers=bearer)).status == 401
        reply, refused = await token(client, grant_type="refresh_token", refresh_token=told["refresh_token"], **SECRET)
        assert (reply.status, refused["error"]) == (400, "invalid_grant")

    serve(scenario, token_life_s=0, refresh_life_s=0)


def test_a_renewed_token_works_after_all_were_ended(serve):
    async def scenario(client):
        told = await signed_in(client)
        await client.control("POST", "faults", [{"kind": "expire_token"}])
        bearer = {"Authorization": f"Bearer {told['access_token']}"}
        (await client.get("albums", headers=bearer)).says(403, 4300)
        _, fresh = await token(client, grant_type="refresh_token", refresh_token=told["refresh_token"], **SECRET)
        (await client.get("albums", headers={"Authorization": f"Bearer {fresh['access_token']}"})).says(200)

    serve(scenario)


def test_tokens_outlive_the_process(serve):
    kept = {}

    async def before(client):
        kept.update(await signed_in(client))

    async def after(client):
        (await client.get("albums", headers={"Authorization": f"Bearer {kept['access_token']}"})).says(200)
        renewed, _ = await token(client, grant_type="refresh_token", refresh_token=kept["refresh_token"], **SECRET)
        assert renewed.status == 200

    serve(before)
    serve(after)


def test_pkce_without_a_secret(serve):
    async def scenario(client):
        await client.seed(api_keys=[{"api_key": "app", "secret": None, "native": True}])
        uri = "adobe+0a1b2c://adobeid/app"
        asked = {"client_id": "app", "code_challenge": CHALLENGE, "code_challenge_method": "S256", "redirect_uri": uri}
        form = {"grant_type": "authorization_code", "client_id": "app", "code": await code_of(client, **asked)}
        for wrong in ({}, {"code_verifier": "w" * 64}, {"code_verifier": "short"}):
            reply, told = await token(client, **form, **wrong)
            assert (reply.status, told["error"]) == (400, "invalid_grant")
        reply, told = await token(client, **form, code_verifier=VERIFIER)
        assert reply.status == 200
        assert "refresh_token" not in told  # native credentials get none
        # A public client cannot ask without a challenge.
        reply, back = await authorize(client, client_id="app")
        assert (reply.status, back["error"]) == (302, "invalid_request")

    serve(scenario)


def test_a_public_client_that_is_not_native_may_renew(serve):
    async def scenario(client):
        await client.seed(api_keys=[{"api_key": "app", "secret": None}])
        code = await code_of(client, client_id="app", code_challenge=CHALLENGE, code_challenge_method="S256")
        form = {"client_id": "app", "code": code, "code_verifier": VERIFIER}
        _, told = await token(client, grant_type="authorization_code", **form)
        reply, _ = await token(client, grant_type="refresh_token", client_id="app", refresh_token=told["refresh_token"])
        assert reply.status == 200

    serve(scenario)


def test_without_offline_access_there_is_no_refresh_token(serve):
    async def scenario(client):
        told = await signed_in(client, scope="openid lr_partner_apis")
        assert "refresh_token" not in told
        (await client.get("albums", headers={"Authorization": f"Bearer {told['access_token']}"})).says(200)

    serve(scenario)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "lr_partner_apis,everything"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"code_challenge": CHALLENGE}, "invalid_request"),
        ({"code_challenge": "x", "code_challenge_method": "S256"}, "invalid_request"),
        ({"decision": "deny"}, "access_denied"),
        ({"decision": "allow", "account": "nobody"}, "access_denied"),
    ],
)
def test_refusals_go_back_to_the_client(serve, changed, error):
    async def scenario(client):
        reply, back = await authorize(client, **changed)
        assert (reply.status, back["error"], back["state"]) == (302, error, ASK["state"])
        assert "code" not in back

    serve(scenario)


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "nobody"},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": "http://elsewhere.example/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "https://127.0.0.1/#fragment"},
        {"redirect_uri": "https://[/"},
        {"redirect_uri": "https://a.example/\r\nSet-Cookie: a=b"},
    ],
)
def test_what_must_not_be_sent_back_is_shown(serve, changed):
    async def scenario(client):
        reply, _ = await authorize(client, decision="allow", **changed)
        assert reply.status == 400
        assert "Location" not in reply.headers
        assert reply.headers["Content-Type"].startswith("text/html")

    serve(scenario)


def test_the_page_escapes_what_it_shows_and_names_every_account(serve):
    async def scenario(client):
        await client.seed(accounts=[{"id": "1" * 32, "full_name": "<b>Alice"}], api_keys=['<script>"'])
        page, _ = await authorize(client, client_id='<script>"', state="\"><script>alert('x')</script>")
        text = page.body.decode()
        assert "<script" not in text
        assert "&lt;b&gt;Alice" in text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        told = await signed_in(client, account="1" * 32)
        bearer = {"Authorization": f"Bearer {told['access_token']}"}
        assert (await client.get("/v2/account", headers=bearer)).document["id"] == "1" * 32

    serve(scenario)


def test_a_revoked_token_is_refused(serve):
    async def scenario(client):
        told = await signed_in(client)
        for value in (told["access_token"], told["refresh_token"], "no token of ours"):
            reply, _ = await post(client, "/ims/revoke", token=value, **SECRET)
            assert (reply.status, reply.body) == (200, b"")
        bearer = {"Authorization": f"Bearer {told['access_token']}"}
        (await client.get("albums", headers=bearer)).says(403, 4300)
        reply, refused = await token(client, grant_type="refresh_token", refresh_token=told["refresh_token"], **SECRET)
        assert (reply.status, refused["error"]) == (400, "invalid_grant")
        reply, refused = await post(client, "/ims/revoke", **SECRET)
        assert (reply.status, refused["error"]) == (400, "invalid_request")

    serve(scenario)


def test_a_client_cannot_revoke_anothers_token(serve):
    async def scenario(client):
        await client.seed(api_keys=["other"])
        told = await signed_in(client)
        for value in (told["access_token"], told["refresh_token"]):
            await post(client, "/ims/revoke", token=value, client_id="other", client_secret="sandbox-secret")
        (await client.get("albums", headers={"Authorization": f"Bearer {told['access_token']}"})).says(200)

    serve(scenario)


@pytest.mark.parametrize("value", [None, "Bearer wrong", "Bearer", "Basic x"])
def test_userinfo_needs_a_token(serve, value):
    async def scenario(client):
        reply = await client.get("/ims/userinfo/v2", headers={"X-API-Key": None, "Authorization": value})
        assert (reply.status, json.loads(reply.body)["error"]) == (401, "invalid_token")

    serve(scenario)


def test_the_log_counts_the_sign_in_and_keeps_no_secret(serve):
    async def scenario(client):
        told = await signed_in(client)
        await client.call("POST", f"/ims/token/v3?{urlencode({'refresh_token': told['refresh_token']})}", headers=BARE)
        log = await client.control("GET", "requests")
        assert [one["route"] for one in log["requests"]] == [
            "GET /ims/authorize/v2",
            "POST /ims/token/v3",
            "POST /ims/token/v3",
        ]
        text = json.dumps([log, await client.snapshot()])
        assert not any(secret in text for secret in (told["access_token"], told["refresh_token"], "sandbox-secret"))

    serve(scenario)


def test_the_folder_keeps_no_secret(serve, tmp_path):
    given = []

    async def scenario(client):
        given.append(code := await code_of(client))
        _, told = await token(client, grant_type="authorization_code", code=code, **SECRET)
        given.extend((told["access_token"], told["refresh_token"], "sandbox-token", "sandbox-secret", "seeded"))
        await client.seed(tokens=[{"token": "seeded"}])
        (await client.get("albums", headers={"Authorization": "Bearer seeded"})).says(200)

    serve(scenario)
    kept = b"".join(file.read_bytes() for file in (tmp_path / "data").rglob("*") if file.is_file())
    assert [secret for secret in given if secret.encode() in kept] == []


def test_a_folder_from_before_there_was_a_sign_in_can_be_signed_in_to(serve, tmp_path):
    """Its tables lack columns, and its token stands there as it is."""
    (tmp_path / "data").mkdir()
    older = sqlite3.connect(tmp_path / "data" / "catalog.sqlite")
    for statement in TABLES.split(";\n"):
        if any(f"EXISTS {name} (" in statement for name in ("account", "token", "api_key")):
            older.execute(statement)
    older.execute("INSERT INTO account VALUES (?, ?, 'trial', 7, 1000, '2026-05-02T08:00:00.000000Z')", ACCOUNT)
    older.execute("INSERT INTO token VALUES ('sandbox-token', ?, 0)", ACCOUNT[:1])
    older.execute("INSERT INTO api_key VALUES ('sandbox')")
    older.commit()
    older.close()

    async def scenario(client):
        entitlement = (await client.get("/v2/account")).document["entitlement"]
        assert (entitlement["status"], entitlement["storage"]["used"]) == ("trial", 7)
        told = await signed_in(client)
        (await client.get("albums", headers={"Authorization": f"Bearer {told['access_token']}"})).says(200)

    serve(scenario)
    serve(scenario)

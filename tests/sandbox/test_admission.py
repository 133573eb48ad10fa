"""Who is let in, and how each reason not to be is told."""

import pytest

PATHS = ["/v2/account", "/v2/catalog", "albums", "assets"]


@pytest.mark.parametrize("path", ["/v2/health", *PATHS])
@pytest.mark.parametrize("key", ["wrong", None, "schlüssel"])
def test_a_wrong_api_key_is_refused_by_the_gateway(serve, path, key):
    async def scenario(client):
        reply = await client.get(path, headers={"X-API-Key": key})
        reply.says(403)
        assert reply.document == {"error_code": "403003", "message": "Api Key is invalid"}

    serve(scenario)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("value", [None, "Bearer", "Basic c2FuZGJveA=="])
def test_no_token_is_401_without_a_body(serve, path, value):
    async def scenario(client):
        reply = await client.get(path, headers={"Authorization": value})
        assert (reply.status, reply.body) == (401, b"")

    serve(scenario)


@pytest.mark.parametrize("token", ["wrong", "töken"])
def test_a_wrong_token_is_403_4300(serve, token):
    async def scenario(client):
        (await client.get("albums", headers={"Authorization": f"Bearer {token}"})).says(403, 4300)

    serve(scenario)


def test_an_expired_token_is_403_4300_and_another_works(serve):
    async def scenario(client):
        await client.seed(tokens=[{"token": "sandbox-token", "expired": True}, {"token": "fresh"}])
        (await client.get("albums")).says(403, 4300)
        (await client.get("albums", headers={"Authorization": "bearer fresh"})).says(200)

    serve(scenario)


def test_health_needs_no_token(serve):
    async def scenario(client):
        reply = await client.get("/v2/health", headers={"Authorization": None})
        reply.says(200)
        assert int(reply.document["version"], 16)

    serve(scenario)


@pytest.mark.parametrize("status", ["created", "trial_expired", "subscriber_expired"])
def test_an_account_without_entitlement_can_only_read_itself(serve, status):
    async def scenario(client):
        await client.seed(account={"status": status})
        account = await client.get("/v2/account")
        assert account.document["entitlement"]["status"] == status
        (await client.get("/v2/health")).says(200)
        for path in ("/v2/catalog", "albums", "assets"):
            (await client.get(path)).says(403, 4301)
        (await client.put(f"albums/{'a' * 32}", client.album())).says(403, 4301)

    serve(scenario)


@pytest.mark.parametrize("status", ["trial", "subscriber"])
def test_trial_and_subscriber_are_let_in(serve, status):
    async def scenario(client):
        await client.seed(account={"status": status})
        (await client.get("albums")).says(200)

    serve(scenario)


def test_the_account_tells_its_storage(serve, jpeg, make_id):
    async def scenario(client):
        await client.seed(account={"storage_limit": 1_000_000})
        await client.upload(make_id(1), jpeg(size=5000))
        storage = (await client.get("/v2/account")).document["entitlement"]["storage"]
        assert storage["used"] == 5000
        assert storage["limit"] == 1_000_000 >= storage["display_limit"] >= storage["warn"]

    serve(scenario)


def test_the_older_forms_take_zeros_or_the_own_id(serve):
    async def scenario(client):
        zeros, box = "0" * 32, client.box
        assert (await client.get(f"/v2/accounts/{zeros}")).document["id"] == box.account_id
        assert (await client.get(f"/v2/accounts/{box.account_id}")).document["id"] == box.account_id
        assert (await client.get(f"/v2/catalogs/{zeros}")).document["id"] == box.catalog_id
        assert (await client.get(client.catalog)).document["subtype"] == "lightroom"
        (await client.get(f"/v2/accounts/{'1' * 32}")).says(404, 1000, account="does not exist")
        (await client.get(f"/v2/catalogs/{'1' * 32}")).says(404, 1000, catalog="does not exist")
        (await client.get("/v2/catalogs/nonsense")).says(400, 1005, catalog_id="Must be a valid GUID")

    serve(scenario)


def test_a_customer_without_a_catalog(serve):
    async def scenario(client):
        await client.seed(account={"catalog_id": None})
        for path in ("/v2/catalog", f"/v2/catalogs/{'0' * 32}", "albums", "assets"):
            (await client.get(path)).says(404, 1000, catalog="does not exist")
        (await client.put(f"assets/{'a' * 32}", client.asset())).says(404, 1000, catalog="does not exist")
        (await client.get("/v2/account")).says(200)

    serve(scenario)


ALICE = {"id": "1" * 32, "full_name": "Alice Ames", "email": "alice@example.com"}


def test_two_customers_and_two_api_keys_share_a_folder(serve, make_id):
    async def scenario(client):
        seeded = {"tokens": [{"token": "alices", "account": ALICE["id"]}], "api_keys": ["other"]}
        await client.seed(accounts=[ALICE], **seeded, assets=[{"id": make_id(1), "account": ALICE["id"]}])
        hers, other = {"Authorization": "Bearer alices"}, {"X-API-Key": "other"}
        account = (await client.get("/v2/account", headers=hers)).document
        assert (account["id"], account["full_name"], account["first_name"]) == (ALICE["id"], "Alice Ames", "Alice")
        catalog_id = (await client.get("/v2/catalog", headers=hers)).document["id"]
        her_catalog = f"/v2/catalogs/{catalog_id}"
        assert (await client.get(f"{her_catalog}/assets", headers=hers)).ids == [make_id(1)]
        assert (await client.get("assets")).ids == []
        # Neither reaches the other's catalog.
        (await client.get(f"{her_catalog}/assets")).says(404, 1000, catalog="does not exist")
        (await client.get("assets", headers=hers)).says(404, 1000, catalog="does not exist")
        # Albums are of the API key that made them: others neither see, read, change nor fill them.
        (await client.put(f"{her_catalog}/albums/{make_id(7)}", client.album(), headers=hers)).says(201)
        theirs = {**hers, **other}
        assert (await client.get(f"{her_catalog}/albums", headers=hers)).ids == [make_id(7)]
        assert (await client.get(f"{her_catalog}/albums", headers=theirs)).ids == []
        (await client.get(f"{her_catalog}/albums/{make_id(7)}", headers=theirs)).says(403, 1016)
        (await client.call("DELETE", f"{her_catalog}/albums/{make_id(7)}", headers=theirs)).says(403, 1016)
        again = {**client.album(), "serviceId": "other"}
        (await client.put(f"{her_catalog}/albums/{make_id(7)}", again, headers=theirs)).says(403, 1002)
        # Assets are the customer's, whichever key looks.
        assert (await client.get(f"{her_catalog}/assets", headers=theirs)).ids == [make_id(1)]
        # The same id may exist in both catalogs.
        (await client.put(f"albums/{make_id(7)}", client.album())).says(201)

    serve(scenario)


def test_a_full_disk_of_one_customer_is_not_another_ones(serve, make_id):
    async def scenario(client):
        alice = {**ALICE, "storage_limit": 10, "used": 10, "status": "trial"}
        await client.seed(accounts=[alice], tokens=[{"token": "alices", "account": ALICE["id"]}])
        hers = {"Authorization": "Bearer alices"}
        catalog_id = (await client.get("/v2/catalog", headers=hers)).document["id"]
        body = client.asset(importSource={"importedBy": ALICE["id"]})
        reply = await client.put(f"/v2/catalogs/{catalog_id}/assets/{make_id(1)}", body, headers=hers)
        reply.says(403, 1043, **{make_id(1): "quota exceeded"})
        (await client.put(f"assets/{make_id(1)}", client.asset())).says(201)

    serve(scenario)


def test_a_client_that_must_be_upgraded_is_told_where_assets_are_read(serve, make_id):
    async def scenario(client):
        await client.seed(api_keys=[{"api_key": "old", "outdated": True}], assets=[{"id": make_id(1)}])
        old = {"X-API-Key": "old"}
        for path in ("assets", f"assets/{make_id(1)}"):
            reply = await client.get(path, headers=old)
            reply.says(403, 4999)
            assert reply.document["links"]["/rels/client_app"]["href"]
        (await client.get("albums", headers=old)).says(200)

    serve(scenario)


@pytest.mark.parametrize(
    ("status", "has"),
    [
        ("subscriber", {"current_subs"}),
        ("trial", {"trial"}),
        ("trial_expired", {"trial", "deletion_date"}),
        ("subscriber_expired", {"deletion_date"}),
        ("created", set()),
    ],
)
def test_each_state_of_an_account_has_its_dates(serve, status, has):
    async def scenario(client):
        await client.seed(account={"status": status})
        entitlement = (await client.get("/v2/account")).document["entitlement"]
        assert set(entitlement) == {"status", "storage", *has}

    serve(scenario)


def test_a_token_ends_when_its_life_is_over(serve):
    async def scenario(client):
        await client.seed(tokens=[{"token": "spent", "expires_in": 0}, {"token": "young", "expires_in": 3600}])
        (await client.get("albums", headers={"Authorization": "Bearer spent"})).says(403, 4300)
        (await client.get("albums", headers={"Authorization": "Bearer young"})).says(200)

    serve(scenario)


def test_a_token_without_the_scope_is_refused(serve):
    async def scenario(client):
        await client.seed(tokens=[{"token": "narrow", "scope": "openid,AdobeID"}])
        (await client.get("albums", headers={"Authorization": "Bearer narrow"})).says(403, 4300)

    serve(scenario)


def test_a_changed_catalog_id_is_404_for_every_call(serve):
    async def scenario(client):
        await client.seed(account={"catalog_id": "c" * 32})
        for path in ("albums", "assets", f"albums/{'a' * 32}/assets"):
            (await client.get(path)).says(404, 1000, catalog="does not exist")
        (await client.put(f"assets/{'a' * 32}", client.asset())).says(404, 1000, catalog="does not exist")
        assert (await client.get("/v2/catalog")).document["id"] == "c" * 32

    serve(scenario)


def test_calls_above_the_rate_are_429_with_an_empty_body(serve):
    async def scenario(client):
        replies = [await client.get("/v2/health") for _ in range(8)]
        assert [reply.status for reply in replies] == [200] * 3 + [429] * 5
        refused = replies[3:]
        assert {reply.body for reply in refused} == {b""}
        assert {reply.headers.get("Retry-After") for reply in refused} == {"1", None}
        # The rate is an API key's own.
        await client.seed(api_keys=["other"])
        (await client.get("/v2/health", headers={"X-API-Key": "other"})).says(200)

    serve(scenario, rate=3)


def test_a_folder_keeps_its_account_and_catalog(serve):
    seen = []

    async def scenario(client):
        seen.append(client.box)

    serve(scenario)
    serve(scenario)
    assert seen[0].account_id == seen[1].account_id == "96e656e3812b4c2fb670fa74b6a7ad74"
    assert seen[0].catalog_id == seen[1].catalog_id == "bf7337d9355c41b7875c9392f918362a"
    assert (seen[0].api_key, seen[0].access_token) == ("sandbox", "sandbox-token")

"""Faults, hooks, the log and the other control calls."""

import json

import aiohttp
import pytest

A = "a" * 32
CREATE = "PUT /v2/catalogs/{catalog_id}/albums/{album_id}"
ADD = "PUT /v2/catalogs/{catalog_id}/albums/{album_id}/assets"
DROPPED = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, aiohttp.ClientPayloadError)


async def names(client):
    return [one["name"] for one in (await client.snapshot())["albums"]]


@pytest.mark.parametrize(("when", "left"), [("before", []), ("after", ["Holidays"])])
def test_a_status_before_or_after_the_work(serve, when, left):
    async def scenario(client):
        await client.control("POST", "faults", [{"route": CREATE, "kind": "status", "when": when, "status": 503}])
        reply = await client.put(f"albums/{A}", client.album())
        assert (reply.status, reply.document["code"]) == (503, 9999)
        assert await names(client) == left
        (await client.put(f"albums/{A}", client.album())).says(403 if left else 201)

    serve(scenario)


@pytest.mark.parametrize(("when", "left"), [("before", []), ("after", ["Holidays"])])
def test_a_reset_before_or_after_the_work(serve, when, left):
    async def scenario(client):
        await client.control("POST", "faults", {"faults": [{"number": 1, "kind": "reset", "when": when}]})
        with pytest.raises(DROPPED):
            await client.put(f"albums/{A}", client.album())
        assert await names(client) == left
        log = (await client.control("GET", "requests"))["requests"]
        assert [one["status"] for one in log] == [None]

    serve(scenario)


def test_a_truncated_body(serve):
    async def scenario(client):
        await client.control("POST", "faults", [{"kind": "truncate"}])
        with pytest.raises(DROPPED):
            await client.get("/v2/account")
        (await client.get("/v2/account")).says(200)

    serve(scenario)


def test_the_nth_match_and_some_after_it(serve):
    async def scenario(client):
        fault = {
            "route": "GET /v2/catalog",
            "nth": 2,
            "times": 2,
            "kind": "status",
            "status": 502,
            "body": "<html>bad gateway",
        }
        await client.control("POST", "faults", [{**fault, "headers": {"Retry-After": "7"}}])
        replies = [await client.get(path) for path in ("/v2/catalog", "/v2/account", *["/v2/catalog"] * 3)]
        assert [reply.status for reply in replies] == [200, 200, 502, 502, 200]
        assert replies[2].body == b"<html>bad gateway"
        assert replies[2].headers["Retry-After"] == "7"

    serve(scenario)


def test_an_expired_token_and_a_partial_success(serve, make_id):
    async def scenario(client):
        await client.seed(assets=[{"id": make_id(n)} for n in (1, 2, 3)])
        (await client.put(f"albums/{A}", client.album())).says(201)
        await client.control("POST", "faults", [{"route": ADD, "kind": "partial", "keep": 2}])
        reply = await client.put(f"albums/{A}/assets", {"resources": [{"id": make_id(n)} for n in (1, 2, 3)]})
        reply.says(201)
        assert reply.ids == [make_id(1), make_id(2)]
        assert reply.document["errors"][0]["http_status"] == 503
        await client.control("POST", "faults", [{"kind": "expire_token"}])
        (await client.get("/v2/account")).says(403, 4300)
        (await client.get("/v2/account")).says(403, 4300)
        await client.seed(tokens=[{"token": "renewed"}])
        (await client.get("/v2/account", headers={"Authorization": "Bearer renewed"})).says(200)

    serve(scenario)


def test_a_fault_for_one_path(serve, make_id):
    async def scenario(client):
        fault = {"path": make_id(2), "kind": "status", "status": 415, "times": 9}
        await client.control("POST", "faults", [fault])
        replies = [await client.put(f"albums/{make_id(n)}", client.album()) for n in (1, 2, 3)]
        assert [reply.status for reply in replies] == [201, 415, 201]

    serve(scenario)


def test_maintenance_has_its_own_body(serve):
    async def scenario(client):
        await client.control("POST", "faults", [{"kind": "maintenance"}])
        reply = await client.get("/v2/health")
        assert reply.status == 503
        words = {"code": "MaintenanceError", "subtype": "MaintenanceError", "description": "Service is unavailable"}
        assert reply.document == words

    serve(scenario)


@pytest.mark.parametrize(("when", "status"), [("before", 404), ("after", 201)])
def test_the_catalog_id_changes_in_the_middle(serve, when, status):
    async def scenario(client):
        await client.control("POST", "faults", [{"kind": "catalog", "nth": 2, "when": when, "catalog_id": "c" * 32}])
        (await client.get("albums")).says(200)
        assert (await client.put(f"albums/{A}", client.album())).status == status
        (await client.get("albums")).says(404, 1000, catalog="does not exist")
        assert (await client.get("/v2/catalog")).document["id"] == "c" * 32
        assert (await client.get(f"/v2/catalogs/{'c' * 32}/albums")).ids == []

    serve(scenario)


def test_a_catalog_id_is_made_up_where_none_is_given(serve):
    async def scenario(client):
        await client.control("POST", "faults", [{"kind": "catalog"}, {"kind": "catalog", "nth": 2}])
        ids = [(await client.get("/v2/catalog")).document["id"] for _ in range(3)]
        assert ids[0] != ids[1] == ids[2]

    serve(scenario)


def test_listings_that_lag_show_nothing_made_since_the_fault_was_set(serve, make_id):
    async def scenario(client):
        await client.seed(assets=[{"id": make_id(1), "created": "2026-01-01T00:00:00Z"}])
        (await client.put(f"albums/{A}", client.album("Old"))).says(201)
        (await client.put(f"albums/{A}/assets", {"resources": [{"id": make_id(1)}]})).says(201)
        lagging = [
            {"kind": "lag", "route": f"GET /v2/catalogs/{{catalog_id}}/{path}", "times": 2}
            for path in ("albums", "assets", "albums/{album_id}/assets")
        ]
        await client.control("POST", "faults", lagging)
        (await client.put(f"assets/{make_id(2)}", client.asset())).says(201)
        (await client.put(f"albums/{'b' * 32}", client.album("New"))).says(201)
        (await client.put(f"albums/{A}/assets", {"resources": [{"id": make_id(2)}]})).says(201)
        for path in ("albums", "assets", f"albums/{A}/assets"):
            counts = [len((await client.get(path)).ids) for _ in range(3)]
            assert counts == [1, 1, 2]
        (await client.get(f"albums/{'b' * 32}")).says(200)

    serve(scenario)


def test_listings_that_lag_still_show_a_deleted_album(serve, make_id):
    async def scenario(client):
        for number in (1, 2, 3):
            (await client.put(f"albums/{make_id(number)}", client.album(f"Album {number}"))).says(201)
        (await client.call("DELETE", f"albums/{make_id(1)}")).says(204)
        route = "GET /v2/catalogs/{catalog_id}/albums"
        await client.control("POST", "faults", [{"kind": "lag", "route": route, "times": 2}])
        (await client.call("DELETE", f"albums/{make_id(2)}")).says(204)
        listed = [(await client.get("albums?limit=1")).ids for _ in range(2)] + [(await client.get("albums")).ids]
        assert listed == [[make_id(2)], [make_id(2)], [make_id(3)]]
        (await client.get(f"albums/{make_id(2)}")).says(404)

    serve(scenario)


def test_tokens_can_end_while_one_is_given_out(serve):
    async def scenario(client):
        await client.control("POST", "faults", [{"kind": "expire_token", "route": "POST /ims/token/v3"}])
        reply = await client.call("POST", "/ims/token/v3", data={"grant_type": "x"})
        assert json.loads(reply.body)["error"] == "unsupported_grant_type"
        (await client.get("albums")).says(403, 4300)

    serve(scenario)


def test_work_that_is_deferred_is_done_by_the_end(serve, jpeg, tmp_path):
    """An hour of delay: the answer comes at once, the work only when the sandbox ends."""
    path = f"assets/{A}/renditions"

    async def scenario(client):
        await client.upload(A, jpeg())
        await client.control("POST", "faults", [{"kind": "defer", "delay_ms": 600_000}])
        (await client.call("POST", path, headers={"X-Generate-Renditions": "2560"})).says(202)
        assert (await client.call("HEAD", f"{path}/2560")).status == 404

    async def later(client):
        assert (await client.call("HEAD", f"{path}/2560")).status == 200

    serve(scenario)
    serve(later)


def test_every_answer_has_a_request_id_that_the_log_knows(serve):
    async def scenario(client):
        ids = [(await client.get(path)).headers["X-Request-Id"] for path in ("/v2/health", "/nonsense", "albums")]
        log = (await client.control("GET", "requests"))["requests"]
        assert [one["request_id"] for one in log] == ids
        assert len(set(ids)) == 3

    serve(scenario)


def test_delays_and_clearing(serve):
    async def scenario(client):
        await client.control("POST", "faults", [{"kind": "delay", "delay_ms": 1}, {"kind": "status", "nth": 2}])
        (await client.get("/v2/health")).says(200)
        await client.control("DELETE", "faults")
        (await client.get("/v2/health")).says(200)

    serve(scenario, latency_ms=1)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("faults", b"{"),
        ("faults", b"1"),
        ("faults", b'[{"kind": "nonsense"}]'),
        ("faults", b'[{"kind": "status", "status": 1000}]'),
        ("faults", b'[{"kind": "status", "status": true}]'),
        ("faults", b'[{"kind": "status", "colour": 1}]'),
        ("faults", b"[{}]"),
        ("faults", b'[{"kind": "status", "headers": {"a": 1}}]'),
        ("seed", b"[]"),
        ("seed", b'{"assets": [1]}'),
        ("seed", b'{"assets": [{"id": "x"}]}'),
        ("seed", b'{"albums": [{"payload": {}}]}'),
        ("seed", b'{"account": {"used": "x"}}'),
        ("seed", b'{"tokens": [{}]}'),
        ("faults", b'[{"kind": "catalog", "catalog_id": "x"}]'),
        ("seed", b'{"tokens": [{"token": "x", "account": "x"}]}'),
        ("seed", b'{"tokens": [{"token": "x", "expires_in": "x"}]}'),
        ("seed", b'{"tokens": [{"token": "x", "colour": 1}]}'),
        ("seed", b'{"accounts": [{"status": "trial"}]}'),
        ("seed", b'{"accounts": [{"id": "%s", "catalog_id": "bf7337d9355c41b7875c9392f918362a"}]}' % (b"1" * 32)),
        ("seed", b'{"api_keys": [{"secret": "x"}]}'),
        ("seed", b'{"api_keys": [{"api_key": "x", "colour": 1}]}'),
        ("seed", b'{"colour": 1}'),
        ("seed", b'{"albums": [{"payload": {"name": "x"}, "members": [{"id": "x"}]}]}'),
    ],
)
def test_control_calls_that_make_no_sense_are_400(serve, path, body):
    async def scenario(client):
        async with client.session.post(f"{client.box.endpoint}/sandbox/{path}", data=body) as response:
            assert response.status == 400
            assert (await response.json())["error"]

    serve(scenario)


def test_unknown_control_calls_are_404(serve):
    async def scenario(client):
        async with client.session.get(f"{client.box.endpoint}/sandbox/nonsense") as response:
            assert response.status == 404

    serve(scenario)


def test_the_log_counts_service_calls_only(serve):
    async def scenario(client):
        await client.get("albums?limit=5")
        await client.snapshot()
        await client.put(f"albums/{A}", client.album())
        await client.call("PATCH", f"albums/{A}")
        await client.get("/nonsense")
        log = (await client.control("GET", "requests"))["requests"]
        assert [(one["number"], one["route"], one["is_write"], one["status"]) for one in log] == [
            (1, "GET /v2/catalogs/{catalog_id}/albums", False, 200),
            (2, CREATE, True, 201),
            (3, "PATCH /v2/catalogs/{catalog_id}/albums/{album_id}", True, 405),
            (4, "GET unknown", False, 404),
        ]
        assert log[0]["path"] == f"{client.catalog}/albums?limit=5"
        await client.control("DELETE", "requests")
        assert (await client.control("GET", "requests"))["requests"] == []

    serve(scenario)


def test_hooks_see_requests_around_the_work(serve):
    seen = []

    async def before(request):
        seen.append(("before", request.number, request.method, request.route, request.is_write, request.path))

    async def after(request, status):
        seen.append(("after", request.number, status))

    async def scenario(client):
        await client.put(f"albums/{A}", client.album())
        path = f"{client.catalog}/albums/{A}"
        assert seen == [("before", 1, "PUT", CREATE, True, path), ("after", 1, 201)]

    serve(scenario, before_request=before, after_request=after)


@pytest.mark.parametrize("when", ["before_request", "after_request"])
def test_a_hook_that_resets_leaves_no_answer(serve, when):
    async def hook(request, *_):
        if request.route == CREATE:
            raise ConnectionResetError

    async def scenario(client):
        with pytest.raises(DROPPED):
            await client.put(f"albums/{A}", client.album())
        assert await names(client) == (["Holidays"] if when == "after_request" else [])

    serve(scenario, **{when: hook})


def test_the_snapshot_shows_everything(serve, make_id):
    async def scenario(client):
        members = [{"id": make_id(2), "payload": {"order": "b"}}, {"id": make_id(1), "payload": {"order": "a"}}]
        await client.seed(
            assets=[
                {"id": make_id(1), "sha256": "1" * 64},
                {"id": make_id(2), "subtype": "deleted_image", "complete": False},
            ],
            albums=[
                {"id": "b" * 32, "subtype": "project_set", "serviceId": "sandbox", "payload": {"name": "Set"}},
                {
                    "id": A,
                    "subtype": "collection",
                    "payload": {"name": "C", "parent": {"id": "b" * 32}},
                    "members": members,
                },
            ],
        )
        snapshot = await client.snapshot()
        assert [one["name"] for one in snapshot["sets"]] == ["Set"]
        album = snapshot["albums"][0]
        assert (album["parent"], album["serviceId"], album["subtype"]) == ("b" * 32, None, "collection")
        assert [(one["id"], one["order"]) for one in album["members"]] == [(make_id(1), "a"), (make_id(2), "b")]
        assets = {one["id"]: one for one in snapshot["assets"]}
        assert (assets[make_id(1)]["sha256"], assets[make_id(1)]["complete"]) == ("1" * 64, True)
        assert (assets[make_id(2)]["trashed"], assets[make_id(2)]["complete"]) == (True, False)
        json.dumps(snapshot)

    serve(scenario)


def test_equal_catalogs_give_equal_snapshots_whatever_the_order_they_were_made_in(serve, tmp_path, make_id):
    taken = []

    def making(numbers):
        async def scenario(client):
            for number in numbers:
                (await client.put(f"albums/{make_id(number)}", client.album("Same name"))).says(201)
                (await client.put(f"assets/{make_id(number)}", client.asset())).says(201)
            url = f"{client.box.endpoint}/sandbox/snapshot?stamps=no"
            async with client.session.get(url) as response:
                taken.append(await response.read())

        return scenario

    serve(making([1, 2, 3]), data=tmp_path / "one")
    serve(making([3, 1, 2]), data=tmp_path / "two")
    assert taken[0] == taken[1]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:80"},
        {"Host": "127.0.0.1:x"},
        {"Host": ""},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_page_of_another_host_cannot_ask(serve, headers):
    async def scenario(client):
        for path in ("/sandbox/requests", "/sandbox/", "/"):
            async with client.session.get(client.box.endpoint + path, headers=headers) as response:
                assert response.status == 403

    serve(scenario)

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

"""Adding assets to albums and listing them."""

import random

import pytest

A, B = "a" * 32, "b" * 32
ZEROS = "0000-00-00T00:00:00"
PATH = f"albums/{A}/assets"


def hexes(*numbers):
    return [f"{n:032x}" for n in numbers]


async def prepare(client, count=6, **album):
    """Make an album and assets 1 to ``count``, each taken a day after the one before."""
    await client.seed(
        assets=[{"id": f"{n:032x}", "captureDate": f"2026-05-{n % 28 + 1:02d}T08:00:00"} for n in range(1, count + 1)]
    )
    (await client.put(f"albums/{A}", client.album(**album))).says(201)


async def add(client, *entries, path=PATH):
    resources = [{"id": f"{n:032x}", **({} if payload is None else {"payload": payload})} for n, payload in entries]
    return await client.put(path, {"resources": resources})


async def cover(client):
    return (await client.get(f"albums/{A}")).document["payload"].get("cover")


def test_members_go_in_and_come_out_in_order(serve):
    async def scenario(client):
        await prepare(client)
        publish = {"servicePayload": "s" * 1024, "remoteId": "r"}
        reply = await add(client, (1, {"order": "m", "publishInfo": publish}), (2, {"order": "B"}), (3, {"order": "_"}))
        reply.says(201)
        assert reply.ids == hexes(1, 2, 3)
        assert "errors" not in reply.document
        assert reply.document["resources"][0]["href"] == f"{PATH}/{hexes(1)[0]}"
        listed = (await client.get(f"{PATH}?order_after=-")).document
        assert [one["payload"]["order"] for one in listed["resources"]] == ["B", "_", "m"]
        last = listed["resources"][2]
        assert last["payload"]["publishInfo"] == publish
        assert (last["type"], last["created"], last["updated"]) == ("album_asset", ZEROS, ZEROS)
        assert last["id"] != last["asset"]["id"] == hexes(1)[0]
        assert last["asset"] == {"id": hexes(1)[0], "links": {"self": {"href": f"assets/{hexes(1)[0]}"}}}
        assert listed["album"] == {"id": A, "links": {"self": {"href": f"albums/{A}"}}}

    serve(scenario)


def test_embed_gives_whole_assets(serve):
    async def scenario(client):
        await prepare(client)
        await add(client, (1, None))
        asset = (await client.get(f"{PATH}?order_after=-&embed=foo;asset")).document["resources"][0]["asset"]
        plain = (await client.get(f"assets/{hexes(1)[0]}")).document
        assert asset == {name: value for name, value in plain.items() if name != "base"}

    serve(scenario)


def test_each_asset_is_refused_on_its_own(serve):
    async def scenario(client):
        await prepare(client)
        await client.seed(assets=[{"id": "d" * 32, "subtype": "deleted_image"}])
        await add(client, (1, None))
        reply = await add(
            client, (1, {"order": "x"}), (2, None), (2, None), (99, None), (3, {"order": "x-"}), (0xD, None)
        )
        reply.says(201)
        assert reply.ids == hexes(2)
        errors = reply.document["errors"]
        assert [one["id"] for one in errors] == hexes(1, 2, 99, 3, 0xD)
        assert errors[0] == {
            "id": hexes(1)[0],
            "http_status": 403,
            "code": 1002,
            "description": "Resource already exists",
            "subtype": "ResourceExistsError",
            "errors": {"asset": ["already exists"]},
        }
        assert (errors[2]["http_status"], errors[2]["code"]) == (404, 1000)
        assert (errors[3]["http_status"], errors[3]["code"]) == (400, 1030)
        assert errors[3]["errors"] == {"payload.order": ["invalid"]}
        trashed = await client.put(PATH, {"resources": [{"id": "d" * 32}]})
        trashed.says(403)
        again = await add(client, (1, None), (2, None))
        again.says(403)
        assert again.ids == []
        assert [one["code"] for one in again.document["errors"]] == [1002, 1002]

    serve(scenario)


@pytest.mark.parametrize("order", ["", "-", "a-", "a b", "é", "a/b", "x" * 1025, 5, None, ["a"]])
def test_orders_that_are_not_lex64(serve, order):
    async def scenario(client):
        await prepare(client)
        reply = await add(client, (1, {"order": order}))
        reply.says(403)
        assert reply.document["errors"][0]["errors"] == {"payload.order": ["invalid"]}

    serve(scenario)


@pytest.mark.parametrize("order", ["0", "-0", "--z", "z" * 1024, "_"])
def test_orders_that_are(serve, order):
    async def scenario(client):
        await prepare(client)
        (await add(client, (1, {"order": order}))).says(201)
        assert (await client.get(f"{PATH}?order_after=-")).document["resources"][0]["payload"] == {"order": order}

    serve(scenario)


@pytest.mark.parametrize(
    "payload", [[], "x", None, {"cover": 1}, {"publishInfo": {"servicePayload": "x" * 1025}}, {"publishInfo": 1}]
)
def test_payloads_that_are_wrong(serve, payload):
    async def scenario(client):
        await prepare(client)
        reply = await client.put(PATH, {"resources": [{"id": hexes(1)[0], "payload": payload}]})
        reply.says(403)
        assert reply.document["errors"][0]["code"] == 1030

    serve(scenario)


def test_fifty_and_no_more(serve):
    async def scenario(client):
        await prepare(client, 51)
        (await add(client, *((n, None) for n in range(1, 52)))).says(400, 1005, resources="must be at most 50")
        assert (await client.get(PATH)).ids == []
        (await add(client, *((n, None) for n in range(1, 51)))).says(201)
        assert len((await client.get(PATH)).ids) == 50

    serve(scenario)


@pytest.mark.parametrize(
    "body",
    [{}, {"resources": []}, {"resources": {}}, {"resources": [1]}, {"resources": [{}]}, {"resources": [{"id": "x"}]}],
)
def test_bodies_that_are_wrong(serve, body):
    async def scenario(client):
        await prepare(client)
        (await client.put(PATH, body)).says(400, 1005)

    serve(scenario)


def test_the_cover(serve):
    async def scenario(client):
        await prepare(client)
        assert await cover(client) is None
        await add(client, (1, {"cover": True, "order": "a"}), (2, {"cover": False, "order": "b"}))
        assert await cover(client) == {"id": hexes(1)[0]}
        album = (await client.get(f"albums/{A}")).document
        assert album["links"]["/rels/cover_asset"] == {"href": f"assets/{hexes(1)[0]}"}
        # On a member only the cover changes.
        reply = await add(client, (2, {"cover": True, "order": "zzz", "publishInfo": {"remoteId": "new"}}))
        reply.says(201)
        assert "errors" not in reply.document
        members = (await client.get(f"{PATH}?order_after=-")).document["resources"]
        assert [one["payload"] for one in members] == [{"order": "a"}, {"order": "b", "cover": True}]
        (await add(client, (1, {"cover": False}))).says(201)
        assert await cover(client) == {"id": hexes(2)[0]}
        (await add(client, (2, {"cover": False}))).says(201)
        assert await cover(client) is None
        reply = await add(client, (3, {"cover": True}), (4, {"cover": True}))
        reply.says(400, 1030, payload__cover="invalid")

    serve(scenario)


def test_only_projects_take_assets(serve):
    async def scenario(client):
        await prepare(client)
        (await client.put(f"albums/{B}", client.album("Set", "project_set"))).says(201)
        (await add(client, (1, None), path=f"albums/{B}/assets")).says(403, 1016)
        (await add(client, (1, None), path=f"albums/{'c' * 32}/assets")).says(404, 1000, album="does not exist")

    serve(scenario)


@pytest.mark.parametrize("method", ["DELETE", "POST", "PATCH"])
@pytest.mark.parametrize(
    "path", [PATH, f"{PATH}/{'0' * 31}1", f"{PATH}?asset_ids={'0' * 31}1", f"{PATH}/", f"albums/{A}/x"]
)
def test_nothing_undocumented_touches_members(serve, method, path):
    async def scenario(client):
        await prepare(client)
        await add(client, (1, {"order": "a"}), (2, {"order": "b"}))
        before = (await client.snapshot())["albums"]
        reply = await client.call(method, path, json={"resources": [{"id": hexes(1)[0], "payload": {"order": "z"}}]})
        assert reply.status in (404, 405)
        assert (await client.snapshot())["albums"] == before

    serve(scenario)


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_order_walks_both_ways(serve, limit):
    async def scenario(client):
        await prepare(client, 9)
        orders = {5: "a", 2: "b", 7: "c", 1: "c", 9: "zz"}
        await add(client, *((n, {"order": order}) for n, order in orders.items()), (8, None), (3, None), (6, None))
        rising = hexes(5, 2, 7, 1, 9, 3, 6, 8)
        pages = await client.walk(f"{PATH}?order_after=-&limit={limit}")
        assert [one for page in pages for one in page] == rising
        assert all(len(page) >= min(limit, 2) - 1 for page in pages)
        assert not any({hexes(7)[0], hexes(1)[0]} & set(page) in ({hexes(7)[0]}, {hexes(1)[0]}) for page in pages)
        falling = await client.walk(f"{PATH}?order_before=&captured_before=2100-01-01T00:00:00&limit={limit}")
        assert [one for page in falling for one in page] == rising[::-1]
        assert (await client.walk(f"{PATH}?order_before=&limit={limit}")) == falling

    serve(scenario)


def test_prev_leads_back(serve):
    async def scenario(client):
        await prepare(client)
        await add(client, (1, {"order": "a"}), (2, {"order": "b"}), (3, {"order": "c"}), (4, None), (5, None))
        first = await client.get(f"{PATH}?order_after=-&limit=2")
        assert "prev" not in first.document["links"]
        assert first.document["links"]["next"]["href"] == f"{PATH}?order_after=b&limit=2"
        second = await client.get(first.document["base"] + first.document["links"]["next"]["href"])
        assert second.ids == hexes(3, 4)
        assert second.document["links"]["prev"]["href"] == f"{PATH}?order_before=c&limit=2"
        back = await client.get(second.document["base"] + second.document["links"]["prev"]["href"])
        assert back.ids == hexes(2, 1)
        third = await client.get(second.document["base"] + second.document["links"]["next"]["href"])
        assert third.ids == hexes(5)
        assert "next" not in third.document["links"]

    serve(scenario)


def test_members_without_order_come_by_date_then_as_added(serve, jpeg):
    async def scenario(client):
        await prepare(client, 2)
        (await client.put(f"assets/{B}", client.asset())).says(201)
        await client.put(PATH, {"resources": [{"id": hexes(2)[0]}, {"id": B}, {"id": hexes(1)[0]}]})
        assert (await client.get(f"{PATH}?order_after=-")).ids == [B, *hexes(1, 2)]
        data = jpeg(taken="2026-05-02 09:00:00".replace("-", ":", 2))
        (await client.put(f"assets/{B}/master", data=data, headers={"Content-Type": "image/jpeg"})).says(201)
        assert (await client.get(f"{PATH}?order_after=-")).ids == [hexes(1)[0], B, hexes(2)[0]]

    serve(scenario)


def test_captured_mode(serve):
    async def scenario(client):
        await prepare(client)
        await add(client, (1, {"order": "z"}), (2, {"order": "a"}), (3, None), (4, None))
        assert (await client.get(PATH)).ids == hexes(4, 3, 2, 1)
        assert await client.walk(f"{PATH}?limit=3&captured_before=2026-05-05T08:00:00") == [hexes(3, 2, 1)]
        assert await client.walk(f"{PATH}?limit=3") == [hexes(4, 3, 2), hexes(1)]
        assert await client.walk(f"{PATH}?captured_after=-0001-12-31T23:59:59&limit=3", "prev") == [
            hexes(3, 2, 1),
            hexes(4),
        ]

    serve(scenario)


DATE = "2026-05-02T00:00:00"


@pytest.mark.parametrize(
    "query",
    [
        f"order_after=a&captured_before={DATE}",
        f"order_after=&captured_before={DATE}",
        f"order_after=a&captured_after={DATE}",
        f"order_before=a&captured_after={DATE}",
        f"order_before=&captured_after={DATE}",
        f"order_before=a&captured_before={DATE}",
        "order_after=a&order_before=b",
        f"captured_after={DATE}&captured_before={DATE}",
        f"order_after={'a' * 1025}",
        "order_after=%20",
        "order_before=%C3%A9",
        "order_after=-&limit=501",
        "flag=pick&album_filters=true",
        "flag=x",
        "subtype=x",
        "exclude=x",
        f"asset_ids={A}&embed=asset",
        "asset_ids=x",
    ],
)
def test_parameters_that_do_not_go(serve, query):
    async def scenario(client):
        await prepare(client)
        (await client.get(f"{PATH}?{query}")).says(400, 1005)

    serve(scenario)


def test_mixing_as_documented(serve):
    async def scenario(client):
        await prepare(client)
        await add(client, (1, {"order": "a"}), (2, {"order": "b"}), (3, None), (4, None), (5, None))
        assert (await client.get(f"{PATH}?order_after=&captured_after=2026-05-04T08:00:00")).ids == hexes(4, 5)
        assert (await client.get(f"{PATH}?order_after=")).ids == hexes(3, 4, 5)
        reply = await client.get(f"{PATH}?order_before=&captured_before=2026-05-05T08:00:00")
        assert reply.ids == hexes(3, 2, 1)

    serve(scenario)


def test_filters(serve):
    async def scenario(client):
        await prepare(client, 2)
        await client.seed(
            assets=[
                {"id": "1" * 32, "flag": "pick"},
                {"id": "2" * 32, "flag": "reject"},
                {"id": "3" * 32, "subtype": "video", "complete": False},
                {"id": "4" * 32, "stacked": True},
            ]
        )
        ids = [*(n * 32 for n in "1234"), *hexes(1, 2)]
        await client.put(PATH, {"resources": [{"id": one} for one in ids]})

        async def ask(query):
            return set((await client.get(f"{PATH}?order_after=-&{query}")).ids)

        assert await ask("flag=pick") == {"1" * 32}
        assert await ask("flag=pick;reject") == {"1" * 32, "2" * 32}
        assert await ask("flag=unflagged&subtype=video") == {"3" * 32}
        assert await ask("album_filters=true") == set(ids) - {"2" * 32}
        assert await ask("album_filters=yes") == set(ids)
        assert await ask("exclude=incomplete") == set(ids) - {"3" * 32}
        assert await ask("exclude=complete") == {"3" * 32}
        assert await ask("hide_stacked_assets=true") == set(ids) - {"4" * 32}
        reply = await client.get(f"{PATH}?asset_ids={'1' * 32},{A}")
        assert reply.ids == ["1" * 32]
        assert reply.document["errors"] == [{"id": A, "code": 1000, "description": "Resource not found"}]

    serve(scenario)


def test_a_long_album_comes_back_whole_in_any_page_size(serve):
    async def scenario(client):
        await prepare(client, 120)
        dice = random.Random(7)
        letters = "-0129AZ_az"
        orders = {n: "".join(dice.choices(letters, k=dice.randint(0, 3))) + "0" for n in range(1, 101)}
        entries = [(n, {"order": orders[n]} if n in orders else None) for n in range(1, 121)]
        for start in range(0, 120, 50):
            (await add(client, *entries[start : start + 50])).says(201)
        whole = (await client.get(f"{PATH}?order_after=-&limit=500")).ids
        ordered = [int(one, 16) for one in whole][:100]
        assert ordered == sorted(orders, key=lambda n: (orders[n], n))
        for limit in (7, 50, 119):
            pages = await client.walk(f"{PATH}?order_after=-&limit={limit}")
            assert [one for page in pages for one in page] == whole

    serve(scenario)

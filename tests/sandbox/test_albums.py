"""Albums and sets."""

import json

import pytest

A, B, C = "a" * 32, "b" * 32, "c" * 32
OTHER = [{"id": C, "subtype": "project", "serviceId": "another", "payload": {"name": "Theirs"}}]


async def updated(client, album_id=A):
    return (await client.get(f"albums/{album_id}")).document


def test_create_and_read(serve):
    async def scenario(client):
        (await client.put(f"albums/{B}", client.album("Set", "project_set"))).says(201)
        publish = {"version": 3, "created": "2026-05-02T00:00:00Z", "servicePayload": "x" * 1024, "remoteId": "r"}
        body = client.album(parent={"id": B}, publishInfo=publish, extra={"kept": [1, "é"]})
        reply = await client.put(f"albums/{A}", body)
        assert (reply.status, reply.body) == (201, b"")
        assert reply.headers["Location"] == f"{client.catalog}/albums/{A}"
        album = await updated(client)
        assert album["payload"] == body["payload"]
        assert (album["type"], album["subtype"], album["serviceId"]) == ("album", "project", client.box.api_key)
        assert album["created"] == album["updated"]
        assert album["links"]["/rels/parent_album"] == {"href": f"albums/{B}"}
        assert album["base"] == f"{client.box.endpoint}{client.catalog}/"

    serve(scenario)


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_album_that_is_not_there(serve, method):
    async def scenario(client):
        body = {"json": {"payload": {"name": "x"}}} if method == "POST" else {}
        (await client.call(method, f"albums/{A}", **body)).says(404, 1000, album="does not exist")
        (await client.call(method, "albums/x", **body)).says(400, 1005, album_id="Must be a valid GUID")

    serve(scenario)


def test_an_id_is_taken_once_by_whichever_key(serve):
    async def scenario(client):
        await client.seed(albums=OTHER)
        (await client.put(f"albums/{A}", client.album())).says(201)
        (await client.put(f"albums/{A}", client.album("Other name"))).says(403, 1002, album="already exists")
        (await client.put(f"albums/{C}", client.album())).says(403, 1002, album="already exists")
        (await client.get(f"albums/{C}")).says(403, 1016)

    serve(scenario)


@pytest.mark.parametrize(
    ("payload", "key", "word"),
    [
        ({"name": ""}, "payload.name", "invalid"),
        ({"name": "a\nb"}, "payload.name", "invalid"),
        ({"name": "a\x7f"}, "payload.name", "invalid"),
        ({"name": "a\x85"}, "payload.name", "invalid"),
        ({"name": "\ud800"}, "payload.name", "invalid"),
        ({"name": 1}, "payload.name", "invalid"),
        ({"userCreated": "2026-05-02T00:00:00"}, "payload.userCreated", "invalid"),
        ({"userUpdated": "2026-05-02T00:00:00+00:00"}, "payload.userUpdated", "invalid"),
        ({"cover": {"id": "x"}}, "payload.cover.id", "invalid"),
        ({"cover": {"id": "e" * 32}}, "payload.cover.id", "invalid"),
        ({"cover": None}, "payload.cover", "invalid"),
        ({"parent": "x"}, "payload.parent", "invalid"),
        ({"parent": {"id": "x"}}, "payload.parent.id", "invalid"),
        ({"parent": {"id": "e" * 32}}, "payload.parent.id", "invalid"),
        ({"parent": {"id": A}}, "payload.parent.id", "invalid"),
        ({"publishInfo": []}, "payload.publishInfo", "invalid"),
        ({"publishInfo": {"version": "3"}}, "payload.publishInfo.version", "invalid"),
        ({"publishInfo": {"version": 2}}, "payload.publishInfo.version", "invalid"),
        (
            {"publishInfo": {"version": 3, "servicePayload": "x" * 1025}},
            "payload.publishInfo.servicePayload",
            "invalid",
        ),
        ({"publishInfo": {"version": 3, "servicePayload": {}}}, "payload.publishInfo.servicePayload", "invalid"),
        ({"publishInfo": {"version": 3, "deleted": "true"}}, "payload.publishInfo.deleted", "invalid"),
        ({"publishInfo": {"version": 3, "created": "x"}}, "payload.publishInfo.created", "invalid"),
        (
            {"publishInfo": {"version": 3, "created": "2026-05-02T00:00:00Z", "updated": "2026-05-03T00:00:00Z"}},
            "payload.publishInfo.updated",
            "invalid",
        ),
        ({"publishInfo": {"version": 3, "remoteLinks": 1}}, "payload.publishInfo.remoteLinks", "invalid"),
        (
            {"publishInfo": {"version": 3, "remoteLinks": {"edit": {"href": 1}}}},
            "payload.publishInfo.remoteLinks.edit.href",
            "invalid",
        ),
    ],
)
def test_payloads_are_checked(serve, payload, key, word):
    async def scenario(client):
        reply = await client.put(f"albums/{A}", client.album(**payload))
        reply.says(400, 1030, **{key: word})
        assert reply.document["description"] == "Payload Validation Error"
        (await client.get(f"albums/{A}")).says(404)

    serve(scenario)


def test_top_level_of_the_body(serve):
    async def scenario(client):
        (await client.put(f"albums/{A}", {**client.album(), "subtype": "collection"})).says(
            400, 1005, subtype="is invalid"
        )
        (await client.put(f"albums/{A}", {**client.album(), "serviceId": "x"})).says(400, 1005, serviceId="is invalid")
        without = {name: value for name, value in client.album().items() if name != "serviceId"}
        (await client.put(f"albums/{A}", without)).says(400, 1005, serviceId="must be specified")
        bare = {"subtype": "project", "serviceId": "sandbox"}
        (await client.put(f"albums/{A}", bare)).says(400, 1030, payload="required")
        (await client.put(f"albums/{A}", {**bare, "payload": {}})).says(400, 1030, payload__name="required")
        (await client.put(f"albums/{A}", data=b"{}")).says(415, 1003, content_type="should be json")

    serve(scenario)


@pytest.mark.parametrize("kind", ["project", "theirs", "collection_set"])
def test_a_parent_must_be_a_set_of_the_same_key(serve, kind):
    async def scenario(client):
        albums = [
            {"id": "1" * 32, "subtype": "project", "serviceId": "sandbox", "payload": {"name": "x"}},
            {"id": "2" * 32, "subtype": "project_set", "serviceId": "another", "payload": {"name": "x"}},
            {"id": "3" * 32, "subtype": "collection_set", "payload": {"name": "x"}},
        ]
        await client.seed(albums=albums)
        parent = {"project": "1", "theirs": "2", "collection_set": "3"}[kind] * 32
        body = client.album(parent={"id": parent})
        (await client.put(f"albums/{A}", body)).says(400, 1030, payload__parent__id="invalid")

    serve(scenario)


def test_no_set_goes_below_itself(serve):
    async def scenario(client):
        await client.put(f"albums/{A}", client.album("1", "project_set"))
        await client.put(f"albums/{B}", client.album("2", "project_set", parent={"id": A}))
        for parent in (A, B):
            reply = await client.call("POST", f"albums/{A}", json={"payload": {"name": "1", "parent": {"id": parent}}})
            reply.says(400, 1030, payload__parent__id="invalid")

    serve(scenario)


def test_an_update_replaces(serve):
    async def scenario(client):
        await client.put(f"albums/{A}", client.album(extra=1, publishInfo={"version": 3, "remoteId": "r"}))
        before = await updated(client)
        reply = await client.call("POST", f"albums/{A}", json={"payload": {"name": "New"}})
        assert (reply.status, reply.body) == (204, b"")
        album = await updated(client)
        assert album["payload"] == {"name": "New"}
        assert album["updated"] > before["updated"]
        assert album["created"] == before["created"]
        (await client.call("POST", f"albums/{A}", json={"payload": {"extra": 1}})).says(
            400, 1030, payload__name="required"
        )
        (await client.call("POST", f"albums/{A}", json={})).says(400, 1030, payload="required")
        (await client.call("POST", f"albums/{A}", json={"subtype": "project_set", "payload": {"name": "x"}})).says(
            400, 1005
        )

    serve(scenario)


def test_an_update_merges_when_so_told(serve):
    async def scenario(client):
        await client.put(f"albums/{A}", client.album(extra=1, publishInfo={"version": 3, "remoteId": "r"}))
        change = {"publishInfo": {"version": 3, "servicePayload": "s"}}
        (await client.call("POST", f"albums/{A}", json={"payload": change})).says(204)
        publish = {"version": 3, "remoteId": "r", "servicePayload": "s"}
        assert (await updated(client))["payload"] == {"name": "Holidays", "extra": 1, "publishInfo": publish}

    serve(scenario, update_mode="merge")


def test_only_own_projects_can_be_changed(serve):
    async def scenario(client):
        theirs = {"id": B, "subtype": "collection", "payload": {"name": "Mine, says the customer"}}
        await client.seed(albums=[*OTHER, theirs])
        for album_id in (B, C):
            (await client.call("POST", f"albums/{album_id}", json={"payload": {"name": "x"}})).says(403, 1016)
            (await client.call("DELETE", f"albums/{album_id}")).says(403, 1016)
            (await client.put(f"albums/{album_id}/assets", {"resources": [{"id": A}]})).says(403, 1016)
        (await client.get(f"albums/{B}")).says(200)
        (await client.get(f"albums/{B}/assets")).says(200)
        (await client.get(f"albums/{C}/assets")).says(403, 1016)

    serve(scenario)


def test_a_deleted_set_leaves_children_that_cannot_be_updated_as_they_were(serve):
    async def scenario(client):
        await client.put(f"albums/{A}", client.album("Set", "project_set"))
        await client.put(f"albums/{B}", client.album(parent={"id": A}))
        reply = await client.call("DELETE", f"albums/{A}")
        assert (reply.status, reply.body) == (204, b"")
        (await client.get(f"albums/{A}")).says(404)
        child = await updated(client, B)
        assert child["payload"]["parent"] == {"id": A}
        reply = await client.call("POST", f"albums/{B}", json={"payload": child["payload"]})
        reply.says(400, 1030, payload__parent__id="invalid")
        (await client.call("POST", f"albums/{B}", json={"payload": {"name": "Free"}})).says(204)
        (await client.call("DELETE", f"albums/{A}")).says(404)

    serve(scenario)


def test_child_albums_go_with_it_when_asked(serve, make_id):
    async def scenario(client):
        await client.seed(assets=[{"id": make_id(9)}])
        await client.put(f"albums/{A}", client.album("Set", "project_set"))
        await client.put(f"albums/{B}", client.album("Inner", "project_set", parent={"id": A}))
        await client.put(f"albums/{C}", client.album(parent={"id": B}))
        await client.put(f"albums/{C}/assets", {"resources": [{"id": make_id(9)}]})
        (await client.call("DELETE", f"albums/{A}?child_albums=")).says(204)
        (await client.get(f"albums/{B}")).says(200)
        (await client.call("DELETE", f"albums/{B}?child_albums=true")).says(204)
        (await client.get(f"albums/{C}")).says(404)
        # Made again, it is empty: members went with it.
        (await client.put(f"albums/{C}", client.album())).says(201)
        assert (await client.get(f"albums/{C}/assets")).ids == []

    serve(scenario)


def test_listing(serve):
    async def scenario(client):
        names = ["Zebra", "apple", "Äpfel", "Apple", "日本", "apple"]
        for n, name in enumerate(names):
            subtype = "project_set" if n == 3 else "project"
            (await client.put(f"albums/{n:032x}", client.album(name, subtype))).says(201)
        await client.seed(albums=[*OTHER, {"id": "d" * 32, "subtype": "collection", "payload": {"name": "Theirs"}}])
        order = [f"{n:032x}" for n in (3, 0, 1, 5, 2, 4)]
        assert (await client.get("albums")).ids == order
        for form in ("project,project_set", "project_set%3Bproject", "project_set;project", "project%2Cproject_set"):
            assert (await client.get(f"albums?subtype={form}")).ids == order
        assert (await client.get("albums?subtype=project_set")).ids == order[:1]
        assert (await client.get("albums?subtype=project")).ids == order[1:]
        assert (await client.get("albums?subtype=collection")).ids == ["d" * 32]
        pages = await client.walk("albums?limit=3&subtype=project_set%3Bproject")
        assert pages == [order[:4], order[4:]]
        assert (await client.get("albums?name_after=apple")).ids == order[4:]
        assert (await client.get("albums?name_after=%E6%97%A5%E6%9C%AC")).ids == []
        (await client.get("albums?subtype=x")).says(400, 1005, subtype="is invalid")
        (await client.get("albums?limit=0")).says(400, 1005)
        (await client.get("albums?limit=5000")).says(200)

    serve(scenario)


def test_the_default_limit_of_albums_is_100(serve):
    async def scenario(client):
        albums = [{"subtype": "project", "serviceId": "sandbox", "payload": {"name": f"{n:03d}"}} for n in range(101)]
        await client.seed(albums=albums)
        assert [len(page) for page in await client.walk("albums")] == [100, 1]

    serve(scenario)


def test_what_the_vendors_samples_leave_out_may_be_left_out(serve):
    """The version of publishInfo, and the type of a body that is JSON."""

    async def scenario(client):
        stamp = "2026-05-02T08:00:00.000Z"
        publish = {"created": stamp, "updated": stamp, "remoteId": "gallery"}
        document = json.dumps(client.album(publishInfo=publish)).encode()
        (await client.put(f"albums/{A}", data=document, skip_auto_headers=["Content-Type"])).says(201)
        typed = {"Content-Type": "text/plain"}
        (await client.put(f"albums/{'b' * 32}", data=document, headers=typed)).says(415, 1003)

    serve(scenario)

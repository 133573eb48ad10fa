"""Creating and reading assets."""

import hashlib

import pytest

A = "a" * 32


def test_create_and_read(serve):
    async def scenario(client):
        reply = await client.put(f"assets/{A}", client.asset(note="kept", captureDate="2026-05-02T08:00:00"))
        assert (reply.status, reply.body) == (201, b"")
        assert reply.headers["Location"] == f"{client.catalog}/assets/{A}"
        asset = (await client.get(f"assets/{A}")).document
        assert asset["id"] == A
        assert asset["type"] == "asset"
        assert asset["payload"]["note"] == "kept"
        assert asset["base"] == f"{client.box.endpoint}{client.catalog}/"
        assert asset["links"]["self"] == {"href": f"assets/{A}"}
        assert asset["links"]["/rels/xmp/develop"]["invalid"] == "true"
        assert not any(name.startswith("/rels/rendition_type") for name in asset["links"])

    serve(scenario)


def test_reading_what_is_not_there(serve):
    async def scenario(client):
        (await client.get(f"assets/{A}")).says(404, 1000, asset="does not exist")
        (await client.get("assets/nonsense")).says(400, 1005, asset_id="Must be a valid GUID")
        (await client.get(f"assets/{A.upper()}")).says(400, 1005, asset_id="Must be a valid GUID")

    serve(scenario)


def test_an_id_is_taken_once(serve):
    async def scenario(client):
        (await client.put(f"assets/{A}", client.asset())).says(201)
        (await client.put(f"assets/{A}", client.asset())).says(403, 1002, asset="already exists")

    serve(scenario)


def test_the_older_form_with_a_revision(serve, jpeg):
    async def scenario(client):
        revision = "b" * 32
        reply = await client.put(f"assets/{A}/revisions/{revision}", client.asset())
        reply.says(201)
        assert reply.headers["Location"].endswith(f"/assets/{A}/revisions/{revision}")
        xmp = {"Content-Type": "application/rdf+xml"}
        (await client.put(f"assets/{A}/revisions/{revision}/xmp/develop", data=b"<x/>", headers=xmp)).says(201)
        path = f"assets/{A}/revisions/{revision}/master"
        (await client.put(path, data=jpeg(), headers={"Content-Type": "image/jpeg"})).says(201)
        again = await client.put(path, data=jpeg(), headers={"Content-Type": "image/jpeg"})
        again.says(412)
        assert [one["id"] for one in again.document["revisions"]] == [A]
        (await client.put(f"assets/{A}/revisions/1", client.asset())).says(
            400, 1005, revision_id="Must be a valid GUID"
        )

    serve(scenario)


def test_a_known_original_is_412_and_named(serve, jpeg, make_id):
    async def scenario(client):
        sha256 = hashlib.sha256(jpeg()).hexdigest()
        body = client.asset(importSource={"sha256": sha256})
        (await client.put(f"assets/{make_id(1)}", body, headers={"If-None-Match": sha256})).says(201)
        # Not there yet: only said to come.
        (await client.put(f"assets/{make_id(2)}", body, headers={"If-None-Match": sha256})).says(201)
        upload = {"Content-Type": "image/jpeg"}
        (await client.put(f"assets/{make_id(1)}/master", data=jpeg(), headers=upload)).says(201)
        for form in (sha256, f'"{sha256}"', sha256.upper()):
            reply = await client.put(f"assets/{make_id(3)}", body, headers={"If-None-Match": form})
            reply.says(412)
            assert [one["id"] for one in reply.document["resources"]] == [make_id(1)]
        # The id comes before the precondition.
        (await client.put(f"assets/{make_id(1)}", body, headers={"If-None-Match": sha256})).says(403, 1002)
        (await client.put(f"assets/{make_id(3)}", body, headers={"If-None-Match": "*"})).says(400, 1005)
        (await client.put(f"assets/{make_id(3)}", body)).says(201)

    serve(scenario)


def test_a_trashed_original_does_not_stand_in_the_way(serve, jpeg):
    async def scenario(client):
        sha256 = hashlib.sha256(jpeg()).hexdigest()
        await client.seed(assets=[{"subtype": "deleted_image", "sha256": sha256}])
        (await client.put(f"assets/{A}", client.asset(), headers={"If-None-Match": sha256})).says(201)

    serve(scenario)


@pytest.mark.parametrize("subtype", ["deleted_image", "preset", None, 1, ["image"]])
def test_subtype_is_image_or_video(serve, subtype):
    async def scenario(client):
        (await client.put(f"assets/{A}", client.asset(subtype=subtype))).says(400, 1005, subtype="is invalid")

    serve(scenario)


@pytest.mark.parametrize(
    ("changed", "key", "word"),
    [
        ({"captureDate": "yesterday"}, "payload.captureDate", "invalid"),
        ({"captureDate": "2026-02-30T08:00:00"}, "payload.captureDate", "invalid"),
        ({"captureDate": 3}, "payload.captureDate", "invalid"),
        ({"userCreated": "2026"}, "payload.userCreated", "invalid"),
        ({"importSource": {"importedOnDevice": "another"}}, "payload.importSource.importedOnDevice", "invalid"),
        ({"importSource": {"importedBy": "b" * 32}}, "payload.importSource.importedBy", "invalid"),
        ({"importSource": {"importTimestamp": "x"}}, "payload.importSource.importTimestamp", "invalid"),
        ({"importSource": {"fileName": ""}}, "payload.importSource.fileName", "invalid"),
        ({"importSource": {"fileName": "a\ud800"}}, "payload.importSource.fileName", "invalid"),
        ({"importSource": {"fileSize": -1}}, "payload.importSource.fileSize", "invalid"),
        ({"importSource": {"fileSize": 10**30}}, "payload.importSource.fileSize", "invalid"),
        ({"importSource": {"sha256": "x"}}, "payload.importSource.sha256", "invalid"),
    ],
)
def test_payload_members_are_checked_one_by_one(serve, changed, key, word):
    async def scenario(client):
        (await client.put(f"assets/{A}", client.asset(**changed))).says(400, 1030, **{key: word})
        (await client.get(f"assets/{A}")).says(404)

    serve(scenario)


def test_what_is_required(serve):
    async def scenario(client):
        body = {"subtype": "image", "payload": {"importSource": {}}}
        source = "payload.importSource."
        names = ("fileName", "importedOnDevice", "importedBy", "importTimestamp")
        wanted = {"payload.captureDate": "required", **{source + name: "required" for name in names}}
        (await client.put(f"assets/{A}", body)).says(400, 1030, **wanted)
        (await client.put(f"assets/{A}", {"subtype": "image"})).says(400, 1030, payload="required")
        (await client.put(f"assets/{A}", {"subtype": "image", "payload": []})).says(400, 1030, payload="invalid")

    serve(scenario)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"a": NaN}',
        b"[" * 100_000,
        b'{"a":' * 200 + b"1" + b"}" * 200,
        b"9" * 5000,
        b'{"a": 1e999}',
    ],
)
def test_a_body_that_is_no_json_object(serve, body):
    async def scenario(client):
        reply = await client.put(f"assets/{A}", data=body, headers={"Content-Type": "application/json"})
        reply.says(400, 1005, body="Must be valid JSON")
        reply = await client.put(f"assets/{A}", data=body, headers={"Content-Type": "text/plain"})
        reply.says(415, 1003, content_type="should be json")

    serve(scenario)


def test_a_full_account_takes_no_more_assets(serve):
    async def scenario(client):
        await client.seed(account={"storage_limit": 1000, "used": 1000})
        (await client.put(f"assets/{A}", client.asset())).says(403, 1043, **{A: "quota exceeded"})

    serve(scenario)

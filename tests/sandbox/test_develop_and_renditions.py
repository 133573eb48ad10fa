"""Develop settings and renditions."""

import io

import pytest
from PIL import Image

from lrplan.sandbox import assets

A, B = "a" * 32, "b" * 32
XMP = {"Content-Type": "application/rdf+xml"}
SETTINGS = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"


def test_settings_are_stored_replaced_and_copied(serve, jpeg):
    async def scenario(client):
        await client.upload(A, jpeg())
        await client.upload(B, jpeg(1))
        (await client.get(f"assets/{A}/xmp/develop")).says(404, 1000, asset="does not exist")
        (await client.put(f"assets/{A}/xmp/develop", data=b"<old/>", headers=XMP)).says(201)
        reply = await client.put(f"assets/{A}/xmp/develop", data=SETTINGS, headers=XMP)
        assert (reply.status, reply.body) == (201, b"")
        read = await client.get(f"assets/{A}/xmp/develop")
        assert (read.status, read.body, read.headers["Content-Type"]) == (200, SETTINGS, "application/rdf+xml")
        link = (await client.get(f"assets/{A}")).document["links"]["/rels/xmp/develop"]
        assert link == {"href": f"assets/{A}/xmp/develop", "fileSize": len(SETTINGS)}
        for href in (f"{client.catalog}/assets/{A}/xmp/develop", f"assets/{A}/xmp/develop"):
            (await client.put(f"assets/{B}/xmp/develop", {"file_href": href})).says(201)
        assert (await client.get(f"assets/{B}/xmp/develop")).body == SETTINGS

    serve(scenario)


@pytest.mark.parametrize("href", [None, 1, "", "x", "assets/x/xmp/develop", "xmp/develop", f"assets/{A}/master"])
def test_copies_from_nowhere(serve, href, jpeg):
    async def scenario(client):
        await client.upload(B, jpeg())
        (await client.put(f"assets/{B}/xmp/develop", {"file_href": href})).says(400, 1030, file_href="invalid")
        missing = {"file_href": f"assets/{A}/xmp/develop"}
        (await client.put(f"assets/{B}/xmp/develop", missing)).says(404, 1000, asset="does not exist")

    serve(scenario)


def test_settings_that_are_refused(serve, jpeg):
    async def scenario(client):
        (await client.put(f"assets/{A}/xmp/develop", data=SETTINGS, headers=XMP)).says(404)
        await client.upload(A, jpeg())
        (await client.put(f"assets/{A}/xmp/develop", data=b"", headers=XMP)).says(400, 1005)
        text = {"Content-Type": "text/plain"}
        (await client.put(f"assets/{A}/xmp/develop", data=SETTINGS, headers=text)).says(415, 1003)
        await client.put(f"assets/{B}", client.asset(subtype="video"))
        (await client.put(f"assets/{B}/xmp/develop", data=SETTINGS, headers=XMP)).says(400, 1005, subtype="is invalid")

    serve(scenario)


def test_small_renditions_exist_after_the_upload(serve):
    async def scenario(client):
        buffer = io.BytesIO()
        Image.new("RGB", (3000, 1500), (200, 30, 30)).save(buffer, "JPEG")
        await client.upload(A, buffer.getvalue())
        links = (await client.get(f"assets/{A}")).document["links"]
        for kind, edge in (("thumbnail2x", 320), ("640", 640), ("1280", 1280), ("2048", 2048)):
            assert links[f"/rels/rendition_type/{kind}"]["href"] == f"assets/{A}/renditions/{kind}"
            reply = await client.get(f"assets/{A}/renditions/{kind}")
            assert (reply.status, reply.headers["Content-Type"]) == (200, "image/jpeg")
            with Image.open(io.BytesIO(reply.body)) as image:
                assert image.size == (edge, edge // 2)
                assert image.getpixel((5, 5))[0] > 150
            head = await client.call("HEAD", f"assets/{A}/renditions/{kind}")
            assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", str(len(reply.body)))

    serve(scenario)


def test_big_renditions_are_asked_for_and_go_stale(serve, jpeg):
    async def scenario(client):
        await client.upload(A, jpeg())
        path = f"assets/{A}/renditions"
        for kind in ("2560", "fullsize"):
            (await client.call("HEAD", f"{path}/{kind}")).says(404)
            (await client.get(f"{path}/{kind}")).says(404, 1000, rendition="does not exist")
        reply = await client.call("POST", path, headers={"X-Generate-Renditions": "fullsize, 2560"})
        reply.says(202)
        assert reply.document["links"]["/rels/rendition_type/fullsize"] == {"href": f"{path}/fullsize"}
        (await client.get(f"{path}/fullsize")).says(200)
        (await client.get(f"{path}/2560")).says(200)
        await client.put(f"assets/{A}/xmp/develop", data=SETTINGS, headers=XMP)
        (await client.get(f"{path}/2560")).says(404)
        (await client.get(f"{path}/640")).says(200)
        links = (await client.get(f"assets/{A}")).document["links"]
        assert links["/rels/rendition_type/2560"] == {"href": f"{path}/2560", "invalid": "true"}
        await client.call("POST", path, headers={"X-Generate-Renditions": "2560"})
        links = (await client.get(f"assets/{A}")).document["links"]
        assert links["/rels/rendition_type/2560"] == {"href": f"{path}/2560"}

    serve(scenario)


@pytest.mark.parametrize("in_parts", [False, True])
def test_an_upload_may_ask_for_big_renditions(serve, jpeg, in_parts):
    data = jpeg(size=40_000)
    cuts = [(0, 32_767), (32_768, 39_999)] if in_parts else [(0, 39_999)]

    async def scenario(client):
        (await client.put(f"assets/{A}", client.asset())).says(201)
        for first, last in cuts:
            headers = {"Content-Type": "image/jpeg", "X-Generate-Renditions": "fullsize,640, anything"}
            headers |= {"Content-Range": f"bytes {first}-{last}/40000"} if in_parts else {}
            (await client.put(f"assets/{A}/master", data=data[first : last + 1], headers=headers)).says(201)
        (await client.get(f"assets/{A}/renditions/fullsize")).says(200)
        (await client.get(f"assets/{A}/renditions/2560")).says(404)

    serve(scenario)


def test_big_renditions_are_gone_after_a_day(serve, jpeg, monkeypatch):
    async def scenario(client):
        await client.upload(A, jpeg())
        path = f"assets/{A}/renditions"
        (await client.call("POST", path, headers={"X-Generate-Renditions": "2560"})).says(202)
        monkeypatch.setattr(assets, "KEPT_SECONDS", 0)
        (await client.get(f"{path}/2560")).says(404, 1000, rendition="does not exist")
        assert "/rels/rendition_type/2560" not in (await client.get(f"assets/{A}")).document["links"]

    serve(scenario)


def picture(reply):
    reply.says(200)
    assert reply.headers["Content-Type"] == "image/jpeg"
    with Image.open(io.BytesIO(reply.body)) as image:
        return image.size, image.getpixel((1, 1))


def test_what_cannot_be_decoded_has_a_neutral_picture_of_its_shape(serve, make_id):
    async def scenario(client):
        source = {"originalWidth": 4000, "originalHeight": 6000}
        (await client.put(f"assets/{A}", client.asset(importSource=source))).says(201)
        raw = {"Content-Type": "application/octet-stream"}
        (await client.put(f"assets/{A}/master", data=b"no picture at all", headers=raw)).says(201)
        size, color = picture(await client.get(f"assets/{A}/renditions/640"))
        assert size == (426, 640)
        assert max(color) - min(color) < 8
        (await client.call("POST", f"assets/{A}/renditions", headers={"X-Generate-Renditions": "fullsize"})).says(202)
        assert picture(await client.get(f"assets/{A}/renditions/fullsize"))[0] == (1706, 2560)
        odd = {"originalWidth": 10**17, "originalHeight": 1}
        await client.seed(assets=[{"id": make_id(1), "payload": {"importSource": odd}}, {"id": make_id(2)}])
        assert picture(await client.get(f"assets/{make_id(1)}/renditions/2048"))[0] == (2048, 8)
        assert picture(await client.get(f"assets/{make_id(2)}/renditions/thumbnail2x"))[0] == (320, 213)

    serve(scenario)


@pytest.mark.parametrize(("untidy", "code"), [(False, 1000), (True, 1024)])
def test_an_original_that_is_not_in_the_catalog_has_no_big_renditions(serve, untidy, code):
    async def scenario(client):
        await client.seed(assets=[{"id": A}])
        (await client.get(f"assets/{A}/renditions/2048")).says(200)
        path = f"assets/{A}/renditions"
        assert (await client.call("POST", path, headers={"X-Generate-Renditions": "2560"})).status == 202
        reply = await client.get(f"{path}/2560")
        assert reply.status == 404
        assert f'"code": {code}'.encode() in reply.body

    serve(scenario, untidy=untidy)


def test_renditions_that_are_refused(serve, jpeg):
    async def scenario(client):
        await client.upload(A, jpeg())
        (await client.get(f"assets/{A}/renditions/320")).says(400, 1005, rendition_type="not supported")
        path = f"assets/{A}/renditions"
        (await client.call("POST", path)).says(400, 1005, parameter="must be specified")
        wrong = {"X-Generate-Renditions": "640"}
        (await client.call("POST", path, headers=wrong)).says(400, 1005, rendition_type="not supported")
        right = {"X-Generate-Renditions": "2560"}
        (await client.call("POST", f"assets/{B}/renditions", headers=right)).says(404, 1000, asset="does not exist")
        await client.put(f"assets/{B}", client.asset())
        (await client.get(f"assets/{B}/renditions/640")).says(404, 1000, rendition="does not exist")

    serve(scenario)

"""The untidy mode: what was seen on the live service, beyond its contract."""

import json
import random

import pytest
from yarl import URL

from lrplan.sandbox import service

A = "a" * 32
PART = 32_768


def read(reply):
    """Decode a body whose preface varies."""
    assert reply.body.startswith(b"while")
    return json.loads(reply.body[reply.body.index(b"}") + 1 :])


async def until(client, path, wanted):
    """Ask until a listing shows what was written; the lag is a fraction of a second."""
    for _ in range(2000):
        document = read(await client.get(path))
        if wanted(document):
            return document
    raise AssertionError(path)


def test_the_preface_varies(serve):
    async def scenario(client):
        prefaces = set()
        for _ in range(6):
            reply = await client.get("/v2/account")
            assert read(reply)["type"] == "account"
            prefaces.add(reply.body[: reply.body.index(b'{"base"')])
        assert len(prefaces) >= 4

    serve(scenario, untidy=True)


def test_a_bad_key_meets_the_gateways_html(serve):
    async def scenario(client):
        reply = await client.get("albums", headers={"X-API-Key": "bad"})
        assert (reply.status, reply.headers["Content-Type"]) == (403, "text/html")
        assert reply.body.startswith(b"<html>")

    serve(scenario, untidy=True)


def test_assets_come_by_day_oldest_first(serve):
    async def scenario(client):
        dice = random.Random(3)
        days = {f"{dice.getrandbits(128):032x}": n // 4 + 1 for n in range(20)}
        assets = [
            {"id": one, "captureDate": f"2026-05-{day:02d}T{n:02d}:00:00", "created": "2026-01-01T00:00:00Z"}
            for n, (one, day) in enumerate(days.items())
        ]
        undated = {"id": "0" * 32, "created": "2026-01-01T00:00:00Z"}
        await client.seed(assets=[*assets, undated])
        for bound, expected in {
            "": set(days),
            "captured_before=2026-05-03T00:00:00&": {one for one, day in days.items() if day < 3},
            "captured_after=2026-05-02T23:59:59&": {one for one, day in days.items() if day > 2},
            "captured_after=-0001-12-31T23:59:59&": {*days, "0" * 32},
        }.items():
            path, seen, links = f"assets?{bound}limit=6&subtype=image", [], []
            while path:
                document = read(await client.get(path))
                seen += [one["id"] for one in document["resources"]]
                href = document["links"].get("next", {}).get("href")
                links.append(href)
                path = str(URL(document["base"]).join(URL(href, encoded=True))) if href else None
            assert set(seen) == expected
            assert len(seen) == len(expected)
            order = [days.get(one, 0) for one in seen]
            assert order == sorted(order)
            assert all("created_after=" in href and "subtype=image" in href for href in links[:-1])
        both = "captured_before=2026-05-03T00:00:00&captured_after=2026-05-01T00:00:00"
        assert (await client.get(f"assets?{both}")).status == 400

    serve(scenario, untidy=True)


def test_links_in_listings_do_not_tell_what_is_complete(serve, make_id):
    async def scenario(client):
        old = {"created": "2026-01-01T00:00:00Z", "captureDate": "2026-05-02T00:00:00"}
        await client.seed(assets=[{"id": make_id(n), "complete": n > 6, **old} for n in range(1, 13)])
        listed = read(await client.get("assets"))["resources"]
        shapes = {tuple(sorted(one["links"])) for one in listed if int(one["id"], 16) <= 6}
        assert ("self",) in shapes
        assert any("/rels/rendition_type/640" in shape for shape in shapes)
        assert len(shapes & {tuple(sorted(one["links"])) for one in listed if int(one["id"], 16) > 6}) == 2
        (alone,) = {tuple(sorted(read(await client.get(f"assets/{make_id(n)}"))["links"])) for n in range(1, 7)}
        assert "/rels/rendition_type/640" not in alone

    serve(scenario, untidy=True)


def test_a_lookup_by_hash_may_give_a_trashed_twin(serve):
    async def scenario(client):
        twin = {"sha256": "1" * 64, "created": "2026-01-01T00:00:00Z", "captureDate": "2026-05-02T00:00:00"}
        await client.seed(assets=[{"id": A, "subtype": "deleted_image", **twin}])
        assert [one["id"] for one in read(await client.get(f"assets?sha256={'1' * 64}"))["resources"]] == [A]

    serve(scenario, untidy=True)


def test_durations_are_fractions(serve):
    async def scenario(client):
        await client.seed(assets=[{"id": A, "subtype": "video", "payload": {"video": {"duration": 2.5}}}])
        assert read(await client.get(f"assets/{A}"))["payload"]["video"]["duration"] == [2500, 1000]

    serve(scenario, untidy=True)


def test_listings_lag_behind_reads(serve, make_id, monkeypatch):
    async def scenario(client):
        monkeypatch.setattr(service, "UNTIDY_LAG", 3600.0)
        await client.seed(assets=[{"id": make_id(1), "created": "2026-01-01T00:00:00Z"}])
        assert (await client.put(f"albums/{A}", client.album())).status == 201
        assert (await client.put(f"albums/{A}/assets", {"resources": [{"id": make_id(1)}]})).status == 201
        assert (await client.get(f"albums/{A}")).status == 200
        assert read(await client.get("albums"))["resources"] == []
        assert read(await client.get(f"albums/{A}/assets?order_after=-"))["resources"] == []
        monkeypatch.undo()
        await until(client, "albums", lambda document: document["resources"])
        await until(client, f"albums/{A}/assets?order_after=-", lambda document: document["resources"])

    serve(scenario, untidy=True)


def test_orders_are_lost_in_listings_by_date(serve, make_id):
    async def scenario(client):
        await client.seed(assets=[{"id": make_id(1), "captureDate": "2026-05-02T00:00:00"}])
        await client.put(f"albums/{A}", client.album())
        await client.put(f"albums/{A}/assets", {"resources": [{"id": make_id(1), "payload": {"order": "x"}}]})
        by_order = await until(client, f"albums/{A}/assets?order_after=-", lambda document: document["resources"])
        assert by_order["resources"][0]["payload"] == {"order": "x"}
        by_date = read(await client.get(f"albums/{A}/assets"))
        assert by_date["resources"][0]["payload"] == {}

    serve(scenario, untidy=True)


def test_parts_are_consolidated_later(serve, jpeg):
    async def scenario(client):
        data = jpeg(size=2 * PART)
        await client.put(f"assets/{A}", client.asset())
        for first in (PART, 0):
            headers = {"Content-Type": "image/jpeg", "Content-Range": f"bytes {first}-{first + PART - 1}/{2 * PART}"}
            reply = await client.put(f"assets/{A}/master", data=data[first : first + PART], headers=headers)
            assert reply.status == 201
        await until(client, f"assets/{A}", lambda asset: "sha256" in asset["payload"]["importSource"])
        assert (await client.snapshot())["assets"][0]["complete"]

    serve(scenario, untidy=True)


@pytest.mark.parametrize("ask", [True, False])
def test_work_promised_is_done_before_leaving(serve, jpeg, ask, monkeypatch):
    monkeypatch.setattr(service, "UNTIDY_DELAY", 3600.0)

    async def scenario(client):
        data = jpeg(size=2 * PART)
        await client.put(f"assets/{A}", client.asset())
        for first in (PART, 0):
            headers = {"Content-Type": "image/jpeg", "Content-Range": f"bytes {first}-{first + PART - 1}/{2 * PART}"}
            await client.put(f"assets/{A}/master", data=data[first : first + PART], headers=headers)
        assert not (await client.snapshot())["assets"][0]["complete"]

    async def look(client):
        assert (await client.snapshot())["assets"][0]["complete"]

    serve(scenario, untidy=True)
    serve(look, untidy=ask)


def test_children_go_later(serve, monkeypatch):
    monkeypatch.setattr(service, "UNTIDY_DELAY", 3600.0)

    async def scenario(client):
        await client.put(f"albums/{A}", client.album("Set", "project_set"))
        await client.put(f"albums/{'b' * 32}", client.album(parent={"id": A}))
        assert (await client.call("DELETE", f"albums/{A}?child_albums=true")).status == 204
        assert (await client.get(f"albums/{'b' * 32}")).status == 200

    async def look(client):
        assert (await client.get(f"albums/{'b' * 32}")).status == 404

    serve(scenario, untidy=True)
    serve(look)

"""Listing assets: by date, by id, by hash, by what changed."""

import hashlib

import pytest

OLDEST = "-0001-12-31T23:59:59"
UNKNOWN = "0000-00-00T00:00:00"


def days(count):
    return [{"id": f"{n:032x}", "captureDate": f"2026-05-{n:02d}T08:00:00"} for n in range(1, count + 1)]


def hexes(*numbers):
    return [f"{n:032x}" for n in numbers]


def test_the_catalog_is_walked_down_from_the_newest(serve):
    async def scenario(client):
        await client.seed(assets=days(7))
        pages = await client.walk("assets?limit=3")
        assert pages == [hexes(7, 6, 5), hexes(4, 3, 2), hexes(1)]
        first = await client.get("assets?limit=3")
        assert "prev" not in first.document["links"]
        assert first.document["links"]["/rels/asset"] == {"href": "assets/{asset_id}", "templated": True}
        below = await client.get("assets?captured_before=2026-05-04T08:00:00&limit=2")
        assert below.ids == hexes(3, 2)
        assert set(below.document["links"]) == {"prev", "next", "/rels/asset"}

    serve(scenario)


def test_captured_after_walks_up(serve):
    async def scenario(client):
        await client.seed(assets=days(7))
        pages = await client.walk("assets?captured_after=2026-05-02T08:00:00&limit=2", "prev")
        assert pages == [hexes(4, 3), hexes(6, 5), hexes(7)]

    serve(scenario)


@pytest.mark.parametrize("limit", [3, 4, 5])
def test_ties_at_the_boundary_stay_together(serve, limit):
    async def scenario(client):
        assets = days(2) + [{"id": f"{n:032x}", "captureDate": "2026-05-01T00:00:00"} for n in (3, 4, 5)]
        await client.seed(assets=assets)
        reply = await client.get(f"assets?limit={limit}")
        assert reply.ids[:2] == hexes(2, 1)
        assert set(reply.ids[2:]) == set(hexes(3, 4, 5))
        assert "next" not in reply.document["links"]

    serve(scenario)


def test_dates_with_zones_sort_as_moments(serve):
    async def scenario(client):
        dates = [
            "2026-05-02T10:00:00+09:00",
            "2026-05-02T02:00:00.5",
            "2026-05-02T02:00:00Z",
            "2026-05-01T20:00:00-0500",
        ]
        await client.seed(assets=[{"id": f"{n:032x}", "captureDate": date} for n, date in enumerate(dates)])
        assert (await client.get("assets")).ids == hexes(1, 2, 3, 0) or (await client.get("assets")).ids == hexes(
            1, 3, 2, 0
        )
        bound = "2026-05-02T11:00:01%2B09:00"
        assert set((await client.get(f"assets?captured_before={bound}")).ids) == set(hexes(0, 2, 1, 3))

    serve(scenario)


def test_undated_assets(serve):
    async def scenario(client):
        await client.seed(assets=[*days(3), {"id": "f" * 32}, {"id": "e" * 32}])
        assert set((await client.get("assets?limit=3")).ids) == set(hexes(3, 2, 1))
        assert (await client.walk("assets?limit=3"))[1] == ["e" * 32, "f" * 32]
        found = await client.get(f"assets?captured_after={OLDEST}&limit=1")
        assert set(found.ids) == {"e" * 32, "f" * 32}
        assert found.document["resources"][0]["payload"]["captureDate"] == UNKNOWN
        pages = await client.walk(f"assets?captured_after={OLDEST}&limit=2", "prev")
        assert pages[1:] == [hexes(2, 1), hexes(3)]

    serve(scenario)


def test_links_keep_the_filters_and_escape_values(serve):
    async def scenario(client):
        await client.seed(assets=[*days(3), {"subtype": "video", "captureDate": "2026-05-09T00:00:00", "id": "9" * 32}])
        first = await client.get("assets?subtype=image%3Bvideo&limit=2&exclude=incomplete")
        href = first.document["links"]["next"]["href"]
        assert href.startswith("assets?captured_before=2026-05-03T08%3A00%3A00")
        for piece in ("subtype=image%3Bvideo", "limit=2", "exclude=incomplete"):
            assert piece in href
        assert await client.walk("assets?subtype=image;video&limit=2") == [["9" * 32, *hexes(3)], hexes(2, 1)]

    serve(scenario)


def test_the_default_limit_is_100_and_the_most_500(serve):
    async def scenario(client):
        moments = [f"2026-05-02T{n // 60:02d}:{n % 60:02d}:00" for n in range(501)]
        await client.seed(assets=[{"captureDate": moment} for moment in moments])
        assert len((await client.get("assets")).ids) == 100
        assert len((await client.get("assets?limit=500")).ids) == 500
        for wrong in ("0", "501", "-1", "x", "", "1.5", "9" * 40, "%D9%A3"):
            reply = await client.get(f"assets?limit={wrong}")
            reply.says(400, 1005)
            assert "limit" in reply.document["errors"]

    serve(scenario)


def test_asset_ids(serve):
    async def scenario(client):
        await client.seed(assets=[*days(3), {"id": "d" * 32, "subtype": "deleted_image"}])
        ids = ",".join([*hexes(2, 3, 2), "d" * 32, "e" * 32])
        reply = await client.get(f"assets?asset_ids={ids}")
        assert set(reply.ids) == {*hexes(2, 3), "d" * 32}
        assert len(reply.ids) == 3
        assert reply.document["errors"] == [{"id": "e" * 32, "code": 1000, "description": "Resource not found"}]
        assert "errors" not in (await client.get(f"assets?asset_ids={hexes(1)[0]}")).document
        for other in ("limit=1", "subtype=image", "foo=1"):
            name = other.partition("=")[0]
            reply = await client.get(f"assets?asset_ids={ids}&{other}")
            reply.says(400, 1005, **{name: "not allowed with asset_ids parameter"})
        hundred = ",".join(hexes(*range(100)))
        (await client.get(f"assets?asset_ids={hundred}")).says(200)
        (await client.get(f"assets?asset_ids={hundred},{'a' * 32}")).says(400, 1005)
        for wrong in ("", "x", ",", "A" * 32):
            (await client.get(f"assets?asset_ids={wrong}")).says(400, 1005, asset_ids="Must be a valid GUID")

    serve(scenario)


def test_sha256_looks_one_up(serve, jpeg, make_id):
    async def scenario(client):
        sha256 = hashlib.sha256(jpeg()).hexdigest()
        await client.upload(make_id(1), jpeg())
        await client.seed(assets=[{"id": make_id(2), "subtype": "deleted_image", "sha256": sha256}])
        assert (await client.get(f"assets?sha256={sha256}")).ids == [make_id(1)]
        assert (await client.get(f"assets?sha256={sha256}&subtype=deleted_image")).ids == [make_id(2)]
        assert (await client.get(f"assets?sha256={sha256}&subtype=video")).ids == []
        assert (await client.get(f"assets?sha256={'0' * 64}")).ids == []
        (await client.get("assets?sha256=x")).says(400, 1005, sha256="is invalid")

    serve(scenario)


def test_updated_since_gives_what_changed(serve, jpeg, make_id):
    async def scenario(client):
        await client.seed(assets=[{"id": make_id(n), "created": f"2026-05-0{n}T00:00:00Z"} for n in (1, 2, 3)])
        assert set((await client.get("assets?updated_since=2026-05-02T00:00:00Z")).ids) == set(hexes(2, 3))
        assert (await client.get("assets?updated_since=2026-05-02T12:00:00.5%2B01:00")).ids == hexes(3)
        await client.put(f"assets/{make_id(4)}", client.asset())
        asset = (await client.get(f"assets/{make_id(4)}")).document
        assert (await client.get(f"assets?updated_since={asset['updated']}")).ids == hexes(4)
        upload = {"Content-Type": "image/jpeg"}
        (await client.put(f"assets/{make_id(4)}/master", data=jpeg(), headers=upload)).says(201)
        assert (await client.get(f"assets/{make_id(4)}")).document["updated"] > asset["updated"]

    serve(scenario)


@pytest.mark.parametrize("name", ["updated_since", "captured_before", "captured_after"])
@pytest.mark.parametrize("value", ["", "yesterday", "2026-05-02", "2026-02-30T00:00:00", "2026-05-02T25:00:00", "%FF"])
def test_dates_are_checked(serve, name, value):
    async def scenario(client):
        reply = await client.get(f"assets?{name}={value}")
        reply.says(400, 1005, **{name: "must be a valid XML Schema dateTime"})

    serve(scenario)


def test_captured_before_and_after_do_not_go_together(serve):
    async def scenario(client):
        both = "captured_before=2026-05-02T00:00:00&captured_after=2026-05-01T00:00:00"
        (await client.get(f"assets?{both}")).says(400, 1005)

    serve(scenario)


def test_exclude_and_stacks(serve, jpeg, make_id):
    async def scenario(client):
        await client.put(f"assets/{make_id(1)}", client.asset())
        await client.upload(make_id(2), jpeg())
        await client.seed(assets=[{"id": make_id(3), "stacked": True}])
        assert (await client.get("assets?exclude=complete")).ids == hexes(1)
        assert set((await client.get("assets?exclude=incomplete")).ids) == set(hexes(2, 3))
        assert set((await client.get("assets?hide_stacked_assets=true")).ids) == set(hexes(1, 2))
        assert len((await client.get("assets?hide_stacked_assets=false")).ids) == 3
        for wrong in ("exclude=x", "exclude=", "hide_stacked_assets=1", "subtype=x", "subtype=image,video", "subtype="):
            (await client.get(f"assets?{wrong}")).says(400, 1005, **{wrong.partition("=")[0]: "is invalid"})

    serve(scenario)


def test_what_is_incomplete_is_listed_by_kind_by_hash_and_page_by_page(serve, make_id):
    async def scenario(client):
        moments = {n: f"2026-05-{n:02d}T08:00:00" for n in range(1, 8)}
        waiting = [{"id": make_id(n), "captureDate": moments[n], "complete": False, "sha256": "1" * 64} for n in (1, 3)]
        waiting += [{"id": make_id(5), "captureDate": moments[5], "complete": False, "subtype": "video"}]
        others = [
            {"id": make_id(2), "captureDate": moments[2], "sha256": "1" * 64},
            {"id": make_id(4), "captureDate": moments[4], "complete": False, "subtype": "deleted_image"},
            {"id": make_id(6), "captureDate": moments[6], "complete": False, "subtype": "preset"},
            {"id": make_id(7), "captureDate": moments[7], "subtype": "video"},
        ]
        await client.seed(assets=[*waiting, *others, {"id": make_id(8), "complete": False}])
        listing = "assets?subtype=image%3Bvideo&exclude=complete"
        assert await client.walk(f"{listing}&limit=1") == [hexes(5), hexes(3), hexes(1), hexes(8)]
        assert (await client.get(f"{listing}&captured_after={OLDEST}&limit=2")).ids == hexes(1, 8)
        assert (await client.get("assets?subtype=video&exclude=complete")).ids == hexes(5)
        assert (await client.get(f"{listing}&sha256={'1' * 64}")).ids == hexes(3, 1)
        assert (await client.get("assets?exclude=complete")).ids == hexes(6, 5, 3, 1, 8)

    serve(scenario)


def test_group_name_and_favorite_are_for_presets(serve):
    async def scenario(client):
        preset = {"subtype": "preset", "payload": {"group": "g", "name": "n", "favorite": True}}
        await client.seed(assets=[{"id": "1" * 32, **preset}, {"id": "2" * 32, "subtype": "preset"}])
        assert (await client.get("assets?subtype=preset&group=f;g")).ids == ["1" * 32]
        assert (await client.get("assets?subtype=preset&name=n&favorite=true")).ids == ["1" * 32]
        lacking = "subtype value expected with group or name"
        (await client.get("assets?group=g")).says(400, 1005, subtype=lacking)
        (await client.get("assets?name=g")).says(400, 1005, subtype=lacking)
        (await client.get("assets?favorite=true")).says(400, 1005, subtype="subtype value expected with favorite")
        unsupported = "favorite query param can only be true. favorite=false not supported"
        (await client.get("assets?subtype=preset&favorite=false")).says(400, 1005, favorite=unsupported)
        for name in ("group", "name"):
            reply = await client.get(f"assets?subtype=image&{name}=g")
            reply.says(400, 1005, **{name: f"{name} not expected for each given subtype"})

    serve(scenario)


def test_trashed_assets_are_listed_only_by_their_subtype(serve):
    async def scenario(client):
        await client.seed(assets=[*days(1), {"id": "d" * 32, "subtype": "deleted_image"}])
        assert (await client.get("assets")).ids == hexes(1)
        assert (await client.get("assets?subtype=image;deleted_image")).ids == [*hexes(1), "d" * 32]

    serve(scenario)

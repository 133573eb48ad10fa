"""Uploading originals: whole, in parts, again, too large, wrong."""

import asyncio
import hashlib
import itertools
import random
import time
import tracemalloc

import pytest

A = "a" * 32
JPEG = {"Content-Type": "image/jpeg"}
RAW = {"Content-Type": "application/octet-stream"}
PART = 32_768
MASTER = f"assets/{A}/master"


def ranged(first, last, total, **headers):
    return {"Content-Type": "image/jpeg", "Content-Range": f"bytes {first}-{last}/{total}", **headers}


async def send(client, data, first, last):
    return await client.put(MASTER, data=data[first : last + 1], headers=ranged(first, last, len(data)))


async def is_complete(client):
    asset = (await client.snapshot())["assets"][0]
    return asset["complete"]


def test_an_original_in_one_call(serve, jpeg, tmp_path):
    async def scenario(client):
        data = jpeg(taken="2026:05:02 09:30:00")
        (await client.put(f"assets/{A}", client.asset())).says(201)
        reply = await client.put(MASTER, data=data, headers=JPEG)
        assert (reply.status, reply.body) == (201, b"")
        payload = (await client.get(f"assets/{A}")).document["payload"]
        assert payload["captureDate"] == "2026-05-02T09:30:00"
        source = payload["importSource"]
        assert (source["fileSize"], source["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
        assert (source["originalWidth"], source["originalHeight"]) == (60, 40)
        stored = tmp_path / "data" / "originals" / source["sha256"]
        assert stored.read_bytes() == data
        again = await client.put(MASTER, data=data, headers=JPEG)
        again.says(412)
        assert [one["id"] for one in again.document["resources"]] == [A]

    serve(scenario)
    assert not list((tmp_path / "data" / "incoming").iterdir())


def test_a_stated_capture_date_stays(serve, jpeg):
    async def scenario(client):
        await client.upload(A, jpeg(taken="2026:05:02 09:30:00"), captureDate="2020-01-01T00:00:00")
        assert (await client.get(f"assets/{A}")).document["payload"]["captureDate"] == "2020-01-01T00:00:00"

    serve(scenario)


def test_parts_in_any_order_twice_and_overlapping(serve, jpeg):
    async def scenario(client):
        data = jpeg(size=4 * PART + 100)
        sha256 = hashlib.sha256(data).hexdigest()
        (await client.put(f"assets/{A}", client.asset(importSource={"sha256": sha256}))).says(201)
        last = len(data) - 1
        for first, end in [(3 * PART, last), (0, PART - 1), (0, PART - 1), (PART - 100, 2 * PART + 50)]:
            (await send(client, data, first, end)).says(201)
            assert not await is_complete(client)
        (await send(client, data, 2 * PART, 3 * PART - 1)).says(201)
        assert await is_complete(client)
        (await send(client, data, 2 * PART, 3 * PART - 1)).says(412)

    serve(scenario)


@pytest.mark.parametrize("seed", range(5))
def test_parts_in_parallel(serve, jpeg, tmp_path, seed):
    async def scenario(client):
        data = jpeg(seed, size=8 * PART)
        (await client.put(f"assets/{A}", client.asset())).says(201)
        spans = [(n * PART, (n + 1) * PART - 1) for n in range(8)] * 2
        random.Random(seed).shuffle(spans)
        replies = await asyncio.gather(*(send(client, data, *span) for span in spans))
        assert {reply.status for reply in replies} <= {201, 412}
        asset = (await client.snapshot())["assets"][0]
        assert asset["complete"]
        assert asset["sha256"] == hashlib.sha256(data).hexdigest()
        assert (await client.get("/v2/account")).document["entitlement"]["storage"]["used"] == len(data)

    serve(scenario)
    assert not list((tmp_path / "data" / "parts").iterdir())
    assert not list((tmp_path / "data" / "incoming").iterdir())


def test_the_same_original_at_once(serve, jpeg):
    async def scenario(client):
        (await client.put(f"assets/{A}", client.asset())).says(201)
        replies = await asyncio.gather(*(client.put(MASTER, data=jpeg(), headers=JPEG) for _ in range(6)))
        assert sorted(reply.status for reply in replies) == [201] + [412] * 5

    serve(scenario)


@pytest.mark.parametrize(
    "value",
    [
        "nonsense",
        "bytes */100",
        "bytes 5-4/100000",
        "bytes 0-100000/100000",
        "bytes 0-99/100000",
        f"bytes 0-{PART - 2}/{2 * PART}",
    ],
)
def test_content_range_is_checked(serve, jpeg, value):
    async def scenario(client):
        (await client.put(f"assets/{A}", client.asset())).says(201)
        reply = await client.put(MASTER, data=jpeg(), headers={**JPEG, "Content-Range": value})
        reply.says(400, 1005)
        assert "Content-Range" in reply.document["errors"]

    serve(scenario)


def test_a_range_must_match_the_body_and_the_other_parts(serve, jpeg):
    async def scenario(client):
        data = jpeg(size=3 * PART)
        (await client.put(f"assets/{A}", client.asset())).says(201)
        (await client.put(MASTER, data=data[:PART], headers=ranged(0, PART, 3 * PART))).says(400, 1005)

        async def stream():
            yield data[:PART]

        (await client.put(MASTER, data=stream(), headers=ranged(0, PART, 3 * PART))).says(400, 1005)
        (await client.put(MASTER, data=data[:PART], headers=ranged(0, PART - 1, 3 * PART))).says(201)
        (await client.put(MASTER, data=data[PART:], headers=ranged(PART, 3 * PART - 1, 3 * PART + 1))).says(400, 1005)

    serve(scenario)


@pytest.mark.parametrize(
    ("subtype", "content_type", "is_jpeg", "status"),
    [
        ("image", "image/jpeg", True, 201),
        ("image", "image/jpeg", False, 415),
        ("image", "application/octet-stream", True, 415),
        ("image", "application/octet-stream", False, 201),
        ("image", "image/png", False, 415),
        ("image", "video/mp4", False, 415),
        ("image", "application/octet-stream;video", False, 415),
        ("video", "video/mp4", False, 201),
        ("video", "application/octet-stream;video", False, 201),
        ("video", "application/octet-stream; video", False, 201),
        ("video", "application/octet-stream", False, 415),
        ("video", "image/jpeg", True, 415),
    ],
)
def test_content_type_fits_the_subtype(serve, jpeg, subtype, content_type, is_jpeg, status):
    async def scenario(client):
        (await client.put(f"assets/{A}", client.asset(subtype=subtype))).says(201)
        data = jpeg() if is_jpeg else b"II*\0 raw"
        reply = await client.put(MASTER, data=data, headers={"Content-Type": content_type})
        assert reply.status == status
        if status == 415:
            reply.says(415, 1003, content_type="should match the subtype of the asset")
        assert await is_complete(client) == (status == 201)

    serve(scenario)


@pytest.mark.parametrize("source", [{"sha256": "0" * 64}, {"fileSize": 5}])
def test_an_original_must_be_what_was_announced(serve, jpeg, source):
    async def scenario(client):
        (await client.put(f"assets/{A}", client.asset(importSource=source))).says(201)
        name = next(iter(source))
        (await client.put(MASTER, data=jpeg(), headers=JPEG)).says(400, 1005, **{name: "does not match the original"})
        data = jpeg(size=2 * PART)
        (await send(client, data, 0, PART - 1)).says(201)
        (await send(client, data, PART, 2 * PART - 1)).says(400, 1005, **{name: "does not match the original"})
        assert not await is_complete(client)

    serve(scenario)


def test_parts_of_a_wrong_original_can_be_sent_again(serve, jpeg):
    async def scenario(client):
        data = jpeg(size=2 * PART)
        wrong = jpeg(1, size=2 * PART)
        source = {"sha256": hashlib.sha256(data).hexdigest()}
        (await client.put(f"assets/{A}", client.asset(importSource=source))).says(201)
        (await send(client, wrong, 0, PART - 1)).says(201)
        (await send(client, data, PART, 2 * PART - 1)).says(400, 1005)
        (await send(client, data, PART, 2 * PART - 1)).says(201)
        (await send(client, data, 0, PART - 1)).says(201)
        assert await is_complete(client)

    serve(scenario)


def test_quota_and_size_limits(serve, jpeg):
    async def scenario(client):
        await client.seed(account={"storage_limit": 1000})
        (await client.put(f"assets/{A}", client.asset())).says(201)
        data = jpeg(size=1001)
        too_big = {"code": 1007, "description": "The resource is too big"}
        reply = await client.put(MASTER, data=data, headers=JPEG)
        assert (reply.status, reply.document) == (413, too_big)

        async def stream():
            yield data

        (await client.put(MASTER, data=stream(), headers=JPEG)).says(413, 1007)
        (await client.put(MASTER, data=jpeg(size=PART), headers=ranged(0, PART - 1, 200_000))).says(413, 1007)
        (await client.put(MASTER, data=b"", headers=JPEG)).says(400, 1005)
        await client.seed(account={"storage_limit": 10**12})
        (await client.put(MASTER, data=data, headers=JPEG)).says(201)

    serve(scenario)


def test_no_call_takes_more_than_200_mb(serve):
    async def scenario(client):
        (await client.put(f"assets/{A}", client.asset())).says(201)
        host = client.box.endpoint.removeprefix("http://")
        reader, writer = await asyncio.open_connection(*host.split(":"))
        head = f"PUT {client.catalog}/{MASTER} HTTP/1.1\r\nHost: {host}\r\nContent-Type: image/jpeg\r\n"
        head += "Content-Length: 200000001\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in client.headers.items())
        writer.write(f"{head}\r\n".encode())
        assert (await reader.readline()).startswith(b"HTTP/1.1 413")
        writer.close()
        await writer.wait_closed()

    serve(scenario)


def test_a_large_original_is_streamed_in_constant_memory(serve):
    async def scenario(client):
        (await client.put(f"assets/{A}", client.asset())).says(201)
        chunk = bytes(1_000_000)

        async def stream():
            for _ in range(60):
                yield chunk

        tracemalloc.start()
        (await client.put(MASTER, data=stream(), headers=RAW)).says(201)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 20_000_000

    serve(scenario)


def test_a_client_that_goes_away_leaves_nothing(serve, tmp_path, jpeg):
    async def scenario(client):
        (await client.put(f"assets/{A}", client.asset())).says(201)

        async def stream():
            yield jpeg()
            raise RuntimeError("gone")

        with pytest.raises(Exception, match=r"gone|payload|disconnect|closed"):
            await client.put(MASTER, data=stream(), headers=JPEG)
        assert not await is_complete(client)
        (await client.put(MASTER, data=jpeg(), headers=JPEG)).says(201)

    serve(scenario)
    assert not list((tmp_path / "data" / "incoming").iterdir())


def test_curl_like_clients_are_told_to_continue(serve, jpeg):
    async def scenario(client):
        (await client.put(f"assets/{A}", client.asset())).says(201)
        (await client.put(MASTER, data=jpeg(), headers=JPEG, expect100=True)).says(201)

    serve(scenario)


def test_rendition_headers_are_accepted(serve, jpeg):
    async def scenario(client):
        (await client.put(f"assets/{A}", client.asset())).says(201)
        extra = {"X-Generate-Renditions": "all", "X-Generate-Proxies": "true", "X-Read-Meta": "true"}
        (await client.put(MASTER, data=jpeg(), headers={**JPEG, **extra})).says(201)

    serve(scenario)


def test_nothing_to_upload_to(serve, jpeg):
    async def scenario(client):
        (await client.put(MASTER, data=jpeg(), headers=JPEG)).says(404, 1000, asset="does not exist")
        await client.seed(assets=[{"id": A, "subtype": "deleted_image", "complete": False}])
        (await client.put(MASTER, data=jpeg(), headers=JPEG)).says(404, 1000, asset="does not exist")

    serve(scenario)


def test_originals_cannot_be_downloaded(serve, jpeg):
    async def scenario(client):
        await client.upload(A, jpeg())
        (await client.get(MASTER)).says(405)

    serve(scenario)


@pytest.mark.parametrize(
    "garbage", [b"", b"\xff\xe1\x00\x10Exif\0\0MM\0*", b"\xff\xe1\xff\xff" + b"Exif\0\0II*\0" * 500]
)
def test_an_unreadable_original_is_stored_all_the_same(serve, garbage):
    async def scenario(client):
        await client.upload(A, b"\xff\xd8\xff" + garbage)
        assert (await client.get(f"assets/{A}")).document["payload"]["captureDate"] == "0000-00-00T00:00:00"
        assert (await client.get(f"assets/{A}/renditions/640")).headers["Content-Type"] == "image/jpeg"

    serve(scenario)


def test_a_large_damaged_jpeg_is_not_searched_byte_by_byte(serve):
    async def scenario(client):
        async def stream():
            yield b"\xff\xd8\xff"
            for _ in range(30):
                yield bytes(1_000_000)

        started = time.process_time()
        (await client.put(f"assets/{A}", client.asset())).says(201)
        (await client.put(MASTER, data=stream(), headers=JPEG)).says(201)
        assert (await client.get(f"assets/{A}/renditions/640")).headers["Content-Type"] == "image/jpeg"
        assert time.process_time() - started < 5  # seconds; byte by byte it is some thirty

    serve(scenario)


def test_every_split_of_a_small_file_gives_it_back(serve, jpeg, make_id):
    async def scenario(client):
        data = jpeg(size=2 * PART + 3)
        cuts = [(0, PART - 1), (PART, 2 * PART - 1), (2 * PART, 2 * PART + 2)]
        for number, order in enumerate(itertools.permutations(cuts)):
            asset_id = make_id(number)
            (await client.put(f"assets/{asset_id}", client.asset())).says(201)
            for first, last in order:
                reply = await client.put(
                    f"assets/{asset_id}/master", data=data[first : last + 1], headers=ranged(first, last, len(data))
                )
                reply.says(201)
        assets = (await client.snapshot())["assets"]
        assert {one["sha256"] for one in assets} == {hashlib.sha256(data).hexdigest()}
        assert all(one["complete"] for one in assets)

    serve(scenario)


@pytest.mark.parametrize("in_parts", [False, True])
def test_the_older_path_takes_what_other_clients_send(serve, jpeg, in_parts):
    """Any device and importer, and a JPEG as plain bytes: so do the vendor's samples and clients made after them."""
    data = jpeg(size=2 * PART)
    older = f"assets/{A}/revisions/{'b' * 32}"
    plain = {"Content-Type": "application/octet-stream"}

    async def scenario(client):
        body = client.asset(importSource={"importedOnDevice": "my laptop", "importedBy": "somebody"})
        (await client.put(f"assets/{A}", body)).says(400, 1030)
        (await client.put(older, body)).says(201)
        (await client.put(MASTER, data=data, headers=plain)).says(415, 1003)
        cuts = [(0, PART - 1), (PART, 2 * PART - 1)] if in_parts else [(0, 2 * PART - 1)]
        for first, last in cuts:
            headers = {**plain, **({"Content-Range": f"bytes {first}-{last}/{len(data)}"} if in_parts else {})}
            (await client.put(f"{older}/master", data=data[first : last + 1], headers=headers)).says(201)
        known = {"If-None-Match": hashlib.sha256(data).hexdigest()}
        reply = await client.put(f"assets/{'c' * 32}/revisions/{'d' * 32}", client.asset(), headers=known)
        reply.says(412)
        assert [one["links"]["/rels/asset"]["href"] for one in reply.document["revisions"]] == [f"assets/{A}"]

    serve(scenario)

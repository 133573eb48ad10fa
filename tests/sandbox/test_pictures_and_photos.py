"""Pictures to try things with, and a folder of pictures as the customer's catalog."""

import hashlib
import io

import pytest
from PIL import Image

from lrplan.sandbox.pictures import make_pictures


def test_pictures_are_small_different_and_the_same_each_time(tmp_path):
    first, again = make_pictures(tmp_path / "a", 30), make_pictures(tmp_path / "b", 30)
    assert [file.name for file in first[:2]] == ["DSC_0001.jpg", "DSC_0002.jpg"]
    contents = [file.read_bytes() for file in first]
    assert contents == [file.read_bytes() for file in again]
    assert len(set(contents)) == 30
    assert max(len(content) for content in contents) < 30_000
    taken = []
    for content in contents:
        with Image.open(io.BytesIO(content)) as image:
            taken.append(image.getexif().get_ifd(0x8769)[0x9003])
    assert taken == sorted(set(taken))
    assert {one[:10] for one in taken} == {"2026:05:02"}


def test_many_pictures_stay_on_their_day(tmp_path):
    files = make_pictures(tmp_path, 300)
    with Image.open(files[-1]) as image:
        assert image.getexif().get_ifd(0x8769)[0x9003].startswith("2026:05:02")


def test_a_folder_that_is_none(tmp_path, serve):
    async def scenario(client):
        raise AssertionError

    with pytest.raises(NotADirectoryError):
        serve(scenario, photos=tmp_path / "nowhere")


def test_a_folder_is_in_the_catalog_from_the_start_and_once(tmp_path, serve):
    photos = tmp_path / "photos"
    files = make_pictures(photos, 3)
    (photos / "deep").mkdir()
    Image.new("RGB", (5, 5)).save(photos / "deep" / "plain.png")
    (photos / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe1")
    (photos / "notes.txt").write_text("not a picture")
    (photos / ".hidden.jpg").write_bytes(b"x")

    async def scenario(client):
        assets = {one["fileName"]: one for one in (await client.snapshot())["assets"]}
        assert set(assets) == {"DSC_0001.jpg", "DSC_0002.jpg", "DSC_0003.jpg", "plain.png", "broken.jpg"}
        one = assets["DSC_0001.jpg"]
        assert one["sha256"] == hashlib.sha256(files[0].read_bytes()).hexdigest()
        assert one["captureDate"] == "2026-05-02T06:00:00"
        assert one["complete"]
        assert assets["plain.png"]["captureDate"] == "0000-00-00T00:00:00"
        (await client.get(f"assets/{one['id']}/renditions/640")).says(200)
        used = (await client.get("/v2/account")).document["entitlement"]["storage"]["used"]
        assert used == sum(asset["size"] for asset in assets.values())

    serve(scenario, photos=photos)
    files[0].write_bytes(files[0].read_bytes())
    serve(scenario, photos=photos)

"""
A project in two versions, of which the second asks for everything that an apply can do.

The first is applied once, and its folder and its catalog are copied for each run. The step to the second makes sets and
albums, uploads in one call and in parts, adds in several calls, replaces an album with a removal, a move and a photo
that somebody else put there, moves covers, changes publishInfo, moves an album to another set, sends develop settings
and copies them, and deletes.
"""

import asyncio
import hashlib
import shutil
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import aiohttp

from lrplan.sandbox import RunningSandbox, SandboxOptions, running
from lrplan.sandbox.pictures import make_pictures
from tests.inside import Place

PHOTOS = 170
PART_SIZE = 33_000
LARGE_PADDING = 70_000
STRANGER = 99  # the photo that somebody else put into an album

PROJECT = f"""\
lrplan: 1
project: crash
limits: {{delete: 100%, replace: 100%, remove: 100%}}
api: {{concurrency: 4, rate: 0, partSize: {PART_SIZE}}}
"""


def name(number: int) -> str:
    """The file name of a photo of the catalog."""
    return f"IMG_{number:04d}.jpg"


def photo_id(number: int) -> str:
    """Its id."""
    return f"{number + 0xA000:032x}"


def _members(*numbers: int) -> str:
    return "[" + ", ".join(name(number) for number in numbers) + "]"


BEFORE = f"""\
lrplan: 1
sets:
  kept: {{name: Kept}}
  leaving: {{name: Leaving}}
albums:
  grows: {{name: Grows, parent: kept, cover: {name(1)}, members: {_members(1, 2, 3, 4)}}}
  changes:
    name: Changes
    parent: kept
    cover: {name(10)}
    publishInfo: {{remoteId: gallery-1, servicePayload: old}}
    members: {_members(10, 11, 12, 13, 14, 15)}
  wanders: {{name: Wanders, parent: leaving, members: {_members(20)}}}
  goes: {{name: Goes, parent: leaving, members: {_members(1, 2)}}}
"""

AFTER = f"""\
lrplan: 1
sets:
  kept: {{name: Kept for good}}
  new: {{name: New, parent: kept, publishInfo: {{remoteId: folder-7}}}}
albums:
  grows: {{name: Grows, parent: kept, cover: {name(3)}, members: {_members(1, 30, 2, 31, 3, 4, 32)}}}
  changes:
    name: Changes
    parent: kept
    cover: {name(14)}
    publishInfo:
      remoteId: gallery-2
      remoteLinks: {{view: "https://example.com/view", edit: "https://example.com/edit"}}
      servicePayload: new
    members:
      - {name(15)}
      - {name(10)}
      - {{fileName: {name(11)}, publishInfo: {{remoteId: p-11, servicePayload: hero}}}}
      - {name(13)}
      - {name(14)}
  wanders: {{name: Wanders, parent: new, members: {_members(20)}}}
  large: {{name: Large, parent: new, cover: {name(150)}, members: {_members(*range(40, 161))}}}
  sent:
    name: Sent
    parent: new
    cover: ../own/DSC_0002.jpg
    members:
      - {{upload: ../own/DSC_0001.jpg, xmp: ../own/warm.xmp}}
      - {{fileName: {name(1)}, develop: {{copyFrom: ../own/DSC_0001.jpg}}}}
      - ../own/large.jpg
      - ../own/DSC_0002.jpg
"""

XMP = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'

Host = Callable[[Path], AbstractAsyncContextManager[RunningSandbox]]


def make_template(folder: Path) -> None:
    """Make *folder*/project and *folder*/data as they are once the first version was applied."""
    project = folder / "project"
    (project / "manifests").mkdir(parents=True)
    (project / "lrplan.yaml").write_text(PROJECT)
    (project / "manifests" / "all.yaml").write_text(BEFORE)
    make_pictures(project / "own", 3)
    large = (project / "own" / "DSC_0003.jpg").rename(project / "own" / "large.jpg")
    (project / "own" / "warm.xmp").write_text(XMP)
    padding = hashlib.sha256(b"large").digest() * (LARGE_PADDING // 32)
    large.write_bytes(large.read_bytes() + padding)
    asyncio.run(_apply_first(folder))
    (project / "manifests" / "all.yaml").write_text(AFTER)


async def _apply_first(folder: Path) -> None:
    assets = [
        {"id": photo_id(n), "fileName": name(n), "captureDate": f"2026-05-{1 + n // 20:02d}T{n % 20:02d}:00:00"}
        for n in range(1, PHOTOS + 1)
    ]
    async with running(SandboxOptions(data=folder / "data")) as box, aiohttp.ClientSession() as http:
        async with http.post(f"{box.endpoint}/sandbox/seed", json={"assets": assets}) as seeded:
            assert seeded.status == 200, await seeded.text()
        ran = await Place(folder=folder / "project", endpoint=box.endpoint).apply()
        assert ran.exit_code == 0, ran.summary
        shown = await look(box.endpoint, http)
        album = next(one["id"] for one in shown["albums"] if one["name"] == "Changes")
        url = f"{box.endpoint}/v2/catalogs/{box.catalog_id}/albums/{album}/assets"
        headers = {"X-API-Key": box.api_key, "Authorization": f"Bearer {box.access_token}"}
        payload = {"order": "zzz", "publishInfo": {"remoteId": "not-ours"}, "someKey": [1, 2]}
        body = {"resources": [{"id": photo_id(STRANGER), "payload": payload}]}
        async with http.put(url, json=body, headers=headers) as added:
            assert added.status == 201, await added.text()


def copy_template(template: Path, to: Path) -> tuple[Path, Path]:
    """Copy a project and its catalog; gives the two folders."""
    shutil.copytree(template, to)
    return to / "project", to / "data"


def forget(project: Path) -> None:
    """Lose what lrplan remembers."""
    shutil.rmtree(project / ".lrplan", ignore_errors=True)


async def look(endpoint: str, http: aiohttp.ClientSession) -> dict:
    """The whole catalog of a sandbox."""
    async with http.get(f"{endpoint}/sandbox/snapshot") as answer:
        assert answer.status == 200
        shown: dict = await answer.json()
        return shown

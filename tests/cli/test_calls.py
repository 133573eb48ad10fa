"""
Calls, counted where they arrive: 60 albums of 600 photos each, in a catalog of 30,000.

The catalog is written straight into the stand-in's database, as if it had been there for a year.
"""

import asyncio
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp

from lrplan.model.ids import AccountId, Owner, ServiceId, album_id
from lrplan.model.order_keys import keys_between
from lrplan.sandbox import RunningSandbox, SandboxOptions, running
from lrplan.sandbox.database import Database
from lrplan.sandbox.options import DEFAULT_ACCOUNT_ID, DEFAULT_API_KEY, DEFAULT_CATALOG_ID
from lrplan.sandbox.seeding import seed
from tests.cli.conftest import Ended, run_lrplan

PHOTOS, ALBUMS, MEMBERS = 30_000, 60, 600
LONG_AGO = "2025-01-01T00:00:00Z"
OWNER = Owner(account_id=AccountId(DEFAULT_ACCOUNT_ID), service_id=ServiceId(DEFAULT_API_KEY), project="studio")
PROJECT = "lrplan: 1\nproject: studio\napi: {rate: 0}\n"

PAGES_OF_MEMBERS = 2  # 600 photos, at most 500 a page
BOUND = 1 + 1 + 1 + ALBUMS * PAGES_OF_MEMBERS  # the account, its catalog, the albums and their set, their members
# 500 a page; and one before that to which the stand-in turns round, by which alone undated photos are sure to be shown
WALK = 1 + PHOTOS // 500


def _asset(number: int) -> str:
    return f"{0xA0000 + number:032x}"


def _members(album: int) -> range:
    """The numbers of its photos; albums overlap."""
    return range(album * 400, album * 400 + MEMBERS)


def _date(number: int) -> str:
    minutes, seconds = divmod(number, 60)
    return f"2024-05-{1 + minutes // 1440:02}T{minutes // 60 % 24:02}:{minutes % 60:02}:{seconds:02}"


def _payload(number: int) -> str:
    source = {"fileName": f"P{number:05}.jpg", "importedOnDevice": "Lightroom", "importedBy": DEFAULT_ACCOUNT_ID}
    stamps = {"userCreated": LONG_AGO, "userUpdated": LONG_AGO}
    return json.dumps({"captureDate": _date(number), **stamps, "importSource": source})


def fill(data: Path) -> None:
    """Write the catalog."""
    database = Database(data)
    stamps = {"userCreated": LONG_AGO, "userUpdated": LONG_AGO}
    holder = album_id(OWNER, "sets.all", 0)
    payloads = [(holder, "project_set", {"name": "All", **stamps})]
    payloads += [
        (album_id(OWNER, f"albums.a{n}", 0), "project", {"name": f"A{n}", **stamps, "parent": {"id": holder}})
        for n in range(ALBUMS)
    ]
    orders = keys_between(None, None, MEMBERS)
    assert orders is not None
    with database.changes():
        for n in range(PHOTOS):
            database.run(
                "INSERT INTO asset (catalog_id, id, subtype, created, updated, capture_key, payload, complete)"
                " VALUES (?, ?, 'image', ?, ?, ?, ?, 1)",
                (DEFAULT_CATALOG_ID, _asset(n), LONG_AGO, LONG_AGO, f"{_date(n)}.000000", _payload(n)),
            )
    seed(
        database,
        {"albums": [{"id": i, "subtype": s, "serviceId": DEFAULT_API_KEY, "payload": p} for i, s, p in payloads]},
    )
    with database.changes():
        for n in range(ALBUMS):
            for photo, order in zip(_members(n), orders, strict=True):
                database.run(
                    "INSERT INTO member (catalog_id, album_id, asset_id, created, sort_key, payload)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        DEFAULT_CATALOG_ID,
                        album_id(OWNER, f"albums.a{n}", 0),
                        _asset(photo),
                        LONG_AGO,
                        f"0{order}",
                        json.dumps({"order": order}),
                    ),
                )
    database.close()


def write(folder: Path, *more: str) -> None:
    """Write the manifests; *more* are photos at the end of the first album."""
    (folder / "manifests").mkdir(exist_ok=True)
    (folder / "lrplan.yaml").write_text(PROJECT)
    lines = ["lrplan: 1", "sets:", "  all: {name: All}", "albums:"]
    for n in range(ALBUMS):
        names = [f"P{photo:05}.jpg" for photo in _members(n)]
        names += more if n == 0 else ()
        lines.append(f"  a{n}: {{name: A{n}, parent: all, members: [{', '.join(names)}]}}")
    (folder / "manifests" / "all.yaml").write_text("\n".join(lines) + "\n")


class Counted:
    """lrplan, and how many requests arrived while it ran."""

    def __init__(self, folder: Path, box: RunningSandbox, http: aiohttp.ClientSession) -> None:
        self._folder, self._box, self._http = folder, box, http

    async def control(self, method: str, path: str, document: Any = None) -> Any:
        url = f"{self._box.endpoint}/sandbox/{path}"
        async with self._http.request(method, url, json=document) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def run(self, *words: str) -> tuple[Ended, int]:
        """Run a command; how it ended, and how many requests arrived."""
        await self.control("DELETE", "requests")
        environment: Mapping[str, str] = {
            "LRPLAN_ENDPOINT": self._box.endpoint,
            "LRPLAN_ACCESS_TOKEN": self._box.access_token,
            "LRPLAN_API_KEY": self._box.api_key,
        }
        ended = await asyncio.to_thread(run_lrplan, *words, cwd=self._folder, env=environment)
        arrived = [one for one in (await self.control("GET", "requests"))["requests"] if one["path"].startswith("/v2")]
        assert ended.code == 0, (ended.out, ended.err)
        return ended, len(arrived)


def said_calls(ended: Ended) -> tuple[int, int, int]:
    """What the first line says of reading, and what `Cost:` says of reading and of applying."""
    first = re.search(r"^Catalog: Sandbox Catalog \((\d+) calls", ended.out, re.MULTILINE)
    cost = re.search(r"^Cost: (\d+) calls to read(?:, (\d+) to apply)?", ended.out, re.MULTILINE)
    assert first is not None, ended.out
    if cost is None:
        return int(first[1]), int(first[1]), 0
    return int(first[1]), int(cost[1]), int(cost[2] or 0)


def test_sixty_albums_are_planned_and_applied_in_no_more_calls_than_must_be(tmp_path: Path) -> None:
    data, folder = tmp_path / "data", tmp_path / "project"
    folder.mkdir()
    fill(data)

    async def story() -> None:
        async with running(SandboxOptions(data=data)) as box, aiohttp.ClientSession() as http:
            counted = Counted(folder, box, http)
            write(folder)
            ended, calls = await counted.run("plan")
            assert "No changes." in ended.out
            assert (calls, said_calls(ended)) == (BOUND, (BOUND, BOUND, 0))
            assert not (folder / ".lrplan" / "cache" / "catalog.json").exists()

            write(folder, "P29999.jpg")
            ended, calls = await counted.run("plan")
            assert (calls, said_calls(ended)[:2]) == (BOUND + WALK, (BOUND + WALK, BOUND + WALK))

            new = {"fileName": "new.jpg", "captureDate": "2026-05-01T10:00:00"}
            await counted.control("POST", "seed", {"assets": [new]})
            write(folder, "P29999.jpg", "new.jpg")
            ended, calls = await counted.run("apply", "--auto-approve")
            read, to_apply = said_calls(ended)[1:]
            changed, confirmed = 1, 1  # what changed since, and P29999.jpg by its id
            assert read == BOUND + changed + confirmed
            look, added, read_back = 1 + PAGES_OF_MEMBERS, 1, 1 + PAGES_OF_MEMBERS
            assert to_apply == 2 + look + added + read_back  # account and catalog come first
            assert calls == read + to_apply
            assert "Verified: the catalog matches the manifests." in ended.out

    asyncio.run(story())

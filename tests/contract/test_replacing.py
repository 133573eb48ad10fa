"""The end of a replacement on every service behind the port, and of two generations of a set on a whole project."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from attrs import evolve

from lrplan.apply.endings import Ending, Result
from lrplan.apply.looks import Look
from lrplan.apply.recorded import RecordedWriter
from lrplan.apply.replacing import Remover
from lrplan.diagnostics import ExitCode
from lrplan.model.address import Address
from lrplan.model.album import AlbumKind, MemberInfo, Opaque
from lrplan.model.ids import AccountId, AlbumId, Owner, ServiceId, album_id
from lrplan.plan.action import RetireAlbum
from lrplan.plan.write import Entry
from lrplan.sandbox import RunningSandbox, SandboxOptions, running
from tests.contract.bench import KINDS, Bench, asset_id, bench_of
from tests.contract.bench import album_id as numbered
from tests.contract.test_service import accepted, add, listing, make
from tests.crash.project import look as look_at
from tests.inside import Place
from tests.ports import FakeClock
from tests.unit.apply.stage import Journal

OLD, NEW, CHILD, INNER = numbered(1), numbered(2), numbered(3), numbered(4)
RUNS_MAX = 2_000  # a listing that lags does so for a number of calls here, since the clock of these tests never waits

Story = Callable[[Bench], Awaitable[None]]


@pytest.fixture(params=KINDS)
def play(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Story], None]:
    def run(story: Story) -> None:
        async def whole() -> None:
            async with bench_of(request.param, tmp_path) as bench:
                await story(bench)

        asyncio.run(whole())

    return run


async def retired(bench: Bench, address: str, *wanted: int) -> Ending:
    """Retire OLD, with as many runs as the service needs to show what was written."""
    action = RetireAlbum(address=Address(address), album_id=OLD, successor=NEW)
    for _ in range(RUNS_MAX if bench.kind == "untidy" else 1):
        writer = RecordedWriter(bench.service, Journal(), FakeClock(), stamps={})
        remover = Remover(bench.service, writer, FakeClock(), {})
        ending = await remover.retire("retire", action, Look(), map(asset_id, wanted))
        if ending.result is not Result.FAILED:
            return ending
        assert "stays; run apply again" in ending.why
    return ending


def test_a_newcomer_brings_along_all_that_it_carries(play: Callable[[Story], None]) -> None:
    async def story(bench: Bench) -> None:
        raw = Opaque('{"someKey": [1], "publishInfo": {"remoteId": "r", "servicePayload": "s", "own": 1}}')
        late = Entry(asset_id=asset_id(9), order="Z", remote_id="r", service_payload="s", raw=raw)
        await accepted(bench, make(OLD), add(OLD, Entry(asset_id=asset_id(1), order="M"), late))
        await accepted(bench, make(NEW), add(NEW, Entry(asset_id=asset_id(1), order="N")))
        before = (await listing(bench, OLD, size=2)).infos[asset_id(9)]
        assert (await retired(bench, "albums.a", 1)).result is Result.DONE
        found = await listing(bench, NEW, size=2)
        assert found.asset_ids == (asset_id(1), asset_id(9))
        now = found.infos[asset_id(9)]
        assert evolve(now, raw=before.raw) == MemberInfo(remote_id="r", service_payload="s", raw=before.raw)
        kept = json.loads(now.raw)
        assert (kept["someKey"], kept["publishInfo"]["own"]) == ([1], 1)
        assert await bench.service.album(OLD) is None

    play(story)


def test_what_is_in_an_older_set_is_in_the_newer_one_afterwards(play: Callable[[Story], None]) -> None:
    async def story(bench: Bench) -> None:
        sets = [make(one, kind=AlbumKind.SET, name="Travel") for one in (OLD, NEW)]
        inner = make(INNER, kind=AlbumKind.SET, name="Inner", parent=OLD)
        child = make(CHILD, name="Child", parent=OLD, raw='{"someKey": 1}')
        await accepted(bench, *sets, inner, child)
        await bench.until(bench.service.albums, lambda found: {INNER, CHILD} <= {album.id for album in found})
        assert (await retired(bench, "sets.travel")).result is Result.DONE
        assert await bench.service.album(OLD) is None
        for one, name in ((INNER, "Inner"), (CHILD, "Child")):
            album = await bench.service.album(one)
            assert album is not None
            assert (album.parent, album.name) == (NEW, name)
        assert json.loads((await bench.service.album(CHILD)).raw)["someKey"] == 1

    play(story)


PROJECT = "lrplan: 1\nproject: studio\n"
MANIFEST = """\
lrplan: 1
sets:
  travel: {name: Travel}
albums:
  iceland: {name: Iceland, parent: travel, members: [P1.jpg]}
  norway: {name: Norway, members: [P2.jpg]}
"""


async def _make(box: RunningSandbox, http: aiohttp.ClientSession, one: AlbumId) -> None:
    """Make a set called Travel, as an earlier run would."""
    url = f"{box.endpoint}/v2/catalogs/{box.catalog_id}/albums/{one}"
    headers = {"X-API-Key": box.api_key, "Authorization": f"Bearer {box.access_token}"}
    at = "2026-05-01T00:00:00Z"
    info = {"version": 3, "created": at, "updated": at, "deleted": False}
    payload = {"userCreated": at, "userUpdated": at, "name": "Travel", "publishInfo": info}
    body = {"subtype": "project_set", "serviceId": box.api_key, "payload": payload}
    async with http.put(url, json=body, headers=headers) as made:
        assert made.status == 201, await made.text()


def test_two_generations_of_a_set_become_one_for_as_many_calls_as_were_said(tmp_path: Path) -> None:
    (tmp_path / "project" / "manifests").mkdir(parents=True)
    (tmp_path / "project" / "lrplan.yaml").write_text(PROJECT)
    (tmp_path / "project" / "manifests" / "a.yaml").write_text(MANIFEST)

    async def story() -> None:
        async with running(SandboxOptions(data=tmp_path / "data")) as box, aiohttp.ClientSession() as http:
            assets = [
                {"id": asset_id(n), "fileName": f"P{n}.jpg", "captureDate": "2026-05-01T10:00:00"} for n in (1, 2)
            ]
            async with http.post(f"{box.endpoint}/sandbox/seed", json={"assets": assets}) as seeded:
                assert seeded.status == 200, await seeded.text()
            place = Place(folder=tmp_path / "project", endpoint=box.endpoint)
            assert (await place.apply()).exit_code is ExitCode.DONE
            owner = Owner(account_id=AccountId(box.account_id), service_id=ServiceId(box.api_key), project="studio")
            await _make(box, http, album_id(owner, "sets.travel", 1))
            ran = await place.apply()
            assert ran.exit_code is ExitCode.DONE, ran.summary
            assert ran.plan is not None
            assert ran.report is not None
            assert ran.plan.summary.apply_calls == ran.report.calls
            shown = await look_at(box.endpoint, http)
            assert [one["id"] for one in shown["sets"]] == [album_id(owner, "sets.travel", 1)]
            assert {one["name"]: one["parent"] for one in shown["albums"]} == {
                "Iceland": album_id(owner, "sets.travel", 1),
                "Norway": None,
            }
            again = await place.plan()
            assert again.plan is not None
            assert again.plan.is_empty

    asyncio.run(story())

"""Originals in parts, on a service that knows the contract only: what is sent, in which order, and after a cut."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from attrs import define, field

from lrplan.sandbox.pictures import make_pictures
from tests.contract.odd_server import KEY, TOKEN, Oddities, OddServer, serving
from tests.inside import Place

PART, PARTS = 33_000, 10
PROJECT = """\
lrplan: 1
project: parts
api: {{concurrency: {at_once}, partSize: 33000}}
albums:
  one: {{name: One, members: [./large.jpg]}}
"""


@define
class Watched:
    """The parts that came, and what to do when one comes."""

    server: OddServer
    place: Place
    sha256: str
    came: list[str] = field(factory=list)
    under_way: int = 0
    most: int = 0
    alone: bool = False
    stop_at: int = -1
    stop: asyncio.Event = field(factory=asyncio.Event)

    @property
    def asset(self) -> dict[str, Any]:
        (found,) = self.server.world.assets.values()
        return found

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if not request.path.endswith("/master"):
            return await self.server.handle(request)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        self.alone = self.under_way == 1
        self.came.append(request.headers["Content-Range"])
        if len(self.came) == self.stop_at:
            self.stop.set()
        for _ in range(20):  # long enough for others to come beside it
            await asyncio.sleep(0)
        try:
            return await self.server.handle(request)
        finally:
            self.under_way -= 1

    async def apply(self) -> int:
        """Apply; the exit code."""
        self.came.clear()
        self.stop.clear()
        ran = await self.place.apply(stop=self.stop)
        return ran.exit_code


def ranges() -> list[str]:
    return [f"bytes {n * PART}-{(n + 1) * PART - 1}/{PART * PARTS}" for n in range(PARTS)]


@asynccontextmanager
async def watched(folder: Path, *, at_once: int = 4) -> AsyncIterator[Watched]:
    """A project with one large original, and a service."""
    (folder / "lrplan.yaml").write_text(PROJECT.format(at_once=at_once))
    picture = make_pictures(folder, 1)[0].read_bytes()
    content = picture + bytes(PART * PARTS - len(picture))
    (folder / "large.jpg").write_bytes(content)
    (folder / "DSC_0001.jpg").unlink()
    async with serving(Oddities()) as odd:
        watch = Watched(
            server=odd,
            place=Place(folder=folder, endpoint="", api_key=KEY, token=TOKEN),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        runner = web.ServerRunner(web.Server(watch.handle, access_log=None), shutdown_timeout=1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            odd.endpoint = f"http://127.0.0.1:{runner.addresses[0][1]}"
            watch.place = Place(folder=folder, endpoint=odd.endpoint, api_key=KEY, token=TOKEN)
            yield watch
        finally:
            await runner.cleanup()


def test_parts_go_side_by_side_and_the_last_one_alone(tmp_path: Path) -> None:
    async def run() -> None:
        async with watched(tmp_path) as watch:
            assert await watch.apply() == 0
            assert sorted(watch.came) == sorted(ranges())
            assert watch.most > 1
            assert (watch.came[-1], watch.alone) == (ranges()[-1], True)
            assert (watch.asset["complete"], watch.asset["sha256"]) == (True, watch.sha256)

    asyncio.run(run())


def test_after_a_cut_only_the_rest_is_sent(tmp_path: Path) -> None:
    async def run() -> None:
        async with watched(tmp_path, at_once=2) as watch:
            watch.stop_at = 5
            assert await watch.apply() == 8
            before = set(watch.came)
            assert 5 <= len(before) < PARTS - 1
            watch.stop_at = -1
            assert await watch.apply() == 0
            assert sorted(watch.came) == sorted(set(ranges()) - before)
            assert (watch.asset["complete"], watch.asset["sha256"]) == (True, watch.sha256)

    asyncio.run(run())


def test_after_several_cuts_no_part_was_sent_twice(tmp_path: Path) -> None:
    async def run() -> None:
        async with watched(tmp_path, at_once=2) as watch:
            sent: list[str] = []
            watch.stop_at = 2
            while await watch.apply() == 8:
                sent += watch.came
            sent += watch.came
            assert sorted(sent) == sorted(ranges())
            assert watch.asset["sha256"] == watch.sha256

    asyncio.run(run())


def test_parts_that_the_service_has_lost_since_are_sent_after_all(tmp_path: Path) -> None:
    async def run() -> None:
        async with watched(tmp_path, at_once=2) as watch:
            watch.stop_at = 5
            assert await watch.apply() == 8
            before = set(watch.came)
            watch.asset["parts"].clear()
            watch.stop_at = -1
            assert await watch.apply() == 0
            assert sorted(watch.came[: PARTS - len(before)]) == sorted(set(ranges()) - before)
            assert sorted(watch.came) == sorted(ranges())
            assert (watch.asset["complete"], watch.asset["sha256"]) == (True, watch.sha256)

    asyncio.run(run())


def test_without_memory_everything_is_sent_and_the_asset_is_made_once(tmp_path: Path) -> None:
    async def run() -> None:
        async with watched(tmp_path, at_once=2) as watch:
            watch.stop_at = 5
            assert await watch.apply() == 8
            for run in (tmp_path / ".lrplan" / "runs").iterdir():
                for file in run.iterdir():
                    file.unlink()
                run.rmdir()
            watch.stop_at = -1
            assert await watch.apply() == 0
            assert sorted(watch.came) == sorted(ranges())
            assert watch.asset["sha256"] == watch.sha256

    asyncio.run(run())

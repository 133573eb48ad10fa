"""A copy of the project on a sandbox of its own, for as long as one test."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from attrs import frozen

from lrplan.sandbox import RunningSandbox, SandboxOptions, running
from tests.crash.catalog import assert_same
from tests.crash.project import copy_template, look
from tests.inside import Place, Ran


@frozen(kw_only=True)
class Stage:
    """The project, the service, and a way to look behind it."""

    place: Place
    box: RunningSandbox
    http: aiohttp.ClientSession

    @property
    def project(self) -> Path:
        return self.place.folder

    async def control(self, method: str, path: str, document: Any = None) -> Any:
        """A call under `/sandbox/`."""
        url = f"{self.box.endpoint}/sandbox/{path}"
        async with self.http.request(method, url, json=document) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def faults(self, *faults: Mapping[str, Any]) -> None:
        """Set faults."""
        await self.control("POST", "faults", list(faults))

    async def asked(self) -> list[Mapping[str, Any]]:
        """The requests so far."""
        document = await self.control("GET", "requests")
        return list(document["requests"])

    async def look(self) -> Mapping[str, Any]:
        """The whole catalog."""
        return await look(self.box.endpoint, self.http)

    async def finish(self, wanted: Mapping[str, Any]) -> Ran:
        """Without faults the next apply ends in the wanted catalog, and the one after that sends no write."""
        await self.control("DELETE", "faults")
        ran = await self.place.apply()
        assert ran.exit_code == 0, ran.summary
        assert_same(await self.look(), wanted)
        again = await self.place.apply()
        assert (again.exit_code, again.heard.writes) == (0, []), again.summary
        return ran


@asynccontextmanager
async def staged(template: Path, work: Path, **hooks: Any) -> AsyncIterator[Stage]:
    """Copy the template, serve its catalog."""
    project, data = copy_template(template, work)
    async with running(SandboxOptions(data=data), **hooks) as box, aiohttp.ClientSession() as http:
        yield Stage(place=Place(folder=project, endpoint=box.endpoint), box=box, http=http)


def undisturbed_catalog(template: Path, work: Path) -> Mapping[str, Any]:
    """The catalog after an apply that nothing disturbed."""

    async def run() -> Mapping[str, Any]:
        async with staged(template, work) as stage:
            ran = await stage.place.apply()
            assert ran.exit_code == 0, ran.summary
            return await stage.look()

    return asyncio.run(run())

"""Develop settings of a whole project over HTTP, on a service whose answers may be lost."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from attrs import frozen

from lrplan.sandbox import RunningSandbox, SandboxOptions, running
from lrplan.sandbox.pictures import make_pictures
from tests.inside import Place

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
PROJECT = """\
lrplan: 1
project: develop
albums:
  one:
    name: One
    members:
      - {upload: ./DSC_0002.jpg, develop: {copyFrom: ./DSC_0001.jpg}}
      - ./DSC_0001.jpg
"""


def xmp(word: str) -> str:
    return f'<rdf:RDF {RDF}><rdf:Description photoshop:SidecarForExtension="JPG">{word}</rdf:Description></rdf:RDF>'


@frozen(kw_only=True)
class Desk:
    """A project with two pictures, of which the first has a sidecar, and the service behind it."""

    place: Place
    box: RunningSandbox
    http: aiohttp.ClientSession

    def save(self, word: str) -> None:
        """Write the sidecar."""
        (self.place.folder / "DSC_0001.xmp").write_text(xmp(word))

    async def settings(self) -> list[str]:
        """What each photo has, in the order of the file names."""
        async with self.http.get(f"{self.box.endpoint}/sandbox/snapshot") as answer:
            assets = sorted((await answer.json())["assets"], key=lambda one: one["fileName"])
        headers = {"X-API-Key": self.box.api_key, "Authorization": f"Bearer {self.box.access_token}"}
        found = []
        for asset in assets:
            url = f"{self.box.endpoint}/v2/catalogs/{self.box.catalog_id}/assets/{asset['id']}/xmp/develop"
            async with self.http.get(url, headers=headers) as answer:
                found.append(await answer.text() if answer.status == 200 else "")
        return found

    async def fault(self, **more: Any) -> None:
        """The next settings that are sent meet this."""
        document = [{"path": "xmp/develop", "times": 1, **more}]
        async with self.http.post(f"{self.box.endpoint}/sandbox/faults", json=document) as answer:
            assert answer.status == 200, await answer.text()


@pytest.fixture
def play(tmp_path: Path) -> Callable[[Callable[[Desk], Awaitable[None]]], None]:
    def run(story: Callable[[Desk], Awaitable[None]]) -> None:
        async def whole() -> None:
            folder = tmp_path / "project"
            make_pictures(folder, 2)
            (folder / "lrplan.yaml").write_text(PROJECT)
            async with running(SandboxOptions(data=tmp_path / "data")) as box, aiohttp.ClientSession() as http:
                desk = Desk(place=Place(folder=folder, endpoint=box.endpoint), box=box, http=http)
                desk.save("warm")
                await story(desk)

        asyncio.run(whole())

    return run


def test_settings_are_sent_copied_and_sent_again_when_the_file_changes(play: Any) -> None:
    async def story(desk: Desk) -> None:
        for word in ("warm", "cold"):
            desk.save(word)
            ran = await desk.place.apply()
            assert ran.exit_code == 0, ran.summary
            assert ran.report is not None
            assert ran.plan is not None
            assert ran.plan.summary.develop == 2
            assert ran.report.calls == ran.plan.summary.apply_calls
            assert await desk.settings() == [xmp(word)] * 2
            again = await desk.place.apply()
            assert (again.exit_code, again.heard.writes) == (0, []), again.summary

    play(story)


@pytest.mark.parametrize("when", ["before", "after"])
def test_settings_whose_answer_is_lost_are_sent_again_and_are_the_same(play: Any, when: str) -> None:
    async def story(desk: Desk) -> None:
        await desk.fault(kind="reset", when=when)
        ran = await desk.place.apply()
        assert ran.exit_code == 0, ran.summary
        assert await desk.settings() == [xmp("warm")] * 2
        assert (await desk.place.apply()).heard.writes == []

    play(story)


def test_settings_that_are_refused_hold_up_their_photo_and_nothing_else(play: Any) -> None:
    async def story(desk: Desk) -> None:
        more = "  two: {name: Two, members: [./DSC_0003.jpg]}\n"
        make_pictures(desk.place.folder, 3)
        (desk.place.folder / "lrplan.yaml").write_text(PROJECT + more)
        await desk.fault(kind="status", status=400, body='{"code": 1002, "description": "not these"}')
        ran = await desk.place.apply()
        assert ran.exit_code == 8, ran.summary
        assert ran.report is not None
        ends = {item.name: item for item in ran.report.items}
        assert "sending the develop settings DSC_0001.xmp: the service refused it (400" in ends["albums.one"].why
        assert ends["albums.two"].bucket == "done"
        ran = await desk.place.apply()
        assert ran.exit_code == 0, ran.summary
        assert (await desk.settings())[:2] == [xmp("warm")] * 2

    play(story)

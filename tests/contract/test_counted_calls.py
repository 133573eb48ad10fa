"""The calls that a plan states are those that arrive at the service, in whatever situation it is made and applied."""

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

import aiohttp
from attrs import evolve
from hypothesis import given, settings

from lrplan.diagnostics import ExitCode
from lrplan.sandbox import RunningSandbox, SandboxOptions, running
from tests.inside import Place, Ran
from tests.laws.profile import law
from tests.laws.stage import CANNOT_BE_MET, EVERYTHING
from tests.strategies import (
    DATES,
    FILES,
    HASHES,
    NAMES,
    ORIGINALS,
    PART_BYTES,
    PHOTOS,
    PROJECT,
    XMP_FILES,
    Applied,
    Forgotten,
    Situation,
    Wish,
    situations,
)

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def write(folder: Path, wish: Wish) -> None:
    """Write the project's files."""
    (folder / "lrplan.yaml").write_text(f"lrplan: 1\nproject: {PROJECT}\napi: {{partSize: {PART_BYTES}}}\n")
    for source in wish.sources():
        (folder / source.file).parent.mkdir(exist_ok=True)
        (folder / source.file).write_bytes(source.content)
    for path in XMP_FILES:
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(f'<rdf:RDF xmlns:rdf="{RDF}"><rdf:Description>{path}</rdf:Description></rdf:RDF>')
    for number, path in enumerate(FILES):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(b"\xff\xd8\xff" + bytes([number]) * (ORIGINALS[path].size_bytes - 3))


async def control(box: RunningSandbox, http: aiohttp.ClientSession, method: str, path: str, body: Any = None) -> Any:
    async with http.request(method, f"{box.endpoint}/sandbox/{path}", json=body) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def arrived(box: RunningSandbox, http: aiohttp.ClientSession) -> int:
    """How many calls arrived since this was asked last."""
    seen = (await control(box, http, "GET", "requests"))["requests"]
    await control(box, http, "DELETE", "requests")
    return sum(one["path"].startswith("/v2") for one in seen)


async def counted(place: Place, box: RunningSandbox, http: aiohttp.ClientSession) -> None:
    """Plan and apply what the manifests say, and see that both take the calls that the plan states."""
    await arrived(box, http)
    made: Ran = await place.plan(allow=EVERYTHING)
    if made.plan is None:
        assert {one.code for one in made.said} <= CANNOT_BE_MET, made.summary
        return
    if {one.code for one in made.refused} == {"LRP404"}:
        return  # what is protected may not go
    assert made.refused == ()
    assert made.plan.summary.read_calls == await arrived(box, http)
    done = await place.apply(made.plan)
    assert done.exit_code is ExitCode.DONE, done.summary
    assert done.report is not None
    sent = await arrived(box, http)
    assert made.plan.summary.apply_calls == sent == done.report.calls, json.dumps([s.id for s in made.plan.steps])


@settings(law, max_examples=max(8, law.max_examples // 100))
@given(situation=situations())
def test_the_stated_calls_are_those_that_arrive(situation: Situation) -> None:
    seeded = [
        {"id": PHOTOS[n], "fileName": NAMES[n], "captureDate": DATES[situation.catalog.dates[n]], "sha256": HASHES[n]}
        for n in range(len(PHOTOS))
    ]

    async def story(folder: Path) -> None:
        place_of = Place(folder=folder / "project", endpoint="")
        place_of.folder.mkdir()
        options = SandboxOptions(data=folder / "data")
        async with running(options) as box, aiohttp.ClientSession() as http:
            place = evolve(place_of, endpoint=box.endpoint)
            await control(box, http, "POST", "seed", {"assets": seeded})
            for event in (*situation.history, Applied(wish=situation.wish)):
                if isinstance(event, Applied):
                    write(place.folder, event.wish)
                    await counted(place, box, http)
                elif isinstance(event, Forgotten):
                    (place.folder / ".lrplan" / "state.json").unlink(missing_ok=True)

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(story(Path(folder)))

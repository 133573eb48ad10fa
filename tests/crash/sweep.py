"""
Every place at which an apply can be cut off by SIGKILL, and the proof that running it again finishes it.

The sandbox is hosted here and outlives the process that is killed. It kills around requests: before one is done, or
after its work is durable and before it is answered. The process kills itself around every call that forces something to
the disk, and in the middle of every write. What the kill leaves behind, folder and catalog, is copied for each way of
going on: with the state, without it, and with the plan file once more.

The surprising case: not every apply comes to every point. Requests go side by side and share their syncs, and how many
share one is for the machine to say; so an apply that is to be killed at one of the last may end with fewer of them.
Such a point was not reached. It proves nothing, and is counted apart.
"""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import aiohttp
from attrs import field, frozen

from lrplan.formats.plan import decode_plan
from lrplan.sandbox import SandboxOptions, SeenRequest, running
from tests.crash.catalog import assert_same, assert_same_without_state
from tests.crash.project import copy_template, forget, look
from tests.inside import Place, Ran

ROOT = Path(__file__).parents[2]
REQUEST_PHASES = ("before", "after")
PLAN = "plan.json"
KILLED = -signal.SIGKILL


@frozen(kw_only=True)
class Point:
    """Where to kill.

    Attributes:
        place: `request`, `sync` or `write`.
        phase: `before`, `after` or `torn`.
        number: Which request, sync or write of the apply, from 1.
        stored: The apply is `apply plan.json`, not one that plans for itself.
        kind: What the request was in the undisturbed run, for people.
    """

    place: str
    phase: str
    number: int
    stored: bool = False
    kind: str = field(default="", eq=False)

    def __str__(self) -> str:
        form = "plan.json" if self.stored else "itself"
        return f"{self.phase} {self.place} {self.number} ({form}{', ' + self.kind if self.kind else ''})"


@frozen(kw_only=True)
class Undisturbed:
    """An apply that nobody cut off.

    Attributes:
        routes: Of its requests, in their order.
        catalog: As it was afterwards.
    """

    routes: tuple[str, ...]
    syncs: int
    writes: int
    catalog: Mapping


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """For a child: nothing that lrplan would listen to but *more*."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LRPLAN_")}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "NO_COLOR": "1"} | dict(more or {})


async def lrplan(
    project: Path, endpoint: str, *words: str, module: tuple[str, ...] = ("lrplan",)
) -> asyncio.subprocess.Process:
    """Start `lrplan` as a child process on a project, against a service."""
    access = {"LRPLAN_ENDPOINT": endpoint, "LRPLAN_API_KEY": "sandbox", "LRPLAN_ACCESS_TOKEN": "sandbox-token"}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *module,
        *words,
        cwd=project,
        env=environment(access),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


def words_of(*, stored: bool) -> tuple[str, ...]:
    """The command line of an apply."""
    return ("apply", PLAN) if stored else ("apply", "--auto-approve")


async def run_undisturbed(template: Path, work: Path, *, stored: bool) -> Undisturbed:
    """Apply without a kill, and look on."""
    project, data = copy_template(template, work)
    routes: list[str] = []

    async def saw(seen: SeenRequest) -> None:
        routes.append(seen.route)

    async with running(SandboxOptions(data=data), before_request=saw) as box, aiohttp.ClientSession() as http:
        if stored:
            await _store_plan(project, box.endpoint)
            routes.clear()
        module = ("tests.crash.child", "count", "0")
        child = await lrplan(project, box.endpoint, *words_of(stored=stored), module=module)
        out, err = await child.communicate()
        assert child.returncode == 0, (out.decode(), err.decode())
        asked = tuple(routes)
        syncs, writes = err.split()[-2:]
        catalog = await look(box.endpoint, http)
        again = await Place(folder=project, endpoint=box.endpoint).apply()
        assert again.exit_code == 0, again.summary
        assert not again.heard.writes
    return Undisturbed(routes=asked, syncs=int(syncs), writes=int(writes), catalog=catalog)


def points_of(undisturbed: Undisturbed, *, stored: bool) -> tuple[Point, ...]:
    """Every point of such an apply."""
    requests = [
        Point(place="request", phase=phase, number=number, stored=stored, kind=route)
        for number, route in enumerate(undisturbed.routes, start=1)
        for phase in REQUEST_PHASES
    ]
    syncs = [
        Point(place="sync", phase=phase, number=number, stored=stored)
        for number in range(1, undisturbed.syncs + 1)
        for phase in ("before", "after")
    ]
    writes = [
        Point(place="write", phase="torn", number=number, stored=stored) for number in range(1, undisturbed.writes + 1)
    ]
    return (*requests, *syncs, *writes)


async def prove(point: Point, template: Path, work: Path, wanted: Mapping) -> str:
    """Cut one apply off, then go on in every way there is. Raises AssertionError where the end is another.

    Returns:
        "" when all of that was done; else why the point was not reached, so that nothing was killed.
    """
    unreached = await _cut_off(point, template, work)
    if unreached:
        shutil.rmtree(work)
        return unreached
    ways = ("state", "no state", "plan file") if point.stored else ("state", "no state")
    for way in ways:
        copy = work.with_name(f"{work.name}-{way.replace(' ', '-')}")
        project, data = copy_template(work, copy)
        try:
            await _go_on(way, project, data, wanted)
        except AssertionError as problem:
            raise AssertionError(f"{point}, then with {way}: {problem}") from problem
        shutil.rmtree(copy)
    shutil.rmtree(work)
    return ""


async def _cut_off(point: Point, template: Path, work: Path) -> str:
    """Kill an apply at the point; says why if it ended by itself before it came there."""
    project, data = copy_template(template, work)
    child: list[asyncio.subprocess.Process] = []
    numbers = iter(range(1, 1_000_000))
    mine: dict[int, int] = {}

    def kill() -> None:
        child[0].send_signal(signal.SIGKILL)
        raise ConnectionResetError("killed")

    async def before(seen: SeenRequest) -> None:
        if not child:
            return
        mine[seen.number] = next(numbers)
        if (point.place, point.phase, point.number) == ("request", "before", mine[seen.number]):
            kill()

    async def after(seen: SeenRequest, status: int) -> None:
        if (point.place, point.phase, point.number) == ("request", "after", mine.get(seen.number)):
            kill()

    async with running(SandboxOptions(data=data), before_request=before, after_request=after) as box:
        if point.stored:
            await _store_plan(project, box.endpoint)
        module = ("lrplan",)
        if point.place != "request":
            module = ("tests.crash.child", point.phase, str(point.number))
        # Nobody else asks anything while the child runs, so its requests are the ones that are counted.
        child.append(await lrplan(project, box.endpoint, *words_of(stored=point.stored), module=module))
        out, err = await child[0].communicate()
    if child[0].returncode == KILLED:
        return ""
    assert child[0].returncode == 0, (str(point), out.decode(), err.decode())
    had = len(mine) if point.place == "request" else int(err.split()[-2 if point.place == "sync" else -1])
    assert had < point.number, f"{point} was reached, and nothing was killed there"
    return f"{point}: not reached, this apply had {had} of them"


async def _go_on(way: str, project: Path, data: Path, wanted: Mapping) -> None:
    if way == "no state":
        forget(project)
    async with running(SandboxOptions(data=data)) as box, aiohttp.ClientSession() as http:
        place = Place(folder=project, endpoint=box.endpoint)
        plan = decode_plan((project / PLAN).read_bytes(), file=PLAN) if way == "plan file" else None
        finished = await place.apply(plan)
        assert finished.exit_code == 0, finished.summary
        assert finished.report is not None
        assert finished.report.verified != "not verified", finished.summary
        found = await look(box.endpoint, http)
        (assert_same_without_state if way == "no state" else assert_same)(found, wanted)
        await _assert_at_rest(place, found, http)


async def _assert_at_rest(place: Place, found: Mapping, http: aiohttp.ClientSession) -> None:
    """The next plan sends no write, and applying it changes nothing."""
    planned = await place.plan()
    assert planned.exit_code == 0, planned.summary
    assert planned.plan is not None
    assert planned.plan.is_empty, [step.id for step in planned.plan.steps]
    again: Ran = await place.apply()
    assert (again.exit_code, again.heard.writes) == (0, []), again.summary
    assert await look(place.endpoint, http) == found


async def _store_plan(project: Path, endpoint: str) -> None:
    child = await lrplan(project, endpoint, "plan", "-o", PLAN)
    out, err = await child.communicate()
    assert child.returncode == 0, (out.decode(), err.decode())

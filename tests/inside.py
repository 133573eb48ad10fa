"""lrplan without its terminal: a project folder planned and applied in this process, with waits that take no time."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from attrs import field, frozen

from lrplan.cli.desk import read_desk
from lrplan.cli.trouble import failure_in
from lrplan.diagnostics import Diagnostic, ExitCode
from lrplan.events import Called, Event
from lrplan.lightroom.connection import Limits
from lrplan.lightroom.credentials import GivenCredentials
from lrplan.lightroom.service import connect
from lrplan.manifest.entries import Manifest
from lrplan.model.ids import ServiceId
from lrplan.plan.plan import Plan
from lrplan.ports import Credentials
from lrplan.sources.catalog_index import LocalIndex
from lrplan.sources.clock import SystemClock
from lrplan.sources.files import LocalFiles
from lrplan.sources.originals import LocalOriginals
from lrplan.storage.disk import Disk
from lrplan.storage.folder import FolderMemory
from lrplan.workflow.apply import apply
from lrplan.workflow.plan import plan
from lrplan.workflow.report import Report
from lrplan.workflow.surroundings import Surroundings


class QuickClock(SystemClock):
    """The time of day, and waits that are over at once."""

    def __init__(self) -> None:
        self.slept_s = 0.0

    async def sleep(self, seconds: float) -> None:
        self.slept_s += seconds
        await asyncio.sleep(0)

    def monotonic(self) -> float:
        return super().monotonic() + self.slept_s


class Heard:
    """Every event of a run."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def emit(self, event: Event) -> None:
        self.events.append(event)

    @property
    def writes(self) -> list[Called]:
        """The answered requests that write."""
        called = [event for event in self.events if isinstance(event, Called)]
        return [event for event in called if event.method not in ("GET", "HEAD")]


@frozen(kw_only=True)
class Ran:
    """How one command ended.

    Attributes:
        refused: What speaks against the plan; then nothing was applied.
        report: Of an apply that ended by itself.
        slept_s: What all its waits come to.
    """

    exit_code: ExitCode
    said: tuple[Diagnostic, ...] = ()
    refused: tuple[Diagnostic, ...] = ()
    plan: Plan | None = None
    report: Report | None = None
    heard: Heard = field(factory=Heard)
    slept_s: float = 0.0

    @property
    def summary(self) -> str:
        """For the message of an assertion."""
        lines = [f"exit {self.exit_code}"]
        lines += [f"{one.code} {one.what}: {one.why}" for one in (*self.said, *self.refused)]
        if self.report is not None:
            lines += [f"{item.name}: {item.bucket} {item.why}" for item in self.report.items if item.why]
            lines += [*self.report.remains, self.report.verified]
        return "\n".join(lines)


@frozen(kw_only=True)
class Place:
    """A project folder, and the service it is to be applied to."""

    folder: Path
    endpoint: str
    api_key: str = "sandbox"
    token: str = "sandbox-token"
    credentials: Credentials | None = None
    limits: Limits | None = None
    disk: Disk = field(factory=Disk)

    async def plan(self, *, allow: Mapping[str, int] | None = None) -> Ran:
        """`lrplan plan`."""

        async def work(manifest: Manifest, around: Surroundings) -> Ran:
            made = await plan(manifest, around, allow=allow or {})
            code = ExitCode.GUARD if made.refusals else ExitCode.DONE
            return Ran(exit_code=code, refused=made.refusals, plan=made.plan)

        return await self._guarded(Heard(), work)

    async def apply(
        self, given: Plan | None = None, *, allow: Mapping[str, int] | None = None, stop: asyncio.Event | None = None
    ) -> Ran:
        """`lrplan apply --auto-approve`, or with *given* `lrplan apply plan.json`."""
        heard = Heard()

        async def work(manifest: Manifest, around: Surroundings) -> Ran:
            assert isinstance(around.clock, QuickClock)
            what = given
            if what is None:
                made = await plan(manifest, around, allow=allow or {})
                if made.refusals:
                    return Ran(exit_code=ExitCode.GUARD, refused=made.refusals, plan=made.plan)
                what = made.plan
            report = await apply(what, around, manifest=manifest, stop=stop)
            return Ran(
                exit_code=report.exit_code,
                said=report.diagnostics,
                plan=what,
                report=report,
                heard=heard,
                slept_s=around.clock.slept_s,
            )

        return await self._guarded(heard, work)

    async def _guarded(self, heard: Heard, work) -> Ran:
        try:
            manifest, said, _ = read_desk(self.folder)
            assert manifest is not None, said
            async with self._surroundings(manifest, heard) as around:
                return await work(manifest, around)
        except Exception as problem:
            failure = failure_in(problem)
            if failure is None:
                raise
            return Ran(exit_code=failure.exit_code, said=failure.diagnostics, heard=heard)

    @asynccontextmanager
    async def _surroundings(self, manifest: Manifest, heard: Heard) -> AsyncIterator[Surroundings]:
        project, clock = manifest.project, QuickClock()
        service = connect(
            endpoint=self.endpoint,
            credentials=self.credentials or GivenCredentials(api_key=ServiceId(self.api_key), token=self.token),
            originals=LocalOriginals(self.folder),
            clock=clock,
            events=heard,
            concurrency=project.api.concurrency,
            rate=0,
            limits=self.limits,
        )
        async with service as connected:
            yield Surroundings(
                service=connected,
                service_id=ServiceId(self.api_key),
                memory=FolderMemory(self.folder / project.state, shown=project.state, disk=self.disk),
                files=LocalFiles(self.folder),
                clock=clock,
                events=heard,
                index=LocalIndex(self.folder / project.state / "cache"),
            )

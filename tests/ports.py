"""Ports for tests: a clock that never waits, memory in memory, files that are given, events that are kept."""

import datetime
import hashlib
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from posixpath import splitext

from lrplan.diagnostics import Failure, error
from lrplan.events import Event
from lrplan.journal.entries import Entry
from lrplan.model.catalog_index import CatalogIndex
from lrplan.model.develop import Beside, XmpFile
from lrplan.model.ids import AccountId, CatalogId, Sha256
from lrplan.model.inventory import FileProblem, Inventory, Original
from lrplan.model.state import State
from lrplan.plan.plan import Plan
from lrplan.ports import JournalWriter, Run, Salvage


class FakeClock:
    """Time that only passes when somebody looks or sleeps."""

    def __init__(self) -> None:
        self.at = datetime.datetime(2026, 5, 4, 10, 0, 0, tzinfo=datetime.UTC)
        self.slept_s = 0.0

    def now(self) -> str:
        self.at += datetime.timedelta(microseconds=1)
        return self.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def monotonic(self) -> float:
        return self.at.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.slept_s += seconds
        self.at += datetime.timedelta(seconds=seconds)


class KeptEvents:
    """Every event, in order."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def emit(self, event: Event) -> None:
        self.events.append(event)


class GivenFiles:
    """Local files that are not on any disk."""

    def __init__(
        self, originals: Mapping[str, Original] | None = None, lists: Mapping[str, bytes] | None = None
    ) -> None:
        self.originals = dict(originals or {})
        self.lists = dict(lists or {})
        self.xmp_bytes: dict[str, bytes] = {}
        self.xmp_problems: dict[str, str] = {}

    def inventory(self, lists: Sequence[str], originals: Sequence[str], *, part_size_bytes: int) -> Inventory:
        missing = "no such file"
        return Inventory(
            lists={path: self.lists.get(path, FileProblem(path=path, reason=missing)) for path in lists},
            originals={path: self.originals.get(path, FileProblem(path=path, reason=missing)) for path in originals},
        )

    def xmp_files(self, paths: Sequence[str]) -> Mapping[str, XmpFile | FileProblem]:
        return {path: self._xmp_file(path) for path in paths}

    def _xmp_file(self, path: str) -> XmpFile | FileProblem:
        if path not in self.xmp_bytes:
            return FileProblem(path=path, reason=self.xmp_problems.get(path, "no such file"))
        content = self.xmp_bytes[path]
        said = re.search(rb'SidecarForExtension="(\w+)"', content)
        sha256 = Sha256(hashlib.sha256(content).hexdigest())
        return XmpFile(path=path, sha256=sha256, extension=said[1].decode() if said else "")

    def sidecars(self, originals: Sequence[str]) -> Mapping[str, Beside]:
        found = {}
        for path in originals:
            stem = splitext(path)[0]
            sidecars = sorted(one for one in (*self.xmp_bytes, *self.xmp_problems) if splitext(one)[0] == stem)
            raw_files = sorted(one for one in self.originals if splitext(one)[0] == stem and one.endswith("CR3"))
            if sidecars:
                found[path] = Beside(sidecars=tuple(sidecars), raw_files=tuple(raw_files))
        return found

    def xmp(self, path: str, sha256: Sha256) -> bytes:
        file = self._xmp_file(path)
        if isinstance(file, XmpFile) and file.sha256 == sha256:
            return self.xmp_bytes[path]
        raise Failure(error("LRP502", "develop settings changed since the plan"))

    def unreadable(self, originals: Sequence[str]) -> tuple[FileProblem, ...]:
        return tuple(FileProblem(path=path, reason="no such file") for path in originals if path not in self.originals)


class IndexInMemory:
    """A `ports.IndexStore` that lives in a value."""

    def __init__(self, index: CatalogIndex | None = None) -> None:
        self.index = index

    def load(self, account_id: AccountId, catalog_id: CatalogId) -> CatalogIndex | None:
        found = self.index
        return found if found is not None and (found.account_id, found.catalog_id) == (account_id, catalog_id) else None

    def save(self, index: CatalogIndex) -> None:
        self.index = index


class MemoryInMemory:
    """A `ports.Memory` that outlives simulated crashes: what was appended is durable."""

    def __init__(self) -> None:
        self.state: State | None = None
        self.recorded: dict[str, tuple[Plan, list[Entry]]] = {}

    def load_state(self) -> State | None:
        return self.state

    def save_state(self, state: State) -> None:
        self.state = state

    def runs(self) -> tuple[Run, ...]:
        folded = set(self.state.folded) if self.state is not None else set()
        return tuple(
            Run(id=run_id, plan=plan, entries=tuple(entries))
            for run_id, (plan, entries) in sorted(self.recorded.items())
            if run_id not in folded
        )

    @asynccontextmanager
    async def start_run(self, run_id: str, plan: Plan) -> AsyncIterator[JournalWriter]:
        entries: list[Entry] = []
        self.recorded[run_id] = (plan, entries)
        yield _ListJournal(entries)

    def salvage(self) -> Salvage:
        return Salvage(state=self.state, runs=self.runs())

    def set_aside(self) -> str:
        return "aside"

    def holder(self) -> str | None:
        return None

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[None]:
        yield

    def forget(self) -> None:
        """Lose everything, as a deleted folder would."""
        self.state = None
        self.recorded.clear()


class _ListJournal:
    def __init__(self, entries: list[Entry]) -> None:
        self._entries = entries

    async def append(self, entry: Entry) -> None:
        self._entries.append(entry)

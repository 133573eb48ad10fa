"""
A project's memory as a folder of this machine, `.lrplan`:

    .gitignore                  so that git passes it by
    lock                        held during an apply
    state.json
    runs/<run id>/plan.json     recorded before the run sends anything
    runs/<run id>/journal.jsonl made with the first entry

The surprising case: a run without a plan is passed over. Either it was cut off before it had recorded its plan, and so
sent nothing, or it was being removed, which begins with the plan. A journal that holds entries shows that requests were
sent: then a plan that is damaged is an error, and one that somebody removed is missed aloud; what such a run did is
found in the catalog, as somebody else's.
"""

import asyncio
import contextlib
import hashlib
import os
import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from attrs import evolve

from lrplan.diagnostics import Diagnostic, Failure, SourceSpan, error, warning
from lrplan.formats.journal import decode_journal
from lrplan.formats.plan import decode_plan, encode_plan
from lrplan.formats.state import decode_state, encode_state
from lrplan.journal.entries import Entry
from lrplan.model.state import State
from lrplan.plan.plan import Plan
from lrplan.ports import JournalWriter, Run, Salvage
from lrplan.storage.disk import Disk, make_folder, read_file, remove_leftovers, replace_file, sync_folder
from lrplan.storage.failures import loading, saving
from lrplan.storage.journal import FileJournal
from lrplan.storage.lock import holder, locked
from lrplan.version import __version__

FINISHED_RUNS_KEPT = 50  # ours: enough for `undo --list`, and a few megabytes at most

_STATE, _RUNS, _PLAN, _JOURNAL, _LOCK = "state.json", "runs", "plan.json", "journal.jsonl", "lock"
_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def _ignore(said: Diagnostic) -> None:
    """Tell nobody."""


class FolderMemory:
    """A `ports.Memory` in a folder, which is made with the first thing that is written to it."""

    def __init__(
        self,
        folder: Path,
        *,
        shown: str = ".lrplan",
        disk: Disk | None = None,
        tell: Callable[[Diagnostic], None] = _ignore,
    ) -> None:
        """Name the folder; nothing is touched yet.

        Args:
            folder: Where the memory is, or will be.
            shown: How messages name it: relative to the project's folder, with `/`.
            tell: Receives a warning for each journal that is torn or damaged.
        """
        self._folder = folder
        self._shown = shown
        self._disk = disk or Disk()
        self._tell = tell

    def load_state(self) -> State | None:
        """The state; None when there is none.

        Raises:
            Failure: LRP101, it cannot be read, or lies behind a link that leads nowhere; LRP106, it is damaged;
                LRP107, it was written by a newer lrplan.
        """
        self._refuse_dead_link()
        shown = f"{self._shown}/{_STATE}"
        content = _read(self._folder / _STATE, "state", shown)
        return None if content is None else decode_state(content, file=shown)

    def save_state(self, state: State) -> None:
        """Replace the state in one step, durably; then remove the oldest of the runs that are part of it.

        The state names the runs in it only as long as something of them is there, lest it grow with every run.

        Raises:
            Failure: LRP706, it could not be written; the old state is as it was, or the new one is not proven durable.
        """
        content = encode_state(evolve(state, folded=self._left(state.folded)))
        with saving("state", f"{self._shown}/{_STATE}"):
            self._prepare()
            replace_file(self._disk, self._folder / _STATE, content)
        self._prune(state.folded)

    def runs(self) -> tuple[Run, ...]:
        """The recorded runs whose ids the state does not name in `folded`, oldest first.

        Raises:
            Failure: As `load_state` and `run`.
        """
        state = self.load_state()
        folded = frozenset(state.folded if state is not None else ())
        found = (self.run(run_id) for run_id in self.run_ids() if run_id not in folded)
        return tuple(run for run in found if run is not None)

    def run_ids(self) -> tuple[str, ...]:
        """The ids of all runs that left something behind, oldest first, those that are part of the state too.

        Raises:
            Failure: LRP101, the folder cannot be read.
        """
        with loading("runs", f"{self._shown}/{_RUNS}"):
            try:
                return tuple(sorted(entry.name for entry in (self._folder / _RUNS).iterdir() if _is_run(entry)))
            except FileNotFoundError:
                return ()

    def run(self, run_id: str) -> Run | None:
        """One run as it was recorded, its journal up to where it is whole; None when it never sent anything.

        Raises:
            Failure: LRP101, LRP107 as for the state; LRP106, the plan is damaged although the journal has entries.
        """
        folder, shown = self._folder / _RUNS / run_id, f"{self._shown}/{_RUNS}/{run_id}"
        content = _read(folder / _PLAN, "plan", f"{shown}/{_PLAN}")
        entries = self._entries(folder / _JOURNAL, f"{shown}/{_JOURNAL}")
        if content is None:
            if entries:
                self._tell(_missing_plan(f"{shown}/{_PLAN}"))
            return None
        try:
            plan = decode_plan(content, file=f"{shown}/{_PLAN}")
        except Failure as failure:
            if failure.diagnostics[0].code != "LRP106":
                raise
            if not entries:
                return None
            raise _lost_plan(f"{shown}/{_PLAN}", failure.diagnostics[0].why) from failure
        return Run(id=run_id, plan=plan, entries=entries)

    def salvage(self) -> Salvage:
        """What can be read, damaged or not.

        Raises:
            Failure: LRP101, something cannot be read; LRP107, it was written by a newer lrplan.
        """
        state, damaged = None, None
        try:
            state = self.load_state()
        except Failure as failure:
            _raise_unless_damaged(failure)
            damaged = _read(self._folder / _STATE, "state", f"{self._shown}/{_STATE}")
        runs, unreadable = list[Run](), list[str]()
        for run_id in self.run_ids():
            if state is not None and run_id in state.folded:
                continue
            try:
                run = self.run(run_id)
            except Failure as failure:
                _raise_unless_damaged(failure)
                unreadable.append(run_id)
                continue
            runs += [run] if run is not None else []
        return Salvage(state=state, damaged=damaged, runs=tuple(runs), unreadable=tuple(unreadable))

    def set_aside(self) -> str:
        """Keep the state file, as it is, under another name too; where that is. Raises Failure LRP706, LRP101."""
        content = _read(self._folder / _STATE, "state", f"{self._shown}/{_STATE}") or b""
        name = f"state.damaged-{hashlib.sha256(content).hexdigest()[:12]}.json"  # so that no other is ever replaced
        with saving("copy of the damaged state", f"{self._shown}/{name}"):
            replace_file(self._disk, self._folder / name, content)
        return f"{self._shown}/{name}"

    def holder(self) -> str | None:
        """Who holds the lock now, for people; None when nobody does."""
        return holder(self._folder / _LOCK, shown=f"{self._shown}/{_LOCK}")

    @asynccontextmanager
    async def start_run(self, run_id: str, plan: Plan) -> AsyncIterator[JournalWriter]:
        """Record *plan* durably, then open its journal for the length of the context.

        Args:
            run_id: Letters, digits, `.`, `_`, `-`; new; ids sort by time.

        Raises:
            Failure: LRP706, it could not be recorded, or there is a run of this id.
            ValueError: The id is not one, a bug of the caller.
        """
        if _RUN_ID.fullmatch(run_id) is None:
            raise ValueError(f"{run_id!r} is not the id of a run")
        await asyncio.to_thread(self._record, run_id, plan)
        journal = FileJournal(
            self._folder / _RUNS / run_id / _JOURNAL,
            shown=f"{self._shown}/{_RUNS}/{run_id}/{_JOURNAL}",
            disk=self._disk,
        )
        try:
            yield journal
        finally:
            await journal.close()

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[None]:
        """Hold the lock for the length of the context.

        Raises:
            Failure: LRP601, another process holds it; LRP706, it cannot be made; LRP101, the folder lies behind a link
                that leads nowhere.
        """
        self._refuse_dead_link()
        with saving("lock", f"{self._shown}/{_LOCK}"):
            self._prepare()
        with locked(self._folder / _LOCK, shown=f"{self._shown}/{_LOCK}"):
            remove_leftovers(self._folder, _STATE)
            yield

    def _refuse_dead_link(self) -> None:
        """What it leads to may only be away for now, such as a disk that is not mounted: that is no new folder."""
        for path in (self._folder, *self._folder.parents):
            if os.path.islink(path) and not os.path.exists(path):  # unlike those of Path, they never raise
                raise Failure(
                    error(
                        "LRP101",
                        "the folder of the state cannot be reached",
                        span=SourceSpan(file=self._shown, line=0, column=1),
                        why=f"{path.name} is a link to {os.readlink(path)}, and nothing is there.",
                        hint="put back what it leads to, or remove the link to begin with a new state",
                    )
                )

    def _prepare(self) -> None:
        make_folder(self._disk, self._folder)
        ignore = self._folder / ".gitignore"
        if not ignore.exists() and not (self._folder / _STATE).exists():  # later on, its absence is somebody's wish
            replace_file(self._disk, ignore, b"*\n")

    def _record(self, run_id: str, plan: Plan) -> None:
        content = encode_plan(plan, version=__version__)
        runs = self._folder / _RUNS
        with saving("plan of the run", f"{self._shown}/{_RUNS}/{run_id}/{_PLAN}"):
            self._prepare()
            make_folder(self._disk, runs)
            (runs / run_id).mkdir()
            sync_folder(self._disk, runs)
            replace_file(self._disk, runs / run_id / _PLAN, content)

    def _entries(self, path: Path, shown: str) -> tuple[Entry, ...]:
        entries, said = decode_journal(_read(path, "journal", shown) or b"", file=shown)
        if said is not None:
            self._tell(said)
        return entries

    def _left(self, folded: tuple[str, ...]) -> tuple[str, ...]:
        """Those of *folded* that left something behind; all of them where that cannot be told."""
        with contextlib.suppress(Failure):
            runs = frozenset(self.run_ids())
            return tuple(run_id for run_id in folded if run_id in runs)
        return folded

    def _prune(self, folded: Iterable[str]) -> None:
        """Remove the oldest finished runs. What cannot be removed stays; it does no harm."""
        with contextlib.suppress(Failure, OSError):
            finished = sorted(frozenset(folded) & frozenset(self.run_ids()))
            for run_id in finished[:-FINISHED_RUNS_KEPT]:
                folder = self._folder / _RUNS / run_id
                # Without its plan a run counts as one that never sent anything, should the power go in between.
                (folder / _PLAN).unlink(missing_ok=True)
                shutil.rmtree(folder, ignore_errors=True)


def _read(path: Path, what: str, shown: str) -> bytes | None:
    with loading(what, shown):
        try:
            return read_file(path)
        except FileNotFoundError:
            return None


def _is_run(entry: Path) -> bool:
    return _RUN_ID.fullmatch(entry.name) is not None and entry.is_dir()


def _raise_unless_damaged(failure: Failure) -> None:
    if failure.diagnostics[0].code != "LRP106":
        raise failure


def _missing_plan(shown: str) -> Diagnostic:
    return warning(
        "LRP106",
        "the plan of an interrupted run is missing",
        span=SourceSpan(file=shown, line=0, column=1),
        why="The journal beside it shows that the run had begun. What it did counts as done by somebody else.",
        hint="put the plan back, or remove the folder of this run",
    )


def _lost_plan(shown: str, why: str) -> Failure:
    return Failure(
        error(
            "LRP106",
            "the plan of an interrupted run is damaged",
            span=SourceSpan(file=shown, line=0, column=1),
            why=f"{why} The journal beside it shows that the run had begun, so what it did cannot be told from here.",
            hint="move the folder of this run away; the next plan finds in the catalog what the run did",
        )
    )

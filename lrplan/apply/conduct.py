"""
One run of a plan: decide which step is next, carry it out, write down what came of it, until nothing can start.

Independent steps run side by side. A failed step takes those that need it along and nothing else; a full storage, dead
credentials, an unreachable service or a journal that cannot be written end the run, and what is left is skipped. A stop
that is asked for lets requests in flight finish for a few seconds and then cuts them off: they are in doubt, which is
harmless.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from attrs import field, frozen

from lrplan.apply.endings import ALREADY, STALE, Ending, Result, failed
from lrplan.apply.looks import Look, Looks
from lrplan.apply.recorded import NOT_SENT, NOT_SENT_AGAIN, Halted, RecordedWriter
from lrplan.apply.schedule import Schedule
from lrplan.apply.stepping import Stepper
from lrplan.diagnostics import Diagnostic, ExitCode, Failure, error
from lrplan.diff.change import Change, Verb
from lrplan.events import Advanced, StepEnded, StepStarted
from lrplan.journal.replay import Progress
from lrplan.model.address import Address
from lrplan.plan.action import Action, OfPhoto, Step
from lrplan.plan.plan import Plan
from lrplan.ports import Events

STEPS_AT_ONCE_MAX = 32  # ours: the service's own gate decides how many requests are under way
GRACE_S = 5.0  # docs/reference/contract.md, "Apply": requests in flight have at most 5 s after a signal

Replan = Callable[[], Awaitable[Plan]]


@frozen(kw_only=True)
class Conducted:
    """What became of every step.

    Attributes:
        endings: By step; steps that never started are `SKIPPED`.
        actual: Ids of the plan that stand for others.
        interrupted: A stop was asked for, or the run had to end early.
        said: What ended the run early, and originals that changed.
        troubles: Where the service kept failing or answered in no known way; the steps concerned have failed.
    """

    endings: Mapping[str, Ending] = field(factory=dict)
    actual: Mapping[str, str] = field(factory=dict)
    interrupted: bool = False
    said: tuple[Diagnostic, ...] = ()
    troubles: tuple[Diagnostic, ...] = ()


class Conductor:
    """Conducts one run. Made for one plan, used once."""

    def __init__(
        self,
        plan: Plan,
        stepper: Stepper,
        looks: Looks,
        writer: RecordedWriter,
        events: Events,
        *,
        progress: Progress,
        outdated: Collection[Address],
        spoiled: Mapping[Address, Ending],
        replan: Replan | None,
    ) -> None:
        """Go on from *progress*; ask *replan* for a fresh plan when an album is not as it was.

        Args:
            outdated: Where another run was there since the plan was made.
            spoiled: What cannot be done any more, and why: nothing of it is begun.
        """
        self._plan = plan
        self._stepper = stepper
        self._looks = looks
        self._writer = writer
        self._events = events
        self._progress = progress
        self._outdated = frozenset(outdated)
        self._spoiled = spoiled
        self._replan = replan
        self._replanned: asyncio.Task[Plan] | None = None
        self._changes = {change.address: change for change in plan.changes}
        self._steps = {step.id: step for step in plan.steps}
        begun = [self._steps[one].action for one in progress.writes.values() if one in self._steps]
        self._begun = {action.address for action in begun if not isinstance(action, OfPhoto)}
        self._endings: dict[str, Ending] = {one: Ending(result=Result.ALREADY) for one in progress.done}
        self._changed: dict[Address, Ending | None] = {}
        self._said: list[Diagnostic] = []
        self._troubles: list[Diagnostic] = []
        self._halted = False

    async def conduct(self, stop: asyncio.Event) -> Conducted:
        """Run until every step ended, or the run must end."""
        schedule = Schedule(self._plan.steps, done=self._progress.done)
        running: dict[asyncio.Task[Ending], Step] = {}
        stopping = asyncio.create_task(self._stopped(stop))
        try:
            while True:
                while not self._halted and not stop.is_set() and len(running) < STEPS_AT_ONCE_MAX:
                    step = schedule.next()
                    if step is None:
                        break
                    self._events.emit(StepStarted(step_id=step.id, name=step.name))
                    running[asyncio.create_task(self._guarded(step))] = step
                if not running:
                    break
                if stop.is_set():
                    await self._wind_down(running, schedule)
                    break
                await asyncio.wait({*running, stopping}, return_when=asyncio.FIRST_COMPLETED)
                for task in [task for task in running if task.done()]:
                    await self._note_end(running.pop(task), task.result(), schedule)
        finally:
            await _cancelled(stopping, *running, self._replanned)
            await self._looks.close()
        left = schedule.remaining()
        for step_id in left:
            self._endings.setdefault(step_id, Ending(result=Result.SKIPPED, why="the run ended before its turn"))
        return Conducted(
            endings=self._endings,
            actual=self._stepper.actual,
            interrupted=self._halted or stop.is_set(),
            said=tuple(self._said),
            troubles=tuple(dict.fromkeys(self._troubles)),
        )

    async def _stopped(self, stop: asyncio.Event) -> None:
        """Wait for the stop; from then on nothing is sent, not even by calls that wait for their turn."""
        await stop.wait()
        self._writer.halt()

    async def _wind_down(self, running: dict[asyncio.Task[Ending], Step], schedule: Schedule) -> None:
        done, pending = await asyncio.wait(running, timeout=GRACE_S)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        for task in done:
            await self._note_end(running.pop(task), task.result(), schedule)
        for task in pending:
            step = running.pop(task)
            self._endings[step.id] = Ending(result=Result.SKIPPED, why="cut off by the stop; the next run settles it")

    async def _note_end(self, step: Step, ending: Ending, schedule: Schedule) -> None:
        self._endings[step.id] = ending
        self._tell(step, ending)
        for skipped in schedule.end(step.id, well=ending.result.is_well):
            why = f"it needs {step.name}, which {'is stale' if ending.result is Result.STALE else 'failed'}"
            self._endings[skipped] = Ending(result=Result.SKIPPED, why=why, lasts=ending.lasts)
            self._tell(self._steps[skipped], self._endings[skipped])
        if ending.ends_run:
            self._halt(error("LRP703", "the storage of the account is full", why=ending.why,
                             hint="make room in Lightroom, then run apply again"))  # fmt: skip

    def _tell(self, step: Step, ending: Ending) -> None:
        self._events.emit(StepEnded(step_id=step.id, name=step.name, result=ending.result.value, why=ending.why))
        self._events.emit(Advanced())

    async def _guarded(self, step: Step) -> Ending:
        """Carry a step out; whatever fails becomes its ending."""
        try:
            ending = await self._carry_out(step)
            await self._writer.end_step(step.id, ending.result.value, ending.why)
        except Failure as failure:
            return self._failed(failure)
        except Halted:
            return ENDED_BEFORE
        return ending

    async def _carry_out(self, step: Step) -> Ending:
        # An original is sent for an album: it waits until that is seen to be as it was, for it can never be taken back.
        change = self._changes[step.action.address]
        if change.address in self._spoiled:
            return self._spoiled[change.address]
        look = await self._looks.at(change)
        is_begun = change.address in self._begun
        if not is_begun and (not look.is_as(change.fingerprint) or change.address in self._outdated):
            ending = await self._judge_changed(change, look)
            if ending is not None:
                return ending
        return await self._stepper.perform(step, look, is_begun=is_begun)

    async def _judge_changed(self, change: Change, look: Look) -> Ending | None:
        """An album changed since the plan: go on (None) only if a fresh plan would do the very same to it.

        One that is as it is wanted already has ended well.
        """
        if self._replan is None:
            return STALE
        if change.address not in self._changed:
            if self._replanned is None:
                self._replanned = asyncio.create_task(_plan_again(self._replan))
            fresh = await asyncio.shield(self._replanned)
            now = {other.address: other for other in fresh.changes}.get(change.address)
            to_do = _actions_at(fresh, change)
            due = [action for step_id, action in _actions_at(self._plan, change) if step_id not in self._ended_well()]
            if now is not None and not to_do and (now.verb in _WITHOUT_STEPS or _is_as_planned(change, now)):
                self._changed[change.address] = ALREADY
            elif now is None or not look.is_as(now.fingerprint) or [action for _, action in to_do] != due:
                self._changed[change.address] = STALE
            else:
                self._changed[change.address] = None
        return self._changed[change.address]

    def _ended_well(self) -> set[str]:
        return {step_id for step_id, ending in self._endings.items() if ending.result.is_well}

    def _failed(self, failure: Failure) -> Ending:
        first = failure.diagnostics[0]
        why = f"{first.what}. {first.why}".rstrip(". ") + (f" ({first.hint})" if first.hint else "")
        if first.code in (NOT_SENT, NOT_SENT_AGAIN):
            return ENDED_BEFORE
        if failure.exit_code is ExitCode.SERVICE:
            self._troubles.extend(failure.diagnostics)
        if failure.exit_code is ExitCode.STALE:
            self._said.append(first)
            return Ending(result=Result.STALE, why=why)
        if first.code in ENDS_RUN:
            self._halt(*failure.diagnostics)
        return failed(why, lasts=first.code == REFUSED)

    def _halt(self, *said: Diagnostic) -> None:
        if not self._halted:
            self._said.extend(said)
        self._halted = True
        self._writer.halt()


_WITHOUT_STEPS = frozenset({Verb.UNCHANGED, Verb.UPDATE, Verb.LET_GO})  # nothing to send, at most to remember
REFUSED = "LRP804"
ENDED_BEFORE = Ending(result=Result.SKIPPED, why="the run ended before it was done; the next run finishes it")
ENDS_RUN = frozenset(
    {"LRP301", "LRP302", "LRP303", "LRP304", "LRP306", "LRP307", "LRP309"}
    | {"LRP703", "LRP706", "LRP801", "LRP805", "LRP806"}
)


async def _cancelled(*tasks: "asyncio.Task[Any] | None") -> None:
    started = [task for task in tasks if task is not None]
    for task in started:
        task.cancel()
    await asyncio.gather(*started, return_exceptions=True)


async def _plan_again(replan: Replan) -> Plan:
    return await replan()


def _is_as_planned(planned: Change, now: Change) -> bool:
    """Whether nothing is wanted any more but what the plan says that it does not do."""
    return now.verb is Verb.UNCHANGED or (now.withheld is not None and now.withheld == planned.withheld)


def _actions_at(plan: Plan, change: Change) -> list[tuple[str, Action]]:
    # What an action requires and how many calls it takes differ where something else was done in between.
    return [(step.id, step.action) for step in plan.steps if step.action.address == change.address]

"""
The story of `lrplan apply`: hold the lease, check whose catalog it is, carry the plan out with a record, read back,
remember.

It may die anywhere. The record of a run that died becomes part of what the next command knows; ids are derived, so what
was half done is found and finished, not done twice.
"""

import asyncio
from collections.abc import Iterable, Mapping

from attrs import evolve, frozen

from lrplan.apply.conduct import Conducted, Conductor
from lrplan.apply.endings import ALREADY
from lrplan.apply.looks import Looks
from lrplan.apply.recorded import RecordedWriter
from lrplan.apply.stepping import Stepper
from lrplan.apply.uploading import parts_to_send
from lrplan.diagnostics import Diagnostic, Failure, Severity, error
from lrplan.events import Noted, Phase
from lrplan.formats.plan import plan_digest
from lrplan.journal.entries import Ended, Entry, Started
from lrplan.journal.replay import Progress, fold, parts_arrived, replay
from lrplan.manifest.entries import Manifest
from lrplan.model.ids import AssetId
from lrplan.model.snapshot import Account
from lrplan.model.state import State
from lrplan.plan.action import UploadOriginal
from lrplan.plan.guard import no_room, refusals
from lrplan.plan.plan import Plan
from lrplan.ports import Run
from lrplan.workflow.plan import effective_state
from lrplan.workflow.plan import plan as plan_again
from lrplan.workflow.reading import ENTITLED, together
from lrplan.workflow.report import Report, Verified
from lrplan.workflow.reporting import items_of
from lrplan.workflow.surroundings import Surroundings
from lrplan.workflow.verify import read_back


async def apply(
    plan: Plan,
    around: Surroundings,
    *,
    manifest: Manifest | None = None,
    expect_digest: str | None = None,
    stop: asyncio.Event | None = None,
) -> Report:
    """Carry out exactly *plan*.

    Args:
        manifest: Where it came from; its limits hold, and with it an album that changed since is planned anew and goes
            on if that comes to the same. Without it such an album is refused.
        expect_digest: The digest that was approved; any other refuses.
        stop: When set, no new request is begun.

    Raises:
        Failure: Nothing was sent: the plan is beyond a limit, for another catalog or not the expected one, the lease is
            held, or the service could not be reached. Whatever happens later is in the report.
    """
    too_much = refusals(plan, manifest.project.limits) if manifest is not None else ()
    if too_much:
        raise Failure(*too_much)
    digest = plan_digest(plan)
    if expect_digest is not None and expect_digest != digest:
        why = f"Its digest is {digest}, {expect_digest} was approved."
        raise Failure(error("LRP503", "this is not the plan that was approved", why=why, hint="review it again"))
    started, first_call = around.clock.monotonic(), around.service.calls
    async with around.memory.hold():
        state = await asyncio.to_thread(effective_state, around.memory)
        if plan.is_empty:
            await asyncio.to_thread(_remember, state, plan, around)
            return Report(items=items_of(plan, {}), verified=_claim(plan, manifest))
        account = await _check_catalog(plan, around)
        if (
            state is not None
            and state.last_applied == digest
            and (again := await _applied_already(plan, around, manifest))
        ):
            return evolve(again, calls=around.service.calls - first_call)
        done = await _record_run(plan, digest, around, manifest, stop or asyncio.Event(), account)
        remains: tuple[str, ...] = ()
        unread: tuple[Diagnostic, ...] = ()
        if not done.conducted.interrupted:
            around.events.emit(Phase(what="Reading back"))
            try:
                remains = await read_back(plan, done.conducted, around)
            except Failure as failure:
                unread = failure.diagnostics
        if done.is_complete:
            await asyncio.to_thread(_save, fold(state, done.run_id, plan, done.entries), around)
    return Report(
        run_id=done.run_id,
        items=items_of(plan, done.conducted.endings),
        verified=_claim(plan, manifest) if done.is_complete and not remains and not unread else Verified.NOTHING,
        remains=remains,
        interrupted=done.conducted.interrupted or bool(unread),
        calls=around.service.calls - first_call,
        seconds=around.clock.monotonic() - started,
        diagnostics=(*done.conducted.said, *unread),
    )


async def _applied_already(plan: Plan, around: Surroundings, manifest: Manifest | None) -> Report | None:
    """This very plan was the last to be applied: if the catalog still is as it left it, nothing has to be sent."""
    conducted = Conducted(endings={step.id: ALREADY for step in plan.steps})
    if await read_back(plan, conducted, around, waits_s=()):
        return None
    return Report(items=items_of(plan, conducted.endings), verified=_claim(plan, manifest))


@frozen(kw_only=True)
class _Done:
    """One recorded run: its id, what became of every step, and its journal."""

    run_id: str
    conducted: Conducted
    entries: tuple[Entry, ...]

    @property
    def is_complete(self) -> bool:
        return all(ending.result.is_well for ending in self.conducted.endings.values())


async def _record_run(
    plan: Plan, digest: str, around: Surroundings, manifest: Manifest | None, stop: asyncio.Event, account: Account
) -> _Done:
    """Carry the plan out with a journal, going on from an earlier run of the same plan that did not end well.

    Raises:
        Failure: Nothing was sent, in this run or the earlier one: there is no room for the uploads, or the run ended
            before, or whatever had to be asked first kept failing.
    """
    runs = around.memory.runs()
    earlier = _earlier_runs(runs, digest)
    progress = replay(entry for run in earlier for entry in run.entries)
    arrived = _arrived(runs)
    if (full := no_room(_bytes_to_send(plan, progress, arrived), account)) is not None:
        raise Failure(full)
    if progress.sent:
        around.events.emit(Noted(what=f"Going on with run {earlier[-1].id}, which was interrupted"))
    run_id = _run_id(around.clock.now())
    async with around.memory.start_run(run_id, plan) as journal:
        writer = RecordedWriter(around.service, journal, around.clock, stamps=progress.stamps)
        await writer.note(Started(run_id=run_id, digest=digest, at=around.clock.now()))
        await _take_over(writer, progress)
        try:
            conducted = await _conduct(plan, around, writer, progress, manifest, stop, arrived)
        finally:
            around.service.resume()
        fatal = [said for said in conducted.said if said.severity is Severity.ERROR]
        ends = fatal if conducted.interrupted else conducted.troubles
        if ends and not writer.has_sent and not progress.sent:
            raise Failure(*ends)
        done = _Done(run_id=run_id, conducted=conducted, entries=tuple(writer.entries))
        result = "done" if done.is_complete else "interrupted" if conducted.interrupted else "incomplete"
        await _end(writer, result, around)
    return done


async def _take_over(writer: RecordedWriter, progress: Progress) -> None:
    """Begin the journal with what the interrupted run proved, so that it tells the whole story alone."""
    await together(writer.settle("", planned, actual) for planned, actual in sorted(progress.actual.items()))
    await together(writer.end_step(step_id, "already", "") for step_id in sorted(progress.done))


async def _conduct(
    plan: Plan,
    around: Surroundings,
    writer: RecordedWriter,
    progress: Progress,
    manifest: Manifest | None,
    stop: asyncio.Event,
    arrived: Mapping[AssetId, frozenset[str]],
) -> Conducted:
    around.events.emit(Phase(what="Applying", total=len(plan.steps) - len(progress.done)))
    stepper = Stepper(
        plan, around.service, writer, around.clock, around.events, actual=dict(progress.actual), arrived=arrived
    )

    async def replan() -> Plan:
        assert manifest is not None
        return (await plan_again(manifest, around, allow=plan.allowed)).plan

    conductor = Conductor(
        plan,
        stepper,
        Looks(around.service),
        writer,
        around.events,
        progress=progress,
        replan=replan if manifest is not None else None,
    )
    return await conductor.conduct(stop)


def _earlier_runs(runs: Iterable[Run], digest: str) -> tuple[Run, ...]:
    """The recorded runs of this very plan that are not part of the state, oldest first: none of them ended well.

    All of them count: one that was cut off soon after it began knows nothing of what those before it had begun.
    """
    return tuple(run for run in runs if plan_digest(run.plan) == digest)


def _arrived(runs: Iterable[Run]) -> Mapping[AssetId, frozenset[str]]:
    """The parts of originals that any run which is not part of the state was told have arrived.

    The plans of these runs need not be this one: an original is known by its asset, whose id follows from its bytes.
    """
    found: dict[AssetId, frozenset[str]] = {}
    for run in runs:
        for asset_id, ranges in parts_arrived(run.entries).items():
            found[asset_id] = found.get(asset_id, frozenset()) | ranges
    return found


def _bytes_to_send(plan: Plan, progress: Progress, arrived: Mapping[AssetId, frozenset[str]]) -> int:
    """How many bytes of originals are still to be sent."""
    uploads = [step.action for step in plan.steps if step.id not in progress.done]
    return sum(
        write.size_bytes
        for action in uploads
        if isinstance(action, UploadOriginal)
        for write in parts_to_send(action, arrived.get(action.asset_id, frozenset()))
    )


async def _check_catalog(plan: Plan, around: Surroundings) -> Account:
    """See that the credentials lead to the catalog that was planned for, and that it may be written to."""
    account = await around.service.account()
    catalog = await around.service.catalog()
    pairs = (
        ("account", plan.account_id, account.id),
        ("catalog", plan.catalog_id, catalog.id),
        ("API key", plan.service_id, around.service_id),
    )
    for noun, planned, live in pairs:
        if planned != live:
            shown = f"It is for {noun} {planned}, the credentials lead to {live}." if noun != "API key" else ""
            hint = "plan again with these credentials, or use those of the plan"
            raise Failure(error("LRP304", f"the plan is for another {noun}", why=shown, hint=hint))
    if account.status not in ENTITLED:
        what = f"the account may not use the service: its status is {account.status!r}"
        hint = "see that the account has a Lightroom subscription or a trial, then try again"
        raise Failure(error("LRP303", what, hint=hint))
    return account


async def _end(writer: RecordedWriter, result: str, around: Surroundings) -> None:
    """The last line of the journal. A journal that fails here has said so before, and a missing line harms nobody."""
    try:
        await writer.note(Ended(result=result, at=around.clock.now()))
    except Failure as failure:
        around.events.emit(Noted(what=failure.diagnostics[0].what))


def _remember(state: State | None, plan: Plan, around: Surroundings) -> None:
    """Nothing had to be done; what the plan found out about bindings is still worth keeping."""
    known = fold(state, _run_id(around.clock.now()), plan, ())
    if state is None or known.bindings != state.bindings or around.memory.runs():
        _save(evolve(known, folded=state.folded if state is not None else ()), around)


def _save(state: State, around: Surroundings) -> None:
    around.memory.save_state(evolve(state, serial=state.serial + 1))


def _claim(plan: Plan, manifest: Manifest | None) -> Verified:
    """What a read-back without differences proves: of the manifests only if the whole plan was made from these."""
    from_these = manifest is not None and manifest.digest == plan.manifests_digest
    return Verified.MANIFESTS if from_these and plan.complete and not plan.summary.blocked else Verified.PLAN


def _run_id(now: str) -> str:
    """Ids of runs sort by time: 20261122T060102.123456Z."""
    return now.replace("-", "").replace(":", "")

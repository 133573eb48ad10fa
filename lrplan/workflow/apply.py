"""
The story of `lrplan apply`: hold the lease, check whose catalog it is, carry the plan out with a record, read back,
remember.

It may die anywhere. The record of a run that died becomes part of what the next command knows; ids are derived, so what
was half done is found and finished, not done twice.
"""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack

from attrs import evolve, frozen

from lrplan.apply.conduct import Conducted, Conductor
from lrplan.apply.endings import ALREADY
from lrplan.apply.looks import Looks
from lrplan.apply.recorded import RecordedWriter
from lrplan.apply.stepping import Stepper
from lrplan.diagnostics import Diagnostic, Failure, Severity, error
from lrplan.events import Noted, Phase
from lrplan.formats.plan import plan_digest
from lrplan.journal.entries import Ended, Entry, Started
from lrplan.journal.fold import fold, state_of
from lrplan.journal.replay import Progress, handed_over, plan_name, replay
from lrplan.manifest.entries import Manifest
from lrplan.model.address import Address
from lrplan.model.fingerprint import binding_fingerprint
from lrplan.model.ids import AssetId, Owner
from lrplan.model.inheritance import inherited
from lrplan.model.snapshot import Account, Catalog
from lrplan.model.state import State, recognised
from lrplan.plan.action import UploadOriginal
from lrplan.plan.guard import no_room, refusals
from lrplan.plan.plan import Plan
from lrplan.plan.protection import protections
from lrplan.plan.requests import parts_to_send
from lrplan.workflow.originals import Spoiled, spoiled
from lrplan.workflow.plan import effective_state
from lrplan.workflow.plan import plan as plan_again
from lrplan.workflow.reading import check_state, read_account, together
from lrplan.workflow.remembering import (
    earlier_runs,
    nothing_sent,
    parts_known,
    remember_bindings,
    run_id_of,
    save,
    settle_earlier,
)
from lrplan.workflow.report import Report, Verified
from lrplan.workflow.reporting import items_of
from lrplan.workflow.surroundings import Surroundings
from lrplan.workflow.verify import ReadBack, read_back


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
        manifest: The project as it is now; its limits hold. If the plan was made from the very same manifests, an album
            that changed since is planned anew and goes on if that comes to the same; else such an album is refused.
        expect_digest: The digest that was approved; any other refuses.
        stop: When set, no new request is begun.

    Raises:
        Failure: Nothing was sent: the plan is beyond a limit or against a protection, for another catalog or project or
            not the expected one, the lease is held, or the service could not be reached. Whatever happens later is in
            the report.
    """
    if manifest is not None:
        if manifest.project.name != plan.project:
            why = f"It is for project {plan.project}, not {manifest.project.name}."
            raise Failure(
                error("LRP304", "the plan is for another project", why=why, hint="apply it where it was made")
            )
        if too_much := refusals(plan, manifest.project.limits):
            raise Failure(*too_much)
    digest = check_digest(plan, expect_digest)
    started, first_call = around.clock.monotonic(), around.service.calls
    async with AsyncExitStack() as held:
        with nothing_sent():
            await held.enter_async_context(around.memory.hold())
        state = await asyncio.to_thread(effective_state, around.memory)
        state = recognised(state, plan.bases) if state is not None else None
        job = _Job(
            plan=plan, digest=digest, manifest=manifest, state=state, around=around, stop=stop or asyncio.Event()
        )
        report = await _applied(job)
    return evolve(report, calls=around.service.calls - first_call, seconds=around.clock.monotonic() - started)


def check_digest(plan: Plan, expected: str | None) -> str:
    """The digest of *plan*. Failure LRP503 when it is not the one that was approved, if any was."""
    digest = plan_digest(plan)
    if expected is not None and expected != digest:
        why = f"Its digest is {digest}, {expected} was approved."
        raise Failure(error("LRP503", "this is not the plan that was approved", why=why, hint="review it again"))
    return digest


@frozen(kw_only=True)
class _Job:
    """One plan to carry out.

    Attributes:
        state: What is remembered, with the runs that are not part of the state yet.
    """

    plan: Plan
    digest: str
    manifest: Manifest | None
    state: State | None
    around: Surroundings
    stop: asyncio.Event

    @property
    def name(self) -> str:
        """Tells this very plan from another that comes to the same."""
        return plan_name(self.digest, self.plan)

    @property
    def origin(self) -> Manifest | None:
        """The manifests that the plan was made from, if they are at hand."""
        return (
            self.manifest if self.manifest is not None and self.manifest.digest == self.plan.manifests_digest else None
        )

    @property
    def known(self) -> State | None:
        """What is remembered, as the project of the plan knows it."""
        if self.state is None:
            return None
        plan = self.plan
        return inherited(self.state, plan.project, former=plan.moved, previous=plan.previous_projects)

    @property
    def outdated(self) -> frozenset[Address]:
        """Where something else is remembered than when the plan was made: another run was there since."""
        bindings = self.known.bindings if self.known is not None else {}
        return frozenset(a for a, base in self.plan.bases.items() if binding_fingerprint(bindings.get(a)) != base)

    @property
    def claim(self) -> Verified:
        """What a read-back without differences proves: of the manifests only if the whole plan was made from these."""
        is_whole = self.plan.complete and not self.plan.summary.blocked and not self.plan.summary.paused
        return Verified.MANIFESTS if self.origin is not None and is_whole else Verified.PLAN


async def _applied(job: _Job) -> Report:
    plan, around = job.plan, job.around
    owner = Owner(account_id=plan.account_id, service_id=plan.service_id, project=plan.project)
    check_state(job.known, owner, Catalog(id=plan.catalog_id, name=plan.catalog_name))
    if protected := protections(plan, job.state):
        raise Failure(*protected)
    if plan.is_empty:
        if plan.is_stored:
            await _check_catalog(job)
        with nothing_sent():
            await asyncio.to_thread(remember_bindings, job.state, plan, run_id_of(around.clock.now()), around.memory)
        # What a file says of the catalog was true once.
        return Report(items=items_of(plan, {}), verified=Verified.NOTHING if plan.is_stored else job.claim)
    account = await _check_catalog(job)
    if job.state is not None and job.state.last_applied == job.name and (again := await _applied_already(job)):
        return again
    with nothing_sent():
        done = await _record_run(job, account)
    found = ReadBack()
    unread: tuple[Diagnostic, ...] = ()
    if not done.conducted.interrupted:
        around.events.emit(Phase(what="Reading back"))
        try:
            found = await read_back(plan, done.conducted, around)
        except Failure as failure:
            unread = failure.diagnostics
    if done.is_complete:
        known = fold(
            done.state,
            done.run_id,
            plan,
            done.entries,
            unseen=found.remains,
            keeps_parents=found.keeps_parents,
            is_read_back=not unread,
        )
        await asyncio.to_thread(save, known, around.memory)
    elif found.keeps_parents:  # the run is gone on with, and what was learned helps to finish it
        known = evolve(state_of(plan, done.state), keeps_parents=True)
        await asyncio.to_thread(save, known, around.memory)
    return Report(
        run_id=done.run_id,
        items=items_of(plan, done.conducted.endings),
        verified=job.claim if done.is_complete and not found.remains and not unread else Verified.NOTHING,
        remains=tuple(line for lines in found.remains.values() for line in lines),
        interrupted=done.conducted.interrupted or bool(unread),
        diagnostics=(*done.conducted.said, *unread),
    )


async def _applied_already(job: _Job) -> Report | None:
    """This very plan was the last to be applied: if the catalog still is as it left it, nothing has to be sent."""
    conducted = Conducted(endings={step.id: ALREADY for step in job.plan.steps})
    if (await read_back(job.plan, conducted, job.around, waits_s=())).remains:
        return None
    return Report(items=items_of(job.plan, conducted.endings), verified=job.claim)


@frozen(kw_only=True)
class _Done:
    """One recorded run: its id, what was remembered when it began, what became of every step, and its journal."""

    run_id: str
    state: State | None
    conducted: Conducted
    entries: tuple[Entry, ...]

    @property
    def is_complete(self) -> bool:
        return all(ending.result.is_well for ending in self.conducted.endings.values())


async def _record_run(job: _Job, account: Account) -> _Done:
    """Carry the plan out with a journal, going on from an earlier run of the same plan that did not end well.

    Raises:
        Failure: Nothing was sent, in this run or the earlier one: there is no room for the uploads, or the run ended
            before, or whatever had to be asked first kept failing.
    """
    around = job.around
    runs = around.memory.runs()
    earlier = earlier_runs(runs, job.name)
    progress = replay(entry for run in earlier for entry in run.entries)
    arrived = parts_known(job.state)
    if (full := no_room(_bytes_to_send(job.plan, progress, arrived), account)) is not None:
        raise Failure(full)
    if progress.sent:
        around.events.emit(Noted(what=f"Going on with run {earlier[-1].id}, which was interrupted"))
    files = await spoiled([step for step in job.plan.steps if step.id not in progress.done], around.files)
    run_id = run_id_of(around.clock.now())
    async with around.memory.start_run(run_id, job.plan) as journal:
        writer = RecordedWriter(around.service, journal, around.clock, stamps=progress.stamps)
        await writer.note(Started(run_id=run_id, digest=job.digest, at=around.clock.now()))
        await together(writer.note(entry) for entry in handed_over(progress))
        state = await asyncio.to_thread(settle_earlier, job.state, runs, around.memory)
        try:
            conducted = await _conduct(job, writer, progress, files, arrived)
        finally:
            around.service.resume()
        fatal = [said for said in conducted.said if said.severity is Severity.ERROR]
        ends = fatal if conducted.interrupted else conducted.troubles
        if ends and not writer.has_sent and not progress.sent:
            raise Failure(*ends)
        done = _Done(run_id=run_id, state=state, conducted=conducted, entries=tuple(writer.entries))
        result = "done" if done.is_complete else "interrupted" if conducted.interrupted else "incomplete"
        await _end(writer, result, around)
    return done


async def _conduct(
    job: _Job,
    writer: RecordedWriter,
    progress: Progress,
    files: Spoiled,
    arrived: Mapping[AssetId, frozenset[str]],
) -> Conducted:
    plan, around, origin = job.plan, job.around, job.origin
    around.events.emit(Phase(what="Applying", total=len(plan.steps) - len(progress.done)))
    stepper = Stepper(
        plan,
        around.service,
        writer,
        around.clock,
        around.events,
        around.files,
        actual=dict(progress.actual),
        arrived=arrived,
    )

    async def replan() -> Plan:
        assert origin is not None
        return (await plan_again(origin, around, allow=plan.allowed, scope=plan.scope)).plan

    conductor = Conductor(
        plan,
        stepper,
        Looks(around.service),
        writer,
        around.events,
        progress=progress,
        outdated=job.outdated,
        spoiled=files.endings,
        replan=replan if origin is not None else None,
    )
    conducted = await conductor.conduct(job.stop)
    return evolve(conducted, said=(*files.said, *conducted.said))


def _bytes_to_send(plan: Plan, progress: Progress, arrived: Mapping[AssetId, frozenset[str]]) -> int:
    """How many bytes of originals are still to be sent."""
    uploads = [step.action for step in plan.steps if step.id not in progress.done]
    return sum(
        write.size_bytes
        for action in uploads
        if isinstance(action, UploadOriginal)
        for write in parts_to_send(action, arrived.get(action.asset_id, frozenset()))
    )


async def _check_catalog(job: _Job) -> Account:
    """See that the credentials lead to the catalog that was planned for, and that it may be written to."""
    plan, project = job.plan, job.manifest.project if job.manifest is not None else None
    account, catalog = await read_account(project, job.around)
    pairs = (
        ("account", plan.account_id, account.id),
        ("catalog", plan.catalog_id, catalog.id),
        ("API key", plan.service_id, job.around.service_id),
    )
    for noun, planned, live in pairs:
        if planned != live:
            shown = f"It is for {noun} {planned}, the credentials lead to {live}." if noun != "API key" else ""
            hint = "plan again with these credentials, or use those of the plan"
            raise Failure(error("LRP304", f"the plan is for another {noun}", why=shown, hint=hint))
    return account


async def _end(writer: RecordedWriter, result: str, around: Surroundings) -> None:
    """The last line of the journal. A journal that fails here has said so before, and a missing line harms nobody."""
    try:
        await writer.note(Ended(result=result, at=around.clock.now()))
    except Failure as failure:
        around.events.emit(Noted(what=failure.diagnostics[0].what))

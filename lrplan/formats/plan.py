"""
The plan file, format 1.0: a whole `Plan` as canonical JSON, and back without loss.

A reviewer reads `summary` and `resources`; apply does `actions`. The file names itself by its digest, which is
recomputed when it is read: a file whose actions were edited by hand is refused, not applied.

The surprising case: the digest leaves out what decides nothing that is sent (times, positions, names, what will be
remembered), so that one wish and one catalog have one digest. But a reviewer reads that too, and the state is made of
it. So the file has a checksum besides, over all of its bytes: an edit anywhere is noticed.
"""

import msgspec

from lrplan.diff.elsewhere import Elsewhere
from lrplan.formats.bindings import (
    binding_from_layout,
    binding_to_layout,
    developed_from_layout,
    developed_to_layout,
)
from lrplan.formats.canonical import damaged, indented, read_versioned, schema_of
from lrplan.formats.checksum import is_intact, with_checksum
from lrplan.formats.digest import plan_digest
from lrplan.formats.plan_layout import (
    PLAN_FORMAT,
    CallNumbers,
    ElsewhereNumbers,
    MemberNumbers,
    OriginLayout,
    PlanLayout,
    SecondsLayout,
    SummaryLayout,
    UploadNumbers,
)
from lrplan.formats.resources import (
    change_from_layout,
    change_to_layout,
    drift_from_layout,
    drift_to_layout,
    empty_from_layout,
    empty_to_layout,
    warning_from_layout,
    warning_to_layout,
)
from lrplan.formats.steps import step_from_layout, step_to_layout
from lrplan.model.scope import Scope
from lrplan.plan.action import Step
from lrplan.plan.plan import Plan, Summary

__all__ = ["PLAN_FORMAT", "decode_plan", "encode_plan", "is_plan_file", "plan_digest", "plan_schema"]


def encode_plan(plan: Plan, *, version: str) -> bytes:
    """*plan* as the bytes of its file; *version* is that of the lrplan that writes it."""
    content = indented(
        PlanLayout(
            checksum="",
            format_version=PLAN_FORMAT,
            lrplan_version=version,
            created_at=plan.created_at,
            project=plan.project,
            account_id=plan.account_id,
            catalog_id=plan.catalog_id,
            catalog_name=plan.catalog_name,
            service_id=plan.service_id,
            origin=OriginLayout(
                manifests=plan.manifests_digest, target=plan.scope.target, exclude=plan.scope.exclude, as_of=plan.as_of
            ),
            has_state=plan.has_state,
            complete=plan.complete,
            allowed=dict(plan.allowed),
            digest=plan_digest(plan),
            summary=_summary_to_layout(plan.summary),
            seconds=SecondsLayout(read=plan.read_seconds, apply=plan.apply_seconds),
            resources=tuple(change_to_layout(change) for change in plan.changes),
            actions=tuple(step_to_layout(step) for step in plan.steps),
            targets={address: binding_to_layout(binding) for address, binding in plan.targets.items()},
            developed=developed_to_layout(plan.developed),
            forgotten=plan.forgotten,
            moved=dict(plan.moved),
            previous_projects=plan.previous_projects,
            bases=dict(plan.bases),
            present_files=plan.present_files,
            names=dict(plan.names),
            empty_wishes=tuple(empty_to_layout(empty) for empty in plan.empty),
            drift=tuple(drift_to_layout(drift) for drift in plan.drift),
            warnings=tuple(warning_to_layout(said) for said in plan.warnings),
        )
    )
    return with_checksum(content)


class _PlanMarks(msgspec.Struct, rename="camel"):
    format_version: str
    lrplan_version: str
    digest: str
    actions: list[msgspec.Raw]


def is_plan_file(content: bytes) -> bool:
    """Whether lrplan wrote *content* as a plan; also of one that was edited since, or that a newer version wrote."""
    try:
        msgspec.json.decode(content, type=_PlanMarks)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def decode_plan(content: bytes, *, file: str) -> Plan:
    """The plan that *content* holds.

    Args:
        file: The name of the file, for messages.

    Raises:
        Failure: LRP106, it is damaged, its actions are not those that its digest names, or one comes before one that it
            requires; LRP107, it was written by a newer lrplan.
    """
    layout = read_versioned(content, PlanLayout, known=(PLAN_FORMAT,), what="plan", file=file)
    try:
        plan = _plan(layout)
    except ValueError as problem:
        raise damaged("plan", file, f"a position cannot be read: {problem}") from None
    if plan_digest(plan) != layout.digest:
        raise damaged("plan", file, "its digest does not name what it holds; it was cut or edited")
    if not is_intact(content, layout.checksum):
        raise damaged("plan", file, "its checksum is not that of what it holds; it was edited")
    misplaced = _misplaced(plan.steps)
    if misplaced is not None:
        raise damaged("plan", file, f"its action {misplaced!r} is there twice, or before one that it requires")
    return plan


def plan_schema() -> bytes:
    """The JSON Schema (2020-12) of the plan file, as published in docs/reference/plan.schema.json."""
    return schema_of(PlanLayout, f"lrplan plan, format {PLAN_FORMAT}")


def _misplaced(steps: tuple[Step, ...]) -> str | None:
    """The first step that has the id of an earlier one, or requires one that is not earlier; None in a sound plan."""
    earlier: set[str] = set()
    for step in steps:
        if step.id in earlier or not earlier.issuperset(step.requires):
            return step.id
        earlier.add(step.id)
    return None


def _plan(layout: PlanLayout) -> Plan:
    return Plan(
        project=layout.project,
        account_id=layout.account_id,
        catalog_id=layout.catalog_id,
        service_id=layout.service_id,
        catalog_name=layout.catalog_name,
        manifests_digest=layout.origin.manifests,
        created_at=layout.created_at,
        has_state=layout.has_state,
        complete=layout.complete,
        as_of=layout.origin.as_of,
        scope=Scope(target=layout.origin.target, exclude=layout.origin.exclude),
        allowed=layout.allowed,
        changes=tuple(change_from_layout(resource) for resource in layout.resources),
        steps=tuple(step_from_layout(step) for step in layout.actions),
        targets={address: binding_from_layout(binding) for address, binding in layout.targets.items()},
        developed=developed_from_layout(layout.developed),
        forgotten=layout.forgotten,
        moved=layout.moved,
        previous_projects=layout.previous_projects,
        bases=layout.bases,
        present_files=layout.present_files,
        names=layout.names,
        empty=tuple(empty_from_layout(empty) for empty in layout.empty_wishes),
        drift=tuple(drift_from_layout(drift) for drift in layout.drift),
        warnings=tuple(warning_from_layout(said) for said in layout.warnings),
        summary=_summary(layout.summary),
        read_seconds=layout.seconds.read,
        apply_seconds=layout.seconds.apply,
        is_stored=True,
    )


def _summary_to_layout(summary: Summary) -> SummaryLayout:
    return SummaryLayout(
        create=summary.create,
        change=summary.change,
        replace=summary.replace,
        delete=summary.delete,
        let_go=summary.let_go,
        blocked=summary.blocked,
        unchanged=summary.unchanged,
        paused=summary.paused,
        members=MemberNumbers(
            add=summary.members_add,
            remove=summary.members_remove,
            move=summary.members_move,
            live=summary.members_live,
        ),
        uploads=UploadNumbers(count=summary.uploads, bytes=summary.upload_bytes),
        develop=summary.develop,
        calls=CallNumbers(read=summary.read_calls, apply=summary.apply_calls),
        elsewhere=_elsewhere_to_layout(summary.elsewhere),
    )


def _summary(layout: SummaryLayout) -> Summary:
    return Summary(
        create=layout.create,
        change=layout.change,
        replace=layout.replace,
        delete=layout.delete,
        let_go=layout.let_go,
        blocked=layout.blocked,
        unchanged=layout.unchanged,
        paused=layout.paused,
        members_add=layout.members.add,
        members_remove=layout.members.remove,
        members_move=layout.members.move,
        members_live=layout.members.live,
        uploads=layout.uploads.count,
        upload_bytes=layout.uploads.bytes,
        develop=layout.develop,
        read_calls=layout.calls.read,
        apply_calls=layout.calls.apply,
        elsewhere=_elsewhere(layout.elsewhere),
    )


def _elsewhere_to_layout(live: Elsewhere) -> ElsewhereNumbers | None:
    if live == Elsewhere():
        return None
    return ElsewhereNumbers(albums=live.albums, sets=live.sets, members=live.members)


def _elsewhere(layout: ElsewhereNumbers | None) -> Elsewhere:
    if layout is None:
        return Elsewhere()
    return Elsewhere(albums=layout.albums, sets=layout.sets, members=layout.members)

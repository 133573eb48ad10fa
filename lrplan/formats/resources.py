"""The changes, the drift and the warnings of a plan file to and from values."""

from collections.abc import Iterable

from lrplan.diagnostics import Diagnostic
from lrplan.diff.change import BlockedPhoto, Change, DevelopChange, Drift, FieldChange, MemberChange, Move, Reason
from lrplan.formats.plan_layout import (
    BlockedLayout,
    DevelopLayout,
    DriftLayout,
    FieldLayout,
    MembersLayout,
    MoveLayout,
    ReasonLayout,
    ResourceLayout,
    WarningLayout,
)
from lrplan.formats.positions import source_of, span_of, width_of


def change_to_layout(change: Change) -> ResourceLayout:
    """A change as it is written."""
    reason = change.reason
    return ResourceLayout(
        address=change.address,
        kind=change.kind,
        change=change.verb,
        name=change.name,
        source=source_of(change.span),
        source_width=width_of(change.span),
        reason=None if reason is None else ReasonLayout(code=reason.code, text=reason.text),
        id=change.id,
        new_id=change.new_id,
        generation=change.generation,
        retired=change.retired,
        dropped=change.dropped,
        fields=_fields_to_layout(change.fields),
        members=None if change.members is None else _members_to_layout(change.members),
        cover=change.cover,
        blocked=tuple(
            BlockedLayout(
                asset_id=photo.asset_id,
                text=photo.text,
                code=photo.code,
                path=photo.path,
                source=source_of(photo.span),
                source_width=width_of(photo.span),
            )
            for photo in change.blocked
        ),
        develop=tuple(
            DevelopLayout(asset_id=one.asset_id, sha256=one.sha256, path=one.path, source=one.source, before=one.before)
            for one in change.develop
        ),
        looks_inside=change.looks_inside,
        fingerprint=change.fingerprint,
    )


def _fields_to_layout(fields: Iterable[FieldChange]) -> tuple[FieldLayout, ...]:
    return tuple(
        FieldLayout(path=f.path, before=f.before, after=f.after, changed_outside=f.changed_outside) for f in fields
    )


def _fields(layouts: Iterable[FieldLayout]) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(path=f.path, before=f.before, after=f.after, changed_outside=f.changed_outside) for f in layouts
    )


def _members_to_layout(members: MemberChange) -> MembersLayout:
    return MembersLayout(
        add=members.added,
        remove=members.removed,
        move=tuple(MoveLayout(asset_id=m.asset_id, before=m.before, after=m.after) for m in members.moved),
        keep=members.unlisted,
        foreign=members.foreign,
        before=members.before,
        after=members.after,
        judged=members.judged,
        rewritten=members.rewritten,
        infos={asset_id: _fields_to_layout(fields) for asset_id, fields in members.infos.items()},
        keys=dict(members.keys),
    )


def change_from_layout(layout: ResourceLayout) -> Change:
    """A change as it was written.

    Raises:
        ValueError: A position is not one.
    """
    reason = layout.reason
    return Change(
        address=layout.address,
        kind=layout.kind,
        verb=layout.change,
        name=layout.name,
        span=span_of(layout.source, layout.source_width),
        reason=None if reason is None else Reason(code=reason.code, text=reason.text),
        id=layout.id,
        new_id=layout.new_id,
        generation=layout.generation,
        retired=layout.retired,
        dropped=layout.dropped,
        fields=_fields(layout.fields),
        members=None if layout.members is None else _members(layout.members),
        cover=layout.cover,
        blocked=tuple(
            BlockedPhoto(
                asset_id=photo.asset_id,
                text=photo.text,
                span=span_of(photo.source, photo.source_width),
                code=photo.code,
                path=photo.path,
            )
            for photo in layout.blocked
        ),
        develop=tuple(
            DevelopChange(asset_id=one.asset_id, sha256=one.sha256, path=one.path, source=one.source, before=one.before)
            for one in layout.develop
        ),
        looks_inside=layout.looks_inside,
        fingerprint=layout.fingerprint,
    )


def _members(layout: MembersLayout) -> MemberChange:
    return MemberChange(
        before=layout.before,
        after=layout.after,
        added=layout.add,
        removed=layout.remove,
        moved=tuple(Move(asset_id=m.asset_id, before=m.before, after=m.after) for m in layout.move),
        unlisted=layout.keep,
        judged=layout.judged,
        foreign=layout.foreign,
        rewritten=layout.rewritten,
        infos={asset_id: _fields(fields) for asset_id, fields in layout.infos.items()},
        keys=layout.keys,
    )


def drift_to_layout(drift: Drift) -> DriftLayout:
    """A finding as it is written."""
    return DriftLayout(
        kind=drift.kind, text=drift.text, address=drift.address, album_id=drift.album_id, count=drift.count
    )


def drift_from_layout(layout: DriftLayout) -> Drift:
    """A finding as it was written."""
    return Drift(
        kind=layout.kind, text=layout.text, address=layout.address, album_id=layout.album_id, count=layout.count
    )


def warning_to_layout(said: Diagnostic) -> WarningLayout:
    """A message as it is written."""
    return WarningLayout(
        code=said.code,
        what=said.what,
        source=source_of(said.span),
        source_width=width_of(said.span),
        why=said.why,
        hint=said.hint,
        severity=said.severity,
    )


def warning_from_layout(layout: WarningLayout) -> Diagnostic:
    """A message as it was written.

    Raises:
        ValueError: Its position is not one.
    """
    return Diagnostic(
        code=layout.code,
        what=layout.what,
        span=span_of(layout.source, layout.source_width),
        why=layout.why,
        hint=layout.hint,
        severity=layout.severity,
    )

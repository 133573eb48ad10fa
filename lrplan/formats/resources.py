"""The changes, the empty wishes, the drift and the warnings of a plan file to and from values."""

from collections.abc import Iterable

from lrplan.diagnostics import Diagnostic
from lrplan.diff.change import (
    BlockedPhoto,
    Change,
    DevelopChange,
    Drift,
    FieldChange,
    MemberChange,
    Move,
    Reason,
    Withheld,
)
from lrplan.formats.plan_layout import (
    BlockedLayout,
    DevelopLayout,
    DriftLayout,
    EmptyWishLayout,
    FieldLayout,
    MembersLayout,
    MoveLayout,
    ReasonLayout,
    ResourceLayout,
    WarningLayout,
    WithheldLayout,
)
from lrplan.formats.positions import source_of, span_of, width_of
from lrplan.resolve.desired import EmptyWish


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
        moved_from=change.moved_from,
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
        withheld=None if change.withheld is None else _withheld_to_layout(change.withheld),
        protected=change.protected,
        develop=tuple(
            DevelopLayout(asset_id=one.asset_id, sha256=one.sha256, path=one.path, source=one.source, before=one.before)
            for one in change.develop
        ),
        looks_inside=change.looks_inside,
        fingerprint=change.fingerprint,
    )


def _withheld_to_layout(withheld: Withheld) -> WithheldLayout:
    return WithheldLayout(
        reason=ReasonLayout(code=withheld.reason.code, text=withheld.reason.text),
        source=source_of(withheld.span),
        source_width=width_of(withheld.span),
        add=withheld.added,
        remove=withheld.removed,
        move=_moves_to_layout(withheld.moved),
        rewrite=withheld.rewritten,
        by_date=withheld.by_date,
        files=withheld.files,
    )


def _withheld(layout: WithheldLayout) -> Withheld:
    return Withheld(
        reason=Reason(code=layout.reason.code, text=layout.reason.text),
        span=span_of(layout.source, layout.source_width),
        added=layout.add,
        removed=layout.remove,
        moved=_moves(layout.move),
        rewritten=layout.rewrite,
        by_date=layout.by_date,
        files=layout.files,
    )


def _moves_to_layout(moves: Iterable[Move]) -> tuple[MoveLayout, ...]:
    return tuple(MoveLayout(asset_id=m.asset_id, before=m.before, after=m.after) for m in moves)


def _moves(layouts: Iterable[MoveLayout]) -> tuple[Move, ...]:
    return tuple(Move(asset_id=m.asset_id, before=m.before, after=m.after) for m in layouts)


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
        move=_moves_to_layout(members.moved),
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
        moved_from=layout.moved_from,
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
        withheld=None if layout.withheld is None else _withheld(layout.withheld),
        protected=layout.protected,
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
        moved=_moves(layout.move),
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


def empty_to_layout(empty: EmptyWish) -> EmptyWishLayout:
    """A part of a member list that stands for no photo, as it is written."""
    return EmptyWishLayout(
        address=empty.address,
        kind=empty.kind,
        value=empty.value,
        source=source_of(empty.span),
        source_width=width_of(empty.span),
    )


def empty_from_layout(layout: EmptyWishLayout) -> EmptyWish:
    """A part of a member list that stands for no photo, as it was written.

    Raises:
        ValueError: Its position is not one, or it has none.
    """
    span = span_of(layout.source, layout.source_width)
    if span is None:
        raise ValueError("an empty wish has none")
    return EmptyWish(address=layout.address, kind=layout.kind, value=layout.value, span=span)


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

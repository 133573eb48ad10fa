"""
How a plan is worded, decided once for every output.

A view is a plan as blocks and lines, not yet escaped and not yet laid out: `render.text` and its siblings only do that.
Every block that takes something away, or cannot give what is wanted, says why and where in the manifests.

The surprising case: a plan that sends nothing is not always silent. Photos that cannot be where they are wanted, and
what is kept though no manifest lists it, stand above the sentence that says so.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from attrs import frozen

from lrplan.diagnostics import SourceSpan
from lrplan.diff.change import Change, Drift, DriftKind, Verb
from lrplan.model.address import Address
from lrplan.model.album import AlbumKind
from lrplan.model.ids import AssetId
from lrplan.model.scope import Scope
from lrplan.plan.plan import Plan, Summary
from lrplan.render.amounts import count, estimated, instant, listed, measured, size
from lrplan.render.develop import develop_lines
from lrplan.render.fields import field_text
from lrplan.render.line import Line, Tone
from lrplan.render.neighbourhoods import GAP, SAME, PhotoLine, neighbourhoods

NO_STATE = "No state here, so nothing is removed or deleted: lrplan cannot tell which photos it put there itself."
NEW_ID = "new album id; share link, comments and flags of the old one stay behind"
NO_CHANGES = "No changes. The catalog matches the manifests."
NO_CHANGES_THEN = "No changes. The catalog matched the manifests then."
NO_CHANGES_THERE = "No changes to what was planned. The rest of the manifests was not compared."

SYMBOLS = {
    Verb.CREATE: "+",
    Verb.UPDATE: "~",
    Verb.REPLACE: "+/-",
    Verb.DELETE: "-",
    Verb.LET_GO: ".",
    Verb.BLOCKED: "!",
    Verb.UNCHANGED: "!",  # shown only when photos of it are blocked
    Verb.PAUSED: "?",  # shown with what is kept
}
TONES = {
    Verb.CREATE: Tone.CREATE,
    Verb.UPDATE: Tone.CHANGE,
    Verb.REPLACE: Tone.REPLACE,
    Verb.DELETE: Tone.DELETE,
    Verb.LET_GO: Tone.FAINT,
    Verb.BLOCKED: Tone.BLOCKED,
    Verb.UNCHANGED: Tone.BLOCKED,
    Verb.PAUSED: Tone.KEPT,
}
_PHOTO_TONES = {
    "+": Tone.CREATE,
    "-": Tone.DELETE,
    "~": Tone.CHANGE,
    ">": Tone.CHANGE,
    SAME: Tone.FAINT,
    GAP: Tone.FAINT,
}
_KEPT = {
    DriftKind.UNLISTED: "unlisted kept",
    DriftKind.PUT_OFF: "unlisted kept until the next apply",
    DriftKind.ORPHAN: "undeclared kept",
    DriftKind.REORDERED: "order kept",
    DriftKind.LEFT_BEHIND: "left behind",
    DriftKind.PAUSED: "paused",
}


@frozen(kw_only=True)
class Block:
    """One album or set: the columns of its first line, and the lines below it."""

    symbol: str
    tone: Tone
    address: str
    name: str = ""
    place: str = ""
    says: str = ""
    details: tuple[Line, ...] = ()


@frozen(kw_only=True)
class PlanView:
    """A plan as it is worded: opening lines, what changes, what is kept, warnings, closing lines."""

    head: tuple[Line, ...]
    changes: tuple[Block, ...] = ()
    kept: tuple[Block, ...] = ()
    warnings: tuple[Line, ...] = ()
    foot: tuple[Line, ...] = ()


def view_plan(plan: Plan, *, to_apply: str | None) -> PlanView:
    """Word *plan*. *to_apply* is the command that would do it; None where nobody needs to be told."""
    names = {asset_id: name or asset_id for asset_id, name in plan.names.items()}
    places: dict[Address | None, SourceSpan | None] = {change.address: change.span for change in plan.changes}
    return PlanView(
        head=tuple(_head(plan)),
        changes=tuple(_block(change, names) for change in plan.visible_changes),
        kept=tuple(_kept(drift, places.get(drift.address)) for drift in plan.drift),
        warnings=tuple(
            Line(f"warning: {said.what}" + (f" ({said.span})" if said.span else ""), Tone.CHANGE)
            for said in plan.warnings
        ),
        foot=tuple(_foot(plan, to_apply)),
    )


def _head(plan: Plan) -> Iterator[Line]:
    if not plan.has_state:
        yield Line(NO_STATE, Tone.KEPT)
    if not plan.complete:
        yield Line(f"{scope_words(plan.scope)}: other differences are not shown.", Tone.KEPT)
    name = plan.catalog_name or plan.catalog_id
    if plan.as_of:
        yield Line(f"Catalog: {name} as of {instant(plan.as_of)} (no calls)")
        return
    yield Line(f"Catalog: {name} ({count(plan.summary.read_calls, 'call')}, {measured(plan.read_seconds)})")


def scope_words(scope: Scope) -> str:
    """Which part of a project a plan is about: `Only albums.smith-*, but not albums.smith-raw`."""
    target, exclude = listed(scope.target), listed(scope.exclude, last="or")
    if not target:
        return f"All but {listed(scope.exclude)}" if exclude else "Only a part of the project"
    return f"Only {target}" + (f", but not {exclude}" if exclude else "")


def _block(change: Change, names: Mapping[AssetId, str]) -> Block:
    is_only_moved = change.verb is Verb.UNCHANGED and change.moved_from and not change.blocked
    verb = Verb.UPDATE if is_only_moved else change.verb
    return Block(
        symbol=SYMBOLS[verb],
        tone=TONES[verb],
        address=change.address,
        name=change.name,
        place=_place(change.span),
        says=_says(change, names),
        details=tuple(_details(change, names)),
    )


def _place(span: SourceSpan | None) -> str:
    return "" if span is None else f"{span.file}:{span.line}"


def _says(change: Change, names: Mapping[AssetId, str]) -> str:
    """The end of a block's first line: for a new album what it will hold, else what becomes of its photos."""
    if change.kind is AlbumKind.SET:
        return "set"
    members = change.members
    if change.verb is Verb.CREATE:
        parts = [] if members is None else [count(len(members.after), "photo")]
        if change.cover is not None:
            parts.append(f"cover {names.get(change.cover, change.cover)}")
        if members is not None and members.infos:
            parts.append(f"{len(members.infos):,} with publishInfo")
        return ", ".join(parts)
    if members is None or change.verb is Verb.LET_GO:
        return ""
    number = len(members.foreign)
    if change.verb is Verb.DELETE:
        foreign = f", {number:,} of them not put there by lrplan" if number else ""
        return f"{count(len(members.before), 'photo')} in it{foreign}"
    moves = _members_words(len(members.added), len(members.removed), len(members.moved))
    foreign = f"; {number:,} that {'goes was' if number == 1 else 'go were'} not put there by lrplan" if number else ""
    return f"{moves} ({len(members.after):,} in all){foreign}" if moves else ""


def _details(change: Change, names: Mapping[AssetId, str]) -> Iterator[Line]:
    if change.moved_from is not None:
        yield Line(f"moved from {change.moved_from}", Tone.CHANGE)
    if change.verb is Verb.REPLACE:
        yield Line(NEW_ID, Tone.REPLACE)
    is_told = change.withheld is not None and change.reason == change.withheld.reason
    if change.reason is not None and not is_told:
        yield Line(f"because {change.reason.text}", TONES[change.verb])
    is_new = change.verb is Verb.CREATE
    tone = TONES[Verb.CREATE if is_new else Verb.UPDATE]
    yield from (Line(field_text(field, is_new=is_new), tone) for field in change.fields)
    if not is_new and change.members is not None:
        yield from (photo_line(line) for line in neighbourhoods(change.members, names))
    yield from (Line(text, tone) for text in develop_lines(change.develop, names))
    if change.withheld is not None:
        yield Line(f"! {_place(change.withheld.span)}   {change.withheld.reason.text}", Tone.BLOCKED)
    for photo in change.blocked:
        place = f"   {photo.span.file}:{photo.span.line}" if photo.span else ""
        yield Line(f"! {names.get(photo.asset_id, photo.asset_id)}{place}   {photo.text}", Tone.BLOCKED)


def photo_line(line: PhotoLine) -> Line:
    """A line of a neighbourhood with its tone."""
    return Line(f"{line.mark} {line.text}".rstrip(), _PHOTO_TONES[line.mark])


def _kept(drift: Drift, span: SourceSpan | None) -> Block:
    address = drift.address or drift.album_id or ""
    if drift.kind is DriftKind.LEFT_BEHIND:
        return Block(symbol="!", tone=Tone.BLOCKED, address=address, says=f"{_place(span)}   {drift.text}".lstrip())
    return Block(symbol="?", tone=Tone.KEPT, address=address, says=drift.text)


def _foot(plan: Plan, to_apply: str | None) -> Iterator[Line]:
    words = plan_words(plan.summary)
    if plan.does_nothing:
        aside = _aside(plan)
        if moved := sum(change.moved_from is not None for change in plan.changes):
            to_do = f" To remember it: {to_apply}" if to_apply is not None else ""
            yield Line(
                f"Nothing to send. {', '.join((f'{moved:,} moved', *filter(None, [aside])))}: see above.{to_do}",
                Tone.GOOD,
            )
            return
        nothing = NO_CHANGES_THEN if plan.as_of else NO_CHANGES
        nothing = nothing if plan.complete else NO_CHANGES_THERE
        yield Line(f"Nothing to do. {aside}: see above." if aside else nothing, Tone.GOOD)
        return
    summary = plan.summary
    yield Line(f"Plan: {words}", Tone.HEADING)
    if plan.as_of:
        yield Line(f"Cost: {count(summary.apply_calls, 'call')} to apply, {estimated(plan.apply_seconds)}.")
    else:
        read, send = count(summary.read_calls, "call"), f"{summary.apply_calls:,}"
        yield Line(f"Cost: {read} to read, {send} to apply, {estimated(plan.apply_seconds)}.")
    if to_apply is not None:
        yield Line(f"Nothing was changed. To do it: {to_apply}")


def plan_words(summary: Summary) -> str:
    """The numbers of a plan as sentences; what is zero is left out."""
    albums = [
        f"{number:,} {what}"
        for number, what in (
            (summary.create, "to create"),
            (summary.change, "to change"),
            (summary.replace, "to replace"),
            (summary.delete, "to delete"),
            (summary.let_go, "to let go"),
            (summary.blocked, "blocked"),
        )
        if number
    ]
    sentences = [
        ", ".join(albums),
        _members_words(summary.members_add, summary.members_remove, summary.members_move),
        f"{count(summary.uploads, 'upload')} ({size(summary.upload_bytes)})" if summary.uploads else "",
        f"Develop settings for {count(summary.develop, 'photo')}" if summary.develop else "",
    ]
    return " ".join(f"{sentence}." for sentence in sentences if sentence)


def _members_words(add: int, remove: int, move: int) -> str:
    """`412 photos to add, 3 to remove, 5 to move`, the noun beside the first number only."""
    parts: list[str] = []
    for number, what in ((add, "to add"), (remove, "to remove"), (move, "to move")):
        if number:
            parts.append(f"{number:,} {what}" if parts else f"{count(number, 'photo')} {what}")
    return ", ".join(parts)


def _aside(plan: Plan) -> str:
    """What is neither done nor wanted: `1 blocked, 3 unlisted kept`; empty when there is nothing of the kind."""
    kept: Counter[DriftKind] = Counter()
    for drift in plan.drift:
        kept[drift.kind] += 1 if drift.kind is DriftKind.REORDERED else drift.count
    parts = [f"{plan.summary.blocked:,} blocked"] if plan.summary.blocked else []
    parts += [f"{number:,} {_KEPT[kind]}" for kind, number in kept.items()]
    return ", ".join(parts)

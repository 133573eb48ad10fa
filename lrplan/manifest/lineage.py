"""
What says that an address has albums whose ids were not derived from it, as far as the files alone show a mistake.

Whether the catalog agrees is for `resolve.lineage` to see.
"""

from collections.abc import Collection, Iterable, Sequence

from lrplan.diagnostics import Diagnostic, SourceSpan, error
from lrplan.manifest.entries import AlbumEntry, Declared, Move, SetEntry
from lrplan.manifest.fields import Page, read_records
from lrplan.manifest.tree import Entry
from lrplan.manifest.wording import Suggestions
from lrplan.model.address import Address, is_set
from lrplan.model.inheritance import ADDRESSES_MAX, Former


def read_moves(page: Page, entry: Entry) -> tuple[Move, ...]:
    """The lines under the key `moved`, those that lack something left out."""
    moves = []
    for found in read_records(page, "move", entry):
        source, target = found.get("from", str), found.get("to", str)
        if source is not None and target is not None:
            moves.append(
                Move(
                    source=Declared(Address(source.value), source.span),
                    target=Declared(Address(target.value), target.span),
                )
            )
    return tuple(moves)


def former_addresses(moves: Iterable[Move], declared: Collection[Address]) -> Former:
    """For each declared address those that it had before, the latest first; none that is declared itself.

    Args:
        moves: Of one address at most one comes from, and at most one leads to it.
    """
    before = {move.target.value: move.source.value for move in moves if move.source.value not in declared}
    former = {}
    for address in declared:
        chain: list[Address] = []
        at = address
        while at in before and before[at] not in (address, *chain) and len(chain) < ADDRESSES_MAX - 1:
            at = before[at]
            chain.append(at)
        if chain:
            former[address] = tuple(chain)
    return former


def check_adopted(entries: Iterable[SetEntry | AlbumEntry]) -> tuple[Diagnostic, ...]:
    """Complain of each id that a second entry adopts."""
    first: dict[str, SetEntry | AlbumEntry] = {}
    said = []
    for entry in sorted(entries, key=lambda one: one.span):
        if entry.adopt is None:
            continue
        other = first.setdefault(entry.adopt.value, entry)
        if other.address != entry.address and other.adopt is not None:
            why = f"{other.address} adopts it at {other.adopt.span}, and an album has one address."
            hint = "take one of the two lines out"
            said.append(error("LRP221", "id adopted twice", span=entry.adopt.span, why=why, hint=hint))
    return tuple(said)


def check_moves(moves: Sequence[Move], declared: Collection[Address], *, complete: bool) -> tuple[Diagnostic, ...]:
    """Complain of lines that lead nowhere, or two ways. *complete*: every file was read."""
    said = [*_repeated(moves), *_circles(moves)]
    sources = {move.source.value for move in moves}
    suggestions = Suggestions(tuple(sorted(declared)))
    for move in moves:
        source, target = move.source, move.target
        if is_set(source.value) != is_set(target.value):
            is_, was = ("a set", "an album") if is_set(target.value) else ("an album", "a set")
            why = f"{target.value} is {is_}, and {source.value} was {was}; neither becomes the other."
            said.append(_wrong("a move to another kind", target.span, why, "name an address of the same kind"))
        elif complete and target.value not in declared and target.value not in sources:
            why = f"No manifest declares {target.value}."
            hint = suggestions.hint(target.value) or "declare it, or take the line out to let the album go"
            said.append(_wrong("a move to an address that does not exist", target.span, why, hint))
    return tuple(said)


def _repeated(moves: Sequence[Move]) -> Iterable[Diagnostic]:
    froms: dict[Address, Move] = {}
    tos: dict[Address, Move] = {}
    for move in sorted(moves, key=lambda one: one.source.span):
        other = froms.setdefault(move.source.value, move)
        if other is not move:
            why = f"{move.source.value} moves already at {other.source.span}, and an album has one address."
            yield _wrong("an address moves twice", move.source.span, why, "keep one of the two lines")
        other = tos.setdefault(move.target.value, move)
        if other is not move:
            why = f"{other.source.value} moves there already at {other.source.span}, and an address has one album."
            yield _wrong("two moves to one address", move.target.span, why, "keep one of the two lines")


def _circles(moves: Sequence[Move]) -> Iterable[Diagnostic]:
    leads = {move.source.value: move.target.value for move in reversed(moves)}
    seen: set[Address] = set()
    for move in moves:
        path: list[Address] = []
        at = move.source.value
        while at in leads and at not in seen and at not in path:
            path.append(at)
            at = leads[at]
        if at in path:
            circle = path[path.index(at) :]
            way = " to ".join((*circle[:5], *(("…",) if len(circle) > 5 else ()), circle[0]))
            why = f"It leads from {way}, so that nothing would have an address."
            yield _wrong("moves form a cycle", move.source.span, why, "keep the lines that lead to what is declared")
        seen.update(path)


def _wrong(what: str, span: SourceSpan, why: str, hint: str) -> Diagnostic:
    return error("LRP222", what, span=span, why=why, hint=hint)

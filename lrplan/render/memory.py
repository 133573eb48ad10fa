"""How it is worded what lrplan remembers, and what a lost state can be made of."""

from collections.abc import Iterator, Sequence

from lrplan.model.state import Binding, State
from lrplan.plan.rebuild import Found, Rebuilt
from lrplan.render.amounts import count
from lrplan.render.columns import align
from lrplan.render.escape import for_text
from lrplan.render.line import Line, Tone
from lrplan.render.text import laid_out
from lrplan.render.view import Block

NO_STATE_YET = "No state yet: nothing is remembered."
NOTHING_NEW = "Nothing to rebuild: all that the catalog can tell is remembered."
_HEADINGS = ("address", "album id", "generation", "photos put there", "order", "last declared at")


def state_text(state: State | None, *, unfinished: Sequence[str], holder: str | None) -> tuple[Line, ...]:
    """What is remembered, as lines.

    Args:
        unfinished: The ids of runs that are not part of the state.
        holder: Who holds the lock; None when nobody does.
    """
    return tuple(Line(for_text(line.text), line.tone) for line in _state_lines(state, unfinished, holder))


def _state_lines(state: State | None, unfinished: Sequence[str], holder: str | None) -> Iterator[Line]:
    if state is None:
        yield Line(NO_STATE_YET)
    else:
        yield Line(f"Project: {state.project}   serial {state.serial:,}", Tone.HEADING)
        yield Line(f"Account: {state.account_id}   catalog: {state.catalog_id}   API key: {state.service_id}")
        rows = [_row(address, state.bindings[address]) for address in sorted(state.bindings)]
        if rows:
            heading, *lines = align([_HEADINGS, *rows])
            yield Line(heading, Tone.FAINT)
            yield from (Line(line) for line in lines)
        noun = count(len(state.bindings), "album or set", "albums and sets")
        yield Line(f"{noun} remembered." if rows else "No album or set is remembered.")
        if state.arrived:
            yield Line(f"{count(len(state.arrived), 'original')} begun to be sent.", Tone.KEPT)
        if state.storage_is_full:
            yield Line("The storage of the account was full; the next run that ends well tries again.", Tone.BLOCKED)
    if unfinished:
        runs = ", ".join(unfinished)
        yield Line(f"Not yet part of the state: {runs}. `lrplan apply` goes on from there.", Tone.KEPT)
    yield Line(f"The lock is held by {holder}." if holder is not None else "Nobody holds the lock.")


def _row(address: str, binding: Binding) -> tuple[str, ...]:
    is_set = address.startswith("sets.")
    return (
        for_text(address),
        for_text(binding.album_id),
        f"{binding.generation:,}" if binding.generation >= 0 else "none proven",
        "" if is_set else f"{len(binding.put):,}",
        "" if is_set else "arranged" if binding.arranged is not None else "not arranged",
        for_text(binding.source),
    )


def rebuilt_text(rebuilt: Rebuilt, *, is_damaged: bool, unreadable: Sequence[str]) -> tuple[Line, ...]:
    """What would be remembered that is not, as lines."""
    lines = _rebuilt_lines(rebuilt, is_damaged=is_damaged, unreadable=unreadable)
    return tuple(Line(for_text(line.text), line.tone) for line in lines)


def _rebuilt_lines(rebuilt: Rebuilt, *, is_damaged: bool, unreadable: Sequence[str]) -> Iterator[Line]:
    if is_damaged:
        yield Line("The state is damaged; it is kept under another name.", Tone.KEPT)
    if unreadable:
        yield Line(f"Cannot be read, and is passed over: run {', '.join(unreadable)}.", Tone.KEPT)
    if not rebuilt.found:
        yield Line("Nothing of this project is in the catalog that is not remembered." if is_damaged else NOTHING_NEW)
        return
    yield from laid_out(tuple(map(_found, rebuilt.found)))
    yield Line(f"Rebuild: {_numbers(rebuilt)}.", Tone.HEADING)


def _found(one: Found) -> Block:
    if one.is_claimed:
        says = "claimed: no manifest declares it, so the next plan deletes it"
        return Block(symbol="-", tone=Tone.DELETE, address=one.address, name=one.name, says=says)
    parts = [f"{count(one.put, 'photo')} counted as put there by lrplan"] if one.put else []
    parts += [f"{one.others:,} unlisted"] if one.others else []
    parts += ["" if one.is_arranged or not one.put else "the order is not the wanted one"]
    says = ", ".join(part for part in parts if part)
    return Block(symbol="+", tone=Tone.CREATE, address=one.address, name=one.name, place=one.source, says=says)


def _numbers(rebuilt: Rebuilt) -> str:
    parts = [f"{len(rebuilt.bound):,} to bind"] if rebuilt.bound else []
    parts += [f"{len(rebuilt.claimed):,} to claim"] if rebuilt.claimed else []
    return ", ".join(parts)


def rebuild_question(rebuilt: Rebuilt) -> str:
    """What a person vouches for, in sentences; "" where it is nothing that could not be said again."""
    put = sum(one.put for one in rebuilt.bound)
    albums = sum(bool(one.put) for one in rebuilt.bound)
    said = []
    if put:
        where = count(albums, "album")
        said.append(
            f"{count(put, 'photo')} in {where} will count as put there by lrplan, whoever put them there: "
            "once a list no longer names one, it is taken out."
        )
    if rebuilt.claimed:
        one = len(rebuilt.claimed) == 1
        noun = (
            "1 album or set that no manifest declares is"
            if one
            else (f"{len(rebuilt.claimed):,} albums and sets that no manifest declares are")
        )
        said.append(f"{noun} claimed: the next plan shows {'it' if one else 'them'} as going.")
    return " ".join(said)

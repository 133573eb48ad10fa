"""
The story of `lrplan state rebuild`: after a lost or damaged state, bind what ids prove to be this project's.

First a look, which changes nothing, so that a person can be asked; then, under the lock, the new state is kept, if what
it was made from is still all there is. The service is only read.
"""

import asyncio
import re

from attrs import evolve, field, frozen

from lrplan.diagnostics import Failure, Severity, error
from lrplan.journal.fold import fold
from lrplan.manifest.entries import Manifest
from lrplan.manifest.pausing import without_paused
from lrplan.model.address import KEY_PATTERN, Address
from lrplan.model.snapshot import Snapshot
from lrplan.model.state import State, recognised
from lrplan.plan.rebuild import Rebuilt, rebuild
from lrplan.ports import Salvage
from lrplan.resolve.resolve import resolve
from lrplan.resolve.wanted import expand
from lrplan.workflow.inventory import read_inventory
from lrplan.workflow.plan import known_to
from lrplan.workflow.reading import read_catalog
from lrplan.workflow.remembering import save
from lrplan.workflow.surroundings import Surroundings

_ADDRESS = re.compile(rb"\b(?:albums|sets)\." + KEY_PATTERN.encode())


@frozen(kw_only=True)
class Rebuilding:
    """What would be remembered, and what it was made from.

    Attributes:
        left: What was left of the memory when it was looked at.
        before: What is remembered now, with the runs that are not part of the state; None where nothing is.
    """

    left: Salvage
    before: State | None
    rebuilt: Rebuilt
    snapshot: Snapshot = field(repr=False)

    @property
    def has_news(self) -> bool:
        """There is anything to keep: something was found, or what is there cannot be read."""
        return bool(self.rebuilt.found or self.left.damaged is not None or self.left.unreadable)


@frozen(kw_only=True)
class Kept:
    """The state as it was written, and where the damaged one is kept; "" where there was none."""

    state: State
    aside: str = ""


async def look(manifest: Manifest, around: Surroundings) -> Rebuilding:
    """See what a state can be made of. Changes nothing.

    Raises:
        Failure: The manifests cannot be resolved, and then all mistakes are named; the service, the credentials or the
            memory fail; LRP107, the state was written by a newer lrplan.
    """
    manifest = without_paused(manifest)
    left = await asyncio.to_thread(around.memory.salvage)
    state = left.state
    for run in left.runs:
        state = fold(state, run.id, run.plan, run.entries)
    declared = (*manifest.sets, *manifest.albums)
    names = {*declared, *(one for former in manifest.former.values() for one in former), *_names_in(left)}
    before = None if state is None or state.is_blank else known_to(manifest, recognised(state, names))
    inventory = await asyncio.to_thread(read_inventory, manifest, around)
    wishes, said_of_lists = expand(manifest, inventory)
    begun = before.arrived if before is not None else {}
    reading = await read_catalog(manifest, wishes, inventory, around.service_id, before, around, begun=begun)
    desired, said = resolve(
        manifest,
        wishes,
        inventory,
        reading.snapshot,
        owner=reading.owner,
        generations=reading.generations,
        state=before,
    )
    mistakes = [one for one in (*said_of_lists, *said) if one.severity is Severity.ERROR]
    if mistakes:
        raise Failure(*mistakes)
    rebuilt = rebuild(
        desired,
        reading.snapshot,
        before,
        reading.generations,
        owner=reading.owner,
        is_lost=left.state is None or left.state.is_blank,
        names=sorted(names),
    )
    return Rebuilding(left=left, before=before, rebuilt=rebuilt, snapshot=reading.snapshot)


async def keep(found: Rebuilding, around: Surroundings) -> Kept:
    """Write the new state durably, under the lock; one that is damaged is kept under another name first.

    Raises:
        Failure: LRP508, something else is remembered by now than when it was looked; LRP601, an apply is running;
            LRP706, it could not be written.
    """
    async with around.memory.hold():
        if await asyncio.to_thread(around.memory.salvage) != found.left:
            why = "Another run was there in between, and what it left is not in what was shown."
            raise Failure(error("LRP508", "something else is remembered by now", why=why, hint="run it again"))
        aside = await asyncio.to_thread(around.memory.set_aside) if found.left.damaged is not None else ""
        state = found.rebuilt.state
        # what cannot be read counts as part of the state, lest it stand in the way of every plan
        state = evolve(state, folded=(*state.folded, *found.left.unreadable))
        return Kept(state=await asyncio.to_thread(save, state, around.memory), aside=aside)


def _names_in(left: Salvage) -> set[Address]:
    """Every address that is written anywhere in what is left. Ids prove later whether an album has it."""
    plans = [run.plan for run in left.runs]
    names = {address for plan in plans for address in (*plan.targets, *plan.forgotten)}
    if left.state is not None:
        names |= {*left.state.bindings, *left.state.used}
    return names | {Address(found.decode()) for found in _ADDRESS.findall(left.damaged or b"")}

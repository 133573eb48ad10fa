"""What of a project is there: what lrplan remembers of it, and which of its albums and sets live in the catalog."""

import asyncio
from collections.abc import Mapping, Sequence

from lrplan.diagnostics import Failure, warning
from lrplan.manifest.entries import Manifest
from lrplan.model.album import Album
from lrplan.model.checkup import Check, Fact, Topic, doubtful, failed, well
from lrplan.model.ids import AlbumId, Owner
from lrplan.model.inheritance import inherited
from lrplan.model.snapshot import Catalog
from lrplan.model.state import State
from lrplan.ports import Memory
from lrplan.render.amounts import count
from lrplan.resolve.generations import claims_of, find_generations
from lrplan.workflow.reading import check_state

_SHOWN = 3  # ours: addresses named in a line; the JSON has all


async def state_check(
    memory: Memory, owner: Owner | None, catalog: Catalog | None, *, previous: Sequence[str] = ()
) -> tuple[Check, State | None]:
    """What is remembered, and of whom. *owner* and *catalog* are None where they are not known.

    Args:
        previous: The names that the project had before.
    """
    try:
        state = await asyncio.to_thread(memory.load_state)
        runs = await asyncio.to_thread(memory.runs)
        if owner is not None and catalog is not None:
            own = inherited(state, owner.project, former={}, previous=previous) if state is not None else None
            check_state(own, owner, catalog)
    except Failure as failure:
        return failed(Topic.STATE, *failure.diagnostics), None
    if state is not None and state.is_blank:
        state = None
    unfinished = tuple(run.id for run in runs)
    facts = {
        "present": state is not None,
        "serial": state.serial if state is not None else None,
        "remembered": len(state.bindings) if state is not None else 0,
        "unfinishedRuns": unfinished,
    }
    summary = "none yet"
    if state is not None:
        summary = f"serial {state.serial:,}, {count(len(state.bindings), 'album or set', 'albums and sets')} remembered"
    if not unfinished:
        return well(Topic.STATE, summary, facts), state
    said = warning(
        "LRP751",
        f"{count(len(unfinished), 'apply', 'applies')} did not finish",
        why=f"Not yet part of the state: {_some(unfinished)}.",
        hint="`lrplan apply` goes on from there",
    )
    return doubtful(Topic.STATE, f"{summary}; {said.what}", said, facts=facts), state


def albums_check(manifest: Manifest, owner: Owner, albums: tuple[Album, ...], state: State | None) -> Check:
    """Which of the declared albums and sets live, which do not yet, and what else of this project is there."""
    listed = {album.id: album for album in albums}
    known = None
    if state is not None:
        known = inherited(state, owner.project, former=manifest.former, previous=manifest.project.previous)
    generations = find_generations(owner, listed, claims_of(manifest, known, owner))
    declared = sorted((*manifest.sets, *manifest.albums))
    live = [address for address in declared if generations.of(address)]
    to_come = tuple(address for address in declared if not generations.of(address))
    older = tuple(album_id for address in live for _, album_id in generations.of(address)[1:])
    let_go = [address for address, one in state.bindings.items() if one.gone] if state is not None else []
    orphans = generations.beside((*declared, *let_go))
    facts: dict[str, Fact] = {
        "declared": len(declared),
        "live": len(live),
        "notYetLive": to_come,
        "older": older,
        "notDeclared": orphans,
    }
    all_of_them = count(len(declared), "declared album or set", "declared albums and sets")
    parts = [f"{len(live):,} of {all_of_them} live" if declared else "nothing is declared"]
    parts += [f"to come: {_some(to_come)}"] if to_come else []
    said = []
    if older:
        why = f"Of {count(len(older), 'album or set', 'albums and sets')} an older generation lives beside the newest."
        hint = "`lrplan apply` finishes the replacement"
        said.append(warning("LRP751", "a replacement was interrupted", why=why, hint=hint))
    if orphans:
        named = _some(tuple(_called(album_id, listed, state) for album_id in orphans))
        goes = "a plan deletes what it remembers, and keeps the rest" if state is not None else "without state it stays"
        what = f"{count(len(orphans), 'album or set', 'albums and sets')} of this project that no manifest declares"
        said.append(warning("LRP752", what, why=f"{named}.", hint=f"declare it, or look at `lrplan plan`: {goes}"))
    if state is None and (live or older) and not orphans:
        why = "lrplan cannot tell which photos it put into them, so it removes and deletes nothing."
        hint = "use the state of the machine that applied last; if there is none, `lrplan state rebuild` makes one"
        said.append(warning("LRP752", "there are albums of this project, and no state", why=why, hint=hint))
    summary = ", ".join((*parts, *(one.what for one in said)))
    return doubtful(Topic.ALBUMS, summary, *said, facts=facts) if said else well(Topic.ALBUMS, summary, facts)


def _called(album_id: AlbumId, listed: Mapping[AlbumId, Album], state: State | None) -> str:
    """What people call it: its address where that is remembered, and the name that Lightroom shows."""
    address = None
    if state is not None:
        address = next((one for one, binding in state.bindings.items() if binding.album_id == album_id), None)
    name = listed[album_id].name
    return f"{address} ({name})" if address is not None else f"{name} ({album_id})"


def _some(words: tuple[str, ...]) -> str:
    more = f" and {len(words) - _SHOWN:,} more" if len(words) > _SHOWN else ""
    return ", ".join(words[:_SHOWN]) + more

"""
The story of `lrplan drift`: what somebody changed in Lightroom since the last apply.

The listing of the albums, the members of those of which it is remembered what was in them, and what became of photos
that are missed there: nothing else is read, and nothing is changed.
"""

import asyncio

from attrs import evolve

from lrplan.diff.outside import DriftReport, albums_to_look_into, changed_outside, photos_missed
from lrplan.manifest.entries import Manifest
from lrplan.resolve.generations import find_generations
from lrplan.workflow.plan import known_to, remembered_state
from lrplan.workflow.reading import read_albums, with_members
from lrplan.workflow.surroundings import Surroundings


async def drift(manifest: Manifest, around: Surroundings) -> DriftReport:
    """Compare the live catalog with what is remembered. What the manifests wish does not matter.

    Raises:
        Failure: The service, the credentials or the memory fail.
    """
    started, first_call = around.clock.monotonic(), around.service.calls
    unfinished = tuple(run.id for run in await asyncio.to_thread(around.memory.runs))
    declared = (*manifest.sets, *manifest.albums)
    state = await asyncio.to_thread(remembered_state, around.memory)
    state = known_to(manifest, state)
    listed = await read_albums(manifest, around.service_id, state, around)
    snapshot, owner, claims = listed.snapshot, listed.owner, listed.claims
    generations = find_generations(owner, snapshot.albums, claims)
    if state is not None:
        needed = albums_to_look_into(state, generations)
        snapshot = await with_members(snapshot, needed, generations, state, around)
        generations = find_generations(owner, snapshot.albums, claims)
        missed = photos_missed(state, snapshot)
        found = await around.service.assets_by_id(missed) if missed else ()
        snapshot = evolve(snapshot, assets={**snapshot.assets, **{asset.id: asset for asset in found}})
    snapshot = evolve(
        snapshot,
        read_at=around.clock.now(),
        calls=around.service.calls - first_call,
        seconds=around.clock.monotonic() - started,
    )
    report = changed_outside(state, snapshot, generations, owner=owner, declared=declared)
    return evolve(report, unfinished=unfinished)

"""The story of `lrplan ids`: the listing of the albums, and the members of those whose photos are asked for."""

import asyncio
from collections.abc import Mapping

from lrplan.diff.registry import Registry, live_registry, remembered_registry
from lrplan.manifest.entries import Manifest
from lrplan.model.address import Address, is_set
from lrplan.ports import Memory
from lrplan.resolve.generations import find_generations
from lrplan.workflow.plan import known_to, remembered_state
from lrplan.workflow.reading import read_albums, with_members
from lrplan.workflow.surroundings import Surroundings


async def live_ids(manifest: Manifest, around: Surroundings, *, photos: bool) -> Registry:
    """Every address with its album id as it is in the catalog, and with *photos* the members of each.

    Raises:
        Failure: The service, the credentials or the memory fail.
    """
    declared = _declared(manifest)
    state = await asyncio.to_thread(remembered_state, around.memory)
    state = known_to(manifest, state)
    listed = await read_albums(manifest, around.service_id, state, around)
    snapshot, owner, claims = listed.snapshot, listed.owner, listed.claims
    generations = find_generations(owner, snapshot.albums, claims)
    if photos:
        addresses = {*declared, *(state.bindings if state is not None else ())}
        needed = {generations.of(one)[0][1] for one in addresses if not is_set(one) and generations.of(one)}
        snapshot = await with_members(snapshot, tuple(sorted(needed)), generations, state, around)
        generations = find_generations(owner, snapshot.albums, claims)
    return live_registry(declared, state, snapshot, generations, owner)


def remembered_ids(manifest: Manifest, memory: Memory) -> Registry | None:
    """Every address with its album id as the last apply left it; None where nothing is remembered.

    Raises:
        Failure: The memory fails.
    """
    state = known_to(manifest, remembered_state(memory))
    return remembered_registry(_declared(manifest), state) if state is not None else None


def _declared(manifest: Manifest) -> Mapping[Address, str]:
    """The remoteId that each address is given, "" for none."""
    infos = {
        **{address: entry.publish_info for address, entry in manifest.sets.items()},
        **{address: entry.publish_info for address, entry in manifest.albums.items()},
    }
    return {
        address: info.remote_id.value if info is not None and info.remote_id is not None else ""
        for address, info in infos.items()
    }

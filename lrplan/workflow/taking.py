"""
The story of `lrplan snapshot`: read the live catalog whole, for whatever a project may come to wish.

A plan reads as little as its wish allows; here nobody knows the wish. So every album of the API key is looked into, and
the catalog is walked from end to end, the trash too: names, ids and hashes must be found later as the service would
find them now.
"""

import asyncio
from collections.abc import Iterable

from attrs import evolve

from lrplan.events import Phase
from lrplan.manifest.entries import Manifest
from lrplan.model.album import AlbumKind
from lrplan.model.asset import Asset
from lrplan.model.snapshot import Snapshot
from lrplan.model.taken import Taken
from lrplan.model.window import is_unknown
from lrplan.resolve.generations import find_generations
from lrplan.workflow.plan import effective_state, known_to
from lrplan.workflow.reading import read_albums, with_members
from lrplan.workflow.surroundings import Surroundings


async def take(manifest: Manifest, around: Surroundings) -> Taken:
    """Read the catalog of the project whole, with what is remembered of it.

    Raises:
        Failure: The service, the credentials or the memory fail; they are of another account, catalog or project.
    """
    started, first_call = around.clock.monotonic(), around.service.calls
    state = await asyncio.to_thread(effective_state, around.memory)
    known = known_to(manifest, state)
    listed = await read_albums(manifest, around.service_id, known, around)
    snapshot, owner = listed.snapshot, listed.owner
    generations = find_generations(owner, snapshot.albums, listed.claims)
    ours = (None, around.service_id)
    inside = tuple(a for a, one in snapshot.albums.items() if one.kind is AlbumKind.ALBUM and one.service_id in ours)
    snapshot = await with_members(snapshot, inside, generations, known, around)
    around.events.emit(Phase(what="Reading all photos"))
    walked = await around.service.walk(captured_after=None, captured_before=None)
    trashed = await around.service.trash()
    snapshot = _with(_with(snapshot, trashed), walked)
    waiting = await around.service.incomplete()
    if unmet := sorted(waiting - snapshot.assets.keys()):
        snapshot = _with(snapshot, await around.service.assets_by_id(unmet))
    hashed = [asset for asset in snapshot.assets.values() if asset.sha256 is not None and asset.id not in waiting]
    trash = [asset for asset in hashed if asset.is_trashed]
    undated = [asset for asset in hashed if is_unknown(asset.capture_date) and not asset.is_trashed]
    finds_trash, finds_undated = await _finds(trash, around), await _finds(undated, around)
    return Taken(
        project=owner.project,
        snapshot=evolve(
            snapshot,
            incomplete=waiting,
            walked=True,
            read_at=around.clock.now(),
            calls=around.service.calls - first_call,
            seconds=around.clock.monotonic() - started,
        ),
        aside=frozenset(snapshot.assets.keys() - {asset.id for asset in walked}),
        finds_trash=finds_trash,
        finds_undated=finds_undated,
        state=state,
    )


def _with(snapshot: Snapshot, assets: Iterable[Asset]) -> Snapshot:
    return evolve(snapshot, assets={**snapshot.assets, **{asset.id: asset for asset in assets}})


async def _finds(some: Iterable[Asset], around: Surroundings) -> bool:
    """Whether the service finds such assets by their hash: no page says so, and one of them shows it."""
    sample = min(some, key=lambda asset: asset.id, default=None)
    if sample is None or sample.sha256 is None:
        return True
    return any(asset.id == sample.id for asset in await around.service.assets_by_sha256(sample.sha256))

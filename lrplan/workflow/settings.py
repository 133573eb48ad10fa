"""Reading the develop settings on which a plan hangs, a call for each photo."""

from collections.abc import Mapping, Sequence

from attrs import evolve

from lrplan.apply.developing import live_settings
from lrplan.model.ids import AssetId, Sha256
from lrplan.model.snapshot import Snapshot
from lrplan.workflow.surroundings import Surroundings
from lrplan.workflow.together import together


async def read_settings(photos: Sequence[AssetId], around: Surroundings) -> Mapping[AssetId, Sha256]:
    """The SHA-256 of the develop settings of *photos*, a call each; those that have none are left out."""
    found = await together(live_settings(around.service, one) for one in photos)
    return {one: sha256 for one, sha256 in zip(photos, found, strict=True) if sha256 is not None}


async def with_settings(snapshot: Snapshot, photos: Sequence[AssetId], around: Surroundings) -> Snapshot:
    """*snapshot*, with the develop settings of *photos* as well: which matter is known once all photos are found."""
    if not photos:
        return snapshot
    started, first_call = around.clock.monotonic(), around.service.calls
    develop = await read_settings(photos, around)
    return evolve(
        snapshot,
        develop=develop,
        calls=snapshot.calls + around.service.calls - first_call,
        seconds=snapshot.seconds + around.clock.monotonic() - started,
    )

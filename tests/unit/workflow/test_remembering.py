"""A photo that leaves the catalog takes its name along: what lrplan put into an album it still knows."""

import asyncio
from pathlib import PurePath

import pytest
from attrs import evolve

from lrplan.diagnostics import ExitCode, Failure
from lrplan.journal.entries import Intent
from lrplan.manifest.entries import Manifest, SourceText
from lrplan.manifest.parse import parse_manifests
from lrplan.model.album import Membership
from lrplan.model.asset import Asset
from lrplan.model.ids import AssetId, Sha256
from lrplan.model.snapshot import Snapshot
from lrplan.workflow.apply import apply
from lrplan.workflow.plan import plan
from lrplan.workflow.surroundings import Surroundings
from tests.memory_catalog import MemoryCatalog
from tests.ports import FakeClock, GivenFiles, KeptEvents, MemoryInMemory
from tests.scenarios.live import SERVICE, scene_of

HASH = Sha256("5" * 64)
PROJECT = SourceText("lrplan.yaml", b"lrplan: 1\nproject: studio\n")
MEMBERS = f"[P01.jpg, P02.jpg, {HASH}, P04.jpg]"


def manifest(text: str) -> Manifest:
    made, said = parse_manifests(PROJECT, [SourceText("manifests/a.yaml", text.encode())])
    assert made is not None, said
    return made


def iceland(members: str) -> Manifest:
    return manifest(f"lrplan: 1\nalbums:\n  iceland: {{name: Iceland, members: {members}}}\n")


def catalog() -> MemoryCatalog:
    world = scene_of({"photos": ["P01..P04"]}, "studio").snapshot
    third = next(asset for asset in world.assets.values() if PurePath(asset.file_name).stem == "P03")
    return MemoryCatalog(evolve(world, assets={**world.assets, third.id: evolve(third, sha256=HASH)}))


def run_on(service: MemoryCatalog) -> Surroundings:
    return Surroundings(
        service=service,
        service_id=SERVICE,
        memory=MemoryInMemory(),
        files=GivenFiles(),
        clock=FakeClock(),
        events=KeptEvents(),
    )


def leave(service: MemoryCatalog, *names: str) -> None:
    """Delete the photos for good, as emptying the trash does."""
    world: Snapshot = service.world
    gone: set[AssetId] = {a.id for a in world.assets.values() if _stem(a) in names}
    members = {album: _without(held, gone) for album, held in world.members.items()}
    service.edit(assets={key: asset for key, asset in world.assets.items() if key not in gone}, members=members)


def _without(held: Membership, gone: set[AssetId]) -> Membership:
    left = [(key, order) for key, order in zip(held.asset_ids, held.orders, strict=True) if key not in gone]
    return Membership(asset_ids=tuple(key for key, _ in left), orders=tuple(order for _, order in left))


def _stem(asset: Asset) -> str:
    return PurePath(asset.file_name).stem


def test_a_photo_named_by_file_name_or_hash_is_blocked_once_it_has_left_the_catalog() -> None:
    async def story() -> None:
        service = catalog()
        around = run_on(service)
        wish = iceland(MEMBERS)
        first = await plan(wish, around)
        assert (await apply(first.plan, around, manifest=wish)).exit_code is ExitCode.DONE
        leave(service, "P02", "P03")
        again = await plan(wish, around)
        (change,) = again.plan.changes
        assert [again.plan.names[one.asset_id] for one in change.blocked] == ["P02.jpg", HASH]
        assert all("has left the catalog" in one.text for one in change.blocked)
        assert again.plan.is_empty
        shorter = iceland(f"[P04.jpg, P01.jpg, P02.jpg, {HASH}]")  # a replacement does not make it forget
        moved = await plan(shorter, around)
        assert not moved.plan.is_empty
        assert (await apply(moved.plan, around, manifest=shorter)).exit_code is ExitCode.DONE
        still = await plan(shorter, around)
        assert len(still.plan.changes[0].blocked) == 2
        assert still.plan.is_empty

    asyncio.run(story())


def test_a_run_that_was_cut_off_is_remembered_from_its_first_intent_to_add() -> None:
    async def story() -> None:
        service = catalog()
        around = run_on(service)
        wish = iceland(MEMBERS)
        made = await plan(wish, around)
        await apply(made.plan, around, manifest=wish)
        leave(service, "P02", "P03")
        memory = around.memory
        assert isinstance(memory, MemoryInMemory)
        ((run_id, (planned, entries)),) = memory.recorded.items()
        adds = next(n for n, one in enumerate(entries) if isinstance(one, Intent) and one.asset_ids)
        for length in range(adds + 1, len(entries) + 1):
            memory.forget()
            memory.recorded[run_id] = (planned, entries[:length])
            again = await plan(wish, around)
            assert len(again.plan.changes[0].blocked) == 2, entries[:length]

    asyncio.run(story())


def test_in_another_album_it_is_as_unknown_as_ever() -> None:
    async def story() -> None:
        service = catalog()
        around = run_on(service)
        wish = iceland(MEMBERS)
        made = await plan(wish, around)
        assert (await apply(made.plan, around, manifest=wish)).exit_code is ExitCode.DONE
        leave(service, "P02")
        with pytest.raises(Failure) as failed:
            await plan(manifest("lrplan: 1\nalbums:\n  norway: {name: Norway, members: [P02.jpg]}\n"), around)
        assert [said.code for said in failed.value.diagnostics] == ["LRP204"]

    asyncio.run(story())

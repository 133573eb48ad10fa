"""A studio: a catalog of a dozen photos that lives in a value, and what lrplan remembers of it, planned and applied."""

import asyncio
from collections.abc import Callable, Mapping

from attrs import evolve

from lrplan.manifest.entries import Manifest, SourceText
from lrplan.manifest.parse import parse_manifests
from lrplan.model.address import Address
from lrplan.model.album import Album, Membership
from lrplan.model.ids import AssetId
from lrplan.model.scope import WHOLE, Scope
from lrplan.model.snapshot import Snapshot
from lrplan.model.state import Binding
from lrplan.plan.plan import Plan
from lrplan.workflow.apply import apply
from lrplan.workflow.plan import effective_state, plan
from lrplan.workflow.report import Bucket, Report
from lrplan.workflow.surroundings import Surroundings
from tests.memory_catalog import MemoryCatalog
from tests.ports import FakeClock, GivenFiles, IndexInMemory, KeptEvents, MemoryInMemory
from tests.scenarios.live import SERVICE, scene_of

PROJECT = "studio"
EVERYTHING = dict.fromkeys(("delete", "replace", "remove", "create", "add", "upload"), 1_000_000)


def world_of(photos: int = 12) -> Snapshot:
    """A catalog with the photos P01.jpg, P02.jpg and so on, and no album."""
    return scene_of({"photos": [f"P01..P{photos:02}"]}, PROJECT).snapshot


def photo(number: int) -> AssetId:
    """The id of a photo of `world_of`."""
    return AssetId(f"{number:032x}")


def manifest_of(albums: str, *, project: str = PROJECT, settings: str = "") -> Manifest:
    """A manifest from what stands behind `lrplan: 1` in it; *settings* are further lines of lrplan.yaml."""
    source = SourceText("lrplan.yaml", f"lrplan: 1\nproject: {project}\n{settings}".encode())
    made, said = parse_manifests(source, [SourceText("manifests/a.yaml", f"lrplan: 1\n{albums}".encode())])
    assert made is not None, said
    return made


class Studio:
    """One catalog, one memory, one clock."""

    def __init__(self, catalog: MemoryCatalog | None = None, *, project: str = PROJECT, settings: str = "") -> None:
        self.catalog = catalog or MemoryCatalog(world_of())
        self.memory = MemoryInMemory()
        self.clock = FakeClock()
        self.files = GivenFiles()
        self.index = IndexInMemory()
        self.project = project
        self.settings = settings

    @property
    def around(self) -> Surroundings:
        """The ports of one run."""
        return Surroundings(
            service=self.catalog,
            service_id=SERVICE,
            memory=self.memory,
            files=self.files,
            clock=self.clock,
            events=KeptEvents(),
            index=self.index,
        )

    def manifest(self, albums: str) -> Manifest:
        """The project with these albums."""
        return manifest_of(albums, project=self.project, settings=self.settings)

    def plan(self, albums: str, *, allow: Mapping[str, int] = EVERYTHING, scope: Scope = WHOLE) -> Plan:
        """Plan, at a later instant than ever before."""
        self.clock.at += self.clock.at.resolution * 1_000_000
        return asyncio.run(plan(self.manifest(albums), self.around, allow=allow, scope=scope)).plan

    def apply(self, planned: Plan, albums: str | None = None) -> Report:
        """Apply a plan; *albums* are the manifests as they are by now, None for a project that is not at hand."""
        manifest = None if albums is None else self.manifest(albums)
        self.clock.at += self.clock.at.resolution * 1_000_000
        return asyncio.run(apply(planned, self.around, manifest=manifest))

    def run(self, albums: str) -> Report:
        """Plan and apply."""
        return self.apply(self.plan(albums), albums)

    def binding(self, address: str) -> Binding | None:
        """What is remembered of an address, with the runs that did not end well."""
        state = effective_state(self.memory)
        return state.bindings.get(Address(address)) if state is not None else None

    def album(self, name: str) -> Album:
        """The live album of that name."""
        (album,) = [one for one in self.catalog.world.albums.values() if one.name == name]
        return album

    def members(self, name: str) -> tuple[AssetId, ...]:
        """The photos in the live album of that name, in shown order."""
        return self.catalog.world.members[self.album(name).id].asset_ids

    def edit_album(self, name: str, /, **changes: object) -> None:
        """Change an album in Lightroom."""
        album = self.album(name)
        self.catalog.edit(albums={**self.catalog.world.albums, album.id: evolve(album, **changes)})  # type: ignore[arg-type]

    def edit_members(self, name: str, change: Callable[[Membership], Membership]) -> None:
        """Change what is in an album in Lightroom."""
        members, key = self.catalog.world.members, self.album(name).id
        self.catalog.edit(members={**members, key: change(members[key])})

    def put_by_hand(self, name: str, number: int) -> None:
        """Add a photo at the end of an album in Lightroom."""
        self.edit_members(
            name, lambda held: evolve(held, asset_ids=(*held.asset_ids, photo(number)), orders=(*held.orders, "z"))
        )

    def lose(self, *numbers: int) -> None:
        """Delete photos for good, as emptying the trash does."""
        gone = {photo(number) for number in numbers}
        world = self.catalog.world
        self.catalog.edit(
            assets={key: asset for key, asset in world.assets.items() if key not in gone},
            members={album: _without(held, gone) for album, held in world.members.items()},
        )


def _without(held: Membership, gone: set[AssetId]) -> Membership:
    left = [(key, order) for key, order in zip(held.asset_ids, held.orders, strict=True) if key not in gone]
    return evolve(held, asset_ids=tuple(key for key, _ in left), orders=tuple(order for _, order in left))


def buckets(report: Report) -> dict[str, Bucket]:
    """The bucket of every wish and file."""
    return {item.name: item.bucket for item in report.items}

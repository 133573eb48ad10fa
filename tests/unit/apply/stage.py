"""A small catalog, a writer that keeps its journal in a list, and a clock that only passes when somebody sleeps."""

import asyncio
from collections.abc import Awaitable, Mapping
from typing import TypeVar

from attrs import define, evolve, field

from lrplan.apply.looks import Look
from lrplan.apply.recorded import RecordedWriter
from lrplan.journal.entries import Entry
from lrplan.model.address import Address
from lrplan.model.album import Album, AlbumKind, Flag, MemberInfo, Membership, PublishInfo
from lrplan.model.asset import Asset
from lrplan.model.ids import AccountId, AlbumId, AssetId, CatalogId, Owner, ServiceId, album_id
from lrplan.model.snapshot import Account, Catalog, Snapshot
from lrplan.ports import MemberListing
from tests.memory_catalog import MemoryCatalog
from tests.ports import FakeClock

KEY = ServiceId("key")
ACCOUNT = AccountId("a" * 32)
OWNER = Owner(account_id=ACCOUNT, service_id=KEY, project="studio")
ALBUM, SET = Address("albums.iceland"), Address("sets.travel")
OLD, NEW = album_id(OWNER, ALBUM, 0), album_id(OWNER, ALBUM, 1)
OLD_SET, NEW_SET = album_id(OWNER, SET, 0), album_id(OWNER, SET, 1)
STRANGER = AlbumId("f" * 32)

T = TypeVar("T")


def photo(number: int) -> AssetId:
    return AssetId(f"{number:032x}")


def photos(*numbers: int) -> tuple[AssetId, ...]:
    return tuple(photo(number) for number in numbers)


def listing(*numbers: int, keyed: bool = True, cover: int | None = None, **infos: MemberInfo) -> Membership:
    """Photos in this order; *infos* by `p1`, `p2`."""
    return Membership(
        asset_ids=photos(*numbers),
        orders=tuple(f"{place:03}m" if keyed else None for place, _ in enumerate(numbers)),
        infos={photo(int(name[1:])): info for name, info in infos.items()},
        cover=photo(cover) if cover is not None else None,
    )


def album(one: AlbumId, *, name: str = "Iceland", parent: AlbumId | None = None, **info: object) -> Album:
    said = PublishInfo(**{"deleted": False, **info})  # type: ignore[arg-type]
    return Album(id=one, kind=AlbumKind.ALBUM, service_id=KEY, name=name, parent=parent, publish_info=said)


def a_set(one: AlbumId, *, name: str = "Travel", parent: AlbumId | None = None) -> Album:
    return evolve(album(one, name=name, parent=parent), kind=AlbumKind.SET)


def world(*albums: Album, members: Mapping[AlbumId, Membership] | None = None, size: int = 200) -> Snapshot:
    return Snapshot(
        account=Account(id=ACCOUNT, name="Jo North", status="subscriber"),
        catalog=Catalog(id=CatalogId("c" * 32), name="Studio North"),
        service_id=KEY,
        albums={one.id: one for one in albums},
        members=dict(members or {}),
        assets={photo(n): Asset(id=photo(n), file_name=f"P{n}.jpg", capture_date="2026-05-01") for n in range(1, size)},
    )


@define
class Journal:
    """What was written down, in order."""

    entries: list[Entry] = field(factory=list)

    async def append(self, entry: Entry) -> None:
        self.entries.append(entry)


class Watched(MemoryCatalog):
    """Keeps every call that was made: `members 0001`, `RemoveAlbum`."""

    def __init__(self, world: Snapshot) -> None:
        super().__init__(world, before=lambda _, name: self.asked.append(name))
        self.asked: list[str] = []


@define
class Stage:
    """One catalog and what an executor needs to work on it."""

    catalog: MemoryCatalog
    clock: FakeClock = field(factory=FakeClock)
    journal: Journal = field(factory=Journal)
    actual: dict[str, str] = field(factory=dict)

    def writer(self, **stamps: str) -> RecordedWriter:
        return RecordedWriter(self.catalog, self.journal, self.clock, stamps=stamps)

    def look(self, *albums: AlbumId) -> Look:
        """The catalog as it is now."""
        shown = self.catalog.world
        return Look(
            albums={one: shown.albums[one] for one in albums},
            members={one: shown.members[one] for one in albums if one in shown.members},
            infos={a: info for one in reversed(albums) for a, info in shown.members.get(one, EMPTY).infos.items()},
        )

    @property
    def names(self) -> list[str]:
        """What was written, by kind."""
        return [type(write).__name__ for write in self.catalog.writes]

    def inside(self, one: AlbumId) -> list[int]:
        """The numbers of the photos in an album, as shown."""
        return [int(asset_id, 16) for asset_id in self.catalog.world.members[one].asset_ids]


EMPTY = Membership()


def run(story: Awaitable[T]) -> T:
    async def whole() -> T:
        return await story

    return asyncio.run(whole())


class Scripted(Watched):
    """Answers of some listings that are given beforehand; None in their place is the answer of now."""

    def __init__(self, world: Snapshot, **shown: list[Membership | None]) -> None:
        super().__init__(world)
        self.given: dict[AlbumId, MemberListing | None] = {}
        self.shown = {"old": shown.get("old", []), "new": shown.get("new", [])}

    async def members(self, album_id: AlbumId) -> MemberListing | None:
        script = self.shown["old" if album_id == OLD else "new"]
        if script:
            self._answered("members", None)
            given = script.pop(0)
            self.given[album_id] = MemberListing(membership=given, assets=()) if given is not None else None
            return self.given[album_id]
        self.given.pop(album_id, None)
        return await super().members(album_id)

    async def members_by_date(self, album_id: AlbumId, *, flag: Flag | None = None) -> MemberListing | None:
        """As the listing directly before shows them."""
        if album_id in self.given:
            return self._answered("members_by_date", self.given[album_id])
        return await super().members_by_date(album_id, flag=flag)

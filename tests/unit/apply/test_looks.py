"""The look directly before the first write: taken once, and comparable with what the plan started from."""

import asyncio

import pytest
from attrs import evolve

from lrplan.apply.looks import Look, Looks
from lrplan.diagnostics import Failure, error
from lrplan.diff.change import Change, Verb
from lrplan.model.album import AlbumKind, MemberInfo
from lrplan.model.fingerprint import combined, fingerprint
from lrplan.model.ids import AlbumId
from lrplan.ports import MemberListing
from tests.memory_catalog import MemoryCatalog
from tests.unit.apply.stage import ALBUM, NEW, OLD, Watched, album, listing, photo, run, world

CATALOG = world(
    album(OLD),
    album(NEW),
    members={
        OLD: listing(1, 2, 3, p1=MemberInfo(remote_id="old"), p2=MemberInfo(remote_id="kept")),
        NEW: listing(1, p1=MemberInfo(remote_id="new")),
    },
)


def change(*retired: AlbumId, inside: bool = True) -> Change:
    return Change(
        address=ALBUM,
        kind=AlbumKind.ALBUM,
        verb=Verb.REPLACE,
        name="Iceland",
        id=NEW,
        retired=retired,
        looks_inside=inside,
    )


def looked(catalog: MemoryCatalog, what: Change) -> Look:
    async def story() -> Look:
        looks = Looks(catalog)
        look = await looks.at(what)
        await looks.close()
        return look

    return run(story())


def test_every_generation_is_looked_at_and_where_they_differ_the_newest_says_what_a_photo_carries() -> None:
    look = looked(MemoryCatalog(CATALOG), change(OLD))
    assert (look.albums, look.members) == (CATALOG.albums, CATALOG.members)
    assert {a: info.remote_id for a, info in look.infos.items()} == {photo(1): "new", photo(2): "kept"}


def test_the_fingerprint_is_that_of_the_plan_with_members_only_where_they_matter() -> None:
    inside = looked(MemoryCatalog(CATALOG), change(OLD))
    prints = tuple(fingerprint(CATALOG.albums[one], CATALOG.members[one]) for one in (NEW, OLD))
    assert inside.fingerprint == combined(prints)
    outside = looked(MemoryCatalog(CATALOG), change(inside=False))
    assert outside.fingerprint == fingerprint(CATALOG.albums[NEW], None)
    assert outside.members == {}


def test_an_album_that_is_gone_makes_another_fingerprint() -> None:
    catalog = MemoryCatalog(CATALOG)
    before = looked(catalog, change(OLD)).fingerprint
    catalog.edit(albums={NEW: CATALOG.albums[NEW]})
    after = looked(catalog, change(OLD))
    assert after.fingerprint != before
    assert list(after.albums) == [NEW]
    catalog.edit(albums={})
    assert looked(catalog, change(inside=False)).fingerprint not in ("", before)


def test_each_address_is_looked_at_once_however_many_ask_at_the_same_time() -> None:
    catalog = Watched(CATALOG)
    planned = evolve(change(OLD), fingerprint=looked(MemoryCatalog(CATALOG), change(OLD)).fingerprint)

    async def story() -> None:
        looks = Looks(catalog)
        several = await asyncio.gather(*(looks.at(planned) for _ in range(5)))
        assert all(one is several[0] for one in several)
        assert await looks.at(planned) is several[0]
        await looks.close()

    run(story())
    assert catalog.asked == ["album", "members"] * 2


class HidesUnkeyed(MemoryCatalog):
    """Leaves out of a listing by order what has no order key."""

    async def members(self, album_id: AlbumId) -> MemberListing | None:
        found = await super().members(album_id)
        assert found is not None
        pairs = zip(found.membership.asset_ids, found.membership.orders, strict=True)
        kept = {one: key for one, key in pairs if key is not None}
        keyed = evolve(found.membership, asset_ids=tuple(kept), orders=tuple(kept.values()))
        return MemberListing(membership=keyed, assets=found.assets)


def test_what_is_not_as_planned_is_looked_at_by_date_as_well() -> None:
    unkeyed = world(album(OLD), album(NEW), members={OLD: listing(1, 2), NEW: listing(3, 4, keyed=False)})
    planned = evolve(change(OLD), fingerprint=looked(MemoryCatalog(unkeyed), change(OLD)).fingerprint)
    look = looked(HidesUnkeyed(unkeyed), planned)
    assert (look.members, look.fingerprint) == (unkeyed.members, planned.fingerprint)
    other = looked(HidesUnkeyed(unkeyed), change(OLD))
    assert other.members == unkeyed.members, "whatever it was planned from, what is there is seen"


def test_a_look_that_fails_fails_for_all_that_ask() -> None:
    def broken(number: int, name: str) -> None:
        raise Failure(error("LRP802", "the service kept failing"))

    catalog = MemoryCatalog(CATALOG, before=broken)

    async def story() -> None:
        looks = Looks(catalog)
        for _ in range(2):
            with pytest.raises(Failure):
                await looks.at(change(OLD))
        await looks.close()

    run(story())
    assert catalog.calls == 1

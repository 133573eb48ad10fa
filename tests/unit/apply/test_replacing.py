"""An old generation goes only when nothing would be lost with it, and a set only when nothing is in it."""

from collections.abc import Callable

import pytest
from attrs import evolve

from lrplan.apply.endings import Ending, Result
from lrplan.apply.looks import Look
from lrplan.apply.replacing import Remover
from lrplan.model.album import Album, AlbumKind, MemberInfo, Membership, Opaque, PublishInfo
from lrplan.model.ids import AlbumId, ServiceId
from lrplan.model.snapshot import Snapshot
from lrplan.plan.action import DeleteAlbum, RetireAlbum
from lrplan.plan.limits import LAG_WAITS_S
from lrplan.plan.write import Answer, PostAlbum, PutMembers, Refused, RemoveAlbum, Write
from tests.faulty_catalog import LaggingCatalog, LosingCatalog
from tests.memory_catalog import MemoryCatalog
from tests.unit.apply.stage import (
    ALBUM,
    NEW,
    NEW_SET,
    OLD,
    OLD_SET,
    SET,
    STRANGER,
    Scripted,
    Stage,
    Watched,
    a_set,
    album,
    listing,
    photo,
    photos,
    run,
    world,
)


def replacing(old: Membership, new: Membership) -> Snapshot:
    return world(album(OLD), album(NEW), members={OLD: old, NEW: new})


def retire(stage: Stage, *wanted: int, dropped: tuple[int, ...] = (), look: Look | None = None) -> Ending:
    action = RetireAlbum(address=ALBUM, album_id=OLD, successor=NEW, dropped=photos(*dropped))
    remover = Remover(stage.catalog, stage.writer(), stage.clock, stage.actual)
    return run(remover.retire("retire", action, look or stage.look(OLD, NEW), photos(*wanted)))


# --- albums: invariant J6 ---


def test_an_old_generation_goes_directly_after_the_new_one_was_seen_to_hold_everything() -> None:
    stage = Stage(Watched(replacing(listing(1, 2), listing(2, 1))))
    assert retire(stage, 1, 2).result is Result.DONE
    assert stage.catalog.asked == ["album", "members", "members_by_date", "members", "RemoveAlbum"]
    assert OLD not in stage.catalog.world.albums
    assert stage.clock.slept_s == 0


@pytest.mark.parametrize("lacking", [[1], [3], [1, 3]], ids=["wanted and old", "only wanted", "both"])
def test_an_old_generation_stays_while_the_new_one_lacks_a_photo(lacking: list[int]) -> None:
    held = [number for number in (1, 2, 3) if number not in lacking]
    stage = Stage(Watched(replacing(listing(1, 2), listing(*held))))
    ending = retire(stage, 1, 2, 3)
    assert ending.result is Result.FAILED
    assert "does not show all photos yet, so the old one stays" in ending.why
    assert stage.names == []
    assert stage.clock.slept_s == sum(LAG_WAITS_S)


def test_an_old_generation_stays_while_a_photo_that_was_carried_over_is_not_seen() -> None:
    catalog = LosingCatalog(replacing(listing(1, 2, 9), listing(1, 2)))
    catalog.loses = 0
    stage = Stage(catalog)
    assert retire(stage, 1, 2).result is Result.FAILED
    assert (catalog.lost, stage.names) == (photo(9), ["PutMembers"])
    assert OLD in stage.catalog.world.albums


def test_a_photo_that_is_shown_late_is_waited_for() -> None:
    stage = Stage(Scripted(replacing(listing(1, 2), listing(1, 2)), new=[listing(1), listing(1)]))
    assert retire(stage, 1, 2).result is Result.DONE
    assert stage.names == ["RemoveAlbum"]
    assert stage.clock.slept_s == sum(LAG_WAITS_S[:2])


def test_a_new_album_that_is_shown_late_is_waited_for() -> None:
    stage = Stage(Scripted(replacing(listing(1, 2), listing(1, 2)), new=[None]))
    assert retire(stage, 1, 2).result is Result.DONE
    assert stage.clock.slept_s == LAG_WAITS_S[0]


def test_an_old_generation_stays_while_the_new_album_is_not_shown_at_all() -> None:
    stage = Stage(Watched(world(album(OLD), members={OLD: listing(1)})))
    ending = retire(stage, 1, look=Look())
    assert ending.result is Result.FAILED
    assert "is not shown yet, so the old one stays" in ending.why
    assert stage.names == []


def test_an_old_generation_that_is_gone_already_is_well() -> None:
    stage = Stage(Watched(world(album(NEW), members={NEW: listing(1)})))
    assert retire(stage, 1, look=Look()).result is Result.ALREADY
    assert stage.names == []


def test_an_old_generation_that_goes_at_the_very_moment_is_well() -> None:
    stage = Stage(Watched(replacing(listing(1), listing(1))))
    before = stage.catalog.world
    stage.catalog._before = lambda _, name: stage.catalog.edit(albums={}) if name == "RemoveAlbum" else None
    assert retire(stage, 1).result is Result.ALREADY
    assert before.albums.keys() == {OLD, NEW}


class Forbidding(Watched):
    """Answers a deletion with 403; what is gone is gone all the same, as after a request whose answer was lost."""

    deletes = True

    async def send(self, write: Write, *, stamp: str) -> Answer:
        if isinstance(write, RemoveAlbum):
            if self.deletes:
                await super().send(write, stamp=stamp)
            return Refused(status=403, why="no")
        return await super().send(write, stamp=stamp)


@pytest.mark.parametrize("deletes", [True, False])
def test_a_deletion_that_is_refused_failed_only_where_the_album_is_still_there(deletes: bool) -> None:
    stage = Stage(Forbidding(replacing(listing(1), listing(1))))
    stage.catalog.deletes = deletes
    assert retire(stage, 1).result is (Result.ALREADY if deletes else Result.FAILED)


def test_the_album_that_really_was_made_is_the_one_that_is_looked_at() -> None:
    third = AlbumId("3" * 32)
    stage = Stage(Watched(world(album(OLD), album(third), members={OLD: listing(1), third: listing(7)})))
    stage.actual.update({NEW: third, photo(1): photo(7)})
    assert retire(stage, 1, dropped=(1,), look=Look()).result is Result.DONE


# --- photos that came in since the plan ---


def test_newcomers_come_along_behind_all_others_with_what_they_carry() -> None:
    info = MemberInfo(remote_id="r", service_payload="s", raw=Opaque('{"someKey":1}'))
    stage = Stage(Watched(replacing(listing(1, 9, 2, p9=info), listing(2, 1))))
    assert retire(stage, 2, 1).result is Result.DONE
    assert stage.inside(NEW) == [2, 1, 9]
    assert stage.catalog.world.members[NEW].infos == {photo(9): info}
    assert stage.names == ["PutMembers", "RemoveAlbum"]


def test_newcomers_get_no_key_where_no_photo_has_one() -> None:
    stage = Stage(Watched(replacing(listing(1, 9, keyed=False), listing(1, keyed=False))))
    assert retire(stage, 1).result is Result.DONE
    assert stage.catalog.world.members[NEW].orders == (None, None)


def test_newcomers_go_fifty_a_call_each_once_although_they_are_shown_late() -> None:
    many = range(1, 121)
    catalog = LaggingCatalog(replacing(listing(*many), listing(1)))
    stage = Stage(catalog)
    assert retire(stage, 1).result is Result.DONE
    sizes = [len(write.entries) for write in catalog.writes if isinstance(write, PutMembers)]
    assert sizes == [50, 50, 19]
    assert stage.inside(NEW) == list(many)


def test_photos_that_the_plan_drops_do_not_come_along_and_are_not_waited_for() -> None:
    stage = Stage(Watched(replacing(listing(1, 2), listing(1))))
    assert retire(stage, 1, dropped=(2,)).result is Result.DONE
    assert stage.inside(NEW) == [1]


def test_an_old_generation_stays_when_a_newcomer_is_refused() -> None:
    stage = Stage(Watched(replacing(listing(1, 9), listing(1))))
    trashed = evolve(stage.catalog.world.assets[photo(9)], subtype="deleted_image")
    stage.catalog.edit(assets={**stage.catalog.world.assets, photo(9): trashed})
    ending = retire(stage, 1)
    assert ending.result is Result.FAILED
    assert "carrying over photos that came in since the plan" in ending.why
    assert stage.names == ["PutMembers"]


# --- what a person does to the old album itself ---

Edit = Callable[[Album, Membership], tuple[Album, Membership]]
EDITS: dict[str, tuple[Edit, str]] = {
    "name": (lambda a, m: (evolve(a, name="by hand"), m), "its name or its place"),
    "place": (lambda a, m: (evolve(a, parent=OLD_SET), m), "its name or its place"),
    "publishInfo": (lambda a, m: (evolve(a, publish_info=PublishInfo(remote_id="h")), m), "its publishInfo"),
    "cover of the album": (lambda a, m: (evolve(a, cover=photo(1)), m), "its cover"),
    "cover among members": (lambda a, m: (a, evolve(m, cover=photo(1))), "its cover"),
    "a photo": (lambda a, m: (a, evolve(m, infos={photo(1): MemberInfo(remote_id="h")})), "publishInfo of a photo"),
    "the order": (lambda a, m: (a, listing(2, 1)), "the order of its photos"),
}


@pytest.mark.parametrize(("edit", "said"), EDITS.values(), ids=EDITS.keys())
def test_an_old_generation_stays_when_it_was_changed_since_it_was_copied(edit: Edit, said: str) -> None:
    stage = Stage(Watched(replacing(listing(1, 2), listing(2, 1))))
    look = stage.look(OLD, NEW)
    now, inside = edit(stage.catalog.world.albums[OLD], stage.catalog.world.members[OLD])
    stage.catalog.edit(
        albums={**stage.catalog.world.albums, OLD: now}, members={**stage.catalog.world.members, OLD: inside}
    )
    ending = retire(stage, 1, 2, look=look)
    assert ending.result is Result.STALE
    assert said in ending.why
    assert stage.names == []


def test_a_cover_is_noticed_where_members_are_not_looked_at() -> None:
    stage = Stage(Watched(replacing(listing(1), listing(1))))
    look = evolve(stage.look(OLD, NEW), members={})
    stage.catalog.edit(albums={**stage.catalog.world.albums, OLD: evolve(album(OLD), cover=photo(1))})
    assert retire(stage, 1, look=look).result is Result.STALE


def test_stamps_and_photos_that_come_and_go_are_no_change_of_the_old_album() -> None:
    stage = Stage(Watched(replacing(listing(1, 2, p2=MemberInfo(remote_id="r")), listing(2, 1))))
    look = stage.look(OLD, NEW)
    stamped = evolve(album(OLD), publish_info=PublishInfo(deleted=False, updated="2030", version=9), raw=Opaque("{ }"))
    kept = listing(1, 2)
    inside = evolve(kept, asset_ids=photos(1, 9), orders=(kept.orders[0], "zz"))
    stage.catalog.edit(
        albums={**stage.catalog.world.albums, OLD: stamped}, members={**stage.catalog.world.members, OLD: inside}
    )
    assert retire(stage, 1, 2, look=look).result is Result.DONE
    assert stage.inside(NEW) == [2, 1, 9]


# --- older generations of sets ---


def emptied(*more: Album, kind: type[MemoryCatalog] = Watched) -> tuple[Ending, Stage]:
    """What becomes of an older set, with *more* beside it and its heir."""
    stage = Stage(kind(world(a_set(OLD_SET), a_set(NEW_SET), *more)))
    action = RetireAlbum(address=SET, album_id=OLD_SET, successor=NEW_SET)
    remover = Remover(stage.catalog, stage.writer(), stage.clock, stage.actual)
    return run(remover.retire("retire", action, stage.look(OLD_SET, NEW_SET), ())), stage


def parents(stage: Stage) -> dict[AlbumId, AlbumId | None]:
    return {one: found.parent for one, found in stage.catalog.world.albums.items()}


def test_an_empty_older_set_goes() -> None:
    ending, stage = emptied()
    assert ending.result is Result.DONE
    assert stage.catalog.asked == ["albums", "RemoveAlbum"]


def test_what_is_in_an_older_set_moves_to_the_newer_one_before_it_goes() -> None:
    inner = AlbumId("5" * 32)
    ending, stage = emptied(
        album(OLD, parent=OLD_SET, remote_id="r"), a_set(inner, parent=OLD_SET), album(NEW, parent=inner)
    )
    assert ending.result is Result.DONE
    assert parents(stage) == {NEW_SET: None, OLD: NEW_SET, inner: NEW_SET, NEW: inner}
    assert stage.names == ["PostAlbum", "PostAlbum", "RemoveAlbum"]
    assert stage.catalog.asked[-2:] == ["albums", "RemoveAlbum"]
    assert stage.catalog.world.albums[OLD] == album(OLD, parent=NEW_SET, remote_id="r")


def test_moves_that_are_listed_late_are_waited_for_and_made_once() -> None:
    ending, stage = emptied(album(OLD, parent=OLD_SET), kind=LaggingCatalog)
    assert ending.result is Result.DONE
    assert stage.names == ["PostAlbum", "RemoveAlbum"]
    assert stage.clock.slept_s > 0


def test_a_newer_set_that_lies_in_the_older_one_comes_out_first() -> None:
    above, inner = AlbumId("6" * 32), AlbumId("5" * 32)
    ending, stage = emptied(
        a_set(above),
        a_set(OLD_SET, parent=above),
        a_set(NEW_SET, parent=inner),
        a_set(inner, parent=OLD_SET),
    )
    assert ending.result is Result.DONE
    assert parents(stage) == {above: None, NEW_SET: above, inner: NEW_SET}


def test_an_older_set_stays_when_something_in_it_may_not_be_moved() -> None:
    mine = evolve(album(STRANGER, parent=OLD_SET, name="Mine"), service_id=ServiceId("another"))
    ending, stage = emptied(mine, kind=Shown)
    assert ending.result is Result.FAILED
    assert "moving 'Mine' to the newer set" in ending.why
    assert "RemoveAlbum" not in stage.names


class Shown(Watched):
    """Shows the albums of every API key."""

    def _is_foreign(self, album: Album) -> bool:
        return False


class Stubborn(Watched):
    """Says that an album was moved, and does not move it."""

    async def send(self, write: Write, *, stamp: str):  # type: ignore[no-untyped-def]
        before = self.world
        answer = await super().send(write, stamp=stamp)
        if isinstance(write, PostAlbum):
            self.world = before
        return answer


def test_an_older_set_stays_while_something_is_shown_in_it() -> None:
    ending, stage = emptied(album(OLD, parent=OLD_SET), kind=Stubborn)
    assert ending.result is Result.FAILED
    assert "still shows 'Iceland'" in ending.why
    assert stage.names == ["PostAlbum"]


# --- deletions ---


def delete(stage: Stage, *albums: AlbumId) -> list[Ending]:
    """Delete several in one run."""
    remover = Remover(stage.catalog, stage.writer(), stage.clock, stage.actual)
    kinds = {one: found.kind for one, found in stage.catalog.world.albums.items()}
    endings = []
    for one in albums:
        kind = kinds.get(one, AlbumKind.SET if one == OLD_SET else AlbumKind.ALBUM)
        endings.append(run(remover.delete("delete", DeleteAlbum(address=ALBUM, album_id=one, kind=kind))))
    return endings


def test_an_album_is_deleted_without_a_look_and_one_that_is_seen_to_be_gone_is_well() -> None:
    stage = Stage(Watched(world(album(OLD))))
    assert [one.result for one in delete(stage, OLD, NEW)] == [Result.DONE, Result.ALREADY]
    assert stage.catalog.asked == ["RemoveAlbum", "RemoveAlbum", "album"]


def test_a_deletion_that_is_refused_fails() -> None:
    stage = Stage(Watched(world(evolve(album(OLD), service_id=ServiceId("another")))))
    (ending,) = delete(stage, OLD)
    assert ending.result is Result.FAILED
    assert "deleting the album" in ending.why


def test_a_set_is_deleted_only_when_a_listing_directly_before_shows_nothing_in_it() -> None:
    stage = Stage(Watched(world(a_set(OLD_SET), album(OLD, parent=OLD_SET))))
    (ending,) = delete(stage, OLD_SET)
    assert ending.result is Result.FAILED
    assert "1 album or set is in it, such as 'Iceland'" in ending.why
    assert stage.names == []
    empty = Stage(Watched(world(a_set(OLD_SET), album(OLD))))
    assert delete(empty, OLD_SET)[0].result is Result.DONE
    assert empty.catalog.asked == ["albums", "RemoveAlbum"]


def test_a_set_goes_directly_behind_its_albums_although_they_are_still_listed() -> None:
    stage = Stage(LaggingCatalog(world(a_set(OLD_SET), album(OLD, parent=OLD_SET))))
    assert [one.result for one in delete(stage, OLD, OLD_SET)] == [Result.DONE, Result.DONE]
    assert stage.clock.slept_s == 0


def test_a_set_whose_albums_somebody_else_deleted_is_waited_for() -> None:
    stage = Stage(LaggingCatalog(world(a_set(OLD_SET), album(OLD, parent=OLD_SET))))
    run(stage.catalog.send(RemoveAlbum(album_id=OLD), stamp="now"))
    assert delete(stage, OLD_SET)[0].result is Result.DONE
    assert stage.clock.slept_s == LAG_WAITS_S[0]


@pytest.mark.parametrize("went", ["moved", "deleted"])
def test_what_has_left_an_older_set_already_is_not_moved_although_it_is_still_listed(went: str) -> None:
    stage = Stage(LaggingCatalog(world(a_set(OLD_SET), a_set(NEW_SET), album(OLD, parent=OLD_SET))))
    move = PostAlbum(current=album(OLD, parent=OLD_SET), parent="/")
    run(stage.catalog.send(move if went == "moved" else RemoveAlbum(album_id=OLD), stamp="now"))
    action = RetireAlbum(address=SET, album_id=OLD_SET, successor=NEW_SET)
    remover = Remover(stage.catalog, stage.writer(), stage.clock, stage.actual)
    assert run(remover.retire("retire", action, stage.look(), ())).result is Result.DONE
    assert parents(stage) == ({NEW_SET: None, OLD: None} if went == "moved" else {NEW_SET: None})
    assert stage.names[1:] == ["RemoveAlbum"]

"""What each answer to a request means, and that an id that is taken is ours until the opposite is proven."""

from typing import Any

import pytest
from attrs import evolve

from lrplan.apply.endings import Ending, Result
from lrplan.apply.looks import Look
from lrplan.apply.stepping import Stepper
from lrplan.diff.change import Change, MemberChange, Verb
from lrplan.journal.entries import Settled
from lrplan.model.album import Album, AlbumKind, MemberInfo, Opaque, PublishInfo
from lrplan.model.ids import AlbumId, ServiceId, album_id
from lrplan.plan.action import (
    TOP_LEVEL,
    Action,
    AddMembers,
    CreateAlbum,
    DeleteAlbum,
    Placed,
    RetireAlbum,
    SetCover,
    Step,
    UpdateAlbum,
    UploadOriginal,
)
from lrplan.plan.limits import GENERATIONS_TRIED_MAX, LAG_WAITS_S
from lrplan.plan.plan import Plan, Summary
from lrplan.plan.write import PostAlbum, PutAlbum, PutMembers
from lrplan.ports import Foreign
from tests.ports import GivenFiles, KeptEvents
from tests.unit.apply.stage import (
    ACCOUNT,
    ALBUM,
    KEY,
    NEW,
    NEW_SET,
    OLD,
    OWNER,
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
from tests.unit.plan.test_edges import ORIGINAL

MAKE = CreateAlbum(
    address=ALBUM, album_id=OLD, kind=AlbumKind.ALBUM, name="Iceland", publish_info=PublishInfo(deleted=False)
)


def plan_of(*changes: Change) -> Plan:
    return Plan(
        project=OWNER.project,
        account_id=ACCOUNT,
        catalog_id=world().catalog.id,
        service_id=KEY,
        catalog_name="",
        manifests_digest="",
        created_at="",
        has_state=True,
        allowed={},
        changes=changes,
        steps=(),
        targets={},
        forgotten=(),
        names={},
        drift=(),
        warnings=(),
        summary=Summary(),
        read_seconds=0,
        apply_seconds=0,
    )


def perform(stage: Stage, action: Action, look: Look | None = None, *changes: Change, is_begun: bool = False) -> Ending:
    stepper = Stepper(
        plan_of(*changes), stage.catalog, stage.writer(), stage.clock, KeptEvents(), GivenFiles(), actual=stage.actual
    )
    return run(stepper.perform(Step(id="step", action=action), look or Look(), is_begun=is_begun))


class HiddenAlbum(Watched):
    """Does not show the albums that are read alone, for the first *times*."""

    times = 2

    async def holder(self, album_id: AlbumId) -> Album | Foreign | None:
        self.times -= 1
        return self._answered("album", None) if self.times >= 0 else await super().holder(album_id)


# --- creating ---


def test_an_album_is_made_as_planned() -> None:
    stage = Stage(Watched(world(a_set(NEW_SET))))
    assert perform(stage, evolve(MAKE, parent=NEW_SET)).result is Result.DONE
    made = stage.catalog.world.albums[OLD]
    assert (made.name, made.parent) == ("Iceland", NEW_SET)
    assert stage.catalog.asked == ["PutAlbum"]


def test_an_album_takes_over_what_is_not_declared_of_the_one_it_replaces() -> None:
    before = evolve(album(OLD, remote_id="r", created="2020"), raw=Opaque('{"own":1}'))
    stage = Stage(Watched(world(before)))
    perform(stage, evolve(MAKE, album_id=NEW, replaces=OLD), stage.look(OLD))
    made = stage.catalog.world.albums[NEW]
    assert made.raw == before.raw
    assert made.publish_info is not None
    assert (made.publish_info.remote_id, made.publish_info.created) == ("r", "2020")


def test_an_album_that_exists_as_wanted_was_made_before() -> None:
    stage = Stage(Watched(world(album(OLD, updated="2030", remote_id="theirs"))))
    assert perform(stage, MAKE).result is Result.ALREADY
    assert stage.catalog.asked == ["PutAlbum", "album"]
    assert stage.clock.slept_s == 0


@pytest.mark.parametrize(
    ("live", "sent"),
    [
        (album(OLD, name="Island"), {"name": "Iceland"}),
        (album(OLD, parent=NEW_SET), {"parent": TOP_LEVEL}),
        (album(OLD, deleted=True), {"publish_info": PublishInfo(deleted=False)}),
    ],
)
def test_an_album_that_exists_otherwise_is_brought_to_what_is_wanted_only_if_this_plan_had_begun_it(
    live: Album, sent: dict[str, Any]
) -> None:
    stage = Stage(Watched(world(a_set(NEW_SET), live)))
    assert perform(stage, MAKE).result is Result.STALE, "somebody else made it, as they wanted it"
    assert stage.catalog.world.albums[OLD] == live
    assert perform(stage, MAKE, is_begun=True).result is Result.DONE
    assert stage.catalog.writes[2:] == [PostAlbum(current=live, **sent)]


def test_an_album_that_exists_and_is_shown_late_is_not_made_once_more() -> None:
    stage = Stage(HiddenAlbum(world(album(OLD))))
    assert perform(stage, MAKE).result is Result.ALREADY
    assert list(stage.catalog.world.albums) == [OLD]
    assert stage.clock.slept_s == sum(LAG_WAITS_S[:2])
    assert stage.actual == {}


def test_an_id_that_another_api_key_has_gives_way_to_the_next_generation_at_once() -> None:
    theirs = evolve(album(OLD), service_id=ServiceId("another"))
    stage = Stage(Watched(world(theirs)))
    assert perform(stage, MAKE).result is Result.DONE
    assert stage.catalog.asked == ["PutAlbum", "album", "PutAlbum"]
    assert stage.clock.slept_s == 0
    assert stage.catalog.world.albums.keys() == {OLD, NEW}


def test_an_id_that_can_be_neither_made_nor_read_is_waited_for_before_the_next_generation() -> None:
    catalog = HiddenAlbum(world(album(OLD)))
    catalog.times = len(LAG_WAITS_S) + 1
    stage = Stage(catalog)
    assert perform(stage, MAKE).result is Result.DONE
    assert stage.catalog.asked == ["PutAlbum", *["album"] * (len(LAG_WAITS_S) + 1), "PutAlbum"]
    assert stage.clock.slept_s == sum(LAG_WAITS_S)
    assert stage.catalog.world.albums.keys() == {OLD, NEW}
    assert stage.actual == {OLD: NEW}
    assert Settled(step_id="step", planned=OLD, actual=NEW) in stage.journal.entries


def test_the_next_generation_is_written_down_before_it_is_made() -> None:
    stage = Stage(Watched(world(evolve(album(OLD), service_id=ServiceId("another")))))
    perform(stage, MAKE)
    touched = [getattr(entry, "album_id", None) for entry in stage.journal.entries]
    settled = next(at for at, entry in enumerate(stage.journal.entries) if isinstance(entry, Settled))
    assert settled < touched.index(NEW)


def test_only_so_many_generations_are_tried() -> None:
    taken = [evolve(album(album_id(OWNER, ALBUM, n)), service_id=ServiceId("another")) for n in range(20)]
    stage = Stage(Watched(world(*taken)))
    ending = perform(stage, MAKE)
    assert ending.result is Result.FAILED
    assert "no usable id" in ending.why
    assert stage.names == ["PutAlbum"] * GENERATIONS_TRIED_MAX
    assert stage.clock.slept_s == 0


def test_a_creation_that_is_refused_fails_in_the_words_of_the_service() -> None:
    ending = perform(Stage(Watched(world())), evolve(MAKE, parent=NEW_SET))
    assert ending.result is Result.FAILED
    assert ending.why.startswith("creating 'Iceland': the service refused it (400: the parent")


# --- updating ---


def test_an_update_sends_the_album_as_it_was_found_with_what_is_wanted() -> None:
    stage = Stage(Watched(world(album(OLD))))
    look = stage.look(OLD)
    assert perform(stage, UpdateAlbum(address=ALBUM, album_id=OLD, name="Island"), look).result is Result.DONE
    assert stage.catalog.writes == [PostAlbum(current=album(OLD), name="Island")]


def test_an_album_that_is_gone_cannot_be_updated() -> None:
    stage = Stage(Watched(world()))
    ending = perform(stage, UpdateAlbum(address=ALBUM, album_id=OLD, name="Island"))
    assert (ending.result, stage.names) == (Result.FAILED, [])


def test_an_update_goes_to_the_album_that_was_really_made() -> None:
    stage = Stage(Watched(world(album(NEW))), actual={OLD: NEW})
    assert perform(stage, UpdateAlbum(address=ALBUM, album_id=OLD, name="B"), stage.look(NEW)).result is Result.DONE


def test_an_update_of_an_album_that_went_at_the_very_moment_fails() -> None:
    stage = Stage(Watched(world(album(OLD))))
    look = stage.look(OLD)
    stage.catalog.edit(albums={})
    ending = perform(stage, UpdateAlbum(address=ALBUM, album_id=OLD, name="B"), look)
    assert ending.result is Result.FAILED
    assert "it is not there any more (404)" in ending.why


# --- photos ---


def adding(*numbers: int, **more: Any) -> AddMembers:
    placed = tuple(Placed(asset_id=photo(number), order=f"{number:03}") for number in numbers)
    return AddMembers(**{"address": ALBUM, "album_id": NEW, "photos": placed, **more})


def test_photos_of_a_replacement_bring_along_what_they_carried() -> None:
    info = MemberInfo(remote_id="r", service_payload="s", raw=Opaque('{"own":1}'))
    stage = Stage(Watched(world(album(OLD), album(NEW), members={OLD: listing(1, p1=info)})))
    perform(stage, adding(1, 2, replaces=OLD), stage.look(NEW, OLD))
    assert stage.catalog.world.members[NEW].infos == {photo(1): info}


def test_photos_that_are_added_in_place_bring_nothing_along() -> None:
    stage = Stage(Watched(world(album(NEW))))
    look = Look(infos={photo(1): MemberInfo(remote_id="r")})
    perform(stage, adding(1), look)
    assert stage.catalog.world.members[NEW].infos == {}


def test_photos_that_are_refused_fail_the_step_by_name() -> None:
    ending = perform(Stage(Watched(world(album(NEW)))), adding(1, 999))
    assert ending.result is Result.FAILED
    assert "1 photos were refused" in ending.why
    assert photo(999) in ending.why


def test_photos_for_an_album_that_is_gone_fail_the_step() -> None:
    assert perform(Stage(Watched(world())), adding(1)).result is Result.FAILED


def test_a_cover_is_set_by_naming_the_member_again() -> None:
    stage = Stage(Watched(world(album(NEW), members={NEW: listing(1, 2)})))
    assert perform(stage, SetCover(address=ALBUM, album_id=NEW, asset_id=photo(2))).result is Result.DONE
    assert stage.catalog.world.members[NEW] == listing(1, 2, cover=2)
    (write,) = stage.catalog.writes
    assert isinstance(write, PutMembers)


# --- the end ---


@pytest.mark.parametrize(("after", "result"), [((1, 2), Result.DONE), ((1, 2, 3), Result.FAILED)])
def test_an_old_generation_is_measured_against_the_members_that_the_plan_wants(
    after: tuple[int, ...], result: Result
) -> None:
    stage = Stage(Watched(world(album(OLD), album(NEW), members={OLD: listing(1), NEW: listing(1, 2)})))
    members = MemberChange(after=photos(*after))
    change = Change(
        address=ALBUM, kind=AlbumKind.ALBUM, verb=Verb.REPLACE, name="", id=OLD, new_id=NEW, members=members
    )
    retiring = RetireAlbum(address=ALBUM, album_id=OLD, successor=NEW)
    assert perform(stage, retiring, stage.look(OLD), change).result is result


def test_an_album_that_goes_is_deleted() -> None:
    stage = Stage(Watched(world(album(OLD))))
    going = DeleteAlbum(address=ALBUM, album_id=OLD, kind=AlbumKind.ALBUM)
    assert perform(stage, going).result is Result.DONE
    assert stage.catalog.world.albums == {}


def test_an_original_is_sent() -> None:
    stage = Stage(Watched(world()))
    sending = UploadOriginal(address=ALBUM, asset_id=photo(900), original=ORIGINAL)
    assert perform(stage, sending).result is Result.DONE
    assert stage.catalog.world.assets[photo(900)].is_complete
    assert not any(isinstance(write, PutAlbum) for write in stage.catalog.writes)

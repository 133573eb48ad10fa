"""Every difference between what was planned and what is there afterwards is a line; nothing else is."""

from typing import Any

import pytest
from attrs import evolve

from lrplan.apply.readback import Found, differences, shows_covers
from lrplan.diff.change import Change, MemberChange, Verb
from lrplan.model.album import Album, AlbumKind, MemberInfo, Membership, PublishInfo
from lrplan.model.ids import AlbumId
from lrplan.plan.action import Action, AddMembers, CreateAlbum, Placed, SetCover, Step, UpdateAlbum
from tests.unit.apply.stage import ALBUM, NEW, NEW_SET, OLD, album, listing, photo, photos

INFO = PublishInfo(
    remote_id="r", view="v", edit="e", service_payload="s", deleted=False, version=4, created="2020", updated="2021"
)
LIVE = evolve(album(NEW, parent=NEW_SET), publish_info=INFO)


def change(**more: Any) -> Change:
    base = Change(address=ALBUM, kind=AlbumKind.ALBUM, verb=Verb.UPDATE, name="Iceland", id=NEW, looks_inside=True)
    return evolve(base, **more)


def said(
    *actions: Action,
    live: Album | None = LIVE,
    members: Membership | None = None,
    covers_shown: bool = True,
    actual: dict[str, str] | None = None,
    others: tuple[Album, ...] = (),
    **more: Any,
) -> tuple[str, ...]:
    steps = tuple(Step(id=str(number), action=action) for number, action in enumerate(actions))
    albums = (*others, *((live,) if live is not None else ()))
    found = Found(albums={one.id: one for one in albums}, members={NEW: members} if members is not None else {})
    lines = differences(change(**more), steps, found, actual or {}, covers_shown=covers_shown)
    assert all(line.startswith("albums.iceland: ") for line in lines)
    return tuple(line.removeprefix("albums.iceland: ") for line in lines)


def adding(*placed: Placed) -> AddMembers:
    return AddMembers(address=ALBUM, album_id=NEW, photos=placed)


def updating(**wanted: Any) -> UpdateAlbum:
    return UpdateAlbum(address=ALBUM, album_id=NEW, **wanted)


def test_what_is_as_planned_says_nothing() -> None:
    assert said(updating(name="Iceland", parent=NEW_SET, publish_info=INFO)) == ()


def test_what_the_plan_did_not_set_out_to_do_is_not_asked_for() -> None:
    live = evolve(LIVE, name="another", parent=None, publish_info=None)
    assert said(updating(), live=live, members=listing(9)) == ()


@pytest.mark.parametrize(
    ("wanted", "line"),
    [
        ({"name": "Island"}, "name is 'Iceland', not 'Island'"),
        ({"parent": "/"}, f"parent is {NEW_SET}, not the top level"),
        ({"parent": OLD}, f"parent is {NEW_SET}, not {OLD}"),
    ],
)
def test_a_name_or_a_parent_that_is_another_is_said(wanted: dict[str, Any], line: str) -> None:
    assert said(updating(**wanted)) == (line,)


@pytest.mark.parametrize(
    ("attribute", "path"),
    [
        ("remote_id", "remoteId"),
        ("view", "remoteLinks.view"),
        ("edit", "remoteLinks.edit"),
        ("service_payload", "servicePayload"),
        ("deleted", "deleted"),
        ("version", "version"),
        ("created", "created"),
        ("updated", "updated"),
    ],
)
@pytest.mark.parametrize("made", ["created", "updated"])
def test_every_declared_part_of_the_publish_info_is_compared(attribute: str, path: str, made: str) -> None:
    wanted = PublishInfo(**{attribute: not INFO.deleted if attribute == "deleted" else "other"})  # type: ignore[arg-type]
    action: Action = updating(publish_info=wanted)
    if made == "created":
        action = CreateAlbum(
            address=ALBUM, album_id=NEW, kind=AlbumKind.ALBUM, name="Iceland", parent=NEW_SET, publish_info=wanted
        )
    assert said(action) == (f"publishInfo.{path} is not what was sent",)
    assert said(action, live=evolve(LIVE, publish_info=wanted)) == ()


def test_an_album_that_is_not_there_is_said() -> None:
    assert said(updating(name="Iceland"), live=None) == ("the album is not there",)


def test_an_id_that_stands_for_another_is_followed() -> None:
    third = AlbumId("3" * 32)
    assert said(updating(name="Iceland"), live=evolve(LIVE, id=third), actual={NEW: third}) == ()


def test_an_old_generation_that_is_still_there_is_said() -> None:
    assert said(others=(album(OLD),), verb=Verb.REPLACE, retired=(OLD,)) == (f"album {OLD} is still there",)
    assert said(verb=Verb.REPLACE, retired=(OLD,)) == ()


def test_an_album_that_was_to_go_and_is_there_is_said() -> None:
    assert said(verb=Verb.DELETE, retired=(NEW,)) == (f"album {NEW} is still there",)
    assert said(live=None, verb=Verb.DELETE, retired=(NEW,)) == ()


def test_photos_that_are_missing_left_over_or_in_another_order_are_said() -> None:
    wanted = MemberChange(after=photos(1, 2), removed=photos(3), keys={photo(1): "a", photo(2): "b"})
    found = Found(albums={NEW: LIVE}, members={NEW: listing(2, 3, 1)})
    assert differences(change(members=wanted), (), found, {}, covers_shown=True) == (
        f"albums.iceland: 1 photos are still in it, such as {photo(3)}",
        "albums.iceland: the photos are not in the order of the plan",
    )
    found = evolve(found, members={NEW: listing(1)})
    assert differences(change(members=wanted), (), found, {}, covers_shown=True) == (
        f"albums.iceland: 1 photos are not in it, such as {photo(2)}",
    )
    unordered, turned = change(members=evolve(wanted, keys={})), evolve(found, members={NEW: listing(2, 1)})
    assert differences(unordered, (), turned, {}, covers_shown=True) == ()


@pytest.mark.parametrize("action", [SetCover(address=ALBUM, album_id=NEW, asset_id=photo(1)),
                                    adding(Placed(asset_id=photo(1), cover=True))])  # fmt: skip
def test_a_cover_is_believed_wherever_it_is_shown(action: Action) -> None:
    assert said(action, live=evolve(LIVE, cover=photo(1)), members=listing(1)) == ()
    assert said(action, members=listing(1, cover=1)) == ()
    assert said(action, members=listing(1, 2, cover=2)) == (f"the cover is {photo(2)}, not {photo(1)}",)
    assert said(action, members=listing(1)) == (f"it has no cover, {photo(1)} was to be",)
    assert said(action, members=listing(1), covers_shown=False) == ()


def test_covers_are_shown_once_any_album_or_member_shows_one() -> None:
    assert not shows_covers([Found(albums={NEW: LIVE}, members={NEW: listing(1)})])
    assert shows_covers([Found(), Found(albums={NEW: evolve(LIVE, cover=photo(1))})])
    assert shows_covers([Found(members={NEW: listing(1, cover=1)})])


@pytest.mark.parametrize(
    "info", [MemberInfo(remote_id="other", service_payload="s"), MemberInfo(remote_id="r"), MemberInfo()]
)
def test_a_photo_without_the_publish_info_that_was_sent_is_said(info: MemberInfo) -> None:
    action = adding(Placed(asset_id=photo(1), remote_id="r", service_payload="s"), Placed(asset_id=photo(2)))
    line = f"1 photo does not carry the publishInfo that was sent, such as {photo(1)}"
    assert said(action, members=listing(1, 2, p1=info)) == (line,)
    good = MemberInfo(remote_id="r", service_payload="s")
    assert said(action, members=listing(1, 2, p1=good, p2=MemberInfo(remote_id="theirs"))) == ()


def test_a_photo_that_stands_for_another_carries_its_publish_info() -> None:
    action = adding(Placed(asset_id=photo(1), remote_id="r"))
    assert said(action, members=listing(7, p7=MemberInfo(remote_id="r")), actual={photo(1): photo(7)}) == ()
    assert len(said(action, members=listing(7), actual={photo(1): photo(7)})) == 1

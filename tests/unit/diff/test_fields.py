"""Declared fields converge, undeclared ones are nobody's business, and what somebody else changed is told."""

import pytest
from attrs import evolve

from lrplan.diagnostics import SourceSpan
from lrplan.diff.change import FieldChange
from lrplan.diff.fields import Names, compare_fields
from lrplan.model.address import Address
from lrplan.model.album import Album, AlbumKind, Membership, PublishInfo
from lrplan.model.ids import AlbumId, AssetId
from lrplan.model.state import Applied
from lrplan.resolve.desired import DesiredAlbum

SPAN = SourceSpan(file="a.yaml", line=1, column=1)
SET, OTHER_SET = AlbumId("5" * 32), AlbumId("6" * 32)
A, B = AssetId("a" * 32), AssetId("b" * 32)
LIVE = Album(
    id=AlbumId("1" * 32),
    kind=AlbumKind.ALBUM,
    service_id=None,
    name="Iceland",
    parent=SET,
    publish_info=PublishInfo(remote_id="r", view="v", created="c", updated="u", version=3),
)
NAMES = Names(photos={A: "A.jpg"}, albums={SET: "Travel", OTHER_SET: "North"})
MEMBERS = Membership(asset_ids=(A, B), orders=(None, None), cover=A)
WISH = DesiredAlbum(address=Address("albums.a"), kind=AlbumKind.ALBUM, span=SPAN)


def changes(
    wish: DesiredAlbum,
    live: Album = LIVE,
    applied: Applied | None = None,
    members: Membership | None = MEMBERS,
    *,
    shows_covers: bool = False,
) -> tuple[FieldChange, ...]:
    parents = {"sets.travel": SET, "sets.north": OTHER_SET}
    return compare_fields(
        wish,
        live,
        members,
        parents=parents.__getitem__,
        applied=applied,
        shows_covers=shows_covers,
        names=NAMES,
    )


def told(
    wish: DesiredAlbum, live: Album = LIVE, applied: Applied | None = None
) -> list[tuple[str, str | None, str | None]]:
    return [(one.path, one.before, one.after) for one in changes(wish, live, applied)]


def test_what_is_not_declared_is_not_compared() -> None:
    assert changes(WISH) == ()


def test_what_is_so_already_is_no_change() -> None:
    info = PublishInfo(remote_id="r", view="v", deleted=False)
    wish = evolve(WISH, name="Iceland", parent=Address("sets.travel"), cover=A, publish_info=info)
    assert changes(wish) == ()


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (evolve(WISH, name="Island"), ("name", "Iceland", "Island")),
        (evolve(WISH, parent=Address("sets.north")), ("parent", "Travel", "North")),
        (evolve(WISH, parent="/"), ("parent", "Travel", "/")),
        (evolve(WISH, cover=B), ("cover", "A.jpg", B)),
        (evolve(WISH, publish_info=PublishInfo(remote_id="q")), ("publishInfo.remoteId", "r", "q")),
        (evolve(WISH, publish_info=PublishInfo(remote_id="")), ("publishInfo.remoteId", "r", "")),
        (evolve(WISH, publish_info=PublishInfo(view="w")), ("publishInfo.remoteLinks.view", "v", "w")),
        (evolve(WISH, publish_info=PublishInfo(edit="e")), ("publishInfo.remoteLinks.edit", None, "e")),
        (evolve(WISH, publish_info=PublishInfo(service_payload="s")), ("publishInfo.servicePayload", None, "s")),
        (evolve(WISH, publish_info=PublishInfo(deleted=True)), ("publishInfo.deleted", "false", "true")),
        (evolve(WISH, publish_info=PublishInfo(version=4)), ("publishInfo.version", "3", "4")),
        (evolve(WISH, publish_info=PublishInfo(created="d")), ("publishInfo.created", "c", "d")),
    ],
)
def test_a_declared_field_that_differs_is_a_change_in_words_for_people(
    wish: DesiredAlbum, expected: tuple[str, str | None, str | None]
) -> None:
    assert told(wish) == [expected]


def test_an_album_at_the_top_level_is_named_so() -> None:
    at_top = evolve(LIVE, parent=None)
    assert told(evolve(WISH, parent=Address("sets.north")), at_top) == [("parent", "/", "North")]
    assert told(evolve(WISH, parent="/"), at_top) == []


def test_stamps_that_are_not_declared_are_never_a_difference() -> None:
    wish = evolve(WISH, publish_info=PublishInfo(remote_id="r"))
    assert told(wish, evolve(LIVE, publish_info=PublishInfo(remote_id="r", version=9, updated="now"))) == []


def test_being_declared_takes_a_tombstone_back() -> None:
    dead = evolve(LIVE, publish_info=PublishInfo(remote_id="r", deleted=True))
    assert told(WISH, dead) == [("publishInfo.deleted", "true", "false")]
    assert told(evolve(WISH, publish_info=PublishInfo(deleted=True)), dead) == []


@pytest.mark.parametrize(
    ("wish", "applied"),
    [
        (evolve(WISH, name="Island"), Applied(name="Island")),
        (evolve(WISH, parent="/"), Applied(parent="/")),
        (evolve(WISH, cover=B), Applied(cover=B)),
        (evolve(WISH, publish_info=PublishInfo(remote_id="q")), Applied(publish_info=PublishInfo(remote_id="q"))),
        (evolve(WISH, publish_info=PublishInfo(deleted=True)), Applied(publish_info=PublishInfo(deleted=True))),
    ],
)
def test_a_field_that_was_applied_and_differs_was_changed_outside(wish: DesiredAlbum, applied: Applied) -> None:
    assert [one.changed_outside for one in changes(wish, applied=applied)] == [True]
    assert [one.changed_outside for one in changes(wish, applied=Applied())] == [False]
    assert [one.changed_outside for one in changes(wish, applied=None)] == [False]


def test_a_cover_may_be_shown_by_the_album_or_by_the_member() -> None:
    wish = evolve(WISH, cover=B)
    uncovered = evolve(MEMBERS, cover=None)
    assert changes(wish, evolve(LIVE, cover=B), members=uncovered) == ()
    assert changes(wish, LIVE, members=evolve(MEMBERS, cover=B)) == ()
    assert changes(wish, LIVE, members=uncovered) != ()


def test_a_service_that_shows_no_cover_is_believed_to_hold_the_last_one() -> None:
    wish, uncovered = evolve(WISH, cover=B), evolve(MEMBERS, cover=None)
    assert changes(wish, members=uncovered, applied=Applied(cover=B)) == ()
    assert changes(wish, members=uncovered, applied=Applied(cover=A)) != ()


def test_a_cover_that_is_lost_is_set_again_where_other_covers_are_shown() -> None:
    wish, uncovered = evolve(WISH, cover=B), evolve(MEMBERS, cover=None)
    (change,) = changes(wish, members=uncovered, applied=Applied(cover=B), shows_covers=True)
    assert (change.path, change.before, change.changed_outside) == ("cover", None, True)

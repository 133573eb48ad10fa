"""Each ordering rule, shown by steps for which it matters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrplan.model.address import Address
from lrplan.model.album import AlbumKind, PublishInfo
from lrplan.model.ids import AlbumId, AssetId, Sha256
from lrplan.model.inventory import Original
from lrplan.plan.action import (
    TOP_LEVEL,
    Action,
    AddMembers,
    CopySettings,
    CreateAlbum,
    DeleteAlbum,
    Parent,
    Placed,
    RetireAlbum,
    SetCover,
    SetDevelop,
    Step,
    UpdateAlbum,
    UploadOriginal,
)
from lrplan.plan.edges import RULES, deletes, with_edges

HERE = Address("albums.a")
OLD, NEW, SET, OUTER = (AlbumId(digit * 32) for digit in "1234")
PHOTO, OTHER = (AssetId(letter * 32) for letter in "ab")
ORIGINAL = Original(
    path="a.jpg",
    file_name="a.jpg",
    size_bytes=1,
    sha256=Sha256("0" * 64),
    part_size_bytes=32768,
    part_checks=("0" * 16,),
    subtype="image",
    content_type="image/jpeg",
)


def create(album: AlbumId = NEW, parent: Parent = TOP_LEVEL, kind: AlbumKind = AlbumKind.ALBUM) -> CreateAlbum:
    return CreateAlbum(address=HERE, album_id=album, kind=kind, name="A", parent=parent)


def move(album: AlbumId, parent: Parent) -> UpdateAlbum:
    return UpdateAlbum(address=HERE, album_id=album, parent=parent)


def add(album: AlbumId = NEW, *photos: AssetId) -> AddMembers:
    return AddMembers(address=HERE, album_id=album, photos=tuple(Placed(asset_id=a) for a in photos or (PHOTO,)))


COVER = SetCover(address=HERE, album_id=NEW, asset_id=PHOTO)
RETIRE = RetireAlbum(address=HERE, album_id=OLD, successor=NEW)
RENAME = UpdateAlbum(address=HERE, album_id=NEW, name="B")
RENAME_SET = UpdateAlbum(address=HERE, album_id=SET, name="B")
DELETE = DeleteAlbum(address=HERE, album_id=OLD, kind=AlbumKind.ALBUM)
UPLOAD = UploadOriginal(address=HERE, asset_id=PHOTO, original=ORIGINAL)
SETTINGS = SetDevelop(address=HERE, asset_id=PHOTO, path="a.xmp", sha256=Sha256("1" * 64))
COPY = CopySettings(address=HERE, asset_id=OTHER, source=PHOTO, sha256=Sha256("1" * 64))
CREATE_SET = create(SET, kind=AlbumKind.SET)

NEEDED = (
    ("an album is made in a set that is made", CREATE_SET, create(NEW, SET)),
    ("an album moves into a set that is made", CREATE_SET, move(OLD, SET)),
    ("an album is made in a set that moves", move(SET, OUTER), create(NEW, SET)),
    ("a set moves into one that moves away first", move(SET, TOP_LEVEL), move(OUTER, SET)),
    ("photos go into an album that is made", create(), add()),
    ("a cover is set in an album that is made", create(), COVER),
    ("an old generation goes once the new one is made", create(), RETIRE),
    ("a photo is added once it is uploaded", UPLOAD, add()),
    ("settings are sent once the photo is there", UPLOAD, SETTINGS),
    ("settings are copied once they are there", SETTINGS, COPY),
    ("a photo is added once it has its settings", SETTINGS, add()),
    ("a photo is added once it has the settings of another", COPY, add(NEW, OTHER)),
    ("a cover is set once it is a member", add(), COVER),
    ("photos are added once the album has its fields", RENAME, add()),
    ("a cover is set once the album has its fields, since an update sends the cover as it was", RENAME, COVER),
    ("an old generation goes once the new one is full", add(), RETIRE),
    ("an old generation goes once the new one has its cover", COVER, RETIRE),
    ("an old generation goes once the new one has its fields", RENAME, RETIRE),
)  # fmt: skip

FREE = (
    ("photos of one call do not wait for those of another", add(NEW, PHOTO), add(NEW, OTHER)),
    ("albums do not wait for each other", create(OLD), create(NEW)),
    ("another album's photos are no reason to wait", create(OLD), add(NEW)),
    ("a new name does not hold up the photos of another album", RENAME, add(OLD)),
    ("an album in a set does not wait for the set's new name", RENAME_SET, create(NEW, SET)),
    ("settings of another photo are no reason to wait", SETTINGS, add(NEW, OTHER)),
    ("what is copied does not wait for the copy to be added", COPY, add(NEW, PHOTO)),
    ("another original is no reason to wait", UPLOAD, add(NEW, OTHER)),
    ("a deletion waits by rank, not for what it has nothing to do with", add(), DELETE),
)  # fmt: skip


def linked(*actions: Action, children_first: tuple[tuple[AlbumId, AlbumId], ...] = ()) -> dict[str, tuple[str, ...]]:
    """What each step requires; steps are named by their place."""
    steps = [Step(id=str(number), action=action) for number, action in enumerate(actions)]
    return {step.id: step.requires for step in with_edges(steps, children_first)}


@pytest.mark.parametrize(("first", "second"), [row[1:] for row in NEEDED], ids=[row[0] for row in NEEDED])
def test_what_is_needed_comes_first(first: Action, second: Action) -> None:
    found = linked(second, first)
    assert found == {"1": (), "0": ("1",)}
    assert list(found) == ["1", "0"], "whatever order the steps were given in"


@pytest.mark.parametrize(("first", "second"), [row[1:] for row in FREE], ids=[row[0] for row in FREE])
def test_what_is_not_needed_is_not_waited_for(first: Action, second: Action) -> None:
    assert linked(first, second) == {"0": (), "1": ()}


def test_every_rule_is_shown_above() -> None:
    shown = {
        rule.why for rule in RULES for _, first, second in NEEDED if set(rule.provides(first)) & set(rule.uses(second))
    }
    assert shown == {rule.why for rule in RULES}


def test_children_are_deleted_before_their_parents() -> None:
    child = DeleteAlbum(address=HERE, album_id=OLD, kind=AlbumKind.ALBUM)
    parent = DeleteAlbum(address=HERE, album_id=SET, kind=AlbumKind.SET)
    assert linked(parent, child, children_first=((OLD, SET), (NEW, SET))) == {"1": (), "0": ("1",)}


def test_a_set_waits_for_the_replaced_album_in_it_to_go() -> None:
    parent = DeleteAlbum(address=HERE, album_id=SET, kind=AlbumKind.SET)
    assert linked(parent, RETIRE, children_first=((OLD, SET),)) == {"1": (), "0": ("1",)}


def test_only_deletions_of_what_nobody_declares_wait_for_everything() -> None:
    actions = (create(), move(OLD, SET), add(), COVER, RETIRE, UPLOAD)
    assert not any(map(deletes, actions))
    assert deletes(DeleteAlbum(address=HERE, album_id=OLD, kind=AlbumKind.SET))


def test_an_older_set_goes_last_so_that_what_leaves_it_has_left() -> None:
    assert deletes(RetireAlbum(address=Address("sets.travel"), album_id=OLD, successor=NEW))
    assert not deletes(RetireAlbum(address=HERE, album_id=OLD, successor=NEW))


def test_steps_that_need_each_other_are_a_bug_that_is_said() -> None:
    with pytest.raises(ValueError, match="circle"):
        linked(create(SET, OUTER, AlbumKind.SET), create(OUTER, SET, AlbumKind.SET))


@given(st.permutations([row for rows in NEEDED for row in rows[1:]]))
def test_every_step_comes_after_what_it_requires(actions: list[Action]) -> None:
    unique = list({repr(action): action for action in actions if not isinstance(action, UpdateAlbum)}.values())
    steps = [Step(id=str(number), action=action) for number, action in enumerate(unique)]
    done: set[str] = set()
    for step in with_edges(steps, ()):
        assert done.issuperset(step.requires)
        done.add(step.id)
    assert len(done) == len(steps)


def test_publish_info_alone_moves_no_set() -> None:
    tag = UpdateAlbum(address=HERE, album_id=SET, publish_info=PublishInfo(remote_id="r"))
    assert linked(tag, create(NEW, SET)) == {"0": (), "1": ()}


def test_a_set_waits_until_all_that_will_lie_above_it_has_moved() -> None:
    # SET lies in OLD, OLD in OUTER; OLD comes out, OUTER goes into SET: the other way round would make a circle.
    steps = [Step(id="in", action=move(OUTER, SET)), Step(id="out", action=move(OLD, TOP_LEVEL))]
    linked = with_edges(steps, [(SET, OLD), (OLD, OUTER)])
    assert [(step.id, step.requires) for step in linked] == [("out", ()), ("in", ("out",))]

"""A fingerprint changes when something that lrplan compares does, and only then."""

import pytest
from attrs import evolve

from lrplan.model.album import Album, AlbumKind, MemberInfo, Membership, Opaque, PublishInfo
from lrplan.model.fingerprint import binding_fingerprint, combined, fingerprint
from lrplan.model.ids import AlbumId, AssetId, ServiceId
from lrplan.model.state import Applied, Binding, WhenGone

A, B, C = (AssetId(letter * 32) for letter in "abc")
INFO = PublishInfo(remote_id="r", view="v", edit="e", service_payload="s", deleted=False, version=3, created="c")
ALBUM = Album(
    id=AlbumId("1" * 32),
    kind=AlbumKind.ALBUM,
    service_id=ServiceId("key"),
    name="Iceland",
    parent=AlbumId("2" * 32),
    cover=A,
    publish_info=INFO,
)
MEMBERS = Membership(
    asset_ids=(A, B), orders=("k", None), infos={B: MemberInfo(remote_id="p", service_payload="q")}, cover=A
)


@pytest.mark.parametrize(
    "other",
    [
        evolve(ALBUM, id=AlbumId("3" * 32)),
        evolve(ALBUM, name="Island"),
        evolve(ALBUM, name=""),
        evolve(ALBUM, parent=None),
        evolve(ALBUM, cover=B),
        evolve(ALBUM, publish_info=None),
        *(
            evolve(ALBUM, publish_info=evolve(INFO, **{key: value}))
            for key in ("remote_id", "view", "edit", "service_payload")
            for value in ("other", "", None)
        ),
        evolve(ALBUM, publish_info=evolve(INFO, deleted=True)),
    ],
)
def test_it_changes_with_the_album(other: Album) -> None:
    assert fingerprint(other, MEMBERS) != fingerprint(ALBUM, MEMBERS)


@pytest.mark.parametrize(
    "other",
    [
        Membership(),
        evolve(MEMBERS, asset_ids=(A, C)),
        evolve(MEMBERS, asset_ids=(B, A)),
        evolve(MEMBERS, asset_ids=(A,), orders=("k",)),
        evolve(MEMBERS, orders=("k", "l")),
        evolve(MEMBERS, orders=(None, "k")),
        evolve(MEMBERS, orders=("k", "")),
        evolve(MEMBERS, cover=B),
        evolve(MEMBERS, cover=None),
        evolve(MEMBERS, infos={}),
        evolve(MEMBERS, infos={A: MEMBERS.infos[B]}),
        evolve(MEMBERS, infos={B: MemberInfo(remote_id="p")}),
        evolve(MEMBERS, infos={B: MemberInfo(remote_id="q", service_payload="p")}),
        None,
    ],
)
def test_it_changes_with_the_members(other: Membership | None) -> None:
    assert fingerprint(ALBUM, other) != fingerprint(ALBUM, MEMBERS)


@pytest.mark.parametrize(
    "other",
    [
        evolve(ALBUM, publish_info=evolve(INFO, version=4)),
        evolve(ALBUM, publish_info=evolve(INFO, created="another day")),
        evolve(ALBUM, publish_info=evolve(INFO, updated="just now")),
        evolve(ALBUM, publish_info=evolve(INFO, deleted=None)),
        evolve(ALBUM, raw=Opaque('{"unknown": 1}')),
        evolve(ALBUM, service_id=None),
    ],
)
def test_it_does_not_change_with_stamps_and_what_lrplan_does_not_compare(other: Album) -> None:
    assert fingerprint(other, MEMBERS) == fingerprint(ALBUM, MEMBERS)


def test_it_does_not_depend_on_the_order_in_which_member_infos_were_read() -> None:
    infos = {A: MemberInfo(remote_id="1"), B: MemberInfo(remote_id="2")}
    left, right = evolve(MEMBERS, infos=infos), evolve(MEMBERS, infos=dict(reversed(infos.items())))
    assert fingerprint(ALBUM, left) == fingerprint(ALBUM, right)


def test_a_cover_that_only_the_member_shows_is_one_that_the_album_shows() -> None:
    assert fingerprint(evolve(ALBUM, cover=None), MEMBERS) == fingerprint(ALBUM, MEMBERS)


def test_text_cannot_pretend_to_be_two_texts() -> None:
    one = evolve(ALBUM, name="ab", publish_info=PublishInfo(remote_id="c"))
    two = evolve(ALBUM, name="a", publish_info=PublishInfo(remote_id="bc"))
    assert fingerprint(one, None) != fingerprint(two, None)


def test_a_name_with_a_lone_surrogate_has_a_fingerprint() -> None:
    assert len(fingerprint(evolve(ALBUM, name="\ud800"), None)) == 32


def test_several_generations_have_one_fingerprint() -> None:
    assert combined(()) == ""
    assert combined(("f",)) == "f"
    assert combined(("f", "g")) != combined(("g", "f"))


def test_everything_that_is_remembered_of_an_address_counts() -> None:
    photo, other = AssetId("a" * 32), AssetId("b" * 32)
    binding = Binding(album_id=AlbumId("1" * 32), generation=1, put=(photo, other), arranged=(photo, other))
    changed = (
        evolve(binding, album_id=AlbumId("2" * 32)),
        evolve(binding, generation=2),
        evolve(binding, put=(photo,)),
        evolve(binding, arranged=None),
        evolve(binding, known_as={photo: "P01.jpg"}),
        evolve(binding, leaving={photo: 1}),
        evolve(binding, leaving={photo: 2}),
        evolve(binding, leaving={other: 1}),
        evolve(binding, when_gone=WhenGone.KEEP),
        evolve(binding, protect=True),
        evolve(binding, gone=True),
        evolve(binding, applied=Applied(name="A")),
    )
    found = [binding_fingerprint(one) for one in (None, binding, *changed)]
    assert len(set(found)) == len(found)
    assert binding_fingerprint(evolve(binding, source="a.yaml:1")) == binding_fingerprint(binding), "for people only"

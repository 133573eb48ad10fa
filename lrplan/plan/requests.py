"""
From actions to the values that are sent: one place that both the executor and the simulation go through.

An action names ids; what a request carries over from the live catalog (the payload of an album that is updated or
replaced, those of photos that move along with it) is handed in as it was read directly before.
"""

from collections.abc import Collection, Mapping

from attrs import evolve

from lrplan.model.album import NO_PAYLOAD, Album, MemberInfo, PublishInfo, merged
from lrplan.model.ids import AlbumId, AssetId
from lrplan.plan.action import TOP_LEVEL, AddMembers, CreateAlbum, Parent, Placed, SetCover, UpdateAlbum, UploadOriginal
from lrplan.plan.limits import parts_of
from lrplan.plan.write import Entry, PostAlbum, PutAlbum, PutMembers, PutOriginal

NOTHING = MemberInfo()

Actual = Mapping[str, str]
"""Ids of the plan that turned out to stand for others."""


def actual_album(album_id: AlbumId, actual: Actual) -> AlbumId:
    """The album that is really meant by an id of the plan."""
    return AlbumId(actual.get(album_id, album_id))


def actual_asset(asset_id: AssetId, actual: Actual) -> AssetId:
    """The asset that is really meant by an id of the plan."""
    return AssetId(actual.get(asset_id, asset_id))


def put_album(action: CreateAlbum, replaced: Album | None, actual: Actual) -> PutAlbum:
    """The creation of an album; *replaced* is the old generation as just read. What is not declared stays as it was."""
    before = replaced.publish_info if replaced is not None else None
    info = action.publish_info
    if before is not None:
        # a new generation has not been published before: its `updated` begins at `created`
        info = merged(evolve(before, updated=None), info or PublishInfo())
    return PutAlbum(
        album_id=actual_album(action.album_id, actual),
        kind=action.kind,
        name=action.name,
        parent=_parent(action.parent, actual) or TOP_LEVEL,
        publish_info=info,
        raw=replaced.raw if replaced is not None else NO_PAYLOAD,
    )


def post_album(action: UpdateAlbum, current: Album, actual: Actual) -> PostAlbum:
    """The update of an album, from what it holds now."""
    return PostAlbum(
        current=current, name=action.name, parent=_parent(action.parent, actual), publish_info=action.publish_info
    )


def parts_to_send(
    action: UploadOriginal, arrived: Collection[str], target: AssetId | None = None
) -> tuple[PutOriginal, ...]:
    """The requests that bring the bytes of an original, without those whose ranges have *arrived*.

    Args:
        target: The asset they go to, where it is not the one that the plan names.
    """
    original = action.original
    parts = parts_of(original.size_bytes, original.part_size_bytes)
    writes = (
        PutOriginal(asset_id=target or action.asset_id, original=original, part=number, parts=parts)
        for number in range(parts)
    )
    return tuple(write for write in writes if write.content_range not in arrived)


def put_members(action: AddMembers, carried: Mapping[AssetId, MemberInfo], actual: Actual) -> PutMembers:
    """The addition of photos; *carried* has what the generation that is replaced says about its members."""
    before = carried if action.replaces is not None else {}
    return PutMembers(
        album_id=actual_album(action.album_id, actual),
        entries=tuple(_entry(photo, before.get(photo.asset_id, NOTHING), actual) for photo in action.photos),
    )


def put_cover(action: SetCover, actual: Actual) -> PutMembers:
    """A member, named again as the cover: the documented way to move it."""
    entry = Entry(asset_id=actual_asset(action.asset_id, actual), cover=True)
    return PutMembers(album_id=actual_album(action.album_id, actual), entries=(entry,))


def carried_over(asset_id: AssetId, said: Mapping[AssetId, MemberInfo], order: str | None = None) -> Entry:
    """A photo that nobody asked for and that comes along as it is, with what its album *said* of it."""
    info = said.get(asset_id, NOTHING)
    return Entry(
        asset_id=asset_id,
        order=order,
        remote_id=info.remote_id,
        service_payload=info.service_payload,
        raw=info.raw,
    )


def _entry(photo: Placed, before: MemberInfo, actual: Actual) -> Entry:
    """One photo; what is not declared of it stays as it was in the generation *before*."""
    return Entry(
        asset_id=actual_asset(photo.asset_id, actual),
        order=photo.order,
        remote_id=photo.remote_id if photo.remote_id is not None else before.remote_id,
        service_payload=photo.service_payload if photo.service_payload is not None else before.service_payload,
        cover=photo.cover,
        raw=before.raw,
    )


def _parent(parent: Parent | None, actual: Actual) -> Parent | None:
    if parent is None or parent == TOP_LEVEL:
        return parent
    return AlbumId(actual.get(parent, parent))

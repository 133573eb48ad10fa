"""
The proof: what a touched album holds afterwards, compared with what the plan said it would.

Only what the plan set out to do is asked for: the fields it wrote, the photos it added, the order it made, the cover,
the photos and generations that were to go. The result is a line for each thing that is not so.
"""

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from lrplan.diff.change import Change, MemberChange, Verb
from lrplan.diff.fields import PUBLISH_PATHS
from lrplan.diff.sequence import same_order
from lrplan.model.album import Album, MemberInfo, Membership, PublishInfo
from lrplan.model.ids import AlbumId, AssetId, Sha256
from lrplan.plan.action import (
    TOP_LEVEL,
    AddMembers,
    CopySettings,
    CreateAlbum,
    Parent,
    Placed,
    SetCover,
    SetDevelop,
    Step,
    UpdateAlbum,
    UploadOriginal,
)
from lrplan.plan.requests import Actual, actual_album, actual_asset


@frozen(kw_only=True)
class Found:
    """What a reading showed of the albums of one change; albums that are gone are absent.

    Attributes:
        develop: The settings of the photos for which some were sent; those that have none are absent.
        incomplete: What of the catalog still waits for its original.
    """

    albums: Mapping[AlbumId, Album] = field(factory=dict)
    members: Mapping[AlbumId, Membership] = field(factory=dict)
    develop: Mapping[AssetId, Sha256] = field(factory=dict)
    incomplete: frozenset[AssetId] = frozenset()


def shows_covers(found: Iterable[Found]) -> bool:
    """Tell whether the service shows any cover at all; then an album that shows none has none."""
    return any(
        any(album.cover for album in one.albums.values()) or any(listing.cover for listing in one.members.values())
        for one in found
    )


def keeps_parent(steps: tuple[Step, ...], found: Found, actual: Actual) -> bool:
    """Tell whether one of *steps* was to take an album out of its set, to the top level, and it is still in it."""
    for step in steps:
        match step.action:
            case UpdateAlbum(album_id=album_id, parent=parent) if parent == TOP_LEVEL:
                album = found.albums.get(actual_album(album_id, actual))
                if album is not None and album.parent is not None:
                    return True
            case _:
                pass
    return False


def differences(
    change: Change, steps: tuple[Step, ...], found: Found, actual: Actual, *, covers_shown: bool
) -> tuple[str, ...]:
    """What is not as the plan said, a line each; empty when all is.

    Args:
        steps: The steps of this address.
        actual: Ids of the plan that stand for others.
        covers_shown: A missing cover is a difference; else the service shows none of any album.
    """
    said = [f"album {old} is still there" for old in change.retired if old in found.albums]
    if change.verb is Verb.DELETE:
        return tuple(f"{change.address}: {line}" for line in said)
    target = change.new_id or change.id
    album = found.albums.get(actual_album(target, actual)) if target is not None else None
    if album is None:
        said.append("the album is not there")
        return tuple(f"{change.address}: {line}" for line in said)
    members = found.members.get(album.id)
    placed: list[Placed] = []
    for step in steps:
        match step.action:
            case (
                CreateAlbum(name=name, parent=parent, publish_info=info)
                | UpdateAlbum(name=name, parent=parent, publish_info=info)
            ):
                said.extend(_fields(album, name, parent, info, actual))
            case SetCover(asset_id=asset_id):
                said.extend(_cover(album, members, actual_asset(asset_id, actual), covers_shown=covers_shown))
            case UploadOriginal(asset_id=asset_id, original=original):
                if actual_asset(asset_id, actual) in found.incomplete:
                    said.append(f"the original of {original.file_name} has not arrived whole yet")
            case SetDevelop() | CopySettings() as action:
                asset_id = actual_asset(action.asset_id, actual)
                if found.develop.get(asset_id) != action.sha256:
                    said.append(f"the develop settings of {asset_id} are not those that were sent")
            case AddMembers(photos=photos):
                for photo in photos:
                    if photo.cover:
                        said.extend(
                            _cover(album, members, actual_asset(photo.asset_id, actual), covers_shown=covers_shown)
                        )
                placed.extend(photos)
            case _:
                pass
    if change.members is not None and members is not None:
        said.extend(_members(change.members, members, actual))
    if members is not None:
        said.extend(_told(placed, members, actual))
    return tuple(f"{change.address}: {line}" for line in said)


def _fields(
    album: Album, name: str | None, parent: Parent | None, info: PublishInfo | None, actual: Actual
) -> list[str]:
    said = []
    if name is not None and album.name != name:
        said.append(f"name is {album.name!r}, not {name!r}")
    if parent is not None:
        wanted = None if parent == TOP_LEVEL else actual_album(AlbumId(parent), actual)
        if album.parent != wanted:
            said.append(f"parent is {album.parent or 'the top level'}, not {wanted or 'the top level'}")
    if info is None:
        return said
    live = album.publish_info or PublishInfo()
    for attribute, path in PUBLISH_PATHS:
        want = getattr(info, attribute)
        if want is not None and getattr(live, attribute) != want:
            said.append(f"{path} is not what was sent")
    if info.deleted is not None and bool(live.deleted) != info.deleted:
        said.append("publishInfo.deleted is not what was sent")
    return said


def _cover(album: Album, members: Membership | None, wanted: AssetId, *, covers_shown: bool) -> list[str]:
    shown = {one for one in (album.cover, members.cover if members is not None else None) if one is not None}
    if wanted in shown or not (shown or covers_shown):
        return []
    return [f"the cover is {min(shown)}, not {wanted}" if shown else f"it has no cover, {wanted} was to be"]


def _told(placed: Iterable[Placed], members: Membership, actual: Actual) -> list[str]:
    """Photos that are in, but not with the publishInfo that was sent along."""
    present, nothing = set(members.asset_ids), MemberInfo()
    other = []
    for photo in placed:
        asset_id = actual_asset(photo.asset_id, actual)
        live = members.infos.get(asset_id, nothing)
        pairs = ((photo.remote_id, live.remote_id), (photo.service_payload, live.service_payload))
        if asset_id in present and any(want is not None and want != have for want, have in pairs):
            other.append(asset_id)
    if not other:
        return []
    noun = "1 photo does" if len(other) == 1 else f"{len(other)} photos do"
    return [f"{noun} not carry the publishInfo that was sent, such as {other[0]}"]


def _members(change: MemberChange, members: Membership, actual: Actual) -> list[str]:
    after = [actual_asset(a, actual) for a in change.after]
    present = set(members.asset_ids)
    said = []
    missing = [a for a in after if a not in present]
    if missing:
        said.append(f"{len(missing)} photos are not in it, such as {missing[0]}")
    staying = [a for a in change.removed if a in present]
    if staying:
        said.append(f"{len(staying)} photos are still in it, such as {staying[0]}")
    if change.keys and not same_order(after, members.asset_ids):
        said.append("the photos are not in the order of the plan")
    return said

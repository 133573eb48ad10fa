"""Which declared fields of an album differ from the live one, and whether somebody else changed them."""

from collections.abc import Callable, Mapping

from attrs import frozen

from lrplan.diff.change import FieldChange, MemberChange
from lrplan.model.address import TOP_LEVEL, Address
from lrplan.model.album import Album, MemberInfo, Membership, Order, PublishInfo
from lrplan.model.ids import AlbumId, AssetId
from lrplan.model.state import Applied
from lrplan.resolve.desired import DesiredAlbum

PUBLISH_PATHS: tuple[tuple[str, str], ...] = (
    ("remote_id", "publishInfo.remoteId"),
    ("view", "publishInfo.remoteLinks.view"),
    ("edit", "publishInfo.remoteLinks.edit"),
    ("service_payload", "publishInfo.servicePayload"),
    ("version", "publishInfo.version"),
    ("created", "publishInfo.created"),
    ("updated", "publishInfo.updated"),
)


@frozen(kw_only=True)
class Names:
    """How ids are called when speaking to people."""

    photos: Mapping[AssetId, str]
    albums: Mapping[AlbumId, str]

    def photo(self, asset_id: AssetId | None) -> str | None:
        """The file name, else the id; None for none."""
        return None if asset_id is None else self.photos.get(asset_id, asset_id)

    def parent(self, album_id: AlbumId | None) -> str:
        """The name of a set, `/` for the top level."""
        return TOP_LEVEL if album_id is None else self.albums.get(album_id, album_id)


def compare_fields(
    desired: DesiredAlbum,
    live: Album,
    members: Membership | None,
    *,
    parents: Callable[[Address], AlbumId],
    applied: Applied | None,
    shows_covers: bool,
    names: Names,
) -> tuple[FieldChange, ...]:
    """Compare the declared fields of an album that exists.

    Args:
        parents: The id that the set at an address has, or will have.
        applied: What lrplan last made true; a field that still wishes the same was changed outside.
        shows_covers: The service shows the cover of some album, so that one without has none.
    """
    changes: list[FieldChange] = []
    if desired.name is not None and desired.name != live.name:
        outside = applied is not None and applied.name == desired.name
        changes.append(FieldChange(path="name", before=live.name, after=desired.name, changed_outside=outside))
    parent = _parent_change(desired, live, parents, applied, names)
    if parent is not None:
        changes.append(parent)
    if needs_cover(desired, live, members, applied, shows_covers=shows_covers):
        before = (members.cover if members is not None else None) or live.cover
        outside = applied is not None and applied.cover == desired.cover
        changes.append(
            FieldChange(
                path="cover",
                before=names.photo(before),
                after=names.photo(desired.cover),
                changed_outside=outside,
            )
        )
    changes.extend(_publish_changes(desired.publish_info, live.publish_info, applied))
    return tuple(changes)


def made_fields(desired: DesiredAlbum, parents: Callable[[Address], AlbumId], names: Names) -> tuple[FieldChange, ...]:
    """The declared fields of an album that is to be made, but for its name and cover, less those that say nothing."""
    fields: list[FieldChange] = []
    if desired.parent is not None and desired.parent != TOP_LEVEL:
        fields.append(FieldChange(path="parent", before=None, after=names.parent(parents(desired.parent))))
    if desired.order is not Order.LISTED:
        fields.append(FieldChange(path="order", before=None, after=desired.order.value))
    return (*fields, *_publish_changes(desired.publish_info, None, None))


def member_fields(
    change: MemberChange | None, desired: DesiredAlbum, was: Membership
) -> Mapping[AssetId, tuple[FieldChange, ...]]:
    """What becomes of the publishInfo of the photos that are added or rewritten, where one is declared."""
    if change is None or not desired.infos:
        return {}
    about = [a for a in (*change.added, *change.rewritten) if a in desired.infos]
    told = {a: _member_changes(desired.infos[a], was.infos.get(a)) for a in about}
    return {a: fields for a, fields in told.items() if fields}


def _member_changes(wanted: MemberInfo, live: MemberInfo | None) -> tuple[FieldChange, ...]:
    pairs = (
        ("publishInfo.remoteId", wanted.remote_id, live.remote_id if live is not None else None),
        ("publishInfo.servicePayload", wanted.service_payload, live.service_payload if live is not None else None),
    )
    return tuple(
        FieldChange(path=path, before=had, after=want) for path, want, had in pairs if want is not None and want != had
    )


def needs_cover(
    desired: DesiredAlbum, live: Album, members: Membership | None, applied: Applied | None, *, shows_covers: bool
) -> bool:
    """Tell whether the wanted cover is not the cover.

    The cover may be shown in two places, the album and the member; a service that shows none of any album is believed
    to hold what was last applied, as long as the photo did not leave the album.
    """
    if desired.cover is None:
        return False
    shown = {place for place in (live.cover, members.cover if members is not None else None) if place is not None}
    if members is not None and desired.cover not in set(members.asset_ids):
        return True
    if not shown:
        return shows_covers or applied is None or applied.cover != desired.cover
    return desired.cover not in shown


def _parent_change(
    desired: DesiredAlbum,
    live: Album,
    parents: Callable[[Address], AlbumId],
    applied: Applied | None,
    names: Names,
) -> FieldChange | None:
    if desired.parent is None:
        return None
    wanted = None if desired.parent == TOP_LEVEL else parents(Address(desired.parent))
    if wanted == live.parent:
        return None
    outside = applied is not None and applied.parent == desired.parent
    return FieldChange(
        path="parent",
        before=names.parent(live.parent),
        after=TOP_LEVEL if desired.parent == TOP_LEVEL else names.parent(wanted),
        changed_outside=outside,
    )


def _publish_changes(
    wanted: PublishInfo | None, live: PublishInfo | None, applied: Applied | None
) -> list[FieldChange]:
    have = live or PublishInfo()
    last = applied.publish_info if applied is not None else None
    changes = []
    # Being declared at all means that the gallery lives: a tombstone left by somebody is taken back.
    want_deleted = bool(wanted.deleted) if wanted is not None else False
    if want_deleted != bool(have.deleted):
        before, after = str(bool(have.deleted)).lower(), str(want_deleted).lower()
        was_deleted = bool(last.deleted) if last is not None else False
        outside = applied not in (None, Applied()) and was_deleted == want_deleted
        changes.append(FieldChange(path="publishInfo.deleted", before=before, after=after, changed_outside=outside))
    if wanted is None:
        return changes
    for attribute, path in PUBLISH_PATHS:
        want, had = getattr(wanted, attribute), getattr(have, attribute)
        if want is None or want == had:
            continue
        outside = last is not None and getattr(last, attribute) == want
        shown = None if had is None else str(had)
        changes.append(FieldChange(path=path, before=shown, after=str(want), changed_outside=outside))
    return changes

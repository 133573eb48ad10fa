"""
Albums and sets, and who is in them in which order: one vocabulary for the wish and for the live catalog.

Memberships are the bulk of the data, up to a million, and stand in columns (tuples of ids and keys per album), never as
an object each; only the few members that carry more than a place have an object of their own.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NewType

from attrs import evolve, field, frozen

from lrplan.model.ids import AlbumId, AssetId, ServiceId

Opaque = NewType("Opaque", str)
"""A payload exactly as the service sent it (JSON text). Only `lightroom.wire` and `formats` look inside."""

NO_PAYLOAD = Opaque("{}")


class AlbumKind(StrEnum):
    """What an album can be; lrplan writes the first two, and only reads the others."""

    ALBUM = "album"
    SET = "set"
    COLLECTION = "collection"
    COLLECTION_SET = "collection_set"
    OTHER = "other"


class Flag(StrEnum):
    """What a photo was flagged as while it was reviewed. Only a listing of an album can be asked for it."""

    PICK = "pick"
    UNFLAGGED = "unflagged"
    REJECT = "reject"


class Order(StrEnum):
    """How the members of an album are arranged."""

    LISTED = "listed"
    CAPTURE_DATE = "captureDate"


@frozen(kw_only=True)
class PublishInfo:
    """What ties an album to a gallery elsewhere. None means absent in the catalog, not managed in a wish."""

    remote_id: str | None = None
    view: str | None = None
    edit: str | None = None
    service_payload: str | None = None
    deleted: bool | None = None
    version: int | None = None
    created: str | None = None
    updated: str | None = None


@frozen(kw_only=True)
class MemberInfo:
    """What an album knows of one member beyond its place.

    Attributes:
        raw: The member's whole payload as read, so that a replacement can carry over what lrplan does not know;
            `NO_PAYLOAD` in a wish.
    """

    remote_id: str | None = None
    service_payload: str | None = None
    raw: Opaque = NO_PAYLOAD


@frozen(kw_only=True)
class Membership:
    """The members of one album, in the order in which Lightroom shows them.

    Attributes:
        asset_ids: Without repeats.
        orders: The order key of each, None where it has none; as long as *asset_ids*.
        infos: Only the members that carry more than a place and the cover mark.
        cover: The member marked as cover, if any.
    """

    asset_ids: tuple[AssetId, ...] = ()
    orders: tuple[str | None, ...] = ()
    infos: Mapping[AssetId, MemberInfo] = field(factory=dict)
    cover: AssetId | None = None

    def __attrs_post_init__(self) -> None:
        if len(self.asset_ids) != len(self.orders):
            raise ValueError("a membership needs one order key, or None, for each asset")

    def with_others(self, other: "Membership") -> "Membership":
        """This membership, and at its end what *other* shows of the same album beside it."""
        mine = set(self.asset_ids)
        beside = [place for place, asset_id in enumerate(other.asset_ids) if asset_id not in mine]
        if not beside:
            return self
        return evolve(
            self,
            asset_ids=self.asset_ids + tuple(other.asset_ids[place] for place in beside),
            orders=self.orders + tuple(other.orders[place] for place in beside),
            infos={**other.infos, **self.infos},
            cover=self.cover or other.cover,
        )


@frozen(kw_only=True)
class Album:
    """An album or a set of the live catalog.

    Attributes:
        service_id: The API key that made it; None when the service does not say.
        parent: The set it is in; None at the top level.
        cover: What the album itself names as its cover; `Membership.cover` is the other place where it may stand.
        raw: The whole payload as read; an update sends it back with only the wanted keys changed.
    """

    id: AlbumId
    kind: AlbumKind
    service_id: ServiceId | None
    name: str
    parent: AlbumId | None = None
    cover: AssetId | None = None
    publish_info: PublishInfo | None = None
    raw: Opaque = NO_PAYLOAD


def without_stamps(info: PublishInfo | None) -> PublishInfo:
    """*info* less the stamps that lrplan keeps itself, which never count as a difference."""
    return evolve(info or PublishInfo(), version=None, created=None, updated=None)


def merged(base: PublishInfo, declared: PublishInfo) -> PublishInfo:
    """*base* with every declared part of *declared* in its place."""
    return PublishInfo(
        remote_id=declared.remote_id if declared.remote_id is not None else base.remote_id,
        view=declared.view if declared.view is not None else base.view,
        edit=declared.edit if declared.edit is not None else base.edit,
        service_payload=declared.service_payload if declared.service_payload is not None else base.service_payload,
        deleted=declared.deleted if declared.deleted is not None else base.deleted,
        version=declared.version if declared.version is not None else base.version,
        created=declared.created if declared.created is not None else base.created,
        updated=declared.updated if declared.updated is not None else base.updated,
    )

"""
How a binding stands in the state and in a plan: the same words in both files.

What lrplan put into an album is nearly always what it arranged there and what is in it, and all may be long; equal
columns are written once, as `"arranged": "put"`.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from lrplan.model.album import Order, PublishInfo
from lrplan.model.develop import Developed
from lrplan.model.ids import AlbumId, AssetId, Sha256
from lrplan.model.state import Applied, Binding, WhenGone


class Layout(msgspec.Struct, rename="camel", omit_defaults=True, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A JSON object of a file: camelCase keys, unknown ones refused, those with their default value left out."""


class PublishInfoLayout(Layout, frozen=True, kw_only=True):
    """`publishInfo`: keys that are absent are absent in the catalog or not declared."""

    remote_id: str | None = None
    view: str | None = None
    edit: str | None = None
    service_payload: str | None = None
    deleted: bool | None = None
    version: int | None = None
    created: str | None = None
    updated: str | None = None


class AppliedLayout(Layout, frozen=True, kw_only=True):
    """The declared fields as lrplan last made them true."""

    name: str | None = None
    parent: str | None = None
    order: Order | None = None
    cover: AssetId | None = None
    publish_info: PublishInfoLayout | None = None


class BindingLayout(Layout, frozen=True, kw_only=True):
    """What is remembered of one address. `arranged` and `seen` are lists, "put" when they equal `put`, or absent.

    `gone` marks an album or a set whose entry is gone, and that was let go or marked as deleted.
    """

    album_id: AlbumId
    generation: int
    put: tuple[AssetId, ...] = ()
    arranged: tuple[AssetId, ...] | Literal["put"] | None = None
    seen: tuple[AssetId, ...] | Literal["put"] | None = None
    known_as: dict[AssetId, str] = msgspec.field(default_factory=dict)
    leaving: dict[AssetId, int] = msgspec.field(default_factory=dict)
    when_gone: WhenGone = WhenGone.DELETE
    protect: bool = False
    gone: bool = False
    source: str = ""
    applied: AppliedLayout = msgspec.field(default_factory=AppliedLayout)


class DevelopedLayout(Layout, frozen=True, kw_only=True):
    """What is remembered of the develop settings of one photo."""

    sha256: Sha256 | None = None
    source: AssetId | None = None


def developed_to_layout(developed: Mapping[AssetId, Developed]) -> dict[AssetId, DevelopedLayout]:
    """What is remembered of develop settings, as it is written."""
    return {key: DevelopedLayout(sha256=one.sha256, source=one.source) for key, one in developed.items()}


def developed_from_layout(layout: Mapping[AssetId, DevelopedLayout]) -> dict[AssetId, Developed]:
    """What is remembered of develop settings, as it was written."""
    return {key: Developed(sha256=one.sha256, source=one.source) for key, one in layout.items()}


def binding_to_layout(binding: Binding) -> BindingLayout:
    """A binding as it is written."""
    applied = binding.applied
    return BindingLayout(
        album_id=binding.album_id,
        generation=binding.generation,
        put=binding.put,
        arranged="put" if binding.arranged == binding.put else binding.arranged,
        seen="put" if binding.seen == binding.put else binding.seen,
        known_as=dict(binding.known_as),
        leaving=dict(binding.leaving),
        when_gone=binding.when_gone,
        protect=binding.protect,
        gone=binding.gone,
        source=binding.source,
        applied=AppliedLayout(
            name=applied.name,
            parent=applied.parent,
            order=applied.order,
            cover=applied.cover,
            publish_info=publish_info_to_layout(applied.publish_info),
        ),
    )


def binding_from_layout(layout: BindingLayout) -> Binding:
    """A binding as it was written."""
    applied = layout.applied
    return Binding(
        album_id=layout.album_id,
        generation=layout.generation,
        put=layout.put,
        arranged=layout.put if layout.arranged == "put" else layout.arranged,
        seen=layout.put if layout.seen == "put" else layout.seen,
        known_as=layout.known_as,
        leaving=layout.leaving,
        when_gone=layout.when_gone,
        protect=layout.protect,
        gone=layout.gone,
        source=layout.source,
        applied=Applied(
            name=applied.name,
            parent=applied.parent,
            order=applied.order,
            cover=applied.cover,
            publish_info=publish_info_from_layout(applied.publish_info),
        ),
    )


def publish_info_to_layout(info: PublishInfo | None) -> PublishInfoLayout | None:
    """A publishInfo as it is written; None stays None."""
    if info is None:
        return None
    return PublishInfoLayout(
        remote_id=info.remote_id,
        view=info.view,
        edit=info.edit,
        service_payload=info.service_payload,
        deleted=info.deleted,
        version=info.version,
        created=info.created,
        updated=info.updated,
    )


def publish_info_from_layout(layout: PublishInfoLayout | None) -> PublishInfo | None:
    """A publishInfo as it was written; None stays None."""
    if layout is None:
        return None
    return PublishInfo(
        remote_id=layout.remote_id,
        view=layout.view,
        edit=layout.edit,
        service_payload=layout.service_payload,
        deleted=layout.deleted,
        version=layout.version,
        created=layout.created,
        updated=layout.updated,
    )

"""
The shapes of what the service sends, as far as lrplan looks: every field optional, unknown ones skipped unread.

A name without a value of the expected type stays None or empty; whether that matters is for `rows` to say.
"""

import msgspec
from msgspec import Raw, Struct


class WireLink(Struct):
    """A link. Lightroom API, "links"."""

    href: str | None = None


class WireMarkedLink(Struct):
    """A link to something that may be stale, said by a boolean or by a text."""

    href: str | None = None
    invalid: bool | str | None = None


class WireLinks(Struct):
    """The links of a page."""

    next: WireLink = msgspec.field(default_factory=WireLink)
    prev: WireLink = msgspec.field(default_factory=WireLink)


class WireImport(Struct, rename="camel"):
    """`importSource` of an asset."""

    file_name: str | None = None
    imported_on_device: str | None = None
    sha256: str | None = None
    file_size: int | None = None


class WireAssetPayload(Struct, rename="camel"):
    """`payload` of an asset."""

    capture_date: str | None = None
    import_source: WireImport = msgspec.field(default_factory=WireImport)


class WireAssetRow(Struct):
    """An asset."""

    id: str | None = None
    subtype: str | None = None
    created: str | None = None
    payload: WireAssetPayload | None = None
    links: dict[str, Raw] = msgspec.field(default_factory=dict)


class WireMemberLinks(Struct):
    """The links of a member."""

    own: WireLink = msgspec.field(default_factory=WireLink, name="self")


class WireMemberRow(Struct):
    """An album asset."""

    asset: WireAssetRow = msgspec.field(default_factory=WireAssetRow)
    payload: Raw = Raw(b"{}")
    links: WireMemberLinks = msgspec.field(default_factory=WireMemberLinks)


class WireRef(Struct):
    """A reference by id: `cover`, `parent`."""

    id: str | None = None


class WireRemoteLinks(Struct):
    """`remoteLinks` of a publishInfo."""

    view: WireLink = msgspec.field(default_factory=WireLink)
    edit: WireLink = msgspec.field(default_factory=WireLink)


class WirePublishInfo(Struct, rename="camel"):
    """`publishInfo` of an album or a member."""

    remote_id: str | None = None
    remote_links: WireRemoteLinks = msgspec.field(default_factory=WireRemoteLinks)
    service_payload: str | None = None
    deleted: bool | None = None
    version: int | None = None
    created: str | None = None
    updated: str | None = None


class WireAlbumPayload(Struct, rename="camel"):
    """`payload` of an album."""

    name: str | None = None
    parent: WireRef = msgspec.field(default_factory=WireRef)
    cover: WireRef = msgspec.field(default_factory=WireRef)
    publish_info: WirePublishInfo | None = None


class WireAlbumRow(Struct, rename="camel"):
    """An album or a set."""

    id: str | None = None
    subtype: str | None = None
    service_id: str | None = None
    payload: Raw = Raw(b"{}")


class WireStorage(Struct):
    """`entitlement.storage`, in bytes; numbers were seen as texts."""

    used: int | float | str | None = None
    limit: int | float | str | None = None


class WireEntitlement(Struct):
    """`entitlement` of an account."""

    status: str | None = None
    storage: WireStorage = msgspec.field(default_factory=WireStorage)


class WireHealth(Struct):
    """The answer of the health check."""

    version: str | None = None


class WireAccount(Struct):
    """An account."""

    id: str | None = None
    full_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    entitlement: WireEntitlement = msgspec.field(default_factory=WireEntitlement)


class WireCatalogPayload(Struct):
    """`payload` of a catalog."""

    name: str | None = None


class WireCatalog(Struct):
    """A catalog."""

    id: str | None = None
    payload: WireCatalogPayload = msgspec.field(default_factory=WireCatalogPayload)


class WireAssetPage(Struct):
    """A page of assets."""

    base: str | None = None
    links: WireLinks = msgspec.field(default_factory=WireLinks)
    resources: list[WireAssetRow] | None = None


class WireMemberPage(Struct):
    """A page of members."""

    base: str | None = None
    links: WireLinks = msgspec.field(default_factory=WireLinks)
    resources: list[WireMemberRow] | None = None


class WireAlbumPage(Struct):
    """A page of albums."""

    base: str | None = None
    links: WireLinks = msgspec.field(default_factory=WireLinks)
    resources: list[WireAlbumRow] | None = None


class WireProblem(Struct):
    """An error, in any of its forms."""

    id: str | None = None
    code: int | str | None = None
    description: str | None = None
    subtype: str | None = None
    errors: dict[str, object] = msgspec.field(default_factory=dict)


class WireMemberAnswer(Struct):
    """What adding members answers."""

    errors: list[WireProblem] = msgspec.field(default_factory=list)


class WireExisting(Struct):
    """What names the asset that holds an original already."""

    resources: list[WireRef] = msgspec.field(default_factory=list)
    id: str | None = None

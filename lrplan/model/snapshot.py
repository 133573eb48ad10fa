"""The live catalog at one instant, read once and frozen: everything later stages know about Lightroom."""

from collections.abc import Mapping

from attrs import field, frozen

from lrplan.model.album import Album, Flag, Membership
from lrplan.model.asset import Asset
from lrplan.model.ids import AccountId, AlbumId, AssetId, CatalogId, ServiceId, Sha256
from lrplan.model.rendition import Rendition


@frozen(kw_only=True)
class Account:
    """Whose catalog it is.

    Attributes:
        name: The customer's name, as the service gives it; may be empty.
        status: Entitlement; only `subscriber` and `trial` may call on (Lightroom guides, "Check customer entitlement").
        storage_used_bytes, storage_limit_bytes: None when the service does not say.
    """

    id: AccountId
    name: str
    status: str
    storage_used_bytes: int | None = None
    storage_limit_bytes: int | None = None


@frozen(kw_only=True)
class Catalog:
    """The one catalog of an account. *name* may be empty."""

    id: CatalogId
    name: str


@frozen(kw_only=True)
class Snapshot:
    """The live catalog as far as the wish needs it.

    Attributes:
        albums: Every album and set that the service lists for the API key.
        members: Of the albums that were read; an album without an entry was not looked into.
        selected: The photos of albums that are looked into only to select from them, as flagged, or all where None.
        assets: Every asset that was met, as a member, by look-up or on a walk; includes trashed ones.
        develop: The SHA-256 of the develop settings that were uploaded last, where there are any and they were read.
        generated: Big renditions that were asked for.
        incomplete: What still waits for its original, as the service says; None where nothing hung on it, and nobody
            asked.
        begun: Assets whose original an earlier run began to send, with the ranges that have arrived: a listing may not
            show yet that they wait.
        walked: Whether `assets` holds the whole catalog (within the dates that the wish named).
        read_at: UTC instant at which reading ended, ISO 8601 with Z.
        calls: How many requests it took, of which `album_calls` to list the albums.
        seconds: How long it took.
        is_taken: It was read from a file: the last four are of the time when that was written.
    """

    account: Account
    catalog: Catalog
    service_id: ServiceId
    albums: Mapping[AlbumId, Album] = field(factory=dict)
    members: Mapping[AlbumId, Membership] = field(factory=dict)
    selected: Mapping[tuple[AlbumId, Flag | None], tuple[AssetId, ...]] = field(factory=dict)
    assets: Mapping[AssetId, Asset] = field(factory=dict)
    develop: Mapping[AssetId, Sha256] = field(factory=dict)
    generated: Mapping[AssetId, frozenset[Rendition]] = field(factory=dict)
    incomplete: frozenset[AssetId] | None = None
    begun: Mapping[AssetId, tuple[str, ...]] = field(factory=dict)
    walked: bool = False
    read_at: str = ""
    calls: int = 0
    album_calls: int = 1
    seconds: float = 0.0
    is_taken: bool = False

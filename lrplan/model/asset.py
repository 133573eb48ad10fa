"""A photo or video of the catalog, as far as lrplan looks at it."""

from attrs import frozen

from lrplan.model.ids import AssetId, Sha256

UNKNOWN_DATE = "0000-00-00T00:00:00"  # Lightroom API, "Create asset": the date of an asset whose date is unknown


@frozen(kw_only=True)
class Asset:
    """An asset of the catalog.

    Attributes:
        subtype: `image`, `video`, `deleted_image`, `deleted_video` or something newer.
        file_name: The name the original was imported under; "" when the catalog does not know it.
        capture_date: ISO 8601 text as the service sends it; `UNKNOWN_DATE` when unknown.
        sha256: Of the original, if the catalog knows it.
        is_complete: False once the service was asked which originals have not arrived, and this is one of them.
        imported_on: The device or API key that imported it; "" when unknown.
        size_bytes: Of the original, if known.
    """

    id: AssetId
    subtype: str = "image"
    file_name: str = ""
    capture_date: str = UNKNOWN_DATE
    sha256: Sha256 | None = None
    is_complete: bool = True
    imported_on: str = ""
    size_bytes: int | None = None

    @property
    def is_trashed(self) -> bool:
        """The customer has deleted it; it may come back, and never matches a name."""
        return self.subtype.startswith("deleted_")

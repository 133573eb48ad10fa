"""
The index of a catalog's photos, format 1: one JSON object that ends with its checksum.

It spares listing a catalog again of which little has changed. It is safe to lose: a file that is damaged, or of another
format, is a catalog that is listed again.
"""

import msgspec

from lrplan.formats.bindings import Layout
from lrplan.formats.canonical import compact
from lrplan.formats.lines import seal, unseal
from lrplan.model.asset import Asset
from lrplan.model.catalog_index import CatalogIndex
from lrplan.model.ids import AccountId, AssetId, CatalogId, Sha256
from lrplan.model.window import Window

INDEX_FORMAT = 1


class _AssetLayout(msgspec.Struct, array_like=True, frozen=True):
    """A photo as a row without keys: there may be a million of them."""

    id: AssetId
    subtype: str
    file_name: str
    capture_date: str
    sha256: Sha256 | None
    imported_on: str
    size_bytes: int | None


class _IndexLayout(Layout, frozen=True, kw_only=True):
    index: int
    account: AccountId
    catalog: CatalogId
    as_of: str
    windows: tuple[tuple[str | None, str | None], ...]
    assets: tuple[_AssetLayout, ...]


def encode_index(index: CatalogIndex) -> bytes:
    """*index* as the bytes of its file."""
    assets = (index.assets[key] for key in sorted(index.assets))
    layout = _IndexLayout(
        index=INDEX_FORMAT,
        account=index.account_id,
        catalog=index.catalog_id,
        as_of=index.as_of,
        windows=tuple((window.after, window.before) for window in index.windows),
        assets=tuple(
            _AssetLayout(
                one.id, one.subtype, one.file_name, one.capture_date, one.sha256, one.imported_on, one.size_bytes
            )
            for one in assets
        ),
    )
    return seal(compact(layout))


def decode_index(content: bytes) -> CatalogIndex | None:
    """The index in a file; None when it is damaged or of another format."""
    body = unseal(content.removesuffix(b"\n"))
    try:
        layout = None if body is None else msgspec.json.decode(body, type=_IndexLayout)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if layout is None or layout.index != INDEX_FORMAT:
        return None
    return CatalogIndex(
        account_id=layout.account,
        catalog_id=layout.catalog,
        as_of=layout.as_of,
        windows=tuple(Window(after=after, before=before) for after, before in layout.windows),
        assets={
            one.id: Asset(
                id=one.id,
                subtype=one.subtype,
                file_name=one.file_name,
                capture_date=one.capture_date,
                sha256=one.sha256,
                imported_on=one.imported_on,
                size_bytes=one.size_bytes,
            )
            for one in layout.assets
        },
    )

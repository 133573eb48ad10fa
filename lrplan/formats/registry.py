"""What `lrplan ids --json` prints, format 1.0: for scripts that tie galleries to albums. It is only written."""

from lrplan.diff.registry import Named, Registry, Standing
from lrplan.formats.bindings import Layout
from lrplan.formats.canonical import indented, schema_of
from lrplan.model.address import Address
from lrplan.model.album import AlbumKind
from lrplan.model.ids import AlbumId, AssetId

IDS_FORMAT = "1.0"


class NamedPhotoLayout(Layout, frozen=True, kw_only=True):
    """A photo, in the order of its album; what is absent is not known, or not there."""

    asset_id: AssetId
    file_name: str = ""
    remote_id: str = ""


class NamedLayout(Layout, frozen=True, kw_only=True):
    """One address. `photos` is absent where nobody looked."""

    kind: AlbumKind
    album_id: AlbumId
    generation: int
    standing: Standing
    remote_id: str = ""
    photos: tuple[NamedPhotoLayout, ...] | None = None


class IdsLayout(Layout, frozen=True, kw_only=True):
    """Every address of a project. `live`: the catalog was looked at; else it is what is remembered."""

    format_version: str
    lrplan_version: str
    project: str
    live: bool
    addresses: dict[Address, NamedLayout]


def encode_ids(registry: Registry, *, photos: bool, version: str) -> bytes:
    """*registry* as canonical JSON, with *photos* where that is asked for. *version* is lrplan's own."""
    return indented(
        IdsLayout(
            format_version=IDS_FORMAT,
            lrplan_version=version,
            project=registry.project,
            live=registry.has_looked,
            addresses={one.address: _named(one, photos=photos) for one in registry.named},
        )
    )


def ids_schema() -> bytes:
    """The JSON Schema (2020-12) of `ids --json`, as published in docs/reference/ids.schema.json."""
    return schema_of(IdsLayout, f"lrplan ids, format {IDS_FORMAT}")


def _named(one: Named, *, photos: bool) -> NamedLayout:
    shown = one.photos if photos else None
    return NamedLayout(
        kind=one.kind,
        album_id=one.album_id,
        generation=one.generation,
        standing=one.standing,
        remote_id=one.remote_id,
        photos=tuple(NamedPhotoLayout(asset_id=p.asset_id, file_name=p.file_name, remote_id=p.remote_id) for p in shown)
        if shown is not None
        else None,
    )

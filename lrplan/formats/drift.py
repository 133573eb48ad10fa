"""What `lrplan drift --json` prints, format 1.0: what changed outside since the last apply. It is only written."""

from collections.abc import Iterable

import msgspec

from lrplan.diff.change import Drift, FieldChange
from lrplan.diff.outside import DriftReport, Outside
from lrplan.formats.bindings import Layout
from lrplan.formats.canonical import indented, schema_of
from lrplan.model.address import Address
from lrplan.model.album import AlbumKind
from lrplan.model.ids import AccountId, AlbumId, AssetId, CatalogId, ServiceId

DRIFT_FORMAT = "1.0"


class DriftedFieldLayout(Layout, frozen=True, kw_only=True):
    """A declared field: `before` as it was last applied, `after` as it is now; absent means that it is absent there."""

    path: str
    before: str | None = None
    after: str | None = None


class DriftedMoveLayout(Layout, frozen=True, kw_only=True):
    """A photo that stands elsewhere; positions count from 1."""

    asset_id: AssetId
    before: int
    after: int


class DriftedMembersLayout(Layout, frozen=True, kw_only=True):
    """What became of the photos of one album, by asset id."""

    add: tuple[AssetId, ...]
    remove: tuple[AssetId, ...]
    move: tuple[DriftedMoveLayout, ...]
    trashed: tuple[AssetId, ...]
    vanished: tuple[AssetId, ...]


class DriftedLayout(Layout, frozen=True, kw_only=True):
    """One album or set. `deleted`: somebody deleted it. `unclear`: why it cannot be told what changed."""

    address: Address
    kind: AlbumKind
    id: AlbumId
    name: str
    source: str = ""
    deleted: bool = False
    unclear: str = ""
    fields: tuple[DriftedFieldLayout, ...] = ()
    members: DriftedMembersLayout


class UndeclaredLayout(Layout, frozen=True, kw_only=True):
    """An album of this project that nothing declares or remembers."""

    id: AlbumId
    text: str


class DriftLayout(Layout, frozen=True, kw_only=True):
    """What changed outside since the last apply. `drift` is what `--detailed-exitcode` goes by."""

    format_version: str
    lrplan_version: str
    at: str
    project: str
    account_id: AccountId
    catalog_id: CatalogId
    service_id: ServiceId
    has_state: bool
    unfinished_runs: tuple[str, ...]
    drift: bool
    calls: int
    albums: tuple[DriftedLayout, ...]
    undeclared: tuple[UndeclaredLayout, ...]
    names: dict[AssetId, str] = msgspec.field(default_factory=dict)


def encode_drift(report: DriftReport, *, version: str) -> bytes:
    """*report* as canonical JSON. *version* is lrplan's own."""
    return indented(
        DriftLayout(
            format_version=DRIFT_FORMAT,
            lrplan_version=version,
            at=report.at,
            project=report.project,
            account_id=report.account_id,
            catalog_id=report.catalog_id,
            service_id=report.service_id,
            has_state=report.has_state,
            unfinished_runs=report.unfinished,
            drift=report.has_drift,
            calls=report.calls,
            albums=tuple(map(_album, report.albums)),
            undeclared=tuple(_undeclared(report.orphans)),
            names=dict(report.names),
        )
    )


def drift_schema() -> bytes:
    """The JSON Schema (2020-12) of `drift --json`, as published in docs/reference/drift.schema.json."""
    return schema_of(DriftLayout, f"lrplan drift, format {DRIFT_FORMAT}")


def _album(one: Outside) -> DriftedLayout:
    change = one.members
    moved = change.moved if change is not None else ()
    return DriftedLayout(
        address=one.address,
        kind=one.kind,
        id=one.id,
        name=one.name,
        source=one.source,
        deleted=one.is_gone,
        unclear=one.unclear,
        fields=tuple(map(_field, one.fields)),
        members=DriftedMembersLayout(
            add=change.added if change is not None else (),
            remove=change.removed if change is not None else (),
            move=tuple(DriftedMoveLayout(asset_id=m.asset_id, before=m.before, after=m.after) for m in moved),
            trashed=one.trashed,
            vanished=one.vanished,
        ),
    )


def _field(field: FieldChange) -> DriftedFieldLayout:
    return DriftedFieldLayout(path=field.path, before=field.before, after=field.after)


def _undeclared(orphans: Iterable[Drift]) -> Iterable[UndeclaredLayout]:
    return (UndeclaredLayout(id=one.album_id, text=one.text) for one in orphans if one.album_id is not None)

"""
Look-up tables over the assets of a snapshot, made once per plan.

File names are compared in Unicode's composed form, since cameras, disks and the service do not agree on one.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from attrs import frozen

from lrplan.model.asset import Asset
from lrplan.model.ids import AssetId, Sha256
from lrplan.model.snapshot import Snapshot

K = TypeVar("K")


def plain_name(name: str) -> str:
    """The form in which file names are compared."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


@frozen(kw_only=True)
class AssetIndex:
    """Assets by what a manifest may call them; several under one name are kept apart, in the order of their ids."""

    by_id: Mapping[AssetId, Asset]
    by_name: Mapping[str, tuple[Asset, ...]]
    by_sha256: Mapping[Sha256, tuple[Asset, ...]]


def index_assets(snapshot: Snapshot) -> AssetIndex:
    """Index every asset that was met."""
    assets = [snapshot.assets[key] for key in sorted(snapshot.assets)]
    return AssetIndex(
        by_id=snapshot.assets,
        by_name=_grouped((plain_name(asset.file_name), asset) for asset in assets if asset.file_name),
        by_sha256=_grouped((asset.sha256, asset) for asset in assets if asset.sha256),
    )


def best_by_hash(candidates: Iterable[Asset]) -> Asset | None:
    """The asset to use for an original: complete before incomplete, present before trashed, then the lowest id."""
    return min(candidates, key=lambda a: (a.is_trashed, not a.is_complete, a.id), default=None)


def _grouped(pairs: Iterable[tuple[K, Asset]]) -> Mapping[K, tuple[Asset, ...]]:
    groups: defaultdict[K, list[Asset]] = defaultdict(list)
    for key, asset in pairs:
        groups[key].append(asset)
    return {key: tuple(group) for key, group in groups.items()}

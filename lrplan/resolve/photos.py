"""
From what a person wrote to the photo that is meant: one reference at a time.

The result is an id that exists, an id under which an original will be uploaded, a photo that is known but cannot be
used (trashed, gone: the caller knows whether that is an error or merely blocked), or a mistake that is explained.
"""

import difflib
from collections.abc import Mapping
from posixpath import basename, dirname

from attrs import field, frozen

from lrplan.diagnostics import Diagnostic, SourceSpan, error
from lrplan.manifest.entries import PhotoRef, RefKind
from lrplan.manifest.reference import as_written_in
from lrplan.model.asset import Asset
from lrplan.model.develop import Developed
from lrplan.model.ids import AssetId, Owner, Sha256, asset_id
from lrplan.model.inventory import FileProblem, Inventory, Original
from lrplan.model.snapshot import Snapshot
from lrplan.resolve.desired import MissingPhoto
from lrplan.resolve.files import cannot_upload, not_as_promised
from lrplan.resolve.index import AssetIndex, best_by_hash, plain_name
from lrplan.resolve.lookup import Place, candidates
from lrplan.resolve.room import LeftOut

RESTORE = "restore it in Lightroom, or take the line out"
SUGGESTIONS_MAX = 20  # ours: nearest names are only looked for that often, they cost a pass over the catalog each


@frozen(kw_only=True)
class Found:
    """A photo to use; *original* only if it must be uploaded first."""

    asset_id: AssetId
    original: Original | None = None


Resolution = Found | MissingPhoto | Diagnostic


@frozen(kw_only=True)
class Surroundings:
    """What references are resolved against.

    Attributes:
        left_out: Originals that find no room, by the id under which they would be sent.
        developed: What is remembered of develop settings, by photo.
        suggested: Counts the suggestions made so far.
    """

    snapshot: Snapshot
    index: AssetIndex
    inventory: Inventory
    owner: Owner
    left_out: Mapping[AssetId, LeftOut] = field(factory=dict)
    developed: Mapping[AssetId, Developed] = field(factory=dict)
    suggested: list[str] = field(factory=list)


def find_photo(
    reference: PhotoRef, *, sha256: str | None, span: SourceSpan, place: Place, around: Surroundings
) -> Resolution:
    """Find the photo that *reference* means. *sha256* is what stands beside an upload, if anything does."""
    match reference.kind:
        case RefKind.NAME:
            return _by_name(reference.value, span, place, around)
        case RefKind.ID:
            return _by_id(AssetId(reference.value), span, around)
        case RefKind.SHA256:
            return _by_sha256(Sha256(reference.value), span, place, around)
        case RefKind.UPLOAD:
            return _by_file(reference.value, sha256, span, place, around)
        case RefKind.LIST | RefKind.SELECT:
            raise ValueError("what stands for many photos is not a photo; expand() comes first, selects come last")


def _by_name(name: str, span: SourceSpan, place: Place, around: Surroundings) -> Resolution:
    found = candidates(name, place, around.index)
    if len(found) == 1:
        return Found(asset_id=found[0].id)
    if found:
        listed = "; ".join(f"{asset.capture_date[:19]} {asset.id}" for asset in found[:5])
        return error("LRP205", "photo name is ambiguous", span=span,
                     why=f'The catalog has {len(found)} photos named "{name}": {listed}.',
                     hint="write the id instead, or narrow the dates with within: {capturedAfter: …}")  # fmt: skip
    trashed = [asset for asset in around.index.by_name.get(plain_name(name), ()) if asset.is_trashed]
    if trashed:
        return _trashed(min(trashed, key=lambda asset: (asset.id not in place.trashed, asset.id)), span)
    remembered = place.remembered.get(plain_name(name))
    if remembered is not None:
        return _gone(remembered, name, span)
    return _unknown_name(name, span, around)


def _unknown_name(name: str, span: SourceSpan, around: Surroundings) -> Diagnostic:
    read_at = around.snapshot.read_at[:19].replace("T", " ") + "Z"
    why = f'The catalog has no photo named "{name}"; its {len(around.snapshot.assets):,} photos were read at {read_at}.'
    hint = _on_disk(name, span, around)
    if not hint and len(around.suggested) < SUGGESTIONS_MAX:
        around.suggested.append(name)
        near = difflib.get_close_matches(plain_name(name), around.index.by_name, n=1)
        hint = f'did you mean "{near[0]}"?' if near else ""
    return error("LRP204", "photo not found", span=span, why=why, hint=hint)


def _on_disk(name: str, span: SourceSpan, around: Surroundings) -> str:
    """How to upload the file of that name, if there is one, from where the name is written; the nearest of several."""
    written = (as_written_in(dirname(span.file), path) for path in around.inventory.beside.get(name, ()))
    nearest = min(filter(None, written), key=lambda path: (path.count("/"), path), default="")
    return f"write {nearest} to upload it" if nearest else ""


def _by_id(wanted: AssetId, span: SourceSpan, around: Surroundings) -> Resolution:
    asset = around.index.by_id.get(wanted)
    if asset is None:
        return MissingPhoto(asset_id=wanted, name=wanted, text="is not in the catalog",
                            hint="take the line out, or correct the id", span=span)  # fmt: skip
    return _trashed(asset, span) if asset.is_trashed else Found(asset_id=wanted)


def _by_sha256(sha256: Sha256, span: SourceSpan, place: Place, around: Surroundings) -> Resolution:
    asset = best_by_hash(around.index.by_sha256.get(sha256, ()))
    if asset is None and sha256 in place.remembered:
        return _gone(place.remembered[sha256], sha256, span)
    if asset is None:
        return error("LRP204", "photo not found", span=span, why="No original in the catalog has this SHA-256.",
                     hint="write upload: PATH with the file, to send it")  # fmt: skip
    return _trashed(asset, span) if asset.is_trashed else Found(asset_id=asset.id)


def _by_file(path: str, sha256: str | None, span: SourceSpan, place: Place, around: Surroundings) -> Resolution:
    local = around.inventory.originals.get(path, FileProblem(path=path, reason="was not read"))
    if isinstance(local, FileProblem):
        asset = best_by_hash(around.index.by_sha256.get(Sha256(sha256), ())) if sha256 else None
        if asset is not None and (asset.is_complete or _is_listed_whole(asset, around)):
            return _trashed(asset, span, path=path) if asset.is_trashed else Found(asset_id=asset.id)
        called = candidates(basename(path), place, around.index)
        namesake = called[0].file_name if len(called) == 1 else ""
        return cannot_upload(local, span, has_sha256=sha256 is not None, namesake=namesake)
    if sha256 is not None and sha256 != local.sha256:
        return not_as_promised(local, sha256, span)
    asset = best_by_hash(around.index.by_sha256.get(local.sha256, ()))
    first_id = asset_id(around.owner.account_id, around.owner.service_id, local.sha256, 0)
    if asset is None:
        asset = around.index.by_id.get(first_id)
    if asset is None:
        return _to_send(first_id, local, span, around)
    if asset.is_trashed:
        return _trashed(asset, span, path=path)
    if asset.is_complete:
        return Found(asset_id=asset.id)
    ours = asset.imported_on == around.owner.service_id or asset.id == first_id
    return _to_send(asset.id if ours else first_id, local, span, around)


def _is_listed_whole(asset: Asset, around: Surroundings) -> bool:
    """Whether only a run that began to send it says that it waits: where the file is gone, the listing is believed."""
    return around.snapshot.incomplete is not None and asset.id not in around.snapshot.incomplete


def _to_send(asset_id: AssetId, original: Original, span: SourceSpan, around: Surroundings) -> Found | MissingPhoto:
    why = around.left_out.get(asset_id)
    if why is None:
        return Found(asset_id=asset_id, original=original)
    return MissingPhoto(asset_id=asset_id, name=original.file_name, text=why.text, hint=why.hint, span=span,
                        path=original.path, code=why.code)  # fmt: skip


def _gone(remembered: AssetId, name: str, span: SourceSpan) -> MissingPhoto:
    text, hint = "has left the catalog", "take the line out, or write upload: PATH to send it again"
    return MissingPhoto(asset_id=remembered, name=name, text=text, hint=hint, span=span)


def _trashed(asset: Asset, span: SourceSpan, *, path: str = "") -> MissingPhoto:
    name = asset.file_name or asset.id
    text = "was deleted in Lightroom"
    return MissingPhoto(asset_id=asset.id, name=name, text=text, hint=RESTORE, span=span, path=path)


def names_of(snapshot: Snapshot, uploads: Mapping[AssetId, Original]) -> dict[AssetId, str]:
    """File names for people, of every asset that was met and every original that will be sent."""
    names = {asset.id: asset.file_name for asset in snapshot.assets.values() if asset.file_name}
    names.update({key: original.file_name for key, original in uploads.items()})
    return names

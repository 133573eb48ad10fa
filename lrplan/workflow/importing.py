"""
The story of `lrplan import`: read the albums that are there, and write them down as manifests.

Nothing is changed in the catalog, and nothing is written here either: the manifests are returned as text.
"""

from attrs import evolve, frozen

from lrplan.events import Phase
from lrplan.manifest.entries import Manifest
from lrplan.manifest.writing import WrittenFile, manifest_text
from lrplan.model.album import AlbumKind
from lrplan.model.ids import AlbumId, Owner
from lrplan.model.snapshot import Snapshot
from lrplan.resolve.generations import claims_of, find_generations
from lrplan.resolve.importing import import_albums, to_import
from lrplan.workflow.reading import read_account, together
from lrplan.workflow.surroundings import Surroundings

_HOLDS_PHOTOS = frozenset({AlbumKind.ALBUM, AlbumKind.COLLECTION})


@frozen(kw_only=True)
class ImportedFile:
    """A manifest: its name without suffix, its text, and how many sets, albums and photos it names."""

    name: str
    text: str
    sets: int
    albums: int
    photos: int


@frozen(kw_only=True)
class Imported:
    """The manifests, and what was left alone, in words."""

    files: tuple[ImportedFile, ...] = ()
    skipped: tuple[str, ...] = ()


async def import_catalog(manifest: Manifest, around: Surroundings, *, as_project: bool = False) -> Imported:
    """Write down what the manifests do not declare yet.

    Args:
        as_project: The customer's own albums, each to become a new one of this project; else the albums and sets that
            this API key made, which are taken over.

    Raises:
        Failure: The service fails or refuses, or the credentials lead to another account or catalog.
    """
    around.events.emit(Phase(what="Reading the catalog"))
    account, catalog = await read_account(manifest.project, around)
    owner = Owner(account_id=account.id, service_id=around.service_id, project=manifest.project.name)
    listed = await (around.service.collections() if as_project else around.service.albums())
    snapshot = Snapshot(
        account=account, catalog=catalog, service_id=around.service_id, albums={album.id: album for album in listed}
    )
    generations = find_generations(owner, snapshot.albums, claims_of(manifest, None, owner))
    entries = (*manifest.sets, *manifest.albums)
    declared = {album_id: address for address in entries for _, album_id in generations.of(address)}
    chosen, skipped = (listed, ()) if as_project else to_import(snapshot, owner, declared)
    snapshot = await _with_members(snapshot, [album.id for album in chosen if album.kind in _HOLDS_PHOTOS], around)
    files = import_albums([one for one in chosen if one.id in snapshot.albums], snapshot, declared, entries)
    return Imported(files=tuple(_file(file) for file in files), skipped=skipped)


async def _with_members(snapshot: Snapshot, album_ids: list[AlbumId], around: Surroundings) -> Snapshot:
    listings = await together(around.service.members(one) for one in album_ids)
    albums, members, assets = dict(snapshot.albums), dict(snapshot.members), dict(snapshot.assets)
    for album_id, listing in zip(album_ids, listings, strict=True):
        if listing is None:
            del albums[album_id]  # it went between the two readings
            continue
        members[album_id] = listing.membership
        assets.update((asset.id, asset) for asset in listing.assets)
    return evolve(snapshot, albums=albums, members=members, assets=assets)


def _file(file: WrittenFile) -> ImportedFile:
    return ImportedFile(
        name=file.name,
        text=manifest_text(file),
        sets=sum(entry.is_set for entry in file.entries),
        albums=sum(not entry.is_set for entry in file.entries),
        photos=sum(len(entry.members or ()) for entry in file.entries),
    )

"""Import: what is written down of a catalog leaves nothing to do, whatever is in it."""

import asyncio

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lrplan.manifest.entries import Manifest, SourceText
from lrplan.manifest.parse import parse_manifests
from lrplan.model.album import Album, AlbumKind
from lrplan.model.ids import AlbumId
from lrplan.workflow.importing import Imported, import_catalog
from tests.laws.expected import picture
from tests.laws.profile import law, note
from tests.laws.stage import ADDRESSES, Stage, ended_well, generations_of, manifest_of
from tests.strategies import PROJECT_FILE, Situation, Wish, situations

NAMES = st.lists(st.text(max_size=12), min_size=1, max_size=6)


def _manifest(imported: Imported) -> Manifest:
    files = [SourceText(f"manifests/{file.name}.yaml", file.text.encode()) for file in imported.files]
    manifest, said = parse_manifests(PROJECT_FILE, files)
    assert manifest is not None, (said, [file.text for file in imported.files])
    return manifest


def _imported(stage: Stage, *, as_project: bool = False) -> Manifest:
    return _manifest(asyncio.run(import_catalog(manifest_of(Wish()), stage.around(), as_project=as_project)))


@law
@given(situation=situations(), names=NAMES)
def test_a_plan_of_what_was_imported_has_nothing_to_do(situation: Situation, names: list[str]) -> None:
    stage = Stage.set_up(situation)
    if _is_interrupted(stage):
        return
    ids = sorted(stage.world.albums)
    for place, name in enumerate(names):
        if ids:
            album = stage.world.albums[ids[place % len(ids)]]
            stage.catalog.edit(albums={**stage.world.albums, album.id: evolve(album, name=name)})
    stage.memory.forget()
    made = stage.try_plan(_imported(stage))
    assert made is not None
    assert [step.id for step in made.plan.steps] == []
    assert made.plan.blocked == ()


@law
@given(situation=situations())
def test_what_was_imported_goes_on_as_the_project(situation: Situation) -> None:
    stage = Stage.set_up(situation)
    if _is_interrupted(stage):
        return
    stage.memory.forget()
    manifest = _imported(stage)
    before = picture(stage.world)
    made = stage.try_plan(manifest)
    assert made is not None
    ended_well(stage.apply(made.plan, manifest))
    assert picture(stage.world) == before
    again = stage.try_plan(manifest)
    assert again is not None
    assert again.plan.is_empty


@law
@given(situation=situations())
def test_the_customers_own_albums_become_albums_of_the_project(situation: Situation) -> None:
    stage = Stage.set_up(situation)
    theirs = _as_collections(stage)
    stage.memory.forget()
    manifest = _imported(stage, as_project=True)
    made = stage.try_plan(manifest)
    assert made is not None
    note(made.plan)
    ended_well(stage.apply(made.plan, manifest))
    assert {one: stage.world.albums[one] for one in theirs} == theirs
    new = {one: album for one, album in stage.world.albums.items() if one not in theirs}
    assert sorted(album.name for album in new.values()) == sorted(album.name for album in theirs.values())
    shown = [_photos(stage, one) for one in new]
    assert sorted(shown) == sorted(_photos(stage, one) for one in theirs)


def _is_interrupted(stage: Stage) -> bool:
    """A replacement is under way, which may be finished."""
    return any(len(generations_of(address, stage.world)) > 1 for address in ADDRESSES)


def _as_collections(stage: Stage) -> dict[AlbumId, Album]:
    """Make the customer's own albums of all that are there."""
    kinds = {AlbumKind.ALBUM: AlbumKind.COLLECTION, AlbumKind.SET: AlbumKind.COLLECTION_SET}
    ids = {one: AlbumId(f"{0xC000 + place:032x}") for place, one in enumerate(sorted(stage.world.albums))}
    theirs = {
        ids[album.id]: evolve(album, id=ids[album.id], kind=kinds[album.kind], parent=ids.get(album.parent))
        for album in stage.world.albums.values()
    }
    members = {ids[one]: listing for one, listing in stage.world.members.items() if one in ids}
    stage.catalog.edit(albums=theirs, members=members)
    return theirs


def _photos(stage: Stage, album: AlbumId) -> list[str]:
    """The photos that can be had, in their order where anybody gave them one."""
    listing = stage.world.members[album]
    photos = [a for a in listing.asset_ids if not stage.world.assets[a].is_trashed]
    return photos if any(listing.orders) else sorted(photos)

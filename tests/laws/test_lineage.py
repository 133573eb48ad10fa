"""Lineage: keys and projects that are renamed, and albums that are adopted, come to what they would have come to."""

import json
from collections.abc import Callable, Mapping
from typing import TypeVar

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lrplan.manifest.entries import Manifest, SourceText
from lrplan.model.ids import AlbumId, Owner, album_id, read_album_id
from lrplan.model.snapshot import Snapshot
from lrplan.plan.plan import Plan
from tests.laws.expected import picture, puts_off
from tests.laws.profile import law, note
from tests.laws.stage import ADDRESSES, Stage, ended_well, generations_of, manifest_of
from tests.strategies import (
    ALBUM_KEYS,
    OWNER,
    PART_BYTES,
    PROJECT,
    SET_KEYS,
    Situation,
    Wish,
    WishedAlbum,
    WishedSet,
    situations,
)

ATELIER = evolve(OWNER, project="atelier")
RENAMED = SourceText(
    "lrplan.yaml",
    json.dumps(
        {"lrplan": 1, "project": "atelier", "previousProjects": [PROJECT], "api": {"partSize": str(PART_BYTES)}}
    ).encode(),
)
KEYS = (*SET_KEYS, *ALBUM_KEYS)
T = TypeVar("T", WishedSet, WishedAlbum)
CUTS = st.none() | st.integers(3, 60)
Called = Callable[[AlbumId], str | None]


def in_any_generation(owner: Owner, address: str) -> AlbumId:
    return album_id(owner, address, 0)


def called_by(names: Mapping[AlbumId, str]) -> Called:
    """Calls an album what *names* call the first generation of its address, or itself."""

    def called(album: AlbumId) -> str | None:
        derived = read_album_id(album)
        if derived is None:
            return names.get(album)
        return next(
            (name for first, name in names.items() if read_album_id(first) == evolve(derived, generation=0)), None
        )

    return called


def names_after(keys: Mapping[str, str]) -> dict[AlbumId, str]:
    """What the old and the new addresses are called, under both names of the project: as they were called at first."""
    names = {}
    for address in ADDRESSES:
        section, _, key = address.partition(".")
        for owner in (OWNER, ATELIER):
            names[in_any_generation(owner, address)] = str(address)
            if key in keys:
                names[in_any_generation(owner, f"{section}.{keys[key]}")] = str(address)
    return names


def goes_through(stage: Stage, manifest: Manifest, *, cut: int | None = None) -> bool:
    """Apply, after one that was cut off if that is told; False for a wish that cannot be met."""
    planned = stage.try_plan(manifest)
    if planned is None:
        return False
    note(planned.plan)
    done = planned.plan
    if stage.apply(done, manifest, cut=cut) is None:
        done = _planned_again(stage, manifest)
        ended_well(stage.apply(done, manifest))
    last = _planned_again(stage, manifest)
    if puts_off(done):
        assert last.summary.members_remove == puts_off(done)
        ended_well(stage.apply(last, manifest))
        last = _planned_again(stage, manifest)
    assert last.steps == ()
    return True


def _planned_again(stage: Stage, manifest: Manifest) -> Plan:
    planned = stage.try_plan(manifest)
    assert planned is not None
    return planned.plan


@law
@given(
    situation=situations(),
    renamed=st.sets(st.sampled_from(KEYS)),
    is_other_project=st.booleans(),
    cut=CUTS,
    forgets=st.booleans(),
)
def test_a_rename_changes_nothing_but_names(
    situation: Situation, renamed: set[str], is_other_project: bool, cut: int | None, forgets: bool
) -> None:
    keys = {key: f"{key}-new" for key in renamed}
    plain = Stage.set_up(situation)
    if forgets:
        plain.memory.forget()
    wish = _with_names(situation.wish, plain.world)
    other = plain.copy()
    was_met = goes_through(plain, manifest_of(wish), cut=cut)
    project = {"project": RENAMED} if is_other_project else {}
    is_met = goes_through(other, manifest_of(wish.renamed(keys), **project), cut=cut)
    assert is_met == was_met
    if is_met:
        called = called_by(names_after(keys))
        assert picture(other.world, called) == picture(plain.world, called)


def disguised(world: Snapshot, ids: Mapping[AlbumId, AlbumId]) -> Snapshot:
    """*world*, in which some albums have other *ids*, as if a person had made them."""
    return evolve(
        world,
        albums={
            ids.get(key, key): evolve(album, id=ids.get(key, key), parent=ids.get(album.parent or key, album.parent))
            if album.parent is not None
            else evolve(album, id=ids.get(key, key))
            for key, album in world.albums.items()
        },
        members={ids.get(key, key): listing for key, listing in world.members.items()},
    )


@law
@given(situation=situations(), chosen=st.sets(st.sampled_from(KEYS), min_size=1), cut=CUTS)
def test_an_adopted_album_is_like_one_of_which_nothing_is_remembered(
    situation: Situation, chosen: set[str], cut: int | None
) -> None:
    plain, wish = Stage.set_up(situation), situation.wish
    plain.memory.forget()
    ids: dict[AlbumId, AlbumId] = {}
    by_key: dict[str, AlbumId] = {}
    for address in ADDRESSES:
        _, _, key = address.partition(".")
        live = generations_of(address, plain.world)
        if key in chosen and len(live) == 1 and (key in wish.sets or key in wish.albums):
            by_key[key] = ids[live[0]] = AlbumId(f"{0xABC00 + KEYS.index(key):032x}")
    other = plain.copy()
    other.catalog.world = disguised(plain.world, ids)
    called = called_by(names_after({}) | {ids[one]: str(address) for address in ADDRESSES
                                          for one in generations_of(address, plain.world) if one in ids})  # fmt: skip
    for now in (wish, _turned_round(wish)):
        was_met = goes_through(plain, manifest_of(now), cut=cut)
        assert goes_through(other, manifest_of(now.adopting(by_key)), cut=cut) == was_met
        if was_met:
            assert picture(other.world, called) == picture(plain.world, called)


def _with_names(wish: Wish, world: Snapshot) -> Wish:
    """*wish* with a name for each album that is to be made: without one it would be called by its key."""

    def named(address: str, one: T) -> T:
        is_there = any(generations_of(known, world) for known in ADDRESSES if known == address)
        return one if is_there else evolve(one, name=one.name or "new")

    return evolve(
        wish,
        sets={key: named(f"sets.{key}", one) for key, one in wish.sets.items()},
        albums={key: named(f"albums.{key}", one) for key, one in wish.albums.items()},
    )


def _turned_round(wish: Wish) -> Wish:
    """The same photos in the opposite order, less the first: it asks for removals and for other places."""
    return evolve(
        wish,
        albums={
            key: evolve(one, members=tuple(reversed(one.members[1:])), cover=None) if one.members else one
            for key, one in wish.albums.items()
        },
    )

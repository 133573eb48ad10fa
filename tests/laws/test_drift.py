"""Drift: empty directly after an apply; later what a person changed of what lrplan manages, and no more."""

import asyncio

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lrplan.diff.outside import DriftReport
from lrplan.model.address import Address, album_address, set_address
from lrplan.model.album import PublishInfo
from lrplan.model.ids import AssetId
from lrplan.model.snapshot import Snapshot
from lrplan.workflow.drift import drift
from tests.laws.lasting import held_in
from tests.laws.profile import law, note
from tests.laws.stage import Stage, ended_well, generations_of, manifest_of, photo_of
from tests.strategies import EDITS, Edit, Situation, Wish, WishedAlbum, WishedSet, edits, situations


def look(stage: Stage, wish: Wish) -> DriftReport:
    return asyncio.run(drift(manifest_of(wish), stage.around()))


@law
@given(situation=situations(), other=situations())
def test_directly_after_an_apply_nothing_has_changed_outside_whatever_is_wished_then(
    situation: Situation, other: Situation
) -> None:
    stage = Stage.set_up(situation)
    result = stage.run(situation.wish)
    if result is None:
        return
    note(result[0])
    ended_well(result[1])
    for wish in (situation.wish, other.wish):
        report = look(stage, wish)
        assert report.has_state
        assert [one for one in report.albums if one.address in declared(situation.wish)] == []


@law
@given(situation=situations(), edit=edits, deed=st.sampled_from(sorted(set(EDITS))), was_applied=st.booleans())
def test_what_a_person_changes_of_what_is_managed_is_shown_and_nothing_else(
    situation: Situation, edit: Edit, deed: str, was_applied: bool
) -> None:
    stage, wish = Stage.set_up(situation), situation.wish
    if was_applied and stage.run(with_nothing_paused(wish)) is None:
        return
    result = stage.run(wish)
    if result is None:
        return
    note(result[0])
    held = held_in(manifest_of(wish), stage.planned_from)
    unknown = frozenset() if was_applied else held  # what was applied of it, and when, only the history knows
    before, earlier = stage.world, shown_in(look(stage, wish))
    assert earlier & declared(wish) <= unknown
    stage.world_edited(Edit(deed=deed, album=edit.album, photo=edit.photo, other=edit.other))
    shown = shown_in(look(stage, wish))
    for address in declared(wish):
        if address not in unknown:
            assert (address in shown) == is_visible(address, wish, before, stage.world), address
        elif is_untouched(address, before, stage.world):
            assert (address in shown) == (address in earlier), address
    assert stage.world is look_changes_nothing(stage, wish)


def with_nothing_paused(wish: Wish) -> Wish:
    """*wish* as it is before anybody pauses any of it: what is paused later is remembered like this."""
    return evolve(
        wish,
        sets={key: evolve(one, paused=None) for key, one in wish.sets.items()},
        albums={key: evolve(one, paused=None) for key, one in wish.albums.items()},
    )


def shown_in(report: DriftReport) -> set[Address]:
    """The addresses of which something is known to have changed."""
    return {one.address for one in report.albums if one.has_changed}


def is_untouched(address: Address, before: Snapshot, after: Snapshot) -> bool:
    """Whether the albums of *address* and all photos in them are as they were."""
    live = generations_of(address, before)
    return live == generations_of(address, after) and all(
        before.albums[one] == after.albums[one]
        and before.members[one] == after.members[one]
        and members(one, before) == members(one, after)
        for one in live
    )


def look_changes_nothing(stage: Stage, wish: Wish) -> Snapshot:
    before, state, writes = stage.world, stage.memory.state, len(stage.catalog.writes)
    look(stage, wish)
    assert (stage.memory.state, len(stage.catalog.writes)) == (state, writes)
    return before


def declared(wish: Wish) -> set[Address]:
    return {*map(set_address, wish.sets), *map(album_address, wish.albums)}


def is_visible(address: Address, wish: Wish, before: Snapshot, after: Snapshot) -> bool:
    """Whether a field that the wish declares of *address*, or a photo of a list that it manages, is not as it was."""
    key = address.partition(".")[2]
    wished: WishedSet | WishedAlbum = wish.sets[key] if address.startswith("sets.") else wish.albums[key]
    (one,) = generations_of(address, before)[:1]
    if one not in after.albums:
        return True
    was, now = before.albums[one], after.albums[one]
    if (wished.name is not None and was.name != now.name) or (wished.parent is not None and was.parent != now.parent):
        return True
    had, has = was.publish_info or PublishInfo(), now.publish_info or PublishInfo()
    names = {"remoteId": "remote_id", "servicePayload": "service_payload", "view": "view", "edit": "edit"}
    told = [names[path] for path, _ in wished.publish if path in names]
    if bool(had.deleted) != bool(has.deleted) or any(getattr(had, part) != getattr(has, part) for part in told):
        return True
    if isinstance(wished, WishedSet):
        return False
    if wished.members is not None and members(one, before) != members(one, after):
        return True
    return has_lost_cover(one, wished, before, after)


def members(one: str, world: Snapshot) -> list[AssetId]:
    return [a for a in world.members[one].asset_ids if a in world.assets and not world.assets[a].is_trashed]  # type: ignore[index]


def has_lost_cover(one: str, wished: WishedAlbum, before: Snapshot, after: Snapshot) -> bool:
    if wished.cover is None:
        return False
    cover = photo_of(wished.cover, before)
    was, now = ({w.albums[one].cover, w.members[one].cover} for w in (before, after))  # type: ignore[index]
    return cover in was and cover not in now

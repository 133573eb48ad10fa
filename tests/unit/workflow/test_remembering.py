"""A photo that leaves the catalog takes its name along: what lrplan put into an album it still knows."""

import pytest
from attrs import evolve

from lrplan.diagnostics import ExitCode, Failure
from lrplan.journal.entries import Intent
from lrplan.model.ids import Sha256
from tests.memory_catalog import MemoryCatalog
from tests.studio import Studio, photo, world_of

HASH = Sha256("5" * 64)


def iceland(*members: str) -> str:
    return f"albums:\n  iceland: {{name: Iceland, members: [{', '.join(members)}]}}\n"


WISH = iceland("P01.jpg", "P02.jpg", HASH, "P04.jpg")


def studio_with_a_hash() -> Studio:
    world = world_of(4)
    return Studio(
        MemoryCatalog(evolve(world, assets={**world.assets, photo(3): evolve(world.assets[photo(3)], sha256=HASH)}))
    )


def test_a_photo_named_by_file_name_or_hash_is_blocked_once_it_has_left_the_catalog() -> None:
    studio = studio_with_a_hash()
    assert studio.run(WISH).exit_code is ExitCode.DONE
    studio.lose(2, 3)
    again = studio.plan(WISH)
    (change,) = again.changes
    assert [again.names[one.asset_id] for one in change.blocked] == ["P02.jpg", HASH]
    assert all("has left the catalog" in one.text for one in change.blocked)
    assert again.is_empty
    turned = iceland("P04.jpg", "P01.jpg", "P02.jpg", HASH)
    moved = studio.plan(turned)
    assert not moved.is_empty
    assert studio.apply(moved, turned).exit_code is ExitCode.DONE
    still = studio.plan(turned)
    assert len(still.changes[0].blocked) == 2, "a replacement does not make it forget"
    assert still.is_empty


def test_a_run_that_was_cut_off_is_remembered_from_its_first_intent_to_add() -> None:
    studio = studio_with_a_hash()
    studio.run(WISH)
    studio.lose(2, 3)
    ((run_id, (planned, entries)),) = studio.memory.recorded.items()
    adds = next(n for n, one in enumerate(entries) if isinstance(one, Intent) and one.asset_ids)
    for length in range(adds + 1, len(entries) + 1):
        studio.memory.forget()
        studio.memory.recorded[run_id] = (planned, entries[:length])
        assert len(studio.plan(WISH).changes[0].blocked) == 2, entries[:length]


def test_in_another_album_it_is_as_unknown_as_ever() -> None:
    studio = studio_with_a_hash()
    studio.run(WISH)
    studio.lose(2)
    with pytest.raises(Failure) as failed:
        studio.plan("albums:\n  norway: {name: Norway, members: [P02.jpg]}\n")
    assert [said.code for said in failed.value.diagnostics] == ["LRP204"]

"""Albums that were made by hand and are taken over: from then on they are an address's, and nothing else's."""

import pytest

from lrplan.diagnostics import ExitCode, Failure
from lrplan.diff.change import Verb
from lrplan.model.address import Address
from lrplan.model.album import Album, AlbumKind, Membership
from lrplan.model.ids import AlbumId, Owner, album_id
from lrplan.model.order_keys import keys_between
from lrplan.plan.write import PostAlbum, PutAlbum, PutMembers, RemoveAlbum
from tests.memory_catalog import MemoryCatalog
from tests.scenarios.live import ACCOUNT, SERVICE, SOMEBODY
from tests.studio import PROJECT, Studio, photo, world_of
from tests.unit.workflow.test_cut_replacements import Cutting, cut

FOUND = AlbumId("5f" * 16)
A = Address("albums.a")
OWNER = Owner(account_id=ACCOUNT, service_id=SERVICE, project=PROJECT)
FIRST, SECOND = album_id(OWNER, A, 1), album_id(OWNER, A, 2)


def wish(*photos: int, key: str = "a") -> str:
    listed = ", ".join(f"P{one:02}.jpg" for one in photos)
    return f"albums:\n  {key}: {{adopt: {FOUND}, name: A, members: [{listed}]}}\n"


def studio_with(*photos: int, service: str = SERVICE) -> tuple[Studio, Cutting]:
    """A studio in whose catalog somebody made an album of these photos by hand."""
    catalog = Cutting(world_of())
    keys = keys_between(None, None, len(photos))
    assert keys is not None
    album = Album(id=FOUND, kind=AlbumKind.ALBUM, service_id=service, name="A")  # type: ignore[arg-type]
    listing = Membership(asset_ids=tuple(map(photo, photos)), orders=keys)
    catalog.edit(albums={FOUND: album}, members={FOUND: listing})
    return Studio(catalog), catalog


def live(catalog: MemoryCatalog) -> dict[AlbumId, list[int]]:
    return {key: [int(a, 16) for a in listing.asset_ids] for key, listing in catalog.world.members.items()}


def refusal(studio: Studio, albums: str) -> str:
    with pytest.raises(Failure) as failure:
        studio.plan(albums)
    (said,) = failure.value.diagnostics
    assert said.code == "LRP221"
    assert said.span is not None
    return f"{said.what}: {said.why}"


def test_what_was_in_it_is_nobody_s_to_remove_and_what_was_put_in_goes_again() -> None:
    studio, catalog = studio_with(1, 2)
    studio.run(wish(1, 3))
    assert live(catalog) == {FOUND: [1, 3, 2]}
    studio.run(wish(1))
    assert live(catalog) == {FIRST: [1, 2]}


def test_a_second_replacement_is_the_second_generation_and_the_line_may_stay() -> None:
    studio, catalog = studio_with(1, 2)
    studio.run(wish(2, 1))
    assert live(catalog) == {FIRST: [2, 1]}
    studio.run(wish(1, 2))
    assert live(catalog) == {SECOND: [1, 2]}
    again = studio.plan(wish(1, 2))
    assert again.is_empty
    assert [said.what for said in again.warnings] == ["this `adopt` line can go"]
    assert not studio.plan(wish(1, 2).replace(f"adopt: {FOUND}, ", "")).warnings


@pytest.mark.parametrize("kind", [PutAlbum, PutMembers, RemoveAlbum])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("was_applied", [True, False])
def test_a_replacement_that_was_cut_off_is_finished(kind: type, when: str, was_applied: bool) -> None:
    studio, catalog = studio_with(1, 2, 3)
    if was_applied:
        studio.run(wish(1, 2))
    cut(studio, catalog, wish(2, 1), **{when: kind})
    for _ in range(2):  # and once more, so that what the first run left is folded twice
        catalog.before = RemoveAlbum
        if len(live(catalog)) > 1:
            cut(studio, catalog, wish(2, 1), before=RemoveAlbum)
    catalog.before = None
    assert studio.run(wish(2, 1)).exit_code is ExitCode.DONE
    (album,) = live(catalog)
    assert album in (FIRST, SECOND)
    assert live(catalog)[album] == [2, 3, 1]
    assert studio.plan(wish(2, 1)).is_empty


def test_without_the_memory_of_a_replacement_that_was_cut_off_both_albums_are_named() -> None:
    studio, catalog = studio_with(1, 2)
    studio.run(wish(1, 2))
    cut(studio, catalog, wish(2, 1), before=RemoveAlbum)
    before = live(catalog)
    studio.memory.forget()
    said = refusal(studio, wish(2, 1))
    assert FIRST in said
    assert FOUND in said
    assert live(catalog) == before


def test_a_derived_album_that_was_there_before_the_line_replaces_nothing() -> None:
    studio, _catalog = studio_with(1, 2)
    studio.run(wish(1).replace(f"adopt: {FOUND}, ", ""))
    own = album_id(OWNER, A, 0)
    said = refusal(studio, wish(1))
    assert own in said
    assert FOUND in said


def test_the_album_goes_with_its_entry_also_in_the_middle_of_its_replacement() -> None:
    studio, catalog = studio_with(1, 2)
    studio.run(wish(1, 2))
    cut(studio, catalog, wish(2, 1), before=RemoveAlbum)
    planned = studio.plan("albums: {b: {name: B}}\n")
    assert [change.verb for change in planned.changes] == [Verb.DELETE, Verb.CREATE]
    studio.apply(planned)
    assert list(live(catalog)) == [album_id(OWNER, "albums.b", 0)]


def test_an_entry_that_comes_back_does_not_find_the_album_that_it_had() -> None:
    studio, _ = studio_with(1)
    studio.run(wish(1))
    studio.run("albums: {b: {name: B}}\n")
    assert FOUND in refusal(studio, wish(1))


def test_what_an_address_has_taken_over_is_of_no_other_one() -> None:
    studio, catalog = studio_with(1)
    studio.run(wish(1))
    said = refusal(studio, wish(1, key="b"))
    assert "lrplan remembers it as albums.a" in said
    assert live(catalog) == {FOUND: [1]}


def test_an_album_of_another_api_key_is_not_taken_over_though_it_is_listed() -> None:
    studio, _ = studio_with(1, service=SOMEBODY)
    assert "Another API key made it" in refusal(studio, wish(1))


def test_an_album_of_another_project_is_not_taken_over() -> None:
    studio, _ = studio_with(1)
    theirs = album_id(Owner(account_id=ACCOUNT, service_id=SERVICE, project="another"), A, 0)
    assert "another lrplan project" in refusal(studio, f"albums: {{a: {{adopt: {theirs}}}}}\n")


def test_an_adopted_album_that_is_declared_in_part_keeps_all_the_rest() -> None:
    studio, catalog = studio_with(1, 2)
    before = catalog.world
    assert studio.run(f"albums: {{a: {{adopt: {FOUND}, name: New}}}}\n").exit_code is ExitCode.DONE
    assert [type(write) for write in catalog.writes] == [PostAlbum]
    assert catalog.world.members == before.members

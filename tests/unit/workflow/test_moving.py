"""Addresses and projects that had other names: their albums stay what they are, and nothing is sent for that."""

import pytest

from lrplan.diagnostics import ExitCode, Failure
from lrplan.diff.change import DriftKind, Verb
from lrplan.model.album import Album, AlbumKind, Membership
from lrplan.model.ids import AlbumId, Owner, album_id
from lrplan.plan.plan import Plan
from lrplan.plan.write import PutAlbum, PutMembers, RemoveAlbum
from tests.memory_catalog import MemoryCatalog
from tests.scenarios.live import ACCOUNT, SERVICE
from tests.studio import PROJECT, Studio, world_of
from tests.unit.workflow.test_cut_replacements import Cutting, cut


def ours(address: str, generation: int = 0, project: str = PROJECT) -> AlbumId:
    return album_id(Owner(account_id=ACCOUNT, service_id=SERVICE, project=project), address, generation)


def wish(key: str, *photos: int, moved: str = "") -> str:
    listed = ", ".join(f"P{one:02}.jpg" for one in photos)
    lines = f"moved: [{moved}]\n" if moved else ""
    return f"albums:\n  {key}: {{name: A, members: [{listed}]}}\n{lines}"


def step(source: str, target: str) -> str:
    return f"{{from: albums.{source}, to: albums.{target}}}"


A_TO_B = step("a", "b")


def begun(*photos: int) -> tuple[Studio, Cutting]:
    catalog = Cutting(world_of())
    studio = Studio(catalog)
    studio.run(wish("a", *photos))
    return studio, catalog


def live(catalog: MemoryCatalog) -> dict[AlbumId, list[int]]:
    return {key: [int(a, 16) for a in listing.asset_ids] for key, listing in catalog.world.members.items()}


def refusal(studio: Studio, albums: str) -> str:
    with pytest.raises(Failure) as failure:
        studio.plan(albums)
    (said,) = failure.value.diagnostics
    assert said.code == "LRP222"
    return f"{said.what}: {said.why}"


def notes(planned: Plan) -> list[str]:
    return [said.what for said in planned.warnings]


CAN_GO = "this line of `moved` can go"


def test_a_rename_sends_nothing_and_is_remembered() -> None:
    studio, catalog = begun(1, 2)
    writes = len(catalog.writes)
    wanted = wish("b", 1, 2, moved=A_TO_B)
    planned = studio.plan(wanted)
    assert planned.is_empty
    assert [(one.address, one.moved_from) for one in planned.visible_changes] == [("albums.b", "albums.a")]
    studio.apply(planned, wanted)
    again = studio.plan(wanted)
    assert again.is_empty
    assert again.visible_changes == ()
    assert notes(again) == [], "the line is needed as long as the album has the id of its old address"
    assert len(catalog.writes) == writes
    assert studio.binding("albums.a") is None
    assert studio.binding("albums.b") is not None


@pytest.mark.parametrize("is_applied", [True, False])
def test_what_lrplan_put_in_is_known_at_the_new_address(is_applied: bool) -> None:
    studio, catalog = begun(1, 2)
    studio.put_by_hand("A", 5)
    if is_applied:
        studio.run(wish("b", 1, 2, moved=A_TO_B))
    studio.run(wish("b", 1, moved=A_TO_B))
    assert live(catalog) == {ours("albums.b"): [1, 5]}
    again = studio.plan(wish("b", 1, moved=A_TO_B))
    assert again.is_empty
    assert notes(again) == [CAN_GO]
    assert studio.plan(wish("b", 1)).is_empty


def test_it_is_found_without_any_memory() -> None:
    studio, catalog = begun(1, 2)
    studio.memory.forget()
    planned = studio.plan(wish("b", 1, 2, moved=A_TO_B))
    assert planned.is_empty
    assert planned.drift == ()
    studio.apply(planned)
    studio.run(wish("b", 2, 1, moved=A_TO_B))
    assert live(catalog) == {ours("albums.b"): [2, 1]}


def test_moves_are_followed() -> None:
    studio, catalog = begun(1, 2)
    chain = f"{A_TO_B}, {step('b', 'c')}"
    studio.run(wish("c", 1, 2, moved=chain))
    assert live(catalog) == {ours("albums.a"): [1, 2]}
    studio.run(wish("d", 1, 2, moved=f"{chain}, {step('c', 'd')}"))
    studio.run(wish("d", 1, moved=f"{chain}, {step('c', 'd')}"))
    assert live(catalog) == {ours("albums.d"): [1]}
    assert notes(studio.plan(wish("d", 1, moved=chain.replace("to: albums.c", "to: albums.d")))) == [CAN_GO, CAN_GO]


def test_generations_of_the_old_address_are_not_used_again() -> None:
    studio, catalog = begun(1, 2)
    studio.run(wish("a", 2, 1))
    assert live(catalog) == {ours("albums.a", 1): [2, 1]}
    studio.run(wish("b", 2, 1, moved=A_TO_B))
    studio.run(wish("b", 1, 2, moved=A_TO_B))
    studio.run(wish("b", 1, 2) + "  a: {name: Anew}\n")
    assert set(live(catalog)) == {ours("albums.b"), ours("albums.a", 2)}


@pytest.mark.parametrize("kind", [PutAlbum, PutMembers, RemoveAlbum])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("forgets", [True, False])
def test_a_replacement_that_was_cut_off_is_finished(kind: type, when: str, forgets: bool) -> None:
    studio, catalog = begun(1, 2, 3)
    wanted = wish("b", 3, 1, 2, moved=A_TO_B)
    cut(studio, catalog, wanted, **{when: kind})
    if forgets:
        studio.memory.forget()
    assert studio.run(wanted).exit_code is ExitCode.DONE
    assert live(catalog) == {ours("albums.b"): [3, 1, 2]}
    assert studio.plan(wanted).is_empty


@pytest.mark.parametrize("kind", [PutAlbum, PutMembers, RemoveAlbum])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_removal_that_was_cut_off_at_the_old_address_is_finished_at_the_new_one(kind: type, when: str) -> None:
    studio, catalog = begun(1, 2, 3)
    cut(studio, catalog, wish("a", 1, 3), **{when: kind})
    wanted = wish("b", 1, 3, moved=A_TO_B)
    assert studio.run(wanted).exit_code is ExitCode.DONE
    (members,) = live(catalog).values()
    assert members == [1, 3]
    again = studio.plan(wanted)
    assert again.is_empty
    assert again.drift == ()


def test_an_album_that_was_moved_and_deleted_in_lightroom_is_said_to_be_deleted() -> None:
    studio, catalog = begun(1)
    studio.run(wish("b", 1, moved=A_TO_B))
    catalog.edit(albums={}, members={})
    (change,) = studio.plan(wish("b", 1, moved=A_TO_B)).changes
    assert change.verb is Verb.CREATE
    assert change.new_id == ours("albums.b")
    assert change.reason is not None
    assert change.reason.code == "deleted-outside"


def test_the_album_goes_with_the_entry_of_its_new_address() -> None:
    studio, catalog = begun(1)
    studio.run(wish("b", 1, moved=A_TO_B))
    studio.run("albums: {c: {name: C}}\n")
    assert set(live(catalog)) == {ours("albums.c")}


def test_a_rename_that_is_taken_back_deletes_nothing() -> None:
    studio, catalog = begun(1, 2)
    studio.run(wish("b", 1, 2, moved=A_TO_B))
    assert studio.plan(wish("a", 1, 2)).is_empty
    studio.run(wish("a", 1, 2))
    assert live(catalog) == {ours("albums.a"): [1, 2]}
    assert studio.binding("albums.b") is None


def test_a_rename_of_which_nothing_was_begun_leaves_what_is_known_where_it_is() -> None:
    studio, catalog = begun(1, 2)
    changed = f"sets: {{s: {{name: S}}}}\nalbums: {{b: {{name: New, parent: s}}}}\nmoved: [{A_TO_B}]\n"
    assert {step.action.address for step in studio.plan(changed).steps} == {"albums.b", "sets.s"}
    cut(studio, catalog, changed, before=PutAlbum)
    studio.run(wish("a", 1))
    assert live(catalog)[ours("albums.a", 1)] == [1]


def test_an_old_key_is_not_declared_anew_while_its_album_lives() -> None:
    studio, catalog = begun(1)
    both = wish("b", 1, moved=A_TO_B).replace("albums:\n", "albums:\n  a: {name: Anew}\n")
    assert "albums.a is declared" in refusal(studio, both)
    studio.run(wish("b", 1, 2, moved=A_TO_B))
    assert "albums.a is declared" in refusal(studio, both)
    studio.run(wish("b", 2, 1, moved=A_TO_B))
    planned = studio.plan(both)
    assert notes(planned) == [CAN_GO]
    studio.apply(planned, both)
    assert set(live(catalog)) == {ours("albums.a", 1), ours("albums.b", 1)}
    again = studio.plan(both)
    assert (again.is_empty, notes(again)) == (True, [CAN_GO])


def test_two_albums_do_not_become_one() -> None:
    studio, catalog = begun(1)
    studio.run(wish("a", 1) + "  b: {name: B, members: [P02.jpg]}\n")
    said = refusal(studio, wish("b", 1, moved=A_TO_B))
    assert ours("albums.a") in said
    assert ours("albums.b") in said
    assert len(live(catalog)) == 2


def test_a_set_moves_with_what_is_in_it() -> None:
    studio, catalog = begun(1)
    studio.run("sets: {s: {name: S}}\nalbums: {a: {name: A, parent: s}}\n")
    renamed = "sets: {t: {name: S}}\nalbums: {a: {name: A, parent: t}}\nmoved: [{from: sets.s, to: sets.t}]\n"
    planned = studio.plan(renamed)
    assert planned.is_empty
    studio.apply(planned, renamed)
    assert ours("sets.s") in catalog.world.albums
    studio.run("albums: {a: {name: A, parent: /}}\n")
    assert ours("sets.s") not in catalog.world.albums


@pytest.mark.parametrize("forgets", [True, False])
def test_an_adopted_album_moves_too(forgets: bool) -> None:
    studio, catalog = begun()
    found = Album(id=AlbumId("5f" * 16), kind=AlbumKind.ALBUM, service_id=SERVICE, name="X")
    catalog.edit(albums={found.id: found}, members={found.id: Membership()})
    studio.memory.forget()
    before = f"albums:\n  x: {{adopt: {found.id}, members: [P01.jpg]}}\n"
    studio.run(before)
    after = before.replace("  x:", "  y:") + f"moved: [{step('x', 'y')}]\n"
    assert studio.plan(after).is_empty
    if forgets:
        studio.memory.forget()
    studio.run(after.replace("[P01.jpg]", "[P02.jpg, P01.jpg]"))
    studio.run(after.replace("[P01.jpg]", "[P01.jpg, P02.jpg]"))
    assert list(live(catalog).values()) == [[1, 2]]
    assert found.id not in live(catalog)
    assert studio.plan(after.replace("[P01.jpg]", "[P01.jpg, P02.jpg]")).is_empty


RENAMED = f"previousProjects: [{PROJECT}]\n"


def renamed(studio: Studio, *, name: str = "atelier", settings: str = RENAMED) -> Studio:
    other = Studio(studio.catalog, project=name, settings=settings)
    other.memory, other.clock = studio.memory, studio.clock
    return other


def test_a_renamed_project_goes_on_with_its_albums_and_its_state() -> None:
    studio, catalog = begun(1, 2)
    atelier = renamed(studio)
    assert atelier.plan(wish("a", 1, 2)).is_empty
    atelier.run(wish("a", 1))
    assert live(catalog) == {ours("albums.a", project="atelier"): [1]}
    assert atelier.memory.state is not None
    assert atelier.memory.state.project == "atelier"
    assert renamed(studio, settings="").plan(wish("a", 1)).is_empty, "the old name has done its work"


def test_a_plan_with_nothing_to_do_takes_the_state_over() -> None:
    studio, _ = begun(1, 2)
    atelier = renamed(studio)
    atelier.run(wish("a", 1, 2))
    assert atelier.memory.state is not None
    assert atelier.memory.state.project == "atelier"
    with pytest.raises(Failure) as failure:
        studio.plan(wish("a", 1, 2))
    assert failure.value.exit_code is ExitCode.CREDENTIALS


def test_without_the_old_name_the_state_is_refused() -> None:
    studio, _ = begun(1)
    with pytest.raises(Failure) as failure:
        renamed(studio, settings="").plan(wish("a", 1))
    assert failure.value.exit_code is ExitCode.CREDENTIALS


def test_albums_of_the_old_name_that_nothing_declares_are_orphans_without_state() -> None:
    studio, catalog = begun(1)
    studio.memory.forget()
    planned = renamed(studio).plan("albums: {c: {name: C}}\n")
    assert [(one.kind, one.album_id) for one in planned.drift] == [(DriftKind.ORPHAN, ours("albums.a"))]
    with_another_name = renamed(studio, settings="previousProjects: [another]\n").plan("albums: {c: {name: C}}\n")
    assert with_another_name.drift == ()
    assert set(live(catalog)) == {ours("albums.a")}


def test_albums_of_the_old_name_go_with_their_entries() -> None:
    studio, catalog = begun(1)
    renamed(studio).run("albums: {c: {name: C}}\n")
    assert set(live(catalog)) == {ours("albums.c", project="atelier")}


@pytest.mark.parametrize("kind", [PutAlbum, PutMembers, RemoveAlbum])
@pytest.mark.parametrize("forgets", [True, False])
@pytest.mark.parametrize("was_cut_before", [True, False])
def test_a_replacement_is_finished_under_another_name(kind: type, forgets: bool, was_cut_before: bool) -> None:
    studio, catalog = begun(1, 2)
    atelier = renamed(studio)
    cut(studio if was_cut_before else atelier, catalog, wish("a", 2, 1), after=kind)
    if forgets:
        studio.memory.forget()
    assert atelier.run(wish("a", 2, 1)).exit_code is ExitCode.DONE
    (members,) = live(catalog).values()
    assert members == [2, 1]
    assert atelier.plan(wish("a", 2, 1)).is_empty


def test_project_and_key_are_renamed_at_once() -> None:
    studio, catalog = begun(1, 2)
    atelier = renamed(studio)
    planned = atelier.plan(wish("b", 1, 2, moved=A_TO_B))
    assert planned.is_empty
    atelier.apply(planned, wish("b", 1, 2, moved=A_TO_B))
    atelier.run(wish("b", 1, moved=A_TO_B))
    assert live(catalog) == {ours("albums.b", project="atelier"): [1]}

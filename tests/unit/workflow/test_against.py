"""Whose snapshot it is, and what nobody asked when it was taken: what is refused before anything is compared."""

import asyncio

import pytest
from attrs import evolve

from lrplan.diagnostics import ExitCode, Failure
from lrplan.diff.change import Verb
from lrplan.formats.plan import decode_plan, encode_plan
from lrplan.model.asset import UNKNOWN_DATE, Asset
from lrplan.model.rendition import Rendition
from lrplan.model.taken import Taken
from lrplan.plan.plan import Plan
from lrplan.workflow.against import TakenCatalog, against
from lrplan.workflow.plan import plan
from lrplan.workflow.taking import take
from tests.studio import PROJECT, Studio, photo

ONE = "albums:\n  a: {name: A, members: [P01.jpg, P02.jpg]}\n"


def taken_of(studio: Studio) -> Taken:
    return asyncio.run(take(studio.manifest("albums: {}\n"), studio.around))


def planned(studio: Studio, taken: Taken, albums: str) -> Plan:
    manifest = studio.manifest(albums)
    around = against(taken, manifest.project, files=studio.files, clock=studio.clock, events=studio.around.events)
    return asyncio.run(plan(manifest, around)).plan


def test_a_snapshot_of_another_project_is_refused() -> None:
    with pytest.raises(Failure) as refused:
        planned(Studio(project="other"), taken_of(Studio()), ONE)
    (said,) = refused.value.diagnostics
    assert (said.code, refused.value.exit_code) == ("LRP305", ExitCode.CREDENTIALS)
    assert said.what == "the snapshot is of another project"


def test_a_snapshot_of_a_former_name_of_the_project_is_its_own() -> None:
    studio = Studio()
    studio.run(ONE)
    taken = taken_of(studio)
    renamed = Studio(project="other", settings=f"previousProjects: [{PROJECT}]\n")
    made = planned(renamed, taken, ONE.replace("name: A,", "name: A2,"))
    (change,) = made.changes
    assert (change.verb, change.id) == (Verb.UPDATE, studio.album("A").id)


def test_albums_are_selected_from_as_they_were_and_how_photos_were_flagged_is_not_known() -> None:
    studio = Studio()
    studio.run("albums:\n  a: {name: A, members: [P01.jpg, P02.jpg]}\n")
    taken = taken_of(studio)
    select = "albums:\n  a: {name: A}\n  b: {name: B, members: [{select: {album: a%s}}]}\n"
    made = planned(studio, taken, select % "")
    assert made.changes[1].members is not None
    assert made.changes[1].members.after == (photo(1), photo(2))
    with pytest.raises(Failure) as refused:
        planned(studio, taken, select % ", flag: pick")
    (said,) = refused.value.diagnostics
    assert (said.code, said.why) == ("LRP109", 'It does not hold which photos of the album "A" were flagged.')


@pytest.mark.parametrize("noun", ["account", "catalog"])
def test_the_account_and_the_catalog_that_the_project_names_are_guards_of_snapshots_too(noun: str) -> None:
    with pytest.raises(Failure) as refused:
        planned(Studio(settings=f"{noun}: {'0' * 31}1\n"), taken_of(Studio()), ONE)
    (said,) = refused.value.diagnostics
    assert (said.code, refused.value.exit_code) == ("LRP304", ExitCode.CREDENTIALS)
    assert "the snapshot is of" in said.why
    assert "credentials" not in f"{said.why} {said.hint}"


def test_what_this_machine_remembers_by_now_is_not_looked_at() -> None:
    """It belongs to a later catalog: of the photo that lrplan put in since, the snapshot knows nothing."""
    studio = Studio()
    studio.run(ONE)
    taken = taken_of(studio)
    studio.run(ONE.replace("P02.jpg", "P02.jpg, P03.jpg"))
    made = planned(studio, taken, ONE.replace("P02.jpg", "P02.jpg, P04.jpg"))
    (change,) = made.changes
    assert change.members is not None
    assert (change.members.added, change.members.removed) == ((photo(4),), ())
    assert (made.summary.read_calls, made.read_seconds, made.as_of) == (0, 0.0, taken.snapshot.read_at)


def test_a_plan_against_a_snapshot_is_applied_like_any_other_and_an_album_that_changed_since_is_seen() -> None:
    studio = Studio()
    studio.run(ONE)
    wish = ONE.replace("name: A,", "name: A2,")
    made = decode_plan(encode_plan(planned(studio, taken_of(studio), wish), version="1"), file="plan.json")
    studio.edit_album("A", name="By hand")
    assert studio.apply(made).exit_code is ExitCode.STALE
    studio.edit_album("By hand", name="A")
    assert studio.apply(made).exit_code is ExitCode.DONE
    assert studio.album("A2")


def test_unfinished_runs_are_remembered_by_a_snapshot() -> None:
    studio = Studio()
    studio.run(ONE)
    kept = studio.memory.state
    plan_file = studio.plan(ONE.replace("name: A,", "name: A2,"))
    studio.memory.recorded["r"] = (plan_file, [])
    assert studio.memory.state == kept
    state = taken_of(studio).state
    assert state is not None
    assert "r" in state.folded


def test_without_memory_there_is_none_in_the_snapshot_either() -> None:
    studio = Studio()
    taken = taken_of(studio)
    assert taken.state is None
    assert not planned(studio, taken, ONE).has_state


def test_what_no_walk_shows_is_found_by_its_id_and_not_by_its_name() -> None:
    studio = Studio()
    taken = taken_of(studio)
    hidden = evolve(taken, aside=frozenset({photo(1)}))
    with pytest.raises(Failure) as refused:
        planned(studio, hidden, ONE)
    assert [said.code for said in refused.value.diagnostics] == ["LRP204"]
    assert planned(studio, hidden, ONE.replace("P01.jpg", f"{{id: {photo(1)}}}")).summary.members_add == 2


@pytest.mark.parametrize(("which", "finds"), [("finds_trash", True), ("finds_trash", False), ("finds_undated", False)])
def test_a_hash_finds_what_the_service_would_find_by_it(which: str, finds: bool) -> None:
    sha256 = "e" * 64
    odd = Asset(id=photo(99), sha256=sha256, capture_date=UNKNOWN_DATE, subtype="deleted_image")  # type: ignore[arg-type]
    taken = taken_of(Studio())
    world = evolve(taken.snapshot, assets={**taken.snapshot.assets, odd.id: odd})
    catalog = TakenCatalog(evolve(taken, snapshot=world, **{which: finds}))
    assert asyncio.run(catalog.assets_by_sha256(odd.sha256)) == ((odd,) if finds else ())  # type: ignore[arg-type]


def test_what_nobody_asked_for_is_not_made_up() -> None:
    catalog, one = TakenCatalog(taken_of(Studio())), photo(1)
    questions = (
        catalog.health(),
        catalog.collections(),
        catalog.holder("f" * 32),  # type: ignore[arg-type]
        catalog.changed_since("2026-01-01T00:00:00Z"),
        catalog.asset(one),
        catalog.develop(one),
        catalog.rendition(one, Rendition.THUMBNAIL, None),  # type: ignore[arg-type]
        catalog.await_rendition(one, Rendition.THUMBNAIL),
    )
    for question in questions:
        with pytest.raises(Failure) as refused:
            asyncio.run(question)  # type: ignore[arg-type]
        assert (refused.value.diagnostics[0].code, refused.value.exit_code) == ("LRP109", ExitCode.INVALID)
    with pytest.raises(Failure, match="snapshot does not hold"):
        asyncio.run(catalog.develop(one))

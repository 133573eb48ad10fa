"""What is remembered for the time when an entry is gone, what protection outlives, and what pausing leaves alone."""

from collections.abc import Mapping

import pytest
from attrs import evolve

from lrplan.diagnostics import ExitCode, Failure
from lrplan.diff.change import Verb
from lrplan.journal.entries import Intent
from lrplan.model.address import Address
from lrplan.model.album import PublishInfo
from lrplan.model.state import WhenGone
from lrplan.workflow.report import Bucket, Verified
from tests.studio import Studio, buckets, photo

NOBODY = "albums: {b: {name: B}}\n"
A, HERE = "albums.a", Address("albums.a")


def wish(*words: str) -> str:
    return f"albums: {{a: {{name: A, {', '.join(words)}}}, b: {{name: B}}}}\n"


def verbs(studio: Studio, albums: str) -> Mapping[str, Verb]:
    return {change.address: change.verb for change in studio.plan(albums).changes}


def is_marked(studio: Studio) -> bool:
    info = studio.album("A").publish_info
    return info is not None and bool(info.deleted)


def codes(failure: Failure) -> list[str]:
    return [said.code for said in failure.diagnostics]


def test_an_album_that_is_let_go_is_spoken_of_once_and_sent_nothing() -> None:
    studio = Studio()
    studio.run(wish("whenGone: keep", "members: [P01.jpg]"))
    before, calls = studio.catalog.world, studio.catalog.calls
    plan = studio.plan(NOBODY)
    assert studio.catalog.calls - calls == 3, "nobody looks inside"
    assert verbs(studio, NOBODY) == {A: Verb.LET_GO, "albums.b": Verb.UNCHANGED}
    report = studio.apply(plan, NOBODY)
    assert buckets(report) == {A: Bucket.DONE, "albums.b": Bucket.ALREADY}
    assert studio.catalog.world == before
    assert verbs(studio, NOBODY) == {"albums.b": Verb.UNCHANGED}
    again = studio.plan(NOBODY)
    assert (again.does_nothing, again.drift, again.forgotten, dict(again.targets)) == (True, (), (), {})


def test_what_was_put_into_an_album_is_remembered_for_the_day_on_which_its_entry_comes_back() -> None:
    studio = Studio()
    studio.run(wish("whenGone: keep", "members: [P01.jpg, P02.jpg]"))
    remembered = studio.binding(A)
    assert remembered is not None
    studio.run(NOBODY)
    assert studio.binding(A) == evolve(remembered, gone=True)
    studio.put_by_hand("A", 3)
    assert studio.run(wish("members: [P02.jpg]")).exit_code is ExitCode.DONE
    assert studio.members("A") == (photo(2), photo(3)), "what lrplan put there goes, what a person put there stays"
    back = studio.binding(A)
    assert back is not None
    assert (back.gone, back.when_gone) == (False, WhenGone.DELETE)


def test_a_tombstone_is_set_once_and_left_to_whoever_takes_it_back() -> None:
    studio = Studio()
    studio.run(wish("whenGone: tombstone", "members: [P01.jpg]", "publishInfo: {remoteId: g-1}"))
    assert verbs(studio, NOBODY)[A] is Verb.UPDATE
    report = studio.run(NOBODY)
    assert (report.verified, buckets(report)[A]) == (Verified.MANIFESTS, Bucket.DONE)
    assert is_marked(studio)
    assert studio.members("A") == (photo(1),)
    studio.edit_album("A", publish_info=evolve(studio.album("A").publish_info or PublishInfo(), deleted=False))
    assert studio.plan(NOBODY).does_nothing
    studio.run(NOBODY)
    assert not is_marked(studio)


def test_a_tombstone_is_taken_back_when_the_entry_is_and_nobody_else_is_said_to_have_set_it() -> None:
    studio = Studio()
    written = wish("whenGone: tombstone")
    studio.run(written)
    studio.run(NOBODY)
    (change,) = (one for one in studio.plan(written).changes if one.address == A)
    assert [(one.path, one.after, one.changed_outside) for one in change.fields] == [
        ("publishInfo.deleted", "false", False)
    ]
    studio.run(written)
    assert not is_marked(studio)
    studio.edit_album("A", publish_info=evolve(studio.album("A").publish_info or PublishInfo(), deleted=True))
    (change,) = (one for one in studio.plan(written).changes if one.address == A)
    assert [one.changed_outside for one in change.fields] == [True], "this one was somebody else"


def test_an_album_that_was_let_go_and_is_deleted_by_hand_is_forgotten() -> None:
    studio = Studio()
    studio.run(wish("whenGone: keep", "protect: true"))
    studio.run(NOBODY)
    gone = studio.album("A").id
    studio.catalog.edit(albums={key: one for key, one in studio.catalog.world.albums.items() if key != gone})
    plan = studio.plan(NOBODY)
    assert (plan.does_nothing, plan.forgotten) == (True, (HERE,))
    studio.run(NOBODY)
    assert studio.binding(A) is None
    studio.run(wish())
    made = studio.binding(A)
    assert made is not None
    assert (made.album_id != gone, made.protect) == (True, False), "its id stays used"


def test_what_is_said_of_the_end_counts_once_it_was_applied() -> None:
    studio = Studio()
    studio.run(wish("whenGone: keep"))
    planned = studio.plan(wish("whenGone: delete"))
    assert (planned.is_empty, planned.does_nothing) == (True, False)
    assert verbs(studio, NOBODY)[A] is Verb.LET_GO, "that plan was not applied"
    assert buckets(studio.apply(planned, wish("whenGone: delete")))[A] is Bucket.DONE
    assert verbs(studio, NOBODY)[A] is Verb.DELETE


def test_protection_outlives_its_line_and_its_entry_and_ends_by_an_applied_false() -> None:
    studio = Studio()
    studio.run(wish("protect: true", "members: [P01.jpg, P02.jpg]"))
    studio.run(wish("members: [P01.jpg, P02.jpg]"))
    for refused in (wish("members: [P02.jpg]"), wish("protect: false", "members: [P02.jpg]"), NOBODY):
        plan = studio.plan(refused)
        with pytest.raises(Failure) as failed:
            studio.apply(plan, refused)
        assert (codes(failed.value), failed.value.exit_code) == (["LRP404"], ExitCode.GUARD)
    studio.run(wish("protect: false"))
    assert studio.run(wish("members: [P02.jpg]")).exit_code is ExitCode.DONE
    assert studio.run(NOBODY).exit_code is ExitCode.DONE


def test_a_plan_from_before_the_protection_is_refused_with_and_without_its_manifests() -> None:
    studio = Studio()
    studio.run(wish("members: [P01.jpg, P02.jpg]"))
    fewer = wish("members: [P02.jpg]")
    planned, before = studio.plan(fewer), studio.catalog.world
    studio.run(wish("protect: true"))
    for manifest in (fewer, None):
        with pytest.raises(Failure) as failed:
            studio.apply(planned, manifest)
        assert codes(failed.value) == ["LRP404"]
    assert studio.catalog.world == before


def test_a_run_that_is_cut_anywhere_loses_neither_protection_nor_what_is_to_happen_one_day() -> None:
    studio = Studio()
    studio.run(wish("whenGone: keep", "protect: true", "members: [P01.jpg]"))
    ((run_id, (planned, entries)),) = studio.memory.recorded.items()
    begun = next(at for at, one in enumerate(entries) if isinstance(one, Intent) and one.step_id.startswith(A))
    for length in range(begun + 1, len(entries) + 1):
        studio.memory.forget()
        studio.memory.recorded[run_id] = (planned, entries[:length])
        bound = studio.binding(A)
        assert bound is not None
        assert (bound.when_gone, bound.protect, bound.gone) == (WhenGone.KEEP, True, False)


def test_a_cut_run_that_was_to_end_a_protection_has_not_ended_it() -> None:
    studio = Studio()
    studio.run(wish("protect: true", "whenGone: keep"))
    state = studio.memory.state
    studio.run("albums: {a: {name: C, protect: false}, b: {name: B}}\n")
    run_id = max(studio.memory.recorded)
    planned, entries = studio.memory.recorded[run_id]
    begun = next(at for at, one in enumerate(entries) if isinstance(one, Intent))
    studio.memory.state = state
    studio.memory.recorded[run_id] = (planned, entries[: begun + 1])
    bound = studio.binding(A)
    assert bound is not None
    assert (bound.protect, bound.when_gone) == (True, WhenGone.KEEP)


def test_what_is_paused_is_neither_read_nor_changed_nor_forgotten() -> None:
    studio = Studio()
    studio.run(wish("whenGone: keep", "members: [P01.jpg, P02.jpg]"))
    remembered, before = studio.binding(A), studio.catalog.world
    paused = wish("paused: true", "whenGone: delete", "members: [P09.jpg, nowhere.jpg, ./not-here.jpg]")
    calls = studio.catalog.calls
    plan = studio.plan(paused)
    assert (studio.catalog.calls - calls, plan.is_empty, plan.summary.paused) == (3, True, 1)
    report = studio.apply(plan, paused)
    assert (buckets(report)[A], report.exit_code, report.verified) == (Bucket.PAUSED, ExitCode.DONE, Verified.PLAN)
    assert (studio.binding(A), studio.catalog.world) == (remembered, before)


def test_what_waits_for_a_paused_set_is_remembered_as_it_was() -> None:
    studio = Studio()
    studio.run(wish("members: [P01.jpg]"))
    remembered = studio.binding(A)
    waiting = "sets: {s: {paused: true}}\n" + wish("parent: s", "whenGone: keep", "members: [P02.jpg]")
    report = studio.run(waiting)
    assert buckets(report) == {A: Bucket.BLOCKED, "albums.b": Bucket.ALREADY, "sets.s": Bucket.PAUSED}
    assert studio.binding(A) == remembered
    assert studio.run(waiting.replace("paused: true", "name: S")).exit_code is ExitCode.DONE
    assert studio.members("A") == (photo(2),)

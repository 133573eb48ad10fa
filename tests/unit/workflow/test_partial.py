"""Plans for a part of a project: what they read, what they leave to others, and what a later apply makes of them."""

import pytest
from attrs import evolve

from lrplan.diagnostics import ExitCode, Failure
from lrplan.formats.plan import decode_plan, encode_plan, plan_digest
from lrplan.model.scope import Scope
from lrplan.workflow.report import Verified
from tests.ports import GivenFiles
from tests.scenarios.live import originals_of
from tests.studio import Studio, photo

ONE = "albums:\n  a: {name: A, members: [P01.jpg]}\n"
TWO = ONE + "  b: {name: B, members: [P02.jpg, P03.jpg]}\n"
ONLY_A = Scope(target=("albums.a",))


@pytest.mark.parametrize(
    ("scope", "holds"),
    [
        (Scope(), ["albums.a", "albums.ab", "sets.a"]),
        (Scope(target=("albums.a",)), ["albums.a"]),
        (Scope(target=("albums.a*",)), ["albums.a", "albums.ab"]),
        (Scope(target=("*.a",)), ["albums.a", "sets.a"]),
        (Scope(target=("albums.[a-b]?",)), ["albums.ab"]),
        (Scope(exclude=("albums.*",)), ["sets.a"]),
        (Scope(target=("albums.*", "sets.*"), exclude=("*.a",)), ["albums.ab"]),
        (Scope(target=("a",)), []),
    ],
)
def test_a_pattern_is_one_of_the_shell_over_whole_addresses(scope: Scope, holds: list[str]) -> None:
    assert list(scope.among(["albums.a", "albums.ab", "sets.a"])) == holds  # type: ignore[list-item]


def test_albums_elsewhere_are_not_looked_into_and_mistakes_in_their_photos_are_not_raised() -> None:
    studio = Studio()
    studio.run(TWO)
    mistaken = TWO.replace("name: A,", "name: A2,").replace("P03.jpg", "NOPE.jpg")
    made = studio.plan(mistaken, scope=ONLY_A)
    assert [change.address for change in made.changes] == ["albums.a"]
    assert made.summary.read_calls == studio.plan(TWO).summary.read_calls - 1
    with pytest.raises(Failure):
        studio.plan(mistaken)


def test_files_of_albums_elsewhere_are_not_read() -> None:
    studio = Studio()
    studio.plan(ONE + "  b: {name: B, members: [../o/gone.jpg, {from: gone.txt}]}\n", scope=ONLY_A)


def test_a_plan_for_a_part_says_so_in_its_file_and_digest_and_the_claim_is_of_the_plan() -> None:
    studio = Studio()
    studio.run(ONE)
    part, whole = studio.plan(TWO, scope=Scope(target=("albums.*",))), studio.plan(TWO)
    assert (part.complete, whole.complete) == (False, True)
    assert part.steps == whole.steps
    assert plan_digest(part) != plan_digest(whole)
    stored = decode_plan(encode_plan(part, version="1"), file="plan.json")
    assert (stored, stored.scope) == (part, Scope(target=("albums.*",)))
    assert studio.apply(stored, TWO).verified is Verified.PLAN


def test_an_album_that_changed_is_planned_anew_with_the_same_part() -> None:
    """A fresh plan for all of the project could not be made: it names a photo that there is not."""
    studio = Studio()
    studio.run(TWO)
    wish = TWO.replace("name: A,", "name: A2,").replace("P03.jpg", "NOPE.jpg")
    made = decode_plan(encode_plan(studio.plan(wish, scope=ONLY_A), version="1"), file="plan.json")
    studio.put_by_hand("A", 9)
    report = studio.apply(made, wish)
    assert report.exit_code is ExitCode.DONE, report.items
    assert studio.members("A2") == (photo(1), photo(9))


def test_what_arrived_of_originals_elsewhere_stays_known() -> None:
    studio = Studio()
    studio.run(TWO)
    state = studio.memory.state
    assert state is not None
    parts = {photo(77): ("bytes 0-9/20",)}
    studio.memory.state = evolve(state, arrived=parts)
    wish = TWO.replace("name: A,", "name: A2,")
    assert studio.apply(studio.plan(wish, scope=ONLY_A), wish).exit_code is ExitCode.DONE
    assert studio.memory.state is not None
    assert studio.memory.state.arrived == parts
    studio.run(wish.replace("name: B,", "name: B2,"))
    assert studio.memory.state.arrived == {}, "a plan for all of the project has sent them, or nobody wants them"


def test_what_was_sent_to_its_end_for_a_part_is_not_waited_for_any_more() -> None:
    studio = Studio()
    studio.files = GivenFiles(originals_of({"o/one.jpg": {"content": "one"}}))  # type: ignore[arg-type]
    wish = "albums:\n  a: {name: A, members: [../o/one.jpg]}\n  b: {name: B}\n"
    assert studio.apply(studio.plan(wish, scope=ONLY_A), wish).exit_code is ExitCode.DONE
    assert studio.memory.state is not None
    assert studio.memory.state.arrived == {}


def test_an_album_that_is_gone_may_be_named_again() -> None:
    """Or else the same words that deleted it would be wrong afterwards."""
    studio = Studio()
    studio.run(TWO)
    only_b = Scope(target=("albums.b",))
    assert studio.apply(studio.plan(ONE, scope=only_b), ONE).exit_code is ExitCode.DONE
    assert studio.plan(ONE, scope=only_b).is_empty
    with pytest.raises(Failure) as refused:
        studio.plan(ONE, scope=Scope(target=("albums.c",)))
    assert refused.value.exit_code is ExitCode.USAGE


@pytest.mark.parametrize(
    ("scope", "what"),
    [
        (Scope(target=("a",)), "--target a: no address matches"),
        (Scope(exclude=("sets.*",)), "--exclude sets.*: no address matches"),
        (Scope(target=("albums.a",), exclude=("*",)), "--exclude leaves nothing to plan"),
    ],
)
def test_patterns_without_effect_are_wrong_usage(scope: Scope, what: str) -> None:
    with pytest.raises(Failure) as refused:
        Studio().plan(TWO, scope=scope)
    assert [said.what for said in refused.value.diagnostics] == [what]
    assert refused.value.exit_code is ExitCode.USAGE


def test_an_album_outside_is_selected_from_as_it_is_since_its_own_wish_waits() -> None:
    studio = Studio()
    studio.run(ONE)
    wish = ONE.replace("P01.jpg", "P02.jpg") + "  b: {name: B, members: [{select: {album: a}}]}\n"
    (part,) = studio.plan(wish, scope=Scope(target=("albums.b",))).changes
    whole = studio.plan(wish).changes[1]
    assert part.members is not None
    assert whole.members is not None
    assert (part.members.after, whole.members.after) == ((photo(1),), (photo(2),))


def test_an_album_outside_that_does_not_exist_yet_has_nothing_to_select() -> None:
    wish = ONE + "  b: {name: B, members: [{select: {album: a}}]}\n"
    (empty,) = Studio().plan(wish, scope=Scope(target=("albums.b",))).empty
    assert empty.address == "albums.b"


def test_an_old_address_still_means_something_after_a_move() -> None:
    studio = Studio()
    studio.run(ONE)
    moved = ONE.replace("  a:", "  z:") + "moved: [{from: albums.a, to: albums.z}]\n"
    (change,) = studio.plan(moved, scope=Scope(target=("albums.a", "albums.z"))).changes
    assert (change.address, change.moved_from) == ("albums.z", "albums.a")


def test_ids_that_cannot_be_taken_over_elsewhere_are_not_complained_of() -> None:
    studio = Studio()
    strange = TWO.replace("name: B,", f"name: B, adopt: {'e' * 32},")
    assert [change.address for change in studio.plan(strange, scope=ONLY_A).changes] == ["albums.a"]
    with pytest.raises(Failure, match="id not in the catalog"):
        studio.plan(strange)


def test_what_was_let_go_elsewhere_counts_for_no_limit() -> None:
    studio = Studio()
    studio.run(TWO.replace("name: B,", "name: B, whenGone: keep,"))
    assert studio.plan(ONE, scope=ONLY_A).summary.elsewhere.albums == 1
    studio.run(ONE)
    assert studio.plan(ONE, scope=ONLY_A).summary.elsewhere.albums == 0

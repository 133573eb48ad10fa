"""Steps run when what they need is done; a failure takes along what needs it and nothing else; deletions come last."""

from hypothesis import given
from hypothesis import strategies as st

from lrplan.apply.schedule import Schedule
from lrplan.model.address import Address
from lrplan.model.album import AlbumKind
from lrplan.model.ids import AlbumId
from lrplan.plan.action import DeleteAlbum, Step, UpdateAlbum

HERE, ALBUM = Address("albums.a"), AlbumId("1" * 32)


def step(name: str, *requires: str) -> Step:
    return Step(id=name, action=UpdateAlbum(address=HERE, album_id=ALBUM, name=name), requires=requires)


def deletion(name: str, *requires: str) -> Step:
    return Step(id=name, action=DeleteAlbum(address=HERE, album_id=ALBUM, kind=AlbumKind.ALBUM), requires=requires)


def started(schedule: Schedule) -> list[str]:
    """All that may start now."""
    names = []
    while (one := schedule.next()) is not None:
        names.append(one.id)
    return names


def test_independent_steps_start_side_by_side_in_plan_order() -> None:
    assert started(Schedule([step("a"), step("b"), step("c")])) == ["a", "b", "c"]


def test_a_step_starts_once_all_that_it_needs_is_done() -> None:
    schedule = Schedule([step("a"), step("b"), step("c", "a", "b")])
    assert started(schedule) == ["a", "b"]
    assert schedule.end("a", well=True) == ()
    assert started(schedule) == []
    schedule.end("b", well=True)
    assert started(schedule) == ["c"]


def test_what_an_earlier_run_did_is_not_done_again_and_not_waited_for() -> None:
    schedule = Schedule([step("a"), step("b", "a"), step("c", "b")], done={"a"})
    assert started(schedule) == ["b"]


def test_a_failed_step_takes_along_all_that_needs_it_and_nothing_else() -> None:
    schedule = Schedule([step("a"), step("b", "a"), step("c", "b"), step("d"), step("e", "d"), step("f", "e", "b")])
    assert started(schedule) == ["a", "d"]
    assert set(schedule.end("a", well=False)) == {"b", "c", "f"}
    schedule.end("d", well=True)
    assert started(schedule) == ["e"]
    assert schedule.end("e", well=True) == ()
    assert schedule.next() is None


def test_a_step_that_needs_two_failed_ones_is_skipped_once() -> None:
    schedule = Schedule([step("a"), step("b"), step("c", "a", "b")])
    started(schedule)
    assert schedule.end("a", well=False) == ("c",)
    assert schedule.end("b", well=False) == ()


def test_deletions_wait_until_nothing_else_can_start_or_runs() -> None:
    schedule = Schedule([deletion("x"), step("a"), step("b", "a")])
    assert started(schedule) == ["a"]
    schedule.end("a", well=True)
    assert started(schedule) == ["b"]
    schedule.end("b", well=True)
    assert started(schedule) == ["x"]


def test_deletions_follow_although_something_that_they_do_not_need_failed() -> None:
    schedule = Schedule([deletion("x"), step("a"), step("b", "a")])
    started(schedule)
    schedule.end("a", well=False)
    assert started(schedule) == ["x"]


def test_children_are_deleted_before_their_set() -> None:
    schedule = Schedule([deletion("child"), deletion("set", "child")])
    assert started(schedule) == ["child"]
    assert schedule.end("child", well=False) == ("set",)
    assert schedule.next() is None


def test_what_never_started_remains_and_what_runs_does_not() -> None:
    schedule = Schedule([step("a"), step("b", "a"), deletion("x")])
    assert schedule.next() is not None
    assert schedule.remaining() == ("b", "x")


def test_a_run_without_steps_is_over() -> None:
    assert Schedule([]).next() is None
    assert Schedule([step("a")], done={"a"}).next() is None


@st.composite
def plans(draw: st.DrawFn) -> list[Step]:
    steps: list[Step] = []
    for number in range(draw(st.integers(0, 10))):
        make = draw(st.sampled_from((step, step, deletion)))
        firsts = [one.id for one in steps if isinstance(one.action, UpdateAlbum) or make is deletion]
        steps.append(make(str(number), *draw(st.lists(st.sampled_from(firsts), unique=True)) if firsts else ()))
    return steps


@given(steps=plans(), data=st.data())
def test_every_step_ends_in_one_way_and_never_before_what_it_needs(steps: list[Step], data: st.DataObject) -> None:
    schedule = Schedule(steps)
    by_id = {one.id: one for one in steps}
    well: set[str] = set()
    badly: set[str] = set()
    running: list[str] = []
    while True:
        running += started(schedule)
        assert all(well.issuperset(by_id[one].requires) for one in running)
        if not running:
            break
        one = running.pop(data.draw(st.integers(0, len(running) - 1)))
        good = data.draw(st.booleans())
        skipped = schedule.end(one, well=good)
        assert not (well | badly | set(running)).intersection(skipped)
        (well if good else badly).add(one)
        badly.update(skipped)
    assert schedule.next() is None
    assert well | badly == set(by_id)
    for one in badly:
        for other in by_id.values():
            if one in other.requires:
                assert other.id in badly

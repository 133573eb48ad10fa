"""Runs that did not end well become part of the state as soon as another has begun, and nothing of them is lost."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lrplan.diagnostics import ExitCode, Failure, error
from lrplan.model.album import Album
from lrplan.model.ids import AlbumId
from lrplan.model.state import State
from lrplan.plan.plan import Plan
from lrplan.plan.write import Answer, PutAlbum, PutAsset, PutMembers, PutOriginal, Refused, Write
from lrplan.ports import Run
from lrplan.storage.folder import FolderMemory
from lrplan.workflow.plan import effective_state
from lrplan.workflow.report import Open, Report, Verified
from tests.memory_catalog import MemoryCatalog
from tests.ports import MemoryInMemory
from tests.scenarios.live import PART_BYTES, originals_of
from tests.studio import Studio, photo, world_of

GOOD = "  good: {name: Good, members: [P01.jpg]}\n"
WISH = f"albums:\n{GOOD}  bad: {{name: Bad, members: [P02.jpg, ../o/big.jpg]}}\n"
PARTS = 3


class Fickle(MemoryCatalog):
    """Answers what it is told to, as long as it is told."""

    answer: Callable[[Write], Answer | None] = staticmethod(lambda write: None)

    def __init__(self) -> None:
        super().__init__(world_of())
        self.asked: list[Write] = []
        self.is_closed = False

    async def album(self, album_id: AlbumId) -> Album | None:
        if self.is_closed:
            raise Failure(error("LRP303", "the account may not use the service"))
        return await super().album(album_id)

    async def send(self, write: Write, *, stamp: str) -> Answer:
        self.asked.append(write)
        told = self.answer(write)
        return await super().send(write, stamp=stamp) if told is None else self._answered("told", told)


def bad_bytes(write: Write) -> Answer | None:
    """Refuse the last part of every original."""
    is_last = isinstance(write, PutOriginal) and write.part == write.parts - 1
    return Refused(status=415, why="not a picture") if is_last else None


class Stage(Studio):
    """A studio whose memory is a folder."""

    def __init__(self, folder: Path) -> None:
        self.fickle = Fickle()
        super().__init__(self.fickle)
        self.code = ""
        self.memory = FolderMemory(folder)  # type: ignore[assignment]
        self.files.originals = originals_of({"o/big.jpg": {"content": "big", "bytes": PARTS * PART_BYTES}})

    @property
    def unfinished(self) -> int:
        return len(self.memory.runs())

    def parts_sent(self) -> list[int]:
        """The parts that went out since this was asked last."""
        sent = [write.part for write in self.fickle.asked if isinstance(write, PutOriginal)]
        self.fickle.asked.clear()
        return sorted(sent)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / ".lrplan")


def state_of(stage: Stage) -> State:
    state = stage.memory.load_state()
    assert state is not None
    return state


@pytest.mark.parametrize("again", ["a new plan each time", "the same plan each time"])
def test_runs_do_not_pile_up_while_one_photo_is_refused_each_time(stage: Stage, again: str) -> None:
    stage.fickle.answer = bad_bytes
    same = stage.plan(WISH)

    def run() -> Report:
        return stage.apply(same, WISH) if "same" in again else stage.run(WISH)

    assert run().exit_code is ExitCode.INCOMPLETE
    for _ in range(4):
        assert run().exit_code is ExitCode.INCOMPLETE
        assert stage.unfinished == 1
        assert "albums.good" in state_of(stage).bindings
    assert len(stage.memory.run_ids()) == 5  # type: ignore[attr-defined]
    stage.fickle.answer = lambda write: None
    assert run().exit_code is ExitCode.DONE
    assert (stage.unfinished, state_of(stage).arrived) == (0, {})
    assert stage.run(WISH).verified is Verified.MANIFESTS
    assert len(stage.members("Bad")) == 2
    assert stage.members("Good") == (photo(1),)


def test_a_refusal_that_lasts_is_told_apart_from_what_may_pass(stage: Stage) -> None:
    stage.fickle.answer = bad_bytes
    report = stage.run(WISH)
    assert {item.name for item in report.items if item.lasts} == {"albums.bad", "o/big.jpg"}
    assert (report.open, report.exit_code) == (Open.LOOK, ExitCode.INCOMPLETE)

    def failing(write: Write) -> Answer | None:
        if isinstance(write, PutAsset):
            raise Failure(error(stage.code, "it failed"))
        return None

    stage.fickle.answer = failing
    for stage.code, way in (("LRP802", Open.AGAIN), ("LRP804", Open.LOOK), ("LRP302", Open.ERROR)):
        report = stage.run(WISH)
        assert (report.open, report.exit_code) == (way, ExitCode.INCOMPLETE), stage.code


def test_what_became_part_of_the_state_says_what_the_runs_said(stage: Stage) -> None:
    stage.fickle.answer = bad_bytes
    stage.run(WISH)
    before = effective_state(stage.memory)
    assert before is not None
    stage.memory.save_state(before)
    assert (stage.unfinished, effective_state(stage.memory)) == (0, before), "killed here, all goes on as before"


def test_parts_that_arrived_are_known_however_many_runs_ended_since(stage: Stage) -> None:
    stage.fickle.answer = bad_bytes
    stage.run(WISH)
    assert stage.parts_sent() == [0, 1, 2]
    stage.fickle.answer = lambda write: Refused(status=403, why="no") if isinstance(write, PutAsset) else None
    for _ in range(3):
        stage.run(WISH)
    assert stage.parts_sent() == []
    stage.fickle.answer = bad_bytes
    stage.run(WISH)
    assert stage.parts_sent() == [2]


def test_a_full_storage_is_known_until_a_run_comes_to_its_end(stage: Stage) -> None:
    full = Refused(status=413, why="no space left", ends_run=True)
    stage.fickle.answer = lambda write: full if isinstance(write, PutAsset) else None
    stage.run(WISH)

    def refuses_members(write: Write) -> Answer | None:
        return Refused(status=403, why="no") if isinstance(write, PutMembers) else None

    stage.fickle.answer = refuses_members
    cut = stage.plan(WISH)
    stage.memory.save_state(effective_state(stage.memory))  # type: ignore[arg-type]
    assert [one.code for one in cut.blocked] == ["storage-full"]
    assert [one.code for one in stage.plan(WISH).blocked] == ["storage-full"], "nothing was applied since"
    assert stage.run(WISH).exit_code is ExitCode.INCOMPLETE
    tried = stage.plan(WISH)
    assert (tried.blocked, tried.summary.uploads) == ((), 1), "else one refusal would hold up every upload for ever"


def test_the_very_same_plan_goes_on_with_what_any_of_its_runs_had_begun(stage: Stage) -> None:
    """The third run sees only the second, which sent nothing; the album was begun by the first, and changed so."""
    wish = f"albums:\n{GOOD}"
    stage.run(wish)
    renamed = stage.plan(wish.replace("[P01.jpg]", "[P01.jpg, P02.jpg]").replace("name: Good", "name: Better"))
    stage.fickle.answer = lambda write: Refused(status=403, why="no") if isinstance(write, PutMembers) else None
    assert stage.apply(renamed).exit_code is ExitCode.INCOMPLETE
    sent = len(stage.fickle.asked)
    stage.fickle.is_closed = True
    assert stage.apply(renamed).interrupted
    assert (len(stage.fickle.asked), stage.unfinished) == (sent, 1)
    stage.fickle.is_closed = False
    stage.fickle.answer = lambda write: None
    assert stage.apply(renamed).exit_code is ExitCode.DONE, "it is not taken for the work of somebody else"
    assert stage.members("Better") == (photo(1), photo(2))


def test_a_plan_is_outdated_once_a_run_of_another_one_began(stage: Stage) -> None:
    stage.fickle.answer = lambda write: Refused(status=403, why="no") if isinstance(write, PutMembers) else None
    older = stage.plan(WISH)
    stage.apply(older)
    stage.run(WISH.replace("name: Good", "name: Better"))
    writes = len(stage.catalog.writes)
    stage.fickle.answer = lambda write: None
    assert stage.apply(older).exit_code is ExitCode.STALE
    assert len(stage.catalog.writes) == writes
    assert stage.album("Better")


def test_runs_that_did_nothing_do_not_pile_up_and_are_no_memory(stage: Stage) -> None:
    stage.fickle.answer = lambda write: Refused(status=403, why="no") if isinstance(write, PutAlbum) else None
    for _ in range(4):
        stage.run(f"albums:\n{GOOD}")
    assert stage.unfinished == 1
    assert not stage.plan(WISH).has_state
    stage.fickle.answer = lambda write: None
    stage.run(f"albums:\n{GOOD}")
    assert stage.plan(WISH).has_state


def test_a_state_that_cannot_be_written_ends_the_run_before_anything_is_sent(stage: Stage) -> None:
    stage.fickle.answer = bad_bytes
    stage.run(WISH)
    stage.fickle.asked.clear()

    def refuse(state: State) -> None:
        raise Failure(error("LRP706", "the state could not be written"))

    stage.memory.save_state = refuse  # type: ignore[method-assign]
    with pytest.raises(Failure):
        stage.run(WISH)
    assert stage.fickle.asked == []


class Overtaken(MemoryInMemory):
    """An apply makes its runs part of the state between two looks of a plan, which holds no lock."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.state, self.recorded = studio.memory.state, studio.memory.recorded
        self.looks = 0

    def _looked(self) -> None:
        self.looks += 1
        if self.looks == 1:
            before = self.state
            self.state = effective_state(_frozen(self.state, self.recorded))
            assert before != self.state

    def load_state(self) -> State | None:
        found = super().load_state()
        self._looked()
        return found

    def runs(self) -> tuple[Run, ...]:
        found = super().runs()
        self._looked()
        return found


def _frozen(state: State | None, recorded: dict[str, tuple[Plan, list]]) -> MemoryInMemory:  # type: ignore[type-arg]
    memory = MemoryInMemory()
    memory.state, memory.recorded = state, recorded
    return memory


def test_a_plan_beside_an_apply_loses_no_run() -> None:
    studio = Studio(Fickle())
    assert isinstance(studio.catalog, Fickle)
    studio.catalog.answer = lambda write: Refused(status=403, why="no") if isinstance(write, PutMembers) else None
    studio.run(f"albums:\n{GOOD}")
    known = effective_state(studio.memory)
    assert known is not None
    assert known.bindings
    assert effective_state(Overtaken(studio)) == known

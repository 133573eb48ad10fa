"""Intent is durable before a request goes out, its outcome before anything else happens."""

import pytest

from lrplan.apply.recorded import Halted, RecordedWriter
from lrplan.diagnostics import Failure, error
from lrplan.journal.entries import Entry, Intent, Outcome, Settled, StepDone
from lrplan.model.album import AlbumKind
from lrplan.model.ids import AssetId
from lrplan.plan.action import TOP_LEVEL
from lrplan.plan.write import (
    Absent,
    Accepted,
    Answer,
    Exists,
    OriginalExists,
    PartlyAccepted,
    PostAlbum,
    PutAlbum,
    PutAsset,
    PutMembers,
    PutOriginal,
    Refused,
    RefusedPhoto,
    RemoveAlbum,
    Write,
)
from lrplan.plan.write import Entry as Placed
from tests.ports import FakeClock
from tests.unit.apply.stage import NEW, OLD, Journal, album, photo, run
from tests.unit.plan.test_edges import ORIGINAL

REMOVE = RemoveAlbum(album_id=OLD)


class Service:
    """Gives one answer, or fails, and tells the journal's length when it was asked."""

    def __init__(self, journal: Journal, answer: Answer | Failure) -> None:
        self.journal = journal
        self.answer = answer
        self.written: list[int] = []
        self.stamps: list[str] = []

    async def send(self, write: Write, *, stamp: str) -> Answer:
        self.written.append(len(self.journal.entries))
        self.stamps.append(stamp)
        if isinstance(self.answer, Failure):
            raise self.answer
        return self.answer

    def halt(self) -> None:
        """Nothing waits here."""

    def resume(self) -> None:
        """Nothing was held back."""


class FullDisk(Journal):
    async def append(self, entry: Entry) -> None:
        raise Failure(error("LRP706", "the journal could not be written"))


def stage(answer: Answer | Failure, **stamps: str) -> tuple[RecordedWriter, Service, Journal]:
    journal = Journal()
    service = Service(journal, answer)
    return RecordedWriter(service, journal, FakeClock(), stamps=stamps), service, journal


def test_the_intent_stands_before_the_request_and_the_outcome_before_the_answer_is_known() -> None:
    writer, service, journal = stage(Accepted(request_id="q"))
    assert run(writer.send("s", REMOVE)) == Accepted(request_id="q")
    assert service.written == [1]
    (stamp,) = service.stamps
    assert journal.entries == [
        Intent(write="s#0", step_id="s", stamp=stamp, album_id=OLD),
        Outcome(write="s#0", result="accepted", request_id="q"),
    ]
    assert writer.entries == journal.entries


def test_a_request_that_was_cut_off_is_left_in_doubt() -> None:
    writer, _, journal = stage(Failure(error("LRP802", "it kept failing")))
    with pytest.raises(Failure):
        run(writer.send("s", REMOVE))
    assert [type(entry) for entry in journal.entries] == [Intent]
    assert writer.has_sent


def test_nothing_is_sent_that_cannot_be_written_down() -> None:
    service = Service(Journal(), Accepted())
    writer = RecordedWriter(service, FullDisk(), FakeClock(), stamps={})
    with pytest.raises(Failure):
        run(writer.send("s", REMOVE))
    assert service.written == []
    assert not writer.has_sent
    assert writer.entries == []


def test_a_run_that_was_ended_sends_nothing_more() -> None:
    writer, service, journal = stage(Accepted())
    writer.halt()
    with pytest.raises(Halted):
        run(writer.send("s", REMOVE))
    assert (service.written, journal.entries, writer.has_sent) == ([], [], False)


def test_requests_of_a_step_are_numbered_and_one_that_is_sent_again_says_the_same_instant() -> None:
    writer, service, journal = stage(Accepted(), **{"s#1": "earlier"})

    async def several() -> None:
        await writer.send("s", REMOVE)
        await writer.send("s", REMOVE)
        await writer.send("t", REMOVE)

    run(several())
    names = [entry.write for entry in journal.entries if isinstance(entry, Intent)]
    assert names == ["s#0", "s#1", "t#0"]
    assert service.stamps[1] == "earlier"
    assert len(set(service.stamps)) == 3


MEMBERS = PutMembers(album_id=NEW, entries=(Placed(asset_id=photo(1)), Placed(asset_id=photo(2))))
TOUCHED: dict[str, tuple[Write, str | None, tuple[AssetId, ...]]] = {
    "create": (
        PutAlbum(album_id=NEW, kind=AlbumKind.ALBUM, name="A", parent=TOP_LEVEL, publish_info=None), NEW, (),
    ),
    "update": (PostAlbum(current=album(OLD)), OLD, ()),
    "delete": (REMOVE, OLD, ()),
    "photos": (MEMBERS, NEW, (photo(1), photo(2))),
    "asset": (PutAsset(asset_id=photo(3), original=ORIGINAL), None, (photo(3),)),
    "original": (PutOriginal(asset_id=photo(3), original=ORIGINAL, part=0, parts=1), None, (photo(3),)),
}  # fmt: skip


@pytest.mark.parametrize(("write", "album_id", "assets"), TOUCHED.values(), ids=TOUCHED.keys())
def test_an_intent_names_what_it_touches(write: Write, album_id: str | None, assets: tuple[AssetId, ...]) -> None:
    writer, _, journal = stage(Accepted())
    run(writer.send("s", write))
    intent = journal.entries[0]
    assert isinstance(intent, Intent)
    assert (intent.album_id, intent.asset_ids) == (album_id, assets)


REFUSED = (RefusedPhoto(asset_id=photo(1), why="no such asset"), RefusedPhoto(asset_id=photo(2), why="other"))
OUTCOMES: dict[str, tuple[Answer, Outcome]] = {
    "exists": (Exists(request_id="q"), Outcome(write="s#0", result="exists", request_id="q")),
    "original exists": (OriginalExists(), Outcome(write="s#0", result="exists")),
    "absent": (Absent(), Outcome(write="s#0", result="absent")),
    "refused": (Refused(status=400, why="no"), Outcome(write="s#0", result="refused", why="no")),
    "partly": (
        PartlyAccepted(refused=REFUSED),
        Outcome(write="s#0", result="partly", asset_ids=(photo(1), photo(2)), why="no such asset"),
    ),
}


@pytest.mark.parametrize(("answer", "outcome"), OUTCOMES.values(), ids=OUTCOMES.keys())
def test_an_outcome_says_what_was_answered(answer: Answer, outcome: Outcome) -> None:
    writer, _, journal = stage(answer)
    assert run(writer.send("s", MEMBERS)) == answer
    assert journal.entries[1] == outcome


def test_what_was_settled_and_how_steps_ended_is_written_down_also_after_the_end() -> None:
    writer, _, journal = stage(Accepted())
    writer.halt()

    async def both() -> None:
        await writer.settle("s", "planned", "actual")
        await writer.end_step("s", "done", "")

    run(both())
    assert journal.entries == [
        Settled(step_id="s", planned="planned", actual="actual"),
        StepDone(step_id="s", result="done"),
    ]


def test_what_was_never_sent_is_written_down_as_that_and_is_not_in_doubt() -> None:
    writer, _, journal = stage(Failure(error("LRP704", "the run has ended")))
    with pytest.raises(Failure):
        run(writer.send("step", REMOVE))
    assert not writer.has_sent
    assert [entry.result for entry in journal.entries if isinstance(entry, Outcome)] == ["unsent"]


def test_what_was_not_sent_again_stays_in_doubt() -> None:
    writer, _, journal = stage(Failure(error("LRP705", "the run has ended")))
    with pytest.raises(Failure):
        run(writer.send("step", REMOVE))
    assert writer.has_sent
    assert not [entry for entry in journal.entries if isinstance(entry, Outcome)]

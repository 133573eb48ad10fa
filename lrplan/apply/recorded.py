"""
Sending with a record: the one door through which every write of a run goes.

Intent is durable before the request is sent, the outcome before anything depends on it. A request that was cut off has
an intent and no outcome: it is in doubt, and the next run sends it again or finds it done, which comes to the same.
"""

from collections.abc import Mapping

from lrplan.journal.entries import FULL, Entry, Intent, Outcome, Settled, StepDone
from lrplan.model.ids import AlbumId, AssetId
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
    RemoveAlbum,
    Write,
)
from lrplan.ports import CatalogWriter, Clock, JournalWriter


class Halted(Exception):  # noqa: N818 - it says what became of the run
    """The run has ended: nothing else is sent."""


class RecordedWriter:
    """Sends the writes of one run and keeps its journal.

    Attributes:
        entries: What was journaled so far, for folding at the end.
        has_sent: Whether a writing request may have gone out.
    """

    def __init__(
        self, service: CatalogWriter, journal: JournalWriter, clock: Clock, *, stamps: Mapping[str, str]
    ) -> None:
        """Take *stamps* of an earlier run of the same plan: a request that is sent again says the same instant."""
        self._service = service
        self._journal = journal
        self._clock = clock
        self._stamps = stamps
        self._numbers: dict[str, int] = {}
        self.entries: list[Entry] = []
        self.has_sent = False
        self._is_halted = False

    def halt(self) -> None:
        """Send nothing from now on; what was journaled as sent may still be answered, and be journaled."""
        self._is_halted = True

    async def send(self, step_id: str, write: Write) -> Answer:
        """Send one request of a step, and write down that it will be sent and what came of it.

        Raises:
            Failure: As the service port and the journal raise it; the write is then in doubt.
            Halted: The run has ended.
        """
        if self._is_halted:
            raise Halted
        number = self._numbers.get(step_id, 0)
        self._numbers[step_id] = number + 1
        name = f"{step_id}#{number}"
        stamp = self._stamps.get(name) or self._clock.now()
        album_id, asset_ids = _touched(write)
        await self.note(Intent(write=name, step_id=step_id, stamp=stamp, album_id=album_id, asset_ids=asset_ids))
        self.has_sent = True
        answer = await self._service.send(write, stamp=stamp)
        await self.note(_outcome(name, answer))
        return answer

    async def settle(self, step_id: str, planned: str, actual: str) -> None:
        """Write down that an id of the plan stands for another one."""
        await self.note(Settled(step_id=step_id, planned=planned, actual=actual))

    async def end_step(self, step_id: str, result: str, why: str) -> None:
        """Write down how a step ended."""
        await self.note(StepDone(step_id=step_id, result=result, why=why))

    async def note(self, entry: Entry) -> None:
        """Append any entry; it is durable when this returns."""
        await self._journal.append(entry)
        self.entries.append(entry)


def _touched(write: Write) -> tuple[AlbumId | None, tuple[AssetId, ...]]:
    match write:
        case PutAlbum(album_id=album_id) | RemoveAlbum(album_id=album_id):
            return album_id, ()
        case PostAlbum(current=album):
            return album.id, ()
        case PutMembers(album_id=album_id, entries=entries):
            return album_id, tuple(entry.asset_id for entry in entries)
        case PutAsset(asset_id=asset_id) | PutOriginal(asset_id=asset_id):
            return None, (asset_id,)


def _outcome(name: str, answer: Answer) -> Outcome:
    match answer:
        case Accepted(request_id=request_id):
            return Outcome(write=name, result="accepted", request_id=request_id)
        case Exists(request_id=request_id) | OriginalExists(request_id=request_id):
            return Outcome(write=name, result="exists", request_id=request_id)
        case Absent(request_id=request_id):
            return Outcome(write=name, result="absent", request_id=request_id)
        case PartlyAccepted(refused=refused, request_id=request_id):
            ids = tuple(photo.asset_id for photo in refused)
            why = refused[0].why if refused else ""
            return Outcome(write=name, result="partly", asset_ids=ids, why=why, request_id=request_id)
        case Refused(why=why, ends_run=ends_run, request_id=request_id):
            return Outcome(write=name, result=FULL if ends_run else "refused", why=why, request_id=request_id)

"""
Sending one original: make the asset, then its bytes.

The id is derived from the bytes, so finding it taken is the normal case after a crash. What is there then decides: an
asset is finished, one in the trash is for the customer to restore, and an id that can be neither read nor made is left
behind for the next attempt. Nothing an asset shows says whether its original has arrived; sending it does, for the
service refuses one that it has. The catalog may also hold the original under another id (somebody imported it in
between): then that one is used, and the plan's id stands for it from here on.

A large original goes in parts, side by side. What a run that was cut off had been told to have arrived is not sent
again. The surprising case: the service cannot be asked which parts it holds, and may have lost them since; so the asset
is looked at afterwards, and if it does not become whole, the parts that were left out are sent after all.
"""

import asyncio
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from lrplan.apply.endings import ALREADY, DONE, Ending, failed, refused
from lrplan.apply.recorded import RecordedWriter
from lrplan.events import BytesSent
from lrplan.model.asset import Asset
from lrplan.model.ids import AccountId, AssetId, ServiceId, asset_id
from lrplan.plan.action import UploadOriginal
from lrplan.plan.limits import GENERATIONS_TRIED_MAX
from lrplan.plan.requests import parts_to_send
from lrplan.plan.write import Absent, Accepted, Exists, OriginalExists, PartlyAccepted, PutAsset, PutOriginal, Refused
from lrplan.ports import CatalogReader, Clock, Events

PARTS_AT_ONCE_MAX = 8  # ours: of one original; the gate of the service decides how many requests are under way
WHOLE_WAITS_S = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # ours: parts are put together asynchronously
CUT_OFF = failed("another part could not be sent")
NOTHING: Mapping[AssetId, frozenset[str]] = MappingProxyType({})
RESTORE = "it lies in the trash: restore it in Lightroom, then run apply again"


class Uploader:
    """Uploads the originals of one run."""

    def __init__(
        self,
        reader: CatalogReader,
        writer: RecordedWriter,
        actual: dict[str, str],
        clock: Clock,
        *,
        events: Events,
        arrived: Mapping[AssetId, frozenset[str]] = NOTHING,
        account_id: AccountId,
        service_id: ServiceId,
    ) -> None:
        """Note in *actual* when an id of the plan stands for another; tell *events* of bytes that arrived.

        Args:
            arrived: The ranges that earlier runs were told have arrived, by asset.
        """
        self._reader = reader
        self._writer = writer
        self._actual = actual
        self._clock = clock
        self._events = events
        self._arrived = arrived
        self._account_id = account_id
        self._service_id = service_id

    async def upload(self, step_id: str, action: UploadOriginal) -> Ending:
        """Make sure that the catalog holds the original."""
        name = action.original.file_name
        current = AssetId(self._actual.get(action.asset_id, action.asset_id))
        for attempt in range(GENERATIONS_TRIED_MAX):
            answer = await self._writer.send(step_id, PutAsset(asset_id=current, original=action.original))
            match answer:
                case Accepted():
                    return await self._send_bytes(step_id, action, current)
                case OriginalExists(asset_id=holder):
                    return await self._adopt(step_id, action, holder)
                case Exists():
                    found = await self._reader.assets_by_id((current,))
                    if found:
                        return await self._finish(step_id, action, found[0])
                    current = asset_id(self._account_id, self._service_id, action.original.sha256, attempt + 1)
                    await self._stand_for(step_id, action, current)
                case Refused() | Absent() | PartlyAccepted():
                    return refused(answer, f"creating the asset for {name}")
        return failed(f"{name}: no usable id was found in {GENERATIONS_TRIED_MAX} attempts")

    async def _finish(self, step_id: str, action: UploadOriginal, found: Asset) -> Ending:
        if found.is_trashed:
            return failed(f"{action.original.file_name}: {RESTORE}", lasts=True)
        return await self._send_bytes(step_id, action, found.id)

    async def _adopt(self, step_id: str, action: UploadOriginal, holder: AssetId | None) -> Ending:
        """The catalog has this original: find under which id."""
        name = action.original.file_name
        found = await self._reader.assets_by_id((holder,)) if holder is not None else ()
        if not found:
            found = await self._reader.assets_by_sha256(action.original.sha256)
        if not found:
            return failed(f"{name}: the service says that it has this original, but does not show it")
        waiting = await self._reader.incomplete([one.id for one in found])
        best = min(found, key=lambda one: (one.is_trashed, one.id in waiting, one.id))
        if best.id != action.asset_id:
            await self._stand_for(step_id, action, best.id)
        if best.is_trashed or best.id in waiting:
            return await self._finish(step_id, action, best)
        return ALREADY

    async def _send_bytes(self, step_id: str, action: UploadOriginal, target: AssetId) -> Ending:
        """Send what an earlier run was not told to have arrived; then see that the asset is whole, or send the rest."""
        arrived = self._arrived.get(target, frozenset())
        missing = parts_to_send(action, arrived, target)
        before = [one for one in parts_to_send(action, frozenset(), target) if one not in missing]
        ending = await self._send_parts(step_id, missing)
        if ending is not DONE or not before or await self._is_whole(target):
            return ending
        return await self._send_parts(step_id, before)

    async def _send_parts(self, step_id: str, writes: Sequence[PutOriginal]) -> Ending:
        """Send parts side by side, but the last one alone once all others have arrived: it makes the asset whole."""
        early, last = iter(writes[:-1]), writes[-1:]
        ending = DONE

        async def take_turns() -> None:
            nonlocal ending
            for write in early:  # shared: each part is taken once
                try:
                    came = await self._send_part(step_id, write)
                except BaseException:
                    ending = CUT_OFF if ending is DONE else ending
                    raise
                if ending is DONE:
                    ending = came
                if ending is not DONE:
                    return

        turns = [take_turns() for _ in range(min(PARTS_AT_ONCE_MAX, len(writes) - 1))]
        cuts = [cut for cut in await asyncio.gather(*turns, return_exceptions=True) if cut is not None]
        if ending is CUT_OFF and cuts:  # else the service has answered why, and the others only heard of it
            raise cuts[0]
        for write in last if ending is DONE else ():
            ending = await self._send_part(step_id, write)
        return ending

    async def _send_part(self, step_id: str, write: PutOriginal) -> Ending:
        answer = await self._writer.send(step_id, write)
        match answer:
            case Accepted():
                self._events.emit(BytesSent(count=write.size_bytes))
                return DONE
            case Exists() | OriginalExists():
                return ALREADY
            case Refused() | Absent() | PartlyAccepted():
                return refused(answer, f"sending {write.original.file_name}")

    async def _is_whole(self, target: AssetId) -> bool:
        """Whether the asset becomes complete within a minute: parts are put together after the last one came."""
        for wait_s in (*WHOLE_WAITS_S, None):
            if target not in await self._reader.incomplete((target,)):
                return True
            if wait_s is not None:
                await self._clock.sleep(wait_s)
        return False

    async def _stand_for(self, step_id: str, action: UploadOriginal, actual: AssetId) -> None:
        await self._writer.settle(step_id, action.asset_id, actual)
        self._actual[action.asset_id] = actual

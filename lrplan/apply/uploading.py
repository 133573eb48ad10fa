"""
Sending one original: make the asset, then its bytes.

The id is derived from the bytes, so finding it taken is the normal case after a crash. What is there then decides: an
incomplete asset is finished, a complete one is used, one in the trash is for the customer to restore, and an id that
can be neither read nor made is left behind for the next attempt. The catalog may also hold the original under another
id (somebody imported it in between): then that one is used, and the plan's id stands for it from here on.
"""

from lrplan.apply.endings import ALREADY, DONE, Ending, failed, refused
from lrplan.apply.recorded import RecordedWriter
from lrplan.events import BytesSent
from lrplan.model.asset import Asset
from lrplan.model.ids import AccountId, AssetId, ServiceId, asset_id
from lrplan.model.inventory import Original
from lrplan.plan.action import UploadOriginal
from lrplan.plan.limits import GENERATIONS_TRIED_MAX, parts_of
from lrplan.plan.write import Absent, Accepted, Exists, OriginalExists, PartlyAccepted, PutAsset, PutOriginal, Refused
from lrplan.ports import CatalogReader, Events

RESTORE = "it lies in the trash: restore it in Lightroom, then run apply again"


class Uploader:
    """Uploads the originals of one run."""

    def __init__(
        self,
        reader: CatalogReader,
        writer: RecordedWriter,
        actual: dict[str, str],
        *,
        events: Events,
        account_id: AccountId,
        service_id: ServiceId,
    ) -> None:
        """Note in *actual* when an id of the plan stands for another; tell *events* of bytes that arrived."""
        self._reader = reader
        self._writer = writer
        self._actual = actual
        self._events = events
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
                        return await self._go_on(step_id, action, found[0])
                    current = asset_id(self._account_id, self._service_id, action.original.sha256, attempt + 1)
                    await self._stand_for(step_id, action, current)
                case Refused() | Absent() | PartlyAccepted():
                    return refused(answer, f"creating the asset for {name}")
        return failed(f"{name}: no usable id was found in {GENERATIONS_TRIED_MAX} attempts")

    async def _go_on(self, step_id: str, action: UploadOriginal, found: Asset) -> Ending:
        if found.is_trashed:
            return failed(f"{action.original.file_name}: {RESTORE}")
        return ALREADY if found.is_complete else await self._send_bytes(step_id, action, found.id)

    async def _adopt(self, step_id: str, action: UploadOriginal, holder: AssetId | None) -> Ending:
        """The catalog has this original: find under which id."""
        name = action.original.file_name
        found = await self._reader.assets_by_id((holder,)) if holder is not None else ()
        if not found:
            found = await self._reader.assets_by_sha256(action.original.sha256)
        best = min(found, key=lambda one: (one.is_trashed, not one.is_complete, one.id), default=None)
        if best is None:
            return failed(f"{name}: the service says that it has this original, but does not show it")
        if best.id != action.asset_id:
            await self._stand_for(step_id, action, best.id)
        return await self._go_on(step_id, action, best)

    async def _send_bytes(self, step_id: str, action: UploadOriginal, target: AssetId) -> Ending:
        original = action.original
        parts = parts_of(original.size_bytes, original.part_size_bytes)
        for part in range(parts):
            write = PutOriginal(asset_id=target, original=original, part=part, parts=parts)
            answer = await self._writer.send(step_id, write)
            match answer:
                case Accepted():
                    self._events.emit(BytesSent(count=_size_of(part, original)))
                case Exists() | OriginalExists():
                    return ALREADY
                case Refused() | Absent() | PartlyAccepted():
                    return refused(answer, f"sending {original.file_name}")
        return DONE

    async def _stand_for(self, step_id: str, action: UploadOriginal, actual: AssetId) -> None:
        await self._writer.settle(step_id, action.asset_id, actual)
        self._actual[action.asset_id] = actual


def _size_of(part: int, original: Original) -> int:
    start = part * original.part_size_bytes
    parts = parts_of(original.size_bytes, original.part_size_bytes)
    return original.size_bytes - start if part == parts - 1 else original.part_size_bytes

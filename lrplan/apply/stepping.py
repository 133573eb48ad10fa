"""
Carrying out one action: the requests it takes, and what each answer means.

"Exists" is good news here. Ids are derived from addresses, so an album that exists is ours: most likely this very
request was sent before the power went. What it holds now is brought to what is wanted, and the run goes on.
"""

from collections.abc import Mapping
from typing import assert_never

from attrs import evolve

from lrplan.apply.developing import send_settings
from lrplan.apply.endings import ALREADY, DONE, STALE, Ending, failed, refused
from lrplan.apply.looks import Look
from lrplan.apply.recorded import RecordedWriter
from lrplan.apply.replacing import Remover
from lrplan.apply.uploading import NOTHING, Uploader
from lrplan.model.album import Album, merged, without_stamps
from lrplan.model.ids import AlbumId, AssetId, Owner, album_id, read_album_id
from lrplan.plan.action import (
    TOP_LEVEL,
    AddMembers,
    CopySettings,
    CreateAlbum,
    DeleteAlbum,
    RetireAlbum,
    SetCover,
    SetDevelop,
    Step,
    UpdateAlbum,
    UploadOriginal,
)
from lrplan.plan.limits import GENERATIONS_TRIED_MAX, LAG_WAITS_S
from lrplan.plan.plan import Plan
from lrplan.plan.requests import post_album, put_album, put_cover, put_members
from lrplan.plan.write import (
    Absent,
    Accepted,
    Answer,
    Exists,
    OriginalExists,
    PartlyAccepted,
    PostAlbum,
    PutAlbum,
    Refused,
)
from lrplan.ports import CatalogReader, Clock, Events, Files, Foreign


class Stepper:
    """Carries out the actions of one plan.

    Attributes:
        actual: Ids of the plan that turned out to stand for others; grows during the run.
    """

    def __init__(
        self,
        plan: Plan,
        reader: CatalogReader,
        writer: RecordedWriter,
        clock: Clock,
        events: Events,
        files: Files,
        *,
        actual: dict[str, str],
        arrived: Mapping[AssetId, frozenset[str]] = NOTHING,
    ) -> None:
        """Start with what an earlier run of the same plan found out about *actual* ids.

        Args:
            arrived: The ranges of originals that earlier runs of any plan were told have arrived, by asset.
        """
        self.actual = actual
        self._plan = plan
        self._reader = reader
        self._writer = writer
        self._owner = Owner(account_id=plan.account_id, service_id=plan.service_id, project=plan.project)
        self._clock = clock
        self._files = files
        self._remover = Remover(reader, writer, clock, actual)
        self._uploader = Uploader(
            reader,
            writer,
            actual,
            clock,
            events=events,
            arrived=arrived,
            account_id=plan.account_id,
            service_id=plan.service_id,
        )
        self._members = {change.address: change.members for change in plan.changes}

    async def perform(self, step: Step, look: Look, *, is_begun: bool) -> Ending:
        """Carry out one step; *look* is its album as just found.

        Args:
            is_begun: An earlier run of this very plan wrote to the album already.

        Raises:
            Failure: As the ports raise it.
        """
        match step.action:
            case CreateAlbum() as action:
                return await self._create(step.id, action, look, is_begun=is_begun)
            case UpdateAlbum() as action:
                return await self._update(step.id, action, look)
            case UploadOriginal() as action:
                return await self._uploader.upload(step.id, action)
            case SetDevelop() | CopySettings() as action:
                return await send_settings(
                    step.id,
                    action,
                    reader=self._reader,
                    writer=self._writer,
                    files=self._files,
                    actual=self.actual,
                )
            case AddMembers() as action:
                write = put_members(action, look.infos, self.actual)
                return _judged(await self._writer.send(step.id, write), f"adding {len(action.photos)} photos")
            case SetCover() as action:
                return _judged(await self._writer.send(step.id, put_cover(action, self.actual)), "setting the cover")
            case RetireAlbum() as action:
                return await self._remover.retire(step.id, action, look, self._wanted(action))
            case DeleteAlbum() as action:
                return await self._remover.delete(step.id, action)
            case _:
                assert_never(step.action)

    def _wanted(self, action: RetireAlbum) -> tuple[AssetId, ...]:
        members = self._members.get(action.address)
        return members.after if members is not None else ()

    async def _create(self, step_id: str, action: CreateAlbum, look: Look, *, is_begun: bool) -> Ending:
        replaced = look.albums.get(action.replaces) if action.replaces is not None else None
        for _ in range(GENERATIONS_TRIED_MAX):
            write = put_album(action, replaced, self.actual)
            answer = await self._writer.send(step_id, write)
            match answer:
                case Accepted():
                    return DONE
                case Exists() | OriginalExists():
                    live = await self._holder(write.album_id)
                    if isinstance(live, Album):
                        return await self._go_on(step_id, write, live, is_begun=is_begun)
                    await self._next_generation(step_id, action, write.album_id)
                case Absent() | Refused() | PartlyAccepted():
                    return refused(answer, f"creating {action.name!r}")
        return failed(f"no usable id was found for {action.address} in {GENERATIONS_TRIED_MAX} attempts")

    async def _holder(self, album_id: AlbumId) -> Album | Foreign | None:
        """What has an id that is taken: it may have been made just now and not be shown yet. None if it stays away."""
        for wait_s in LAG_WAITS_S:
            found = await self._reader.holder(album_id)
            if found is not None:
                return found
            await self._clock.sleep(wait_s)
        return await self._reader.holder(album_id)

    async def _go_on(self, step_id: str, write: PutAlbum, live: Album, *, is_begun: bool) -> Ending:
        """The album was made before: by this plan, then its fields are brought to what is wanted, or by another."""
        have = evolve(without_stamps(live.publish_info), deleted=bool(live.publish_info and live.publish_info.deleted))
        same_info = merged(have, without_stamps(write.publish_info)) == have
        parent = None if write.parent == TOP_LEVEL else write.parent
        if live.name == write.name and live.parent == parent and same_info:
            return ALREADY
        if not is_begun:
            return STALE
        update = PostAlbum(
            current=live,
            name=write.name if live.name != write.name else None,
            parent=write.parent if live.parent != parent else None,
            publish_info=None if same_info else write.publish_info,
        )
        return _judged(await self._writer.send(step_id, update), f"updating {write.name!r}")

    async def _next_generation(self, step_id: str, action: CreateAlbum, taken: AlbumId) -> None:
        """The id is taken by something that is never shown, or not ours: use the one after it."""
        derived = read_album_id(taken)
        generation = derived.generation + 1 if derived is not None else 0
        fresh = album_id(self._owner, action.address, generation)
        await self._writer.settle(step_id, action.album_id, fresh)
        self.actual[action.album_id] = fresh

    async def _update(self, step_id: str, action: UpdateAlbum, look: Look) -> Ending:
        current = look.albums.get(AlbumId(self.actual.get(action.album_id, action.album_id)))
        if current is None:
            return failed("the album is not there any more")
        write = post_album(action, current, self.actual)
        return _judged(await self._writer.send(step_id, write), f"updating {current.name!r}")


def _judged(answer: Answer, what: str) -> Ending:
    match answer:
        case Accepted():
            return DONE
        case Exists() | OriginalExists():
            return ALREADY
        case Refused() | Absent() | PartlyAccepted():
            return refused(answer, what)

"""
A stage on which lrplan and people work on one catalog, with a plug that can be pulled at any tick.

A tick is the moment before or after a call of the service, and the moment before or after anything is made durable.
Pulling the plug raises `Unplugged`, which is no `Exception`: nothing may catch it, and from then on every call raises,
as on a machine without power.
"""

import asyncio
import copy
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from fnmatch import fnmatchcase

from attrs import evolve

from lrplan.diagnostics import Failure
from lrplan.diff.change import Verb
from lrplan.formats.plan import decode_plan, encode_plan
from lrplan.journal.entries import Entry
from lrplan.manifest.entries import Manifest, SourceText
from lrplan.manifest.parse import parse_manifests
from lrplan.model.address import TOP_LEVEL, Address, album_address
from lrplan.model.album import Album, AlbumKind, MemberInfo, Membership, Opaque, PublishInfo
from lrplan.model.ids import AlbumId, AssetId, Owner, Sha256, asset_id
from lrplan.model.order_keys import keys_between
from lrplan.model.policy import Unlisted
from lrplan.model.scope import WHOLE, Scope
from lrplan.model.snapshot import Snapshot
from lrplan.model.state import State
from lrplan.plan.plan import Plan
from lrplan.plan.simulate import shown_order
from lrplan.plan.write import Answer, Exists, PostAlbum, PutAlbum, RemoveAlbum, Write
from lrplan.ports import JournalWriter, MemberListing
from lrplan.workflow.apply import apply
from lrplan.workflow.plan import PlanResult, effective_state, plan
from lrplan.workflow.report import Bucket, Report
from lrplan.workflow.surroundings import Surroundings
from tests.laws.lasting import ADDRESSES as ADDRESSES
from tests.laws.lasting import Lasting, first_address, held_in
from tests.laws.lasting import address_of as address_of
from tests.laws.lasting import generations_of as generations_of
from tests.memory_catalog import MemoryCatalog
from tests.ports import FakeClock, GivenFiles, IndexInMemory, KeptEvents, MemoryInMemory
from tests.strategies import (
    DATES,
    ORIGINALS,
    OWNER,
    PHOTOS,
    PROJECT_FILE,
    UPLOADED,
    XMP_FILES,
    Applied,
    Edit,
    Event,
    Forgotten,
    Ref,
    Selects,
    Situation,
    Wish,
    WishedAlbum,
)


def ended_well(report: Report | None) -> None:
    """See that an apply came to its end, and that nothing of it failed, was skipped or was stale."""
    assert report is not None
    assert {item.bucket for item in report.items} <= GOOD, report.items


class Unplugged(BaseException):
    """The power went."""


class Plug:
    """Counts ticks, and is pulled at one of them."""

    def __init__(self) -> None:
        self.ticks = 0
        self.pulled_at: int | None = None
        self.is_pulled = False

    def tick(self) -> None:
        if self.is_pulled or self.ticks == self.pulled_at:
            self.is_pulled = True
            raise Unplugged
        self.ticks += 1

    def mend(self, pulled_at: int | None = None) -> None:
        """Back to work, until tick *pulled_at* from now."""
        self.ticks, self.pulled_at, self.is_pulled = 0, pulled_at, False


class PluggedMemory(MemoryInMemory):
    """Memory that only becomes durable while there is power."""

    def __init__(self, plug: Plug) -> None:
        super().__init__()
        self.plug = plug

    def save_state(self, state: State) -> None:
        self.plug.tick()
        super().save_state(state)
        self.plug.tick()

    @asynccontextmanager
    async def start_run(self, run_id: str, plan: Plan) -> AsyncIterator[JournalWriter]:
        self.plug.tick()
        # what a later run knows of the plan is what its file says
        kept = decode_plan(encode_plan(plan, version="0"), file="plan.json")
        async with super().start_run(run_id, kept) as journal:
            yield PluggedJournal(journal, self.plug)


class PluggedJournal:
    """A journal whose lines are durable, or were never written."""

    def __init__(self, journal: JournalWriter, plug: Plug) -> None:
        self._journal = journal
        self._plug = plug

    async def append(self, entry: Entry) -> None:
        self._plug.tick()
        await self._journal.append(entry)
        self._plug.tick()


class TwiceCatalog(MemoryCatalog):
    """A service behind a bad line: every write arrives twice, and the second answer is the one that is heard."""

    async def send(self, write: Write, *, stamp: str) -> Answer:
        await super().send(write, stamp=stamp)
        return await super().send(write, stamp=stamp)


class KeepingCatalog(MemoryCatalog):
    """A service that merges an update into what it has: what it leaves out stays, so that nothing leaves its set."""

    async def send(self, write: Write, *, stamp: str) -> Answer:
        if isinstance(write, PostAlbum) and write.parent == TOP_LEVEL:
            write = evolve(write, parent=None)
        return await super().send(write, stamp=stamp)


class BuryingCatalog(MemoryCatalog):
    """A service that never gives an id away again: what was deleted can be neither read nor made anew."""

    def __init__(self, world: Snapshot, **hooks: Callable[[int, str], None]) -> None:
        super().__init__(world, **hooks)
        self.buried: set[AlbumId] = set()

    async def send(self, write: Write, *, stamp: str) -> Answer:
        if isinstance(write, PutAlbum) and write.album_id in self.buried:
            return self._answered("PutAlbum", Exists())
        answer = await super().send(write, stamp=stamp)
        if isinstance(write, RemoveAlbum):
            self.buried.add(write.album_id)
        return answer


class WatchedCatalog(MemoryCatalog):
    """Remembers which albums were looked into, and which were deleted, in the order in which that happened."""

    def __init__(self, world: Snapshot, **hooks: Callable[[int, str], None]) -> None:
        super().__init__(world, **hooks)
        self.seen: list[tuple[str, AlbumId]] = []

    def missed(self, album_id: AlbumId) -> bool:
        """Whether nobody looked into the album between what a person added and its deletion."""
        about = [deed for deed, album in self.seen if album == album_id]
        return "deleted" in about and "listed" not in about[about.index("added") : about.index("deleted")]

    async def members(self, album_id: AlbumId) -> MemberListing | None:
        self.seen.append(("listed", album_id))  # the answer is made at once; what a person does on its way comes later
        return await super().members(album_id)

    async def send(self, write: Write, *, stamp: str) -> Answer:
        if isinstance(write, RemoveAlbum):
            self.seen.append(("deleted", write.album_id))
        return await super().send(write, stamp=stamp)


class Stage:
    """One catalog, one project's memory, and who did what.

    Attributes:
        by_hand: For each address, the photos that a person added and that no wish has named there since.
        ever_by_hand: For each address, every photo that a person ever added.
        in_doubt: For each address, the photos of a wish whose apply was cut off: who put them there, nobody can tell.
        taken_out: For each address, the photos that a person took out since lrplan last looked inside: if they are put
            in again, nobody can tell.
        in_trash: For each address, the photos of *by_hand* that a person put into the trash.
        lasting: What was said of each address for the time after its entry, and what was done when the entry went.
        remembers: Whether nothing was ever forgotten.
        finished: The addresses whose photos an apply brought to its end that is remembered for certain.
        planned_knowing: The same, when the last plan was made.
        planned_from: The catalog as it was when the last plan was made.
        ticks: How many the last apply took.
        meanwhile: What a person does at which tick of the next apply.
    """

    def __init__(self, world: Snapshot, catalog: Callable[..., MemoryCatalog] = MemoryCatalog) -> None:
        self.plug = Plug()
        self._kind = catalog
        self.catalog = catalog(world, before=self._tick, after=self._tick)
        self.memory = PluggedMemory(self.plug)
        self.clock = FakeClock()
        self.files = GivenFiles(ORIGINALS)
        self.index: IndexInMemory | None = None
        self.files.xmp_bytes.update({path: path.encode() for path in XMP_FILES})
        self.by_hand: dict[Address, set[AssetId]] = {address: set() for address in ADDRESSES}
        self.ever_by_hand: dict[Address, set[AssetId]] = {address: set() for address in ADDRESSES}
        self.in_doubt: dict[Address, set[AssetId]] = {address: set() for address in ADDRESSES}
        self.taken_out: dict[Address, set[AssetId]] = {address: set() for address in ADDRESSES}
        self.in_trash: dict[Address, set[AssetId]] = {address: set() for address in ADDRESSES}
        self.lasting = Lasting()
        self.remembers = True
        self.finished: frozenset[Address] = frozenset()
        self.planned_knowing: frozenset[Address] = frozenset()
        self.planned_from = world
        self.ticks = 0
        self.meanwhile: tuple[int, Edit] | None = None

    @classmethod
    def set_up(cls, situation: Situation, catalog: Callable[..., MemoryCatalog] = MemoryCatalog) -> "Stage":
        """A stage on which the history of *situation* has happened."""
        stage = cls(situation.catalog.snapshot(), catalog)
        for event in situation.history:
            stage.happen(event)
        return stage

    def _tick(self, number: int, name: str) -> None:
        self.plug.tick()
        if self.meanwhile is not None and self.plug.ticks >= self.meanwhile[0]:
            (_, edit), self.meanwhile = self.meanwhile, None
            self.world_edited(edit)

    @property
    def world(self) -> Snapshot:
        return self.catalog.world

    @property
    def state(self) -> State | None:
        return effective_state(self.memory)

    def copy(self, catalog: Callable[..., MemoryCatalog] | None = None) -> "Stage":
        """The same situation once more, on a stage of its own."""
        other = Stage(self.world, catalog or self._kind)
        other.memory.state = self.memory.state
        other.memory.recorded = {key: (plan, list(entries)) for key, (plan, entries) in self.memory.recorded.items()}
        other.clock.at = self.clock.at
        other.catalog.settings.update(self.catalog.settings)
        other.by_hand = copy.deepcopy(self.by_hand)
        other.ever_by_hand = copy.deepcopy(self.ever_by_hand)
        other.in_doubt = copy.deepcopy(self.in_doubt)
        other.taken_out = copy.deepcopy(self.taken_out)
        other.in_trash = copy.deepcopy(self.in_trash)
        other.lasting = copy.deepcopy(self.lasting)
        other.remembers = self.remembers
        other.finished, other.planned_knowing = self.finished, self.planned_knowing
        other.planned_from = self.planned_from
        return other

    # --- lrplan ---

    def around(self) -> Surroundings:
        return Surroundings(
            service=self.catalog,
            service_id=OWNER.service_id,
            memory=self.memory,
            files=self.files,
            clock=self.clock,
            events=KeptEvents(),
            index=self.index,
        )

    def try_plan(
        self, manifest: Manifest, *, scope: Scope = WHOLE, around: Surroundings | None = None
    ) -> PlanResult | None:
        """Plan; None for a wish that cannot be met here: a cover that is no member, or what protection forbids.

        Args:
            around: What stands in the place of this stage's own catalog and memory.
        """
        self.clock.at += self.clock.at.resolution * 1_000_000
        self.planned_from = self.world
        self.planned_knowing = self.finished
        self.lasting.begin()
        try:
            result = asyncio.run(plan(manifest, around or self.around(), allow=EVERYTHING, scope=scope))
        except Failure as failure:
            if {said.code for said in failure.diagnostics} <= CANNOT_BE_MET:
                return None
            raise
        if not result.refusals:
            return result
        assert {said.code for said in result.refusals} == {"LRP404"}, result.refusals
        gone = (one.address for one in result.plan.changes if one.verb in (Verb.DELETE, Verb.REPLACE))
        taken = {first_address(one, manifest) for one in gone}
        if self.remembers:
            assert any(self.lasting.may_be_protected(one, manifest) for one in taken), result.refusals
        return None

    def apply(self, planned: Plan, manifest: Manifest | None, *, cut: int | None = None) -> Report | None:
        """Apply; None if the plug was pulled at tick *cut*."""
        self.clock.at += self.clock.at.resolution * 1_000_000
        self.plug.mend(cut)
        if manifest is not None:
            self._give_up(planned, manifest)
        report: Report | None = None
        try:
            report = asyncio.run(apply(planned, self.around(), manifest=manifest))
        except BaseException:
            if not self.plug.is_pulled:
                raise
        finally:
            self.ticks = self.plug.ticks
            self.plug.mend()
            if manifest is not None:
                is_whole = report is not None and {item.bucket for item in report.items} <= GOOD
                held = held_in(manifest, self.planned_from)
                live = {address for address in ADDRESSES if generations_of(address, self.world)}
                self.lasting.end(manifest, held, live, is_whole=is_whole)
        return report

    def run(self, wish: Wish, *, cut: int | None = None) -> tuple[Plan, Report | None] | None:
        """Plan and apply *wish*; None for a wish that cannot be met."""
        manifest = manifest_of(wish)
        self.forget_wanted(wish)
        result = self.try_plan(manifest)
        if result is None:
            return None
        report = self.apply(result.plan, manifest, cut=cut)
        self.note_end(wish, report)
        for change in result.plan.changes:
            if report is not None and change.looks_inside and change.address in self.taken_out:
                self.taken_out[change.address].clear()
        if report is None:
            for address in ADDRESSES:
                self.in_doubt[address] |= wanted_of(wish, address, self.world)
        for address in ADDRESSES:
            if not generations_of(address, self.world):
                self.by_hand[address].clear()
        return result.plan, report

    def _give_up(self, planned: Plan, manifest: Manifest) -> None:
        """What a plan says that it takes out, by the word of the manifests, is nobody's any more."""
        for change in planned.changes:
            entry = manifest.albums.get(change.address)
            says = entry.unlisted.value if entry is not None and entry.unlisted is not None else None
            if says is Unlisted.REMOVE and change.members is not None:
                address = first_address(change.address, manifest)
                self.by_hand[address] -= set(change.members.foreign)
                self.in_trash[address] -= set(change.members.foreign)

    def note_end(self, wish: Wish, report: Report | None) -> None:
        """Note which albums an apply of *wish* has brought to its end; what is not declared is forgotten with them."""
        managed = {album_address(key) for key, album in wish.albums.items() if album.members is not None}
        declared = {album_address(key) for key in wish.albums}
        self.finished &= declared
        if report is not None and {item.bucket for item in report.items} <= GOOD:
            self.finished |= managed

    def worked_on(self, wish: Wish) -> dict[str, WishedAlbum]:
        """The albums of *wish* that are neither paused nor waiting."""
        held = held_in(manifest_of(wish), self.world)
        return {key: album for key, album in wish.albums.items() if album_address(key) not in held}

    def forget_wanted(self, wish: Wish) -> None:
        """Photos that a wish names are not a person's alone any more."""
        for address in ADDRESSES:
            self.by_hand[address] -= wanted_of(wish, address, self.world)
            self.in_trash[address] -= wanted_of(wish, address, self.world)

    def send_again(self, write: Write) -> Answer:
        """Send one write again, as a request that had been held up on its way."""
        return asyncio.run(self.catalog.send(write, stamp=self.clock.now()))

    def forget(self) -> None:
        """Lose the state and the journals."""
        self.memory.forget()
        self.remembers, self.finished = False, frozenset()

    # --- people ---

    def happen(self, event: Event) -> None:
        match event:
            case Applied(wish=wish, cut=cut):
                self.run(wish, cut=cut)
            case Forgotten():
                self.forget()
            case Edit():
                self.world_edited(event)

    def world_edited(self, edit: Edit) -> None:
        """Carry out what a person does."""
        world = self.world
        ids = sorted(world.albums)
        photo = PHOTOS[edit.photo % len(PHOTOS)]
        if edit.deed in ("trash", "restore"):
            subtype = "deleted_image" if edit.deed == "trash" else "image"
            self._with(assets={**world.assets, photo: evolve(world.assets[photo], subtype=subtype)})
            for address, kept in self.by_hand.items():
                self.in_trash[address].discard(photo)
                if edit.deed == "trash" and photo in kept:
                    kept.discard(photo)
                    self.in_trash[address].add(photo)
            return
        if edit.deed == "new-album":
            stranger = AlbumId(f"{0xF00 + edit.other:032x}")
            if stranger not in world.albums:
                parent = self._some_set(edit)
                self._put(Album(id=stranger, kind=AlbumKind.ALBUM, service_id=None, name="mine", parent=parent))
            return
        if not ids:
            return
        album = world.albums[ids[edit.album % len(ids)]]
        match edit.deed:
            case "rename":
                self._put(evolve(album, name=("by hand", "A", "B")[edit.other % 3]))
            case "publish":
                info = album.publish_info or PublishInfo()
                told = (
                    evolve(info, remote_id="by hand"),
                    evolve(info, deleted=not info.deleted),
                    evolve(info, service_payload="by hand"),
                )
                self._put(evolve(album, publish_info=told[edit.other % 3]))
            case "payload":
                self._put(evolve(album, raw=Opaque(f'{{"byHand":{edit.other}}}')))
            case "move":
                parent = self._some_set(edit)
                if album.id not in self._upwards(parent):
                    self._put(evolve(album, parent=parent))
            case "delete":
                self._delete(album)
            case _ if album.kind is AlbumKind.ALBUM:
                self._edit_members(album.id, edit, photo)
            case _:
                pass

    def _some_set(self, edit: Edit) -> AlbumId | None:
        sets = [None, *sorted(key for key, album in self.world.albums.items() if album.kind is AlbumKind.SET)]
        return sets[edit.photo % len(sets)]

    def _upwards(self, start: AlbumId | None) -> list[AlbumId]:
        path = []
        while start is not None and start in self.world.albums:
            path.append(start)
            start = self.world.albums[start].parent
        return path

    def _delete(self, album: Album) -> None:
        if any(other.parent == album.id for other in self.world.albums.values()):
            return
        address = address_of(album.id)
        if address is not None:
            self.by_hand[address].clear()
        if isinstance(self.catalog, BuryingCatalog):
            self.catalog.buried.add(album.id)
        self._with(
            albums={key: other for key, other in self.world.albums.items() if key != album.id},
            members={key: listing for key, listing in self.world.members.items() if key != album.id},
        )

    def _edit_members(self, album_id: AlbumId, edit: Edit, photo: AssetId) -> None:
        listing = self.world.members.get(album_id, Membership())
        keys = dict(zip(listing.asset_ids, listing.orders, strict=True))
        infos, cover = dict(listing.infos), listing.cover
        there = listing.asset_ids[edit.photo % len(listing.asset_ids)] if listing.asset_ids else None
        address = address_of(album_id)
        match edit.deed:
            case "add" if photo not in keys and not self.world.assets[photo].is_trashed:
                known = [key for key in keys.values() if key is not None]
                fresh = keys_between(max(known), None, 1) if known and edit.other % 2 else None
                keys[photo] = fresh[0] if fresh else None
                if isinstance(self.catalog, WatchedCatalog):
                    self.catalog.seen.append(("added", album_id))
                if address is not None:
                    if photo not in self.in_doubt[address] | self.taken_out[address]:
                        self.by_hand[address].add(photo)
                    self.ever_by_hand[address].add(photo)
            case "remove" if there is not None:
                keys.pop(there)
                infos.pop(there, None)
                cover = None if cover == there else cover
                if address is not None:
                    if there not in self.by_hand[address]:
                        self.taken_out[address].add(there)
                    self.by_hand[address].discard(there)
            case "reorder":
                turned = list(listing.asset_ids)
                if turned:
                    turned.insert(edit.other % len(turned), turned.pop(edit.photo % len(turned)))
                fresh = keys_between(None, None, len(turned))
                assert fresh is not None
                keys = dict(zip(turned, fresh, strict=True))
            case "drop-keys":
                keys = {a: key if place % 3 == edit.other % 3 else None for place, (a, key) in enumerate(keys.items())}
            case "cover" if there is not None:
                cover = there
            case "member-info" if there is not None:
                raw = Opaque(f'{{"byHand":{edit.other}}}')
                infos[there] = MemberInfo(remote_id=("by hand", None)[edit.other % 2], raw=raw)
            case _:
                return
        ids = shown_order(tuple(keys), keys, self.world.assets)
        now = Membership(asset_ids=ids, orders=tuple(keys[a] for a in ids), infos=infos, cover=cover)
        self._with(members={**self.world.members, album_id: now})

    def _put(self, album: Album) -> None:
        members = self.world.members
        if album.id not in members:
            members = {**members, album.id: Membership()}
        self._with(albums={**self.world.albums, album.id: album}, members=members)

    def _with(self, **changes: object) -> None:
        self.catalog.edit(**changes)


EVERYTHING = dict.fromkeys(("delete", "replace", "remove", "create", "add", "upload"), 1_000_000)
GOOD = frozenset({Bucket.DONE, Bucket.ALREADY, Bucket.BLOCKED, Bucket.PAUSED})
CANNOT_BE_MET = frozenset({"LRP204", "LRP205", "LRP206", "LRP208", "LRP210", "LRP211", "LRP213"})


def manifest_of(
    wish: Wish, *, order: tuple[int, ...] = (), files: int = 2, project: SourceText = PROJECT_FILE
) -> Manifest:
    """*wish* as it comes out of the files."""
    manifest, said = parse_manifests(project, wish.sources(order=order, files=files))
    assert manifest is not None, said
    return manifest


def photo_of(ref: Ref, world: Snapshot, owner: Owner = OWNER) -> AssetId:
    """The asset that *ref* means; for a file, the one that holds its bytes or will hold them."""
    if ref.photo not in UPLOADED:
        return PHOTOS[ref.photo]
    sha256 = Sha256(("e0", "e1")[ref.photo - UPLOADED[0]] * 32)
    return asset_id(owner.account_id, owner.service_id, sha256, 0)


def wanted_of(wish: Wish, address: Address, world: Snapshot) -> set[AssetId]:
    """The photos that *wish* names in *address*, or selects, where it is not paused."""
    key = address.partition(".")[2]
    album = wish.albums.get(key) if address.startswith("albums.") else None
    return set() if album is None or album.paused else set(listed_in(wish, key, world))


def listed_in(wish: Wish, key: str, world: Snapshot) -> list[AssetId]:
    """The photos that *wish* lists in an album, in its order; what is named stands where it is named."""
    album = wish.albums[key]
    named = [photo_of(ref, world) for ref in album.members or ()]
    listed: list[AssetId] = []
    for one in album.listed():
        if isinstance(one, Ref):
            listed.append(photo_of(one, world))
        else:
            listed += [a for a in _found_by(one, wish, world) if a not in named and a not in listed]
    return listed


def _found_by(select: Selects, wish: Wish, world: Snapshot) -> list[AssetId]:
    """What a select finds: of all photos that are there or will be sent, or of the wish for another album."""
    photos = {a: (one.capture_date, one.file_name) for a, one in world.assets.items() if not one.is_trashed}
    for ref in (ref for album in wish.albums.values() for ref in album.members or () if not album.paused):
        if ref.photo in UPLOADED and photo_of(ref, world) not in world.assets:
            number = ref.photo - UPLOADED[0]
            photos[photo_of(ref, world)] = (DATES[number], f"U{number}.jpg")
    among = set(photos)
    other = wish.albums[select.album] if select.album is not None else None
    if select.album is not None and other is not None and other.members is not None and not other.paused:
        among = set(listed_in(wish, select.album, world))
    elif select.album is not None:
        live = generations_of(album_address(select.album), world)
        among = {a for one in live for a in world.members.get(one, Membership()).asset_ids}

    def is_meant(date: str, name: str) -> bool:
        is_after = select.after is None or (not date.startswith("0000") and date >= select.after)
        is_before = select.before is None or (not date.startswith("0000") and date < select.before)
        return is_after and is_before and fnmatchcase(name, select.glob)

    return sorted((a for a in among & photos.keys() if is_meant(*photos[a])), key=lambda a: (*photos[a], a))

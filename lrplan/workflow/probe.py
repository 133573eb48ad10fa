"""
The story of `lrplan doctor --probe`: make a throw-away album in a throw-away set, look, change, look, remove both.

What is found out is what no document says: whether order keys are shown, whether `updated` moves with the membership,
whether an update merges or replaces, whether an album can be brought back to the top level, and how a list of kinds has
to be written. Photos of the catalog are members of the album for a moment; no photo is ever changed or sent.

The surprising case: the probe may die anywhere, or lose an answer. Every id was decided before it was sent and says
what it is, so whatever was made is found by the next doctor; and every update carries a name of its own, so that the
probe looks at what it has just done and not at what was before.
"""

import asyncio
from collections.abc import Sequence

from attrs import define, field

from lrplan.diagnostics import Diagnostic, Failure, error
from lrplan.events import Phase
from lrplan.model.album import Album, AlbumKind, PublishInfo
from lrplan.model.asset import Asset
from lrplan.model.checkup import Check, Topic, failed, well
from lrplan.model.ids import AlbumId, AssetId, probe_id
from lrplan.model.probing import NO, UNSETTLED, YES, Finding, Probe, Question
from lrplan.model.snapshot import Account
from lrplan.plan.action import TOP_LEVEL, Parent
from lrplan.plan.write import (
    Absent,
    Accepted,
    Answer,
    Entry,
    Exists,
    PartlyAccepted,
    PutAlbum,
    PutMembers,
    Refused,
    Write,
)
from lrplan.ports import Clock, Events, MemberListing, Omission, ShownAlbum
from lrplan.version import __version__
from lrplan.workflow.patient import Line
from lrplan.workflow.throwaway import (
    ALBUM_NAME,
    ALBUM_ROLE,
    SET_NAME,
    SET_ROLE,
    Removal,
    first_ids,
    read_leftovers,
    remove,
)

PHOTOS_MAX = 2
ATTEMPTS_MAX = 64  # ours: ids that earlier probes have used up on a service that never gives an id free again
LOOKS_S = (0.5, 1.0, 2.0, 4.0)  # ours: listings were seen to lag by seconds
MOVES_S = (0.5, 1.0, 2.0)  # ours: how long an `updated` is given to move
TICK_S = 1.1  # ours: an `updated` that counts whole seconds needs that long to be another one
_KEYS = ("V", "k")  # lex64, in the order in which they sort
_FORMS = {Question.COMMA_LIST: ",", Question.SEMICOLON_LIST: ";"}
_PARENT_FORMS = {Omission.PARENT: "leftOut", Omission.PARENT_EMPTY: "emptyObject", Omission.PARENT_NULL: "null"}


async def probe(
    line: Line, account: Account, *, endpoint: str, clock: Clock, events: Events, stop: asyncio.Event | None = None
) -> Probe:
    """Find out what can be found out, and leave nothing behind.

    Args:
        account: Whose catalog it is, as just read.
        stop: When set, no new question is asked; what was made is removed.

    Returns:
        The findings. Where not all of it could be removed afterwards, `remains` and `said` (LRP753) tell of it; the
        answers are as good.

    Raises:
        Failure: Nothing was found out: the service failed, or refused to make the album (LRP754), or *stop* was set;
            what was made is gone. Or it may not be (LRP753): then the next doctor removes it.
    """
    first_call = line.service.calls
    trial = _Trial(line=line, account=account, clock=clock, stop=stop or asyncio.Event())
    events.emit(Phase(what="Probing with a throw-away album"))
    before = await _clear(trial, first_ids(line, account.id))
    if before.remains:
        raise Failure(*(_still_there(album_id, why) for album_id, why in before.remains))
    failure: Failure | None = None
    try:
        await trial.run()
    except Failure as problem:
        failure = problem
    except asyncio.CancelledError:
        await _cleared(trial)
        raise
    remains, said = await _cleared(trial)
    if failure is not None:
        raise Failure(*said, *failure.diagnostics)
    return Probe(
        at=clock.now(),
        lrplan_version=__version__,
        endpoint=endpoint,
        account_id=account.id,
        photos=len(trial.photos),
        calls=line.service.calls - first_call,
        findings=tuple(trial.findings),
        remains=remains,
        said=said,
    )


def probe_check(done: Probe) -> Check:
    """The line about a probe that went through."""
    settled = sum(finding.answer != UNSETTLED for finding in done.findings)
    facts = {"settled": settled, "questions": len(done.findings)}
    if done.said:
        return failed(Topic.PROBE, *done.said, facts=facts)
    return well(Topic.PROBE, f"{settled} of {len(done.findings)} questions settled", facts)


async def _clear(trial: "_Trial", ids: Sequence[AlbumId]) -> Removal:
    """Remove whatever a probe has left on this account, this one or an earlier one."""
    leftovers = await read_leftovers(trial.line, trial.account.id, ids)
    return await remove(trial.line, leftovers, trial.clock)


async def _cleared(trial: "_Trial") -> tuple[tuple[AlbumId, ...], tuple[Diagnostic, ...]]:
    """Clear away what this probe made: what is still there, or may be where the service cannot be asked, and why."""
    try:
        left = (await _clear(trial, trial.tried)).remains
    except Failure as problem:
        tried = tuple(trial.tried)
        return tried, (_in_doubt(problem.diagnostics[0]),) if tried else ()
    return tuple(album_id for album_id, _ in left), tuple(_still_there(album_id, why) for album_id, why in left)


@define
class _Trial:
    """One probe under way: what it has made, and what it has found."""

    line: Line
    account: Account
    clock: Clock
    stop: asyncio.Event
    tried: list[AlbumId] = field(factory=list)
    photos: tuple[Asset, ...] = ()
    findings: list[Finding] = field(factory=list)
    _names: int = 1

    async def run(self) -> None:
        """Ask everything."""
        self.photos = await self.line.examiner.some_photos(PHOTOS_MAX)
        set_id = await self._make(SET_ROLE, AlbumKind.SET, SET_NAME, TOP_LEVEL, None)
        info = PublishInfo(remote_id="lrplan-doctor", service_payload="throw-away")
        album_id = await self._make(ALBUM_ROLE, AlbumKind.ALBUM, ALBUM_NAME, set_id, info)
        await self._ask_members(album_id)
        await self._ask_lists((set_id, album_id))
        await self._ask_update(album_id)
        await self._ask_parent(album_id)
        self.findings.sort(key=lambda finding: list(Question).index(finding.question))

    def _found(self, question: Question, answer: str, why: str = "") -> None:
        self.findings.append(Finding(question=question, answer=answer, why=why))

    async def _send(self, write: Write) -> Answer:
        self._go_on()
        return await self.line.service.send(write, stamp=self.clock.now())

    def _go_on(self) -> None:
        """Go on, unless somebody wants the probe to stop. Failure LRP754."""
        if self.stop.is_set():
            raise Failure(error("LRP754", "the probe was stopped", why="What it made was removed again."))

    async def _make(self, role: str, kind: AlbumKind, name: str, parent: Parent, info: PublishInfo | None) -> AlbumId:
        """Make a throw-away album or set under the first id that the service lets us use."""
        for attempt in range(ATTEMPTS_MAX):
            album_id = probe_id(self.account.id, self.line.service_id, role, attempt)
            self.tried.append(album_id)
            write = PutAlbum(album_id=album_id, kind=kind, name=name, parent=parent, publish_info=info)
            match await self._send(write):
                case Accepted():
                    return album_id
                case Exists():
                    # Either this very request went through and its answer was lost, or the id was used up long ago.
                    if await self.line.service.album(album_id) is not None:
                        return album_id
                    self.tried.pop()
                case answer:
                    raise Failure(_not_made(role, answer))
        raise Failure(_not_made(role, None))

    # -- members

    async def _ask_members(self, album_id: AlbumId) -> None:
        """Is `order` shown and kept to, and does `updated` move when photos join?"""
        about = (Question.ORDER_SHOWN, Question.ORDER_KEPT, Question.UPDATED_MOVES)
        if not self.photos:
            for question in about:
                self._found(question, UNSETTLED, "the catalog has no photo to try it with")
            return
        before = await self._look(album_id)
        await self.clock.sleep(TICK_S)
        # The later photo gets the smaller key, so that an order by keys is not the one by dates.
        latest_first = sorted(self.photos, key=lambda asset: (asset.capture_date, asset.id), reverse=True)
        keys = dict(zip((asset.id for asset in latest_first), _KEYS, strict=False))
        entries = tuple(Entry(asset_id=asset_id, order=key) for asset_id, key in keys.items())
        answer = await self._send(PutMembers(album_id=album_id, entries=entries))
        if not isinstance(answer, Accepted):
            for question in about:
                self._found(question, UNSETTLED, f"the service did not take the photos: {_words(answer)}")
            return
        await self._ask_updated(album_id, before)
        listing = await self._listed(album_id, len(entries))
        if listing is None:
            for question in about[:2]:
                self._found(question, UNSETTLED, "the photos were not listed in time")
            return
        shown = dict(zip(listing.membership.asset_ids, listing.membership.orders, strict=True))
        is_shown = all(shown[asset_id] is not None for asset_id in keys)
        why = "" if not is_shown or shown == keys else "but not as it was sent"
        self._found(Question.ORDER_SHOWN, YES if is_shown else NO, why)
        self._ask_order_kept(listing, keys, latest_first, is_shown=is_shown)

    def _ask_order_kept(
        self, listing: MemberListing, keys: dict[AssetId, str], latest_first: Sequence[Asset], *, is_shown: bool
    ) -> None:
        is_same = listing.membership.asset_ids == tuple(keys)
        if len(keys) < PHOTOS_MAX:
            self._found(Question.ORDER_KEPT, UNSETTLED, "the catalog has only one photo to try it with")
        elif is_same and not is_shown and len({asset.capture_date for asset in latest_first}) == 1:
            self._found(Question.ORDER_KEPT, UNSETTLED, "both photos are of the same date, by which it may be listed")
        else:
            self._found(Question.ORDER_KEPT, YES if is_same else NO)

    async def _ask_updated(self, album_id: AlbumId, before: ShownAlbum) -> None:
        for wait_s in (*MOVES_S, None):
            now = await self._look(album_id)
            if not now.updated:
                self._found(Question.UPDATED_MOVES, UNSETTLED, "the service shows no `updated`")
                return
            if now.updated != before.updated:
                self._found(Question.UPDATED_MOVES, YES)
                return
            if wait_s is not None:
                await self.clock.sleep(wait_s)
        self._found(Question.UPDATED_MOVES, NO, f"not within {sum(MOVES_S):g} seconds")

    async def _listed(self, album_id: AlbumId, number: int) -> MemberListing | None:
        for wait_s in (*LOOKS_S, None):
            self._go_on()
            listing = await self.line.service.members(album_id)
            if listing is not None and len(listing.membership.asset_ids) >= number:
                return listing
            if wait_s is not None:
                await self.clock.sleep(wait_s)
        return None

    # -- listings of albums

    async def _ask_lists(self, wanted: tuple[AlbumId, AlbumId]) -> None:
        """Which form of a list of kinds does the service honour?"""
        if not await self._are_listed(wanted):
            for question in _FORMS:
                self._found(question, UNSETTLED, "the throw-away album and set were not listed in time")
            return
        for question, separator in _FORMS.items():
            self._go_on()
            kinds = await self.line.examiner.listed_kinds(separator, wanted)
            self._found(question, _which(kinds))

    async def _are_listed(self, wanted: tuple[AlbumId, AlbumId]) -> bool:
        for wait_s in (*LOOKS_S, None):
            self._go_on()
            if set(wanted) <= {album.id for album in await self.line.service.albums()}:
                return True
            if wait_s is not None:
                await self.clock.sleep(wait_s)
        return False

    # -- updates

    async def _ask_update(self, album_id: AlbumId) -> None:
        """Does an update merge or replace the payload?"""
        question = Question.UPDATE_MODE
        now = await self._look(album_id)
        if _service_payload(now.album) is None:
            self._found(question, UNSETTLED, "the service does not show what was to be left out")
            return
        now_or_why = await self._update(now.album, Omission.SERVICE_PAYLOAD)
        if isinstance(now_or_why, str):
            self._found(question, UNSETTLED, now_or_why)
            return
        if _service_payload(now_or_why) is not None:
            self._found(question, "merges", "inside publishInfo too")
            return
        now_or_why = await self._update(now_or_why, Omission.PUBLISH_INFO)
        if isinstance(now_or_why, str):
            self._found(question, "replaces", f"inside publishInfo; leaving out all of it: {now_or_why}")
        elif now_or_why.publish_info is None:
            self._found(question, "replaces")
        else:
            self._found(question, "mergesTopLevel")

    async def _ask_parent(self, album_id: AlbumId) -> None:
        """Can an album be brought back to the top level, and by which form?"""
        album = (await self._look(album_id)).album
        if album.parent is None:
            self._found(Question.PARENT_CLEARED, UNSETTLED, "the service does not show the set that the album is in")
            return
        tried = []
        for omission, form in _PARENT_FORMS.items():
            now_or_why = await self._update(album, omission)
            if isinstance(now_or_why, str):
                tried.append(f"{form}: {now_or_why}")
                continue
            if now_or_why.parent is None:
                self._found(Question.PARENT_CLEARED, form, "; ".join(tried))
                return
            album = now_or_why
            tried.append(f"{form}: it stayed")
        self._found(Question.PARENT_CLEARED, NO, "; ".join(tried))

    async def _update(self, album: Album, omission: Omission) -> Album | str:
        """Send an update that leaves something out; the album as it is then, or why that cannot be told."""
        self._go_on()
        self._names += 1
        name = f"{ALBUM_NAME} ({self._names})"
        answer = await self.line.examiner.update_without(album, omission, name=name, stamp=self.clock.now())
        if not isinstance(answer, Accepted):
            return f"the service refused it: {_words(answer)}"
        for wait_s in (*LOOKS_S, None):
            now = await self._look(album.id)
            if now.album.name == name:
                return now.album
            if wait_s is not None:
                await self.clock.sleep(wait_s)
        return "the update did not show in time"

    async def _look(self, album_id: AlbumId) -> ShownAlbum:
        self._go_on()
        shown = await self.line.examiner.shown_album(album_id)
        if shown is None:
            raise Failure(error("LRP754", "the throw-away album vanished", why="Somebody else may have removed it."))
        return shown


def _which(kinds: frozenset[AlbumKind] | None) -> str:
    if kinds is None:
        return "refused"
    if kinds >= {AlbumKind.ALBUM, AlbumKind.SET}:
        return "both"
    return "albums" if AlbumKind.ALBUM in kinds else "sets" if AlbumKind.SET in kinds else "none"


def _service_payload(album: Album) -> str | None:
    return album.publish_info.service_payload if album.publish_info is not None else None


def _words(answer: Answer) -> str:
    match answer:
        case Refused():
            return f"{answer.status}, {answer.why}"
        case PartlyAccepted():
            return "; ".join(one.why for one in answer.refused)
        case Absent():
            return "it is not there"
        case _:
            return "it exists already"


def _not_made(role: str, answer: Answer | None) -> Diagnostic:
    why = f"The service said: {_words(answer)}." if answer is not None else "No id of a probe is free on this account."
    return error("LRP754", f"the throw-away {role} could not be made", why=why, hint="nothing was changed")


def _still_there(album_id: str, why: str) -> Diagnostic:
    return error(
        "LRP753",
        f"the throw-away album or set {album_id} is still there",
        why=f"It could not be removed: {why}.",
        hint="empty it in Lightroom, then run `lrplan doctor`, which removes it; nothing else depends on it",
    )


def _in_doubt(first: Diagnostic) -> Diagnostic:
    return error(
        "LRP753",
        "it is not certain that the throw-away album is gone",
        why=f"{first.what}: {first.why}" if first.why else f"{first.what}.",
        hint="`lrplan doctor` finds and removes it as soon as the service answers",
    )

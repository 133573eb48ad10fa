"""
Every way in which lrplan can touch the outside world.

The adapters behind these protocols live in `lightroom`, `storage`, `sources` and `cli`, and are built in one place,
`cli.wiring`. Whatever cannot go on raises `diagnostics.Failure`; whatever a caller may have to decide on is returned.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from attrs import frozen

from lrplan.events import Event
from lrplan.journal.entries import Entry as JournalEntry
from lrplan.journal.runs import Run as Run
from lrplan.journal.runs import Salvage as Salvage
from lrplan.model.album import Album, AlbumKind, Flag
from lrplan.model.asset import Asset
from lrplan.model.catalog_index import CatalogIndex
from lrplan.model.develop import Beside, XmpFile
from lrplan.model.examining import Claims as Claims
from lrplan.model.examining import Omission as Omission
from lrplan.model.examining import Pulse as Pulse
from lrplan.model.examining import ShownAlbum as ShownAlbum
from lrplan.model.ids import AccountId, AlbumId, AssetId, CatalogId, ServiceId, Sha256
from lrplan.model.inventory import FileProblem, Inventory, Original
from lrplan.model.listing import MemberListing as MemberListing
from lrplan.model.rendition import AssetDetail, Rendition
from lrplan.model.sign_in import AccessToken, Grant, SignIn, Slot
from lrplan.model.snapshot import Account, Catalog
from lrplan.model.state import State
from lrplan.plan.plan import Plan
from lrplan.plan.write import Answer, Write


@frozen
class Foreign:
    """An album that is there and is not shown, since another API key made it."""


class Sink(Protocol):
    """Where the bytes of a download go."""

    def begin(self) -> None:
        """Start anew: what was written before belongs to an attempt that broke. Called before each attempt."""

    def write(self, chunk: bytes) -> None:
        """Take the next bytes. Raises `Failure` when it cannot."""


class CatalogReader(Protocol):
    """Reading calls of the service. Every method may raise `Failure` (LRP3xx, LRP8xx)."""

    @property
    def calls(self) -> int:
        """How many requests were sent so far, retries not counted."""

    async def health(self) -> str:
        """The version of the service, which says that it is up; needs no token. "" where it names none."""

    async def account(self) -> Account:
        """Whose token it is; does not judge the entitlement."""

    async def catalog(self) -> Catalog:
        """The account's catalog; Failure LRP304 when there is none."""

    async def albums(self) -> tuple[Album, ...]:
        """Every album and set that the service lists, each once, in the order of their ids."""

    async def collections(self) -> tuple[Album, ...]:
        """The customer's own albums and their sets, each once, in the order of their ids; they can only be read."""

    async def album(self, album_id: AlbumId) -> Album | None:
        """One album; None when it is gone or may not be read."""

    async def holder(self, album_id: AlbumId) -> Album | Foreign | None:
        """What has this id; None when nothing has, or when it is not shown yet."""

    async def members(self, album_id: AlbumId) -> MemberListing | None:
        """The members of an album in shown order, each once; None when the album is gone.

        A service may leave out photos that have no order key. A listing by date shows them.
        """

    async def members_by_date(self, album_id: AlbumId, *, flag: Flag | None = None) -> MemberListing | None:
        """The members of an album as they were captured, the undated first; a service may hide their order keys.

        It takes `plan.limits.calls_by_date` calls.

        Args:
            flag: Only the photos that were flagged so; None for all.
        """

    async def assets_by_id(self, asset_ids: Sequence[AssetId]) -> tuple[Asset, ...]:
        """The assets with these ids, as far as they exist, a hundred a call."""

    async def assets_by_sha256(self, sha256: Sha256) -> tuple[Asset, ...]:
        """The assets whose original has this hash; may include trashed and incomplete ones."""

    async def incomplete(self, among: Collection[AssetId] | None = None) -> frozenset[AssetId]:
        """The photos and videos that still wait for their original, the trashed left out; two calls, a page each.

        Nothing else tells: an asset that any other call reads says that it is complete. Nothing is named where the
        service does not tell at all. One more call where that has to be found out.

        Args:
            among: What the caller wants to know about; None for everything. Others may be named as well.
        """

    async def walk(self, *, captured_after: str | None, captured_before: str | None) -> tuple[Asset, ...]:
        """Every asset captured in the window (open where None, then with undated ones), each once."""

    async def trash(self) -> tuple[Asset, ...]:
        """Every photo and video in the trash, each once; nothing where the service does not tell."""

    async def changed_since(self, instant: str, *, with_trash: bool = True) -> tuple[Asset, ...]:
        """Every asset that changed then or later (UTC, ISO 8601), each once; trashed ones where the service tells.

        Args:
            with_trash: False for what a walk would show, in half the calls: one, or two where nothing dated changed.
        """

    async def asset(self, asset_id: AssetId) -> AssetDetail | None:
        """One asset with what can be read of it; None when it is not there or may not be read."""

    async def develop(self, asset_id: AssetId) -> bytes | None:
        """The develop settings (XMP) that were uploaded last; None when there are none."""

    async def rendition(self, asset_id: AssetId, kind: Rendition, sink: Sink) -> bool:
        """Download a rendition into *sink*, piece by piece; False when there is none (any more)."""

    async def await_rendition(self, asset_id: AssetId, kind: Rendition) -> bool:
        """Wait, a bounded time, until a rendition that was asked for can be downloaded; False when it cannot."""


class CatalogWriter(Protocol):
    """Writing calls of the service."""

    async def send(self, write: Write, *, stamp: str) -> Answer:
        """Send one request, with retries where the service asks for them.

        Args:
            stamp: UTC instant, ISO 8601 with Z, for the stamps that clients must set.

        Raises:
            Failure: The service could not be reached or kept failing (the write is then in doubt), the credentials
                died, the catalog has another id (LRP304), the local file changed (LRP502), or it was not sent
                because the run has ended (LRP704; LRP705 when it may have arrived before).
        """

    def halt(self) -> None:
        """Send nothing from now on, reading calls included: those that wait for their turn raise LRP704, or LRP705.

        Calls under way are let finish. A 413 does this by itself, before the answer is returned.
        """

    def resume(self) -> None:
        """Send again after a `halt`."""


class CatalogService(CatalogReader, CatalogWriter, Protocol):
    """Both directions over one connection pool and one rate gate."""


class Examiner(Protocol):
    """Calls that only a doctor makes: looks at what the other calls take for granted. All may raise `Failure`."""

    async def pulse(self) -> Pulse:
        """Ask whether the service is up; no token is sent."""

    async def claims(self) -> Claims | None:
        """What is known of the access token; None for one that says nothing. Failure LRP301 without a token."""

    async def some_photos(self, most: int) -> tuple[Asset, ...]:
        """The first few photos of the catalog that a listing shows, neither trashed nor incomplete, in two calls."""

    async def listed_kinds(self, separator: str, wanted: Sequence[AlbumId]) -> frozenset[AlbumKind] | None:
        """Ask for sets and albums in one listing; the kinds of the *wanted* ones that it shows, None if refused."""

    async def shown_album(self, album_id: AlbumId) -> ShownAlbum | None:
        """One album as the service shows it now; None when it is gone."""

    async def update_without(self, album: Album, omission: Omission, *, name: str, stamp: str) -> Answer:
        """Rename an album, with its payload as in *album* less what *omission* names; the name tells when it shows."""


class Credentials(Protocol):
    """The API key, and tokens as they are needed."""

    @property
    def api_key(self) -> ServiceId:
        """The client id that every call carries; albums belong to it."""

    @property
    def expires_at(self) -> str:
        """When the token that was given last ends, by whoever issued it: UTC, ISO 8601 with Z; "" if nobody said."""

    @property
    def renews(self) -> bool:
        """Whether another token follows when one ends, without a person."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every token and client secret that is known, spent ones too: what no message may repeat."""

    async def access_token(self, *, refused: str | None = None) -> str:
        """A token that should work.

        Args:
            refused: The token that the service has just refused, so that it is renewed once for all waiting calls.

        Raises:
            Failure: LRP301 when there is none, LRP302 when *refused* cannot be renewed, LRP306 when its successor
                could not be stored, LRP307 when the program that prints tokens fails, LRP805 when the sign-in service
                does not answer.
        """


class TokenStore(Protocol):
    """Sign-ins that outlive a process. Every method may raise `Failure` LRP306, or LRP106 and LRP107 for its file."""

    def find(self, slot: Slot) -> SignIn | None:
        """The sign-in at *slot*; None when there is none."""

    def api_keys(self, issuer: str) -> tuple[ServiceId, ...]:
        """The API keys with which somebody has signed in there, sorted."""

    def where(self, slot: Slot) -> str:
        """Where the sign-in at *slot* is kept, or would be, for people."""

    def prove(self, slot: Slot) -> None:
        """See that `save` would work now."""

    def save(self, sign_in: SignIn, *, now: str) -> None:
        """Keep *sign_in* in place of what its slot held; durable when this returns."""

    def remove(self, slot: Slot) -> bool:
        """Forget the sign-in at *slot*; False when there was none."""

    def hold(self, slot: Slot) -> AbstractAsyncContextManager[None]:
        """Keep every other process from renewing this sign-in; waits for one that does."""


class TokenIssuer(Protocol):
    """The sign-in service, for one API key. Every method may raise `Failure` LRP302 (refused) or LRP805 (no answer)."""

    async def renew(self, refresh_token: str, *, client_secret: str) -> Grant:
        """Spend *refresh_token*."""

    async def redeem(self, code: str, *, client_secret: str, verifier: str, redirect: str) -> Grant:
        """Turn the code of a sign-in into tokens."""

    async def revoke(self, token: str, *, client_secret: str) -> None:
        """End *token*, be it for access or for renewal."""

    async def whose(self, access_token: str) -> str:
        """Name or address of the person whose token it is; "" when the service does not tell."""


class TokenProgram(Protocol):
    """A program of the user's that prints access tokens."""

    async def run(self) -> AccessToken:
        """Run it once. Failure LRP307."""


class Originals(Protocol):
    """Bytes of local files on their way to the service."""

    def part(self, original: Original, part: int) -> AsyncIterator[bytes]:
        """Stream one part in chunks; the last chunk is held back until the part's bytes match `part_checks`.

        Raises:
            Failure: LRP502, the file vanished or its bytes are not those that were planned.
        """


class Files(Protocol):
    """The project's own files."""

    def inventory(self, lists: Sequence[str], originals: Sequence[str], *, part_size_bytes: int) -> Inventory:
        """Read list files and hash originals; what cannot be read becomes a `FileProblem`."""

    def xmp_files(self, paths: Sequence[str]) -> Mapping[str, XmpFile | FileProblem]:
        """Read files with develop settings; what cannot be sent as such becomes a `FileProblem`."""

    def sidecars(self, originals: Sequence[str]) -> Mapping[str, Beside]:
        """What lies beside *originals* and has their name, by original; those with no sidecar are left out."""

    def xmp(self, path: str, sha256: Sha256) -> bytes:
        """The develop settings at *path*. Failure LRP502 when they are not those of *sha256* any more."""

    def unreadable(self, originals: Sequence[str]) -> tuple[FileProblem, ...]:
        """Those of *originals* that are not there or cannot be opened; nothing is read."""


class Clock(Protocol):
    """Time, so that tests can set it."""

    def now(self) -> str:
        """The UTC instant, ISO 8601 with microseconds and Z."""

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""


class Events(Protocol):
    """The one listener that progress, the JSON stream and logs hang on. Never raises, never blocks."""

    def emit(self, event: Event) -> None:
        """Tell that something happened."""


class JournalWriter(Protocol):
    """The append-only record of one run."""

    async def append(self, entry: JournalEntry) -> None:
        """Write *entry*; durable when this returns. Calls side by side share an fsync. Failure LRP706."""


class IndexStore(Protocol):
    """Where a catalog's photos are kept as they were listed. Nothing here fails: what cannot be kept is listed anew."""

    def load(self, account_id: AccountId, catalog_id: CatalogId) -> CatalogIndex | None:
        """What is known of this very catalog; None when nothing is."""

    def save(self, index: CatalogIndex) -> None:
        """Keep *index* in place of what was kept, as far as that is possible."""


class Memory(Protocol):
    """What lrplan keeps between runs: state, and the journals that are not yet part of it."""

    def load_state(self) -> State | None:
        """The state; None when there is none. Failure LRP106, LRP107 when it is damaged or newer."""

    def save_state(self, state: State) -> None:
        """Replace the state in one step, durably. Failure LRP706."""

    def runs(self) -> tuple[Run, ...]:
        """The recorded runs whose ids the state does not name in `folded`, oldest first."""

    def start_run(self, run_id: str, plan: Plan) -> AbstractAsyncContextManager[JournalWriter]:
        """Record the plan durably, then open its journal."""

    def salvage(self) -> Salvage:
        """What can be read of it, damaged or not. Failure LRP107 when it is newer, LRP101 when it cannot be read."""

    def set_aside(self) -> str:
        """Keep the state file, as it is, under another name too, durably; where that is, for people. Failure LRP706."""

    def holder(self) -> str | None:
        """Who holds the lease now, for people; None when nobody does. Does not keep anybody from taking it."""

    def hold(self) -> AbstractAsyncContextManager[None]:
        """Hold the lease for the length of an apply. Failure LRP601 while another process does."""

"""
Every way in which lrplan can touch the outside world.

The adapters behind these protocols live in `lightroom`, `storage`, `sources` and `cli`, and are built in one place,
`cli.wiring`. Whatever cannot go on raises `diagnostics.Failure`; whatever a caller may have to decide on is returned.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from enum import StrEnum
from typing import Protocol

from attrs import frozen

from lrplan.diagnostics import Diagnostic
from lrplan.events import Event
from lrplan.journal.entries import Entry as JournalEntry
from lrplan.model.album import Album, AlbumKind, Membership
from lrplan.model.asset import Asset
from lrplan.model.ids import AlbumId, AssetId, ServiceId, Sha256
from lrplan.model.inventory import Inventory, Original
from lrplan.model.snapshot import Account, Catalog
from lrplan.model.state import State
from lrplan.plan.plan import Plan
from lrplan.plan.write import Answer, Write


@frozen(kw_only=True)
class MemberListing:
    """The members of one album as listed, with the assets behind them."""

    membership: Membership
    assets: tuple[Asset, ...]


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

    async def album(self, album_id: AlbumId) -> Album | None:
        """One album; None when it is gone or may not be read."""

    async def members(self, album_id: AlbumId) -> MemberListing | None:
        """The members of an album in shown order, each once; None when the album is gone."""

    async def assets_by_id(self, asset_ids: Sequence[AssetId]) -> tuple[Asset, ...]:
        """The assets with these ids, as far as they exist, a hundred a call."""

    async def assets_by_sha256(self, sha256: Sha256) -> tuple[Asset, ...]:
        """The assets whose original has this hash; may include trashed and incomplete ones."""

    async def walk(self, *, captured_after: str | None, captured_before: str | None) -> tuple[Asset, ...]:
        """Every asset captured in the window (open where None, then with undated ones), each once."""


class CatalogWriter(Protocol):
    """Writing calls of the service."""

    async def send(self, write: Write, *, stamp: str) -> Answer:
        """Send one request, with retries where the service asks for them.

        Args:
            stamp: UTC instant, ISO 8601 with Z, for the stamps that clients must set.

        Raises:
            Failure: The service could not be reached or kept failing (the write is then in doubt), the credentials
                died, the catalog has another id (LRP304), or the local file changed (LRP502).
        """


class CatalogService(CatalogReader, CatalogWriter, Protocol):
    """Both directions over one connection pool and one rate gate."""


@frozen(kw_only=True)
class Pulse:
    """The first sign of life of a service.

    Attributes:
        version: What it calls itself; "" where it says nothing.
        date: Its clock, as the UTC instant in ISO 8601 with Z to the second; None where it does not tell.
        refusal: Why it does not let the API key in; None when it does.
    """

    version: str = ""
    date: str | None = None
    refusal: Diagnostic | None = None


@frozen(kw_only=True)
class Claims:
    """What an access token says of itself; nobody has verified it.

    Attributes:
        expires_at: UTC instant, ISO 8601 with Z; None where it does not say.
        scopes: Sorted; None where it does not say.
        client_id: The API key that it was issued for; None where it does not say.
    """

    expires_at: str | None = None
    scopes: tuple[str, ...] | None = None
    client_id: str | None = None


class Omission(StrEnum):
    """What an update leaves out of the payload that it sends, or in which form it asks for the top level."""

    SERVICE_PAYLOAD = "publishInfo.servicePayload"
    PUBLISH_INFO = "publishInfo"
    PARENT = "parent"
    PARENT_EMPTY = "parent: {}"
    PARENT_NULL = "parent: null"


@frozen(kw_only=True)
class ShownAlbum:
    """An album with the instant at which the service says it was updated last; "" where it does not say."""

    album: Album
    updated: str


class Examiner(Protocol):
    """Calls that only a doctor makes: looks at what the other calls take for granted. All may raise `Failure`."""

    async def pulse(self) -> Pulse:
        """Ask whether the service is up; no token is sent."""

    async def claims(self) -> Claims | None:
        """What the access token says of itself; None for one that says nothing. Failure LRP301 without a token."""

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

    async def access_token(self, *, refused: str | None = None) -> str:
        """A token that should work.

        Args:
            refused: The token that the service has just refused, so that it is renewed once for all waiting calls.

        Raises:
            Failure: LRP301 when there is none, LRP302 when *refused* cannot be renewed.
        """


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


@frozen(kw_only=True)
class Run:
    """One apply as it was recorded: its plan and its journal up to where it is whole."""

    id: str
    plan: Plan
    entries: tuple[JournalEntry, ...]


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

    def hold(self) -> AbstractAsyncContextManager[None]:
        """Hold the lease for the length of an apply. Failure LRP601 while another process does."""

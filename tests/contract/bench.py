"""One catalog behind the service port, three times: in memory, over HTTP on the sandbox, and on the sandbox untidy."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import aiohttp
from attrs import evolve, frozen

from lrplan.lightroom.credentials import GivenCredentials
from lrplan.lightroom.service import connect
from lrplan.model.album import Album, AlbumKind, Flag, Opaque
from lrplan.model.asset import UNKNOWN_DATE, Asset
from lrplan.model.ids import AccountId, AlbumId, AssetId, CatalogId, ServiceId, Sha256
from lrplan.model.inventory import Original
from lrplan.model.snapshot import Account, Catalog, Snapshot
from lrplan.ports import CatalogService
from lrplan.sandbox import RunningSandbox, SandboxOptions, running
from lrplan.sources.files import LocalFiles
from lrplan.sources.originals import LocalOriginals
from tests.inside import Heard, QuickClock
from tests.memory_catalog import MemoryCatalog

KINDS = ("memory", "tidy", "untidy", "merging")
KEY = ServiceId("sandbox")
OTHER_KEY = ServiceId("somebody-else")
STAMP = "2026-05-04T10:00:00.000000Z"
POLLS_MAX = 20_000

T = TypeVar("T")


def asset_id(number: int) -> AssetId:
    """The id of photo *number*."""
    return AssetId(f"{number + 0xA000:032x}")


def album_id(number: int) -> AlbumId:
    """The id of album *number*."""
    return AlbumId(f"{number + 0xB000:032x}")


FLAGS: Mapping[int, Flag] = {1: Flag.PICK, 2: Flag.REJECT, 4: Flag.PICK}  # the others are unflagged


def _sha256(number: int) -> Sha256:
    return Sha256(f"{number:064x}")


TRASHED, UNDATED, INCOMPLETE, TWINS = 90, 91, 92, (93, 94)
FOREIGN, COLLECTION = album_id(900), album_id(901)
SIZE = 70_000


def photos() -> tuple[Asset, ...]:
    """What is in the catalog: 80 photos, an hour apart from each other, and the odd ones."""
    plain = [
        Asset(
            id=asset_id(n),
            file_name=f"P{n:02d}.jpg",
            capture_date=f"2026-05-{1 + n // 24:02d}T{n % 24:02d}:00:00",
            sha256=_sha256(n),
        )
        for n in range(80)
    ]
    odd = [
        Asset(id=asset_id(TRASHED), subtype="deleted_image", file_name="T.jpg", capture_date="2026-05-02T00:30:00"),
        Asset(id=asset_id(UNDATED), file_name="U.jpg", capture_date=UNKNOWN_DATE),
        Asset(id=asset_id(INCOMPLETE), file_name="I.jpg", capture_date="2026-05-02T00:40:00", is_complete=False),
        Asset(id=asset_id(TWINS[0]), file_name="A.jpg", capture_date="2026-05-02T00:50:00", sha256=_sha256(1000)),
        Asset(
            id=asset_id(TWINS[1]),
            subtype="deleted_image",
            file_name="B.jpg",
            capture_date="2026-05-02T00:50:00",
            sha256=_sha256(1000),
        ),
    ]
    return (*plain, *odd)


ALBUMS = (
    Album(id=FOREIGN, kind=AlbumKind.ALBUM, service_id=OTHER_KEY, name="Foreign", raw=Opaque('{"name": "Foreign"}')),
    Album(id=COLLECTION, kind=AlbumKind.COLLECTION, service_id=None, name="Own", raw=Opaque('{"name": "Own"}')),
)


@frozen(kw_only=True)
class Bench:
    """The service under test, and what tests need around it."""

    kind: str
    service: CatalogService
    folder: Path

    @property
    def originals(self) -> Mapping[str, Original]:
        """Two local files: `small.jpg`, sent in one call, and `large.jpg`, sent in parts."""
        paths = ("small.jpg", "large.jpg")
        found = LocalFiles(self.folder).inventory((), paths, part_size_bytes=33_000).originals
        # An untidy service shows what has no date in a walk of its own only, not in the look-up by hash.
        return {
            path: evolve(original, capture_date="2026-05-03T00:10:00")
            for path, original in found.items()
            if isinstance(original, Original)
        }

    async def until(self, ask: Callable[[], Awaitable[T]], is_right: Callable[[T], bool]) -> T:
        """Ask until the answer is right; where listings do not lag the first one has to be."""
        answer = await ask()
        for _ in range(POLLS_MAX if self.kind == "untidy" else 0):
            if is_right(answer):
                break
            answer = await ask()
        assert is_right(answer), answer
        return answer


@asynccontextmanager
async def bench_of(kind: str, folder: Path) -> AsyncIterator[Bench]:
    """Set one up."""
    (folder / "small.jpg").write_bytes(b"\xff\xd8\xff\xe0small" + b"\0" * 100)
    (folder / "large.jpg").write_bytes(b"\xff\xd8\xff\xe0large" + bytes(range(256)) * (SIZE // 256))
    if kind == "memory":
        catalog = MemoryCatalog(_world())
        catalog.flags = {asset_id(number): flag for number, flag in FLAGS.items()}
        yield Bench(kind=kind, service=catalog, folder=folder)
        return
    mode = "merge" if kind == "merging" else "replace"
    options = SandboxOptions(data=folder / "data", untidy=kind == "untidy", update_mode=mode)
    async with running(options) as box, _connected(box, folder) as service:
        yield Bench(kind=kind, service=service, folder=folder)


@asynccontextmanager
async def _connected(box: RunningSandbox, folder: Path) -> AsyncIterator[CatalogService]:
    flags = {asset_id(number): flag.value for number, flag in FLAGS.items()}
    assets = [
        {
            "id": one.id,
            "subtype": one.subtype,
            "fileName": one.file_name,
            "captureDate": one.capture_date,
            "complete": one.is_complete,
            "created": "2026-05-04T08:00:00Z",
            **({"sha256": one.sha256} if one.sha256 else {}),
            **({"flag": flags[one.id]} if one.id in flags else {}),
        }
        for one in photos()
    ]
    albums = [
        {"id": one.id, "subtype": subtype, "payload": json.loads(one.raw)}
        | ({"serviceId": one.service_id} if one.service_id else {})
        for one, subtype in zip(ALBUMS, ("project", "collection"), strict=True)
    ]
    async with aiohttp.ClientSession() as http:
        document = {"assets": assets, "albums": albums, "api_keys": [OTHER_KEY]}
        async with http.post(f"{box.endpoint}/sandbox/seed", json=document) as seeded:
            assert seeded.status == 200, await seeded.text()
    connected = connect(
        endpoint=box.endpoint,
        credentials=GivenCredentials(api_key=KEY, token=box.access_token),
        originals=LocalOriginals(folder),
        clock=QuickClock(),
        events=Heard(),
        concurrency=8,
        rate=0,
    )
    async with connected as service:
        yield service


def _world() -> Snapshot:
    return Snapshot(
        account=Account(id=AccountId("96e656e3812b4c2fb670fa74b6a7ad74"), name="Sandbox Customer", status="subscriber"),
        catalog=Catalog(id=CatalogId("bf7337d9355c41b7875c9392f918362a"), name="Sandbox Catalog"),
        service_id=KEY,
        albums={album.id: album for album in ALBUMS},
        assets={asset.id: asset for asset in photos()},
    )

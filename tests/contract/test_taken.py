"""A snapshot answers as the service did from which it was taken, whatever service that is."""

from lrplan.formats.snapshot import decode_snapshot, encode_snapshot
from lrplan.manifest.entries import SourceText
from lrplan.manifest.parse import parse_manifests
from lrplan.model.album import AlbumKind
from lrplan.model.asset import Asset
from lrplan.model.ids import Sha256
from lrplan.model.taken import Taken
from lrplan.workflow.against import TakenCatalog
from lrplan.workflow.surroundings import Surroundings
from lrplan.workflow.taking import take
from tests.contract.bench import INCOMPLETE, KEY, TRASHED, TWINS, UNDATED, Bench, asset_id
from tests.contract.conftest import Play
from tests.contract.test_service import ONE, TOP, accepted, add, listing, make
from tests.ports import FakeClock, GivenFiles, KeptEvents, MemoryInMemory

MANIFEST, _ = parse_manifests(SourceText("lrplan.yaml", b"lrplan: 1\nproject: studio\n"), [])
WINDOWS = (
    (None, None),
    ("2026-05-02", None),
    (None, "2026-05-02"),
    ("2026-05-02T03:00:00", "2026-05-02T05:00:00"),
    ("2026-06-01", None),
)


async def _taken(bench: Bench) -> Taken:
    """A snapshot of the bench, with an album in a set, as it comes back from its file."""
    assert MANIFEST is not None
    await accepted(bench, make(TOP, kind=AlbumKind.SET), make(ONE, parent=TOP, raw='{"name": "X", "theirs": 1}'))
    await accepted(bench, add(ONE, 3, 1, UNDATED, 2))
    await listing(bench, ONE, size=4)
    around = Surroundings(
        service=bench.service,
        service_id=KEY,
        memory=MemoryInMemory(),
        files=GivenFiles(),
        clock=FakeClock(),
        events=KeptEvents(),
    )
    taken = await take(MANIFEST, around)
    return decode_snapshot(encode_snapshot(taken, version="1"), file="s.json")


def _by_id(found: tuple[Asset, ...]) -> dict[str, Asset]:
    return {asset.id: asset for asset in found}


def test_a_snapshot_answers_as_the_service_does(play: Play) -> None:
    async def story(bench: Bench) -> None:
        kept, live = TakenCatalog(await _taken(bench)), bench.service
        assert await kept.account() == await live.account()
        assert await kept.catalog() == await live.catalog()
        assert await kept.albums() == await live.albums()
        assert await kept.album(ONE) == await live.album(ONE)
        one, other = await kept.members(ONE), await live.members(ONE)
        assert one is not None
        assert other is not None
        assert (one.membership, one.assets) == (other.membership, other.assets)
        for after, before in WINDOWS:
            found = await live.walk(captured_after=after, captured_before=before)
            assert _by_id(await kept.walk(captured_after=after, captured_before=before)) == _by_id(found)
        ids = [asset_id(n) for n in (TRASHED, 500, 7, UNDATED, INCOMPLETE, *TWINS)]
        assert _by_id(await kept.assets_by_id(ids)) == _by_id(await live.assets_by_id(ids))
        for number in (7, 1000, 5000):
            sha256 = Sha256(f"{number:064x}")
            assert _by_id(await kept.assets_by_sha256(sha256)) == _by_id(await live.assets_by_sha256(sha256))
        assert await kept.incomplete() == await live.incomplete()
        assert kept.calls == 0

    play(story)


def test_the_trash_is_listed_and_nothing_else(play: Play) -> None:
    async def story(bench: Bench) -> None:
        assert _by_id(await bench.service.trash()).keys() == {asset_id(TRASHED), asset_id(TWINS[1])}

    play(story)


def test_taking_says_what_it_took(play: Play) -> None:
    async def story(bench: Bench) -> None:
        before = bench.service.calls
        taken = await _taken(bench)
        assert 0 < taken.snapshot.calls < bench.service.calls - before
        assert taken.snapshot.read_at > "2026-05-04T10:00:00"
        assert (taken.project, taken.state) == ("studio", None)

    play(story)

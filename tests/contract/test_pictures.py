"""What every service behind the port says about single assets: develop settings, renditions, changes, and silence."""

import pytest
from attrs import define, field

from lrplan.diagnostics import Failure
from lrplan.lightroom import reader
from lrplan.model.ids import AssetId
from lrplan.model.inventory import Original
from lrplan.model.rendition import Rendition
from lrplan.plan.limits import calls_by_date
from lrplan.plan.write import (
    Absent,
    Accepted,
    Answer,
    CopyDevelop,
    PostRenditions,
    PutAsset,
    PutDevelop,
    PutOriginal,
    Refused,
    Write,
)
from lrplan.sandbox.pictures import make_pictures
from lrplan.sources.files import LocalFiles
from lrplan.workflow.known_catalog import CHANGED_CALLS
from tests import memory_catalog
from tests.contract.bench import INCOMPLETE, STAMP, TRASHED, UNDATED, Bench, asset_id
from tests.contract.conftest import Play
from tests.contract.test_service import ONE, add, listing, make

XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><one/></x:xmpmeta>"
OTHER_XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><other/></x:xmpmeta>"
SENT, GONE = asset_id(700), asset_id(799)
SMALL = (Rendition.THUMBNAIL, Rendition.SMALL, Rendition.MEDIUM, Rendition.LARGE)
BIG = (Rendition.LARGEST, Rendition.FULL_SIZE)


@define
class Kept:
    """A sink that keeps what came in its last attempt."""

    chunks: list[bytes] = field(factory=list)

    def begin(self) -> None:
        self.chunks.clear()

    def write(self, chunk: bytes) -> None:
        self.chunks.append(chunk)


async def send(bench: Bench, write: Write) -> Answer:
    return await bench.service.send(write, stamp=STAMP)


async def upload_a_picture(bench: Bench) -> None:
    make_pictures(bench.folder / "own", 1)
    path = "own/DSC_0001.jpg"
    original = LocalFiles(bench.folder).inventory((), (path,), part_size_bytes=10**7).originals[path]
    assert isinstance(original, Original)
    for write in (PutAsset(asset_id=SENT, original=original), _whole(original)):
        assert isinstance(await send(bench, write), Accepted)
    await bench.until(bench.service.incomplete, lambda waiting: SENT not in waiting)


def _whole(original: Original) -> PutOriginal:
    return PutOriginal(asset_id=SENT, original=original, part=0, parts=1)


async def downloaded(bench: Bench, asset: AssetId, kind: Rendition) -> bytes | None:
    kept = Kept()
    return b"".join(kept.chunks) if await bench.service.rendition(asset, kind, kept) else None


def test_an_asset_says_what_can_be_read_of_it(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await upload_a_picture(bench)
        assert await bench.service.asset(GONE) is None
        waiting = await bench.service.asset(asset_id(INCOMPLETE))
        assert waiting is not None
        assert (waiting.renditions, waiting.has_develop) == ({}, False)
        sent = await bench.service.asset(SENT)
        assert sent is not None
        assert (sent.asset.id, sent.asset.file_name) == (SENT, "DSC_0001.jpg")
        assert {kind for kind, is_fresh in sent.renditions.items() if is_fresh} == set(SMALL)
        assert not sent.has_develop

    play(story)


def test_develop_settings_are_sent_replaced_copied_and_read(play: Play) -> None:
    async def story(bench: Bench) -> None:
        target = asset_id(1)
        assert await bench.service.develop(target) is None
        for xmp in (OTHER_XMP, XMP, XMP):  # the last as if the answer had been lost
            assert isinstance(await send(bench, PutDevelop(asset_id=target, xmp=xmp)), Accepted)
            assert await bench.service.develop(target) == xmp
        for _ in range(2):
            assert isinstance(await send(bench, CopyDevelop(asset_id=asset_id(2), source=target)), Accepted)
        assert await bench.service.develop(asset_id(2)) == XMP
        detail = await bench.service.asset(asset_id(2))
        assert detail is not None
        assert detail.has_develop

    play(story)


def test_develop_settings_that_go_nowhere_or_come_from_nowhere_are_absent(play: Play) -> None:
    async def story(bench: Bench) -> None:
        assert isinstance(await send(bench, PutDevelop(asset_id=GONE, xmp=XMP)), Absent)
        for target, source in ((GONE, asset_id(1)), (asset_id(1), GONE), (asset_id(1), asset_id(2))):
            assert isinstance(await send(bench, CopyDevelop(asset_id=target, source=source)), Absent)
        assert await bench.service.develop(GONE) is None

    play(story)


def test_small_renditions_are_there_once_the_original_is(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await upload_a_picture(bench)
        for kind in SMALL:
            picture = await downloaded(bench, SENT, kind)
            assert picture is not None
            assert picture.startswith(b"\xff\xd8\xff")
            assert await bench.service.await_rendition(SENT, kind)
        for asset, kind in ((SENT, Rendition.LARGEST), (asset_id(INCOMPLETE), Rendition.SMALL), (GONE, *SMALL[:1])):
            assert await downloaded(bench, asset, kind) is None

    play(story)


def test_big_renditions_are_asked_for_waited_for_and_stale_after_an_edit(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await upload_a_picture(bench)
        for _ in range(2):
            assert isinstance(await send(bench, PostRenditions(asset_id=SENT, kinds=BIG)), Accepted)
        for kind in BIG:
            assert await bench.until(lambda kind=kind: bench.service.await_rendition(SENT, kind), bool)
            assert await downloaded(bench, SENT, kind)
        fresh = await bench.service.asset(SENT)
        assert fresh is not None
        assert all(fresh.renditions[kind] for kind in BIG)
        assert isinstance(await send(bench, PutDevelop(asset_id=SENT, xmp=XMP)), Accepted)
        edited = await bench.service.asset(SENT)
        assert edited is not None
        assert not any(edited.renditions.get(kind) for kind in BIG)
        assert await downloaded(bench, SENT, Rendition.LARGEST) is None
        assert not await bench.service.await_rendition(SENT, Rendition.LARGEST)

    play(story)


def test_renditions_that_there_cannot_be_are_refused(play: Play) -> None:
    async def story(bench: Bench) -> None:
        small = await send(bench, PostRenditions(asset_id=asset_id(1), kinds=(Rendition.SMALL,)))
        assert isinstance(small, Refused)
        assert small.status == 400
        for asset in (GONE, asset_id(INCOMPLETE)):
            assert isinstance(await send(bench, PostRenditions(asset_id=asset, kinds=BIG)), Absent)

    play(story)


def test_members_can_be_listed_by_their_dates(play: Play) -> None:
    async def story(bench: Bench) -> None:
        assert isinstance(await send(bench, make()), Accepted)
        assert isinstance(await send(bench, add(ONE, 30, 3, UNDATED, 17)), Accepted)
        await listing(bench, ONE, size=4)
        found = await bench.service.members_by_date(ONE)
        assert found is not None
        assert found.membership.asset_ids == tuple(asset_id(n) for n in (UNDATED, 3, 17, 30))
        assert [asset.file_name for asset in found.assets] == ["U.jpg", "P03.jpg", "P17.jpg", "P30.jpg"]
        assert await bench.service.members_by_date(make(asset_id(1)).album_id) is None

    play(story)


@pytest.mark.parametrize("numbers", [(), (1, 2), (1, 2, 3), (1, 2, 3, 4, UNDATED), (UNDATED,)])
def test_a_listing_by_date_takes_the_calls_that_were_said(
    numbers: tuple[int, ...], play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages of two stand for pages of 500."""
    monkeypatch.setattr(reader, "MEMBERS_PER_PAGE_MAX", 2)
    monkeypatch.setattr(memory_catalog, "MEMBERS_PER_PAGE_MAX", 2)

    async def story(bench: Bench) -> None:
        assert isinstance(await send(bench, make()), Accepted)
        if numbers:
            assert isinstance(await send(bench, add(ONE, *numbers)), Accepted)
        listed = await listing(bench, ONE, size=len(numbers))
        assets = await bench.service.assets_by_id(listed.asset_ids)
        before = bench.service.calls
        assert await bench.service.members_by_date(ONE) is not None
        if bench.kind != "untidy":  # it leads on upwards
            dates = [asset.capture_date for asset in assets]
            assert bench.service.calls - before == calls_by_date(dates, 2)

    play(story)


def test_what_changed_since_is_found_with_the_undated_and_the_trashed(play: Play) -> None:
    async def story(bench: Bench) -> None:
        all_of_them = {asset.id for asset in await bench.service.changed_since("2000-01-01T00:00:00Z")}
        assert {asset_id(n) for n in (*range(80), UNDATED, TRASHED, INCOMPLETE)} <= all_of_them
        await upload_a_picture(bench)
        found = await bench.until(
            lambda: bench.service.changed_since("2026-05-04T10:00:00Z"),
            lambda found: SENT in {asset.id for asset in found},
        )
        assert len({asset.id for asset in found}) == len(found)
        if bench.kind != "memory":
            assert await bench.service.changed_since("2100-01-01T00:00:00Z") == ()

    play(story)


def test_what_changed_since_can_be_asked_for_as_a_walk_shows_it(play: Play) -> None:
    async def story(bench: Bench) -> None:
        before = bench.service.calls
        walked = await bench.service.walk(captured_after=None, captured_before=None)
        changed = await bench.service.changed_since("2000-01-01T00:00:00Z", with_trash=False)
        assert {asset.id for asset in changed} == {asset.id for asset in walked}
        assert bench.service.calls - before <= 2 * 2
        if bench.kind != "memory":
            before = bench.service.calls
            assert await bench.service.changed_since("2100-01-01T00:00:00Z", with_trash=False) == ()
            assert bench.service.calls - before == CHANGED_CALLS

    play(story)


def test_after_a_halt_nothing_is_sent_until_it_is_taken_back(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await bench.service.catalog()
        calls = bench.service.calls
        bench.service.halt()
        for question in (send(bench, make()), bench.service.albums(), bench.service.account()):
            with pytest.raises(Failure) as failed:
                await question
            assert failed.value.diagnostics[0].code == "LRP704"
        assert bench.service.calls == calls
        bench.service.resume()
        assert isinstance(await send(bench, make()), Accepted)

    play(story)

"""What every service behind the port says when the members of an album are asked for by their review flags."""

import pytest

from lrplan.lightroom import reader
from lrplan.model.album import Flag
from lrplan.model.asset import Asset
from lrplan.plan.limits import calls_by_date
from lrplan.plan.write import Accepted
from tests import memory_catalog
from tests.contract.bench import FLAGS, UNDATED, Bench, asset_id
from tests.contract.conftest import Play
from tests.contract.test_service import GONE, ONE, add, listing, make

INSIDE = (4, 3, 2, 1, UNDATED)  # two picks, one reject, two that nobody flagged


async def filled(bench: Bench) -> None:
    assert isinstance(await bench.service.send(make(), stamp="2026-05-04T10:00:00.000000Z"), Accepted)
    assert isinstance(await bench.service.send(add(ONE, *INSIDE), stamp="2026-05-04T10:00:00.000000Z"), Accepted)
    await listing(bench, ONE, size=len(INSIDE))


@pytest.mark.parametrize(
    ("flag", "numbers"),
    [(Flag.PICK, (1, 4)), (Flag.REJECT, (2,)), (Flag.UNFLAGGED, (UNDATED, 3)), (None, (UNDATED, 1, 2, 3, 4))],
)
def test_only_the_photos_that_were_flagged_so_are_listed(
    flag: Flag | None, numbers: tuple[int, ...], play: Play
) -> None:
    async def story(bench: Bench) -> None:
        await filled(bench)
        found = await bench.service.members_by_date(ONE, flag=flag)
        assert found is not None
        assert found.membership.asset_ids == tuple(asset_id(n) for n in numbers)
        assert tuple(asset.id for asset in found.assets) == found.membership.asset_ids

    play(story)


@pytest.mark.parametrize("flag", list(Flag))
def test_a_listing_by_flag_takes_the_calls_of_what_it_shows_and_loses_nothing_between_pages(
    flag: Flag, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages of one stand for pages of 500."""
    monkeypatch.setattr(reader, "MEMBERS_PER_PAGE_MAX", 1)
    monkeypatch.setattr(memory_catalog, "MEMBERS_PER_PAGE_MAX", 1)

    async def story(bench: Bench) -> None:
        await filled(bench)
        expected = {asset_id(n) for n in INSIDE if FLAGS.get(n, Flag.UNFLAGGED) is flag}
        before = bench.service.calls
        found = await bench.service.members_by_date(ONE, flag=flag)
        assert found is not None
        assert set(found.membership.asset_ids) == expected
        if bench.kind != "untidy":  # it leads on upwards
            assert bench.service.calls - before == calls_by_date(map(_date, found.assets), 1)

    play(story)


def test_an_album_that_is_gone_has_no_listing_by_flag_either(play: Play) -> None:
    async def story(bench: Bench) -> None:
        assert await bench.service.members_by_date(GONE, flag=Flag.PICK) is None

    play(story)


def _date(asset: Asset) -> str:
    return asset.capture_date

"""An original is sent once, whatever was there before, and nothing that lies in the trash is sent again."""

import pytest
from attrs import evolve

from lrplan.apply.endings import Ending, Result
from lrplan.apply.uploading import RESTORE, Uploader
from lrplan.events import BytesSent
from lrplan.journal.entries import Settled
from lrplan.model.asset import Asset
from lrplan.model.ids import asset_id
from lrplan.model.snapshot import Snapshot
from lrplan.plan.action import UploadOriginal
from lrplan.plan.limits import GENERATIONS_TRIED_MAX
from lrplan.plan.write import Accepted, Answer, Exists, OriginalExists, PutAsset, PutOriginal, Refused, Write
from tests.ports import KeptEvents
from tests.unit.apply.stage import ACCOUNT, ALBUM, KEY, Stage, Watched, photo, run, world
from tests.unit.plan.test_edges import ORIGINAL

LARGE = evolve(ORIGINAL, size_bytes=70_000, part_size_bytes=33_000)
MINE = asset_id(ACCOUNT, KEY, LARGE.sha256, 0)
NEXT = asset_id(ACCOUNT, KEY, LARGE.sha256, 1)
ASSET = Asset(
    id=MINE, file_name=LARGE.file_name, capture_date=LARGE.capture_date, sha256=LARGE.sha256, size_bytes=70_000
)


def holding(*assets: Asset) -> Snapshot:
    empty = world(size=1)
    return evolve(empty, assets={one.id: one for one in assets})


class Answering(Watched):
    """Gives *answers* to the first writes, and does nothing for them."""

    def __init__(self, world: Snapshot, *answers: Answer) -> None:
        super().__init__(world)
        self.answers = list(answers)

    async def send(self, write: Write, *, stamp: str) -> Answer:
        if self.answers:
            self.writes.append(write)
            return self._answered(type(write).__name__, self.answers.pop(0))
        return await super().send(write, stamp=stamp)


def upload(catalog: Watched, **actual: str) -> tuple[Ending, Stage, list[int]]:
    """How it ended, where, and the bytes that arrived, part by part."""
    stage, events = Stage(catalog, actual=actual), KeptEvents()
    uploader = Uploader(
        catalog, stage.writer(), stage.actual, stage.clock, events=events, account_id=ACCOUNT, service_id=KEY
    )
    ending = run(uploader.upload("up", UploadOriginal(address=ALBUM, asset_id=MINE, original=LARGE)))
    return ending, stage, [event.count for event in events.events if isinstance(event, BytesSent)]


def test_an_original_is_made_and_sent_in_parts() -> None:
    ending, stage, sent = upload(Watched(holding()))
    assert ending.result is Result.DONE
    assert stage.catalog.asked == ["PutAsset", "PutOriginal", "PutOriginal", "PutOriginal"]
    assert [write.part for write in stage.catalog.writes if isinstance(write, PutOriginal)] == [0, 1, 2]
    assert sent == [33_000, 33_000, 4_000]
    assert stage.catalog.world.assets[MINE].is_complete


def test_an_asset_that_was_begun_is_finished() -> None:
    ending, stage, _ = upload(Watched(holding(evolve(ASSET, is_complete=False))))
    assert ending.result is Result.DONE
    assert stage.catalog.asked == ["PutAsset", "assets_by_id", *["PutOriginal"] * 3]


def test_an_original_that_has_arrived_is_told_by_the_service_refusing_it() -> None:
    ending, stage, sent = upload(Watched(holding(ASSET)))
    assert (ending.result, sent) == (Result.ALREADY, [])
    assert stage.names == ["PutAsset", "PutOriginal", "PutOriginal"]  # side by side; the third is not begun any more


@pytest.mark.parametrize("is_complete", [True, False])
def test_an_asset_in_the_trash_is_for_the_customer_to_restore(is_complete: bool) -> None:
    trashed = evolve(ASSET, subtype="deleted_image", is_complete=is_complete)
    ending, stage, _ = upload(Watched(holding(trashed)))
    assert ending.result is Result.FAILED
    assert RESTORE in ending.why
    assert stage.names == ["PutAsset"]


def test_an_id_that_can_be_neither_made_nor_read_gives_way_to_the_next_attempt() -> None:
    ending, stage, _ = upload(Answering(holding(), Exists()))
    assert ending.result is Result.DONE
    assert [write.asset_id for write in stage.catalog.writes if isinstance(write, PutAsset)] == [MINE, NEXT]
    assert {write.asset_id for write in stage.catalog.writes if isinstance(write, PutOriginal)} == {NEXT}
    assert stage.actual == {MINE: NEXT}
    assert Settled(step_id="up", planned=MINE, actual=NEXT) in stage.journal.entries


def test_only_so_many_attempts_are_made() -> None:
    ending, stage, _ = upload(Answering(holding(), *[Exists()] * 20))
    assert ending.result is Result.FAILED
    assert "no usable id" in ending.why
    assert stage.names == ["PutAsset"] * GENERATIONS_TRIED_MAX


def test_an_attempt_of_an_earlier_run_is_gone_on_with() -> None:
    _, stage, _ = upload(Watched(holding()), **{MINE: NEXT})
    assert stage.catalog.world.assets.keys() == {NEXT}


@pytest.mark.parametrize("named", [True, False])
def test_an_original_that_the_catalog_has_under_another_id_is_used(named: bool) -> None:
    twin = evolve(ASSET, id=photo(7))
    answer = OriginalExists(asset_id=twin.id if named else None)
    ending, stage, sent = upload(Answering(holding(twin), answer))
    assert (ending.result, sent) == (Result.ALREADY, [])
    assert stage.actual == {MINE: photo(7)}
    assert stage.catalog.asked == ["PutAsset", "assets_by_id" if named else "assets_by_sha256", "incomplete"]


def test_a_holder_that_waits_for_its_original_is_sent_it() -> None:
    twin = evolve(ASSET, id=photo(7), is_complete=False)
    ending, stage, _ = upload(Answering(holding(twin), OriginalExists(asset_id=twin.id)))
    assert ending.result is Result.DONE
    assert stage.catalog.world.assets[photo(7)].is_complete


def test_of_several_twins_the_one_that_is_whole_and_not_in_the_trash_is_used() -> None:
    twins = (
        evolve(ASSET, id=photo(5), subtype="deleted_image"),
        evolve(ASSET, id=photo(6), is_complete=False),
        evolve(ASSET, id=photo(8)),
        evolve(ASSET, id=photo(7)),
    )
    _, stage, _ = upload(Answering(holding(*twins), OriginalExists()))
    assert stage.actual == {MINE: photo(7)}


def test_a_holder_that_is_not_shown_is_looked_for_by_its_hash() -> None:
    _, stage, _ = upload(Answering(holding(evolve(ASSET, id=photo(7))), OriginalExists(asset_id=photo(9))))
    assert stage.catalog.asked == ["PutAsset", "assets_by_id", "assets_by_sha256", "incomplete"]
    assert stage.actual == {MINE: photo(7)}


def test_a_holder_that_nobody_shows_fails_the_step() -> None:
    ending, stage, _ = upload(Answering(holding(), OriginalExists()))
    assert ending.result is Result.FAILED
    assert "does not show it" in ending.why
    assert stage.actual == {}


def test_the_planned_id_stands_for_itself() -> None:
    ending, stage, _ = upload(Answering(holding(ASSET), OriginalExists(asset_id=MINE)))
    assert (ending.result, stage.actual) == (Result.ALREADY, {})


def test_bytes_that_have_arrived_before_are_well() -> None:
    ending, _, sent = upload(Answering(holding(), Accepted(), Exists()))
    assert (ending.result, sent) == (Result.ALREADY, [])


@pytest.mark.parametrize("answers", [(), (Accepted(),), (Accepted(), Accepted())])
def test_a_full_storage_ends_the_run_at_whatever_call_it_is_met(answers: tuple[Answer, ...]) -> None:
    full = Refused(status=413, why="full", ends_run=True)
    ending, stage, _ = upload(Answering(holding(), *answers, full))
    assert ending.result is Result.FAILED
    assert ending.ends_run
    assert len(stage.names) == len(answers) + 1


def test_a_refusal_of_one_original_does_not_end_the_run() -> None:
    ending, _, _ = upload(Answering(holding(), Refused(status=400, why="no")))
    assert (ending.result, ending.ends_run) == (Result.FAILED, False)

"""A full storage ends a run, and nothing else: the next one does the rest, and the one after that tries again."""

import pytest

from lrplan.diagnostics import ExitCode
from lrplan.model.address import album_address
from lrplan.plan.action import UploadOriginal
from lrplan.plan.plan import Plan
from lrplan.plan.write import Answer, PutAsset, PutOriginal, Refused, Write
from lrplan.workflow.report import Bucket
from tests.laws.stage import Stage, generations_of
from tests.memory_catalog import MemoryCatalog
from tests.strategies import Before, Ref, Wish, WishedAlbum

WISH = Wish(
    albums={
        "k0": WishedAlbum(members=(Ref(photo=8, kind="upload"), Ref(photo=1, kind="id"))),
        **{
            f"k{number}": WishedAlbum(members=(Ref(photo=1, kind="id"), Ref(photo=2, kind="id")))
            for number in (1, 2, 3)
        },
    }
)


class FullCatalog(MemoryCatalog):
    """A service that has no room for originals as long as `is_full`, and never tells its numbers."""

    is_full = True
    refused: type[Write] = PutAsset

    async def send(self, write: Write, *, stamp: str) -> Answer:
        if self.is_full and isinstance(write, self.refused):
            return self._answered("Full", Refused(status=413, why="no space left", ends_run=True))
        return await super().send(write, stamp=stamp)


@pytest.fixture(params=[PutAsset, PutOriginal], ids=["at the asset", "at the bytes"])
def stage(request: pytest.FixtureRequest) -> Stage:
    found = Stage(Before(dates=(0,) * 8, strangers=()).snapshot(), FullCatalog)
    assert isinstance(found.catalog, FullCatalog)
    found.catalog.refused = request.param
    return found


def run(stage: Stage) -> tuple[Plan, ExitCode]:
    result = stage.run(WISH)
    assert result is not None
    assert result[1] is not None
    return result[0], result[1].exit_code


def uploads(plan: Plan) -> int:
    return sum(isinstance(step.action, UploadOriginal) for step in plan.steps)


def test_the_next_run_does_the_rest_and_the_one_after_it_tries_again(stage: Stage) -> None:
    plan, code = run(stage)
    assert (uploads(plan), code) == (1, ExitCode.INCOMPLETE)
    result = stage.run(WISH)
    assert result is not None
    plan, report = result
    assert report is not None
    assert (uploads(plan), report.exit_code) == (0, ExitCode.DONE)
    assert [photo.code for photo in plan.blocked] == ["storage-full"]
    found = {item.name: item for item in report.items}
    assert (found["albums.k0"].bucket, found["originals/U0.jpg"].bucket) == (Bucket.DONE, Bucket.BLOCKED)
    assert "U0.jpg finds no room" in found["albums.k0"].why
    sizes = {
        key: len(stage.world.members[generations_of(album_address(key), stage.world)[0]].asset_ids)
        for key in WISH.albums
    }
    assert sizes == {"k0": 1, "k1": 2, "k2": 2, "k3": 2}
    plan, code = run(stage)
    assert (uploads(plan), plan.blocked, code) == (1, (), ExitCode.INCOMPLETE)
    plan, code = run(stage)
    assert (plan.steps, code) == ((), ExitCode.DONE)


def test_once_there_is_room_the_original_is_sent(stage: Stage) -> None:
    assert isinstance(stage.catalog, FullCatalog)
    run(stage)
    run(stage)
    stage.catalog.is_full = False
    plan, code = run(stage)
    assert (uploads(plan), code) == (1, ExitCode.DONE)
    plan, _ = run(stage)
    assert (plan.steps, plan.blocked) == ((), ())

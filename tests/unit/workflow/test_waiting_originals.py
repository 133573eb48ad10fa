"""Whether an original has arrived: asked of the service where it matters, and nowhere else."""

from collections.abc import Collection

import pytest
from attrs import evolve

from lrplan.diagnostics import ExitCode
from lrplan.diff.change import Verb
from lrplan.model.ids import AssetId
from lrplan.plan.action import UploadOriginal
from lrplan.plan.costs import INCOMPLETE_CALLS
from lrplan.plan.plan import Plan
from lrplan.plan.write import Accepted, Answer, PutAlbum, PutOriginal, Refused, Write
from lrplan.workflow.report import Verified
from tests.memory_catalog import MemoryCatalog
from tests.ports import GivenFiles
from tests.scenarios.live import originals_of
from tests.studio import Studio, world_of

WITHOUT = "albums:\n  a: {name: A, members: [P01.jpg]}\n"
ONE = "albums:\n  a: {name: A, members: [P01.jpg, ../o/one.jpg]}\n"
TWO = "albums:\n  a: {name: A, members: [P01.jpg, ../o/one.jpg, ../o/two.jpg]}\n"


class Forgetful(MemoryCatalog):
    """Counts how often it was asked what waits; may hide it, refuse the first originals, or take and lose them."""

    refuses = loses = asked = hides = cuts = 0
    no_albums = False

    async def incomplete(self, among: Collection[AssetId] | None = None) -> frozenset[AssetId]:
        self.asked += 1
        waiting = await super().incomplete(among)
        return frozenset() if self.hides else waiting

    async def send(self, write: Write, *, stamp: str) -> Answer:
        if isinstance(write, PutOriginal) and self.refuses:
            self.refuses -= 1
            return self._answered("PutOriginal", Refused(status=400, why="no"))
        if isinstance(write, PutOriginal) and self.loses:
            self.loses -= 1
            return self._answered("PutOriginal", Accepted())
        if isinstance(write, PutAlbum) and self.no_albums:
            return self._answered("PutAlbum", Refused(status=403, why="no"))
        if isinstance(write, PutOriginal) and self.cuts:
            self.cuts -= 1
            await super().send(write, stamp=stamp)
            raise KeyboardInterrupt("the process is gone")
        return await super().send(write, stamp=stamp)


def studio_of(**faults: int) -> tuple[Studio, Forgetful]:
    catalog = Forgetful(world_of())
    for name, times in faults.items():
        setattr(catalog, name, times)
    studio = Studio(catalog)
    files = originals_of({f"o/{name}.jpg": {"content": name} for name in ("one", "two")})
    studio.files = GivenFiles(files)  # type: ignore[arg-type]
    return studio, catalog


def one_sha256(studio: Studio) -> str:
    (original,) = [found for path, found in studio.files.originals.items() if path == "o/one.jpg"]
    return str(original.sha256)


def uploads(plan: Plan) -> list[str]:
    return [step.action.original.file_name for step in plan.steps if isinstance(step.action, UploadOriginal)]


def test_nobody_asks_where_no_original_that_is_to_be_sent_is_in_the_catalog() -> None:
    studio, catalog = studio_of()
    assert uploads(studio.plan(WITHOUT)) == []
    assert uploads(studio.plan(TWO)) == ["one.jpg", "two.jpg"]
    assert catalog.asked == 0


def test_a_plan_asks_once_however_many_originals_it_meets() -> None:
    studio, catalog = studio_of()
    assert studio.run(TWO).verified is Verified.MANIFESTS
    for _ in range(2):  # met among the members, then without any album
        catalog.asked, before = 0, catalog.calls
        plan = studio.plan(TWO)
        assert (uploads(plan), catalog.asked) == ([], 1)
        assert plan.summary.read_calls == catalog.calls - before
        catalog.edit(albums={}, members={})


def test_an_apply_asks_once_where_it_sends_originals_and_says_so_beforehand() -> None:
    studio, catalog = studio_of()
    plain, plan = studio.plan(WITHOUT), studio.plan(ONE)
    assert plan.summary.apply_calls == plain.summary.apply_calls + INCOMPLETE_CALLS + 2  # asset and original
    report = studio.apply(plan, ONE)
    assert (report.verified, report.calls, catalog.asked) == (Verified.MANIFESTS, plan.summary.apply_calls, 1)


def test_an_original_that_was_refused_is_planned_and_sent_again() -> None:
    studio, catalog = studio_of(refuses=1)
    assert studio.run(ONE).exit_code is ExitCode.INCOMPLETE
    plan = studio.plan(ONE)
    assert uploads(plan) == ["one.jpg"]
    report = studio.apply(plan, ONE)
    assert (report.verified, report.calls) == (Verified.MANIFESTS, plan.summary.apply_calls)
    assert studio.plan(ONE).is_empty
    assert all(asset.is_complete for asset in catalog.world.assets.values())


def test_an_original_whose_asset_is_shown_and_not_yet_that_it_waits_is_sent_all_the_same() -> None:
    studio, catalog = studio_of(refuses=1)
    assert studio.run(ONE).exit_code is ExitCode.INCOMPLETE
    catalog.hides = 1
    plan = studio.plan(ONE)
    assert uploads(plan) == ["one.jpg"], "the run before says that it was begun"
    assert studio.apply(plan, ONE).verified is Verified.MANIFESTS
    assert all(asset.is_complete for asset in catalog.world.assets.values())
    assert studio.plan(ONE).is_empty


def test_what_was_begun_is_known_also_where_nothing_else_is_remembered() -> None:
    studio, catalog = studio_of(refuses=1)
    catalog.no_albums = True
    assert studio.run(ONE).exit_code is ExitCode.INCOMPLETE
    catalog.no_albums, catalog.hides = False, 1
    assert uploads(studio.plan(ONE)) == ["one.jpg"]


def test_where_the_file_is_gone_the_listing_is_believed() -> None:
    studio, _ = studio_of(cuts=1)
    wanted = f"albums:\n  a: {{name: A, members: [{{upload: ../o/one.jpg, sha256: {one_sha256(studio)}}}]}}\n"
    with pytest.raises(BaseException, match="gone"):
        studio.run(wanted)
    studio.files = GivenFiles({})
    assert uploads(studio.plan(wanted)) == []
    assert studio.run(wanted).verified is Verified.MANIFESTS


def test_an_original_that_was_taken_and_never_arrives_is_named_and_sent_again() -> None:
    studio, _ = studio_of(loses=1)
    report = studio.run(ONE)
    assert report.exit_code is ExitCode.READ_BACK
    assert report.remains == ("albums.a: the original of one.jpg has not arrived whole yet",)
    plan = studio.plan(ONE)
    assert uploads(plan) == ["one.jpg"]
    assert studio.apply(plan, ONE).verified is Verified.MANIFESTS


def test_an_original_of_another_device_that_waits_is_sent_under_an_id_of_our_own() -> None:
    studio, catalog = studio_of()
    (original,) = [found for path, found in studio.files.originals.items() if path == "o/one.jpg"]
    first, *others = catalog.world.assets.values()
    theirs = evolve(first, sha256=original.sha256, is_complete=False, imported_on="phone")
    catalog.edit(assets={one.id: one for one in (theirs, *others)})
    plan = studio.plan("albums:\n  a: {name: A, members: [../o/one.jpg]}\n")
    assert uploads(plan) == ["one.jpg"]
    assert [step.action.asset_id for step in plan.steps if isinstance(step.action, UploadOriginal)] != [theirs.id]


@pytest.mark.parametrize(
    ("albums", "verb"),
    [(ONE, Verb.UNCHANGED), ("albums:\n  a: {name: A, replace: never, members: [../o/one.jpg]}\n", Verb.BLOCKED)],
)
def test_calls_are_counted_where_a_member_lacks_its_original_and_nothing_else_is_done(albums: str, verb: Verb) -> None:
    studio, catalog = studio_of(refuses=1)
    studio.run(WITHOUT)
    studio.run(ONE)
    (waiting,) = [asset.id for asset in catalog.world.assets.values() if asset.file_name == "one.jpg"]
    studio.edit_members(
        "A", lambda held: evolve(held, asset_ids=(*held.asset_ids, waiting), orders=(*held.orders, "zz"))
    )
    plan = studio.plan(albums)
    assert ([change.verb for change in plan.changes], uploads(plan)) == ([verb], ["one.jpg"])
    before = catalog.calls
    studio.apply(plan, albums)
    assert catalog.calls - before == plan.summary.apply_calls

"""Develop settings from the first plan to the last: sent once, finished after a cut, and left alone after that."""

import pytest
from attrs import evolve

from lrplan.diagnostics import ExitCode
from lrplan.formats.plan import decode_plan, encode_plan, plan_digest
from lrplan.model.develop import Developed
from lrplan.model.ids import AssetId
from lrplan.plan.plan import Plan
from lrplan.plan.write import Accepted, Answer, CopyDevelop, Exists, PutDevelop, PutMembers, Write
from lrplan.workflow.plan import effective_state
from lrplan.workflow.report import Bucket, Verified
from tests.memory_catalog import MemoryCatalog
from tests.ports import GivenFiles
from tests.scenarios.live import originals_of, settings_bytes
from tests.studio import Studio, buckets, photo, world_of

RAW = "albums:\n  a: {name: A, members: [../o/one.CR3]}\n"
NAMED = "albums:\n  a: {name: A, members: [{fileName: P01.jpg, xmp: ../o/one.xmp}]}\n"
COPIED = "albums:\n  a: {name: A, members: [{fileName: P02.jpg, develop: {copyFrom: P01.jpg}}]}\n"
WARM, COLD = settings_bytes("warm"), settings_bytes("cold")


class Fickle(MemoryCatalog):
    """Cuts the run at settings, before or after they are taken, or answers otherwise than it does."""

    cuts = ""
    keeps = False  # what is there, and says that there are some
    loses = False  # what it says to have taken
    late = 0  # so many answers show what was before
    asked = 0

    async def send(self, write: Write, *, stamp: str) -> Answer:
        if not isinstance(write, PutDevelop | CopyDevelop):
            return await super().send(write, stamp=stamp)
        if self.keeps:
            return self._answered("develop", Exists())
        if self.loses:
            return self._answered("develop", Accepted())
        if self.cuts == "before":
            raise KeyboardInterrupt("the process is gone")
        answer = await super().send(write, stamp=stamp)
        if self.cuts == "after":
            raise KeyboardInterrupt("the process is gone")
        return answer

    async def develop(self, asset_id: AssetId) -> bytes | None:
        self.asked += 1
        if self.late:
            self.late -= 1
            return self._answered("develop", None)
        return await super().develop(asset_id)


class Stage(Studio):
    """A studio with a raw file, and settings beside it."""

    def __init__(self) -> None:
        self.fickle = Fickle(world_of())
        super().__init__(self.fickle)
        self.files = GivenFiles(originals_of({"o/one.CR3": {"content": "one"}}))  # type: ignore[arg-type]
        self.files.xmp_bytes["o/one.xmp"] = WARM

    def held(self, asset_id: AssetId) -> bytes | None:
        """What the catalog has for a photo."""
        sha256 = self.fickle.world.develop.get(asset_id)
        return self.fickle.settings[sha256] if sha256 is not None else None

    @property
    def sent(self) -> AssetId:
        """The photo that was uploaded."""
        (one,) = [one.id for one in self.fickle.world.assets.values() if one.file_name == "one.CR3"]
        return one

    def puts(self) -> list[Write]:
        """The settings that were sent since the last look."""
        found = [write for write in self.fickle.writes if isinstance(write, PutDevelop | CopyDevelop)]
        self.fickle.writes.clear()
        return found


@pytest.fixture
def stage() -> Stage:
    return Stage()


def settings_in(plan: Plan) -> list[AssetId]:
    return [one.asset_id for change in plan.changes for one in change.develop]


def test_settings_are_sent_once_and_cost_nothing_from_then_on(stage: Stage) -> None:
    plan = stage.plan(RAW)
    report = stage.apply(plan, RAW)
    assert (report.verified, report.calls) == (Verified.MANIFESTS, plan.summary.apply_calls)
    assert stage.held(stage.sent) == WARM
    assert len(stage.puts()) == 1
    stage.fickle.asked = 0
    assert stage.plan(RAW).is_empty
    assert stage.fickle.asked == 0
    stage.files.xmp_bytes["o/one.xmp"] = COLD
    assert stage.run(RAW).verified is Verified.MANIFESTS
    assert stage.held(stage.sent) == COLD
    assert stage.fickle.asked == 1, "only to see that they are there"


@pytest.mark.parametrize("cuts", ["before", "after"])
def test_a_run_that_was_cut_at_the_settings_is_finished_by_the_next(stage: Stage, cuts: str) -> None:
    stage.fickle.cuts = cuts
    with pytest.raises(KeyboardInterrupt):
        stage.run(RAW)
    assert not any(isinstance(write, PutMembers) for write in stage.fickle.writes), "the photo waits for its settings"
    stage.puts()
    stage.fickle.cuts = ""
    plan = stage.plan(RAW)
    assert settings_in(plan) == ([stage.sent] if cuts == "before" else [])
    assert stage.apply(plan, RAW).verified is Verified.MANIFESTS
    assert stage.held(stage.sent) == WARM
    stage.fickle.asked = 0
    assert stage.plan(RAW).is_empty
    assert stage.fickle.asked == 0


@pytest.mark.parametrize("cuts", ["before", "after"])
def test_the_very_same_plan_goes_on_at_the_settings(stage: Stage, cuts: str) -> None:
    plan = stage.plan(RAW)
    stage.fickle.cuts = cuts
    with pytest.raises(KeyboardInterrupt):
        stage.apply(plan, RAW)
    stage.fickle.cuts = ""
    assert stage.apply(plan, RAW).verified is Verified.MANIFESTS
    assert stage.held(stage.sent) == WARM
    state = effective_state(stage.memory)
    assert state is not None
    assert state.developed == {stage.sent: Developed(sha256=stage.fickle.world.develop[stage.sent])}


def test_settings_that_were_there_already_are_remembered_without_a_write(stage: Stage) -> None:
    stage.run("albums:\n  a: {name: A, members: [P01.jpg]}\n")
    stage.fickle.settings["w"] = WARM
    stage.fickle.edit(develop={photo(1): "w"})
    plan = stage.plan(NAMED)
    assert (plan.is_empty, stage.fickle.asked) == (True, 1)
    stage.apply(plan, NAMED)
    assert stage.puts() == []
    assert stage.plan(NAMED).is_empty
    assert stage.fickle.asked == 1


def test_what_a_person_changes_in_lightroom_stays_until_the_file_changes(stage: Stage) -> None:
    stage.run(NAMED)
    stage.fickle.settings["grey"] = b"grey"
    stage.fickle.edit(develop={photo(1): "grey"})
    assert stage.plan(NAMED).is_empty
    stage.files.xmp_bytes["o/one.xmp"] = COLD
    stage.run(NAMED)
    assert stage.held(photo(1)) == COLD


def test_without_state_settings_that_are_named_are_looked_at_and_sidecars_are_not(stage: Stage) -> None:
    stage.run(NAMED)
    stage.run(NAMED.replace("]", ", ../o/one.CR3]"))
    stage.fickle.edit(develop={})
    stage.memory.forget()
    stage.puts()
    assert stage.run(NAMED.replace("]", ", ../o/one.CR3]")).verified is Verified.MANIFESTS
    assert [write.asset_id for write in stage.puts()] == [photo(1)]  # type: ignore[union-attr]


def test_a_photo_that_left_the_catalog_gets_its_settings_again_with_its_original(stage: Stage) -> None:
    stage.run(RAW)
    sent = stage.sent
    stage.fickle.edit(develop={})
    world = stage.fickle.world
    stage.fickle.edit(assets={key: one for key, one in world.assets.items() if key != sent}, members={}, albums={})
    assert stage.run(RAW).verified is Verified.MANIFESTS
    assert stage.held(stage.sent) == WARM


def test_settings_that_changed_since_the_plan_are_not_sent_and_the_album_is_not_begun(stage: Stage) -> None:
    plan = stage.plan(RAW)
    stage.files.xmp_bytes["o/one.xmp"] = COLD
    report = stage.apply(plan, RAW)
    assert report.exit_code is ExitCode.STALE
    assert [said.code for said in report.diagnostics] == ["LRP502"]
    assert set(buckets(report).values()) == {Bucket.STALE}
    assert stage.fickle.writes == []
    del stage.files.xmp_bytes["o/one.xmp"]
    assert stage.apply(plan, RAW).exit_code is ExitCode.STALE


def test_settings_that_change_while_they_are_about_to_be_sent_stay_here(stage: Stage) -> None:
    found = stage.files.xmp_files(["o/one.xmp"])
    plan = stage.plan(NAMED)
    stage.files.xmp_files = lambda paths: found  # type: ignore[method-assign,assignment]
    stage.files.xmp_bytes["o/one.xmp"] = COLD
    report = stage.apply(plan, NAMED)
    assert report.exit_code is ExitCode.STALE
    assert stage.puts() == []


def test_a_reading_that_lags_is_waited_for(stage: Stage) -> None:
    plan = stage.plan(NAMED)
    stage.fickle.late = 2
    assert stage.apply(plan, NAMED).verified is Verified.MANIFESTS
    assert stage.clock.slept_s > 0


def test_settings_that_never_show_are_named_and_looked_at_again(stage: Stage) -> None:
    stage.fickle.loses = True
    report = stage.run(NAMED)
    assert report.exit_code is ExitCode.READ_BACK
    assert report.remains == (f"albums.a: the develop settings of {photo(1)} are not those that were sent",)
    stage.fickle.loses = False
    assert stage.run(NAMED).verified is Verified.MANIFESTS
    assert stage.held(photo(1)) == WARM


def test_some_that_a_service_has_and_keeps_are_only_right_if_they_are_these(stage: Stage) -> None:
    plan = stage.plan(NAMED)
    stage.fickle.keeps = True
    stage.fickle.settings |= {"w": WARM, "c": COLD}
    stage.fickle.edit(develop={photo(1): "c"})
    report = stage.apply(plan, NAMED)
    assert report.exit_code is ExitCode.INCOMPLETE
    assert "the service says that there are some, and keeps them" in report.items[0].why
    stage.fickle.edit(develop={photo(1): "w"})
    assert stage.apply(plan, NAMED).verified is Verified.MANIFESTS


def test_a_copy_is_made_once_though_its_source_goes_on_changing(stage: Stage) -> None:
    stage.fickle.settings = {stage.files.xmp_files(["o/one.xmp"])["o/one.xmp"].sha256: WARM}  # type: ignore[union-attr]
    (warm,) = stage.fickle.settings
    stage.fickle.edit(develop={photo(1): warm})
    assert stage.run(COPIED).verified is Verified.MANIFESTS
    assert stage.held(photo(2)) == WARM
    stage.fickle.edit(develop={**stage.fickle.world.develop, photo(1): "other"})
    stage.fickle.asked = 0
    assert (stage.plan(COPIED).is_empty, stage.fickle.asked) == (True, 0)


def test_a_copy_follows_the_file_that_its_source_is_declared_to_have(stage: Stage) -> None:
    both = NAMED.replace("]", ", {fileName: P02.jpg, develop: {copyFrom: P01.jpg}}]")
    stage.run(both)
    stage.files.xmp_bytes["o/one.xmp"] = COLD
    assert settings_in(stage.plan(both)) == [photo(1), photo(2)]
    stage.run(both)
    assert (stage.held(photo(1)), stage.held(photo(2))) == (COLD, COLD)


def test_the_digest_names_the_settings_and_not_where_they_lie(stage: Stage) -> None:
    first = stage.plan(NAMED)
    stage.files.xmp_bytes["p/two.xmp"] = WARM
    elsewhere = stage.plan(NAMED.replace("o/one", "p/two"))
    stage.files.xmp_bytes["o/one.xmp"] = COLD
    other = stage.plan(NAMED)
    assert plan_digest(first) == plan_digest(elsewhere) != plan_digest(other)
    content = encode_plan(other, version="1")
    assert decode_plan(content, file="plan.json") == evolve(other, is_stored=True)
    assert COLD not in content


def test_the_bytes_of_settings_are_never_written_down(stage: Stage) -> None:
    stage.run(NAMED)
    ((_, entries),) = stage.memory.recorded.values()
    assert "warm" not in repr(entries)
    assert any("develop/" in repr(entry) for entry in entries)

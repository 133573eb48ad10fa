"""A plan against a snapshot is the plan that the live catalog would have had at that instant."""

import asyncio

import pytest
from attrs import evolve
from hypothesis import given

from lrplan.diagnostics import Failure
from lrplan.formats.plan import plan_digest
from lrplan.formats.snapshot import decode_snapshot, encode_snapshot
from lrplan.model.ids import AssetId
from lrplan.workflow.against import against
from lrplan.workflow.taking import take
from tests.laws.profile import law, note
from tests.laws.stage import Stage, manifest_of
from tests.strategies import Situation, situations


@law
@given(situation=situations())
def test_a_plan_against_a_snapshot_is_the_live_one_to_the_byte_of_its_digest(situation: Situation) -> None:
    stage = Stage.set_up(situation)
    manifest = manifest_of(situation.wish)
    taken = asyncio.run(take(manifest, stage.around()))
    written = encode_snapshot(taken, version="0")
    kept = decode_snapshot(written, file="snapshot.json")
    assert kept == taken
    around = against(kept, manifest.project, files=stage.files, clock=stage.clock, events=stage.around().events)
    asked = _counting_settings(stage)
    live = stage.try_plan(manifest)
    calls, settings = stage.catalog.calls, len(asked)
    if settings:  # a snapshot does not hold them, and does not make them up
        with pytest.raises(Failure) as refused:
            stage.try_plan(manifest, around=around)
        assert [said.code for said in refused.value.diagnostics] == ["LRP109"]
        return
    found = stage.try_plan(manifest, around=around)
    assert stage.catalog.calls == calls, "nothing was asked of the service"
    assert (live is None) == (found is None)
    if live is None or found is None:
        return
    note(live.plan)
    assert plan_digest(found.plan) == plan_digest(live.plan)
    same = {"created_at": "", "as_of": "", "read_seconds": 0.0, "apply_seconds": 0.0}
    summary = evolve(live.plan.summary, read_calls=0)
    assert evolve(found.plan, **same) == evolve(live.plan, **same, summary=summary)
    assert found.refusals == live.refusals


def _counting_settings(stage: Stage) -> list[AssetId]:
    """The photos of which the service is asked for their develop settings from now on."""
    asked: list[AssetId] = []
    develop = stage.catalog.develop

    async def counted(asset_id: AssetId) -> bytes | None:
        asked.append(asset_id)
        return await develop(asset_id)

    stage.catalog.develop = counted  # type: ignore[method-assign]
    return asked

"""A plan against a snapshot is the plan that the live catalog would have had at that instant."""

import asyncio

from attrs import evolve
from hypothesis import given

from lrplan.formats.plan import plan_digest
from lrplan.formats.snapshot import decode_snapshot, encode_snapshot
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
    live = stage.try_plan(manifest)
    calls = stage.catalog.calls
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

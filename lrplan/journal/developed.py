"""
What one run proves of develop settings, made part of what is remembered of them.

An original that a run began to send is remembered with them from then on, for its sidecar counts as long as anybody
knows that lrplan sent it. Settings whose step began and did not end, or that nobody has read back, may be there or not:
then nothing is known of them, and the next plan looks.
"""

from collections.abc import Container, Mapping

from lrplan.journal.replay import Progress
from lrplan.model.address import Address
from lrplan.model.develop import Developed
from lrplan.model.ids import AssetId
from lrplan.plan.action import CopySettings, SetDevelop, UploadOriginal
from lrplan.plan.plan import Plan


def developed_after(
    before: Mapping[AssetId, Developed], plan: Plan, progress: Progress, unseen: Container[Address]
) -> Mapping[AssetId, Developed]:
    """What is remembered of develop settings after one run.

    Args:
        unseen: Where no read-back has found what was done.
    """
    known = dict(before)
    sent: set[AssetId] = set()
    for step in plan.steps:
        action = step.action
        if isinstance(action, UploadOriginal) and step.id in progress.begun and action.original.subtype == "image":
            known[_actual(action.asset_id, progress)] = Developed()
        if isinstance(action, SetDevelop | CopySettings):
            sent.add(action.asset_id)
            if step.id in progress.done and action.address not in unseen:
                known[_actual(action.asset_id, progress)] = _meant(plan.developed[action.asset_id], progress)
            elif step.id in progress.done or step.id in progress.begun:
                known[_actual(action.asset_id, progress)] = Developed()
    found = {asset_id: _meant(one, progress) for asset_id, one in plan.developed.items() if asset_id not in sent}
    return {**known, **found}


def _meant(planned: Developed, progress: Progress) -> Developed:
    source = planned.source
    return Developed(sha256=planned.sha256, source=_actual(source, progress) if source is not None else None)


def _actual(planned: AssetId, progress: Progress) -> AssetId:
    return AssetId(progress.actual.get(planned, planned))

"""Every wish and every file in exactly one bucket of the report."""

from collections.abc import Mapping

from attrs import evolve

from lrplan.apply.endings import Ending, Result
from lrplan.diff.change import Change, Verb
from lrplan.model.address import Address
from lrplan.plan.action import Step, UploadOriginal
from lrplan.plan.plan import Plan
from lrplan.workflow.report import Bucket, Item

_WORST_FIRST = (
    (Result.FAILED, Bucket.FAILED),
    (Result.STALE, Bucket.STALE),
    (Result.SKIPPED, Bucket.SKIPPED),
    (Result.DONE, Bucket.DONE),
    (Result.ALREADY, Bucket.ALREADY),
)


def items_of(plan: Plan, endings: Mapping[str, Ending]) -> tuple[Item, ...]:
    """One item for each declared or departing album or set, and one for each file to be in the catalog, sorted by name.

    A file that is blocked has one too, and so has the album that lacks it.

    Args:
        endings: By step; a step without one was skipped.
    """
    by_address: dict[str, list[Step]] = {}
    items = [Item(name=path, bucket=Bucket.ALREADY) for path in plan.present_files]
    for step in plan.steps:
        if isinstance(step.action, UploadOriginal):
            items.append(_item(step.action.original.path, step.action.address, [step], endings))
        else:
            by_address.setdefault(step.action.address, []).append(step)
    sent = {item.name for item in items}
    held = {path: one for one in plan.changes if one.withheld is not None for path in one.withheld.files}
    items.extend(
        Item(name=path, bucket=Bucket.BLOCKED, why=_why_withheld(change))
        for path, change in held.items()
        if path not in sent
    )
    waiting = {one.path: Item(name=one.path, bucket=Bucket.BLOCKED, why=one.text) for one in plan.blocked if one.path}
    items.extend(waiting.values())
    items.extend(_of_change(change, plan, by_address.get(change.address, []), endings) for change in plan.changes)
    return tuple(sorted(items, key=lambda item: item.name))


def _why_withheld(change: Change) -> str:
    assert change.withheld is not None
    return f"{change.address}: {change.withheld.reason.text}"


def _of_change(change: Change, plan: Plan, steps: list[Step], endings: Mapping[str, Ending]) -> Item:
    item = _item(change.address, change.address, steps, endings)
    if item.bucket not in (Bucket.DONE, Bucket.ALREADY):
        return item
    if change.verb is Verb.PAUSED:
        return evolve(item, bucket=Bucket.PAUSED, why="its entry says so, and it was left as it is")
    if not steps and change.verb in (Verb.UPDATE, Verb.LET_GO) and not change.is_blocked and not change.blocked:
        return evolve(item, bucket=Bucket.DONE)  # it only had to be remembered
    if not change.is_blocked and not change.blocked:
        return item
    lacks = [item.why] if item.why else []
    if change.withheld is not None:
        lacks.append(change.withheld.reason.text)
    elif change.verb is Verb.BLOCKED and change.reason is not None:
        lacks.append(change.reason.text)
    lacks += (f"{plan.names.get(one.asset_id, one.asset_id)} {one.text}" for one in change.blocked)
    # What was done is said to be done, with what it lacks; where nothing was, the wish is not met all the same.
    bucket = Bucket.DONE if item.bucket is Bucket.DONE else Bucket.BLOCKED
    return evolve(item, bucket=bucket, why=". ".join(lacks))


def _item(name: str, address: str, steps: list[Step], endings: Mapping[str, Ending]) -> Item:
    found = [endings.get(step.id, Ending(result=Result.SKIPPED, why="it was not begun")) for step in steps]
    for result, bucket in _WORST_FIRST:
        so = [ending for ending in found if ending.result is result]
        if so:
            why = next((ending.why for ending in so if ending.why), "")
            lasts = any(ending.lasts for ending in so)
            return Item(name=name, bucket=bucket, address=Address(address), why=why, lasts=lasts)
    return Item(name=name, bucket=Bucket.ALREADY, address=Address(address))

"""
What stands under protection, and is neither deleted nor replaced.

Protection outlives the line that asks for it: it ends when an apply has remembered `protect: false`, and not before. So
one that is lifted beside a replacement still holds for that plan, and `--allow` does not lift it. What an interrupted
run has begun was judged then, and is finished.
"""

from lrplan.diagnostics import Diagnostic, error
from lrplan.diff.change import Change, Verb
from lrplan.model.state import State
from lrplan.plan.plan import Plan

_LIFTED = "apply that, then plan again"


def protections(plan: Plan, state: State | None = None) -> tuple[Diagnostic, ...]:
    """A refusal for each protected album and set that *plan* would delete or replace.

    Args:
        state: What is remembered by now, where that may be more than when the plan was made.
    """
    bindings = state.bindings if state is not None else {}
    kept = {change.address for change in plan.changes if change.protected}
    kept.update(address for address, binding in bindings.items() if binding.protect)
    return tuple(_refusal(change) for change in plan.changes if change.address in kept and _takes_away(change))


def _takes_away(change: Change) -> bool:
    return change.verb is Verb.DELETE or (change.verb is Verb.REPLACE and not change.is_finishing)


def _refusal(change: Change) -> Diagnostic:
    deed = "delete" if change.verb is Verb.DELETE else "replace"
    cause = f"{change.reason.text[0].upper()}{change.reason.text[1:]}. " if change.reason is not None else ""
    hint = f"take back what asks for a new album, write `protect: false` there, {_LIFTED}"
    if change.verb is Verb.DELETE:
        hint = f"write its entry again with `protect: false`, {_LIFTED} without it"
    return error(
        "LRP404",
        f"{change.address} is protected, and this plan would {deed} it",
        span=change.span,
        why=f"{cause}Only `protect: false` that was applied ends the protection; --allow does not lift it.",
        hint=hint,
    )

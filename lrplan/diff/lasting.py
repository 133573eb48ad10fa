"""
What an entry says for the time after it: what is to happen when it is gone, and that it is protected.

The catalog has no place for either. Both are remembered by an apply that sends nothing for them, and what is remembered
counts from then on, so that a plan shows each change of them like that of a field.
"""

from lrplan.diff.change import FieldChange
from lrplan.model.state import Binding, WhenGone
from lrplan.resolve.desired import DesiredAlbum

LASTING_PATHS = frozenset({"whenGone", "protect"})


def lasting_fields(desired: DesiredAlbum, binding: Binding | None) -> tuple[FieldChange, ...]:
    """What an apply would remember otherwise than it is remembered; `before` is None where nothing is remembered."""
    when_gone = binding.when_gone if binding is not None else WhenGone.DELETE
    protect = binding.protect if binding is not None else False
    fields = []
    if desired.when_gone is not when_gone:
        before = when_gone.value if binding is not None else None
        fields.append(FieldChange(path="whenGone", before=before, after=desired.when_gone.value))
    if desired.protect not in (None, protect):
        before = str(protect).lower() if binding is not None else None
        fields.append(FieldChange(path="protect", before=before, after=str(desired.protect).lower()))
    return tuple(fields)


def is_protected(desired: DesiredAlbum, binding: Binding | None) -> bool:
    """Tell whether it may be neither deleted nor replaced: `protect: true` counts at once, `false` once applied."""
    return desired.protect is True or (binding is not None and binding.protect)

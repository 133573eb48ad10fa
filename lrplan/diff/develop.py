"""
Which develop settings are to be sent: compared with what was sent last, else with what the catalog has.

What is remembered decides without a call: as long as the wish stays as it was sent, nothing is sent again, whatever
somebody did in Lightroom since. Settings that go with their original are always sent; the photo is new by then.
"""

from collections.abc import Mapping, Sequence

from attrs import evolve, frozen

from lrplan.diagnostics import Diagnostic
from lrplan.diff.change import Change, DevelopChange, SettingsBefore, Verb
from lrplan.model.address import Address
from lrplan.model.develop import Developed
from lrplan.model.ids import AssetId, Sha256
from lrplan.model.snapshot import Snapshot
from lrplan.resolve.desired import Desired, DesiredDevelop
from lrplan.resolve.develop import is_copied, nothing_to_copy

_TAKES_SETTINGS = frozenset({Verb.CREATE, Verb.UPDATE, Verb.REPLACE, Verb.UNCHANGED})


@frozen(kw_only=True)
class DevelopVerdict:
    """What becomes of develop settings.

    Attributes:
        changes: The changes of albums, with the settings that are sent for each.
        developed: What is to be remembered by photo, once what is to be sent was sent, where that is anything new.
    """

    changes: tuple[Change, ...]
    developed: Mapping[AssetId, Developed]
    said: tuple[Diagnostic, ...] = ()


def compare_develop(
    changes: Sequence[Change], desired: Desired, snapshot: Snapshot, developed: Mapping[AssetId, Developed]
) -> DevelopVerdict:
    """Find the settings to send; each photo's belong to the first of its albums that is changed, or could be.

    Args:
        snapshot: With the settings that `resolve.develop.settings_to_read` asks for.
        developed: What is remembered.
    """
    fit = {change.address for change in changes if change.verb in _TAKES_SETTINGS}
    due: dict[Address, list[DevelopChange]] = {}
    remembered: dict[AssetId, Developed] = {}
    said: list[Diagnostic] = []
    for asset_id, wish in desired.develop.items():
        address = next((one for one in wish.addresses if one in fit), None)
        if address is None:
            continue
        wanted = _wanted(asset_id, desired, snapshot, developed)
        if wanted is None:
            said.append(nothing_to_copy(wish.span, "That photo has no settings that were uploaded."))
            continue
        known = developed.get(asset_id, Developed())
        target = Developed(sha256=wanted, source=wish.source)
        before = _before(asset_id, wanted, known, desired, snapshot)
        if before is not None or target != known:
            remembered[asset_id] = target
        if before is not None:
            due.setdefault(address, []).append(_change(asset_id, wish, wanted, before))
    made = tuple(_with(change, tuple(due.get(change.address, ()))) for change in changes)
    return DevelopVerdict(changes=made, developed=remembered, said=tuple(said))


def _wanted(
    asset_id: AssetId, desired: Desired, snapshot: Snapshot, developed: Mapping[AssetId, Developed]
) -> Sha256 | None:
    """The settings that a photo is to have; None where it copies from one that has none. Circles were refused."""
    passed: set[AssetId] = set()
    while asset_id not in passed:
        passed.add(asset_id)
        wish = desired.develop.get(asset_id)
        if wish is None:
            return snapshot.develop.get(asset_id)
        if wish.xmp is not None:
            return wish.xmp.sha256
        assert wish.source is not None, "settings come from a file or from a photo"
        known = developed.get(asset_id, Developed())
        if wish.source not in desired.develop and asset_id not in desired.uploads and is_copied(known, wish.source):
            return known.sha256
        asset_id = wish.source
    return None


def _before(
    asset_id: AssetId, wanted: Sha256, known: Developed, desired: Desired, snapshot: Snapshot
) -> SettingsBefore | None:
    """What a photo has now, if that is not what is wanted; None where nothing has to be sent."""
    if asset_id in desired.uploads:
        return SettingsBefore.NONE
    if known.sha256 is not None:
        return SettingsBefore.EARLIER if known.sha256 != wanted else None
    live = snapshot.develop.get(asset_id)
    if live is None:
        return SettingsBefore.NONE
    return SettingsBefore.OTHERS if live != wanted else None


def _change(asset_id: AssetId, wish: DesiredDevelop, wanted: Sha256, before: SettingsBefore) -> DevelopChange:
    path = wish.xmp.path if wish.xmp is not None else ""
    return DevelopChange(asset_id=asset_id, sha256=wanted, path=path, source=wish.source, before=before)


def _with(change: Change, develop: tuple[DevelopChange, ...]) -> Change:
    if not develop:
        return change
    return evolve(change, develop=develop, verb=Verb.UPDATE if change.verb is Verb.UNCHANGED else change.verb)

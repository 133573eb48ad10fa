"""What was found in an album that no manifest asks for, in words: it stays, but where it cannot."""

from collections.abc import Sequence

from attrs import evolve

from lrplan.diff.change import Drift, DriftKind
from lrplan.diff.fields import Names
from lrplan.diff.members import MemberVerdict
from lrplan.diff.withheld import NAMED_MAX
from lrplan.model.address import Address
from lrplan.model.ids import AlbumId, AssetId


def drift_of(address: Address, verdict: MemberVerdict, current: AlbumId, names: Names) -> list[Drift]:
    """What of the members of the album *current* at *address* nobody asks for, in words."""
    here = Drift(kind=DriftKind.UNLISTED, text="", address=address, album_id=current)
    drift = []
    if verdict.unlisted:
        count, named = len(verdict.unlisted), _named(verdict.unlisted, names)
        kept = "1 photo that no manifest lists is" if count == 1 else f"{count:,} photos that no manifest lists are"
        kind, until = DriftKind.UNLISTED, ""
        if verdict.awaits_state:
            them = "it" if count == 1 else "them"
            kind, until = DriftKind.PUT_OFF, f"; there is no state of this album, so only the next apply removes {them}"
        drift.append(evolve(here, kind=kind, text=f"{kept} kept: {named}{until}", count=count))
    if verdict.left_behind:
        count, named = len(verdict.left_behind), _named(verdict.left_behind, names)
        one = count == 1
        lies = "1 photo that no manifest lists lies" if one else f"{count:,} photos that no manifest lists lie"
        text = (
            f"{lies} in the trash and cannot come along: {named}; restore {'it' if one else 'them'} in Lightroom first"
        )
        drift.append(evolve(here, kind=DriftKind.LEFT_BEHIND, text=text, count=count))
    if verdict.kept_order:
        text = "arranged by hand in Lightroom since the last apply"
        drift.append(evolve(here, kind=DriftKind.REORDERED, text=text))
    return drift


def _named(photos: Sequence[AssetId], names: Names) -> str:
    shown = ", ".join(names.photos.get(a, a) for a in photos[:NAMED_MAX])
    return shown + (", …" if len(photos) > NAMED_MAX else "")

"""What `replace: never` keeps from being done, in words: it is told in every plan, as long as it is wanted."""

from collections.abc import Mapping, Sequence

from lrplan.diff.change import Move, Reason, Withheld
from lrplan.diff.fates import Fates
from lrplan.model.ids import AssetId
from lrplan.resolve.desired import DesiredAlbum

NAMED_MAX = 3  # ours: so many photos are named where many are meant


def withheld_of(
    desired: DesiredAlbum,
    fates: Fates,
    moved: tuple[Move, ...],
    unfit: Mapping[AssetId, Reason],
    names: Mapping[AssetId, str],
    *,
    by_date: bool,
) -> Withheld | None:
    """What of the wish is not done; None when all of it is.

    Args:
        moved: The photos that stand elsewhere than they are wanted.
        unfit: New photos that stay out, with what is in their way.
        by_date: Order keys would have to go.
    """
    deeds = (
        ("adding", tuple(unfit)),
        ("removing", fates.removed),
        ("changing the publishInfo of", fates.rewritten),
        ("moving", tuple(move.asset_id for move in moved)),
    )
    parts = [f"{doing} {_named(photos, names)}" for doing, photos in deeds if photos]
    if by_date:
        parts.append("taking the order keys away")
    if not parts:
        return None
    why = "; ".join(dict.fromkeys(reason.text for reason in unfit.values()))
    text = (
        f"{_joined(parts)} {'needs' if len(parts) == 1 else 'need'} a new album, and `replace: never` forbids that"
        + (f"; {why}" if why else "")
    )
    return Withheld(
        reason=Reason(code="replace-never", text=text),
        span=desired.spans.get("replace", desired.span),
        added=tuple(unfit),
        removed=fates.removed,
        moved=moved,
        rewritten=fates.rewritten,
        by_date=by_date,
    )


def _named(photos: Sequence[AssetId], names: Mapping[AssetId, str]) -> str:
    """`P04.jpg`, or `5 photos (P04.jpg, P05.jpg, P06.jpg, …)`."""
    shown = ", ".join(names.get(a, a) for a in photos[:NAMED_MAX])
    if len(photos) == 1:
        return shown
    return f"{len(photos):,} photos ({shown}{', …' if len(photos) > NAMED_MAX else ''})"


def _joined(parts: Sequence[str]) -> str:
    return " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else parts[0]

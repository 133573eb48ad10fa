"""What becomes of each member that is live now, by the wish, what lrplan remembers, and what may be taken out."""

from attrs import frozen

from lrplan.model.album import MemberInfo, Membership
from lrplan.model.ids import AssetId
from lrplan.model.policy import Replace, Unlisted
from lrplan.model.state import Applied, Binding
from lrplan.resolve.desired import DesiredAlbum


@frozen(kw_only=True)
class Fates:
    """What becomes of each member that is live now.

    Attributes:
        removed: The list does not name them, and lrplan put them there or removes what it did not.
        left: The same, and they are in a generation that was left behind only.
        unlisted: Nobody lists them, and they stay.
        carried: Only in the generation that was left behind, and to be taken along.
        rewritten: Wanted, with another publishInfo than they have.
        trashed: In some generation, listed by nobody, and in the trash: no other album can take them.
        dropped: In some generation, and nothing takes them along.
        foreign: Those of *removed* and *left* that lrplan did not put there.
    """

    removed: tuple[AssetId, ...]
    left: tuple[AssetId, ...]
    unlisted: tuple[AssetId, ...]
    carried: tuple[AssetId, ...]
    rewritten: tuple[AssetId, ...]
    trashed: tuple[AssetId, ...]
    dropped: tuple[AssetId, ...]
    foreign: tuple[AssetId, ...]


def sort_members(
    desired: DesiredAlbum, live: Membership, older: Membership, binding: Binding | None, trashed: frozenset[AssetId]
) -> Fates:
    """Sort the members of all generations. A listed photo that cannot be had is neither removed nor unlisted."""
    is_wanted, is_live = set(desired.members or ()), set(live.asset_ids)
    put = set(binding.put) if binding is not None else set()
    cannot_be = {photo.asset_id for photo in desired.missing}
    unusable = cannot_be | trashed
    others = [a for a in live.asset_ids if a not in is_wanted]
    left = [a for a in dict.fromkeys((*live.asset_ids, *older.asset_ids)) if a not in is_wanted]
    may_go, would_go = removes_unlisted(desired, binding), desired.unlisted is Unlisted.REMOVE
    stays = desired.replace is Replace.NEVER  # so that what would go of the album is told, and nothing can be lost
    goes = {a for a in left if a not in cannot_be and (a in put or may_go or (would_go and stays and a in is_live))}
    return Fates(
        removed=tuple(a for a in others if a in goes),
        left=tuple(a for a in left if a not in is_live and a in goes),
        unlisted=tuple(a for a in others if a not in goes and a not in cannot_be),
        carried=tuple(a for a in left if a not in is_live and a not in goes and a not in unusable),
        rewritten=tuple(
            a for a in desired.members or () if a in is_live and differs(desired.infos.get(a), live.infos.get(a))
        ),
        trashed=tuple(a for a in left if a in trashed and a not in goes and a not in cannot_be),
        dropped=tuple(a for a in left if a in put or a in goes or a in unusable),
        foreign=tuple(a for a in left if a in goes and a not in put),
    )


def removes_unlisted(desired: DesiredAlbum, binding: Binding | None) -> bool:
    """Tell whether photos go that lrplan never put there.

    Only where it remembers an apply of this album that came to its end: without state nothing is removed, and what is
    left of a run that was cut off is finished as that run had it in mind.
    """
    return desired.unlisted is Unlisted.REMOVE and binding is not None and binding.applied != Applied()


def differs(wanted: MemberInfo | None, live: MemberInfo | None) -> bool:
    """Tell whether a member carries another publishInfo than its entry declares."""
    if wanted is None:
        return False
    live = live or MemberInfo()
    return any(
        want is not None and want != have
        for want, have in (
            (wanted.remote_id, live.remote_id),
            (wanted.service_payload, live.service_payload),
        )
    )

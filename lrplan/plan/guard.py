"""
What a plan may do without being asked for: limits, and the refusal that carries its numbers.

A limit is a count or a share of the live things; a share permits at least one. A refused plan is still printed and
written: the refusal says by how much it is too large, and the words that lift it.
"""

from collections.abc import Mapping

from attrs import frozen

from lrplan.diagnostics import Diagnostic, error
from lrplan.diff.change import Verb
from lrplan.manifest.entries import Limit, Limits, Share
from lrplan.model.album import AlbumKind
from lrplan.model.snapshot import Account
from lrplan.plan.plan import Plan
from lrplan.plan.protection import protections
from lrplan.resolve.desired import EmptyKind, EmptyWish
from lrplan.resolve.room import NO_ROOM

EVERYTHING_MIN = 2  # ours: deleting "all" is only alarming where there are at least two


@frozen(kw_only=True)
class _Asked:
    name: str
    count: int
    live: int
    limit: Limit
    noun: tuple[str, str]  # of one, of many
    judged: int = 0  # so many more belong to a run that was interrupted, and were judged when it began


_ENTRY, _PHOTO = ("album or set", "albums or sets"), ("photo", "photos")


def refusals(plan: Plan, limits: Limits, account: Account | None = None) -> tuple[Diagnostic, ...]:
    """What speaks against carrying out *plan*; empty when nothing does.

    A plan that was written in spite of a refusal is judged again, by the same numbers, when it is to be applied.

    Args:
        account: Whose storage the uploads need; None where that is not known now.
    """
    said = [*protections(plan), _left_out(plan), *(_refusal(asked, plan.allowed) for asked in _asked(plan, limits))]
    said.append(_everything(plan))
    said.extend(_empty(one) for one in plan.empty)
    if account is not None:
        said.append(no_room(plan.summary.upload_bytes, account))
    return tuple(one for one in said if one is not None)


def permitted(limit: Limit, live: int) -> int:
    """How many a limit permits: max(1, floor(share x live)) for a share."""
    # the share was written in percent: 30% of 10 is 3, not the 2.999… of binary fractions
    return max(1, int(round(limit.of_live * live, 9))) if isinstance(limit, Share) else limit


def _asked(plan: Plan, limits: Limits) -> tuple[_Asked, ...]:
    numbers = plan.summary
    live = [change for change in plan.changes if change.id is not None]
    elsewhere = numbers.elsewhere  # a share is of what is live of the whole project
    every = len(live) + elsewhere.albums + elsewhere.sets
    albums = sum(change.kind is not AlbumKind.SET for change in live) + elsewhere.albums
    # sets are only replaced where the service lets nothing out of them; then they count among themselves too
    replaced_sets = any(c.verb is Verb.REPLACE and c.new_id is not None and c.kind is AlbumKind.SET for c in live)
    replaceable = every if replaced_sets else albums
    members = numbers.members_live + elsewhere.members
    # what an earlier run began was judged then; the next run finishes it, with no human
    judged = sum(len(change.members.judged) for change in plan.changes if change.members is not None)
    begun = sum(change.is_finishing for change in plan.changes)
    return (
        _Asked(name="delete", count=numbers.delete, live=every, limit=limits.delete, noun=_ENTRY),
        _Asked(
            name="replace",
            count=numbers.replace - begun,
            live=replaceable,
            limit=limits.replace,
            noun=_ENTRY if replaced_sets else ("album", "albums"),
        ),
        _Asked(
            name="remove",
            count=numbers.members_remove - judged,
            live=members,
            limit=limits.remove,
            noun=_PHOTO,
            judged=judged,
        ),
        _Asked(name="create", count=numbers.create, live=albums, limit=limits.create, noun=_ENTRY),
        _Asked(name="add", count=numbers.members_add, live=members, limit=limits.add, noun=_PHOTO),
        _Asked(name="upload", count=numbers.upload_bytes, live=0, limit=limits.upload, noun=("byte", "bytes")),
    )


def _refusal(asked: _Asked, allowed: Mapping[str, int]) -> Diagnostic | None:
    most = max(permitted(asked.limit, asked.live), allowed.get(asked.name, 0))
    if asked.count <= most:
        return None
    of_live = f" of {asked.live:,} live ones" if isinstance(asked.limit, Share) else ""
    more = (
        f" {asked.judged:,} more {'was' if asked.judged == 1 else 'were'} judged when the interrupted run began."
        if asked.judged
        else ""
    )
    return error(
        "LRP401",
        f"{asked.count:,} {asked.noun[asked.count != 1]} to {asked.name}, the limit is {most:,}",
        why=f"limits.{asked.name} permits {_written(asked.limit)}{of_live}.{more}",
        hint=f"if that is what you want: --allow {asked.name}={asked.count}",
    )


def _everything(plan: Plan) -> Diagnostic | None:
    """Judge albums by themselves and sets by themselves too: what stays of the one saves nothing of the other.

    Nor does what is let go: it is not of this project any more.
    """
    live = [change for change in plan.changes if change.id is not None and not change.is_leaving]
    albums = [change for change in live if change.kind is not AlbumKind.SET]
    sets = [change for change in live if change.kind is AlbumKind.SET]
    together = live if albums and sets else []
    stay = plan.summary.elsewhere
    for group, what, staying in (
        (together, "albums and sets", stay.albums + stay.sets),
        (albums, "albums", stay.albums),
        (sets, "sets", stay.sets),
    ):
        all_go = not staying and all(change.verb is Verb.DELETE for change in group)
        if len(group) < EVERYTHING_MIN or not all_go or plan.allowed.get("delete", 0) >= plan.summary.delete:
            continue
        return error(
            "LRP402",
            f"every one of the {len(group)} {what} of this project would be deleted",
            why="That is more often a lost file or a wrong folder than a wish.",
            hint=f"if that is what you want: --allow delete={plan.summary.delete}",
        )
    return None


def _left_out(plan: Plan) -> Diagnostic | None:
    """Originals that find no room by the numbers of the account, when nobody has agreed to go on without them.

    Where the service itself has ended a run for it, the next one does the rest without being asked. Where nothing is to
    be done, there is nothing to go on with and nobody to ask.
    """
    waiting = len({photo.asset_id for photo in plan.blocked if photo.code == NO_ROOM})
    fits_bytes = plan.summary.upload_bytes
    if plan.is_empty or not waiting or plan.allowed.get("upload", -1) >= fits_bytes:
        return None
    return error(
        "LRP403",
        f"no room in the storage for {waiting:,} of {waiting + plan.summary.uploads:,} originals to upload",
        why=f"Without them {fits_bytes:,} bytes are to be uploaded; what is sent can never be deleted by lrplan.",
        hint=f"make room in Lightroom, or go on without them: --allow upload={fits_bytes}",
    )


def _empty(wish: EmptyWish) -> Diagnostic:
    """A part of a member list that stands for no photo: one among others that do is as much of a mistake."""
    if wish.kind is EmptyKind.SELECT:
        what = "this select finds no photo"
        why = f"No photo matches {wish.value}. That is more often a wrong name, date or album than a wish."
    else:
        what, why = f"the list {wish.value} holds no photo", "That is more often a wrong or an empty file than a wish."
    hint = f"if that is what you want: write allowEmpty: true in {wish.address}"
    return error("LRP405", what, span=wish.span, why=why, hint=hint)


def no_room(upload_bytes: int, account: Account) -> Diagnostic | None:
    """What speaks against uploading that much; None when there is room, or nobody says how much there is."""
    used, limit = account.storage_used_bytes, account.storage_limit_bytes
    if not upload_bytes or used is None or limit is None or upload_bytes <= max(0, limit - used):
        return None
    return error(
        "LRP403",
        f"{upload_bytes:,} bytes to upload, {max(0, limit - used):,} bytes of storage are left",
        why="The service refuses originals for which there is no room.",
        hint="make room in Lightroom, or take uploads out of the manifests",
    )


def _written(limit: Limit) -> str:
    return f"{limit.of_live:.0%}" if isinstance(limit, Share) else f"{limit:,}"

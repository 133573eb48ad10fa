"""
From differences to steps: the requests that make the catalog what the manifests ask for.

The same changes always give the same steps with the same ids, whatever order files and pages came in: everything is
sorted by address, and a step is named after what it does (`albums.smith-jones/add/2`).
"""

from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve, frozen

from lrplan.diff.change import Change, Verb
from lrplan.diff.compare import Comparison
from lrplan.diff.elsewhere import Elsewhere
from lrplan.diff.lasting import LASTING_PATHS
from lrplan.model.address import Address
from lrplan.model.album import PublishInfo
from lrplan.model.ids import AlbumId, AssetId
from lrplan.model.inventory import Original
from lrplan.model.snapshot import Snapshot
from lrplan.model.state import State
from lrplan.plan.action import (
    TOP_LEVEL,
    AddMembers,
    CopySettings,
    CreateAlbum,
    Parent,
    Placed,
    RetireAlbum,
    SetCover,
    SetDevelop,
    Step,
    UpdateAlbum,
    UploadOriginal,
)
from lrplan.plan.costs import apply_calls, live_ids, step_calls
from lrplan.plan.departures import deletions, tombstone
from lrplan.plan.edges import with_edges
from lrplan.plan.limits import MEMBERS_PER_CALL_MAX
from lrplan.plan.plan import Plan, Summary
from lrplan.plan.targets import bases_of, forgotten_addresses, members_in, targets_of
from lrplan.resolve.desired import Desired, DesiredAlbum


def build_plan(
    comparison: Comparison,
    desired: Desired,
    snapshot: Snapshot,
    state: State | None,
    *,
    project: str,
    manifests_digest: str,
    created_at: str,
    allowed: Mapping[str, int],
    concurrency: int,
    rate: float,
) -> Plan:
    """Make the plan that carries out a comparison.

    Args:
        created_at: UTC instant, ISO 8601 with Z.
        allowed: Limits that the user lifted, by name.
        concurrency: Requests side by side, for the estimate of the time.
        rate: Requests a second at most, 0 for no cap.
    """
    changes = comparison.changes
    linked = _linked(
        [*_uploads(changes, desired), *_settings(changes), *_album_steps(comparison, desired, snapshot)], snapshot
    )
    summary = _summary(changes, linked, snapshot, comparison.elsewhere)
    targets = targets_of(changes, desired, snapshot, state)
    forgotten = forgotten_addresses(desired, state, changes, comparison.away)
    return Plan(
        project=project,
        account_id=snapshot.account.id,
        catalog_id=snapshot.catalog.id,
        service_id=snapshot.service_id,
        catalog_name=snapshot.catalog.name or snapshot.account.name,
        manifests_digest=manifests_digest,
        created_at=created_at,
        as_of=snapshot.read_at if snapshot.is_taken else "",
        has_state=state is not None,
        complete=desired.scope.is_whole,
        scope=desired.scope,
        allowed=allowed,
        changes=changes,
        steps=linked,
        targets=targets,
        developed=comparison.developed,
        forgotten=forgotten,
        bases=bases_of((*targets, *forgotten), state),
        present_files=desired.present_files,
        names=_names(changes, desired),
        empty=desired.empty,
        drift=comparison.drift,
        warnings=comparison.said,
        summary=summary,
        read_seconds=0.0 if snapshot.is_taken else snapshot.seconds,
        apply_seconds=_seconds(summary.apply_calls, snapshot, concurrency, rate),
    )


def _album_steps(comparison: Comparison, desired: Desired, snapshot: Snapshot) -> list[Step]:
    """What is done to albums and sets, deletions last."""
    changes = comparison.changes
    ids = {**comparison.ids, **{change.address: change.new_id or change.id for change in changes}}
    heirs = _heirs(changes)
    steps: list[Step] = []
    for change in changes:
        if change.is_leaving:
            steps.extend(tombstone(change))
        elif change.verb in (Verb.CREATE, Verb.UPDATE, Verb.REPLACE):
            steps.extend(_steps_of(change, desired.albums[change.address], ids, snapshot, heirs))
    for change in changes:
        if change.verb is Verb.DELETE:
            steps.extend(deletions(change))
    return steps


def _heirs(changes: Sequence[Change]) -> Mapping[AlbumId, AlbumId]:
    """For each generation that goes, the one that takes its place."""
    replaced = [change for change in changes if change.verb is Verb.REPLACE]
    return {old: heir for one in replaced if (heir := one.new_id or one.id) is not None for old in one.retired}


def _linked(steps: Sequence[Step], snapshot: Snapshot) -> tuple[Step, ...]:
    """The steps with what each requires, and with what each costs."""
    parents = [(album.id, album.parent) for album in snapshot.albums.values() if album.parent is not None]
    actions = [step.action for step in steps]
    counted = [evolve(step, calls=step_calls(step.action, snapshot, actions)) for step in steps]
    return with_edges(counted, parents)


def _seconds(calls: int, snapshot: Snapshot, concurrency: int, rate: float) -> float:
    """About how long that many calls take: as long each as while reading, side by side, and no faster than the cap."""
    per_call = snapshot.seconds / snapshot.calls if snapshot.calls else 0.0
    return max(per_call * calls / max(1, min(concurrency, calls)), calls / rate if rate else 0.0)


def _steps_of(
    change: Change,
    desired: DesiredAlbum,
    ids: Mapping[Address, AlbumId | None],
    snapshot: Snapshot,
    heirs: Mapping[AlbumId, AlbumId],
) -> Iterable[Step]:
    address = change.address
    target = change.new_id or change.id
    assert target is not None, "a change that is made has an album to make it in"
    parent = _parent_id(desired, ids)
    if change.new_id is not None:
        yield Step(id=f"{address}/create", action=_creation(change, desired, parent, snapshot, heirs))
    elif paths := {field.path.partition(".")[0] for field in change.fields} - {"cover"} - LASTING_PATHS:
        update = UpdateAlbum(
            address=address,
            album_id=target,
            name=desired.name if "name" in paths else None,
            parent=parent if "parent" in paths else None,
            publish_info=_declared(desired) if "publishInfo" in paths else None,
        )
        yield Step(id=f"{address}/update", action=update)
    placed = _placed(change, desired, snapshot)
    replaces = change.retired[0] if change.retired and change.verb is Verb.REPLACE else None
    for number, photos in enumerate(_batches(placed), start=1):
        adding = AddMembers(address=address, album_id=target, photos=photos, replaces=replaces)
        yield Step(id=f"{address}/add/{number}", action=adding)
    if change.cover is not None and change.cover not in {photo.asset_id for photo in placed}:
        yield Step(id=f"{address}/cover", action=SetCover(address=address, album_id=target, asset_id=change.cover))
    if change.verb is Verb.REPLACE:
        listing = snapshot.members.get(target)
        expected = len(change.members.after) if change.members else len(listing.asset_ids) if listing else 0
        for number, old in enumerate(change.retired, start=1):
            retiring = RetireAlbum(
                address=address, album_id=old, successor=target, dropped=change.dropped, expected=expected
            )
            yield Step(id=f"{address}/retire/{number}", action=retiring)


def _creation(
    change: Change,
    desired: DesiredAlbum,
    parent: Parent | None,
    snapshot: Snapshot,
    heirs: Mapping[AlbumId, AlbumId],
) -> CreateAlbum:
    """The creation; what is in a set that has a newer generation, or gets one, goes there at once."""
    assert change.new_id is not None
    current = snapshot.albums[change.id] if change.id is not None else None
    if parent is None:
        inside = current.parent if current is not None else None
        parent = TOP_LEVEL if inside is None else heirs.get(inside, inside)
    return CreateAlbum(
        address=change.address,
        album_id=change.new_id,
        kind=change.kind,
        name=change.name,
        parent=parent,
        publish_info=_declared(desired),
        replaces=change.id,
    )


def _declared(desired: DesiredAlbum) -> PublishInfo | None:
    """The declared publishInfo; being declared implies that the gallery is not deleted."""
    if desired.publish_info is None:
        return PublishInfo(deleted=False)
    return evolve(desired.publish_info, deleted=bool(desired.publish_info.deleted))


def _parent_id(desired: DesiredAlbum, ids: Mapping[Address, AlbumId | None]) -> Parent | None:
    if desired.parent is None:
        return None
    if desired.parent == TOP_LEVEL:
        return TOP_LEVEL
    return ids[Address(desired.parent)]


def _placed(change: Change, desired: DesiredAlbum, snapshot: Snapshot) -> tuple[Placed, ...]:
    """What is not in the album yet, in the shown order; of a new album that is everything, carried over or added."""
    members = change.members
    if members is None:
        return ()
    is_wanted = set(desired.members or ())
    there = members_in(change.new_id or change.id, snapshot)
    return tuple(
        Placed(
            asset_id=a,
            order=members.keys.get(a),
            remote_id=desired.infos[a].remote_id if a in desired.infos else None,
            service_payload=desired.infos[a].service_payload if a in desired.infos else None,
            cover=a == change.cover,
            carried=a not in is_wanted,
        )
        for a in members.after
        if a not in there
    )


def _batches(placed: tuple[Placed, ...]) -> Iterable[tuple[Placed, ...]]:
    for start in range(0, len(placed), MEMBERS_PER_CALL_MAX):
        yield placed[start : start + MEMBERS_PER_CALL_MAX]


def _uploads(changes: Sequence[Change], desired: Desired) -> Iterable[Step]:
    """One step an original, named after its hash, for the first address that needs it.

    A photo can be a member before its original is in: whoever sent that may have been told that it had arrived.
    """
    seen: set[AssetId] = set()
    for change in changes:
        for asset_id in _wanted_photos(change, desired):
            original: Original | None = desired.uploads.get(asset_id)
            if original is not None and asset_id not in seen:
                seen.add(asset_id)
                action = UploadOriginal(address=change.address, asset_id=asset_id, original=original)
                yield Step(id=f"upload/{original.sha256[:16]}", action=action)


def _settings(changes: Sequence[Change]) -> Iterable[Step]:
    """One step for each photo whose develop settings are sent."""
    for change in changes:
        for one in change.develop:
            address, asset_id, sha256 = change.address, one.asset_id, one.sha256
            action: SetDevelop | CopySettings = SetDevelop(
                address=address, asset_id=asset_id, path=one.path, sha256=sha256
            )
            if one.source is not None:
                action = CopySettings(address=address, asset_id=asset_id, source=one.source, sha256=sha256)
            yield Step(id=f"develop/{asset_id}", action=action)


def _wanted_photos(change: Change, desired: Desired) -> Sequence[AssetId]:
    album = desired.albums.get(change.address)
    if album is None or album.is_held or not desired.uploads:
        return ()
    stays_out = set(change.withheld.added) if change.withheld is not None else set()
    return [asset_id for asset_id in album.members or () if asset_id not in stays_out]


def _names(changes: Sequence[Change], desired: Desired) -> Mapping[AssetId, str]:
    spoken: set[AssetId] = set()
    for change in changes:
        spoken.update(photo.asset_id for photo in change.blocked)
        if change.withheld is not None:
            withheld = change.withheld
            spoken.update((*withheld.added, *withheld.removed, *withheld.rewritten))
            spoken.update(move.asset_id for move in withheld.moved)
        spoken.update(one.asset_id for one in change.develop)
        spoken.update(one.source for one in change.develop if one.source is not None)
        if change.cover is not None:
            spoken.add(change.cover)
        if change.members is not None and change.verb not in (Verb.UNCHANGED, Verb.DELETE):
            spoken.update(change.members.before, change.members.after)
    return {a: desired.names[a] for a in spoken if a in desired.names}


@frozen
class _Counted:
    summary: str
    verb: Verb


_VERBS = (
    _Counted("create", Verb.CREATE),
    _Counted("change", Verb.UPDATE),
    _Counted("replace", Verb.REPLACE),
    _Counted("delete", Verb.DELETE),
    _Counted("let_go", Verb.LET_GO),
    _Counted("unchanged", Verb.UNCHANGED),
    _Counted("paused", Verb.PAUSED),
)


def _summary(changes: Sequence[Change], steps: Sequence[Step], snapshot: Snapshot, elsewhere: Elsewhere) -> Summary:
    counts = {one.summary: sum(change.verb is one.verb for change in changes) for one in _VERBS}
    members = [change.members for change in changes if change.members is not None]
    uploads = [step.action.original for step in steps if isinstance(step.action, UploadOriginal)]
    return Summary(
        create=counts["create"],
        change=counts["change"],
        replace=counts["replace"],
        delete=counts["delete"],
        let_go=counts["let_go"],
        unchanged=counts["unchanged"],
        paused=counts["paused"],
        blocked=sum(change.is_blocked + len(change.blocked) for change in changes),
        members_add=sum(len(one.added) for one in members),
        members_remove=sum(len(one.removed) for one in members),
        members_move=sum(len(one.moved) for one in members),
        members_live=sum(
            len({a for one in live_ids(change) for a in members_in(one, snapshot)})
            for change in changes
            if change.id is not None
        ),
        elsewhere=elsewhere,
        uploads=len(uploads),
        develop=sum(len(change.develop) for change in changes),
        upload_bytes=sum(original.size_bytes for original in uploads),
        read_calls=0 if snapshot.is_taken else snapshot.calls,
        apply_calls=apply_calls(changes, steps, snapshot),
    )

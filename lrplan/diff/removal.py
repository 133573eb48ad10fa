"""
What goes because no manifest declares it any more, and what stays although none does.

Only an address that the state binds is ever deleted: lrplan must remember having made it. An album that merely looks
like one of this project's (the state was lost) is an orphan: kept, and said.
"""

from collections.abc import Iterable

from lrplan.diff.change import Change, Drift, DriftKind, MemberChange, Reason, Verb
from lrplan.model.address import Address, is_set
from lrplan.model.album import AlbumKind, Membership
from lrplan.model.fingerprint import combined, fingerprint
from lrplan.model.ids import AlbumId, Owner, address_bits, owner_bits, read_album_id
from lrplan.model.snapshot import Snapshot
from lrplan.model.state import Binding, State
from lrplan.resolve.desired import Desired
from lrplan.resolve.generations import Generations


def compare_removals(
    desired: Desired, snapshot: Snapshot, state: State, generations: Generations, changes: Iterable[Change]
) -> list[Change]:
    """The albums and sets that the state binds and no manifest declares; a set that would keep a child is blocked."""
    gone = [address for address in sorted(state.bindings) if desired.lets_go(address)]
    live = {address: tuple(album for _, album in generations.of(address)) for address in gone}
    parents = _parents_afterwards(snapshot, changes)
    for ids in live.values():
        for album in ids:
            parents.pop(album, None)
    removals = []
    # deepest sets first, so that a set whose only child set is blocked is blocked too
    for address in sorted(gone, key=lambda one: -_depth(live[one], snapshot)):
        if not live[address]:
            continue
        change = _removal(address, live[address], snapshot, state.bindings[address])
        staying = [child for child, parent in parents.items() if parent in live[address]] if is_set(address) else []
        if staying:
            change = _blocked(change, _staying(sorted(snapshot.albums[child].name for child in staying)))
            for album in live[address]:
                parents[album] = snapshot.albums[album].parent
        removals.append(change)
    return removals


def find_orphans(desired: Desired, snapshot: Snapshot, state: State | None, owner: Owner) -> list[Drift]:
    """Albums with this project's bits that neither a manifest nor the state knows.

    Of these nobody knows the address, so that a plan for a part of the project has nothing to say of them.
    """
    if not desired.scope.is_whole:
        return []
    known = {address_bits(address) for address in desired.albums}
    if state is not None:
        known.update(address_bits(address) for address in state.bindings)
    ours = owner_bits(owner)
    orphans = []
    for album_id in sorted(snapshot.albums):
        album, derived = snapshot.albums[album_id], read_album_id(album_id)
        if derived is None or derived.owner_bits != ours or derived.address_bits in known:
            continue
        if album.service_id in (None, owner.service_id):
            text = f'"{album.name}" was made by this project, but no manifest declares it and no state knows it'
            orphans.append(Drift(kind=DriftKind.ORPHAN, text=text, album_id=album_id))
    return orphans


def _no_longer_declared(source: str) -> Reason:
    last = f"; it stood at {source}" if source else ""
    return Reason(code="no-longer-declared", text=f"no manifest declares it any more{last}")


def _removal(address: Address, live: tuple[AlbumId, ...], snapshot: Snapshot, binding: Binding) -> Change:
    newest = snapshot.albums[live[0]]
    derived = read_album_id(live[0])
    members = snapshot.members.get(live[0])
    prints = tuple(fingerprint(snapshot.albums[album], snapshot.members.get(album)) for album in live)
    return Change(
        address=address,
        kind=AlbumKind.SET if is_set(address) else AlbumKind.ALBUM,
        verb=Verb.DELETE,
        name=newest.name,
        reason=_no_longer_declared(binding.source),
        id=live[0],
        generation=derived.generation if derived is not None else 0,
        retired=live,
        members=_departing(members, binding) if members is not None else None,
        looks_inside=not is_set(address),
        fingerprint=combined(prints),
    )


def _departing(members: Membership, binding: Binding) -> MemberChange:
    put = frozenset(binding.put)
    foreign = tuple(asset_id for asset_id in members.asset_ids if asset_id not in put)
    return MemberChange(before=members.asset_ids, foreign=foreign)


def _staying(names: list[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} stays in it"
    return f"{len(names):,} albums or sets stay in it: {', '.join(names[:3])}" + (", …" if len(names) > 3 else "")


def _blocked(change: Change, text: str) -> Change:
    wish = f"; {change.reason.text}" if change.reason is not None else ""
    return Change(
        address=change.address,
        kind=change.kind,
        verb=Verb.BLOCKED,
        name=change.name,
        reason=Reason(code="not-empty", text=text + wish),
        id=change.id,
        generation=change.generation,
        fingerprint=change.fingerprint,
    )


def _parents_afterwards(snapshot: Snapshot, changes: Iterable[Change]) -> dict[AlbumId, AlbumId | None]:
    """The parent that each live album has once the changes are made; albums that are replaced count by their heirs."""
    parents = {album.id: album.parent for album in snapshot.albums.values()}
    for change in changes:
        moves = change.id is not None and any(one.path == "parent" for one in change.fields)
        if moves and change.id is not None:
            parents[change.id] = None  # away from where it was; where to is no set that goes
        for album in change.retired:
            parents.pop(album, None)
        if change.verb is Verb.REPLACE and not moves and change.id is not None:
            parents[change.id] = snapshot.albums[change.id].parent
    return parents


def _depth(live: tuple[AlbumId, ...], snapshot: Snapshot) -> int:
    depth = 0
    seen: set[AlbumId] = set()
    current: AlbumId | None = live[0] if live else None
    while current is not None and current in snapshot.albums and current not in seen:
        seen.add(current)
        current = snapshot.albums[current].parent
        depth += 1
    return depth

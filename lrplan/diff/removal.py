"""
What goes because no manifest declares it any more, and what stays although none does.

Only an address that the state binds is ever deleted: lrplan must remember having made it. An album that merely looks
like one of this project's (the state was lost) is an orphan: kept, and said.
"""

from collections.abc import Iterable

from lrplan.diff.change import LEAVING, Change, Drift, DriftKind, FieldChange, MemberChange, Reason, Verb
from lrplan.model.address import Address, is_set, lost_bits
from lrplan.model.album import AlbumKind, Membership
from lrplan.model.fingerprint import combined, fingerprint
from lrplan.model.ids import AlbumId
from lrplan.model.snapshot import Snapshot
from lrplan.model.state import Binding, State, WhenGone
from lrplan.resolve.desired import Desired
from lrplan.resolve.generations import Generations


def compare_removals(
    desired: Desired, snapshot: Snapshot, state: State, generations: Generations, changes: Iterable[Change]
) -> list[Change]:
    """The albums and sets that the state binds and no manifest declares; a set that would keep a child is blocked.

    Those whose entry said that they are not to be deleted are let go once, and then left alone.
    """
    undeclared = [address for address in sorted(state.bindings) if desired.lets_go(address)]
    gone = [address for address in undeclared if state.bindings[address].when_gone is WhenGone.DELETE]
    live = {address: tuple(album for _, album in generations.of(address)) for address in undeclared}
    newest = {address: generations.of(address)[0][0] for address in undeclared if live[address]}
    parents = _parents_afterwards(snapshot, changes)
    for address in gone:
        for album in live[address]:
            parents.pop(album, None)
    removals = [
        _letting_go(address, live[address][0], newest[address], snapshot, state.bindings[address])
        for address in undeclared
        if live[address] and address not in gone and not state.bindings[address].gone
    ]
    # deepest sets first, so that a set whose only child set is blocked is blocked too
    for address in sorted(gone, key=lambda one: -_depth(live[one], snapshot)):
        if not live[address]:
            continue
        change = _removal(address, live[address], newest[address], snapshot, state.bindings[address])
        staying = [child for child, parent in parents.items() if parent in live[address]] if is_set(address) else []
        if staying:
            change = _blocked(change, _staying(sorted(snapshot.albums[child].name for child in staying)))
            for album in live[address]:
                parents[album] = snapshot.albums[album].parent
        removals.append(change)
    return removals


def find_away(desired: Desired, state: State | None, generations: Generations) -> tuple[Address, ...]:
    """The addresses that were let go, whose entry is still gone, and that are still there."""
    bindings = state.bindings if state is not None else {}
    marked = (address for address, binding in bindings.items() if binding.gone and desired.lets_go(address))
    return tuple(sorted(address for address in marked if generations.of(address)))


def find_orphans(
    declared: Iterable[Address], snapshot: Snapshot, state: State | None, generations: Generations
) -> list[Drift]:
    """Albums with this project's bits that neither a manifest nor the state knows."""
    known = {*declared, *(state.bindings if state is not None else ())}
    orphans = []
    for album_id in generations.beside(known):
        name = snapshot.albums[album_id].name
        text = f'"{name}" was made by this project, but no manifest declares it and no state knows it'
        orphans.append(Drift(kind=DriftKind.ORPHAN, text=text, album_id=album_id))
    return orphans


def _no_longer_declared(address: Address, source: str) -> Reason:
    if lost_bits(address) is not None:
        return Reason(code="no-longer-declared", text="no manifest declares it, and its address is lost")
    return Reason(code="no-longer-declared", text=f"no manifest declares it any more{_stood_at(source)}")


def _stood_at(source: str) -> str:
    return f"; it stood at {source}" if source else ""


def _letting_go(address: Address, newest: AlbumId, generation: int, snapshot: Snapshot, binding: Binding) -> Change:
    """What is left in the catalog, and perhaps marked there; of several generations the newest, which wins."""
    album = snapshot.albums[newest]
    is_marked = album.publish_info is not None and bool(album.publish_info.deleted)
    marks = binding.when_gone is WhenGone.TOMBSTONE and not is_marked
    already = "; it is marked as deleted already" if binding.when_gone is WhenGone.TOMBSTONE and is_marked else ""
    said = f"no manifest declares it any more, and its entry said whenGone: {binding.when_gone}{already}"
    return Change(
        address=address,
        kind=AlbumKind.SET if is_set(address) else AlbumKind.ALBUM,
        verb=Verb.UPDATE if marks else Verb.LET_GO,
        name=album.name,
        reason=Reason(code=LEAVING, text=said + _stood_at(binding.source)),
        id=newest,
        generation=generation,
        fields=(FieldChange(path="publishInfo.deleted", before="false", after="true"),) if marks else (),
        fingerprint=fingerprint(album, None),
    )


def _removal(
    address: Address, live: tuple[AlbumId, ...], generation: int, snapshot: Snapshot, binding: Binding
) -> Change:
    newest = snapshot.albums[live[0]]
    members = snapshot.members.get(live[0])
    prints = tuple(fingerprint(snapshot.albums[album], snapshot.members.get(album)) for album in live)
    return Change(
        address=address,
        kind=AlbumKind.SET if is_set(address) else AlbumKind.ALBUM,
        verb=Verb.DELETE,
        name=newest.name,
        reason=_no_longer_declared(address, binding.source),
        id=live[0],
        generation=generation,
        retired=live,
        members=_departing(members, binding) if members is not None else None,
        protected=binding.protect,
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

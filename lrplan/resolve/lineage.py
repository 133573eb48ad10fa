"""
Whether the catalog and the memory agree with what the manifests say of ids: what cannot be taken over, and why.

An id is adopted once; when its album has been replaced it is gone, and the line may stay. So an id that is not there is
no mistake as long as something tells what became of it: a later generation, or the memory of having had it.
"""

from collections.abc import Collection, Mapping

from attrs import frozen

from lrplan.diagnostics import Diagnostic, SourceSpan, error, warning
from lrplan.manifest.entries import AlbumEntry, Manifest, Move, SetEntry
from lrplan.model.address import Address, is_set
from lrplan.model.album import Album, AlbumKind
from lrplan.model.ids import AlbumId, DerivedAlbumId, Owner, address_bits, owner_bits, read_album_id
from lrplan.model.inheritance import Former, taken_apart
from lrplan.model.state import State
from lrplan.resolve.generations import Claims, Generations, is_of_key

_REPLACED_ONCE = 1  # the generation that follows an adopted album


def adopted_to_look_for(claims: Claims, generations: Generations, listed: Collection[AlbumId]) -> tuple[AlbumId, ...]:
    """The adopted ids that no listing shows, and of which nothing tells what became; who has them is to be asked.

    What the memory has bound was asked for with all that is remembered.
    """
    open_ids = (
        album_id
        for address, album_id in claims.adopted.items()
        if album_id not in listed
        and claims.bound.get(address) != album_id
        and not _has_replaced(address, generations, claims)
    )
    return tuple(sorted(set(open_ids)))


def check_lineage(
    manifest: Manifest,
    state: State | None,
    albums: Mapping[AlbumId, Album],
    foreign: Collection[AlbumId],
    *,
    owner: Owner,
    claims: Claims,
    generations: Generations,
) -> tuple[Diagnostic, ...]:
    """Complain of ids that cannot be taken over and of moves that cannot be; say of lines that they can go.

    Args:
        foreign: Ids that are taken, by something that this API key may not read.
    """
    around = _Around(state=state, albums=albums, foreign=foreign, owner=owner, claims=claims, generations=generations)
    said: list[Diagnostic] = []
    entries: tuple[SetEntry | AlbumEntry, ...] = (*manifest.sets.values(), *manifest.albums.values())
    for entry in entries:
        if entry.adopt is not None:
            one = _check(entry.address, AlbumId(entry.adopt.value), entry.adopt.span, around)
            said.extend(() if one is None else (one,))
    for move in manifest.moves:
        problem = _check_move(move, around)
        said.extend(() if problem is None else (problem,))
    return tuple(said)


def newly_moved(former: Former, state: State | None, generations: Generations) -> Mapping[Address, Address]:
    """The addresses whose albums are remembered, or were made, under the address that they had before: that one.

    Args:
        state: What is remembered, as it was before anything was inherited.
    """
    bound = state.bindings if state is not None else {}
    moved = {}
    for address, chain in former.items():
        if address in bound:
            continue
        live = generations.of(address)
        _, ago, _ = taken_apart(live[0][0]) if live else (0, 0, 0)
        derived = chain[ago - 1] if 0 < ago <= len(chain) else None
        known = next((one for one in chain if one in bound), derived)
        if live and known is not None:
            moved[address] = known
    return moved


@frozen(kw_only=True)
class _Around:
    state: State | None
    albums: Mapping[AlbumId, Album]
    foreign: Collection[AlbumId]
    owner: Owner
    claims: Claims
    generations: Generations


def _check(address: Address, wanted: AlbumId, span: SourceSpan, around: _Around) -> Diagnostic | None:
    derived = read_album_id(wanted)
    refused = _derived(address, wanted, derived, span, around) if derived is not None else None
    if refused is not None:
        return refused
    holder = next((one for one, held in around.claims.bound.items() if held == wanted and one != address), None)
    if holder is not None:
        why = f"lrplan remembers it as {holder}, and an album has one address."
        hint = (
            "take this line out"
            if holder in around.claims.declared
            else f"declare {holder} again, or choose another id"
        )
        return _refused("the id is that of another address", span, why, hint)
    album = around.albums.get(wanted)
    if album is None:
        return _absent(address, wanted, span, around)
    problem = _misfit(address, album, around.owner)
    if problem is not None:
        return _refused(f'"{album.name}" cannot be taken over', span, *problem)
    return _unproven(address, album, span, around)


def _derived(
    address: Address, wanted: AlbumId, derived: DerivedAlbumId, span: SourceSpan, around: _Around
) -> Diagnostic | None:
    """An id that lrplan made: that of this very address needs no line, and that of another one is not to be had.

    None for one of an address that nobody knows any more: the manifests that declared it were lost, and its album may
    have another one.
    """
    if derived.owner_bits not in {owner_bits(one) for one in (around.owner, *around.claims.previous)}:
        why = "It was derived from another project, account or API key."
        return _refused("the id is that of another lrplan project", span, why, "let that project go on with its album")
    if derived.address_bits in {address_bits(one) for one in around.claims.line(address)}:
        return _can_go(span, f"{wanted} was derived for {address}, which is why it needs no line")
    other = next((one for one in around.claims.addresses if address_bits(one) == derived.address_bits), None)
    if other is None:
        return None
    why = f"It was derived for {other}, and an album has one address."
    return _refused("the id is that of another address of this project", span, why, "take this line out")


def _absent(address: Address, wanted: AlbumId, span: SourceSpan, around: _Around) -> Diagnostic | None:
    if wanted in around.foreign:
        return _refused("the album cannot be taken over", span, *_OF_ANOTHER_KEY)
    binding = around.state.bindings.get(address) if around.state is not None else None
    if binding is not None and binding.album_id == wanted:
        return None  # it was deleted since, which the plan says
    used = around.state.used.get(address, 0) if around.state is not None else 0
    replaced = _has_replaced(address, around.generations, around.claims)
    if replaced or binding is not None or used >= _REPLACED_ONCE:
        return _can_go(span, f"{wanted} is gone, and {address} has had a newer album since")
    why = f"The catalog has no album or set {wanted}, and nothing tells that {address} had it and replaced it."
    return _refused("id not in the catalog", span, why, "correct the id, or take the line out to make a new one")


_OF_ANOTHER_KEY = (
    "Another API key made it, and only that one may change it.",
    "take the line out to make a new one",
)


def _misfit(address: Address, album: Album, owner: Owner) -> tuple[str, str] | None:
    """Why an album that is there cannot be that of *address*, and what to do; None if it can."""
    if album.kind not in (AlbumKind.ALBUM, AlbumKind.SET):
        return (
            "It is a collection of the customer, which the API lets nobody change.",
            "take the line out to make a new one",
        )
    if not is_of_key(album, owner):
        return _OF_ANOTHER_KEY
    if is_set(address) and album.kind is AlbumKind.ALBUM:
        return "It is an album, and this entry declares a set.", "move the entry to albums, or correct the id"
    if not is_set(address) and album.kind is AlbumKind.SET:
        return "It is a set, and this entry declares an album.", "move the entry to sets, or correct the id"
    return None


def _unproven(address: Address, album: Album, span: SourceSpan, around: _Around) -> Diagnostic | None:
    """A derived album beside a live adopted one, unless it is known to replace that one."""
    binding = around.state.bindings.get(address) if around.state is not None else None
    newer = [(number, one) for number, one in around.generations.of(address) if one != album.id]
    is_known = binding is not None and binding.album_id == album.id
    if not newer or (is_known and all(_replaces(address, number, around.claims) for number, _ in newer)):
        return None
    derived = newer[0][1]
    why = f"{derived} was derived for {address} and lives beside {album.id}; nothing tells that it replaces it."
    hint = f"take this line out to go on with {derived}, or delete {derived} in Lightroom to go on with {album.id}"
    return _refused(f"{address} has two albums", span, why, hint)


def _has_replaced(address: Address, generations: Generations, claims: Claims) -> bool:
    return any(_replaces(address, number, claims) for number, _ in generations.of(address))


def _replaces(address: Address, number: int, claims: Claims) -> bool:
    """Whether an album of this number may have replaced an adopted one: the first generation of all did not."""
    return claims.inherits(address) or number >= _REPLACED_ONCE


def _check_move(move: Move, around: _Around) -> Diagnostic | None:
    source, target = move.source.value, move.target.value
    bound = around.claims.bound
    if source in around.claims.declared:
        if not around.generations.of(source) or (source in bound and target in bound):
            return _move_can_go(move.source.span, f"{source} is declared anew, and moves nowhere")
        why = f"Its album is to be that of {target}, which has no id of its own yet."
        hint = f"choose another key, or take this line out to make another album for {target}"
        return error("LRP222", f"{source} is declared, and moves", span=move.source.span, why=why, hint=hint)
    heir = next((one for one, chain in around.claims.former.items() if source in chain), None)
    live = around.generations.of(heir) if heir is not None else ()
    own = [album_id for number, album_id in live if number >= 0 and read_album_id(album_id) is not None]
    old = [album_id for _, album_id in live if album_id not in own]
    if heir is None or not own:
        return None
    if not old:
        return _move_can_go(move.source.span, f"{heir} has an album of its own by now")
    if bound.get(heir) in own:
        why = f"{heir} has {own[0]}, and {source} has {old[0]}; nothing tells that one replaces the other."
        hint = "choose another key, or take this line out"
        return error("LRP222", f"{heir} has two albums", span=move.source.span, why=why, hint=hint)
    return None


def _refused(what: str, span: SourceSpan, why: str, hint: str) -> Diagnostic:
    return error("LRP221", what, span=span, why=why, hint=hint)


def _move_can_go(span: SourceSpan, why: str) -> Diagnostic:
    return warning("LRP222", "this line of `moved` can go", span=span, why=f"{why}.")


def _can_go(span: SourceSpan, why: str) -> Diagnostic:
    return warning("LRP221", "this `adopt` line can go", span=span, why=f"{why}.")

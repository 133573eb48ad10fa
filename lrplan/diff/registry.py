"""Which album id an address has or will have, and which asset ids its photos have: for what ties galleries to them."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from attrs import field, frozen

from lrplan.diff.sides import next_generation, sides_of
from lrplan.model.address import Address, is_set
from lrplan.model.album import AlbumKind, Membership
from lrplan.model.ids import AlbumId, AssetId, Owner, album_id
from lrplan.model.snapshot import Account, Catalog, Snapshot
from lrplan.model.state import Binding, State
from lrplan.resolve.desired import Desired
from lrplan.resolve.generations import Generations
from lrplan.resolve.photos import names_of


class Standing(StrEnum):
    """Whether the album of an address is there."""

    LIVE = "live"
    TO_CREATE = "toCreate"  # the id that it gets when it is made, unless that turns out to be used up
    UNDECLARED = "undeclared"  # live and remembered, and the next plan lets it go
    REMEMBERED = "remembered"  # as the last apply left it; nobody looked


@frozen(kw_only=True)
class NamedPhoto:
    """A photo of an album. *file_name* and *remote_id* are "" where there is none, or none is known."""

    asset_id: AssetId
    file_name: str = ""
    remote_id: str = ""


@frozen(kw_only=True)
class Named:
    """One address.

    Attributes:
        remote_id: As it is live, else as it is declared; "" for none.
        photos: In the order of the album; None where nobody looked.
    """

    address: Address
    kind: AlbumKind
    standing: Standing
    album_id: AlbumId
    generation: int
    remote_id: str = ""
    photos: tuple[NamedPhoto, ...] | None = None


@frozen(kw_only=True)
class Registry:
    """Every address of a project, sorted; *has_looked* tells a look at the catalog from what is remembered."""

    project: str
    has_looked: bool = True
    named: tuple[Named, ...] = field(factory=tuple)


def live_registry(
    declared: Mapping[Address, str], state: State | None, snapshot: Snapshot, generations: Generations, owner: Owner
) -> Registry:
    """The addresses as they are in the catalog.

    Args:
        declared: The remoteId that the manifests give each address, "" for none.
        snapshot: With the members of the albums whose photos are to be named.
    """
    sides = sides_of(Desired(), snapshot, state, owner, generations)
    named = []
    for address in sorted({*declared, *(state.bindings if state is not None else ())}):
        live = generations.of(address)
        if live:
            album = snapshot.albums[live[0][1]]
            generation, found = live[0][0], album.id
            standing = Standing.LIVE if address in declared else Standing.UNDECLARED
            remote_id = (album.publish_info.remote_id if album.publish_info is not None else None) or ""
            photos = _photos(snapshot.members.get(album.id), names_of(snapshot, {}))
        elif address in declared:
            generation = next_generation(address, sides)
            found, standing = album_id(owner, address, generation), Standing.TO_CREATE
            remote_id, photos = declared[address], None
        else:
            continue
        named.append(_named(address, standing, found, generation, remote_id, photos))
    return Registry(project=owner.project, named=tuple(named))


def remembered_registry(declared: Mapping[Address, str], state: State) -> Registry:
    """The addresses as the last apply left them, and those that are to be made as far as is remembered."""
    owner = Owner(account_id=state.account_id, service_id=state.service_id, project=state.project)
    nowhere = Snapshot(
        account=Account(id=state.account_id, name="", status=""),
        catalog=Catalog(id=state.catalog_id, name=""),
        service_id=state.service_id,
    )
    sides = sides_of(Desired(), nowhere, state, owner, Generations())
    named = []
    for address in sorted({*declared, *state.bindings}):
        binding = state.bindings.get(address)
        if binding is not None and binding.generation >= 0:
            info = binding.applied.publish_info
            remote_id = (info.remote_id if info is not None else None) or ""
            photos = None if is_set(address) else tuple(_remembered_photos(binding))
            standing = Standing.REMEMBERED
            named.append(_named(address, standing, binding.album_id, binding.generation, remote_id, photos))
        elif address in declared:
            generation = next_generation(address, sides)
            found = album_id(owner, address, generation)
            named.append(_named(address, Standing.TO_CREATE, found, generation, declared[address], None))
    return Registry(project=state.project, has_looked=False, named=tuple(named))


def _named(
    address: Address,
    standing: Standing,
    found: AlbumId,
    generation: int,
    remote_id: str,
    photos: tuple[NamedPhoto, ...] | None,
) -> Named:
    return Named(
        address=address,
        kind=AlbumKind.SET if is_set(address) else AlbumKind.ALBUM,
        standing=standing,
        album_id=found,
        generation=generation,
        remote_id=remote_id,
        photos=photos,
    )


def _photos(listing: Membership | None, names: Mapping[AssetId, str]) -> tuple[NamedPhoto, ...] | None:
    if listing is None:
        return None
    infos = listing.infos
    return tuple(
        NamedPhoto(asset_id=a, file_name=names.get(a, ""), remote_id=(infos[a].remote_id if a in infos else None) or "")
        for a in listing.asset_ids
    )


def _remembered_photos(binding: Binding) -> Iterable[NamedPhoto]:
    photos = binding.seen if binding.seen is not None else binding.put
    return (NamedPhoto(asset_id=a, file_name=binding.known_as.get(a, "")) for a in photos)

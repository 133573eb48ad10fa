"""
Reading the live catalog once, as narrowly as the wish allows, into a frozen snapshot.

What must be read next depends on what was read before (`resolve.needs` says what, in rounds); nothing is read twice.
How photos are found that no album shows is said in `workflow.finding`.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from attrs import evolve, frozen

from lrplan.diagnostics import Diagnostic, Failure, SourceSpan, error
from lrplan.events import Phase
from lrplan.manifest.entries import Manifest, Project, SourceText
from lrplan.manifest.lists import parse_list
from lrplan.manifest.needs import FileNeeds, files_needed, uploads_among
from lrplan.model.address import Address
from lrplan.model.album import Album, AlbumKind, Flag, Membership
from lrplan.model.asset import Asset
from lrplan.model.ids import AlbumId, AssetId, Owner, ServiceId, read_album_id
from lrplan.model.inventory import Inventory
from lrplan.model.snapshot import Account, Catalog, Snapshot
from lrplan.model.state import UNUSED, Binding, State, WhenGone
from lrplan.plan.limits import LAG_WAITS_S
from lrplan.ports import Files, Foreign, MemberListing
from lrplan.resolve.generations import Claims, Generations, claims_of, find_generations, id_of
from lrplan.resolve.lineage import adopted_to_look_for
from lrplan.resolve.needs import albums_to_read, albums_to_search
from lrplan.resolve.selecting import listings_to_select
from lrplan.resolve.wanted import Wish
from lrplan.workflow.finding import find_photos, with_assets
from lrplan.workflow.surroundings import Surroundings
from lrplan.workflow.together import together as together

ENTITLED = frozenset({"subscriber", "trial"})  # Lightroom guides, "Check customer entitlement"
NOTHING_BEGUN: Mapping[AssetId, tuple[str, ...]] = MappingProxyType({})


@frozen(kw_only=True)
class Reading:
    """The catalog as it was read for one wish, with whose albums are looked for in it, and which were found.

    Attributes:
        claims: What says which albums belong to an address, beside their ids.
        foreign: Ids that are to be adopted and are taken by something that may not be read.
    """

    snapshot: Snapshot
    owner: Owner
    claims: Claims
    generations: Generations
    foreign: frozenset[AlbumId] = frozenset()


def read_inventory(manifest: Manifest, around: Surroundings) -> Inventory:
    """Read the local files that the manifests point at: lists, originals, which are hashed, and develop settings."""
    needed, part_size = files_needed(manifest), manifest.project.api.part_size_bytes
    lists = around.files.inventory([one.value for one in needed.lists], (), part_size_bytes=part_size).lists
    uploads = {one.value for one in needed.uploads}
    for path, content in lists.items():
        if isinstance(content, bytes):
            photos, _ = parse_list(SourceText(path, content))  # what is wrong with a list is said when it is filled in
            uploads.update(one.value for one in uploads_among(photos))
    read = around.files.inventory((), sorted(uploads), part_size_bytes=part_size)
    return evolve(with_xmp_files(read, needed, sorted(uploads), around.files), lists=lists)


def with_xmp_files(inventory: Inventory, needed: FileNeeds, uploads: Sequence[str], files: Files) -> Inventory:
    """*inventory*, with the files of develop settings that manifests name, and those that lie beside *uploads*."""
    named = [one.value for one in needed.xmp_files]
    sidecars = files.sidecars(uploads)
    lying = {path for beside in sidecars.values() for path in beside.sidecars}
    read = files.xmp_files((*named, *sorted(lying.difference(named))))
    return evolve(inventory, xmp_files=read, named_xmp=frozenset(named), sidecars=sidecars)


async def read_account(project: Project | None, around: Surroundings) -> tuple[Account, Catalog]:
    """Read whose catalog it is, and refuse any but the one that *project* names, if it names one.

    Raises:
        Failure: LRP303, the account may not use the service; LRP304, it is not the account or catalog that the project
            names.
    """
    account = await around.service.account()
    if account.status not in ENTITLED:
        said = error(
            "LRP303",
            f"the account may not use the service: its status is {account.status or 'not given'!r}",
            why="Only subscribers and trial users can be served.",
            hint="check the subscription of the account",
        )
        raise Failure(said)
    if project is not None and project.account is not None and project.account.value != account.id:
        raise Failure(another("account", project.account.value, account.id, span=project.account.span))
    catalog = await around.service.catalog()
    if project is not None and project.catalog is not None and project.catalog.value != catalog.id:
        raise Failure(another("catalog", project.catalog.value, catalog.id, span=project.catalog.span))
    return account, catalog


async def read_catalog(
    manifest: Manifest,
    wishes: Mapping[Address, Wish],
    inventory: Inventory,
    service_id: ServiceId,
    state: State | None,
    around: Surroundings,
    *,
    begun: Mapping[AssetId, tuple[str, ...]] = NOTHING_BEGUN,
) -> Reading:
    """Read what the wish needs of the live catalog.

    Args:
        wishes: The albums with their list files filled in, as `expand` gives them.
        state: What is remembered, as this project knows it: see `inherited`.
        begun: The originals that earlier runs began to send: see `Snapshot`.

    Raises:
        Failure: The service fails or refuses.
    """
    started, first_call = around.clock.monotonic(), around.service.calls
    listed = await read_albums(manifest, service_id, state, around)
    owner, claims, snapshot = listed.owner, listed.claims, evolve(listed.snapshot, begun=begun)
    bindings = state.bindings if state is not None else {}
    remembered = tuple(address for address, one in bindings.items() if one.when_gone is WhenGone.DELETE)
    generations = find_generations(owner, snapshot.albums, claims)
    keeps_parents = state is not None and state.keeps_parents
    needed = albums_to_read(manifest, generations, snapshot, remembered, keeps_parents=keeps_parents)
    snapshot = await with_members(snapshot, needed, generations, state, around)
    generations = find_generations(owner, snapshot.albums, claims)
    if within := albums_to_search(wishes, snapshot, generations):
        snapshot = await with_members(snapshot, within, generations, None, around)
        generations = find_generations(owner, snapshot.albums, claims)
    snapshot = await _with_selected(snapshot, listings_to_select(wishes, generations), around)
    snapshot = await find_photos(snapshot, wishes, inventory, owner, generations, state, around)
    snapshot = evolve(
        snapshot,
        read_at=around.clock.now(),
        calls=around.service.calls - first_call,
        seconds=around.clock.monotonic() - started,
    )
    return Reading(snapshot=snapshot, owner=owner, claims=claims, generations=generations, foreign=listed.foreign)


@frozen(kw_only=True)
class Listed:
    """Every album and set that the API key has, whose they are, and what says which of them are of an address.

    Attributes:
        foreign: Ids that are to be adopted and are taken, by something that this API key may not read.
    """

    snapshot: Snapshot
    owner: Owner
    claims: Claims
    foreign: frozenset[AlbumId] = frozenset()


async def read_albums(manifest: Manifest, service_id: ServiceId, state: State | None, around: Surroundings) -> Listed:
    """Read whose catalog it is, and every album and set that it has for the API key, without what is in them.

    Raises:
        Failure: As `read_account` and `check_state`; or the service fails or refuses.
    """
    around.events.emit(Phase(what="Reading the catalog"))
    account, catalog = await read_account(manifest.project, around)
    owner = Owner(account_id=account.id, service_id=service_id, project=manifest.project.name)
    check_state(state, owner, catalog)
    before_albums = around.service.calls
    albums = await around.service.albums()
    album_calls = around.service.calls - before_albums
    claims = claims_of(manifest, state, owner)
    albums = (*albums, *await _not_listed(state, owner, claims, albums, around))
    adopted, foreign = await _adopted(claims, owner, albums, around)
    albums = await _without_ghosts(owner, (*albums, *adopted), claims, around)
    snapshot = Snapshot(
        account=account,
        catalog=catalog,
        service_id=service_id,
        albums={album.id: album for album in albums},
        album_calls=album_calls,
    )
    return Listed(snapshot=snapshot, owner=owner, claims=claims, foreign=foreign)


def check_state(state: State | None, owner: Owner, catalog: Catalog) -> None:
    """Refuse a state that belongs to somebody else. One that remembers nothing is of nobody.

    Raises:
        Failure: LRP305.
    """
    if state is None or state.is_blank:
        return
    pairs = (
        ("account", state.account_id, owner.account_id),
        ("API key", state.service_id, owner.service_id),
        ("project", state.project, owner.project),
        ("catalog", state.catalog_id, catalog.id),
    )
    for noun, remembered, live in pairs:
        if remembered != live:
            whose = f"another {noun}" if noun == "API key" else f"{noun} {remembered}, not {live}"
            why = f"It was written for {whose}{'' if noun == 'catalog' else '; ids depend on it'}."
            elsewhere = "begin another project elsewhere with `lrplan init`, or name another folder at `state:`"
            hint = f"use the right credentials; for another {noun} {elsewhere}"
            if noun == "project":
                hint = f"write `project: {remembered}` again; to leave its albums alone, {elsewhere}"
            raise Failure(error("LRP305", f"the state belongs to another {noun}", why=why, hint=hint))


async def _not_listed(
    state: State | None, owner: Owner, claims: Claims, listed: Iterable[Album], around: Surroundings
) -> tuple[Album, ...]:
    """The albums that we remember and the listing lacks. Listings lag, and what seems gone would be made once more.

    The newest generation that was ever used is among them, bound or not: a replacement that was cut off made it.
    """
    bindings = state.bindings if state is not None else {}
    known = {binding.album_id for binding in bindings.values()}
    newest = (id_of(owner, address, one.generation, claims) for address, one in bindings.items() if _may_be(one))
    known.update(one for one in newest if one is not None)
    missing = sorted(known - {album.id for album in listed})
    found = await together(around.service.album(one) for one in missing)
    return tuple(album for album in found if album is not None)


def _may_be(binding: Binding) -> bool:
    """Whether an album of the highest generation ever used may be there. Generation 0 may be what was adopted."""
    if binding.generation == UNUSED:
        return False
    return binding.generation != 0 or read_album_id(binding.album_id) is not None


async def _adopted(
    claims: Claims, owner: Owner, listed: tuple[Album, ...], around: Surroundings
) -> tuple[tuple[Album, ...], frozenset[AlbumId]]:
    """What is to be adopted and is not listed: as far as it can be read, and what is taken by somebody else."""
    albums = {album.id: album for album in listed}
    missing = adopted_to_look_for(claims, find_generations(owner, albums, claims), albums.keys())
    found = await together(around.service.holder(one) for one in missing)
    foreign = (one for one, holder in zip(missing, found, strict=True) if isinstance(holder, Foreign))
    return tuple(holder for holder in found if isinstance(holder, Album)), frozenset(foreign)


async def _without_ghosts(
    owner: Owner, listed: tuple[Album, ...], claims: Claims, around: Surroundings
) -> tuple[Album, ...]:
    """The albums less older sets that are listed, but are not there any more: deletions are shown late too.

    An older album that is not there is found out by the listing of its members.
    """
    sets = {album.id for album in listed if album.kind is AlbumKind.SET}
    generations = find_generations(owner, {album.id: album for album in listed}, claims)
    older = [one for one in generations.older() if one in sets]
    found = await together(around.service.album(one) for one in older)
    ghosts = {one for one, album in zip(older, found, strict=True) if album is None}
    return tuple(album for album in listed if album.id not in ghosts)


async def with_members(
    snapshot: Snapshot,
    needed: tuple[AlbumId, ...],
    generations: Generations,
    state: State | None,
    around: Surroundings,
) -> Snapshot:
    """*snapshot* with the members of the albums that are *needed*, less those that went in the meantime."""
    listings = dict(zip(needed, await together(_members_of(one, around) for one in needed), strict=True))
    for album_id in _lacking(listings, generations, state):
        by_date = await around.service.members_by_date(album_id)
        listing = listings[album_id]
        listings[album_id] = listing.with_others(by_date) if listing is not None and by_date is not None else listing
    members: dict[AlbumId, Membership] = dict(snapshot.members)
    albums: dict[AlbumId, Album] = dict(snapshot.albums)
    assets: dict[AssetId, Asset] = dict(snapshot.assets)
    for album_id, listing in listings.items():
        if listing is None:
            albums.pop(album_id, None)  # it went between the two readings
            continue
        members[album_id] = listing.membership
        assets.update((asset.id, asset) for asset in listing.assets)
    return evolve(snapshot, albums=albums, members=members, assets=assets)


def _lacking(
    listings: Mapping[AlbumId, MemberListing | None], generations: Generations, state: State | None
) -> list[AlbumId]:
    """The albums that lack photos that were put in, with no older generation that has them.

    They were taken out by hand, or are only listed in another way: see `CatalogReader.members`.
    """
    lacking = []
    for address, binding in state.bindings.items() if state is not None else ():
        listing = listings.get(binding.album_id)
        if listing is None or not set(binding.put).difference(listing.membership.asset_ids):
            continue
        mates = [one for _, one in generations.of(address)]
        others = [found for one in mates if (found := listings.get(one)) is not None]
        if set(binding.put).difference(*(one.membership.asset_ids for one in (listing, *others))):
            lacking.append(binding.album_id)
    return lacking


async def _with_selected(
    snapshot: Snapshot, needed: Iterable[tuple[AlbumId, Flag | None]], around: Surroundings
) -> Snapshot:
    """The albums that are looked into only to select from them.

    By date, since photos that a person has put there have no order key: see `CatalogReader.members`.
    """
    asked = sorted((one for one in needed if one[1] is not None or one[0] not in snapshot.members), key=str)

    def ask(album_id: AlbumId, flag: Flag | None) -> Callable[[], Awaitable[MemberListing | None]]:
        return lambda: around.service.members_by_date(album_id, flag=flag)

    listings = await together(_listed(album_id, ask(album_id, flag), around) for album_id, flag in asked)
    found = {key: listing for key, listing in zip(asked, listings, strict=True) if listing is not None}
    selected = {key: listing.membership.asset_ids for key, listing in found.items()}
    assets = (asset for listing in found.values() for asset in listing.assets)
    return with_assets(evolve(snapshot, selected=selected), assets) if found else snapshot


async def _members_of(album_id: AlbumId, around: Surroundings) -> MemberListing | None:
    """The members of an album; None only if the album is gone.

    Raises:
        Failure: LRP802, the album is there and its members are not shown.
    """
    return await _listed(album_id, lambda: around.service.members(album_id), around)


async def _listed(
    album_id: AlbumId, ask: Callable[[], Awaitable[MemberListing | None]], around: Surroundings
) -> MemberListing | None:
    """What *ask* lists; None only if the album is gone, since a listing may come later than what it lists.

    Raises:
        Failure: LRP802, the album is there and its members are not shown.
    """
    for wait_s in (*LAG_WAITS_S, None):
        listing = await ask()
        if listing is not None or await around.service.album(album_id) is None:
            return listing
        if wait_s is not None:
            await around.clock.sleep(wait_s)
    why = f"It shows the album {album_id}, and answers that there is no such album where its photos are listed."
    hint = "try again in some minutes; nothing was changed"
    raise Failure(error("LRP802", "the service does not show the photos of an album", why=why, hint=hint))


def another(noun: str, wanted: str, live: str, *, span: SourceSpan) -> Diagnostic:
    """The refusal of an account or catalog that is not the one that lrplan.yaml names at *span*."""
    return error(
        "LRP304",
        f"this is another {noun}",
        why=f"The project names {noun} {wanted}, the credentials lead to {live}.",
        hint=f"use the credentials of the right {noun}, or correct this line",
        span=span,
    )

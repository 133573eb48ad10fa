"""
Reading the live catalog once, as narrowly as the wish allows, into a frozen snapshot.

What must be read next depends on what was read before (`resolve.needs` says what, in rounds); nothing is read twice.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar

from attrs import evolve, frozen

from lrplan.diagnostics import Diagnostic, Failure, SourceSpan, error
from lrplan.events import Phase
from lrplan.manifest.entries import Manifest, Project, SourceText
from lrplan.manifest.lists import parse_list
from lrplan.manifest.needs import files_needed, uploads_among
from lrplan.model.address import Address
from lrplan.model.album import Album, Membership
from lrplan.model.asset import Asset
from lrplan.model.ids import AlbumId, AssetId, Owner, ServiceId
from lrplan.model.ids import album_id as derived_id
from lrplan.model.inventory import Inventory
from lrplan.model.scope import WHOLE, Scope
from lrplan.model.snapshot import Account, Catalog, Snapshot
from lrplan.model.state import State
from lrplan.plan.limits import LAG_WAITS_S
from lrplan.ports import MemberListing
from lrplan.resolve.generations import Generations, find_generations
from lrplan.resolve.lookup import Window
from lrplan.resolve.needs import (
    albums_to_read,
    hashes_to_look_up,
    ids_to_look_up,
    meets_uploads,
    needs_whole_catalog,
    windows_to_walk,
)
from lrplan.resolve.wanted import Wish
from lrplan.workflow.surroundings import Surroundings

ENTITLED = frozenset({"subscriber", "trial"})  # Lightroom guides, "Check customer entitlement"
NOTHING_BEGUN: Mapping[AssetId, tuple[str, ...]] = MappingProxyType({})
T = TypeVar("T")


@frozen(kw_only=True)
class Reading:
    """The catalog as it was read for one wish, with whose albums are looked for in it, and which were found."""

    snapshot: Snapshot
    owner: Owner
    generations: Generations


def read_inventory(manifest: Manifest, around: Surroundings) -> Inventory:
    """Read the local files that the manifests point at: lists, and originals, which are hashed."""
    needed, part_size = files_needed(manifest), manifest.project.api.part_size_bytes
    lists = around.files.inventory([one.value for one in needed.lists], (), part_size_bytes=part_size).lists
    uploads = {one.value for one in needed.uploads}
    for path, content in lists.items():
        if isinstance(content, bytes):
            photos, _ = parse_list(SourceText(path, content))  # what is wrong with a list is said when it is filled in
            uploads.update(one.value for one in uploads_among(photos))
    return evolve(around.files.inventory((), sorted(uploads), part_size_bytes=part_size), lists=lists)


async def read_account(project: Project | None, around: Surroundings) -> tuple[Account, Catalog]:
    """Read whose catalog it is, and refuse any but the one that *project* names, if it names one.

    Raises:
        Failure: LRP303, the account may not use the service; LRP304, it is not the account or catalog that the project
            names.
    """
    account, live = await around.service.account(), around.taken is None
    if account.status not in ENTITLED:
        said = error(
            "LRP303",
            f"the account may not use the service: its status is {account.status or 'not given'!r}",
            why="Only subscribers and trial users can be served.",
            hint="check the subscription of the account",
        )
        raise Failure(said)
    if project is not None and project.account is not None and project.account.value != account.id:
        raise Failure(another("account", project.account.value, account.id, span=project.account.span, live=live))
    catalog = await around.service.catalog()
    if project is not None and project.catalog is not None and project.catalog.value != catalog.id:
        raise Failure(another("catalog", project.catalog.value, catalog.id, span=project.catalog.span, live=live))
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
    scope: Scope = WHOLE,
) -> Reading:
    """Read what the wish needs of the live catalog.

    Args:
        manifest: With the albums that are planned only.
        wishes: The albums with their list files filled in, as `expand` gives them.
        begun: The originals that earlier runs began to send: see `Snapshot`.
        scope: Which part of what is remembered is planned.

    Raises:
        Failure: The service fails or refuses.
    """
    started, first_call = around.clock.monotonic(), around.service.calls
    around.events.emit(Phase(what="Reading the catalog"))
    snapshot, owner = await read_albums(manifest.project, service_id, state, around)
    snapshot = evolve(snapshot, begun=begun)
    remembered = scope.among(state.bindings) if state is not None else ()
    generations = find_generations(owner, snapshot.albums)
    needed = albums_to_read(manifest, generations, snapshot, remembered)
    snapshot = await with_members(snapshot, needed, generations, state, around)
    generations = find_generations(owner, snapshot.albums)
    snapshot = await _with_photos(snapshot, wishes, inventory, owner, generations, around)
    when = around.taken or evolve(
        snapshot,
        read_at=around.clock.now(),
        calls=around.service.calls - first_call,
        seconds=around.clock.monotonic() - started,
    )
    snapshot = evolve(
        snapshot,
        read_at=when.read_at,
        calls=when.calls,
        album_calls=when.album_calls,
        seconds=when.seconds,
        is_taken=around.taken is not None,
    )
    return Reading(snapshot=snapshot, owner=owner, generations=generations)


async def read_albums(
    project: Project, service_id: ServiceId, state: State | None, around: Surroundings
) -> tuple[Snapshot, Owner]:
    """Read whose catalog it is and every album and set of the API key, those too that a listing shows too late.

    Raises:
        Failure: As `read_account`; LRP305, the state is of somebody else.
    """
    account, catalog = await read_account(project, around)
    owner = Owner(account_id=account.id, service_id=service_id, project=project.name)
    check_state(state, owner, catalog)
    before = around.service.calls
    albums = await around.service.albums()
    album_calls = around.service.calls - before
    albums = (*albums, *await _not_listed(state, owner, albums, around))
    albums = await _without_ghosts(owner, albums, around)
    snapshot = Snapshot(
        account=account,
        catalog=catalog,
        service_id=service_id,
        albums={album.id: album for album in albums},
        album_calls=album_calls,
    )
    return snapshot, owner


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


async def together(questions: Iterable[Coroutine[object, object, T]]) -> list[T]:
    """Ask side by side; the service's own gate bounds how many are under way. The first failure ends all."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(question) for question in questions]
    except BaseExceptionGroup as failures:
        found, _ = failures.split(Failure)
        if found is not None:
            raise first_of(found) from failures
        raise
    return [task.result() for task in tasks]


def first_of(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first single failure inside a group of groups."""
    first: BaseException = failures
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return first


async def _not_listed(
    state: State | None, owner: Owner, listed: Iterable[Album], around: Surroundings
) -> tuple[Album, ...]:
    """The albums that we remember and the listing lacks. Listings lag, and what seems gone would be made once more.

    The newest generation that was ever used is among them, bound or not: a replacement that was cut off made it.
    """
    bindings = state.bindings if state is not None else {}
    known = {binding.album_id for binding in bindings.values()}
    known.update(derived_id(owner, address, one.generation) for address, one in bindings.items() if one.generation > 0)
    missing = sorted(known - {album.id for album in listed})
    found = await together(around.service.album(one) for one in missing)
    return tuple(album for album in found if album is not None)


async def _without_ghosts(owner: Owner, listed: tuple[Album, ...], around: Surroundings) -> tuple[Album, ...]:
    """The albums less older generations that are listed, but are not there any more: deletions are shown late too."""
    generations = find_generations(owner, {album.id: album for album in listed})
    older = [one for live in generations.by_bits.values() for _, one in live[1:]]
    found = await together(around.service.album(one) for one in older)
    ghosts = {one for one, album in zip(older, found, strict=True) if album is None}
    return tuple(album for album in listed if album.id not in ghosts)


async def with_members(
    snapshot: Snapshot,
    needed: Sequence[AlbumId],
    generations: Generations,
    state: State | None,
    around: Surroundings,
) -> Snapshot:
    """*snapshot* with the members of the albums that are *needed*; less those that went meanwhile."""
    listings = dict(zip(needed, await together(_members_of(one, around) for one in needed), strict=True))
    for album_id in _lacking(listings, generations, state):
        by_date = await around.service.members_by_date(album_id)
        listing = listings[album_id]
        listings[album_id] = listing.with_others(by_date) if listing is not None and by_date is not None else listing
    members: dict[AlbumId, Membership] = {}
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
    mates = {key: [one for _, one in live] for live in generations.by_bits.values() for _, key in live}
    lacking = []
    for binding in state.bindings.values() if state is not None else ():
        listing = listings.get(binding.album_id)
        if listing is None or not set(binding.put).difference(listing.membership.asset_ids):
            continue
        others = [found for one in mates.get(binding.album_id, ()) if (found := listings.get(one)) is not None]
        if set(binding.put).difference(*(one.membership.asset_ids for one in (listing, *others))):
            lacking.append(binding.album_id)
    return lacking


async def _members_of(album_id: AlbumId, around: Surroundings) -> MemberListing | None:
    """The members of an album; None only if the album is gone, since a listing may come later than what it lists.

    Raises:
        Failure: LRP802, the album is there and its members are not shown.
    """
    for wait_s in (*LAG_WAITS_S, None):
        listing = await around.service.members(album_id)
        if listing is not None or await around.service.album(album_id) is None:
            return listing
        if wait_s is not None:
            await around.clock.sleep(wait_s)
    why = f"It shows the album {album_id}, and answers that there is no such album where its photos are listed."
    hint = "try again in some minutes; nothing was changed"
    raise Failure(error("LRP802", "the service does not show the photos of an album", why=why, hint=hint))


async def _with_photos(
    snapshot: Snapshot,
    wishes: Mapping[Address, Wish],
    inventory: Inventory,
    owner: Owner,
    generations: Generations,
    around: Surroundings,
) -> Snapshot:
    """The photos that are asked for by id, by name or by their bytes, and which of them wait for their original."""

    async def judged(snapshot: Snapshot) -> Snapshot:
        # Asked at most once, and only if it decides whether something has to be sent or looked for.
        if snapshot.incomplete is not None or not meets_uploads(wishes, inventory, snapshot, owner):
            return snapshot
        incomplete = await around.service.incomplete()
        return _with_assets(evolve(snapshot, incomplete=incomplete), snapshot.assets.values())

    snapshot = await judged(snapshot)
    ids = ids_to_look_up(wishes, inventory, snapshot, owner)
    if ids:
        snapshot = await judged(_with_assets(snapshot, await around.service.assets_by_id(ids)))
    snapshot = await judged(await _with_names(snapshot, wishes, generations, around))
    hashes = hashes_to_look_up(wishes, inventory, snapshot)
    found = await together(around.service.assets_by_sha256(sha256) for sha256 in hashes)
    return await judged(_with_assets(snapshot, (asset for assets in found for asset in assets)))


async def _with_names(
    snapshot: Snapshot, wishes: Mapping[Address, Wish], generations: Generations, around: Surroundings
) -> Snapshot:
    """Walk the dates in which names are open, then the whole catalog if some still are."""
    windows = windows_to_walk(wishes, snapshot, generations)
    for assets in await together(_walk(window, around) for window in windows):
        snapshot = _with_assets(snapshot, assets)
    if windows == (Window(),):
        return evolve(snapshot, walked=True)
    if windows and needs_whole_catalog(wishes, snapshot, generations):
        snapshot = _with_assets(snapshot, await _walk(Window(), around))
        return evolve(snapshot, walked=True)
    return snapshot


async def _walk(window: Window, around: Surroundings) -> tuple[Asset, ...]:
    return await around.service.walk(captured_after=window.after, captured_before=window.before)


def _with_assets(snapshot: Snapshot, assets: Iterable[Asset]) -> Snapshot:
    waiting = snapshot.incomplete.union(snapshot.begun) if snapshot.incomplete is not None else frozenset()
    told = (evolve(asset, is_complete=False) if asset.id in waiting else asset for asset in assets)
    return evolve(snapshot, assets={**snapshot.assets, **{asset.id: asset for asset in told}})


def another(noun: str, wanted: str, found: str, *, span: SourceSpan, live: bool = True) -> Diagnostic:
    """The refusal of an account or catalog that is not the one that lrplan.yaml names at *span*.

    Args:
        live: It was found with the credentials; else it is that of a snapshot.
    """
    lead, use = "the credentials lead to", "the credentials"
    if not live:
        lead, use = "the snapshot is of", "a snapshot"
    return error(
        "LRP304",
        f"this is another {noun}",
        why=f"The project names {noun} {wanted}, {lead} {found}.",
        hint=f"use {use} of the right {noun}, or correct this line",
        span=span,
    )

"""What a wish asks of a catalog, and what nobody may take from it: said without any code of the planner."""

from attrs import evolve

from lrplan.diff.change import DriftKind, Verb
from lrplan.model.address import Address, album_address, set_address
from lrplan.model.album import NO_PAYLOAD, Album, MemberInfo, Membership, PublishInfo, without_stamps
from lrplan.model.ids import AssetId
from lrplan.model.snapshot import Snapshot
from lrplan.plan.plan import Plan
from tests.laws.stage import ADDRESSES, Stage, address_of, generations_of, photo_of
from tests.strategies import Wish, WishedAlbum, WishedSet

NO_ONE = Membership()


def unmet(wish: Wish, stage: Stage, plan: Plan) -> list[str]:
    """What *wish* asks for and the catalog does not hold after *plan* was applied; empty when all is well."""
    world = stage.world
    said: list[str] = []
    for key, wished in wish.sets.items():
        said += _album(set_address(key), wished, world)
    for key, album in wish.albums.items():
        said += _album(album_address(key), album, world)
        said += _members(album_address(key), album, stage, plan)
    declared = {*map(set_address, wish.sets), *map(album_address, wish.albums)}
    blocked = {change.address for change in plan.changes if change.verb is Verb.BLOCKED}
    for address in ADDRESSES:
        if address not in declared and address not in blocked and stage.remembers and generations_of(address, world):
            said.append(f"{address} is still there")
    return said


def _album(address: Address, wished: WishedSet | WishedAlbum, world: Snapshot) -> list[str]:
    live = generations_of(address, world)
    if len(live) != 1:
        return [f"{address} has {len(live)} live generations"]
    album = world.albums[live[0]]
    said = []
    if wished.name is not None and album.name != wished.name:
        said.append(f"{address} is called {album.name}")
    if wished.parent == "/" and album.parent is not None:
        said.append(f"{address} is not at the top level")
    if wished.parent not in (None, "/"):
        parents = generations_of(set_address(str(wished.parent)), world)
        if album.parent not in parents:
            said.append(f"{address} is not in {wished.parent}")
    info = album.publish_info or PublishInfo()
    have = {
        "remoteId": info.remote_id,
        "view": info.view,
        "edit": info.edit,
        "servicePayload": info.service_payload,
        "deleted": bool(info.deleted),
    }
    said += [
        f"{address}: {path} is {have[path]!r}"
        for path, value in ({"deleted": False} | dict(wished.publish)).items()
        if have[path] != value
    ]
    return said


def _members(address: Address, wished: WishedAlbum, stage: Stage, plan: Plan) -> list[str]:
    world = stage.world
    live = generations_of(address, world)
    if not live or wished.members is None:
        return []
    listing = world.members.get(live[0], NO_ONE)
    there = set(listing.asset_ids)
    wanted = [photo_of(ref, world) for ref in wished.members]
    can_be = [a for a in wanted if a in world.assets and not world.assets[a].is_trashed]
    said = [f"{address} lacks {a}" for a in can_be if a not in there]
    kept = any(one.kind is DriftKind.REORDERED and one.address == address for one in plan.drift)
    if wished.order != "captureDate" and not kept:
        order = [a for a in listing.asset_ids if a in set(can_be)]
        if order != [a for a in can_be if a in there]:
            said.append(f"{address} is in another order")
    if kept:
        said += rearranged(address, can_be, stage.planned_from, world)
    for ref, asset in zip(wished.members, wanted, strict=True):
        told = listing.infos.get(asset, MemberInfo()).remote_id
        if ref.remote_id is not None and asset in there and asset in can_be and told != ref.remote_id:
            said.append(f"{address}: the remoteId of {asset} is {told}")
    if wished.cover is not None:
        cover = photo_of(wished.cover, world)
        if cover in can_be and listing.cover != cover:
            said.append(f"{address}: the cover is {listing.cover}")
    said += _lost_unsaid(address, there, stage, plan)
    if stage.remembers:
        extra = there - set(wanted) - stage.ever_by_hand[address]
        said += [f"{address} still holds {a}" for a in extra if not world.assets[a].is_trashed]
    said += [f"{address} lost {a}, added by hand" for a in stage.by_hand[address] - there]
    return said


def _lost_unsaid(address: Address, there: set[AssetId], stage: Stage, plan: Plan) -> list[str]:
    """Photos in the trash that a person had added, and that are in no album any more, though the plan kept silent."""
    before = stage.planned_from
    trashed = {a for a in stage.in_trash[address] if a in before.assets and before.assets[a].is_trashed}
    members = {a for one in generations_of(address, before) for a in before.members.get(one, NO_ONE).asset_ids}
    lost = (trashed & members) - there
    told = sum(one.count for one in plan.drift if one.kind is DriftKind.LEFT_BEHIND and one.address == address)
    return [f"{address} left {len(lost)} photos in the trash behind, {told} were told of"] if told < len(lost) else []


def rearranged(address: Address, wanted: list[AssetId], before: Snapshot, after: Snapshot) -> list[str]:
    """Where an order made by hand was not kept: the photos that were there stand as they stood, new ones behind theirs.

    *wanted* are the photos that the wish names, in its order.
    """
    was_ids, now_ids = generations_of(address, before), generations_of(address, after)
    if not was_ids or not now_ids:
        return [f"{address} is gone"]
    now = [a for a in after.members.get(now_ids[0], NO_ONE).asset_ids if a in set(wanted)]
    was = [a for a in before.members.get(was_ids[0], NO_ONE).asset_ids if a in set(now)]
    said = [] if was == [a for a in now if a in set(was)] else [f"{address}: the order made by hand is lost"]
    left_behind = {a for one in was_ids[1:] for a in before.members.get(one, NO_ONE).asset_ids}
    old: AssetId | None = None  # what stands before it in the wish and stood in the newest generation,
    near: AssetId | None = None  # or in any
    for place, asset in enumerate(wanted):
        if asset in was:
            old = near = asset
        elif asset in left_behind and asset in now:
            near = asset
        elif asset in now and asset not in left_behind:
            let = left_behind | set(wanted[:place])
            if not any(_is_behind(asset, one, now, let, set(was)) for one in (old, near)):
                said.append(f"{address}: {asset} is not behind {old}")
    return said


def _is_behind(asset: AssetId, old: AssetId | None, now: list[AssetId], let: set[AssetId], was: set[AssetId]) -> bool:
    """Whether only photos of *let*, and none of *was*, stand between *old* and *asset*."""
    between = set(now[now.index(old) + 1 if old is not None else 0 : now.index(asset)])
    return between <= let and not between & was


def taken(before: Snapshot, after: Snapshot, wish: Wish, stage: Stage) -> list[str]:
    """What lrplan took away or changed although no wish asked for it; empty when all is well."""
    said = [f"asset {a} is gone or another" for a, asset in before.assets.items() if not _same_asset(a, before, after)]
    for album_id, album in before.albums.items():
        if address_of(album_id) is not None:
            continue
        if after.albums.get(album_id) != album or after.members.get(album_id) != before.members.get(album_id):
            said.append(f"the foreign album {album_id} is gone or another")
    for key, wished in wish.sets.items():
        said += _undeclared(set_address(key), wished, before, after)
    for key, wished_album in wish.albums.items():
        said += _undeclared(album_address(key), wished_album, before, after)
        said += _unmanaged(album_address(key), wished_album, wish, before, after, stage)
    return said


def _same_asset(asset: AssetId, before: Snapshot, after: Snapshot) -> bool:
    was, now = before.assets[asset], after.assets.get(asset)
    return now is not None and evolve(was, is_complete=True) == evolve(now, is_complete=True)


def _undeclared(address: Address, wished: WishedSet | WishedAlbum, before: Snapshot, after: Snapshot) -> list[str]:
    was_ids, now_ids = generations_of(address, before), generations_of(address, after)
    if not was_ids or not now_ids:
        return [] if not was_ids else [f"{address} is gone"]
    was, now = before.albums[was_ids[0]], after.albums[now_ids[0]]
    said = []
    if wished.name is None and was.name != now.name:
        said.append(f"{address}: the name was not to change")
    if wished.parent is None and was.parent != now.parent:
        said.append(f"{address}: the parent was not to change")
    if was.raw != now.raw:
        said.append(f"{address}: its unknown payload is lost")
    paths = {"remoteId": "remote_id", "view": "view", "edit": "edit", "servicePayload": "service_payload"}
    declared = dict(wished.publish)
    for path, attribute in paths.items():
        old, new = getattr(was.publish_info or PublishInfo(), attribute), getattr(now.publish_info, attribute, None)
        if path not in declared and old != new:
            said.append(f"{address}: {path} was {old} and is {new}")
    created = (was.publish_info or PublishInfo()).created
    if created is not None and (now.publish_info or PublishInfo()).created != created:
        said.append(f"{address}: created moved")
    return said


def _unmanaged(
    address: Address, wished: WishedAlbum, wish: Wish, before: Snapshot, after: Snapshot, stage: Stage
) -> list[str]:
    was_ids, now_ids = generations_of(address, before), generations_of(address, after)
    if not was_ids or not now_ids:
        return []
    now = after.members.get(now_ids[0], NO_ONE)
    was = before.members.get(was_ids[0], NO_ONE)
    older = [before.members.get(one, NO_ONE) for one in was_ids[1:]]
    usable = {a for a, asset in after.assets.items() if not asset.is_trashed}
    everyone = [a for one in (was, *older) for a in one.asset_ids if a in usable]
    said = []
    if wished.members is None:
        said += [f"{address} lost {a}" for a in everyone if a not in now.asset_ids]
        if not older and evolve(was, cover=None) != evolve(now, cover=None):
            said.append(f"{address}: its members are not managed and changed")
        shown = [a for a in (was if was.asset_ids else older[0] if older else was).asset_ids if a in usable]
        if shown != [a for a in now.asset_ids if a in set(shown)]:
            said.append(f"{address}: its order is not managed and changed")
    declared = {photo_of(ref, after): ref for ref in wished.members or ()}
    for a in now.asset_ids:
        origin = next((one for one in (was, *older) if a in one.asset_ids), None)
        if origin is None:
            continue
        old, new = origin.infos.get(a, MemberInfo()), now.infos.get(a, MemberInfo())
        told = declared[a].remote_id if a in declared else None
        if old.raw != NO_PAYLOAD and new.raw != old.raw:
            said.append(f"{address}: the unknown payload of {a} is lost")
        if told is None and old.remote_id != new.remote_id and old.remote_id is not None:
            said.append(f"{address}: the remoteId of {a} is lost")
    if wished.cover is None:
        cover = next((one.cover for one in (was, *older) if one.cover is not None), None)
        if cover is not None and cover in now.asset_ids and cover in usable and now.cover != cover:
            said.append(f"{address}: the cover was {cover} and is {now.cover}")
    return said


def picture(world: Snapshot) -> dict[str, object]:
    """The catalog without what may differ between two runs: generation numbers, order keys, stamps."""
    names = {album_id: address_of(album_id) or album_id for album_id in world.albums}

    def shown(album: Album) -> tuple[object, ...]:
        listing = world.members.get(album.id, NO_ONE)
        infos = {a: info for a, info in listing.infos.items() if info != MemberInfo()}
        info = without_stamps(album.publish_info)
        return (
            album.kind,
            album.name,
            names.get(album.parent, album.parent) if album.parent is not None else None,
            evolve(info, deleted=bool(info.deleted)),
            album.raw,
            _in_any_order_of_equals(listing, world),
            tuple(sorted(infos.items())),
            listing.cover,
        )

    albums = sorted(((str(names[key]), shown(album)) for key, album in world.albums.items()), key=repr)
    return {
        "albums": albums,
        "assets": dict(sorted(world.assets.items())),
        "develop": dict(sorted(world.develop.items())),
    }


def _in_any_order_of_equals(listing: Membership, world: Snapshot) -> tuple[AssetId, ...]:
    """The members as shown, but those that only the moment of their adding tells apart by their ids."""

    def place(member: tuple[int, AssetId]) -> tuple[int, str, str]:
        at, asset = member
        date = world.assets[asset].capture_date if asset in world.assets else ""
        return (at, "", "") if listing.orders[at] is not None else (len(listing.orders), date, asset)

    return tuple(asset for _, asset in sorted(enumerate(listing.asset_ids), key=place))


def too_many(wish: Wish, stage: Stage) -> list[str]:
    """Declared albums and assets that are there twice."""
    world = stage.world
    declared = (*map(set_address, wish.sets), *map(album_address, wish.albums))
    said = [f"{a} has more than one generation" for a in declared if len(generations_of(a, world)) > 1]
    hashes = [asset.sha256 for asset in world.assets.values() if asset.sha256 is not None]
    return said + [f"two assets of {one}" for one in set(hashes) if hashes.count(one) > 1]

"""What a wish asks of a catalog, and what nobody may take from it: said without any code of the planner."""

from collections.abc import Callable

from attrs import evolve

from lrplan.diff.change import DriftKind, Reason, Verb, Withheld
from lrplan.diff.sequence import same_order
from lrplan.model.address import Address, address_key, album_address, set_address
from lrplan.model.album import NO_PAYLOAD, Album, MemberInfo, Membership, PublishInfo, without_stamps
from lrplan.model.ids import AlbumId, AssetId
from lrplan.model.snapshot import Snapshot
from lrplan.plan.plan import Plan
from tests.laws.lasting import entry_at, held_in
from tests.laws.stage import (
    ADDRESSES,
    Stage,
    address_of,
    ended_well,
    generations_of,
    listed_in,
    manifest_of,
    photo_of,
)
from tests.strategies import Wish, WishedAlbum, WishedSet

NO_ONE = Membership()


def unmet(wish: Wish, stage: Stage, plan: Plan) -> list[str]:
    """What *wish* asks for and the catalog does not hold after *plan* was applied; empty when all is well."""
    world = stage.world
    said: list[str] = []
    held = held_in(manifest_of(wish), stage.planned_from)
    for key, wished in wish.sets.items():
        said += _album(set_address(key), wished, world) if set_address(key) not in held else []
    for key, album in wish.albums.items():
        if album_address(key) in held:
            continue
        said += _album(album_address(key), album, world)
        said += _members(album_address(key), wish, album, stage, plan)
    declared = {*map(set_address, wish.sets), *map(album_address, wish.albums)}
    blocked = {change.address for change in plan.changes if change.verb is Verb.BLOCKED}
    for address in ADDRESSES:
        live = generations_of(address, world)
        if address in declared or address in blocked or not stage.remembers or not live:
            continue
        if stage.lasting.goes(address):
            said.append(f"{address} is still there")
        info = world.albums[live[0]].publish_info or PublishInfo()
        if stage.lasting.is_marked_now(address) and not info.deleted:
            said.append(f"{address} is not marked as deleted")
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


def _members(address: Address, wish: Wish, wished: WishedAlbum, stage: Stage, plan: Plan) -> list[str]:
    world = stage.world
    live = generations_of(address, world)
    if not live or wished.members is None:
        return []
    listing = world.members.get(live[0], NO_ONE)
    there = set(listing.asset_ids)
    wanted = listed_in(wish, address_key(address), world)
    can_be = [a for a in wanted if a in world.assets and not world.assets[a].is_trashed]
    withheld = _withheld(address, wished, plan)
    said = [f"{address} lacks {a}" for a in can_be if a not in there | set(withheld.added)]
    due = [a for a in wanted if a in can_be or a in withheld.added]  # the original of what is withheld is not sent
    said += _not_withheld(address, wished, due, withheld, stage)
    kept = any(one.kind is DriftKind.REORDERED and one.address == address for one in plan.drift)
    if kept and wished.reorder == "restore":
        said.append(f"{address}: an order made by hand is kept and not restored")
    if withheld.moved and same_order(can_be, listing.asset_ids):
        said.append(f"{address}: moves are withheld, and nothing has to move")
    if wished.order != "captureDate" and not kept and not withheld.moved:
        order = [a for a in listing.asset_ids if a in set(can_be)]
        if order != [a for a in can_be if a in there]:
            said.append(f"{address} is in another order")
    if kept or withheld.moved:
        said += rearranged(address, can_be, stage.planned_from, world)
    for ref in wished.members:
        asset = photo_of(ref, world)
        told = listing.infos.get(asset, MemberInfo()).remote_id
        is_due = ref.remote_id is not None and asset in there and asset in can_be
        if is_due and told != ref.remote_id and asset not in withheld.rewritten:
            said.append(f"{address}: the remoteId of {asset} is {told}")
    if wished.cover is not None:
        cover = photo_of(wished.cover, world)
        if cover in can_be and listing.cover != cover and cover not in withheld.added:
            said.append(f"{address}: the cover is {listing.cover}")
    said += _lost_unsaid(address, there, stage, plan)
    removes = wished.unlisted == "remove" and address in stage.planned_knowing
    if stage.remembers:
        extra = there - set(wanted) - set(withheld.removed) - (set() if removes else stage.ever_by_hand[address])
        said += [f"{address} still holds {a}" for a in extra if not world.assets[a].is_trashed]
    said += [f"{address} lost {a}, added by hand" for a in stage.by_hand[address] - there]
    return said


def _withheld(address: Address, wished: WishedAlbum, plan: Plan) -> Withheld:
    """What the plan withholds of this album; it may only do so where the wish forbids a new album."""
    told = [one.withheld for one in plan.changes if one.address == address and one.withheld is not None]
    assert not told or wished.replace == "never", f"{address} may be replaced"
    return told[0] if told else Withheld(reason=Reason(code="", text=""))


def _not_withheld(
    address: Address, wished: WishedAlbum, wanted: list[AssetId], withheld: Withheld, stage: Stage
) -> list[str]:
    """Where an album was replaced that may not be, or a new photo was kept out that a key would have fitted."""
    if wished.replace != "never":
        return []
    was, now = generations_of(address, stage.planned_from), generations_of(address, stage.world)
    said = [f"{address} was replaced"] if was and now and was[0] != now[0] else []
    before = stage.planned_from.members.get(was[0], NO_ONE) if was else NO_ONE
    keys = dict(zip(before.asset_ids, before.orders, strict=True))
    for asset in withheld.added:
        ahead = [a for a in wanted[: wanted.index(asset)] if a in keys]
        key = keys[ahead[-1]] if ahead else None
        if not ahead or (key is not None and before.orders.count(key) == 1):
            said.append(f"{address}: {asset} would have found a place")
    said += [f"{address}: {a} is withheld and was no member" for a in withheld.removed if a not in keys]
    said += [f"{address}: {a} is wanted, and to be removed" for a in withheld.removed if a in wanted]
    return said


def _lost_unsaid(address: Address, there: set[AssetId], stage: Stage, plan: Plan) -> list[str]:
    """Photos in the trash that a person had added, and that are in no album any more, though the plan kept silent."""
    before = stage.planned_from
    trashed = {a for a in stage.in_trash[address] if a in before.assets and before.assets[a].is_trashed}
    members = {a for one in generations_of(address, before) for a in before.members.get(one, NO_ONE).asset_ids}
    taken_out = {a for one in plan.changes if one.address == address and one.members for a in one.members.removed}
    lost = (trashed & members) - there - taken_out
    told = sum(one.count for one in plan.drift if one.kind is DriftKind.LEFT_BEHIND and one.address == address)
    return [f"{address} left {len(lost)} photos in the trash behind, {told} were told of"] if told < len(lost) else []


def puts_off(plan: Plan) -> int:
    """How many photos the next apply takes out, as *plan* says, since nothing is remembered of their albums yet."""
    return sum(one.count for one in plan.drift if one.kind is DriftKind.PUT_OFF)


def come_to_rest(stage: Stage, wish: Wish, first: Plan) -> Plan:
    """Apply *wish* once more where the *first* plan has put something off, and see that it is just that which is done.

    Returns:
        The plan after which there is nothing to do.
    """
    if not puts_off(first):
        return first
    again = stage.run(wish)
    assert again is not None
    plan, report = again
    ended_well(report)
    foreign = sum(len(change.members.foreign) for change in plan.changes if change.members is not None)
    assert plan.summary.members_remove == puts_off(first) == foreign
    assert puts_off(plan) == 0
    assert unmet(wish, stage, plan) == []
    return plan


def withheld_in(plan: Plan) -> dict[Address, str]:
    """What *plan* says that it does not do, by address."""
    return {one.address: one.withheld.reason.text for one in plan.changes if one.withheld is not None}


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
    manifest = manifest_of(wish)
    held = held_in(manifest, stage.planned_from)
    for address in ADDRESSES:
        if address in held:
            said += _touched(address, before, after)
        elif entry_at(address, manifest) is None and stage.remembers and stage.lasting.stays(address):
            said += _touched(address, before, after, may_be_marked=address not in stage.lasting.was_away)
        said += _against_protection(address, wish, before, after, stage)
    for key, wished in wish.sets.items():
        said += _undeclared(set_address(key), wished, before, after) if set_address(key) not in held else []
    for key, wished_album in wish.albums.items():
        if album_address(key) in held:
            continue
        said += _undeclared(album_address(key), wished_album, before, after)
        said += _unmanaged(album_address(key), wished_album, wish, before, after, stage)
    return said


def _touched(address: Address, before: Snapshot, after: Snapshot, *, may_be_marked: bool = False) -> list[str]:
    """What became of albums and sets that nobody may touch; they may move along with what an older set held."""
    said = []
    for one in generations_of(address, before):
        was, now = before.albums[one], after.albums.get(one)
        if now is None or before.members.get(one) != after.members.get(one):
            said.append(f"{address} is gone or holds something else")
            continue
        moved_along = was.parent is not None and now.parent is not None and _same_set(was.parent, now.parent)
        expected = evolve(was, parent=now.parent) if moved_along else was
        told = now.publish_info or PublishInfo()
        if may_be_marked and told.deleted:
            marked = evolve(expected.publish_info or PublishInfo(), deleted=True, updated=told.updated)
            expected = evolve(expected, publish_info=marked)
        if now != expected:
            said.append(f"{address} was touched: {was} became {now}")
    return said


def _same_set(one: AlbumId, other: AlbumId) -> bool:
    return one == other or (address_of(one) is not None and address_of(one) == address_of(other))


def _against_protection(address: Address, wish: Wish, before: Snapshot, after: Snapshot, stage: Stage) -> list[str]:
    """A protected album that is gone, or another one; a replacement that had begun is finished, protected or not."""
    key = address.partition(".")[2]
    wished = wish.sets.get(key) if address.startswith("sets.") else wish.albums.get(key)
    says_so = wished is not None and wished.protect is True and not wished.paused
    is_protected = says_so or (stage.remembers and address in stage.lasting.was_protected)
    live = generations_of(address, before)
    gone = is_protected and len(live) == 1 and live[0] not in after.albums
    return [f"{address} was protected and is gone"] if gone else []


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


def picture(world: Snapshot, called: Callable[[AlbumId], str | None] = address_of) -> dict[str, object]:
    """The catalog without what may differ between two runs: generation numbers, order keys, stamps.

    Args:
        called: The address that an album is of, if it is of any.
    """
    names = {album_id: called(album_id) or album_id for album_id in world.albums}

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
    held = held_in(manifest_of(wish), stage.planned_from)
    declared = {*map(set_address, wish.sets), *map(album_address, wish.albums)} - held
    said = [f"{a} has more than one generation" for a in declared if len(generations_of(a, world)) > 1]
    hashes = [asset.sha256 for asset in world.assets.values() if asset.sha256 is not None]
    return said + [f"two assets of {one}" for one in set(hashes) if hashes.count(one) > 1]

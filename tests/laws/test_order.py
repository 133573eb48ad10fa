"""Order: wanted photos stand in the wanted order, and nothing moves or is replaced that need not be."""

from itertools import combinations, pairwise

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lrplan.diagnostics import SourceSpan
from lrplan.diff.change import DriftKind
from lrplan.diff.members import NOTHING, Facts, compare_members
from lrplan.diff.sequence import moves_between, same_order
from lrplan.model.address import Address, address_key, album_address
from lrplan.model.album import AlbumKind, Membership
from lrplan.model.ids import AssetId
from lrplan.model.order_keys import ALPHABET, KEY_CHARACTERS_MAX, is_order_key, keys_between
from lrplan.plan.plan import Plan
from lrplan.plan.simulate import shown_order
from lrplan.plan.write import PutMembers
from lrplan.resolve.desired import DesiredAlbum
from tests.laws.expected import rearranged, unmet
from tests.laws.profile import law, note
from tests.laws.stage import GOOD, Stage, address_of, generations_of, photo_of
from tests.strategies import PHOTOS, Edit, Ref, Situation, Wish, edits, situations

LIVE_KEYS = st.text(ALPHABET, min_size=1, max_size=4)  # others write keys too, and not always valid ones
NEAR_THE_END = st.integers(KEY_CHARACTERS_MAX - 2, KEY_CHARACTERS_MAX).map(lambda size: "z" * size)
BOUNDS = st.one_of(st.none(), LIVE_KEYS, st.text("-0z", min_size=1, max_size=6), NEAR_THE_END)


@law
@given(lower=BOUNDS, upper=BOUNDS, count=st.integers(0, 200))
def test_new_keys_lie_strictly_between_in_order_and_are_valid(lower: str | None, upper: str | None, count: int) -> None:
    keys = keys_between(lower, upper, count)
    if keys is None:
        longest = max(len(lower or ""), len(upper or ""))
        unordered = lower is not None and upper is not None and lower >= upper
        assert unordered or longest >= KEY_CHARACTERS_MAX - 2 or (upper is not None and _is_tight(lower, upper))
        return
    assert len(keys) == count
    assert list(keys) == sorted(set(keys))
    assert all(lower is None or lower < key for key in keys)
    assert all(upper is None or key < upper for key in keys)
    assert all(is_order_key(key) and "-" not in key[len(_shared(lower, upper)) :] for key in keys)


def _shared(lower: str | None, upper: str | None) -> str:
    if lower is None or upper is None:
        return ""
    size = next(
        (at for at, (a, b) in enumerate(zip(lower, upper, strict=False)) if a != b), min(map(len, (lower, upper)))
    )
    return lower[:size]


def _is_tight(lower: str | None, upper: str) -> bool:
    """Little or nothing but keys with a hyphen fits between the two, such as below "0"."""
    return "-" in upper or upper.rstrip("0") <= (lower or "")


@law
@given(data=st.data(), keys=st.lists(LIVE_KEYS.filter(is_order_key), unique=True, min_size=2, max_size=6))
def test_there_is_always_room_for_one_more_between_keys_of_our_own(data: st.DataObject, keys: list[str]) -> None:
    ours = sorted(key for key in keys if "-" not in key)
    if len(ours) < 2 or any(map(_is_tight, ours, ours[1:])):
        return  # others wrote keys between which nothing fits
    for _ in range(30):
        place = data.draw(st.integers(1, len(ours) - 1))
        found = keys_between(ours[place - 1], ours[place], 1)
        assert found is not None
        ours.insert(place, found[0])
    assert max(map(len, ours)) < KEY_CHARACTERS_MAX


@law
@given(before=st.permutations("abcdefg"), after=st.permutations("abcdefg"), cut=st.tuples(*[st.integers(0, 7)] * 2))
def test_as_few_photos_move_as_possible(before: list[str], after: list[str], cut: tuple[int, int]) -> None:
    old, new = [AssetId(a) for a in before[: cut[0]]], [AssetId(a) for a in after[: cut[1]]]
    moves = moves_between(old, new)
    common = [a for a in new if a in old]
    places = [old.index(a) for a in common]
    longest = max(
        size
        for size in range(len(places) + 1)
        if any(list(kept) == sorted(kept) for kept in combinations(places, size))
    )
    assert len(moves) == len(common) - longest
    moved = {move.asset_id for move in moves}
    assert same_order([a for a in old if a not in moved], [a for a in new if a not in moved])
    assert [(new[move.after - 1], old[move.before - 1]) for move in moves] == [(m.asset_id, m.asset_id) for m in moves]


@st.composite
def grown(draw: st.DrawFn) -> tuple[Membership, tuple[AssetId, ...]]:
    """An album as others may have left it, and a wish that keeps its order and adds photos anywhere."""
    ids = [AssetId(a) for a in "abcdef"[: draw(st.integers(0, 6))]]
    keys = {a: draw(st.one_of(st.none(), LIVE_KEYS, LIVE_KEYS)) for a in ids}
    shown = shown_order(tuple(ids), keys, {})
    listed = [a for a in shown if draw(st.integers(0, 4))]
    for a in "vwxyz"[: draw(st.integers(1, 5))]:
        listed.insert(draw(st.integers(0, len(listed))), AssetId(a))
    return Membership(asset_ids=shown, orders=tuple(keys[a] for a in shown)), tuple(listed)


@law
@given(case=grown())
def test_adding_replaces_only_behind_a_photo_without_a_key_or_with_an_equal_one(
    case: tuple[Membership, tuple[AssetId, ...]],
) -> None:
    live, wanted = case
    span = SourceSpan(file="a.yaml", line=1, column=1)
    desired = DesiredAlbum(address=album_address("a"), kind=AlbumKind.ALBUM, span=span, members=wanted)
    verdict = compare_members(desired, live, NOTHING, None, Facts(names={}, dates={}, trashed=frozenset()))
    keys: dict[AssetId, str | None] = dict(zip(live.asset_ids, live.orders, strict=True))
    assert verdict.change is not None
    if verdict.replace is None:
        keys.update(verdict.change.keys)
        shown = shown_order(tuple(keys), keys, {})
        assert shown == verdict.change.after
        assert [a for a in shown if a in wanted] == list(wanted)
        return
    allowed = False
    for place, a in enumerate(wanted):
        if a in keys:
            continue
        before = [keys[b] for b in wanted[:place] if b in keys]
        after = [keys[b] for b in wanted[place:] if b in keys]
        if before:
            allowed |= before[-1] is None or (bool(after) and after[0] == before[-1])
    known = [None, *sorted({key for key in keys.values() if key is not None})]
    tight = verdict.replace.code == "key-space" and any(
        upper is not None and _is_tight(lower, upper) for lower, upper in pairwise(known)
    )
    assert allowed or tight, verdict.replace


@law
@given(situation=situations())
def test_no_keys_are_written_into_an_album_that_is_ordered_by_date(situation: Situation) -> None:
    stage = Stage.set_up(situation)
    first = len(stage.catalog.writes)
    result = stage.run(situation.wish)
    if result is None:
        return
    note(result[0])
    by_date = {album_address(key) for key, album in situation.wish.albums.items() if album.order == "captureDate"}
    for write in stage.catalog.writes[first:]:
        address = address_of(write.album_id) if isinstance(write, PutMembers) else None
        if isinstance(write, PutMembers) and address in by_date and address is not None:
            managed = situation.wish.albums[address_key(address)].members is not None
            assert not managed or all(entry.order is None for entry in write.entries)


@st.composite
def thinned_and_filled(draw: st.DrawFn, members: tuple[Ref, ...]) -> tuple[Ref, ...]:
    """*members* with some taken out, some told otherwise and some put in, those that stay in their order."""
    kept = [evolve(ref, remote_id=draw(st.sampled_from((ref.remote_id, "p-9")))) for ref in members]
    for _ in range(draw(st.integers(0, 2))):
        if kept:
            kept.pop(draw(st.integers(0, len(kept) - 1)))
    free = [photo for photo in range(len(PHOTOS)) if photo not in {ref.photo for ref in members}]
    for photo in draw(st.permutations(free))[: draw(st.integers(0, 2))]:
        kept.insert(draw(st.integers(0, len(kept))), Ref(photo=photo, kind="id"))
    return tuple(kept)


def arranged_first(
    data: st.DataObject, situation: Situation, **policies: str | None
) -> tuple[Stage, Wish, str, Plan] | None:
    """A stage on which an album with a list was applied by these *policies*: its wish, its key, the plan."""
    stage, wish = Stage.set_up(situation), situation.wish
    listed = [
        key
        for key, one in stage.worked_on(wish).items()
        if one.members and not one.selects and one.order != "captureDate"
    ]
    if not listed:
        return None
    key = data.draw(st.sampled_from(listed))
    wish = evolve(wish, albums={**wish.albums, key: evolve(wish.albums[key], **policies)})
    first = stage.run(wish)
    if first is None or first[1] is None or {item.bucket for item in first[1].items} - GOOD:
        return None
    return stage, wish, key, first[0]


def dragged_and_changed(
    data: st.DataObject, turn: Edit, stage: Stage, wish: Wish, key: str
) -> tuple[Wish, tuple[Ref, ...]]:
    """Let a person arrange an album anew, and the list ask for other photos in its old order: the wish, the list."""
    album = wish.albums[key]
    place = sorted(stage.world.albums).index(generations_of(album_address(key), stage.world)[0])
    stage.world_edited(evolve(turn, deed="reorder", album=place))
    members = data.draw(thinned_and_filled(album.members or ()))
    cover = album.cover if album.cover is not None and album.cover.photo in {ref.photo for ref in members} else None
    return evolve(wish, albums={**wish.albums, key: evolve(album, members=members, cover=cover)}), members


def is_by_hand(address: Address, plan: Plan) -> bool:
    """Whether *plan* says that a person arranged the album."""
    return any(one.kind is DriftKind.REORDERED and one.address == address for one in plan.drift)


def usable_in(stage: Stage, members: tuple[Ref, ...]) -> list[AssetId]:
    """The photos that are listed and can be had."""
    wanted = [photo_of(ref, stage.world) for ref in members]
    return [a for a in wanted if a in stage.world.assets and not stage.world.assets[a].is_trashed]


@law
@given(data=st.data(), situation=situations(), turn=edits, cut=st.none() | st.integers(0, 60))
def test_an_order_made_by_hand_outlives_whatever_else_is_wanted(
    data: st.DataObject, situation: Situation, turn: Edit, cut: int | None
) -> None:
    found = arranged_first(data, situation, replace=None, reorder=None)
    if found is None:
        return
    stage, wish, key, _ = found
    address = album_address(key)
    changed, members = dragged_and_changed(data, turn, stage, wish, key)
    by_hand = stage.world
    if cut is not None:
        stage.run(changed, cut=cut)
    result = stage.run(changed)
    if result is None:
        return
    note(result[0])
    wanted = [photo_of(ref, stage.world) for ref in members]
    usable = [a for a in wanted if a in stage.world.assets and not stage.world.assets[a].is_trashed]
    live = stage.world.members[generations_of(address, stage.world)[0]].asset_ids
    arranged = {photo_of(ref, stage.world) for ref in wish.albums[key].members or ()}
    dragged = by_hand.members[generations_of(address, by_hand)[0]].asset_ids
    if same_order([a for a in usable if a in arranged], dragged):
        assert same_order(usable, live), "nobody re-arranged what was listed, and of the others the list decides"
    else:
        assert rearranged(address, usable, by_hand, stage.world) == []
    kept = any(one.kind is DriftKind.REORDERED and one.address == address for one in result[0].drift)
    assert kept == (not same_order(usable, live)), "the plan says so where it is another order than the wish's"


@law
@given(data=st.data(), situation=situations(), cut=st.none() | st.integers(0, 60))
def test_a_photo_that_was_never_arranged_stands_where_the_list_names_it_first(
    data: st.DataObject, situation: Situation, cut: int | None
) -> None:
    found = arranged_first(data, situation, replace=None)
    if found is None:
        return
    stage, wish, key, first = found
    address, members = album_address(key), wish.albums[key].members or ()
    current = generations_of(address, stage.world)[0]
    there = stage.world.members[current].asset_ids
    free = [
        place for place, photo in enumerate(PHOTOS) if photo not in there and place not in {r.photo for r in members}
    ]
    if not free or is_by_hand(address, first):
        return
    number = data.draw(st.sampled_from(free))
    shown, named = list(there), list(members)
    shown.insert(data.draw(st.integers(0, len(shown))), PHOTOS[number])
    named.insert(data.draw(st.integers(0, len(named))), Ref(photo=number, kind="id"))
    keys = keys_between(None, None, len(shown))
    assert keys is not None
    held = evolve(stage.world.members[current], asset_ids=tuple(shown), orders=keys)
    stage.catalog.edit(members={**stage.world.members, current: held})
    changed = evolve(wish, albums={**wish.albums, key: evolve(wish.albums[key], members=tuple(named))})
    if cut is not None:
        stage.run(changed, cut=cut)
    result = stage.run(changed)
    if result is None:
        return
    note(result[0])
    wanted = [photo_of(ref, stage.world) for ref in named]
    usable = [a for a in wanted if a in stage.world.assets and not stage.world.assets[a].is_trashed]
    live = stage.world.members[generations_of(address, stage.world)[0]].asset_ids
    assert same_order(usable, live)
    assert not any(one.kind is DriftKind.REORDERED and one.address == address for one in result[0].drift)


@law
@given(data=st.data(), situation=situations(), turn=edits, cut=st.none() | st.integers(0, 60))
def test_an_order_made_by_hand_is_undone_where_the_manifest_says_so(
    data: st.DataObject, situation: Situation, turn: Edit, cut: int | None
) -> None:
    found = arranged_first(data, situation, replace=None, reorder="restore")
    if found is None:
        return
    stage, wish, key, _ = found
    address = album_address(key)
    changed, members = dragged_and_changed(data, turn, stage, wish, key)
    if cut is not None:
        stage.run(changed, cut=cut)
    result = stage.run(changed)
    if result is None:
        return
    note(result[0])
    live = stage.world.members[generations_of(address, stage.world)[0]].asset_ids
    assert same_order(usable_in(stage, members), live)
    assert not is_by_hand(address, result[0])


@law
@given(data=st.data(), situation=situations(), cut=st.none() | st.integers(0, 60))
def test_what_is_withheld_is_done_as_soon_as_it_may(data: st.DataObject, situation: Situation, cut: int | None) -> None:
    found = arranged_first(data, situation, replace=None)
    if found is None or is_by_hand(album_address(found[2]), found[3]):
        return
    stage, wish, key, _ = found
    address, album = album_address(key), wish.albums[key]
    members = tuple(data.draw(st.permutations(data.draw(thinned_and_filled(album.members or ())))))
    cover = album.cover if album.cover is not None and album.cover.photo in {ref.photo for ref in members} else None
    allowed = evolve(album, members=members, cover=cover)
    before = generations_of(address, stage.world)
    forbidden = stage.run(evolve(wish, albums={**wish.albums, key: evolve(allowed, replace="never")}), cut=cut)
    if forbidden is None:
        return
    note(forbidden[0])
    assert generations_of(address, stage.world) == before
    wish = evolve(wish, albums={**wish.albums, key: allowed})
    result = stage.run(wish)
    if result is None:
        return
    note(result[0])
    live = stage.world.members[generations_of(address, stage.world)[0]].asset_ids
    assert same_order(usable_in(stage, members), live)
    assert not is_by_hand(address, result[0]), "nobody but lrplan was there"
    assert unmet(wish, stage, result[0]) == []

"""What every service behind the port answers: the fake that the laws run on, and the HTTP client on the sandbox."""

import json

import pytest
from attrs import evolve

from lrplan.model.album import Album, AlbumKind, Membership, Opaque, PublishInfo
from lrplan.model.asset import UNKNOWN_DATE, Asset
from lrplan.model.ids import AlbumId, AssetId, Sha256
from lrplan.plan.action import TOP_LEVEL
from lrplan.plan.costs import INCOMPLETE_CALLS
from lrplan.plan.write import (
    Absent,
    Accepted,
    Answer,
    Entry,
    Exists,
    OriginalExists,
    PartlyAccepted,
    PostAlbum,
    PutAlbum,
    PutAsset,
    PutMembers,
    PutOriginal,
    Refused,
    RemoveAlbum,
    Write,
)
from lrplan.ports import Foreign, MemberListing
from tests.contract.bench import (
    COLLECTION,
    FOREIGN,
    INCOMPLETE,
    STAMP,
    TRASHED,
    TWINS,
    UNDATED,
    Bench,
    album_id,
    asset_id,
)
from tests.contract.conftest import Play

GONE = album_id(999)
ONE, TOP, BELOW = album_id(1), album_id(2), album_id(3)


async def send(bench: Bench, write: Write) -> Answer:
    return await bench.service.send(write, stamp=STAMP)


def make(
    album: AlbumId = ONE,
    *,
    kind: AlbumKind = AlbumKind.ALBUM,
    name: str = "One",
    parent: AlbumId | None = None,
    info: PublishInfo | None = None,
    raw: str = "{}",
) -> PutAlbum:
    return PutAlbum(
        album_id=album, kind=kind, name=name, parent=parent or TOP_LEVEL, publish_info=info, raw=Opaque(raw)
    )


def add(album: AlbumId, *entries: Entry | int) -> PutMembers:
    return PutMembers(
        album_id=album,
        entries=tuple(one if isinstance(one, Entry) else Entry(asset_id=asset_id(one)) for one in entries),
    )


async def accepted(bench: Bench, *writes: Write) -> None:
    for write in writes:
        answer = await send(bench, write)
        assert isinstance(answer, Accepted), (write, answer)


async def listing(bench: Bench, album: AlbumId, *, size: int) -> Membership:
    def is_whole(found: MemberListing | None) -> bool:
        return found is not None and len(found.membership.asset_ids) == size

    found = await bench.until(lambda: bench.service.members(album), is_whole)
    assert found is not None
    assert tuple(asset.id for asset in found.assets) == found.membership.asset_ids
    return found.membership


async def ours(bench: Bench) -> tuple[Album, ...]:
    """The albums of our key as listed; whether those of other keys are listed too is not documented."""
    return tuple(album for album in await bench.service.albums() if album.service_id == "sandbox")


async def covers(bench: Bench, album: AlbumId) -> set[AssetId]:
    live, found = await bench.service.album(album), await bench.service.members(album)
    assert live is not None
    assert found is not None
    return {one for one in (live.cover, found.membership.cover) if one is not None}


def test_account_and_catalog(play: Play) -> None:
    async def story(bench: Bench) -> None:
        account, catalog = await bench.service.account(), await bench.service.catalog()
        assert (account.id, account.status) == ("96e656e3812b4c2fb670fa74b6a7ad74", "subscriber")
        assert (catalog.id, catalog.name) == ("bf7337d9355c41b7875c9392f918362a", "Sandbox Catalog")
        assert bench.service.calls == 2

    play(story)


def test_albums_and_sets_are_made_listed_and_read(play: Play) -> None:
    async def story(bench: Bench) -> None:
        info = PublishInfo(remote_id="r", view="https://v", edit="https://e", service_payload="p", deleted=False)
        await accepted(
            bench,
            make(TOP, kind=AlbumKind.SET, name="Über"),
            make(BELOW, kind=AlbumKind.SET, name="Below", parent=TOP),
            make(name="One & only", parent=BELOW, info=info),
        )
        listed = await bench.until(lambda: ours(bench), lambda albums: len(albums) == 3)
        assert [album.id for album in listed] == [ONE, TOP, BELOW]
        for shown in listed:
            alone = await bench.service.album(shown.id)
            assert alone is not None
            assert (alone.id, alone.kind, alone.name, alone.parent) == (shown.id, shown.kind, shown.name, shown.parent)
        one, top, below = listed
        assert (one.name, one.kind, one.parent, one.service_id) == ("One & only", AlbumKind.ALBUM, BELOW, "sandbox")
        assert (top.name, top.kind, top.parent) == ("Über", AlbumKind.SET, None)
        assert (below.kind, below.parent) == (AlbumKind.SET, TOP)
        assert one.publish_info is not None
        live = one.publish_info
        assert (live.remote_id, live.view, live.edit, live.service_payload) == ("r", "https://v", "https://e", "p")
        assert (live.deleted, live.version) == (False, 3)
        assert live.created == live.updated == STAMP

    play(story)


def test_an_id_that_is_taken_exists_whoever_has_it(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await accepted(bench, make())
        assert isinstance(await send(bench, make(name="Another")), Exists)
        assert isinstance(await send(bench, make(FOREIGN)), Exists)
        assert isinstance(await send(bench, make(COLLECTION)), Exists)
        live = await bench.service.album(ONE)
        assert live is not None
        assert live.name == "One"
        assert await bench.service.holder(ONE) == live
        assert (await bench.service.holder(FOREIGN), await bench.service.album(FOREIGN)) == (Foreign(), None)
        assert await bench.service.holder(GONE) is None

    play(story)


def test_a_parent_is_a_set_of_ours(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await accepted(bench, make(), make(TOP, kind=AlbumKind.SET))
        for parent in (GONE, FOREIGN, COLLECTION, ONE):
            answer = await send(bench, make(album_id(7), parent=parent))
            assert isinstance(answer, Refused), parent
            assert answer.status == 400
        live = await bench.service.album(TOP)
        assert live is not None
        answer = await send(bench, PostAlbum(current=live, parent=TOP))
        assert isinstance(answer, Refused), "a set inside itself"

    play(story)


def test_an_update_changes_what_it_says_and_keeps_the_rest(play: Play) -> None:
    async def story(bench: Bench) -> None:
        raw = '{"name": "x", "someKey": [1, {"a": null}], "publishInfo": {"version": 3, "own": true}}'
        info = PublishInfo(remote_id="r", view="https://v", service_payload="p")
        await accepted(bench, make(TOP, kind=AlbumKind.SET), make(raw=raw, info=info))
        live = await bench.service.album(ONE)
        assert live is not None
        later = PublishInfo(remote_id="r2", edit="https://e")
        await accepted(bench, PostAlbum(current=live, name="Uno", parent=TOP, publish_info=later))
        now = await bench.service.album(ONE)
        assert now is not None
        assert (now.name, now.parent) == ("Uno", TOP)
        assert now.publish_info is not None
        shown = now.publish_info
        assert (shown.remote_id, shown.view, shown.edit) == ("r2", "https://v", "https://e")
        assert (shown.service_payload, shown.created) == ("p", STAMP)
        kept = json.loads(now.raw)
        assert kept["someKey"] == [1, {"a": None}]
        assert kept["publishInfo"]["own"] is True

    play(story)


def test_the_top_level_is_reached_where_updates_replace(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await accepted(bench, make(TOP, kind=AlbumKind.SET), make(parent=TOP))
        live = await bench.service.album(ONE)
        assert live is not None
        await accepted(bench, PostAlbum(current=live, parent=TOP_LEVEL))
        now = await bench.service.album(ONE)
        assert now is not None
        assert now.parent == (TOP if bench.kind == "merging" else None)

    play(story)


def test_only_our_own_albums_are_changed(play: Play) -> None:
    async def story(bench: Bench) -> None:
        assert await bench.service.album(FOREIGN) is None
        collection = await bench.service.album(COLLECTION)
        assert collection is not None
        assert collection.kind is AlbumKind.COLLECTION
        assert not await ours(bench)
        for write in (
            PostAlbum(current=collection, name="Mine"),
            RemoveAlbum(album_id=COLLECTION),
            RemoveAlbum(album_id=FOREIGN),
            add(COLLECTION, 1),
            add(FOREIGN, 1),
        ):
            answer = await send(bench, write)
            assert isinstance(answer, Refused), write
            assert answer.status == 403

    play(story)


def test_fifty_photos_go_in_with_one_call_in_the_order_of_their_keys(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await accepted(bench, make())
        entries = [Entry(asset_id=asset_id(n), order=f"k{49 - n:02d}") for n in range(50)]
        await accepted(bench, add(ONE, *entries))
        found = await listing(bench, ONE, size=50)
        assert found.asset_ids == tuple(asset_id(n) for n in reversed(range(50)))
        assert found.orders == tuple(f"k{n:02d}" for n in range(50))
        assert found.infos == {}
        too_many = await send(bench, add(ONE, *range(51)))
        assert isinstance(too_many, Refused)
        assert too_many.status == 400

    play(story)


def test_photos_without_a_key_come_last_by_their_date(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await accepted(bench, make())
        keyed = [Entry(asset_id=asset_id(n), order=key) for n, key in ((30, "b"), (31, "A"), (32, "_"), (33, "-z"))]
        await accepted(bench, add(ONE, 5, *keyed, 3, 4))
        found = await listing(bench, ONE, size=7)
        assert found.asset_ids == tuple(asset_id(n) for n in (33, 31, 32, 30, 3, 4, 5))
        assert found.orders == ("-z", "A", "_", "b", None, None, None)

    play(story)


def test_a_member_stays_as_it_is_when_it_is_added_again(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await accepted(bench, make(), add(ONE, Entry(asset_id=asset_id(1), order="M", remote_id="r")))
        await accepted(bench, add(ONE, Entry(asset_id=asset_id(1), order="A", remote_id="other")))
        await accepted(bench, add(ONE, Entry(asset_id=asset_id(1), order="B"), Entry(asset_id=asset_id(2), order="N")))
        found = await listing(bench, ONE, size=2)
        assert (found.asset_ids, found.orders) == ((asset_id(1), asset_id(2)), ("M", "N"))
        assert found.infos[asset_id(1)].remote_id == "r"

    play(story)


def test_what_a_member_carries_is_read_and_carried_over(play: Play) -> None:
    async def story(bench: Bench) -> None:
        raw = Opaque('{"order": "zzz", "someKey": [1], "publishInfo": {"remoteId": "old", "own": 1}}')
        entry = Entry(asset_id=asset_id(1), order="M", remote_id="r", service_payload="s", raw=raw)
        await accepted(bench, make(), add(ONE, entry, Entry(asset_id=asset_id(2), order="N")))
        found = await listing(bench, ONE, size=2)
        info = found.infos[asset_id(1)]
        assert (info.remote_id, info.service_payload) == ("r", "s")
        assert set(found.infos) == {asset_id(1)}
        assert found.orders == ("M", "N")
        kept = json.loads(info.raw)
        assert kept["someKey"] == [1]
        assert kept["publishInfo"]["own"] == 1

    play(story)


def test_refused_photos_are_named_and_the_others_go_in(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await accepted(bench, make())
        answer = await send(bench, add(ONE, 1, 500, TRASHED, 2))
        assert isinstance(answer, PartlyAccepted)
        assert [photo.asset_id for photo in answer.refused] == [asset_id(500), asset_id(TRASHED)]
        assert all(photo.why for photo in answer.refused)
        none = await send(bench, add(ONE, 500, 501))
        assert isinstance(none, PartlyAccepted)
        assert len(none.refused) == 2
        again = await send(bench, add(ONE, 1, 500))
        assert isinstance(again, PartlyAccepted)
        assert [photo.asset_id for photo in again.refused] == [asset_id(500)]
        found = await listing(bench, ONE, size=2)
        assert found.asset_ids == (asset_id(1), asset_id(2))

    play(story)


def test_the_cover_comes_with_a_photo_and_moves_alone(play: Play) -> None:
    async def story(bench: Bench) -> None:
        first = Entry(asset_id=asset_id(1), order="M", cover=True)
        await accepted(bench, make(), add(ONE, first, Entry(asset_id=asset_id(2), order="N")))
        await listing(bench, ONE, size=2)
        assert await covers(bench, ONE) == {asset_id(1)}
        await accepted(bench, add(ONE, Entry(asset_id=asset_id(2), order="A", remote_id="ignored", cover=True)))
        assert await covers(bench, ONE) == {asset_id(2)}
        found = await listing(bench, ONE, size=2)
        assert (found.asset_ids, found.orders, found.infos) == ((asset_id(1), asset_id(2)), ("M", "N"), {})

    play(story)


def test_an_update_keeps_the_cover_and_the_members(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await accepted(bench, make(), add(ONE, Entry(asset_id=asset_id(1), cover=True), 2))
        await listing(bench, ONE, size=2)
        live = await bench.service.album(ONE)
        assert live is not None
        await accepted(bench, PostAlbum(current=live, name="Uno"))
        assert await covers(bench, ONE) == {asset_id(1)}
        assert (await listing(bench, ONE, size=2)).asset_ids == (asset_id(1), asset_id(2))

    play(story)


def test_a_set_takes_no_photos(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await accepted(bench, make(TOP, kind=AlbumKind.SET))
        answer = await send(bench, add(TOP, 1))
        assert isinstance(answer, Refused)
        assert answer.status == 403

    play(story)


def test_what_is_deleted_is_absent(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await accepted(bench, make(), add(ONE, 1))
        live = await bench.service.album(ONE)
        assert live is not None
        await accepted(bench, RemoveAlbum(album_id=ONE))
        assert await bench.service.album(ONE) is None
        assert await bench.service.members(ONE) is None
        assert not await ours(bench)
        for write in (RemoveAlbum(album_id=ONE), PostAlbum(current=live, name="x"), add(ONE, 1)):
            assert isinstance(await send(bench, write), Absent), write
        assert await bench.service.assets_by_id([asset_id(1)])
        await accepted(bench, make())
        await listing(bench, ONE, size=0)

    play(story)


def test_the_children_of_a_deleted_set_stay(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await accepted(bench, make(TOP, kind=AlbumKind.SET), make(parent=TOP), RemoveAlbum(album_id=TOP))
        live = await bench.service.album(ONE)
        assert live is not None
        assert live.parent == TOP

    play(story)


@pytest.mark.parametrize("name", ["small.jpg", "large.jpg"])
def test_an_original_is_sent_in_one_call_or_in_parts(play: Play, name: str) -> None:
    async def story(bench: Bench) -> None:
        original, target = bench.originals[name], asset_id(700)
        parts = 1 if name == "small.jpg" else 3
        await accepted(bench, PutAsset(asset_id=target, original=original))
        (made,) = await bench.service.assets_by_id([target])
        assert (made.is_trashed, made.file_name, made.subtype) == (False, name, "image")
        assert made.imported_on == "sandbox"
        await bench.until(bench.service.incomplete, lambda waiting: waiting == {asset_id(INCOMPLETE), target})
        for part in range(parts):
            await accepted(bench, PutOriginal(asset_id=target, original=original, part=part, parts=parts))
        await bench.until(bench.service.incomplete, lambda waiting: waiting == {asset_id(INCOMPLETE)})
        (sent,) = await bench.service.assets_by_id([target])
        assert sent.sha256 == original.sha256
        found = await bench.until(
            lambda: bench.service.assets_by_sha256(original.sha256), lambda found: len(found) == 1
        )
        assert found[0].id == target
        again = await send(bench, PutOriginal(asset_id=target, original=original, part=0, parts=parts))
        assert isinstance(again, Exists)
        assert isinstance(await send(bench, PutAsset(asset_id=target, original=original)), Exists)
        twin = await send(bench, PutAsset(asset_id=asset_id(701), original=original))
        assert isinstance(twin, OriginalExists)
        assert twin.asset_id == target
        assert not await bench.service.assets_by_id([asset_id(701)])

    play(story)


def test_a_part_may_come_twice(play: Play) -> None:
    async def story(bench: Bench) -> None:
        original, target = bench.originals["large.jpg"], asset_id(700)
        await accepted(bench, PutAsset(asset_id=target, original=original))
        await bench.until(bench.service.incomplete, lambda waiting: target in waiting)
        for part in (0, 0, 1, 1, 2):
            await accepted(bench, PutOriginal(asset_id=target, original=original, part=part, parts=3))
        await bench.until(bench.service.incomplete, lambda waiting: target not in waiting)

    play(story)


def test_what_waits_for_its_original_is_told_in_two_calls_dated_or_not(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await bench.service.catalog()
        doubt = 0 if bench.kind == "memory" else 1
        for among, calls in (([asset_id(700)], 0), (None, doubt), (None, 0)):  # doubted once, where it matters
            before = bench.service.calls
            assert await bench.service.incomplete(among) == {asset_id(INCOMPLETE)}
            assert bench.service.calls - before == INCOMPLETE_CALLS + calls
        undated = evolve(bench.originals["small.jpg"], capture_date=UNKNOWN_DATE)
        await accepted(bench, PutAsset(asset_id=asset_id(700), original=undated))
        both = {asset_id(INCOMPLETE), asset_id(700)}
        await bench.until(bench.service.incomplete, lambda waiting: waiting == both)

    play(story)


def test_nothing_else_tells_that_an_original_has_not_arrived(play: Play) -> None:
    async def story(bench: Bench) -> None:
        (found,) = await bench.service.assets_by_id([asset_id(INCOMPLETE)])
        assert found.is_complete

    play(story)


def test_an_incomplete_original_is_nobodys_twin(play: Play) -> None:
    async def story(bench: Bench) -> None:
        original = bench.originals["small.jpg"]
        await accepted(bench, PutAsset(asset_id=asset_id(700), original=original))
        await accepted(bench, PutAsset(asset_id=asset_id(701), original=original))
        gone = PutOriginal(asset_id=asset_id(799), original=original, part=0, parts=1)
        assert isinstance(await send(bench, gone), Absent)

    play(story)


def test_assets_are_found_by_more_than_a_hundred_ids(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await bench.service.catalog()
        before = bench.service.calls
        wanted = [asset_id(n) for n in (TRASHED, 500, *range(79, -1, -1), *range(600, 640), INCOMPLETE)]
        found = await bench.service.assets_by_id(wanted)
        assert bench.service.calls - before == 2
        assert [asset.id for asset in found] == [asset_id(n) for n in (TRASHED, *range(79, -1, -1), INCOMPLETE)]
        assert found[0].is_trashed
        assert found[1].file_name == "P79.jpg"
        assert found[1].capture_date == "2026-05-04T07:00:00"
        assert await bench.service.assets_by_id([]) == ()

    play(story)


def test_assets_are_found_by_hash(play: Play) -> None:
    async def story(bench: Bench) -> None:
        (found,) = await bench.service.assets_by_sha256(Sha256(f"{7:064x}"))
        assert (found.id, found.sha256) == (asset_id(7), f"{7:064x}")
        twins = await bench.service.assets_by_sha256(Sha256(f"{1000:064x}"))
        assert [asset.id for asset in twins if not asset.is_trashed] == [asset_id(TWINS[0])]
        assert await bench.service.assets_by_sha256(Sha256("f" * 64)) == ()

    play(story)


def _walked(found: tuple[Asset, ...]) -> list[str]:
    # Whether a walk shows what lies in the trash is not documented.
    ids = [asset.id for asset in found if not asset.is_trashed]
    assert len(ids) == len(set(ids))
    return sorted(ids)


def _ids(*numbers: int) -> list[str]:
    return sorted(asset_id(number) for number in numbers)


@pytest.mark.parametrize(
    ("after", "before", "plain"),
    [
        (None, None, range(80)),
        ("2026-05-02", None, range(24, 80)),
        (None, "2026-05-02", range(24)),
        ("2026-05-02", "2026-05-03", range(24, 48)),
        ("2026-05-02T03:00:00", "2026-05-02T05:00:00", range(27, 29)),
        ("2026-05-02T03:00:01", "2026-05-02T05:00:01", range(28, 30)),
        ("2026-06-01", None, range(0)),
        (None, "2020-01-01", range(0)),
    ],
)
def test_a_walk_finds_what_was_captured_in_its_window(
    play: Play, after: str | None, before: str | None, plain: range
) -> None:
    odd = [INCOMPLETE, TWINS[0]] if 24 in plain else []
    undated = [UNDATED] if after is None and before is None else []

    async def story(bench: Bench) -> None:
        found = await bench.service.walk(captured_after=after, captured_before=before)
        assert _walked(found) == _ids(*plain, *odd, *undated)

    play(story)


def test_the_customers_own_albums_are_listed_apart(play: Play) -> None:
    async def story(bench: Bench) -> None:
        listed = await bench.until(bench.service.collections, bool)
        assert [(album.id, album.kind) for album in listed] == [(COLLECTION, AlbumKind.COLLECTION)]
        assert COLLECTION not in [album.id for album in await bench.service.albums()]

    play(story)

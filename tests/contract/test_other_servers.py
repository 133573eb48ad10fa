"""lrplan on a service that is not its sandbox: whatever the contract leaves open, a second apply sends no write."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from lrplan.sandbox.pictures import make_pictures
from tests.contract.odd_server import KEY, TOKEN, Oddities, OddServer, serving
from tests.inside import Place, Ran

PROJECT = """\
lrplan: 1
project: odd
limits: {delete: 100%, replace: 100%, remove: 100%}
api: {partSize: 33000}
"""
ONE_PICTURE = """\
lrplan: 1
project: odd
albums:
  one: {name: One, members: [./DSC_0001.jpg]}
"""
FIRST = """\
lrplan: 1
sets:
  top: {name: Top, publishInfo: {remoteId: f-1}}
  below: {name: Below, parent: top}
albums:
  one:
    name: One
    parent: below
    cover: IMG_3.jpg
    publishInfo: {remoteId: g-1, remoteLinks: {view: "https://example.com/1"}, servicePayload: "{}"}
    members: [IMG_3.jpg, IMG_1.jpg, {fileName: IMG_5.jpg, publishInfo: {remoteId: p-5}}, IMG_2.jpg, IMG_0.jpg]
  dated: {name: Dated, order: captureDate, members: [IMG_4.jpg, IMG_2.jpg, IMG_6.jpg]}
  sent: {name: Sent, cover: ../own/DSC_0001.jpg, members: [../own/DSC_0001.jpg, ../own/DSC_0002.jpg]}
  leaves: {name: Leaves, members: [IMG_1.jpg]}
"""
SECOND = """\
lrplan: 1
sets:
  top: {name: Top of all, publishInfo: {remoteId: f-2}}
  below: {name: Below}
albums:
  one:
    name: One
    parent: top
    cover: IMG_1.jpg
    publishInfo: {remoteId: g-2, servicePayload: "[]"}
    members:
      [IMG_3.jpg, IMG_7.jpg, IMG_1.jpg, {fileName: IMG_5.jpg, publishInfo: {remoteId: p-5}}, IMG_2.jpg, IMG_0.jpg]
  dated: {name: Dated, order: captureDate, members: [IMG_4.jpg, IMG_2.jpg, IMG_7.jpg]}
  sent:
    name: Sent
    cover: ../own/DSC_0002.jpg
    members: [../own/DSC_0002.jpg, ../own/DSC_0001.jpg, ../own/DSC_0003.jpg]
"""

Lists = Callable[..., None]

VENDOR = "https://lr.adobe.io/v2/catalogs/fedcba9876543210fedcba9876543210/"
ODD = {
    "plain": Oddities(),
    "commas only": Oddities(kinds=","),
    "semicolons only": Oddities(kinds=";"),
    "the first kind of a list": Oddities(kinds="first"),
    "a list of kinds is refused": Oddities(kinds="refuse"),
    "no preface": Oddities(preface=""),
    "another preface": Oddities(preface="  while ( 1 ) { }\r\n\r\n\t"),
    "a base of another host": Oddities(base=VENDOR, page=2),
    "a base of another host, absolute links": Oddities(base=VENDOR, page=2, next_link="absolute"),
    "no base": Oddities(base=None, page=2),
    "no base, absolute links": Oddities(base=None, page=2, next_link="absolute"),
    "rooted links": Oddities(next_link="rooted", page=2),
    "ties beyond the limit": Oddities(page=2, ties=True),
    "repeats over pages": Oddities(page=2, repeats=True),
    "cover on the album": Oddities(cover="album"),
    "cover on the member": Oddities(cover="member"),
    "cover nowhere": Oddities(cover="nowhere"),
    "no order keys": Oddities(order=False),
    "no order keys, small pages": Oddities(order=False, page=2, repeats=True),
    "updates are merged": Oddities(merges=True),
    "answers with bodies": Oddities(bodies=True),
    "codes are texts": Oddities(texts=True),
    "optional fields missing": Oddities(bare=True),
    "unknown fields and stamps": Oddities(extra=True),
    "a 412 with revisions": Oddities(twin="revisions"),
    "a 412 without a body": Oddities(twin="empty"),
    "listings lag": Oddities(lags=True),
    "nothing is embedded": Oddities(embeds=False, page=2),
    "undated photos apart": Oddities(undated_apart=True, page=3),
    "no links but to itself": Oddities(links="self"),
    "links as in the document's example": Oddities(links="vendor"),
    "links as if no original had arrived": Oddities(links="create"),
    "photos without an order key apart": Oddities(unkeyed="apart"),
    "photos without an order key apart, small pages": Oddities(unkeyed="apart", page=2, undated_apart=True),
    "exclude is ignored": Oddities(exclude="ignored"),
    "exclude is refused": Oddities(exclude="refused"),
    "exclude knows one value": Oddities(exclude="incomplete", page=2),
    "all at once": Oddities(
        kinds="refuse",
        preface="",
        base=VENDOR,
        page=2,
        repeats=True,
        cover="nowhere",
        merges=True,
        bodies=True,
        texts=True,
        bare=True,
        lags=True,
        embeds=False,
        undated_apart=True,
        exclude="ignored",
        unkeyed="apart",
    ),
}


def _project(folder: Path) -> None:
    (folder / "manifests").mkdir()
    (folder / "lrplan.yaml").write_text(PROJECT)
    pictures = make_pictures(folder / "own", 3)
    pictures[1].write_bytes(pictures[1].read_bytes() + b"\0" * 50_000)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_a_second_apply_sends_no_write(odd: Oddities, tmp_path: Path) -> None:
    _project(tmp_path)
    asyncio.run(_run(odd, tmp_path))


@pytest.mark.parametrize("exclude", ["honoured", "ignored", "refused", "incomplete"])
@pytest.mark.parametrize("undated_apart", [False, True])
@pytest.mark.parametrize("links", ["told", "self", "vendor", "create"])
def test_an_original_that_was_refused_is_sent_again(
    links: str, undated_apart: bool, exclude: str, tmp_path: Path
) -> None:
    """Whatever an asset shows and a listing knows: nothing is taken for there that is not, and nothing sent twice."""
    (tmp_path / "lrplan.yaml").write_text(ONE_PICTURE)
    make_pictures(tmp_path, 1)
    odd = Oddities(links=links, undated_apart=undated_apart, exclude=exclude, refusals=1)
    asyncio.run(_refused_once(odd, tmp_path))


@pytest.mark.parametrize(
    "odd",
    [
        *(Oddities(lost="DELETE", gone=status) for status in (400, 403, 404)),
        Oddities(lost="PUT /assets"),
        Oddities(lost="PUT /assets", codes=False),
    ],
    ids=["a deletion, 400", "a deletion, 403", "a deletion, 404", "members", "members without codes"],
)
def test_a_write_whose_answer_is_lost_ends_well_in_the_same_run(odd: Oddities, tmp_path: Path) -> None:
    _project(tmp_path)
    asyncio.run(_run(odd, tmp_path))


@pytest.mark.parametrize("cover", ["both", "album", "member", "nowhere"])
@pytest.mark.parametrize("unkeyed", ["last", "apart"])
def test_photos_that_a_person_put_in_come_along_wherever_they_are_listed(
    unkeyed: str, cover: str, tmp_path: Path
) -> None:
    """What Lightroom itself puts into an album has no order key, and may not be listed by order."""

    async def story(server: OddServer, place: Place, lists: Lists) -> None:
        (album,) = server.world.members
        server.world.members[album] |= {_photo(number): {} for number in (0, 6)}  # the first of them has no date
        server.world.covers[album] = _photo(6)
        lists(3, 1)
        _assert_verified(await place.apply())
        ((album, members),) = server.world.members.items()
        assert set(members) == {_photo(number) for number in (0, 1, 3, 6)}
        assert cover == "nowhere" or server.world.covers[album] == _photo(6)

    asyncio.run(_after_a_first_apply(Oddities(unkeyed=unkeyed, cover=cover), tmp_path, story))


@pytest.mark.parametrize("cover", ["both", "album", "member"])
@pytest.mark.parametrize("unkeyed", ["last", "apart"])
def test_a_cover_that_somebody_declares_wins_over_one_that_comes_along(
    unkeyed: str, cover: str, tmp_path: Path
) -> None:
    async def story(server: OddServer, place: Place, lists: Lists) -> None:
        (album,) = server.world.members
        server.world.members[album] |= {_photo(6): {}}
        server.world.covers[album] = _photo(6)
        lists(3, 1, cover=3)
        _assert_verified(await place.apply())
        ((album, members),) = server.world.members.items()
        assert set(members) == {_photo(number) for number in (1, 3, 6)}
        assert server.world.covers[album] == _photo(3)

    asyncio.run(_after_a_first_apply(Oddities(unkeyed=unkeyed, cover=cover), tmp_path, story))


@pytest.mark.parametrize("unkeyed", ["last", "apart"])
def test_photos_in_the_trash_stay_behind_and_hold_up_nothing(unkeyed: str, tmp_path: Path) -> None:
    async def story(server: OddServer, place: Place, lists: Lists) -> None:
        (album,) = server.world.members
        server.world.members[album] |= {_photo(6): {}}
        server.world.assets[_photo(6)]["subtype"] = "deleted_image"
        lists(3, 1)
        planned = await place.plan()
        ran = await place.apply()
        _assert_verified(ran)
        assert "in the trash" in planned.summary + "".join(one.text for one in planned.plan.drift) + "".join(
            item.why for item in ran.report.items
        )
        ((album, members),) = server.world.members.items()
        assert set(members) == {_photo(1), _photo(3)}

    asyncio.run(_after_a_first_apply(Oddities(unkeyed=unkeyed), tmp_path, story))


@pytest.mark.parametrize("unkeyed", ["last", "apart"])
def test_a_photo_that_a_person_put_in_gets_the_place_that_the_list_gives_it(unkeyed: str, tmp_path: Path) -> None:
    """Where it is not listed the first apply cannot know: it says so, and the next one makes the order."""

    async def story(server: OddServer, place: Place, lists: Lists) -> None:
        (album,) = server.world.members
        server.world.members[album] |= {_photo(6): {}}
        lists(1, 6, 2, 3)
        if unkeyed == "apart":
            assert (await place.apply()).exit_code == 9
        _assert_verified(await place.apply())
        (members,) = server.world.members.values()
        assert sorted(members, key=lambda one: members[one]["order"]) == [_photo(number) for number in (1, 6, 2, 3)]

    asyncio.run(_after_a_first_apply(Oddities(unkeyed=unkeyed), tmp_path, story))


@pytest.mark.parametrize("unkeyed", ["last", "apart"])
def test_a_cover_that_is_chosen_after_the_plan_was_made_holds_up_nothing(unkeyed: str, tmp_path: Path) -> None:
    async def story(server: OddServer, place: Place, lists: Lists) -> None:
        (album,) = server.world.members
        server.world.members[album] |= {_photo(6): {}}
        lists(1, 2, 3, 4)
        planned = await place.plan()
        server.world.covers[album] = _photo(2)
        _assert_verified(await place.apply(planned.plan))

    asyncio.run(_after_a_first_apply(Oddities(unkeyed=unkeyed), tmp_path, story))


@pytest.mark.parametrize("merges", [False, True], ids=["updates replace", "updates merge"])
def test_what_is_in_a_set_comes_to_the_top_level_on_every_server(merges: bool, tmp_path: Path) -> None:
    """Where updates are merged nothing leaves its set: that is seen once, and then there is a new album outside."""

    async def run() -> None:
        async with serving(Oddities(merges=merges)) as server:
            _seed(server)
            place = Place(folder=tmp_path, endpoint=server.endpoint, api_key=KEY, token=TOKEN)
            (tmp_path / "lrplan.yaml").write_text(_IN_SETS.format(set="outer", album="inner"))
            _assert_verified(await place.apply())
            (tmp_path / "lrplan.yaml").write_text(_IN_SETS.format(set="/", album="/"))
            if merges:
                assert (await place.apply()).exit_code == 9
            _assert_verified(await place.apply())
            assert [
                kept["payload"]["name"] for kept in server.world.albums.values() if kept["payload"].get("parent")
            ] == []
            ((members),) = (inside for inside in server.world.members.values() if inside)
            assert set(members) == {_photo(1), _photo(2)}
            done = len(server.world.writes)
            _assert_verified(await place.apply())
            assert server.world.writes[done:] == []

    asyncio.run(run())


_IN_SETS = """\
lrplan: 1
project: elsewhere
limits: {{replace: 100%}}
sets:
  outer: {{name: Outer, parent: /}}
  inner: {{name: Inner, parent: {set}}}
albums:
  one: {{name: One, parent: {album}, members: [IMG_1.jpg, IMG_2.jpg]}}
"""


async def _after_a_first_apply(
    odd: Oddities, folder: Path, story: Callable[[OddServer, Place, Lists], Awaitable[None]]
) -> None:
    """Play *story* in an album of three photos; after it there must be nothing left to do."""
    (folder / "lrplan.yaml").write_text(PROJECT)
    (folder / "manifests").mkdir()

    def lists(*numbers: int, cover: int | None = None) -> None:
        members = ", ".join(f"IMG_{number}.jpg" for number in numbers)
        declared = f"cover: IMG_{cover}.jpg, " if cover is not None else ""
        text = f"lrplan: 1\nalbums:\n  one: {{name: One, {declared}members: [{members}]}}\n"
        (folder / "manifests" / "all.yaml").write_text(text)

    async with serving(odd) as server:
        _seed(server)
        place = Place(folder=folder, endpoint=server.endpoint, api_key=KEY, token=TOKEN)
        lists(1, 2, 3)
        _assert_verified(await place.apply())
        await story(server, place, lists)
        done = len(server.world.writes)
        _assert_verified(await place.apply())
        assert server.world.writes[done:] == []


def _photo(number: int) -> str:
    return f"{number + 0xB0:032x}"


def _seed(server: OddServer) -> None:
    for number in range(8):
        captured = f"2026-05-0{1 + number}T08:00:00" if number else "0000-00-00T00:00:00"
        server.seed(_photo(number), f"IMG_{number}.jpg", captured)


async def _refused_once(odd: Oddities, folder: Path) -> None:
    async with serving(odd) as server:
        place = Place(folder=folder, endpoint=server.endpoint, api_key=KEY, token=TOKEN)
        assert (await place.apply()).exit_code == 8
        (asset,) = server.world.assets.values()
        assert not asset["complete"]
        planned = await place.plan()
        assert planned.plan is not None, planned.summary
        assert "UploadOriginal" in [type(step.action).__name__ for step in planned.plan.steps]
        _assert_verified(await place.apply())
        assert asset["complete"]
        done = len(server.world.writes)
        _assert_verified(await place.apply())
        assert server.world.writes[done:] == []


async def _run(odd: Oddities, folder: Path) -> None:
    async with serving(odd) as server:
        _seed(server)
        place = Place(folder=folder, endpoint=server.endpoint, api_key=KEY, token=TOKEN)
        for manifest in (FIRST, SECOND):
            (folder / "manifests" / "all.yaml").write_text(manifest)
            _assert_verified(await place.apply())
            if odd.lags:
                await place.plan()  # the album listing shows fields late, and the read-back asks for each album alone
            done = len(server.world.writes)
            planned = await place.plan()
            assert planned.plan is not None, planned.summary
            assert [step.id for step in planned.plan.steps] == []
            again = await place.apply()
            _assert_verified(again)
            assert server.world.writes[done:] == []
        _assert_as_wished(server.world)


def _assert_verified(ran: Ran) -> None:
    assert ran.exit_code == 0, ran.summary
    assert ran.report is not None
    assert ran.report.verified == "the catalog matches the manifests", ran.summary


def _assert_as_wished(world) -> None:
    by_name = {kept["payload"]["name"]: (album, kept["payload"]) for album, kept in world.albums.items()}
    assert sorted(by_name) == ["Below", "Dated", "One", "Sent", "Top of all"]
    names = {asset: kept["name"] for asset, kept in world.assets.items()}

    def shown(album: str) -> list[str]:
        members = world.members[album]
        return [names[one] for one in sorted(members, key=lambda one: (members[one].get("order", "~"), names[one]))]

    one, payload = by_name["One"]
    assert shown(one) == [f"IMG_{n}.jpg" for n in (3, 7, 1, 5, 2, 0)]
    assert names[world.covers[one]] == "IMG_1.jpg"
    assert payload["parent"]["id"] == by_name["Top of all"][0]
    assert payload["publishInfo"]["remoteId"] == "g-2"
    assert payload["publishInfo"]["remoteLinks"]["view"]["href"] == "https://example.com/1"
    sent, _ = by_name["Sent"]
    assert shown(sent) == ["DSC_0002.jpg", "DSC_0001.jpg", "DSC_0003.jpg"]
    assert names[world.covers[sent]] == "DSC_0002.jpg"
    dated, _ = by_name["Dated"]
    assert shown(dated) == [f"IMG_{n}.jpg" for n in (2, 4, 7)]
    assert len(world.assets) == 8 + 3
    assert all(kept["complete"] for kept in world.assets.values())

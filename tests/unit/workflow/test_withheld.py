"""What `replace: never` withholds: told in every plan, remembered by none, and done once it may be."""

from attrs import evolve

from lrplan.diagnostics import ExitCode
from lrplan.diff.change import Verb
from lrplan.model.order_keys import keys_between
from lrplan.workflow.report import Bucket, Verified
from tests.memory_catalog import MemoryCatalog
from tests.studio import Studio, photo, world_of


def wish(*photos: int, policy: str = "replace: never", name: str = "A", cover: int = 0) -> str:
    members = ", ".join(f"P{one:02}.jpg" for one in photos)
    chosen = f", cover: P{cover:02}.jpg" if cover else ""
    return f"albums:\n  a: {{name: {name}, {policy}{chosen}, members: [{members}]}}\n"


def inside(studio: Studio, name: str = "A") -> list[int]:
    return [int(asset_id, 16) for asset_id in studio.members(name)]


def test_what_can_be_done_is_done_and_the_rest_is_told_again_in_every_plan() -> None:
    studio = Studio()
    studio.run(wish(1, 2, 3))
    first = studio.plan(wish(3, 1, 4, name="B"))
    assert (first.summary.change, first.summary.replace, first.summary.blocked) == (1, 0, 1)
    assert (first.summary.members_add, first.summary.members_remove, first.summary.members_move) == (1, 0, 0)
    report = studio.apply(first, wish(3, 1, 4, name="B"))
    assert (report.exit_code, report.verified, report.remains) == (ExitCode.DONE, Verified.PLAN, ())
    (item,) = report.items
    assert item.bucket is Bucket.DONE
    assert "removing P02.jpg and moving P03.jpg need a new album" in item.why
    assert inside(studio, "B") == [1, 4, 2, 3]
    again = studio.plan(wish(3, 1, 4, name="B"))
    (change,) = again.changes
    assert (again.is_empty, change.verb, again.summary.blocked) == (True, Verb.BLOCKED, 1)
    assert change.withheld is not None
    assert change.reason == change.withheld.reason
    report = studio.apply(again, wish(3, 1, 4, name="B"))
    assert ([one.bucket for one in report.items], report.exit_code) == ([Bucket.BLOCKED], ExitCode.DONE)


def test_a_photo_that_should_go_is_still_known_to_be_lrplans_own() -> None:
    studio = Studio()
    studio.run(wish(1, 2, 3))
    studio.run(wish(1, 3))
    plan = studio.plan(wish(1, 3, policy="replace: allow"))
    (change,) = plan.changes
    assert change.members is not None
    assert (change.members.removed, change.members.foreign) == ((photo(2),), ())


def test_a_move_that_was_withheld_is_made_once_it_may_be_and_was_nobodys_hand() -> None:
    studio = Studio()
    studio.run(wish(1, 2, 3))
    studio.run(wish(3, 1, 2))
    plan = studio.plan(wish(3, 1, 2, policy="replace: allow"))
    assert plan.drift == ()
    studio.apply(plan, wish(3, 1, 2, policy="replace: allow"))
    assert inside(studio) == [3, 1, 2]


def test_a_list_that_goes_back_to_what_is_there_leaves_nothing_to_do() -> None:
    studio = Studio()
    studio.run(wish(1, 2, 3))
    studio.run(wish(3, 1))
    plan = studio.plan(wish(1, 2, 3))
    assert (plan.is_empty, plan.summary.blocked, plan.drift) == (True, 0, ())


def test_a_photo_that_stays_out_is_no_cover_and_is_not_remembered_as_one() -> None:
    studio = Studio()
    studio.run(wish(1, 2, cover=1))
    studio.edit_members("A", lambda held: evolve(held, orders=(None, None)))
    studio.run(wish(1, 2, 3, cover=3))
    assert inside(studio) == [1, 2]
    binding = studio.binding("albums.a")
    assert binding is not None
    assert (binding.applied.cover, binding.arranged) == (photo(1), (photo(1), photo(2)))
    studio.run(wish(1, 2, 3, cover=3, policy="replace: allow"))
    assert (inside(studio), studio.catalog.world.members[studio.album("A").id].cover) == ([1, 2, 3], photo(3))


def test_going_back_to_the_dates_is_asked_for_until_it_may_be_done() -> None:
    studio = Studio()
    by_date = wish(3, 2, 1, policy="replace: never, order: captureDate")
    studio.run(wish(3, 2, 1))
    for _ in range(2):
        plan = studio.plan(by_date)
        (change,) = plan.changes
        assert change.withheld is not None
        assert change.withheld.by_date
        studio.apply(plan, by_date)
    studio.run(wish(3, 2, 1, policy="order: captureDate"))
    assert inside(studio) == [1, 2, 3]


def test_what_a_person_did_of_a_plan_since_is_already_so_and_the_rest_stays_blocked() -> None:
    studio = Studio()
    studio.run(wish(1, 2, 3))
    plan = studio.plan(wish(1, 3, 4))
    keys = keys_between(None, None, 4)
    assert keys is not None
    ids = tuple(map(photo, (1, 2, 3, 4)))
    studio.edit_members("A", lambda held: evolve(held, asset_ids=ids, orders=keys))
    report = studio.apply(plan, wish(1, 3, 4))
    assert ([item.bucket for item in report.items], report.exit_code) == ([Bucket.BLOCKED], ExitCode.DONE)


def test_a_newcomer_comes_along_although_unlisted_photos_are_to_go() -> None:
    puts = True

    def meanwhile(_: int, name: str) -> None:
        nonlocal puts
        if puts and name == "PutAlbum" and len(catalog.world.albums) == 2:
            puts = False
            old = min(catalog.world.albums.values(), key=lambda one: len(catalog.world.members[one.id].asset_ids) == 0)
            held = catalog.world.members[old.id]
            held = evolve(held, asset_ids=(*held.asset_ids, photo(9)), orders=(*held.orders, "zz"))
            catalog.edit(members={**catalog.world.members, old.id: held})

    catalog = MemoryCatalog(world_of(), after=meanwhile)
    studio, greedy = Studio(catalog), wish(1, 2, policy="unlisted: remove")
    studio.run(wish(1, 2))
    studio.put_by_hand("A", 8)
    report = studio.run(greedy)
    assert (report.exit_code, puts) == (ExitCode.DONE, False)
    assert inside(studio) == [1, 2, 9], "no plan has said that it goes"
    (change,) = studio.plan(greedy).changes
    assert change.members is not None
    assert change.members.foreign == (photo(9),), "the next one says so"

"""What apply does when it is not alone: other runs, other plans, other projects, and people."""

import pytest
from attrs import evolve

from lrplan.diagnostics import ExitCode, Failure
from lrplan.formats.plan import decode_plan, encode_plan
from lrplan.model.address import Address
from lrplan.model.album import Album, AlbumKind
from lrplan.model.ids import AccountId, Owner, ServiceId, album_id
from lrplan.model.inventory import FileProblem, Original
from lrplan.plan.limits import GENERATIONS_TRIED_MAX
from lrplan.plan.plan import Plan
from lrplan.plan.write import Answer, PostAlbum, Refused, Write
from lrplan.workflow.report import Bucket, Verified
from tests.memory_catalog import MemoryCatalog
from tests.scenarios.live import originals_of
from tests.studio import Studio, buckets, photo, world_of

ONE = "albums:\n  a: {name: A, members: [P01.jpg]}\n"
TWO = ONE + "  b: {name: B, members: [P02.jpg, P03.jpg]}\n"


def stored(plan: Plan) -> Plan:
    """As it comes back from its file."""
    return decode_plan(encode_plan(plan, version="1"), file="plan.json")


def test_an_older_plan_does_not_take_back_what_is_remembered_of_albums_that_it_does_not_touch() -> None:
    studio = Studio()
    studio.run(TWO)
    older = studio.plan(TWO.replace("name: A,", "name: A2,"))
    studio.run(TWO.replace("P02.jpg, P03.jpg", "P03.jpg, P05.jpg"))
    known = studio.binding("albums.b")
    assert known is not None
    assert (known.generation, photo(5) in known.put) == (1, True)
    assert studio.apply(stored(older)).exit_code is ExitCode.DONE
    assert studio.binding("albums.b") == known
    studio.run(TWO.replace("P02.jpg, P03.jpg", "P03.jpg"))
    assert studio.members("B") == (photo(3),), "what lrplan had put there goes with its line"


def test_an_older_plan_with_nothing_to_do_takes_nothing_back_either() -> None:
    studio = Studio()
    studio.run(TWO)
    older = studio.plan(TWO)
    studio.run(TWO.replace("P02.jpg, P03.jpg", "P03.jpg, P05.jpg"))
    known = studio.binding("albums.b")
    assert studio.apply(stored(older)).exit_code is ExitCode.DONE
    assert studio.binding("albums.b") == known


def test_an_older_plan_does_not_forget_an_album_that_was_made_since() -> None:
    studio = Studio()
    studio.run(TWO)
    studio.catalog.edit(albums={}, members={})
    older = studio.plan(ONE)
    studio.run(TWO)
    known = studio.binding("albums.b")
    studio.apply(stored(older))
    assert studio.binding("albums.b") == known


@pytest.mark.parametrize("now", [TWO.replace("name: B,", "name: New,"), TWO.replace("P03.jpg", "P05.jpg")])
def test_an_album_that_another_run_made_since_is_not_made_once_more(now: str) -> None:
    studio = Studio()
    studio.run(ONE)
    older = studio.plan(TWO)
    studio.run(now)
    before, known = studio.catalog.world, studio.binding("albums.b")
    report = studio.apply(stored(older), TWO)
    assert (report.exit_code, buckets(report)["albums.b"]) == (ExitCode.STALE, Bucket.STALE)
    assert (studio.catalog.world, studio.binding("albums.b")) == (before, known)


def test_an_album_that_another_run_replaced_since_keeps_its_generation() -> None:
    studio = Studio()
    studio.run(ONE)
    older = studio.plan(TWO)
    studio.run(TWO)
    studio.run(TWO.replace("P02.jpg, P03.jpg", "P03.jpg, P02.jpg"))
    before = studio.catalog.world
    assert studio.apply(stored(older), TWO).exit_code is ExitCode.STALE
    assert studio.catalog.world == before


def test_an_album_that_another_run_made_as_this_plan_wants_it_is_already_so() -> None:
    studio = Studio()
    studio.run(ONE)
    older = studio.plan(TWO)
    studio.run(TWO)
    report = studio.apply(stored(older), TWO)
    assert (report.exit_code, buckets(report)["albums.b"]) == (ExitCode.DONE, Bucket.ALREADY)


def test_an_album_that_somebody_made_under_the_id_since_is_not_overwritten() -> None:
    """Without a state nothing tells but the service, which answers that the id exists."""
    studio = Studio()
    older = studio.plan(TWO)
    studio.run(TWO.replace("name: B,", "name: New,"))
    studio.memory.forget()
    before = studio.album("New")
    report = studio.apply(stored(older))
    assert buckets(report)["albums.b"] is Bucket.STALE
    assert studio.album("New") == before


def test_ids_that_another_api_key_has_are_passed_over_by_the_next_apply() -> None:
    studio = Studio()
    planned = studio.plan(ONE)
    ids = Owner(account_id=planned.account_id, service_id=planned.service_id, project=planned.project)
    theirs = [album_id(ids, Address("albums.a"), number) for number in range(GENERATIONS_TRIED_MAX)]
    foreign = {
        one: Album(id=one, kind=AlbumKind.ALBUM, service_id=ServiceId("another"), name="Theirs") for one in theirs
    }
    studio.catalog.edit(albums=foreign)
    assert studio.run(ONE).exit_code is ExitCode.INCOMPLETE
    before = len(studio.catalog.writes)
    assert studio.run(ONE).exit_code is ExitCode.DONE
    assert [type(write).__name__ for write in studio.catalog.writes[before:]] == ["PutAlbum", "PutMembers"]


class Reluctant(MemoryCatalog):
    """Refuses to rename anything to B2, as long as it likes."""

    refuses = True

    async def send(self, write: Write, *, stamp: str) -> Answer:
        if self.refuses and isinstance(write, PostAlbum) and write.name == "B2":
            return self._answered("refused", Refused(status=403, why="no"))
        return await super().send(write, stamp=stamp)


def test_what_an_unfinished_run_did_and_a_person_undid_is_done_again() -> None:
    catalog = Reluctant(world_of())
    studio = Studio(catalog)
    studio.run(TWO)
    renamed = TWO.replace("name: A,", "name: A2,").replace("name: B,", "name: B2,")
    assert studio.run(renamed).exit_code is ExitCode.INCOMPLETE
    studio.edit_album("A2", name="A")
    assert studio.run(renamed).exit_code is ExitCode.INCOMPLETE
    assert studio.album("A2")
    catalog.refuses = False
    studio.edit_album("A2", name="A")
    assert studio.run(renamed).exit_code is ExitCode.DONE
    assert studio.album("A2")
    assert studio.album("B2")


def test_a_wish_that_was_undone_by_hand_since_it_was_applied_is_sent_again() -> None:
    created = "2026-01-01T00:00:00Z"
    studio = Studio()
    studio.run(ONE)
    wish = f"albums:\n  a: {{name: A, publishInfo: {{created: '{created}'}}, members: [P01.jpg]}}\n"
    for _ in range(2):
        report = studio.run(wish)
        assert report.verified is Verified.MANIFESTS
        live = studio.album("A").publish_info
        assert live is not None
        assert live.created == created
        studio.edit_album("A", publish_info=evolve(live, created="2025-01-01T00:00:00Z"))


def test_the_very_same_plan_once_more_sends_nothing_and_a_later_one_that_comes_to_the_same_does() -> None:
    studio = Studio()
    studio.run(ONE)
    wish = ONE.replace("name: A,", "name: A2,")
    made = stored(studio.plan(wish))
    studio.apply(made, wish)
    sent = len(studio.catalog.writes)
    assert studio.apply(made, wish).exit_code is ExitCode.DONE
    assert len(studio.catalog.writes) == sent
    studio.edit_album("A2", name="A")
    assert studio.run(wish).exit_code is ExitCode.DONE
    assert studio.album("A2")


def test_an_album_whose_fresh_plan_comes_to_the_same_goes_on() -> None:
    """By then the set is there, so that a fresh plan would not make it first; what is done to the album is the same."""
    studio = Studio()
    studio.run("albums:\n  b: {name: B, parent: /, members: [P01.jpg, P02.jpg]}\n")
    wish = "sets:\n  w: {name: W}\nalbums:\n  b: {name: B, parent: w, members: [P01.jpg, P02.jpg]}\n"
    made = studio.plan(wish)
    studio.put_by_hand("B", 9)
    report = studio.apply(made, wish)
    assert (report.exit_code, report.verified) == (ExitCode.DONE, Verified.MANIFESTS)
    assert studio.album("B").parent == studio.album("W").id
    assert photo(9) in studio.members("B")


def test_photos_that_a_person_put_there_first_are_a_persons() -> None:
    studio = Studio()
    studio.run(ONE)
    wish = ONE.replace("[P01.jpg]", "[P01.jpg, P09.jpg]")
    made = studio.plan(wish)
    studio.put_by_hand("A", 9)
    assert buckets(studio.apply(made, wish)) == {"albums.a": Bucket.ALREADY}
    studio.run(ONE)
    assert studio.members("A") == (photo(1), photo(9))


def test_a_plan_of_another_project_is_refused_and_nothing_is_remembered() -> None:
    studio, other = Studio(), Studio(project="other")
    other.catalog = studio.catalog
    for made in (studio.plan(ONE), studio.plan("albums: {}\n")):
        with pytest.raises(Failure) as refused:
            other.apply(stored(made), ONE)
        assert (refused.value.exit_code, refused.value.diagnostics[0].code) == (ExitCode.CREDENTIALS, "LRP304")
    assert other.memory.state is None
    assert studio.catalog.writes == []


@pytest.mark.parametrize("albums", [ONE, "albums: {}\n"], ids=["full", "empty"])
def test_a_plan_is_refused_where_the_state_is_of_somebody_else(albums: str) -> None:
    studio = Studio()
    studio.run(TWO)
    state = studio.memory.state
    assert state is not None
    made = evolve(Studio().plan(albums), account_id=AccountId("b" * 32))
    with pytest.raises(Failure) as refused:
        studio.apply(stored(made))
    assert (refused.value.exit_code, refused.value.diagnostics[0].code) == (ExitCode.CREDENTIALS, "LRP305")
    assert studio.memory.state == state


def test_an_empty_plan_from_a_file_claims_nothing_of_the_catalog() -> None:
    studio = Studio()
    studio.run(ONE)
    made = studio.plan(ONE)
    assert studio.apply(made, ONE).verified is Verified.MANIFESTS, "it was read just now"
    studio.catalog.edit(albums={}, members={})
    report = studio.apply(stored(made), ONE)
    assert (report.exit_code, report.verified) == (ExitCode.DONE, Verified.NOTHING)


@pytest.mark.parametrize("noun", ["account", "catalog"])
@pytest.mark.parametrize("albums", [ONE, "albums: {}\n"], ids=["full", "empty"])
def test_the_account_and_the_catalog_that_the_project_names_are_guards_of_stored_plans_too(
    noun: str, albums: str
) -> None:
    made = stored(Studio().plan(albums))
    studio = Studio(settings=f"{noun}: {'0' * 31}1\n")
    with pytest.raises(Failure) as refused:
        studio.apply(made, albums)
    assert (refused.value.exit_code, refused.value.diagnostics[0].code) == (ExitCode.CREDENTIALS, "LRP304")
    assert studio.catalog.writes == []


UPLOADS = """albums:
  a: {name: A, members: [../o/one.jpg, ../o/two.jpg]}
  b: {name: B, members: [P02.jpg, ../o/two.jpg]}
  c: {name: C, members: [../o/three.jpg]}
"""


def original(name: str) -> Original:
    return originals_of({f"o/{name}.jpg": {"content": name}})[f"o/{name}.jpg"]  # type: ignore[return-value]


@pytest.mark.parametrize("now", [None, original("other"), FileProblem(path="o/one.jpg", reason="is a folder")])
def test_a_file_that_vanished_or_changed_spoils_the_albums_that_need_it_and_nothing_of_them_is_begun(
    now: Original | FileProblem | None,
) -> None:
    """The second file is sent for the first album, so that it is not sent, and the second album not begun either."""
    studio = Studio()
    studio.files.originals = {f"o/{name}.jpg": original(name) for name in ("one", "two", "three")}
    made = studio.plan(UPLOADS)
    del studio.files.originals["o/one.jpg"]
    if now is not None:
        studio.files.originals["o/one.jpg"] = now  # type: ignore[assignment]
    report = studio.apply(stored(made), UPLOADS)
    assert report.exit_code is ExitCode.STALE
    assert [said.code for said in report.diagnostics] == ["LRP502"]
    assert {name for name, bucket in buckets(report).items() if bucket is Bucket.STALE} == {
        "albums.a", "albums.b", "o/one.jpg", "o/two.jpg",
    }  # fmt: skip
    assert [album.name for album in studio.catalog.world.albums.values()] == ["C"]


def test_a_run_that_did_nothing_is_no_state() -> None:
    """It may have died before its first request; then nothing is known, and the plan says so."""
    studio = Studio()
    made = studio.plan(ONE)
    studio.memory.recorded["r"] = (made, [])
    assert not studio.plan(ONE).has_state
    studio.run(ONE)
    assert studio.plan(ONE).has_state


def test_what_a_plan_file_says_was_put_into_an_album_counts_only_if_it_is_sent() -> None:
    studio = Studio()
    studio.run(ONE)
    studio.put_by_hand("A", 9)
    wish = ONE.replace("name: A,", "name: A2,")
    made = studio.plan(wish)
    target = made.targets[Address("albums.a")]
    forged = evolve(made, targets={Address("albums.a"): evolve(target, put=(*target.put, photo(9)))})
    assert studio.apply(forged, wish).exit_code is ExitCode.DONE
    known = studio.binding("albums.a")
    assert known is not None
    assert known.put == (photo(1),)

"""What each line of a journal proves, and what becomes of the state because of it."""

import pytest
from attrs import evolve

from lrplan.diff.change import BlockedPhoto, Change, MemberChange, Verb
from lrplan.journal.entries import Ended, Entry, Intent, Outcome, Settled, Started, StepDone
from lrplan.journal.fold import fold
from lrplan.journal.replay import Progress, handed_over, parts_arrived, plan_name, replay
from lrplan.model.address import Address
from lrplan.model.album import AlbumKind
from lrplan.model.fingerprint import binding_fingerprint
from lrplan.model.ids import AccountId, AlbumId, AssetId, CatalogId, Owner, ServiceId, album_id
from lrplan.model.state import Applied, Binding, State
from lrplan.plan.action import AddMembers, CreateAlbum, DeleteAlbum, Placed, RetireAlbum, Step, UploadOriginal
from lrplan.plan.plan import Plan
from tests.unit.formats.test_plan_laws import ORIGINAL

OWNER = Owner(account_id=AccountId("a"), service_id=ServiceId("s"), project="p")
HERE, GONE = Address("albums.a"), Address("albums.gone")
FIRST, SECOND, THIRD = (album_id(OWNER, HERE, generation) for generation in range(3))
LEAVING = album_id(OWNER, GONE, 3)
A, B, C, D = (AssetId(letter * 32) for letter in "abcd")
AT = "2026-05-04T10:00:00.000000Z"


def intent(write: str, album: AlbumId | None = None, *photos: AssetId) -> Intent:
    return Intent(write=write, step_id=write.partition("#")[0], stamp=AT, album_id=album, asset_ids=photos)


CREATE = Step(
    id="create", action=CreateAlbum(address=HERE, album_id=FIRST, kind=AlbumKind.ALBUM, name="A"), requires=()
)
ADD = Step(
    id="add",
    action=AddMembers(
        address=HERE,
        album_id=FIRST,
        photos=(Placed(asset_id=A), Placed(asset_id=B), Placed(asset_id=C, carried=True)),
    ),
    requires=("create",),
)
DELETE = Step(id="delete", action=DeleteAlbum(address=GONE, album_id=LEAVING, kind=AlbumKind.ALBUM))
TARGET = Binding(album_id=FIRST, generation=0, put=(A, B), arranged=(A, B), applied=Applied(name="A"))
LEFT = Binding(album_id=LEAVING, generation=3, put=(D,))
PLAN = Plan(
    project="p",
    account_id=AccountId("a"),
    catalog_id=CatalogId("c"),
    service_id=ServiceId("s"),
    steps=(CREATE, ADD, DELETE),
    targets={HERE: TARGET},
    forgotten=(GONE,),
    bases={HERE: "", GONE: binding_fingerprint(LEFT)},
)
BEFORE = State(
    account_id=AccountId("a"),
    catalog_id=CatalogId("c"),
    service_id=ServiceId("s"),
    project="p",
    bindings={GONE: LEFT},
)
WHOLE: tuple[Entry, ...] = (
    Started(run_id="r", digest="d", at=AT),
    intent("create#0", FIRST),
    Outcome(write="create#0", result="accepted"),
    StepDone(step_id="create", result="done"),
    intent("add#0", FIRST, A, B, C),
    Outcome(write="add#0", result="accepted"),
    StepDone(step_id="add", result="done"),
    intent("delete#0", LEAVING),
    Outcome(write="delete#0", result="accepted"),
    StepDone(step_id="delete", result="done"),
    Ended(result="done", at=AT),
)


def test_an_empty_journal_proves_nothing() -> None:
    assert replay(()) == Progress()


def test_a_started_run_has_sent_nothing() -> None:
    assert replay(WHOLE[:1]) == Progress(digest="d")


def test_an_intent_alone_is_a_write_in_doubt() -> None:
    found = replay(WHOLE[:2])
    assert (found.sent, found.begun, found.done, found.made) == (True, {"create"}, frozenset(), frozenset())
    assert found.stamps == {"create#0": AT}


@pytest.mark.parametrize("result", ["accepted", "exists"])
def test_a_good_answer_proves_that_the_album_is_made(result: str) -> None:
    assert replay((WHOLE[1], Outcome(write="create#0", result=result))).made == {FIRST}


@pytest.mark.parametrize("result", ["absent", "refused", "partly"])
def test_any_other_answer_proves_no_album(result: str) -> None:
    assert replay((WHOLE[1], Outcome(write="create#0", result=result))).made == frozenset()


def test_the_stamp_of_a_write_that_was_sent_twice_is_the_first() -> None:
    again = evolve(intent("create#0", FIRST), stamp="later")
    assert replay((WHOLE[1], again)).stamps == {"create#0": AT}


@pytest.mark.parametrize("result", ["done", "already"])
def test_a_step_that_ended_well_is_done(result: str) -> None:
    assert replay((StepDone(step_id="create", result=result),)).done == {"create"}


@pytest.mark.parametrize("result", ["failed", "skipped", "stale"])
def test_a_step_that_ended_otherwise_is_not(result: str) -> None:
    assert replay((StepDone(step_id="create", result=result),)).done == frozenset()


def test_refused_photos_are_gathered_over_the_calls_of_a_step() -> None:
    entries = (
        intent("add#0", FIRST, A, B),
        Outcome(write="add#0", result="partly", asset_ids=(A,)),
        intent("add#1", FIRST, C),
        Outcome(write="add#1", result="partly", asset_ids=(C,)),
    )
    assert replay(entries).refused == {"add": {A, C}}


def test_an_id_that_stands_for_another_is_known_from_then_on() -> None:
    assert replay((Settled(step_id="create", planned=FIRST, actual=SECOND),)).actual == {FIRST: SECOND}


def test_how_a_run_said_it_ended() -> None:
    assert replay(WHOLE).ended == "done"
    assert replay(WHOLE[:-1]).ended is None


@pytest.mark.parametrize("length", range(len(WHOLE) + 1))
def test_what_is_handed_over_serves_resumption_as_the_run_itself_does(length: int) -> None:
    settled = Settled(step_id="upload", planned=C, actual=D)
    unsent = (intent("add#1", FIRST, C), Outcome(write="add#1", result="unsent"))
    found = replay((settled, *unsent, *WHOLE[:length]))
    taken = replay(handed_over(found))
    assert (taken.done, taken.writes, taken.actual, taken.sent) == (found.done, found.writes, found.actual, found.sent)
    assert taken.stamps == {write: found.stamps[write] for write in found.writes}
    assert handed_over(taken) == handed_over(found), "from run to run"


def test_what_was_handed_over_was_not_sent_by_the_run_that_took_it() -> None:
    """What the earlier run put is known from that one: the later run must not claim a photo that was refused since."""
    refused = (*WHOLE[:5], Outcome(write="add#0", result="partly", asset_ids=(B,)))
    first = fold(BEFORE, "r1", PLAN, refused)
    assert first.bindings[HERE].put == (A,)
    assert fold(first, "r2", PLAN, (WHOLE[0], *handed_over(replay(refused)))).bindings == first.bindings


def test_a_request_that_was_handed_over_and_never_sent_again_may_still_have_been_sent() -> None:
    taken = handed_over(replay(WHOLE[:2]))
    found = replay((*taken, WHOLE[1], Outcome(write="create#0", result="unsent")))
    assert (found.writes, found.begun) == ({"create#0": "create"}, frozenset())


UPLOAD = Step(id="upload", action=UploadOriginal(address=HERE, asset_id=A, original=ORIGINAL))


def part(number: int, asset: AssetId = A) -> tuple[Entry, ...]:
    sent = evolve(intent(f"upload#{number}", None, asset), content_range=f"bytes {number}")
    return sent, Outcome(write=sent.write, result="accepted")


def test_what_was_begun_is_kept_where_nothing_else_is_remembered() -> None:
    plan = evolve(PLAN, steps=(UPLOAD,), targets={}, forgotten=())
    full = evolve(intent("upload#9", None, A), content_range="bytes 9"), Outcome(write="upload#9", result="full")
    first = fold(None, "r1", plan, (*part(0), *full))
    assert first.is_blank
    second = fold(first, "r2", plan, ())
    assert (second.arrived, second.storage_is_full) == ({A: ("bytes 0",)}, True)


def test_parts_that_arrived_are_known_until_their_original_was_sent_to_its_end_or_a_run_ended_well() -> None:
    plan = evolve(PLAN, steps=(*PLAN.steps, UPLOAD))
    ended = StepDone(step_id="upload", result="done")
    first = fold(BEFORE, "r1", plan, (*part(1), *part(0, B)))
    second = fold(first, "r2", plan, part(0))
    assert second.arrived == {A: ("bytes 0", "bytes 1"), B: ("bytes 0",)}
    assert fold(second, "r3", PLAN, WHOLE[:-3]).arrived == second.arrived, "of any plan"
    assert fold(second, "r3", plan, (*part(2), ended)).arrived == {B: ("bytes 0",)}
    settled = Settled(step_id="upload", planned=A, actual=B)
    assert fold(second, "r3", plan, (settled, ended)).arrived == {}
    assert fold(second, "r3", PLAN, WHOLE).arrived == {}


@pytest.mark.parametrize(
    ("ended", "is_full"), [("done", False), ("incomplete", False), ("interrupted", True), (None, True)]
)
def test_a_full_storage_is_known_until_a_run_came_to_its_end(ended: str | None, is_full: bool) -> None:
    full = fold(BEFORE, "r1", PLAN, (WHOLE[0], WHOLE[1], Outcome(write="create#0", result="full")))
    assert full.storage_is_full
    last = (Ended(result=ended, at=AT),) if ended is not None else ()
    assert fold(full, "r2", PLAN, (WHOLE[0], *last)).storage_is_full is is_full
    assert not fold(full, "r2", PLAN, WHOLE).storage_is_full


def test_a_memory_of_nothing_is_of_nobody() -> None:
    """Runs that were refused for another account leave nothing but their names."""
    blank = evolve(BEFORE, account_id=AccountId("b"), bindings={}, folded=("r0",))
    after = fold(blank, "r", PLAN, WHOLE)
    assert (after.account_id, after.folded) == (PLAN.account_id, ("r0", "r"))
    assert fold(evolve(blank, serial=1), "r", PLAN, WHOLE).account_id == "b"


def test_a_whole_run_binds_what_the_plan_says_and_forgets_what_is_gone() -> None:
    after = fold(BEFORE, "r", PLAN, WHOLE)
    assert after.bindings == {HERE: TARGET}
    assert after.used == {GONE: 3}
    assert (after.folded, after.last_applied) == (("r",), plan_name("d", PLAN))


def test_a_run_is_folded_once() -> None:
    after = fold(BEFORE, "r", PLAN, WHOLE)
    assert fold(after, "r", PLAN, WHOLE[:3]) is after


def test_without_state_a_run_is_the_beginning_of_one() -> None:
    after = fold(None, "r", PLAN, WHOLE)
    assert (after.account_id, after.catalog_id, after.service_id, after.project) == ("a", "c", "s", "p")
    assert after.bindings == {HERE: TARGET}


def test_a_run_that_did_nothing_leaves_what_was_known() -> None:
    after = fold(BEFORE, "r", PLAN, WHOLE[:1])
    assert (after.bindings, after.used) == (BEFORE.bindings, BEFORE.used)


def test_an_album_in_doubt_is_bound_and_its_generation_is_not_proven() -> None:
    binding = fold(BEFORE, "r", PLAN, WHOLE[:2]).bindings[HERE]
    assert (binding.album_id, binding.generation, binding.put) == (FIRST, -1, ())


def test_an_album_that_was_made_is_bound_with_nothing_in_it_and_no_order() -> None:
    bound = fold(BEFORE, "r", PLAN, WHOLE[:4]).bindings[HERE]
    assert bound == Binding(album_id=FIRST, generation=0)


def test_photos_in_doubt_count_as_put_but_not_those_that_came_along() -> None:
    bound = fold(BEFORE, "r", PLAN, WHOLE[:5]).bindings[HERE]
    assert (bound.put, bound.arranged) == ((A, B), None)


def test_refused_photos_were_not_put() -> None:
    partly = Outcome(write="add#0", result="partly", asset_ids=(B,))
    failed = StepDone(step_id="add", result="failed")
    assert fold(BEFORE, "r", PLAN, (*WHOLE[:5], partly, failed)).bindings[HERE].put == (A,)


def test_an_unfinished_deletion_keeps_the_binding() -> None:
    assert fold(BEFORE, "r", PLAN, WHOLE[:9]).bindings[GONE] == BEFORE.bindings[GONE]


def test_a_run_that_is_not_whole_is_not_the_last_that_was_applied() -> None:
    state = evolve(BEFORE, last_applied="earlier")
    assert fold(state, "r", PLAN, WHOLE[:9]).last_applied == ""


def test_what_was_used_once_stays_used_until_something_newer_is_made() -> None:
    state = evolve(BEFORE, used={HERE: 4})
    target = evolve(TARGET, album_id=album_id(OWNER, HERE, 5), generation=5)
    plan = evolve(PLAN, targets={HERE: target})
    assert fold(state, "r", plan, WHOLE[:1]).used == {HERE: 4}
    assert fold(state, "r", plan, WHOLE).used == {GONE: 3}


def test_a_settled_generation_is_the_one_that_is_bound() -> None:
    settled = Settled(step_id="create", planned=FIRST, actual=THIRD)
    made = (WHOLE[0], settled, intent("create#1", THIRD), Outcome(write="create#1", result="accepted"))
    whole = (*made, StepDone(step_id="create", result="done"), StepDone(step_id="add", result="done"))
    for entries in (made, whole):
        bound = fold(BEFORE, "r", PLAN, entries).bindings[HERE]
        assert (bound.album_id, bound.generation) == (THIRD, 2)


def test_a_settled_photo_is_the_one_that_was_put_and_never_twice() -> None:
    settled = Settled(step_id="upload", planned=A, actual=D)
    bound = fold(BEFORE, "r", PLAN, (*WHOLE, settled)).bindings[HERE]
    assert (bound.put, bound.arranged) == ((D, B), (D, B))
    twice = Settled(step_id="upload", planned=A, actual=B)
    assert fold(BEFORE, "r", PLAN, (*WHOLE, twice)).bindings[HERE].put == (B,)


def test_a_replacement_that_was_cut_off_keeps_the_old_album_and_remembers_the_new_generation() -> None:
    create = evolve(CREATE, action=evolve(CREATE.action, album_id=SECOND, replaces=FIRST))
    retire = Step(id="retire", action=RetireAlbum(address=HERE, album_id=FIRST, successor=SECOND))
    target = evolve(TARGET, album_id=SECOND, generation=1)
    plan = evolve(PLAN, steps=(create, ADD, retire), targets={HERE: target}, forgotten=())
    before = evolve(BEFORE, bindings={HERE: evolve(TARGET, put=(D, A), arranged=(D, A))})
    entries = (
        intent("create#0", SECOND),
        Outcome(write="create#0", result="accepted"),
        StepDone(step_id="create", result="done"),
        intent("add#0", SECOND, A, B),
    )
    bound = fold(before, "r", plan, entries).bindings[HERE]
    assert (bound.album_id, bound.generation) == (FIRST, 1)
    assert bound.put == (D, A, B), "what was put before counts until the old album is gone"
    assert bound.arranged == (D, A, B), "the plan had no other order in mind"


def test_what_a_replacement_under_way_leaves_behind_is_known_until_it_is_done_or_sent_again() -> None:
    create = evolve(CREATE, action=evolve(CREATE.action, album_id=SECOND, replaces=FIRST))
    retire = Step(id="retire", action=RetireAlbum(address=HERE, album_id=FIRST, successor=SECOND))
    change = Change(address=HERE, kind=AlbumKind.ALBUM, verb=Verb.REPLACE, name="A", members=MemberChange(removed=(D,)))
    target = evolve(TARGET, album_id=SECOND, generation=1)
    before = evolve(BEFORE, bindings={HERE: evolve(TARGET, put=(A, B, D), arranged=(A, B, D))})
    bases = {HERE: binding_fingerprint(before.bindings[HERE])}
    plan = evolve(
        PLAN, steps=(create, ADD, retire), targets={HERE: target}, forgotten=(), changes=(change,), bases=bases
    )
    begun = fold(before, "r", plan, WHOLE[:2])
    assert begun.bindings[HERE].leaving == {D: 1}
    assert fold(before, "r", plan, WHOLE[:1]).bindings[HERE].leaving == {}
    whole = (*WHOLE[:7], StepDone(step_id="retire", result="done"))
    assert fold(before, "r", plan, whole).bindings[HERE].leaving == {}
    once_more = evolve(ADD, action=evolve(ADD.action, photos=(Placed(asset_id=D),)))
    again = evolve(plan, steps=(once_more, retire), changes=(), bases={HERE: binding_fingerprint(begun.bindings[HERE])})
    assert fold(begun, "q", again, (intent("add#0", SECOND, D),)).bindings[HERE].leaving == {}


def test_a_request_that_was_never_sent_is_not_begun_and_not_in_doubt() -> None:
    found = replay([WHOLE[0], WHOLE[1], Outcome(write="create#0", result="unsent")])
    assert (found.begun, found.doubted, found.sent) == (frozenset(), frozenset(), False)


def test_what_an_earlier_run_left_in_doubt_stays_so_when_the_next_one_never_sends_it() -> None:
    found = replay([*WHOLE[:2], *WHOLE[:2], Outcome(write="create#0", result="unsent")])
    assert (found.begun, found.doubted, found.sent) == ({"create"}, {FIRST}, True)


def test_the_parts_that_arrived_are_those_that_were_accepted() -> None:
    parts = [evolve(intent(f"u#{n}", None, A), content_range=f"bytes {n}") for n in range(4)]
    results = [Outcome(write="u#0", result="accepted"), Outcome(write="u#1", result="unsent")]
    assert parts_arrived([*parts, *results, Outcome(write="u#2", result="refused")]) == {A: {"bytes 0"}}


def test_where_another_run_was_there_since_a_plan_that_did_nothing_there_takes_nothing_back() -> None:
    newer = evolve(TARGET, album_id=SECOND, generation=1, put=(A, D))
    state = evolve(BEFORE, bindings={HERE: newer, GONE: evolve(LEFT, generation=4)})
    plan = evolve(PLAN, steps=())
    assert fold(state, "r", plan, WHOLE[:1]).bindings == state.bindings


def test_what_two_runs_did_to_one_album_is_known_of_both() -> None:
    removing = Change(
        address=HERE, kind=AlbumKind.ALBUM, verb=Verb.UPDATE, name="A", members=MemberChange(removed=(D,))
    )
    other = Binding(album_id=SECOND, generation=1, put=(C, D), known_as={C: "c.jpg"})
    state = evolve(BEFORE, bindings={HERE: other})
    bound = fold(state, "r", evolve(PLAN, changes=(removing,)), WHOLE).bindings[HERE]
    assert (bound.album_id, bound.generation) == (SECOND, 1), "the newer generation is the album"
    assert bound.put == (A, B, C), "D was taken out"
    assert bound.known_as == {C: "c.jpg"}


def test_photos_that_turned_out_to_be_there_were_not_put() -> None:
    already = (*WHOLE[:4], StepDone(step_id="add", result="already"))
    assert fold(BEFORE, "r", PLAN, already).bindings[HERE].put == ()
    before = evolve(TARGET, put=(A,))
    plan = evolve(PLAN, bases={HERE: binding_fingerprint(before)})
    assert fold(evolve(BEFORE, bindings={HERE: before}), "r", plan, already).bindings[HERE].put == (A,)


def test_a_cover_that_stands_for_another_photo_is_remembered_as_that() -> None:
    plan = evolve(PLAN, targets={HERE: evolve(TARGET, applied=Applied(name="A", cover=A))})
    bound = fold(BEFORE, "r", plan, (*WHOLE, Settled(step_id="upload", planned=A, actual=D))).bindings[HERE]
    assert bound.applied.cover == D


def test_names_are_remembered_of_photos_that_may_have_been_put() -> None:
    plan = evolve(PLAN, targets={HERE: evolve(TARGET, known_as={A: "a.jpg", D: "d.jpg"})})
    assert fold(BEFORE, "r", plan, WHOLE[:5]).bindings[HERE].known_as == {A: "a.jpg"}


@pytest.mark.parametrize(
    ("before", "planned", "known"),
    [
        ((A, B, C), (A, B), (A, B, C)),
        ((B, C), (A, B), (A, B, C)),
        ((A, B), (A, D, B), (A, B)),
        ((B, A), (A, B), None),
        ((A, B), None, None),
        (None, (A, B), None),
    ],
)
def test_the_order_that_a_cut_run_was_making_is_known_only_where_it_is_no_other_than_before(
    before: tuple[AssetId, ...] | None, planned: tuple[AssetId, ...] | None, known: tuple[AssetId, ...] | None
) -> None:
    state = evolve(BEFORE, bindings={HERE: evolve(TARGET, put=before or (), arranged=before)})
    target = evolve(TARGET, album_id=SECOND, generation=1, arranged=planned)
    made = evolve(CREATE, action=evolve(CREATE.action, album_id=SECOND, replaces=FIRST))
    added = evolve(ADD, action=evolve(ADD.action, album_id=SECOND))
    plan = evolve(PLAN, steps=(made, added), targets={HERE: target}, forgotten=())
    entries = (intent("create#0", SECOND), intent("add#0", SECOND, A, B, C))
    assert fold(state, "r", plan, entries).bindings[HERE].arranged == known


def test_a_photo_that_somebody_else_had_put_there_is_not_arranged_by_a_run_that_was_cut() -> None:
    state = evolve(BEFORE, bindings={HERE: evolve(TARGET, put=(A,), arranged=(A,))})
    target = evolve(TARGET, album_id=SECOND, generation=1, arranged=(A, B, C))
    made = evolve(CREATE, action=evolve(CREATE.action, album_id=SECOND, replaces=FIRST))
    photos = tuple(Placed(asset_id=one) for one in (A, B, C))
    added = evolve(ADD, action=evolve(ADD.action, album_id=SECOND, photos=photos))
    change = Change(
        address=HERE, kind=AlbumKind.ALBUM, verb=Verb.REPLACE, name="A", members=MemberChange(before=(B, A))
    )
    plan = evolve(PLAN, steps=(made, added), targets={HERE: target}, forgotten=(), changes=(change,))
    bound = fold(state, "r", plan, (intent("create#0", SECOND), intent("add#0", SECOND, A, B, C))).bindings[HERE]
    assert (bound.put, bound.arranged) == ((A, B, C), (A, C)), "in the old album, B stands where that person put it"


def test_a_blocked_photo_of_an_album_that_was_being_replaced_was_a_member() -> None:
    """The old album may be gone already, and with it what showed that the photo was in it."""
    blocked = Change(
        address=HERE,
        kind=AlbumKind.ALBUM,
        verb=Verb.REPLACE,
        name="A",
        blocked=(BlockedPhoto(asset_id=D, text="is gone"),),
    )
    retire = Step(id="retire", action=RetireAlbum(address=HERE, album_id=SECOND, successor=FIRST))
    plan = evolve(PLAN, changes=(blocked,), steps=(*PLAN.steps, retire))
    assert fold(None, "r", plan, WHOLE[:5]).bindings[HERE].put == (A, B, D)
    assert fold(None, "r", evolve(plan, steps=PLAN.steps), WHOLE[:5]).bindings[HERE].put == (A, B), "nothing goes"

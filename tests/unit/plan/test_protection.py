"""What is protected is neither deleted nor replaced: the plan is refused, with place, reason and the way out."""

import pytest
from attrs import evolve

from lrplan.diagnostics import ExitCode, Failure, SourceSpan
from lrplan.diff.change import INTERRUPTED, LEAVING, Change, Reason, Verb
from lrplan.manifest.entries import Limits
from lrplan.model.address import Address
from lrplan.model.album import AlbumKind
from lrplan.model.ids import AccountId, AlbumId, CatalogId, ServiceId
from lrplan.model.state import Binding, State
from lrplan.plan.guard import refusals
from lrplan.plan.plan import Plan, Summary
from lrplan.plan.protection import protections

HERE = Address("albums.a")
SPAN = SourceSpan(file="manifests/a.yaml", line=3, column=3)
REMOVAL = Reason(code="removal", text="the API cannot take a photo out of an album")
REPLACED = Change(
    address=HERE,
    kind=AlbumKind.ALBUM,
    verb=Verb.REPLACE,
    name="A",
    span=SPAN,
    reason=REMOVAL,
    id=AlbumId("1" * 32),
    protected=True,
)
GONE = Reason(code="no-longer-declared", text="no manifest declares it any more; it stood at manifests/a.yaml:4")
DELETED = evolve(REPLACED, verb=Verb.DELETE, span=None, reason=GONE)
NOTHING = Plan(project="p", account_id=AccountId("a"), catalog_id=CatalogId("c"), service_id=ServiceId("s"))


def plan(*changes: Change) -> Plan:
    return evolve(NOTHING, changes=changes)


@pytest.mark.parametrize("change", [REPLACED, DELETED, evolve(REPLACED, kind=AlbumKind.SET)])
def test_a_protected_address_is_named_and_no_allowance_lifts_it(change: Change) -> None:
    made = evolve(plan(change), allowed=dict.fromkeys(("delete", "replace"), 1_000_000))
    (said,) = refusals(made, Limits())
    assert (said.code, said.span, Failure(said).exit_code) == ("LRP404", change.span, ExitCode.GUARD)
    assert HERE in said.what
    assert "`protect: false`" in said.hint
    assert "apply that, then plan again" in said.hint


def test_of_an_entry_that_is_gone_the_place_where_it_stood_is_named() -> None:
    (said,) = protections(plan(DELETED))
    assert "manifests/a.yaml:4" in said.why


@pytest.mark.parametrize(
    "change",
    [
        evolve(REPLACED, protected=False),
        evolve(REPLACED, verb=Verb.UPDATE, reason=None),
        evolve(REPLACED, verb=Verb.CREATE, reason=None),
        evolve(REPLACED, verb=Verb.LET_GO, reason=Reason(code=LEAVING, text="")),
        evolve(REPLACED, verb=Verb.BLOCKED),
        evolve(REPLACED, verb=Verb.PAUSED, reason=None),
        evolve(REPLACED, reason=Reason(code=INTERRUPTED, text="an earlier replacement was interrupted")),
    ],
)
def test_edits_and_ends_that_take_nothing_away_are_no_concern_of_it(change: Change) -> None:
    assert protections(plan(change)) == ()


def test_what_is_protected_by_now_counts_for_a_plan_from_before() -> None:
    older = plan(evolve(REPLACED, protected=False))
    binding = Binding(album_id=AlbumId("1" * 32), generation=0, protect=True)
    state = State(
        account_id=older.account_id,
        catalog_id=older.catalog_id,
        service_id=older.service_id,
        project="p",
        bindings={HERE: binding},
    )
    assert [said.code for said in protections(older, state)] == ["LRP404"]
    assert protections(older, evolve(state, bindings={HERE: evolve(binding, protect=False)})) == ()


def test_what_is_let_go_saves_nothing_from_being_all_that_goes() -> None:
    goes = [evolve(DELETED, address=Address(f"albums.{key}"), protected=False) for key in "bc"]
    left = evolve(REPLACED, verb=Verb.LET_GO, reason=Reason(code=LEAVING, text=""))
    made = evolve(plan(*goes, left), summary=Summary(delete=2, let_go=1))
    no_limits = Limits(delete=10**9)
    assert [said.code for said in refusals(made, no_limits)] == ["LRP402"]
    stays = evolve(left, verb=Verb.PAUSED, reason=None)
    assert refusals(evolve(made, changes=(*goes, stays)), no_limits) == ()

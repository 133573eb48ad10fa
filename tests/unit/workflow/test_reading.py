"""Whose catalog it is, and whose state: what is refused before anything is compared."""

import pytest

from lrplan.diagnostics import ExitCode, Failure
from lrplan.model.ids import AccountId, CatalogId, Owner, ServiceId
from lrplan.model.snapshot import Catalog
from lrplan.model.state import State
from lrplan.workflow.reading import check_state

OWNER = Owner(account_id=AccountId("a" * 32), service_id=ServiceId("key"), project="studio")
CATALOG = Catalog(id=CatalogId("c" * 32), name="Studio")


def state(**changed: str) -> State:
    mine = {"account_id": "a" * 32, "catalog_id": "c" * 32, "service_id": "key", "project": "studio"}
    return State(**{**mine, **changed})  # type: ignore[arg-type]


def test_a_state_of_this_very_project_is_used_and_none_is_fine() -> None:
    check_state(state(), OWNER, CATALOG)
    check_state(None, OWNER, CATALOG)


@pytest.mark.parametrize(
    ("changed", "noun"),
    [
        ({"account_id": "b" * 32}, "account"),
        ({"service_id": "another-key"}, "API key"),
        ({"project": "other"}, "project"),
        ({"catalog_id": "d" * 32}, "catalog"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_state_of_somebody_else_is_refused_and_never_tells_an_api_key(changed: dict[str, str], noun: str) -> None:
    with pytest.raises(Failure) as refused:
        check_state(state(**changed), OWNER, CATALOG)
    (said,) = refused.value.diagnostics
    assert (said.code, refused.value.exit_code) == ("LRP305", ExitCode.CREDENTIALS)
    assert noun in said.what
    assert "another-key" not in f"{said.what} {said.why} {said.hint}"

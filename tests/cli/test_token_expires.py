"""A token that ends in the middle of an apply, and a renewal that fails: nobody notices, or the next run finishes."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web

from tests.cli.conftest import run_lrplan
from tests.cli.signed import Signed, project, signed

KEY, SECRET = "the-key", "the-secret"
VERIFIED = "Verified: the catalog matches the manifests."


@pytest.fixture
def services(tmp_path: Path, seeded: Path) -> Iterator[Signed]:
    with signed(tmp_path / "services", seeded, api_key=KEY, secret=SECRET) as both:
        yield both


def given(services: Signed, refresh: str = "given-refresh") -> dict[str, str]:
    """An environment with all four secrets."""
    services.ims.give_refresh_token(refresh)
    return services.environment | {
        "LRPLAN_API_KEY": KEY,
        "LRPLAN_CLIENT_SECRET": SECRET,
        "LRPLAN_ACCESS_TOKEN": services.accept("given-access"),
        "LRPLAN_REFRESH_TOKEN": refresh,
    }


@pytest.mark.parametrize("number", [1, 4, 8, 11, 16])
def test_a_token_that_ends_in_an_apply_costs_one_renewal_and_nothing_else(
    services: Signed, tmp_path: Path, number: int
) -> None:
    environment, folder = given(services), project(tmp_path / "studio")
    services.control("faults", [{"kind": "expire_token", "number": number}])
    ended = run_lrplan("apply", "--auto-approve", cwd=folder, env=environment)
    assert (ended.code, ended.out.splitlines()[-1]) == (0, VERIFIED), ended.err
    assert services.ims.renewals == ["given-refresh"]
    again = run_lrplan("plan", "--detailed-exitcode", cwd=folder, env=environment)
    assert again.code == 0
    assert services.ims.renewals == ["given-refresh"]


def test_the_environments_refresh_token_is_spent_once_for_ever(services: Signed, tmp_path: Path) -> None:
    environment, folder = given(services), project(tmp_path / "studio")
    del environment["LRPLAN_ACCESS_TOKEN"]
    for _ in range(2):
        assert run_lrplan("plan", cwd=folder, env=environment).code == 0
        services.control("faults", [{"kind": "expire_token", "nth": 1}])
    assert run_lrplan("plan", cwd=folder, env=environment).code == 0
    assert services.ims.renewals == ["given-refresh", "refresh-number-1", "refresh-number-2"]
    kept = (services.config / "lrplan" / "credentials.json").read_text()
    assert "given-refresh" not in kept
    assert SECRET not in kept


@pytest.mark.parametrize(("number", "codes"), [(1, {4}), (4, {4}), (11, {8})])
def test_a_renewal_that_is_refused_ends_the_run_and_the_next_one_finishes(
    services: Signed, tmp_path: Path, number: int, codes: set[int]
) -> None:
    environment, folder = given(services), project(tmp_path / "studio")
    services.ims.refresh.clear()
    services.control("faults", [{"kind": "expire_token", "number": number}])
    ended = run_lrplan("apply", "--auto-approve", cwd=folder, env=environment)
    assert ended.code in codes, ended.err
    assert "error[LRP302]: the sign-in is over" in ended.err
    assert services.ims.renewals == ["given-refresh"]
    finished = run_lrplan("apply", "--auto-approve", cwd=folder, env=given(services, "another-refresh"))
    assert (finished.code, finished.out.splitlines()[-1]) == (0, VERIFIED), finished.err


def test_a_sign_in_service_that_is_away_is_10_before_the_first_write_and_costs_no_token(
    services: Signed, tmp_path: Path
) -> None:
    environment, folder = given(services), project(tmp_path / "studio")
    services.ims.faults = [lambda _: web.Response(status=503)] * 4
    services.control("faults", [{"kind": "expire_token", "number": 2}])
    ended = run_lrplan("plan", cwd=folder, env=environment)
    assert ended.code == 10
    assert "error[LRP805]: the sign-in service kept failing" in ended.err
    assert run_lrplan("plan", cwd=folder, env=environment).code == 0


def test_where_no_successor_can_be_stored_no_refresh_token_is_spent(services: Signed, tmp_path: Path) -> None:
    environment, folder = given(services), project(tmp_path / "studio")
    services.config.write_text("a file in place of the folder")
    services.control("faults", [{"kind": "expire_token", "number": 2}])
    ended = run_lrplan("plan", cwd=folder, env=environment)
    assert ended.code == 4
    assert "error[LRP306]: " in ended.err
    assert services.ims.renewals == []


def test_a_program_is_asked_again_when_its_token_is_refused(services: Signed, tmp_path: Path) -> None:
    command = json.dumps([sys.executable, "give.py"])
    folder = project(tmp_path / "studio", more=f"auth: {{command: {command}}}\n")
    (folder / "give.py").write_text(
        "import json\n"
        "names = open('names').read().split()\n"
        "open('names', 'w').write(' '.join(names[1:] or names))\n"
        "print(json.dumps({'access_token': names[0], 'expires_at': None}))\n"
    )
    environment = services.environment | {"LRPLAN_API_KEY": KEY}
    (folder / "names").write_text("one one three")
    services.accept("one")
    services.control("faults", [{"kind": "expire_token", "number": 12}])
    ended = run_lrplan("apply", "--auto-approve", cwd=folder, env=environment)
    assert ended.code == 8, ended.err
    assert "error[LRP302]: the service refused the token of auth.command" in ended.err
    assert (folder / "names").read_text() == "three"  # once for plan and apply together, and once when refused
    (folder / "names").write_text("one two")
    services.accept("two")
    finished = run_lrplan("apply", "--auto-approve", cwd=folder, env=environment)
    assert (finished.code, finished.out.splitlines()[-1:]) == (0, [VERIFIED]), finished.err


def test_a_doctor_tells_until_when_a_token_was_issued(services: Signed, tmp_path: Path) -> None:
    environment, folder = given(services), project(tmp_path / "studio")
    del environment["LRPLAN_ACCESS_TOKEN"]
    ended = run_lrplan("doctor", cwd=folder, env=environment)
    token = next(line for line in ended.out.splitlines() if "access token  " in line)
    assert re.search(r"^ok +access token +accepted, until \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \(in ", token), ended.out
    told = json.loads(run_lrplan("doctor", "--json", cwd=folder, env=environment).out)
    (facts,) = (check["facts"] for check in told["checks"] if check["topic"] == "token")
    assert facts["secondsLeft"] > 0

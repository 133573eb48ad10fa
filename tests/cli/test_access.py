"""Where credentials come from, which of them are chosen, and what is said when there are none."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from attrs import evolve

from lrplan.cli.access import Chosen, Given, Source, choose, given_by, token_folder
from lrplan.diagnostics import Diagnostic, ExitCode, Failure
from lrplan.model.ids import ServiceId
from lrplan.model.sign_in import AccessToken, SignIn, Slot, after, origin_of
from lrplan.storage.tokens import LocalTokens
from tests.unit.lightroom.stage import FakeClock

NOW = "2026-05-01T10:00:00.000000Z"
ISSUER = "https://ims.example"
SLOT = Slot(api_key=ServiceId("key"), issuer=ISSUER)
LOGIN = SignIn(
    slot=SLOT,
    access=AccessToken(value="stored", issued_at=NOW, expires_at=after(NOW, days=1)),
    refresh_token="stored-refresh",
    refresh_expires_at=after(NOW, days=14),
    client_secret="stored-secret",
)
KEY = {"LRPLAN_API_KEY": "key"}


@pytest.fixture
def store(tmp_path: Path) -> LocalTokens:
    return LocalTokens(tmp_path / "lrplan", clock=FakeClock(), keyring=lambda: None)


def chosen(
    store: LocalTokens, environment: Mapping[str, str], *, command: tuple[str, ...] = (), now: str = NOW
) -> Chosen:
    return choose(given_by(environment), store, issuer=ISSUER, command=command, now=now)


def refused(
    store: LocalTokens, environment: Mapping[str, str], *, command: tuple[str, ...] = (), now: str = NOW
) -> Diagnostic:
    with pytest.raises(Failure) as caught:
        chosen(store, environment, command=command, now=now)
    assert caught.value.exit_code is ExitCode.CREDENTIALS
    return caught.value.diagnostics[0]


def value(one: Chosen) -> str:
    assert one.sign_in.access is not None
    return one.sign_in.access.value


def test_the_environment_holds_secrets_itself_or_in_files(tmp_path: Path) -> None:
    names = {"api_key": "API_KEY", "access_token": "ACCESS_TOKEN", "client_secret": "CLIENT_SECRET"}
    names["refresh_token"] = "REFRESH_TOKEN"
    for field, name in names.items():
        (tmp_path / name).write_text("marked\n")
        for environment in ({f"LRPLAN_{name}": " marked\n"}, {f"LRPLAN_{name}_FILE": str(tmp_path / name)}):
            given = given_by(environment)
            assert given == Given(**{field: "marked"})
            assert "marked" not in repr(given)


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe"])
@pytest.mark.parametrize("name", ["API_KEY", "ACCESS_TOKEN", "CLIENT_SECRET", "REFRESH_TOKEN"])
def test_a_file_that_holds_nothing_is_named(tmp_path: Path, name: str, content: bytes | None) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Failure) as caught:
        given_by({f"LRPLAN_{name}_FILE": str(file)})
    assert caught.value.exit_code is ExitCode.CREDENTIALS
    assert str(file) in caught.value.diagnostics[0].why


@pytest.mark.parametrize("file", ["/dev/zero", "/"])
def test_what_never_ends_or_is_no_file_is_refused(file: str) -> None:
    with pytest.raises(Failure) as caught:
        given_by({"LRPLAN_ACCESS_TOKEN_FILE": file})
    (said,) = caught.value.diagnostics
    assert (said.code, said.exit_code) == ("LRP301", ExitCode.CREDENTIALS)
    assert said.why.startswith(f"LRPLAN_ACCESS_TOKEN_FILE is {file}: ")
    assert said.hint == "name a file that holds the access token and nothing else"


def test_the_environment_beats_a_sign_in_and_that_beats_a_program(store: LocalTokens) -> None:
    assert chosen(store, KEY, command=("prog",)).source is Source.COMMAND
    store.save(LOGIN, now=NOW)
    from_login = chosen(store, KEY, command=("prog",))
    assert (from_login.source, value(from_login)) == (Source.SIGN_IN, "stored")
    token = chosen(store, {**KEY, "LRPLAN_ACCESS_TOKEN": "given"}, command=("prog",))
    assert (token.source, value(token), token.sign_in.refresh_token) == (Source.ENVIRONMENT, "given", "")
    refresh = chosen(store, {**KEY, "LRPLAN_REFRESH_TOKEN": "r", "LRPLAN_CLIENT_SECRET": "s"})
    assert (refresh.source, refresh.sign_in.access, refresh.sign_in.refresh_token) == (Source.ENVIRONMENT, None, "r")
    assert refresh.sign_in.client_secret == "s"


def test_a_token_of_the_environment_needs_no_store(store: LocalTokens, tmp_path: Path) -> None:
    (tmp_path / "lrplan").mkdir()
    (tmp_path / "lrplan" / "credentials.json").write_text("not safe")
    assert value(chosen(store, {**KEY, "LRPLAN_ACCESS_TOKEN": "given"})) == "given"
    assert refused(store, KEY).code == "LRP306"


def test_the_successor_of_the_environments_refresh_token_wins_over_it_and_belongs_to_it_alone(
    store: LocalTokens,
) -> None:
    own = evolve(LOGIN, slot=evolve(SLOT, origin=origin_of("first")), refresh_token="successor", client_secret="")
    store.save(own, now=NOW)
    first = chosen(store, {**KEY, "LRPLAN_REFRESH_TOKEN": "first", "LRPLAN_ACCESS_TOKEN": "older"})
    assert (value(first), first.sign_in.refresh_token) == ("stored", "successor")
    second = chosen(store, {**KEY, "LRPLAN_REFRESH_TOKEN": "second"})
    assert second.sign_in.refresh_token == "second"
    assert refused(store, KEY).code == "LRP301"


def test_the_only_api_key_with_a_sign_in_need_not_be_named(store: LocalTokens) -> None:
    assert "set it" in refused(store, {}).hint
    store.save(LOGIN, now=NOW)
    assert value(chosen(store, {})) == "stored"
    store.save(evolve(LOGIN, slot=evolve(SLOT, api_key=ServiceId("other"))), now=NOW)
    assert "2 API keys" in refused(store, {}).why
    assert value(chosen(store, KEY)) == "stored"


def test_a_sign_in_that_is_over_gives_way_to_a_program_and_else_says_so(store: LocalTokens) -> None:
    store.save(LOGIN, now=NOW)
    later = after(NOW, days=15)
    assert chosen(store, KEY, command=("prog",), now=later).source is Source.COMMAND
    said = refused(store, KEY, now=later)
    assert (said.code, said.what) == ("LRP302", "the sign-in is over")
    assert "lrplan auth login" in said.hint


def test_the_environments_client_secret_beats_the_stored_one(store: LocalTokens) -> None:
    store.save(LOGIN, now=NOW)
    assert chosen(store, KEY).sign_in.client_secret == "stored-secret"
    assert chosen(store, {**KEY, "LRPLAN_CLIENT_SECRET": "new"}).sign_in.client_secret == "new"


@pytest.mark.parametrize("environment", [{}, KEY, {"LRPLAN_API_KEY": "", "LRPLAN_ACCESS_TOKEN": "t"}])
def test_missing_credentials_name_the_variable_and_ways_on(store: LocalTokens, environment: Mapping[str, str]) -> None:
    said = refused(store, environment)
    assert said.code == "LRP301"
    assert "LRPLAN_" in said.why
    assert "endpoint: sandbox" in said.hint
    assert "lrplan auth login" in said.hint


def test_sign_ins_are_kept_where_settings_of_a_user_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ansel")
    assert token_folder({"XDG_CONFIG_HOME": "/config"}) == Path("/config/lrplan")
    assert token_folder({"XDG_CONFIG_HOME": "relative"}) == Path("/home/ansel/.config/lrplan")
    assert token_folder({}) == Path("/home/ansel/.config/lrplan")

"""Where credentials come from, and what is said when there are none."""

from pathlib import Path

import pytest

from lrplan.cli.wiring import credentials_from
from lrplan.diagnostics import ExitCode, Failure


def test_the_environment_holds_key_and_token() -> None:
    access = credentials_from({"LRPLAN_API_KEY": "k", "LRPLAN_ACCESS_TOKEN": " t\n"}, "https://example.com")
    assert (access.api_key, access.access_token, access.endpoint) == ("k", "t", "https://example.com")


def test_a_token_can_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("secret\n")
    access = credentials_from({"LRPLAN_API_KEY": "k", "LRPLAN_ACCESS_TOKEN_FILE": str(tmp_path / "token")}, "e")
    assert access.access_token == "secret"
    assert "secret" not in repr(access)


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe"])
def test_a_file_that_holds_no_token_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Failure) as caught:
        credentials_from({"LRPLAN_API_KEY": "k", "LRPLAN_ACCESS_TOKEN_FILE": str(file)}, "e")
    assert caught.value.exit_code is ExitCode.CREDENTIALS
    assert str(file) in caught.value.diagnostics[0].why


@pytest.mark.parametrize(
    "environment", [{}, {"LRPLAN_API_KEY": "k"}, {"LRPLAN_API_KEY": "", "LRPLAN_ACCESS_TOKEN": "t"}]
)
def test_missing_credentials_name_the_variable_and_a_way_on(environment: dict[str, str]) -> None:
    with pytest.raises(Failure) as caught:
        credentials_from(environment, "e")
    (said,) = caught.value.diagnostics
    assert said.code == "LRP301"
    assert "LRPLAN_" in said.why
    assert "endpoint: sandbox" in said.hint

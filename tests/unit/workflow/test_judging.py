"""What the answers of a service mean: judged without asking anybody."""

import pytest

from lrplan.model.checkup import Result
from lrplan.model.ids import ServiceId
from lrplan.ports import Claims
from lrplan.workflow.judging import TOKEN_LEFT_MIN_S, token_check

NOW = "2026-05-01T10:00:00Z"
SOON, LATE, PAST = "2026-05-01T10:29:59Z", "2026-05-01T10:30:00Z", "2026-05-01T09:59:59Z"


@pytest.mark.parametrize(
    ("expires_at", "renews", "result", "words"),
    [
        (LATE, False, Result.OK, "accepted, until 2026-05-01T10:30:00Z"),
        (SOON, False, Result.WARNING, "ends in"),
        (SOON, True, Result.OK, "another one follows by itself"),
        (PAST, True, Result.WARNING, "says that it has ended"),
        (None, True, Result.OK, "does not say until when"),
    ],
)
def test_a_token_that_ends_soon_is_no_trouble_where_another_one_follows(
    expires_at: str | None, renews: bool, result: Result, words: str
) -> None:
    assert TOKEN_LEFT_MIN_S == 30 * 60
    check = token_check(Claims(expires_at=expires_at, renews=renews), now=NOW, service_id=ServiceId("k"))
    assert check.result is result
    assert words in check.summary

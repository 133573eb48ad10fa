"""One rule for what lies between two dates, whoever asks."""

import pytest

from lrplan.lightroom.window import Window as Walked
from lrplan.model.asset import UNKNOWN_DATE, Asset
from lrplan.model.ids import AssetId
from lrplan.resolve.lookup import Window as LookedUpIn

TEN = "2026-05-01T10:00:00"


@pytest.mark.parametrize(
    ("after", "before", "captured", "inside"),
    [
        (None, None, UNKNOWN_DATE, True),
        ("2026-05-01", None, UNKNOWN_DATE, False),
        ("2026-05-01", None, "", False),
        (TEN, None, TEN, True),
        (None, TEN, TEN, False),
        ("2026-05-01", "2026-05-02", "2026-05-01T23:59:59.999", True),
        ("2026-05-01", "2026-05-02", "2026-05-02T00:00:00", False),
        ("2026-05-01T10:00", None, TEN, True),
        (None, "2026-05-01T10:00", TEN, False),
        (f"{TEN}Z", None, TEN, True),
        (None, f"{TEN}Z", TEN, False),
        (None, TEN, f"{TEN}Z", False),
        (f"{TEN}+02:00", None, f"{TEN}-0700", True),
        (f"{TEN}.5", None, f"{TEN}Z", False),
        (f"{TEN}.5", None, f"{TEN}.50", True),
        (None, f"{TEN}.50", f"{TEN}.5", False),
        (f"{TEN}.000", None, TEN, True),
        (None, TEN, f"{TEN}.000", False),
        (f"{TEN}.10", None, f"{TEN}.1Z", True),
        ("2026-05-10", None, "2026-05-10T00:00:00", True),
        ("2026-05-01T10:10", None, "2026-05-01T10:10:00", True),
    ],
)
def test_a_window_holds_its_first_instant_and_not_its_last_however_they_are_written(
    after: str | None, before: str | None, captured: str, inside: bool
) -> None:
    assert LookedUpIn(after=after, before=before).holds(captured) is inside
    assert Walked(after=after, before=before).holds(Asset(id=AssetId("a"), capture_date=captured)) is inside

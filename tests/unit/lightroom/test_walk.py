"""Walking the catalog through windows of dates, on servers with their own idea of directions."""

from collections.abc import Callable

import pytest

from lrplan.diagnostics import Failure
from lrplan.lightroom.window import just_before, with_time
from lrplan.model.asset import UNKNOWN_DATE
from tests.unit.lightroom.stage import SPACES, Asked, Stage, asset_id, asset_row, listing, said

DATES = {
    1: UNKNOWN_DATE,
    2: "2026-04-30T23:59:59",
    3: "2026-05-01T00:00:00",
    4: "2026-05-01",
    5: "2026-05-02T12:00:00.5+02:00",
    6: "2026-05-02T23:59:59Z",
    7: "2026-05-03T00:00:00",
    8: "2026-05-04T00:00:00",
    9: "2026-06-01T00:00:00",
    10: "2026-07-01T00:00:00",
    11: UNKNOWN_DATE,
}
WINDOWS = [
    (None, None, set(DATES)),
    ("2026-05-01", "2026-05-03", {3, 4, 5, 6}),
    ("2026-05-01T00:00:00", "2026-05-03T00:00:00", {3, 5, 6}),
    ("2026-05-03", None, {7, 8, 9, 10}),
    (None, "2026-05-01", {2}),
    ("2027-01-01", None, set()),
]


def catalog_server(habit: str) -> Callable[[Asked], object]:
    """A server with the photos of `DATES` in pages of two, with its own idea of directions."""

    def script(asked: Asked) -> object:
        if not asked.path.endswith("/assets"):
            return None
        query = asked.query
        assert not {"captured_after", "captured_before"} <= query.keys()
        after, before = query.get("captured_after"), query.get("captured_before")
        undated_pass = after is not None and after.startswith("-0001")
        rows = [asset_row(number, date) for number, date in DATES.items()]
        dated = [row for row in rows if not row["payload"]["captureDate"].startswith("0000")]
        undated = [row for row in rows if row not in dated]
        if habit == "untidy" and undated_pass:
            return said(listing(*undated))
        if habit in ("untidy", "downwards"):
            rows = dated + (undated if undated_pass else [])
        dates = [row["payload"]["captureDate"] for row in rows]
        found = [row for row, date in zip(rows, dates, strict=True) if (undated_pass or after is None or date > after)]
        found = [row for row in found if before is None or row["payload"]["captureDate"] < before]
        found.sort(
            key=lambda row: row["payload"]["captureDate"][:10],
            reverse=habit == "downwards" or (habit == "tidy" and after is None),
        )
        start = int(query.get("skip", 0))
        page = found[start : start + 2]
        if (
            habit == "downwards" and found
        ):  # after: the page just above; before, or nothing: the newest; always downwards
            edge = found[-2:][0] if after else found[:2][-1]
            limit = edge["payload"]["captureDate"]
            above = [row for row in found if row["payload"]["captureDate"] >= limit]
            page = [row for row in found if row["payload"]["captureDate"] <= limit] if after else above
            lowest = page[-1]["payload"]["captureDate"]
            return said(
                listing(*page, onward=f"assets?captured_before={lowest}" if after or len(page) < len(found) else None)
            )
        if start + 2 >= len(found):
            return said(listing(*page))
        asked_for = f"captured_after={after}&" if after else f"captured_before={before}&" if before else ""
        extra = "created_after=x&" if habit == "untidy" else ""
        return said(listing(*page, onward=f"assets?{asked_for}{extra}skip={start + 2}"))

    return script


@pytest.mark.parametrize("habit", ["tidy", "untidy", "downwards"])
@pytest.mark.parametrize(("after", "before", "wanted"), WINDOWS)
def test_a_walk_finds_what_was_captured_in_its_window(
    habit: str, after: str | None, before: str | None, wanted: set[int]
) -> None:
    stage = Stage(catalog_server(habit))
    found = stage.play(lambda service: service.walk(captured_after=after, captured_before=before))
    assert sorted(asset.id for asset in found) == [asset_id(number) for number in sorted(wanted)]
    assert all(
        "limit=500" in target for target in stage.targets() if "skip" not in target and "captured_before" not in target
    )


def test_a_whole_walk_takes_one_pass_where_it_shows_everything() -> None:
    stage = Stage(catalog_server("tidy"))
    stage.play(lambda service: service.walk(captured_after=None, captured_before=None))
    assert len(stage.targets()) == 6
    assert stage.targets()[0] == "GET /assets?captured_after=-0001-12-31T23%3A59%3A59&limit=500"


def test_a_walk_stops_once_the_days_are_past_its_window() -> None:
    stage = Stage(catalog_server("tidy"))
    stage.play(lambda service: service.walk(captured_after="2026-05-01", captured_before="2026-05-02"))
    assert len(stage.targets()) == 3  # of the four pages from there to the end
    assert "captured_after=2026-04-30T23%3A59%3A59" in stage.targets()[0]


def test_a_walk_upwards_that_leads_on_by_prev_only_is_walked_downwards() -> None:
    def script(asked: Asked) -> object:
        if SPACES not in asked.path:
            return None
        if "captured_after" in asked.query:
            page = listing(asset_row(2, "2026-05-02"), asset_row(1, "2026-05-01"))
            return said(page | {"links": {"prev": {"href": "assets?captured_after=2026-05-02"}}})
        return said(listing(*(asset_row(number, f"2026-05-0{number}") for number in (3, 2, 1))))

    found = Stage(script).play(lambda service: service.walk(captured_after="2026-05-01", captured_before=None))
    assert sorted(asset.id for asset in found) == [asset_id(1), asset_id(2), asset_id(3)]


def test_a_walk_that_is_refused_is_not_an_empty_catalog() -> None:
    stage = Stage(lambda asked: said({"code": 1}, 404) if SPACES in asked.path else None)
    with pytest.raises(Failure) as failed:
        stage.play(lambda service: service.walk(captured_after=None, captured_before=None))
    assert failed.value.diagnostics[0].code == "LRP804"


@pytest.mark.parametrize(
    ("bound", "sent", "before"),
    [
        ("2026-05-01", "2026-05-01T00:00:00", "2026-04-30T23:59:59"),
        ("2026-05-01T12:30", "2026-05-01T12:30:00", "2026-05-01T12:29:59"),
        ("2026-05-01T12:30:00.5", "2026-05-01T12:30:00.500000", "2026-05-01T12:29:59"),
        ("0001-01-01", "0001-01-01T00:00:00", "0001-01-01T00:00:00"),
        ("soon", "soon", "soon"),
    ],
)
def test_bounds_are_sent_with_a_time(bound: str, sent: str, before: str) -> None:
    assert (with_time(bound), just_before(bound)) == (sent, before)

"""Which originals have not arrived: believed where the service tells, never guessed where it does not."""

from urllib.parse import parse_qs

import pytest
from aiohttp import web

from lrplan.diagnostics import Failure
from lrplan.events import Noted
from lrplan.lightroom.waiting import NOT_TOLD
from lrplan.lightroom.window import UNDATED_TOO
from tests.unit.lightroom.stage import Asked, Script, Stage, asset_id, asset_row, listing, said

WAITS, ARRIVED = (1, 2), (3, 4, 5)


def a_service(known: tuple[str, ...], *, refuses: tuple[str, ...] = (), page: int = 10) -> Script:
    """A catalog in which some wait. It honours the values *known* of `exclude`, and refuses those of *refuses*."""

    def script(asked: Asked) -> web.Response | None:
        if not asked.path.endswith("/assets"):
            return None
        excluded = asked.query["exclude"]
        if excluded in refuses or ("dates" in refuses and "captured_after" in asked.query):
            return said({"code": 1005}, 400)
        shown = {"complete": WAITS, "incomplete": ARRIVED}[excluded] if excluded in known else (*ARRIVED, *WAITS)
        if asked.query.get("captured_after") == UNDATED_TOO:
            shown = shown[::-1]
        at = int(asked.query.get("at", 0))
        onward = f"{asked.target.partition('&at=')[0]}&at={at + page}" if at + page < len(shown) else None
        return said(listing(*map(asset_row, shown[at : at + page]), onward=onward))

    return script


def ids(numbers: tuple[int, ...]) -> frozenset[str]:
    return frozenset(map(asset_id, numbers))


def notes(stage: Stage) -> list[str]:
    return [event.what for event in stage.heard.events if isinstance(event, Noted)]


BOTH = ("complete", "incomplete")


@pytest.mark.parametrize("page", [1, 2, 10])
def test_what_waits_is_listed_to_the_end_dated_and_undated(page: int) -> None:
    stage = Stage(a_service(BOTH, page=page))
    assert stage.play(lambda service: service.incomplete()) == ids(WAITS)
    assert notes(stage) == []
    asked = [parse_qs(target.partition("?")[2]) for target in stage.targets()]
    plain = {"subtype": ["image;video"], "exclude": ["complete"], "limit": ["500"]}
    assert plain in asked
    assert plain | {"captured_after": [UNDATED_TOO]} in asked


@pytest.mark.parametrize("page", [1, 2, 3, 10])
@pytest.mark.parametrize("known", [(), ("incomplete",)])
def test_a_service_that_lists_what_is_complete_as_waiting_tells_nothing(known: tuple[str, ...], page: int) -> None:
    stage = Stage(a_service(known, page=page))

    async def story(service) -> int:
        assert await service.incomplete() == frozenset()
        before = service.calls
        assert await service.incomplete([asset_id(3)]) == frozenset()
        return service.calls - before

    assert stage.play(story) == 0, "it is asked once"
    assert notes(stage) == [NOT_TOLD]


def test_where_all_that_is_there_waits_it_is_believed() -> None:
    stage = Stage(lambda asked: said(listing(*map(asset_row, WAITS if asked.query["exclude"] == "complete" else ())))
                  if asked.path.endswith("/assets") else None)  # fmt: skip
    assert stage.play(lambda service: service.incomplete()) == ids(WAITS)


@pytest.mark.parametrize("refuses", [("complete",), BOTH])
def test_a_service_that_refuses_the_question_tells_nothing(refuses: tuple[str, ...]) -> None:
    stage = Stage(a_service(BOTH, refuses=refuses))
    assert stage.play(lambda service: service.incomplete()) == frozenset()
    assert notes(stage) == [NOT_TOLD]


def test_a_service_that_refuses_the_opposite_question_is_believed() -> None:
    stage = Stage(a_service(BOTH, refuses=("incomplete",)))
    assert stage.play(lambda service: service.incomplete()) == ids(WAITS)
    assert notes(stage) == []


def test_what_arrives_between_two_questions_makes_nobody_doubt_the_rest() -> None:
    waiting = {1, 2, 3}

    def script(asked: Asked) -> web.Response | None:
        if not asked.path.endswith("/assets"):
            return None
        if asked.query["exclude"] == "complete":
            return said(listing(*map(asset_row, waiting)))
        waiting.discard(1)
        return said(listing(asset_row(1)))

    stage = Stage(script)
    assert stage.play(lambda service: service.incomplete()) >= ids((2, 3))
    assert notes(stage) == []


def test_a_service_that_takes_the_question_without_dates_only_is_believed() -> None:
    stage = Stage(a_service(BOTH, refuses=("dates",)))
    assert stage.play(lambda service: service.incomplete()) == ids(WAITS)
    assert notes(stage) == []


def test_nothing_is_doubted_that_nobody_asked_for() -> None:
    stage = Stage(a_service(BOTH))

    async def story(service) -> list[int]:
        await service.catalog()
        calls = []
        for among in ([asset_id(3)], [asset_id(1)], None):
            before = service.calls
            assert await service.incomplete(among) == ids(WAITS)
            calls.append(service.calls - before)
        return calls

    assert stage.play(story) == [2, 3, 2]


def test_a_catalog_that_is_not_found_is_no_answer() -> None:
    stage = Stage(lambda asked: said({"code": 1000}, 404) if asked.path.endswith("/assets") else None)
    with pytest.raises(Failure) as failed:
        stage.play(lambda service: service.incomplete())
    assert failed.value.diagnostics[0].code == "LRP804"


def test_nothing_is_proven_where_nothing_has_arrived_yet() -> None:
    """A service that knows one value of `exclude` lists all there is, which is right until the first has arrived."""
    arrived: set[int] = set()

    def script(asked: Asked) -> web.Response | None:
        if not asked.path.endswith("/assets"):
            return None
        shown = arrived if asked.query["exclude"] == "incomplete" else {1}
        return said(listing(*map(asset_row, shown)))

    async def story(service) -> list[frozenset[str]]:
        before = await service.incomplete()
        arrived.add(1)
        return [before, await service.incomplete()]

    assert Stage(script).play(story) == [ids((1,)), frozenset()]

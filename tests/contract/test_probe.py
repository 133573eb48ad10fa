"""
What a probe finds out on services of every kind, and what it leaves behind when it dies: nothing that the next one, or
a doctor, does not find and remove; and nothing else is ever touched.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from lrplan.diagnostics import Failure
from lrplan.events import Called, Event
from lrplan.model.checkup import Result, Topic
from lrplan.model.ids import AccountId, ServiceId, probe_id
from lrplan.sandbox import RunningSandbox, SandboxOptions, SeenRequest, running
from lrplan.workflow.probe import probe_check
from tests.contract.odd_server import ACCOUNT, CATALOG, KEY, Oddities, serving
from tests.doctoring import IllServer, Ward, answers, said, screen
from tests.inside import Heard

PHOTOS = {"a" * 32: "2026-01-01T10:00:00", "b" * 32: "2026-01-02T10:00:00", "c" * 32: "2026-01-03T10:00:00"}
CALLS = 34  # more than a probe takes; beyond the last one nothing dies any more


def _probed(tmp_path: Path, odd: Oddities, photos: int = 3) -> tuple[dict[str, str], IllServer]:
    """Probe an odd server; the answers, and the server afterwards."""

    async def work() -> tuple[dict[str, str], IllServer]:
        async with serving(odd, IllServer) as server:
            for number, (asset_id, captured) in enumerate(list(PHOTOS.items())[:photos]):
                server.seed(asset_id, f"IMG_{number}.jpg", captured)
            before = json.dumps([server.world.assets, server.world.albums])
            done = await Ward(endpoint=server.endpoint, folder=tmp_path).probe()
            assert json.dumps([server.world.assets, server.world.albums]) == before
            assert not done.remains
            return answers(done), server

    return asyncio.run(work())


@pytest.mark.parametrize(
    ("odd", "wanted"),
    [
        (Oddities(), {"updateMode": "replaces", "parentCleared": "leftOut"}),
        (Oddities(merges=True), {"updateMode": "merges", "parentCleared": "null"}),
        (Oddities(bodies=True, texts=True, extra=True), {"updateMode": "replaces", "parentCleared": "leftOut"}),
        (Oddities(order=True), {"orderShown": "yes", "orderKept": "yes"}),
        (Oddities(order=False), {"orderShown": "no", "orderKept": "yes"}),
        (Oddities(), {"updatedMovesWithMembership": "unsettled"}),
        (Oddities(kinds=","), {"commaSeparatedSubtypes": "both", "semicolonSeparatedSubtypes": "refused"}),
        (Oddities(kinds=";"), {"commaSeparatedSubtypes": "refused", "semicolonSeparatedSubtypes": "both"}),
        (Oddities(kinds="first"), {"commaSeparatedSubtypes": "sets", "semicolonSeparatedSubtypes": "sets"}),
        (Oddities(kinds="refuse"), {"commaSeparatedSubtypes": "refused", "semicolonSeparatedSubtypes": "refused"}),
        (Oddities(lags=True), {"orderShown": "yes", "commaSeparatedSubtypes": "both", "updateMode": "replaces"}),
        (Oddities(page=1, repeats=True), {"commaSeparatedSubtypes": "both", "orderKept": "unsettled"}),
    ],
)
def test_each_kind_of_service_is_recognised(tmp_path: Path, odd: Oddities, wanted: dict[str, str]) -> None:
    found, _ = _probed(tmp_path, odd)
    assert {question: found[question] for question in wanted} == wanted


@pytest.mark.parametrize(("photos", "kept"), [(0, "unsettled"), (1, "unsettled"), (2, "yes")])
def test_what_there_is_no_photo_for_stays_open(tmp_path: Path, photos: int, kept: str) -> None:
    found, _ = _probed(tmp_path, Oddities(), photos)
    assert found["orderKept"] == kept
    assert (found["orderShown"] == "unsettled") is (photos == 0)
    assert found["updateMode"] == "replaces"


def test_only_documented_calls_are_sent_and_no_asset_is_written_to(tmp_path: Path) -> None:
    _, server = _probed(tmp_path, Oddities())
    own = {probe_id(AccountId(ACCOUNT), ServiceId(KEY), role, 0) for role in ("album", "set")}
    for write in server.world.writes:
        method, path = write.split(" ")
        parts = urlsplit(path).path.removeprefix(f"/v2/catalogs/{CATALOG}/").split("/")
        assert parts[0] == "albums"
        assert parts[1] in own
        assert (method, parts[2:]) in [("PUT", []), ("POST", []), ("DELETE", []), ("PUT", ["assets"])]
        assert "?" not in path


# -- on the sandbox


@asynccontextmanager
async def _sandbox(tmp_path: Path, hook=None, **options) -> AsyncIterator[RunningSandbox]:
    async with running(SandboxOptions(data=tmp_path / "data", **options), before_request=hook) as served:
        await _control(served, "seed", {"assets": [{"id": one, "captureDate": PHOTOS[one]} for one in PHOTOS]})
        yield served


async def _control(served: RunningSandbox, name: str, document: object = None) -> dict:
    method = "GET" if document is None else "POST"
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, f"{served.endpoint}/sandbox/{name}", json=document) as got,
    ):
        assert got.status == 200, await got.text()
        return await got.json()


def _ward(served: RunningSandbox, tmp_path: Path, heard: Heard | None = None) -> Ward:
    token, key = served.access_token, served.api_key
    return Ward(endpoint=served.endpoint, folder=tmp_path, key=key, token=token, heard=heard or Heard())


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({}, {"updatedMovesWithMembership": "no", "updateMode": "replaces", "parentCleared": "leftOut"}),
        ({"untidy": True}, {"updatedMovesWithMembership": "yes", "orderShown": "yes", "orderKept": "yes"}),
        ({"update_mode": "merge"}, {"updateMode": "merges", "parentCleared": "no"}),
    ],
)
def test_the_sandbox_is_recognised_in_each_of_its_moods(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict, wanted: dict
) -> None:
    monkeypatch.setattr("lrplan.sandbox.service.UNTIDY_LAG", 0.0)  # in real time, which does not pass here

    async def work() -> None:
        async with _sandbox(tmp_path, **options) as served:
            before = await _control(served, "snapshot")
            found = answers(await _ward(served, tmp_path).probe())
            assert {question: found[question] for question in wanted} == wanted
            assert await _control(served, "snapshot") == before

    asyncio.run(work())


class _Killed(BaseException):
    """The power went."""


class _Mortal(Heard):
    """Ears that die with the answer of the given number."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at

    def emit(self, event: Event) -> None:
        super().emit(event)
        self.at -= isinstance(event, Called)
        if self.at == 0:
            raise _Killed


async def _die(ward: Ward) -> bool:
    """Probe until death; whether it came."""
    try:
        await ward.probe()
    except BaseException as end:
        while isinstance(end, BaseExceptionGroup):
            end = end.exceptions[0]
        if not isinstance(end, _Killed):
            raise
        return True
    return False


def test_killed_at_any_call_the_next_doctor_or_probe_clears_up_and_nothing_else_is_touched(tmp_path: Path) -> None:
    async def work() -> int:
        died = cleared = 0
        async with _sandbox(tmp_path) as served:
            await _control(served, "seed", {"albums": [_album("d" * 32, "Mine")]})
            before = await _control(served, "snapshot")
            for at in range(1, CALLS + 1):
                died += await _die(_ward(served, tmp_path, _Mortal(at)))
                left = _albums_in(await _control(served, "snapshot")) - _albums_in(before)
                if at % 2:
                    leftovers = (await _ward(served, tmp_path).examine()).of(Topic.LEFTOVERS)
                    assert (leftovers is not None) is (left > 0)
                    if leftovers is not None:
                        assert (leftovers.result, len(leftovers.facts["removed"])) == (Result.OK, left)
                        cleared += 1
                else:
                    await _ward(served, tmp_path).probe()
                assert await _control(served, "snapshot") == before
        assert cleared > 5
        return died

    died = asyncio.run(work())
    assert 25 < died < CALLS, "the sweep must reach beyond the last call of a probe"


def _albums_in(snapshot: dict) -> int:
    return len(snapshot["albums"]) + len(snapshot["sets"])


def _album(album_id: str, name: str, parent: str | None = None) -> dict:
    payload: dict = {"name": name}
    if parent is not None:
        payload["parent"] = {"id": parent}
    return {"id": album_id, "subtype": "project", "serviceId": "sandbox", "payload": payload}


def test_a_lost_answer_at_any_call_does_no_harm(tmp_path: Path) -> None:
    async def work() -> None:
        async with _sandbox(tmp_path) as served:
            before = await _control(served, "snapshot")
            wanted = answers(await _ward(served, tmp_path).probe())
            calls = len((await _control(served, "requests"))["requests"])
            for number in range(1, calls):
                await _control(served, "faults", {"faults": [{"kind": "reset", "when": "after", "nth": number}]})
                assert answers(await _ward(served, tmp_path).probe()) == wanted
                assert await _control(served, "snapshot") == before

    asyncio.run(work())


def test_a_service_that_fails_for_good_in_the_middle_leaves_what_the_next_doctor_removes(tmp_path: Path) -> None:
    async def work() -> None:
        async with _sandbox(tmp_path) as served:
            before = await _control(served, "snapshot")
            route = "POST /v2/catalogs/{catalog_id}/albums/{album_id}"
            fault = {"kind": "status", "status": 503, "route": route, "times": 99}
            await _control(served, "faults", {"faults": [fault]})
            with pytest.raises(Failure) as caught:
                await _ward(served, tmp_path).probe()
            assert caught.value.exit_code == 10
            assert await _control(served, "snapshot") == before
            delete = {**fault, "route": route.replace("POST", "DELETE")}
            await _control(served, "faults", {"faults": [fault, delete]})
            with pytest.raises(Failure) as caught:
                await _ward(served, tmp_path).probe()
            assert (caught.value.exit_code, caught.value.diagnostics[0].code) == (8, "LRP753")

    asyncio.run(work())
    asyncio.run(_cleared_up(tmp_path))


def test_answers_are_kept_where_only_the_removal_fails(tmp_path: Path) -> None:
    async def work() -> None:
        async with _sandbox(tmp_path) as served:
            wanted = answers(await _ward(served, tmp_path).probe())
            route = "DELETE /v2/catalogs/{catalog_id}/albums/{album_id}"
            await _control(
                served, "faults", {"faults": [{"kind": "status", "status": 500, "route": route, "times": 99}]}
            )
            done = await _ward(served, tmp_path).probe()
            check = probe_check(done)
            assert answers(done) == wanted
            assert len(done.remains) == 2
            assert (check.result, check.said) == (Result.FAILED, done.said)
            assert [(one.code, one.exit_code) for one in done.said] == [("LRP753", 8)]

    asyncio.run(work())
    asyncio.run(_cleared_up(tmp_path))


async def _cleared_up(tmp_path: Path) -> None:
    """The faults went with that sandbox: another one on the same data is well."""
    async with _sandbox(tmp_path) as served:
        assert _albums_in(await _control(served, "snapshot")) == 2
        checkup = await _ward(served, tmp_path).examine()
        assert "ok        leftovers       removed 2 throw-away albums and sets that a probe had left" in screen(checkup)
        assert _albums_in(await _control(served, "snapshot")) == 0


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 200, "body": "{}"},
        {"status": 200, "body": "<html>Welcome</html>"},
        {"status": 200, "body": '{"resources": []}'},
        {"status": 403, "body": "<html><title>403 Forbidden</title></html>"},
        {"status": 403, "body": '{"code": 1002}'},
        {"status": 404, "body": '{"code": 1000, "errors": {"album": ["does not exist"]}}'},
        {"status": 204, "body": ""},
        {"status": 500, "times": 4},
        {"kind": "truncate"},
        {"kind": "reset", "when": "before", "times": 4},
        {"kind": "reset", "when": "after", "times": 4},
    ],
)
def test_whatever_is_answered_at_any_call_it_ends_in_words_and_is_cleared_up(tmp_path: Path, fault: dict) -> None:
    async def work() -> None:
        async with _sandbox(tmp_path) as served:
            await _control(served, "seed", {"albums": [_album("d" * 32, "Mine")]})
            before = await _control(served, "snapshot")
            for number in range(1, CALLS):
                await _control(served, "faults", {"faults": [{"kind": "status", "nth": number, **fault}]})
                with suppress(Failure):
                    await _ward(served, tmp_path).probe()
                async with aiohttp.ClientSession() as http:
                    await http.delete(f"{served.endpoint}/sandbox/faults")
                await _ward(served, tmp_path).examine()
                assert await _control(served, "snapshot") == before, number

    asyncio.run(work())


def test_a_set_into_which_somebody_put_an_album_stays_and_is_told(tmp_path: Path) -> None:
    async def work() -> None:
        async with _sandbox(tmp_path) as served:
            account, key = AccountId(served.account_id), ServiceId(served.api_key)
            set_id = probe_id(account, key, "set", 0)
            made = _album(set_id, "lrplan doctor: a throw-away set, safe to delete") | {"subtype": "project_set"}
            await _control(served, "seed", {"albums": [made, _album("d" * 32, "Mine", parent=set_id)]})
            before = await _control(served, "snapshot")
            checkup = await _ward(served, tmp_path).examine()
            assert (checkup.exit_code, checkup.obstacle_to_probing) == (8, Topic.LEFTOVERS)
            assert checkup.of(Topic.LEFTOVERS).said[0].code == "LRP753"
            with pytest.raises(Failure) as caught:
                await _ward(served, tmp_path).probe()
            assert "something else was put into it" in caught.value.diagnostics[0].why
            assert await _control(served, "snapshot") == before

    asyncio.run(work())


def test_an_id_that_is_used_up_gives_way_to_the_next(tmp_path: Path) -> None:
    async def work() -> None:
        seen: list[SeenRequest] = []

        async def watch(request: SeenRequest) -> None:
            seen.append(request)

        async with _sandbox(tmp_path, watch) as served:
            used = probe_id(AccountId(served.account_id), ServiceId(served.api_key), "album", 0)
            document = {"api_keys": ["other"], "albums": [_album(used, "Taken") | {"serviceId": "other"}]}
            await _control(served, "seed", document)
            done = await _ward(served, tmp_path).probe()
            assert (answers(done)["orderShown"], done.remains) == ("yes", ())
            assert [one["id"] for one in (await _control(served, "snapshot"))["albums"]] == [used]
            second = probe_id(AccountId(served.account_id), ServiceId(served.api_key), "album", 1)
            assert any(second in request.path for request in seen)

    asyncio.run(work())


def test_a_refusal_to_make_the_album_is_told(tmp_path: Path) -> None:
    async def work() -> None:
        async with serving(Oddities(), IllServer) as server:
            first = probe_id(AccountId(ACCOUNT), ServiceId(KEY), "set", 0)
            refused = said({"code": 1016, "description": "no sets today"}, 403)
            server.instead = {f"PUT catalogs/{CATALOG}/albums/{first}": refused}
            with pytest.raises(Failure) as caught:
                await Ward(endpoint=server.endpoint, folder=tmp_path).probe()
            (found,) = caught.value.diagnostics
            assert (found.code, "no sets today" in found.why) == ("LRP754", True)
            assert server.world.albums == {}

    asyncio.run(work())


def test_stopped_it_asks_nothing_more_and_clears_up(tmp_path: Path) -> None:
    async def work() -> None:
        async with _sandbox(tmp_path) as served:
            stop, before = asyncio.Event(), await _control(served, "snapshot")

            class Impatient(Heard):
                def emit(self, event: Event) -> None:
                    super().emit(event)
                    if isinstance(event, Called) and event.method == "POST":
                        stop.set()

            heard = Impatient()
            with pytest.raises(Failure) as caught:
                await _ward(served, tmp_path, heard).probe(stop)
            assert (caught.value.exit_code, caught.value.diagnostics[0].code) == (8, "LRP754")
            assert [event.method for event in heard.writes].count("POST") == 1
            assert await _control(served, "snapshot") == before

    asyncio.run(work())

"""Overlap: two machines that plan and apply at the same time on one catalog lose nothing, and the next run finishes."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from fnmatch import fnmatchcase
from itertools import cycle
from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lrplan.diagnostics import Failure
from lrplan.formats.plan import decode_plan, encode_plan
from lrplan.manifest.entries import Manifest
from lrplan.model.address import album_address, is_set
from lrplan.model.ids import AssetId
from lrplan.plan.action import DeleteAlbum
from lrplan.plan.plan import Plan
from lrplan.workflow.apply import apply
from lrplan.workflow.plan import plan
from tests.laws.expected import come_to_rest, puts_off, unmet
from tests.laws.profile import law, note
from tests.laws.stage import CANNOT_BE_MET, EVERYTHING, Stage, ended_well, generations_of, manifest_of
from tests.strategies import ALBUM_KEYS, ORIGINALS, Selects, Situation, Wish, situations, wishes

PACES = st.lists(st.integers(0, 12), min_size=1, max_size=12)


class _AtItsPace:
    """A service on whose answers one machine waits for a while, so that others come in between."""

    def __init__(self, service: Any, paces: Iterator[int]) -> None:
        self._service = service
        self._paces = paces

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._service, name)
        if not asyncio.iscoroutinefunction(found):
            return found

        async def called(*arguments: Any, **named: Any) -> Any:
            for _ in range(next(self._paces)):
                await asyncio.sleep(0)
            answer = await found(*arguments, **named)
            for _ in range(next(self._paces)):
                await asyncio.sleep(0)
            return answer

        return called


class _AtOnce(ThreadPoolExecutor):
    """Does at once what is given to a thread: whose turn it is hangs on the paces alone."""

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> "Future[Any]":
        done: Future[Any] = Future()
        try:
            done.set_result(work(*arguments, **named))
        except BaseException as problem:  # noqa: BLE001 - handed on to whoever waits
            done.set_exception(problem)
        return done


async def _machine(stage: Stage, manifest: Manifest, paces: list[int]) -> Plan | None:
    """Plan and apply; None for a wish that cannot be met."""
    around = stage.around()
    around = evolve(around, service=_AtItsPace(around.service, cycle(paces)))
    try:
        made = (await plan(manifest, around, allow=EVERYTHING)).plan
        await apply(made, around, manifest=manifest)
    except Failure as failure:
        if {said.code for said in failure.diagnostics} <= CANNOT_BE_MET | {"LRP404", "LRP802"}:
            return None
        raise
    return made


def _at_the_same_time(one: Stage, two: Stage, wishes: tuple[Wish, Wish], paces: tuple[list[int], list[int]]) -> None:
    async def both() -> None:
        asyncio.get_running_loop().set_default_executor(_AtOnce(max_workers=1))
        made = await asyncio.gather(
            *(
                _machine(stage, manifest_of(wish), pace)
                for stage, wish, pace in zip((one, two), wishes, paces, strict=True)
            )
        )
        for planned in made:
            if planned is not None:
                note(planned)

    asyncio.run(both())


@law
@given(situation=situations(), other=st.one_of(st.none(), wishes), mine=PACES, theirs=PACES)
def test_two_runs_that_overlap_leave_a_generation_and_lose_nothing(
    situation: Situation, other: Wish | None, mine: list[int], theirs: list[int]
) -> None:
    here = Stage.set_up(situation)
    there = here.copy()
    there.catalog = here.catalog
    wish, their_wish = situation.wish, other or situation.wish
    for one in (wish, their_wish):
        here.forget_wanted(one)
    declared = [album_address(key) for key in wish.albums if key in their_wish.albums]
    before = {address: generations_of(address, here.world) for address in declared}
    kept = {address: _by_hand(here, address) for address in declared}
    _at_the_same_time(here, there, (wish, their_wish), (mine, theirs))
    for address in declared:
        live = generations_of(address, here.world)
        assert live or not before[address], f"{address}: no generation is left"
        inside = {photo for one in live for photo in here.world.members[one].asset_ids}
        assert kept[address] <= inside, f"{address}: photos of a person are lost"
    here.remembers = False  # what the other machine put where, this one does not know
    result = here.run(wish)
    if result is None:
        return
    if result[1] is not None and result[1].exit_code == 6:
        result = here.run(wish)
        assert result is not None
    ended_well(result[1])
    assert unmet(wish, here, result[0]) == []


def _by_hand(stage: Stage, address: Any) -> set[AssetId]:
    """The photos that a person put into the album, that are in it, and that can come along."""
    inside = {photo for one in generations_of(address, stage.world) for photo in stage.world.members[one].asset_ids}
    return {photo for photo in stage.by_hand[address] & inside if not stage.world.assets[photo].is_trashed}


@law
@given(situation=situations(), other=wishes)
def test_two_plans_for_different_albums_made_at_one_time_are_both_applied(situation: Situation, other: Wish) -> None:
    stage = Stage.set_up(situation)
    base = _with_albums_of(situation.wish, other, ())
    first = stage.run(base)
    if first is None:
        return
    come_to_rest(stage, base, first[0])  # else each of the two would take out what was put off
    mine = _with_albums_of(base, other, ALBUM_KEYS[:2])
    theirs = _with_albums_of(base, other, ALBUM_KEYS[2:])
    made = [(wish, stage.try_plan(manifest_of(wish))) for wish in (mine, theirs)]
    for wish, result in made:
        if result is None:
            return
        stage.forget_wanted(wish)
    for wish, result in made:
        assert result is not None
        note(result.plan)
        stored = decode_plan(encode_plan(result.plan, version="0"), file="plan.json")
        ended_well(stage.apply(stored, manifest_of(wish)))
    all_of_it = manifest_of(_with_albums_of(mine, other, ALBUM_KEYS[2:]))
    both = stage.try_plan(all_of_it)
    assert both is not None
    late = sum(puts_off(result.plan) for _, result in made if result is not None)
    if late:
        assert both.plan.summary.members_remove == late
        ended_well(stage.apply(both.plan, all_of_it))
        both = stage.try_plan(all_of_it)
        assert both is not None
    # a set that each of the two had to leave, since the other's album was still in it, can go now
    assert all(isinstance(step.action, DeleteAlbum) and is_set(step.action.address) for step in both.plan.steps)


def _of_the_catalog(select: Selects) -> Selects:
    """*select*, or another one if it found what lrplan sends: no plan decides then what the other one finds."""
    finds_sent = any(fnmatchcase(one.file_name, select.glob) for one in ORIGINALS.values())
    return evolve(select, glob="[!U]*") if finds_sent else select


def _with_albums_of(wish: Wish, other: Wish, keys: Sequence[str]) -> Wish:
    """*wish*, where the albums of these *keys* are as in the *other*, as far as *wish* has the sets for that."""
    albums = {key: album for key, album in wish.albums.items() if key not in keys}
    for key in keys:
        if key in other.albums:
            album = other.albums[key]
            parent = album.parent if album.parent in (None, "/", *wish.sets) else None
            albums[key] = evolve(album, parent=parent, within=None)
    known = {
        key: evolve(
            album,
            within=album.within if album.within in albums else None,
            selects=tuple(_of_the_catalog(one) for one in album.selects if one.album is None),
        )
        for key, album in albums.items()
    }
    return evolve(wish, albums=known)

"""A rebuild keeps what it can read, and writes nothing over what came in between."""

import asyncio
import shutil
from pathlib import Path

import pytest

from lrplan.diagnostics import Failure
from lrplan.storage.folder import FolderMemory
from lrplan.workflow.rebuild import keep, look
from tests.studio import Studio, photo

WISH = "albums:\n  a: {name: A, members: [P01.jpg, P02.jpg]}\n"
MORE = "  b: {name: B, members: [P03.jpg]}\n"


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    made = Studio()
    made.memory = FolderMemory(tmp_path)  # type: ignore[assignment]
    return made


def test_runs_that_can_be_read_are_folded_first(studio: Studio, tmp_path: Path) -> None:
    studio.run(WISH + MORE)
    (tmp_path / "state.json").write_text("{")
    studio.put_by_hand("A", 4)
    manifest = studio.manifest(WISH)
    found = asyncio.run(look(manifest, studio.around))
    assert [one.address for one in found.rebuilt.claimed] == [], "the run tells what was declared"
    kept = asyncio.run(keep(found, studio.around))
    assert set(kept.state.bindings) == {"albums.a", "albums.b"}
    assert kept.state.bindings["albums.a"].put == (photo(1), photo(2))  # type: ignore[index]
    assert [change.verb.value for change in studio.plan(WISH).changes] == ["unchanged", "delete"]


def test_what_was_remembered_in_between_is_not_written_over(studio: Studio, tmp_path: Path) -> None:
    studio.run(WISH)
    (tmp_path / "state.json").unlink()
    found = asyncio.run(look(studio.manifest(WISH), studio.around))
    studio.run(WISH + MORE)
    before = (tmp_path / "state.json").read_bytes()
    with pytest.raises(Failure) as failure:
        asyncio.run(keep(found, studio.around))
    assert [said.code for said in failure.value.diagnostics] == ["LRP508"]
    assert (tmp_path / "state.json").read_bytes() == before


def test_a_damaged_state_is_never_lost_even_if_the_new_one_cannot_be_written(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.run(WISH)
    (tmp_path / "state.json").write_text("{")
    found = asyncio.run(look(studio.manifest(WISH), studio.around))

    def full(state: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(studio.memory, "save_state", full)
    with pytest.raises(OSError, match="disk full"):
        asyncio.run(keep(found, studio.around))
    assert (tmp_path / "state.json").read_text() == "{"
    assert [file.read_text() for file in tmp_path.glob("state.damaged-*.json")] == ["{"]


def test_what_a_whole_state_knows_is_not_touched(studio: Studio, tmp_path: Path) -> None:
    studio.run("albums:\n  a: {name: A, members: [P01.jpg]}\n")
    studio.put_by_hand("A", 2)
    found = asyncio.run(look(studio.manifest(WISH), studio.around))
    assert not found.has_news, "who put the second photo there is known"


def test_what_an_entry_says_of_the_time_after_it_is_bound_at_once(studio: Studio, tmp_path: Path) -> None:
    wish = "albums:\n  a: {name: A, whenGone: keep, protect: true}\n"
    studio.run(wish)
    lose_everything(tmp_path)
    rebuild(studio, wish)
    assert studio.plan(wish).is_empty
    assert [(change.verb.value, change.protected) for change in studio.plan(WISH).changes] == [("change", True)]


def test_a_protection_that_is_remembered_outlives_a_rebuild(studio: Studio, tmp_path: Path) -> None:
    studio.run("albums:\n  a: {name: A, whenGone: keep, protect: true}\n")
    (tmp_path / "state.json").write_text("{")
    lifted = "albums:\n  a: {name: A, protect: false}\n"
    rebuild(studio, lifted)
    told = {(one.path, one.before, one.after) for one in studio.plan(lifted).changes[0].fields}
    assert told == {("protect", "true", "false"), ("whenGone", "keep", "delete")}, "only an apply ends it"


def test_what_is_paused_is_neither_bound_nor_claimed(studio: Studio, tmp_path: Path) -> None:
    paused = "albums:\n  a: {name: A, paused: true, whenGone: keep, members: [nowhere.jpg]}\n"
    studio.run(WISH)
    lose_everything(tmp_path)
    found = asyncio.run(look(studio.manifest(paused), studio.around))
    assert found.rebuilt.found == (), "its photos are not looked for"
    asyncio.run(keep(found, studio.around))
    assert [change.verb.value for change in studio.plan(paused).changes] == ["paused"]
    assert studio.plan("albums: {}\n").changes == (), "nothing is known of it, so that it stays"
    rebuild(studio, WISH)
    assert studio.binding("albums.a").put == (photo(1), photo(2))  # type: ignore[union-attr]


def lose_everything(folder: Path) -> None:
    (folder / "state.json").unlink()
    shutil.rmtree(folder / "runs")


def rebuild(studio: Studio, wish: str) -> None:
    asyncio.run(keep(asyncio.run(look(studio.manifest(wish), studio.around)), studio.around))

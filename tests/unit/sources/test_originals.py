"""Streaming an original: the planned bytes, or a refusal before the last of them."""

import asyncio
import os
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrplan.diagnostics import Failure
from lrplan.model.inventory import Original
from lrplan.sources.hashing import read_original
from lrplan.sources.originals import LocalOriginals

CONTENT = b"\xff\xd8\xff" + bytes(range(97))


def planned(folder: Path, *, part_size_bytes: int = 30) -> Original:
    (folder / "a.jpg").write_bytes(CONTENT)
    original = read_original(folder, "a.jpg", part_size_bytes=part_size_bytes)
    assert isinstance(original, Original)
    return original


async def received(folder: Path, original: Original, part: int, chunk_bytes: int = 7) -> tuple[list[bytes], str]:
    """The chunks that came, and what was said in the end."""
    chunks: list[bytes] = []
    stream = LocalOriginals(folder, chunk_bytes=chunk_bytes).part(original, part)
    try:
        while True:
            chunks.append(await anext(stream))
    except StopAsyncIteration:
        return chunks, ""
    except Failure as failure:
        (said,) = failure.diagnostics
        return chunks, f"{said.span}: {failure.exit_code} {said.code}: {said.what}"


CHANGED = "a.jpg: 6 LRP502: original file changed since the plan"
VANISHED = "a.jpg: 6 LRP502: original file vanished since the plan"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(part_size=st.integers(1, 120), chunk=st.integers(1, 120))
def test_the_parts_together_are_the_file(tmp_path: Path, part_size: int, chunk: int) -> None:
    original = planned(tmp_path, part_size_bytes=part_size)

    async def run() -> bytes:
        whole = b""
        for part in range(len(original.part_checks)):
            chunks, said = await received(tmp_path, original, part, chunk)
            assert said == ""
            assert all(0 < len(piece) <= chunk for piece in chunks)
            whole += b"".join(chunks)
        return whole

    assert asyncio.run(run()) == CONTENT


@pytest.mark.parametrize("place", range(0, 100, 9))
def test_a_part_that_changed_is_never_complete_and_the_others_still_come(tmp_path: Path, place: int) -> None:
    original = planned(tmp_path)
    changed = bytearray(CONTENT)
    changed[place] ^= 1
    (tmp_path / "a.jpg").write_bytes(changed)
    for part in range(4):
        chunks, said = asyncio.run(received(tmp_path, original, part))
        size = min(30, 100 - 30 * part)
        if part == place // 30:
            assert said == CHANGED
            assert len(b"".join(chunks)) < size
        else:
            assert (said, len(b"".join(chunks))) == ("", size)


@pytest.mark.parametrize("content", [b"", CONTENT[:-1], CONTENT + b"x"], ids=["empty", "shorter", "longer"])
def test_another_length_is_another_file(tmp_path: Path, content: bytes) -> None:
    original = planned(tmp_path)
    (tmp_path / "a.jpg").write_bytes(content)
    chunks, said = asyncio.run(received(tmp_path, original, 3))
    assert said == CHANGED
    assert len(b"".join(chunks)) < 10


def test_a_vanished_file_is_told_in_other_words(tmp_path: Path) -> None:
    original = planned(tmp_path)
    (tmp_path / "a.jpg").unlink()
    assert asyncio.run(received(tmp_path, original, 0)) == ([], VANISHED)


@pytest.mark.parametrize("stand_in", ["folder", "pipe"])
def test_something_else_in_its_place_is_a_change(tmp_path: Path, stand_in: str) -> None:
    original = planned(tmp_path)
    (tmp_path / "a.jpg").unlink()
    if stand_in == "folder":
        (tmp_path / "a.jpg").mkdir()
    else:
        os.mkfifo(tmp_path / "a.jpg")
    assert asyncio.run(received(tmp_path, original, 0)) == ([], CHANGED)


def test_a_part_that_the_plan_does_not_have_is_refused(tmp_path: Path) -> None:
    original = planned(tmp_path)
    assert asyncio.run(received(tmp_path, original, 4))[0] == []
    assert asyncio.run(received(tmp_path, evolve(original, part_checks=("0" * 16,) * 4), 0))[1]


def test_a_stream_that_is_dropped_half_way_holds_nothing_open(tmp_path: Path) -> None:
    original = planned(tmp_path)

    async def run() -> list[str]:
        stream = LocalOriginals(tmp_path, chunk_bytes=1).part(original, 0)
        await anext(stream)
        return os.listdir("/dev/fd")

    async def idle() -> list[str]:
        await asyncio.to_thread(bool)
        return os.listdir("/dev/fd")

    assert len(asyncio.run(run())) == len(asyncio.run(idle()))

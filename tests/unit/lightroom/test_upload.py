"""Originals on their way: streamed, exact, opened anew for every attempt."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from attrs import frozen

from lrplan.diagnostics import Failure, error
from lrplan.lightroom.connection import Limits
from lrplan.model.inventory import Original
from lrplan.plan.limits import parts_of
from lrplan.plan.write import Accepted, Exists, PutOriginal, Refused
from tests.unit.lightroom.stage import SPACES, STAMP, Asked, Renewing, Stage, asset_id, original, said


@frozen
class Streaming:
    """Originals whose parts come from a function."""

    part: Callable[[Original, int], AsyncIterator[bytes]]


def put(size_bytes: int = 100, *, part: int = 0, part_size_bytes: int = 1000) -> PutOriginal:
    file = original(size_bytes, part_size_bytes=part_size_bytes)
    return PutOriginal(asset_id=asset_id(1), original=file, part=part, parts=parts_of(size_bytes, part_size_bytes))


def staged(*chunks: bytes | Exception, answer: object = None) -> Stage:
    stage = Stage(lambda asked: answer(asked) if callable(answer) and SPACES in asked.path else None)
    stage.shelf.chunks["a.jpg"] = list(chunks)
    return stage


def sending(write: PutOriginal) -> object:
    return lambda service: service.send(write, stamp=STAMP)


def test_a_single_part_goes_without_a_range() -> None:
    stage = staged(b"a" * 60, b"b" * 40)
    assert stage.play(sending(put())) == Accepted()
    sent = stage.asked[-1]
    assert sent.body == b"a" * 60 + b"b" * 40
    assert sent.headers["Content-Length"] == "100"
    assert sent.headers["Content-Type"] == "image/jpeg"
    assert "Content-Range" not in sent.headers
    assert "Transfer-Encoding" not in sent.headers
    assert stage.shelf.closed == 1


@pytest.mark.parametrize(
    ("part", "sent", "content_range"),
    [(0, 1000, "bytes 0-999/2500"), (1, 1000, "bytes 1000-1999/2500"), (2, 500, "bytes 2000-2499/2500")],
)
def test_parts_say_which_bytes_they_are(part: int, sent: int, content_range: str) -> None:
    stage = staged(b"x" * sent)
    stage.play(sending(put(2500, part=part)))
    assert stage.asked[-1].headers["Content-Range"] == content_range
    assert stage.asked[-1].headers["Content-Length"] == str(sent)
    assert stage.shelf.opened == [("a.jpg", part)]


@pytest.mark.parametrize(
    ("size_bytes", "part_size_bytes"), [(1, 1), (10, 3), (9, 3), (200_000_001, 20_000_000), (7, 9)]
)
def test_parts_cover_the_original_exactly(size_bytes: int, part_size_bytes: int) -> None:
    parts = parts_of(size_bytes, part_size_bytes)
    writes = [put(size_bytes, part=part, part_size_bytes=part_size_bytes) for part in range(parts)]
    ends = [write.first_byte + write.size_bytes for write in writes]
    assert [0, *ends[:-1]] == [write.first_byte for write in writes]
    assert ends[-1] == size_bytes


def test_an_empty_original_is_sent_empty() -> None:
    stage = staged()
    assert stage.play(sending(put(0))) == Accepted()
    assert stage.asked[-1].headers["Content-Length"] == "0"


def test_a_retry_opens_the_part_again() -> None:
    left = [503, 429]
    stage = staged(b"a" * 100, answer=lambda _: said(status=left.pop() if left else 201))
    assert stage.play(sending(put())) == Accepted()
    assert [asked.body for asked in stage.asked[1:]] == [b"a" * 100] * 3
    assert (len(stage.shelf.opened), stage.shelf.closed) == (3, 3)


def test_a_renewed_token_opens_the_part_again() -> None:
    stage = staged(
        b"a" * 100, answer=lambda asked: said(status=201 if "new" in asked.headers["Authorization"] else 401)
    )
    stage.credentials = Renewing(["old", "new"])

    async def story(service: object) -> object:
        stage.credentials.tokens = ["new"]
        await service.catalog()
        stage.credentials.tokens = ["old", "new"]
        return await service.send(put(), stamp=STAMP)

    assert stage.play(story) == Accepted()
    assert len(stage.shelf.opened) == 2


def test_a_file_that_changed_is_said_so_and_not_sent_again() -> None:
    changed = Failure(error("LRP502", "the file changed"))
    stage = staged(b"a" * 50, changed)
    with pytest.raises(Failure) as failed:
        stage.play(sending(put()))
    assert failed.value is changed
    assert (len(stage.shelf.opened), stage.shelf.closed) == (1, 1)
    assert stage.heard.retried == []


@pytest.mark.parametrize("chunks", [[b"a" * 50], [b"a" * 50, b"b" * 51], [b"a" * 101], []])
def test_more_or_fewer_bytes_than_promised_are_a_changed_file(chunks: list[bytes]) -> None:
    with pytest.raises(Failure) as failed:
        staged(*chunks).play(sending(put()))
    assert failed.value.diagnostics[0].code == "LRP502"


def test_a_file_that_cannot_be_read_any_more_is_said_so() -> None:
    with pytest.raises(Failure) as failed:
        staged(b"a", PermissionError(13, "Permission denied")).play(sending(put()))
    (diagnostic,) = failed.value.diagnostics
    assert (diagnostic.code, diagnostic.why) == ("LRP502", "Permission denied.")


@pytest.mark.parametrize(
    ("status", "expected"), [(413, Refused(status=413, why="an empty answer", ends_run=True)), (412, Exists())]
)
def test_an_answer_before_the_end_of_the_body_is_taken(status: int, expected: object) -> None:
    """The server answers after the headers; the rest of the body, which never comes, is not waited for."""
    stage = Stage(lambda _: None)
    stage.options = {"limits": Limits(silence_s=30)}
    finished: list[str] = []

    async def endless(_: Original, __: int) -> AsyncIterator[bytes]:
        try:
            yield b"x" * 10
            await asyncio.Event().wait()
        finally:
            finished.append("closed")

    stage.shelf = Streaming(endless)

    async def early(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 {status} Said\r\nContent-Length: 0\r\n\r\n"
        writer.write(head.encode())
        await writer.drain()
        await reader.read()
        writer.close()

    async def story(service: object) -> object:
        await service.catalog()
        server = await asyncio.start_server(early, "127.0.0.1", 0)
        async with server:
            service._session._endpoint = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            return await service.send(put(), stamp=STAMP)

    assert stage.play(story) == expected
    assert finished == ["closed"]


def test_a_server_that_stops_reading_is_left() -> None:
    chunk = b"x" * 2**20
    stage = staged(*[chunk] * 64)
    stage.options = {"limits": Limits(silence_s=0.4)}  # long enough for an answer on a busy machine

    async def story(service: object) -> object:
        await service.catalog()
        held: list[asyncio.StreamWriter] = []
        over = asyncio.Event()

        async def unread(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            held.append(writer)
            await over.wait()
            writer.transport.abort()

        async with await asyncio.start_server(unread, "127.0.0.1", 0) as server:
            service._session._endpoint = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            try:
                return await service.send(put(64 * 2**20, part_size_bytes=2**27), stamp=STAMP)
            finally:
                over.set()
                await asyncio.gather(*(writer.wait_closed() for writer in held), return_exceptions=True)

    with pytest.raises(Failure) as failed:
        stage.play(story)
    assert failed.value.diagnostics[0].code == "LRP802"
    assert len(stage.shelf.opened) == stage.shelf.closed == 4


def test_a_large_part_is_never_held_in_memory() -> None:
    """What the client has taken from the file runs at most a few chunks ahead of what the server has read."""
    chunk, count = b"x" * 2**20, 40
    taken, read, ahead = [0], [0], [0]

    async def part(_: Original, __: int) -> AsyncIterator[bytes]:
        for _number in range(count):
            taken[0] += len(chunk)
            ahead[0] = max(ahead[0], taken[0] - read[0])
            yield chunk

    async def reading(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        while read[0] < count * len(chunk):
            read[0] += len(await reader.read(2**16))
        writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    stage = Stage(lambda _: None)
    stage.shelf = Streaming(part)

    async def story(service: object) -> object:
        await service.catalog()
        async with await asyncio.start_server(reading, "127.0.0.1", 0) as server:
            service._session._endpoint = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            return await service.send(put(count * len(chunk), part_size_bytes=2**27), stamp=STAMP)

    assert stage.play(story) == Accepted()
    assert ahead[0] <= 20 * len(chunk)


def test_nothing_undocumented_can_be_asked_for() -> None:
    asked: list[Asked] = []
    stage = staged(b"a" * 100, answer=asked.append)
    stage.play(sending(put()))
    assert asked[0].path == f"{SPACES}/assets/{asset_id(1)}/master"

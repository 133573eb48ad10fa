"""
What goes out and what comes in, piece by piece.

The surprising case: a streamed body fails inside the HTTP client's own task, which reports a broken connection. What
really happened, such as a file that changed, is kept aside in its `Stream`, for the session to raise instead. And such
a body may be dropped right after its last byte, so nothing may depend on its generator ending.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress

import aiohttp
from attrs import define

from lrplan.lightroom import refusals
from lrplan.lightroom.call import Call, Upload
from lrplan.lightroom.secrets import cleaned


class TooLong(Exception):  # noqa: N818 - it says what the answer is
    """An answer has more bytes than the call can take."""


@define
class Stream:
    """One attempt to send a streamed body: how far it came, and what went wrong on our side."""

    failure: BaseException | None = None
    is_whole: bool = False


async def streamed(
    upload: Upload, stream: Stream, watchdog: asyncio.Timeout, *, silence_s: float
) -> AsyncIterator[bytes]:
    """The upload's chunks, each of which renews the patience of *silence_s*; exactly as many bytes as were promised."""
    loop, sent = asyncio.get_running_loop(), 0
    chunks = upload.open()
    stream.is_whole = upload.size_bytes == 0
    try:
        async for chunk in chunks:
            sent += len(chunk)
            if sent > upload.size_bytes:
                break
            stream.is_whole = sent == upload.size_bytes
            watchdog.reschedule(loop.time() + silence_s)
            yield chunk
    except OSError as problem:
        stream.failure = refusals.unreadable(cleaned(problem.strerror or type(problem).__name__, secrets=()))
        raise
    except Exception as problem:
        stream.failure = problem
        raise
    finally:
        await finish(chunks)
    if sent != upload.size_bytes:
        stream.failure = refusals.other_size(sent, upload.size_bytes)
        raise stream.failure


async def received(got: aiohttp.ClientResponse, call: Call) -> bytes:
    """The body; empty where it went into the sink of *call*, which takes that of a 2xx only. Raises `TooLong`."""
    sink = call.sink if 200 <= got.status <= 299 else None
    if sink is not None:
        sink.begin()
    kept, size = bytearray(), 0
    async for chunk in got.content.iter_any():
        size += len(chunk)
        if size > call.answer_bytes_max:
            got.close()
            raise TooLong
        if sink is not None:
            sink.write(chunk)
        else:
            kept += chunk
    return bytes(kept)


async def finish(stream: AsyncIterator[bytes]) -> None:
    """Let go of a body that nobody reads any further."""
    # A generator that its reader dropped keeps its file open until somebody closes it. One that is still being asked
    # for its next chunk cannot be closed; its reader is being cancelled and closes it.
    if isinstance(stream, AsyncGenerator):
        with suppress(RuntimeError):
            await stream.aclose()

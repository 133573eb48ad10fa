"""
The program of `auth.command`: run without a shell, its errors shown as they come, its output bounded in size and time.

Its standard error is ours, and so is the terminal, so that it may ask its own questions there.
"""

import asyncio
import contextlib
from pathlib import Path

from lrplan.diagnostics import Failure, error
from lrplan.formats.sign_in import decode_program_answer
from lrplan.model.sign_in import AccessToken
from lrplan.ports import Clock

TIMEOUT_S = 60.0  # ours: it may ask a person something
OUTPUT_BYTES_MAX = 64 * 1024  # ours: a token has some thousand characters

_HINT = 'it must print {"access_token": …, "expires_at": …} and exit with 0; its own words are above'


class Program:
    """Implements the `TokenProgram` port with a process."""

    def __init__(self, command: tuple[str, ...], *, folder: Path, clock: Clock, timeout_s: float = TIMEOUT_S) -> None:
        """Name the program and its arguments, and the folder in which it is to run."""
        self._command = command
        self._folder = folder
        self._clock = clock
        self._timeout_s = timeout_s

    async def run(self) -> AccessToken:
        """Run it once.

        Raises:
            Failure: LRP307, it is missing, fails, takes too long, or prints something else.
        """
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                cwd=self._folder,
                limit=OUTPUT_BYTES_MAX,
            )
        except (OSError, ValueError) as problem:
            reason = problem.strerror if isinstance(problem, OSError) else "its name or an argument holds a NUL"
            why = f"It could not be started: {reason or type(problem).__name__}."
            hint = "check the path of the program; a relative one starts at the folder of lrplan.yaml"
            raise self._failure(why, hint) from None
        try:
            async with asyncio.timeout(self._timeout_s):
                assert process.stdout is not None
                output = await _bounded(process.stdout)
                code = await process.wait() if output is not None else 0
        except TimeoutError:
            raise self._failure(f"It did not end within {self._timeout_s:g} seconds.", "") from None
        finally:
            await _ended(process)
        if output is None:
            raise self._failure(f"It printed more than {OUTPUT_BYTES_MAX:,} bytes.", _HINT)
        if code != 0:
            ended = f"ended with exit code {code}" if code > 0 else f"was ended by signal {-code}"
            raise self._failure(f"It {ended}.", "its own words, if any, are above")
        try:
            return decode_program_answer(output, now=self._clock.now())
        except ValueError as problem:
            raise self._failure(f"In its output: {problem}.", _HINT) from None

    def _failure(self, why: str, hint: str) -> Failure:
        what = f"the program of auth.command, {self._command[0]}, gave no access token"
        return Failure(error("LRP307", what, why=why, hint=hint))


async def _bounded(stream: asyncio.StreamReader) -> bytes | None:
    """All of *stream*, None when that is too much."""
    content = b""
    while chunk := await stream.read(OUTPUT_BYTES_MAX):
        content += chunk
        if len(content) > OUTPUT_BYTES_MAX:
            return None
    return content


async def _ended(process: asyncio.subprocess.Process) -> None:
    """See that the process is gone, however the run ended."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    # What it left running may hold the pipe open; nobody waits for that.
    transport = getattr(process, "_transport", None)
    if transport is not None:
        transport.close()

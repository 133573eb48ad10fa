"""
The stage: a stand-in service in this process, and real commands as child processes that talk to it.

What the audience sees is what the commands print. The stand-in knows when a write has been done and not yet answered,
which is the worst moment to lose a process; there the stage can pull the plug, with SIGKILL, at any call it likes.
"""

import asyncio
import os
import shlex
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import click
from attrs import frozen

import lrplan
from lrplan.cli.screen import show
from lrplan.cli.session import Session
from lrplan.cli.stand_in import stand_in
from lrplan.diagnostics import ExitCode, Failure, error
from lrplan.render.line import Line, Tone
from lrplan.sandbox import RunningSandbox, SandboxOptions, SeenRequest

_CHUNK_BYTES = 65_536


@frozen(kw_only=True)
class Ran:
    """How a command ended.

    Attributes:
        exit_code: Negative: the signal that killed it.
        calls, writes: What the stand-in was asked by it.
        plugged_at: The call at which the plug was pulled; None when it was not.
    """

    exit_code: int
    output: str
    calls: int
    writes: int
    plugged_at: int | None = None


class Stage:
    """Runs commands before the audience, in the folder of the demonstration."""

    def __init__(self, folder: Path, session: Session) -> None:
        self.folder = folder
        self.session = session
        self.stand_in: RunningSandbox | None = None
        self._child: asyncio.subprocess.Process | None = None
        self._calls = self._writes = 0
        self._plug_at: int | None = None
        self._plugged_at: int | None = None

    @asynccontextmanager
    async def lit(self, photos: Path | None) -> AsyncIterator[None]:
        """Serve the stand-in, with the pictures of *photos* in its catalog, until the block is left."""
        options = SandboxOptions(data=self.folder / ".lrplan" / "sandbox", photos=photos)
        async with stand_in(options, after_request=self._after) as served:
            self.stand_in = served
            yield

    def tell(self, text: str) -> None:
        """Say a paragraph to the audience."""
        click.echo()
        for line in text.splitlines():
            show([Line(line, Tone.KEPT)], self.session)

    def show(self, lines: tuple[Line, ...]) -> None:
        """Show something that no command printed."""
        show(lines, self.session)

    def enter(self) -> None:
        """Show how somebody at a terminal would go to the folder in which all further commands run."""
        click.echo()
        show([Line(f"$ {shlex.join(('cd', str(self.folder)))}", Tone.HEADING)], self.session)

    async def run(self, *words: str, plug_at: int | None = None, folder: Path | None = None) -> Ran:
        """Run `lrplan` with these *words* and show it.

        Args:
            plug_at: Kill it at the first write from this call on, counted from 1: done, but not yet answered.
            folder: Where to run it; default: the folder of the demonstration.
        """
        click.echo()
        show([Line(f"$ lrplan {shlex.join(words)}", Tone.HEADING)], self.session)
        sys.stdout.flush()
        self._calls = self._writes = 0
        self._plug_at, self._plugged_at = plug_at, None
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "lrplan",
            *words,
            cwd=folder or self.folder,
            env=self._environment(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._child = child
        try:
            output = await _echoed(child)
            code = await child.wait()
        finally:
            self._child = None
            if child.returncode is None:
                child.kill()
                await child.wait()
        return Ran(exit_code=code, output=output, calls=self._calls, writes=self._writes, plugged_at=self._plugged_at)

    async def _after(self, seen: SeenRequest, status: int) -> None:
        del status
        self._calls += 1
        self._writes += seen.is_write
        if seen.is_write and self._child is not None and self._plug_at is not None and self._calls >= self._plug_at:
            self._child.kill()
            self._plug_at = None
            self._plugged_at = self._calls
            raise ConnectionResetError("the plug was pulled")

    def _environment(self) -> Mapping[str, str]:
        """The environment of a command: nothing that was set for lrplan counts, only the stand-in."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("LRPLAN_")}
        package = str(Path(lrplan.__file__).parents[1])
        own["PYTHONPATH"] = os.pathsep.join(filter(None, (package, own.get("PYTHONPATH"))))
        own["PYTHONUTF8"] = "1"
        if sys.stdout.isatty() and self.session.color is not False:
            own["FORCE_COLOR"] = "1"
        if self.stand_in is not None:
            own["LRPLAN_ENDPOINT"] = self.stand_in.endpoint
            own["LRPLAN_API_KEY"] = self.stand_in.api_key
            own["LRPLAN_ACCESS_TOKEN"] = self.stand_in.access_token
        return own


def expect(ran: Ran, exit_code: int, words: str = "") -> None:
    """See that a command ended as the story says. Failure LRP001 when it did not.

    A command that could not do its work has said why. That is no fault of the story, which ends with its exit code.
    """
    if ran.exit_code not in (exit_code, ExitCode.DONE, ExitCode.UNEXPECTED) and ran.exit_code > 0:
        click.echo("The demonstration ends here: the command above says what is in the way.", err=True)
        raise click.exceptions.Exit(ran.exit_code)
    if ran.exit_code != exit_code or words not in ran.output:
        wanted = f"exit code {exit_code}" + (f" and “{words}”" if words else "")
        what = f"the demonstration went wrong: wanted {wanted}, got exit code {ran.exit_code}"
        raise Failure(
            error("LRP001", what, why="This is a bug in lrplan.", hint="please report it with the output above")
        )


async def _echoed(child: asyncio.subprocess.Process) -> str:
    """Show the output of *child* as it comes, and return it."""
    assert child.stdout is not None
    seen = b""
    while chunk := await child.stdout.read(_CHUNK_BYTES):
        seen += chunk
        sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
    return seen.decode("utf-8", "replace")

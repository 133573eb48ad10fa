"""A terminal for tests: what a command asks is answered, and what it paints is kept."""

import os
import pty
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.cli.conftest import Ended

SECONDS = 120


def on_terminal(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    typed: str = "",
    reply: Callable[[str], str] | None = None,
) -> Ended:
    """Run *command* with stdin and stderr on a terminal on which *typed* has been typed; stdout is a pipe.

    *reply* is shown what has been painted whenever there is more, until it has something to type.
    """
    ours, theirs = pty.openpty()
    painted: list[bytes] = []

    def watch() -> None:
        try:
            answering = reply
            while seen := os.read(ours, 4096):
                painted.append(seen)
                if answering is not None and (answer := answering(b"".join(painted).decode("utf-8", "replace"))):
                    os.write(ours, answer.encode())
                    answering = None
        except OSError:  # the last process has closed the other end
            return

    os.write(ours, typed.encode())
    with subprocess.Popen(
        list(command), cwd=cwd, env=dict(env), stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, encoding="utf-8"
    ) as child:
        os.close(theirs)
        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            out, _ = child.communicate(timeout=SECONDS)
        finally:
            child.kill()
    watcher.join()
    os.close(ours)
    return Ended(code=child.returncode, out=out, err=b"".join(painted).decode("utf-8", "replace"))

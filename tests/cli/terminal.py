"""A terminal for tests: what a command asks is answered, and what it paints is kept."""

import os
import pty
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.cli.conftest import Ended

SECONDS = 120


def on_terminal(command: Sequence[str], *, cwd: Path, env: Mapping[str, str], typed: str) -> Ended:
    """Run *command* with stdin and stderr on a terminal on which *typed* has been typed; stdout is a pipe."""
    ours, theirs = pty.openpty()
    painted: list[bytes] = []

    def watch() -> None:
        try:
            while seen := os.read(ours, 4096):
                painted.append(seen)
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

"""
lrplan in a process that dies at a given call to the disk: `python -m tests.crash.child WHEN NUMBER apply …`.

WHEN is `before` or `after` the call of that number that forces something to the disk, `torn` for a write of which only
the first half is done, or `count`, which kills nothing. A process that ends by itself writes to stderr how many such
calls it made: syncs, then writes.
"""

import os
import signal
import sys
from threading import Lock

from lrplan.cli.main import main
from lrplan.storage import folder
from lrplan.storage.disk import Disk

KINDS = ("torn", "before", "after")


class DyingDisk:
    """Counts the calls on which durability hangs, and ends the process at one of them."""

    def __init__(self, when: str, number: int) -> None:
        self._when = when
        self._number = number
        self._lock = Lock()  # several threads may write
        self.syncs = 0
        self.writes = 0
        self._disk = Disk()

    def as_disk(self) -> Disk:
        return Disk(write=self._write, sync=self._sync, rename=self._disk.rename)

    def _write(self, descriptor: int, content: bytes | memoryview) -> int:
        with self._lock:
            self.writes += 1
            due = self.writes == self._number
        if due and self._when == "torn":
            self._disk.write(descriptor, content[: len(content) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return self._disk.write(descriptor, content)

    def _sync(self, descriptor: int) -> None:
        with self._lock:
            self.syncs += 1
            due = self.syncs == self._number
        if due and self._when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        self._disk.sync(descriptor)
        if due and self._when == "after":
            os.kill(os.getpid(), signal.SIGKILL)


def run() -> None:
    """Run the rest of the command line on such a disk."""
    when, number, *words = sys.argv[1:]
    disk = DyingDisk(when, int(number))
    folder.Disk = disk.as_disk
    sys.argv = ["lrplan", *words]
    try:
        main()
    finally:
        print(f"\n{disk.syncs} {disk.writes}", file=sys.stderr)


if __name__ == "__main__":
    run()

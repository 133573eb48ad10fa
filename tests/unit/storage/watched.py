"""A disk whose calls are written down, and which fails where a test wants it to."""

import os
import stat
from pathlib import Path

from attrs import define, field

from lrplan.storage.disk import Disk


@define
class Watched:
    """*calls* are `write`, `sync file`, `sync folder`, `rename NAME`; *failures* maps the number of a call to errno."""

    calls: list[str] = field(factory=list)
    failures: dict[int, int] = field(factory=dict)
    bytes_per_write: int = 1 << 30

    def disk(self) -> Disk:
        return Disk(write=self.write, sync=self.sync, rename=self.rename)

    def write(self, descriptor: int, content: bytes | memoryview) -> int:
        self.note("write")
        return os.write(descriptor, content[: self.bytes_per_write])

    def sync(self, descriptor: int) -> None:
        self.note("sync folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "sync file")
        os.fsync(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        self.note(f"rename {target.name}")
        os.replace(source, target)

    def note(self, call: str) -> None:
        self.calls.append(call)
        if len(self.calls) - 1 in self.failures:
            number = self.failures[len(self.calls) - 1]
            raise OSError(number, os.strerror(number))

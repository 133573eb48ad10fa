"""The cache of hashes: an unchanged file is not read again, and nothing that happens to the cache matters."""

import os
import time
from pathlib import Path

import pytest

from lrplan.model.inventory import FileProblem, Original
from lrplan.sources.cache import SETTLED_NS, OriginalCache
from lrplan.sources.files import LocalFiles
from lrplan.sources.hashing import read_original
from tests.unit.sources.pictures import jpeg


class Reader:
    """Reads `a.jpg` through a cache, and tells how many bytes were hashed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hashed_bytes = 0

    def read(
        self, *, after_ns: int = 10 * SETTLED_NS, part_size_bytes: int = 100
    ) -> tuple[Original | FileProblem, bool]:
        """The original, and whether it was hashed; *after_ns* is how long ago the file was changed."""
        changed = os.stat(self.folder / "a.jpg")
        latest = max(changed.st_mtime_ns, changed.st_ctime_ns)
        cache = OriginalCache(self.folder / "cache", now_ns=lambda: latest + after_ns)
        self.hashed_bytes = 0
        found = read_original(self.folder, "a.jpg", part_size_bytes=part_size_bytes, cache=cache, advance=self.advance)
        cache.save()
        return found, self.hashed_bytes > 0

    def advance(self, count: int) -> None:
        self.hashed_bytes += count


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    (tmp_path / "a.jpg").write_bytes(jpeg())
    return Reader(tmp_path)


def test_an_unchanged_file_is_hashed_once(reader: Reader) -> None:
    first, hashed = reader.read()
    assert hashed
    assert reader.read() == (first, False)


def test_a_file_that_has_just_changed_is_not_remembered(reader: Reader) -> None:
    assert reader.read(after_ns=SETTLED_NS - 1)[1]
    assert reader.read(after_ns=SETTLED_NS)[1]
    assert not reader.read()[1]


def test_another_size_of_parts_needs_other_checks(reader: Reader) -> None:
    reader.read()
    found, hashed = reader.read(part_size_bytes=101)
    assert hashed
    assert isinstance(found, Original)
    assert found.part_size_bytes == 101


def test_a_file_of_the_same_size_and_time_is_still_another_file(reader: Reader) -> None:
    reader.read()
    path = reader.folder / "a.jpg"
    times = os.stat(path)
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    (reader.folder / "b.jpg").write_bytes(content)
    os.utime(reader.folder / "b.jpg", ns=(times.st_atime_ns, times.st_mtime_ns))
    os.replace(reader.folder / "b.jpg", path)
    assert reader.read()[1]


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\0garbage", b'{"cache":2,"xxh3":"0"}\n'])
def test_a_damaged_cache_is_an_empty_one(reader: Reader, content: bytes) -> None:
    first, _ = reader.read()
    path = reader.folder / "cache/originals.jsonl"
    path.write_bytes(content)
    assert reader.read() == (first, True)
    whole = path.read_bytes()
    for place in range(len(whole) - 1):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        assert OriginalCache(reader.folder / "cache").find("a.jpg", os.stat(reader.folder), part_size_bytes=100) is None


def test_a_cache_that_cannot_be_written_is_not_missed(reader: Reader) -> None:
    (reader.folder / "cache").write_text("in the way")
    first, _ = reader.read()
    assert reader.read() == (first, True)


def test_problems_are_not_remembered(reader: Reader) -> None:
    (reader.folder / "a.jpg").write_bytes(b"hello")
    assert reader.read()[0] == FileProblem(path="a.jpg", reason="is not a photo or video")
    assert not (reader.folder / "cache").exists()


def test_the_inventory_keeps_a_cache_that_git_passes_by(reader: Reader) -> None:
    old = time.time_ns() - 10 * SETTLED_NS
    os.utime(reader.folder / "a.jpg", ns=(old, old))
    files = LocalFiles(reader.folder, cache=reader.folder / ".lrplan/cache")
    first = files.inventory([], ["a.jpg"], part_size_bytes=100)
    assert files.inventory([], ["a.jpg"], part_size_bytes=100) == first
    reader.read()
    assert (reader.folder / "cache/.gitignore").read_text() == "*\n"

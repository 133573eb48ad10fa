"""
The files that manifests point at, read once into a frozen inventory: lists, and originals to upload.

Whatever is wrong with a file becomes a `FileProblem` in its place, so that one run names all of them, each with the
line that asked for it. Originals are hashed in threads, in one pass and with small buffers.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lrplan.events import Advanced, Event, Phase
from lrplan.model.develop import Beside, XmpFile
from lrplan.model.ids import Sha256
from lrplan.model.inventory import FileProblem, Inventory, Original
from lrplan.ports import Events
from lrplan.sources.cache import OriginalCache
from lrplan.sources.hashing import read_original
from lrplan.sources.media import MEDIA_SUFFIXES
from lrplan.sources.opening import open_regular_file, read_document, reason_of
from lrplan.sources.project import manifest_folders, path_shown
from lrplan.sources.sidecars import find_beside, planned_xmp, read_xmp_file

NAMES_BESIDE_MAX = 20_000  # ours: the names serve a hint only
THREADS_MAX = 8  # ours: more readers than this make a spinning disk seek


def _ignore(path: str, content: bytes) -> None:
    """Keep nothing."""


class LocalFiles:
    """A `ports.Files` over the folder of a project."""

    def __init__(
        self,
        folder: Path,
        *,
        manifests: str = "manifests",
        cache: Path | None = None,
        keep: Callable[[str, bytes], None] = _ignore,
        events: Events | None = None,
    ) -> None:
        """Name the folders; nothing is read yet.

        Args:
            folder: The project's.
            manifests: Where its manifests are, relative to it; photos beside them are known by name.
            cache: Where hashes are kept for the next time, such as `.lrplan/cache`; None to keep none.
            keep: Receives the path and the bytes of each list file that is read, so that its lines can be shown.
            events: Told of every original that has been looked at.
        """
        self._folder = folder
        self._manifests = manifests
        self._cache = cache
        self._keep = keep
        self._events = events

    def inventory(self, lists: Sequence[str], originals: Sequence[str], *, part_size_bytes: int) -> Inventory:
        """Read list files and hash originals; what cannot be read becomes a `FileProblem`.

        Args:
            lists, originals: Paths relative to the project's folder, with `/`; repeats are read once.
            part_size_bytes: The size of the parts in which originals will be sent.
        """
        return Inventory(
            lists={path: self._list(path) for path in dict.fromkeys(lists)},
            originals=self._originals(tuple(dict.fromkeys(originals)), part_size_bytes),
            beside=self._beside(),
        )

    def xmp_files(self, paths: Sequence[str]) -> Mapping[str, XmpFile | FileProblem]:
        """Read files with develop settings; what is none, or too large to be sent, becomes a `FileProblem`."""
        return {path: read_xmp_file(self._folder, path) for path in dict.fromkeys(paths)}

    def sidecars(self, originals: Sequence[str]) -> Mapping[str, Beside]:
        """What lies beside *originals* and has their name, by original; those with no sidecar are left out."""
        return find_beside(self._folder, dict.fromkeys(originals))

    def xmp(self, path: str, sha256: Sha256) -> bytes:
        """The develop settings at *path*.

        Raises:
            Failure: LRP502, they are not those of *sha256* any more.
        """
        return planned_xmp(self._folder, path, sha256)

    def unreadable(self, originals: Sequence[str]) -> tuple[FileProblem, ...]:
        """Those of *originals* that are not there or cannot be opened; nothing is read."""
        problems = []
        for path in originals:
            try:
                open_regular_file(self._folder / path).close()
            except (OSError, ValueError) as problem:
                problems.append(FileProblem(path=path, reason=reason_of(problem)))
        return tuple(problems)

    def _list(self, path: str) -> bytes | FileProblem:
        try:
            content = read_document(self._folder / path)
        except (OSError, ValueError) as problem:
            return FileProblem(path=path, reason=reason_of(problem))
        self._keep(path, content)
        return content

    def _originals(self, paths: tuple[str, ...], part_size_bytes: int) -> dict[str, Original | FileProblem]:
        if not paths:
            return {}
        cache = None if self._cache is None else OriginalCache(self._cache)

        def read(path: str) -> Original | FileProblem:
            return read_original(self._folder, path, part_size_bytes=part_size_bytes, cache=cache)

        self._emit(Phase(what="Looking at files to upload", total=len(paths)))
        originals: dict[str, Original | FileProblem] = {}
        with ThreadPoolExecutor(max_workers=min(THREADS_MAX, os.cpu_count() or 1, len(paths))) as threads:
            for path, original in zip(paths, threads.map(read, paths), strict=True):
                originals[path] = original
                self._emit(Advanced())
        if cache is not None:
            cache.save()
        return originals

    def _emit(self, event: Event) -> None:
        if self._events is not None:
            self._events.emit(event)

    def _beside(self) -> dict[str, tuple[str, ...]]:
        """Photos and videos in the project's folder and in those of the manifests: paths by name."""
        found: dict[str, tuple[str, ...]] = {}
        names = 0
        for folder in manifest_folders(self._folder, self._manifests):
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        if os.path.splitext(entry.name)[1].lower() in MEDIA_SUFFIXES and entry.is_file():
                            path = path_shown(self._folder, folder / entry.name)
                            found[entry.name] = (*found.get(entry.name, ()), path)
                            names += 1
                        if names >= NAMES_BESIDE_MAX:
                            return found
            except OSError:  # the hint is lost, and nothing else
                continue
        return found

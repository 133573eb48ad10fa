"""
The text files of a project: lrplan.yaml, and the manifests in their folder.

Whatever is there and cannot be read is an error, never skipped: a manifest that is passed over would look like albums
that nobody wants any more. For the same reason a folder that is missing or holds no manifest is an error, unless the
caller knows that the project needs none (`required=False`: lrplan.yaml holds albums itself and names no other folder).

The surprising case: links are followed, but each real folder is read once, so that a link to a folder above is
harmless. Real folders come first, so that a file is named by where it lies rather than by a link to it. A link that
leads nowhere may have been a folder of manifests, so that it is an error whatever its name is.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from attrs import define, field

from lrplan.diagnostics import Diagnostic, Failure, SourceSpan, error
from lrplan.manifest.entries import SourceText
from lrplan.sources.opening import read_document, reason_of

PROJECT_FILE = "lrplan.yaml"
MANIFEST_SUFFIXES = (".yaml", ".yml")
_WHY_AT_ALL = "a manifest that cannot be read would look like albums that are no longer wanted, so nothing is planned"
_MAKE = f"make the folder, or correct `manifests:` in {PROJECT_FILE}"


def read_project_folder(folder: Path) -> SourceText:
    """The text of lrplan.yaml in *folder*.

    Raises:
        Failure: LRP101, it is missing or cannot be read.
    """
    try:
        return SourceText(PROJECT_FILE, read_document(folder / PROJECT_FILE))
    except FileNotFoundError:
        raise Failure(
            error(
                "LRP101",
                f"no {PROJECT_FILE} here",
                span=SourceSpan(file=PROJECT_FILE, line=0, column=1),
                why=f"A project is a folder with a {PROJECT_FILE} in it.",
                hint="make one with `lrplan init`, or name the project's folder with -C DIR",
            )
        ) from None
    except OSError as problem:
        raise Failure(_unreadable(PROJECT_FILE, problem, hint="")) from problem


def read_manifests(
    folder: Path, manifests: str, *, required: bool = True
) -> tuple[tuple[SourceText, ...], tuple[Diagnostic, ...]]:
    """Every manifest of a project, sorted by path, and an error for each that cannot be read.

    Args:
        folder: The project's folder.
        manifests: The folder of the manifests, relative to it, as lrplan.yaml says.
        required: Whether it is an error that there is none. Only a project whose lrplan.yaml holds albums, and names no
            folder of manifests, needs none.

    Returns:
        Files ending in .yaml or .yml, in capitals too, at any depth, less files and folders whose names start with `.`
        or `_`.
    """
    walk = _Walk(project=folder)
    if required or os.path.lexists(folder / manifests):
        walk.folder(folder / manifests)
    sources: list[SourceText] = []
    said = list(walk.problems)
    for path in walk.files:
        shown = path_shown(folder, path)
        if not _is_utf8(shown):
            said.append(_misnamed(shown))
            continue
        try:
            sources.append(SourceText(shown, read_document(path)))
        except OSError as problem:
            said.append(_unreadable(shown, problem))
    if required and not walk.files and not said:
        said.append(_no_manifest(manifests))
    return tuple(sorted(sources, key=lambda source: source.file)), tuple(said)


def has_manifests(folder: Path, manifests: str) -> bool:
    """Whether there is a manifest in the project's folder of manifests, readable or not."""
    walk = _Walk(project=folder)
    walk.folder(folder / manifests)
    return bool(walk.files)


def manifest_folders(folder: Path, manifests: str) -> Iterator[Path]:
    """The project's folder, then every folder of manifests that can be read."""
    yield folder
    walk = _Walk(project=folder)
    if (folder / manifests).is_dir():
        walk.folder(folder / manifests)
    yield from walk.folders


@define
class _Walk:
    project: Path
    files: list[Path] = field(factory=list)
    folders: list[Path] = field(factory=list)
    problems: list[Diagnostic] = field(factory=list)
    _seen: set[tuple[int, int]] = field(factory=set)

    def folder(self, start: Path) -> None:
        """Walk *start* and what is below it: what really lies there first, then what links lead to."""
        waiting, linked = [start], list[Path]()
        while waiting or linked:
            path = waiting.pop() if waiting else linked.pop()
            try:
                found = os.stat(path)
                if (found.st_dev, found.st_ino) in self._seen:
                    continue
                self._seen.add((found.st_dev, found.st_ino))
                with os.scandir(path) as entries:
                    named = sorted(entries, key=lambda entry: entry.name, reverse=True)
            except OSError as problem:
                hint = _MAKE if path == start and isinstance(problem, FileNotFoundError) else _WHY_AT_ALL
                self.problems.append(_unreadable(path_shown(self.project, path), problem, hint))
                continue
            self.folders.append(path)
            for entry in named:
                if entry.name.startswith((".", "_")):
                    continue
                if not _is_folder(entry):
                    if entry.name.lower().endswith(MANIFEST_SUFFIXES) or _leads_nowhere(entry):
                        self.files.append(Path(entry.path))
                elif entry.is_symlink():
                    linked.append(Path(entry.path))
                else:
                    waiting.append(Path(entry.path))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads in a circle; reading it will say so
        return False


def _leads_nowhere(entry: os.DirEntry[str]) -> bool:
    try:
        entry.stat()
    except OSError:
        return entry.is_symlink()
    return False


def path_shown(project: Path, path: Path) -> str:
    """*path* as seen from the folder *project*, with `/`."""
    return Path(os.path.relpath(path, project)).as_posix()


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unreadable(shown: str, problem: OSError, hint: str = _WHY_AT_ALL) -> Diagnostic:
    return error(
        "LRP101",
        "file missing or unreadable",
        span=SourceSpan(file=_printable(shown), line=0, column=1),
        why=f"It could not be read: {reason_of(problem)}.",
        hint=hint,
    )


def _misnamed(shown: str) -> Diagnostic:
    return error(
        "LRP102",
        "file name is not UTF-8",
        span=SourceSpan(file=_printable(shown), line=0, column=1),
        hint="rename the file",
    )


def _printable(shown: str) -> str:
    return shown.encode(errors="backslashreplace").decode()


def _no_manifest(manifests: str) -> Diagnostic:
    return error(
        "LRP101",
        "no manifest found",
        span=SourceSpan(file=manifests, line=0, column=1),
        why=f"The folder {manifests} holds no file that ends in .yaml or .yml, and {PROJECT_FILE} holds no albums.",
        hint="a project that wants no albums says `albums: {}`",
    )

"""
Files with develop settings: reading one, and finding those that lie beside originals.

A folder is listed once, however many originals of it are to be uploaded. Names are compared in Unicode's composed form,
and the suffix in any case. The surprising case: `X.CR3.xmp` is not looked at. Programs that name their files so keep
settings of their own in them, which Lightroom cannot read; whoever wants one sent names it.
"""

import hashlib
import os
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from posixpath import basename, dirname, join, splitext

from lrplan.diagnostics import Failure, SourceSpan, error
from lrplan.model.develop import DEVELOP_BYTES_MAX, Beside, XmpFile
from lrplan.model.ids import Sha256
from lrplan.model.inventory import FileProblem
from lrplan.sources.media import RAW_SUFFIXES
from lrplan.sources.opening import BUFFER_BYTES, open_regular_file, reason_of
from lrplan.sources.xmp import NotXmpError, sidecar_extension

XMP_SUFFIX = ".xmp"
TOO_LARGE = f"is larger than {DEVELOP_BYTES_MAX:,} bytes"


def read_xmp_file(folder: Path, path: str) -> XmpFile | FileProblem:
    """Read the file at *path* (relative to *folder*, with `/`) and see that it is XMP."""
    try:
        content = _content(folder / path)
        return XmpFile(path=path, sha256=_sha256(content), extension=sidecar_extension(content))
    except NotXmpError as problem:
        return FileProblem(path=path, reason=str(problem))
    except _TooLargeError:
        return FileProblem(path=path, reason=TOO_LARGE)
    except (OSError, ValueError) as problem:
        return FileProblem(path=path, reason=reason_of(problem))


def planned_xmp(folder: Path, path: str, sha256: Sha256) -> bytes:
    """The bytes of the file at *path*, if they are those of *sha256*.

    Raises:
        Failure: LRP502, they are others, or cannot be read.
    """
    try:
        content = _content(folder / path)
    except _TooLargeError:
        why = f"It {TOO_LARGE}."
    except (OSError, ValueError) as problem:
        why = f"It cannot be read any more: {reason_of(problem)}."
    else:
        if _sha256(content) == sha256:
            return content
        why = "Its bytes are not those that were planned."
    span = SourceSpan(file=path, line=0, column=1)
    raise Failure(error("LRP502", "develop settings changed since the plan", span=span, why=why, hint="plan again"))


def find_beside(folder: Path, uploads: Iterable[str]) -> Mapping[str, Beside]:
    """The sidecars beside *uploads* (relative to *folder*), by upload; those without any are left out."""
    by_folder: defaultdict[str, list[str]] = defaultdict(list)
    for path in uploads:
        by_folder[dirname(path)].append(path)
    found = {}
    for inside, paths in by_folder.items():
        sidecars, raw_files = _named_alike(folder / inside)
        for path in paths:
            stem = _composed(splitext(basename(path))[0])
            if stem in sidecars:
                found[path] = Beside(
                    sidecars=tuple(sorted(join(inside, name) for name in sidecars[stem])),
                    raw_files=tuple(sorted(join(inside, name) for name in raw_files.get(stem, ()))),
                )
    return found


def _named_alike(folder: Path) -> tuple[Mapping[str, list[str]], Mapping[str, list[str]]]:
    """The sidecars and the raw files of a folder, by name without suffix; none where it cannot be listed."""
    sidecars: defaultdict[str, list[str]] = defaultdict(list)
    raw_files: defaultdict[str, list[str]] = defaultdict(list)
    try:
        names = os.listdir(folder)
    except (OSError, ValueError):
        return {}, {}
    for name in names:
        stem, suffix = splitext(name)
        if suffix.lower() == XMP_SUFFIX:
            sidecars[_composed(stem)].append(name)
        elif suffix.lower() in RAW_SUFFIXES:
            raw_files[_composed(stem)].append(name)
    return sidecars, raw_files


class _TooLargeError(ValueError):
    """The service takes no settings of this size."""


def _content(path: Path) -> bytes:
    with open_regular_file(path) as file:
        pieces, room = [], DEVELOP_BYTES_MAX
        while piece := file.read(min(BUFFER_BYTES, room + 1)):
            pieces.append(piece)
            room -= len(piece)
            if room < 0:
                raise _TooLargeError
    return b"".join(pieces)


def _sha256(content: bytes) -> Sha256:
    return Sha256(hashlib.sha256(content).hexdigest())


def _composed(name: str) -> str:
    return name if name.isascii() else unicodedata.normalize("NFC", name)

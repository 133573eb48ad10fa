"""
How a string names a photo: the rule for members, covers and the lines of list files.

32 hexadecimal digits are an id, 64 a SHA-256; with a `/` it is a local file, relative to the file in which it is
written; everything else is a file name in the catalog. The surprising case: `\\` separates nothing, since a manifest is
to mean the same on every system.
"""

import re
from posixpath import commonprefix, isabs, join, normpath

from lrplan.manifest.entries import PhotoRef, RefKind

ID_PATTERN = "[0-9a-fA-F]{32}"
SHA256_PATTERN = "[0-9a-fA-F]{64}"
_ID_DIGITS, _SHA256_DIGITS = 32, 64
_ID = re.compile(ID_PATTERN)
_SHA256 = re.compile(SHA256_PATTERN)


def read_reference(text: str, folder: str) -> PhotoRef:
    """Tell what photo *text* names.

    Args:
        text: As written, not empty.
        folder: The folder of the file in which it is written, relative to the project's folder; "" for that itself.
    """
    kind, value = reference_parts(text, folder)
    return PhotoRef(kind=kind, value=value)


def reference_parts(text: str, folder: str) -> tuple[RefKind, str]:
    """The kind and value of `read_reference`, for columns that want no object each."""
    if "/" in text:
        return RefKind.UPLOAD, from_project(text, folder)
    if len(text) == _ID_DIGITS and _ID.fullmatch(text):
        return RefKind.ID, text.lower()
    if len(text) == _SHA256_DIGITS and _SHA256.fullmatch(text):
        return RefKind.SHA256, text.lower()
    return RefKind.NAME, text


def from_project(path: str, folder: str) -> str:
    """*path*, written in a file of *folder*, as seen from the project's folder; may start with `../`.

    An absolute path stays absolute.
    """
    return normpath(join(folder, path))


def as_written_in(folder: str, path: str) -> str:
    """What to write in a file of *folder* for the file at *path*: the inverse of `from_project`, always with a `/`.

    Both are as seen from the project's folder. "" where that cannot be said: *folder* lies outside of the project, and
    the way back into it has the name of the project's folder in it.
    """
    if isabs(path):
        return path
    there, here = normpath(path).split("/"), [part for part in normpath(folder).split("/") if part != "."]
    same = len(commonprefix([there[:-1], here]))
    up = here[same:]
    if ".." in up:
        return ""
    return "/".join((*(".." for _ in up), *there[same:])) if up else f"./{'/'.join(there[same:])}"

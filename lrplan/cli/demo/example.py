"""
Where the demonstration gets its wish from: the example of the repository, or a folder of the user's own photos.

For a folder the files are examined exactly as a plan would examine them; what is no photo is left out and named, and of
two files with one content one is enough.
"""

import os
import re
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from attrs import field, frozen

from lrplan.diagnostics import Failure, error
from lrplan.model.inventory import Inventory, Original
from lrplan.sources.files import LocalFiles

PICTURES = 24  # the photos that the example speaks of, DSC_0001.jpg and on
MANIFEST = "manifests/photos.yaml"
_PART_BYTES = 20_000_000
_UNSPEAKABLE = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\u2028\\u2029\\ufeff]")
_EDITOR_LINE = re.compile("^# yaml-language-server:.*\n", re.MULTILINE)  # its schema lies in the repository


@frozen(kw_only=True)
class OwnPhotos:
    """A manifest for the user's own photos, and what was left out, by file name, with a reason each."""

    manifest: str
    count: int
    size_bytes: int
    left_out: Mapping[str, str] = field(factory=dict)


def example_manifests() -> Mapping[str, str]:
    """The example's manifests, path to text: from the installed package, or from the checkout it runs in."""
    inside = files("lrplan") / "example"
    folder: Traversable = inside if inside.is_dir() else Path(__file__).parents[3] / "manifests"
    found = {
        f"manifests/{entry.name}": _EDITOR_LINE.sub("", entry.read_text(encoding="utf-8"))
        for entry in sorted(folder.iterdir(), key=lambda one: one.name)
        if entry.name.endswith((".yaml", ".yml"))
    }
    if not found:
        raise Failure(error("LRP101", "the example's manifests are missing from this installation"))
    return found


def own_photos(photos: Path, project: Path) -> OwnPhotos:
    """Examine the files of the folder *photos* and write a manifest for *project* that uploads each once.

    Raises:
        Failure: LRP211, there is no photo among them.
    """
    left_out: dict[str, str] = {}
    names = []
    for file in sorted(entry for entry in photos.rglob("*") if entry.is_file()):
        name = file.relative_to(photos).as_posix()
        if _UNSPEAKABLE.search(name):
            left_out[name] = "its name cannot be written in a manifest"
        else:
            names.append(name)
    inventory = LocalFiles(photos).inventory((), names, part_size_bytes=_PART_BYTES)
    originals = _once_each(inventory, left_out)
    if not originals:
        why = "; ".join(f"{name}: {reason}" for name, reason in list(left_out.items())[:10])
        raise Failure(error("LRP211", f"there is no photo in {photos}", why=why))
    there = Path(os.path.relpath(photos.resolve(), project.resolve() / "manifests")).as_posix()
    return OwnPhotos(
        manifest=_manifest([f"{there}/{original.path}" for original in originals]),
        count=len(originals),
        size_bytes=sum(original.size_bytes for original in originals),
        left_out=left_out,
    )


def _once_each(inventory: Inventory, left_out: dict[str, str]) -> list[Original]:
    """The originals in the order of the album: latest first, which no camera and no catalog would choose."""
    first_of: dict[str, str] = {}
    originals = []
    for name, found in inventory.originals.items():
        if not isinstance(found, Original):
            left_out[name] = found.reason
        elif found.sha256 in first_of:
            left_out[name] = f"the same photo as {first_of[found.sha256]}"
        else:
            first_of[found.sha256] = name
            originals.append(found)
    return sorted(originals, key=lambda one: (one.capture_date, one.path), reverse=True)


def _manifest(paths: list[str]) -> str:
    members = [_scalar(path) for path in paths]
    lines = [
        "lrplan: 1",
        "",
        "sets:",
        "  demo: {name: Demo}",
        "",
        "albums:",
        "  photos:",
        "    name: My photos",
        "    parent: demo",
        f"    cover: {members[len(members) // 2]}",
        "    publishInfo:",
        "      remoteId: gallery-1",
        "      remoteLinks:",
        "        view: https://galleries.example.com/1",
        "        edit: https://galleries.example.com/1/edit",
        "    members:",
        *(f"      - {member}" for member in members),
    ]
    return "\n".join(lines) + "\n"


def _scalar(text: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9./][A-Za-z0-9./_ +-]*(?<! )", text):
        return text
    return "'" + text.replace("'", "''") + "'"

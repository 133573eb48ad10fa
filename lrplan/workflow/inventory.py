"""Reading the local files that the manifests point at; it asks no network, and loads nothing that would."""

from collections.abc import Sequence

from attrs import evolve

from lrplan.manifest.entries import Manifest, SourceText
from lrplan.manifest.lists import parse_list
from lrplan.manifest.needs import FileNeeds, files_needed, uploads_among
from lrplan.model.inventory import Inventory
from lrplan.ports import Files
from lrplan.workflow.surroundings import Surroundings


def read_inventory(manifest: Manifest, around: Surroundings) -> Inventory:
    """Read the local files that the manifests point at: lists, originals, which are hashed, and develop settings."""
    needed, part_size = files_needed(manifest), manifest.project.api.part_size_bytes
    lists = around.files.inventory([one.value for one in needed.lists], (), part_size_bytes=part_size).lists
    uploads = {one.value for one in needed.uploads}
    for path, content in lists.items():
        if isinstance(content, bytes):
            photos, _ = parse_list(SourceText(path, content))  # what is wrong with a list is said when it is filled in
            uploads.update(one.value for one in uploads_among(photos))
    read = around.files.inventory((), sorted(uploads), part_size_bytes=part_size)
    return evolve(with_xmp_files(read, needed, sorted(uploads), around.files), lists=lists)


def with_xmp_files(inventory: Inventory, needed: FileNeeds, uploads: Sequence[str], files: Files) -> Inventory:
    """*inventory*, with the files of develop settings that manifests name, and those that lie beside *uploads*."""
    named = [one.value for one in needed.xmp_files]
    sidecars = files.sidecars(uploads)
    lying = {path for beside in sidecars.values() for path in beside.sidecars}
    read = files.xmp_files((*named, *sorted(lying.difference(named))))
    return evolve(inventory, xmp_files=read, named_xmp=frozenset(named), sidecars=sidecars)

"""What else must be read before the photos of a manifest can be looked up: list files, and originals to upload."""

from collections.abc import Iterable

from attrs import frozen

from lrplan.manifest.entries import Declared, Manifest, PhotoRef, RefKind


@frozen(kw_only=True)
class FileNeeds:
    """The files a manifest points at, each once, sorted by path, with the first place that names it.

    Attributes:
        lists: Files of `from:`; what they name comes on top, see `uploads_among`.
        uploads: Originals named by members and covers, and by members that copy from them.
        xmp_files: Files with develop settings; sidecars come on top.
    """

    lists: tuple[Declared[str], ...] = ()
    uploads: tuple[Declared[str], ...] = ()
    xmp_files: tuple[Declared[str], ...] = ()


def files_needed(manifest: Manifest) -> FileNeeds:
    """Find the files that *manifest* points at, as paths relative to the project's folder."""
    lists: dict[str, Declared[str]] = {}
    uploads: dict[str, Declared[str]] = {}
    xmp_files: dict[str, Declared[str]] = {}
    for album in manifest.albums.values():
        cover, members = album.cover, album.members
        if cover is not None and cover.value.kind is RefKind.UPLOAD:
            _add(uploads, Declared(cover.value.value, cover.span))
        for extra in members.extras.values() if members is not None else ():
            if extra.xmp is not None:
                _add(xmp_files, extra.xmp)
            if extra.copy_from is not None and extra.copy_from.value.kind is RefKind.UPLOAD:
                _add(uploads, Declared(extra.copy_from.value.value, extra.copy_from.span))
        kinds = members.kinds if members is not None else ()
        if members is None or (RefKind.UPLOAD not in kinds and RefKind.LIST not in kinds):
            continue
        for index, kind in enumerate(kinds):
            if kind is RefKind.UPLOAD or kind is RefKind.LIST:
                _add(
                    uploads if kind is RefKind.UPLOAD else lists,
                    Declared(members.values[index], members.span_of(index)),
                )
    return FileNeeds(lists=_by_path(lists), uploads=_by_path(uploads), xmp_files=_by_path(xmp_files))


def uploads_among(photos: Iterable[Declared[PhotoRef]]) -> tuple[Declared[str], ...]:
    """The originals that the lines of a list file name, each once, sorted by path."""
    uploads: dict[str, Declared[str]] = {}
    for photo in photos:
        if photo.value.kind is RefKind.UPLOAD:
            _add(uploads, Declared(photo.value.value, photo.span))
    return _by_path(uploads)


def _add(found: dict[str, Declared[str]], named: Declared[str]) -> None:
    known = found.get(named.value)
    if known is None or named.span < known.span:
        found[named.value] = named


def _by_path(found: dict[str, Declared[str]]) -> tuple[Declared[str], ...]:
    return tuple(found[path] for path in sorted(found))

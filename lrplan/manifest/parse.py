"""
From the text of a project to values: the entry of this package.

Every file is read for itself, then all are held together. All mistakes of all files come back at once, sorted by file
and place. The surprising case: the order in which the files are handed over does not matter; they are sorted by path.
"""

import hashlib
from collections.abc import Sequence

from attrs import evolve, frozen

from lrplan.diagnostics import Diagnostic, SourceSpan, has_errors
from lrplan.manifest.across_files import check_cover, check_parents, check_selects, check_within, unique, within_of
from lrplan.manifest.declarations import read_albums, read_sets
from lrplan.manifest.entries import AlbumEntry, Defaults, Manifest, Move, Project, SetEntry, SourceText
from lrplan.manifest.fields import Found, Page, read_fields
from lrplan.manifest.lineage import check_adopted, check_moves, former_addresses, read_moves
from lrplan.manifest.project import read_project
from lrplan.manifest.source import read_tree
from lrplan.manifest.table import Where
from lrplan.manifest.tree import MappingNode, Scalar


def parse_project(source: SourceText) -> tuple[Project | None, tuple[Diagnostic, ...]]:
    """Read lrplan.yaml less its sets and albums.

    Returns:
        The project, None when there is any error; and what is wrong. What stands under `sets` and `albums` is held
        against the table by `parse_manifests` only, but has to be good YAML here too.
    """
    page, found = _top(source, Where.PROJECT)
    project = read_project(page, found) if found is not None else None
    said = _in_order(page.said)
    return None if has_errors(said) else project, said


def parse_manifests(
    project_source: SourceText, sources: Sequence[SourceText]
) -> tuple[Manifest | None, tuple[Diagnostic, ...]]:
    """Read a whole project.

    Args:
        project_source: lrplan.yaml, which may hold sets and albums itself.
        sources: The manifests, in any order.

    Returns:
        The manifest, None when there is any error; and all that is wrong, sorted by file and place.
    """
    read = [_read(project_source, Where.PROJECT), *(_read(source, Where.BOTH) for source in sources)]
    read.sort(key=lambda one: one.page.file)
    said = [complaint for one in read for complaint in one.page.said]
    all_sets = [entry for one in read for entry in one.sets]
    all_albums = [entry for one in read for entry in one.albums]
    said += unique((*all_sets, *all_albums))
    said += check_adopted((*all_sets, *all_albums))
    # Of two entries for one address the first is kept, as `unique` says.
    sets = {entry.address: entry for entry in reversed(all_sets)}
    albums = {entry.address: entry for entry in reversed(all_albums)}
    sets = dict(reversed(sets.items()))
    albums = dict(reversed(albums.items()))
    project = next((one.project for one in read if one.project is not None), None)
    complete = not any(one.is_broken for one in read)
    moves = tuple(move for one in read for move in one.moves)
    said += check_moves(moves, {*sets, *albums}, complete=complete)
    said += check_parents(sets, albums, complete=complete)
    if project is not None:
        said += check_within(albums, project.defaults, complete=complete)
    said += check_selects(albums, complete=complete)
    for album in albums.values():
        said += check_cover(album)
    in_order = _in_order(said)
    if project is None or has_errors(in_order):
        return None, in_order
    filled = {address: _with_defaults(entry, project) for address, entry in albums.items()}
    digest = _digest([project_source, *sources])
    former = former_addresses(moves, {*sets, *albums})
    return Manifest(project=project, sets=sets, albums=filled, moves=moves, former=former, digest=digest), in_order


@frozen(kw_only=True)
class _Read:
    page: Page
    is_broken: bool
    project: Project | None = None
    sets: tuple[SetEntry, ...] = ()
    albums: tuple[AlbumEntry, ...] = ()
    moves: tuple[Move, ...] = ()


def _read(source: SourceText, where: Where) -> _Read:
    page, found = _top(source, where)
    if found is None:
        return _Read(page=page, is_broken=True)
    project = read_project(page, found) if where is Where.PROJECT else None
    sets, albums, moves = (found.nodes.get(name) for name in ("sets", "albums", "moved"))
    return _Read(
        page=page,
        is_broken=False,
        project=project,
        sets=read_sets(page, sets) if sets is not None else (),
        albums=read_albums(page, albums) if albums is not None else (),
        moves=read_moves(page, moves) if moves is not None else (),
    )


def _top(source: SourceText, where: Where) -> tuple[Page, Found | None]:
    """The keys of the top level, None for a file that cannot be read: not YAML, or of another format version."""
    tree, complaints = read_tree(source)
    page = Page(source.file, list(complaints))
    holder = Scalar("the file", 0, 1)
    if tree is None:
        if not complaints:
            read_fields(page, "top", holder, MappingNode({}, 1, 1), where)
        return page, None
    if isinstance(tree, MappingNode):
        version = tree.entries.get("lrplan")
        newer = Page(source.file)
        if version is not None:
            only = MappingNode({"lrplan": version}, 1, 1)
            read_fields(newer, "top", holder, only, Where.BOTH)
        if any(complaint.code in ("LRP105", "LRP107") for complaint in newer.said):
            page.said.extend(newer.said)
            return page, None
    return page, read_fields(page, "top", holder, tree, where)


def _with_defaults(album: AlbumEntry, project: Project) -> AlbumEntry:
    defaults = project.defaults
    if defaults == Defaults():
        return album
    return evolve(
        album,
        order=album.order or defaults.order,
        reorder=album.reorder or defaults.reorder,
        unlisted=album.unlisted or defaults.unlisted,
        replace=album.replace or defaults.replace,
        within=within_of(album, defaults.within),
    )


def _digest(sources: Sequence[SourceText]) -> str:
    digest = hashlib.sha256()
    for source in sorted(sources, key=lambda one: one.file):
        for part in (source.file.encode("utf-8", "surrogateescape"), source.content):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()


def _in_order(said: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    def place(complaint: Diagnostic) -> tuple[SourceSpan, str, str]:
        assert complaint.span is not None
        return complaint.span, complaint.code, complaint.what

    return tuple(sorted(said, key=place))

"""
The member lists with list files filled in: every photo that an album names, in order, in columns. A select is one
entry here, since only the catalog knows what it stands for: see `selecting`.

A `from:` entry stands for as many photos as its file has lines; each keeps its own place, so that a mistake in line 17
of a list is told as such.
"""

from array import array
from collections.abc import Mapping

from attrs import field, frozen

from lrplan.diagnostics import Diagnostic, SourceSpan, error, has_errors
from lrplan.manifest.entries import AlbumEntry, Manifest, MemberExtra, Members, PhotoRef, RefKind, SourceText
from lrplan.manifest.lists import parse_list
from lrplan.model.address import Address
from lrplan.model.inventory import FileProblem, Inventory
from lrplan.resolve.desired import EmptyKind, EmptyWish


@frozen(kw_only=True)
class Wanted:
    """The photos that one album names.

    Attributes:
        files: The files that its entries stand in; *sources* index into it.
        widths: How many characters each photo takes there; empty where that is the length of its value.
        extras: By position, where an entry says more than its kind and value.
    """

    files: tuple[str, ...] = ()
    kinds: tuple[RefKind, ...] = ()
    values: tuple[str, ...] = ()
    sources: "array[int]" = field(factory=lambda: array("H"))
    lines: "array[int]" = field(factory=lambda: array("L"))
    columns: "array[int]" = field(factory=lambda: array("L"))
    widths: "array[int]" = field(factory=lambda: array("I"))
    extras: Mapping[int, MemberExtra] = field(factory=dict)

    def __len__(self) -> int:
        return len(self.values)

    def span_of(self, index: int) -> SourceSpan:
        """Where the photo at *index* is named."""
        return SourceSpan(
            file=self.files[self.sources[index]],
            line=self.lines[index],
            column=self.columns[index],
            width=max(1, self.widths[index] if self.widths else len(self.values[index])),
        )


@frozen(kw_only=True)
class Wish:
    """The photos of one album and its cover, as named.

    Attributes:
        empty: The list files that hold no photo.
        is_whole: False where a list or a line of one could not be read: then the album has photos that nobody knows.
    """

    entry: AlbumEntry
    wanted: Wanted | None
    cover: PhotoRef | None
    empty: tuple[EmptyWish, ...] = ()
    is_whole: bool = True


def expand(manifest: Manifest, inventory: Inventory) -> tuple[Mapping[Address, Wish], tuple[Diagnostic, ...]]:
    """Fill in the list files of every album."""
    said: list[Diagnostic] = []
    wishes: dict[Address, Wish] = {}
    for address, entry in manifest.albums.items():
        wanted: Wanted | None = None
        problems: tuple[Diagnostic, ...] = ()
        empty: tuple[EmptyWish, ...] = ()
        if entry.members is not None:
            wanted, problems, empty = _expand_members(entry, entry.members, inventory)
        said.extend(problems)
        cover = entry.cover.value if entry.cover else None
        is_whole = not has_errors(problems)
        wishes[address] = Wish(entry=entry, wanted=wanted, cover=cover, empty=empty, is_whole=is_whole)
    return wishes, tuple(said)


def _plain(members: Members) -> Wanted:
    """The photos of a member list without list files."""
    return Wanted(
        files=(members.file,),
        kinds=members.kinds,
        values=members.values,
        sources=array("H", bytes(2 * len(members.values))),
        lines=members.lines,
        columns=members.columns,
        widths=members.widths,
        extras=members.extras,
    )


_Expanded = tuple[Wanted, tuple[Diagnostic, ...], tuple[EmptyWish, ...]]


def _expand_members(entry: AlbumEntry, members: Members, inventory: Inventory) -> _Expanded:
    """The photos of a member list, what is wrong with its list files, and which of them hold none."""
    if RefKind.LIST not in members.kinds:
        return _plain(members), (), ()
    files = [members.file]
    kinds: list[RefKind] = []
    values: list[str] = []
    sources, lines, columns, widths = array("H"), array("L"), array("L"), array("I")
    extras: dict[int, MemberExtra] = {}
    said: list[Diagnostic] = []
    empty: list[EmptyWish] = []

    def put(kind: RefKind, value: str, source: int, line: int, column: int, width: int) -> None:
        kinds.append(kind)
        values.append(value)
        sources.append(source)
        lines.append(line)
        columns.append(column)
        widths.append(width)

    for index, kind in enumerate(members.kinds):
        if kind is not RefKind.LIST:
            if index in members.extras:
                extras[len(values)] = members.extras[index]
            line, column = members.lines[index], members.columns[index]
            put(kind, members.values[index], 0, line, column, members.width_of(index))
            continue
        path = members.values[index]
        content = inventory.lists.get(path, FileProblem(path=path, reason="was not read"))
        if isinstance(content, FileProblem):
            said.append(error("LRP101", f"list {path}: {content.reason}", span=members.span_of(index),
                              why="The album's photos cannot be known without it."))  # fmt: skip
            continue
        named, problems = parse_list(SourceText(path, content))
        said.extend(problems)
        if not named and not problems and not entry.allow_empty:
            empty.append(EmptyWish(address=entry.address, kind=EmptyKind.LIST, value=path, span=members.span_of(index)))
        if path not in files:
            files.append(path)
        source = files.index(path)
        for photo in named:
            at = photo.span
            put(photo.value.kind, photo.value.value, source, at.line, at.column, at.width)
    wanted = Wanted(
        files=tuple(files), kinds=tuple(kinds), values=tuple(values),
        sources=sources, lines=lines, columns=columns, widths=widths, extras=extras,
    )  # fmt: skip
    return wanted, tuple(said), tuple(empty)

"""
The member list of an album, into columns.

A project may name a million photos, nearly all as plain strings. Such lists are checked as a whole: one look at all
lengths, one search for control characters, one set for repeats. Only a list that fails one of these looks, or that
holds mappings, is gone through item by item, to find the place and the words.
"""

import re
from array import array
from collections import Counter
from collections.abc import Mapping
from posixpath import dirname

from attrs import field, frozen

from lrplan.diagnostics import SourceSpan
from lrplan.manifest.bounds import PATH_CHARACTERS_MAX
from lrplan.manifest.entries import Declared, MemberExtra, Members, PhotoRef, RefKind
from lrplan.manifest.fields import Found, Page, read_fields, wrong_shape
from lrplan.manifest.reference import from_project, reference_parts
from lrplan.manifest.selects import read_select
from lrplan.manifest.tree import Broken, Entry, MappingNode, Node, Scalar, SequenceNode
from lrplan.manifest.value_types import FilePath
from lrplan.manifest.values import CONTROL, Mistake, read_value, text_mistake
from lrplan.manifest.wording import listed, quoted
from lrplan.model.album import MemberInfo

_KIND_KEYS = tuple(kind.value for kind in RefKind)
_MANY = {RefKind.LIST: "list file", RefKind.SELECT: "select"}  # what stands for many photos
_COVER_KEYS = tuple(kind.value for kind in RefKind if kind not in _MANY)
_OF_ONE_PHOTO = ("publishInfo", "xmp", "develop")
_SAYS_NO_MORE = MemberExtra()
_ID_DIGITS, _SHA256_DIGITS = 32, 64
_SMALL_HEX = re.compile("[0-9a-f]+")
_NO_FILE = frozenset(("", ".", ".."))


@frozen(kw_only=True)
class _Columns:
    """*bad* are the positions that could not be read; *places* is where mappings name their photo, by position."""

    kinds: tuple[RefKind, ...]
    values: tuple[str, ...]
    places: Mapping[int, SourceSpan] = field(factory=dict)
    extras: Mapping[int, MemberExtra] = field(factory=dict)
    bad: frozenset[int] = frozenset()


_Named = tuple[RefKind, Declared[str]]


def read_members(page: Page, entry: Entry) -> Members | None:
    """Read the value of a `members` key; None when it is no list."""
    node = entry.value
    if not isinstance(node, SequenceNode):
        wrong_shape(page, node, entry.key, "It must be a list of photos; [] means that there are to be none.")
        return None
    columns = (_at_once(node.texts, dirname(page.file)) if not node.others else None) or _each(page, node)
    lines, starts = node.lines, node.columns
    if columns.places:
        lines, starts = lines[:], starts[:]
        for index, place in columns.places.items():
            lines[index], starts[index] = place.line, place.column
    members = Members(
        file=page.file,
        span=page.span(entry.key),
        kinds=columns.kinds,
        values=columns.values,
        lines=lines,
        columns=starts,
        widths=_widths(columns, node),
        extras=columns.extras,
    )
    if len(set(members.values)) < len(members.values):
        _complain_of_repeats(page, members, columns.bad)
    return members


def read_photo(page: Page, entry: Entry) -> Declared[PhotoRef] | None:
    """Read a photo that is one value: a cover, or one to copy from. It stands where its name does."""
    node, folder = entry.value, dirname(page.file)
    if isinstance(node, Scalar) and not node.is_null:
        wrong = string_mistake(node.text)
        if wrong is None:
            kind, value = reference_parts(node.text, folder)
            return Declared(PhotoRef(kind=kind, value=value), page.span(node))
        page.complain(wrong.code, wrong.what, node, why=wrong.why, hint=wrong.hint)
        return None
    if not isinstance(node, MappingNode):
        wrong_shape(page, node, entry.key, "It must be a photo: a file name, or a mapping such as {id: …}.")
        return None
    found = read_fields(page, "cover", entry.key, node)
    named = _named(page, node, entry.key, found, _COVER_KEYS) if found else None
    if named is None:
        return None
    if sum(name in node.entries for name in _COVER_KEYS) > 1:
        what = f"two photos for one {entry.key.text}"
        page.complain("LRP203", what, node, why=f"It must have one of {listed(_COVER_KEYS)}.")
        return None
    kind, named_as = named
    return Declared(PhotoRef(kind=kind, value=named_as.value), named_as.span)


def string_mistake(text: str) -> Mistake | None:
    """What is wrong with a string member, if anything."""
    if "/" in text:
        wrong = read_value(FilePath(), text)
        if not isinstance(wrong, Mistake):
            return None
    else:
        maybe = text_mistake(text, longest=PATH_CHARACTERS_MAX)
        if maybe is None:
            return None
        wrong = maybe
    return Mistake(wrong.why, wrong.hint, what=f"{quoted(text)} is not a photo")


def _at_once(texts: tuple[str, ...], folder: str) -> _Columns | None:
    """The columns of a list of strings without a fault, found in a few passes of C; None where there may be one."""
    lengths = set(map(len, texts))
    every = "".join(texts)
    if 0 in lengths or max(lengths, default=0) > PATH_CHARACTERS_MAX or "://" in every:
        return None
    if not every.isprintable() and CONTROL.search(every):  # the first look is three times as fast, and enough as a rule
        return None
    if (" " in every or not every.isascii()) and not all(map(str.strip, texts)):
        return None
    count = len(texts)
    if "/" in every:
        return _of_one_folder(texts, folder, len(every)) or _with_paths(texts, folder)
    if lengths == {_ID_DIGITS} and _SMALL_HEX.fullmatch(every):
        return _Columns(kinds=(RefKind.ID,) * count, values=texts)
    if lengths == {_SHA256_DIGITS} and _SMALL_HEX.fullmatch(every):
        return _Columns(kinds=(RefKind.SHA256,) * count, values=texts)
    if lengths & {_ID_DIGITS, _SHA256_DIGITS}:
        return _with_paths(texts, folder)
    return _Columns(kinds=(RefKind.NAME,) * count, values=texts)


def _of_one_folder(texts: tuple[str, ...], folder: str, size: int) -> _Columns | None:
    """Paths that differ in the name of the file alone, as nearly all lists of uploads do; None for any other list."""
    head = texts[0][: texts[0].rfind("/") + 1]
    names = [text.removeprefix(head) for text in texts]
    joined = "".join(names)
    if len(joined) + len(head) * len(texts) != size or "/" in joined or not _NO_FILE.isdisjoint(names):
        return None
    found = from_project(f"{head}x", folder)[:-1]
    return _Columns(kinds=(RefKind.UPLOAD,) * len(texts), values=tuple([found + name for name in names]))


def _with_paths(texts: tuple[str, ...], folder: str) -> _Columns | None:
    """Strings of all kinds. Paths of one folder share its normal form, as finding that costs more than all the rest."""
    kinds: list[RefKind] = []
    values: list[str] = []
    folders: dict[str, str] = {}
    for text in texts:
        head, slash, name = text.rpartition("/")
        if not slash:
            kind, value = reference_parts(text, folder)
        elif name in _NO_FILE:
            return None
        else:
            kind = RefKind.UPLOAD
            if head not in folders:
                folders[head] = from_project(f"{head}/x", folder)[:-1]
            value = folders[head] + name
        kinds.append(kind)
        values.append(value)
    return _Columns(kinds=tuple(kinds), values=tuple(values))


def _each(page: Page, node: SequenceNode) -> _Columns:
    """Read item by item."""
    folder = dirname(page.file)
    kinds: list[RefKind] = []
    values: list[str] = []
    places: dict[int, SourceSpan] = {}
    extras: dict[int, MemberExtra] = {}
    bad: set[int] = set()
    others = node.others
    for index, text in enumerate(node.texts):
        if index in others:
            item = _other(page, others[index])
            if item is None:
                kind, value = RefKind.NAME, ""
                bad.add(index)
            else:
                (kind, named), extra = item
                value, places[index] = named.value, named.span
                if extra is not None:
                    extras[index] = extra
        else:
            wrong = string_mistake(text)
            if wrong is not None:
                at = Scalar(text, node.lines[index], node.columns[index], max(1, len(text)))
                page.complain(wrong.code, wrong.what, at, why=wrong.why, hint=wrong.hint)
                bad.add(index)
            kind, value = reference_parts(text, folder) if text else (RefKind.NAME, "")
        kinds.append(kind)
        values.append(value)
    return _Columns(kinds=tuple(kinds), values=tuple(values), places=places, extras=extras, bad=frozenset(bad))


def _widths(columns: _Columns, node: SequenceNode) -> "array[int]":
    """What each item takes in the file, where paths make it another length than that of its value."""
    if {RefKind.UPLOAD, RefKind.LIST, RefKind.SELECT}.isdisjoint(columns.kinds):
        return array("I")
    widths = array("I", map(len, node.texts))
    for index, place in columns.places.items():
        widths[index] = place.width
    return widths


def _other(page: Page, node: Node) -> tuple[_Named, MemberExtra | None] | None:
    match node:
        case Broken():
            return None
        case MappingNode():
            return _mapping(page, node)
        case _:
            what = "a member is empty" if isinstance(node, Scalar) else "a list in a list of members"
            why = "A member is a photo: a file name, or a mapping such as {id: …}."
            page.complain("LRP203", what, node, why=why)
            return None


def _mapping(page: Page, node: MappingNode) -> tuple[_Named, MemberExtra | None] | None:
    first = next((entry.key for entry in node.entries.values()), Scalar("", node.line, node.column))
    said_before = len(page.said)
    found = read_fields(page, "member", first, node)
    selecting = found.inner("select") if found else None
    select = None
    if found is not None and selecting is not None:
        select, text = read_select(page, node, selecting)
        named: _Named | None = (RefKind.SELECT, Declared(text, selecting.span))
    else:
        named = _named(page, node, first, found, _KIND_KEYS) if found else None
    if named is None or found is None:
        return None
    kind, _ = named
    written = [name for name in _KIND_KEYS if name in node.entries]
    extra_sha256 = None
    if kind is RefKind.UPLOAD and written == [RefKind.SHA256.value, RefKind.UPLOAD.value]:
        declared = found.get("sha256", str)
        extra_sha256 = declared.value if declared is not None else None
    elif len(written) > 1:
        why = f"A member has one of {listed(_KIND_KEYS)}; only sha256 may stand beside upload."
        page.complain("LRP203", f"{listed(written, 'and')} in one member", node.entries[written[1]].key, why=why)
    for name in _OF_ONE_PHOTO:
        if kind in _MANY and name in node.entries:
            why = f"A {_MANY[kind]} stands for many photos; {name} belongs to one."
            page.complain("LRP203", f"{name} beside a {_MANY[kind]}", node.entries[name].key, why=why)
    xmp, copy_from = _settings(page, node, found)
    if len(page.said) > said_before:
        return None
    info_of = found.inner("publishInfo")
    info = _member_info(info_of) if info_of is not None else None
    extra = MemberExtra(info=info, sha256=extra_sha256, xmp=xmp, copy_from=copy_from, select=select)
    return named, extra if extra != _SAYS_NO_MORE else None


def _settings(page: Page, node: MappingNode, found: Found) -> tuple[Declared[str] | None, Declared[PhotoRef] | None]:
    """The develop settings of a member: a file, or the photo that they are copied from."""
    written, develop = found.get("xmp", str), found.inner("develop")
    copied = develop.nodes.get("copyFrom") if develop is not None else None
    copy_from = read_photo(page, copied) if copied is not None else None
    if "xmp" in node.entries and "develop" in node.entries:
        why = "The settings come from a file or from another photo, not from both."
        page.complain("LRP203", "xmp and develop in one member", node.entries["develop"].key, why=why)
    if written is None:
        return None, copy_from
    return Declared(from_project(written.value, dirname(page.file)), written.span), copy_from


def _named(page: Page, node: MappingNode, holder: Scalar, found: Found, keys: tuple[str, ...]) -> _Named | None:
    """The photo that a mapping names. An upload comes before the sha256 that may stand beside it."""
    if not any(name in node.entries for name in keys):
        why = f"It must have one of {listed(keys)}, to say which photo it is."
        page.complain("LRP209", "no photo named", holder, why=why)
        return None
    for kind in (RefKind.UPLOAD, RefKind.NAME, RefKind.ID, RefKind.SHA256, RefKind.LIST):
        declared = found.get(kind.value, str)
        if declared is not None:
            if kind in (RefKind.UPLOAD, RefKind.LIST):
                return kind, Declared(from_project(declared.value, dirname(page.file)), declared.span)
            return kind, declared
    return None


def _member_info(found: Found) -> MemberInfo:
    remote_id, payload = found.get("remoteId", str), found.get("servicePayload", str)
    return MemberInfo(
        remote_id=remote_id.value if remote_id is not None else None,
        service_payload=payload.value if payload is not None else None,
    )


def _complain_of_repeats(page: Page, members: Members, bad: frozenset[int]) -> None:
    count = Counter(zip(members.kinds, members.values, strict=True))
    first: dict[tuple[RefKind, str], int] = {}
    for index, named in enumerate(zip(members.kinds, members.values, strict=True)):
        if count[named] == 1 or index in bad or named[0] is RefKind.SELECT:  # what two selects find stands there once
            continue
        if named not in first:
            first[named] = index
            continue
        kind, value = named
        what = "list file" if kind is RefKind.LIST else "photo"
        page.complain(
            "LRP210",
            f"{what} {quoted(value)} named twice",
            Scalar(value, members.lines[index], members.columns[index], members.span_of(index).width),
            why=f"It stands already at {members.span_of(first[named])}, and has one place in an album.",
            hint="keep one of them",
        )

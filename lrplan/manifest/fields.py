"""
A mapping of a manifest held against its table: values of the right type, and a complaint for everything else.

The table says what each key is; this module says it to the user. What several keys mean together is for the modules
that make entries. A value that could not be read is simply missing from the result, so that the rest of the file is
checked all the same.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from attrs import field, frozen

from lrplan.diagnostics import Diagnostic, SourceSpan, error
from lrplan.manifest.bounds import KEY_DESCRIBED
from lrplan.manifest.entries import Declared
from lrplan.manifest.schema import TABLES
from lrplan.manifest.table import Key, Table, Where
from lrplan.manifest.tree import Broken, Entry, MappingNode, Node, Scalar, SequenceNode
from lrplan.manifest.value_types import (
    Fields,
    FormatVersion,
    Keyed,
    Link,
    MemberList,
    Photo,
    Records,
    TextList,
    WordList,
)
from lrplan.manifest.values import Mistake, read_value, text_mistake
from lrplan.manifest.wording import Suggestions, listed, quoted
from lrplan.model.address import KEY_PATTERN

T = TypeVar("T")
_KEY = re.compile(KEY_PATTERN)


@frozen
class Page:
    """The file that is being read, and what there is to say about it so far."""

    file: str
    said: list[Diagnostic] = field(factory=list)
    _suggestions: dict[tuple[str, ...], Suggestions] = field(factory=dict)

    def span(self, node: Node) -> SourceSpan:
        """Where *node* stands."""
        return SourceSpan(file=self.file, line=node.line, column=node.column, width=node.width)

    def complain(self, code: str, what: str, node: Node, *, why: str = "", hint: str = "") -> None:
        """Add an error about *node*."""
        self.said.append(error(code, what, span=self.span(node), why=why, hint=hint))

    def nearest(self, wrong: str, known: tuple[str, ...]) -> str:
        """A hint that names the one of *known* nearest to *wrong*; one search a word, and not without end."""
        return self._suggestions.setdefault(known, Suggestions(known)).hint(wrong)


@frozen(kw_only=True)
class Found:
    """The keys of one mapping that could be read.

    Attributes:
        span: Of the key that holds the mapping.
        values: By key, a `Declared` value, or a `Found` for a mapping inside.
        nodes: By key, what the module that makes entries reads itself: photos, member lists, sets and albums.
    """

    span: SourceSpan
    values: Mapping[str, Any]
    nodes: Mapping[str, Entry]

    def get(self, name: str, kind: type[T]) -> Declared[T] | None:
        """The value of the key *name*, which the table says is of this *kind*; None where it was not written."""
        found: Declared[T] | None = self.values.get(name)
        if found is not None and not isinstance(found.value, kind):
            raise TypeError(f"the table gives {name} another type than {kind.__name__}")
        return found

    def inner(self, name: str) -> "Found | None":
        """The mapping at the key *name*; None where it was not written."""
        found = self.values.get(name)
        return found if isinstance(found, Found) else None


def read_fields(page: Page, table_name: str, holder: Scalar, node: Node, where: Where = Where.BOTH) -> Found | None:
    """Hold the mapping *node* against a table. *holder* is the key that holds it, for places.

    Returns:
        None when it is no mapping; the complaint is on the page.
    """
    table = TABLES[table_name]
    if not isinstance(node, MappingNode):
        wrong_shape(page, node, holder, f"It must be a mapping with keys such as {table.keys[0].name}.")
        return None
    values: dict[str, Any] = {}
    nodes: dict[str, Entry] = {}
    for name, entry in node.entries.items():
        key = table.get(name)
        if key is None or (where is Where.BOTH and key.where is Where.PROJECT):
            _unknown(page, table, entry.key, where, misplaced=key is not None)
        elif isinstance(key.type, Photo | MemberList | Keyed | Records | WordList):
            nodes[name] = entry
        elif isinstance(key.type, Fields):
            values[name] = read_fields(page, key.type.table, entry.key, entry.value)
        elif isinstance(key.type, Link):
            values[name] = _link(page, key, entry)
        elif isinstance(key.type, TextList):
            values[name] = _texts(page, key.type, entry)
        else:
            values[name] = _scalar(page, key, entry)
    for key in table.keys:
        if key.required and key.name not in node.entries and not (where is Where.BOTH and key.where is Where.PROJECT):
            _missing(page, table, key, holder, where)
    return Found(
        span=page.span(holder),
        values={name: value for name, value in values.items() if value is not None},
        nodes=nodes,
    )


def read_keyed(page: Page, entry: Entry) -> Iterator[Entry]:
    """The entries of `sets` or `albums` whose keys are good; an entry of which nothing is said counts as `{}`."""
    node = entry.value
    if not isinstance(node, MappingNode):
        wrong_shape(page, node, entry.key, "It must be a mapping from keys to what they stand for.")
        return
    for name, inner in node.entries.items():
        if _KEY.fullmatch(name):
            yield inner
        else:
            better = re.sub("[^a-z0-9._-]+", "-", name.casefold()).strip("-._")[:80]
            hint = f'write {better}, and name: "…" for what Lightroom shows' if _KEY.fullmatch(better) else ""
            page.complain(
                "LRP203", f"{quoted(name)} is not a key", inner.key, why=f"A key has {KEY_DESCRIBED}.", hint=hint
            )


def read_records(page: Page, table_name: str, entry: Entry) -> Iterator[Found]:
    """The mappings of a list, each held against a table."""
    node = entry.value
    if not isinstance(node, SequenceNode):
        wrong_shape(page, node, entry.key, "It must be a list of mappings.")
        return
    for index, text in enumerate(node.texts):
        item = node.others.get(index, Scalar(text, node.lines[index], node.columns[index], max(1, len(text))))
        if isinstance(item, MappingNode):
            found = read_fields(page, table_name, Scalar(entry.key.text, item.line, item.column), item)
            if found is not None:
                yield found
        elif not isinstance(item, Broken):
            why = f"It must be a mapping with keys such as {TABLES[table_name].keys[0].name}."
            page.complain("LRP203", f"wrong entry in {quoted(entry.key.text)}", item, why=why)


def read_words(page: Page, kind: WordList, entry: Entry) -> tuple[Declared[str], ...]:
    """The words of a list that are good, each once."""
    node, name = entry.value, quoted(entry.key.text)
    if not isinstance(node, SequenceNode):
        wrong_shape(page, node, entry.key, "It must be a list.")
        return ()
    words: dict[str, Declared[str]] = {}
    for index, text in enumerate(node.texts):
        item = node.others.get(index, Scalar(text, node.lines[index], node.columns[index], max(1, len(text))))
        value = read_value(kind.word, text) if isinstance(item, Scalar) and not item.is_null else None
        if isinstance(item, Broken):
            continue
        if not isinstance(value, str):
            page.complain("LRP203", f"wrong entry in {name}", item, why=f"It must be {kind.word.described}.")
        elif value in words:
            page.complain("LRP203", f"entry repeated in {name}", item, why=f"{quoted(value)} stands there already.")
        else:
            words[value] = Declared(value, page.span(item))
    return tuple(words.values())


def wrong_shape(page: Page, node: Node, key: Scalar, why: str) -> None:
    """Complain that *node*, the value of *key*, is of another shape than *why* says."""
    match node:
        case Broken():
            pass
        case Scalar(is_null=True):
            page.complain(
                "LRP203",
                f"{quoted(key.text)} has no value",
                key,
                why=f"{why} A key that is left out stays as it is in the catalog; an empty value has no meaning.",
                hint="write a value, or delete the key",
            )
        case Scalar():
            page.complain("LRP203", f"{quoted(key.text)} is a text", node, why=why)
        case SequenceNode():
            page.complain("LRP203", f"{quoted(key.text)} is a list", node, why=why)
        case MappingNode():
            page.complain("LRP203", f"{quoted(key.text)} is a mapping", node, why=why)


def _scalar(page: Page, key: Key, entry: Entry) -> Declared[Any] | None:
    node = entry.value
    if not isinstance(node, Scalar) or node.is_null:
        wrong_shape(page, node, entry.key, f"It must be a text, such as {key.example}.")
        return None
    assert not isinstance(key.type, Fields | Keyed | Records | Link | MemberList | Photo | TextList | WordList)
    value = read_value(key.type, node.text)
    if isinstance(value, Mistake):
        what = value.what or f"wrong value for {quoted(key.name)}: {quoted(node.text)}"
        page.complain(value.code, what, node, why=value.why, hint=value.hint)
        return None
    return Declared(value, page.span(node))


def _link(page: Page, key: Key, entry: Entry) -> Declared[Any] | None:
    href = TABLES["link"].keys[0]
    if isinstance(entry.value, MappingNode):
        found = read_fields(page, "link", entry.key, entry.value)
        return found.get(href.name, str) if found is not None else None
    return _scalar(page, Key(key.name, href.type, key.doc, key.example), entry)


def _texts(page: Page, kind: TextList, entry: Entry) -> Declared[tuple[str, ...]] | None:
    node, before = entry.value, len(page.said)
    if not isinstance(node, SequenceNode):
        wrong_shape(page, node, entry.key, "It must be a list of texts, such as [./token.sh, studio].")
        return None
    if not 1 <= len(node.texts) <= kind.most:
        why = f"It must have 1 to {kind.most} entries; this has {len(node.texts):,}."
        page.complain("LRP203", f"wrong value for {quoted(entry.key.text)}", node, why=why)
        return None
    for index, text in enumerate(node.texts):
        other = node.others.get(index)
        if other is not None and not isinstance(other, Broken):
            page.complain("LRP203", f"wrong entry in {quoted(entry.key.text)}", other, why="It must be a text.")
        wrong = text_mistake(text, shortest=0 if index else 1, longest=kind.longest, many_lines=True)
        if other is None and wrong is not None:
            place = Scalar(text, node.lines[index], node.columns[index])
            what = f"wrong entry in {quoted(entry.key.text)}"
            page.complain("LRP203", what, place, why=wrong.why, hint=wrong.hint)
    is_whole = len(page.said) == before and not node.others
    return Declared(tuple(node.texts), page.span(entry.key)) if is_whole else None


def _unknown(page: Page, table: Table, key: Scalar, where: Where, *, misplaced: bool) -> None:
    name = quoted(key.text)
    if misplaced:
        why = "This key belongs to the project as a whole."
        page.complain("LRP201", f"key {name} in a manifest", key, why=why, hint="move it to lrplan.yaml")
        return
    known = tuple(row.name for row in table.keys if where is Where.PROJECT or row.where is Where.BOTH)
    page.complain(
        "LRP201",
        f"unknown key {name}",
        key,
        why=f"{_subject(table, where)} can have {listed(known, 'and')}.",
        hint=page.nearest(key.text, known),
    )


def _subject(table: Table, where: Where) -> str:
    """The beginning of a sentence about what *table* describes."""
    return where.value if where is Where.PROJECT else f"{table.noun[0].upper()}{table.noun[1:]}"


def _missing(page: Page, table: Table, key: Key, holder: Scalar, where: Where) -> None:
    # At the top level the holder is the file itself, at line 0.
    if isinstance(key.type, FormatVersion):
        why = "The first thing a file says is the version of its format."
        page.complain("LRP105", "no format version", holder, why=why, hint=f"write {key.name}: {key.example}")
    else:
        why = f"{_subject(table, where)} needs it. {key.doc}"
        hint = f"write {key.name}: {key.example}"
        page.complain("LRP209", f"required key {quoted(key.name)} missing", holder, why=why, hint=hint)

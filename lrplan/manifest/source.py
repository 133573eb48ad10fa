"""
From the bytes of a YAML file to a tree of text with places.

The events of ruamel.yaml's C parser go straight into compact nodes. The composer and the constructor of the library
are never used: they would guess types (`no` a boolean, `0123` a number), resolve tags, follow merge keys and expand
aliases without a bound, and they take ten times as long. What a text means is for the table in `schema` to say.

The surprising case: the parser counts a next-line character (U+0085) and the Unicode line and paragraph separators as
line breaks, as YAML 1.1 has it; `diagnostics.text` counts in the same way, so that places and excerpts agree.

Source: marks and errors as seen with ruamel.yaml.clib 0.2.15: lines and columns from 0, columns in characters (not
bytes, not UTF-16 units), a byte order mark not counted.
"""

import re
from array import array
from collections.abc import Callable
from typing import Any

from attrs import define, field
from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]  # re-exported from the C module without a stub
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from lrplan.diagnostics import Diagnostic, SourceSpan, error
from lrplan.manifest.entries import SourceText
from lrplan.manifest.tree import Broken, Entry, MappingNode, Node, Scalar, SequenceNode, extent, moved
from lrplan.manifest.wording import quoted

DEPTH_MAX = 20  # a member's publishInfo is 7 levels deep
ALIAS_NODES_MAX = 100_000  # nodes that the aliases of one file may repeat; a few large lists, written once

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_NULL_LENGTH_MAX = 4
_SCALAR_TAGS = frozenset(("!", "tag:yaml.org,2002:str"))
_MAPPING_TAGS = frozenset(("!", "tag:yaml.org,2002:map"))
_SEQUENCE_TAGS = frozenset(("!", "tag:yaml.org,2002:seq"))
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # YAML 1.1 §4.2, what the parser counts
_UNACCEPTED = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # YAML 1.1 §4.1
_HINTS = (
    ("tab character", "indent with spaces"),
    ("cannot start any token", "put the text in quotes; and indent with spaces, not with tabs"),
    ("mapping values are not allowed", 'put a text that holds ": " in quotes, and check the indentation'),
    ("found unexpected ':'", 'inside of { } and [ ], put a text that holds ":" in quotes'),
    ("did not find expected key", "check the indentation of this line and the one before"),
    ("could not find expected ':'", 'write "key: value", and check the indentation'),
    ("unexpected end of stream", "close the quote"),
    ("did not find expected ',' or", "close the bracket, or put a comma between the items"),
)


def read_tree(source: SourceText) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """Read one file into a tree.

    Returns:
        The tree, None for a file that holds nothing or that is not YAML at all, and what is wrong with it as YAML. With
        complaints a tree may still come back; it holds a `Broken` at each place that cannot be read.
    """
    file = source.file
    try:
        text = source.content.decode("utf-8")
    except UnicodeDecodeError as problem:
        return None, (_not_utf8(file, source.content, problem),)
    builder = _Builder(file, CParser(source.content).get_event)
    try:
        root = builder.document()
    except _StopError as stop:
        return None, (*builder.said, stop.diagnostic)
    except MarkedYAMLError as problem:
        return None, (_syntax(file, text, problem),)
    except YAMLError:
        return None, (_unaccepted(file, text),)
    return root, tuple(builder.said)


class _StopError(Exception):
    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.what)
        self.diagnostic = diagnostic


@define
class _Builder:
    """The state of one pass over the events of one file."""

    file: str
    next_event: Callable[[], Any]
    said: list[Diagnostic] = field(factory=list)
    depth: int = 0
    repeated: int = 0
    anchors: dict[str, Node] = field(factory=dict)
    open_anchors: set[str] = field(factory=set)

    def document(self) -> Node | None:
        """Read the one document of the file; None when there is none."""
        root: Node | None = None
        seen = False
        while True:
            event = self.next_event()
            kind = type(event)
            if kind is StreamEndEvent:
                return root
            if kind is DocumentStartEvent:
                self._check_document(event, again=seen)
                seen = True
                root = self.node(self.next_event())

    def _check_document(self, event: Any, *, again: bool) -> None:
        if again:
            self._stop(event, "several documents in one file", "A file holds one document.", "delete this `---`")
        if event.version or event.tags:
            self._stop(event, "YAML directive", "Lines that start with % have no meaning here.", "delete the line")

    def node(self, event: Any) -> Node:
        """Read the node that starts with *event*."""
        kind = type(event)
        if kind is ScalarEvent:
            node: Node = self._scalar(event)
        elif kind is AliasEvent:
            return self._alias(event)
        else:
            anchor = event.anchor
            if anchor is not None:
                self.anchors.pop(anchor, None)
                self.open_anchors.add(anchor)
            self.depth += 1
            if self.depth > DEPTH_MAX:
                self._stop(
                    event,
                    "nested too deep",
                    f"No key of a manifest is deeper than {DEPTH_MAX} levels.",
                    "check the brackets",
                )
            node = self._mapping(event) if kind is MappingStartEvent else self._sequence(event)
            self.depth -= 1
            self.open_anchors.discard(anchor)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def _scalar(self, event: Any) -> Scalar | Broken:
        start, end = event.start_mark, event.end_mark
        width = max(1, end.column - start.column) if end.line == start.line else 1
        line, column = start.line + 1, start.column + 1
        if event.ctag is not None and not self._accepts_tag(event, _SCALAR_TAGS):
            return Broken(line, column, width)
        is_null = event.value in _NULLS and not event.style and event.ctag is None
        return Scalar(event.value, line, column, width, is_null)

    def _sequence(self, start: Any) -> Node:
        texts: list[str] = []
        marks: list[Any] = []
        others: dict[int, Node] = {}
        next_event, add_text, add_mark = self.next_event, texts.append, marks.append
        scalar, null_length_max = ScalarEvent, _NULL_LENGTH_MAX  # locals, as this loop runs a million times
        while True:
            event = next_event()
            kind = type(event)
            if kind is SequenceEndEvent:
                break
            add_mark(event.start_mark)
            # The short way of the million: a text without tag or anchor that is no null makes no object.
            if kind is scalar and event.ctag is None and event.anchor is None:
                text = event.value
                if len(text) > null_length_max or text not in _NULLS or event.style:
                    add_text(text)
                    continue
            node = self.node(event)
            if isinstance(node, Scalar) and not node.is_null:
                add_text(node.text)
            else:
                add_text("")
                others[len(texts) - 1] = node
        mark = start.start_mark
        if start.ctag is not None and not self._accepts_tag(start, _SEQUENCE_TAGS):
            return Broken(mark.line + 1, mark.column + 1)
        lines, columns = array("L", [at.line + 1 for at in marks]), array("L", [at.column + 1 for at in marks])
        return SequenceNode(tuple(texts), lines, columns, others, mark.line + 1, mark.column + 1)

    def _mapping(self, start: Any) -> Node:
        entries: dict[str, Entry] = {}
        while True:
            event = self.next_event()
            if type(event) is MappingEndEvent:
                break
            key = self.node(event)
            value = self.node(self.next_event())
            self._add_entry(entries, key, value, is_merge=getattr(event, "style", None) == "")
        mark = start.start_mark
        if start.ctag is not None and not self._accepts_tag(start, _MAPPING_TAGS):
            return Broken(mark.line + 1, mark.column + 1)
        return MappingNode(entries, mark.line + 1, mark.column + 1)

    def _add_entry(self, entries: dict[str, Entry], key: Node, value: Node, *, is_merge: bool) -> None:
        if isinstance(key, Broken):
            return
        span = self._span(key)
        if not isinstance(key, Scalar) or key.is_null:
            self.said.append(error("LRP203", "key is not a text", span=span, why="A key is one word before a colon."))
        elif key.text == "<<" and is_merge:
            self.said.append(
                error(
                    "LRP104",
                    "merge key",
                    span=span,
                    why="`<<` would make it hard to see what an entry says, and is not accepted.",
                    hint="write the keys out",
                )
            )
        elif key.text in entries:
            first = entries[key.text].key
            self.said.append(
                error(
                    "LRP202",
                    f"duplicate key {quoted(key.text)}",
                    span=span,
                    why=f"The key stands already at {self._span(first)}.",
                    hint="keep one of them",
                )
            )
        else:
            entries[key.text] = Entry(key, value)

    def _alias(self, event: Any) -> Node:
        start, end = event.start_mark, event.end_mark
        place = (start.line + 1, start.column + 1, max(1, end.column - start.column))
        target = self.anchors.get(event.anchor)
        if target is None:
            self._complain_alias(event.anchor, Broken(*place))
            return Broken(*place)
        nodes, levels = extent(target)
        self.repeated += nodes
        if self.repeated > ALIAS_NODES_MAX or self.depth + levels > DEPTH_MAX:
            why = f"The aliases of one file may repeat {ALIAS_NODES_MAX:,} entries, {DEPTH_MAX} levels deep."
            self._stop(event, "aliases that multiply", why, "write the entries out, or use a list file")
        return moved(target, *place)

    def _complain_alias(self, name: str, at: Broken) -> None:
        if name in self.open_anchors:
            why = "It stands inside of what it repeats, and would never end."
            self.said.append(
                error("LRP104", f"alias {quoted('*' + name)} repeats itself", span=self._span(at), why=why)
            )
        else:
            why = f"No anchor {quoted('&' + name)} stands before it in this file."
            hint = "put a text that starts with * in quotes"
            self.said.append(
                error("LRP103", f"unknown alias {quoted('*' + name)}", span=self._span(at), why=why, hint=hint)
            )

    def _accepts_tag(self, event: Any, accepted: frozenset[str]) -> bool:
        tag = str(event.ctag)
        if tag in accepted:
            return True
        mark = event.start_mark
        shown = tag.replace("tag:yaml.org,2002:", "!!")
        self.said.append(
            error(
                "LRP104",
                f"unknown tag {quoted(shown)}",
                span=self._span(Broken(mark.line + 1, mark.column + 1, max(1, len(shown)))),
                why="What a text means follows from its key; tags have no meaning in a manifest.",
                hint="delete the tag, or put a text that starts with ! in quotes",
            )
        )
        return False

    def _stop(self, event: Any, what: str, why: str, hint: str) -> None:
        mark = event.start_mark
        span = SourceSpan(file=self.file, line=mark.line + 1, column=mark.column + 1)
        raise _StopError(error("LRP104", what, span=span, why=why, hint=hint))

    def _span(self, node: Node) -> SourceSpan:
        return SourceSpan(file=self.file, line=node.line, column=node.column, width=node.width)


def _not_utf8(file: str, content: bytes, problem: UnicodeDecodeError) -> Diagnostic:
    line, column = _place(content[: problem.start].decode("utf-8"))
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    return error(
        "LRP102",
        "not UTF-8",
        span=SourceSpan(file=file, line=line, column=column),
        why="The file is UTF-16." if wide else f"Byte 0x{content[problem.start]:02x} cannot stand here in UTF-8.",
        hint="save the file as UTF-8",
    )


def _syntax(file: str, text: str, problem: MarkedYAMLError) -> Diagnostic:
    mark = problem.problem_mark or problem.context_mark
    what = str(problem.problem or problem.context or "not valid YAML")
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    end_line, end_column = _place(text.rstrip())
    if (line, column) > (end_line, end_column):
        line, column = end_line, end_column
    why = "This is not valid YAML"
    context_mark = problem.context_mark
    if problem.context and context_mark is not None and context_mark.line + 1 != line:
        why += f" ({problem.context}, which started at line {context_mark.line + 1})"
    hint = next((hint for part, hint in _HINTS if part in what), "")
    return error("LRP103", what, span=SourceSpan(file=file, line=line, column=column), why=why + ".", hint=hint)


def _unaccepted(file: str, text: str) -> Diagnostic:
    found = _UNACCEPTED.search(text)
    line, column = _place(text[: found.start()] if found else "")
    character = f"U+{ord(found.group()):04X}" if found else "of an unknown kind"
    return error(
        "LRP103",
        f"character {character} is not allowed",
        span=SourceSpan(file=file, line=line, column=column),
        why="YAML allows no control characters.",
        hint="delete it; inside double quotes it can be written as an escape",
    )


def _place(before: str) -> tuple[int, int]:
    """Line and column, from 1, of the character that follows the text *before*."""
    lines = _LINE_BREAK.split(before.removeprefix("\ufeff"))
    return len(lines), len(lines[-1]) + 1

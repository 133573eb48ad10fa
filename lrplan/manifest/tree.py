"""
A YAML file as a tree of text with places: what `source` makes and the readers of this package take apart.

Nothing here has a type beyond text; what a text means is decided by the table in `schema`. Most of a large project is
lists of plain strings, so a sequence keeps these in columns, and only its other items are nodes.
"""

from array import array
from collections.abc import Mapping

from attrs import frozen


@frozen
class Scalar:
    """A text. *width* is what it takes in the file, quotes included; *is_null* for `null`, `~` and nothing at all."""

    text: str
    line: int
    column: int
    width: int = 1
    is_null: bool = False


@frozen
class Entry:
    """A key of a mapping and its value."""

    key: Scalar
    value: "Node"


@frozen
class MappingNode:
    """Keys and values in the order of the file. Keys are unique: `source` has complained about the others."""

    entries: Mapping[str, Entry]
    line: int
    column: int
    width: int = 1


@frozen
class SequenceNode:
    """A list, in columns of equal length.

    Attributes:
        texts: The text of each item; "" where the item is in *others*.
        lines, columns: Where each item stands, from 1.
        others: By position, the items that are not simply a text: mappings, lists, nulls.
    """

    texts: tuple[str, ...]
    lines: "array[int]"
    columns: "array[int]"
    others: Mapping[int, "Node"]
    line: int
    column: int
    width: int = 1


@frozen
class Broken:
    """A place about which `source` has complained already; readers pass over it in silence."""

    line: int
    column: int
    width: int = 1


Node = Scalar | MappingNode | SequenceNode | Broken


def moved(node: Node, line: int, column: int, width: int) -> Node:
    """A copy of *node* that stands, with all it holds, where its alias was written."""
    match node:
        case Scalar():
            return Scalar(node.text, line, column, width, node.is_null)
        case MappingNode():
            entries = {
                name: Entry(
                    Scalar(entry.key.text, line, column, width, entry.key.is_null),
                    moved(entry.value, line, column, width),
                )
                for name, entry in node.entries.items()
            }
            return MappingNode(entries, line, column, width)
        case SequenceNode():
            count = len(node.texts)
            others = {index: moved(other, line, column, width) for index, other in node.others.items()}
            lines, columns = array("L", [line]) * count, array("L", [column]) * count
            return SequenceNode(node.texts, lines, columns, others, line, column, width)
        case Broken():
            return Broken(line, column, width)


def extent(node: Node) -> tuple[int, int]:
    """How many nodes *node* holds, itself included, and how many levels deep it is (a scalar: 1 and 0)."""
    if isinstance(node, MappingNode):
        inner = [extent(entry.value) for entry in node.entries.values()]
        texts = len(inner)
    elif isinstance(node, SequenceNode):
        inner = [extent(other) for other in node.others.values()]
        texts = len(node.texts) - len(inner)
    else:
        return 1, 0
    return 1 + texts + sum(nodes for nodes, _ in inner), 1 + max((depth for _, depth in inner), default=0)

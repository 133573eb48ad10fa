"""
A small edit of a manifest, as a person would make it: one photo out, one moved, another cover.

It works on the lines, so that comments and layout stay and the difference reads well.

The surprising case: an album of one or two photos has none to spare; it gets another name instead.
"""

import difflib
import re
from collections.abc import Iterator

from attrs import frozen

_MEMBER = re.compile(r"\s+- (?P<member>[^{\[].*?)\s*$")
_SPARED_MIN = 3  # photos; below that none is taken out


@frozen(kw_only=True)
class _List:
    """The members of one album: the indexes of their lines, and of the line that says the cover."""

    members: tuple[int, ...]
    cover: int | None
    name: int | None


def edited(text: str) -> str:
    """*text* with the longest list of members changed a little."""
    lines = text.splitlines(keepends=True)
    found = max(_lists(lines), key=lambda one: len(one.members), default=None)
    if found is None:
        return text
    count = len(found.members)
    if found.name is not None and count < _SPARED_MIN:
        lines[found.name] = lines[found.name].rstrip("\n") + " 2026\n"
        return "".join(lines)
    members = [lines[index] for index in found.members]
    if found.cover is not None:
        old = lines[found.cover].partition(":")[2].strip()
        others = [member for member in map(_named, members) if member != old]
        lines[found.cover] = lines[found.cover].replace(old, others[len(others) // 3])
        kept = {old, others[len(others) // 3]}
    else:
        kept = set()
    candidates = (*range(count // 2, count), *range(count // 2))
    spare = next(index for index in candidates if _named(members[index]) not in kept)
    last = count - 2 if spare == count - 1 else count - 1
    moved, gone = found.members[last], found.members[spare]
    order = [index for index in range(len(lines)) if index not in (moved, gone)]
    order.insert(order.index(next(index for index in found.members if index not in (moved, gone))), moved)
    return "".join(lines[index] for index in order)


def difference(before: str, after: str, file: str) -> tuple[str, ...]:
    """What an edit changed, in the lines of a unified diff with one line around each place."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), file, file, lineterm="", n=1)
    return tuple(line for line in lines if line.strip() and not line.startswith(("---", "+++")))


def _lists(lines: list[str]) -> Iterator[_List]:
    cover = name = None
    for start, line in enumerate(lines):
        key = line.strip()
        if key.startswith("cover:"):
            cover = start
        elif key.startswith("name:"):
            cover, name = None, start
        elif key == "members:":
            yield _List(members=tuple(_members(lines, start + 1)), cover=cover, name=name)


def _members(lines: list[str], start: int) -> Iterator[int]:
    for index in range(start, len(lines)):
        if _MEMBER.match(lines[index]):
            yield index
        elif lines[index].strip() and not lines[index].strip().startswith("#"):
            return


def _named(line: str) -> str:
    found = _MEMBER.match(line)
    return found["member"] if found else ""

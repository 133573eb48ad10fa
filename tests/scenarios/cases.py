"""Scenarios out of Markdown: a heading, a sentence, fenced blocks; and back, with the expected blocks written anew."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import frozen
from markdown_it import MarkdownIt

EXPECTED = ("drift", "rebuild", "plan", "diagnostics", "after")


@frozen(kw_only=True)
class Block:
    """A fenced block. *info* are the words behind the fence; lines count from 0, *first* is the first of the text."""

    info: str
    text: str
    first: int
    end: int

    @property
    def kind(self) -> str:
        """What the block is: `yaml manifest`, `plan`."""
        words = self.info.split()
        return " ".join(words[:2]) if words[:1] == ["yaml"] else words[0]

    @property
    def words(self) -> list[str]:
        """What stands behind the kind: a file name, options."""
        return self.info.split()[len(self.kind.split()) :]


@frozen(kw_only=True)
class Case:
    """One scenario. *says* is its opening paragraph."""

    file: Path
    title: str
    says: str
    blocks: tuple[Block, ...]

    @property
    def id(self) -> str:
        """Names the case in the test's output."""
        return f"{self.file.stem}: {self.title}"

    def all_of(self, kind: str) -> list[Block]:
        """The blocks of one kind."""
        return [block for block in self.blocks if block.kind == kind]

    def text_of(self, kind: str) -> str | None:
        """The text of the only block of this kind; None when there is none."""
        found = self.all_of(kind)
        assert len(found) <= 1, f"two blocks of {kind}"
        return found[0].text if found else None


def cases_in(file: Path) -> Iterator[Case]:
    """The cases of one file: each begins with a heading of the second level."""
    tokens = MarkdownIt().parse(file.read_text(encoding="utf-8"))
    title, says, blocks = "", "", list[Block]()
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            if title:
                yield Case(file=file, title=title, says=says, blocks=tuple(blocks))
            title, says, blocks = tokens[index + 1].content, "", []
        elif token.type == "paragraph_open" and title and not says and not blocks:
            says = tokens[index + 1].content
        elif token.type == "fence" and title:
            assert token.map is not None
            first, end = token.map
            blocks.append(Block(info=token.info.strip(), text=token.content, first=first + 1, end=end - 1))
    if title:
        yield Case(file=file, title=title, says=says, blocks=tuple(blocks))


def rewrite(case: Case, found: Mapping[str, str]) -> None:
    """Write the expected blocks of *case* anew, as they were *found*."""
    current = next(one for one in cases_in(case.file) if one.title == case.title)
    lines = case.file.read_text(encoding="utf-8").split("\n")
    for block in reversed(current.blocks):
        if block.kind in EXPECTED:
            lines[block.first : block.end] = found[block.kind].rstrip("\n").split("\n") if found[block.kind] else []
    case.file.write_text("\n".join(lines), encoding="utf-8")

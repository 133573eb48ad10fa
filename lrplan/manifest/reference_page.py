"""
The reference page of manifests, as Markdown: made from the table, so that it cannot lie.

What the table does not hold stands here: how a string names a photo, and how a file is read.
"""

from typing import assert_never

from lrplan.manifest.bounds import FORMAT_VERSION, KEY_DESCRIBED
from lrplan.manifest.schema import TABLES
from lrplan.manifest.source import ALIAS_NODES_MAX, DEPTH_MAX
from lrplan.manifest.table import Key, Table, Where
from lrplan.manifest.value_types import (
    AlbumKey,
    Boolean,
    Choice,
    Date,
    Decimal,
    Endpoint,
    EntryAddress,
    Fields,
    FilePath,
    Folder,
    FormatVersion,
    Hex,
    Instant,
    Keyed,
    KeyType,
    Link,
    MemberList,
    ParentKey,
    Photo,
    Records,
    ShareOrCount,
    Size,
    Text,
    TextList,
    Url,
    Whole,
    Word,
    WordList,
)
from lrplan.manifest.wording import listed

_HEAD = f"""\
# Manifests: every key

<!-- Generated from lrplan/manifest/schema.py; to change it, change that table. -->

A project is a folder with `lrplan.yaml` and, in its folder `manifests`, any number of manifests.
A small project needs `lrplan.yaml` only.
Editors that know JSON Schema check and complete manifests with [manifest.schema.json](manifest.schema.json): write
`# yaml-language-server: $schema=…/manifest.schema.json` as the first line.

## How a file is read

- What is not written is not managed: a key that is left out stays as it is in the catalog.
- A value is the text that is written: `name: 2024` is the name 2024, and `name: yes` is the name yes.
- A key without a value, an unknown key and a duplicate key are errors.
- Keys of sets and albums are chosen by you: {KEY_DESCRIBED}.
  A key is unique over all files; the address of an entry is `sets.KEY` or `albums.KEY`.
- Files are UTF-8 and hold one YAML document.
  Merge keys (`<<`), directives (`%YAML`) and tags are errors.
  The tags `!!str`, `!!map`, `!!seq` and `!` change nothing and are accepted on what they name.
  Anchors and aliases are accepted, up to {ALIAS_NODES_MAX:,} repeated entries a file and {DEPTH_MAX} levels.
- All mistakes of all files are reported at once, each with its place.

## How a string names a photo

| The string | stands for |
| --- | --- |
| 32 hexadecimal digits | a photo of the catalog, by its id |
| 64 hexadecimal digits | a photo of the catalog, by the SHA-256 of its original |
| anything with a `/` | a file to upload, relative to the file in which it is written |
| anything else | a photo of the catalog, by the name of its file |

A list file (`from:`) holds one such string a line; `#` at the start of a line or after a space starts a comment.
"""


def reference_page() -> str:
    """The page, with a line break at its end; `docs/reference/manifest.md` is this."""
    return "\n".join((_HEAD, *(_section(table) for table in TABLES.values())))


def _section(table: Table) -> str:
    rows = [_row(table, key) for key in table.keys]
    has_where = any(key.where is Where.PROJECT for key in table.keys)
    head = ["key", "value", "meaning", "without it", "example"]
    if has_where:
        head.insert(1, "in")
        rows = [[row[0], _where(key), *row[1:]] for row, key in zip(rows, table.keys, strict=True)]
    lines = [f"## {table.title}", "", table.doc, ""]
    lines += ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines) + "\n"


def _row(table: Table, key: Key) -> list[str]:
    absent = "an error" if key.required else key.default or table.without
    return [f"`{key.name}`", described(key.type), key.doc, absent, f"`{key.name}: {key.example}`"]


def _where(key: Key) -> str:
    return "`lrplan.yaml`" if key.where is Where.PROJECT else "both"


def described(kind: KeyType) -> str:
    """A type in a few words of Markdown."""
    match kind:
        case Text():
            return f"text, {kind.shortest} to {kind.longest:,} characters"
        case Word():
            return kind.described
        case Choice():
            return listed(f"`{option}`" for option in kind.options)
        case Boolean():
            return "`true` or `false`"
        case Whole():
            return f"whole number, {kind.least:,} to {kind.most:,}"
        case Decimal():
            return f"number, {kind.least:,} to {kind.most:,}"
        case Size():
            return f"size, {kind.least:,} to {kind.most:,} bytes, such as `20MB` or `1.5 GiB`"
        case ShareOrCount():
            return "share such as `30%`, or count"
        case Date():
            return "`2026-05-01` or `2026-05-01T10:00:00`"
        case Instant():
            return "UTC time such as `2026-05-01T10:00:00Z`"
        case Hex():
            return f"{kind.digits} hexadecimal digits"
        case Url():
            return "URL"
        case Endpoint():
            return "`sandbox`, or scheme, host and port (`https`, but for this machine itself)"
        case Folder():
            return "folder, relative to `lrplan.yaml`"
        case FilePath():
            return "file, relative to this one"
        case ParentKey():
            return "key of a set, or `/`"
        case AlbumKey():
            return "key of an album, or 32 hexadecimal digits"
        case EntryAddress():
            return "`albums.KEY` or `sets.KEY`"
        case FormatVersion():
            return f"`{FORMAT_VERSION}`"
        case Fields():
            return f"mapping, see {_link(kind.table)}"
        case Keyed():
            return f"mapping from keys, see {_link(kind.table)}"
        case Records():
            return f"list of mappings, see {_link(kind.table)}"
        case Link():
            return f"URL, or mapping, see {_link('link')}"
        case Photo():
            return f"string, or mapping, see {_link('cover')}"
        case TextList():
            return f"list of texts, 1 to {kind.most}"
        case WordList():
            return f"list of names, each {kind.word.described}"
        case MemberList():
            return f"list of strings and mappings, see {_link('member')}"
        case _:
            assert_never(kind)


def _link(table_name: str) -> str:
    title = TABLES[table_name].title
    anchor = title.casefold().replace("`", "").replace(" ", "-")
    return f"[{title}](#{anchor})"

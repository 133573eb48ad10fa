"""
The types that a key of a manifest can have.

YAML's own types play no part: a scalar is its text, and the type of its key says how to read it. One closed union, so
that whoever reads values, writes the JSON Schema or the reference page has to treat every type.
"""

from attrs import frozen


@frozen(kw_only=True)
class Text:
    """Any text. *shortest* and *longest* in characters; tabs and line breaks only where *many_lines*."""

    shortest: int = 1
    longest: int = 1024
    many_lines: bool = False


@frozen(kw_only=True)
class Word:
    """A text of a certain shape. *described* ends the sentence "It must be …"."""

    pattern: str
    described: str


@frozen
class Choice:
    """One of a few words."""

    options: tuple[str, ...]


@frozen
class Boolean:
    """`true` or `false`."""


@frozen(kw_only=True)
class Whole:
    """A whole number, both bounds included."""

    least: int
    most: int


@frozen(kw_only=True)
class Decimal:
    """A number with or without a decimal point, both bounds included."""

    least: float
    most: float


@frozen(kw_only=True)
class Size:
    """A number of bytes, such as `50GB`, `20 MB` or `1.5 GiB`; both bounds included."""

    least: int
    most: int


@frozen
class ShareOrCount:
    """A share of the live things (`30%`) or a count."""


@frozen
class Date:
    """`2026-05-01` or `2026-05-01T10:00:00`, in the time of the camera."""


@frozen
class Instant:
    """A UTC time such as `2026-05-01T10:00:00Z`."""


@frozen(kw_only=True)
class Hex:
    """*digits* hexadecimal digits; capitals are made small."""

    digits: int


@frozen
class Url:
    """A fully formed URL."""


@frozen
class Endpoint:
    """`sandbox`, or the scheme, host and port of a service."""


@frozen
class Folder:
    """A folder, relative to the project's folder."""


@frozen
class FilePath:
    """A file, relative to the folder of the file that names it."""


@frozen
class ParentKey:
    """A key of `sets`, or `/` for the top level."""


@frozen
class AlbumKey:
    """A key of `albums`, or the id of an album."""


@frozen
class EntryAddress:
    """The address of an entry: `albums.KEY` or `sets.KEY`."""


@frozen
class FormatVersion:
    """The version of the format of the file."""


ScalarType = (
    Text
    | Word
    | Choice
    | Boolean
    | Whole
    | Decimal
    | Size
    | ShareOrCount
    | Date
    | Instant
    | Hex
    | Url
    | Endpoint
    | Folder
    | FilePath
    | ParentKey
    | AlbumKey
    | EntryAddress
    | FormatVersion
)


@frozen
class Fields:
    """A mapping with the keys of another table."""

    table: str


@frozen
class Keyed:
    """A mapping from keys that the user chooses to mappings with the keys of another table."""

    table: str


@frozen
class Records:
    """A list of mappings with the keys of another table."""

    table: str


@frozen
class Link:
    """A URL, or `{href: URL}` as the API has it."""


@frozen
class Photo:
    """A photo: a string, or a mapping with the keys of the table `cover`."""


@frozen(kw_only=True)
class TextList:
    """A list of texts, at least one; *longest* bounds each in characters, *most* their number."""

    longest: int
    most: int


@frozen
class WordList:
    """A list of words, each once; may be empty."""

    word: Word


@frozen
class MemberList:
    """A list of photos: strings, or mappings with the keys of the table `member`."""


KeyType = ScalarType | Fields | Keyed | Records | Link | Photo | TextList | WordList | MemberList

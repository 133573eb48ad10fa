"""What a table of keys is made of; the tables themselves are in `schema`."""

from collections.abc import Mapping
from enum import Enum

from attrs import field, frozen

from lrplan.manifest.value_types import KeyType


class Where(Enum):
    """In which files a key of the top level may stand."""

    PROJECT = "lrplan.yaml"
    BOTH = "lrplan.yaml and manifests"


@frozen
class Key:
    """One key.

    Attributes:
        name: As it is written.
        type: What its value may be.
        doc: One sentence for the reference page and for editors.
        example: A value as it is written in YAML, on one line.
        default: What holds without the key, in words for the reference page; "" where its absence says nothing.
        where: In which files it may stand; matters at the top level only.
    """

    name: str
    type: KeyType
    doc: str
    example: str
    required: bool = field(default=False, kw_only=True)
    default: str = field(default="", kw_only=True)
    where: Where = field(default=Where.BOTH, kw_only=True)


@frozen(kw_only=True)
class Table:
    """The keys of one kind of mapping. *noun* begins "… can have", *without* says what the absence of a key means."""

    title: str
    noun: str
    doc: str
    keys: tuple[Key, ...]
    without: str = "not managed"
    _by_name: Mapping[str, Key] = field(init=False, repr=False, eq=False)

    @_by_name.default
    def _index(self) -> Mapping[str, Key]:
        return {key.name: key for key in self.keys}

    def get(self, name: str) -> Key | None:
        """The row of the key *name*, None where there is none."""
        return self._by_name.get(name)

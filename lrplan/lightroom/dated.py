"""Listings that are walked by capture date: what is asked for, and what a walk brought. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from attrs import field, frozen

from lrplan.lightroom import wire
from lrplan.lightroom.window import Query
from lrplan.model.asset import Asset

R = TypeVar("R")


@frozen(kw_only=True)
class Dated(Generic[R]):
    """A listing that can be walked by capture date.

    Attributes:
        query: What is asked for beside the dates.
        photo: The asset of a row, if the listing tells it.
    """

    route: str
    ids: Mapping[str, str] = field(factory=dict)
    query: Query = field(factory=dict)
    read: Callable[[bytes], wire.Page[R]]
    key: Callable[[R], str]
    photo: Callable[[R], Asset | None]

    def photos(self, rows: Sequence[R]) -> list[Asset]:
        """The assets of *rows*, as far as they are told."""
        return [asset for row in rows if (asset := self.photo(row)) is not None]


@frozen(kw_only=True)
class Walked(Generic[R]):
    """What a listing brought. *turned* when the service went on in the other direction than asked."""

    rows: tuple[R, ...]
    turned: bool = False

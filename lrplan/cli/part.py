"""`--target` and `--exclude`: the options of a command that plans only a part of the project."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

if TYPE_CHECKING:
    from lrplan.model.scope import Scope

_F = TypeVar("_F", bound=Callable[..., Any])


class Part(NamedTuple):
    """What the two options said. No attrs class, since it is part of `--help`, which loads no libraries."""

    target: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @property
    def scope(self) -> "Scope":
        """As the addresses that the plan is about."""
        from lrplan.model.scope import Scope

        return Scope(target=self.target, exclude=self.exclude)

    @property
    def words(self) -> tuple[str, ...]:
        """As a person would type them."""
        named = ((option, one) for option, many in zip(self._fields, self, strict=True) for one in many)
        return tuple(word for option, one in named for word in (f"--{option}", one))


def of_a_part(*, target: str, exclude: str) -> Callable[[_F], _F]:
    """Give a command the two options, with these lines of help."""
    options = (
        click.option("--target", multiple=True, metavar="GLOB", help=target),
        click.option("--exclude", multiple=True, metavar="GLOB", help=exclude),
    )

    def decorate(command: _F) -> _F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate

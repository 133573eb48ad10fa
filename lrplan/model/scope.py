"""
Which addresses a plan is about: all of a project, or those that patterns name.

Patterns are those of the shell, over whole addresses: `albums.smith-*`. What is excluded is excluded whatever else
names it.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from attrs import frozen

from lrplan.model.address import Address


@frozen(kw_only=True)
class Scope:
    """The addresses that a plan is about.

    Attributes:
        target: Patterns of which an address has to match one; empty for every address.
        exclude: Patterns of which it may match none.
    """

    target: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Nothing is left out."""
        return not self.target and not self.exclude

    def holds(self, address: Address) -> bool:
        """Tell whether a plan of this scope is about *address*."""
        is_named = not self.target or any(matches(address, one) for one in self.target)
        return is_named and not any(matches(address, one) for one in self.exclude)

    def among(self, addresses: Iterable[Address]) -> tuple[Address, ...]:
        """Those of *addresses* that it holds, in their order."""
        return tuple(address for address in addresses if self.holds(address))


WHOLE = Scope()


def matches(address: Address, pattern: str) -> bool:
    """Tell whether *address* is one that *pattern* names."""
    return fnmatchcase(address, pattern)

"""Circles in what leads from one address to others, found without recursion: a project may be any number deep."""

from collections.abc import Iterable, Iterator, Mapping

from lrplan.model.address import Address


def circles_of(edges: Mapping[Address, Iterable[Address]]) -> list[tuple[Address, ...]]:
    """The circles of a graph, each starting at its smallest address; no address closes more than one of them."""
    circles = []
    done: set[Address] = set()
    for start in edges:
        path: dict[Address, None] = {}
        ahead: list[Iterator[Address]] = []
        closed: set[Address] = set()
        following: Address | None = start
        while following is not None:
            last = next(reversed(path), None)
            if following in path and last is not None and last not in closed:
                closed.add(last)
                circles.append(_from_smallest(list(path), following))
            elif following in edges and following not in done and following not in path:
                path[following] = None
                ahead.append(iter(edges[following]))
            following = _next(path, ahead, done)
    return circles


def _next(path: dict[Address, None], ahead: list[Iterator[Address]], done: set[Address]) -> Address | None:
    """Where the way leads on; back from where it leads no further. None at its end."""
    while ahead:
        following = next(ahead[-1], None)
        if following is not None:
            return following
        ahead.pop()
        done.add(path.popitem()[0])
    return None


def _from_smallest(path: list[Address], closing: Address) -> tuple[Address, ...]:
    circle = path[path.index(closing) :]
    least = circle.index(min(circle))
    return tuple(circle[least:] + circle[:least])

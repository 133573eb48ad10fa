"""
What a plan for a part of the project is about.

It plans the addresses that its patterns name, and the sets that these go into where such a set is not there yet, for
without it nothing could go there. All else is left as it is, and no closer looked at than in the listing of the albums.
"""

import difflib
from collections.abc import Collection, Iterable, Mapping

from attrs import evolve

from lrplan.diagnostics import Diagnostic, error
from lrplan.manifest.entries import Manifest
from lrplan.model.address import ALBUMS, SETS, TOP_LEVEL, Address, set_address
from lrplan.model.scope import Scope, matches
from lrplan.resolve.generations import Generations

_NEAR = 0.5  # ours: a pattern with a star is shorter than what it means


def without_effect(scope: Scope, known: Collection[Address]) -> tuple[Diagnostic, ...]:
    """What is wrong with the patterns of *scope*: each names something of what is *known*, and something is left.

    Args:
        known: Every address that is declared or remembered.
    """
    said = [
        _nothing(option, pattern, known)
        for option, patterns in (("--target", scope.target), ("--exclude", scope.exclude))
        for pattern in dict.fromkeys(patterns)
        if not any(matches(address, pattern) for address in known)
    ]
    if not said and not scope.is_whole and not scope.among(known):
        why = "Every address that is declared or remembered is left out."
        said.append(error("LRP901", "--exclude leaves nothing to plan", why=why))
    return tuple(said)


def narrowed(manifest: Manifest, scope: Scope) -> Manifest:
    """*manifest* with only the albums of which *scope* plans something. Its sets take no looking up, and stay."""
    if scope.is_whole:
        return manifest
    return evolve(manifest, albums={a: entry for a, entry in manifest.albums.items() if scope.holds(a)})


def planned_of(manifest: Manifest, scope: Scope) -> Manifest:
    """*manifest* with nothing but what *scope* plans; what it says of other addresses is not to be complained of."""
    if scope.is_whole:
        return manifest
    return evolve(
        narrowed(manifest, scope),
        sets={a: entry for a, entry in manifest.sets.items() if scope.holds(a)},
        moves=tuple(move for move in manifest.moves if scope.holds(move.target.value)),
    )


def sets_to_make(manifest: Manifest, scope: Scope, generations: Generations) -> Mapping[Address, Address]:
    """The sets outside of *scope* that are not live and that something goes into: what that is, for each."""
    needed: dict[Address, Address] = {}
    for address in sorted(scope.among((*manifest.sets, *manifest.albums))):
        inside = address
        while (parent := _parent(inside, manifest)) is not None:
            if scope.holds(parent) or parent in needed or generations.of(parent):
                break
            needed[parent] = inside
            inside = parent
    return needed


def _parent(address: Address, manifest: Manifest) -> Address | None:
    entry = manifest.sets.get(address) or manifest.albums.get(address)
    if entry is None or entry.parent is None or entry.parent.value == TOP_LEVEL:
        return None
    return set_address(entry.parent.value)


def _nothing(option: str, pattern: str, known: Iterable[Address]) -> Diagnostic:
    addresses = sorted(known)
    sections = [f"{section}.{pattern}" for section in (ALBUMS, SETS)]
    near = [one for one in sections if any(matches(address, one) for address in addresses)]
    near = near or difflib.get_close_matches(pattern, addresses, n=1, cutoff=_NEAR)
    return error(
        "LRP901",
        f"{option} {pattern}: no address matches",
        why="Nothing of that name is declared or remembered.",
        hint=f"did you mean {near[0]}?" if near else "addresses are such as albums.KEY and sets.KEY",
    )

"""
What an address inherits: from addresses that it had before, and from names that the project had before.

Generations are numbers of one line: those of the address itself count from 0, those of what it inherits lie below, each
former address and each former project a stretch further down. So a number is enough to tell which of two albums is the
newer one, and what was remembered of an old address is true of the new one once its numbers are moved down.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from attrs import evolve

from lrplan.model.address import Address
from lrplan.model.ids import GENERATION_MAX
from lrplan.model.state import UNUSED, Binding, State

GENERATIONS = GENERATION_MAX + 1
ADDRESSES_MAX = 1 << 10  # ours: former addresses of one address
_PROJECT = GENERATIONS * ADDRESSES_MAX

Former = Mapping[Address, tuple[Address, ...]]
NO_FORMER: Former = MappingProxyType({})
"""For an address, those that it had before, the latest first."""


def inherited_number(generation: int, *, addresses_ago: int, projects_ago: int) -> int:
    """The number that a *generation* of a former address or project has in the line of the present one."""
    return generation - GENERATIONS * addresses_ago - _PROJECT * projects_ago


def taken_apart(number: int) -> tuple[int, int, int]:
    """What `inherited_number` was made of: the generation, how many addresses ago, and how many projects ago."""
    ago, generation = divmod(number, GENERATIONS)
    projects_ago, addresses_ago = divmod(-ago, ADDRESSES_MAX)
    return generation, addresses_ago, projects_ago


def inherited(state: State, project: str, *, former: Former, previous: Sequence[str] = ()) -> State:
    """What is remembered, as a project knows it that had other names and whose addresses were others.

    Args:
        project: Its name now.
        former: Of an address that is remembered itself nothing is inherited.
        previous: Its former names, the latest first. A state of any other project comes back as it is.
    """
    if state.project != project:
        if state.project not in previous:
            return state
        ago = previous.index(state.project) + 1
        bindings = {one: _moved_down(held, projects=ago) for one, held in state.bindings.items()}
        state = evolve(state, project=project, bindings=bindings, used={}, last_applied="")
    heirs = {
        address: next((old for old in chain if old in state.bindings), None)
        for address, chain in former.items()
        if address not in state.bindings
    }
    bindings, used = dict(state.bindings), dict(state.used)
    for address, old in heirs.items():
        if old is None or old not in bindings:
            continue
        held = bindings.pop(old)
        bindings[address] = _moved_down(held, addresses=former[address].index(old) + 1)
        if held.generation >= 0:
            used[old] = max(used.get(old, 0), held.generation)
    return evolve(state, bindings=bindings, used=used) if any(heirs.values()) else state


def _moved_down(binding: Binding, *, addresses: int = 0, projects: int = 0) -> Binding:
    def number(generation: int) -> int:
        return inherited_number(generation, addresses_ago=addresses, projects_ago=projects)

    generation = binding.generation if binding.generation == UNUSED else number(binding.generation)
    leaving = {photo: number(since) for photo, since in binding.leaving.items()}
    return evolve(binding, generation=generation, leaving=leaving)

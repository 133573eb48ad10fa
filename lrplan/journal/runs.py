"""A run as it was recorded, and what is left of all of them where a memory may be damaged."""

from attrs import frozen

from lrplan.journal.entries import Entry
from lrplan.model.state import State
from lrplan.plan.plan import Plan


@frozen(kw_only=True)
class Run:
    """One apply as it was recorded: its plan and its journal up to where it is whole."""

    id: str
    plan: Plan
    entries: tuple[Entry, ...]


@frozen(kw_only=True)
class Salvage:
    """What is left of a memory that may be damaged.

    Attributes:
        state: None where there is none, or where it is damaged.
        damaged: The bytes of a state that is damaged; None where it is not.
        runs: Those that are not part of the state, as far as they can be read, oldest first.
        unreadable: The ids of those that cannot.
    """

    state: State | None = None
    damaged: bytes | None = None
    runs: tuple[Run, ...] = ()
    unreadable: tuple[str, ...] = ()

"""
The state file, format 1: what lrplan remembers of a project between runs.

A file of a newer format is told apart from a damaged one, since the two have different cures.
"""

import msgspec

from lrplan.formats.bindings import (
    BindingLayout,
    DevelopedLayout,
    Layout,
    binding_from_layout,
    binding_to_layout,
    developed_from_layout,
    developed_to_layout,
)
from lrplan.formats.canonical import indented, read_versioned
from lrplan.model.address import Address
from lrplan.model.ids import AccountId, AssetId, CatalogId, ServiceId
from lrplan.model.state import State

STATE_FORMAT = 1


class StateLayout(Layout, frozen=True, kw_only=True):
    """What is remembered: `bindings` by address, `used` generations of what is gone, `folded` runs."""

    format_version: int
    serial: int
    project: str
    account_id: AccountId
    catalog_id: CatalogId
    service_id: ServiceId
    bindings: dict[Address, BindingLayout]
    used: dict[Address, int]
    last_applied: str = ""
    arrived: dict[AssetId, tuple[str, ...]] = msgspec.field(default_factory=dict)
    developed: dict[AssetId, DevelopedLayout] = msgspec.field(default_factory=dict)
    storage_is_full: bool = False
    keeps_parents: bool = False
    folded: tuple[str, ...]


def encode_state(state: State) -> bytes:
    """*state* as the bytes of its file."""
    return indented(state_to_layout(state))


def decode_state(content: bytes, *, file: str = "state.json") -> State:
    """The state that *content* holds.

    Raises:
        Failure: LRP106, it is damaged; LRP107, it was written by a newer lrplan. Both name *file*.
    """
    layout = read_versioned(content, StateLayout, known=(STATE_FORMAT,), what="state", file=file)
    return state_from_layout(layout)


def state_to_layout(state: State) -> StateLayout:
    """A state as it is written."""
    return StateLayout(
        format_version=STATE_FORMAT,
        serial=state.serial,
        project=state.project,
        account_id=state.account_id,
        catalog_id=state.catalog_id,
        service_id=state.service_id,
        bindings={address: binding_to_layout(binding) for address, binding in state.bindings.items()},
        used=dict(state.used),
        last_applied=state.last_applied,
        arrived=dict(state.arrived),
        developed=developed_to_layout(state.developed),
        storage_is_full=state.storage_is_full,
        keeps_parents=state.keeps_parents,
        folded=state.folded,
    )


def state_from_layout(layout: StateLayout) -> State:
    """A state as it was written."""
    return State(
        account_id=layout.account_id,
        catalog_id=layout.catalog_id,
        service_id=layout.service_id,
        project=layout.project,
        serial=layout.serial,
        bindings={address: binding_from_layout(binding) for address, binding in layout.bindings.items()},
        used=layout.used,
        last_applied=layout.last_applied,
        arrived=layout.arrived,
        developed=developed_from_layout(layout.developed),
        storage_is_full=layout.storage_is_full,
        keeps_parents=layout.keeps_parents,
        folded=layout.folded,
    )

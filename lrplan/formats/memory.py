"""What `state show --json` and `state rebuild --json` print, both of format 1.0. They are only written."""

from collections.abc import Sequence

import msgspec

from lrplan.formats.bindings import BindingLayout, Layout, binding_to_layout
from lrplan.formats.canonical import indented, schema_of
from lrplan.model.address import Address
from lrplan.model.ids import AccountId, AlbumId, AssetId, CatalogId, ServiceId
from lrplan.model.state import State
from lrplan.plan.rebuild import Found, Rebuilt

SHOWN_FORMAT = "1.0"
REBUILT_FORMAT = "1.0"


class ShownStateLayout(Layout, frozen=True, kw_only=True):
    """What is remembered: the state, as its own file has it; `begun` are originals that were not sent to their end."""

    project: str
    account_id: AccountId
    catalog_id: CatalogId
    service_id: ServiceId
    serial: int
    bindings: dict[Address, BindingLayout]
    used: dict[Address, int]
    begun: tuple[AssetId, ...] = ()
    storage_is_full: bool = False


class ShownLayout(Layout, frozen=True, kw_only=True):
    """What lrplan keeps between runs. `state` is absent where there is none yet, `holder` where nobody has the lock."""

    format_version: str
    lrplan_version: str
    state: ShownStateLayout | None = None
    unfinished_runs: tuple[str, ...]
    holder: str | None = None


class FoundLayout(Layout, frozen=True, kw_only=True):
    """An album or set that is bound. `claimed`: no manifest declares it, and the next plan deletes it."""

    address: Address
    name: str
    id: AlbumId
    generation: int
    claimed: bool
    put: int
    others: int
    arranged: bool
    source: str = ""


class RebuiltLayout(Layout, frozen=True, kw_only=True):
    """What a lost state was made of. `kept`: it was written; `aside`: where the damaged one is."""

    format_version: str
    lrplan_version: str
    kept: bool
    serial: int
    found: tuple[FoundLayout, ...]
    damaged: bool = False
    aside: str = ""
    unreadable_runs: tuple[str, ...] = msgspec.field(default=())


def encode_shown(state: State | None, *, unfinished: Sequence[str], holder: str | None, version: str) -> bytes:
    """What is remembered as canonical JSON. *version* is lrplan's own; the rest as for `render.memory.state_text`."""
    shown = None
    if state is not None:
        shown = ShownStateLayout(
            project=state.project,
            account_id=state.account_id,
            catalog_id=state.catalog_id,
            service_id=state.service_id,
            serial=state.serial,
            bindings={address: binding_to_layout(binding) for address, binding in state.bindings.items()},
            used=dict(state.used),
            begun=tuple(sorted(state.arrived)),
            storage_is_full=state.storage_is_full,
        )
    return indented(
        ShownLayout(
            format_version=SHOWN_FORMAT,
            lrplan_version=version,
            state=shown,
            unfinished_runs=tuple(unfinished),
            holder=holder,
        )
    )


def shown_schema() -> bytes:
    """The JSON Schema (2020-12) of `state show --json`, as published in docs/reference/state.schema.json."""
    return schema_of(ShownLayout, f"lrplan state show, format {SHOWN_FORMAT}")


def encode_rebuilt(
    rebuilt: Rebuilt, *, kept: State | None, aside: str, is_damaged: bool, unreadable: Sequence[str], version: str
) -> bytes:
    """What was found as canonical JSON; *kept* is the state as it was written, None where it was not."""
    return indented(
        RebuiltLayout(
            format_version=REBUILT_FORMAT,
            lrplan_version=version,
            kept=kept is not None,
            serial=(kept or rebuilt.state).serial,
            found=tuple(map(_found, rebuilt.found)),
            damaged=is_damaged,
            aside=aside,
            unreadable_runs=tuple(unreadable),
        )
    )


def rebuilt_schema() -> bytes:
    """The JSON Schema (2020-12) of `state rebuild --json`, as published in docs/reference/rebuild.schema.json."""
    return schema_of(RebuiltLayout, f"lrplan state rebuild, format {REBUILT_FORMAT}")


def _found(one: Found) -> FoundLayout:
    return FoundLayout(
        address=one.address,
        name=one.name,
        id=one.album_id,
        generation=one.generation,
        claimed=one.is_claimed,
        put=one.put,
        others=one.others,
        arranged=one.is_arranged,
        source=one.source,
    )

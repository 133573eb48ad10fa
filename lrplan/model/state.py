"""
What lrplan remembers of a project between runs, and cannot read from the catalog.

The catalog itself tells which albums are ours (see `model.ids`). What it cannot tell is which photos lrplan put into an
album, in which order it last arranged them, and which generations were ever used. All of it may be lost: then nothing
is removed or deleted, and the plan says so.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from attrs import evolve, field, frozen

from lrplan.model.address import Address, lost_bits
from lrplan.model.album import Order, PublishInfo
from lrplan.model.develop import Developed
from lrplan.model.ids import AccountId, AlbumId, AssetId, CatalogId, ServiceId, address_bits

UNUSED = -1  # the generation before the first


@frozen(kw_only=True)
class Applied:
    """The fields of one album that the last apply had declared, and so are true; None for one that was not declared."""

    name: str | None = None
    parent: str | None = None  # an address, or "/" for the top level
    order: Order | None = None
    cover: AssetId | None = None
    publish_info: PublishInfo | None = None


class WhenGone(StrEnum):
    """What becomes of an album or a set that the manifests no longer declare; the more careful, the later."""

    DELETE = "delete"
    TOMBSTONE = "tombstone"
    KEEP = "keep"


@frozen(kw_only=True)
class Binding:
    """What is remembered of one address.

    Attributes:
        album_id: The id it had after the last run.
        generation: The highest generation ever used, also by a run that failed; -1 if it is not proven that any was.
            Below that where the album is of an address or a project that this one was before: see `inheritance`.
        put: The photos that lrplan put into the album: only these does it ever take out again.
        arranged: The wanted photos in the order in which lrplan last arranged them, with wanted members that could not
            be had then; None where it never finished. An order that differs from it in the catalog was made by a
            person, in Lightroom; of a photo that is not among them it says nothing.
        seen: All members as they are shown since the last apply, the unlisted too, less those in the trash. What
            differs from it was changed outside since. None where nobody knows: a run was cut off here, or the members
            are not managed.
        known_as: What the manifests call a photo that they name by file name or SHA-256. One that leaves the catalog
            takes its name along, and would else be a stranger.
        leaving: The photos that a replacement under way leaves behind, each with the generation that goes on without
            it. As soon as that is live, what of them is in it came by hand, and that they go was judged when it began.
        when_gone: What its entry said last of its own disappearing, which is when the entry cannot be asked.
        protect: It is neither deleted nor replaced, until `protect: false` was applied.
        gone: Its entry is gone, and it was let go or marked as deleted; until the entry is back nothing is asked of it.
        source: Where the manifests last declared it, `file:line`; "" when unknown. For people.
    """

    album_id: AlbumId
    generation: int
    put: tuple[AssetId, ...] = ()
    arranged: tuple[AssetId, ...] | None = None
    seen: tuple[AssetId, ...] | None = None
    known_as: Mapping[AssetId, str] = field(factory=dict)
    leaving: Mapping[AssetId, int] = field(factory=dict)
    when_gone: WhenGone = WhenGone.DELETE
    protect: bool = False
    gone: bool = False
    source: str = ""
    applied: Applied = field(factory=Applied)


def more_careful(one: WhenGone, other: WhenGone) -> WhenGone:
    """The one of the two that takes less away."""
    ranks = tuple(WhenGone)
    return max(one, other, key=ranks.index)


@frozen(kw_only=True)
class State:
    """Everything that is remembered of one project in one catalog.

    Attributes:
        serial: Counts the writes of this state, so that two copies can be told apart.
        used: For addresses that are no longer bound: the highest generation ever used.
        last_applied: The plan that was last carried out to its end, by digest and time: see `journal.replay.plan_name`.
        arrived: The originals that a run began to send and none sent to its end, since a run ended well: by asset, the
            ranges of the parts that have arrived, sorted.
        developed: What is remembered of develop settings, by photo; a photo whose original lrplan began to send has an
            entry too.
        storage_is_full: The service said so, and no run came to its end since.
        keeps_parents: An album that was to leave its set for the top level was seen to stay: the service merges what it
            is sent, so that only a new album can be there.
        folded: Ids of the runs whose journals are already part of this state.
    """

    account_id: AccountId
    catalog_id: CatalogId
    service_id: ServiceId
    project: str
    serial: int = 0
    bindings: Mapping[Address, Binding] = field(factory=dict)
    used: Mapping[Address, int] = field(factory=dict)
    last_applied: str = ""
    arrived: Mapping[AssetId, tuple[str, ...]] = field(factory=dict)
    developed: Mapping[AssetId, Developed] = field(factory=dict)
    storage_is_full: bool = False
    keeps_parents: bool = False
    folded: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Nothing was ever remembered: it only comes from runs that did nothing."""
        return self.serial == 0 and not self.bindings and not self.used


def recognised(state: State, addresses: Iterable[Address]) -> State:
    """*state* with what was lost (see `model.address`) under its own address, where it is one of *addresses*.

    Without this, an album that is declared again would go for what nobody declares.
    """
    if all(lost_bits(address) is None for address in (*state.bindings, *state.used)):
        return state
    names = {address_bits(address): address for address in addresses if lost_bits(address) is None}
    bindings, used = dict(state.bindings), dict(state.used)
    for address in state.bindings:
        name = names.get(address_bits(address), address)
        if name != address:
            bindings.setdefault(name, bindings.pop(address))
    for address in state.used:
        name = names.get(address_bits(address), address)
        if name != address:
            used[name] = max(used.get(name, 0), used.pop(address))
    return evolve(state, bindings=bindings, used=used)

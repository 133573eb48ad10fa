"""The ports of one run, handed down as one value."""

from attrs import frozen

from lrplan.model.ids import ServiceId
from lrplan.model.snapshot import Snapshot
from lrplan.ports import CatalogService, Clock, Events, Files, IndexStore, Memory


@frozen(kw_only=True)
class Surroundings:
    """Everything a workflow may touch: one catalog, its memory, local files, time, and the listener.

    Attributes:
        service_id: The API key with which *service* speaks; albums belong to it.
        index: Where the catalog's photos are kept between runs; None where nothing is to be kept.
        taken: The catalog that *service* answers from where that is a file: when it was read, and what that took.
    """

    service: CatalogService
    service_id: ServiceId
    memory: Memory
    files: Files
    clock: Clock
    events: Events
    index: IndexStore | None = None
    taken: Snapshot | None = None

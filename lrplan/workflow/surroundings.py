"""The ports of one run, handed down as one value."""

from attrs import frozen

from lrplan.ports import CatalogService, Clock, Events, Files, Memory


@frozen(kw_only=True)
class Surroundings:
    """Everything a workflow may touch: one catalog, its memory, local files, time, and the listener."""

    service: CatalogService
    memory: Memory
    files: Files
    clock: Clock
    events: Events

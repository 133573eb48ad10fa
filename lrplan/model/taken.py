"""A live catalog as it was at one instant, whole, with what lrplan remembered then: enough to plan without network."""

from attrs import frozen

from lrplan.model.ids import AssetId
from lrplan.model.snapshot import Snapshot
from lrplan.model.state import State


@frozen(kw_only=True)
class Taken:
    """What was read of a catalog, for any wish that a project may come to have.

    Attributes:
        project: The project that it was taken for: it was looked for albums of that one which no listing shows.
        snapshot: All albums that the service lists for the API key, with the members of those that the key made; all
            assets; `incomplete` says what waits for its original, and no asset does. When that was, and what it took.
        aside: The assets that no walk through the catalog shows: those in the trash, and what else was met elsewhere.
        finds_trash, finds_undated: Looking an original up by its hash finds it in the trash as well, and where nobody
            knows when it was captured.
        state: What was remembered, unfinished runs included; None for nothing.
    """

    project: str
    snapshot: Snapshot
    aside: frozenset[AssetId] = frozenset()
    finds_trash: bool = True
    finds_undated: bool = True
    state: State | None = None

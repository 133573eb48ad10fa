"""What the last run of a client changed.

Problem: a person wants to see what a run did, and the service sees calls, not runs.
Method: every write notes what it did, in its own transaction, under the number of its run. A run begins with the first
write after the account was read, which is how the vendor's guides have clients begin, or after a long pause.
Surprising case: the notes lie beside the catalog, because the process that shows them is often not the one that served
the run; a process that starts always begins a new run.
"""

import json
import time
from collections.abc import Sequence

from attrs import frozen

from lrplan.sandbox.database import Database
from lrplan.sandbox.moments import now

PAUSE_S = 600.0  # no run is silent for as long
KEPT_RUNS = 3  # the last, and such as other processes may still be writing

CREATED, CHANGED, DELETED, ADDED, COVER = "created", "changed", "deleted", "added", "cover"
ANNOUNCED, UPLOADED, DEVELOPED = "announced", "uploaded", "developed"


@frozen(kw_only=True)
class Change:
    """One note: ``subject_id`` is an album or an asset, ``name`` what a person calls it, ``detail`` what of it."""

    kind: str
    subject_id: str
    name: str
    detail: str = ""
    asset_ids: tuple[str, ...] = ()


class History:
    """Notes what is changed through one process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._run: int | None = None
        self._noted = 0.0

    def begin(self) -> None:
        """Let the next write begin a run."""
        self._run = None

    def note(self, catalog_id: str, change: Change) -> None:
        """Note a change; inside ``database.changes``."""
        moment = time.monotonic()
        if self._run is None or moment - self._noted > PAUSE_S:
            row = self._database.row("SELECT coalesce(max(run), 0) + 1 AS run FROM change")
            assert row is not None
            self._run = int(row["run"])
            self._database.run("DELETE FROM change WHERE run <= ?", (self._run - KEPT_RUNS,))
        self._noted = moment
        self._database.run(
            "INSERT INTO change (run, moment, catalog_id, kind, subject_id, name, detail, asset_ids)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._run,
                now(),
                catalog_id,
                change.kind,
                change.subject_id,
                change.name,
                change.detail,
                json.dumps(change.asset_ids),
            ),
        )


def last_run(database: Database, catalog_id: str) -> tuple[str, Sequence[Change]]:
    """Give when the last run of a catalog began, empty when there was none, and what it changed, in order."""
    rows = database.rows(
        "SELECT * FROM change WHERE catalog_id = ? AND run ="
        " (SELECT max(run) FROM change WHERE catalog_id = ?) ORDER BY serial",
        (catalog_id, catalog_id),
    )
    changes = [
        Change(
            kind=row["kind"],
            subject_id=row["subject_id"],
            name=row["name"],
            detail=row["detail"],
            asset_ids=tuple(json.loads(row["asset_ids"])),
        )
        for row in rows
    ]
    return (rows[0]["moment"] if rows else ""), changes

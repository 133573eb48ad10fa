"""What the last run of a client changed.

Problem: a person wants to see what a run did, and the service sees calls, not runs.
Method: every write notes what it did, in its own transaction, under the number of its run. A run begins with the first
write after the account was read, which is how the vendor's guides have clients begin, or after a long pause.
Surprising case: the notes lie beside the catalog, because the process that shows them is often not the one that served
the run; a process that starts always begins a new run.
"""

import json
import sqlite3
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


@frozen(kw_only=True)
class Run:
    """What one run changed, in order; ``began`` is the time of its first write."""

    began: str = ""
    changes: tuple[Change, ...] = ()


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


def last_runs(database: Database, catalog_id: str) -> Sequence[Run]:
    """Give the last runs that changed a catalog, the last first."""
    runs: dict[int, list[sqlite3.Row]] = {}
    for row in database.rows("SELECT * FROM change WHERE catalog_id = ? ORDER BY run DESC, serial", (catalog_id,)):
        runs.setdefault(row["run"], []).append(row)
    return [Run(began=rows[0]["moment"], changes=tuple(map(_change, rows))) for rows in list(runs.values())[:KEPT_RUNS]]


def _change(row: sqlite3.Row) -> Change:
    return Change(
        kind=row["kind"],
        subject_id=row["subject_id"],
        name=row["name"],
        detail=row["detail"],
        asset_ids=tuple(json.loads(row["asset_ids"])),
    )

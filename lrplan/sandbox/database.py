"""The customer's catalog in SQLite.

Problem: two processes may serve one data folder at once and either may be killed at any moment; what was answered must
be there afterwards.
Method: write-ahead logging, a generous busy timeout, and every change inside one short ``BEGIN IMMEDIATE`` transaction
that is committed before the answer is sent. Payloads are kept as JSON text with ASCII escapes, so that no text a client
sends can fail to be stored; what listings sort by is kept beside them in columns.
Surprising case: ``member.sort_key`` folds 'ordered, then unordered by capture date' into one text (``0`` + order, or
``1`` + capture key), so it must follow when the capture date of an unordered member's asset becomes known.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from attrs import frozen

from lrplan.sandbox.digests import digest
from lrplan.sandbox.moments import now
from lrplan.sandbox.options import (
    DEFAULT_ACCESS_TOKEN,
    DEFAULT_ACCOUNT_ID,
    DEFAULT_API_KEY,
    DEFAULT_CATALOG_ID,
)
from lrplan.sandbox.schema import make_tables

BUSY_TIMEOUT_MS = 10_000
STARTUP_ATTEMPTS = 200  # with the pause below: two seconds for another process that is making the same database
STARTUP_PAUSE = 0.01
ABANDONED_SECONDS = 86_400  # no upload takes a day
DEFAULT_STORAGE_LIMIT = 112_742_891_520  # bytes; the contract's sample account

Value = str | int | float | None


@frozen(kw_only=True)
class Account:
    """A customer: ``status`` is the entitlement's, ``used`` and ``storage_limit`` are bytes.

    ``catalog_id`` is ``None`` for a customer who never opened Lightroom.
    """

    id: str
    catalog_id: str | None
    status: str
    used: int
    storage_limit: int
    created: str
    full_name: str = ""
    email: str = ""


def account_of(row: sqlite3.Row) -> Account:
    """Read the account in a row; more columns may stand beside its own."""
    return Account(
        id=row["id"],
        catalog_id=row["catalog_id"],
        status=row["status"],
        used=row["used"],
        storage_limit=row["storage_limit"],
        created=row["created"],
        full_name=row["full_name"],
        email=row["email"],
    )


class Database:
    """One process's connection to a data folder's catalog."""

    def __init__(self, data: Path) -> None:
        """Open the catalog in ``data``, making the folder, the tables and the one account when missing."""
        self.data = data
        for folder in (data, self.incoming, self.originals, self.parts, self.develop, self.renditions):
            folder.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(data / "catalog.sqlite", isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1e3)
        self._connection.row_factory = sqlite3.Row
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    @property
    def incoming(self) -> Path:
        """Files that are still being received, or made; what a killed process leaves here is never read."""
        return self.data / "incoming"

    @property
    def originals(self) -> Path:
        """Originals, each named by its sha256."""
        return self.data / "originals"

    @property
    def parts(self) -> Path:
        """Parts of originals that are not whole yet."""
        return self.data / "parts"

    @property
    def develop(self) -> Path:
        """XMP develop settings."""
        return self.data / "develop"

    @property
    def renditions(self) -> Path:
        """Renditions made so far."""
        return self.data / "renditions"

    def close(self) -> None:
        """Close the connection; the files stay."""
        self._connection.close()

    @contextmanager
    def changes(self) -> Iterator[None]:
        """Hold the write lock; commit at the end, roll back when the block raises."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def rows(self, sql: str, values: Sequence[Value] = ()) -> list[sqlite3.Row]:
        """Read all rows."""
        return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Value] = ()) -> sqlite3.Row | None:
        """Read the first row, or nothing."""
        found: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return found

    def run(self, sql: str, values: Sequence[Value] = ()) -> int:
        """Change rows; inside ``changes`` only. Give how many were changed."""
        return self._connection.execute(sql, values).rowcount

    def account(self, account_id: str) -> Account:
        """Read an account that is known to exist."""
        found = self.row("SELECT * FROM account WHERE id = ?", (account_id,))
        assert found is not None
        return account_of(found)

    def asset(self, catalog_id: str, asset_id: str) -> sqlite3.Row | None:
        """Read an asset's row, or nothing."""
        return self.row("SELECT * FROM asset WHERE catalog_id = ? AND id = ?", (catalog_id, asset_id))

    def album(self, catalog_id: str, album_id: str) -> sqlite3.Row | None:
        """Read an album's row, or nothing."""
        return self.row("SELECT * FROM album WHERE catalog_id = ? AND id = ?", (catalog_id, album_id))

    def _sweep(self) -> None:
        """Delete what processes that were killed long ago left half received."""
        for file in self.incoming.iterdir():
            with suppress(FileNotFoundError):
                if file.stat().st_mtime + ABANDONED_SECONDS < time.time():
                    file.unlink()

    def _prepare(self) -> None:
        """Make what is missing. Turning on the log needs the file for itself, which a busy timeout does not await."""
        for attempt in range(STARTUP_ATTEMPTS):
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                break
            except sqlite3.OperationalError:
                if attempt == STARTUP_ATTEMPTS - 1:
                    raise
                time.sleep(STARTUP_PAUSE)
        self._sweep()
        self._connection.execute("PRAGMA synchronous = NORMAL")  # in this mode a commit outlives the process
        with self.changes():
            make_tables(self._connection)
            self.run(
                "INSERT OR IGNORE INTO account (id, catalog_id, status, used, storage_limit, created)"
                " VALUES (?, ?, 'subscriber', 0, ?, ?)",
                (DEFAULT_ACCOUNT_ID, DEFAULT_CATALOG_ID, DEFAULT_STORAGE_LIMIT, now()),
            )
            self.run("INSERT OR IGNORE INTO api_key (api_key) VALUES (?)", (DEFAULT_API_KEY,))
            self.run(
                "INSERT OR IGNORE INTO token (token, account_id, expired) VALUES (?, ?, 0)",
                (digest(DEFAULT_ACCESS_TOKEN), DEFAULT_ACCOUNT_ID),
            )
            self.run("DELETE FROM token WHERE token = ?", (DEFAULT_ACCESS_TOKEN,))  # from before there were digests

"""The tables of a data folder, and how older folders get what newer versions keep.

Problem: a folder outlives the version that made it, and two processes may open it at once.
Method: tables are made when missing, and columns that came later are added when missing, in one transaction that takes
the write lock before it looks.
Surprising case: SQLite can add a column only with a constant default, so whatever depends on the row stays null there.
"""

import sqlite3

from lrplan.sandbox.digests import digest
from lrplan.sandbox.options import DEFAULT_CLIENT_SECRET

TABLES = """
CREATE TABLE IF NOT EXISTS account (
  id TEXT PRIMARY KEY, catalog_id TEXT UNIQUE, status TEXT NOT NULL, used INTEGER NOT NULL,
  storage_limit INTEGER NOT NULL, created TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS token (token TEXT PRIMARY KEY, account_id TEXT NOT NULL, expired INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS refresh_token (
  token TEXT PRIMARY KEY, account_id TEXT NOT NULL, client_id TEXT NOT NULL, scope TEXT NOT NULL, expires REAL NOT NULL,
  ended INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS code (
  code TEXT PRIMARY KEY, account_id TEXT NOT NULL, client_id TEXT NOT NULL, scope TEXT NOT NULL, redirect_uri TEXT,
  challenge TEXT, expires REAL NOT NULL, spent INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS api_key (api_key TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS asset (
  serial INTEGER PRIMARY KEY, catalog_id TEXT NOT NULL, id TEXT NOT NULL, subtype TEXT NOT NULL,
  created TEXT NOT NULL, updated TEXT NOT NULL, capture_key TEXT NOT NULL, payload TEXT NOT NULL,
  sha256 TEXT, complete INTEGER NOT NULL DEFAULT 0, size INTEGER NOT NULL DEFAULT 0, file TEXT,
  stacked INTEGER NOT NULL DEFAULT 0, flag TEXT NOT NULL DEFAULT 'unflagged', develop TEXT, develop_size INTEGER,
  asked TEXT NOT NULL DEFAULT '{}',
  UNIQUE (catalog_id, id));
CREATE INDEX IF NOT EXISTS asset_by_capture ON asset (catalog_id, capture_key, serial);
CREATE INDEX IF NOT EXISTS asset_incomplete ON asset (catalog_id, capture_key, serial) WHERE NOT complete;
CREATE INDEX IF NOT EXISTS asset_by_sha256 ON asset (catalog_id, sha256);
CREATE INDEX IF NOT EXISTS asset_by_update ON asset (catalog_id, updated);
CREATE TABLE IF NOT EXISTS part (
  catalog_id TEXT NOT NULL, asset_id TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  total INTEGER NOT NULL, content_type TEXT NOT NULL, file TEXT NOT NULL,
  PRIMARY KEY (catalog_id, asset_id, first, last));
CREATE TABLE IF NOT EXISTS album (
  serial INTEGER PRIMARY KEY, catalog_id TEXT NOT NULL, id TEXT NOT NULL, subtype TEXT NOT NULL, service_id TEXT,
  created TEXT NOT NULL, updated TEXT NOT NULL, name TEXT NOT NULL, parent_id TEXT, payload TEXT NOT NULL,
  UNIQUE (catalog_id, id));
CREATE INDEX IF NOT EXISTS album_by_name ON album (catalog_id, name, serial);
CREATE INDEX IF NOT EXISTS album_by_parent ON album (catalog_id, parent_id);
CREATE TABLE IF NOT EXISTS departed_album (
  serial INTEGER NOT NULL, catalog_id TEXT NOT NULL, id TEXT NOT NULL, subtype TEXT NOT NULL, service_id TEXT,
  created TEXT NOT NULL, updated TEXT NOT NULL, name TEXT NOT NULL, parent_id TEXT, payload TEXT NOT NULL,
  departed TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS member (
  serial INTEGER PRIMARY KEY, catalog_id TEXT NOT NULL, album_id TEXT NOT NULL, asset_id TEXT NOT NULL,
  created TEXT NOT NULL, sort_key TEXT NOT NULL, payload TEXT NOT NULL,
  UNIQUE (catalog_id, album_id, asset_id));
CREATE INDEX IF NOT EXISTS member_by_order ON member (catalog_id, album_id, sort_key, serial);
CREATE INDEX IF NOT EXISTS member_by_asset ON member (catalog_id, asset_id);
CREATE TABLE IF NOT EXISTS change (
  serial INTEGER PRIMARY KEY, run INTEGER NOT NULL, moment TEXT NOT NULL, catalog_id TEXT NOT NULL,
  kind TEXT NOT NULL, subject_id TEXT NOT NULL, name TEXT NOT NULL, detail TEXT NOT NULL, asset_ids TEXT NOT NULL)
"""

# Columns that came after their table, with what rows from before have. Tokens, codes and secrets are kept as digests.
COLUMNS = (
    ("account", "full_name", "TEXT NOT NULL DEFAULT 'Sandbox Customer'"),
    ("account", "email", "TEXT NOT NULL DEFAULT 'customer@example.com'"),
    ("token", "expires", "REAL"),  # seconds since 1970; null: never
    ("token", "client_id", "TEXT"),
    ("token", "scope", "TEXT"),  # null: every scope
    ("api_key", "secret", f"TEXT DEFAULT '{digest(DEFAULT_CLIENT_SECRET)}'"),  # null: it proves itself with PKCE alone
    ("api_key", "native", "INTEGER NOT NULL DEFAULT 0"),
    ("api_key", "outdated", "INTEGER NOT NULL DEFAULT 0"),
)


def make_tables(connection: sqlite3.Connection) -> None:
    """Make what is missing; inside a transaction that holds the write lock."""
    for statement in TABLES.split(";\n"):
        connection.execute(statement)
    for table, column, definition in COLUMNS:
        known = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
        if column not in known:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} {definition}")

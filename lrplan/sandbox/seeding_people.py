"""Putting customers, their tokens and clients into a sandbox.

Problem: several customers and several API keys share one folder, each in a state of its own.
Method: an entry changes what it names and leaves the rest; an account that is not there yet begins as a subscriber with
an empty catalog, whose id is made from the account's.
Surprising case: a client without a secret is a public one, which may sign in with PKCE only; a native one gets no
refresh token, secret or not.
"""

import hashlib
import time
from typing import Any

from lrplan.sandbox.calls import is_guid
from lrplan.sandbox.checks import is_text
from lrplan.sandbox.database import DEFAULT_STORAGE_LIMIT, Database
from lrplan.sandbox.digests import digest
from lrplan.sandbox.ims import scopes_of
from lrplan.sandbox.moments import now

MAX_INTEGER = 2**62
ACCOUNT_FIELDS = ("status", "used", "storage_limit", "catalog_id", "full_name", "email")
CLIENT_FIELDS = ("api_key", "secret", "native", "outdated")
TOKEN_FIELDS = ("token", "expired", "account", "expires_in", "scope")


class SeedError(Exception):
    """A seed or a fault that makes no sense."""


def seed_account(database: Database, entry: Any, account_id: str) -> None:
    """Make or change an account, inside ``database.changes``."""
    if not isinstance(entry, dict) or not set(entry) <= set(ACCOUNT_FIELDS):
        raise SeedError(f"account: takes {', '.join(ACCOUNT_FIELDS)}")
    catalog_id = hashlib.blake2b(f"catalog of {account_id}".encode(), digest_size=16).hexdigest()
    database.run(
        "INSERT OR IGNORE INTO account (id, catalog_id, status, used, storage_limit, created)"
        " VALUES (?, ?, 'subscriber', 0, ?, ?)",
        (account_id, catalog_id, DEFAULT_STORAGE_LIMIT, now()),
    )
    for name, value in entry.items():
        if name == "catalog_id":
            fits = value is None or is_guid(value)
            others = database.row("SELECT 1 FROM account WHERE catalog_id = ? AND id <> ?", (value, account_id))
            fits = fits and others is None
        elif name in ("used", "storage_limit"):
            fits = isinstance(value, int) and 0 <= value <= MAX_INTEGER
        else:
            fits = isinstance(value, str) and is_text(value)
        if not fits:
            raise SeedError(f"account: wrong {name}")
        database.run(f"UPDATE account SET {name} = ? WHERE id = ?", (value, account_id))  # noqa: S608


def seed_token(database: Database, entry: Any, account_id: str) -> None:
    """Make or change an access token, inside ``database.changes``."""
    if not isinstance(entry, dict) or not set(entry) <= set(TOKEN_FIELDS):
        raise SeedError(f"tokens: takes {', '.join(TOKEN_FIELDS)}")
    life, scope = entry.get("expires_in"), entry.get("scope")
    if life is not None and (isinstance(life, bool) or not isinstance(life, int | float)):
        raise SeedError("tokens: wrong expires_in")
    database.run(
        "INSERT OR REPLACE INTO token (token, account_id, expired, expires, scope) VALUES (?, ?, ?, ?, ?)",
        (
            digest(seed_text(entry, "token")),
            account_id,
            int(bool(entry.get("expired"))),
            None if life is None else time.time() + life,
            None if scope is None else ",".join(scopes_of(seed_text(entry, "scope"))),
        ),
    )


def seed_client(database: Database, entry: Any) -> None:
    """Make or change an API key, which is the client id of the sign-in too, inside ``database.changes``."""
    table = entry if isinstance(entry, dict) else {"api_key": entry}
    if not set(table) <= set(CLIENT_FIELDS):
        raise SeedError(f"api_keys: takes {', '.join(CLIENT_FIELDS)}")
    api_key = seed_text(table, "api_key")
    database.run("INSERT OR IGNORE INTO api_key (api_key) VALUES (?)", (api_key,))
    if "secret" in table:
        secret = None if table["secret"] is None else digest(seed_text(table, "secret"))
        database.run("UPDATE api_key SET secret = ? WHERE api_key = ?", (secret, api_key))
    for name in ("native", "outdated"):
        if name in table:
            database.run(
                f"UPDATE api_key SET {name} = ? WHERE api_key = ?",  # noqa: S608
                (int(bool(table[name])), api_key),
            )


def seed_list(document: dict[str, Any], name: str) -> list[Any]:
    """Give a member of a document that must be a list, empty when absent."""
    value = document.get(name, [])
    if not isinstance(value, list):
        raise SeedError(f"{name}: expected a list")
    return value


def seed_text(entry: Any, name: str, default: str | None = None) -> str:
    """Give a member of an entry that must be text and not empty."""
    value = entry.get(name, default) if isinstance(entry, dict) else None
    if not isinstance(value, str) or not is_text(value) or not value:
        raise SeedError(f"{name}: expected text")
    return value

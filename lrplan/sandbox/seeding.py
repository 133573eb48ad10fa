"""Putting into a catalog what its customer, or another client, would have made.

Problem: tests need trashed and undated assets, collections, albums of other API keys, other customers, ended
subscriptions, full disks.
Method: one document with ``accounts``, ``account``, ``tokens``, ``api_keys``, ``assets`` and ``albums``; whatever is
left out is not touched, and what has an id that is there already replaces it.
Surprising case: changing an account's ``catalog_id`` makes the old catalog unreachable without emptying it, as when a
customer starts over.

``accounts``: ``[{id, status, used, storage_limit, catalog_id, full_name, email}]`` (``catalog_id`` ``null``: no
catalog), made when missing; ``account`` is one of these, of the first customer, without ``id``. ``tokens``:
``[{token, expired, account, expires_in, scope}]``, seconds; without ``expires_in`` a token lives until it is ended.
``api_keys``: ``[text]`` or ``[{api_key, secret, native, outdated}]`` (``secret`` ``null``: none, PKCE only).
``assets``: ``[{id, subtype, captureDate, fileName, sha256, complete, size, flag, stacked, payload, created,
account}]``. ``albums``: ``[{id, subtype, serviceId, payload, members, account}]``, ``members``
``[{id, payload}]``. ``account`` in these is an account's id, the first customer's when left out.
"""

import hashlib
import json
from typing import Any

from lrplan.sandbox.calls import SHA256, is_guid
from lrplan.sandbox.checks import album_errors, is_name, is_order, merged
from lrplan.sandbox.completion import ORDERED, UNORDERED
from lrplan.sandbox.database import Account, Database
from lrplan.sandbox.moments import UNKNOWN_DATE, date_key, is_utc, now
from lrplan.sandbox.options import DEFAULT_ACCOUNT_ID
from lrplan.sandbox.seeding_people import (
    MAX_INTEGER,
    SeedError,
    seed_account,
    seed_client,
    seed_list,
    seed_text,
    seed_token,
)

DEVICE = "Lightroom"  # what the customer's own pictures were imported on


def seed(database: Database, document: Any) -> dict[str, Any]:
    """Put a document's contents in, all or nothing; give ``{assets: [id], albums: [id]}``. ``SeedError`` if wrong."""
    known = {"account", "accounts", "tokens", "api_keys", "assets", "albums"}
    if not isinstance(document, dict) or not set(document) <= known:
        raise SeedError(f"a seed takes {', '.join(sorted(known))}")
    with database.changes():
        if "account" in document:
            seed_account(database, document["account"], DEFAULT_ACCOUNT_ID)
        for entry in seed_list(document, "accounts"):
            if not isinstance(entry, dict) or not is_guid(entry.get("id")):
                raise SeedError("accounts: expected tables with an id")
            seed_account(database, {name: entry[name] for name in entry if name != "id"}, entry["id"])
        for entry in seed_list(document, "tokens"):
            seed_token(database, entry, _account(database, entry).id)
        for entry in seed_list(document, "api_keys"):
            seed_client(database, entry)
        assets = [seed_asset(database, _account(database, entry), entry) for entry in seed_list(document, "assets")]
        albums = [_seed_album(database, _account(database, entry), entry) for entry in seed_list(document, "albums")]
    return {"assets": assets, "albums": albums}


def _account(database: Database, entry: Any) -> Account:
    """Find the account that an entry is for."""
    account_id = entry.get("account", DEFAULT_ACCOUNT_ID) if isinstance(entry, dict) else DEFAULT_ACCOUNT_ID
    if not is_guid(account_id) or database.row("SELECT 1 FROM account WHERE id = ?", (account_id,)) is None:
        raise SeedError(f"account: there is none with the id {account_id!r}")
    return database.account(account_id)


def seed_asset(database: Database, account: Account, entry: Any, *, file: str | None = None) -> str:
    """Put an asset in, inside ``database.changes``; give its id, made from its contents unless stated."""
    if account.catalog_id is None:
        raise SeedError("assets: the account has no catalog")
    if not isinstance(entry, dict):
        raise SeedError("assets: expected tables")
    asset_id = entry.get("id", hashlib.blake2b(json.dumps(entry).encode(), digest_size=16).hexdigest())
    extra = entry.get("payload", {})
    if not isinstance(extra, dict) or not isinstance(extra.get("importSource", {}), dict):
        raise SeedError(f"assets: wrong payload in {entry!r}")
    capture_date = entry.get("captureDate", extra.get("captureDate", UNKNOWN_DATE))
    capture_key = date_key(capture_date) if isinstance(capture_date, str) else None
    sha256 = entry.get("sha256")
    if not is_guid(asset_id) or capture_key is None or not (sha256 is None or SHA256.fullmatch(str(sha256))):
        raise SeedError(f"assets: wrong id, captureDate or sha256 in {entry!r}")
    moment = entry.get("created", now())
    size = entry.get("size", 0)
    if not is_utc(moment) or not isinstance(size, int) or not 0 <= size <= MAX_INTEGER:
        raise SeedError(f"assets: wrong created or size in {entry!r}")
    payload = merged(_payload(account, entry, capture_date, moment), {**extra, "captureDate": capture_date})
    complete = int(bool(entry.get("complete", True)))
    old = database.asset(account.catalog_id, asset_id)
    freed = old["size"] if old is not None and old["complete"] else 0
    database.run(
        "INSERT OR REPLACE INTO asset (catalog_id, id, subtype, created, updated, capture_key, payload, sha256,"
        " complete, size, file, stacked, flag) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            account.catalog_id,
            asset_id,
            seed_text(entry, "subtype", "image"),
            moment,
            moment,
            capture_key,
            json.dumps(payload),
            sha256,
            complete,
            size,
            file,
            int(bool(entry.get("stacked"))),
            seed_text(entry, "flag", "unflagged"),
        ),
    )
    database.run("UPDATE account SET used = used + ? WHERE id = ?", (size * complete - freed, account.id))
    return str(asset_id)


def _payload(account: Account, entry: dict[str, Any], capture_date: Any, moment: str) -> dict[str, Any]:
    source: dict[str, Any] = {
        "fileName": seed_text(entry, "fileName", "IMG_0001.jpg"),
        "importedOnDevice": DEVICE,
        "importedBy": account.id,
        "importTimestamp": moment,
    }
    if "sha256" in entry:
        source["sha256"] = entry["sha256"]
    if entry.get("size"):
        source["fileSize"] = entry["size"]
    return {"captureDate": capture_date, "userCreated": moment, "userUpdated": moment, "importSource": source}


def _seed_album(database: Database, account: Account, entry: Any) -> str:
    if account.catalog_id is None:
        raise SeedError("albums: the account has no catalog")
    payload = entry.get("payload") if isinstance(entry, dict) else None
    if not isinstance(payload, dict) or not is_name(payload.get("name")):
        raise SeedError("albums: expected tables with a payload that has a name")
    album_id = entry.get("id", hashlib.blake2b(json.dumps(entry).encode(), digest_size=16).hexdigest())
    wrong = album_errors(payload, new=False, whole=True)
    if not is_guid(album_id) or {"payload.cover", "payload.cover.id", "payload.parent", "payload.parent.id"} & set(
        wrong
    ):
        raise SeedError(f"albums: wrong id, cover or parent in {entry!r}")
    parent_id = payload.get("parent", {}).get("id")
    service_id = entry.get("serviceId")
    moment = now()
    database.run("DELETE FROM member WHERE catalog_id = ? AND album_id = ?", (account.catalog_id, album_id))
    database.run(
        "INSERT OR REPLACE INTO album (catalog_id, id, subtype, service_id, created, updated, name, parent_id, payload)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            account.catalog_id,
            album_id,
            seed_text(entry, "subtype", "project"),
            None if service_id is None else seed_text(entry, "serviceId"),
            moment,
            moment,
            payload["name"],
            parent_id,
            json.dumps(payload),
        ),
    )
    for member in seed_list(entry, "members"):
        _seed_member(database, account.catalog_id, album_id, member)
    return str(album_id)


def _seed_member(database: Database, catalog_id: str, album_id: str, entry: Any) -> None:
    asset = database.asset(catalog_id, seed_text(entry, "id"))
    payload = entry.get("payload", {})
    if (
        asset is None
        or not isinstance(payload, dict)
        or not (payload.get("order") is None or is_order(payload["order"]))
    ):
        raise SeedError(f"members: no such asset, or a wrong payload, in {entry!r}")
    order = payload.get("order")
    sort_key = f"{UNORDERED}{asset['capture_key']}" if order is None else f"{ORDERED}{order}"
    database.run(
        "INSERT OR REPLACE INTO member (catalog_id, album_id, asset_id, created, sort_key, payload)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (catalog_id, album_id, asset["id"], now(), sort_key, json.dumps(payload)),
    )

"""Health, account and catalog: what a client reads before anything else.

Problem: a client must learn from these whether it may go on: entitlement, storage, whether there is a catalog.
Method: documents of the contract's shape, filled from the account's row.
Surprising case: the older forms take 32 zeros for 'mine'; the customer's own id works in their place.
"""

from datetime import UTC, datetime, timedelta

from lrplan.sandbox.answers import GUID_WORDS, Answer, Document, bad_input, not_found
from lrplan.sandbox.calls import Call, is_guid
from lrplan.sandbox.database import Account
from lrplan.sandbox.moments import stamp
from lrplan.version import __version__

MINE = "0" * 32
WARN_SHARE = 0.75  # of the limit: where clients begin to warn
TRIAL = timedelta(days=7)
KEPT_AFTER_END = timedelta(days=365)  # how long an ended customer's photos are kept: the contract's sample has a date
DISPLAY_SHARE = 0.95  # of the limit; the contract: the limit is never below what is displayed


async def read_health(_call: Call) -> Answer:
    """GET health: the server's version, hexadecimal in the contract."""
    return Answer(status=200, document={"version": __version__.encode().hex()})


async def read_account(call: Call) -> Answer:
    """GET account: the customer, with entitlement and storage in bytes; the older form has avatars and apps as well."""
    account = call.account
    _own(call, "account_id", account.id, "account")
    call.service.history.begin()
    first, _, last = account.full_name.partition(" ")
    document: Document = {
        "base": f"{call.service.endpoint}/v2/",
        "id": account.id,
        "type": "account",
        "created": account.created,
        "updated": account.created,
        "email": account.email,
        "full_name": account.full_name,
        "first_name": first,
        "last_name": last,
        "wcd_guid": account.id[:24].upper(),
        "country": "US",
        "entitlement": _entitlement(account),
        "links": {"self": {"href": f"accounts/{account.id}"}},
        "config": {},
    }
    if "account_id" in call.ids:
        document["links"] |= _older_links(account)
        document |= {"avatar": {"placeholder": True}, "payload": {"lightroom": {}}}
    return Answer(status=200, document=document)


def _entitlement(account: Account) -> Document:
    """Write the state of the customer's subscription; what a state does not have is left out."""
    limit = account.storage_limit
    storage = {
        "used": account.used,
        "warn": int(limit * WARN_SHARE),
        "limit": limit,
        "display_limit": int(limit * DISPLAY_SHARE),
    }
    document: Document = {"status": account.status, "storage": storage}
    began = datetime.fromisoformat(account.created).astimezone(UTC)
    if account.status.startswith("trial"):
        document["trial"] = {"start": account.created, "end": stamp(began + TRIAL)}
    if account.status == "subscriber":
        document["current_subs"] = {
            "product_id": "lightroom",
            "store": "adobe",
            "purchase_date": account.created,
            "sao": {"inpkg_LRMP": "1"},
        }
    if account.status.endswith("_expired"):
        document["deletion_date"] = stamp(began + KEPT_AFTER_END)
    return document


def _older_links(account: Account) -> Document:
    sizes = {"small": 50, "small2x": 100, "medium": 115, "medium2x": 230, "large": 138, "large2x": 276}
    avatars = {
        f"/rels/avatars/{name}": {"href": f"/v2/avatars/{account.id}/0/{name}", "size": size}
        for name, size in sizes.items()
    }
    return {"self": {"href": f"/v2/accounts/{account.id}"}, "/rels/apps": {"href": "accounts/apps"}, **avatars}


async def read_catalog(call: Call) -> Answer:
    """GET catalog: 404/1000 for a customer who has none."""
    account = call.account
    if account.catalog_id is None:
        raise not_found("catalog")
    _own(call, "catalog_id", account.catalog_id, "catalog")
    home = f"catalogs/{account.catalog_id}"
    document: Document = {
        "base": f"{call.service.endpoint}/v2/",
        "id": account.catalog_id,
        "type": "catalog",
        "subtype": "lightroom",
        "created": account.created,
        "updated": account.created,
        "payload": {"userCreated": account.created, "userUpdated": account.created, "name": "Sandbox Catalog"},
        "links": {
            "self": {"href": home},
            "/rels/subtyped_albums": {"href": home + "/albums?subtype={subtype}", "templated": True},
            "/rels/subtyped_assets": {"href": home + "/assets?subtype={subtype}", "templated": True},
        },
    }
    if "catalog_id" in call.ids:
        document["links"] |= {
            "/rels/collections": {"href": home + "/albums?subtype=collection"},
            "/rels/images_videos": {"href": home + "/assets?subtype=image%3Bvideo"},
        }
    return Answer(status=200, document=document)


def _own(call: Call, name: str, own: str, resource: str) -> None:
    """Refuse an id in an older path that is neither zeros nor the customer's own."""
    asked = call.ids.get(name, MINE)
    if not is_guid(asked):
        raise bad_input(name, GUID_WORDS)
    if asked not in (MINE, own):
        raise not_found(resource)

"""Health, account and catalog: what a client reads before anything else.

Problem: a client must learn from these whether it may go on: entitlement, storage, whether there is a catalog.
Method: documents of the contract's shape, filled from the account's row.
Surprising case: the older forms take 32 zeros for 'mine'; the customer's own id works in their place.
"""

from lrplan.sandbox.answers import GUID_WORDS, Answer, Document, bad_input, not_found
from lrplan.sandbox.calls import Call, is_guid
from lrplan.version import __version__

MINE = "0" * 32
WARN_SHARE = 0.75  # of the limit: where clients begin to warn
DISPLAY_SHARE = 0.95  # of the limit; the contract: the limit is never below what is displayed


async def read_health(_call: Call) -> Answer:
    """GET health: the server's version, hexadecimal in the contract."""
    return Answer(status=200, document={"version": __version__.encode().hex()})


async def read_account(call: Call) -> Answer:
    """GET account: the customer, with entitlement and storage in bytes."""
    account = call.account
    _own(call, "account_id", account.id, "account")
    limit = account.storage_limit
    storage = {
        "used": account.used,
        "warn": int(limit * WARN_SHARE),
        "limit": limit,
        "display_limit": int(limit * DISPLAY_SHARE),
    }
    entitlement: Document = {
        "status": account.status,
        "current_subs": {"product_id": "lightroom", "store": "adobe", "purchase_date": account.created},
        "storage": storage,
    }
    document: Document = {
        "base": f"{call.service.endpoint}/v2/",
        "id": account.id,
        "type": "account",
        "created": account.created,
        "updated": account.created,
        "email": "customer@example.com",
        "full_name": "Sandbox Customer",
        "first_name": "Sandbox",
        "last_name": "Customer",
        "country": "US",
        "entitlement": entitlement,
        "links": {"self": {"href": f"accounts/{account.id}"}},
        "config": {},
    }
    return Answer(status=200, document=document)


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
    return Answer(status=200, document=document)


def _own(call: Call, name: str, own: str, resource: str) -> None:
    """Refuse an id in an older path that is neither zeros nor the customer's own."""
    asked = call.ids.get(name, MINE)
    if not is_guid(asked):
        raise bad_input(name, GUID_WORDS)
    if asked not in (MINE, own):
        raise not_found(resource)

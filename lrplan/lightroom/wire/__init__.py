"""
What the service's JSON means, and the only place where JSON is read or written on the way to it.

Every body may start with `while (1) {}` in any spacing, or may not; a field of an unexpected type costs that field, not
its page. Wire words (`project_set`) do not leave this package. Pure.
"""

from lrplan.lightroom.wire.claims import claims_of
from lrplan.lightroom.wire.existing import number_of, says_exists
from lrplan.lightroom.wire.rows import (
    KINDS,
    SUBTYPES,
    MemberProblem,
    MemberRow,
    NoPhoto,
    NoRows,
    Page,
    account_from_wire,
    album_from_wire,
    albums_from_wire,
    asset_detail_from_wire,
    assets_from_wire,
    body_of,
    catalog_from_wire,
    existing_asset,
    member_problems,
    members_from_wire,
    payload_of,
    updated_from_wire,
    version_from_wire,
)
from lrplan.lightroom.wire.text import NotJson, begins_as_json, flaw_of, tree
from lrplan.lightroom.wire.tokens import TokenAnswer, oauth_error, person_from_wire, tokens_from_wire

__all__ = [
    "KINDS",
    "SUBTYPES",
    "MemberProblem",
    "MemberRow",
    "NoPhoto",
    "NoRows",
    "NotJson",
    "Page",
    "TokenAnswer",
    "account_from_wire",
    "album_from_wire",
    "albums_from_wire",
    "asset_detail_from_wire",
    "assets_from_wire",
    "begins_as_json",
    "body_of",
    "catalog_from_wire",
    "claims_of",
    "existing_asset",
    "flaw_of",
    "member_problems",
    "members_from_wire",
    "number_of",
    "oauth_error",
    "payload_of",
    "person_from_wire",
    "says_exists",
    "tokens_from_wire",
    "tree",
    "updated_from_wire",
    "version_from_wire",
]

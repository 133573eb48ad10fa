"""
What the answers of a service mean for somebody who wants to plan and apply: one judgement a line.

Nothing is asked here.
"""

from datetime import datetime

from lrplan.diagnostics import Diagnostic, error, warning
from lrplan.manifest.entries import Manifest, Project
from lrplan.model.checkup import Check, Fact, Topic, doubtful, failed, skipped, well
from lrplan.model.ids import ServiceId
from lrplan.model.snapshot import Account, Catalog
from lrplan.ports import Claims
from lrplan.render.amounts import count, size
from lrplan.workflow.reading import ENTITLED, another

CLOCK_OFF_MAX_S = 180  # ours: sign-in servers commonly allow five minutes, and a clock that is off drifts on
TOKEN_LEFT_MIN_S = 1800  # ours: a long apply should not outlive its token
STORAGE_FULL_SHARE = 0.95  # ours
NEEDED_SCOPES = ("AdobeID", "lr_partner_apis", "openid")  # Lightroom guides, "Getting started"
_ACCOUNT_HINTS = {  # Lightroom API, "Get account": the statuses
    "created": "the account has never had Lightroom: start a subscription or a trial",
    "trial_expired": "the trial has ended: start a subscription",
    "subscriber_expired": "the subscription has ended: renew it",
}


def files_check(*, has_files: bool, manifest: Manifest | None, said: tuple[Diagnostic, ...]) -> Check:
    """Are the project's files there and valid?"""
    if not has_files:
        return skipped(Topic.PROJECT, "there is no lrplan.yaml here; the environment alone is examined")
    if manifest is None:
        return failed(Topic.PROJECT, *said)
    members = sum(len(album.members.values) for album in manifest.albums.values() if album.members is not None)
    facts: dict[str, Fact] = {"sets": len(manifest.sets), "albums": len(manifest.albums), "members": members}
    counts = f"{count(len(manifest.sets), 'set')}, {count(len(manifest.albums), 'album')}, {count(members, 'member')}"
    summary = f"{manifest.project.name}: {counts}"
    if said:
        return doubtful(Topic.PROJECT, summary, *said, facts=facts)
    return well(Topic.PROJECT, summary, facts)


def clock_check(*, here: str, there: str | None) -> Check:
    """Does this machine's clock go with the service's? Both are UTC instants in ISO 8601."""
    if there is None:
        return skipped(Topic.CLOCK, "the service does not tell the time")
    off_s = round((datetime.fromisoformat(here) - datetime.fromisoformat(there)).total_seconds())
    facts = {"offBySeconds": off_s}
    if abs(off_s) <= CLOCK_OFF_MAX_S:
        return well(Topic.CLOCK, "goes with the service's" if abs(off_s) <= 1 else f"{_aside(off_s)}, no harm", facts)
    said = warning(
        "LRP351",
        f"this machine's clock is {_aside(off_s)}",
        why=f"It says {here[:19]}Z, the service {there}. The stamps of albums and the ends of tokens depend on it.",
        hint="set the clock, or let it be set from the network",
    )
    return doubtful(Topic.CLOCK, said.what, said, facts=facts)


def token_check(claims: Claims | None, *, now: str, service_id: ServiceId) -> Check:
    """The service has accepted the token: until when?"""
    expires_at = claims.expires_at if claims is not None else None
    left_s = seconds_left(expires_at, now=now)
    facts = {"expiresAt": expires_at, "secondsLeft": left_s}
    if claims is not None and claims.client_id not in (None, service_id):
        said = warning(
            "LRP352",
            "the access token says that it is for another API key",
            why="The service accepts the two together for now.",
            hint="use the API key and the token of one integration: albums belong to the API key that made them",
        )
        return doubtful(Topic.TOKEN, said.what, said, facts=facts)
    if expires_at is None or left_s is None:
        return well(Topic.TOKEN, "accepted; it does not say until when", facts)
    if left_s >= TOKEN_LEFT_MIN_S:
        return well(Topic.TOKEN, f"accepted, until {expires_at} (in {_long(left_s)})", facts)
    if claims is not None and claims.renews and left_s > 0:
        until = f"accepted, until {expires_at} (in {_long(left_s)}); another one follows by itself"
        return well(Topic.TOKEN, until, facts)
    ends = f"ends in {_long(left_s)}" if left_s > 0 else "says that it has ended, and is accepted still"
    said = warning(
        "LRP352",
        f"the access token {ends}",
        why=f"It was issued until {expires_at}.",
        hint="get a new one before a long apply; should it end in the middle, the next apply finishes",
    )
    return doubtful(Topic.TOKEN, said.what, said, facts=facts)


def seconds_left(expires_at: str | None, *, now: str) -> int | None:
    """Whole seconds from *now* to *expires_at*, negative when that has passed; None where nobody says."""
    if expires_at is None:
        return None
    return int((datetime.fromisoformat(expires_at) - datetime.fromisoformat(now)).total_seconds())


def scopes_check(claims: Claims | None) -> Check:
    """Is the token for what lrplan does?"""
    if claims is None or claims.scopes is None:
        return skipped(Topic.SCOPES, "unknown: the access token does not name them")
    missing = tuple(scope for scope in NEEDED_SCOPES if scope not in claims.scopes)
    facts = {"scopes": claims.scopes, "missing": missing}
    if not missing:
        return well(Topic.SCOPES, ", ".join(NEEDED_SCOPES), facts)
    said = error(
        "LRP353",
        f"the access token lacks {', '.join(missing)}",
        why=f"It was issued for {', '.join(claims.scopes) or 'nothing'}.",
        hint=f"ask for the scopes {','.join(NEEDED_SCOPES)} when you sign in; commas join them",
    )
    return failed(Topic.SCOPES, said, facts=facts)


def entitlement_check(account: Account) -> Check:
    """May the account use the service?"""
    facts = {"status": account.status, "accountId": account.id, "accountName": account.name}
    shown = f"{account.name} ({account.id})" if account.name else account.id
    if account.status in ENTITLED:
        return well(Topic.ENTITLEMENT, f"{account.status}: {shown}", facts)
    said = error(
        "LRP303",
        f"the account may not use the service: its status is {account.status or 'not given'!r}",
        why=f"It is {shown}. Only subscribers and trial users can be served.",
        hint=_ACCOUNT_HINTS.get(account.status, "check the subscription of the account"),
    )
    return failed(Topic.ENTITLEMENT, said, facts=facts)


def storage_check(account: Account) -> Check:
    """Is there room for uploads?"""
    used, limit = account.storage_used_bytes, account.storage_limit_bytes
    facts = {"usedBytes": used, "limitBytes": limit}
    if used is None or limit is None:
        said = warning(
            "LRP354",
            "the service does not say how much storage is left",
            why="So no plan can tell whether its originals fit; the service ends the run when one does not.",
            hint="look in Lightroom before you upload much; nothing else depends on it",
        )
        return doubtful(Topic.STORAGE, said.what, said, facts=facts)
    shown = f"{size(used)} of {size(limit)} used"
    if used < STORAGE_FULL_SHARE * limit:
        return well(Topic.STORAGE, shown, facts)
    said = warning(
        "LRP403",
        f"the storage is {'full' if used >= limit else 'nearly full'}: {shown}",
        why="Originals that do not fit are refused. Albums of photos that are in the catalog can still be changed.",
        hint="free some storage, or extend it, before anything is uploaded",
    )
    return doubtful(Topic.STORAGE, said.what, said, facts=facts)


def catalog_check(account: Account, catalog: Catalog, project: Project | None) -> Check:
    """Is it the catalog that the project means?"""
    facts = {"catalogId": catalog.id, "catalogName": catalog.name}
    wrong = []
    if project is not None:
        for noun, wanted, live in (("account", project.account, account.id), ("catalog", project.catalog, catalog.id)):
            if wanted is not None and wanted.value != live:
                wrong.append(another(noun, wanted.value, live, span=wanted.span))
    if wrong:
        return failed(Topic.CATALOG, *wrong, facts=facts)
    guarded = project is not None and project.account is not None and project.catalog is not None
    shown = f"{catalog.name} ({catalog.id})" if catalog.name else catalog.id
    return well(Topic.CATALOG, f"{shown}, as lrplan.yaml says" if guarded else shown, facts)


def _aside(off_s: int) -> str:
    return f"{_long(abs(off_s))} {'ahead' if off_s > 0 else 'behind'}"


def _long(seconds: int) -> str:
    for unit, unit_s, least in (("day", 86400, 2), ("hour", 3600, 1), ("minute", 60, 1)):
        if seconds >= least * unit_s:
            return count(seconds // unit_s, unit)
    return count(seconds, "second")

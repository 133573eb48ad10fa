"""Who may call: API key, access token, the account's entitlement, and how often.

Problem: each reason to be turned away has its own status and shape, and clients react differently to each.
Method: the checks run in the order a request meets them: the gateway (rate, API key), the sign-in (token), the
account's state.
An API key can be of a client that must be upgraded; the contract lists that refusal, 403/4999, where assets are read.
Surprising case: health needs no token, and an account whose subscription ended may still read itself: that is how a
client learns why everything else is 403/4301.
"""

from collections import deque

from lrplan.sandbox.answers import FORBIDDEN, FORBIDDEN_ACCOUNT, UPGRADE_REQUIRED, Answer, Refusal, refuse
from lrplan.sandbox.database import Account, Database, account_of
from lrplan.sandbox.digests import digest
from lrplan.sandbox.ims import PARTNER, is_over, scopes_of

# The contract has this very text where a real answer has the address.
APP_HREF = "<app_url> (Link to the where to find a new version of the client application)"
ENTITLED = frozenset({"subscriber", "trial"})  # upload guide, 'Check Customer Entitlement'
GATEWAY_HTML = (
    b"<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n<center><h1>403 Forbidden</h1></center>\r\n"
    b"</body>\r\n</html>\r\n"
)


def check_key(database: Database, api_key: str, *, as_html: bool) -> bool:
    """Refuse an API key that is absent or not known: 403/403003, in the gateway's shape or as its HTML page.

    Otherwise give whether its client must be upgraded.
    """
    row = None
    if api_key.isascii():
        row = database.row("SELECT outdated FROM api_key WHERE api_key = ?", (api_key,))
    if row is not None:
        return bool(row["outdated"])
    if as_html:
        raise Refusal(Answer(status=403, content=GATEWAY_HTML, content_type="text/html"))
    raise Refusal(Answer(status=403, document={"error_code": "403003", "message": "Api Key is invalid"}))


def upgrade_required() -> Refusal:
    """403/4999: the client application must be upgraded."""
    document = {
        "code": UPGRADE_REQUIRED,
        "description": "Upgrade required",
        "links": {"/rels/client_app": {"href": APP_HREF}},
    }
    return Refusal(Answer(status=403, document=document))


def sign_in(database: Database, authorization: str) -> Account:
    """Give the account a token is for: 401 with no body when there is none, 403/4300 when it is refused or expired.

    A token whose customer did not grant the scope of the Lightroom calls is refused.
    """
    scheme, _, token = authorization.partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise Refusal(Answer(status=401, headers={"WWW-Authenticate": "Bearer"}))
    found = database.row(
        "SELECT a.*, t.expires, t.scope FROM token t JOIN account a ON a.id = t.account_id"
        " WHERE t.token = ? AND NOT t.expired",
        (digest(token),),
    )
    if found is None or is_over(found) or (found["scope"] is not None and PARTNER not in scopes_of(found["scope"])):
        raise refuse(403, FORBIDDEN, "Access is forbidden")
    return account_of(found)


def check_entitlement(account: Account) -> None:
    """Refuse an account that is neither subscriber nor on trial: 403/4301."""
    if account.status not in ENTITLED:
        raise refuse(403, FORBIDDEN_ACCOUNT, "Access forbidden due to account state of resource owner")


class Pace:
    """Counts the calls of one API key against a rate; refused calls do not count."""

    def __init__(self, rate: float) -> None:
        """Take calls a second; 0 is no bound. A rate below one is counted over a window long enough for one call."""
        self._window = max(1.0, 1 / rate) if rate > 0 else 0.0
        self._most = max(1, int(rate * self._window))
        self._times: deque[float] = deque()
        self._refused = 0

    def check(self, moment: float) -> None:
        """Refuse with an empty 429 when the window is full; every second one says ``Retry-After``, in seconds."""
        if not self._window:
            return
        while self._times and self._times[0] <= moment - self._window:
            self._times.popleft()
        if len(self._times) < self._most:
            self._times.append(moment)
            return
        self._refused += 1
        wait = max(1, round(self._times[0] + self._window - moment))
        raise Refusal(Answer(status=429, headers={"Retry-After": str(wait)} if self._refused % 2 else {}))

"""The page on which a customer lets a client in, and the way back to the client.

Problem: a client sends its customer's browser here and gets it back with a code, or with the reason why not.
Method: ``GET /ims/authorize/v2`` shows a plain page; its two buttons ask for the same address with ``decision=allow``
or ``deny`` and the ``account`` that was chosen, and are answered with a redirect. Tests do as the buttons do.
Surprising case: a request with an unknown client or an unusable ``redirect_uri`` must not be sent back anywhere
(RFC 6749, 4.1.2.1): its error is shown to the customer instead.
"""

import html
import re
from urllib.parse import urlencode, urlsplit

from lrplan.sandbox.answers import Answer
from lrplan.sandbox.calls import Call
from lrplan.sandbox.ims import NO_STORE, SCOPES, client_of, issue_code, scopes_of
from lrplan.sandbox.options import DEFAULT_ACCOUNT_ID
from lrplan.sandbox.page_frame import POLICY, document

LOOPBACK = ("localhost", "127.0.0.1", "::1")
OWN_SCHEME = re.compile(r"[a-z][a-z0-9-]*[.+][a-z0-9.+-]+")  # a native client's: com.example.app, adobe+0a1b2c
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")  # RFC 7636, 4.2: base64url of a SHA-256
ALLOW, DENY = "allow", "deny"


async def authorize(call: Call) -> Answer:
    """GET authorize: the page; 302 to ``redirect_uri`` with ``code`` or ``error``, and ``state``; 400 with a page."""
    asked = dict(call.query)
    client = client_of(call.service.database, asked.get("client_id", ""))
    if client is None:
        return _shown("invalid_client", "No such client_id.")
    if not _is_usable(asked.get("redirect_uri", "")):
        return _shown("invalid_request", "redirect_uri must be https, a loopback address, or an application's own.")
    if asked.get("response_type") != "code":
        return _back(asked, error="unsupported_response_type")
    scopes = scopes_of(asked.get("scope", ""))
    if not scopes or not set(scopes) <= set(SCOPES):
        return _back(asked, error="invalid_scope")
    challenge = asked.get("code_challenge")
    if challenge is None and client["secret"] is None:
        return _back(asked, error="invalid_request", error_description="code_challenge is missing")
    if challenge is not None and not (
        CHALLENGE.fullmatch(challenge) and asked.get("code_challenge_method", "plain") == "S256"
    ):
        return _back(asked, error="invalid_request", error_description="code_challenge_method must be S256")
    decision = asked.get("decision")
    if decision == DENY:
        return _back(asked, error="access_denied")
    if decision != ALLOW:
        return _page(call, asked, scopes)
    account_id = asked.get("account", DEFAULT_ACCOUNT_ID)
    if call.service.database.row("SELECT 1 FROM account WHERE id = ?", (account_id,)) is None:
        return _back(asked, error="access_denied")
    return _back(asked, code=issue_code(call.service.database, account_id, asked))


def _is_usable(redirect_uri: str) -> bool:
    """Whether a browser may be sent there: https, http to this machine, or a native client's own scheme."""
    try:
        parts = urlsplit(redirect_uri)
        host = parts.hostname
    except ValueError:
        return False
    if parts.fragment or not redirect_uri.isascii() or re.search(r"[\x00-\x20\x7f]", redirect_uri):
        return False
    if parts.scheme in ("https", "http"):
        return bool(host) and (parts.scheme == "https" or host in LOOPBACK)
    return OWN_SCHEME.fullmatch(parts.scheme) is not None


def _back(asked: dict[str, str], **told: str) -> Answer:
    """Send the browser back to the client, with the client's ``state``."""
    if "state" in asked:
        told["state"] = asked["state"]
    uri = asked["redirect_uri"]
    joint = "&" if urlsplit(uri).query else "?"
    location = f"{uri}{joint}{urlencode(told, errors='replace')}"
    return Answer(status=302, headers={**NO_STORE, "Location": location, "Referrer-Policy": "no-referrer"})


def _html(status: int, title: str, body: str) -> Answer:
    content = document(title, body).encode("utf-8", "replace")
    headers = {**NO_STORE, **POLICY}
    return Answer(status=status, content=content, content_type="text/html; charset=utf-8", headers=headers)


def _shown(error: str, words: str) -> Answer:
    return _html(400, "Sign-in refused", f"<h1>Sign-in refused</h1><p><code>{error}</code>: {html.escape(words)}</p>")


def _page(call: Call, asked: dict[str, str], scopes: tuple[str, ...]) -> Answer:
    hidden = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in asked.items()
        if name not in ("account", "decision")
    )
    chosen = asked.get("account", DEFAULT_ACCOUNT_ID)
    accounts = "".join(
        f'<p><label><input type="radio" name="account" value="{html.escape(row["id"])}"'
        f"{' checked' if row['id'] == chosen else ''}> {html.escape(row['full_name'])}"
        f" <small>{html.escape(row['email'])}, {html.escape(row['status'])}</small></label></p>"
        for row in call.service.database.rows("SELECT * FROM account ORDER BY rowid")
    )
    wanted = "".join(f"<li><code>{html.escape(scope)}</code></li>" for scope in scopes)
    client = html.escape(asked["client_id"])
    return _html(
        200,
        "Sign in to the sandbox",
        f"<main><h1>Let <code>{client}</code> in?</h1><p>This stands in for Adobe's sign-in. It asks for</p>"
        f'<ul>{wanted}</ul><form method="get">{hidden}{accounts}'
        f'<p><button name="decision" value="{ALLOW}">Allow</button> '
        f'<button name="decision" value="{DENY}">Deny</button></p></form></main>',
    )

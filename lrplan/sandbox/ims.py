"""Adobe's sign-in (IMS): codes and refresh tokens for access tokens, who a token is for, and the end of a token.

Problem: a client signs its customer in once and renews the token for weeks; each refresh token works one time, and
whoever loses the answer has lost its successor.
Method: OAuth 2.0 (RFC 6749, 7009, 7636) over three tables, in IMS's notation: scopes joined with commas, ``expires_in``
in seconds, refusals as ``{error, error_description}``.
Surprising case: a refresh token is ended in the transaction that makes its successor, before the answer is sent; so
when the answer is lost, the old token is refused. Native clients get no refresh token at all.
"""

import base64
import binascii
import hashlib
import json
import re
import secrets
import sqlite3
import time
from urllib.parse import unquote

from lrplan.sandbox.answers import Answer, Document, Refusal
from lrplan.sandbox.calls import Call
from lrplan.sandbox.database import Database
from lrplan.sandbox.digests import digest

# The scopes of the Lightroom Services API; offline_access asks for a refresh token.
PARTNER, RENDITION, OFFLINE = "lr_partner_apis", "lr_partner_rendition_apis", "offline_access"
SCOPES = ("openid", "AdobeID", PARTNER, RENDITION, OFFLINE)
NO_STORE = {"Cache-Control": "no-store"}
TOKEN_BYTES = 32
CODE_LIFE_S = 300  # far longer than a browser takes to come back
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")  # RFC 7636, 4.1


def plain(status: int, document: Document, headers: dict[str, str] | None = None) -> Answer:
    """Make an answer as IMS does: JSON without the preface of the Lightroom calls, never to be cached."""
    body = json.dumps(document).encode()
    return Answer(status=status, content=body, content_type="application/json", headers={**NO_STORE, **(headers or {})})


def refuse(error: str, description: str, status: int = 400) -> Refusal:
    """Make a refusal in IMS's shape (RFC 6749, 5.2): ``{error, error_description}``."""
    headers = {"WWW-Authenticate": "Basic"} if status == 401 else None  # RFC 6749, 5.2
    return Refusal(plain(status, {"error": error, "error_description": description}, headers))


def scopes_of(text: str) -> tuple[str, ...]:
    """Split scopes, joined with commas as IMS has it or with spaces as OAuth has it."""
    return tuple(dict.fromkeys(re.findall(r"[^\s,]+", text)))


def client_of(database: Database, client_id: str) -> sqlite3.Row | None:
    """Give a client's row, ``api_key, secret, native``; the API key is the client id, the secret is its digest."""
    if not client_id.isascii():
        return None
    return database.row("SELECT * FROM api_key WHERE api_key = ?", (client_id,))


def issue_code(database: Database, account_id: str, asked: dict[str, str]) -> str:
    """Make a code for an account; ``asked`` are the checked parameters of the authorization request."""
    code = secrets.token_urlsafe(TOKEN_BYTES)
    with database.changes():
        database.run(
            "INSERT INTO code (code, account_id, client_id, scope, redirect_uri, challenge, expires)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                digest(code),
                account_id,
                asked["client_id"],
                ",".join(scopes_of(asked.get("scope", ""))),
                asked["redirect_uri"],
                asked.get("code_challenge"),
                time.time() + CODE_LIFE_S,
            ),
        )
    return code


async def give_tokens(call: Call) -> Answer:
    """POST token: ``{access_token, token_type, expires_in, sub, refresh_token}``; 400 or 401 with ``{error}``."""
    form = await _form(call)
    grant_type = form.get("grant_type")
    if grant_type not in ("authorization_code", "refresh_token"):
        raise refuse("unsupported_grant_type", f"grant_type {grant_type or 'missing'} is not supported")
    client, is_proven = _client(call, form)
    database = call.service.database
    with database.changes():
        if grant_type == "authorization_code":
            grant = _spend_code(database, client, form, is_proven=is_proven)
        else:
            grant = _spend_refresh_token(database, client, form, is_proven=is_proven)
        return plain(200, _issue(call, client, grant))


async def read_userinfo(call: Call) -> Answer:
    """GET userinfo: who the bearer's token is for; 401 with ``{error}`` otherwise."""
    scheme, _, token = call.header("Authorization").partition(" ")
    database = call.service.database
    row = None
    if scheme.lower() == "bearer":
        row = database.row("SELECT * FROM token WHERE token = ? AND NOT expired", (digest(token.strip()),))
    if row is None or is_over(row):
        raise Refusal(plain(401, {"error": "invalid_token"}, {"WWW-Authenticate": 'Bearer error="invalid_token"'}))
    account = database.account(row["account_id"])
    first, _, last = account.full_name.partition(" ")
    document: Document = {
        "sub": subject(account.id),
        "account_type": "type1",
        "name": account.full_name,
        "given_name": first,
        "family_name": last,
        "email": account.email,
        "email_verified": True,
        "address": {"country": "US"},
    }
    return plain(200, document)


async def revoke(call: Call) -> Answer:
    """POST revoke: 200 whether or not the token was one (RFC 7009, 2.2); a client ends its own tokens only."""
    form = await _form(call)
    client, _ = _client(call, form)
    token = form.get("token")
    if not token:
        raise refuse("invalid_request", "token is missing")
    database = call.service.database
    with database.changes():
        database.run(
            "UPDATE token SET expired = 1 WHERE token = ? AND coalesce(client_id, ?) = ?",
            (digest(token), client["api_key"], client["api_key"]),
        )
        database.run(
            "UPDATE refresh_token SET ended = 1 WHERE token = ? AND client_id = ?", (digest(token), client["api_key"])
        )
    return Answer(status=200, headers=NO_STORE)


def is_over(token: sqlite3.Row) -> bool:
    """Whether an access token's life has passed."""
    return token["expires"] is not None and token["expires"] <= time.time()


def subject(account_id: str) -> str:
    """Write an account's id as IMS does."""
    return f"{account_id[:24].upper()}@AdobeID"


async def _form(call: Call) -> dict[str, str]:
    """Give the parameters of the body, and of the query, where Adobe's older samples put some of them."""
    try:
        return {**call.query, **await call.form()}
    except Refusal as refusal:
        raise refuse("invalid_request", "the body must be form-encoded") from refusal


def _client(call: Call, form: dict[str, str]) -> tuple[sqlite3.Row, bool]:
    """Find the client and whether it has proven itself with its secret; a wrong secret is refused."""
    client_id, secret, status = form.get("client_id", ""), form.get("client_secret"), 400
    scheme, _, basic = call.header("Authorization").partition(" ")
    if scheme.lower() == "basic":
        status = 401
        try:
            pair = base64.b64decode(basic, validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise refuse("invalid_client", "unreadable credentials", status) from error
        client_id, secret = (unquote(part) for part in pair.partition(":")[::2])
    client = client_of(call.service.database, client_id)
    if client is None:
        raise refuse("invalid_client", "invalid client_id parameter", status)
    if secret and client["secret"] is not None and digest(secret) != client["secret"]:
        raise refuse("invalid_client", "invalid client_secret parameter", status)
    return client, bool(secret) and client["secret"] is not None


def _spend_code(database: Database, client: sqlite3.Row, form: dict[str, str], *, is_proven: bool) -> sqlite3.Row:
    row = database.row("SELECT * FROM code WHERE code = ?", (digest(form.get("code", "")),))
    if row is None or row["spent"] or row["expires"] <= time.time() or row["client_id"] != client["api_key"]:
        raise refuse("invalid_grant", "the code is unknown, was used, or has expired")
    if form.get("redirect_uri", row["redirect_uri"]) != row["redirect_uri"]:
        raise refuse("invalid_grant", "redirect_uri is not the one that the code was sent to")
    if row["challenge"] is None:
        if not is_proven:
            raise refuse("invalid_client", "client_secret or code_verifier is missing")
    elif not _answers(form.get("code_verifier", ""), row["challenge"]):
        raise refuse("invalid_grant", "code_verifier does not match the challenge")
    database.run("UPDATE code SET spent = 1 WHERE code = ?", (row["code"],))
    return row


def _answers(verifier: str, challenge: str) -> bool:
    """Whether a PKCE verifier is the one of an S256 challenge (RFC 7636, 4.6)."""
    if not VERIFIER.fullmatch(verifier):
        return False
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode() == challenge


def _spend_refresh_token(
    database: Database, client: sqlite3.Row, form: dict[str, str], *, is_proven: bool
) -> sqlite3.Row:
    if client["secret"] is not None and not is_proven:
        raise refuse("invalid_client", "client_secret is missing")
    row = database.row("SELECT * FROM refresh_token WHERE token = ?", (digest(form.get("refresh_token", "")),))
    if row is None or row["ended"] or row["expires"] <= time.time() or row["client_id"] != client["api_key"]:
        raise refuse("invalid_grant", "the refresh token is unknown, was used, or has expired")
    database.run("UPDATE refresh_token SET ended = 1 WHERE token = ?", (row["token"],))
    return row


def _issue(call: Call, client: sqlite3.Row, grant: sqlite3.Row) -> Document:
    """Make the tokens of a grant, inside ``database.changes``."""
    database, options = call.service.database, call.service.options
    moment = time.time()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    database.run(
        "INSERT INTO token (token, account_id, expired, expires, client_id, scope) VALUES (?, ?, 0, ?, ?, ?)",
        (digest(token), grant["account_id"], moment + options.token_life_s, client["api_key"], grant["scope"]),
    )
    document: Document = {
        "access_token": token,
        "token_type": "bearer",
        "expires_in": options.token_life_s,
        "sub": subject(grant["account_id"]),
    }
    if OFFLINE in scopes_of(grant["scope"]) and not client["native"]:
        successor = secrets.token_urlsafe(TOKEN_BYTES)
        database.run(
            "INSERT INTO refresh_token (token, account_id, client_id, scope, expires) VALUES (?, ?, ?, ?, ?)",
            (
                digest(successor),
                grant["account_id"],
                client["api_key"],
                grant["scope"],
                moment + options.refresh_life_s,
            ),
        )
        document["refresh_token"] = successor
    return document

"""What a sandbox is told when it starts, and what it tells whoever started it.

Problem: commands, tests and demonstrations start a stand-in service in one line and must agree on its settings.
Method: three frozen values; the only callables are the two hooks around each request.
Surprising case: a hook may raise ``ConnectionResetError``; the client then sees a connection closed with no answer,
after the work was done when it was ``after_request`` that raised.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path

from attrs import field, frozen, validators

DEFAULT_ACCOUNT_ID = "96e656e3812b4c2fb670fa74b6a7ad74"
DEFAULT_CATALOG_ID = "bf7337d9355c41b7875c9392f918362a"
DEFAULT_API_KEY = "sandbox"
DEFAULT_ACCESS_TOKEN = "sandbox-token"  # noqa: S105  # a stand-in on loopback has nothing to keep secret
DEFAULT_CLIENT_SECRET = "sandbox-secret"  # noqa: S105  # the same

TOKEN_LIFE_S = 86_400  # seen on the live service: access tokens live 24 hours
REFRESH_LIFE_S = 14 * 86_400  # the same: refresh tokens live 14 days

REPLACE = "replace"
MERGE = "merge"


@frozen(kw_only=True)
class SandboxOptions:
    """How to run one sandbox.

    ``data`` is a folder, made when missing, that holds ``catalog.sqlite`` and the originals and survives restarts.
    ``port`` 0 means any free one, on 127.0.0.1. ``photos`` is a folder whose pictures are in the customer's catalog
    from the start. ``untidy`` behaves as the live service was seen to where it strays from its contract.
    ``latency_ms`` is added to every answer. ``rate`` is calls a second, above which the answer is 429; 0 is no bound.
    ``update_mode`` says whether an album update replaces the payload or is merged into it: the contract does not.
    ``token_life_s`` and ``refresh_life_s`` are how long access and refresh tokens live that the sign-in gives out;
    the token in ``RunningSandbox`` lives until a fault or a seed ends it.
    """

    data: Path
    port: int = 0
    photos: Path | None = None
    untidy: bool = False
    latency_ms: int = 0
    rate: float = 0
    update_mode: str = field(default=REPLACE, validator=validators.in_((REPLACE, MERGE)))
    token_life_s: int = TOKEN_LIFE_S
    refresh_life_s: int = REFRESH_LIFE_S


@frozen(kw_only=True)
class RunningSandbox:
    """Where a sandbox listens (``http://127.0.0.1:PORT``) and what to send it; ids are 32 hex digits.

    The sign-in, ``/ims/…``, is at the same endpoint; there the API key is the client id.
    """

    endpoint: str
    api_key: str
    access_token: str
    account_id: str
    catalog_id: str
    client_secret: str = DEFAULT_CLIENT_SECRET


@frozen(kw_only=True)
class SeenRequest:
    """One request as it came in.

    ``number`` counts from 1; ``path`` is raw, with its query; ``route`` is a template such as
    ``PUT /v2/catalogs/{catalog_id}/albums/{album_id}/assets``.
    """

    number: int
    method: str
    path: str
    route: str
    is_write: bool


BeforeRequest = Callable[[SeenRequest], Awaitable[None]]
AfterRequest = Callable[[SeenRequest, int], Awaitable[None]]

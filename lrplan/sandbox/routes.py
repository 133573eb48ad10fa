"""Which call a method and a path mean.

Problem: every call has a template that logs and faults name it by, and anything the contract does not list must be
refused, above all what would remove a member from an album or reorder it.
Method: one table of templates; a path is split at its slashes and compared with the templates of the same length.
Surprising case: a known path with a method that is not listed is 405 with an ``Allow`` header; any other is 404.
"""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import unquote

from attrs import frozen

from lrplan.sandbox import accounts, albums, assets, consent, develop, ims, members, originals, renditions
from lrplan.sandbox.album_listing import list_albums
from lrplan.sandbox.answers import NOT_PERMITTED, Answer, not_found, refuse
from lrplan.sandbox.asset_listing import list_assets
from lrplan.sandbox.calls import Call
from lrplan.sandbox.member_listing import list_members

Handler = Callable[[Call], Awaitable[Answer]]

READING = frozenset({"GET", "HEAD"})
HEALTH = "/v2/health"
_CATALOG = "/v2/catalogs/{catalog_id}"
_ASSET = _CATALOG + "/assets/{asset_id}"
_ALBUM = _CATALOG + "/albums/{album_id}"
_REVISION = _ASSET + "/revisions/{revision_id}"

# The forms with revisions, accounts and catalogs by id are older; the vendor's guides still show them.
CALLS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", HEALTH, accounts.read_health),
    ("GET", "/v2/account", accounts.read_account),
    ("GET", "/v2/accounts/{account_id}", accounts.read_account),
    ("GET", "/v2/catalog", accounts.read_catalog),
    ("GET", _CATALOG, accounts.read_catalog),
    ("GET", _CATALOG + "/assets", list_assets),
    ("GET", _ASSET, assets.read_asset),
    ("PUT", _ASSET, assets.create_asset),
    ("PUT", _REVISION, assets.create_asset),
    ("PUT", _ASSET + "/master", originals.put_original),
    ("PUT", _REVISION + "/master", originals.put_original),
    ("GET", _ASSET + "/xmp/develop", develop.read_develop),
    ("PUT", _ASSET + "/xmp/develop", develop.put_develop),
    ("PUT", _REVISION + "/xmp/develop", develop.put_develop),
    ("POST", _ASSET + "/renditions", renditions.generate_renditions),
    ("GET", _ASSET + "/renditions/{rendition_type}", renditions.read_rendition),
    ("HEAD", _ASSET + "/renditions/{rendition_type}", renditions.read_rendition),
    ("GET", _CATALOG + "/albums", list_albums),
    ("GET", _ALBUM, albums.read_album),
    ("PUT", _ALBUM, albums.create_album),
    ("POST", _ALBUM, albums.update_album),
    ("DELETE", _ALBUM, albums.delete_album),
    ("GET", _ALBUM + "/assets", list_members),
    ("PUT", _ALBUM + "/assets", members.add_members),
    ("GET", "/ims/authorize/v2", consent.authorize),
    ("POST", "/ims/token/v3", ims.give_tokens),
    ("GET", "/ims/userinfo/v2", ims.read_userinfo),
    ("POST", "/ims/revoke", ims.revoke),
)
SIGN_IN = "/ims/"  # begins the paths of calls that need neither API key nor token
ASSET_READS = frozenset({f"GET {_ASSET}", f"GET {_CATALOG}/assets"})


@frozen(kw_only=True)
class Route:
    """A call that was recognised: its name, its path's template, and how to answer it with the ids of its path."""

    name: str
    path: str
    handler: Handler
    ids: Mapping[str, str]


async def _refuse_path(_call: Call) -> Answer:
    raise not_found("resource")


def _refuse_method(allowed: frozenset[str]) -> Handler:
    async def answer(_call: Call) -> Answer:
        refusal = refuse(405, NOT_PERMITTED, "Requested operation not permitted")
        return Answer(status=405, document=refusal.answer.document, headers={"Allow": ", ".join(sorted(allowed))})

    return answer


class Router:
    """The table, arranged for looking up."""

    def __init__(self) -> None:
        self._templates: dict[int, dict[str, tuple[tuple[str, ...], dict[str, Handler]]]] = {}
        for method, template, handler in CALLS:
            pieces = tuple(template.split("/"))
            known = self._templates.setdefault(len(pieces), {})
            known.setdefault(template, (pieces, {}))[1][method] = handler

    def find(self, method: str, path: str) -> Route:
        """Recognise a call by its method and its path without the query; what is unknown gets a refusing handler."""
        pieces = path.split("/")
        for template, (pattern, handlers) in self._templates.get(len(pieces), {}).items():
            ids = _match(pattern, pieces)
            if ids is not None:
                handler = handlers.get(method) or _refuse_method(frozenset(handlers))
                return Route(name=f"{method} {template}", path=template, handler=handler, ids=ids)
        return Route(name=f"{method} unknown", path="unknown", handler=_refuse_path, ids={})


def _match(pattern: tuple[str, ...], pieces: list[str]) -> dict[str, str] | None:
    ids: dict[str, str] = {}
    for wanted, piece in zip(pattern, pieces, strict=True):
        if wanted.startswith("{"):
            ids[wanted[1:-1]] = unquote(piece)
        elif wanted != piece:
            return None
    return ids

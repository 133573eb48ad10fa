"""
A small service that is not the sandbox and shares nothing with it: the published contract, read with other eyes.

Where the contract leaves room, `Oddities` says how this one fills it. It keeps its catalog in dictionaries, checks next
to nothing, and counts the requests that write.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from aiohttp import web
from attrs import define, field, frozen

ACCOUNT = "0123456789abcdef0123456789abcdef"
CATALOG = "fedcba9876543210fedcba9876543210"
KEY, TOKEN = "another-key", "another-token"
KINDS = ("project", "project_set")
STAMP = "2026-06-01T00:00:00.000Z"


@frozen(kw_only=True)
class Oddities:
    """How this service fills the room that the contract leaves.

    Attributes:
        kinds: What it makes of a list in `subtype`: `;` and `,` are the separators it knows, `first` takes the first
            of a list, `refuse` answers 400 to one.
        base: What stands in `base`; {own} is where this service listens.
        next_link: `relative` to the base, `absolute`, or `rooted` (a path).
        page: Rows of a page at most, whatever limit is asked for; `ties` adds one, `repeats` sends the last again.
        cover: Where a listing shows it: `album`, `member`, `both`, `nowhere`.
        order: Whether a member's order key is shown.
        merges: An update is merged into the payload, else it replaces it.
        bodies: Whether writes are answered with a document.
        texts: Codes are texts.
        bare: Optional fields are left out wherever they may be.
        extra: Unknown fields stand everywhere, and the service writes stamps of its own into payloads.
        twin: The body of a 412: `resources`, `revisions`, `empty`.
        lags: The first listing after a write still shows what was before it.
        embeds: Whether `embed=asset` is honoured.
        undated_apart: `captured_after` before all dates shows undated photos only.
        links: Which links an asset shows: `told` by whether its original has arrived, or the same for every one:
            `self` alone, `vendor`, as the document's example has them, or `create`, which looks as if none had arrived.
        refusals: How many originals are refused with 400 before one is taken.
        exclude: What it makes of that parameter: `honoured`, `ignored`, `refused` with 400, or `incomplete`, which
            knows that value alone.
        lost: The request that is carried out the first time and answered 503: a method, and how its path ends.
        gone: The status of the deletion of an album that is not there; the document knows no 404 for it.
        codes: Whether the rows of `errors` have a code.
        unkeyed: Where a listing by order shows members without a key: `last`, or `apart`, which is not there.
    """

    kinds: str = ";,"
    preface: str = "while (1) {}\n"
    base: str | None = "{own}/v2/catalogs/" + CATALOG + "/"
    next_link: str = "relative"
    page: int = 100
    ties: bool = False
    repeats: bool = False
    cover: str = "both"
    order: bool = True
    merges: bool = False
    bodies: bool = False
    texts: bool = False
    bare: bool = False
    extra: bool = False
    twin: str = "resources"
    lags: bool = False
    embeds: bool = True
    undated_apart: bool = False
    links: str = "told"
    refusals: int = 0
    exclude: str = "honoured"
    unkeyed: str = "last"
    lost: str = ""
    gone: int = 404
    codes: bool = True


@define
class World:
    """The catalog, and the writes so far."""

    assets: dict[str, dict[str, Any]] = field(factory=dict)
    albums: dict[str, dict[str, Any]] = field(factory=dict)
    members: dict[str, dict[str, dict[str, Any]]] = field(factory=dict)
    covers: dict[str, str] = field(factory=dict)
    writes: list[str] = field(factory=list)


class OddServer:
    """Answers the calls that lrplan makes."""

    def __init__(self, odd: Oddities) -> None:
        self.odd = odd
        self.world = World()
        self.endpoint = ""
        self._refusals = odd.refusals
        self._has_lost = False
        self._stale: dict[str, Any] = {}
        self._fresh: dict[str, Any] = {}

    def seed(self, asset_id: str, name: str, captured: str) -> None:
        """Put a photo into the catalog."""
        kept = {"name": name, "captured": captured, "sha256": None, "complete": True}
        self.world.assets[asset_id] = kept | {"subtype": "image"}

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        answer = await self._handle(request)
        method, _, end = self.odd.lost.partition(" ")
        if self.odd.lost and request.method == method and request.path.endswith(end) and not self._has_lost:
            self._has_lost = True
            return web.Response(status=503)
        return answer

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path, _, query = request.raw_path.partition("?")
        body = await request.read()
        if request.method != "GET":
            self.world.writes.append(f"{request.method} {path}")
        parts = path.strip("/").split("/")
        asked = dict(parse_qsl(query, keep_blank_values=True))
        assert request.headers["X-API-Key"] == KEY
        match (request.method, parts[1:]):
            case "GET", ["health"]:
                return self._json({"version": "0dd"})
            case "GET", ["account"]:
                return self._json({"id": ACCOUNT, "entitlement": {"status": "subscriber"}})
            case "GET", ["catalog"]:
                return self._json({"id": CATALOG})
            case "GET", ["catalogs", _, "albums"]:
                return self._albums(asked, path)
            case "GET", ["catalogs", _, "assets"]:
                return self._assets(asked, path)
            case "GET", ["catalogs", _, "albums", album, "assets"]:
                return self._members(album, path, asked)
            case method, ["catalogs", _, "albums", album, "assets"] if method == "PUT":
                return self._add(album, json.loads(body))
            case method, ["catalogs", _, "albums", album]:
                return self._album(method, album, body)
            case "PUT", ["catalogs", _, "assets", asset]:
                return self._create_asset(asset, json.loads(body), request.headers.get("If-None-Match", ""))
            case "PUT", ["catalogs", _, "assets", asset, "master"]:
                return self._original(asset, body, request.headers.get("Content-Range", ""))
        raise AssertionError(f"{request.method} {path}: no such call is documented")

    def _json(self, document: dict[str, Any], status: int = 200) -> web.Response:
        if self.odd.extra:
            document = document | {"serverVersion": 7, "warnings": [{"x": None}]}
        text = self.odd.preface + json.dumps(document)
        return web.Response(status=status, body=text.encode(), content_type="application/json")

    def _refuse(self, status: int, code: int, **errors: list[str]) -> web.Response:
        number: int | str = str(code) if self.odd.texts else code
        return self._json({"code": number, "description": "refused", "errors": errors}, status)

    def _made(self, status: int, document: dict[str, Any]) -> web.Response:
        if self.odd.bodies:
            return self._json(document, 200 if status == 204 else status)
        return web.Response(status=status)

    # -- listings

    def _page(self, rows: list[dict[str, Any]], path: str, asked: dict[str, str], more: dict[str, Any]) -> web.Response:
        """One page by a cursor of our own; documented parameters stay as they were asked."""
        odd, start = self.odd, int(asked.get("cursor", 0))
        end = start + min(odd.page, int(asked.get("limit", 100))) + (1 if odd.ties else 0)
        shown = rows[max(0, start - 1 if odd.repeats else start) : end]
        document: dict[str, Any] = {**more, "resources": shown}
        if odd.base is not None:
            document["base"] = odd.base.format(own=self.endpoint)
        if end < len(rows):
            query = urlencode({**asked, "cursor": str(end)}, quote_via=quote)
            root = f"/v2/catalogs/{CATALOG}/"
            relative = f"{path.removeprefix(root)}?{query}"
            base = odd.base.format(own=self.endpoint) if odd.base is not None else ""
            host = base.partition("/v2/")[0] or self.endpoint
            forms = {"relative": relative, "absolute": f"{host}{path}?{query}", "rooted": f"{path}?{query}"}
            form = "rooted" if odd.base is None and odd.next_link == "relative" else odd.next_link
            document["links"] = {"next": {"href": forms[form]}}
        elif not odd.bare:
            document["links"] = {}
        return self._json(document)

    def _lagging(self, name: str, now: Callable[[], Any]) -> Any:
        """What a listing shows: with lag, the first time after a change still what was before."""
        fresh = json.loads(json.dumps(now()))
        if not self.odd.lags:
            return fresh
        if self._fresh.get(name, fresh) != fresh:
            before, self._fresh[name] = self._fresh[name], fresh
            return before
        self._fresh[name] = fresh
        return fresh

    def _albums(self, asked: dict[str, str], path: str) -> web.Response:
        kinds = self._kinds(asked.get("subtype", "project"))
        if not kinds:
            return self._refuse(400, 1005, subtype=["is invalid"])
        rows = [self._album_row(one, listed=True) for one in sorted(self.world.albums)]
        rows = self._lagging("albums", lambda: rows)
        return self._page([row for row in rows if row["subtype"] in kinds], path, asked, {})

    def _kinds(self, subtype: str) -> list[str]:
        odd = self.odd.kinds
        if odd == "refuse":
            return [subtype] if subtype in KINDS else []
        if odd == "first":
            return [subtype.replace(",", ";").split(";")[0]]
        for separator in odd:
            subtype = subtype.replace(separator, " ")
        return [one for one in subtype.split(" ") if one in KINDS]

    def _album_row(self, album: str, *, listed: bool) -> dict[str, Any]:
        kept = self.world.albums[album]
        payload = dict(kept["payload"])
        payload.pop("cover", None)
        if self.odd.cover in ("album", "both") and album in self.world.covers:
            payload["cover"] = {"id": self.world.covers[album]}
        info = payload.get("publishInfo")
        if self.odd.bare and isinstance(info, dict) and info.get("deleted") is False:
            payload["publishInfo"] = {key: value for key, value in info.items() if key != "deleted"}
        row = {"id": album, "subtype": kept["subtype"], "payload": payload}
        if not (self.odd.bare and listed):
            row["serviceId"] = KEY
        if self.odd.extra:
            row |= {"type": "album", "links": {"self": {"href": f"albums/{album}", "title": "x"}}, "asset_count": 3}
        return row

    def _assets(self, asked: dict[str, str], path: str) -> web.Response:
        ids: Iterable[str] = self.world.assets
        if "asset_ids" in asked:
            ids = [one for one in asked["asset_ids"].split(",") if one in self.world.assets]
            return self._json({"resources": [self._asset_row(one) for one in ids]})
        if "sha256" in asked:
            ids = [one for one in ids if self.world.assets[one]["sha256"] == asked["sha256"]]
            return self._json({"resources": [self._asset_row(one) for one in ids], "links": {}})
        after, before = asked.get("captured_after"), asked.get("captured_before")
        if after is not None and before is not None:
            return self._refuse(400, 1005, captured_after=["not allowed with captured_before parameter"])
        if "exclude" in asked:
            assert asked["subtype"] in ("image", "image;video")
            excluded = {"complete": True, "incomplete": False}[asked["exclude"]]
            if self.odd.exclude == "refused":
                return self._refuse(400, 1005, exclude=["is invalid"])
            if self.odd.exclude in ("honoured", asked["exclude"]):
                ids = [one for one in ids if self.world.assets[one]["complete"] is not excluded]
        dates = {one: self.world.assets[one]["captured"] for one in ids}
        if self.odd.undated_apart and after is not None and after.startswith("-"):
            dates = {one: date for one, date in dates.items() if date.startswith("0000")}
        rows = [
            self._asset_row(one)
            for one in sorted(dates, key=lambda one: (dates[one], one), reverse=after is None)
            if (after is None or after.startswith("-") or dates[one] > after)
            and (before is None or dates[one] < before)
        ]
        listing = " ".join(("assets", str(after), str(before), asked.get("exclude", "")))
        return self._page(self._lagging(listing, lambda: rows), path, asked, {})

    def _asset_row(self, asset: str) -> dict[str, Any]:
        kept = self.world.assets[asset]
        source = {"fileName": kept["name"], "importedOnDevice": KEY}
        if kept["sha256"] and not self.odd.bare:
            source["sha256"] = kept["sha256"]
        links = {"self": {"href": f"assets/{asset}"}}
        if self.odd.links != "self":
            links["/rels/master_create"] = {"href": f"assets/{asset}/master"}
        if self.odd.links == "vendor" or (self.odd.links == "told" and kept["complete"]):
            links["/rels/rendition_type/640"] = {"href": f"assets/{asset}/renditions/640"}
        payload: dict[str, Any] = {"captureDate": kept["captured"], "importSource": source}
        return {
            "id": asset,
            "subtype": kept.get("subtype", "image"),
            "created": STAMP,
            "links": links,
            "payload": payload,
        }

    def _members(self, album: str, path: str, asked: dict[str, str]) -> web.Response:
        if album not in self.world.albums:
            return self._refuse(404, 1000, album=["does not exist"])
        members = self.world.members.get(album, {})

        def place(asset: str) -> tuple[bool, str, str]:
            order = members[asset].get("order")
            return (order is None, order or "", self.world.assets[asset]["captured"])

        listed = [one for one in members if self.odd.unkeyed == "last" or self._is_listed(album, one, asked)]
        rows = [self._member_row(album, asset, asked) for asset in sorted(listed, key=place)]
        name = f"members {album} {asked.get('order_after')} {asked.get('captured_after')}"
        return self._page(self._lagging(name, lambda: rows), path, asked, {})

    def _is_listed(self, album: str, asset: str, asked: dict[str, str]) -> bool:
        if "order_after" in asked:
            return "order" in self.world.members[album][asset]
        return "captured_after" in asked or not self.world.assets[asset]["captured"].startswith("0000")

    def _member_row(self, album: str, asset: str, asked: dict[str, str]) -> dict[str, Any]:
        payload = dict(self.world.members[album][asset])
        if not self.odd.order:
            payload.pop("order", None)
        if self.odd.cover in ("member", "both") and self.world.covers.get(album) == asset:
            payload["cover"] = True
        if self.odd.extra:
            payload |= {"userCreated": STAMP, "userUpdated": STAMP}
        home = {"href": f"albums/{album}/assets/{asset}"}
        shown = self._asset_row(asset) if self.odd.embeds and asked.get("embed") == "asset" else {"id": asset}
        row: dict[str, Any] = {"id": hashlib.md5(f"{album}{asset}".encode()).hexdigest(), "asset": shown}
        if payload or not self.odd.bare:
            row["payload"] = payload
        return row if self.odd.bare else row | {"links": {"self": home}, "type": "album_asset"}

    # -- writes

    def _album(self, method: str, album: str, body: bytes) -> web.Response:
        kept = self.world.albums.get(album)
        if method == "PUT":
            if kept is not None:
                return self._refuse(403, 1002, album=["already exists"])
            sent = json.loads(body)
            assert sent["serviceId"] == KEY
            self.world.albums[album] = {"subtype": sent["subtype"], "payload": self._stamped(sent["payload"])}
            return self._made(201, self._album_row(album, listed=False))
        if kept is None:
            code = {400: 1000, 403: 1016, 404: 1000}[self.odd.gone if method == "DELETE" else 404]
            return self._refuse(self.odd.gone if method == "DELETE" else 404, code, album=["does not exist"])
        if method == "GET":
            return self._json(self._album_row(album, listed=False))
        if method == "DELETE":
            del self.world.albums[album]
            self.world.members.pop(album, None)
            self.world.covers.pop(album, None)
            return self._made(204, {"id": album})
        assert method == "POST"
        sent = json.loads(body)["payload"]
        if "cover" in sent:
            self.world.covers[album] = sent["cover"]["id"]
        kept["payload"] = self._stamped(_merged(kept["payload"], sent) if self.odd.merges else sent)
        return self._made(204, self._album_row(album, listed=False))

    def _stamped(self, payload: dict[str, Any]) -> dict[str, Any]:
        if not self.odd.extra:
            return payload
        stamped = payload | {"serverStamp": len(self.world.writes), "userUpdated": STAMP}
        if isinstance(payload.get("publishInfo"), dict):
            stamped["publishInfo"] = payload["publishInfo"] | {"updated": STAMP, "serverSeen": len(self.world.writes)}
        return stamped

    def _add(self, album: str, body: dict[str, Any]) -> web.Response:
        if album not in self.world.albums:
            return self._refuse(404, 1000, album=["does not exist"])
        members = self.world.members.setdefault(album, {})
        taken, errors = [], []
        assert 1 <= len(body["resources"]) <= 50
        for entry in body["resources"]:
            payload = dict(entry.get("payload", {}))
            cover = payload.pop("cover", None)
            if entry["id"] in members and cover is None:
                code: int | str = "1002" if self.odd.texts else 1002
                row = {"id": entry["id"], "subtype": "ResourceExistsError", "errors": {"asset": ["already exists"]}}
                errors.append(row | ({"code": code} if self.odd.codes else {}))
                continue
            if self.world.assets[entry["id"]].get("subtype") == "deleted_image":
                errors.append({"id": entry["id"], "code": 1013, "subtype": "InvalidResourceError"})
                continue
            if entry["id"] not in members:
                assert entry["id"] in self.world.assets
                members[entry["id"]] = payload
            if cover:
                self.world.covers[album] = entry["id"]
            taken.append({"id": entry["id"]})
        status = 201 if taken else 403
        if not errors and not self.odd.bodies:
            return web.Response(status=status)
        return self._json({"resources": taken, "errors": errors}, status)

    def _create_asset(self, asset: str, body: dict[str, Any], sha256: str) -> web.Response:
        if asset in self.world.assets:
            return self._refuse(403, 1002, asset=["already exists"])
        twins = [one for one, kept in self.world.assets.items() if kept["sha256"] == sha256 and kept["complete"]]
        if twins:
            if self.odd.twin == "empty":
                return web.Response(status=412)
            return self._json({self.odd.twin: [{"id": one} for one in twins]}, 412)
        payload = body["payload"]
        source, captured = payload["importSource"], payload["captureDate"]
        self.world.assets[asset] = {"name": source["fileName"], "captured": captured, "sha256": None, "complete": False}
        self.world.assets[asset]["parts"] = {}
        return self._made(201, {"id": asset})

    def _original(self, asset: str, body: bytes, content_range: str) -> web.Response:
        kept = self.world.assets.get(asset)
        if kept is None:
            return self._refuse(404, 1000, asset=["does not exist"])
        if kept["complete"]:
            return self._json({"resources": [{"id": asset}]}, 412)
        if self._refusals:
            self._refusals -= 1
            return self._refuse(400, 1005, master=["is invalid"])
        span, _, total = content_range.removeprefix("bytes ").partition("/")
        kept["parts"][int(span.partition("-")[0] or 0)] = body
        whole = b"".join(part for _, part in sorted(kept["parts"].items()))
        if len(whole) == int(total or len(body)):
            kept |= {"complete": True, "sha256": hashlib.sha256(whole).hexdigest()}
        return self._made(201, {})


def _merged(old: Any, new: Any) -> Any:
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    return old | {key: _merged(old.get(key), value) for key, value in new.items()}


@asynccontextmanager
async def serving(odd: Oddities, kind: type[OddServer] = OddServer) -> AsyncIterator[OddServer]:
    """Serve on loopback until the block is left."""
    server = kind(odd)
    runner = web.ServerRunner(web.Server(server.handle, access_log=None), shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.endpoint = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield server
    finally:
        await runner.cleanup()

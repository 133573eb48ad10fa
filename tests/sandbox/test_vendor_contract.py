"""Every answer of the stand-in, held against the vendor's own OpenAPI document.

The document is loose: almost nothing is required and its alternatives overlap. So beside its schemas an answer must
keep to the names the document knows, and a refusal to the codes it lists. Where the document contradicts itself or its
guides, the exception is written down here, with its reason.
"""

import copy
import hashlib
import json
import re
from pathlib import Path

import attrs
import jsonschema
import pytest

from tests.sandbox.conftest import PREFACE

DOCUMENT = Path(__file__).parents[2].parent / "shared" / "lightroom" / "openapi.json"
A, B, C, D = "a" * 32, "b" * 32, "c" * 32, "d" * 32
UNKNOWN = "0000-00-00T00:00:00"
JPEG = {"Content-Type": "image/jpeg"}
XMP = {"Content-Type": "application/rdf+xml"}
PREFACES = re.compile(rb"^while *\(1\) *\{ *\}\s*")
SENDS_BYTES = {
    ("getAssetRendition", 200): "image/jpeg",
    ("getAssetExternalXmpDevelopSetting", 200): "application/rdf+xml",
}

# Statuses that the document does not list for a call, with the component that describes their body.
UNLISTED = {
    ("createAsset", 412): "PreconditionFailed",  # described among the responses, referred to nowhere
    ("createAssetOriginal", 412): "PreconditionFailed",  # the upload guide's table of errors
    ("createAssetOriginal", 404): "NotFound",
    ("getAsset", 404): "NotFound",
    ("getAssets", 404): "NotFound",  # only for the catalog
    ("createAlbum", 404): "NotFound",  # only for the catalog
    ("deleteAlbum", 404): "NotFound",
    ("updateAlbum", 404): "NotFound",
    ("getAssetRendition", 403): "ForbiddenKey",
}
# Codes the document does not list for a call and a status, though it or its guides have them elsewhere.
UNLISTED_CODES = {
    ("createAlbum", 400): {1005},
    ("addAssetsToAlbum", 400): {1030},
    ("addAssetsToAlbum", 403): {1016},
    ("createAssetOriginal", 404): {1000},
}
EVERYWHERE = {403: {4300, 4301}}  # the upload guide: for all calls
# Names at the top of an answer that neither schema nor example shows, but the guides or the description do.
EXTRA_NAMES = {
    "getAccount": {"links"},  # the upload guide
    "getCatalog": {"links"},  # the guides and the page of the call
    "readAlbum": {"serviceId"},  # shown where albums are listed
    "getAlbums": {"links"},  # name_after pages through them
    "listAssetsOfAlbum": {"errors"},  # asset_ids, as for assets of a catalog
}
_ASSET, _ALBUM = "/v2/catalogs/{catalog_id}/assets/{asset_id}", "/v2/catalogs/{catalog_id}/albums/{album_id}"
EVERY_CALL = [
    *(("GET", path) for path in ("/v2/account", "/v2/catalog", _ASSET, _ALBUM, f"{_ASSET}/xmp/develop")),
    *(("GET", path) for path in (_ASSET.rpartition("/")[0], _ALBUM.rpartition("/")[0], f"{_ALBUM}/assets")),
    ("GET", f"{_ASSET}/renditions/{{rendition_type}}"),
    *(("PUT", path) for path in (_ASSET, f"{_ASSET}/master", f"{_ASSET}/xmp/develop", _ALBUM, f"{_ALBUM}/assets")),
    *(("POST", path) for path in (_ALBUM, f"{_ASSET}/renditions")),
    ("DELETE", _ALBUM),
]
# The document gives limits without words for overstepping them, and says nothing of an original that is not what was
# announced: these words are the stand-in's own.
OWN_WORDS = {
    "must be at most 50",
    "must be at least 1",
    "must be between 1 and 500",
    "must be 1 - 100 values",
    "does not match the original",
}
GATEWAY = {"error_code": "403003", "message": "Api Key is invalid"}  # the upload guide; the document words it otherwise


@pytest.fixture(scope="module")
def contract():
    if not DOCUMENT.exists():
        pytest.skip(f"the vendor's document is not at {DOCUMENT}")
    return Contract(json.loads(DOCUMENT.read_text("utf-8")))


def loosened(schema, key=""):
    """Turn an OpenAPI 3.0 schema into the JSON Schema it means."""
    if isinstance(schema, list):
        return [loosened(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema and isinstance(schema["$ref"], str):
        return {"$ref": schema["$ref"]}  # 3.0: whatever stands beside it is ignored
    result = {name: loosened(value, name) for name, value in schema.items() if name not in ("example", "examples")}
    if key == "properties":
        return result
    if result.pop("nullable", False) is True and "type" in result:
        result["type"] = [result["type"], "null"]
    if "oneOf" in result:
        result["anyOf"] = result.pop("oneOf")  # nothing is required, so most bodies fit more than one
    return result


class Contract:
    def __init__(self, document):
        self.document = document
        self.seen = set()
        self.operations = []
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                self.operations.append((method.upper(), path.split("/"), operation))
        self.components = loosened(copy.deepcopy(document["components"]))
        self.words = set(enumerated(document["components"]))
        # The pages say that album assets carry zero dates, which the pattern of utcDateTime excludes.
        zero = {"type": "string", "enum": [UNKNOWN]}
        members = document["paths"]["/v2/catalogs/{catalog_id}/albums/{album_id}/assets"]["get"]["responses"]["200"]
        item = members["content"]["application/json"]["schema"]["properties"]["resources"]["items"]["properties"]
        item["created"] = item["updated"] = zero

    def operation(self, reply, catalog):
        path = reply.path.partition("?")[0]
        path = path if path.startswith("/") else f"{catalog}/{path}"
        method = "GET" if reply.method == "HEAD" else reply.method
        pieces = path.split("/")
        for wanted, template, operation in self.operations:
            if wanted != method or len(template) != len(pieces):
                continue
            if all(left.startswith("{") or left == right for left, right in zip(template, pieces, strict=True)):
                return operation
        return None

    def check(self, reply, catalog):
        operation = self.operation(reply, catalog)
        assert operation is not None, reply
        name = operation["operationId"]
        self.seen.add((name, reply.status))
        response = operation["responses"].get(str(reply.status))
        if response is None:
            assert (name, reply.status) in UNLISTED, reply
            response = {"$ref": f"#/components/responses/{UNLISTED[name, reply.status]}"}
        if "$ref" in response:
            response = self.document["components"]["responses"][response["$ref"].rpartition("/")[2]]
        if (name, reply.status) in SENDS_BYTES:
            assert reply.headers["Content-Type"] == SENDS_BYTES[name, reply.status]
            return
        content = response.get("content")
        if content is None or reply.method == "HEAD":
            assert reply.body == b"", reply
            return
        body = reply.document
        elsewhere = UNLISTED_CODES.get((name, reply.status), set()) | EVERYWHERE.get(reply.status, set())
        if body.get("code") in elsewhere:
            self.check_code(body)
            return
        schema = loosened(copy.deepcopy(content["application/json"]["schema"]))
        jsonschema.Draft4Validator({**schema, "components": self.components}).validate(body)
        if reply.status < 400:
            assert set(body) <= self.names(content) | EXTRA_NAMES.get(name, set()), reply
        elif "code" in body:
            assert body["code"] in set(numbers(self.resolve(content), "code")), reply
            self.check_code(body)
        else:
            assert body == GATEWAY or "resources" in body or "revisions" in body, reply

    def check_code(self, body):
        """Hold a refusal against whichever component has its code."""
        having = [
            one
            for one in self.components["schemas"].values()
            if body["code"] in one.get("properties", {}).get("code", {}).get("enum", [])
        ]
        for words in body.get("errors", {}).values():
            assert set(words) <= self.words | OWN_WORDS, body
        if having:
            jsonschema.Draft4Validator({"anyOf": having, "components": self.components}).validate(body)

    def resolve(self, content):
        """Follow references, so that codes and names can be gathered."""
        text = json.dumps(content)
        for kind, group in self.document["components"].items():
            for name, component in group.items():
                text = text.replace(f'{{"$ref": "#/components/{kind}/{name}"}}', json.dumps(component))
        return json.loads(text)

    def names(self, content):
        content = self.resolve(content)["application/json"]
        found = set(content.get("schema", {}).get("properties", {})) | set(content.get("schema", {}).get("example", {}))
        for one in content.get("schema", {}).get("oneOf", []):
            found |= set(one.get("properties", {}))
        for one in content.get("examples", {}).values():
            found |= set(one.get("value", {}))
        return found


def enumerated(value):
    """Gather every word that an enumeration allows."""
    if isinstance(value, list):
        for one in value:
            yield from enumerated(one)
    elif isinstance(value, dict):
        yield from (one for one in value.get("enum", []) if isinstance(one, str))
        for inner in value.values():
            yield from enumerated(inner)


def numbers(value, wanted):
    """Gather the values and the enumerations of a member, wherever it stands."""
    if isinstance(value, list):
        for one in value:
            yield from numbers(one, wanted)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name == wanted:
                yield from inner.get("enum", []) if isinstance(inner, dict) else [inner]
            yield from numbers(inner, wanted)


async def tour(client, jpeg, make_id):
    """Make every call, in every way that ends differently."""
    revisit = client.call
    for path in ("/v2/health", "/v2/account", "/v2/catalog"):
        await client.get(path)
        await client.get(path, headers={"X-API-Key": "wrong"})
    bodies = {"POST": {"json": {}}, "PUT": {"json": {}}}
    for headers in ({"Authorization": None}, {"Authorization": "Bearer wrong"}, {"X-API-Key": "wrong"}):
        for method, template in EVERY_CALL:
            path = template.replace("{catalog_id}", client.box.catalog_id).replace("{rendition_type}", "640")
            path = path.replace("{asset_id}", A).replace("{album_id}", A)
            await client.call(method, path, headers=headers, **bodies.get(method, {}))
    # Assets
    body = client.asset(importSource={"sha256": "0" * 64})
    await client.put("assets/x", body)
    await client.put(f"assets/{A}", {**body, "subtype": "x"})
    await client.put(f"assets/{A}", {"subtype": "image", "payload": {}})
    await client.put(f"assets/{A}", data=b"{", headers={"Content-Type": "application/json"})
    await client.put(f"assets/{A}", data=b"{}", headers={"Content-Type": "text/plain"})
    await client.put(f"assets/{A}", body)
    await client.put(f"assets/{A}", body)
    await client.put(f"assets/{A}/master", data=jpeg(), headers=JPEG)
    await client.put(f"assets/{B}", client.asset())
    await client.put(f"assets/{B}/master", data=b"x", headers={"Content-Type": "text/plain"})
    await client.put("assets/x/master", data=b"x", headers=JPEG)
    await client.put(f"assets/{C}/master", data=b"x", headers=JPEG)
    await client.put(f"assets/{B}/master", data=jpeg(taken="2026:05:02 08:00:00"), headers=JPEG)
    await client.put(f"assets/{B}/master", data=jpeg(), headers=JPEG)
    video = {"subtype": "video", "captureDate": "2026-05-03T00:00:00", "payload": {"video": {"duration": [5, 2]}}}
    await client.seed(assets=[{"id": D, **video}, *({"id": make_id(n)} for n in range(5))])
    sha256 = hashlib.sha256(jpeg(taken="2026:05:02 08:00:00")).hexdigest()
    await client.put(f"assets/{C}", client.asset(), headers={"If-None-Match": sha256})
    for path in (f"assets/{A}", f"assets/{D}", f"assets/{C}", "assets/x"):
        await client.get(path)
    queries = [
        "",
        "?limit=1",
        f"?asset_ids={A},{C}",
        f"?asset_ids={A}&limit=1",
        "?asset_ids=x",
        "?group=g",
        "?favorite=true",
    ]
    queries += ["?subtype=image&group=g", "?subtype=image&name=g", "?subtype=preset&favorite=x", "?updated_since=x"]
    queries += ["?captured_after=-0001-12-31T23:59:59", f"?captured_before={UNKNOWN}", f"?sha256={sha256}"]
    for query in queries:
        await client.get(f"assets{query}")
    # Develop settings and renditions
    for path in (f"assets/{A}", f"assets/{C}", "assets/x"):
        await client.get(f"{path}/xmp/develop")
        await client.put(f"{path}/xmp/develop", data=b"<x/>", headers=XMP)
        await client.get(f"{path}/xmp/develop")
        await client.put(f"{path}/xmp/develop", {"file_href": f"assets/{A}/xmp/develop"})
        await client.get(f"{path}/renditions/640")
    await client.put(f"assets/{A}/xmp/develop", {"file_href": 1})
    await client.put(f"assets/{A}/xmp/develop", data=b"x", headers={"Content-Type": "text/plain"})
    await client.put(f"assets/{D}/xmp/develop", data=b"<x/>", headers=XMP)
    await client.get(f"assets/{A}")
    await client.get(f"assets/{B}/renditions/640")
    await client.get(f"assets/{B}/renditions/320")
    await revisit("HEAD", f"assets/{B}/renditions/640")
    await revisit("HEAD", f"assets/{B}/renditions/2560")
    for kinds in ("2560,fullsize", "640", ""):
        for path in (f"assets/{B}", f"assets/{C}", "assets/x", f"assets/{D}"):
            await revisit("POST", f"{path}/renditions", headers={"X-Generate-Renditions": kinds})
    # Albums
    await client.put(f"albums/{A}", client.album("Set", "project_set"))
    publish = {"version": 3, "created": "2026-05-02T00:00:00Z", "updated": "2026-05-02T00:00:00Z", "deleted": False}
    links = {"edit": {"href": "https://example.com/e"}, "view": {"href": "https://example.com/v"}}
    await client.put(f"albums/{B}", client.album(parent={"id": A}, publishInfo={**publish, "remoteLinks": links}))
    await client.put(f"albums/{B}", client.album())
    await client.put(f"albums/{D}", {"subtype": "x"})
    await client.put(f"albums/{D}", client.album(name=""))
    await client.put("albums/x", client.album())
    await client.put(f"albums/{D}", data=b"{", headers={"Content-Type": "application/json"})
    await client.put(f"albums/{D}", data=b"{", headers=XMP)
    await client.seed(albums=[{"id": C, "subtype": "project", "serviceId": "another", "payload": {"name": "Theirs"}}])
    update = {"payload": client.album(parent={"id": A})["payload"]}
    for path in (f"albums/{B}", f"albums/{C}", f"albums/{D}"):
        await client.get(path)
        await revisit("POST", path, json=update)
        await revisit("POST", path, data=b"{", headers={"Content-Type": "application/json"})
        await revisit("POST", path, json={"payload": {"name": ""}})
        await revisit("POST", path, data=b"{}", headers=XMP)
    for query in ("", "?limit=1", "?subtype=project", "?subtype=project_set%3Bproject&limit=1", "?subtype=x"):
        await client.get(f"albums{query}")
    # Album assets
    resources = [{"id": make_id(n), "payload": {"order": str(n), "cover": n == 1}} for n in range(4)]
    for path in (
        f"albums/{B}/assets",
        f"albums/{C}/assets",
        f"albums/{D}/assets",
        "albums/x/assets",
        f"albums/{A}/assets",
    ):
        await client.put(path, {"resources": [*resources, {"id": C}, {"id": B, "payload": {"order": "-"}}]})
        await client.put(path, {"resources": resources[:1] * 2 + [{"id": C}]})
        await client.put(path, {"resources": resources * 20})
        await client.put(path, {"resources": [{"id": D}, {"id": B, "payload": {"cover": True}}]})
        for query in (
            "?order_after=-",
            "?order_after=-&limit=2&embed=asset",
            "?embed=asset&limit=2",
            "?order_after=%20",
        ):
            await client.get(path + query)
        await client.get(f"{path}?asset_ids={D},{C}")
    await client.get(f"albums/{B}")
    await revisit("DELETE", f"albums/{A}")
    await revisit("POST", f"albums/{B}", json=update)
    await revisit("DELETE", f"albums/{C}")
    await revisit("DELETE", f"albums/{D}")
    await revisit("DELETE", "albums/x")
    await revisit("DELETE", f"albums/{B}?child_albums=true")
    # A client that must be upgraded, another client, another customer, renditions of what is no picture
    await client.seed(api_keys=[{"api_key": "old", "outdated": True}, "other"], assets=[{"id": make_id(900)}])
    await client.seed(accounts=[{"id": "1" * 32}], tokens=[{"token": "alices", "account": "1" * 32}])
    for path in ("assets", f"assets/{A}", "albums", f"albums/{B}", f"albums/{B}/assets"):
        for headers in ({"X-API-Key": "old"}, {"X-API-Key": "other"}, {"Authorization": "Bearer alices"}):
            await client.get(path, headers=headers)
    await revisit("POST", f"assets/{make_id(900)}/renditions", headers={"X-Generate-Renditions": "2560"})
    for kind in ("640", "2560"):
        await client.get(f"assets/{make_id(900)}/renditions/{kind}")
    # Troubles of the service's own, at every call
    await client.control("POST", "faults", [{"kind": "maintenance"}])
    await client.get("/v2/health")
    for kind in ("maintenance", "status", "expire_token"):
        await client.seed(tokens=[{"token": "sandbox-token"}])
        for method, template in EVERY_CALL:
            path = template.replace("{catalog_id}", client.box.catalog_id).replace("{rendition_type}", "640")
            path = path.replace("{asset_id}", A).replace("{album_id}", A)
            await client.control("POST", "faults", [{"kind": kind}])
            await client.call(method, path, **bodies.get(method, {}))
    await client.seed(tokens=[{"token": "sandbox-token"}])
    # The account's state
    for status in ("trial", "created", "trial_expired", "subscriber_expired", "subscriber"):
        await client.seed(account={"status": status})
        await client.get("/v2/account")
        for method, template in EVERY_CALL:
            path = template.replace("{catalog_id}", client.box.catalog_id).replace("{rendition_type}", "640")
            path = path.replace("{asset_id}", make_id(901)).replace("{album_id}", make_id(901))
            await client.call(method, path, **bodies.get(method, {}))
    await client.seed(account={"storage_limit": 1})
    await client.put(f"assets/{C}", client.asset())
    await client.put(f"assets/{A}/master", data=jpeg(), headers=JPEG)
    await client.put(f"assets/{A}/xmp/develop", data=b"<x/>", headers=XMP)
    await client.seed(account={"status": "trial_expired"})
    await client.get("/v2/catalog")
    await client.get("/v2/account")
    await client.seed(account={"status": "subscriber", "catalog_id": "e" * 32})
    for path in ("albums", "assets", f"albums/{B}/assets"):
        await client.get(path)
    await client.put(f"assets/{C}", client.asset())
    await client.put(f"albums/{C}", client.album())
    await client.seed(account={"catalog_id": None})
    await client.get("/v2/catalog")
    route = "GET /v2/health"
    await client.control("POST", "faults", [{"kind": "status", "status": 503, "route": route}])
    await client.get("/v2/health")


@pytest.mark.parametrize(
    "settings",
    [{"update_mode": "replace"}, {"update_mode": "merge"}, {"untidy": True}],
    ids=["replace", "merge", "untidy"],
)
def test_every_answer_is_as_the_vendor_describes_it(serve, contract, jpeg, make_id, settings):
    catalog = []

    async def scenario(client):
        catalog.append(client)
        await tour(client, jpeg, make_id)

    serve(scenario, **settings)
    failures = []
    for one in catalog[0].replies:
        reply = attrs.evolve(one, body=PREFACES.sub(PREFACE, one.body)) if "untidy" in settings else one
        if "untidy" in settings and (reply.headers.get("Content-Type") == "text/html" or b'"code": 1024' in reply.body):
            continue  # the gateway's page, and a code that was seen and is not in the document
        try:
            contract.check(reply, catalog[0].catalog)
        except (AssertionError, jsonschema.ValidationError) as error:
            failures.append(f"{reply.method} {reply.path} -> {reply.status} {reply.body[:300]!r}: {str(error)[:300]}")
    assert not failures, "\n".join(failures)


def listed_codes(contract, operation, status):
    """The codes that the document lists for a status of a call."""
    response = operation["responses"][status]
    if "$ref" in response:
        response = contract.document["components"]["responses"][response["$ref"].rpartition("/")[2]]
    return set(numbers(contract.resolve(response.get("content", {})), "code"))


def test_every_code_that_the_document_lists_was_seen(serve, contract, jpeg, make_id):
    """Some are listed for several calls by sharing a component; a call that has no use for one is named here."""
    replies = []

    async def scenario(client):
        await tour(client, jpeg, make_id)
        replies.extend((reply, client.catalog) for reply in client.replies)

    serve(scenario)
    seen = set()
    for reply, catalog in replies:
        if reply.status >= 400 and reply.body:
            code = reply.document.get("code", 403003 if "error_code" in reply.document else None)
            seen.add((contract.operation(reply, catalog)["operationId"], reply.status, code))
    listed = {
        (operation["operationId"], int(status), code)
        for _, _, operation in contract.operations
        for status in operation["responses"]
        if int(status) >= 400
        for code in listed_codes(contract, operation, status)
    }
    never = {
        ("getAccount", 404, 1000),  # the token is an account's
        ("getAlbums", 415, 1003),  # a GET has no body to be of the wrong type
        # New settings take the place of the old ones, or there would be no 'latest' to get.
        ("putAssetExternalXmpDevelopSetting", 403, 1002),
    }
    assert listed - seen == never


def test_the_tour_is_complete(serve, contract, jpeg, make_id):
    """Every status the document lists for a call was seen, but for those that stand for the service's own troubles."""
    replies = []

    async def scenario(client):
        await tour(client, jpeg, make_id)
        replies.extend((reply, client.catalog) for reply in client.replies)

    serve(scenario)
    seen = {(contract.operation(reply, catalog)["operationId"], reply.status) for reply, catalog in replies}
    listed = {
        (operation["operationId"], int(status))
        for _, _, operation in contract.operations
        for status in operation["responses"]
        if status != "503"
    }
    # 404 of an account: the token is the account's. 404 of the xmp and 403 of a rendition come with the others.
    # 415 on a GET has no body to be of the wrong type.
    never = {("getAccount", 404), ("getAlbums", 415)}
    assert listed - seen == never


@pytest.mark.parametrize(
    "broken",
    [
        {"body": b'while (1) {}\n{"code": 77, "description": "x"}', "status": 403},
        {"body": b'while (1) {}\n{"type": "folder"}', "status": 200},
        {"body": b'while (1) {}\n{"colour": "red"}', "status": 200},
        {"body": b'while (1) {}\n{"created": "2026"}', "status": 200},
        {"body": b"", "status": 418},
        {"body": b'while (1) {}\n{"code": 1000, "errors": {"catalog": ["is gone"]}}', "status": 404},
    ],
)
def test_the_check_itself_would_notice(serve, contract, broken):
    async def scenario(client):
        reply = await client.get("/v2/catalog")
        contract.check(reply, client.catalog)
        with pytest.raises((AssertionError, jsonschema.ValidationError)):
            contract.check(attrs.evolve(reply, **broken), client.catalog)

    serve(scenario)

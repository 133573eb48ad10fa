"""
The JSON Schema (draft 2020-12) of a manifest, for editors: made from the table, so that it cannot lie.

Editors read YAML with YAML's types, lrplan reads text: `name: 2024` is a number for an editor and the text 2024 for
lrplan. So a text may be a number or a boolean here, and what a schema cannot say (parents exist, dates are in order) is
left to `lrplan validate`. One schema serves lrplan.yaml and manifests: a file with the key `project` is the former.
"""

from typing import Any, assert_never

from lrplan.manifest.bounds import COUNT_MAX, FORMAT_VERSION, PATH_CHARACTERS_MAX
from lrplan.manifest.reference import ID_PATTERN
from lrplan.manifest.schema import TABLES
from lrplan.manifest.table import Key, Table, Where
from lrplan.manifest.value_types import (
    AlbumKey,
    Boolean,
    Choice,
    Date,
    Decimal,
    Endpoint,
    EntryAddress,
    Fields,
    FilePath,
    Folder,
    FormatVersion,
    Hex,
    Instant,
    Keyed,
    KeyType,
    Link,
    MemberList,
    ParentKey,
    Photo,
    Records,
    ScalarType,
    ShareOrCount,
    Size,
    Text,
    TextList,
    Url,
    Whole,
    Word,
    WordList,
)
from lrplan.manifest.values import (
    DATE_PATTERN,
    DECIMAL_PATTERN,
    INSTANT_PATTERN,
    SHARE_PATTERN,
    SIZE_PATTERN,
    URL_CHARACTERS_MAX,
    URL_PATTERN,
    WHOLE_PATTERN,
)
from lrplan.model.address import ADDRESS_PATTERN, KEY_PATTERN

JsonObject = dict[str, Any]


def json_schema() -> JsonObject:
    """The schema as a JSON object; `docs/reference/manifest.schema.json` is this, written out."""
    definitions = {name: _table(name, table) for name, table in TABLES.items() if name != "top"}
    top = TABLES["top"]
    definitions["project"] = _object(top.keys, "lrplan.yaml: the project, and albums of a small one.")
    in_manifests = tuple(key for key in top.keys if key.where is Where.BOTH)
    definitions["manifest"] = _object(in_manifests, "A manifest: sets and albums.")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "lrplan manifest",
        "type": "object",
        "if": {"required": ["project"]},
        "then": _ref("project"),
        "else": _ref("manifest"),
        "$defs": definitions,
    }


def _table(name: str, table: Table) -> JsonObject:
    schema = _object(table.keys, table.doc)
    if name == "cover":
        schema["minProperties"] = schema["maxProperties"] = 1
    if name == "member":
        schema["oneOf"] = [
            {"required": ["fileName"], "not": _any_of("id", "sha256", "upload", "from", "select")},
            {"required": ["id"], "not": _any_of("fileName", "sha256", "upload", "from", "select")},
            {"required": ["sha256"], "not": _any_of("fileName", "id", "upload", "from", "select")},
            {"required": ["upload"], "not": _any_of("fileName", "id", "from", "select")},
            {"required": ["from"], "not": _any_of("fileName", "id", "sha256", "upload", *_OF_ONE_PHOTO, "select")},
            {"required": ["select"], "not": _any_of("fileName", "id", "sha256", "upload", *_OF_ONE_PHOTO, "from")},
        ]
        schema["not"] = {"required": ["xmp", "develop"]}
    if name == "select":
        schema |= {"minProperties": 1, "dependentRequired": {"flag": ["album"]}}
    return schema


_OF_ONE_PHOTO = ("publishInfo", "xmp", "develop")


def _any_of(*names: str) -> JsonObject:
    return {"anyOf": [{"required": [name]} for name in names]}


def _object(keys: tuple[Key, ...], doc: str) -> JsonObject:
    schema: JsonObject = {
        "description": doc,
        "type": "object",
        "properties": {key.name: {"description": _described(key), **_value(key.type)} for key in keys},
        "additionalProperties": False,
    }
    required = [key.name for key in keys if key.required]
    return schema | {"required": required} if required else schema


def _described(key: Key) -> str:
    return f"{key.doc} Default: {key.default}." if key.default else key.doc


def _value(kind: KeyType) -> JsonObject:
    match kind:
        case Fields():
            return _ref(kind.table)
        case Keyed():
            return {
                "type": "object",
                "propertyNames": {"pattern": _whole(KEY_PATTERN)},
                "additionalProperties": _ref(kind.table),
            }
        case Records():
            return {"type": "array", "items": _ref(kind.table)}
        case Link():
            return {"oneOf": [_scalar(Url()), _ref("link")]}
        case Photo():
            return {"oneOf": [_string(PATH_CHARACTERS_MAX), _ref("cover")]}
        case TextList():
            return {"type": "array", "items": _string(kind.longest), "minItems": 1, "maxItems": kind.most}
        case WordList():
            return {"type": "array", "items": _scalar(kind.word), "uniqueItems": True}
        case MemberList():
            return {"type": "array", "items": {"oneOf": [_string(PATH_CHARACTERS_MAX), _ref("member")]}}
        case _:
            return _scalar(kind)


def _scalar(kind: ScalarType) -> JsonObject:
    match kind:
        case Text():
            return _string(kind.longest, shortest=kind.shortest)
        case Word():
            return _shaped(kind.pattern)
        case Choice():
            return {"enum": list(kind.options)}
        case Boolean():
            return {"enum": [True, False, "true", "false"]}
        case Whole():
            return _number("integer", kind.least, kind.most, WHOLE_PATTERN)
        case Decimal():
            return _number("number", kind.least, kind.most, DECIMAL_PATTERN)
        case Size():
            return _number("integer", kind.least, kind.most, SIZE_PATTERN)
        case ShareOrCount():
            return _number("integer", 0, COUNT_MAX, f"{SHARE_PATTERN}|{WHOLE_PATTERN}")
        case Date():
            return {"type": "string", "pattern": _whole(DATE_PATTERN)}
        case Instant():
            return {"type": "string", "pattern": _whole(INSTANT_PATTERN)}
        case Hex():
            return _shaped(f"[0-9a-fA-F]{{{kind.digits}}}")
        case Url():
            return {"type": "string", "pattern": _whole(URL_PATTERN), "maxLength": URL_CHARACTERS_MAX}
        case Endpoint():
            return {"type": "string", "pattern": _whole("sandbox|https?://[^/?#@]+/?")}
        case Folder() | FilePath():
            return _string(PATH_CHARACTERS_MAX)
        case ParentKey():
            return _shaped(f"/|{KEY_PATTERN}")
        case AlbumKey():
            return _shaped(f"{KEY_PATTERN}|{ID_PATTERN}")
        case EntryAddress():
            return _shaped(ADDRESS_PATTERN)
        case FormatVersion():
            return {"enum": [FORMAT_VERSION, str(FORMAT_VERSION)]}
        case _:
            assert_never(kind)


def _string(longest: int, *, shortest: int = 1) -> JsonObject:
    # A number is its text, see the head of this module.
    text: JsonObject = {"type": ["string", "number", "boolean"], "minLength": shortest, "maxLength": longest}
    return {**text, "pattern": r"\S"} if shortest else text


def _number(kind: str, least: float, most: float, pattern: str) -> JsonObject:
    """A number, or the same in quotes, with a unit where *pattern* has one."""
    return {
        "anyOf": [{"type": kind, "minimum": least, "maximum": most}, {"type": "string", "pattern": _whole(pattern)}]
    }


def _shaped(pattern: str) -> JsonObject:
    return {"type": ["string", "number", "boolean"], "pattern": _whole(pattern)}


def _whole(pattern: str) -> str:
    return f"^({pattern})$"


def _ref(name: str) -> JsonObject:
    return {"$ref": f"#/$defs/{name}"}

"""
JSON text from a service that may send anything: read it strictly where possible, and save what can be saved where not.

The strict way decodes straight into the shapes, which skips what nobody looks at. When a field has an unexpected type
the text is read again, field by field and row by row, and only that field is lost. Stray bytes and halves of surrogate
pairs are replaced by U+FFFD.
"""

import re
from typing import Any, TypeVar, get_args, get_origin

import msgspec
from msgspec import Raw, Struct

_PREFACE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:while\s*\(\s*1\s*\)\s*(?:\{\s*\}|;)\s*;?)?\s*")
_SURROGATES = re.compile(r"(?<!\\)((?:\\\\)*)((?:\\u[dD][89a-fA-F][0-9a-fA-F]{2})+)")
_PAIR = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")

_decode_any = msgspec.json.Decoder().decode  # made once: a member's payload is read with it, up to a million times

R = TypeVar("R")
S = TypeVar("S", bound=Struct)


class NotJson(ValueError):  # noqa: N818 - it says what the body is
    """A body is not the JSON object that it should be; the message says what it is.

    *truncated* when it ends in the middle of one, so that another try may bring all of it.
    """

    def __init__(self, what: str, *, truncated: bool = False) -> None:
        super().__init__(what)
        self.truncated = truncated


def strip_preface(body: bytes) -> bytes:
    """*body* without the `while (1) {}` that the service puts before JSON, in whatever spacing."""
    if body.startswith(b"{"):
        return body
    match = _PREFACE.match(body)
    return body[match.end() :] if match else body


def begins_as_json(body: bytes) -> bool:
    """Whether *body* starts like a JSON object, whole or not."""
    return strip_preface(body).startswith(b"{")


def flaw_of(body: bytes) -> NotJson:
    """What *body* is, which `tree` or `read` found no JSON object in."""
    if not body.strip():
        return NotJson("an empty answer")
    text = mended(body)
    try:
        _decode_any(text)
    except RecursionError:
        return NotJson("JSON that is nested too deeply")
    except msgspec.DecodeError as problem:
        # The decoder has one error for all that is wrong; only its message tells that the end was missing.
        if (not text or text.startswith(b"{")) and "truncated" in str(problem):
            return NotJson("JSON that ends too early", truncated=True)
        return NotJson("an answer that is not JSON")
    return NotJson("JSON that is not an object")


def tree(body: bytes) -> dict[str, object] | None:
    """The JSON object in *body* as plain values, or None when there is no such thing."""
    try:
        value = _decode_any(strip_preface(body))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        try:
            value = _decode_any(mended(body))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
    return value if isinstance(value, dict) else None


def read(body: bytes, kind: type[S]) -> S:
    """*body* as *kind*, with every field that cannot be understood left at its default.

    Raises:
        NotJson: There is no JSON object in *body*.
    """
    text = strip_preface(body)
    try:
        return _decode(text, kind)
    except msgspec.DecodeError:
        text = mended(body)
    try:
        _decode(text, dict[str, Raw])
    except msgspec.DecodeError as problem:
        raise flaw_of(body) from problem
    return lenient(text, kind)


def lenient(raw: bytes, kind: type[S]) -> S:
    """JSON text as *kind*; what is not an object at all becomes a *kind* of defaults."""
    try:
        return _decode(raw, kind)
    except msgspec.DecodeError:
        pass
    try:
        parts = _decode(raw, dict[str, Raw])
    except msgspec.DecodeError:
        return kind()
    values: dict[str, object] = {}
    for slot in msgspec.structs.fields(kind):
        part = parts.get(slot.encode_name)
        if part is not None:
            values.update(_lenient_field(slot.name, slot.type, bytes(part)))
    return kind(**values)


def mended(body: bytes) -> bytes:
    """*body* without its preface, as valid UTF-8 with whole surrogate pairs only."""
    text = strip_preface(body).decode("utf-8", "replace")
    return _SURROGATES.sub(_whole_pairs, text).encode()


def _whole_pairs(match: "re.Match[str]") -> str:
    escapes, kept, at = match[2], [match[1]], 0
    while at < len(escapes):
        pair = _PAIR.match(escapes, at)
        kept.append(pair[0] if pair else "\\ufffd")
        at += 12 if pair else 6
    return "".join(kept)


def _lenient_field(name: str, kind: Any, raw: bytes) -> dict[str, object]:
    if kind is Raw:
        return {name: Raw(raw)}
    kinds = (kind, *get_args(kind)) if get_origin(kind) is not list else (kind,)
    rows = next((each for each in kinds if get_origin(each) is list), None)
    inner = next((each for each in (*get_args(rows), *kinds) if _is_struct(each)), None)
    try:
        if inner is None:
            return {name: _decode(raw, kind)}
        if rows is not None:
            return {name: [lenient(bytes(row), inner) for row in _decode(raw, list[Raw])]}
    except msgspec.DecodeError:
        return {}
    return {name: lenient(raw, inner)} if raw.startswith(b"{") else {}


def _is_struct(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _decode(raw: bytes, kind: type[R]) -> R:
    try:
        return msgspec.json.decode(raw, type=kind)
    except RecursionError as deep:
        raise msgspec.DecodeError("nested too deeply") from deep
    except UnicodeDecodeError as unreadable:
        raise msgspec.DecodeError("not UTF-8") from unreadable

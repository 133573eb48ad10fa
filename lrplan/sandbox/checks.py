"""What payloads may say.

Problem: the contract lists the members of each payload, their types and lengths, and wants each offence named.
Method: each function walks one kind of payload and collects ``payload.key.subkey`` with ``invalid`` or ``required``;
members it does not know are let through and kept, as the vendor's guides do with ``<key>``.
Surprising case: text can be valid JSON and still not be UTF-8 (a lone surrogate), which no name may contain.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from lrplan.sandbox.answers import INVALID, REQUIRED, Document
from lrplan.sandbox.calls import SHA256, is_guid
from lrplan.sandbox.moments import UNKNOWN_DATE, is_iso, is_utc

LEX64 = re.compile(r"[-_0-9a-zA-Z]*[_0-9a-zA-Z]")  # Lightroom API, components/schemas/lex64SortOrderString
MAX_ORDER = 1024  # characters; the same
MAX_SERVICE_PAYLOAD = 1024  # characters; Lightroom API, publishInfo.servicePayload
PUBLISH_VERSION = 3  # 'Manage Content': should be 3 for new projects
MAX_FILE_SIZE = 2**50  # bytes; far above any storage limit

Errors = dict[str, str]
Check = Callable[[object], bool]


def is_text(value: object) -> bool:
    """Whether ``value`` is text that UTF-8 can carry."""
    return isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value)


def is_name(value: object) -> bool:
    """Whether ``value`` can be shown to a person: text, not empty, without control characters."""
    return (
        isinstance(value, str)
        and bool(value)
        and is_text(value)
        and not any(unicodedata.category(character) == "Cc" for character in value)
    )


def is_order(value: object) -> bool:
    """Whether ``value`` is lex64: 1 to 1024 of ``-0-9A-Z_a-z``, not ending in ``-``."""
    return isinstance(value, str) and len(value) <= MAX_ORDER and LEX64.fullmatch(value) is not None


def is_service_payload(value: object) -> bool:
    """Whether ``value`` is text of at most 1024 characters."""
    return isinstance(value, str) and is_text(value) and len(value) <= MAX_SERVICE_PAYLOAD


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_size(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_FILE_SIZE


def _is_version(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_sha256(value: object) -> bool:
    return isinstance(value, str) and SHA256.fullmatch(value) is not None


def _is_capture_date(value: object) -> bool:
    return value == UNKNOWN_DATE or is_iso(value)


def _members(
    errors: Errors, path: str, table: object, checks: dict[str, Check], required: tuple[str, ...] = ()
) -> bool:
    """Check the members of one table; say whether it is a table at all."""
    if not isinstance(table, dict):
        errors[path] = INVALID
        return False
    for name in required:
        if name not in table:
            errors[f"{path}.{name}"] = REQUIRED
    for name, check in checks.items():
        if name in table and not check(table[name]):
            errors[f"{path}.{name}"] = INVALID
    return True


def asset_errors(payload: object, *, api_key: str, account_id: str, is_older: bool) -> Errors:
    """Check the payload of a new asset (Lightroom API, 'Create asset').

    ``is_older``: it comes by the older path, whose clients were seen to name any device and any importer.
    """
    errors: Errors = {}
    if payload is None:
        return {"payload": REQUIRED}
    checks: dict[str, Check] = {"userCreated": is_iso, "userUpdated": is_iso, "captureDate": _is_capture_date}
    if not _members(errors, "payload", payload, checks, ("captureDate", "importSource")):
        return errors
    assert isinstance(payload, dict)
    if "importSource" in payload:
        _members(
            errors,
            "payload.importSource",
            payload["importSource"],
            {
                "fileName": is_name,
                "importedOnDevice": is_text if is_older else lambda value: value == api_key,
                "importedBy": is_text if is_older else lambda value: value == account_id,
                "importTimestamp": is_iso,
                "sha256": _is_sha256,
                "fileSize": _is_size,
                "contentType": is_text,
            },
            ("fileName", "importedOnDevice", "importedBy", "importTimestamp"),
        )
    return errors


def album_errors(payload: object, *, new: bool, whole: bool) -> Errors:
    """Check the payload of an album (Lightroom API, components/schemas/albumPayload).

    ``whole``: it is to stand alone, so its name is required. ``new``: the rules for what is set first hold too.
    """
    errors: Errors = {}
    if payload is None:
        return {"payload": REQUIRED}
    checks: dict[str, Check] = {"userCreated": is_utc, "userUpdated": is_utc, "name": is_name}
    if not _members(errors, "payload", payload, checks, ("name",) if whole else ()):
        return errors
    assert isinstance(payload, dict)
    for name in ("cover", "parent"):
        if name in payload:
            _members(errors, f"payload.{name}", payload[name], {"id": is_guid})
    if "publishInfo" in payload:
        _publish_errors(errors, payload["publishInfo"], new=new)
    return errors


def _publish_errors(errors: Errors, publish: object, *, new: bool) -> None:
    path = "payload.publishInfo"
    checks: dict[str, Check] = {
        "version": (lambda value: _is_version(value) and value == PUBLISH_VERSION) if new else _is_version,
        "created": is_utc,
        "updated": is_utc,
        "deleted": _is_flag,
        "remoteId": is_text,
        "servicePayload": is_service_payload,
    }
    # 'Manage Content' requires the version; the OpenAPI document does not know it, and the vendor's samples send none.
    if not _members(errors, path, publish, checks):
        return
    assert isinstance(publish, dict)
    # 'Manage Content': updated must match created when that field is first set.
    if new and "updated" in publish and publish["updated"] != publish.get("created", publish["updated"]):
        errors[f"{path}.updated"] = INVALID
    if "remoteLinks" in publish and _members(errors, f"{path}.remoteLinks", publish["remoteLinks"], {}):
        for name in ("edit", "view"):
            if name in publish["remoteLinks"]:
                _members(errors, f"{path}.remoteLinks.{name}", publish["remoteLinks"][name], {"href": is_text})


def member_errors(payload: object) -> Errors:
    """Check the payload of an album's asset (Lightroom API, 'Add assets to album')."""
    errors: Errors = {}
    if not _members(errors, "payload", payload, {"cover": _is_flag, "order": is_order}):
        return errors
    assert isinstance(payload, dict)
    if "publishInfo" in payload:
        checks: dict[str, Check] = {"servicePayload": is_service_payload, "remoteId": is_text}
        _members(errors, "payload.publishInfo", payload["publishInfo"], checks)
    return errors


def merged(old: Any, new: Any) -> Any:
    """Merge a payload into another: tables member by member, anything else replaced."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    result: Document = dict(old)
    for name, value in new.items():
        result[name] = merged(old[name], value) if name in old else value
    return result

"""Answers, and the refusals the vendor's contract describes.

Problem: errors come in several shapes, each with its own code and wording, and clients branch on them.
Method: an ``Answer`` is a status with either a JSON document, bytes or a file; a ``Refusal`` is an exception that
carries the answer to give. The wording is the contract's, from its ``components/examples`` and enumerations.
Surprising case: a bad API key is refused by the gateway in front of the service, in the gateway's own shape
(``error_code`` as a string, ``message``), not in the service's.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import Factory, frozen

Document = dict[str, Any]

# Codes of the error bodies (Lightroom API, components/schemas).
NOT_FOUND = 1000
EXISTS = 1002
BAD_CONTENT_TYPE = 1003
BAD_INPUT = 1005
TOO_BIG = 1007
NOT_PERMITTED = 1016
BAD_PAYLOAD = 1030
NO_ORIGINAL = 1024  # seen on the live service; the contract does not list it
TOO_MANY = 1043
FORBIDDEN = 4300
FORBIDDEN_ACCOUNT = 4301
UPGRADE_REQUIRED = 4999
UNAVAILABLE = 9999

GUID_WORDS = "Must be a valid GUID"
JSON_WORDS = "Must be valid JSON"
DATE_WORDS = "must be a valid XML Schema dateTime"
INVALID = "invalid"
REQUIRED = "required"


@frozen(kw_only=True)
class Answer:
    """What to send back; at most one of ``document`` (JSON), ``content`` (bytes) and ``file`` is set."""

    status: int
    document: Document | None = None
    content: bytes = b""
    file: Path | None = None
    content_type: str = ""
    headers: Mapping[str, str] = Factory(dict)


class Refusal(Exception):  # noqa: N818  # it is an answer, not a fault of the program
    """Ends the handling of a request with the answer it carries."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def refuse(status: int, code: int, description: str, errors: Mapping[str, list[str]] | None = None) -> Refusal:
    """Make a refusal in the service's own shape: ``{errors, code, description}``."""
    document: Document = {"code": code, "description": description}
    if errors:
        document = {"errors": dict(errors), **document}
    return Refusal(Answer(status=status, document=document))


def bad_input(parameter: str, words: str = "is invalid") -> Refusal:
    """400/1005: a parameter of the path, the query, a header or the top level of the body is wrong."""
    return refuse(400, BAD_INPUT, "Input Validation Error", {parameter: [words]})


def bad_payload(errors: Mapping[str, str]) -> Refusal:
    """400/1030: members of ``payload`` are invalid or required; ``errors`` maps ``payload.key.subkey`` to which."""
    return refuse(400, BAD_PAYLOAD, "Payload Validation Error", {key: [word] for key, word in errors.items()})


def not_found(resource: str) -> Refusal:
    """404/1000: ``resource`` is ``asset``, ``album``, ``catalog``, ``account`` or ``rendition``."""
    return refuse(404, NOT_FOUND, "Resource not found", {resource: ["does not exist"]})


def already_exists(resource: str) -> Refusal:
    """403/1002: the id is taken."""
    return refuse(403, EXISTS, "Resource already exists", {resource: ["already exists"]})


def not_permitted() -> Refusal:
    """403/1016: another client's album, or a kind of album that no client may write."""
    return refuse(403, NOT_PERMITTED, "Requested operation not permitted")


def too_big() -> Refusal:
    """413/1007: more than a call may carry, or more than the account may store."""
    return refuse(413, TOO_BIG, "The resource is too big")


def wrong_content_type(words: str) -> Refusal:
    """415/1003: ``words`` is ``should be json`` or ``should match the subtype of the asset``."""
    return refuse(415, BAD_CONTENT_TYPE, "Invalid content type", {"content_type": [words]})


def unavailable() -> Refusal:
    """503/9999."""
    return refuse(503, UNAVAILABLE, "Service is temporarily unavailable")


def created(location: str) -> Answer:
    """201 with a ``Location`` and an empty body, as for assets, originals, develop settings and albums."""
    return Answer(status=201, headers={"Location": location})

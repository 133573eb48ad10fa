"""
JSON whose bytes are a function of the value: sorted keys, UTF-8, one way to write each number.

Files that people may open and compare are indented by two spaces and end with a newline; what is hashed or written a
line an entry is compact.

The surprising case: a lone surrogate, as Python makes of a file name that is not UTF-8, has no UTF-8 form. It is
refused here as a bug of the caller; sources never lets such a name in.
"""

from typing import Any, TypeVar

import msgspec

from lrplan.diagnostics import Failure, SourceSpan, error

T = TypeVar("T")


def compact(value: Any) -> bytes:
    """*value* as one line of canonical JSON, without a newline."""
    return msgspec.json.encode(value, order="sorted")


def indented(value: Any) -> bytes:
    """*value* as canonical JSON for a file: indented by two spaces, with a newline at the end."""
    return msgspec.json.format(compact(value), indent=2) + b"\n"


def schema_of(layout: type, title: str) -> bytes:
    """The JSON Schema (2020-12) of a file of this *layout*, as it is published in docs/reference."""
    schema = msgspec.json.schema(layout)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = title
    return indented(schema)


class _Versioned(msgspec.Struct, rename="camel"):
    format_version: str | int


def read_versioned(content: bytes, layout: type[T], *, known: tuple[str | int, ...], what: str, file: str) -> T:
    """Decode a file that carries `formatVersion`.

    Args:
        layout: A msgspec struct; unknown keys are its own to refuse.
        known: The versions that can be read, oldest first.
        what: The kind of file, for messages: `plan`, `state`.
        file: The name of the file, for messages.

    Raises:
        Failure: LRP106, it is not JSON or not of this layout; LRP107, its version is none of *known*.
    """
    try:
        version = msgspec.json.decode(content, type=_Versioned).format_version
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise damaged(what, file, str(problem)) from None
    if version not in known:
        raise Failure(
            error(
                "LRP107",
                f"{what} file of format {str(version)[:20]!r}, which this lrplan does not know",
                span=SourceSpan(file=file, line=0, column=1),
                why=f"This version reads format {' and '.join(map(str, known))}.",
                hint="use the version of lrplan that wrote it, or a newer one",
            )
        )
    try:
        return msgspec.json.decode(content, type=layout)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise damaged(what, file, str(problem)) from None


def damaged(what: str, file: str, why: str) -> Failure:
    """The failure for a file that cannot be what it says it is; *why* is a clause or sentence for people."""
    hints = {
        "snapshot": "take a new one with `lrplan snapshot -o FILE`",
        "plan": "make a new one with `lrplan plan -o FILE`",
        "credentials": "move it away, then sign in again with `lrplan auth login`",
        "state": "restore it from a copy, or make it anew with `lrplan state rebuild`",
    }
    return Failure(
        error(
            "LRP106",
            f"{what} file is damaged",
            span=SourceSpan(file=file, line=0, column=1),
            why=why if why.endswith(".") else why + ".",
            hint=hints.get(what, ""),
        )
    )

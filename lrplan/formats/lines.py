"""
Lines that prove to be whole: a JSON object, with the xxh3-64 of the object as its last key.

The checksum is part of the object, so that each line is JSON for every other tool too.
"""

import xxhash

# Inserted before the last brace; the checksum is of the object without it.
_CHECK_START, _CHECK_END = b',"xxh3":"', b'"}'
_CHECK_BYTES = len(_CHECK_START) + 16 + len(_CHECK_END)


def seal(body: bytes) -> bytes:
    """*body*, a JSON object with at least one key and no newline, as a line that ends with its checksum."""
    return body[:-1] + _check(body) + b"\n"


def unseal(line: bytes) -> bytes | None:
    """The object that was sealed in *line*, which has lost its newline; None where it is not what was written."""
    body = line[:-_CHECK_BYTES] + b"}"
    return body if line[-_CHECK_BYTES:] == _check(body) else None


def _check(body: bytes) -> bytes:
    return _CHECK_START + xxhash.xxh3_64_hexdigest(body).encode() + _CHECK_END

"""
A checksum over a whole file, which stands in the file itself: an edit anywhere is noticed.

It is that of the file without it. Inside of a text a quotation mark has a backslash before it, so that the key can only
be meant where it is one.
"""

import re

import xxhash

_NONE = b'"checksum": ""'
_ANY = re.compile(rb'"checksum": "[0-9a-f]*"')


def with_checksum(content: bytes) -> bytes:
    """*content*, indented JSON whose `checksum` is "", with it filled in: xxh3-128, 32 hex digits."""
    return content.replace(_NONE, b'"checksum": "%b"' % _of(content), 1)


def is_intact(content: bytes, checksum: str) -> bool:
    """Tell whether *checksum*, as read from *content*, is that of the rest of it."""
    return _of(_ANY.sub(_NONE, content, count=1)) == checksum.encode()


def _of(content: bytes) -> bytes:
    return xxhash.xxh3_128_hexdigest(content).encode()

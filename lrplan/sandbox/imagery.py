"""What an original says of itself.

Problem: a service fills in an unknown capture date and the size in pixels from the file, whatever the file is.
Method: Pillow reads the header and the EXIF; nothing is decoded.
Surprising case: files are cut short, mislabelled or made to be harmful; whatever Pillow raises means 'it does not say'.
Pillow looks for the next segment of a damaged JPEG byte by byte, for minutes in a large file, so the segments are
walked first.
"""

import hashlib
import os
import re
import struct
import warnings
from pathlib import Path
from typing import BinaryIO

from attrs import frozen
from PIL import Image

from lrplan.sandbox.moments import is_iso

JPEG_START = b"\xff\xd8\xff"
JPEG_FORMATS = ("JPEG", "MPO")
OTHER_FORMATS = ("TIFF", "PNG", "WEBP", "GIF", "BMP", "AVIF")  # most camera raw formats are TIFF
MOST_SEGMENTS = 10_000
SCAN, FILL = 0xDA, 0xFF  # JPEG markers: the picture's data begins; padding before a marker
BARE_MARKERS = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
HASH_CHUNK = 1_048_576
# EXIF 2.3, tags DateTimeOriginal, SubSecTimeOriginal, OffsetTimeOriginal, DateTime and the EXIF sub-directory.
EXIF_DIRECTORY, DATE_TAKEN, FRACTION_TAKEN, OFFSET_TAKEN, DATE_CHANGED = 0x8769, 0x9003, 0x9291, 0x9011, 0x0132
_EXIF_DATE = re.compile(r"(\d{4}):(\d{2}):(\d{2}) (\d{2}:\d{2}:\d{2})", re.ASCII)
_UNREADABLE = (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, EOFError, ArithmeticError)
UNREADABLE = (*_UNREADABLE, struct.error, MemoryError, Image.DecompressionBombError, Warning)


def quieten() -> None:
    """Keep Pillow from warning of damaged files on standard error: a client may send any."""
    warnings.filterwarnings("ignore", module=r"PIL\.")


@frozen(kw_only=True)
class Original:
    """A stored original: bytes, sha256 in hex, and what its header tells (``None`` where it does not)."""

    size: int
    sha256: str
    is_jpeg: bool
    width: int | None = None
    height: int | None = None
    taken: str | None = None


def examine(file: Path, sha256: str | None = None) -> Original:
    """Read what ``file`` says of itself; its hash too, unless given. ``OSError`` when it cannot be read at all."""
    with file.open("rb") as stream:
        is_jpeg = stream.read(len(JPEG_START)) == JPEG_START
        if sha256 is None:
            stream.seek(0)
            digest = hashlib.sha256()
            while chunk := stream.read(HASH_CHUNK):
                digest.update(chunk)
            sha256 = digest.hexdigest()
    size = file.stat().st_size
    try:
        with open_picture(file) as image:
            width, height = image.size
            taken = _taken(image)
    except UNREADABLE:
        return Original(size=size, sha256=sha256, is_jpeg=is_jpeg)
    return Original(size=size, sha256=sha256, is_jpeg=is_jpeg, width=width, height=height, taken=taken)


def open_picture(file: Path) -> Image.Image:
    """Open a picture with Pillow without decoding it; one of ``UNREADABLE`` when it is none or too damaged."""
    with file.open("rb") as stream:
        is_jpeg = stream.read(len(JPEG_START)) == JPEG_START
        if is_jpeg and not _reaches_scan(stream):
            raise SyntaxError("a JPEG whose segments do not lead to its picture")
    return Image.open(file, formats=JPEG_FORMATS if is_jpeg else OTHER_FORMATS)


def _reaches_scan(stream: BinaryIO) -> bool:
    """Walk a JPEG's segments (ITU T.81, B.1.1), from the marker after its start to the first scan."""
    stream.seek(2)
    for _ in range(MOST_SEGMENTS):
        head = stream.read(2)
        if len(head) < 2 or head[0] != FILL:
            return False
        if head[1] == SCAN:
            return True
        if head[1] == FILL:
            stream.seek(-1, os.SEEK_CUR)
        elif head[1] not in BARE_MARKERS:
            length = int.from_bytes(stream.read(2))
            if length < 2:
                return False
            stream.seek(length - 2, os.SEEK_CUR)
    return False


def _taken(image: Image.Image) -> str | None:
    exif = image.getexif()
    details = exif.get_ifd(EXIF_DIRECTORY)
    found = _EXIF_DATE.match(str(details.get(DATE_TAKEN) or exif.get(DATE_CHANGED) or ""))
    if found is None:
        return None
    year, month, day, time = found.groups()
    fraction = str(details.get(FRACTION_TAKEN) or "").strip("\0 ")
    offset = str(details.get(OFFSET_TAKEN) or "").strip("\0 ")
    plain = f"{year}-{month}-{day}T{time}"
    full = plain + (f".{fraction}" if fraction else "") + offset
    return next((text for text in (full, plain) if is_iso(text)), None)

"""
What a local file is, as far as an upload must say it: photo or video, its type, when it was taken, how large it is.

The first bytes decide; a name decides only for raw formats, which have no mark in common. The types are those that
Lightroom takes: `image/jpeg` for JPEG, `application/octet-stream` for raw and every other image, `video/…` for video.

The surprising case: files may be hostile, and Pillow answers to damage with nearly any exception, with warnings, with
searching gigabytes for a mark, or with unpacking the picture. So it gets a few megabytes of the file, is asked only for
what stands in them, and whatever it cannot read is unknown: the service reads it from the original.
"""

import io
import threading
import warnings
from datetime import datetime
from typing import BinaryIO

from attrs import evolve, frozen
from PIL import Image

from lrplan.model.asset import UNKNOWN_DATE

HEAD_BYTES = 512

# Adobe, "Supported file formats in Lightroom" and the raw formats of Adobe Camera Raw.
_RAW = """
.3fr .arq .arw .bay .cr2 .cr3 .crw .dcr .dng .erf .fff .gpr .iiq .k25 .kdc .mef .mos .mrw .nef .nrw .orf .pef .ptx .raf
.raw .rw2 .rwl .sr2 .srf .srw .x3f
"""
_OTHER = """
.jpg .jpeg .jpe .png .tif .tiff .psd .psb .heic .heif .hif .avif .jxl
.mp4 .m4v .mov .qt .avi .mpg .mpeg .mts .m2ts .3gp .3g2
"""
RAW_SUFFIXES = frozenset(_RAW.split())
MEDIA_SUFFIXES = RAW_SUFFIXES | frozenset(_OTHER.split())

JPEG = "image/jpeg"
OTHER_IMAGE = "application/octet-stream"

_IMAGE_MARKS = (
    *(b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"8BPS"),  # PNG, TIFF and raw made of it, PSD
    *(b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"),  # JPEG XL
    *(b"FUJIFILMCCD-RAW", b"IIU\0", b"IIRO", b"IIRS", b"MMOR", b"FOVb", b"\0MRM"),  # RAF, RW2, ORF, X3F, MRW
)
_TIFF_MARKS = (b"II*\0", b"MM\0*")
_HEIF_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"))
_IMAGE_BRANDS = _HEIF_BRANDS | {b"crx "}  # CR3
_AUDIO_BRANDS = frozenset((b"M4A ", b"M4B ", b"M4P "))
_QUICKTIME_ATOMS = frozenset((b"moov", b"mdat", b"wide", b"pnot"))
_TS_PACKET, _M2TS_PACKET, _TS_PACKETS = 188, 192, 390  # ISO/IEC 13818-1: each packet starts with 0x47, "G"
_OPENED_MARKS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_OPENED_FORMATS = ("JPEG", "PNG")  # no others are opened, however a file begins
_READ_BYTES_MAX = 4 << 20  # ours: what stands before the pixels of a JPEG is seldom more than 1 MiB

_EXIF_IFD, _DATE_TIME_ORIGINAL, _SUBSECONDS_ORIGINAL = 0x8769, 0x9003, 0x9291  # Exif 2.32, 4.6
_IMAGE_WIDTH, _IMAGE_LENGTH = 256, 257  # TIFF 6.0, section 3
_pillow = threading.Lock()  # filters of warnings belong to the process, so only one thread may change them


@frozen(kw_only=True)
class Media:
    """What a file is. *capture_date* is local time, ISO 8601, or `UNKNOWN_DATE`; pixels are None where unknown."""

    subtype: str
    content_type: str
    capture_date: str = UNKNOWN_DATE
    width: int | None = None
    height: int | None = None


def read_media(file: BinaryIO, suffix: str) -> Media | None:
    """What *file* is, by its first bytes, else by its *suffix* (`.nef`, in any case); None for no photo or video.

    Reads from the start and leaves the position anywhere.

    Raises:
        OSError: The first bytes cannot be read. Whatever else is wrong with the file leaves facts unknown.
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    suffix = suffix.lower()
    video = _video_type(head, suffix)
    if video is not None:
        return Media(subtype="video", content_type=video)
    if head.startswith(b"\xff\xd8\xff"):
        return _with_facts(Media(subtype="image", content_type=JPEG), file, head, is_raw=False)
    if head.startswith(_IMAGE_MARKS) or head[6:14] == b"HEAPCCDR" or _brand(head) in _IMAGE_BRANDS:
        image = Media(subtype="image", content_type=OTHER_IMAGE)
        return _with_facts(image, file, head, is_raw=suffix in RAW_SUFFIXES)
    return Media(subtype="image", content_type=OTHER_IMAGE) if suffix in RAW_SUFFIXES else None


def _brand(head: bytes) -> bytes:
    return head[8:12] if head[4:8] == b"ftyp" else b""


def _video_type(head: bytes, suffix: str) -> str | None:
    brand = _brand(head)
    starts_with_atom = head[4:8] in _QUICKTIME_ATOMS and (head[0] == 0 or suffix in {".mov", ".qt"})
    if brand == b"qt  " or starts_with_atom:
        return "video/quicktime"
    if brand.startswith(b"3g"):
        return "video/3gpp"
    if brand and brand not in _IMAGE_BRANDS | _AUDIO_BRANDS:
        return "video/x-m4v" if brand.startswith(b"M4V") else "video/mp4"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "video/x-msvideo"
    if head.startswith((b"\0\0\x01\xba", b"\0\0\x01\xb3")):
        return "video/mpeg"
    if b"GGG" in (head[:_TS_PACKETS:_TS_PACKET], head[4:_TS_PACKETS:_M2TS_PACKET]):
        return "video/mp2t"
    return None


def _with_facts(media: Media, file: BinaryIO, head: bytes, *, is_raw: bool) -> Media:
    with _pillow, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        start = io.BufferedReader(_Start(file))
        try:
            if head.startswith(_OPENED_MARKS):
                return _with_header(media, start)
            if head.startswith(_TIFF_MARKS):
                return _with_directory(media, start, is_raw=is_raw)
        except Exception:  # noqa: BLE001 - Pillow answers to damage with nearly any exception
            return media
    return media


def _with_header(media: Media, start: BinaryIO) -> Media:
    with Image.open(start, formats=_OPENED_FORMATS) as picture:
        # Not `getexif`, which for a PNG unpacks the picture to see whether anything follows it.
        (width, height), details = picture.size, picture.info.get("exif")
    exif = Image.Exif()
    try:
        exif.load(details or b"")
    except Exception:  # noqa: BLE001 - the pixels are known even where the rest is garbage
        return evolve(media, width=width, height=height)
    return evolve(media, capture_date=_capture_date(exif), width=width, height=height)


def _with_directory(media: Media, start: BinaryIO, *, is_raw: bool) -> Media:
    exif = Image.Exif()
    exif.load_from_fp(start)
    dated = evolve(media, capture_date=_capture_date(exif))
    width, height = exif.get(_IMAGE_WIDTH), exif.get(_IMAGE_LENGTH)
    # A raw file made of TIFF holds its thumbnail first: the pixels there are not those of the photo.
    if is_raw or not (isinstance(width, int) and isinstance(height, int)):
        return dated
    return evolve(dated, width=width, height=height)


class _Start(io.RawIOBase):
    """A file that ends once a few megabytes of it were read, wherever they stand; closing it closes nothing."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._left_bytes = _READ_BYTES_MAX
        file.seek(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        chunk = self._file.read(min(len(buffer), self._left_bytes))
        self._left_bytes -= len(chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)


def _capture_date(exif: Image.Exif) -> str:
    try:
        details = exif.get_ifd(_EXIF_IFD)
        # TIFF/EP, and so many a raw format, has the date in its first directory.
        text = details.get(_DATE_TIME_ORIGINAL) or exif.get(_DATE_TIME_ORIGINAL)
        subseconds = details.get(_SUBSECONDS_ORIGINAL)
        moment = datetime.strptime(str(text).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - local, as in the file
    except Exception:  # noqa: BLE001 - as above
        return UNKNOWN_DATE
    digits = str(subseconds or "").strip("\0 ")[:6]
    fraction = f".{digits}" if digits.isascii() and digits.isdigit() else ""
    return moment.isoformat() + fraction

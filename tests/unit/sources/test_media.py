"""What a file is: by its first bytes, else by its name; hostile files leave facts unknown and nothing else."""

import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lrplan.model.asset import UNKNOWN_DATE
from lrplan.sources.media import MEDIA_SUFFIXES, RAW_SUFFIXES, Media, read_media
from tests.unit.sources.pictures import jpeg, picture

TAKEN = "2026:05:01 10:20:30"
WHOLE = jpeg(taken=TAKEN, subseconds="07")


def read(content: bytes, suffix: str = "") -> Media | None:
    return read_media(io.BytesIO(content), suffix)


def ftyp(brand: bytes) -> bytes:
    return b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0" + brand


@pytest.mark.parametrize("suffix", [".jpg", ".JPG", "", ".nef", ".mp4", ".txt"])
def test_a_jpeg_is_one_whatever_its_name(suffix: str) -> None:
    assert read(WHOLE, suffix) == Media(
        subtype="image", content_type="image/jpeg", capture_date="2026-05-01T10:20:30.07", width=8, height=6
    )


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_other_pictures_are_octets_with_the_same_facts(form: str) -> None:
    assert read(picture(form, taken=TAKEN)) == Media(
        subtype="image",
        content_type="application/octet-stream",
        capture_date="2026-05-01T10:20:30",
        width=8,
        height=6,
    )


@pytest.mark.parametrize("suffix", [".dng", ".NEF", ".arw"])
def test_a_raw_file_made_of_tiff_has_a_date_and_not_the_pixels_of_its_thumbnail(suffix: str) -> None:
    assert read(picture("TIFF", taken=TAKEN), suffix) == Media(
        subtype="image", content_type="application/octet-stream", capture_date="2026-05-01T10:20:30"
    )


@pytest.mark.parametrize("suffix", sorted(RAW_SUFFIXES))
def test_a_raw_file_is_one_by_its_name(suffix: str) -> None:
    assert read(b"\x01\x02 unlike any other", suffix) == Media(subtype="image", content_type="application/octet-stream")


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (ftyp(b"isom"), "video/mp4"),
        (ftyp(b"mp42"), "video/mp4"),
        (ftyp(b"M4V "), "video/x-m4v"),
        (ftyp(b"3gp5"), "video/3gpp"),
        (ftyp(b"qt  "), "video/quicktime"),
        (b"\0\0\x10\0moov", "video/quicktime"),
        (b"RIFF\0\0\0\0AVI LIST", "video/x-msvideo"),
        (b"\0\0\x01\xba", "video/mpeg"),
        ((b"G" + bytes(187)) * 3, "video/mp2t"),
        ((bytes(4) + b"G" + bytes(187)) * 3, "video/mp2t"),
    ],
)
def test_a_video_is_one_by_its_first_bytes(head: bytes, kind: str) -> None:
    assert read(head) == Media(subtype="video", content_type=kind)


@pytest.mark.parametrize(
    "head", [ftyp(b"heic"), ftyp(b"mif1"), ftyp(b"crx "), b"FUJIFILMCCD-RAW", b"8BPS\0\1", b"\xff\x0a"]
)
def test_pictures_that_cannot_be_opened_here_are_still_pictures(head: bytes) -> None:
    assert read(head) == Media(subtype="image", content_type="application/octet-stream")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"The wide angle of a lens",
        b"Go on reading this text" * 40,
        b"%PDF-1.7",
        b"GIF89a",
        ftyp(b"M4A "),
        b"PK\x03\x04",
        b"<x:xmpmeta/>",
    ],
)
@pytest.mark.parametrize("suffix", ["", ".jpg", ".txt", ".mp4", ".xmp"])
def test_what_is_neither_by_content_nor_by_name_is_none(content: bytes, suffix: str) -> None:
    assert read(content, suffix) is None


@pytest.mark.parametrize(
    ("taken", "date"),
    [
        (None, UNKNOWN_DATE),
        ("", UNKNOWN_DATE),
        ("0000:00:00 00:00:00", UNKNOWN_DATE),
        ("    :  :     :  :  ", UNKNOWN_DATE),
        ("2026:02:30 10:00:00", UNKNOWN_DATE),
        ("yesterday", UNKNOWN_DATE),
        ("2026:05:01 10:20:30\0", "2026-05-01T10:20:30"),
        ("1899:12:31 23:59:59", "1899-12-31T23:59:59"),
    ],
)
def test_a_date_that_is_none_is_unknown(taken: str | None, date: str) -> None:
    media = read(jpeg(taken=taken))
    assert media is not None
    assert media.capture_date == date


@pytest.mark.parametrize(
    ("subseconds", "fraction"), [("5", ".5"), ("123456789", ".123456"), ("x", ""), (" 12 ", ".12")]
)
def test_subseconds_are_a_fraction(subseconds: str, fraction: str) -> None:
    media = read(jpeg(taken=TAKEN, subseconds=subseconds))
    assert media is not None
    assert media.capture_date == "2026-05-01T10:20:30" + fraction


def test_a_picture_of_absurd_size_is_not_unpacked() -> None:
    bomb = bytearray(picture("PNG"))
    bomb[16:24] = b"\x7f\xff\xff\xff" * 2
    assert read(bytes(bomb)) == Media(subtype="image", content_type="application/octet-stream")


def test_a_jpeg_with_garbage_for_exif_keeps_its_pixels() -> None:
    start = WHOLE.index(b"Exif\0\0") + 6
    broken = WHOLE[:start] + b"\xff" * 40 + WHOLE[start + 40 :]
    media = read(broken)
    assert media is not None
    assert (media.content_type, media.capture_date, media.width) == ("image/jpeg", UNKNOWN_DATE, 8)


@given(cut=st.integers(0, len(WHOLE)), suffix=st.sampled_from(sorted(MEDIA_SUFFIXES)))
def test_a_truncated_file_neither_raises_nor_warns(cut: int, suffix: str) -> None:
    media = read(WHOLE[:cut], suffix)
    assert media is None or media.subtype == "image"


@given(
    flips=st.dictionaries(st.integers(2, len(WHOLE) - 1), st.integers(0, 255), max_size=40),
    suffix=st.sampled_from([".jpg", ".nef"]),
)
@example(flips={}, suffix=".jpg")
def test_a_damaged_file_neither_raises_nor_warns(flips: dict[int, int], suffix: str) -> None:
    for start in (WHOLE, picture("TIFF", taken=TAKEN), picture("PNG", taken=TAKEN)):
        damaged = bytearray(start)
        for place, value in flips.items():
            damaged[place % len(damaged)] = value
        read(bytes(damaged), suffix)


@given(content=st.binary(max_size=600), suffix=st.sampled_from(["", *sorted(MEDIA_SUFFIXES)]))
def test_noise_neither_raises_nor_warns(content: bytes, suffix: str) -> None:
    read(content, suffix)


@pytest.mark.parametrize("start", [b"\xff\xd8\xff\xe0", WHOLE[:60], b"II*\0\xff\xff\xff\x00"])
def test_only_a_few_megabytes_of_a_file_are_looked_at(start: bytes) -> None:
    class Counted(io.BytesIO):
        read_bytes = 0

        def read(self, size: int | None = -1) -> bytes:
            content = super().read(size)
            self.read_bytes += len(content)
            return content

    file = Counted(start + b"\1" * 10_000_000)
    media = read_media(file, ".jpg")
    assert media is not None
    assert media.subtype == "image"
    assert file.read_bytes <= 512 + (4 << 20)


def test_a_png_is_not_unpacked_to_look_for_a_date() -> None:
    content = picture("PNG")
    media = read(content[: content.index(b"IDAT") + 4])
    assert media == Media(subtype="image", content_type="application/octet-stream", width=8, height=6)


def test_the_callers_file_stays_open() -> None:
    file = io.BytesIO(WHOLE)
    read_media(file, ".jpg")
    assert not file.closed

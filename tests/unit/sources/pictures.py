"""Small photos with known facts."""

import io

from PIL import Image


def jpeg(*, taken: str | None = None, subseconds: str | None = None, size: tuple[int, int] = (8, 6)) -> bytes:
    return picture("JPEG", taken=taken, subseconds=subseconds, size=size)


def picture(
    form: str, *, taken: str | None = None, subseconds: str | None = None, size: tuple[int, int] = (8, 6)
) -> bytes:
    """*taken* as EXIF writes it, `2026:05:01 10:00:00`."""
    exif = Image.Exif()
    details = exif.get_ifd(0x8769)
    details |= {tag: text for tag, text in ((0x9003, taken), (0x9291, subseconds)) if text is not None}
    exif[0x8769] = details
    exif[0x0132] = "1999:01:01 00:00:00"  # when it was last changed: never the capture date
    written = io.BytesIO()
    Image.new("RGB", size, "teal").save(written, form, exif=exif)
    return written.getvalue()

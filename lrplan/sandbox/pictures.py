"""Pictures to try things with.

Problem: a demonstration needs photographs, and must not need the user's.
Method: a sky, a sun and hills, drawn from the picture's number alone, so that the same call makes the same files.
Surprising case: each is different by content, not by name only, because a catalog tells originals apart by their hash.
"""

import colorsys
import math
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image, ImageDraw

SIZE = (720, 480)
DAY = datetime(2026, 5, 2, 6, 0, 0)  # noqa: DTZ001  # EXIF dates have no zone
DAY_SECONDS = 16 * 3600  # the pictures are spread from six in the morning to ten at night
MOST_STEP = 420  # seconds between two pictures, at most
GOLDEN = 0.618034  # steps by this share of the hue circle never come close to one another soon
HILLS = 4
QUALITY = 80
EXIF_DIRECTORY, DATE_TAKEN, DATE_CHANGED, MAKE, MODEL = 0x8769, 0x9003, 0x0132, 0x010F, 0x0110


def make_pictures(folder: Path, count: int) -> tuple[Path, ...]:
    """Write ``count`` JPEGs of under 30 KB, ``DSC_0001.jpg`` and on, into ``folder``, which is made when missing.

    Their EXIF ``DateTimeOriginal`` rises through 2026-05-02. The same count gives the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    step = max(1, min(MOST_STEP, DAY_SECONDS // max(1, count)))
    made = []
    for number in range(1, count + 1):
        file = folder / f"DSC_{number:04d}.jpg"
        taken = (DAY + timedelta(seconds=step * (number - 1))).strftime("%Y:%m:%d %H:%M:%S")
        image = _draw(number, (number - 0.5) / count)
        exif = Image.Exif()
        exif[MAKE], exif[MODEL], exif[DATE_CHANGED] = "lrplan", "Sandbox", taken
        exif.get_ifd(EXIF_DIRECTORY)[DATE_TAKEN] = taken
        image.save(file, "JPEG", quality=QUALITY, exif=exif)
        made.append(file)
    return tuple(made)


def _draw(number: int, time_of_day: float) -> Image.Image:
    width, height = SIZE
    hue = (number * GOLDEN) % 1
    image = Image.new("RGB", SIZE)
    draw = ImageDraw.Draw(image)
    light = 0.45 + 0.5 * math.sin(math.pi * time_of_day)
    for row in range(height):
        share = row / height
        draw.line(((0, row), (width, row)), fill=_color(0.58 - 0.5 * share**2, 0.55 - 0.3 * share, light + 0.1 * share))
    x, y = width * (0.08 + 0.84 * time_of_day), height * (0.62 - 0.5 * math.sin(math.pi * time_of_day))
    draw.ellipse((x - 28, y - 28, x + 28, y + 28), fill=_color(0.13, 0.35, 1))
    for hill in range(HILLS):
        base = height * (0.55 + 0.13 * hill)
        points: list[tuple[float, float]] = [(0, height)]
        for column in range(0, width + 12, 12):
            swing = math.sin(column / (90 + 25 * hill) + number * (1.3 + hill)) + 0.4 * math.sin(column / 37 + number)
            points.append((column, base - 26 * swing))
        points.append((width, height))
        draw.polygon(
            points, fill=_color(hue + 0.04 * hill, 0.35 + 0.1 * hill, (0.75 - 0.16 * hill) * (0.5 + 0.5 * light))
        )
    draw.text((18, height - 48), f"{number:04d}", fill=_color(hue, 0.08, 0.95), font_size=30)
    return image


def _color(hue: float, saturation: float, value: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, min(1.0, saturation), min(1.0, value))
    return round(red * 255), round(green * 255), round(blue * 255)

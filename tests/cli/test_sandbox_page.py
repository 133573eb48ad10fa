"""The page of the sandbox in a real browser: it shows the demonstration's albums and nothing is amiss."""

import asyncio
import re
import shutil
from pathlib import Path

import pytest
from PIL import Image

from lrplan.sandbox import SandboxOptions, running
from tests.cli.conftest import Ended, run_lrplan

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
SIZE = (1200, 1600)
LIGHT, DARK = "1", "0"  # Chromium's preferredColorScheme
ALBUMS = ("Smith &amp; Jones", "Smith &amp; Jones, highlights", "Smith &amp; Jones, the party")
HALF = 128  # of the brightness of a pixel
MANY = 2000  # colours; a page whose pictures did not load has a few hundred, from the edges of its letters

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=f"needs a browser: none of {', '.join(NAMES)} is installed")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a demonstration that was played to its end."""
    folder = tmp_path_factory.mktemp("played")
    ended: Ended = run_lrplan("demo", "demo", cwd=folder)
    assert ended.code == 0, ended.err
    return folder / "demo" / ".lrplan" / "sandbox"


async def _browse(data: Path, profile: Path, *options: str, url: str = "") -> tuple[str, str]:
    """Open the page, or another; give what the browser wrote to standard output, and what it said to its console."""
    assert CHROMIUM is not None
    size = f"--window-size={SIZE[0]},{SIZE[1]}"
    quiet = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars", size)
    async with running(SandboxOptions(data=data)) as box:
        browser = await asyncio.create_subprocess_exec(
            *(CHROMIUM, *quiet, "--enable-logging=stderr", "--log-level=0", f"--user-data-dir={profile}", *options),
            url or box.endpoint,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        written, said = await browser.communicate()
    assert browser.returncode == 0, said
    return written.decode(), "\n".join(line for line in said.decode().splitlines() if ":CONSOLE" in line)


def test_it_shows_the_demonstrations_albums(played: Path, tmp_path: Path) -> None:
    text, console = asyncio.run(_browse(played, tmp_path, "--dump-dom"))
    assert console == ""
    assert re.findall(r"<h3[^>]*>(.*?)<", text) == list(ALBUMS)
    assert re.search(rf"Weddings 2026</span>.*?{'.*?'.join(ALBUMS)}", text)
    first = text[text.index(f">{ALBUMS[0]}</h3>") :]
    assert re.findall(r'alt="(DSC_\d{4}\.jpg)"', first)[:4] == [f"DSC_{n:04d}.jpg" for n in (24, 1, 2, 4)]


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_its_pictures_are_drawn_in_light_and_in_dark(played: Path, tmp_path: Path, scheme: str) -> None:
    file = tmp_path / "page.png"
    options = (f"--screenshot={file}", f"--blink-settings=preferredColorScheme={scheme}")
    _, console = asyncio.run(_browse(played, tmp_path, *options))
    assert console == ""
    with Image.open(file) as image:
        corner = image.convert("L").getpixel((2, 2))
        colors = image.convert("RGB").getcolors(SIZE[0] * SIZE[1])
    assert isinstance(corner, int)
    assert (corner > HALF) is (scheme == LIGHT)
    assert colors is not None
    assert len(colors) > MANY


def test_the_console_would_be_heard(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<script>console.error('a complaint')</script>")
    _, console = asyncio.run(_browse(tmp_path / "data", tmp_path / "profile", "--dump-dom", url=page.as_uri()))
    assert "a complaint" in console

"""The command line as a user meets it: a child process, with nothing of this machine's settings for lrplan."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest
from attrs import frozen

from lrplan.sandbox import SandboxOptions, running
from lrplan.sandbox.pictures import make_pictures

ROOT = Path(__file__).parents[2]


@frozen(kw_only=True)
class Ended:
    """How a command ended, and what it said where."""

    code: int
    out: str
    err: str


Lrplan = Callable[..., Ended]


def clean_environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment without anything that lrplan or a terminal would listen to."""
    heard = ("LRPLAN_", "FORCE_COLOR", "NO_COLOR", "COLUMNS", "TERM")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(heard)}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | dict(more or {})


def run_lrplan(*words: str, cwd: Path, env: Mapping[str, str] | None = None) -> Ended:
    """Run `lrplan` in the folder *cwd*, with no terminal."""
    done = subprocess.run(
        [sys.executable, "-m", "lrplan", *words],
        cwd=cwd,
        env=clean_environment(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return Ended(code=done.returncode, out=done.stdout, err=done.stderr)


@pytest.fixture
def lrplan(tmp_path: Path) -> Lrplan:
    """Run `lrplan` in a folder of its own."""
    return partial(run_lrplan, cwd=tmp_path)


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a sandbox whose catalog has the photos DSC_0001.jpg to DSC_0024.jpg."""
    photos, data = tmp_path_factory.mktemp("photos"), tmp_path_factory.mktemp("data")
    make_pictures(photos, 24)

    async def seed() -> None:
        async with running(SandboxOptions(data=data, photos=photos)):
            pass

    asyncio.run(seed())
    return data


@pytest.fixture
def studio(tmp_path: Path, seeded: Path) -> Path:
    """A project with the example's manifests, on a sandbox of its own that has the example's photos."""
    (tmp_path / "lrplan.yaml").write_text("lrplan: 1\nproject: studio\nendpoint: sandbox\n")
    shutil.copytree(ROOT / "manifests", tmp_path / "manifests")
    shutil.copytree(seeded, tmp_path / ".lrplan" / "sandbox")
    return tmp_path


@pytest.fixture
def service(tmp_path: Path) -> Iterator[dict[str, str]]:
    """What `lrplan sandbox` says to export, while it serves."""
    with subprocess.Popen(
        [sys.executable, "-m", "lrplan", "-q", "sandbox", "--data", str(tmp_path / "served")],
        env=clean_environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as serving:
        assert serving.stdout is not None
        lines = [serving.stdout.readline().strip().removeprefix("export ") for _ in range(3)]
        yield dict(line.split("=", 1) for line in lines)
        serving.terminate()
        assert serving.wait(60) == 0

"""`lrplan sandbox`: what it prints, what it serves, how it ends."""

import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from lrplan.sandbox.pictures import make_pictures
from tests.cli.conftest import Lrplan, clean_environment


def _start(folder: Path, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "lrplan", "sandbox", "--data", "data", *words],
        cwd=folder,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_what_to_export_serves_and_ends_well(tmp_path: Path, number: int) -> None:
    with _start(tmp_path) as service:
        try:
            assert service.stdout is not None
            lines = [service.stdout.readline() for _ in range(3)]
            assert [line.partition("=")[0] for line in lines] == [
                "export LRPLAN_ENDPOINT",
                "export LRPLAN_API_KEY",
                "export LRPLAN_ACCESS_TOKEN",
            ]
            endpoint = lines[0].partition("=")[2].strip()
            assert endpoint.startswith("http://127.0.0.1:")
            request = urllib.request.Request(f"{endpoint}/v2/health", headers={"X-API-Key": "sandbox"})
            with urllib.request.urlopen(request, timeout=60) as answer:
                assert answer.status == 200
        finally:
            service.send_signal(number)
        out, err = service.communicate(timeout=60)
    look = f"Serving until Ctrl-C; look at it in a browser: {endpoint}/\n"
    assert (service.returncode, out, err) == (0, "", look)


def test_photos_of_a_folder_are_in_its_catalog(lrplan: Lrplan, tmp_path: Path) -> None:
    make_pictures(tmp_path / "photos", 2)
    (tmp_path / "photos" / "notes.txt").touch()
    (tmp_path / "lrplan.yaml").write_text(
        "lrplan: 1\nproject: a\nalbums: {a: {name: A, members: [DSC_0002.jpg, DSC_0001.jpg]}}\n"
    )
    with _start(tmp_path, "--photos", "photos", "--untidy") as service:
        try:
            assert service.stdout is not None
            lines = [service.stdout.readline().strip().removeprefix("export ") for _ in range(3)]
            ended = lrplan("apply", "--auto-approve", env=dict(line.split("=", 1) for line in lines))
        finally:
            service.terminate()
        _, err = service.communicate(timeout=60)
    assert err.splitlines()[0] == "2 photos from photos, 1 other file skipped."
    assert (ended.code, ended.out.splitlines()[-1]) == (0, "Verified: the catalog matches the manifests.")


def test_a_port_that_is_taken_is_wrong_usage(lrplan: Lrplan) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = lrplan("sandbox", "--data", "data", "--port", str(taken.getsockname()[1]))
    assert ended.code == 64
    assert "is taken" in ended.err


def test_data_that_cannot_be_used_is_told(lrplan: Lrplan, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert lrplan("sandbox", "--data", "file").code == 64
    below = lrplan("sandbox", "--data", "file/below")
    assert below.code == 3
    assert "remove the folder" not in below.err
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "catalog.sqlite").write_bytes(b"no database at all" * 100)
    ended = lrplan("sandbox", "--data", "data")
    assert ended.code == 3
    assert ended.err.startswith("error[LRP101]: the sandbox cannot use data")
    assert "remove the folder" in ended.err

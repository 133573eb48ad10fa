"""Several processes on one folder, and processes that are killed."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

SERVE = """
import asyncio, os, signal, sys
from pathlib import Path
from lrplan.sandbox import SandboxOptions, running

async def main(data, when, number):
    async def before(request):
        if when == "before" and request.number == number:
            os.kill(os.getpid(), signal.SIGKILL)

    async def after(request, status):
        if when == "after" and request.number == number:
            os.kill(os.getpid(), signal.SIGKILL)

    async with running(SandboxOptions(data=Path(data)), before_request=before, after_request=after) as box:
        print(box.endpoint, flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
"""
HEADERS = {"X-API-Key": "sandbox", "Authorization": "Bearer sandbox-token"}
CATALOG = "/v2/catalogs/bf7337d9355c41b7875c9392f918362a"


class Process:
    """A sandbox of its own process; ``when`` and ``number`` say at which request it kills itself."""

    def __init__(self, data: Path, when: str = "never", number: int = 0) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(data), when, str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> str:
        return self._process.stdout.readline().strip()

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def kill(self) -> None:
        os.kill(self._process.pid, signal.SIGKILL)


def album(name):
    return {"subtype": "project", "serviceId": "sandbox", "payload": {"name": name}}


@pytest.mark.parametrize(("when", "left"), [("before", 2), ("after", 3)])
def test_what_was_done_before_the_answer_is_there_after_a_kill(tmp_path, serve, when, left):
    async def write(endpoint):
        async with aiohttp.ClientSession(headers=HEADERS) as session:
            for number in range(3):
                url = f"{endpoint}{CATALOG}/albums/{number:032x}"
                try:
                    async with session.put(url, json=album(str(number))) as response:
                        assert response.status == 201
                except aiohttp.ClientError:
                    assert number == 2

    async def look(client):
        assert len((await client.get("albums")).ids) == left

    with Process(tmp_path / "data", when, 3) as endpoint:
        asyncio.run(write(endpoint))
    serve(look)


def test_a_kill_at_any_moment_leaves_a_valid_catalog(tmp_path, serve):
    data = tmp_path / "data"
    acknowledged = []

    async def write(process, endpoint, start):
        async with aiohttp.ClientSession(headers=HEADERS) as session:

            async def one(number):
                url = f"{endpoint}{CATALOG}/albums/{number:032x}"
                try:
                    async with session.put(url, json=album(str(number))) as response:
                        if response.status == 201:
                            acknowledged.append(f"{number:032x}")
                except aiohttp.ClientError:
                    return
                if len(acknowledged) % 40 == 20:
                    process.kill()

            await asyncio.gather(*(one(number) for number in range(start, start + 60)))

    for start in (0, 100, 200):
        process = Process(data)
        with process as endpoint:
            asyncio.run(write(process, endpoint, start))
        connection = sqlite3.connect(data / "catalog.sqlite")
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()

    async def look(client):
        found = {one["id"] for one in (await client.snapshot())["albums"]}
        assert acknowledged
        assert set(acknowledged) <= found

    serve(look)


def test_two_processes_serve_one_folder(tmp_path, serve):
    async def write(endpoints):
        async with aiohttp.ClientSession(headers=HEADERS) as session:

            async def one(number):
                url = f"{endpoints[number % 2]}{CATALOG}/albums/{number // 2:032x}"
                async with session.put(url, json=album(str(number))) as response:
                    await response.read()
                    return response.status

            statuses = await asyncio.gather(*(one(number) for number in range(200)))
            assert sorted(statuses) == [201] * 100 + [403] * 100

    async def look(client):
        assert len((await client.snapshot())["albums"]) == 100

    with Process(tmp_path / "data") as first, Process(tmp_path / "data") as second:
        asyncio.run(write((first, second)))
    serve(look)


def test_parts_through_two_processes_make_one_original(tmp_path, serve, jpeg):
    part = 32_768
    data = jpeg(size=6 * part)
    asset = f"{CATALOG}/assets/{'a' * 32}"

    async def create(client):
        (await client.put(f"assets/{'a' * 32}", client.asset())).says(201)

    async def write(endpoints):
        async with aiohttp.ClientSession(headers=HEADERS) as session:

            async def one(number):
                first = number // 2 * part
                headers = {
                    "Content-Type": "image/jpeg",
                    "Content-Range": f"bytes {first}-{first + part - 1}/{len(data)}",
                }
                url = f"{endpoints[number % 2]}{asset}/master"
                async with session.put(url, data=data[first : first + part], headers=headers) as response:
                    assert response.status in (201, 412), await response.text()

            await asyncio.gather(*(one(number) for number in range(12)))

    async def look(client):
        stored = (await client.snapshot())["assets"][0]
        assert (stored["complete"], stored["size"]) == (True, len(data))
        assert (tmp_path / "data" / "originals" / stored["sha256"]).read_bytes() == data

    serve(create)
    with Process(tmp_path / "data") as first, Process(tmp_path / "data") as second:
        asyncio.run(write((first, second)))
    serve(look)


def test_parts_that_a_killed_process_had_whole_are_consolidated_at_the_next_start(tmp_path, serve, jpeg):
    data = jpeg(size=1000)

    async def create(client):
        (await client.put(f"assets/{'a' * 32}", client.asset())).says(201)

    async def look(client):
        assert (await client.snapshot())["assets"][0]["complete"]

    serve(create)
    file = tmp_path / "data" / "parts" / "whole"
    file.write_bytes(data)
    connection = sqlite3.connect(tmp_path / "data" / "catalog.sqlite")
    values = ("bf7337d9355c41b7875c9392f918362a", "a" * 32, 0, 999, 1000, "image/jpeg", "parts/whole")
    connection.execute("INSERT INTO part VALUES (?, ?, ?, ?, ?, ?, ?)", values)
    connection.commit()
    connection.close()
    serve(look)
    assert not file.exists()

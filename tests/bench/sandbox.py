"""
How many small requests a second the stand-in answers on one core.

The stand-in runs in a process of its own and tells its CPU seconds, so that what the client of the measurement costs,
and whatever else the machine does, stays out of `a_cpu_second`. Run: `python -m tests.bench sandbox [REQUESTS]`.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from lrplan.sandbox import RunningSandbox, SandboxOptions, running

CONNECTIONS = 8
SERVE = "serve"
PHOTOS = 200
ALBUM = "a" * 32
MOST_EXPECTED = 201  # a status above this would mean that something other than the call was measured

Request = Callable[[int], bytes]


async def serve(data: Path) -> None:
    """Serve, say where, and say the CPU seconds used so far for every line that comes in."""
    async with running(SandboxOptions(data=data)) as box:
        print(json.dumps([box.endpoint, box.api_key, box.access_token, box.catalog_id]), flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            print(time.process_time(), flush=True)


def requests(box: RunningSandbox) -> dict[str, Request]:
    """Every kind of request that is measured, by name; each is made from its running number."""
    headers = f"X-API-Key: {box.api_key}\r\nAuthorization: Bearer {box.access_token}\r\nHost: 127.0.0.1\r\n"
    catalog = f"/v2/catalogs/{box.catalog_id}"

    def get(path: str) -> Request:
        made = f"GET {path} HTTP/1.1\r\n{headers}\r\n".encode()
        return lambda _number: made

    def put(path: Callable[[int], str], body: Callable[[int], object]) -> Request:
        def make(number: int) -> bytes:
            content = json.dumps(body(number)).encode()
            kind = f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
            return f"PUT {path(number)} HTTP/1.1\r\n{headers}{kind}\r\n".encode() + content

        return make

    def asset(number: int) -> object:
        source = {"fileName": f"{number}.jpg", "importedOnDevice": box.api_key, "importedBy": box.account_id}
        return {
            "subtype": "image",
            "payload": {
                "captureDate": "2026-05-02T08:00:00",
                "importSource": {**source, "importTimestamp": "2026-05-02T08:00:00Z"},
            },
        }

    def album(number: int) -> object:
        return {"subtype": "project", "serviceId": box.api_key, "payload": {"name": f"Album {number}"}}

    return {
        "health": get("/v2/health"),
        "account": get("/v2/account"),
        "asset": get(f"{catalog}/assets/{1:032x}"),
        "album": get(f"{catalog}/albums/{ALBUM}"),
        "ten members": get(f"{catalog}/albums/{ALBUM}/assets?order_after=-&limit=10"),
        "create an asset": put(lambda n: f"{catalog}/assets/{n + 0x1000:032x}", asset),
        "create an album": put(lambda n: f"{catalog}/albums/{n + 0x1000:032x}", album),
        "add a member": put(
            lambda n: f"{catalog}/albums/{ALBUM}/assets", lambda n: {"resources": [{"id": f"{n + 0x1000:032x}"}]}
        ),
    }


async def send(host: str, port: int, make: Request, count: int) -> None:
    """Send requests 0 to *count* over a few connections, each the next when its answer is in."""
    numbers = iter(range(count))

    async def one() -> None:
        reader, writer = await asyncio.open_connection(host, port)
        for number in numbers:
            writer.write(make(number))
            head = await reader.readuntil(b"\r\n\r\n")
            status = int(head[9:12])
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            body = await reader.readexactly(int(length.partition(b":")[2]))
            if status > MOST_EXPECTED:
                raise RuntimeError((head, body))
        writer.close()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))


async def seed(box: RunningSandbox) -> None:
    """Put photos and one album with all of them in the catalog, through the control call."""
    assets = [{"id": f"{n:032x}", "captureDate": f"2026-05-02T08:00:{n % 60:02d}"} for n in range(PHOTOS)]
    members = [{"id": f"{n:032x}", "payload": {"order": f"{n:04d}"}} for n in range(PHOTOS)]
    album = {"id": ALBUM, "serviceId": box.api_key, "payload": {"name": "Bench"}, "members": members}
    content = json.dumps({"assets": assets, "albums": [album]}).encode()
    head = f"POST /sandbox/seed HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(content)}\r\n\r\n"
    host, _, port = box.endpoint.removeprefix("http://").partition(":")
    await send(host, int(port), lambda _number: head.encode() + content, 1)


async def measure(count: int, data: Path) -> None:
    """Print a row for each kind of request."""
    pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench", "sandbox", SERVE, str(data), **pipes
    )
    assert child.stdin is not None
    assert child.stdout is not None
    endpoint, api_key, token, catalog_id = json.loads(await child.stdout.readline())
    account_id = "96e656e3812b4c2fb670fa74b6a7ad74"
    box = RunningSandbox(
        endpoint=endpoint, api_key=api_key, access_token=token, account_id=account_id, catalog_id=catalog_id
    )

    async def cpu() -> float:
        child.stdin.write(b"\n")  # type: ignore[union-attr]
        return float(await child.stdout.readline())  # type: ignore[union-attr]

    await seed(box)
    host, _, port = endpoint.removeprefix("http://").partition(":")
    for name, make in requests(box).items():
        before, started = await cpu(), time.perf_counter()
        await send(host, int(port), make, count)
        wall, used = time.perf_counter() - started, await cpu() - before
        rates = {"a_cpu_second": round(count / used), "a_second": round(count / wall)}
        print(json.dumps({"bench": "sandbox", "request": name, "n": count, **rates}), flush=True)
    child.stdin.close()
    await child.wait()


def main() -> None:
    """Print the rows, or serve for whoever measures."""
    if sys.argv[1:2] == [SERVE]:
        asyncio.run(serve(Path(sys.argv[2])))
        return
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 3000, Path(folder)))


if __name__ == "__main__":
    main()

"""
One large original on its way to a sink on loopback: memory above idle, CPU beside `sha256sum` and `curl -T`.

The file is hashed and sent in parts as `plan` and `apply` do it, in a process of its own, whose CPU and largest size
the kernel tells. The sink reads and forgets; it answers in a process of its own too. Reported are medians.
Run: `python -m tests.bench upload [GIGABYTES]`; the file is made in a temporary folder and deleted.
"""

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

GIGABYTE = 10**9
PART_BYTES = 20_000_000
ROUNDS = 3
CHUNK = 2**20

HEAD = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"


async def sink(port_file: Path) -> None:
    """Answer the calls of an upload, until the process is ended; bodies are counted and thrown away."""
    loop = asyncio.get_running_loop()
    scratch = bytearray(2**20)

    class Sink(asyncio.BufferedProtocol):
        """Reads heads, and as many bytes after each as it names."""

        def __init__(self) -> None:
            self._head = b""
            self._left = 0

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            self._transport = transport

        def get_buffer(self, sizehint: int) -> bytearray:
            return scratch

        def buffer_updated(self, nbytes: int) -> None:
            if self._left >= nbytes:
                self._left -= nbytes
                if not self._left:
                    self._transport.write(HEAD)
                return
            self._feed(bytes(scratch[:nbytes]))

        def _feed(self, data: bytes) -> None:
            data, self._left = data[self._left :], 0
            self._head += data
            while b"\r\n\r\n" in self._head:
                head, _, rest = self._head.partition(b"\r\n\r\n")
                lines = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
                if lines.get(b"expect") == b"100-continue":
                    self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                size = int(lines.get(b"content-length", b"0"))
                self._left, self._head = max(0, size - len(rest)), rest[size:]
                if not self._left:
                    self._transport.write(_answer(head))

    server = await loop.create_server(Sink, "127.0.0.1", 0)
    beside = port_file.with_suffix(".new")
    beside.write_text(str(server.sockets[0].getsockname()[1]))
    beside.rename(port_file)
    await server.serve_forever()


def _answer(head: bytes) -> bytes:
    if not head.startswith(b"GET"):
        return HEAD
    body = json.dumps({"id": "c" * 32, "entitlement": {"status": "subscriber"}}).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body


async def send(file: Path, port: int, *, to_idle: bool) -> None:
    """Hash *file* and send it in parts, side by side; or only come as far as having a connection."""
    from lrplan.apply.recorded import RecordedWriter
    from lrplan.apply.uploading import Uploader
    from lrplan.lightroom.credentials import GivenCredentials
    from lrplan.lightroom.service import connect
    from lrplan.model.address import Address
    from lrplan.model.ids import AccountId, AssetId, ServiceId
    from lrplan.model.inventory import Original
    from lrplan.plan.action import UploadOriginal
    from lrplan.sources.clock import SystemClock
    from lrplan.sources.files import LocalFiles
    from lrplan.sources.originals import LocalOriginals
    from tests.ports import KeptEvents, _ListJournal

    clock, events = SystemClock(), KeptEvents()
    async with connect(
        endpoint=f"http://127.0.0.1:{port}",
        credentials=GivenCredentials(api_key=ServiceId("bench"), token="token"),
        originals=LocalOriginals(file.parent),
        clock=clock,
        events=events,
        concurrency=8,
        rate=0,
    ) as service:
        await service.catalog()
        if to_idle:
            return
        files = LocalFiles(file.parent)
        found = (await asyncio.to_thread(files.inventory, (), (file.name,), part_size_bytes=PART_BYTES)).originals
        original = found[file.name]
        assert isinstance(original, Original), original
        uploader = Uploader(
            service,
            RecordedWriter(service, _ListJournal([]), clock, stamps={}),
            {},
            clock,
            events=events,
            arrived={},
            account_id=AccountId("a" * 32),
            service_id=ServiceId("bench"),
        )
        action = UploadOriginal(address=Address("albums.a"), asset_id=AssetId("b" * 32), original=original)
        ending = await uploader.upload("upload", action)
        assert ending.result.is_well, ending


def _measured(command: list[str]) -> tuple[float, float]:
    """CPU seconds and largest size in MB of a child."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, command
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def _rounds(command: list[str]) -> dict[str, float]:
    runs = [_measured(command) for _ in range(ROUNDS)]
    return {"cpu_s": statistics.median(cpu for cpu, _ in runs), "size_mb": statistics.median(size for _, size in runs)}


def _make(file: Path, size_bytes: int) -> None:
    """A JPEG by its first bytes, and no two megabytes alike, so that nothing along the way can be clever."""
    with file.open("wb") as stream:
        stream.write(b"\xff\xd8\xff\xe0")
        left, block = size_bytes - 4, bytearray(os.urandom(CHUNK))
        while left:
            block[:8] = left.to_bytes(8, "big")
            left -= stream.write(block[: min(left, CHUNK)])


def main() -> None:
    """Print a row for the tools, one for lrplan, and the ratio."""
    match sys.argv[1:]:
        case ["sink", port_file]:
            threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
            asyncio.run(sink(Path(port_file)))
            return
        case ["send" | "idle" as what, file, port]:
            asyncio.run(send(Path(file), int(port), to_idle=what == "idle"))
            return
    size_bytes = int(float(sys.argv[1] if len(sys.argv) > 1 else 1) * GIGABYTE)
    me = [sys.executable, "-m", "tests.bench", "upload"]
    with tempfile.TemporaryDirectory() as folder:
        file, port_file = Path(folder) / "large.jpg", Path(folder) / "port"
        _make(file, size_bytes)
        with subprocess.Popen([*me, "sink", str(port_file)], stdin=subprocess.PIPE) as server:
            while not port_file.exists():
                os.sched_yield()
            port = port_file.read_text()
            rows = {
                "idle": _rounds([*me, "idle", str(file), port]),
                "lrplan": _rounds([*me, "send", str(file), port]),
                "sha256sum": _rounds(["sha256sum", str(file)]),
            }
            if curl := shutil.which("curl"):
                rows["curl -T"] = _rounds([curl, "-sS", "-T", str(file), f"http://127.0.0.1:{port}/x"])
            assert server.stdin is not None
            server.stdin.close()
    for name, row in rows.items():
        print(
            json.dumps({"what": name, "gigabytes": size_bytes / GIGABYTE, **{key: round(row[key], 2) for key in row}})
        )
    ours, idle = rows["lrplan"], rows["idle"]
    tools = sum(rows[name]["cpu_s"] for name in ("sha256sum", "curl -T") if name in rows)
    above, cpu = ours["size_mb"] - idle["size_mb"], ours["cpu_s"] - idle["cpu_s"]
    print(json.dumps({"above_idle_mb": round(above, 1), "cpu_ratio": round(cpu / tools, 2)}))


if __name__ == "__main__":
    main()

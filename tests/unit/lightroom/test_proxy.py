"""Which proxy is taken, what it is told, and that nothing goes past one that somebody has named."""

import asyncio
import os
import ssl
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from attrs import define, field

from lrplan.diagnostics import Failure
from lrplan.lightroom.proxy import proxy_for
from lrplan.lightroom.service import LightroomService
from tests.unit.lightroom.stage import Stage, certificate, needs_openssl

ROOT = "https://lightroom.invalid"
HOST = "lightroom.invalid"


@pytest.fixture(autouse=True)
def _no_other_proxy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {HOST} login me password s3cret\nmachine 127.0.0.1 login me password s3cret\n")
    monkeypatch.setenv("NETRC", str(netrc))


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("http://proxy.example:3128", "http://proxy.example:3128"),
        ("https://proxy.example:3129/", "https://proxy.example:3129"),
        ("HTTP://proxy.example", "http://proxy.example"),
        ("127.0.0.1:3128", "http://127.0.0.1:3128"),
        ("proxy.example", "http://proxy.example"),
        ("me:word@[::1]:3128", "http://me:word@[::1]:3128"),
        ("  http://proxy.example:3128\n", "http://proxy.example:3128"),
    ],
)
def test_an_address_is_read_as_curl_reads_it(said: str, taken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", said)
    assert str(proxy_for(ROOT)) == taken


@pytest.mark.parametrize(
    "said",
    [
        "http://user:s3cret@host:99999",
        "http://user:s3cret@[::1",
        "http://user:s3cret@host:0",
        "http://user:s3/cret@host:3128",
        "http://user:1/s3cret@host:3128",
        "http://user:s3#cret@host:3128",
        "http://us%3Aer:s3cret@host:3128",
        "http://user:s3 cret@host:3128",
        "http://us\udcfcr:s3cret@host:3128",
        "http://user:s3cret@",
        "socks5://user:s3cret@host:1080",
        "user:s3cret://host:1080",
        "ftp://host",
        "foo bar",
        "://",
        "http://",
        " ",
    ],
)
def test_what_is_no_address_of_a_proxy_is_refused_by_the_name_of_its_variable(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", said)
    with pytest.raises(Failure) as failed:
        proxy_for(ROOT)
    (told,) = failed.value.diagnostics
    assert told.code == "LRP901"
    assert told.what == "HTTPS_PROXY is not the address of a proxy"
    assert not any(word in f"{told.why} {told.hint}" for word in ("user", "s3", "cret"))


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({"https_proxy": "://", "HTTPS_PROXY": "http://fine.example"}, "https_proxy"),
        ({"ALL_PROXY": "socks5://host"}, "ALL_PROXY"),
        ({"all_proxy": "socks5h://host", "ALL_PROXY": "http://fine.example"}, "all_proxy"),
        ({"Https_Proxy": "foo bar"}, "Https_Proxy"),
    ],
)
def test_the_variable_that_counts_is_the_one_that_is_named(
    environment: dict[str, str], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each, value in environment.items():
        monkeypatch.setenv(each, value)
    with pytest.raises(Failure) as failed:
        proxy_for(ROOT)
    assert failed.value.diagnostics[0].what.startswith(f"{name} is not")


@pytest.mark.parametrize(
    ("environment", "root", "taken"),
    [
        ({}, ROOT, None),
        ({"ALL_PROXY": "http://all.example"}, ROOT, "http://all.example"),
        ({"ALL_PROXY": "http://all.example", "HTTPS_PROXY": "http://own.example"}, ROOT, "http://own.example"),
        ({"HTTP_PROXY": "http://own.example"}, ROOT, None),
        ({"HTTPS_PROXY": "http://own.example", "NO_PROXY": ".invalid"}, ROOT, None),
        ({"HTTPS_PROXY": "://", "NO_PROXY": "*"}, ROOT, None),
        ({"HTTPS_PROXY": "://", "HTTP_PROXY": "://", "ALL_PROXY": "://"}, "http://127.0.0.1:8080", None),
        ({"HTTPS_PROXY": "://", "ALL_PROXY": "://"}, "https://[::1]", None),
        ({"HTTPS_PROXY": "://", "ALL_PROXY": "://"}, "https://localhost:1", None),
    ],
)
def test_which_proxy_is_taken(
    environment: dict[str, str], root: str, taken: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each, value in environment.items():
        monkeypatch.setenv(each, value)
    found = proxy_for(root)
    assert (None if found is None else str(found)) == taken


@define
class Tunnel:
    """A proxy that is asked to CONNECT, before one server that answers every request with its health."""

    proxy_tls: ssl.SSLContext | None
    server_tls: ssl.SSLContext
    heads: list[bytes] = field(factory=list)
    asked: list[bytes] = field(factory=list)
    _server_port: int = 0
    _writers: list[asyncio.StreamWriter] = field(factory=list)
    _tasks: list[asyncio.Task[None]] = field(factory=list)

    async def play(self, story: Callable[[int], object]) -> None:
        """Run *story* in a thread, with the port of the proxy."""
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0, ssl=self.server_tls)
        proxy = await asyncio.start_server(self._connect, "127.0.0.1", 0, ssl=self.proxy_tls)
        async with server, proxy:
            self._server_port = server.sockets[0].getsockname()[1]
            await asyncio.to_thread(story, proxy.sockets[0].getsockname()[1])
            for writer in self._writers:
                with suppress(AttributeError):  # of a TLS transport that has ended, on CPython 3.11.2
                    writer.transport.abort()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _keep(self, *writers: asyncio.StreamWriter) -> None:
        self._writers.extend(writers)
        self._tasks.append(asyncio.current_task())

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._keep(writer)
        with suppress(asyncio.IncompleteReadError):
            while True:
                self.asked.append(await reader.readuntil(b"\r\n\r\n"))
                body = b'{"version": "' + b"7" * 300_000 + b'"}'
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                await writer.drain()
        writer.close()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heads.append(await reader.readuntil(b"\r\n\r\n"))
        onward, back = await asyncio.open_connection("127.0.0.1", self._server_port)
        self._keep(writer, back)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_pump(reader, back), _pump(onward, writer))


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await source.read(2**16):
            sink.write(chunk)
            await sink.drain()
    sink.close()


async def twice(service: LightroomService) -> None:
    await service.health()
    await service.health()


@needs_openssl
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_service_is_reached_through_a_proxy_that_is_told_its_name_and_password_alone(
    scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = certificate(tmp_path, name=f"DNS:{HOST},IP:127.0.0.1", days=30)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    tunnel = Tunnel(proxy_tls=context if scheme == "https" else None, server_tls=context)

    def story(port: int) -> None:
        monkeypatch.setenv("HTTPS_PROXY", f"{scheme}://m%40e:w%C3%B6rd%2f%E2%82%AC@127.0.0.1:{port}")
        Stage(lambda _: None, endpoint=ROOT).play(twice)

    asyncio.run(tunnel.play(story))
    (head,) = tunnel.heads
    assert head.startswith(b"CONNECT lightroom.invalid:443 HTTP/1.1\r\n")
    (told,) = [line for line in head.split(b"\r\n") if line.lower().startswith(b"proxy-authorization: basic ")]
    assert b64decode(told.split()[-1]).decode() == "m@e:wörd/€"
    assert len(tunnel.asked) == 2
    assert not any(b"authorization" in each.lower() for each in tunnel.asked)


@needs_openssl
def test_a_proxy_whose_certificate_nobody_vouches_for_is_not_spoken_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = certificate(tmp_path, name="IP:127.0.0.1", days=30)
    tunnel = Tunnel(proxy_tls=context, server_tls=context)
    stage = Stage(lambda _: None, endpoint=ROOT)

    def story(port: int) -> None:
        monkeypatch.setenv("HTTPS_PROXY", f"https://me:s3cret@127.0.0.1:{port}")
        with pytest.raises(Failure) as failed:
            stage.play(twice)
        (told,) = failed.value.diagnostics
        assert (told.code, "s3cret" in f"{told}") == ("LRP801", False)
        assert "SSL_CERT_FILE" in told.hint

    asyncio.run(tunnel.play(story))
    assert (tunnel.heads, tunnel.asked) == ([], [])

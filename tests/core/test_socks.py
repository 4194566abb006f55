"""Requests through a SOCKS proxy that asks for a login."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from pinecone_core.operation import Operation


class SocksServer:
    """Speaks just enough of SOCKS 5; who asked for what is in `seen`."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, str, int]] = []
        self.links: list[socket.socket] = []
        self.threads: list[threading.Thread] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.spawn(self.accept)

    def spawn(self, work: Any, *args: Any) -> None:
        self.threads.append(threading.Thread(target=work, args=args, daemon=True))
        self.threads[-1].start()

    def accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                link, _ = self.listener.accept()
                self.links.append(link)
                self.spawn(self.serve, link)

    def serve(self, link: socket.socket) -> None:
        with link.makefile("rb") as reader:
            _, count = reader.read(2)
            assert 2 in reader.read(count), "a login is offered"
            link.sendall(b"\x05\x02")
            reader.read(1)
            name = reader.read(reader.read(1)[0]).decode()
            password = reader.read(reader.read(1)[0]).decode()
            link.sendall(b"\x01\x00")
            kind = reader.read(4)[3]
            address = reader.read(reader.read(1)[0]) if kind == 3 else reader.read(4)
            host = address.decode() if kind == 3 else socket.inet_ntoa(address)
            port = int.from_bytes(reader.read(2), "big")
        self.seen.append((name, password, host, port))
        far = socket.create_connection((host, port))
        self.links.append(far)
        link.sendall(b"\x05\x00\x00\x01" + bytes(6))
        self.spawn(pump, far, link)
        pump(link, far)

    def stop(self) -> None:
        for end in (self.listener, *self.links):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(5)
        for end in (self.listener, *self.links):
            end.close()


def pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def socks() -> Iterator[SocksServer]:
    running = SocksServer()
    yield running
    running.stop()


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
def test_a_request_through_a_socks_proxy(side: Any, server: Any, socks: SocksServer, scheme: str) -> None:
    async def scenario() -> Any:
        address = f"{scheme}://us%3Aer:pw@127.0.0.1:{socks.port}"
        executor = side.executor(server.origin, config={"proxy_url": address})
        for _ in range(2):
            found = await executor.send(Operation("make", "POST", "/ok", dict, {"a": 1}))
        await executor.aclose()
        return found

    assert side.run(scenario) == {"ok": True}
    assert socks.seen == [("us:er", "pw", "127.0.0.1", server.port)], "one connection for both"
    assert [seen.body for seen in server.seen] == [b'{"a":1}'] * 2
